"""What an interval promises, whichever counts it is asked about."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.intervals import (
    clopper_pearson,
    design_effect,
    newcombe,
    newcombe_paired,
    rate,
    sample_size,
    wilson,
)
from workshop.errors import InputError

shares = st.integers(1, 3000).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
)
paired = st.tuples(*[st.integers(0, 60)] * 4).filter(any)
levels = st.floats(0.5, 0.999)


@given(shares, levels, st.floats(1, 50))
def test_wilson_holds_the_share_and_stays_within_0_and_1(kn, level, deff):
    k, n = kn
    found = wilson(k, n, level=level, deff=deff)
    assert 0 <= found.lo <= k / n <= found.hi <= 1


@given(shares)
def test_wilson_is_the_same_seen_from_the_other_side(kn):
    k, n = kn
    one, other = wilson(k, n), wilson(n - k, n)
    assert one.lo == pytest.approx(1 - other.hi, abs=1e-12)


@given(shares, st.floats(1, 10))
def test_clusters_never_narrow_an_interval(kn, deff):
    k, n = kn
    widened = wilson(k, n, deff=deff)
    assert widened.half_width >= wilson(k, n).half_width - 1e-12


def test_a_design_effect_is_fewer_rows_at_the_same_share():
    widened, fewer = wilson(120, 400, deff=4), wilson(30, 100)
    assert (widened.lo, widened.hi) == pytest.approx((fewer.lo, fewer.hi))
    assert widened.method == "wilson at the effective sample size"
    assert fewer.method == "wilson"


@given(shares)
def test_the_exact_interval_holds_the_share(kn):
    k, n = kn
    found = clopper_pearson(k, n)
    assert 0 <= found.lo <= k / n <= found.hi <= 1


@given(shares)
def test_one_sided_bounds_are_those_of_a_two_sided_interval_at_90(kn):
    k, n = kn
    two = clopper_pearson(k, n, level=0.90)
    assert clopper_pearson(k, n, side="upper").hi == pytest.approx(two.hi)
    assert clopper_pearson(k, n, side="upper").lo == 0
    assert clopper_pearson(k, n, side="lower").lo == pytest.approx(two.lo)
    assert clopper_pearson(k, n, side="lower").hi == 1


@given(shares, shares)
def test_a_difference_turns_its_sign_with_its_sides(one, other):
    there, back = newcombe(*one, *other), newcombe(*other, *one)
    assert (there.lo, there.hi) == pytest.approx((-back.hi, -back.lo), abs=1e-12)
    assert -1 <= there.lo <= one[0] / one[1] - other[0] / other[1] <= there.hi <= 1


@given(paired, st.floats(1, 10))
def test_a_paired_difference_turns_its_sign_with_its_sides(cells, deff):
    both, first, second, neither = cells
    there = newcombe_paired(*cells, deff=deff)
    back = newcombe_paired(both, second, first, neither, deff=deff)
    assert (there.lo, there.hi) == pytest.approx((-back.hi, -back.lo), abs=1e-12)
    difference = (first - second) / sum(cells)
    assert -1 <= there.lo <= difference + 1e-12
    assert difference - 1e-12 <= there.hi <= 1


def test_the_same_rows_tell_more_than_independent_ones():
    alone = newcombe(100, 200, 90, 200)
    together = newcombe_paired(80, 20, 10, 90)
    assert together.half_width < alone.half_width


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: wilson(1, 0), "at least one row"),
        (lambda: wilson(3, 2), "between 0 and n = 2"),
        (lambda: wilson(-1, 2), "between 0 and n = 2"),
        (lambda: wilson(float("nan"), 2), "between 0 and n"),
        (lambda: wilson(1, 2, level=1.0), "between 0 and 1"),
        (lambda: wilson(1, 2, deff=0.5), "at least 1"),
        (lambda: clopper_pearson(1, 2, level=95), "between 0 and 1"),
        (lambda: newcombe_paired(-1, 2, 2, 2), "negative"),
        (lambda: newcombe_paired(0, 0, 0, 0), "at least one row"),
        (lambda: sample_size(1.5, 0.05), "a rate lies"),
        (lambda: sample_size(0.5, 0), "a half-width lies"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(call, says):
    with pytest.raises(InputError, match=says):
        call()


def test_a_rate_travels_with_its_count_base_and_interval():
    number = rate("error_rate", 30, 100, rows="all", deff=2.0)
    assert (number.value, number.k, number.n) == (0.3, 30, 100)
    assert (number.rows, number.unit, number.level) == ("all", "share", 0.95)
    assert number.method == "wilson at the effective sample size"
    assert number.lo < 0.2189 < 0.3958 < number.hi
    assert not number.assumed


def test_a_rate_of_nothing_is_cannot_tell():
    number = rate("precision", 0, 0, rows="report")
    assert (number.value, number.lo, number.hi, number.method) == (None,) * 4
    assert number.n == 0


def test_rows_without_clusters_are_independent():
    found = design_effect([0, 1, 1, 0], None)
    assert (found.deff, found.clusters, found.effective_n) == (1.0, None, 4)
    assert not found.few_sources


def test_whole_clusters_that_are_alike_count_as_one_row_each():
    values = np.repeat(np.arange(200) % 2, 10)
    found = design_effect(values, np.repeat(np.arange(200), 10))
    assert found.deff == pytest.approx(10, rel=0.1)
    assert found.clusters == 200
    assert not found.few_sources


def test_clusters_that_say_nothing_cost_next_to_nothing():
    rng = np.random.default_rng(0)
    values, clusters = rng.integers(0, 2, 4000), rng.integers(0, 400, 4000)
    assert 1 <= design_effect(values, clusters).deff < 1.25


def test_a_single_source_counts_as_one_row():
    found = design_effect([0, 1, 1, 0], ["one"] * 4)
    assert found.effective_n == 1
    assert found.few_sources


def test_where_all_rows_agree_nothing_can_be_told_from_clusters():
    assert design_effect([0, 0, 0], [1, 2, 3]).deff == 1


def test_the_design_effect_does_not_depend_on_the_order_of_rows_or_the_type_of_name():
    rng = np.random.default_rng(1)
    values, clusters = rng.integers(0, 2, 500), rng.integers(0, 12, 500)
    order = rng.permutation(500)
    found = design_effect(values, clusters, seed=4)
    assert found == design_effect(values[order], clusters[order], seed=4)
    assert found == design_effect(values, pd.Series(clusters).astype(float), seed=4)
    assert found == design_effect(values, clusters.astype(str), seed=4)


@pytest.mark.parametrize(
    ("values", "clusters", "says"),
    [
        ([], None, "needs rows"),
        ([0, np.nan], None, "finite"),
        ([0, 1], ["a"], "2 values but 1 clusters"),
        ([0, 1], ["a", None], "1 of 2 rows have no cluster"),
    ],
)
def test_a_design_effect_of_unusable_rows_says_so(values, clusters, says):
    with pytest.raises(InputError, match=says):
        design_effect(values, clusters)
