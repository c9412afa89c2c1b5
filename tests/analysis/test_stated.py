"""Ranges from ranges: worked by hand, and held against every point of a fine grid."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workshop.analysis.stated import (
    break_even,
    possible_points,
    stated_number,
    stated_rates,
    stated_week,
    weekly_volume,
)
from workshop.data.scenario import Scenario, Stated
from workshop.record.choices import ImpactChoice, Record
from workshop.record.values import Number, PayoffMatrix

HUNDRED = Number(id="week.volume", value=1.0, unit="letters", assumed=True)
PAYOFF = PayoffMatrix(tp=0.9, fp=-2.5, fn=-0.4, tn=0.1)
ALL = Stated(positive_rate=(0.2, 0.3), precision=(0.6, 0.8), recall=(0.5, 0.7))


def ends(number: Number | None) -> tuple[float, float]:
    assert number is not None
    assert number.assumed
    return number.lo, number.hi


# --- by hand -------------------------------------------------------------------------


def test_of_those_acted_on_what_is_not_right_is_wrong():
    assert ends(stated_rates(ALL).error) == pytest.approx((0.2, 0.4))


def test_the_least_and_the_most_acted_on_stand_at_opposite_corners():
    # least: 0.2 · 0.5 / 0.8; most: 0.3 · 0.7 / 0.6
    assert ends(stated_rates(ALL).flagged) == pytest.approx((0.125, 0.35))


def test_missed_and_caught_and_false_alarms_by_hand():
    rates = stated_rates(ALL)
    assert ends(rates.missed) == pytest.approx((0.2 * 0.3, 0.3 * 0.5))
    assert ends(rates.caught) == pytest.approx((0.2 * 0.5, 0.3 * 0.7))
    assert ends(rates.false_alarms) == pytest.approx((0.125 * 0.2, 0.35 * 0.4))
    assert not rates.cut
    assert rates.lacks == ()


def test_a_combination_with_more_false_alarms_than_wrong_ones_is_left_out():
    # at 0.8 and 0.9 even acting on everybody is right 72 times of 92
    stated = Stated(positive_rate=(0.8, 0.8), precision=(0.5, 0.9), recall=(0.9, 0.9))
    rates = stated_rates(stated)
    assert rates.cut
    assert rates.fits
    assert ends(rates.precision) == pytest.approx((0.72 / 0.92, 0.9))
    assert ends(rates.flagged) == pytest.approx((0.8, 0.92))
    assert ends(rates.false_alarms) == pytest.approx((0.08, 0.2))


def test_rates_that_cannot_all_be_true_are_said_to_be_so():
    stated = Stated(positive_rate=(0.5, 0.6), precision=(0.1, 0.3), recall=(0.9, 1.0))
    rates = stated_rates(stated)
    assert not rates.fits
    assert rates.flagged is None
    assert rates.least_precision.value == pytest.approx(0.45 / 0.95)
    assert ends(rates.error) == pytest.approx((0.7, 0.9))
    week = stated_week(stated, PAYOFF, HUNDRED)
    assert week.ways[0].acted is None
    assert week.over_all is None
    # what needs only one of the three is not touched by the other two
    assert ends(week.ways[1].wrong) == pytest.approx((0.4, 0.5))
    assert ends(week.ways[2].missed) == pytest.approx((0.5, 0.6))


def test_what_was_not_stated_leaves_open_what_follows_from_it_and_no_more():
    rates = stated_rates(Stated(precision=(0.6, 0.8)))
    assert ends(rates.error) == pytest.approx((0.2, 0.4))
    assert rates.flagged is rates.missed is rates.error_all is None
    assert rates.lacks == ("positive_rate", "recall")
    assert not rates.cut
    assert stated_rates(None).lacks == ("positive_rate", "precision", "recall")
    two = stated_rates(Stated(positive_rate=(0.2, 0.3), recall=(0.5, 0.7)))
    assert ends(two.missed) == pytest.approx((0.06, 0.15))
    assert two.flagged is None


def test_a_range_has_a_value_only_where_it_is_a_point():
    assert stated_number("n", 0.2, 0.3).value is None
    assert stated_number("n", 0.2, 0.2).value == 0.2
    assert stated_number("n", 0.2, None).value is None


def test_a_precision_of_zero_keeps_every_range_finite():
    stated = Stated(positive_rate=(0.0, 0.3), precision=(0, 0.8), recall=(0.0, 0.7))
    rates = stated_rates(stated)
    assert ends(rates.error) == pytest.approx((0.2, 1.0))
    assert ends(rates.flagged)[1] == pytest.approx(1.0)


def test_a_week_in_people_and_money_by_hand():
    point = Stated(positive_rate=(0.3, 0.3), precision=(0.75, 0.75), recall=(0.5, 0.5))
    volume = HUNDRED.model_copy(update={"value": 1000.0})
    week = stated_week(point, PAYOFF, volume)
    stated, everyone, no_one = week.ways
    assert ends(stated.acted) == pytest.approx((200, 200))
    assert ends(stated.wrong) == pytest.approx((50, 50))
    assert ends(stated.missed) == pytest.approx((150, 150))
    worth = 0.9 * 150 - 2.5 * 50 - 0.4 * 150 + 0.1 * 650
    assert ends(stated.money) == pytest.approx((worth, worth))
    assert everyone.money.value == pytest.approx(0.9 * 300 - 2.5 * 700)
    assert no_one.money.value == pytest.approx(-0.4 * 300 + 0.1 * 700)
    assert week.over_none.value == pytest.approx(worth - no_one.money.value)
    assert everyone.wrong.value == pytest.approx(700)
    assert no_one.missed.value == pytest.approx(300)


def test_money_is_not_invented_where_nothing_was_priced():
    week = stated_week(ALL, PayoffMatrix(), HUNDRED)
    assert week.over_all is week.over_none is week.break_even is None
    assert all(way.money is None for way in week.ways)


def test_the_error_up_to_which_acting_pays_by_hand():
    # a false alarm costs 2.6, a miss 1.3: acting pays up to a third wrong
    assert break_even("b", 2.6, 1.3).value == pytest.approx(1 / 3)
    assert break_even("b", 0.0, 1.3) is None
    assert break_even("b", 1.0, 0.0) is None


def test_the_pairs_own_volume_goes_before_the_scenarios():
    scenario = Scenario.model_validate(
        {
            "title": "t",
            "request": "r",
            "decision": {"unit": "letters", "act": "send", "per_week": 500},
            "key": "id",
            "today": {"title": "by hand"},
            "payoff": {},
        }
    )
    said = Record(scenario="t", impact=ImpactChoice(per_week=800))
    assert weekly_volume(scenario, Record(scenario="t")).value == 500
    assert weekly_volume(scenario, said).value == 800


# --- against a grid ------------------------------------------------------------------

SHARE = st.integers(0, 20).map(lambda n: n / 20)
RANGE = st.tuples(SHARE, SHARE).map(lambda pair: tuple(sorted(pair)))
MONEY = st.integers(-6, 6).map(float)
STEPS = 9


def grid(stated: Stated) -> np.ndarray:
    """Every possible (π, p, r) of a grid over the three ranges, one row each."""
    sides = (stated.positive_rate, stated.precision, stated.recall)
    axes = [np.linspace(*side, STEPS) for side in sides]
    points = np.array(list(itertools.product(*axes)))
    pi, p, r = points.T
    happens = pi * r * (1 - p) <= (1 - pi) * p + 1e-12
    return points[happens & (p > 0)]


def shares(points: np.ndarray) -> dict[str, np.ndarray]:
    pi, p, r = points.T
    wrong = pi * r * (1 - p) / p
    return {
        "error": 1 - p,
        "recall": r,
        "positive_rate": pi,
        "caught": pi * r,
        "missed": pi * (1 - r),
        "false_alarms": wrong,
        "flagged": pi * r + wrong,
        "error_all": 1 - pi,
    }


@given(RANGE, RANGE, RANGE)
def test_no_point_of_the_grid_lies_outside_and_both_ends_can_happen(pi, p, r):
    stated = Stated(positive_rate=pi, precision=p, recall=r)
    points = grid(stated)
    rates = stated_rates(stated)
    if not rates.fits:
        assert len(points) == 0
        return
    assume(len(points))
    for name, values in shares(points).items():
        lo, hi = ends(getattr(rates, name))
        assert lo <= values.min() + 1e-7, name
        assert hi >= values.max() - 1e-7, name
    for pi_at, r_at, q_at in possible_points(stated):
        assert pi_at * r_at * q_at <= 1 - pi_at + 1e-6


@given(RANGE, RANGE, RANGE, st.tuples(MONEY, MONEY, MONEY, MONEY))
def test_money_lies_within_its_range_wherever_the_rates_land(pi, p, r, worth):
    stated = Stated(positive_rate=pi, precision=p, recall=r)
    points = grid(stated)
    assume(len(points) and any(worth))
    tp, fp, fn, tn = worth
    week = stated_week(stated, PayoffMatrix(tp=tp, fp=fp, fn=fn, tn=tn), HUNDRED)
    at, found = points[:, 0], shares(points)
    left = 1 - at - found["false_alarms"]
    money = (
        tp * found["caught"]
        + fp * found["false_alarms"]
        + fn * found["missed"]
        + tn * left
    )
    beside = {
        "over_all": money - (tp * at + fp * (1 - at)),
        "over_none": money - (fn * at + tn * (1 - at)),
    }
    for number, values in (
        (week.ways[0].money, money),
        (week.over_all, beside["over_all"]),
        (week.over_none, beside["over_none"]),
    ):
        lo, hi = ends(number)
        assert lo <= values.min() + 1e-6
        assert hi >= values.max() - 1e-6


def test_the_ends_are_met_by_a_fine_grid():
    stated = Stated(positive_rate=(0.4, 0.8), precision=(0.4, 0.9), recall=(0.5, 0.95))
    axes = [np.linspace(*side, 121) for side in ((0.4, 0.8), (0.4, 0.9), (0.5, 0.95))]
    pi, p, r = (axis.ravel() for axis in np.meshgrid(*axes))
    happens = pi * r * (1 - p) <= (1 - pi) * p
    found = shares(np.column_stack([pi, p, r])[happens])
    rates = stated_rates(stated)
    assert rates.cut
    for name in ("flagged", "false_alarms", "missed", "caught", "error"):
        lo, hi = ends(getattr(rates, name))
        assert lo == pytest.approx(found[name].min(), abs=5e-3)
        assert hi == pytest.approx(found[name].max(), abs=5e-3)
