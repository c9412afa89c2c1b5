"""A review band is the cheapest pair of cuts, or none where asking does not pay."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.test_band_search import cases, contexts
from workshop.analysis.curve import threshold_curve
from workshop.analysis.metrics import Context, Reviewer
from workshop.analysis.policies import cheapest_policy, evaluate
from workshop.analysis.review_bands import (
    band_at,
    band_grid,
    best_band,
    capacity_of,
    gain_of_more_reviews,
)
from workshop.errors import InputError
from workshop.record.values import Policy

CONTEXT = Context(ratio=5, review_cost=0.5)


def calibrated():
    """A hundred rows at each score k/100, k of them positive."""
    k = np.repeat(np.arange(101), 100)
    place = np.tile(np.arange(100), 101)
    return threshold_curve(place < k, k / 100)


def test_calibrated_scores_give_chows_band():
    found = best_band(calibrated(), CONTEXT)
    # At 0.10 staying silent costs as much as asking, at 0.50 acting does: nobody asked.
    assert found.policy == Policy(kind="review_band", act_at=0.50, review_at=0.11)
    assert found.single == cheapest_policy(calibrated(), ratio=5)
    assert found.single.act_at == 0.17


def test_no_band_pays_from_the_price_on_that_chow_gives():
    # At the best cut 17 of 100 are positive: 5/6 is the price that pays nobody.
    dear = best_band(calibrated(), Context(ratio=5, review_cost=5 / 6))
    assert dear.policy == dear.single == cheapest_policy(calibrated(), ratio=5)
    assert (dear.asked, dear.saved) == (0, 0)
    cheap = best_band(calibrated(), Context(ratio=5, review_cost=0.8))
    assert cheap.policy.kind == "review_band"


def test_a_worse_reviewer_is_asked_less():
    good, bad = (
        best_band(calibrated(), Context(5, 0.2, Reviewer(right, right)))
        for right in (1.0, 0.85)
    )
    assert 0 < bad.asked < good.asked
    assert bad.expected_cost > good.expected_cost


@settings(max_examples=40)
@given(cases(), contexts())
def test_its_figures_are_those_of_the_policy(case, context):
    curve, capacity, _ = case
    found = best_band(curve, context, capacity=capacity)
    again = evaluate(
        found.policy,
        curve,
        ratio=context.ratio,
        review_cost=context.review_cost,
        reviewer=context.reviewer,
    )
    assert (again.cells, again.expected_cost) == (found.cells, found.expected_cost)


@settings(max_examples=40)
@given(cases(), contexts())
def test_more_capacity_never_costs_more(case, context):
    curve, _, allowed = case
    costs = [
        best_band(curve, context, capacity=rows, allowed=allowed).expected_cost
        for rows in (0, 1, 3, 10, curve.n)
    ]
    assert np.all(np.diff(costs) <= 1e-12)
    unlimited = best_band(curve, context, allowed=allowed).expected_cost
    assert costs[-1] == pytest.approx(unlimited)


def test_a_free_perfect_reviewer_is_asked_about_the_mixed_rows_alone():
    curve = threshold_curve([1, 1, 0, 1, 0, 0], [6, 5, 4, 3, 2, 1])
    found = best_band(curve, Context(ratio=1))
    assert found.policy == Policy(kind="review_band", act_at=5, review_at=3)
    assert (found.asked, found.expected_cost) == (2, 0)


def test_a_band_that_never_acts_has_a_cut_that_no_such_row_reaches():
    curve = threshold_curve([0, 1, 0, 0], [0.4, 0.3, 0.2, 0.1])
    found = best_band(curve, Context(ratio=5, review_cost=0.1))
    assert found.policy.review_at == 0.3
    assert found.policy.act_at == pytest.approx(0.7)
    assert (found.cells.tp, found.cells.fp, found.asked) == (0, 0, 2)


@pytest.mark.parametrize("top", [0.0, -3.0, 17.0, 1e-300, 1e300, 1.5e308])
def test_that_cut_is_finite_and_above_any_score(top):
    curve = threshold_curve([0, 1], [top, top])
    assert curve.thresholds[0] < band_at(curve, 0, 1).act_at < math.inf


def test_asking_everybody_is_a_band_too():
    curve = threshold_curve([0, 1, 0, 1], [0.4, 0.3, 0.2, 0.1])
    found = best_band(curve, Context(ratio=9, review_cost=0.1))
    assert (found.asked, found.expected_cost) == (4, pytest.approx(0.1))
    assert best_band(curve, CONTEXT, capacity=0).policy == Policy(kind="all")


def test_a_group_of_equal_scores_larger_than_the_capacity_is_not_asked():
    curve = threshold_curve([1, 0, 1, 0, 0, 1], [3, 2, 2, 2, 2, 1])
    context = Context(ratio=1, review_cost=0.01)
    assert best_band(curve, context, capacity=3).asked <= 1
    assert best_band(curve, context, capacity=4).asked == 4


def test_more_reviews_bring_what_they_save():
    curve = calibrated()
    some = best_band(curve, CONTEXT, capacity=500)
    more = best_band(curve, CONTEXT, capacity=700)
    gain = gain_of_more_reviews(curve, CONTEXT, capacity=500, more=200)
    saved = (some.expected_cost - more.expected_cost) * curve.n
    assert gain == pytest.approx(saved / 200)
    assert gain_of_more_reviews(curve, CONTEXT, capacity=curve.n) == 0


def test_reviews_a_week_become_rows_of_the_curve():
    assert capacity_of(300, rows=195, per_week=4000) == 14
    assert capacity_of(0.3, rows=10, per_week=1) == 3
    assert capacity_of(9_000, rows=195, per_week=4000) == 195
    with pytest.raises(InputError, match="decisions a week"):
        capacity_of(300, rows=195, per_week=0)


@settings(max_examples=40)
@given(cases(), contexts(), st.integers(2, 12))
def test_the_grid_is_the_cost_of_each_pair_shown(case, context, size):
    curve, _, _ = case
    grid = band_grid(curve, context, size)
    assert len(grid.thresholds) <= size
    assert grid.thresholds[0] == math.inf
    for i, act_at in enumerate(grid.thresholds):
        for j, review_at in enumerate(grid.thresholds):
            if review_at > act_at:
                assert math.isnan(grid.cost[i, j])
            elif math.isfinite(act_at):
                policy = Policy(kind="review_band", act_at=act_at, review_at=review_at)
                price, who = context.review_cost, context.reviewer
                found = evaluate(
                    policy, curve, ratio=context.ratio, review_cost=price, reviewer=who
                )
                assert grid.cost[i, j] == pytest.approx(found.expected_cost)


def test_the_grid_can_show_the_best_pair_itself():
    curve = calibrated()
    found = best_band(curve, CONTEXT)
    cuts = (found.policy.act_at, found.policy.review_at)
    grid = band_grid(curve, CONTEXT, 20, keep=cuts)
    assert np.nanmin(grid.cost) == pytest.approx(found.expected_cost)
    assert set(cuts) <= set(grid.thresholds.tolist())
    assert not grid.cost.flags.writeable
    assert not grid.thresholds.flags.writeable
    assert band_grid(curve, CONTEXT).cost.shape == (102, 102)


@pytest.mark.parametrize(
    ("context", "given", "says"),
    [
        (Context(), {}, "what one miss is worth"),
        (Context(ratio=0), {}, "what one miss is worth"),
        (Context(ratio=1, review_cost=-1), {}, "price cannot be -1"),
        (CONTEXT, {"capacity": -1}, "reviews cannot be -1"),
        (CONTEXT, {"capacity": math.nan}, "reviews cannot be nan"),
        (CONTEXT, {"allowed": np.zeros(102, dtype=bool)}, "no cut may be acted from"),
        (CONTEXT, {"allowed": np.ones(3, dtype=bool)}, "but 3 are marked"),
    ],
)
def test_prices_and_limits_that_cannot_be_are_refused(context, given, says):
    with pytest.raises(InputError, match=says):
        best_band(calibrated(), context, **given)
