"""A curve counted in an engine: exact at its thresholds, and honest between them."""

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.readiness.engine_tables import QUOTED
from tests.analysis.readiness.test_engines import (
    SPARK,
    on_file,  # noqa: F401  (fixtures are found by their names)
    postgres_table,  # noqa: F401
    spark_table,  # noqa: F401
)
from workshop.analysis import engine_curve as module
from workshop.analysis.curve import threshold_curve
from workshop.analysis.engine_curve import engine_curve
from workshop.errors import InputError

pytestmark = [
    # ibis 12 still calls what DuckDB 2 has renamed.
    pytest.mark.filterwarnings("ignore:fetch_.* is deprecated:DeprecationWarning"),
    # … and asks pandas 3 for an option that it has retired.
    pytest.mark.filterwarnings("ignore:The 'future.infer_string':DeprecationWarning"),
]

TINY, HUGE = 5e-324, 1.7976931348623157e308


def counted(labels, scores, **options):
    rows = pa.table({"y": np.asarray(labels).astype(np.int8), "s": scores})
    table = ibis.memtable(rows)
    return engine_curve(table, label="y", score="s", **options)


def assert_exact_at_its_thresholds(found, labels, scores):
    curve = found.curve
    tp, fp = threshold_curve(labels, scores).counts_at(curve.thresholds)
    np.testing.assert_array_equal(curve.tp, tp)
    np.testing.assert_array_equal(curve.fp, fp)
    assert (
        (curve.n, curve.positives)
        == (len(labels), labels.sum())
        == (found.rows, tp[-1])
    )


def assert_within_its_word(found, labels, scores):
    """At every score and beside it, no count is off by more than was said."""
    asked = np.concatenate([scores, [-np.inf, np.inf]])
    expected = threshold_curve(labels, scores).counts_at(asked)
    off = [
        true - had
        for true, had in zip(expected, found.curve.counts_at(asked), strict=True)
    ]
    assert min(part.min() for part in off) >= 0
    assert (off[0] + off[1]).max() <= max(0, found.largest_cell - 1)


KINDS = {
    "probabilities": lambda rng, n: rng.random(n),
    "any sign, like logits": lambda rng, n: rng.normal(size=n) * 3,
    "0..17, like BM25": lambda rng, n: rng.random(n) * 17,
    "ties": lambda rng, n: np.round(rng.random(n), 2),
    "one score": lambda rng, n: np.full(n, -2.5),
    "nearly all next to zero": lambda rng, n: rng.random(n) ** 20,
    "twenty orders of magnitude": lambda rng, n: np.exp(rng.normal(size=n) * 8),
    "nearly all next to one": lambda rng, n: 1 - np.exp(-rng.random(n) * 30),
    "mostly zero": lambda rng, n: rng.random(n) * (rng.random(n) < 0.1),
    "one far out": lambda rng, n: np.append(rng.random(n - 1), 1e12),
}


@pytest.mark.parametrize("kind", KINDS)
def test_counts_are_exact_at_the_edges_whatever_the_scores(kind):
    rng = np.random.default_rng(8)
    scores = KINDS[kind](rng, 20_000)
    labels = rng.random(20_000) < 0.3
    found = counted(labels, scores, cells=1024)
    assert_exact_at_its_thresholds(found, labels, scores)
    assert_within_its_word(found, labels, scores)
    # Skewed or not, a cell holds little: not much over 8 times its share of the rows.
    assert found.largest_share <= 16 / 1024


odd_scores = st.sampled_from(
    [0.0, -0.0, TINY, -TINY, 3 * TINY, 1.0, 1 + 2**-52, -1.0, HUGE, -HUGE, 1e-300]
)
finite = st.floats(allow_nan=False, allow_infinity=False)
few_rows = st.lists(
    st.tuples(st.booleans(), odd_scores | finite), min_size=2, max_size=30
)


@given(few_rows, st.integers(2, 9))
@settings(max_examples=40)
def test_any_finite_scores_are_counted_exactly(given_rows, cells):
    labels = np.array([label for label, _ in given_rows])
    labels[:2] = [True, False]
    scores = np.array([score for _, score in given_rows])
    found = counted(labels, scores, cells=cells)
    assert_exact_at_its_thresholds(found, labels, scores)
    assert_within_its_word(found, labels, scores)


def test_where_every_score_has_its_cell_the_curve_is_the_exact_one():
    rng = np.random.default_rng(2)
    scores, labels = np.round(rng.random(5000), 3), rng.random(5000) < 0.5
    found, exact = counted(labels, scores), threshold_curve(labels, scores)
    assert (found.exact, found.largest_share) == (True, 0)
    assert found.curve.thresholds.tolist() == exact.thresholds.tolist()
    assert found.curve.tp.tolist() == exact.tp.tolist()


def test_what_was_not_cut_again_is_said(monkeypatch):
    monkeypatch.setattr(module, "CUTS", 0)
    rng = np.random.default_rng(3)
    scores, labels = rng.random(4000) ** 20, rng.random(4000) < 0.5
    found = counted(labels, scores, cells=64)
    lowest = np.sum(scores < (scores.max() - scores.min()) / 64 + scores.min())
    assert found.largest_cell == lowest
    assert found.largest_share == pytest.approx(lowest / 4000)
    assert not found.exact
    assert_within_its_word(found, labels, scores)


def test_labels_and_scores_may_be_of_any_kind():
    rng = np.random.default_rng(4)
    hits = rng.random(300) < 0.4
    scores = rng.integers(-40, 40, 300)
    expected = threshold_curve(hits, scores)
    for labels, positive in (
        (hits, 1),
        (hits, True),
        (np.where(hits, "yes", "no"), "yes"),
        (np.where(hits, 2.0, 0.0), 2),
    ):
        rows = pa.table({"y": labels, "s": scores})
        table = ibis.memtable(rows)
        found = engine_curve(table, label="y", score="s", positive=positive)
        assert found.curve.tp.tolist() == expected.tp.tolist()
        assert found.curve.thresholds.tolist() == expected.thresholds.tolist()


@pytest.mark.parametrize(
    ("labels", "scores", "says"),
    [
        ([0, 1, None], [0.1, 0.2, 0.3], "1 of 3 labels in 'y' are missing"),
        ([0, 1, 1], [0.1, None, 0.3], "1 of 3 scores in 's' are missing"),
        ([0, 1, 1], [0.1, np.nan, np.nan], "2 of 3 scores in 's' are missing"),
        ([0, 1, 1], [0.1, np.inf, -np.inf], "2 of 3 scores in 's' are infinite"),
        ([1, 1, 1], [0.1, 0.2, 0.3], "all 3 labels are 1"),
        ([0, 0, 0], [0.1, 0.2, 0.3], "all 3 labels are 0"),
        ([0, 1, 1], ["a", "b", "c"], "'s' are no numbers"),
        ([], [], "no rows"),
    ],
)
def test_what_cannot_be_counted_is_named(labels, scores, says):
    kinds = pa.string() if "a" in scores else pa.float64()
    rows = pa.table({"y": pa.array(labels, pa.int64()), "s": pa.array(scores, kinds)})
    table = ibis.memtable(rows)
    with pytest.raises(InputError, match=says):
        engine_curve(table, label="y", score="s")


def test_a_column_that_is_not_there_and_a_grid_of_one_cell_are_named():
    table = ibis.memtable(pd.DataFrame({"y": [0, 1], "s": [0.1, 0.2]}))
    with pytest.raises(InputError, match="no column 'score'"):
        engine_curve(table, label="y", score="score")
    with pytest.raises(InputError, match="two cells or more"):
        engine_curve(table, label="y", score="s", cells=1)


def test_missing_scores_in_a_parquet_file_are_seen(tmp_path):
    # A file's statistics leave NaN out, and DuckDB may believe them.
    path = tmp_path / "scored.parquet"
    scores = [0.5, np.nan, 0.25, 0.75]
    pd.DataFrame({"y": [0, 1, 0, 1], "s": scores}).to_parquet(path)
    table = ibis.duckdb.connect().read_parquet(str(path))
    with pytest.raises(InputError, match="1 of 4 scores"):
        engine_curve(table, label="y", score="s")


@pytest.fixture(
    params=[
        pytest.param("postgres", marks=pytest.mark.engine),
        pytest.param("spark", marks=[pytest.mark.engine, *SPARK]),
    ]
)
def elsewhere(request):
    return request.getfixturevalue(f"{request.param}_table")


@pytest.mark.parametrize("column", ["score", "single", "huge", "pdays", "price"])
def test_other_engines_count_the_same(elsewhere, column):
    table = elsewhere.filter(elsewhere.label.notnull() & elsewhere[column].notnull())
    table = table.filter(table[column].cast("float64").between(-1e300, 1e300))
    rows = table.select("label", s=table[column].cast("float64")).to_pandas()
    labels, scores = rows["label"].to_numpy() == 1, rows["s"].to_numpy()
    for cells in (50, 65_536):
        found = engine_curve(table, label="label", score=column, cells=cells)
        assert_exact_at_its_thresholds(found, labels, scores)
        assert_within_its_word(found, labels, scores)


def test_other_engines_refuse_what_cannot_be_counted(elsewhere):
    judged = elsewhere.filter(elsewhere.label.notnull())
    with pytest.raises(InputError, match=r"\d+ of \d+ labels in 'label' are missing"):
        engine_curve(elsewhere, label="label", score="score")
    numbers = judged.filter(judged["huge"].notnull())
    for table, column, held in (
        (judged, QUOTED, "missing"),
        (numbers, "huge", "infinite"),
    ):
        with pytest.raises(InputError, match=rf"\d+ of \d+ scores in .* are {held}"):
            engine_curve(table, label="label", score=column)


def test_other_engines_count_any_finite_scores(elsewhere):
    edge = [TINY, -TINY, 0.0, -0.0, HUGE, -HUGE, 1e-300, 1.0, 1 + 2**-52, 3 * TINY]
    number = elsewhere["id"]
    score = ibis.cases(
        *(
            (number == i, ibis.literal(repr(s)).cast("float64"))
            for i, s in enumerate(edge, start=1)
        ),
        else_=number.cast("float64"),
    )
    table = elsewhere.filter(elsewhere.label.notnull()).select("label", s=score)
    rows = table.to_pandas()
    labels, scores = rows["label"].to_numpy() == 1, rows["s"].to_numpy()
    assert {TINY, HUGE, -HUGE} <= set(scores.tolist())
    found = engine_curve(table, label="label", score="s", cells=100)
    assert_exact_at_its_thresholds(found, labels, scores)
