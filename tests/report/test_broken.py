"""Whatever cannot be made or read is one sentence, and the rest is shown.

Each step in turn is made to raise; a record comes from a newer program, or half of one
is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import workshop
from tests.helpers import SHIPPED, Page, Tiny
from tests.spread import run_here
from workshop.cli import main
from workshop.data.catalog import find_target
from workshop.errors import InputError
from workshop.report import NAMES, one
from workshop.report.folder import PARTIAL
from workshop.steps.whole import AGENDA, Whole

STEPS = {step.id: step for step in (*AGENDA.values(), Whole)}


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Result]:
    """Make the report of a tiny scenario in this process, by the command."""
    monkeypatch.setattr(one, "execute", run_here)
    folder = Tiny(tmp_path / "tiny").write()
    return lambda: run("report", folder, "-o", tmp_path / "out")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def names_in(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()}


# --- one step raises -----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", STEPS)
def test_the_page_shows_the_others_and_says_what_failed_and_why(
    tmp_path, report, monkeypatch, name
):
    def broken(self):
        raise ZeroDivisionError("a <b>fault</b> of ours")

    monkeypatch.setattr(STEPS[name], "_recap", broken)
    done = report()
    out = tmp_path / "out"
    assert done.exit_code == 3
    assert names_in(out) == set(PARTIAL)
    told = [line for line in done.stderr.splitlines() if line.startswith("workshop:")]
    assert len(told) == 1
    assert "a <b>fault</b> of ours" in told[0]
    assert "report.partial.html" in told[0]
    twin = json.loads((out / PARTIAL[1]).read_text("utf-8"))
    assert [f["section"] for f in twin["failed"]] == [name]
    assert "a <b>fault</b> of ours" in twin["failed"][0]["why"]
    page = Page((out / PARTIAL[0]).read_text("utf-8"))
    assert "This page is not whole" in page.text
    assert "a <b>fault</b> of ours" in page.text
    ids = {given.get("id") for tag, given in page.elements if tag == "section"}
    assert ids >= set(STEPS)
    for other in set(AGENDA) - {name}:
        assert twin["sections"][other]["status"] != "failed"


@pytest.mark.parametrize("name", ["glossary", "since"])
def test_a_part_that_raises_leaves_what_was_finished(
    tmp_path, report, monkeypatch, name
):
    def broken(self):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Whole, name, broken)
    done = report()
    assert done.exit_code == 3
    assert "a fault of ours" in done.stderr
    assert "Traceback" not in done.stderr
    assert names_in(tmp_path / "out") == set(PARTIAL)
    twin = json.loads((tmp_path / "out" / PARTIAL[1]).read_text("utf-8"))
    assert set(AGENDA) <= set(twin["sections"])
    assert twin["failed"]


@pytest.mark.slow
def test_a_report_that_is_whole_again_takes_the_other_away(
    tmp_path, report, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(Whole, "_recap", lambda self: 1 / 0)
        assert report().exit_code == 3
    assert report().exit_code == 0
    assert names_in(tmp_path / "out") == set(NAMES)


# --- records and scenarios that this program cannot read -----------------------------


def of_the_example() -> str:
    return find_target(SHIPPED).file.path.read_text("utf-8")


def each_way(record: Path) -> Iterator[str]:
    """Open a record in every way there is; yield what each says."""
    for command in (("report", "-o", record.parent / "out"), ("status",)):
        done = run(command[0], record, *command[1:])
        assert done.exit_code == 2, done.output
        assert done.stdout == ""
        told = done.stderr.splitlines()
        assert len(told) == 1, told
        yield told[0]
    for number in ("03", "report"):
        with pytest.raises(InputError) as refused:
            workshop.open_step(number, record=str(record), interactive=False)
        assert "\n" not in str(refused.value)
        yield str(refused.value)
    assert not (record.parent / "out").exists()


def test_a_record_newer_than_the_program_is_one_sentence(tmp_path):
    record = tmp_path / "record.yaml"
    record.write_text(of_the_example().replace("format: 1", "format: 2", 1), "utf-8")
    for told in each_way(record):
        assert "newer Common Ground (format 2" in told
        assert "record.yaml" in told
        assert "update" in told


@pytest.mark.parametrize("share", [0.03, 0.2, 0.37, 0.5, 0.81])
def test_a_record_cut_short_is_one_sentence_or_what_is_left_of_it(tmp_path, share):
    """Where the cut falls between two lines, what is left may be a record."""
    text = of_the_example()
    cut = text[: int(len(text) * share)].rsplit("\n", 1)[0] + '\n  because: "half a sen'
    record = tmp_path / "record.yaml"
    record.write_text(cut, "utf-8")
    for told in each_way(record):
        assert "record.yaml, line" in told


def test_a_scenario_with_a_key_of_a_newer_program_is_one_sentence(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    tiny.scenario["format"] = 2
    done = run("report", tiny.write(), "-o", tmp_path / "out")
    assert done.exit_code == 2
    told = done.stderr.splitlines()
    assert len(told) == 1
    assert "scenario.yaml" in told[0]
    assert "format" in told[0]
