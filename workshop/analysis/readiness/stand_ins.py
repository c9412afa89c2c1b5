"""Which values stand for missing: words such as "unknown", numbers such as -999?

Words are looked for in the sample and counted over all rows, whatever their case. A
number counts only where it ends its column and stands apart from all the rest, so that
a percentage that reaches 99 or a frosty -1 is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workshop.analysis.readiness.counting import Wanted, batches, count_values
from workshop.analysis.readiness.engines import ask_one
from workshop.analysis.readiness.profile import ColumnProfile
from workshop.analysis.readiness.sheet import Field, Sheet, as_text

if TYPE_CHECKING:
    import pandas as pd
    from ibis import Table, Value

WORDS = frozenset((
    "", "unknown", "unk", "n/a", "na", "n.a.", "#n/a", "none", "null", "nil", "nan",
    "missing", "not available", "not applicable", "not known", "not provided",
    "not recorded", "not specified", "unspecified", "undefined", "undetermined",
    "no data", "(blank)", "<na>", "?", "??", "-", "--", "---", ".", "..", "_", "tbd",
))  # fmt: skip
LOW_CODES = (-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0)
HIGH_CODES = (99.0, 999.0, 9999.0, 99999.0, 999999.0)
SUSPECTS_AT_ONCE = 50
# A code that only one row holds is as likely a value.
FEWEST_HELD = 2
# A -1 next to zero stands for missing only where it is this much more frequent than
# the value beside it, and not rare.
SPIKE = 2.0
SPIKE_SHARE = 0.01
# {-1, 0, 1} and {-1, 1} are values; a code needs at least this many beside it.
FEWEST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Rest:
    """What a column holds beside its codes: ends, distinct values, codes' counts."""

    low: float
    high: float
    held: dict[float, int]
    others: int


def words_in(sheet: Sheet, frame: pd.DataFrame) -> list[Wanted]:
    """Return the words of each text column of the sample that stand for missing."""
    found = []
    for field in sheet.fields:
        if field.kind != "text" or field.role == "id" or field.name == sheet.parts.key:
            continue
        known = {str(v).strip().lower() for v in frame[field.name].dropna().unique()}
        found += [Wanted(field, w, trimmed=True) for w in sorted(known & WORDS)]
    return found


def count_codes(
    sheet: Sheet, columns: dict[str, ColumnProfile]
) -> dict[str, dict[str, int]]:
    """Count the numbers that end a column and stand apart from all the rest."""
    suspects = [f for f in sheet.fields if _ends_in_code(columns[f.name])]
    suspects = [f for f in suspects if f.role in ("feature", "leak", "group", None)]
    found = {}
    for batch in batches(suspects, SUSPECTS_AT_ONCE):
        for field, rest in _look_at_rest(sheet, batch, columns):
            column = columns[field.name]
            codes = [c for c in rest.held if _apart(sheet, field, rest, c, column)]
            if codes:
                found[field.name] = {as_text(code): rest.held[code] for code in codes}
    return found


def stands_far(code: float, low: float, high: float) -> bool:
    """Whether a code lies further from the rest than the rest is wide.

    >>> stands_far(-999, 0, 300), stands_far(99, 0, 98)
    (True, False)
    """
    gap = low - code if code < low else code - high
    return high > low and gap > high - low


def _ends_in_code(column: ColumnProfile) -> bool:
    return column.kind == "number" and (
        column.low in LOW_CODES or column.high in HIGH_CODES
    )


def _look_at_rest(
    sheet: Sheet, fields: Sequence[Field], columns: dict[str, ColumnProfile]
) -> Iterator[tuple[Field, Rest]]:
    rows = sheet.view(*fields)
    asked = {
        f"{field.at}_{what}": figure
        for field in fields
        for what, figure in _figures(rows, field, columns[field.name]).items()
    }
    found = ask_one(rows.aggregate(**asked))
    for field in fields:
        codes = _codes(columns[field.name])
        counts = [(code, found[f"{field.at}_n{i}"]) for i, code in enumerate(codes)]
        low, high = found[f"{field.at}_low"], found[f"{field.at}_high"]
        if low is not None:
            others = found[f"{field.at}_others"]
            held = {code: n for code, n in counts if n}
            yield field, Rest(float(low), float(high), held, others)


def _figures(rows: Table, field: Field, column: ColumnProfile) -> dict[str, Value]:
    codes = _codes(column)
    value = rows[field.at].cast("float64")
    others = value.notnull() & value.notin(codes)
    ends = {
        "low": value.min(where=others),
        "high": value.max(where=others),
        "others": value.approx_nunique(where=others),
    }
    return ends | {f"n{i}": rows.count(where=value == c) for i, c in enumerate(codes)}


def _codes(column: ColumnProfile) -> Sequence[float]:
    low = LOW_CODES if column.low in LOW_CODES else ()
    return (*low, *(HIGH_CODES if column.high in HIGH_CODES else ()))


def _apart(
    sheet: Sheet, field: Field, rest: Rest, code: float, column: ColumnProfile
) -> bool:
    beyond = code < rest.low or code > rest.high
    if not beyond or rest.held[code] < FEWEST_HELD or rest.others < 2:
        return False
    if stands_far(code, rest.low, rest.high):
        return True
    # The only negative value of a column, and one of the codes.
    if code > 0 or rest.low < 0 or rest.others < FEWEST_OTHERS:
        return False
    held = column.rows - column.missing
    return code < -1 or _spikes(sheet, field, rest, held)


def _spikes(sheet: Sheet, field: Field, rest: Rest, held: int) -> bool:
    beside = count_values(sheet, [Wanted(field, rest.low)])[0]
    coded = rest.held[-1.0]
    return coded >= SPIKE * beside and coded >= SPIKE_SHARE * held
