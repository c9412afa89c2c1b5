"""Of what makes are the values of a text column, and is it free text?

A make is ``number``, ``text``, or the way in which a date is written. Several in one
column mean that its values were typed or joined by several hands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.readiness.encoded import Encoded
from workshop.analysis.readiness.profile import Mixed
from workshop.analysis.readiness.stand_ins import WORDS

# Values that are looked at one by one, over all columns and at least in each.
MOST_LOOKS, FEWEST_LOOKS, MOST_LOOKS_AT_ONE = 200_000, 500, 5_000
# Among numbers or dates, this share of another make is a fault worth a line …
FEW = 0.01
# … and among words this share of numbers or dates; a few numerals are words as well.
MANY_AMONG_TEXT = 0.05
# Free text: this many words a value, and this share of values that stand but once.
WORDY, NEARLY_ALL = 4, 0.8
FEWEST_VALUES = 10

NUMBER = re.compile(
    r"[+-]?(\d{1,3}([ ,.']\d{3})+([.,]\d+)?|\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s?%?"
)
CLOCK = r"([T ]\d{1,2}:\d{2}.*)?"
MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DAY_MONTH = "31/01/2024 or 01/31/2024"
DATES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("2024-01-31", re.compile(r"\d{4}-(0?[1-9]|1[0-2])-\d{1,2}" + CLOCK)),
    ("2024/01/31", re.compile(r"\d{4}/(0?[1-9]|1[0-2])/\d{1,2}" + CLOCK)),
    ("31.01.2024", re.compile(r"\d{1,2}\.(0?[1-9]|1[0-2])\.(\d{4}|\d{2})" + CLOCK)),
    ("31-01-2024", re.compile(r"\d{1,2}-(0?[1-9]|1[0-2])-\d{4}" + CLOCK)),
    ("31 Jan 2024", re.compile(r"\d{1,2}[ -]" + MONTH + r"[ -]\d{2,4}", re.I)),
    ("Jan 31, 2024", re.compile(MONTH + r" \d{1,2},? \d{4}", re.I)),
)
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})" + CLOCK)


def values_looked_at(
    column: Encoded, columns: int
) -> tuple[list[str], NDArray[np.int64]]:
    """Return some distinct values of a text column, and how many rows hold each."""
    fair = MOST_LOOKS // max(1, columns)
    most = max(FEWEST_LOOKS, min(MOST_LOOKS_AT_ONE, fair))
    step = -(-column.size // most) or 1
    texts = [str(value) for value in column.values[::step]]
    return texts, column.counts()[:-1][::step]


def make_of(value: str) -> str:
    """Return what a value is made like.

    >>> [make_of(v) for v in ("12.5", "31/12/2024", "12/31/2024", "2024-01-05", "red")]
    ['number', '31/01/2024', '01/31/2024', '2024-01-31', 'text']
    """
    if not any(sign.isdigit() for sign in value):
        return "text"
    for name, pattern in DATES:
        if pattern.fullmatch(value):
            return name
    slashed = SLASHED.fullmatch(value)
    if slashed:
        return _slashed(int(slashed[1]), int(slashed[2]))
    return "number" if NUMBER.fullmatch(value) else "text"


def find_mixed(columns: Sequence[Encoded]) -> tuple[Mixed, ...]:
    """Return the text columns that hold several makes, by name."""
    found = []
    for column in columns:
        makes = _counted(column, len(columns))
        if _is_mixed(makes):
            found.append(Mixed(column.name, makes))
    return tuple(found)


def find_free_text(columns: Sequence[Encoded]) -> tuple[str, ...]:
    """Return the columns that hold sentences, nearly all different."""
    return tuple(c.name for c in columns if _is_free_text(c, len(columns)))


def _slashed(first: int, second: int) -> str:
    if first > 12 >= second:
        return "31/01/2024"
    if second > 12 >= first:
        return "01/31/2024"
    return DAY_MONTH if max(first, second) <= 12 else "text"


def _counted(column: Encoded, columns: int) -> dict[str, int]:
    makes: dict[str, int] = {}
    texts, counts = values_looked_at(column, columns)
    for text, count in zip(texts, counts, strict=True):
        value = text.strip()
        if value.lower() not in WORDS:
            make = make_of(value)
            makes[make] = makes.get(make, 0) + int(count)
    return dict(_by_count(_settle_slashes(makes)))


def _settle_slashes(makes: dict[str, int]) -> dict[str, int]:
    """Count dates that read both ways with the way the other dates are written."""
    either = makes.pop(DAY_MONTH, 0)
    if either:
        ways = ("31/01/2024", "01/31/2024")
        way = max(ways, key=lambda name: makes.get(name, 0))
        makes[way] = makes.get(way, 0) + either
    return makes


def _by_count(makes: dict[str, int]) -> Iterator[tuple[str, int]]:
    yield from sorted(makes.items(), key=lambda pair: (-pair[1], pair[0]))


def _is_mixed(makes: dict[str, int]) -> bool:
    if len(makes) < 2:
        return False
    rows, (main, most) = sum(makes.values()), next(iter(makes.items()))
    needed = MANY_AMONG_TEXT if main == "text" else FEW
    return rows - most >= needed * rows


def _is_free_text(column: Encoded, columns: int) -> bool:
    texts, _ = values_looked_at(column, columns)
    rows = int(column.counts()[:-1].sum())
    if len(texts) < FEWEST_VALUES or column.size < NEARLY_ALL * rows:
        return False
    return sum(text.count(" ") + 1 for text in texts) >= WORDY * len(texts)
