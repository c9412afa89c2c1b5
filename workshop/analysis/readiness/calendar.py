"""Which days, weeks or months does a table hold, which not, and who was labelled when?

`Period`s of a time column, read as a calendar: what is expected between the first and
the last, which of it is empty, and periods pooled until each can carry a rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from workshop.analysis.intervals import Interval, newcombe
from workshop.analysis.readiness.profile import Period, TimeProfile

ENOUGH_JUDGED = 50
"""Judged rows from which a period is given a rate of its own."""

SPARSE = 0.1
"""A period with under this share of the usual rows counts as a hole."""

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
    against the median of its own weekday, so that quiet Sundays are no holes. The first
    and last period may be cut by the collection and are never holes.
    """
    expected = list(_expected(time))
    rows = {period.start: period.rows for period in time.periods}
    usual = _usual(time)
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
    holes = (
        Hole(run[0], run[-1], len(run), sum(rows.get(start, 0) for start in run))
        for run in runs
    )
    return tuple(sorted(holes, key=lambda h: -h.periods)), len(expected)


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
    while at <= last:
        if not weekly or at.weekday() in known:
            yield at
        at = _next(at, time.unit)


def _next(start: datetime, unit: str) -> datetime:
    if unit in ("day", "week"):
        return start + timedelta(days=1 if unit == "day" else 7)
    months = start.month - 1 + (1 if unit == "month" else 12)
    return start.replace(year=start.year + months // 12, month=months % 12 + 1)


def _rhythm(time: TimeProfile, start: datetime) -> int:
    return start.weekday() if time.unit == "day" else 0


def _usual(time: TimeProfile) -> dict[int, float]:
    found: dict[int, list[int]] = {}
    for period in time.periods:
        found.setdefault(_rhythm(time, period.start), []).append(period.rows)
    everywhere = float(median(p.rows for p in time.periods)) if time.periods else 0.0
    usual = dict.fromkeys(range(7), everywhere)
    return usual | {day: float(median(rows)) for day, rows in found.items()}
