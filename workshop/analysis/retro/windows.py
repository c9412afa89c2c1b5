"""Which rows does a clause's window hold, and which week is each row in?"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_WINDOW = re.compile(r"(?:(\d+)\s*)?(day|week|month|quarter|year)s?")

Moments = NDArray[np.generic]
Bools = NDArray[np.bool_]
Days = NDArray[np.int64]


def window_days(text: str) -> int | None:
    """How many days a clause's window covers; None where its words say no number.

    >>> window_days("4 weeks"), window_days("month"), window_days("the summer")
    (28, 30, None)
    """
    found = _WINDOW.fullmatch(text.strip().lower())
    if not found:
        return None
    days = int(found[1] or 1) * DAYS[found[2]]
    return days or None


def window_weeks(days: int) -> int:
    """The whole weeks that so many days take: a look is a week."""
    return max(1, math.ceil(days / 7))


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
