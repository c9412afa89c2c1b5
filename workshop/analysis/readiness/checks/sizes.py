"""How is a finding sized, and how are the columns that it is about listed?

Small helpers of the checks; no check of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from workshop.analysis.intervals import Interval
from workshop.analysis.readiness.findings import Detail
from workshop.record.values import Number

MOST_DETAILS = 12
MOST_NAMES = 4
DIFFERENCE = "difference of shares"

_T = TypeVar("_T")


def quantity(id: str, value: float | None, unit: str) -> Number:
    """Return an exact figure in its unit, about all rows."""
    return Number(id=id, value=value, rows="all", unit=unit)


def difference(id: str, value: float, found: Interval) -> Number:
    """Return a difference of two shares with its interval."""
    return Number(
        id=id,
        value=value,
        lo=found.lo,
        hi=found.hi,
        level=found.level,
        method=found.method,
        rows="all",
        unit=DIFFERENCE,
    )


def scaled(id: str, number: Number, by: float) -> Number:
    """Return so many times a share and its bounds; the counts stay behind."""
    return Number(
        id=id,
        value=None if number.value is None else number.value * by,
        lo=None if number.lo is None else number.lo * by,
        hi=None if number.hi is None else number.hi * by,
        level=number.level,
        method=number.method,
        rows=number.rows,
    )


def listed(
    names: Sequence[str], most: int = MOST_NAMES, *, of: int | None = None
) -> str:
    """Return the first names in a row, and how many more there are, of so many.

    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    >>> listed([])
    '–'
    """
    if not names:
        return "\N{EN DASH}"
    more = (len(names) if of is None else of) - min(most, len(names))
    shown = ", ".join(names[:most])
    return f"{shown} and {more} more" if more > 0 else shown


def worst_first(
    found: Iterable[_T], badness: Callable[[_T], float], name: Callable[[_T], str]
) -> list[_T]:
    """Sort the worst to the front; what is equally bad stands by name."""
    return sorted(found, key=lambda one: (-badness(one), name(one)))


def detailed(rows: Iterable[Detail]) -> tuple[Detail, ...]:
    """Return as many details as a table may have."""
    return tuple(islice(rows, MOST_DETAILS))
