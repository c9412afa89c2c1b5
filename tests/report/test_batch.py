"""Many reports in one go: each in its folder, none lost by another's failure."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import SHIPPED, THAT_DAY, Tiny
from workshop.data.catalog import find_target
from workshop.errors import InputError, RunError
from workshop.report import batch as room
from workshop.report import resuming
from workshop.report.batch import Batch, folder_names, time_left, write_reports
from workshop.report.one import Written

NUMBER = {"id": "error.all", "unit": "share", "value": 0.3, "lo": 0.2, "hi": 0.4}


def twin_of(name: str, gaps: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return as much of a report's twin as the list reads."""
    return {
        "verdict": "cannot_tell",
        "rule": "Too few rows.",
        "headline": f"About 3 of 10 in {name}.",
        "as_of": THAT_DAY.isoformat(),
        "sections": {"overview": {"numbers": [NUMBER]}},
        "findings": [],
        "clauses": [],
        "gaps": [{"says": gap} for gap in gaps],
    }


class Runs:
    """Stands for the runs of the notebooks: notes them, and fails where it is told."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.fails: dict[str, BaseException] = {}
        self.gaps: tuple[str, ...] = ()
        self.at_once = self.most_at_once = 0
        self.environment: dict[str, str] = {}
        self._lock = threading.Lock()

    def write_report(self, target, out: Path, *, as_of, kernel=None) -> Written:
        name = out.name
        with self._lock:
            self.made.append(name)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.environment = dict(os.environ)
        time.sleep(0.02)
        with self._lock:
            self.at_once -= 1
        if name in self.fails:
            raise self.fails[name]
        out.mkdir(exist_ok=True)
        twin = json.dumps(twin_of(name, self.gaps))
        (out / "report.json").write_text(twin, "utf-8")
        (out / "report.html").write_text(f"the page of {name}", "utf-8")
        return Written(out / "report.html", "headline", "cannot_tell")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Run no kernel; and whoever works on the program meanwhile changes nothing."""
    monkeypatch.setattr(resuming, "in_checkout", lambda: False)
    fake = Runs()
    monkeypatch.setattr(room, "write_report", fake.write_report)
    monkeypatch.setattr(room, "CAN_FORK", False)
    monkeypatch.setattr(room, "CAN_WAIT", False)
    return fake


@pytest.fixture
def tinies(tmp_path: Path) -> list[str]:
    return [str(Tiny(tmp_path / name).write()) for name in ("c", "a", "b")]


def write(targets, out: Path, **given: Any) -> tuple[Batch, list[str]]:
    """Write reports; return what became of them, and what was told."""
    told: list[str] = []
    known = {"jobs": 2, "as_of": THAT_DAY, "progress": told.append}
    return write_reports(targets, out, **(known | given)), told


def outcomes(done: Batch) -> dict[str, str]:
    return {entry.name: entry.state for entry in done.entries}


def test_each_target_gets_a_folder_and_a_line_in_the_list(runs, tinies, tmp_path):
    out = tmp_path / "out"
    done, told = write(tinies, out)
    assert outcomes(done) == {"c": "written", "a": "written", "b": "written"}
    assert [entry.name for entry in done.entries] == ["c", "a", "b"], "as asked for"
    assert done.exit_code == 0
    assert done.index == out / "index.html"
    listed = json.loads((out / "index.json").read_text("utf-8"))["reports"]
    assert [report["page"] for report in listed] == [
        f"{name}/report.html" for name in ("c", "a", "b")
    ]
    assert len(told) == 3
    assert told[-1].startswith("3 of 3 · ")
    assert "Cannot tell" in told[-1]


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_more_run_at_once_than_asked_for(runs, tinies, tmp_path, jobs):
    write(tinies, tmp_path / "out", jobs=jobs)
    assert runs.most_at_once <= jobs


def test_jobs_are_a_count(runs, tinies, tmp_path):
    with pytest.raises(InputError, match="1 or more"):
        write(tinies, tmp_path / "out", jobs=0)


def test_every_kernel_is_held_to_one_thread_and_nothing_stays_set(
    runs, tinies, tmp_path, monkeypatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    before = dict(os.environ)
    write(tinies, tmp_path / "out")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "WORKSHOP_THREADS"):
        assert runs.environment[name] == "1"
    assert runs.environment["WORKSHOP_AS_OF"] == THAT_DAY.isoformat()
    assert dict(os.environ) == before


# --- failures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("runs.csv: no column 'score'; name it."), 2),
        (RunError("the kernel died."), 3),
        (ZeroDivisionError("a bug of ours"), 3),
    ],
)
def test_one_that_fails_is_told_and_the_others_are_finished(
    runs, tinies, tmp_path, error, code
):
    runs.fails["a"] = error
    done, told = write(tinies, tmp_path / "out")
    assert outcomes(done) == {"c": "written", "a": "failed", "b": "written"}
    assert done.exit_code == code
    lines = [line for line in told if str(error) in line]
    assert len(lines) == 1
    assert "\n" not in lines[0]
    listed = json.loads((tmp_path / "out" / "index.json").read_text("utf-8"))
    assert listed["reports"][0]["name"] == "a", "it needs attention first"


def test_a_target_that_is_none_is_told_and_listed(runs, tinies, tmp_path):
    done, told = write([*tinies, "nosuch"], tmp_path / "out")
    assert outcomes(done)["nosuch"] == "failed"
    assert sum("nosuch" in line for line in told) == 1
    assert done.exit_code == 2
    assert sorted(runs.made) == ["a", "b", "c"]


def test_a_gate_that_is_not_met_is_an_exit_code_of_one(runs, tinies, tmp_path):
    runs.gaps = ("Nobody has signed.",)
    done, _ = write(tinies, tmp_path / "out", gates=("gap",))
    assert done.exit_code == 1
    assert done.entries[0].stops["gap"] == runs.gaps
    kept_ones, _ = write(tinies, tmp_path / "out", gates=("gap",))
    assert set(outcomes(kept_ones).values()) == {"kept"}
    assert kept_ones.exit_code == 1, "one that is kept is held against the gate too"
    assert write(tinies, tmp_path / "out", gates=("broken",))[0].exit_code == 0


# --- names ---------------------------------------------------------------------------


def records(folder: Path, *places: str) -> list[str]:
    """Write a record for the shipped scenario in each place."""
    for place in places:
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"format: 1\nscenario: {SHIPPED}\n", "utf-8")
    return [str(folder / place) for place in places]


def test_two_of_one_name_are_told_apart_by_where_they_lie(runs, tmp_path):
    given = records(tmp_path, "x/june.yaml", "y/june.yaml", "z/july.yaml")
    done, _ = write(given, tmp_path / "out")
    assert list(outcomes(done)) == ["x-june", "y-june", "july"]


def test_case_alone_does_not_tell_two_folders_apart(tmp_path):
    given = records(tmp_path, "x/June.yaml", "y/june.yaml")
    names = folder_names({one: find_target(one) for one in given})
    assert list(names.values()) == ["x-June", "y-june"]


def test_those_of_one_folder_are_numbered(tmp_path):
    given = records(tmp_path, "x/june.yaml", "x/june.yml", "y/june.yaml")
    names = folder_names({one: find_target(one) for one in given})
    assert list(names.values()) == ["june-1", "june-2", "y-june"]


@pytest.mark.parametrize("name", ["index.html", "Index.JSON", "batch.json"])
def test_no_report_takes_the_place_of_the_list(runs, tmp_path, name):
    done, _ = write(records(tmp_path, f"x/{name}.yaml"), tmp_path / "out")
    assert list(outcomes(done)) == [f"x-{name}"]


def test_a_record_that_is_named_twice_is_reported_once(runs, tmp_path):
    (given,) = records(tmp_path, "x/june.yaml")
    again = str(tmp_path / "x" / ".." / "x" / "june.yaml")
    done, told = write([given, given, again], tmp_path / "out")
    assert runs.made == ["june"]
    assert len(done.entries) == 1
    assert sum("reported once" in line for line in told) == 1


# --- once more -----------------------------------------------------------------------


def again(runs: Runs, targets, out: Path, **given: Any) -> list[str]:
    """Run again; return the folders that were made anew."""
    runs.made.clear()
    write(targets, out, **given)
    return sorted(runs.made)


def test_what_was_made_from_the_same_is_kept(runs, tinies, tmp_path):
    out = tmp_path / "out"
    write(tinies[:2], out)
    listed = (out / "index.json").read_bytes()
    assert again(runs, tinies[:2], out) == []
    assert (out / "index.json").read_bytes() == listed
    assert again(runs, tinies, out) == ["b"], "only what is new"


def test_what_was_kept_is_printed_where_it_was_not(runs, tinies, tmp_path):
    out, printed = tmp_path / "out", []
    write(tinies[:2], out)
    (out / "c" / "report.pdf").touch()
    assert again(runs, tinies[:2], out, finish=printed.append) == []
    assert printed == [out / "a" / "report.html"]


def test_a_run_without_any_section_is_a_failure(runs, tinies, tmp_path, monkeypatch):
    page = tmp_path / "report.partial.html"
    nothing = Written(page, "", "cannot_tell", why="no sections")
    monkeypatch.setattr(room, "write_report", lambda *_, **__: nothing)
    done, _ = write(tinies[:1], tmp_path / "out")
    assert done.exit_code == 3


def test_what_changed_is_made_again(runs, tinies, tmp_path):
    out, of_a = tmp_path / "out", tmp_path / "a"
    write(tinies, out)
    with (of_a / "scenario.yaml").open("a") as file:
        file.write("\n# a remark\n")
    assert again(runs, tinies, out) == ["a"]
    with (of_a / "data.csv").open("a") as file:
        file.write("r99,more words,shop 3\n")
    assert again(runs, tinies, out) == ["a"]
    (out / "a" / "report.html").write_text("half a pa", "utf-8")
    assert again(runs, tinies, out) == ["a"]
    (out / "a" / "report.json").unlink()
    assert again(runs, tinies, out) == ["a"]
    tomorrow = THAT_DAY + timedelta(days=1)
    assert again(runs, tinies, out, as_of=tomorrow) == ["a", "b", "c"]


def test_another_record_or_program_makes_a_report_anew(runs, tmp_path, monkeypatch):
    out = tmp_path / "out"
    given = records(tmp_path, "x/june.yaml", "x/july.yaml")
    write(given, out)
    with Path(given[0]).open("a") as file:
        file.write("# said later\n")
    assert again(runs, given, out) == ["june"]
    monkeypatch.setattr(resuming, "version", lambda name: "99")
    assert again(runs, given, out) == ["july", "june"]


def test_what_failed_is_tried_again(runs, tinies, tmp_path):
    out = tmp_path / "out"
    runs.fails["a"] = RunError("the kernel died.")
    write(tinies, out)
    runs.fails.clear()
    assert again(runs, tinies, out) == ["a"]


def test_rows_on_an_engine_may_have_changed_so_nothing_is_kept(tmp_path):
    tiny = Tiny(tmp_path / "a")
    target = find_target(str(tiny.write()))
    assert resuming.key_of(target, THAT_DAY)
    away = target.scenario.model_copy(update={"data": "postgres://host/base"})
    object.__setattr__(target, "scenario", away)
    assert resuming.key_of(target, THAT_DAY) == ""


@pytest.mark.parametrize("damaged", ["", "[]", '{"schema": "x"}', '{"made": 3', "null"])
def test_a_damaged_memory_only_costs_time(runs, tinies, tmp_path, damaged):
    out = tmp_path / "out"
    write(tinies, out)
    (out / "batch.json").write_text(damaged, "utf-8")
    assert again(runs, tinies, out) == ["a", "b", "c"]
    assert again(runs, tinies, out) == []


def test_a_run_that_is_stopped_leaves_a_list_that_says_what_is_missing(
    runs, tinies, tmp_path
):
    out, told = tmp_path / "out", []

    def interrupt(line: str) -> None:
        told.append(line)
        if line.startswith("1 of 3"):
            raise KeyboardInterrupt

    done, _ = write(tinies, out, jobs=1, progress=interrupt)
    assert done.interrupted
    assert done.exit_code == 130
    assert outcomes(done) == {"c": "written", "a": "waiting", "b": "waiting"}
    assert "1 of 3 are finished" in told[-1]
    listed = json.loads((out / "index.json").read_text("utf-8"))["reports"]
    assert [report["state"] for report in listed] == ["waiting", "waiting", "made"]
    assert again(runs, tinies, out) == ["a", "b"]


@pytest.mark.parametrize(
    ("spent", "done", "all_", "said"),
    [
        (10, 1, 5, "about 40 s left"),
        (0.1, 1, 2, "about 1 s left"),
        (100, 2, 8, "about 5 min left"),
        (10, 5, 5, "all done"),
    ],
)
def test_the_time_left_follows_from_what_was_spent(spent, done, all_, said):
    assert time_left(spent, done, all_) == said


# --- with kernels --------------------------------------------------------------------

RUN = """
import sys
from datetime import date
from pathlib import Path
from workshop.report.batch import write_reports

done = write_reports(
    sys.argv[2:], Path(sys.argv[1]), jobs=2, as_of=date(2026, 12, 1),
    progress=lambda line: print(line, flush=True),
)
sys.exit(done.exit_code)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupted_run_ends_its_kernels_and_the_next_one_goes_on(tinies, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-c", RUN, str(out), *tinies]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        first = run.stdout.readline()
        assert "1 of 3" in first
        run.send_signal(signal.SIGINT)
        rest = run.stdout.read()
        assert run.wait(60) in (0, 130)
    if run.returncode == 130:
        assert "the same command goes on" in rest
    files = {path.name for folder in out.iterdir() if folder.is_dir()
             for path in folder.iterdir() if not path.name.startswith(".")}  # fmt: skip
    assert files <= {"report.html", "report.json", "executed.ipynb"}, "none is partial"
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "were made before" in again.stdout
    twins = [json.loads((out / n / "report.json").read_text("utf-8")) for n in "abc"]
    assert {date.fromisoformat(twin["as_of"]) for twin in twins} == {THAT_DAY}
