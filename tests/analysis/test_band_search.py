"""The best pair of cuts is the best of all pairs, however the search goes about it."""

from contextlib import ExitStack
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis import band_search
from workshop.analysis.curve import threshold_curve
from workshop.analysis.metrics import Context, Reviewer
from workshop.analysis.review_bands import best_band

SHARES = st.sampled_from([1.0, 0.95, 0.75, 0.5, 0.0])


@st.composite
def contexts(draw):
    return Context(
        ratio=draw(st.sampled_from([0.1, 0.5, 1, 3, 7.3])),
        review_cost=draw(st.sampled_from([0, 0.1, 0.25, 0.5, 2])),
        reviewer=Reviewer(draw(SHARES), draw(SHARES)),
    )


@st.composite
def cases(draw):
    """A curve with ties, a capacity or none, and where acting may begin or anywhere."""
    row = st.tuples(st.booleans(), st.integers(0, 20))
    rows = draw(st.lists(row, min_size=2, max_size=30))
    labels = np.array([label for label, _ in rows])
    labels[:2] = [True, False]
    curve = threshold_curve(labels, np.array([float(score) for _, score in rows]))
    capacity = draw(st.none() | st.integers(0, len(rows)))
    allowed = None
    if draw(st.booleans()):
        positions = len(curve.thresholds) + 1
        allowed = np.array(
            draw(st.lists(st.booleans(), min_size=positions, max_size=positions))
        )
        allowed[draw(st.integers(0, positions - 1))] = True
    return curve, capacity, allowed


def pairs(curve, context, capacity=None, allowed=None):
    """The cost of every pair there is, written out and not separated."""
    tp, fp = ([0, *counts.tolist()] for counts in (curve.tp, curve.fp))
    who = context.reviewer
    for i in range(len(tp)):
        if allowed is not None and not allowed[i]:
            continue
        for j in range(i, len(tp)):
            positive, negative = tp[j] - tp[i], fp[j] - fp[i]
            asked = positive + negative
            if capacity is not None and asked > capacity:
                continue
            alarms = fp[i] + (1 - who.specificity) * negative
            misses = curve.positives - tp[j] + (1 - who.sensitivity) * positive
            cost = alarms + context.ratio * misses + context.review_cost * asked
            yield cost / curve.n, asked


@given(cases(), contexts(), st.sampled_from([1, 2, 4, 256]))
def test_the_best_band_is_the_best_of_all_pairs(case, context, block):
    curve, capacity, allowed = case
    with ExitStack() as small:
        # Small blocks, so that few rows make many of them.
        small.enter_context(patch.object(band_search, "_BLOCK", block))
        small.enter_context(patch.object(band_search, "_CHUNK", 3 * block))
        found = best_band(curve, context, capacity=capacity, allowed=allowed)
    every = list(pairs(curve, context, capacity, allowed))
    assert found.expected_cost == pytest.approx(min(cost for cost, _ in every))
    assert capacity is None or found.asked <= capacity
    single = [cost for cost, asked in every if asked == 0]
    assert found.single_cost == pytest.approx(min(single))
    assert found.expected_cost <= found.single_cost + 1e-12


@given(cases(), contexts())
def test_nobody_is_asked_where_that_saves_nothing(case, context):
    curve, capacity, _ = case
    found = best_band(curve, context, capacity=capacity)
    assert (found.asked > 0) == (found.policy.kind == "review_band")
    assert found.asked == 0 or found.saved > 0


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("capacity", [None, 0, 3, 700, 3_000])
def test_a_long_curve_agrees_with_every_window_looked_at(ties, capacity):
    rng = np.random.default_rng(7)
    scores = rng.random(6_000)
    labels = rng.random(6_000) < scores
    curve = threshold_curve(labels, np.round(scores, 3) if ties else scores)
    context = Context(ratio=3, review_cost=0.2, reviewer=Reviewer(0.9, 0.95))
    found = best_band(curve, context, capacity=capacity)
    assert found.expected_cost == pytest.approx(_plainly(curve, context, capacity))


def _plainly(curve, context, capacity):
    tp, fp = (np.concatenate(([0], c)) for c in (curve.tp, curve.fp))
    flagged, who = tp + fp, context.reviewer
    positive = context.review_cost + context.ratio * (1 - who.sensitivity)
    negative = context.review_cost + 1 - who.specificity
    act = (1 - negative) * fp - positive * tp
    missed = context.ratio * (curve.positives - tp)
    ask = missed + positive * tp + negative * fp
    most = curve.n if capacity is None else capacity
    first = np.searchsorted(flagged, flagged - most)
    least = [act[i : j + 1].min() for j, i in enumerate(first)]
    return float((np.array(least) + ask).min()) / curve.n


def test_weighted_rows_are_asked_by_weight():
    curve = threshold_curve(
        [1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], weights=[1.5, 2.5, 1, 4]
    )
    context = Context(ratio=2, review_cost=0.1)
    assert best_band(curve, context).asked == 3.5
    assert best_band(curve, context, capacity=3.5).asked == 3.5
    assert best_band(curve, context, capacity=3.4).asked == 0
