"""Which rows are looked at one by one, when only a bounded number may leave the engine?

Those whose key has the smallest hash: the same rows each time on one engine, whatever
the order of the file, in one pass. A table that is no larger is taken whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workshop.analysis.readiness.engines import (
    BUCKETS,
    ask_frame,
    ask_one,
    bucket,
    engine_of,
    row_bucket,
)
from workshop.analysis.readiness.profile import Kind
from workshop.analysis.readiness.sheet import kind_of

if TYPE_CHECKING:
    import pandas as pd
    from ibis import Table, Value

MOST_ROWS = 50_000
FEWEST_ROWS = 5_000
MOST_CELLS = 5_000_000


def rows_for(columns: int) -> int:
    """Return how many rows of that many columns a sample may hold.

    >>> rows_for(20), rows_for(300), rows_for(5000)
    (50000, 16666, 5000)
    """
    return max(FEWEST_ROWS, min(MOST_ROWS, MOST_CELLS // max(1, columns)))


def bounded_sample(
    table: Table,
    *,
    key: str | None,
    columns: Sequence[str],
    rows: int,
    of: int | None = None,
) -> pd.DataFrame:
    """Return at most ``rows`` rows of some columns, chosen by the hash of the key.

    Parameters
    ----------
    table
        The table, on any engine.
    key
        The column that tells rows apart; without one the whole row is hashed.
    columns
        The columns wanted, in that order; the key needs not be among them.
    rows
        The most rows that may leave the engine; `rows_for` proposes a number.
    of
        How many rows the table holds, where that is known already.

    Returns
    -------
    pandas.DataFrame
        The columns with their own names, sorted by key, numbered from 0. Numbers with
        holes are float64, booleans with holes ``boolean``, text ``str``, times
        ``datetime64[us]``.

    Raises
    ------
    InputError
        When the engine cannot answer.
    """
    if of is None:
        of = ask_one(table.aggregate(n=table.count()))["n"]
    short = {f"s{place}": table[name] for place, name in enumerate(columns)}
    order = table[key] if key is not None else None
    drawn = table.select(
        **short, order_=_order(table, order), bucket_=_bucket(table, key)
    )
    if of > rows:
        # Buckets fill unevenly: six standard deviations more than needed, then cut.
        enough = (rows + 6 * math.sqrt(rows) + 10) / of
        drawn = drawn.filter(drawn.bucket_ < math.ceil(enough * BUCKETS))
        drawn = drawn.order_by("bucket_", "order_").limit(rows)
    frame = ask_frame(drawn).sort_values(["order_", "bucket_"], kind="stable")
    frame = frame.drop(columns=["order_", "bucket_"]).reset_index(drop=True)
    frame.columns = list(columns)
    return _settled(frame, table)


def _order(table: Table, key: Value | None) -> Value:
    import ibis

    if key is None:
        return ibis.literal(0, "int8")
    return key if kind_of(key.type()) in ("number", "time") else key.cast("string")


def _bucket(table: Table, key: str | None) -> Value:
    engine = engine_of(table)
    if key is not None:
        return bucket(table[key].cast("string").fill_null(""), engine)
    scalar = [n for n, kind in table.schema().items() if kind_of(kind) != "other"]
    return row_bucket([table[name] for name in scalar], engine)


def _settled(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    import pandas as pd

    kinds = table.schema()
    return pd.DataFrame(
        {name: _as_kind(frame[name], kind_of(kinds[name])) for name in frame.columns}
    )


def _as_kind(column: pd.Series, kind: Kind) -> pd.Series:
    if kind == "text":
        return column.astype("str")
    if kind == "time":
        return column.astype("datetime64[us]")
    if kind == "boolean":
        return column.astype("boolean" if column.hasnans else "bool")
    if kind == "number" and column.dtype.kind not in "iuf":
        return column.astype("float64")
    return column
