"""What drawn counts promise: the same as drawing rows, or clusters, and recounting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.curve import threshold_curve
from workshop.analysis.resampling import (
    choose_cuts,
    draw_clusters,
    draw_rows,
    redraw_rows,
)
from workshop.errors import InputError


def scored(rows=400, seed=0):
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random(rows), 2)
    return rng.random(rows) < scores, scores


def by_hand(labels, scores, cuts, draws):
    flagged = scores[draws][:, :, None] >= cuts
    hits = labels[draws][:, :, None]
    return (flagged & hits).sum(axis=1), (flagged & ~hits).sum(axis=1)


def same_distribution(one, other):
    """Compare means and covariances of counts with what chance leaves between them."""
    spread = np.sqrt((one.var(axis=0) + other.var(axis=0)) / len(one)) + 1e-9
    assert (np.abs(one.mean(axis=0) - other.mean(axis=0)) < 4 * spread).all()
    first, second = np.cov(one.T), np.cov(other.T)
    assert np.abs(first - second).max() < 0.15 * first.max()


def test_drawing_cells_is_drawing_rows():
    labels, scores = scored()
    cuts = np.array([0.9, 0.6, 0.4, 0.1])
    drawn = draw_rows(threshold_curve(labels, scores), cuts, n_boot=3000)
    rows = np.random.default_rng(1).integers(0, 400, (3000, 400))
    tp, fp = by_hand(labels, scores, cuts, rows)
    same_distribution(np.hstack([drawn.drawn_tp, drawn.drawn_fp]), np.hstack([tp, fp]))
    assert drawn.drawn_positives.std() == pytest.approx(10, rel=0.1)
    total = drawn.drawn_positives + drawn.drawn_negatives
    assert (total == 400).all()


def test_whole_clusters_are_drawn():
    labels, scores = scored()
    clusters = np.arange(400) // 10
    cuts = np.array([0.9, 0.6, 0.4, 0.1])
    drawn = draw_clusters(labels, scores, clusters, cuts, n_boot=3000)
    picked = np.random.default_rng(1).integers(0, 40, (3000, 40))
    rows = (picked[:, :, None] * 10 + np.arange(10)).reshape(3000, 400)
    tp, fp = by_hand(labels, scores, cuts, rows)
    same_distribution(np.hstack([drawn.drawn_tp, drawn.drawn_fp]), np.hstack([tp, fp]))
    assert drawn.clusters == 40


def test_one_row_a_cluster_is_rows():
    labels, scores = scored()
    curve = threshold_curve(labels, scores)
    cuts = choose_cuts(curve, max_cuts=6)
    rows = draw_rows(curve, cuts, n_boot=3000)
    alone = draw_clusters(labels, scores, np.arange(400), cuts, n_boot=3000, seed=1)
    same_distribution(
        np.hstack([rows.drawn_tp, rows.drawn_fp]),
        np.hstack([alone.drawn_tp, alone.drawn_fp]),
    )
    again = redraw_rows(alone)
    assert again.clusters is None
    assert (again.tp == rows.tp).all()


def test_many_clusters_draw_as_few_do(monkeypatch):
    labels, scores = scored()
    clusters = np.arange(400) // 4
    cuts = [0.8, 0.5, 0.2]
    whole = draw_clusters(labels, scores, clusters, cuts)
    monkeypatch.setattr("workshop.analysis.resampling._DENSE", 0)
    monkeypatch.setattr("workshop.analysis.resampling._AT_ONCE", 700)
    sparse = draw_clusters(labels, scores, clusters, cuts)
    assert (whole.drawn_tp == sparse.drawn_tp).all()
    assert (whole.drawn_negatives == sparse.drawn_negatives).all()
    assert (whole.tp == sparse.tp).all()


@given(
    st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), min_size=2, max_size=30),
    st.lists(st.floats(-5, 5), max_size=4),
)
@settings(deadline=None)
def test_own_counts_are_the_curves_own_at_every_cut(rows, marks):
    labels = np.array([True, False] + [label for label, _ in rows])
    scores = np.array([0, 0] + [score for _, score in rows], dtype=float)
    curve = threshold_curve(labels, scores)
    cuts = choose_cuts(curve, keep=marks, max_cuts=8)
    for drawn in (
        draw_rows(curve, cuts, n_boot=3),
        draw_clusters(labels, scores, labels, cuts, n_boot=3),
    ):
        points = [curve.at(cut) for cut in drawn.thresholds]
        assert drawn.tp.tolist() == [point.tp for point in points]
        assert drawn.fp.tolist() == [point.fp for point in points]
        assert (drawn.positives, drawn.negatives) == (curve.positives, curve.negatives)


def test_cuts_are_even_in_rows_with_none_all_and_the_marks():
    scores = np.random.default_rng(0).normal(size=10_000)
    curve = threshold_curve(scores > 0, scores)
    cuts = choose_cuts(curve, keep=[0.123, np.inf, -9.0])
    assert len(cuts) == 256 + 2
    assert cuts[0] == np.inf
    assert (np.diff(cuts) < 0).all()
    assert {0.123, scores.min()} <= set(cuts)
    flagged = np.array([curve.at(cut).flagged for cut in cuts])
    assert np.diff(flagged).max() <= 10_000 / 255 + 1


def test_cuts_are_those_of_the_table_of_the_curve():
    labels, scores = scored(2000)
    curve = threshold_curve(labels, scores)
    for most in (2, 3, 10, 50, 256):
        table = curve.table(most)["threshold"].to_numpy()
        # The table shows every cut where it has room; a choice by rank may leave some.
        assert set(choose_cuts(curve, max_cuts=most)) <= set(table)


def test_a_draw_is_the_same_twice_and_another_under_another_seed():
    labels, scores = scored()
    curve = threshold_curve(labels, scores)
    one, two, other = (draw_rows(curve, [0.5], n_boot=50, seed=s) for s in (3, 3, 4))
    assert (one.drawn_tp == two.drawn_tp).all()
    assert (one.drawn_tp != other.drawn_tp).any()


def test_drawn_counts_cannot_be_written_to():
    curve = threshold_curve(*scored())
    drawn = draw_rows(curve, [0.5], n_boot=5)
    for array in (drawn.thresholds, drawn.tp, drawn.drawn_fp, drawn.drawn_positives):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_cannot_be_drawn_is_refused():
    labels, scores = scored()
    curve = threshold_curve(labels, scores)
    with pytest.raises(InputError, match="missing"):
        draw_rows(curve, [np.nan])
    with pytest.raises(InputError, match="missing"):
        choose_cuts(curve, keep=[np.nan])
    with pytest.raises(InputError, match="2 cuts"):
        choose_cuts(curve, max_cuts=1)
    with pytest.raises(InputError, match="each row needs"):
        draw_clusters(labels, scores, [1, 2], [0.5])
    with pytest.raises(InputError, match="without weights"):
        draw_rows(threshold_curve(labels, scores, weights=scores + 1), [0.5])
