"""Which rows does a clause's window hold, and which week is each row in?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Moments = NDArray[np.generic]
Bools = NDArray[np.bool_]
Days = NDArray[np.int64]


def day_of(when: Moments) -> Days:
    """Each moment's day, as days since 1970."""
    return when.astype("M8[D]").astype(np.int64)


def week_of(when: Moments) -> Days:
    """Each moment's week, weeks beginning on Mondays; consecutive numbers."""
    return (day_of(when) + 3) // 7


def monday(week: int) -> str:
    """The first day of a week."""
    return str(np.datetime64(int(week) * 7 - 3, "D"))


def within_last(when: Moments, days: int, until: int) -> Bools:
    """Which moments lie in the last ``days`` days up to the day ``until``."""
    day = day_of(when)
    return (day > until - days) & (day <= until)


def day_text(day: int) -> str:
    """A day since 1970 as it is written."""
    return str(np.datetime64(int(day), "D"))
