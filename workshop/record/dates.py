"""Dates as a pair writes them: a day, or a month that lasts until its last day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def last_day(text: str | None) -> date | None:
    """Return the last day that a date covers, None where there is no date.

    A day that the month does not have, such as 2027-02-31, is its last one.

    >>> last_day("2027-02")
    datetime.date(2027, 2, 28)
    """
    found = _DATE.fullmatch(text or "")
    if not found:
        return None
    year, month = int(found[1]), int(found[2])
    if not (year and 1 <= month <= 12):
        return None
    length = monthrange(year, month)[1]
    return date(year, month, min(max(int(found[3] or length), 1), length))


def is_past(text: str | None, today: date) -> bool:
    """Whether the last day that a date covers lies before today."""
    day = last_day(text)
    return day is not None and day < today
