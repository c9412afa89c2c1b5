"""A judge's error rate, raw and corrected: what must hold whatever the labels are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workshop.analysis.agreement_stats import cohen_kappa
from workshop.analysis.intervals import newcombe, wilson
from workshop.analysis.judge import JudgedRate, judge_rates
from workshop.data.judged import Judged
from workshop.record.values import Number

FEW_DRAWS = 400


def of_cells(
    kept: int,
    lost: int,
    passed: int,
    caught: int,
    right: int = 0,
    wrong: int = 0,
    **more,
) -> Judged:
    """Rows by what people and the judge say of them, people's label first."""
    counts = (kept, lost, passed, caught, right, wrong)
    human = np.repeat([1, 1, 0, 0, np.nan, np.nan], counts)
    judge = np.repeat([True, False, True, False, True, False], counts)
    none = np.zeros((0, len(judge)), dtype=bool)
    return Judged(judge, human, more.pop("repeats", none), **more)


def drawn_rows(seed: int, *, n: int, labelled: int, positive=0.7, tpr=0.92, tnr=0.88):
    """Rows as they come: a share right, a judge that errs, some seen by people."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < positive
    judge = np.where(truth, rng.random(n) < tpr, rng.random(n) >= tnr)
    human = np.full(n, np.nan)
    seen = rng.choice(n, labelled, replace=False)
    human[seen] = truth[seen]
    return Judged(judge, human, np.zeros((0, n), dtype=bool), at_random=True)


def ends(number) -> tuple[float, float]:
    return number.lo, number.hi


cells = st.tuples(
    st.integers(30, 200),
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(30, 200),
    st.integers(0, 300),
    st.integers(0, 300),
)


def test_every_rate_stands_with_its_own_count_and_range():
    found = judge_rates(of_cells(90, 10, 6, 44, 210, 140, at_random=True))
    assert (found.raw.k, found.raw.n) == (10 + 44 + 140, 500)
    assert ends(found.raw) == ends(wilson(194, 500))
    assert (found.sensitivity.k, found.sensitivity.n) == (90, 100)
    assert (found.specificity.k, found.specificity.n) == (44, 50)
    assert (found.people.k, found.people.n) == (50, 150)
    assert (found.agreement.k, found.agreement.n) == (134, 150)
    assert found.beyond_chance.value == pytest.approx(0.9 + 0.88 - 1)
    assert ends(found.beyond_chance) == ends(newcombe(90, 100, 6, 50))
    assert found.kappa.value == cohen_kappa([[90, 10], [6, 44]]).value
    for number in (found.corrected, found.powered):
        assert number.lo < number.value < number.hi


@settings(max_examples=40, deadline=None)
@given(cells)
def test_a_perfect_judge_leaves_the_rate_as_it_is(counts):
    kept, _, _, caught, right, wrong = counts
    found = judge_rates(
        of_cells(kept, 0, 0, caught, right, wrong, at_random=True), n_boot=FEW_DRAWS
    )
    assert found.corrected.value == pytest.approx(found.raw.value)
    assert found.powered.value == pytest.approx(found.raw.value)
    assert found.corrected.lo <= found.raw.value <= found.corrected.hi
    assert not found.clipped


@settings(max_examples=40, deadline=None)
@given(cells)
def test_swapping_the_classes_mirrors_everything(counts):
    kept, lost, passed, caught, right, wrong = counts
    one = judge_rates(of_cells(*counts, at_random=True), n_boot=4000)
    other = judge_rates(
        of_cells(caught, passed, lost, kept, wrong, right, at_random=True), n_boot=4000
    )
    assert (one.sensitivity.value, one.specificity.value) == pytest.approx(
        (other.specificity.value, other.sensitivity.value)
    )
    # Whether nothing fits hangs on draws, and at the edge they may fall either way.
    assume("misfit" not in (one.refused, other.refused))
    assert one.refused == other.refused
    for a, b in ((one.corrected, other.corrected), (one.powered, other.powered)):
        assert a.value == pytest.approx(1 - b.value)
        assert ends(a) == pytest.approx((1 - b.hi, 1 - b.lo), abs=0.03)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_order_of_rows_changes_nothing(seed, clustered):
    judged = drawn_rows(seed, n=200, labelled=80)
    rng = np.random.default_rng(seed)
    clusters = rng.integers(0, 30, 200).astype(str) if clustered else None
    repeats = judged.judge ^ (rng.random((2, 200)) < 0.1)
    order = rng.permutation(200)
    first = Judged(judged.judge, judged.human, repeats, clusters, at_random=True)
    second = Judged(
        judged.judge[order],
        judged.human[order],
        repeats[:, order],
        None if clusters is None else clusters[order],
        at_random=True,
    )
    one, other = (judge_rates(j, n_boot=FEW_DRAWS) for j in (first, second))
    assert (one.refused, one.clipped) == (other.refused, other.clipped)
    for name in ("raw", "corrected", "powered", "sensitivity", "agreement", "kappa"):
        assert same(getattr(one, name), getattr(other, name)), name
    for name in ("runs", "differ", "spread"):
        assert same(getattr(one.repeats, name), getattr(other.repeats, name)), name


def same(one: Number, other: Number) -> bool:
    """Equal but for the rounding of sums whose terms stand in another order."""
    ours, theirs = one.model_dump(), other.model_dump()
    return all(
        v == (pytest.approx(theirs[k]) if isinstance(v, float) else theirs[k])
        for k, v in ours.items()
    )


@settings(max_examples=40, deadline=None)
@given(cells)
def test_the_prediction_powered_rate_is_that_of_the_published_formula(counts):
    """Angelopoulos et al. 2023 with the tuned weight of PPI++ (arXiv 2311.01453)."""
    judged = of_cells(*counts, at_random=True)
    seen = ~np.isnan(judged.human)
    f, y = 1.0 - judged.judge, 1 - judged.human[seen]
    m, rest = seen.sum(), (~seen).sum()
    slope = np.cov(y, f[seen], ddof=0)[0, 1] / f[seen].var()
    weight = slope / (1 + m / rest) if rest else 0.0
    expected = np.mean(y - weight * f[seen])
    expected += weight * f[~seen].mean() if rest else 0.0
    found = judge_rates(judged, n_boot=FEW_DRAWS)
    assert found.powered.value == pytest.approx(expected)


def test_without_rows_drawn_at_random_there_is_no_prediction_powered_rate():
    assert judge_rates(of_cells(90, 10, 6, 44, 100, 50)).powered is None


def test_with_one_word_of_the_judge_seen_by_people_their_own_rate_stands():
    found = judge_rates(of_cells(40, 0, 20, 0, 100, 30, at_random=True))
    assert (found.powered.k, found.powered.n) == (20, 60)


# --- refused -------------------------------------------------------------------------


def refused(found: JudgedRate) -> str | None:
    assert (found.corrected is None) == (found.refused is not None)
    return found.refused


def test_a_judge_hardly_better_than_a_coin_corrects_nothing():
    assert refused(judge_rates(of_cells(550, 450, 450, 550))) == "near_chance"
    assert refused(judge_rates(of_cells(10, 40, 40, 10))) == "near_chance"


def test_too_few_labels_say_how_many_would_do():
    found = judge_rates(of_cells(14, 6, 3, 7, 100, 50))
    assert refused(found) == "few_labels"
    assert found.beyond_chance.value > 0.2 > found.beyond_chance.lo
    needed = found.labels_needed.value
    assert found.labels_needed.assumed
    times = needed / 30
    assert newcombe(14 * times, 20 * times, 3 * times, 10 * times).lo >= 0.2
    times = (needed - 1) / 30
    assert newcombe(14 * times, 20 * times, 3 * times, 10 * times).lo < 0.2


@pytest.mark.parametrize("counts", [(40, 5, 0, 0), (0, 0, 5, 40)])
def test_labels_of_one_class_say_nothing_of_the_other(counts):
    found = judge_rates(of_cells(*counts, 100, 50))
    assert refused(found) == "one_class"
    assert found.beyond_chance is None
    assert None in (found.sensitivity.value, found.specificity.value)


def test_what_leaves_zero_to_a_hundred_is_clipped_and_said():
    found = judge_rates(of_cells(80, 20, 0, 30, 500, 70))
    assert found.clipped
    assert found.corrected.value == found.corrected.lo == 0
    assert found.corrected.hi > 0


def test_where_no_rate_fits_the_judges_mistakes_none_is_made_up():
    found = judge_rates(of_cells(80, 20, 0, 30, 500, 0))
    assert refused(found) == "misfit"
    assert not found.clipped


# --- several runs of the judge -------------------------------------------------------


def test_runs_of_the_judge_show_how_far_they_differ():
    judge = np.array([True] * 60 + [False] * 40)
    repeats = np.array([judge, judge])
    repeats[0, :5] = False
    repeats[1, 3:8] = False
    human = np.where(np.arange(100) % 2, judge, np.nan)
    found = judge_rates(Judged(judge, human, repeats)).repeats
    assert (found.differ.k, found.differ.n) == (8, 100)
    assert found.runs.value == 3
    assert found.spread.value == pytest.approx(np.std([0.40, 0.45, 0.45], ddof=1))
    assert judge_rates(Judged(judge, human, repeats[:0])).repeats is None


# --- how often the range holds the truth ---------------------------------------------


def coverage(tries: int, **rows) -> tuple[float, float]:
    """How often the corrected and the prediction-powered range hold 30 of 100."""
    held = np.zeros(2)
    for seed in range(tries):
        found = judge_rates(drawn_rows(seed, **rows), n_boot=1000)
        for i, number in enumerate((found.corrected, found.powered)):
            held[i] += number.lo <= 0.3 <= number.hi
    return tuple(held / tries)


def test_both_ranges_hold_the_truth_about_as_often_as_they_say():
    for share in coverage(300, n=500, labelled=100):
        assert 0.92 <= share <= 0.98


def test_a_judge_that_people_never_caught_erring_still_has_a_range_for_that():
    found = judge_rates(of_cells(30, 0, 0, 30, 5000, 5000))
    assert found.corrected.hi - found.corrected.lo > 2 * (found.raw.hi - found.raw.lo)


# --- rows that hang together ---------------------------------------------------------


def of_sources(count: int) -> Judged:
    """Rows of which a source's share of right ones goes from none to all."""
    rng = np.random.default_rng(5)
    source = np.repeat(np.arange(count), 600 // count)
    truth = rng.random(len(source)) < source / (count - 1)
    judge = truth ^ (rng.random(len(source)) < 0.08)
    human = np.where(rng.random(len(source)) < 0.5, truth, np.nan)
    none = np.zeros((0, len(source)), dtype=bool)
    return Judged(judge, human, none, source.astype(str), at_random=True)


@pytest.mark.parametrize("sources", [6, 30])
def test_rows_that_hang_together_widen_every_range(sources):
    judged = of_sources(sources)
    alone = Judged(judged.judge, judged.human, judged.repeats, at_random=True)
    one, other = judge_rates(judged), judge_rates(alone)
    assert one.few_sources == (sources < 20)
    for name in ("raw", "corrected", "powered"):
        wide, narrow = getattr(one, name), getattr(other, name)
        assert wide.value == narrow.value
        assert wide.hi - wide.lo > 1.3 * (narrow.hi - narrow.lo)


def test_many_clusters_are_drawn_in_bundles_and_say_the_same_as_rows():
    rows = drawn_rows(3, n=3000, labelled=900)
    own = np.arange(3000).astype(str)
    clustered = Judged(rows.judge, rows.human, rows.repeats, own, at_random=True)
    one, other = judge_rates(clustered), judge_rates(rows)
    assert ends(one.corrected) == pytest.approx(ends(other.corrected), abs=0.006)
    assert ends(one.powered) == pytest.approx(ends(other.powered), abs=0.006)
