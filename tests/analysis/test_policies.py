"""Policies are valued on counts, beside the trivial ones; the cheapest is exact."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.curve import threshold_curve
from workshop.analysis.metrics import Reviewer, size_of
from workshop.analysis.policies import (
    bayes_cut,
    cheapest_policy,
    cheapest_threshold,
    count_cells,
    evaluate,
    lines_of,
    policy_at,
    review_can_pay,
    trivial_policies,
)
from workshop.errors import InputError
from workshop.record.values import Policy

LABELS = [0, 0, 1, 0, 1, 1, 0, 1]
SCORES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
CURVE = threshold_curve(LABELS, SCORES)


@st.composite
def curves(draw):
    rows = draw(
        st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=30)
    )
    labels = np.array([label for label, _ in rows])
    labels[:2] = [True, False]
    return threshold_curve(labels, np.array([score for _, score in rows]) / 8)


cuts = st.floats(-0.5, 1.5)
policies = st.one_of(
    st.sampled_from([Policy(kind="all"), Policy(kind="none")]),
    cuts.map(lambda cut: Policy(kind="single", act_at=cut)),
    st.tuples(cuts, cuts).map(
        lambda pair: Policy(kind="review_band", act_at=max(pair), review_at=min(pair))
    ),
    st.floats(0, 1).map(lambda volume: Policy(kind="random", volume=volume)),
)


@given(curves(), policies, st.floats(0.01, 100))
def test_every_policy_places_every_row_once(curve, policy, ratio):
    cells = evaluate(policy, curve, ratio=ratio).cells
    assert size_of(cells) == pytest.approx(curve.n)
    assert cells.tp + cells.fn + cells.asked_positive == pytest.approx(curve.positives)
    assert min(cells.tp, cells.fp, cells.fn, cells.tn) >= 0


def test_a_band_acts_asks_and_stays_silent():
    band = Policy(kind="review_band", act_at=0.6, review_at=0.3)
    found = evaluate(band, CURVE, ratio=2, review_cost=0.25)
    assert (found.cells.tp, found.cells.fp) == (2, 1)
    assert (found.cells.asked_positive, found.cells.asked_negative) == (2, 1)
    assert (found.cells.fn, found.cells.tn) == (0, 2)
    assert found.expected_cost == pytest.approx((1 + 0.25 * 3) / 8)


def test_a_worse_reviewer_costs_more():
    band = Policy(kind="review_band", act_at=0.6, review_at=0.3)
    perfect = evaluate(band, CURVE, ratio=2, review_cost=0.25)
    human = evaluate(
        band, CURVE, ratio=2, review_cost=0.25, reviewer=Reviewer(0.9, 0.9)
    )
    gap = human.expected_cost - perfect.expected_cost
    assert gap == pytest.approx((2 * 0.1 * 2 + 0.1 * 1) / 8)


@given(curves(), cuts, st.floats(0.01, 100))
def test_a_band_of_no_width_is_a_single_threshold(curve, cut, ratio):
    band = Policy(kind="review_band", act_at=cut, review_at=cut)
    single = Policy(kind="single", act_at=cut)
    one, other = (evaluate(p, curve, ratio=ratio) for p in (band, single))
    assert one.cells == other.cells


def test_all_none_random_and_today_stand_beside_every_policy():
    found = [evaluate(p, CURVE, ratio=3) for p in trivial_policies(0.25)]
    assert [f.policy.kind for f in found] == ["all", "none", "random", "today"]
    everyone, no_one, drawn, today = found
    assert everyone.expected_cost == 4 / 8
    assert no_one.expected_cost == 3 * 4 / 8
    assert (drawn.cells.tp, drawn.cells.fp) == (1.0, 1.0)
    assert drawn.expected_cost == pytest.approx(0.25 * 4 / 8 + 0.75 * 12 / 8)
    assert (today.cells, today.expected_cost) == (None, None)


@given(curves(), st.floats(0.05, 20))
def test_no_cut_at_all_is_cheaper_than_the_cheapest(curve, ratio):
    best = cheapest_threshold(curve, ratio=ratio)
    silent = math.isinf(best)
    single = Policy(kind="none") if silent else Policy(kind="single", act_at=best)
    cost = evaluate(single, curve, ratio=ratio).expected_cost
    cuts = [Policy(kind="single", act_at=cut) for cut in curve.thresholds.tolist()]
    for policy in [*cuts, Policy(kind="none"), Policy(kind="all")]:
        other = evaluate(policy, curve, ratio=ratio)
        assert cost <= other.expected_cost + 1e-12
    named = evaluate(cheapest_policy(curve, ratio=ratio), curve, ratio=ratio)
    assert named.expected_cost == pytest.approx(cost)


def test_of_equal_costs_the_highest_threshold_wins():
    # Each step down adds one false alarm and finds one miss worth one alarm.
    curve = threshold_curve([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6])
    assert cheapest_threshold(curve, ratio=1) == 0.9
    assert cheapest_threshold(curve, ratio=0.5) == 0.9
    reverse = threshold_curve([0, 1], [0.9, 0.8])
    assert cheapest_threshold(reverse, ratio=1) == math.inf


def test_the_ends_are_called_all_and_none():
    assert cheapest_policy(CURVE, ratio=100).kind == "single"
    low = threshold_curve([1, 0, 1], [0.1, 0.2, 0.3])
    assert cheapest_policy(low, ratio=100) == Policy(kind="all")
    high = threshold_curve([1, 0, 0], [0.1, 0.2, 0.3])
    assert cheapest_policy(high, ratio=0.5) == Policy(kind="none")


@given(curves(), cuts)
def test_a_threshold_as_a_policy_acts_on_the_same_rows(curve, cut):
    point = curve.at(cut)
    cells = count_cells(policy_at(curve, cut), curve)
    assert (cells.tp, cells.fp) == (point.tp, point.fp)
    assert policy_at(curve, math.inf) == Policy(kind="none")
    assert policy_at(curve, -math.inf) == Policy(kind="all")
    assert count_cells(Policy(kind="today"), curve) is None


def test_a_band_can_pay_only_below_the_price_chow_gives():
    most = review_can_pay(0, c_fp=1, c_fn=5).most
    assert most == pytest.approx(5 / 6)
    assert not review_can_pay(most, c_fp=1, c_fn=5).can_pay
    below = review_can_pay(most - 1e-6, c_fp=1, c_fn=5)
    assert below.can_pay
    # A band about to vanish closes on the cut that costs alone would give.
    assert below.clear_below == pytest.approx(bayes_cut(1, 5), abs=1e-5)
    assert below.act_above == pytest.approx(bayes_cut(1, 5), abs=1e-5)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: cheapest_threshold(CURVE, ratio=0), "positive number"),
        (lambda: cheapest_threshold(CURVE, ratio=math.nan), "positive number"),
        (lambda: evaluate(Policy(kind="all"), CURVE, ratio=-1), "positive number"),
        (lambda: bayes_cut(0, 1), "both cost something"),
        (lambda: review_can_pay(-1, c_fp=1, c_fn=1), "price cannot be -1"),
    ],
)
def test_prices_that_cannot_be_are_refused(call, says):
    with pytest.raises(InputError, match=says):
        call()


@pytest.mark.parametrize(
    ("policy", "lines"),
    [
        (Policy(kind="all"), (-math.inf, -math.inf)),
        (Policy(kind="none"), (math.inf, math.inf)),
        (Policy(kind="single", act_at=0.4), (0.4, 0.4)),
        (Policy(kind="review_band", act_at=0.4, review_at=0.2), (0.4, 0.2)),
        (Policy(kind="random", volume=0.3), None),
        (Policy(kind="today"), None),
    ],
)
def test_a_policys_lines_put_rows_where_its_counts_have_them(policy, lines):
    assert lines_of(policy) == lines
    if lines is not None:
        act, ask = (CURVE.at(line) for line in lines)
        cells = count_cells(policy, CURVE)
        assert cells.tp + cells.fp == act.flagged
        assert cells.fn + cells.tn == CURVE.n - ask.flagged
