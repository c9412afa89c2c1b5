"""What must hold, in words: where it stands, what telling takes, what it would see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.helpers import HOSTILE, Page
from workshop.analysis.clause_rows import Consequence
from workshop.analysis.clauses import NO_PACE, ClauseHeld, Needed, hold
from workshop.analysis.metrics import Context
from workshop.analysis.noticed import Noticed, notice
from workshop.analysis.policies import Cells
from workshop.record.values import Clause, MeasuredBy
from workshop.views.recaps.clauses import (
    ClauseNow,
    brings_view,
    clause_json,
    clause_said,
    clauses_blocks,
)
from workshop.views.section import Card, Paragraph
from workshop.views.wording import Said

ERROR = Clause(
    id="C1",
    metric="error_among_answered",
    at_most=0.3,
    measured_by=MeasuredBy(labels_per_week=40, who="support"),
    then="pause",
)
REACH = Clause(id="C2", metric="coverage", at_least=0.45, slice="app=maps")
RISE = notice(0.2, "at_most", 40)


def items_of(clauses: list[ClauseNow]) -> list[Said]:
    """Every sentence on the clauses' cards and under them, without the cards' heads."""
    blocks = clauses_blocks(clauses)
    cards = [b for b in blocks if isinstance(b, Card)]
    under = [b.said for b in blocks if isinstance(b, Paragraph)]
    return [said for card in cards for said in (*card.said, *card.ways)] + under


def text(held: ClauseHeld, brings: Consequence | None = None) -> str:
    return " ".join(s.text for s in clause_said(ClauseNow(held, brings, "EUR")))


def answered(wrong: int, n: int) -> Cells:
    return Cells(tp=n - wrong, fp=wrong, fn=0, tn=0)


@pytest.mark.parametrize(
    ("wrong", "n", "says"),
    [
        (10, 100, "the whole range is inside"),
        (60, 100, "the whole range is outside"),
        (28, 100, "these rows cannot tell"),
    ],
)
def test_a_clause_says_where_it_stands(wrong, n, says):
    said = text(hold(ERROR, answered(wrong, n)))
    assert f"{wrong} of {n}" in said
    assert says in said


def test_cannot_tell_names_its_price():
    held = hold(ERROR, answered(25, 100))
    needs = Needed(rows=120, labels=120, weeks=3, cost=360.0)
    said = text(replace(held, needs=needs))
    assert "120 more labels" in said
    assert "3 weeks at this pace, for about 360 EUR" in said
    assert "No sensible number of rows" in text(replace(held, needs=None))
    once = text(replace(held, needs=Needed(5, None, 1, None)))
    assert "5 more rows, which a program counts" in once
    assert "which is one week at this pace." in once


def test_a_window_too_short_for_its_pace_says_what_would_do_and_no_weeks_to_wait():
    held = hold(ERROR, answered(25, 100))
    never = Needed(300, 300, None, 900.0, False, 100, 10)
    said = text(replace(held, needs=never))
    assert "its window (4 weeks) never holds enough" in said
    assert "it takes 100 labels a week, or a window of 10 weeks." in said
    assert "at this pace, for" not in said
    counted = replace(never, labels=None, labels_a_week=None)
    assert "it takes a window of 10 weeks." in text(replace(held, needs=counted))


def test_a_stated_cost_is_said_to_be_stated():
    clause = Clause(id="C4", metric="cost_per_decision", at_most=0.02)
    held = hold(clause, None, context=Context(cost=0.01))
    said = text(held)
    assert "stated at 0.01, which is within the limit" in said
    assert "measured on no row" in said
    assert "range" not in said
    assert len(items_of([ClauseNow(held)])) == len(clause_said(ClauseNow(held)))


def test_how_sure_one_look_is_stands_once_beside_the_verdicts():
    told, open_ = answered(10, 100), answered(28, 100)
    items = items_of([ClauseNow(hold(ERROR, told)), ClauseNow(hold(ERROR, told))])
    assert [("one time in twenty" in one.text) for one in items].count(True) == 1
    assert "weekly watch" in items[-1].text
    items = items_of([ClauseNow(hold(ERROR, open_))])
    assert not any("one time in twenty" in one.text for one in items)
    assert "each hold for one side" in items[-1].text, "other ranges lie beside it"


def test_a_slice_is_named_and_one_of_no_rows_says_so():
    held = ClauseHeld(REACH, None, reason="slice_unknown")
    said = text(held)
    assert "coverage where app=maps at least 45" in said
    assert "no row is like what it speaks of" in said


def test_figures_that_are_no_share_say_so_too():
    slow = Clause(id="C3", metric="expected_cost", at_most=0.5)
    held = hold(slow, Cells(60, 20, 10, 10), context=Context(ratio=2.0), pace=NO_PACE)
    assert "stands at 0.4 (" in text(held)


@pytest.mark.parametrize(
    ("noticed", "says"),
    [
        (RISE, "a rise from 20 to 30 of 100 is noticed after about"),
        (replace(RISE, most=None), "but not nine times in ten within a year"),
        (replace(RISE, median=None, most=None, within=0.2), "in 20 of 100 cases only"),
        (replace(RISE, side="at_least", promised=0.8, risen=0.7),
         "a fall from 80 to 70 of 100"),
        (replace(RISE, median=1), "after about one week;"),
    ],
)  # fmt: skip
def test_what_would_be_noticed_is_said_in_weeks(noticed: Noticed, says):
    brings = Consequence(noticed, 40.0, 40.0, 120.0)
    said = text(hold(ERROR, answered(10, 100)), brings)
    assert says in said
    assert "about 120 EUR a week" in said
    assert "hang together" not in said


def test_labels_that_hang_together_say_what_they_are_worth():
    said = text(hold(ERROR, answered(10, 100)), Consequence(RISE, 40.0, 15.0, None))
    assert "40 a week say as much as 15 single ones" in said


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("nobody", "Nobody can measure this yet"),
        ("slice_unknown", "No row is like that"),
        ("window_unknown", "Write it like 4 weeks or 30 days"),
        ("never", "Nothing could ever break this limit"),
    ],
)
def test_what_nobody_can_measure_is_said_as_typed(reason, says):
    assert says in brings_view(ERROR, Consequence(reason=reason), "EUR").html


def test_that_nobody_measures_is_said_once():
    clause = ERROR.model_copy(update={"measured_by": None})
    said = text(hold(clause, answered(10, 100)), Consequence(reason="nobody"))
    assert said.count("obody") == 2, "no owner, and nobody who checks"


def test_every_number_has_a_name_of_its_own():
    needs = Needed(rows=120, labels=120, weeks=3, cost=360.0)
    held = [
        replace(hold(clause, answered(25, 100)), needs=needs)
        for clause in (ERROR, ERROR.model_copy(update={"id": "C9"}))
    ]
    brings = Consequence(RISE, 40.0, 15.0, 120.0)
    said = items_of([ClauseNow(one, brings, "EUR") for one in held])
    ids = [n.id for one in said for n in one.numbers]
    same = {n.id: n for one in said for n in one.numbers}
    for one in said:
        for number in one.numbers:
            assert same[number.id] == number
    assert len(set(ids)) > 20


def test_hostile_words_are_text():
    clause = ERROR.model_copy(update={"slice": HOSTILE, "then": HOSTILE})
    html = "".join(s.html for s in clause_said(ClauseNow(ClauseHeld(clause, None))))
    assert HOSTILE not in html


def test_the_twin_holds_the_state_and_the_numbers_id():
    told = clause_json(ClauseNow(hold(ERROR, answered(10, 100))))
    assert (told["state"], told["number"]) == ("kept", "clause.C1.now")
    assert clause_json(ClauseNow(ClauseHeld(ERROR, None)))["number"] is None


@pytest.mark.parametrize(
    ("effective", "said"),
    [(0.3, "no more than a single one would"), (14.9, "as much as 15 single ones")],
)
def test_labels_that_hang_together_are_never_said_to_be_worth_none(effective, said):
    brings = Consequence(RISE, 40.0, effective)
    told = brings_view(ERROR, brings, "EUR")._repr_html_()
    assert said in Page(told).text
