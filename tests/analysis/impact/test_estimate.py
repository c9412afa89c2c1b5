"""What an option comes to, with ranges that rows and assumptions make together."""

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.impact.builders import BAND, assumed, option, places, ranged
from workshop.analysis.impact.estimate import (
    MEASURES,
    estimate,
    estimate_gain,
    estimates,
    missing_for,
    unit_of_measure,
)
from workshop.analysis.impact.week import Shares
from workshop.errors import InputError
from workshop.record.terms import BUSINESS

ALL_STATED = {
    "per_week": ranged(3000, 4000, 6000),
    "fp": ranged(-6, -2.5, -1),
    "reviewer_hours": ranged(100, 120, 140),
    "minutes_review": 2,
    "minutes_today": ranged(7, 9, 12),
    **{f"minutes_{cell}": 3 for cell in ("tp", "fp", "fn", "tn")},
    "asks_per_user": 3,
    "seen": ranged(0.3, 0.5, 0.6),
    "keep_after_wrong": 0.7,
    "events_per_1000_wrong": ranged(0, 1, 5),
    "cost_per_event": 100,
}


def test_every_business_measure_is_told_in_its_own_unit_once_everything_is_stated():
    found = estimate(option(**BAND), assumed(**ALL_STATED), seed=1)
    assert set(BUSINESS) <= set(found.numbers) <= set(MEASURES)
    for name, measure in BUSINESS.items():
        number = found.numbers[name]
        expected = "EUR" if measure.unit == "money" else measure.unit
        assert number.unit == expected
        assert number.id == f"impact.a.{name}"
        assert number.assumed
        assert number.method == "500 draws of rows and assumptions"
        assert number.lo <= number.value <= number.hi
        assert found.draws[name].shape == (500,)
        assert not found.draws[name].flags.writeable


def test_a_measure_that_needs_what_nobody_stated_is_left_out():
    found = estimate(option(**BAND), assumed(), seed=1).numbers
    missing = {"hours_saved", "active_share", "events", "waiting_hours"}
    assert missing.isdisjoint(found)
    assert {"money", "people_wrong", "asked"} <= set(found)


def test_it_is_said_what_a_measure_would_need():
    band, lists = option(**BAND), option(tp=5, fn=2, right_positive=3)
    assert missing_for("money", band, assumed().likely) == ()
    assert missing_for("money", lists, assumed().likely) == ("choice_right",)
    assert missing_for("waiting_hours", band, {"reviewer_hours": 3}) == (
        "minutes_review",
    )
    assert missing_for("hours_saved", lists, {"minutes_fn": 9}) == (
        "minutes_today",
        "minutes_tp",
        "minutes_choice",
    )


def test_the_value_is_that_of_the_likely_figures_and_the_rows_as_observed():
    numbers = estimate(option(**BAND), assumed(**ALL_STATED), seed=1).numbers
    # a perfect reviewer, unless said otherwise
    assert numbers["people_wrong"].value == pytest.approx(400)
    assert numbers["people_helped"].value == pytest.approx(4000 * 0.62)
    assert numbers["asked"].value == pytest.approx(800)


def test_the_range_is_where_95_of_100_draws_lie():
    found = estimate(option(**BAND, draws=2000), assumed(**ALL_STATED), seed=1)
    number, draws = found.numbers["money"], found.draws["money"]
    assert np.mean(draws < number.lo) == pytest.approx(0.025, abs=0.001)
    assert np.mean(draws > number.hi) == pytest.approx(0.025, abs=0.001)


def test_the_range_holds_a_likely_value_at_an_end_of_its_own_range():
    fixed = Shares("a", places(tp=1, fp=1), np.tile(places(tp=1, fp=1), (500, 1)))
    found = estimate(fixed, assumed(fp=ranged(-9, -1, -1)), seed=1).numbers["money"]
    assert found.hi == found.value


def test_without_anything_that_varies_there_is_no_range():
    fixed = Shares("a", places(tp=1), np.tile(places(tp=1), (50, 1)))
    number = estimate(fixed, assumed(), seed=1).numbers["money"]
    assert number.value == pytest.approx(3600)
    assert (number.lo, number.hi, number.level) == (None, None, None)


def test_rows_and_assumptions_together_are_less_sure_than_either_alone():
    rows, stated = option(**BAND, draws=4000), assumed(fp=ranged(-6, -2.5, -1))
    still = replace(rows, drawn=np.tile(rows.observed, (4000, 1)))
    both, only_rows, only_assumed = (
        estimate(*given, seed=1).numbers["money"]
        for given in ((rows, stated), (rows, assumed()), (still, stated))
    )
    for one in (only_rows, only_assumed):
        assert both.hi - both.lo > one.hi - one.lo


def test_a_queue_that_overflows_has_no_wait_and_keeps_its_overflow():
    stated = assumed(reviewer_hours=10, minutes_review=2)
    found = estimate(option(**BAND), stated, seed=1)
    assert found.numbers["waiting_hours"].value is None
    assert np.isinf(found.draws["waiting_hours"]).any()
    assert found.numbers["overflow_per_week"].value == pytest.approx(800 - 300)


def test_a_reviewer_without_hours_reaches_nobody():
    stated = assumed(reviewer_hours=0, minutes_review=2)
    found = estimate(option(**BAND), stated, seed=1).numbers
    assert found["waiting_hours"].value is None
    assert found["overflow_per_week"].value == pytest.approx(800)
    assert found["load"].value is None


def test_who_asks_nobody_makes_nobody_wait_whatever_was_stated():
    found = estimate(option(tp=7, fp=3), assumed(), seed=1).numbers
    assert found["waiting_hours"].value == 0


def test_the_same_seed_is_the_same_number_and_options_share_their_draws():
    stated = assumed(**ALL_STATED)
    both = estimates([option(**BAND), option("b", tp=7, fp=3)], stated, seed=4)
    alone = estimate(option(**BAND), stated, seed=4)
    assert (both[0].draws["money"] == alone.draws["money"]).all()
    assert both[0].numbers["money"] == alone.numbers["money"]


def test_an_option_gains_nothing_over_itself_and_a_pair_is_surer_than_two_alone():
    stated = assumed(per_week=ranged(1000, 4000, 9000))
    one = option(**BAND)
    first, second = estimates(
        [one, replace(one, option="b", running=0.1)], stated, seed=1
    )
    gain = estimate_gain(first, second, "money")
    assert gain.id == "impact.a.money.over.b"
    assert gain.value == pytest.approx(400)
    assert 100 <= gain.lo <= gain.hi <= 900
    alone = first.numbers["money"]
    assert gain.hi - gain.lo < alone.hi - alone.lo
    assert estimate_gain(first, first, "money").value == 0


def test_a_gain_that_cannot_be_told_or_paired_is_refused():
    one = estimate(option(**BAND), assumed(), seed=1)
    with pytest.raises(InputError, match="hours_saved of a cannot be told"):
        estimate_gain(one, one, "hours_saved")
    fewer = estimate(option("b", draws=100, **BAND), assumed(), seed=1)
    with pytest.raises(InputError, match="draw both alike"):
        estimate_gain(one, fewer, "money")


def test_every_measure_has_a_unit():
    assert all(unit_of_measure(name, "EUR") for name in MEASURES)
    assert unit_of_measure("money_wrong", "CHF") == "CHF"
    assert unit_of_measure("payoff_money", "CHF") == "CHF"
