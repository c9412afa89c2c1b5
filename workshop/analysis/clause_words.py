"""Over which time, and of which rows, does a clause speak? Its own words, read.

A window is so many days, a slice is ``column=value``. What cannot be read is None and
becomes a gap; nothing is guessed.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAYS_A_WEEK = 7
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365}
_MANY = {"a": 1, "an": 1, "one": 1, "every": 1, "each": 1, "two": 2, "three": 3}
_MANY |= {"four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_MANY |= {"ten": 10, "eleven": 11, "twelve": 12, "the": 1, "per": 1}
_TRUTHS = ("true", "false")
_WINDOW = re.compile(r"(?:(\d{1,4}|[a-z]+)\s*)??([a-z]+?)s?")


def window_days(text: str) -> int | None:
    """Days of a window such as "4 weeks", "30 days" or "a month"; None if unknown.

    >>> window_days("four weeks"), window_days("a month"), window_days("soon")
    (28, 30, None)
    """
    found = _WINDOW.fullmatch(" ".join(text.casefold().split()))
    if found is None or found[2] not in _DAYS:
        return None
    many = found[1] or "1"
    count = int(many) if many.isdecimal() else _MANY.get(many, 0)
    return count * _DAYS[found[2]] or None


def window_weeks(text: str) -> int | None:
    """Whole weeks of a window, to the nearest, at least one; None if unknown.

    >>> window_weeks("1 month"), window_weeks("30 days"), window_weeks("3 days")
    (4, 4, 1)
    """
    days = window_days(text)
    return None if days is None else max(1, round(days / DAYS_A_WEEK))


def parse_slice(text: str) -> tuple[str, str] | None:
    """Column and value of ``column=value``; None where the text is no such thing.

    >>> parse_slice("airport = JFK")
    ('airport', 'JFK')
    """
    column, equals, value = (part.strip() for part in text.partition("="))
    return (column, value) if column and equals and value else None


def slice_mask(values: ArrayLike, value: str) -> NDArray[np.bool_]:
    """Which rows of a column have that value, shape (n,).

    7, 7.0 and "7" are one value, and so are True and "true".
    """
    import pandas as pd

    codes, distinct = pd.factorize(np.asarray(values, dtype=object))
    wanted = _plain(value)
    places = [place for place, one in enumerate(distinct) if _plain(one) == wanted]
    return np.isin(codes, places)


def _plain(value: Any) -> str:
    """A value as a person writes it: whole numbers without decimals, true in small."""
    text = str(value).strip()
    if text.casefold() in _TRUTHS:
        return text.casefold()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else str(number)
