"""What is promised of a number that will be seen again on other rows."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from workshop.analysis.curve import threshold_curve
from workshop.analysis.intervals import wilson
from workshop.analysis.movement import (
    choose_again,
    estimate_optimism,
    expected_elsewhere,
)
from workshop.analysis.policies import cheapest_threshold
from workshop.analysis.resampling import choose_cuts, draw_clusters, draw_rows
from workshop.errors import InputError


def scored(rows, seed=0, strength=1.0):
    """Make scores whose cheapest cut at ratio 1 is 0.5, sharper with strength."""
    rng = np.random.default_rng(seed)
    scores = rng.random(rows)
    chance = 1 / (1 + np.exp(-strength * (scores - 0.5)))
    return rng.random(rows) < chance, scores


def drawn_from(labels, scores, *, ratio=1.0, **given):
    curve = threshold_curve(labels, scores)
    best = cheapest_threshold(curve, ratio=ratio)
    return draw_rows(curve, choose_cuts(curve, keep=[best]), **given)


def test_the_cheapest_cut_chosen_again_lies_around_the_cheapest_here():
    labels, scores = scored(3000, strength=10)
    curve = threshold_curve(labels, scores)
    again = choose_again(drawn_from(labels, scores), ratio=1)
    assert again.here == cheapest_threshold(curve, ratio=1)
    assert again.lo <= again.median <= again.hi
    assert again.lo < 0.5 < again.hi
    point = curve.at(again.here)
    assert again.cost_here == pytest.approx((point.fp + point.fn) / 3000)
    assert 0 <= again.regret_median <= again.regret_hi


def test_a_flat_optimum_is_told_from_a_sharp_one():
    flat, sharp = (
        choose_again(drawn_from(*scored(1000, strength=s)), ratio=1) for s in (0.5, 40)
    )
    assert flat.hi - flat.lo > 5 * (sharp.hi - sharp.lo)
    # Unsure by a third of the scale, yet hardly dearer: 5 of 100 decisions at most.
    assert flat.hi - flat.lo > 0.3
    assert flat.regret_hi < 0.05


def test_acting_on_no_one_and_on_everyone_are_chosen_where_they_pay():
    labels, scores = scored(500)
    labels[scores.argmax()] = False
    none = choose_again(drawn_from(labels, scores, ratio=0.001), ratio=0.001)
    assert none.none > 0.5
    assert none.all == 0
    assert none.hi == none.here == math.inf
    everyone = choose_again(drawn_from(labels, scores, ratio=100), ratio=100)
    assert everyone.all > 0.5
    assert everyone.lo == scores.min()


def test_of_equal_costs_the_highest_threshold_is_chosen():
    # A positive above a negative pair by pair: each full pair costs the same.
    labels, scores = np.array([0, 1, 0, 1]), np.array([0.4, 0.3, 0.2, 0.1])
    drawn = draw_rows(threshold_curve(labels, scores), [np.inf, 0.4, 0.3, 0.2, 0.1])
    again = choose_again(drawn, ratio=1)
    assert again.here == math.inf


def test_one_cluster_cannot_tell_and_few_are_said_to_be_few():
    labels, scores = scored(300)
    cuts = [np.inf, 0.5, 0.0]
    one = draw_clusters(labels, scores, np.zeros(300), cuts)
    assert choose_again(one, ratio=1) is None
    assert estimate_optimism(one, ratio=1) is None
    few = draw_clusters(labels, scores, np.arange(300) % 5, cuts)
    assert choose_again(few, ratio=1).few_sources
    assert choose_again(few, ratio=1).clusters == 5


def test_samples_of_one_label_are_dropped_and_counted():
    labels, scores = np.arange(12) == 3, np.arange(12.0)
    drawn = drawn_from(labels, scores)
    again = choose_again(drawn, ratio=1)
    # Drawing 12 rows misses the one positive (11/12)^12 = 35 times of 100.
    assert again.dropped / again.n_boot == pytest.approx((11 / 12) ** 12, abs=0.05)


def test_a_cut_placed_at_an_error_looks_better_than_it_is():
    """Against the truth: the error seen, the one to come, and the optimism between."""
    seen, to_come, expected = [], [], []
    fresh_labels, fresh_scores = scored(200_000, seed=99, strength=3)
    fresh = threshold_curve(fresh_labels, fresh_scores)
    for seed in range(150):
        labels, scores = scored(100, seed=seed, strength=3)
        drawn = drawn_from(labels, scores, seed=seed, n_boot=100)
        found = estimate_optimism(drawn, max_error=0.35)
        flagged = drawn.tp + drawn.fp
        holds = (flagged > 0) & (drawn.fp <= 0.35 * flagged)
        if not holds.any():
            continue
        cut = int(np.where(holds, flagged, -1).argmax())
        other = fresh.at(drawn.thresholds[cut])
        seen.append(drawn.fp[cut] / flagged[cut])
        to_come.append(other.fp / other.flagged)
        expected.append(found.error)
        assert found.cost is None
    optimism = np.mean(to_come) - np.mean(seen)
    assert optimism > 0
    # Chance alone leaves about 0.006 over 150 tables.
    assert np.mean(expected) == pytest.approx(optimism, abs=0.015)
    assert np.mean(expected) > 0.005


def test_the_cheapest_cut_costs_more_where_it_was_not_chosen():
    found = estimate_optimism(drawn_from(*scored(200, strength=4)), ratio=1)
    assert 0 < found.cost < 0.1
    more = estimate_optimism(drawn_from(*scored(20_000, strength=4)), ratio=1)
    assert abs(more.cost) < found.cost


def test_nothing_qualifies_is_cannot_tell():
    drawn = drawn_from(np.arange(40) % 2, np.zeros(40), n_boot=50)
    assert estimate_optimism(drawn, max_error=0.0) is None


shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, st.integers(1, 400), st.floats(1, 10))
def test_a_rate_elsewhere_is_less_sure_than_the_rate(kn, other, deff):
    k, n = kn
    there, here = expected_elsewhere(k, n, other, deff=deff), wilson(k, n, deff=deff)
    assert 0 <= there.lo <= k / n <= there.hi <= 1
    # Near 0 and 1 the pooled share is nearer to the edge, so one end may be closer.
    assert there.half_width >= 0.9 * here.half_width
    more = expected_elsewhere(k, n, other + 1, deff=deff)
    assert more.half_width <= there.half_width + 1e-9


@given(shares, st.integers(1, 400))
def test_a_rate_elsewhere_is_the_same_seen_from_the_other_side(kn, other):
    k, n = kn
    one, mirror = expected_elsewhere(k, n, other), expected_elsewhere(n - k, n, other)
    assert one.lo == pytest.approx(1 - mirror.hi, abs=1e-9)


def test_on_very_many_other_rows_it_is_wilsons_interval():
    there, here = expected_elsewhere(30, 100, 1e12), wilson(30, 100)
    assert (there.lo, there.hi) == pytest.approx((here.lo, here.hi), abs=1e-6)


def test_its_ends_are_where_the_score_test_of_two_samples_stops_telling():
    found = expected_elsewhere(30, 100, 80)
    for end in (found.lo, found.hi):
        pooled = (30 + 80 * end) / 180
        error = math.sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 80))
        assert abs(end - 0.3) / error == pytest.approx(1.959964, abs=1e-5)


def test_clusters_widen_it_on_both_sides():
    widened, fewer = (
        expected_elsewhere(30, 100, 50, deff=2),
        expected_elsewhere(15, 50, 25),
    )
    assert (widened.lo, widened.hi) == pytest.approx((fewer.lo, fewer.hi))
    assert widened.method == "score prediction at the effective sample size"


def test_it_lies_close_to_another_published_interval():
    # statpsych's pi.prop(.1, .225, 80, 120) documents 0.1390955 to 0.337095.
    found = expected_elsewhere(18, 80, 120, level=0.9)
    assert (found.lo, found.hi) == pytest.approx((0.1390955, 0.337095), abs=0.005)


@pytest.mark.parametrize(("n", "other"), [(20, 20), (30, 100), (98, 97), (200, 40)])
def test_rates_elsewhere_fall_within_it_as_often_as_promised(n, other):
    """Exactly, by adding the chances of every pair of counts; no simulation."""
    found = [expected_elsewhere(k, n, other) for k in range(n + 1)]
    least = np.ceil([other * each.lo - 1e-9 for each in found])
    most = np.floor([other * each.hi + 1e-9 for each in found])
    held = []
    for p in np.linspace(0.02, 0.98, 49):
        within = binom.cdf(most, other, p) - binom.cdf(least - 1, other, p)
        held.append(binom.pmf(np.arange(n + 1), n, p) @ within)
    assert min(held) > 0.94
    assert np.mean(held) > 0.95


def test_what_makes_no_sense_is_refused():
    drawn = drawn_from(*scored(50), n_boot=10)
    with pytest.raises(InputError, match="give one"):
        estimate_optimism(drawn)
    with pytest.raises(InputError, match="between 0 and 1"):
        estimate_optimism(drawn, max_error=2)
    for ratio in (0, -1, math.inf, math.nan):
        with pytest.raises(InputError, match="positive number of alarms"):
            choose_again(drawn, ratio=ratio)
    for k, n, other in [(5, 4, 3), (0, 0, 3), (1, 2, 0), (-1, 2, 3)]:
        with pytest.raises(InputError, match="needs k"):
            expected_elsewhere(k, n, other)
    with pytest.raises(InputError, match="design effect"):
        expected_elsewhere(1, 2, 3, deff=0.5)
