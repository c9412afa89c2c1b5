"""What the record says against the five usual pitfalls, and what it leaves open."""

from __future__ import annotations

from typing import get_args

import pytest

from workshop.analysis.intervals import rate
from workshop.analysis.pitfalls import PitfallFound, find_pitfalls
from workshop.analysis.readiness import ReadinessReport, judge
from workshop.record.agreed import Pitfall
from workshop.record.choices import (
    AcceptedRisk,
    Assumption,
    DataReview,
    Record,
    ThresholdChoice,
)
from workshop.record.framed import EARLY_QUESTIONS, Framing
from workshop.record.values import Number, Policy

EMPTY = Record(scenario="tiny")
ACCEPTABLE = Number(id="acceptable", value=0.3)
CLEAR = rate("error", 10, 100, rows="report")
HIGH = rate("error", 60, 100, rows="report")
NEAR = rate("error", 28, 100, rows="report")


def found(
    record: Record,
    *,
    error: Number | None = None,
    acceptable: Number | None = ACCEPTABLE,
    blockers: tuple[str, ...] = (),
) -> dict[str, PitfallFound]:
    pitfalls = find_pitfalls(
        record, error=error, acceptable=acceptable, blockers=blockers
    )
    return {one.name: one for one in pitfalls}


def keys(one: PitfallFound) -> dict[str, bool]:
    return {point.key: point.good for point in one.points}


def framed(**fields) -> Record:
    return EMPTY.model_copy(update={"framing": Framing(**fields)})


def test_the_five_are_those_of_the_record():
    assert tuple(found(EMPTY)) == get_args(Pitfall)


def test_an_empty_record_answers_none_and_says_why():
    for one in found(EMPTY).values():
        assert not one.answered
        assert one.points


def test_what_users_are_told_opens_the_box():
    told = ThresholdChoice(policy=Policy(kind="all"), told_why="the nearest clause")
    record = EMPTY.model_copy(update={"threshold": told})
    (point,) = found(record)["black_box"].points
    assert point.good
    assert point.given == {"text": "the nearest clause"}
    silent = told.model_copy(update={"told_why": ""})
    assert not found(EMPTY.model_copy(update={"threshold": silent}))[
        "black_box"
    ].answered


@pytest.mark.parametrize(
    ("error", "acceptable", "key", "good"),
    [
        (CLEAR, ACCEPTABLE, "error_within", True),
        (NEAR, ACCEPTABLE, "error_cannot_tell", False),
        (HIGH, ACCEPTABLE, "error_above", False),
        (None, ACCEPTABLE, "error_unmeasured", False),
        (rate("error", 0, 0, rows="report"), ACCEPTABLE, "error_unmeasured", False),
        (CLEAR, None, "error_no_promise", False),
    ],
)
def test_a_promise_is_held_against_the_whole_range(error, acceptable, key, good):
    record = framed(promised="nothing")
    one = found(record, error=error, acceptable=acceptable)["overpromising"]
    assert keys(one)[key] is good
    assert one.answered is good


@pytest.mark.parametrize("deff", [1.0, 2.5])
def test_a_promise_has_the_range_and_the_answer_of_the_verdict(deff):
    """15 of 90 at "at most 25 of 100": one range for one promise in every step."""
    error = rate("error", 15, 90, rows="report", deff=deff)
    limit = Number(id="acceptable", value=0.25)
    pitfalls = find_pitfalls(
        EMPTY, error=error, acceptable=limit, blockers=(), deff=deff
    )
    point = pitfalls[1].points[0]
    shown = point.given["error"]
    assert (shown.lo, shown.hi, shown.level) == (error.lo, error.hi, 0.95)
    verdict = judge(ReadinessReport(()), accepted=(), acceptable=0.25, error=error)
    assert (verdict.rule, point.key) == ("straddles", "error_cannot_tell")


@pytest.mark.parametrize(
    ("fields", "key", "good"),
    [
        ({"promised": "Nothing."}, "promised_nothing", True),
        ({"promised": "no wrong answers by spring"}, "promised", False),
        ({"unknown": ("promised",)}, "promised_unknown", False),
        ({}, "promised_unsaid", False),
    ],
)
def test_what_was_promised_in_words_stays_for_the_pair_to_judge(fields, key, good):
    one = found(framed(**fields), error=CLEAR)["overpromising"]
    assert keys(one)[key] is good


@pytest.mark.parametrize(
    ("fields", "key", "good"),
    [
        ({"engineering_there": "yes"}, "there_yes", True),
        ({"engineering_there": "no"}, "there_no", False),
        ({"unknown": ("engineering_there",)}, "there_unknown", False),
        ({"promised": "none"}, "there_no_promise", True),
        ({"promised": "a lot"}, "there_unsaid", False),
    ],
)
def test_engineering_was_there_or_nothing_was_promised(fields, key, good):
    assert keys(found(framed(**fields))["late_involvement"]) == {key: good}


def test_harm_and_rule_are_said_and_somebody_checks():
    said = {"harmed": "customers", "rule": "a law", "rule_checked_by": "Lena"}
    assert found(framed(**said))["ethics_compliance"].answered
    unchecked = keys(
        found(framed(**said | {"rule_checked_by": ""}))["ethics_compliance"]
    )
    assert unchecked == {"harmed": True, "rule": True, "checked_unsaid": False}
    none = keys(found(framed(harmed="nobody", rule="none"))["ethics_compliance"])
    assert none == {"harmed": True, "rule": True}, "no rule, so nobody checks one"


@pytest.mark.parametrize("question", ["harmed", "rule"])
def test_not_knowing_is_an_answer_that_stays_open(question):
    assert question in EARLY_QUESTIONS
    one = found(framed(unknown=(question,)))["ethics_compliance"]
    assert keys(one)[f"{question}_unknown"] is False


def test_data_are_not_taken_for_granted_where_something_is_written_down():
    review = DataReview(
        accepted=(AcceptedRisk(finding="DR002", reason="few"),),
        assumptions=(Assumption(says="alike"),),
    )
    record = EMPTY.model_copy(update={"data_review": review})
    one = found(record, blockers=("DR002",))["data_for_granted"]
    assert one.answered, "what stands in the way was accepted with a reason"
    counts = one.points[0].given
    assert (counts["accepted"].value, counts["assumed"].value) == (1, 1)
    still = found(record, blockers=("DR002", "DR004"))["data_for_granted"]
    assert not still.answered
    assert still.points[0].given == {"codes": "DR004"}
    assert not found(EMPTY)["data_for_granted"].answered
