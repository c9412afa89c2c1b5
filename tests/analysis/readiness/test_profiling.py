"""A profile's counts are pandas' own, whatever the table looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.readiness import counting, profiling, repeats
from workshop.analysis.readiness.profiling import STAGES, profile
from workshop.analysis.readiness.sampling import bounded_sample, rows_for
from workshop.data.card import Column, DatasetCard, Schema
from workshop.errors import InputError

pytestmark = [
    # ibis 12 still calls what DuckDB 2 has renamed.
    pytest.mark.filterwarnings("ignore:fetch_.* is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string':DeprecationWarning"),
]

ROWS = 600
RNG = np.random.default_rng(2)


@pytest.fixture(scope="module")
def engine():
    return ibis.duckdb.connect()


@pytest.fixture
def table_of(engine, tmp_path):
    def make(**columns):
        path = tmp_path / f"t{len(list(tmp_path.iterdir()))}.parquet"
        pq.write_table(pa.table(columns), path)
        return engine.read_parquet(str(path))

    return make


def card_of(table, **roles):
    return DatasetCard(
        name="made",
        title="Made",
        description="Made.",
        schema=Schema(
            fields=tuple(
                Column(name=name, role=roles.get(name, "feature"))
                for name in table.columns
            )
        ),
    )


def look(table, **asked):
    given = {
        "key": None,
        "label": None,
        "positive": 1,
        "card": card_of(table),
        "time": None,
        "groups": (),
        "cluster": None,
        "today": date(2026, 12, 1),
    }
    return profile(table, **(given | asked))


# --- columns -------------------------------------------------------------------------


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(allow_infinity=False, width=32)),
            st.one_of(st.none(), st.sampled_from(["a", "b", " Unknown ", ""])),
            st.one_of(st.none(), st.booleans()),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_counts_are_those_of_pandas(engine, tmp_path_factory, rows):
    numbers, words, labels = map(list, zip(*rows, strict=True))
    path = tmp_path_factory.mktemp("law") / "t.parquet"
    made = {
        "x": pa.array(numbers, pa.float64(), from_pandas=False),
        "w": pa.array(words, pa.string()),
        "y": pa.array(labels, pa.bool_()),
    }
    pq.write_table(pa.table(made), path)
    found = look(engine.read_parquet(str(path)), label="y", positive=True)
    frame = pd.DataFrame({"x": numbers, "w": words, "y": labels})
    positive = frame["y"] == True  # noqa: E712
    for name in ("x", "w"):
        empty, column = frame[name].isna(), found.columns[name]
        assert column.missing == empty.sum()
        assert column.missing_judged == (empty & frame["y"].notna()).sum()
        assert column.missing_positives == (empty & positive).sum()
        assert column.distinct == frame[name].nunique()
    assert found.label.judged == frame["y"].notna().sum()
    assert found.label.positives == positive.sum()
    stand_ins = frame["w"].dropna().str.strip().str.lower()
    expected = stand_ins[stand_ins.isin(["unknown", ""])].value_counts().to_dict()
    assert found.columns["w"].stand_ins == expected


def test_ends_mean_and_spread_leave_out_what_is_no_number(table_of):
    values = [1.0, 2.0, 6.0, float("nan"), float("inf"), None]
    column = look(table_of(x=pa.array(values, from_pandas=False))).columns["x"]
    assert (column.missing, column.low, column.high) == (2, 1.0, float("inf"))
    assert column.mean == pytest.approx(3)
    assert column.sd == pytest.approx(np.std([1, 2, 6], ddof=1))


@pytest.mark.parametrize("whole", [True, False])
def test_whole_numbers_too_large_for_a_float_are_not_one_value(
    table_of, monkeypatch, whole
):
    if not whole:
        monkeypatch.setattr(profiling, "rows_for", lambda columns: 1)
    table = table_of(big=[2**53, 2**53 + 1, None], one=[2**53, None, 2**53])
    found = look(table).columns
    assert (found["big"].constant, found["one"].constant) == (False, True)


def test_kinds_and_roles_are_told_apart(table_of):
    table = table_of(
        id=["a", "b"],
        n=[1, 2],
        t=[datetime(2026, 1, 1), datetime(2026, 1, 2)],
        d=[date(2026, 1, 1), None],
        b=[True, None],
        nested=[[1], [2, 3]],
        y=[0, 1],
    )
    card = card_of(table, t="time")
    fields = tuple(c for c in card.schema_.fields if c.name != "d")
    card = card.model_copy(update={"schema_": Schema(fields=fields)})
    found = look(table, key="id", label="y", card=card).columns
    kinds = {name: column.kind for name, column in found.items()}
    assert kinds == {"id": "text", "n": "number", "t": "time", "d": "time",
                     "b": "boolean", "nested": "other", "y": "number"}  # fmt: skip
    roles = {name: column.role for name, column in found.items()}
    assert roles == {"id": "id", "n": "feature", "t": "time", "d": None,
                     "b": "feature", "nested": "feature", "y": "label"}  # fmt: skip
    assert found["d"].high == datetime(2026, 1, 1)
    assert found["nested"].missing == 0


def test_a_constant_column_is_told_by_its_ends(table_of):
    found = look(table_of(c=["x"] * 9 + [None], v=list(range(10)))).columns
    assert found["c"].constant
    assert not found["v"].constant
    assert found["c"].commonest == ("x", 9)


def test_the_commonest_value_is_counted_over_all_rows(table_of, monkeypatch):
    monkeypatch.setattr(profiling, "rows_for", lambda columns: 200)
    values = [0] * 900 + list(range(1, 101))
    found = look(table_of(id=list(range(1000)), x=values), key="id")
    assert found.shapes.rows == 200
    assert not found.shapes.whole
    assert found.columns["x"].commonest == ("0", 900)


def test_many_columns_are_counted_in_batches(table_of, monkeypatch):
    monkeypatch.setattr(counting, "FEW_AT_ONCE", {"duckdb": 3})
    columns = {f"c{i}": RNG.random(6) for i in range(50)}
    found = look(table_of(**columns))
    assert list(found.columns) == list(columns)
    assert found.columns["c49"].high == columns["c49"].max()


@pytest.mark.slow
def test_columns_by_the_thousand_are_no_trouble_in_queries_as_wide_as_they_get(
    table_of, monkeypatch
):
    """More than a thousand, where Python's stack and DuckDB's nesting would end."""
    monkeypatch.setattr(counting, "MOST_QUERIES", 4)
    asked, figures = counting.ask_one, []
    monkeypatch.setattr(
        counting, "ask_one", lambda q: figures.append(len(q.columns)) or asked(q)
    )
    columns = {f"c{i}": RNG.random(6) for i in range(1020)}
    found = look(table_of(**columns))
    assert list(found.columns) == list(columns)
    assert {column.distinct for column in found.columns.values()} == {6}
    # Of five thousand, each of twenty queries would hold 250 columns of six figures.
    assert figures.count(255 * 6) == 4


@pytest.mark.parametrize("rows", [0, 1])
def test_nearly_nothing_is_counted_too(table_of, rows):
    table = table_of(
        id=pa.array(["k"][:rows], pa.string()),
        x=pa.array([1.5][:rows], pa.float64()),
        y=pa.array([1][:rows], pa.int64()),
        t=pa.array([datetime(2026, 1, 1)][:rows], pa.timestamp("us")),
        g=pa.array(["a"][:rows], pa.string()),
    )
    found = look(table, key="id", label="y", time="t", groups=("g",))
    assert found.rows == rows
    assert found.label.positives == rows
    assert found.shapes.rows == rows
    assert len(found.groups[0].values) == rows


# --- values that stand for missing ---------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([-1] * 300 + list(range(1, 101)) * 3, {"-1": 300}),
        ([-999] * 5 + list(range(595)), {"-999": 5}),
        ([-999.0] * 5 + [20_000.5 + i * 7 for i in range(595)], {"-999": 5}),
        ([999] * 20 + list(range(80)) * 7 + [1] * 20, {"999": 20}),
        ([-9, -9, *([0, 1] * 299)], {"-9": 2}),
        ([-99] * 4 + [-999] * 6 + list(range(590)), {"-99": 4, "-999": 6}),
        ([9999] * 10 + [1990 + i % 30 for i in range(590)], {"9999": 10}),
    ],
)
def test_a_number_that_stands_apart_stands_for_missing(table_of, values, expected):
    assert look(table_of(x=values)).columns["x"].stand_ins == expected


@pytest.mark.parametrize(
    "values",
    [
        # A percentage that reaches 99, and an age that does.
        list(range(100)) * 6,
        [18 + i % 82 for i in range(600)],
        # A frosty day, in whole degrees and in tenths.
        [int(v) for v in np.clip(RNG.normal(9, 4, 600), -1, 25)],
        [round(float(v), 1) for v in np.linspace(-1, 25, 600)],
        [int(v) for v in np.clip(RNG.normal(2, 5, 600), -9, 25)],
        # Three answers, and a label written with signs.
        [-1, 0, 1] * 200,
        [-1, 1] * 300,
        # A debt.
        [-99, *range(599)],
        # A long tail that ends where it ends.
        [*range(599), 999],
        [0] * 600,
        [-1] * 600,
    ],
)
def test_an_ordinary_end_of_a_column_is_left_alone(table_of, values):
    assert look(table_of(x=values)).columns["x"].stand_ins == {}


def test_words_count_in_any_case_and_with_blanks_around(table_of):
    words = ["Unknown", " unknown", "N/A", "", "  ", "-", "fine", "unknowable", None]
    found = look(table_of(w=words)).columns["w"].stand_ins
    assert found == {"unknown": 2, "n/a": 1, "": 2, "-": 1}


# --- the label -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "positive", "positives"),
    [
        ([1, 0, 1, None], 1, 2),
        ([1, 0, 1, None], "1", 2),
        ([1.0, 0.0, float("nan"), None], 1, 1),
        ([True, False, None], 1, 1),
        ([True, False, None], "true", 1),
        (["yes", "no", "yes"], "yes", 2),
        (["1", "0"], 1, 1),
        (["yes", "no"], "maybe", 0),
        ([1, 0], "yes", 0),
    ],
)
def test_the_positive_value_is_read_as_people_write_it(
    table_of, values, positive, positives
):
    made = table_of(y=pa.array(values, from_pandas=False), x=list(range(len(values))))
    assert look(made, label="y", positive=positive).label.positives == positives


def test_the_most_frequent_labels_are_listed(table_of):
    values = [f"class {i}" for i in range(60) for _ in range(i + 1)]
    label = look(table_of(y=values, x=values), label="y", positive="class 3").label
    assert label.distinct == 60
    assert len(label.values) == 50
    assert label.values[0] == ("class 59", 60)
    assert label.positives == 4


# --- groups and time -----------------------------------------------------------------


def test_groups_carry_labels_and_holes(table_of):
    table = table_of(
        g=["a"] * 5 + ["b"] * 3 + [None],
        x=[1.0, None, None, 4, 5, 6, None, 8, 9],
        y=[1, 1, None, 0, 0, 1, 0, 0, 1],
    )
    group = look(table, label="y", groups=("g",)).groups[0]
    one, two = group.values
    assert (one.value, one.rows, one.judged, one.positives) == ("a", 5, 4, 2)
    assert one.missing == {"x": 2, "y": 1}
    assert two.missing == {"x": 1}
    assert (group.distinct, group.rest_rows) == (2, 0)


def test_a_hundred_thousand_groups_come_to_two_hundred_and_the_rest(table_of):
    values = [f"g{i}" for i in range(1000)] + ["big"] * 50
    found = look(table_of(g=values, x=list(range(1050))), groups=("g",)).groups[0]
    assert found.values[0].value == "big"
    assert (len(found.values), found.distinct, found.rest_rows) == (200, 1001, 801)


def test_the_two_groups_with_most_usable_values_are_crossed(table_of):
    rows = np.arange(ROWS)
    table = table_of(
        four=[f"a{i % 4}" for i in rows],
        three=[f"b{i // 7 % 3}" for i in rows],
        two=[f"c{i // 5 % 2}" for i in rows],
        thin=[f"d{i}" for i in rows],
        y=list((rows % 5 == 0).astype(int)),
    )
    groups = ("thin", "two", "three", "four")
    crossing = look(table, label="y", groups=groups).crossing
    assert crossing.columns == ("four", "three")
    assert sum(cell.rows for cell in crossing.cells) == ROWS
    expected = ((rows % 4 == 1) & (rows // 7 % 3 == 2)).sum()
    cell = next(c for c in crossing.cells if (c.first, c.second) == ("a1", "b2"))
    assert cell.rows == expected


def test_time_is_cut_into_periods_that_suit_its_span(table_of):
    start = datetime(2024, 1, 31)
    days = [start + timedelta(days=i * 2) for i in range(500)]
    days[3] = None
    table = table_of(t=days, y=[1] * 500)
    found = look(table, label="y", time="t", today=date(2026, 10, 1)).time
    frame = pd.Series(days).dropna()
    past = frame[frame < datetime(2026, 10, 2)]
    months = past.dt.to_period("M").value_counts().sort_index()
    assert found.unit == "month"
    assert [p.rows for p in found.periods] == months.tolist()
    assert found.periods[1].start == datetime(2024, 2, 1)
    assert (found.missing, found.unread) == (1, 0)
    assert found.future == (frame >= datetime(2026, 10, 2)).sum()


@pytest.mark.parametrize(
    ("typed", "counts"),
    [
        (datetime(9999, 12, 31), (0, 1)),
        (datetime(2099, 6, 1), (0, 1)),
        (datetime(1900, 1, 1), (1, 0)),
        (datetime(1970, 1, 1), (1, 0)),
        (datetime(1, 1, 1), (1, 0)),
    ],
)
def test_one_mistyped_year_moves_no_period(table_of, typed, counts):
    start = datetime(2026, 3, 1)
    days = [start + timedelta(days=i % 80) for i in range(1000)]
    table = table_of(
        t=pa.array([*days, typed], pa.timestamp("us")), y=[1, 0] * 500 + [1]
    )
    found = look(table, label="y", time="t").time
    plain = look(table_of(t=days, y=[1, 0] * 500), label="y", time="t").time
    assert (found.far_off, found.future) == counts
    assert replace(found, far_off=0, future=0) == plain
    assert (found.unit, found.low, len(found.periods)) == ("day", start, 80)


def test_a_thin_beginning_is_not_mistyped(table_of):
    """A row a month for a year, then ninety days full of rows."""
    start = datetime(2026, 1, 1)
    days = [start + timedelta(days=i % 90) for i in range(900)]
    early = [datetime(2025, month, 1) for month in range(1, 13)]
    found = look(table_of(t=[*early, *days]), time="t").time
    assert (found.far_off, found.low) == (0, early[0])


def test_a_table_of_nothing_but_the_future_is_looked_at(table_of):
    days = [datetime(2027, 1, 1) + timedelta(days=i) for i in range(40)]
    found = look(table_of(t=days), time="t").time
    assert (found.future, len(found.periods)) == (40, 40)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("texts", "formats", "unread", "high"),
    [
        (["2026-01-05", "2026-02-30", "soon"], ("2024-01-31",), 2, (2026, 1, 5)),
        (["31/01/2026", "03/04/2026"], ("31/01/2024",), 0, (2026, 4, 3)),
        (["01/31/2026", "03/04/2026"], ("01/31/2024",), 0, (2026, 3, 4)),
        (["31/01/2026", "01/31/2026"], ("31/01/2024", "01/31/2024"), 0, (2026, 1, 31)),
        (["20260105", "5.1.26"], ("20240131",), 1, (2026, 1, 5)),
        (["2026-01-05T10:00:00", "2026/03/01"], ("2024-01-31", "2024/01/31"), 0,
         (2026, 3, 1)),
        (["2025", "1999"], ("2024",), 0, (2025, 1, 1)),
        (["2024-02-29", "2023-02-29"], ("2024-01-31",), 1, (2024, 2, 29)),
    ],
)  # fmt: skip
def test_dates_written_as_text_are_read(table_of, texts, formats, unread, high):
    found = look(table_of(t=[*texts, None]), time="t").time
    assert found.formats == formats
    assert (found.unread, found.missing) == (unread, 1)
    assert found.high == datetime(*high)


@pytest.mark.slow
def test_dates_written_as_numbers_are_read(table_of):
    found = look(table_of(t=[20260131.0, 20260201.0, float("inf"), 7.0]), time="t").time
    assert (found.high, found.unread) == (datetime(2026, 2, 1), 2)


# --- copies --------------------------------------------------------------------------


def test_copies_and_clashes_are_those_of_pandas(table_of):
    frame = pd.DataFrame({
        "id": range(ROWS),
        "x": RNG.integers(0, 12, ROWS).astype(float),
        "w": RNG.choice(["a", "b", None], ROWS),
        "shop": RNG.integers(0, 6, ROWS),
        "late": RNG.random(ROWS),
        "y": RNG.choice([0.0, 1.0, np.nan], ROWS, p=[0.6, 0.3, 0.1]),
    })  # fmt: skip
    frame.loc[RNG.random(ROWS) < 0.1, "x"] = np.nan
    table = table_of(**{c: pa.array(frame[c], from_pandas=True) for c in frame})
    card = card_of(table, late="leak", shop="id")
    found = look(table, key="id", label="y", cluster="shop", card=card).copies
    inputs = ["x", "w", "shop"]
    assert set(found.columns) == set(inputs)
    assert found.repeated == frame.duplicated(inputs).sum()
    sets = frame.groupby(inputs, dropna=False)["y"]
    clashing = sets.transform("nunique").gt(1) & frame["y"].notna()
    assert (found.judged, found.clashing) == (frame["y"].notna().sum(), clashing.sum())
    rarer = np.minimum(sets.sum(), sets.count() - sets.sum())
    assert found.floor == rarer.sum()
    assert (found.rows, found.share) == (ROWS, 1.0)


def test_of_a_very_long_table_one_part_in_64_is_looked_at(table_of, monkeypatch):
    monkeypatch.setattr(repeats, "MOST_ROWS", 1000)
    values = [i // 2 for i in range(64_000)]
    found = look(table_of(x=values)).copies
    assert found.share == 1 / 64
    # Copies land together, so exactly half of the rows looked at repeat another.
    assert found.repeated * 2 == found.rows
    assert 700 < found.rows < 1300


# --- the sample ----------------------------------------------------------------------


def test_a_small_table_is_taken_whole_in_the_order_of_its_keys(table_of):
    keys = RNG.permutation(ROWS)
    sample = bounded_sample(
        table_of(k=keys, x=keys * 2), key="k", columns=("x",), rows=ROWS
    )
    assert sample["x"].tolist() == list(range(0, 2 * ROWS, 2))


def test_a_sample_is_bounded_and_does_not_depend_on_the_files_order(table_of):
    keys = np.arange(20_000)
    asked = {"key": "k", "columns": ("k", "x"), "rows": 500}
    one = bounded_sample(table_of(k=keys, x=keys * 2), **asked)
    turned = keys[::-1]
    two = bounded_sample(table_of(k=turned, x=turned * 2), **asked)
    pd.testing.assert_frame_equal(one, two)
    assert len(one) == 500
    assert one["k"].is_monotonic_increasing
    # Chosen by a hash, so neither the first nor the last: a uniform draw's mean.
    assert abs(one["k"].mean() - 10_000) < 4 * 20_000 / np.sqrt(12 * 500)


def test_without_a_key_rows_are_chosen_by_all_they_hold(table_of):
    table = table_of(x=list(range(5000)), w=["a", None] * 2500)
    sample = bounded_sample(table, key=None, columns=("x",), rows=300)
    assert len(sample) == 300
    assert sample["x"].nunique() == 300


def test_a_sample_keeps_kinds(table_of):
    table = table_of(
        k=[1, 2], n=[1, None], b=[True, None], w=["a", None], d=[date(2026, 1, 1), None]
    )
    sample = bounded_sample(table, key="k", columns=("n", "b", "w", "d"), rows=9)
    assert sample.dtypes.astype(str).tolist() == ["float64", "boolean", "str",
                                                  "datetime64[us]"]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "rows"), [(20, 50_000), (300, 16_666), (5000, 5000)]
)
def test_a_sample_holds_at_most_so_many_cells(columns, rows):
    assert rows_for(columns) == rows


# --- what goes wrong, and what is said -----------------------------------------------


def test_each_stage_is_announced_in_order(table_of):
    said = []
    look(table_of(x=[1, 2]), on_progress=lambda *stage: said.append(stage))
    assert said == [(name, i + 1, len(STAGES)) for i, name in enumerate(STAGES)]


@pytest.mark.parametrize(
    "asked",
    [{"key": "nope"}, {"label": "nope"}, {"time": "nope"}, {"groups": ("nope",)},
     {"cluster": "nope"}, {"annotators": ("nope",)}],
)  # fmt: skip
def test_a_column_that_is_not_there_is_named(table_of, asked):
    with pytest.raises(InputError, match="no column 'nope'"):
        look(table_of(x=[1, 2]), **asked)


def test_a_file_that_shrinks_while_it_is_read_is_one_clear_error(engine, tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"x": list(range(1000))}), path)
    table = engine.read_parquet(str(path))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="duckdb could not read it"):
        look(table)


def test_a_profile_does_not_depend_on_the_order_of_rows(table_of):
    frame = pd.DataFrame({
        "id": range(ROWS), "x": RNG.integers(0, 9, ROWS), "y": RNG.integers(0, 2, ROWS),
        "g": RNG.choice(["a", "b"], ROWS), "t": pd.Timestamp("2026-01-01")
        + pd.to_timedelta(RNG.integers(0, 90, ROWS), unit="D"),
    })  # fmt: skip
    asked = {"key": "id", "label": "y", "groups": ("g",), "time": "t"}
    one = look(table_of(**{c: pa.array(frame[c]) for c in frame}), **asked)
    shuffled = frame.sample(frac=1, random_state=1)
    two = look(table_of(**{c: pa.array(shuffled[c]) for c in frame}), **asked)
    assert _rounded(one) == _rounded(two)


def _rounded(found):
    columns = {
        name: replace(c, mean=c.mean and round(c.mean, 9), sd=c.sd and round(c.sd, 9))
        for name, c in found.columns.items()
    }
    return replace(found, columns=columns)


# --- dependence ----------------------------------------------------------------------


def test_labels_of_one_source_alike_widen_their_rate_by_its_size(table_of):
    """Twenty sources of ten rows, each of one label: Σ (k - n/2)² is 20 · 25."""
    by_source = np.repeat(np.arange(20), 10)
    table = table_of(who=by_source, y=by_source % 2)
    found = look(table, label="y", cluster="who")
    assert found.label.deff == pytest.approx(20 / 19 * 500 / (200 * 0.25))


def test_rows_without_a_source_and_labels_in_no_cluster_stand_alone(table_of):
    who = [None] * 200
    table = table_of(who=pa.array(who, pa.string()), y=[0, 1] * 100)
    assert look(table, label="y", cluster="who").label.deff == pytest.approx(200 / 199)
    assert look(table, label="y").label.deff == 1


def test_holes_that_come_by_the_cluster_are_sized(table_of):
    by_source = np.repeat(np.arange(20), 10)
    x = [None if source % 2 else 1.5 + row for row, source in enumerate(by_source)]
    table = table_of(who=by_source, x=x, y=[0, 1] * 100)
    found = look(table, label="y", cluster="who").shapes.hole_deffs
    assert found == {"x": pytest.approx(20 / 19 * 500 / (200 * 0.25))}


def test_a_key_of_lists_is_one_clear_error(table_of):
    table = table_of(id=pa.array([["a"], ["b"]]), y=[0, 1])
    with pytest.raises(InputError, match=r"key.*'id'.*name a column of text"):
        look(table, key="id", label="y")
