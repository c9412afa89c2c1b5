"""Which days, weeks or months does a table hold, which not, and who was labelled when?

`Period`s of a time column, read as a calendar: what is expected between the first and
the last, which of it is empty, and periods pooled until each can carry a rate.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from workshop.analysis.intervals import Interval, newcombe
from workshop.analysis.readiness.profile import Period, TimeProfile

ENOUGH_JUDGED = 50
"""Judged rows from which a period is given a rate of its own."""

SPARSE = 0.1
"""A period with under this share of the usual rows may be a hole."""

BY_CHANCE = 0.05
"""How often a table without a hole may be said to have one, all its periods together.
"""

WHOLE_WEEKS = 28
"""Days from which a weekday without any row is taken to be a day off."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Periods in a row with (nearly) no rows: first start, last start, how many."""

    first: datetime
    last: datetime
    periods: int
    rows: int


@dataclass(frozen=True, slots=True)
class Block:
    """Periods pooled until they hold enough judged rows: from ``start`` on."""

    start: datetime
    judged: int
    positives: int

    @property
    def rate(self) -> float:
        """Share of positives among the judged rows."""
        return self.positives / self.judged


def find_holes(time: TimeProfile) -> tuple[tuple[Hole, ...], int]:
    """Return the holes between the first and the last period, and all periods there.

    A weekday on which no row ever falls is a day off and not expected; each day is held
    against what is usual on its own weekday, so that quiet Sundays are no holes. The
    first and last period may be cut by the collection and are never holes.

    Rows come by chance, so few or none are a hole only where as few would be unlikely:
    a Poisson count, and Bonferroni's level over all stretches of time that could have
    been empty (a twentieth shared among ``n`` places and all lengths ``r`` by
    ``1 / (n r (r + 1))``, which adds up to one).
    """
    expected = list(_expected(time))
    rows = {period.start: period.rows for period in time.periods}
    usual = _usual(time, expected)
    runs: list[list[datetime]] = []
    open_run = False
    for place, start in enumerate(expected):
        inside = 0 < place < len(expected) - 1
        is_hole = inside and rows.get(start, 0) < SPARSE * usual[_rhythm(time, start)]
        if is_hole and open_run:
            runs[-1].append(start)
        elif is_hole:
            runs.append([start])
        open_run = is_hole
    holes = [
        Hole(run[0], run[-1], len(run), held)
        for run in runs
        if _is_unlikely(
            held := sum(rows.get(start, 0) for start in run),
            sum(usual[_rhythm(time, start)] for start in run),
            len(run),
            len(expected),
        )
    ]
    return tuple(sorted(holes, key=lambda h: -h.periods)), len(expected)


def rows_that_tell(periods: int) -> int:
    """Return how many rows a period needs so that an empty one is no chance.

    >>> rows_that_tell(90)
    9
    """
    return math.ceil(-math.log(_level(1, periods)))


def usual_rows(time: TimeProfile) -> float:
    """Return how many rows a period usually holds, empty ones among them."""
    expected = list(_expected(time))
    usual = _usual(time, expected)
    return float(median(usual[_rhythm(time, start)] for start in expected))


def _level(length: int, periods: int) -> float:
    return BY_CHANCE / (periods * length * (length + 1))


def _is_unlikely(held: int, usual: float, length: int, periods: int) -> bool:
    from scipy.special import pdtr

    return float(pdtr(held, usual)) < _level(length, periods)


def blocks(time: TimeProfile) -> tuple[Block, ...]:
    """Pool periods, oldest first, until each block holds enough judged rows.

    What is left over at the end joins the last block.
    """
    found: list[Block] = []
    start, judged, positives = None, 0, 0
    for period in time.periods:
        start = start or period.start
        judged, positives = judged + period.judged, positives + period.positives
        if judged >= ENOUGH_JUDGED:
            found.append(Block(start, judged, positives))
            start, judged, positives = None, 0, 0
    if judged and found:
        last = found.pop()
        found.append(
            Block(last.start, last.judged + judged, last.positives + positives)
        )
    return tuple(found)


def stretches(pooled: Sequence[Block], most: int) -> tuple[Block, ...]:
    """Join neighbouring blocks until there are at most ``most``."""
    count = min(len(pooled), most)
    ends = [len(pooled) * i // count for i in range(count + 1)]
    return tuple(_pool(pooled[ends[i] : ends[i + 1]]) for i in range(count))


def halves(time: TimeProfile) -> tuple[Block, Block] | None:
    """Cut the periods where half of the judged rows lie behind; None where one is."""
    judged = [period for period in time.periods if period.judged]
    total = sum(period.judged for period in judged)
    if len(judged) < 2:
        return None
    sums = _running([period.judged for period in judged])
    # the cut nearest the middle, with a period on either side
    cut = min(range(1, len(judged)), key=lambda at: abs(2 * sums[at - 1] - total))
    return _pool(judged[:cut]), _pool(judged[cut:])


def rate_difference(
    later: Block, earlier: Block, *, deff: float, level: float
) -> Interval:
    """Later rate less earlier rate, Newcombe at the effective sample size."""
    return newcombe(
        later.positives / deff,
        later.judged / deff,
        earlier.positives / deff,
        earlier.judged / deff,
        level=level,
    )


def swing(time: TimeProfile) -> tuple[Block, Block] | None:
    """Return the blocks with the highest and the lowest rate; None under two."""
    pooled = blocks(time)
    if len(pooled) < 2:
        return None
    return max(pooled, key=lambda b: b.rate), min(pooled, key=lambda b: b.rate)


def _pool(periods: Sequence[Period | Block]) -> Block:
    return Block(
        periods[0].start,
        sum(period.judged for period in periods),
        sum(period.positives for period in periods),
    )


def _running(values: Sequence[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums[1:]


def _expected(time: TimeProfile) -> Iterator[datetime]:
    starts = [period.start for period in time.periods]
    if not starts:
        return
    at, last = min(starts), max(starts)
    known = {start.weekday() for start in starts}
    weekly = time.unit == "day" and (last - at).days >= WHOLE_WEEKS
    while at < last:
        if not weekly or at.weekday() in known:
            yield at
        at = _next(at, time.unit)
    yield last


def _next(start: datetime, unit: str) -> datetime:
    if start.year == datetime.max.year:
        return datetime.max  # nothing can be expected later
    if unit in ("day", "week"):
        return start + timedelta(days=1 if unit == "day" else 7)
    months = start.month - 1 + (1 if unit == "month" else 12)
    return start.replace(year=start.year + months // 12, month=months % 12 + 1)


def _rhythm(time: TimeProfile, start: datetime) -> int:
    return start.weekday() if time.unit == "day" else 0


def _usual(time: TimeProfile, expected: Sequence[datetime]) -> dict[int, float]:
    """Return the rows of a usual period by weekday, or of any.

    The median of the periods with rows, so that one burst does not make all others
    thin; and no more than the mean of all, since where rows are few the empty periods
    are what is usual.
    """
    slots = Counter(_rhythm(time, start) for start in expected)
    found: dict[int, list[int]] = {}
    for period in time.periods:
        found.setdefault(_rhythm(time, period.start), []).append(period.rows)
    return {
        day: min(float(median(rows)), sum(rows) / max(slots[day], 1))
        for day, rows in found.items()
    } | {day: 0.0 for day in slots if day not in found}
