"""What is promised of groups: counted exactly, named safely, compared with care."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis import metrics
from workshop.analysis.curve import threshold_curve
from workshop.analysis.group_cells import cells_of_scores
from workshop.analysis.group_names import Group, group_names
from workshop.analysis.group_shares import group_shares
from workshop.analysis.groups import group_curves, group_design_effects
from workshop.analysis.intervals import newcombe, wilson
from workshop.errors import InputError

odd = st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1.0, -1.0, 1.7e308, -1.7e308, 1e-9])
score = st.one_of(odd, st.integers(-3, 3).map(float), st.floats(-1e6, 1e6))
hostile = st.one_of(
    st.none(),
    st.sampled_from(
        [math.nan, pd.NA, pd.NaT, "", "  ", "others", "*others", "missing"]
    ),
    st.sampled_from([True, False, 0, 1, 1.0, "1", -0.0, math.inf, date(2026, 1, 2)]),
    st.text(max_size=3),
    st.integers(-2, 2),
)


@st.composite
def grouped_rows(draw, most=40):
    row = st.tuples(st.booleans(), score, st.integers(0, 3))
    rows = draw(st.lists(row, min_size=2, max_size=most))
    labels, scores, codes = (np.array(part) for part in zip(*rows, strict=True))
    labels[:2] = [True, False]
    return labels, scores, codes


def named(count):
    return tuple(Group(f"g{i}") for i in range(count))


def curves_of(labels, scores, codes, thresholds=None, groups=4):
    if thresholds is None:
        thresholds = threshold_curve(labels, scores).table()["threshold"]
    return group_curves(labels, scores, codes, named(groups), thresholds=thresholds)


# --- which groups are shown ----------------------------------------------------------


def test_the_largest_are_shown_and_the_others_gathered():
    values = ["c"] * 3 + ["a"] * 9 + ["b"] * 5 + ["d"] + ["e"] * 2
    codes, groups = group_names(values, most=3)
    assert groups == (Group("a"), Group("b"), Group("", "others", 3))
    assert np.bincount(codes).tolist() == [9, 5, 6]


def test_as_many_groups_as_fit_are_all_shown_by_name():
    codes, groups = group_names(list("aaabbc"), most=3)
    assert groups == (Group("a"), Group("b"), Group("c"))
    assert codes.tolist() == [0, 0, 0, 1, 1, 2]


def test_missing_values_are_a_group_of_their_own_and_the_last():
    values = ["a", None, "b", float("nan"), "a", " ", "c", "d"]
    codes, groups = group_names(values, most=3)
    assert groups == (Group("a"), Group("", "others", 3), Group("", "missing"))
    assert codes.tolist() == [0, 2, 1, 2, 0, 2, 1, 1]


def test_a_column_without_any_value_is_one_group():
    codes, groups = group_names([None, None])
    assert groups == (Group("", "missing"),)
    assert codes.tolist() == [0, 0]


def test_numbers_are_named_as_people_write_them():
    _, groups = group_names([7.0, 7, "7", 2.5, None])
    assert [group.name for group in groups] == ["7", "2.5", ""]


def test_a_value_that_is_called_others_keeps_an_id_of_its_own():
    values = ["others", "others", "*others", "*others", "a", "b", None]
    _, groups = group_names(values, most=4)
    keys = [group.key for group in groups]
    assert keys == ["**others", "others", "*others", "*missing"]


@given(st.lists(hostile, min_size=1, max_size=30), st.integers(2, 6), st.randoms())
def test_names_hold_for_any_values_in_any_order(values, most, random):
    codes, groups = group_names(values, most)
    sizes = np.bincount(codes, minlength=len(groups))
    assert len(groups) <= most
    assert len({group.key for group in groups}) == len(groups)
    assert (sizes > 0).all()
    assert sizes.sum() == len(values)
    order = list(range(len(values)))
    random.shuffle(order)
    again, same = group_names([values[i] for i in order], most)
    assert same == groups
    assert again.tolist() == codes[order].tolist()


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["x", "y", None], dtype="category"),
        pd.Series([1, 2, None], dtype="Int64", index=[5, 5, 7]),
        np.array(["x", "y", None], dtype=object),
        pd.to_datetime(pd.Series(["2026-01-01", "2026-02-01", None])),
    ],
)
def test_columns_of_any_kind_give_two_values_and_a_missing_one(column):
    codes, groups = group_names(column)
    assert [group.kind for group in groups] == ["value", "value", "missing"]
    assert codes.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("values", "most", "told"),
    [
        ([], 6, "no rows"),
        ([["a"], ["b"]], 6, "no list"),
        (np.zeros((2, 2)), 6, "one column"),
        (["a"], 1, "from 2 to 100"),
    ],
)
def test_what_cannot_be_grouped_is_said(values, most, told):
    with pytest.raises(InputError, match=told):
        group_names(values, most)


# --- counting ------------------------------------------------------------------------


@given(grouped_rows())
def test_equals_counting_row_by_row_at_every_cut(rows):
    labels, scores, codes = rows
    curves = curves_of(labels, scores, codes)
    for place, threshold in enumerate(curves.thresholds):
        acted = scores >= threshold
        for group in range(4):
            mine = codes == group
            assert curves.tp[group, place] == (acted & mine & labels).sum()
            assert curves.fp[group, place] == (acted & mine & ~labels).sum()


@given(grouped_rows())
def test_groups_sum_to_the_whole_curve(rows):
    labels, scores, codes = rows
    table = threshold_curve(labels, scores).table()
    curves = curves_of(labels, scores, codes)
    assert curves.tp.sum(axis=0).tolist() == table["tp"].tolist()
    assert curves.fp.sum(axis=0).tolist() == table["fp"].tolist()
    assert curves.positives.sum() == labels.sum()
    for threshold in curves.thresholds:
        whole = threshold_curve(labels, scores).at(threshold)
        found = curves.at(threshold).overall
        assert (found.tp, found.fp, found.fn, found.tn) == (
            whole.tp,
            whole.fp,
            whole.fn,
            whole.tn,
        )


@given(grouped_rows(), st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    labels, scores, codes = rows
    order = list(range(len(labels)))
    random.shuffle(order)
    one = curves_of(labels, scores, codes)
    other = curves_of(labels[order], scores[order], codes[order])
    assert (one.tp == other.tp).all()
    assert (one.fp == other.fp).all()


@given(st.data())
def test_cells_are_those_of_a_binary_search_however_scores_lie(data):
    scores = np.array(data.draw(st.lists(score, min_size=1, max_size=60)))
    cuts = np.unique(data.draw(st.lists(score, max_size=40)) or [0.0]) + 0.0
    ends = data.draw(st.sampled_from([[], [-np.inf], [np.inf], [-np.inf, np.inf]]))
    cuts = np.union1d(cuts, ends)
    found = cells_of_scores(scores, cuts)
    assert found.tolist() == np.searchsorted(cuts, scores, side="right").tolist()


@pytest.mark.parametrize(
    "shape",
    [
        lambda z, u: u,
        lambda z, u: np.exp(3 * z),
        lambda z, u: np.where(u < 0.5, 0, np.exp(3 * z)),
        lambda z, u: 1 / (1 + np.exp(-9 * z)),
        lambda z, u: np.sign(z) * np.exp(4 * z),
        lambda z, u: np.where(u < 0.5, 1e-9 * u, 1e6 + z),
        lambda z, u: np.round(u, 2),
        lambda z, u: np.clip(z, -5, 5) * 3e307,
    ],
)
def test_cells_are_exact_for_many_rows_of_any_shape(shape):
    rng = np.random.default_rng(0)
    scores = shape(rng.normal(size=50_000), rng.random(50_000))
    cuts = np.unique(np.quantile(scores, np.linspace(0, 1, 1024), method="lower"))
    around = [np.nextafter(cuts, way) for way in (-np.inf, np.inf)]
    scores = np.concatenate([scores, cuts, *around])
    found = cells_of_scores(scores, cuts)
    assert (found == np.searchsorted(cuts, scores, side="right")).all()


def test_marked_points_are_cuts_and_others_snap_to_the_one_above():
    rng = np.random.default_rng(1)
    scores, labels = rng.random(5000), rng.random(5000) < 0.4
    codes = rng.integers(0, 4, 5000)
    table = threshold_curve(labels, scores).table(50, keep=[0.123])
    curves = curves_of(labels, scores, codes, table["threshold"])
    found = curves.at(0.123)
    assert found.tp.sum() == (labels & (scores >= 0.123)).sum()
    above = curves.at(0.5)
    assert above.act_at >= 0.5
    assert above.tp.sum() == (labels & (scores >= above.act_at)).sum()


def test_a_review_band_has_rows_asked_in_each_group():
    labels, scores = [1, 0, 1, 0, 1, 0], [0.9, 0.8, 0.6, 0.5, 0.2, 0.1]
    curves = curves_of(labels, scores, [0, 0, 0, 1, 1, 1], groups=2)
    found = curves.at(0.8, 0.5)
    assert found.cells(0) == found.cells(0).__class__(1, 1, 0, 0, 1, 0)
    assert found.cells(1) == found.cells(1).__class__(0, 0, 1, 1, 0, 1)
    with pytest.raises(InputError, match="must not lie above"):
        curves.at(0.5, 0.8)


def test_arrays_are_read_only_and_given_ones_are_left_alone():
    thresholds = np.array([np.inf, 0.5, 0.0])
    curves = curves_of([1, 0], [0.7, 0.2], [0, 1], thresholds, groups=2)
    found = (curves.thresholds, curves.tp, curves.fp, curves.positives)
    assert not any(array.flags.writeable for array in found)
    assert not curves.at(0.5).tp.flags.writeable
    assert not curves.largest_gap("recall").flags.writeable
    assert thresholds.flags.writeable


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"labels": [1, 0, 1]}, "one of each a row"),
        ({"labels": [1, 2]}, "0 or 1"),
        ({"scores": [0.1, math.nan]}, "finite"),
        ({"scores": [0.1, math.inf]}, "finite"),
        ({"codes": [0, 2]}, "none of the 2 groups"),
        ({"codes": [0, -1]}, "none of the 2 groups"),
        ({"thresholds": [0.1, 0.2]}, "must descend"),
        ({"thresholds": [0.2, 0.2]}, "must descend"),
        ({"thresholds": []}, "must descend"),
        ({"thresholds": [math.nan]}, "cannot be missing"),
        ({"labels": [], "scores": [], "codes": []}, "no rows"),
    ],
)
def test_what_cannot_be_counted_is_said(change, told):
    given_rows = {"labels": [1, 0], "scores": [0.5, 0.1], "codes": [0, 1]}
    given_rows |= {"thresholds": [0.5, 0.1]} | change
    with pytest.raises(InputError, match=told):
        group_curves(groups=named(2), **given_rows)


@pytest.mark.parametrize("threshold", [0.6, math.inf, math.nan])
def test_a_threshold_above_all_that_were_counted_is_refused(threshold):
    curves = curves_of([1, 0], [0.5, 0.1], [0, 1], [0.5, 0.1], groups=2)
    with pytest.raises(InputError, match="not counted"):
        curves.at(threshold)


# --- shares and differences ----------------------------------------------------------


@given(grouped_rows(), st.sampled_from(sorted(metrics.MEASURES)))
def test_shares_are_those_of_the_metrics_on_the_groups_own_rows(rows, metric):
    labels, scores, codes = rows
    curves = curves_of(labels, scores, codes)
    counts = curves.at(float(np.sort(scores)[len(scores) // 2]))
    if metrics.METRICS[metric].unit != "share":
        with pytest.raises(InputError, match="share of rows"):
            group_shares(metric, counts, rows="all")
        return
    found = group_shares(metric, counts, rows="all")
    assert found.overall.value == metrics.MEASURES[metric](
        counts.overall, metrics.NO_CONTEXT
    )
    for place, number in enumerate(found.by_group):
        mine = metrics.MEASURES[metric](counts.cells(place), metrics.NO_CONTEXT)
        assert number.value == mine


@given(grouped_rows(), st.sampled_from(["recall", "precision", "prevalence"]))
def test_the_largest_gap_is_the_difference_at_every_cut(rows, metric):
    labels, scores, codes = rows
    curves = curves_of(labels, scores, codes)
    gaps = curves.largest_gap(metric, fewest=3)
    for place, threshold in enumerate(curves.thresholds):
        found = group_shares(metric, curves.at(threshold), rows="all", fewest=3)
        if found.difference.value is None:
            assert math.isnan(gaps[place])
        else:
            assert gaps[place] == pytest.approx(found.difference.value, abs=1e-12)


@given(grouped_rows())
def test_one_group_is_the_whole(rows):
    labels, scores, codes = rows
    curves = curves_of(labels, scores, np.zeros_like(codes), groups=1)
    counts = curves.at(float(np.sort(scores)[len(scores) // 2]))
    found = group_shares("coverage", counts, rows="all", deff=2.0)
    only, whole = found.by_group[0], found.overall
    assert (only.lo, only.hi, only.method) == (whole.lo, whole.hi, whole.method)
    assert found.difference.value is None
    assert np.isnan(curves.largest_gap("coverage")).all()


def three_groups():
    """Coverage 40/100, 60/100, 9/10 and a last group of 19 rows, 19 acted on."""
    sizes, acted = (100, 100, 20, 19), (40, 60, 9, 19)
    codes = np.repeat(np.arange(4), sizes)
    scores = np.concatenate(
        [np.arange(n) < k for n, k in zip(sizes, acted, strict=True)]
    ).astype(float)
    labels = np.arange(len(codes)) % 2
    return curves_of(labels, scores, codes, [np.inf, 1.0, 0.0]).at(1.0)


def test_intervals_hold_together_by_bonferroni_and_say_so():
    found = group_shares("coverage", three_groups(), rows="report")
    assert found.by_group[0].method == "wilson, bonferroni over 4 groups"
    expected = wilson(40, 100, level=1 - 0.05 / 4)
    assert (found.by_group[0].lo, found.by_group[0].hi) == (expected.lo, expected.hi)
    assert found.by_group[0].level == 0.95


def test_the_difference_is_newcombes_between_the_extremes_over_all_pairs():
    found = group_shares("coverage", three_groups(), rows="report")
    assert (found.largest, found.smallest, found.too_few) == (1, 0, (3,))
    expected = newcombe(60, 100, 40, 100, level=1 - 0.05 / 3)
    assert found.difference.value == pytest.approx(0.2)
    assert (found.difference.lo, found.difference.hi) == (expected.lo, expected.hi)
    assert found.difference.method == "newcombe, bonferroni over 3 pairs"
    assert found.told_apart
    assert found.by_group[3].value == 1.0


def test_dependence_widens_each_group_by_its_own_design_effect():
    counts = three_groups()
    found = group_shares("coverage", counts, rows="report", deff=4, deffs=[2, 5, 1, 1])
    expected = wilson(60, 100, level=1 - 0.05 / 4, deff=5)
    assert found.by_group[1].lo == expected.lo
    assert "effective sample size" in found.by_group[1].method
    pair = newcombe(12, 20, 20, 50, level=1 - 0.05 / 3)
    assert found.difference.lo == pytest.approx(pair.lo)
    assert not found.told_apart
    assert "effective sample sizes" in found.difference.method
    with pytest.raises(InputError, match="4 groups but 1 design"):
        group_shares("coverage", counts, rows="report", deffs=[1.0])


def test_equal_shares_differ_by_nothing_and_are_two_groups():
    curves = curves_of([1, 0] * 40, [1.0, 0.0] * 40, [0] * 40 + [1] * 40, groups=2)
    found = group_shares("coverage", curves.at(1.0), rows="all")
    assert found.difference.value == 0
    assert {found.largest, found.smallest} == {0, 1}
    assert not found.told_apart


def test_ids_are_unique_and_made_of_the_groups_keys():
    found = group_shares("recall", three_groups(), rows="all", id="groups.origin")
    ids = [number.id for number in (found.overall, *found.by_group, found.difference)]
    assert len(set(ids)) == len(ids)
    assert ids[1] == "groups.origin.recall.group.g0"


def test_a_groups_design_effect_is_measured_on_its_own_rows():
    rng = np.random.default_rng(2)
    clusters = np.repeat(np.arange(60), 10)
    together = np.repeat(rng.random(60) < 0.5, 10)
    apart = rng.random(600) < 0.5
    labels = np.concatenate([together, apart])
    codes = np.repeat([0, 1], 600)
    groups = named(3)
    found = group_design_effects(labels, np.tile(clusters, 2), codes, groups)
    assert found[0] > 7
    assert found[1] < 2
    assert found[2] == 1.0
    assert group_design_effects(labels, None, codes, groups) == (1.0, 1.0, 1.0)
