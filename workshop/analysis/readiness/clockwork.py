"""Is a column nothing but a part of the calendar, such as the month of the time column?

Such a column moves between earlier and later rows by its making, and says nothing of
whether the world did.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.readiness.encoded import Codes, Encoded, Floats

SAME = 0.999
"""Share of a unit's rows that hold its own value; clocks are put back once a year."""
OWN = 0.9
"""Share of the units that hold a value of their own: a switch thrown once has two."""

Moments = NDArray[np.datetime64]

UNITS: dict[str, Callable[[Moments], Codes]] = {
    "year": lambda at: at.astype("M8[Y]").astype(np.int64),
    "quarter": lambda at: at.astype("M8[M]").astype(np.int64) // 3,
    "month": lambda at: at.astype("M8[M]").astype(np.int64),
    "month of any year": lambda at: at.astype("M8[M]").astype(np.int64) % 12,
    "week": lambda at: (at.astype("M8[D]").astype(np.int64) + 3) // 7,
    "day": lambda at: at.astype("M8[D]").astype(np.int64),
    "day of the month": lambda at: (
        at.astype("M8[D]").astype(np.int64)
        - at.astype("M8[M]").astype("M8[D]").astype(np.int64)
    ),
}


def is_clockwork(column: Encoded, when: Floats) -> bool:
    """Say whether a column only repeats a part of the rows' time, in seconds."""
    known = np.isfinite(when) & (column.codes >= 0)
    if not known.any() or column.size < 2:
        return False
    moments = when[known].astype(np.int64).astype("M8[s]")
    codes = column.codes[known]
    return any(_repeats(codes, part(moments)) for part in UNITS.values())


def _repeats(codes: Codes, units: Codes) -> bool:
    """Each unit has one value, and nearly each a value of its own."""
    _, place = np.unique(units, return_inverse=True)
    count = int(place.max()) + 1
    if count < 2 or 2 * count > len(codes):
        return False
    size = int(codes.max()) + 1
    pairs, rows = np.unique(place * size + codes, return_counts=True)
    units_of, values = np.divmod(pairs, size)
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, units_of, rows)
    if most.sum() < SAME * len(codes):
        return False
    own = values[rows == most[units_of]]
    return bool(len(np.unique(own)) >= OWN * count)
