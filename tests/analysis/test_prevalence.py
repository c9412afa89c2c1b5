"""The same policy elsewhere: Bayes' rule, with a range that holds at its ends too."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workshop.analysis.curve import OperatingPoint
from workshop.analysis.intervals import wilson
from workshop.analysis.metrics import Context, Reviewer, coverage, expected_cost
from workshop.analysis.policies import Cells
from workshop.analysis.prevalence import LOGIT, RATIO, at_prevalence
from workshop.errors import InputError

counts = st.integers(0, 300)
shares = st.floats(0.001, 0.999)
CONTEXT = Context(ratio=5, review_cost=0.3, reviewer=Reviewer(0.7, 0.8))


def point(tp, fp, fn, tn):
    return OperatingPoint(0.5, tp, fp, fn, tn)


@pytest.mark.parametrize(
    ("prevalence", "expected"), [(0.5, 0.9), (0.1, 0.5), (0.01, 0.0833)]
)
def test_nine_in_ten_caught_and_one_in_ten_alarmed(prevalence, expected):
    """Derived from Bayes' rule, as in `reference/statistics.md`."""
    found = at_prevalence(point(450, 50, 50, 450), prevalence, rows="report")
    assert found.precision.value == pytest.approx(expected, abs=5e-5)
    assert found.precision.lo < expected < found.precision.hi
    assert found.stated.value == prevalence


def test_the_logit_interval_worked_by_hand():
    """Mercaldo, Lau & Zhou 2007: variance (1-se)/(se·n1) + sp/((1-sp)·n0)."""
    found = at_prevalence(point(80, 30, 20, 170), 0.2, rows="report").precision
    logit = math.log(0.8 * 0.2 / (0.15 * 0.8))
    half = 1.959964 * math.sqrt(0.2 / (0.8 * 100) + 0.85 / (0.15 * 200))
    assert found.method == LOGIT
    for value, at in ((found.value, 0), (found.lo, -half), (found.hi, half)):
        assert math.log(value / (1 - value)) == pytest.approx(logit + at, abs=1e-6)


@given(counts, counts, counts, counts, counts, counts)
def test_at_its_own_prevalence_nothing_changes(tp, fp, fn, tn, asked, asked_wrong):
    positives, negatives = tp + fn + asked, fp + tn + asked_wrong
    assume(positives and negatives)
    cells = Cells(tp, fp, fn, tn, asked, asked_wrong)
    own = positives / (positives + negatives)
    found = at_prevalence(cells, own, rows="all", context=CONTEXT)
    if tp + fp:
        assert found.precision.value == pytest.approx(tp / (tp + fp))
        assert found.error_among_answered.value == pytest.approx(fp / (tp + fp))
    else:
        assert found.precision.value is None
    assert found.coverage.value == pytest.approx(coverage(cells))
    assert found.expected_cost.value == pytest.approx(expected_cost(cells, CONTEXT))
    assert found.measured.value == pytest.approx(own)


@given(counts, counts, counts, counts, shares, st.floats(1, 20))
def test_every_range_holds_its_value_and_grows_with_the_design_effect(
    tp, fp, fn, tn, prevalence, deff
):
    assume(tp + fn and fp + tn)
    cells = point(tp, fp, fn, tn)
    one, wide = (
        at_prevalence(cells, prevalence, rows="all", context=CONTEXT, deff=d)
        for d in (1, deff)
    )
    for name in ("precision", "error_among_answered", "coverage", "expected_cost"):
        number, wider = getattr(one, name), getattr(wide, name)
        assert number.assumed
        if number.value is None:
            assert tp + fp == 0
            continue
        slack = 1e-9 * max(1, abs(number.value))
        assert number.lo - slack <= number.value <= number.hi + slack
        assert wider.lo <= number.lo + slack
        assert wider.hi >= number.hi - slack
        if name != "expected_cost":
            assert -slack <= number.lo <= number.hi <= 1 + slack


@given(counts, counts, counts, counts, shares, shares)
def test_where_cases_are_rarer_fewer_alarms_are_right(tp, fp, fn, tn, one, other):
    assume(tp and fp)
    low, high = (
        at_prevalence(point(tp, fp, fn, tn), share, rows="all").precision
        for share in sorted((one, other))
    )
    assert low.value <= high.value
    assert low.lo <= high.lo
    assert low.hi <= high.hi


@pytest.mark.parametrize(
    "cells",
    [(0, 10, 50, 90), (25, 0, 25, 100), (50, 10, 0, 90), (10, 100, 40, 0)],
    ids=["none caught", "no false alarm", "all caught", "all alarmed"],
)
def test_a_count_at_its_end_still_has_a_range(cells):
    """At the rows' own prevalence it must be near Wilson's, of the rows acted on."""
    tp, fp, *_ = cells
    found = at_prevalence(point(*cells), 1 / 3, rows="all").precision
    near = wilson(tp, tp + fp)
    assert found.method == RATIO
    assert found.value == pytest.approx(tp / (tp + fp))
    assert (found.lo, found.hi) == pytest.approx((near.lo, near.hi), abs=0.06)


@pytest.mark.parametrize(
    ("recall", "alarms", "positives", "negatives"),
    [
        (0.9, 0.1, 50, 450),
        (0.95, 0.05, 20, 100),
        (0.98, 0.02, 20, 60),
        (0.5, 0.01, 40, 100),
        (0.999, 0.3, 50, 50),
    ],
)
def test_the_range_covers_the_truth_in_95_of_100_draws(
    recall, alarms, positives, negatives
):
    """Between one and nineteen draws of twenty have a count at its end."""
    rng, at = np.random.default_rng(1), 0.03
    truth = recall * at / (recall * at + alarms * (1 - at))
    acted = recall * at + alarms * (1 - at)
    held, held_too, n = 0, 0, 800
    for tp, fp in zip(
        rng.binomial(positives, recall, n),
        rng.binomial(negatives, alarms, n),
        strict=True,
    ):
        cells = point(int(tp), int(fp), int(positives - tp), int(negatives - fp))
        found = at_prevalence(cells, at, rows="all")
        held += found.precision.lo <= truth <= found.precision.hi
        held_too += found.coverage.lo <= acted <= found.coverage.hi
    assert held / n >= 0.935
    assert held_too / n >= 0.925


def test_acting_on_everyone_costs_what_the_stated_share_says():
    everyone = at_prevalence(
        point(30, 70, 0, 0), 0.1, rows="all", context=Context(ratio=5)
    )
    assert everyone.expected_cost.value == pytest.approx(0.9)
    assert everyone.coverage.value == 1
    assert everyone.precision.value == pytest.approx(0.1)
    no_one = at_prevalence(
        point(0, 0, 30, 70), 0.1, rows="all", context=Context(ratio=5)
    )
    assert no_one.expected_cost.value == pytest.approx(0.5)
    assert no_one.precision.value is None


def test_a_cost_of_one_rate_has_wilsons_interval_scaled():
    """All negatives left alone for sure count for little: nearly misses alone."""
    cells = point(40, 0, 10, 10**9)
    found = at_prevalence(cells, 0.2, rows="all", context=Context(ratio=5))
    alone = wilson(10, 50)
    assert found.expected_cost.lo == pytest.approx(0.2 * 5 * alone.lo, abs=1e-6)
    assert found.expected_cost.hi == pytest.approx(0.2 * 5 * alone.hi, abs=1e-6)


def test_without_a_ratio_there_is_no_cost_and_without_a_label_no_rate():
    assert at_prevalence(point(1, 1, 1, 1), 0.5, rows="all").expected_cost is None
    only = at_prevalence(point(3, 0, 2, 0), 0.5, rows="all", context=CONTEXT)
    for number in (only.precision, only.coverage, only.expected_cost):
        assert (number.value, number.lo, number.hi) == (None, None, None)


@pytest.mark.parametrize("prevalence", [0, 1, -0.1, math.nan])
def test_a_prevalence_is_a_share(prevalence):
    with pytest.raises(InputError, match="between 0 and 1"):
        at_prevalence(point(1, 1, 1, 1), prevalence, rows="all")


def test_no_rows_are_refused():
    with pytest.raises(InputError, match="no rows"):
        at_prevalence(point(0, 0, 0, 0), 0.5, rows="all")
