import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from workshop.analysis.baseline.auc import area, auc_number, gap_number, standard_error

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=60)


def noisy(n=600, seed=0, pull=1.0):
    rng = np.random.default_rng(seed)
    labels = rng.random(n) < 0.3
    return labels, rng.normal(size=n) + pull * labels


@given(ROWS)
def test_the_area_is_scikit_learns(rows):
    labels = np.array([hit for hit, _ in rows])
    scores = np.array([score for _, score in rows], dtype=float)
    if 0 < labels.sum() < len(labels):
        found = area(labels, scores)
        assert found.value == pytest.approx(roc_auc_score(labels, scores))
        assert found.pulls.sum() == pytest.approx(0, abs=1e-9)


def test_the_spread_is_delongs_as_its_definition_says():
    labels, scores = noisy(80)
    pairs = scores[labels][:, None] - scores[~labels][None, :]
    right = (pairs > 0) + 0.5 * (pairs == 0)
    ten, one = right.mean(axis=1), right.mean(axis=0)
    variance = ten.var(ddof=1) / len(ten) + one.var(ddof=1) / len(one)
    found = standard_error(area(labels, scores).pulls, None)
    assert found == pytest.approx(np.sqrt(variance))


def test_the_interval_covers_what_redrawing_the_rows_gives():
    labels, scores = noisy()
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(400):
        rows = rng.integers(0, len(labels), len(labels))
        drawn.append(area(labels[rows], scores[rows]).value)
    found = auc_number("x", labels, scores)
    assert [found.lo, found.hi] == pytest.approx(
        np.quantile(drawn, [0.025, 0.975]), abs=0.012
    )


def test_rows_copied_four_times_say_no_more_when_their_cluster_is_known():
    labels, scores = noisy(300)
    once = auc_number("x", labels, scores)
    clusters = np.tile(np.arange(300), 4)
    four = auc_number("x", np.tile(labels, 4), np.tile(scores, 4), clusters)
    blind = auc_number("x", np.tile(labels, 4), np.tile(scores, 4))
    assert four.hi - four.lo == pytest.approx(once.hi - once.lo, rel=0.03)
    assert blind.hi - blind.lo < 0.6 * (once.hi - once.lo)


def test_a_perfect_order_of_few_rows_is_not_a_certain_one():
    labels = np.arange(60) >= 40
    found = auc_number("x", labels, np.arange(60.0))
    assert found.value == found.hi == 1
    assert found.lo == pytest.approx(0.025 ** (1 / 20))


def test_constant_scores_are_a_half_with_a_wide_interval():
    found = auc_number("x", np.arange(60) >= 40, np.zeros(60))
    assert found.value == 0.5
    assert found.lo < 0.35
    assert found.hi > 0.65


def test_a_paired_gap_is_narrower_than_two_separate_areas():
    labels, scores = noisy()
    other = scores + np.random.default_rng(3).normal(size=len(scores)) * 0.3
    gap = gap_number("x", labels, scores, other, None)
    alone = auc_number("x", labels, scores)
    assert gap.hi - gap.lo < 0.5 * (alone.hi - alone.lo)
    assert gap.value == pytest.approx(
        roc_auc_score(labels, scores) - roc_auc_score(labels, other)
    )


def test_the_same_scores_twice_have_no_gap():
    labels, scores = noisy()
    gap = gap_number("x", labels, scores, scores, None)
    assert (gap.value, gap.lo, gap.hi) == (0, 0, 0)
