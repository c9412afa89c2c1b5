"""How many rows, labels, positives and holes has each value of a group column?

One query a group column, and one more for its holes where there are any; then the two
columns with the most values big enough to say anything are crossed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workshop.analysis.readiness.counting import batches
from workshop.analysis.readiness.engines import ask
from workshop.analysis.readiness.profile import (
    ColumnProfile,
    CrossCount,
    Crossing,
    GroupCount,
    GroupProfile,
)
from workshop.analysis.readiness.sheet import Field, Sheet, as_text

if TYPE_CHECKING:
    from ibis import Table, Value

MOST_VALUES = 200
MOST_CELLS = 1000
# Holes are counted for the largest values only: a share needs rows to stand on.
VALUES_WITH_HOLES = 50
# Under this many rows a rate's interval is wider than fifteen points each way.
USABLE_ROWS = 30


def count_group(
    sheet: Sheet, field: Field, columns: dict[str, ColumnProfile]
) -> GroupProfile:
    """Count a group column's values, the largest first, rows without one left out."""
    import ibis

    rows = sheet.view(field)
    rows = rows.filter(rows[field.at].notnull())
    grouped = rows.group_by(value=rows[field.at]).aggregate(**_counts(rows))
    grouped = grouped.mutate(distinct=grouped.count().over(ibis.window()))
    found = ask(grouped.order_by(ibis.desc("rows"), "value").limit(MOST_VALUES))
    holes = _count_holes(sheet, field, columns, found[:VALUES_WITH_HOLES])
    values = [
        GroupCount(
            as_text(row["value"]),
            row["rows"],
            row["judged"],
            row["positives"],
            holes.get(row["value"], {}),
        )
        for row in found
    ]
    held = columns[field.name].rows - columns[field.name].missing
    return GroupProfile(
        field.name,
        tuple(sorted(values, key=lambda v: (-v.rows, v.value))),
        distinct=found[0]["distinct"] if found else 0,
        rest_rows=held - sum(value.rows for value in values),
    )


def count_crossing(sheet: Sheet, groups: Sequence[GroupProfile]) -> Crossing | None:
    """Cross the two group columns with the most values of 30 rows and more."""
    import ibis

    usable = sorted(groups, key=_usable_first)[:2]
    if len(usable) < 2:
        return None
    first, second = (sheet.field(group.column) for group in usable)
    rows = sheet.view(first, second)
    rows = rows.filter(rows[first.at].notnull() & rows[second.at].notnull())
    cells = rows.group_by(first=rows[first.at], second=rows[second.at])
    counted = cells.aggregate(**_counts(rows))
    most = counted.order_by(ibis.desc("rows"), "first", "second").limit(MOST_CELLS)
    found = [
        CrossCount(
            as_text(row["first"]),
            as_text(row["second"]),
            row["rows"],
            row["judged"],
            row["positives"],
        )
        for row in ask(most)
    ]
    ordered = sorted(found, key=lambda cell: (-cell.rows, cell.first, cell.second))
    return Crossing((first.name, second.name), tuple(ordered))


def with_exact_distinct(
    columns: dict[str, ColumnProfile], distinct: dict[str, int]
) -> dict[str, ColumnProfile]:
    """Return the columns with numbers of distinct values that were counted exactly."""
    return {
        name: replace(column, distinct=distinct[name], distinct_exact=True)
        if name in distinct
        else column
        for name, column in columns.items()
    }


def _usable_first(group: GroupProfile) -> tuple[int, int, str]:
    usable = sum(value.rows >= USABLE_ROWS for value in group.values)
    return -usable, group.distinct - usable, group.column


def _counts(rows: Table) -> dict[str, Value]:
    return {
        "rows": rows.count(),
        "judged": rows.count(where=rows.judged),
        "positives": rows.count(where=rows.positive),
    }


def _count_holes(
    sheet: Sheet,
    field: Field,
    columns: dict[str, ColumnProfile],
    largest: list[dict[str, Any]],
) -> dict[Any, dict[str, int]]:
    holed = [
        f for f in sheet.fields if columns[f.name].missing and f.name != field.name
    ]
    values = [row["value"] for row in largest]
    sizes = {row["value"]: row["rows"] for row in largest}
    holes: dict[Any, dict[str, int]] = {value: {} for value in values}
    for batch in batches(holed) if values else ():
        rows = sheet.view(field, *batch)
        rows = rows.filter(rows[field.at].isin(values))
        held = {f.at: rows[f.at].count() for f in batch}
        for row in ask(rows.group_by(value=rows[field.at]).aggregate(**held)):
            size, found = sizes[row["value"]], holes[row["value"]]
            found |= {f.name: size - row[f.at] for f in batch if size > row[f.at]}
    return holes
