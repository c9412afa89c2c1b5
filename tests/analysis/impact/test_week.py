"""A week in people, hours and money, added up by hand and held to today's page."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.analysis.impact.builders import BAND, STATED, money_a_week, places
from workshop.analysis.evidence import Evidence
from workshop.analysis.impact.assumptions import assumptions_of
from workshop.analysis.impact.week import week, weekly_money
from workshop.analysis.intervals import wilson
from workshop.analysis.options.places import PLACES
from workshop.analysis.readout import CELLS, cells_of
from workshop.data.catalog import find_target
from workshop.record.choices import Record
from workshop.record.values import Policy
from workshop.steps.given import Given

REVIEWER = {"reviewer_sensitivity": 0.75, "reviewer_specificity": 0.5}
MINUTES = {
    "minutes_today": 9,
    "minutes_tp": 1,
    "minutes_fp": 12,
    "minutes_fn": 9,
    "minutes_tn": 9,
    "minutes_review": 3,
    "minutes_choice": 2,
}
FEW = {
    "right_positive": 3,
    "right_negative": 2,
    "wrong_positive": 1,
    "wrong_negative": 4,
}
shares = st.lists(st.integers(0, 50), min_size=10, max_size=10).filter(any)


def of(counts, **values):
    return week(places(**counts), STATED | values)


def test_people_are_counted_after_what_a_person_makes_of_those_they_are_asked_about():
    found = of(BAND, per_week=100, **REVIEWER)
    assert (found.acted, found.asked, found.shown) == (60, 20, 0)
    assert found.helped == pytest.approx(50 + 12 * 0.75)
    assert found.wrong == pytest.approx(10 + 8 * 0.5)
    assert found.missed == pytest.approx(15 + 12 * 0.25)
    assert found.left_alone_rightly == pytest.approx(5 + 8 * 0.5)


def test_a_list_without_a_right_answer_misleads_nobody_and_helps_nobody():
    found = of(FEW, per_week=10)
    assert (found.shown, found.helped, found.wrong) == (10, 5, 0)
    assert (found.missed, found.in_vain) == pytest.approx((1, 4))


@given(shares, st.floats(0, 1), st.floats(0, 1))
def test_every_decision_is_counted_once(counts, right, clear):
    found = of(
        dict(zip(PLACES, counts, strict=True)),
        reviewer_sensitivity=right,
        reviewer_specificity=clear,
    )
    parts = (found.helped, found.wrong, found.missed, found.in_vain)
    assert sum(parts) + found.left_alone_rightly == pytest.approx(4000)


def test_three_of_ten_wrong_answers_are_1200_of_4000_people_a_week():
    """The golden line of `reference/statistics.md`: 30 of 100 is 0.2189 to 0.3958."""
    found = of({"tp": 70, "fp": 30})
    assert found.wrong == pytest.approx(1200)
    ends = wilson(30, 100)
    assert (4000 * ends.lo, 4000 * ends.hi) == pytest.approx((875.6, 1583.2), abs=0.5)


@pytest.mark.parametrize(
    ("prevalence", "expected"), [(0.5, 0.9), (0.1, 0.5), (0.01, 0.0833)]
)
def test_at_a_rare_case_most_of_those_acted_on_are_not_one(prevalence, expected):
    """TPR .9 and FPR .1 at three base rates, as in `reference/statistics.md`."""
    rare = 1 - prevalence
    found = of(
        {
            "tp": 0.9 * prevalence,
            "fn": 0.1 * prevalence,
            "fp": 0.1 * rare,
            "tn": 0.9 * rare,
        }
    )
    assert found.helped / found.acted == pytest.approx(expected, abs=5e-5)
    assert found.acted_per_success == pytest.approx(1 / expected, rel=1e-3)


# --- hours ---------------------------------------------------------------------------


def test_a_review_takes_its_own_minutes_and_those_of_what_follows():
    found = of(BAND, per_week=100, **REVIEWER, **MINUTES)
    assert found.hours_today == 15
    minutes = 59 * 1 + 14 * 12 + 18 * 9 + 9 * 9 + 20 * 3
    assert found.hours_spent == pytest.approx(minutes / 60)
    assert found.hours_saved == pytest.approx(15 - minutes / 60)


def test_a_list_takes_its_minutes_and_in_vain_those_of_one_left_alone():
    found = of(FEW, per_week=10, **MINUTES)
    assert found.hours_spent == pytest.approx((10 * 2 + 5 * 9) / 60)


def test_hours_need_only_the_minutes_of_places_where_somebody_is():
    only = {"minutes_today": 9, "minutes_tp": 1, "minutes_fp": 12}
    assert of({"tp": 7, "fp": 3}, **only).hours_saved is not None
    assert of({"tp": 7, "fp": 3, "fn": 1}, **only).hours_saved is None
    assert of({"tp": 7, "fp": 3, "fn": 1}, **only).hours_today == 600


# --- money ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "policies"),
    [
        ("privacy-assistant", [Policy(kind="single", act_at=0.5), Policy(kind="all")]),
        (
            "flight-disruptions",
            [
                Policy(kind="review_band", act_at=0.5, review_at=0.3),
                Policy(kind="none"),
                Policy(kind="random", volume=0.3),
            ],
        ),
    ],
)
def test_the_payoffs_money_is_that_of_the_page_before(name, policies):
    given = Given(find_target(name).scenario)
    record = Record(scenario=name)
    scenario = given.scenario.model_copy(update={"assumed": {}})
    evidence = Evidence(scenario, given.card, record, given.data, given.runs)
    likely = assumptions_of(scenario, record).likely
    for policy in policies:
        cells = cells_of(evidence, policy, "report")
        found = week(places(**{cell: getattr(cells, cell) for cell in CELLS}), likely)
        expected = money_a_week(evidence, policy)
        assert found.payoff_money == pytest.approx(expected, rel=1e-9)


def test_money_is_told_by_kind_and_the_kinds_add_up():
    counts = BAND | {"right_negative": 10, "wrong_positive": 10}
    found = week(
        places(**counts),
        STATED
        | REVIEWER
        | {
            "per_week": 120,
            "choice_right": 0.5,
            "choice_wrong": -0.2,
            "events_per_1000_wrong": 10,
            "cost_per_event": 300,
        },
        running=0.01,
    )
    assert found.money_right == pytest.approx(59 * 0.9)
    assert found.money_wrong == pytest.approx(14 * -2.5)
    assert found.money_missed == pytest.approx(18 * -0.4)
    assert found.money_reviews == pytest.approx(20 * -0.6)
    assert found.money_choices == pytest.approx(10 * 0.5 - 10 * 0.2)
    assert found.money_running == pytest.approx(-1.2)
    assert found.events == pytest.approx(14 * 52 * 10 / 1000)
    assert found.money_events == pytest.approx(-14 * 10 / 1000 * 300)
    kinds = ("right", "wrong", "missed", "reviews", "choices", "running", "events")
    total = sum(getattr(found, f"money_{kind}") for kind in kinds)
    assert found.money == pytest.approx(total)
    assert found.payoff_money == pytest.approx(total + 1.2 + 42)


def test_a_cost_nobody_stated_counts_nothing_and_is_not_shown_as_none():
    found = of(BAND)
    assert found.money_running is None
    assert found.money_events is None
    assert found.money == found.payoff_money


def test_lists_whose_worth_nobody_stated_have_no_money():
    assert of(FEW).money is None
    assert of(FEW, choice_right=1).money is None
    assert of(FEW, choice_right=1, choice_wrong=0).money is not None


@given(shares, st.floats(-100, 100), st.floats(0, 100))
def test_a_costlier_wrong_answer_never_brings_more_money(counts, fp, more):
    option = dict(zip(PLACES, counts, strict=True))
    choices = {"choice_right": 1, "choice_wrong": 0}
    dear, cheap = (of(option, fp=cost, **choices) for cost in (fp - more, fp))
    assert dear.money <= cheap.money + 1e-9 * abs(cheap.money)


@given(shares, st.floats(0.1, 50))
def test_more_volume_brings_as_many_more_people_hours_and_money(counts, factor):
    option = dict(zip(PLACES, counts, strict=True))
    values = {**REVIEWER, **MINUTES, "choice_right": 1, "choice_wrong": 0}
    one = of(option, per_week=100, **values)
    more = of(option, per_week=100 * factor, **values)
    for name in ("helped", "wrong", "missed", "asked", "hours_saved", "money"):
        assert getattr(more, name) == pytest.approx(
            factor * getattr(one, name), rel=1e-9, abs=1e-9 * factor
        )


# --- use and risk --------------------------------------------------------------------


def test_who_meets_a_wrong_answer_in_three_asks_and_stays():
    use = {"asks_per_user": 3, "seen": 0.5, "keep_after_wrong": 0.6}
    found = of({"tp": 70, "fp": 30}, **use)
    met = 1 - 0.7**3
    assert found.wrong_of_users == pytest.approx(met)
    assert found.active_share == pytest.approx(0.5 * (1 - met * 0.4))


def test_an_option_that_answers_fewer_meets_fewer_with_a_wrong_answer():
    all_of_them = of({"tp": 70, "fp": 30}, asks_per_user=3)
    half = of({"tp": 35, "fp": 15, "fn": 35, "tn": 15}, asks_per_user=3)
    assert half.wrong_of_users == pytest.approx(1 - 0.85**3)
    assert half.wrong_of_users < all_of_them.wrong_of_users


def test_what_serves_nobody_is_used_by_nobody_that_can_be_told():
    use = {"asks_per_user": 3, "seen": 0.5, "keep_after_wrong": 0.6}
    found = of({"fn": 70, "tn": 30}, **use)
    assert np.isnan(found.active_share)
    assert np.isnan(found.acted_per_success)
    assert of({"tp": 70, "fp": 30}, asks_per_user=3).active_share is None


def test_calls_that_win_nothing_are_infinitely_many_for_one_success():
    assert of({"fp": 5, "tn": 5}).acted_per_success == np.inf


# --- draws ---------------------------------------------------------------------------


@given(st.lists(shares, min_size=2, max_size=5), st.floats(-5, 0))
def test_all_draws_at_once_are_each_draw_alone(rows, fp):
    drawn = np.array(rows) / np.array(rows).sum(axis=1, keepdims=True)
    costs = np.linspace(fp, 0, len(rows))
    values = STATED | {**REVIEWER, **MINUTES, "choice_right": 1, "choice_wrong": 0}
    together = week(drawn, values | {"fp": costs})
    for place, (one, cost) in enumerate(zip(drawn, costs, strict=True)):
        alone = week(one, values | {"fp": float(cost)})
        for name in ("helped", "wrong", "hours_saved", "money"):
            found = np.broadcast_to(getattr(together, name), len(rows))[place]
            assert found == pytest.approx(getattr(alone, name))


@given(shares)
def test_money_alone_is_the_weeks_money(counts):
    assume(sum(counts))
    one = places(**dict(zip(PLACES, counts, strict=True)))
    values = STATED | REVIEWER | {"choice_right": 1, "choice_wrong": 0}
    values |= {"events_per_1000_wrong": 3, "cost_per_event": 50}
    found = weekly_money(one, values, running=0.2)
    assert found == week(one, values, running=0.2).money


def test_what_comes_out_cannot_be_changed_and_what_went_in_still_can():
    drawn = np.array([places(**BAND), places(tp=1, fp=1)])
    found = week(drawn, STATED)
    with pytest.raises(ValueError, match="read-only"):
        found.wrong[0] = 0
    drawn[0, 0] = 0.1
