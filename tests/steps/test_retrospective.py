"""06 holds the promise against new rows, says what is missing, and only adds."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as w
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

import workshop
from tests.helpers import SHIPPED, THAT_DAY, Page
from tests.lived import Lived, later_rows, lived
from workshop.errors import InputError
from workshop.record.file import RecordFile
from workshop.steps.retrospective import Retrospective
from workshop.views.section import MIME

DAY = "2027-02-10"
AGENDA = (
    "what_we_promised",
    "clauses",
    "promise",
    "drift",
    "since_last",
    "bets",
    "wins_and_actions",
    "recap",
)


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lived:
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_AS_OF", DAY)
    return lived(tmp_path)


def open_it(life: Lived, *, interactive: bool = False, data: str | None = "later.csv"):
    step = workshop.open_step(
        "06", str(life.record), interactive=interactive, data=data or ""
    )
    assert isinstance(step, Retrospective)
    return step


def text(shown) -> str:
    return Page(shown.html if hasattr(shown, "html") else shown).text


# --- with rows -----------------------------------------------------------------------


def test_the_page_says_which_promise_broke(life):
    section = open_it(life).section()
    assert section.status == "ok"
    assert section.headline.text == (
        "Of two promises one is broken and one cannot be told yet."
    )
    kept = section.to_json()["retrospective"]
    assert [c["state"] for c in kept["clauses"]] == ["broken", "cannot_tell"]
    page = Page(section.html)
    assert {datum.id for datum in page.data} <= {n.id for n in section.numbers}


def test_the_file_is_named_from_where_the_program_was_started(life, monkeypatch):
    (life.data.parent / "elsewhere").mkdir()
    monkeypatch.chdir(life.data.parent / "elsewhere")
    assert open_it(life).later.file == "later.csv"


def test_only_the_last_step_takes_new_rows():
    with pytest.raises(InputError, match="step 05 takes no new data; step 06 does"):
        workshop.open_step("05", SHIPPED, interactive=False, data="x.csv")


def test_each_part_of_the_agenda_shows_something(life):
    step = open_it(life)
    for name in AGENDA[:-1]:
        assert text(getattr(step, name)()), name
    assert MIME in step.recap()._repr_mimebundle_()


def test_a_report_run_makes_no_widget(life):
    w.Widget.close_all()
    step = open_it(life)
    for name in AGENDA:
        getattr(step, name)()
    assert _instances == {}


# --- without rows --------------------------------------------------------------------


def test_without_rows_every_part_says_so_or_is_silent(life):
    step = open_it(life, data=None)
    assert step.where_we_are().startswith("No new rows yet")
    assert "C1: error among answered at most 30 of 100" in text(step.what_we_promised())
    assert "No new rows were handed in" in text(step.clauses())
    for name in ("promise", "drift", "since_last", "bets", "wins_and_actions"):
        assert text(getattr(step, name)()) == ""
    said = text(step.recap())
    assert "workshop retro record.yaml --data later.parquet" in said
    assert "count them" in said
    assert "That day has passed." in said


def test_a_record_without_an_agreement_is_looked_at_all_the_same(life):
    RecordFile(life.record).save(
        "agreement", None, base=RecordFile(life.record).read(), who="x", decided="x"
    )
    section = open_it(life).section()
    assert section.headline.text.startswith("Nothing was promised that a program")
    assert "then" in text(section)


# --- bad input -----------------------------------------------------------------------

BAD = {
    "no such file": (lambda life: life.data.unlink(), "no such file"),
    "the key is gone": (
        lambda life: _rewrite(life, life.later.drop(columns="id")),
        "'id'",
    ),
    "the score is gone": (
        lambda life: _rewrite(life, life.later.drop(columns="score")),
        "'score'",
    ),
    "another coding": (
        lambda life: _rewrite(
            life, life.later.assign(good=life.later["good"].map({0: "no", 1: "yes"}))
        ),
        "good",
    ),
    "no row": (lambda life: _rewrite(life, life.later[:0]), "no row"),
    "cut in half": (lambda life: _cut(life), "later"),
}


def _rewrite(life: Lived, later: pd.DataFrame) -> None:
    life.later = later
    life.write()


def _cut(life: Lived) -> None:
    path = life.data.with_suffix(".parquet")
    life.later.to_parquet(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    life.data = path


@pytest.mark.parametrize("what", BAD)
def test_bad_rows_are_one_sentence_and_nothing_is_kept(life, what):
    spoil, says = BAD[what]
    spoil(life)
    before = life.record.read_bytes()
    step = open_it(life, data=life.data.name)
    with pytest.raises(InputError, match=says) as raised:
        next(step.looks())
    assert len(str(raised.value).splitlines()) <= 2
    section = step.section()
    assert section.status == "failed"
    assert section.extra["input_was_wrong"]
    assert says.strip("'") in text(step.clauses())
    assert life.record.read_bytes() == before


# --- what is kept --------------------------------------------------------------------


def test_a_look_is_added_once_and_the_log_says_so(life):
    step = open_it(life)
    assert step.keep(step.look)
    (held,) = RecordFile(life.record).read().retrospectives
    assert held.at == DAY
    assert held.clauses == {"C1": "broken", "C2": "cannot_tell"}
    assert held.counts["C1"].k == 24
    line = RecordFile(life.record).read().log[-1]
    assert line.section == "retrospectives"
    assert line.decided.startswith("retrospective: C1 broken (24 of 30)")
    again = open_it(life)
    assert not again.keep(again.look)
    assert len(again.record.retrospectives) == 1
    assert "the first retrospective" in text(again.since_last())


def test_the_next_one_is_held_against_the_last(life, monkeypatch):
    step = open_it(life)
    step.keep(step.look)
    life.later = later_rows(wrong=2).assign(id=[f"m{i:03}" for i in range(60)])
    life.write()
    monkeypatch.setenv("WORKSHOP_AS_OF", "2027-03-10")
    later = open_it(life)
    said = text(later.since_last())
    assert "The last one was on 2027-02-10." in said
    assert "C1 was broken and is" in said
    assert later.keep(later.look)
    assert len(later.record.retrospectives) == 2


def test_months_are_looked_at_one_after_the_other(life):
    step = open_it(life)
    (look,) = step.months()
    assert look.at == DAY, "rows without a time are one look"
    assert step.line(look).startswith("Of two promises")


def test_a_shipped_example_is_read_and_never_written():
    step = workshop.open_step("06", SHIPPED, interactive=False)
    assert step.read_only
    assert "workshop start" in step.read_only


# --- at the table --------------------------------------------------------------------


@pytest.fixture
def table(life, monkeypatch):
    w.Widget.close_all()
    monkeypatch.setattr(Retrospective, "bets_sealed", lambda self: True)
    yield open_it(life, interactive=True)
    w.Widget.close_all()


def test_what_the_pair_says_is_added_with_the_look(table, life):
    (panel,) = table.wins_and_actions().panels
    panel.controls["changed"].value = "the line went up"
    panel.controls["wins"].value = "people noticed"
    panel.controls["done_0"].value = True
    panel.buttons["save"].click()
    assert "Saved in record.yaml." in panel.message.value
    (held,) = RecordFile(life.record).read().retrospectives
    assert (held.changed, held.wins) == ("the line went up", ("people noticed",))
    assert [(a.what, a.done) for a in held.carried] == [
        ("count them", DAY),
        ("ask the shop", None),
    ]


def test_saving_again_renews_the_words_and_adds_no_second_look(table, life):
    (panel,) = table.wins_and_actions().panels
    panel.buttons["save"].click()
    panel.controls["wins"].value = "people noticed"
    panel.buttons["save"].click()
    (held,) = RecordFile(life.record).read().retrospectives
    assert held.wins == ("people noticed",)
    opened = open_it(life, interactive=True)
    (again,) = opened.wins_and_actions().panels
    assert again.controls["wins"].value == "people noticed"
    assert "people noticed" in text(opened._view(("wins",)))


def test_a_save_after_the_command_adds_words_to_the_same_look(table, life):
    step = open_it(life)
    step.keep(step.look)
    (panel,) = table.wins_and_actions().panels
    panel.controls["changed"].value = "the line went up"
    panel.buttons["save"].click()
    (held,) = RecordFile(life.record).read().retrospectives
    assert held.changed == "the line went up"


def test_without_rows_the_panel_says_why_nothing_can_be_saved(life, monkeypatch):
    monkeypatch.setattr(Retrospective, "bets_sealed", lambda self: True)
    (panel,) = open_it(life, interactive=True, data=None).wins_and_actions().panels
    panel.buttons["save"].click()
    assert "No new rows were handed in" in panel.message.value
    assert RecordFile(life.record).read().retrospectives == ()


def test_signatures_stay_valid_when_a_look_is_added(life):
    from workshop.record.digest import digest

    before = digest(RecordFile(life.record).read())
    step = open_it(life)
    step.keep(step.look)
    assert digest(RecordFile(life.record).read()) == before


def test_the_report_has_a_section_on_what_happened_since(life, monkeypatch):
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    whole = workshop.open_step("report", str(life.record), interactive=False)
    assert whole.since() is None
    step = open_it(life)
    step.keep(step.look)
    assert "C1 broken" in text(whole.since())
