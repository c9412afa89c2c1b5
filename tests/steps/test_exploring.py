"""What the explorer is given holds of the line's own rows and of the scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import workshop
from workshop.analysis.line import Line
from workshop.analysis.policies import count_cells
from workshop.data.scenario import Reviewer
from workshop.steps.exploring import explorer_given
from workshop.views.explorer.given import MOST_CUTS, ExplorerGiven
from workshop.views.explorer.readout import cells_at
from workshop.views.explorer.state import policy_at, position_of

SHIPPED = ("privacy-assistant", "flight-disruptions", "deposit-calls")


def shipped(scenario: str) -> Line:
    """Return a scenario's line as nobody has changed it yet."""
    return Line(workshop.open_step("03", scenario, interactive=False).evidence)


def given_of(line: Line) -> ExplorerGiven:
    """Return what the explorer is given of it in a report."""
    return explorer_given(line, start=None, names={}, here=(), fallback="")


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SHIPPED)
def test_asking_all_and_acting_on_no_one_acts_on_none_of_the_choosing_rows(scenario):
    line = shipped(scenario)
    found = given_of(line)
    last = len(found.cuts) - 1
    policy = policy_at(found, last, 0)
    cells = count_cells(policy, line.curve)
    assert cells == cells_at(found.counts, last, 0)
    assert cells.tp + cells.fp == 0
    assert position_of(found, policy) == (last, 0)
    assert len(found.cuts) <= MOST_CUTS


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SHIPPED)
def test_the_highest_score_is_a_cut_so_that_nothing_lies_between_it_and_no_one(
    scenario,
):
    line = shipped(scenario)
    assert given_of(line).cuts[-2] == line.curve.thresholds[0]


@pytest.fixture(scope="module")
def line() -> Line:
    return shipped("flight-disruptions")


def minutes(line: Line, *, today: dict[str, Any], reviewer: Reviewer) -> Any:
    """The minutes of each cell with another process of today and another reviewer."""
    scenario = line.evidence.scenario
    changed = scenario.model_copy(
        update={
            "today": scenario.today.model_copy(update=today),
            "reviewer": reviewer,
            "assumed": {},  # else its own minutes would count
        }
    )
    found = given_of(Line(replace(line.evidence, scenario=changed))).minutes
    return found and (
        (found.tp, found.fp, found.fn, found.tn),
        (pytest.approx(found.asked_positive), pytest.approx(found.asked_negative)),
    )


IMPERFECT = Reviewer(sensitivity=0.9, specificity=0.8, minutes=3)


@pytest.mark.slow
def test_a_review_takes_its_minutes_and_then_those_of_what_is_decided(line):
    none = {"minutes": 10, "line": "none"}
    assert minutes(line, today=none, reviewer=IMPERFECT) == (
        (0, 0, 10, 10),
        (3 + 0.1 * 10, 3 + 0.8 * 10),
    )
    everyone = {"minutes": 10, "line": "all"}
    assert minutes(line, today=everyone, reviewer=IMPERFECT) == (
        (10, 10, 0, 0),
        (3 + 0.9 * 10, 3 + 0.2 * 10),
    )


def test_a_person_whose_time_is_not_stated_is_todays_process(line):
    today = {"minutes": 10, "line": "none"}
    unstated = IMPERFECT.model_copy(update={"minutes": None})
    _, asked = minutes(line, today=today, reviewer=unstated)
    assert asked == (10, 10)


def test_where_only_a_review_has_minutes_only_those_are_counted(line):
    today = {"minutes": None, "line": "none"}
    assert minutes(line, today=today, reviewer=IMPERFECT) == ((0, 0, 0, 0), (3, 3))
    unstated = IMPERFECT.model_copy(update={"minutes": None})
    assert minutes(line, today=today, reviewer=unstated) is None
