"""What the exact curve promises: every row counted once, at every threshold."""

import math
import struct

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_curve, roc_curve

from workshop.analysis.curve import (
    ThresholdCurve,
    curve_from_counts,
    threshold_curve,
)
from workshop.errors import InputError

TINY = 5e-324  # the least subnormal
HUGE = 1.7976931348623157e308

# Ties, both zeros, subnormals, both signs and the ends of the range, all likely.
odd_scores = st.sampled_from(
    [0.0, -0.0, TINY, -TINY, 1.0, -1.0, 1.9999999999999998, 2.0, -2.0, HUGE, -HUGE]
)
any_score = st.one_of(
    odd_scores,
    st.integers(-3, 3).map(float),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
)


@st.composite
def labelled_scores(draw, score=any_score):
    rows = draw(st.lists(st.tuples(st.booleans(), score), min_size=2, max_size=40))
    labels = np.array([label for label, _ in rows])
    labels[:2] = [True, False]
    return labels, np.array([score for _, score in rows])


def far_apart():
    """Let scikit-learn subtract scores that are further apart than floats go."""
    return np.errstate(over="ignore", invalid="ignore")


def weights_for(labels):
    weight = st.sampled_from([0.25, 1.0, 1.5, 1e-3]) | st.floats(0.01, 100)
    many = st.lists(weight, min_size=len(labels), max_size=len(labels))
    return many.map(np.array)


def assert_close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def counted_one_by_one(labels, scores, threshold):
    flagged = [bool(score >= threshold) for score in scores]
    pairs = list(zip(labels, flagged, strict=True))
    return tuple(
        pairs.count(pair)
        for pair in [(True, True), (False, True), (True, False), (False, False)]
    )


def counts_at(curve, threshold):
    point = curve.at(threshold)
    return point.tp, point.fp, point.fn, point.tn


@given(labelled_scores())
def test_equals_counting_row_by_row_at_and_around_every_score(given_rows):
    labels, scores = given_rows
    curve = threshold_curve(labels, scores)
    asked = [-math.inf, math.inf, 0.0]
    for score in scores:
        asked += [math.nextafter(score, way) for way in (-math.inf, score, math.inf)]
    for threshold in asked:
        expected = counted_one_by_one(labels.tolist(), scores, threshold)
        assert counts_at(curve, threshold) == expected


@given(labelled_scores())
def test_has_one_cut_for_each_distinct_score_bit_for_bit(given_rows):
    labels, scores = given_rows
    curve = threshold_curve(labels, scores)
    expected = np.unique(scores)[::-1] + 0.0
    assert curve.thresholds.tolist() == expected.tolist()
    # A zero is a plain zero, whichever sign it came with.
    assert all(struct.pack("d", t) != struct.pack("d", -0.0) for t in curve.thresholds)


@given(labelled_scores())
def test_counts_sum_to_all_rows_at_every_cut(given_rows):
    labels, scores = given_rows
    curve = threshold_curve(labels, scores)
    table = curve.table()
    assert (table[["tp", "fp", "fn", "tn"]].sum(axis=1) == len(labels)).all()
    assert (table[["tp", "fp", "fn", "tn"]] >= 0).all(axis=None)
    assert curve.positives == labels.sum()
    assert curve.n == len(labels)


@given(labelled_scores())
def test_lowering_the_threshold_never_flags_fewer(given_rows):
    curve = threshold_curve(*given_rows)
    assert (np.diff(curve.thresholds) < 0).all()
    assert (np.diff(curve.tp) >= 0).all()
    assert (np.diff(curve.fp) >= 0).all()
    assert (np.diff(curve.tp + curve.fp) > 0).all()


@given(labelled_scores(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(given_rows, random):
    labels, scores = given_rows
    order = list(range(len(labels)))
    random.shuffle(order)
    assert_same(
        threshold_curve(labels, scores), threshold_curve(labels[order], scores[order])
    )


@given(labelled_scores())
def test_agrees_with_scikit_learn_at_every_threshold(given_rows):
    labels, scores = given_rows
    curve = threshold_curve(labels, scores)
    with far_apart():
        precision, recall, thresholds = precision_recall_curve(labels, scores)
    assert thresholds.tolist() == curve.thresholds[::-1].tolist()
    tp, fp = curve.tp[::-1], curve.fp[::-1]
    np.testing.assert_allclose(precision[:-1], tp / (tp + fp), rtol=1e-12)
    np.testing.assert_allclose(recall[:-1], tp / curve.positives, rtol=1e-12)


@given(labelled_scores(), st.data())
def test_weighted_counts_are_scikit_learns_at_every_threshold(given_rows, data):
    labels, scores = given_rows
    weights = data.draw(weights_for(labels))
    curve = threshold_curve(labels, scores, weights=weights)
    with far_apart():
        fpr, tpr, thresholds = roc_curve(
            labels, scores, sample_weight=weights, drop_intermediate=False
        )
    assert thresholds[1:].tolist() == curve.thresholds.tolist()
    assert_close(curve.tp / curve.positives, tpr[1:])
    assert_close(curve.fp / curve.negatives, fpr[1:])
    with far_apart():
        precision, recall, thresholds = precision_recall_curve(
            labels, scores, sample_weight=weights
        )
    assert thresholds.tolist() == curve.thresholds[::-1].tolist()
    flagged = curve.tp + curve.fp
    assert_close((curve.tp / flagged)[::-1], precision[:-1])
    assert_close((curve.tp / curve.positives)[::-1], recall[:-1])


@given(labelled_scores(), st.data())
def test_a_weighted_point_is_scikit_learns_confusion_matrix(given_rows, data):
    labels, scores = given_rows
    weights = data.draw(weights_for(labels))
    curve = threshold_curve(labels, scores, weights=weights)
    for threshold in [*curve.thresholds, math.inf, -math.inf]:
        expected = confusion_matrix(
            labels, scores >= threshold, labels=[True, False], sample_weight=weights
        )
        (tp, fn), (fp, tn) = expected.tolist()
        assert_close(counts_at(curve, threshold), (tp, fp, fn, tn))
    assert curve.at(-math.inf).fn == curve.at(-math.inf).tn == 0
    assert_close(curve.at(math.inf).n, weights.sum())


@given(labelled_scores(), st.data())
def test_a_weight_of_two_is_the_row_twice_and_of_none_no_row(given_rows, data):
    labels, scores = given_rows
    whole = st.lists(st.integers(0, 3), min_size=len(labels), max_size=len(labels))
    times = np.array(data.draw(whole))
    times[:2] = np.maximum(times[:2], 1)
    weighted = threshold_curve(labels, scores, weights=times)
    repeated = threshold_curve(np.repeat(labels, times), np.repeat(scores, times))
    assert_same(weighted, repeated)
    assert (weighted.weighted, repeated.weighted) == (True, False)


@given(labelled_scores(), st.floats(1e-200, 1e200))
def test_equal_weights_tell_as_much_as_the_rows_do(given_rows, weight):
    labels, scores = given_rows
    weights = np.full(len(labels), weight)
    curve = threshold_curve(labels, scores, weights=weights)
    assert curve.effective_n == pytest.approx(len(labels))
    assert threshold_curve(labels, scores).effective_n == len(labels)


def test_unequal_weights_tell_less():
    """Kish: (1 + 1 + 2)² / (1 + 1 + 4) = 16/6; the row of weight zero adds nothing."""
    curve = threshold_curve([0, 1, 1, 0], [0.1, 0.2, 0.3, 0.9], weights=[1, 1, 2, 0])
    assert curve.effective_n == pytest.approx(16 / 6)
    assert curve.thresholds.tolist() == [0.3, 0.2, 0.1]
    assert counts_at(curve, 0.2) == (3.0, 0.0, 0.0, 1.0)
    assert (curve.tp.dtype, curve.fp.dtype) == (np.float64, np.float64)


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([1, 1, -1], r"1 of 3 weights \(first at position 2.*\) is negative"),
        ([1, np.nan, 1], r"1 of 3 weights .* is missing"),
        ([1, np.inf, 1], r"1 of 3 weights .* is infinite"),
        ([1, 1], "3 labels but 2 weights"),
        (["a", "b", "c"], "weights must be numbers"),
        ([1, 0, 0], "all 1 labels are 0"),
        ([0, 0, 0], "no row has any weight"),
    ],
)
def test_weights_that_cannot_be_used_are_named(weights, says):
    with pytest.raises(InputError, match=says):
        threshold_curve([0, 1, 1], [0.1, 0.2, 0.3], weights=weights)


@given(labelled_scores())
def test_many_thresholds_are_looked_up_at_once(given_rows):
    labels, scores = given_rows
    curve = threshold_curve(labels, scores)
    around = [math.nextafter(s, way) for s in scores for way in (-math.inf, math.inf)]
    asked = np.concatenate([scores, around, [np.inf, -np.inf, 0.0, -0.0]])
    tp, fp = curve.counts_at(asked)
    assert (tp.dtype, fp.dtype) == (np.int64, np.int64)
    flagged = scores[None, :] >= asked[:, None]
    np.testing.assert_array_equal(tp, (flagged & labels).sum(axis=1))
    np.testing.assert_array_equal(fp, (flagged & ~labels).sum(axis=1))


def test_thresholds_are_looked_up_in_any_shape():
    curve = threshold_curve([0, 1, 1], [0.2, 0.5, 0.9])
    tp, fp = curve.counts_at([[np.inf, 0.9], [0.5, -np.inf]])
    assert (tp.tolist(), fp.tolist()) == ([[0, 1], [2, 2]], [[0, 0], [0, 1]])
    assert curve.counts_at([])[0].shape == (0,)
    with pytest.raises(InputError, match="cannot be missing"):
        curve.counts_at([0.1, np.nan])


@given(labelled_scores())
def test_counts_made_elsewhere_give_the_same_curve(given_rows):
    labels, scores = given_rows
    distinct = np.unique(scores) + 0.0
    positives = [labels[scores == score].sum() for score in distinct]
    negatives = [(~labels[scores == score]).sum() for score in distinct]
    curve = curve_from_counts(distinct, positives=positives, negatives=negatives)
    assert_same(curve, threshold_curve(labels, scores))


def test_counts_made_elsewhere_need_both_labels_too():
    with pytest.raises(InputError, match="all 3 labels are 0"):
        curve_from_counts([0.1, 0.2], positives=[0, 0], negatives=[1, 2])


@pytest.mark.parametrize(
    "scale", [1.0, 2.0, 17.0, 1e300, 1e-300], ids=lambda s: f"x{s:g}"
)
@pytest.mark.parametrize("signed", [False, True], ids=["positive", "both signs"])
@pytest.mark.parametrize("rounded", [False, True], ids=["distinct", "ties"])
def test_large_tables_agree_with_an_argsort(scale, signed, rounded):
    rng = np.random.default_rng(3)
    scores = rng.random(100_000) - (0.5 if signed else 0.0)
    scores = (np.round(scores, 2) if rounded else scores) * scale
    labels = rng.random(len(scores)) < 0.3
    assert_same(threshold_curve(labels, scores), by_argsort(labels, scores))


def test_scores_too_far_apart_for_a_spare_bit_are_counted_all_the_same():
    scores = np.array([TINY, -TINY, 0.0, HUGE, -HUGE, HUGE, 3 * TINY, -0.0])
    labels = np.array([1, 0, 1, 0, 1, 1, 0, 0], dtype=bool)
    assert_same(threshold_curve(labels, scores), by_argsort(labels, scores))


def test_equality_counts_as_flagged():
    curve = threshold_curve([0, 1, 1, 0], [0.2, 0.5, 0.5, 0.9])
    assert counts_at(curve, 0.5) == (2, 1, 0, 1)
    assert counts_at(curve, np.nextafter(0.5, 1)) == (0, 1, 2, 1)
    assert curve.at(0.5).flags(0.5)
    assert curve.at(0.5).n == 4


def test_beyond_the_scores_lie_everyone_and_no_one():
    curve = threshold_curve([0, 1, 1], [0.2, 0.5, 0.9])
    assert curve.at(-math.inf).flagged == curve.at(0.1).flagged == 3
    assert curve.at(math.inf).flagged == curve.at(1.0).flagged == 0


def test_a_threshold_must_be_a_number():
    with pytest.raises(InputError, match="cannot be missing"):
        threshold_curve([0, 1], [0.1, 0.2]).at(math.nan)


def test_constant_scores_make_one_cut_and_say_so():
    curve = threshold_curve([0, 1, 1], [0.5, 0.5, 0.5])
    assert curve.constant
    assert counts_at(curve, 0.5) == (2, 1, 0, 0)
    assert not threshold_curve([0, 1], [0.5, 0.6]).constant


def test_the_curve_cannot_be_changed_by_those_who_read_it():
    curve = threshold_curve([0, 1], [0.1, 0.2])
    for counts in (curve.thresholds, curve.tp, curve.fp):
        with pytest.raises(ValueError, match="read-only"):
            counts[0] = 7


def test_what_was_given_stays_as_it_was():
    labels, scores = np.array([1, 0, 1]), np.array([3.0, -1.0, 0.5])
    threshold_curve(labels, scores)
    assert scores.tolist() == [3.0, -1.0, 0.5]
    assert labels.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    "labels",
    [
        [False, True, True],
        [0, 1, 1],
        [0.0, 1.0, 1.0],
        pd.Series([0, 1, 1], dtype="Int64"),
        pd.Series([False, True, True], dtype="boolean"),
        np.array([0, 1, 1], dtype=object),
    ],
    ids=["bool", "int", "float", "Int64", "boolean", "object"],
)
def test_labels_may_be_any_zeros_and_ones(labels):
    assert counts_at(threshold_curve(labels, [0.1, 0.2, 0.3]), 0.2) == (2, 0, 0, 1)


@pytest.mark.parametrize(
    "scores",
    [
        [1, 2, 3],
        np.array([1, 2, 3], dtype=np.uint8),
        np.array([1, 2, 3], dtype=np.float32),
        np.array([9, 1, 9, 2, 9, 3])[1::2],
        pd.Series([1.0, 2.0, 3.0], dtype="Float64"),
        np.array([1, 2.0, 3], dtype=object),
    ],
    ids=["int", "uint8", "float32", "strided", "Float64", "object"],
)
def test_scores_may_be_any_numbers(scores):
    curve = threshold_curve([0, 1, 1], scores)
    assert curve.thresholds.tolist() == [3.0, 2.0, 1.0]
    assert counts_at(curve, 2) == (2, 0, 0, 1)


def test_float32_scores_are_widened_exactly():
    scores = np.array([0.1, 0.2, 0.3], dtype=np.float32)
    curve = threshold_curve([0, 1, 1], scores)
    assert curve.thresholds[::-1].tolist() == scores.astype(np.float64).tolist()


@pytest.mark.parametrize(
    ("scores", "says"),
    [
        (
            [0.1, np.nan, 0.3, np.nan],
            r"2 of 4 scores \(first at position 1.*\) are mis",
        ),
        ([0.1, 0.2, np.inf, 0.3], r"1 of 4 scores \(first at position 2.*\) is infin"),
        ([-np.inf, 0.2, 0.3, 0.3], r"first at position 0.* is infinite"),
        ([-np.inf, 0.2, np.nan, 0.3], r"first at position 2.* is missing"),
        ([0.1, None, 0.2, 0.3], r"first at position 1.* is missing"),
        (["a", "b", "c", "d"], "must be numbers"),
        (["0.1", "0.2", "0.3", "0.4"], "must be numbers"),
        (pd.Series(["x", None, "y", "z"]), "position 0 .* holds 'x'"),
        (np.array([0.1, "high", 0.2, 0.3], dtype=object), "position 1 .* 'high'"),
        (pd.Series([0.1, None, 0.2, 0.3], dtype="Float64"), "position 1.* is missing"),
        (np.array(["2020-01-01"] * 4, dtype="datetime64[D]"), "must be numbers"),
        ([[0.1, 0.2], [0.3, 0.4]], "one column"),
        ([0.1, 0.2], "4 labels but 2 scores"),
        ([2**53 + 1, 1, 2, 3], "too large"),
        ([], "no rows"),
    ],
)
def test_scores_that_cannot_be_used_are_named(scores, says):
    with pytest.raises(InputError, match=says):
        threshold_curve([0, 1, 1, 0], scores)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ([1, 1, 1], "all 3 labels are 1"),
        ([False, False, False], "all 3 labels are 0"),
        ([0, 1, 2], "0 or 1, but these are found: 0, 1, 2"),
        ([0, -1, 1], "0 or 1"),
        ([0.0, 0.5, 1.0], r"found: 0\.0, 0\.5, 1\.0"),
        (["yes", "no", "yes"], "found: no, yes"),
        ([0.0, np.nan, 1.0], r"1 of 3 labels \(first at position 1.*\) is missing"),
        ([None, None, None], r"3 of 3 labels .* are missing"),
        ([], "no rows"),
    ],
)
def test_labels_that_cannot_be_used_are_named(labels, says):
    with pytest.raises(InputError, match=says):
        threshold_curve(labels, [0.1, 0.2, 0.3])


def test_many_other_label_values_are_not_all_listed():
    with pytest.raises(InputError, match=r"…$"):
        threshold_curve(list(range(100)), [0.5] * 100)


def test_the_table_starts_with_no_one_and_ends_with_everyone():
    table = threshold_curve([0, 1, 1], [0.2, 0.5, 0.9]).table()
    assert list(table.columns) == ["threshold", "tp", "fp", "fn", "tn"]
    assert table.iloc[0].tolist() == [math.inf, 0, 0, 2, 1]
    assert table.iloc[-1].tolist() == [0.2, 2, 1, 0, 0]


@given(labelled_scores(), st.integers(2, 20))
def test_a_thinned_table_holds_exact_rows_and_both_ends(given_rows, most):
    curve = threshold_curve(*given_rows)
    table, full = curve.table(most), curve.table()
    assert len(table) <= most
    assert table.iloc[0].tolist() == full.iloc[0].tolist()
    assert table.iloc[-1].tolist() == full.iloc[-1].tolist()
    assert len(table.merge(full)) == len(table)


def test_a_thinned_table_keeps_the_cut_of_a_marked_threshold():
    rng = np.random.default_rng(5)
    curve = threshold_curve(rng.random(5000) < 0.4, rng.random(5000))
    table = curve.table(50, keep=[0.314, math.inf])
    kept = table[table.tp + table.fp == curve.at(0.314).flagged]
    assert len(kept) == 1
    assert kept.threshold.item() >= 0.314
    assert 45 <= len(table) <= 50


def test_a_table_too_small_for_what_it_must_keep_says_so():
    curve = threshold_curve([0, 1] * 5, np.arange(10))
    with pytest.raises(InputError, match="3 rows cannot hold"):
        curve.table(3, keep=[2, 5, 7])


def by_argsort(labels, scores) -> ThresholdCurve:
    order = np.argsort(-scores, kind="stable")
    values = scores[order] + 0.0
    last = np.append(values[1:] != values[:-1], True)
    tp = labels[order].cumsum()[last]
    fp = (~labels[order]).cumsum()[last]
    return ThresholdCurve(values[last], tp, fp, int(labels.sum()), int((~labels).sum()))


def assert_same(one: ThresholdCurve, other: ThresholdCurve) -> None:
    assert (one.positives, one.negatives) == (other.positives, other.negatives)
    assert one.thresholds.tobytes() == other.thresholds.tobytes()
    np.testing.assert_array_equal(one.tp, other.tp)
    np.testing.assert_array_equal(one.fp, other.fp)
