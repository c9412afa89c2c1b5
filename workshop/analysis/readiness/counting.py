"""How many rows, holes, distinct values and what ends has each column?

One wide aggregate over the whole table (several, on one of hundreds of columns), one
over its labelled rows, and one for what the sample suggests: the most frequent value
and the values that stand for missing, counted over all rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from workshop.analysis.readiness.engines import (
    COUNTS_DISTINCT_EXACTLY,
    ask,
    ask_one,
)
from workshop.analysis.readiness.profile import ColumnProfile, LabelProfile, Value
from workshop.analysis.readiness.sheet import Field, Sheet, as_text

if TYPE_CHECKING:
    from ibis import Table
    from ibis import Value as Expression

Item = TypeVar("Item")

BATCH = 200
# DuckDB plans a query in more than linear time in its figures, and reads by column;
# the others read whole rows, so that each further query costs them a pass.
MOST_QUERIES = 20
FEW_AT_ONCE = {"duckdb": 25}
MOST_LABEL_VALUES = 50
# Squares of anything beyond this overflow, so it is left out of mean and sd.
WIDEST = 1e150


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows of the table, those with a label, those whose label is positive."""

    rows: int
    judged: int
    positives: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Values of one column to be counted over all rows; ``trimmed`` ignores case."""

    field: Field
    value: Any
    trimmed: bool = False


def batches(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    """Yield the items in runs of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def count_totals(sheet: Sheet) -> Totals:
    """Count rows, rows with a label, and positive ones."""
    rows = sheet.view()
    found = ask_one(
        rows.aggregate(
            rows=rows.count(),
            judged=rows.count(where=rows.judged),
            positives=rows.count(where=rows.positive),
        )
    )
    return Totals(found["rows"], found["judged"], found["positives"])


def count_label(sheet: Sheet, totals: Totals) -> LabelProfile | None:
    """Count the label's values, the most frequent first."""
    import ibis

    if sheet.parts.label is None:
        return None
    field = sheet.field(sheet.parts.label)
    rows = sheet.view(field)
    rows = rows.filter(rows.judged)
    column = rows[field.at]
    by_value = rows.group_by(value=column).aggregate(n=rows.count())
    by_value = by_value.mutate(distinct=by_value.count().over(ibis.window()))
    most = by_value.order_by(ibis.desc("n")).limit(MOST_LABEL_VALUES)
    found = ask(most) if totals.judged else []
    values = sorted(((as_text(r["value"]), r["n"]) for r in found), key=_most_first)
    return LabelProfile(
        column=sheet.parts.label,
        rows=totals.rows,
        judged=totals.judged,
        positives=totals.positives,
        values=tuple(values),
        distinct=found[0]["distinct"] if found else 0,
        deff=_label_deff(sheet, totals),
    )


def _label_deff(sheet: Sheet, totals: Totals) -> float:
    """Size the dependence of labels by cluster; rows without one stand alone."""
    import ibis

    clustered = [f for f in sheet.fields if f.name == sheet.parts.cluster]
    if not totals.judged or not clustered or clustered[0].kind == "other":
        return 1.0
    rows = sheet.view(clustered[0])
    rows = rows.filter(rows.judged)
    held = rows[clustered[0].at]
    by = rows.group_by(cluster=held).aggregate(
        n=rows.count().cast("float64"),
        k=rows.count(where=rows.positive).cast("float64"),
    )
    alone = by.cluster.isnull()
    n, k = (ibis.ifelse(alone, ibis.literal(1.0), by[name]) for name in ("n", "k"))
    found = ask_one(
        by.aggregate(
            clusters=ibis.ifelse(alone, by.n, ibis.literal(1.0)).sum(),
            nn=(by.n * n).sum(),
            kk=(by.k * k).sum(),
            kn=(by.k * n).sum(),
        )
    )
    return ratio_deff(
        totals.judged,
        totals.positives,
        *(found[name] for name in ("clusters", "nn", "kk", "kn")),
    )


def ratio_deff(
    n: float, k: float, clusters: float, nn: float, kk: float, kn: float
) -> float:
    """Return the design effect of the share k / n when whole clusters are drawn.

    ``nn``, ``kk`` and ``kn`` are sums over clusters of rows², positives² and positives
    times rows. The ratio's variance is linearised: C / (C - 1) Σ (k_c - p n_c)² / n²
    (Cochran 1977, section 6.11), held against p (1 - p) / n; at least 1, at most n. A
    single cluster counts as one row.

    >>> round(ratio_deff(40, 20, 4, 4 * 100, 2 * 100, 2 * 100), 4)
    13.3333
    >>> round(ratio_deff(4, 2, 4, 4, 2, 2), 4)
    1.3333
    """
    p = k / n
    if p in (0.0, 1.0):
        return 1.0
    if clusters <= 1:
        return float(n)
    spread = max(0.0, kk - 2 * p * kn + p * p * nn)
    deff = clusters / (clusters - 1) * spread / (n * p * (1 - p))
    return min(max(1.0, deff), float(n))


def count_columns(sheet: Sheet, totals: Totals) -> dict[str, ColumnProfile]:
    """Count each column over all rows, and what it holds of the labelled ones."""
    # Each query binds every column of the table, so a wide one gets few of them.
    size = max(FEW_AT_ONCE.get(sheet.engine, BATCH), len(sheet.fields) // MOST_QUERIES)
    answers: dict[str, Any] = {}
    for batch in batches(sheet.fields, size):
        rows = sheet.view(*batch)
        asked = {
            f"{field.at}_{what}": expression
            for field in batch
            for what, expression in _figures(rows[field.at], field).items()
        }
        answers |= ask_one(rows.aggregate(**asked))
    judged = _held(sheet, "judged") if 0 < totals.judged < totals.rows else None
    positive = _held(sheet, "positive") if totals.positives else None
    return {
        field.name: _column(sheet, field, totals, answers, judged, positive)
        for field in sheet.fields
    }


def _held(sheet: Sheet, which: str) -> dict[str, int]:
    """Count what each column holds in the judged, or in the positive rows alone."""
    found: dict[str, int] = {}
    for batch in batches(sheet.fields):
        rows = sheet.view(*batch)
        rows = rows.filter(rows[which])
        found |= ask_one(rows.aggregate(**{f.at: rows[f.at].count() for f in batch}))
    return found


def count_values(sheet: Sheet, wanted: Sequence[Wanted]) -> list[int]:
    """Count over all rows how often each wanted value stands in its column."""
    counts: list[int] = []
    for batch in batches(wanted):
        rows = sheet.view(*(one.field for one in batch))
        asked = {
            f"n{place}": rows.count(where=_stands(rows, one))
            for place, one in enumerate(batch)
        }
        answer = ask_one(rows.aggregate(**asked))
        counts += [answer[f"n{place}"] for place in range(len(batch))]
    return counts


def _stands(rows: Table, one: Wanted) -> Expression:
    column = rows[one.field.at]
    if one.trimmed:
        column = column.strip().lower()
    elif one.field.floating:
        # A single-precision value equals its own double, never the written decimal.
        column = column.cast("float64")
    return column == one.value


def _figures(column: Expression, field: Field) -> dict[str, Expression]:
    asked = {"held": column.count()}
    if field.kind == "other":
        return asked
    ends = column.cast("int32") if field.kind == "boolean" else column
    asked |= {
        "low": ends.min(),
        "high": ends.max(),
        "distinct": column.approx_nunique(),
    }
    if field.kind == "number":
        finite = _finite(column, field)
        asked |= {"mean": finite.mean(), "sd": finite.std(how="sample")}
    return asked


def _finite(column: Expression, field: Field) -> Expression:
    import ibis

    if not field.floating:
        return column.cast("float64")
    return ibis.ifelse(
        column.between(-WIDEST, WIDEST), column, ibis.null(column.type())
    )


def _column(
    sheet: Sheet,
    field: Field,
    totals: Totals,
    answers: dict[str, Any],
    judged: dict[str, int] | None,
    positive: dict[str, int] | None,
) -> ColumnProfile:
    def figure(what: str) -> Any:
        return answers.get(f"{field.at}_{what}")

    low, high = figure("low"), figure("high")
    missing = totals.rows - figure("held")
    # Where all rows are judged, or none is, holes need no second count.
    missing_judged = missing if totals.judged else 0
    if judged is not None:
        missing_judged = totals.judged - judged[field.at]
    exact = sheet.engine in COUNTS_DISTINCT_EXACTLY
    return ColumnProfile(
        name=field.name,
        kind=field.kind,
        role=field.role,
        rows=totals.rows,
        missing=missing,
        missing_judged=missing_judged,
        missing_positives=totals.positives - positive[field.at] if positive else 0,
        distinct=figure("distinct") or 0,
        distinct_exact=exact and field.kind != "other",
        low=_end(field, low),
        high=_end(field, high),
        mean=_number(figure("mean")),
        sd=_number(figure("sd")),
        # As the engine gives them: floats cannot tell large whole numbers apart.
        one_value=None if low is None else bool(low == high),
    )


def _end(field: Field, value: Any) -> Value | None:
    if value is None:
        return None
    if field.kind == "boolean":
        return bool(value)
    if field.kind == "number":
        return float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return str(value)


def _number(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
