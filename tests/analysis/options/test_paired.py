"""Options are compared on the same rows, and a difference says how sure it is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.intervals import newcombe_paired
from workshop.analysis.options.paired import compare_options, latency
from workshop.errors import InputError

RNG = np.random.default_rng(2)
KEYS = [f"q{i}" for i in range(400)]


def errors_of(**rates):
    return pd.DataFrame(
        {name: (RNG.random(400) < p).astype(float) for name, p in rates.items()},
        index=KEYS,
    )


def test_the_difference_is_that_of_the_error_rates_with_its_four_counts():
    errors = errors_of(base=0.4, new=0.2)
    (found,) = compare_options(errors, reference="base").differences
    assert found.option == "new"
    assert found.difference == pytest.approx(errors.new.mean() - errors.base.mean())
    assert found.both + found.only_option == errors.new.sum()
    assert found.both + found.only_reference == errors.base.sum()
    assert found.n == 400
    assert found.lo < found.difference < found.hi < 0
    assert found.separated


def test_one_comparison_is_newcombe_and_nothing_else():
    (found,) = compare_options(errors_of(a=0.4, b=0.3), reference="a").differences
    cells = (found.both, found.only_option, found.only_reference, found.neither)
    expected = newcombe_paired(*cells)
    assert (found.lo, found.hi) == (expected.lo, expected.hi)
    assert found.method == "newcombe paired"


def test_several_comparisons_share_the_risk_of_a_false_alarm():
    found = compare_options(errors_of(a=0.4, b=0.4, c=0.4, d=0.4), reference="a")
    assert found.level == 0.95
    assert [d.level for d in found.differences] == pytest.approx([1 - 0.05 / 3] * 3)


def test_options_that_never_differ_are_not_separated():
    errors = errors_of(a=0.4)
    same = compare_options({"a": errors.a, "b": errors.a}, reference="a")
    (found,) = same.differences
    assert found.difference == 0
    assert not found.separated


def test_rows_that_not_all_decided_are_left_out_and_counted():
    errors = errors_of(a=0.4, b=0.3)
    errors.loc["q7", "b"] = np.nan
    found = compare_options(
        {"a": errors.a.iloc[:390], "b": errors.b.iloc[::-1]}, reference="a"
    )
    assert (found.rows, found.lost) == (389, 11)


def test_the_order_of_rows_changes_nothing():
    errors = errors_of(a=0.4, b=0.3)
    clusters = pd.Series(RNG.integers(0, 9, 400), index=KEYS)
    order = RNG.permutation(400)
    one = compare_options(errors, reference="a", clusters=clusters)
    other = compare_options(errors.iloc[order], reference="a", clusters=clusters)
    assert one == other


def test_rows_that_hang_together_widen_the_interval():
    clusters = pd.Series(np.repeat(np.arange(20), 20), index=KEYS)
    errors = errors_of(a=0.2)
    errors["b"] = np.where(clusters % 2, 1.0, errors.a)
    alone = compare_options(errors, reference="a").differences[0]
    together = compare_options(errors, reference="a", clusters=clusters).differences[0]
    assert together.deff > 3
    assert together.hi - together.lo > alone.hi - alone.lo
    assert together.method == "newcombe paired at the effective sample size"


@pytest.mark.parametrize(
    ("errors", "reference", "clusters", "says"),
    [
        (errors_of(a=0.1, b=0.1), "c", None, "unknown reference 'c'"),
        (errors_of(a=0.1), "a", None, "two options"),
        ({"a": pd.Series([1]), "b": pd.Series([1], index=[5])}, "a", None, "no row"),
        (
            {"a": pd.Series([1, 0], index=[1, 1]), "b": pd.Series([1])},
            "a",
            None,
            "more than once",
        ),
        ({"a": pd.Series([2.0]), "b": pd.Series([1])}, "a", None, "0 or 1"),
        (errors_of(a=0.1, b=0.1), "a", pd.Series(["x"], index=["q1"]), "no cluster"),
        (
            errors_of(a=0.1, b=0.1),
            "a",
            pd.Series(["x", "y"], index=["q1", "q1"]),
            "more than one cluster",
        ),
    ],
)
def test_options_that_cannot_be_compared_say_why(errors, reference, clusters, says):
    with pytest.raises(InputError, match=says):
        compare_options(errors, reference=reference, clusters=clusters)


@given(st.lists(st.floats(0, 1e6), min_size=100, max_size=300))
def test_a_latency_lies_within_its_interval_and_all_are_measured_times(times):
    number = latency("p50", times, 0.5, rows="all")
    assert number.lo <= number.value <= number.hi
    assert {number.lo, number.value, number.hi} <= set(times)
    assert (number.n, number.unit, number.method) == (
        len(times),
        "ms",
        "order statistics",
    )


def test_the_interval_holds_the_true_quantile_as_often_as_it_says():
    rng = np.random.default_rng(8)
    truth = -np.log(0.05)  # the 95 % quantile of a standard exponential
    runs = [
        latency("p95", rng.exponential(size=200), 0.95, rows="all") for _ in range(400)
    ]
    assert np.mean([run.lo <= truth <= run.hi for run in runs]) >= 0.94


def test_too_few_times_give_a_value_without_an_interval():
    number = latency("p95", np.arange(20.0), 0.95, rows="all")
    assert number.value == 18
    assert (number.lo, number.hi, number.method) == (None, None, None)
    assert latency("p95", [], 0.95, rows="all").value is None


@pytest.mark.parametrize("times", [[1.0, np.nan], [np.inf], [-1.0]])
def test_times_that_cannot_be_are_refused(times):
    with pytest.raises(InputError, match="finite and not negative"):
        latency("p50", times, 0.5, rows="all")


def test_a_quantile_lies_inside():
    with pytest.raises(InputError, match="quantile lies between"):
        latency("p100", [1.0], 1.0, rows="all")
