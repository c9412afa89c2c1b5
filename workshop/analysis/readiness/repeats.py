"""How many rows repeat another in every input, and how many of them disagree?

Rows are put together by all their inputs: by a 64-bit hash on DuckDB, by the values
themselves elsewhere (Spark's own hash has 32 bits, which collide). Above ten million
rows only those whose hash falls in one of 64 parts are looked at; copies land in the
same part, so shares are right and counts are those of the part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop.analysis.readiness.counting import Totals
from workshop.analysis.readiness.engines import ask_one, row_bucket, row_hash
from workshop.analysis.readiness.profile import Copies
from workshop.analysis.readiness.sheet import Field, Sheet

if TYPE_CHECKING:
    from ibis import Table

MOST_ROWS = 10_000_000
PARTS = 64


def count_copies(sheet: Sheet, totals: Totals) -> Copies | None:
    """Count rows alike in every input; None where there is no input to compare."""
    import ibis

    compared = _compared(sheet)
    if not compared or not totals.rows:
        return None
    share = 1 / PARTS if totals.rows > MOST_ROWS else 1.0
    alike = _put_together(sheet, compared, part=share < 1)
    rarer = ibis.least(alike.positives, alike.judged - alike.positives)
    both = (alike.positives > 0) & (alike.positives < alike.judged)
    found = ask_one(
        alike.aggregate(
            rows=alike.rows.sum(),
            sets=alike.count(),
            judged=alike.judged.sum(),
            clashing=alike.judged.sum(where=both),
            floor=rarer.sum(),
        )
    )
    rows = int(found["rows"] or 0)
    return Copies(
        columns=tuple(field.name for field in compared),
        rows=rows,
        repeated=rows - int(found["sets"]),
        judged=int(found["judged"] or 0),
        clashing=int(found["clashing"] or 0),
        share=share,
        floor=int(found["floor"] or 0),
    )


def _compared(sheet: Sheet) -> tuple[Field, ...]:
    parts, inputs = sheet.parts, sheet.inputs
    if parts.cluster is None or parts.cluster in {f.name for f in inputs}:
        return inputs
    cluster = sheet.field(parts.cluster)
    apart = cluster.kind == "other" or cluster.name in (parts.key, parts.label)
    return inputs if apart or not inputs else (*inputs, cluster)


def _put_together(sheet: Sheet, compared: tuple[Field, ...], *, part: bool) -> Table:
    rows = sheet.view(*compared)
    values = [rows[field.at] for field in compared]
    if sheet.engine == "duckdb":
        hashed = rows.select("judged", "positive", h0=row_hash(values))
        # The lowest bits place a row within the hash table, so a part is cut elsewhere.
        rows = hashed.filter((hashed.h0 // 2**32) % PARTS == 0) if part else hashed
        by = ["h0"]
    else:
        kept = row_bucket(values, sheet.engine) % PARTS == 0
        rows = rows.filter(kept) if part else rows
        by = [field.at for field in compared]
    return rows.group_by(by).aggregate(
        rows=rows.count(),
        judged=rows.count(where=rows.judged),
        positives=rows.count(where=rows.positive),
    )
