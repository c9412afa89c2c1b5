"""A pair that comes with a question and stated rates, and with no row of data yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest

import workshop
from tests.helpers import STEPS, THAT_DAY, Page
from tests.steps.conftest import Player, saved
from workshop.analysis.stated import METHOD
from workshop.data.catalog import find_target
from workshop.report import write_report
from workshop.report.schema import json_schema
from workshop.steps.whole import Whole
from workshop.views.section import Fold, Table
from workshop.views.wording import Said, say

STATED = {
    "positive_rate": [0.2, 0.3],
    "precision": [0.6, 0.8],
    "recall": [0.5, 0.7],
}
SCENARIO: dict[str, Any] = {
    "title": "Letters",
    "asks_per_user": 3,
    "request": "We need an AI that sorts letters.",
    "decision": {
        "unit": "letters",
        "act": "send it on",
        "wrong": "go astray",
        "per_week": 1000,
    },
    "key": "letter_id",
    "label": {"column": "right", "positive": 1, "means": "it reached the right desk"},
    "data": "",
    "runs": [],
    "stated": STATED,
    "cluster": "office",
    "cluster_name": "offices",
    "groups": ["language"],
    "today": {"title": "clerks sort by hand", "minutes": 4, "cost": 1},
    "payoff": {"unit": "EUR", "tp": 1, "fp": -2, "fn": -1, "review": -0.5},
    "labelling": {"minutes_per_label": 2, "cost_per_hour": 30, "labels_per_day": 50},
    "personas": {},
}
CARD = {"name": "letters", "title": "Letters", "description": "None collected yet."}
FRAMING = {
    "counts_as_wrong": "a letter on the wrong desk",
    "outcome": {"measure": "days on the way", "from": 6, "to": 3, "by": "2027-06"},
    "expectations": {
        "acceptable_error": 0.3,
        "fallback": "human",
        "success": "fewer days",
        "cost_speed": "a second",
    },
    "ratio": 0.5,
}


def write(
    folder: Path, *, record: dict[str, Any] | None = None, **changed: Any
) -> Path:
    """Write a scenario folder by hand; return the record where one is written."""
    folder.mkdir()
    _yaml({**SCENARIO, **changed}, folder / "scenario.yaml")
    _yaml(CARD, folder / "card.yaml")
    if record is None:
        return folder
    _yaml({"format": 1, "scenario": folder.name, **record}, folder / "record.yaml")
    return folder / "record.yaml"


def _yaml(given: dict[str, Any], path: Path) -> None:
    lines = (f"{key}: {json.dumps(value)}\n" for key, value in given.items())
    path.write_text("".join(lines), "utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    return tmp_path / "letters"


def section(target: Path, number: str) -> Any:
    return workshop.open_step(number, record=str(target), interactive=False)._recap()


def text_of(part: Any) -> str:
    return Page(part.html).text


@cache
def agenda(number: str) -> tuple[str, ...]:
    """What the notebook of a step calls, cell by cell."""
    (path,) = Path(__file__).parents[2].glob(f"notebooks/{number}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    code = "\n".join(c.source for c in cells if c.cell_type == "code")
    return tuple(re.findall(r"\bstep\.(\w+)\((?:\"(\w+)\")?", code))


# --- every notebook runs -------------------------------------------------------------

SORTS: dict[str, dict[str, Any]] = {
    "stated": {},
    "nothing stated": {"stated": None},
    "nothing priced": {"labelling": None, "payoff": {}},
    "contradictory": {"stated": {**STATED, "precision": [0.01, 0.05]}},
    "partly impossible": {
        "stated": {"positive_rate": [0.6, 0.9], "precision": [0, 1], "recall": [0.5, 1]}
    },
    "never right": {"stated": {**STATED, "positive_rate": [0, 0]}},
    "little known of today": {"today": {"title": "by hand", "minutes": 4}},
    "nothing known of today": {"today": {"title": "by hand"}},
    "no label yet": {"label": None, "cluster": None, "groups": []},
}


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("interactive", [False, True])
@pytest.mark.parametrize("number", STEPS)
def test_every_cell_of_every_notebook_has_something_to_show(
    folder, number, interactive, sort
):
    record = write(folder, record={"framing": FRAMING}, **SORTS[sort])
    step = workshop.open_step(number, record=str(record), interactive=interactive)
    for name, said in agenda(number):
        assert getattr(step, name)(*filter(None, [said])) is not None
    assert step._recap().status != "failed"


@pytest.mark.parametrize("sort", SORTS)
def test_no_sentence_shows_a_hole_and_no_picture_is_drawn(folder, sort):
    record = write(folder, record={"framing": FRAMING}, **SORTS[sort])
    for number in STEPS:
        found = section(record, number)
        assert "<svg" not in found.html
        assert " – " not in text_of(found)


@pytest.mark.parametrize("number", ["00", "02", "03", "04"])
def test_a_stated_figure_is_marked_as_assumed_wherever_it_stands(folder, number):
    found = section(write(folder, record={"framing": FRAMING}), number)
    stated = [n for n in found.numbers if n.method == METHOD]
    assert stated
    assert all(number.assumed for number in stated)
    for said in (found.headline, *sentences(found.blocks)):
        if any(n.method == METHOD for n in said.numbers):
            assert "assumed" in said.text
    tables = [block for block in found.blocks if isinstance(block, Table)]
    for table in tables:
        assert "assumed" in table.caption.text
        assert all("assumed" in column.text for column in table.columns[1:])


def sentences(blocks: Iterable[Any]) -> Iterator[Said]:
    for block in blocks:
        said = getattr(block, "said", ())
        yield from (said,) if isinstance(said, Said) else said


# --- what it says --------------------------------------------------------------------


def test_00_says_that_there_are_no_cases_and_what_acting_on_all_would_come_to(folder):
    found = section(write(folder), "00")
    assert found.headline.text == (
        "Nothing has been scored yet. If all were acted on, 70 to 80 of 100 go astray "
        "(assumed)."
    )
    assert say("before.no_cases").text in text_of(found)
    # three questions: 1 - 0.3³ to 1 - 0.2³
    assert "97 to 99 of 100 users" in text_of(found)


def test_03_shows_ranges_and_no_curve(folder):
    found = section(write(folder, record={"framing": FRAMING}), "03")
    assert found.status == "cannot_tell"
    assert found.headline.text == (
        "No curve yet: nothing has been scored; of 100 acted on, 20 to 40 would be "
        "wrong (assumed)."
    )
    page = text_of(found)
    assert "Of 100 that should be acted on, 50 to 70 would be caught (assumed)." in page
    assert "The 30 of 100 that you agreed on lies within the stated range" in page
    assert "acting pays while at most 33 of 100 acted on are wrong" in page


def test_03_and_04_offer_no_panel_to_choose_with(folder):
    record = write(folder)
    for number in ("03", "04"):
        step = workshop.open_step(number, record=str(record), interactive=True)
        assert not hasattr(step.choose(), "buttons")


def test_04_shows_a_week_as_ranges_beside_everyone_and_no_one(folder):
    found = section(write(folder), "04")
    assert found.status == "cannot_tell"
    # acted on: 0.2·0.5/0.8 to 0.3·0.7/0.6; wrong of these: times 0.2 and 0.4
    assert found.headline.text == (
        "Of 1,000 letters a week, 120 to 350 would be acted on and 25 to 140 of these "
        "would go wrong (assumed); nothing has been scored yet."
    )
    (table,) = (b for b in found.blocks if hasattr(b, "rows"))
    cells = [[cell.text for cell in row] for row in table.rows]
    assert cells[0][:4] == ["as stated", "120 to 350", "25 to 140", "60 to 150"]
    assert cells[1][:4] == ["act on everyone", "1,000", "700 to 800", "0"]
    assert cells[2][:4] == ["act on no one", "0", "0", "200 to 300"]


def test_where_nothing_is_stated_it_says_what_stating_it_would_give(folder):
    record = write(folder, stated=None)
    everywhere = "".join(text_of(section(record, number)) for number in STEPS)
    for name in ("positive_rate", "precision", "recall"):
        assert say(f"before.lacks_{name}").text in everywhere
    assert "has not been stated" in section(record, "03").headline.text


def test_rates_that_contradict_each_other_are_said_to(folder):
    record = write(folder, **SORTS["contradictory"])
    for number in ("03", "04"):
        assert "What was stated cannot all be true" in text_of(section(record, number))


def test_05_keeps_clauses_and_says_that_nothing_can_be_checked_yet(folder):
    clause = {"id": "C1", "metric": "error_among_answered", "at_most": 0.3}
    record = write(folder, record={"agreement": {"clauses": [clause]}})
    found = section(record, "05")
    assert say("before.clauses_unchecked").text in text_of(found)
    (twin,) = found.extra["clauses"]
    assert twin["state"] is twin["number"] is None


def test_what_is_open_is_found_without_a_row(folder):
    record = write(folder, record={"framing": FRAMING, "option": "keyword"})
    gaps = workshop.open_step("05", record=str(record), interactive=False).gaps
    codes = {gap.code for gap in gaps}
    assert {"no_threshold", "unknown_option", "today_not_measured"} <= codes
    assert "ratio_against_payoff" in codes  # 0.5 said, 2/2 = 1 by the payoff
    assert "data_moved" not in codes


def test_the_verdict_is_cannot_tell_because_no_row_is_there(folder):
    whole = Whole(find_target(str(write(folder))), interactive=False)
    head = whole.section()
    assert head.status == "ok"
    assert head.extra["verdict"] == "cannot_tell"
    assert head.extra["rule"] == say("verdict_rule.no_rows").text
    assert head.extra["digest"]["data"] == ""


# --- a table that nobody has scored --------------------------------------------------


def table_only(folder: Path, **changed: Any) -> Path:
    """Write a folder with a table of 80 letters, without a label and without runs."""
    record = write(
        folder,
        record={"framing": FRAMING},
        label=None,
        data="data.csv",
        time="posted",
        **changed,
    )
    rows = [
        f"l{i},office {i % 25},{'fr' if i % 3 else 'de'},2026-0{i % 9 + 1}-11,{i % 7}"
        for i in range(80)
    ]
    text = "\n".join(["letter_id,office,language,posted,pages", *rows])
    (folder / "data.csv").write_text(f"{text}\n", "utf-8")
    return record


@pytest.mark.parametrize("interactive", [False, True])
@pytest.mark.parametrize("number", STEPS)
def test_every_cell_has_something_to_show_for_a_table_without_a_label(
    folder, number, interactive
):
    record = table_only(folder)
    step = workshop.open_step(number, record=str(record), interactive=interactive)
    for name, said in agenda(number):
        assert getattr(step, name)(*filter(None, [said])) is not None
    assert step._recap().status != "failed"


def test_a_table_without_a_label_is_reviewed_and_the_ranges_stay(folder):
    record = table_only(folder)
    found = section(record, "02")
    outcomes = {one["outcome"] for one in found.extra["findings"]}
    assert {"passed", "not_applicable"} <= outcomes
    assert say("before.get_title").text in text_of(found)
    assert "20 to 40 would be wrong (assumed)" in section(record, "03").headline.text
    whole = Whole(find_target(str(record)), interactive=False)
    assert whole.section().extra["verdict"] in ("cannot_tell", "not_ready")


def test_a_table_without_a_label_and_without_rates_says_that_none_were_stated(folder):
    record = table_only(folder, stated=None)
    for number in ("00", "03"):
        assert "has not been stated" in section(record, number).headline.text


# --- what people do ------------------------------------------------------------------


def test_bets_work_as_always_and_stand_beside_what_was_stated(folder):
    record = write(folder, record={"participants": {}})
    player = Player(folder.parent, str(record))
    step = player.open("00")
    saved(player.fill("00", step.who(), mode="two"))
    player.bet(step)
    player.ready(player.open("01"))
    found = section(record, "01")
    inside = [b for fold in found.blocks if isinstance(fold, Fold) for b in fold.blocks]
    (table,) = (b.twin for b in inside if hasattr(b, "twin"))
    assert table.columns[-1].text == say("before.col_stated").text
    (row,) = (r for r in table.rows if r[0].text == "Expected error, of 100")
    assert row[-1].text == "70 to 80 (assumed)"
    assert row[1].text == "13 (5 to 20)"


def test_figures_wait_for_the_bets_as_they_always_do(folder):
    record = write(folder)
    step = workshop.open_step("03", record=str(record), interactive=True)
    assert step.where_we_are() == say("page.not_yet").text
    panel = step.curve()
    panel.buttons["show"].click()
    assert "20" not in panel._shown.value
    panel.buttons["show"].click()
    assert "would be wrong (assumed)" in Page(panel._shown.value).text


def test_a_clause_can_be_written(folder):
    record = write(folder, record={"participants": {}})
    player = Player(folder.parent, str(record))
    step = player.open("05")
    limits = {"bound_1": "30", "bound_2": "40"}
    checked = {"labels_per_week": "40", "who": "the clerks"}
    saved(player.fill("05", step.clauses(), **limits, **checked))
    written = find_target(str(record)).record.agreement.clauses
    assert [clause.seen for clause in written] == [None, None]


# --- the report ----------------------------------------------------------------------


@pytest.mark.slow
def test_the_report_of_a_question_without_data_is_whole(folder, tmp_path):
    record = write(folder, record={"framing": FRAMING})
    out = tmp_path / "out"
    written = write_report(find_target(str(record)), out, as_of=THAT_DAY)
    assert written.failed == ()
    assert written.verdict == "cannot_tell"
    assert {p.name for p in out.iterdir()} == {
        "report.html",
        "report.json",
        "executed.ipynb",
    }
    twin = json.loads((out / "report.json").read_text("utf-8"))
    jsonschema.validate(twin, json_schema())
    numbers = {n["id"]: n for s in twin["sections"].values() for n in s["numbers"]}
    assert numbers["stated.error"]["assumed"]
    assert (numbers["stated.error"]["lo"], numbers["stated.error"]["hi"]) == (0.2, 0.4)
    html = (out / "report.html").read_text("utf-8")
    assert "<svg" not in html
    shown = {datum.id for datum in Page(html).data}
    assert shown <= set(numbers)
