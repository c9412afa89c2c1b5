"""The workshop opens on a copy, and what a reader has changed is never overwritten."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from jupyter_core.paths import jupyter_path
from nbclient import NotebookClient

from tests.helpers import SHIPPED, Tiny
from workshop import lab
from workshop.cli import main
from workshop.data.catalog import find_target, open_target, shipped
from workshop.errors import InputError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def folder(here: Path) -> Path:
    return lab.copy_notebooks(here / "my-workshop" / "notebooks")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.ipynb")}


def edit(path: Path, text: str) -> bytes:
    """Change a cell, as a reader does."""
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][0]["source"] = [text]
    path.write_text(json.dumps(notebook), "utf-8")
    return path.read_bytes()


def said(path: Path) -> list[str]:
    """Return what the cells of a notebook hold, without what they showed."""
    return ["".join(c["source"]) for c in json.loads(path.read_text("utf-8"))["cells"]]


def test_all_notebooks_are_copied_word_by_word(folder):
    assert names(folder) == names(shipped("notebooks"))
    for path in folder.glob("*.ipynb"):
        assert said(path) == said(shipped("notebooks") / path.name)


def test_a_copy_tells_nothing_of_how_the_example_ended(folder):
    for path in folder.glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        assert not any(cell.get("outputs") for cell in cells)


def test_a_copy_that_was_only_run_is_kept(folder):
    path = folder / lab.FIRST
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][-1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["what was seen"]}
    ]
    path.write_text(json.dumps(notebook), "utf-8")
    before = path.read_bytes()
    lab.copy_notebooks(folder)
    assert path.read_bytes() == before
    assert names(folder) == names(shipped("notebooks"))


def test_an_edited_copy_is_kept_under_another_name(folder):
    first = edit(folder / lab.FIRST, "my own words")
    lab.copy_notebooks(folder)
    second = edit(folder / lab.FIRST, "other words")
    lab.copy_notebooks(folder)
    assert said(folder / lab.FIRST) == said(shipped("notebooks") / lab.FIRST)
    assert (folder / "00_start (yours 1).ipynb").read_bytes() == first
    assert (folder / "00_start (yours 2).ipynb").read_bytes() == second


@pytest.mark.parametrize("content", [b'{"cells": [', b"\xff\xfe\x00", b"[]", b"{}"])
def test_a_copy_that_cannot_be_read_is_kept_aside_too(folder, content):
    (folder / lab.FIRST).write_bytes(content)
    lab.copy_notebooks(folder)
    assert (folder / "00_start (yours 1).ipynb").read_bytes() == content


def test_a_file_in_the_folders_place_is_named(here):
    (here / "my-workshop").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="my-workshop"):
        lab.copy_notebooks(here / "my-workshop" / "notebooks")
    assert (here / "my-workshop").read_text("utf-8") == "mine"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What JupyterLab would be started with."""
    seen: dict = {}

    def serve(command: list[str], environment: dict[str, str]) -> int:
        seen.update(command=command, environment=environment)
        return 7

    monkeypatch.setattr(lab, "_serve", serve)
    return seen


def test_lab_opens_the_first_notebook_on_this_machine_only(here, served):
    assert lab.run_lab("", open_browser=False, port=9999) == 7
    command = " ".join(served["command"])
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--ServerApp.port=9999" in command
    assert "--ServerApp.open_browser=False" in command
    assert command.count("notebooks/00_start.ipynb") == 1
    assert served["environment"]["WORKSHOP_HOME"] == str(here)
    assert (here / "my-workshop" / "notebooks" / lab.FIRST).is_file()
    assert not (here / "my-workshop" / "record.yaml").exists()


def test_a_record_or_a_scenario_is_what_the_notebooks_work_on(here, served):
    Tiny(here / "tiny").write()
    lab.run_lab(SHIPPED, open_browser=False, port=1)
    assert served["environment"]["WORKSHOP_SCENARIO"] == SHIPPED
    assert "WORKSHOP_RECORD" not in served["environment"]
    lab.run_lab("tiny", open_browser=False, port=1)
    assert served["environment"]["WORKSHOP_SCENARIO"] == "tiny"
    (here / "r.yaml").write_text(f"format: 1\nscenario: {SHIPPED}\nrevision: 0\n")
    lab.run_lab("r.yaml", open_browser=False, port=1)
    assert served["environment"]["WORKSHOP_RECORD"] == "r.yaml"


def test_a_name_of_nothing_opens_nothing(here, served):
    with pytest.raises(InputError, match="nowhere"):
        lab.run_lab("nowhere", open_browser=False, port=1)
    assert served == {}


def test_the_rehearsal_goes_on_after_a_problem(here):
    tiny = Tiny(here / "tiny")
    tiny.scenario["cases"] = ["r99"]
    tried = dict(lab.rehearse(find_target(str(tiny.write()))))
    assert "r99" in tried["the cases to show"]
    assert tried["the notebooks"] == ""
    assert tried["step agreement"] == ""


# --- another editor ------------------------------------------------------------------


def test_the_copies_are_all_that_another_editor_needs(here):
    done = CliRunner().invoke(main, ["lab", "--copy"])
    assert done.exit_code == 0, done.output
    assert sys.executable in done.stdout
    assert str(lab.COPIES) in done.stdout
    assert names(here / lab.COPIES) == names(shipped("notebooks"))
    assert done.stdout.count("\n") == 1


def test_a_record_is_written_out_for_the_first_cell(here):
    (here / "Büro.yaml").write_text(f"format: 1\nscenario: {SHIPPED}\nrevision: 0\n")
    done = CliRunner().invoke(main, ["lab", "--copy", "Büro.yaml"])
    assert 'write: record = "Büro.yaml"' in done.stdout
    assert CliRunner().invoke(main, ["lab", "--copy", "nowhere"]).exit_code == 2


def test_an_editor_that_runs_a_copy_where_it_lies_has_the_same_record(
    folder, here, monkeypatch
):
    monkeypatch.chdir(folder)
    assert open_target().file.path == here / "my-workshop" / "record.yaml"
    (here / "june.yaml").write_text(f"format: 1\nscenario: {SHIPPED}\nrevision: 0\n")
    assert open_target("june.yaml").file.path == here / "june.yaml"
    monkeypatch.setenv("WORKSHOP_HOME", str(here / "elsewhere"))
    assert open_target().file.path.parts[-3] == "elsewhere"


def test_an_editor_in_a_checkout_keeps_the_record_out_of_the_notebooks(
    root, monkeypatch
):
    monkeypatch.chdir(root / "notebooks")
    assert open_target().file.path == root / "my-workshop" / "record.yaml"


EVERYWHERE = {
    "@jupyter-widgets/base",
    "@jupyter-widgets/controls",
    "@jupyter-widgets/output",
    "anywidget",
}
"""What JupyterLab, VS Code and Voilà show with ipywidgets and anywidget alone."""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["00_start", "01_framing", "03_threshold"])
def test_a_notebook_runs_beside_its_file_with_widgets_that_every_editor_has(
    folder, name
):
    """As VS Code does it: the kernel called python3, in the notebook's own folder."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    there = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, resources=there, timeout=300).execute()
    kept = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]
    used = {widget["model_module"] for widget in kept["state"].values()}
    assert used
    assert used <= EVERYWHERE
    said = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert [o.text for o in said if o.get("name") == "stderr"] == []


def test_anywidget_lies_where_an_editor_looks_before_it_asks_a_network():
    """VS Code reads a widget's script from here; its own it brings along."""
    places = [Path(p) / "nbextensions" for p in jupyter_path()]
    assert any((place / "anywidget" / "index.js").is_file() for place in places)
