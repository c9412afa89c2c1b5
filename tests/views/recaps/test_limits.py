"""What keeps the limits is said with its ranges; where nothing does, what it takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import Page
from tests.views.recaps.conftest import SCENARIOS, line_of, text
from workshop.analysis.curve import threshold_curve
from workshop.analysis.labels import Labelling
from workshop.analysis.limits import Goal, Within, best_within, labels_to_tell
from workshop.analysis.metrics import Context
from workshop.analysis.readout import figures_of
from workshop.record.values import Limits, Number, Policy
from workshop.views.recaps.limits import (
    kept_when_rounded,
    limits_blocks,
    policy_said,
    rule_said,
    within_line,
)
from workshop.views.section import Items, Table

LABELS = [1, 1, 1, 0, 1, 0, 1, 0, 0, 0] * 10
SCORES = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] * 10
CURVE = threshold_curve(LABELS, SCORES)
NO_LIMITS = Limits()


def within(goal: Goal = "most_recall", limits: Limits = NO_LIMITS, **given) -> Within:
    return best_within(CURVE, limits, goal=goal, **given)


def shown(found: dict[Goal, Within], **given) -> str:
    figures = {
        goal: figures_of(
            f"within.{goal}", each.cells, rows="choose", deff=1, ratio=None
        )
        for goal, each in found.items()
        if each.cells
    }
    plain = {"least_cost": None, "reviewer_minutes": None, "labels": {}}
    return Page(text(limits_blocks(found, figures, **(plain | given)))).text


def test_the_headline_names_the_line_and_how_far_the_range_bears_it_out():
    sure = within(limits=Limits(max_error_among_answered=0.9))
    unsure = within(limits=Limits(max_error_among_answered=0.3))
    assert "keeps every limit: act from" in within_line(sure).text
    assert "could still break one" in within_line(unsure).text


def test_a_limit_that_nobody_measured_is_not_called_kept():
    found = within(limits=Limits(max_latency_ms_p95=100))
    assert "has not been measured" in within_line(found).text
    assert "not measured" in shown({"most_recall": found})


def test_without_limits_the_headline_says_so():
    assert within_line(within()).text.startswith("No limits have been set.")


def test_each_goal_stands_with_its_line_its_figures_and_each_limit():
    limits = Limits(max_error_among_answered=0.3, min_coverage=0.2)
    goals: tuple[Goal, ...] = ("most_recall", "least_error")
    said = shown({goal: within(goal, limits) for goal in goals})
    for part in ("The way to find most", "The way to be wrong least often"):
        assert said.count(part) >= 2
    assert "kept by the rows, not by the range" in said
    assert "at most 30 wrong of 100 acted on" in said


def impossible(**given) -> Within:
    limits = Limits(min_recall=0.9, max_error_among_answered=0.2)
    return within(limits=limits, **given)


def test_where_nothing_qualifies_each_lower_promise_is_named_and_never_just_none():
    found = impossible()
    assert found.shortfall is not None
    assert len(found.shortfall.binding) == 2
    said = shown({"most_recall": found})
    assert "No line keeps every limit on the choosing rows." in said
    assert said.count("A lower promise") == said.count("instead of") == 2
    assert "The nearest there is" in said
    assert "broken" in said


def test_a_lower_promise_is_rounded_so_that_it_still_holds():
    limits = Limits(min_recall=0.5, max_error_among_answered=0.75)
    line = line_of("deposit-calls")
    found = best_within(line.curve, limits, goal="most_recall")
    assert found.shortfall is not None
    reachable = {p.name: p.reachable for p in found.shortfall.binding}
    assert 0.775 < reachable["max_error_among_answered"] < 0.78
    assert "at most 78 wrong of 100 acted on" in shown({"most_recall": found})


@given(st.floats(0, 1), st.sampled_from(["min_recall", "max_error_among_answered"]))
def test_rounding_never_makes_a_promise_stricter(value, name):
    rounded = kept_when_rounded(name, value)
    if name == "min_recall":
        assert rounded <= value + 1e-6
    else:
        assert rounded >= value - 1e-6
    assert abs(rounded - value) <= 0.0101


def test_people_are_a_way_out_with_their_hours_a_week():
    found = impossible(per_week=100.0)
    assert found.shortfall is not None
    assert found.shortfall.reviews is not None
    said = shown({"most_recall": found}, reviewer_minutes=6.0)
    assert "reviews a week, about" in said
    assert "hours" in said
    assert "hours" not in shown({"most_recall": found})


def test_more_reviews_than_allowed_are_said_to_be_more():
    limits = Limits(min_recall=0.9, max_error_among_answered=0.2, reviews_per_week=1)
    found = within(limits=limits, per_week=100.0)
    assert "more than the limits allow" in shown({"most_recall": found})


def test_a_way_out_with_people_says_what_is_found_without_them():
    found = impossible()
    (recall,) = found.shortfall.reviews.counted
    said = shown({"most_recall": found})
    assert f"Counted with people, {100 * recall.with_people:.0f} of 100" in said
    assert "without a person, as the other figures count" in said
    assert f"{100 * recall.alone.value:.0f} of 100 (" in said


def test_no_millions_of_labels_are_asked_for():
    found = within(limits=Limits(max_error_among_answered=0.3))
    (check,) = found.checks
    price = labels_to_tell(check, labelling=Labelling(3, 60, 50))
    beyond = replace(price, more=101 * price.now)
    said = shown({"most_recall": found}, labels={check.name: beyond})
    assert "no sensible number of labels tells this apart" in said
    assert f"{beyond.more:,}" not in said


def test_without_a_volume_the_rows_to_decide_are_counted():
    assert "how many a week is not known" in shown({"most_recall": impossible()})


def test_labels_stand_with_their_money_and_days():
    found = within(limits=Limits(max_error_among_answered=0.3))
    (check,) = found.checks
    price = labels_to_tell(check, labelling=Labelling(3, 60, 50), clusters=4)
    said = shown({"most_recall": found}, labels={check.name: price}, currency="EUR")
    assert price is not None
    assert f"{price.more:,} more labels, from about" in said
    assert f"{price.days} working days" in said
    assert "EUR" in said
    assert "labels can settle" not in shown(
        {"most_recall": found}, labels={check.name: None}
    )


def test_the_cheapest_without_limits_stands_beside():
    found = {"cheapest": within("cheapest", context=Context(ratio=2.0))}
    said = shown(found, least_cost=Policy(kind="single", act_at=3.0))
    assert "With no person and no limits, the cheapest would be: act from 3 on" in said


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Policy(kind="all"), "act on everyone"),
        (Policy(kind="none"), "act on no one"),
        (Policy(kind="single", act_at=0.5), "act from 0.5 on"),
        (Policy(kind="review_band", act_at=0.5, review_at=0.2), "ask a person from"),
        (None, "nothing keeps the limits"),
    ],
)
def test_every_policy_has_plain_words(policy, words):
    assert words in policy_said(policy, "x").text


@pytest.mark.parametrize("name", Limits.model_fields)
def test_every_limit_can_be_said(name):
    from workshop.analysis.limits import LimitCheck

    check = LimitCheck(name, 0.5, Number(id="x", value=0.4), True)
    assert len(rule_said(check).text) > 15


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_leads_with_a_line_or_with_what_it_takes(scenario):
    line = line_of(scenario)
    goals: tuple[Goal, ...] = ("cheapest", "most_recall", "least_error")
    blocks = limits_blocks(
        {goal: line.best(goal) for goal in goals},
        {},
        least_cost=line.least_cost,
        reviewer_minutes=10,
        labels={},
    )
    assert any(isinstance(b, Table | Items) for b in blocks)
    assert "act from" in Page(text(blocks)).text
