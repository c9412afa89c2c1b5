"""`workshop retro` says what became of a promise, keeps it, and can stop a pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from tests.helpers import SHIPPED, Page
from tests.lived import Lived, later_rows, lived
from workshop import report as report_room
from workshop.cli import main
from workshop.record.file import RecordFile
from workshop.report import NAMES, Written

DAY = "2027-02-10"


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lived:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKSHOP_HOME", raising=False)
    return lived(tmp_path)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Note which page would be written, and write none: a kernel takes seconds."""
    written: list[dict[str, Any]] = []

    def note(target, out, **given):
        written.append({"out": out, **given})
        return Written(page=out / "report.html", headline="", verdict="cannot_tell")

    monkeypatch.setattr(report_room, "write_report", note)
    return written


def retro(*arguments: str, record: str = "tiny/record.yaml") -> Result:
    given = ["retro", record, "--data", "later.csv", "--as-of", DAY, *arguments]
    return CliRunner().invoke(main, given)


def held(life: Lived):
    return RecordFile(life.record).read().retrospectives


# --- what it says and keeps ----------------------------------------------------------


def test_it_says_each_promise_what_it_rests_on_and_what_follows(life, pages):
    done = retro()
    assert done.exit_code == 0
    assert done.stdout.startswith("Of two promises one is broken and one cannot be")
    for said in (
        "broken  C1: error among answered at most 30 of 100",
        "In these rows: 80 of 100 (64 to 91; 24 of 30).",
        "You agreed that then letters wait; engineering owns this.",
        "Now the head is asked, within 2 days.",
        "cannot tell yet  C2: coverage at least 45 of 100",
        "more rows would tell, if it stays like this.",
        "error among answered: 20 of 100",
        "This is the first retrospective.",
        "count them: Dana, by 2026-11. That day has passed.",
        "Added to record.yaml.",
        "Report: reports/tiny-retro/report.html",
    ):
        assert said in done.stdout
    assert "Looking at later.csv …" in done.stderr


def test_the_look_joins_the_record_and_its_page_is_that_of_the_step(life, pages):
    retro("-o", "out")
    (kept,) = held(life)
    assert (kept.at, kept.rows) == (DAY, 60)
    assert kept.clauses == {"C1": "broken", "C2": "cannot_tell"}
    (page,) = pages
    assert page["out"] == Path("out")
    assert page["step"] == "06"
    assert page["data"] == "later.csv"
    assert page["as_of"].isoformat() == DAY


def test_the_same_rows_on_the_same_day_are_added_once(life, pages):
    retro()
    before = life.record.read_bytes()
    done = retro()
    assert done.exit_code == 0
    assert "holds this already" in done.stdout
    assert life.record.read_bytes() == before
    assert len(pages) == 2, "the page is written all the same"


def test_other_rows_on_the_same_day_are_another_look(life, pages):
    retro()
    life.later = later_rows(wrong=2)
    life.write()
    assert "Added to record.yaml." in retro().stdout
    assert [one.clauses["C1"] for one in held(life)] == ["broken", "kept"]


def test_nothing_is_added_where_that_was_asked(life, pages):
    before = life.record.read_bytes()
    assert "Nothing was added to the record, as asked." in retro("--no-save").stdout
    assert life.record.read_bytes() == before


def test_month_by_month_takes_one_look_after_the_other(life, pages):
    life.tiny.data["day"] = [f"2026-10-{1 + i % 20:02}" for i in range(40)]
    life.tiny.scenario["time"] = "day"
    life.tiny.card["schema"]["fields"].append({"name": "day", "role": "time"})
    life.tiny.write()
    first = later_rows().assign(day="2026-12-20")
    second = later_rows(wrong=2).assign(
        id=[f"m{i:03}" for i in range(60)], day="2027-01-15"
    )
    life.later = pd.concat([first, second], ignore_index=True)
    life.write()
    done = retro("--each", "month", "--json")
    assert done.exit_code == 0, done.stderr
    looks = json.loads(done.stdout)["looks"]
    assert [look["at"] for look in looks] == ["2026-12-20", "2027-01-15"]
    assert [look["since"] is not None for look in looks] == [False, True]
    assert "2026-12-20 to 2026-12-20: Of two promises one is broken" in done.stderr
    assert [one.at for one in held(life)] == ["2026-12-20", "2027-01-15"]
    whole = retro("--no-save").stdout
    assert "Some of these days were looked at before" in whole
    assert "2027-01-15 to 2027-01-15: C1 " in whole
    before = life.record.read_bytes()
    again = json.loads(retro("--each", "month", "--json").stdout)["looks"]
    assert [look["added"] for look in again] == [False, False]
    assert life.record.read_bytes() == before


# --- for programs --------------------------------------------------------------------


def test_the_json_is_of_one_shape(life, pages):
    said = json.loads(retro("--json").stdout)
    assert set(said) == {
        "schema",
        "scenario",
        "data",
        "page",
        "as_of",
        "broken",
        "looks",
    }
    assert said["schema"] == "common-ground/retro-1"
    assert (said["scenario"], said["data"], said["as_of"]) == ("tiny", "later.csv", DAY)
    assert said["broken"] == ["C1"]
    (look,) = said["looks"]
    assert look["added"] is True
    number = look["clauses"][0]["number"]
    assert (number["k"], number["n"], number["rows"]) == (24, 30, "live")
    assert number["id"]


def test_a_broken_promise_stops_a_pipeline_and_says_why(life, pages):
    done = retro("--fail-on", "broken")
    assert done.exit_code == 1
    (line,) = [li for li in done.stderr.splitlines() if li.startswith("workshop:")]
    assert line == (
        "workshop: Broken: C1: error among answered at most 30 of 100, but it is 80 of "
        "100 (64 to 91; 24 of 30). See reports/tiny-retro/report.html"
    )
    assert "C1" in done.stdout
    assert len(held(life)) == 1, "what stops a pipeline is kept as well"


def test_what_cannot_be_told_stops_nothing(life, pages):
    life.later = later_rows(wrong=8)
    life.write()
    done = retro("--fail-on", "broken")
    assert done.exit_code == 0
    assert "broken" not in done.stdout.splitlines()[0]


def test_a_shipped_example_is_read_only_and_says_how_to_keep(life, pages, tmp_path):
    import workshop

    folder = workshop.open_step("06", SHIPPED, interactive=False).scenario.folder
    example = (folder / "example-record.yaml").read_bytes()
    data = str(folder / "first-month.parquet")
    done = CliRunner().invoke(main, ["retro", SHIPPED, "--data", data, "--as-of", DAY])
    assert done.exit_code == 0, done.stderr
    assert "workshop start privacy-assistant" in done.stdout
    assert (folder / "example-record.yaml").read_bytes() == example


# --- bad input -----------------------------------------------------------------------


def is_one_sentence(done: Result) -> bool:
    said = [li for li in done.stderr.splitlines() if not li.endswith("…")]
    return (
        done.exit_code == 2 and 1 <= len(said) <= 2 and "Traceback" not in done.stderr
    )


def test_a_missing_file_a_missing_record_and_a_bad_day_are_one_sentence(life, pages):
    assert is_one_sentence(retro("--data", "nowhere.parquet"))
    assert is_one_sentence(retro(record="nowhere.yaml"))
    assert is_one_sentence(retro("--as-of", "soon"))
    assert pages == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.drop(columns="id"), "id"),
        (lambda rows: rows.drop(columns="score"), "score"),
        (lambda rows: rows.rename(columns={"good": "Good"}), "good"),
        (lambda rows: rows.assign(good=rows["good"].map({0: "no", 1: "yes"})), "good"),
        (lambda rows: rows[:0], "row"),
        (lambda rows: rows.assign(id="n000"), "n000"),
    ],
)
def test_rows_that_would_give_a_wrong_number_are_refused(life, pages, change, says):
    life.later = change(life.later)
    life.write()
    done = retro()
    assert is_one_sentence(done), done.stderr
    assert "later.csv" in done.stderr
    assert says in done.stderr
    assert held(life) == ()
    assert pages == []


def test_a_file_cut_in_half_is_refused(life, pages):
    life.later.to_parquet("later.parquet")
    whole = Path("later.parquet").read_bytes()
    Path("later.parquet").write_bytes(whole[: len(whole) // 2])
    done = retro("--data", "later.parquet")
    assert is_one_sentence(done)
    assert "later.parquet" in done.stderr


def test_a_record_without_an_agreement_is_told_what_it_lacks(life, pages):
    file = RecordFile(life.record)
    file.save("agreement", None, base=file.read(), who="x", decided="x")
    done = retro("--fail-on", "broken")
    assert done.exit_code == 0
    assert "Nothing was promised that a program can check" in done.stdout


def test_a_record_without_a_threshold_cannot_tell(life, pages):
    file = RecordFile(life.record)
    file.save("threshold", None, base=file.read(), who="x", decided="x")
    done = retro()
    assert done.exit_code == 0
    assert "No threshold was agreed" in done.stdout


def test_report_takes_new_rows_for_that_one_step_only(life, pages):
    done = CliRunner().invoke(
        main, ["report", "tiny/record.yaml", "--data", "later.csv"]
    )
    assert is_one_sentence(done)
    assert "--step 06" in done.stderr


# --- one real run --------------------------------------------------------------------


@pytest.mark.slow
def test_the_page_stands_alone_and_holds_the_same_figures(life):
    done = retro()
    assert done.exit_code == 0, done.stderr
    folder = Path("reports/tiny-retro")
    assert {path.name for path in folder.iterdir()} == set(NAMES)
    html = (folder / "report.html").read_text("utf-8")
    page = Page(html)
    assert "Of two promises one is broken and one cannot be told yet." in page.text
    assert "Readiness report" not in page.text
    assert (
        "cg-badge" not in (folder / "report.html").read_text("utf-8").split("<body")[1]
    )
    twin = json.loads((folder / "report.json").read_text("utf-8"))
    assert set(twin["sections"]) == {"retrospective"}
    numbers = {n["id"] for n in twin["sections"]["retrospective"]["numbers"]}
    assert {datum.id for datum in page.data} <= numbers


@pytest.mark.slow
def test_the_step_alone_says_what_to_hand_in(life):
    done = CliRunner().invoke(main, ["report", "tiny/record.yaml", "--step", "06"])
    assert done.exit_code == 0, done.stderr
    assert "No new rows yet" in done.stdout
    page = Page(Path("reports/tiny-06/report.html").read_text("utf-8"))
    assert "What is still open since the agreement" in page.text


@pytest.mark.slow
def test_bad_rows_in_a_report_are_wrong_input(life):
    life.later = life.later.drop(columns="score")
    life.write()
    given = ["report", "tiny/record.yaml", "--step", "06", "--data", "later.csv"]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 2, done.stderr
    assert "score" in done.stderr
