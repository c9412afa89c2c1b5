"""Each command does what `--help` says, ends with the code it names, loses nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import workshop
from tests.helpers import HOSTILE, SHIPPED, STEPS, Tiny
from workshop.cli import main
from workshop.data.catalog import find_target, open_target
from workshop.record.choices import Record
from workshop.record.file import RecordFile


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, as somebody does who has just installed it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- help ----------------------------------------------------------------------------

COMMANDS = (
    *("list", "start", "lab", "app", "room", "check", "kit", "report", "status"),
    *("retro", "compare"),
)


def test_help_names_every_command_what_to_type_first_and_the_exit_codes():
    done = run("--help")
    assert done.exit_code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command}\b", done.stdout, re.MULTILINE)
    assert "First time here" in done.stdout
    for words in ("0 done", "1 the gate", "2 the input", "3 the run", "130"):
        assert words in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith("Usage:")
    assert len(done.stdout.splitlines()) > 5


def test_a_mistyped_command_is_offered_the_nearest():
    done = run("reprot", "x")
    assert done.exit_code == 2
    assert "report" in done.stderr


def test_the_version_is_that_of_the_library():
    assert workshop.__version__ in run("--version").stdout


def test_a_keystroke_that_interrupts_is_exit_130(monkeypatch):
    def interrupted(**_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("workshop.commands.list_scenarios", interrupted)
    assert run("list").exit_code == 130


def test_a_fault_of_ours_does_not_look_like_a_gate(monkeypatch):
    def faulty(**_: object) -> str:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("workshop.commands.list_scenarios", faulty)
    done = run("list")
    assert done.exit_code == 3
    assert "unforeseen fault (ZeroDivisionError: by nothing)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["compare", "retro"])
def test_only_a_report_goes_to_an_address(command):
    done = run(command, "x", *(["--data", "y"] * (command == "retro")), "-o", "s3://a")
    assert done.exit_code == 2
    assert "only `workshop report` writes to an address" in done.stderr


DATASETS = Path(__file__).resolve().parents[1] / "datasets"
SCENARIOS = sorted(path.parent.name for path in DATASETS.glob("*/scenario.yaml"))


# --- list ----------------------------------------------------------------------------


def test_list_shows_the_scenarios_at_hand():
    assert {"deposit-calls", "flight-disruptions", SHIPPED} <= set(SCENARIOS)
    done = run("list")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == SCENARIOS
    assert "We need an AI that answers privacy questions." in done.stdout


def test_list_as_json():
    entries = json.loads(run("list", "--json").stdout)
    assert [entry["id"] for entry in entries] == SCENARIOS
    entry = entries[SCENARIOS.index(SHIPPED)]
    assert set(entry) == {"id", "title", "request", "options"}
    assert len(entry["options"]) >= 4


# --- start ---------------------------------------------------------------------------


def test_start_makes_the_record_it_names(here):
    done = run("start", SHIPPED)
    assert done.exit_code == 0
    path = here / "my-workshop" / "record.yaml"
    assert RecordFile(path).read() == Record(scenario=SHIPPED)
    assert "my-workshop/record.yaml" in done.stdout
    assert f"workshop lab {Path('my-workshop/record.yaml')}" in done.stdout


def test_start_never_overwrites_without_force(here):
    run("start", SHIPPED, "-o", "ours.yaml")
    path = here / "ours.yaml"
    path.write_text(f"{path.read_text('utf-8')}# our words\n", "utf-8")
    before = path.read_bytes()
    done = run("start", SHIPPED, "-o", "ours.yaml")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert "ours.yaml" in done.stderr
    assert "--force" in done.stderr
    assert path.read_bytes() == before
    assert run("start", SHIPPED, "-o", "ours.yaml", "--force").exit_code == 0
    assert "# our words" not in path.read_text("utf-8")


@pytest.mark.parametrize("output", ["record.yaml", "deep/er/record.yaml", "../r.yaml"])
def test_a_record_of_ones_own_scenario_finds_it_again(here, output, monkeypatch):
    folder = here / "inside"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Tiny(folder / "letters").write()
    assert run("start", "letters", "-o", output).exit_code == 0
    monkeypatch.chdir(here.parent)
    found = find_target(str(folder / output))
    assert found.scenario.folder == (folder / "letters").resolve()


def test_a_shipped_example_cannot_be_started_over(root):
    example = root / "datasets" / SHIPPED / "example-record.yaml"
    before = files(example.parent)
    for force in ((), ("--force",)):
        done = run("start", SHIPPED, "-o", example, *force)
        assert done.exit_code == 2
        assert "reading only" in done.stderr
    assert files(example.parent) == before


def files(folder):
    """What stands in a folder; compiled leftovers of a build script do not count."""
    return {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise here")
def test_a_reader_who_has_read_enough_is_told_of_no_fault(here):
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "workshop", "list"]
    done = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, text=True)
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, "")


# --- lab's subject -------------------------------------------------------------------


def test_a_kernel_finds_ones_own_scenario_wherever_it_runs(here, monkeypatch):
    """Paths are relative to where the program was started, never to the kernel."""
    Tiny(here / "letters").write()
    kernel = here / "my-workshop" / "notebooks"
    kernel.mkdir(parents=True)
    monkeypatch.setenv("WORKSHOP_HOME", str(here))
    monkeypatch.setenv("WORKSHOP_SCENARIO", "letters")
    monkeypatch.chdir(kernel)
    step = workshop.open_step("00")
    assert step.scenario.id == "letters"
    step.save_framing(counts_as_wrong="first words")
    assert (here / "my-workshop" / "record.yaml").is_file()
    again = workshop.open_step("01")
    assert again.scenario.folder == (here / "letters").resolve()
    assert again.record.framing.counts_as_wrong == "first words"


def test_a_folder_that_is_only_called_like_a_scenario_is_passed_over(here, monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(here))
    (here / "privacy-assistant").mkdir()
    assert open_target("").scenario.id == "privacy-assistant"


def test_a_record_beside_which_one_stands_is_called_as_its_folder(here):
    run("start", SHIPPED, "-o", "record.yaml")
    assert find_target("record.yaml").name == here.name


def test_what_a_notebook_works_on_is_argument_then_environment_then_default(
    here, monkeypatch
):
    run("start", SHIPPED, "-o", "a.yaml")
    run("start", SHIPPED, "-o", "b.yaml")
    monkeypatch.setenv("WORKSHOP_HOME", str(here))
    assert open_target("").file.path == here / "my-workshop" / "record.yaml"
    monkeypatch.setenv("WORKSHOP_RECORD", "b.yaml")
    assert open_target("").file.path == here / "b.yaml"
    assert open_target("a.yaml").file.path == here / "a.yaml"
    assert open_target(SHIPPED).file.read_only


def test_a_step_that_is_none_is_named():
    with pytest.raises(workshop.errors.InputError, match=r"'7'.*00, 01"):
        workshop.open_step("7")


# --- check ---------------------------------------------------------------------------


def test_check_tries_everything_and_says_that_people_may_arrive():
    done = run("check", SHIPPED)
    assert done.exit_code == 0, done.stdout
    assert "stop" not in done.stdout
    for what in ("card", "table", "scored runs", "cases", "notebooks", "kernel"):
        assert what in done.stdout
    for step in STEPS.values():
        assert f"step {step}" in done.stdout


def test_check_as_json_names_what_stands_in_the_way(here):
    tiny = Tiny(here / "tiny")
    tiny.runs["score"] = 1
    done = run("check", tiny.write(), "--json")
    assert done.exit_code == 2
    said = json.loads(done.stdout)
    assert said["ready"] is False
    problems = {tried["what"]: tried["problem"] for tried in said["tried"]}
    assert problems["the card"] == ""
    assert "in every row" in problems["the scored runs"]


# --- status --------------------------------------------------------------------------


def test_status_says_what_is_decided_and_what_is_open():
    done = run("status", SHIPPED, "--as-of", "2026-12-01")
    assert done.exit_code == 0
    assert done.stdout.startswith("done ")
    assert "What is still open" in done.stdout
    still, _, next_time = done.stdout.partition("For the next meeting")
    assert sum(line.startswith("  - ") for line in still.splitlines()) == 5
    assert "whether health apps are in the first release" in next_time


def test_status_as_json_has_a_status_a_step_and_every_gap():
    run("start", SHIPPED, "-o", "r.yaml")
    said = json.loads(run("status", "r.yaml", "--json").stdout)
    assert set(said["sections"]) == set(STEPS.values())
    for section in said["sections"].values():
        assert section["status"] in ("ok", "undecided", "cannot_tell")
        assert section["headline"]
    codes = [gap["code"] for gap in said["gaps"]]
    assert {"no_participants", "no_outcome", "no_threshold"} <= set(codes)
    assert all(set(gap) == {"kind", "code", "where", "says"} for gap in said["gaps"])


@pytest.mark.slow
def test_status_of_another_day_finds_what_is_overdue():
    def stale(day: str) -> list[str]:
        said = json.loads(run("status", SHIPPED, "--json", "--as-of", day).stdout)
        return [g["code"] for g in said["gaps"] if g["kind"] == "stale"]

    assert stale("2026-12-01") == []
    assert "retrospective_overdue" in stale("2028-01-01")
    assert os.environ.get("WORKSHOP_AS_OF") is None


@pytest.mark.slow
def test_status_says_what_moved_since_it_was_signed(here, root):
    example = root / "datasets" / SHIPPED / "example-record.yaml"
    text = example.read_text("utf-8").replace("at_most: 0.3\n", "at_most: 0.25\n", 1)
    (here / "r.yaml").write_text(text, "utf-8")
    done = run("status", "r.yaml", "--as-of", "2026-12-01")
    assert "the signature is out of date" in done.stdout
    for word in ("sha256", "digest", "revision", "Traceback"):
        assert word not in done.stdout


def test_what_a_person_wrote_is_printed_as_it_is(here):
    tiny = Tiny(here / "tiny")
    tiny.record = {
        "format": 1,
        "scenario": "tiny",
        "revision": 0,
        "agreement": {"actions": [{"what": HOSTILE, "who": "x", "by": "2020-01"}]},
    }
    done = run("status", tiny.write() / "record.yaml")
    assert done.exit_code == 0
    assert HOSTILE in done.stdout


# --- instant -------------------------------------------------------------------------

HEAVY = {"numpy", "pandas", "matplotlib", "sklearn", "ibis", "papermill", "scipy"}


@pytest.mark.parametrize("module", ["workshop", "workshop.cli"])
def test_the_door_opens_without_anything_heavy(module):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, {module}; print(*({HEAVY!r} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []


# --- make ----------------------------------------------------------------------------


def test_make_says_what_each_target_is_for(root):
    makefile = (root / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):(.*)$", makefile, re.MULTILINE)
    assert {"report", "lab", "test"} <= {name for name, _ in targets}
    assert [name for name, rest in targets if "## " not in rest] == []
