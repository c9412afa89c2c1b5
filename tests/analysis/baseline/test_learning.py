from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from workshop.analysis.baseline import train
from workshop.analysis.baseline.folds import folds, read_table
from workshop.analysis.baseline.learning import _nested, fit_law

NAMES = {"key": "key", "label": "y", "positive": True, "roles": {}}
SIZES = np.array([500.0, 1000, 2000, 4000, 8000, 16000])


def table(n, *, rate=0.4, seed=0, per_source=0):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 5))
    pull = values[:, 0] * values[:, 1] + values[:, 2]
    bar = np.quantile(pull, 1 - rate)
    frame = pd.DataFrame(values, columns=list("abcde"))
    frame["y"] = pull + rng.normal(size=n) * 0.5 > bar
    frame["key"] = np.arange(n)
    if per_source:
        frame["source"] = np.arange(n) // per_source
    return frame


@pytest.mark.parametrize("c", [0.2, 0.5, 1.0])
def test_a_known_law_is_found_again(c):
    errors = 0.1 + 2.0 * SIZES**-c
    law = fit_law(SIZES, errors[None], np.full(6, 0.001))
    assert law.at(16000.0)[0] == pytest.approx(errors[-1], abs=0.002)
    assert law.at(64000.0)[0] == pytest.approx(0.1 + 2.0 * 64000.0**-c, abs=0.01)


@pytest.mark.parametrize("errors", [np.full(6, 0.3), np.linspace(0.3, 0.35, 6)])
def test_errors_that_do_not_fall_promise_no_gain(errors):
    law = fit_law(SIZES, errors[None], np.full(6, 0.01))
    assert law.at(32000.0)[0] == pytest.approx(errors.mean())


def test_a_law_never_goes_below_zero():
    law = fit_law(SIZES, (40 / SIZES)[None], np.full(6, 0.001))
    assert law.a[0] >= 0
    assert law.at(1e6)[0] >= 0


def test_more_rows_bring_less_error_and_the_curve_says_how_much_less():
    found = train(table(3000), **NAMES)
    curve = found.learning
    assert found.why_no_learning == ""
    assert 4 <= len(curve.points) <= 6
    assert curve.points[0].error > curve.points[-1].error
    assert curve.now.n == 3000
    assert curve.doubled.n == 6000
    assert curve.gain.value == pytest.approx(curve.now.value - curve.doubled.value)
    assert curve.gain.lo <= curve.gain.value <= curve.gain.hi
    for point in curve.points:
        fitted = curve.a + curve.b * point.rows**-curve.c
        assert fitted == pytest.approx(point.error, abs=0.05)


@pytest.mark.slow
def test_what_the_curve_foretells_comes_about():
    early = train(table(2000), **NAMES).learning
    late = train(table(4000), **NAMES).learning
    assert early.doubled.lo <= late.now.value <= early.doubled.hi


def test_a_large_table_is_foretold_no_farther_than_four_times_the_largest_fit():
    curve = train(table(2000), **NAMES, rows=1000, at_hand=10**6).learning
    assert curve.now.n == 4 * curve.points[-1].rows


@pytest.mark.parametrize(
    ("frame", "why"),
    [(table(150), "few_sizes"), (table(3000, rate=0.01), "few_positives")],
)
def test_too_little_for_four_sizes_is_refused(frame, why):
    found = train(frame, **NAMES)
    assert found.learning is None
    assert found.why_no_learning == why


def test_few_sources_are_no_sizes_however_many_rows():
    found = train(table(2000, per_source=200), **NAMES, cluster="source")
    assert found.why_no_learning == "few_sizes"


@pytest.mark.parametrize("cluster", [None, "source"])
def test_subsets_are_nested_and_sources_stay_whole(cluster):
    rows = read_table(table(2000, per_source=10), **NAMES, cluster=cluster)
    pool, held = folds(rows)[0]
    nested = _nested(rows, pool, [0.25, 0.5, 1.0], seed=0)
    assert [len(n) / len(pool) for n in nested] == pytest.approx(
        [0.25, 0.5, 1.0], abs=0.01
    )
    for small, large in pairwise(nested):
        assert set(small) <= set(large)
        assert not set(large) & set(held)
    if cluster:
        inside = set(rows.clusters[nested[0]])
        assert len(nested[0]) == 10 * len(inside)
    else:
        assert rows.labels[nested[0]].mean() == pytest.approx(
            rows.labels[pool].mean(), abs=0.002
        )
