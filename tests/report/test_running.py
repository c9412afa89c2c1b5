"""papermill is the runner: with our command or by itself, the numbers are the same."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from click.testing import CliRunner

from tests.helpers import SHIPPED, STEPS, THAT_DAY, Tiny, report_of_the_example
from workshop.cli import main
from workshop.data.catalog import find_target, open_target, shipped
from workshop.report import write_report
from workshop.report.running import record_argument
from workshop.views.section import MIME

ELSEWHERE = {
    "PYTHONHASHSEED": "77",
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "OMP_NUM_THREADS": "1",
}
SAME = ("report.html", "report.json")


@pytest.fixture(scope="module")
def twin() -> dict:
    return json.loads((report_of_the_example() / "report.json").read_text("utf-8"))


@pytest.fixture
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())


def python(
    *arguments: str, cwd: Path, root: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, with the library at ``root``."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(root)} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def outputs_of(notebook: nbformat.NotebookNode) -> list[dict]:
    return [
        dict(output.get("data", {}))
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    ]


def sections_of(notebook: nbformat.NotebookNode) -> dict[str, dict]:
    found = [data[MIME] for data in outputs_of(notebook) if MIME in data]
    return {section["id"]: section for section in found}


@pytest.mark.slow
@pytest.mark.parametrize("number", STEPS)
def test_papermill_by_itself_gives_the_numbers_of_the_report(
    tmp_path, twin, that_day, number
):
    """Nobody is there to press a button: no panel is made, though it is the default."""
    notebook = next(shipped("notebooks").glob(f"{number}_*.ipynb"))
    out = tmp_path / "out.ipynb"
    executed = papermill.execute_notebook(
        str(notebook), str(out), {"record": SHIPPED}, progress_bar=False
    )
    name = STEPS[number]
    section = sections_of(executed)[name]
    kept = twin["sections"][name]
    assert {key: section[key] for key in kept} == kept
    assert not [
        kind for data in outputs_of(executed) for kind in data if "widget" in kind
    ]


@pytest.mark.slow
def test_a_record_is_found_from_where_papermill_was_started(tmp_path, that_day, root):
    tiny = Tiny(tmp_path / "tiny")
    tiny.record = {"format": 1, "scenario": "tiny", "revision": 0}
    record = tiny.write() / "record.yaml"
    notebook = shipped("notebooks") / "readiness_report.ipynb"
    asked = [str(notebook), "out.ipynb", "-p", "record", "tiny/record.yaml"]
    done = python("-m", "papermill", *asked, cwd=tmp_path, root=root)
    assert done.returncode == 0, done.stderr
    found = sections_of(nbformat.read(tmp_path / "out.ipynb", as_version=4))
    write_report(find_target(str(record)), tmp_path / "ours", as_of=THAT_DAY)
    twin = json.loads((tmp_path / "ours" / "report.json").read_text("utf-8"))
    assert set(found) == set(twin["sections"])
    for name, kept in twin["sections"].items():
        assert {key: found[name][key] for key in kept} == kept


@pytest.mark.slow
def test_one_step_by_our_command_gives_the_numbers_of_the_report(tmp_path, twin):
    write_report(find_target(SHIPPED), tmp_path, as_of=THAT_DAY, step="03")
    alone = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert alone["sections"] == {"threshold": twin["sections"]["threshold"]}


@pytest.mark.slow
def test_a_run_elsewhere_gives_the_same_page_to_the_byte(tmp_path, root):
    """Another folder, clock, language, order of hashing and number of threads."""
    folder = tmp_path / "another place"
    folder.mkdir()
    asked = ["report", SHIPPED, "-o", "out", "--as-of", THAT_DAY.isoformat()]
    main = "from workshop.cli import main; main()"
    done = python("-c", main, *asked, cwd=folder, root=root, **ELSEWHERE)
    assert done.returncode == 0, done.stderr
    for name in SAME:
        here = (report_of_the_example() / name).read_bytes()
        assert (folder / "out" / name).read_bytes() == here


def run(*arguments: str | Path) -> object:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def test_a_misspelt_parameter_is_refused_before_a_kernel_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(papermill, "execute_notebook", pytest.fail)
    out = tmp_path / "out"
    done = run(SHIPPED, "-o", out, "-p", "interactiv", "False")
    assert done.exit_code == 2
    assert "did you mean interactive?" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not out.exists()


def test_a_copy_of_a_scenario_is_reported_on_its_own_data(tmp_path, root):
    """Its example still names the one that it was copied from."""
    copy = tmp_path / "adapted"
    shutil.copytree(root / "datasets" / SHIPPED, copy)
    told = record_argument(find_target(str(copy)))
    assert open_target(told).scenario.folder == copy


def test_nobody_presses_a_button_in_a_report(tmp_path):
    done = run(SHIPPED, "-o", tmp_path / "out", "-p", "interactive", "True")
    assert done.exit_code == 2
    assert "nobody presses a button" in done.stderr


def test_the_record_is_the_target_and_no_parameter(tmp_path):
    done = run(SHIPPED, "-o", tmp_path / "out", "-p", "record", "other.yaml")
    assert done.exit_code == 2
    assert "name the record as the target" in done.stderr
