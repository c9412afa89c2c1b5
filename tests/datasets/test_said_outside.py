"""What the pairs of the shipped records say outside is true, figure by figure."""

from __future__ import annotations

import re

import pytest

import workshop
from workshop.record.agreed import Outside, Statement
from workshop.views.recaps.outside import Telling

SAID = ("privacy-assistant", "deposit-calls")
FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
YEARS = re.compile(r"\b20\d\d\b")


@pytest.fixture(scope="module", params=SAID)
def step(request):
    return workshop.open_step("05", record=request.param, interactive=False)


@pytest.fixture
def outside(step) -> Outside:
    return step.record.agreement.outside


def drafts(step) -> dict[str, object]:
    found = step._drafts()
    return {one.about: one for one in (*found.may_say, *found.not_yet)}


def lines(outside: Outside) -> tuple[Statement, ...]:
    return (*outside.may_say, *outside.not_yet)


def test_every_line_is_about_something_that_follows_on_its_side(step, outside):
    found = step._drafts()
    for side in ("may_say", "not_yet"):
        drafted = [one.about for one in getattr(found, side)]
        assert {one.about for one in getattr(outside, side)} <= set(drafted)


def test_what_a_line_rests_on_is_what_the_rows_say_now(step, outside):
    now = drafts(step)
    for one in lines(outside):
        assert one.seen == now[one.about].seen
    codes = {gap.code for gap in step.gaps}
    assert not codes & {"statement_moved", "statement_not_carried"}


def test_every_figure_in_its_words_is_one_of_the_page(step, outside):
    telling: Telling = step._telling
    known = {"100"}
    for draft in drafts(step).values():
        known |= set(FIGURE.findall(telling.said(draft).text))
        if draft.seen is not None:
            counts = draft.seen.figures.values()
            known |= {f"{n:,}" for count in counts for n in (count.k, count.n)}
    for one in lines(outside):
        told = set(FIGURE.findall(YEARS.sub("", one.says)))
        assert told <= known, one.says


def test_every_count_that_a_line_rests_on_stands_in_it_with_its_range(step, outside):
    for one in lines(outside):
        if one.seen is None:
            continue
        (count,) = one.seen.figures.values()
        assert f"{count.n:,}" in one.says
        assert re.search(r"\d+(\.\d)? to \d+(\.\d)? of 100", one.says), one.says


@pytest.mark.slow
def test_a_record_may_be_signed_without_a_line_for_outside():
    step = workshop.open_step("05", record="flight-disruptions", interactive=False)
    assert step.record.agreement.outside is None
    assert len(step.record.signatures) == 2
    assert step.outside_json()["state"] == "drafted"
    assert not [g for g in step.gaps if g.code.startswith("statement")]
