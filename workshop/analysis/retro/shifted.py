"""How far has each column moved from the rows kept aside to the new ones?

The population stability index with its bins fixed on the rows kept aside, beside what
rows of one and the same make would show by chance at these sizes, and for numbers the
largest distance of the two distributions. Many columns are looked at: which moved is
said by Benjamini-Hochberg at 5 %.

Sources: Yurdakul 2018; Potgieter et al. (arXiv 2307.11878); Benjamini & Hochberg 1995;
Massart 1990 (the distance's range, by the DKW inequality).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import LEVEL
from workshop.analysis.readiness.checks.drift import MOVED
from workshop.analysis.readiness.clockwork import is_clockwork
from workshop.analysis.readiness.drifting import CHI_SQUARED, find_drifts
from workshop.analysis.readiness.encoded import Encoded, Sample, cluster_codes, encode
from workshop.analysis.readiness.profile import Drift, Kind
from workshop.analysis.readiness.sheet import Field
from workshop.analysis.retro.results import Shift
from workshop.record.values import Number

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FALSE_FINDS = 0.05
METHOD = "population stability index, bootstrap"
DISTANCE = "largest distance of two distributions, DKW"
MOST_ROWS = 30_000
"""Rows of either side that are looked at for inputs, evenly spaced by their keys."""
MOST_TEXTS = 0.5
"""Text that differs in more than this share of rows has no frequencies to compare."""


@dataclass(frozen=True, eq=False)
class Sides:
    """Rows kept aside and new rows, one below the other; ``new`` says which is which.

    ``when`` is their time in seconds, NaN where there is none; ``clusters`` numbers
    what they hang together by, None where each stands alone.
    """

    frame: pd.DataFrame
    new: Bools
    when: Floats
    clusters: NDArray[np.int64] | None


def put_together(
    then: pd.DataFrame,
    now: pd.DataFrame,
    *,
    time: str | None,
    cluster: str | None,
) -> Sides:
    """Put both sides one below the other, with the columns that both have."""
    import pandas as pd

    shared = [name for name in then.columns if name in now.columns]
    frame = pd.concat([then[shared], now[shared]], ignore_index=True)
    new = np.arange(len(frame)) >= len(then)
    when = np.full(len(frame), np.nan)
    if time in shared:
        moments = pd.to_datetime(frame[time], utc=True).dt.tz_localize(None)
        when = moments.to_numpy("M8[s]").astype(np.float64)
    clusters = cluster_codes(frame[cluster]) if cluster in shared else None
    return Sides(frame, new, when, clusters)


def shifts(
    sides: Sides, names: Sequence[str], *, kind: Literal["score", "input"], deff: float
) -> tuple[Shift, ...]:
    """How far each column moved, the furthest first.

    Columns that only repeat a part of the calendar move by their making, and texts that
    are different in every row have no frequencies: both are left out.
    """
    columns = [_encoded(sides.frame, name) for name in names]
    kept = [c for c in columns if c is not None and _can_be_compared(c)]
    sample = Sample(
        frame=sides.frame,
        judged=np.zeros(len(sides.new), dtype=np.bool_),
        positive=np.zeros(len(sides.new), dtype=np.bool_),
        # the two sides are the earlier and the later half
        when=sides.new.astype(np.float64),
        whole=True,
        clusters=sides.clusters,
    )
    by_name = {column.name: column for column in kept}
    found = [
        _shift(drift, sides, kind, deff)
        for drift in find_drifts(kept, sample)
        # only what moved is worth the look at whether time itself moved it
        if drift.psi <= drift.critical
        or not is_clockwork(by_name[drift.column], sides.when)
    ]
    return _told(found)


def _encoded(frame: pd.DataFrame, name: str) -> Encoded | None:
    """A column as codes; None for what is neither number, word, truth nor time."""
    import pandas as pd

    column = frame[name]
    kind: Kind
    if pd.api.types.is_bool_dtype(column):
        kind = "boolean"
    elif pd.api.types.is_numeric_dtype(column):
        kind = "number"
    elif pd.api.types.is_string_dtype(column):
        kind = "text"
    else:
        return None
    return encode(Field(name=name, at=name, kind=kind, role=None), column)


def _can_be_compared(column: Encoded) -> bool:
    """Whether it varies, and is no text that differs in nearly every row."""
    rows = len(column.codes)
    return column.size > 1 and (column.ordered or column.size <= MOST_TEXTS * rows)


def thinned(sides: Sides) -> Sides:
    """At most 30,000 rows a side, evenly spaced in the order they stand in."""
    taken = np.concatenate([_spaced(np.flatnonzero(side)) for side in _both(sides)])
    if len(taken) == len(sides.new):
        return sides
    return Sides(
        frame=sides.frame.iloc[taken].reset_index(drop=True),
        new=sides.new[taken],
        when=sides.when[taken],
        clusters=None if sides.clusters is None else sides.clusters[taken],
    )


def _both(sides: Sides) -> tuple[Bools, Bools]:
    return ~sides.new, sides.new


def _spaced(places: NDArray[np.intp]) -> NDArray[np.intp]:
    if len(places) <= MOST_ROWS:
        return places
    at = np.linspace(0, len(places) - 1, MOST_ROWS).astype(np.intp)
    return places[at]


def _shift(
    drift: Drift, sides: Sides, kind: Literal["score", "input"], deff: float
) -> Shift:
    id = f"retro.shift.{kind}.{drift.column}"
    size = drift.earlier + drift.later
    index = Number(
        id=id,
        value=drift.psi,
        n=size,
        lo=drift.lo,
        hi=drift.hi,
        level=LEVEL,
        method=METHOD,
        rows="live",
        unit="index",
    )
    critical = Number(
        id=f"{id}.critical", value=drift.critical, rows="live", unit="index"
    )
    chance = _chance(drift)
    ks = _distance(f"{id}.ks", sides, drift.column, deff)
    return Shift(drift.column, kind, index, critical, ks, chance, moved=False)


def _chance(drift: Drift) -> float:
    """At most how likely such an index is among rows of one make.

    Chi-squared with one degree of freedom, scaled to the critical value: of all that
    share this value, the one with the heaviest tail beyond it.
    """
    if drift.critical <= 0:
        return 1.0
    return math.erfc(math.sqrt(CHI_SQUARED[0] * drift.psi / drift.critical / 2))


def _distance(id: str, sides: Sides, name: str, deff: float) -> Number | None:
    """Kolmogorov and Smirnov's distance; None for what is no number."""
    import pandas as pd

    column = sides.frame[name]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return None
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values)
    then = np.sort(values[known & ~sides.new])
    now = np.sort(values[known & sides.new])
    if not len(then) or not len(now):
        return None
    value = largest_distance(then, now)
    # each distribution lies within this of the true one in 97.5 of 100 samples
    reach = sum(
        math.sqrt(math.log(2 / ((1 - LEVEL) / 2)) / (2 * len(side) / deff))
        for side in (then, now)
    )
    return Number(
        id=id,
        value=value,
        n=len(then) + len(now),
        lo=max(0.0, value - reach),
        hi=min(1.0, value + reach),
        level=LEVEL,
        method=DISTANCE,
        rows="live",
        unit="distance of distributions",
    )


def largest_distance(one: Floats, other: Floats) -> float:
    """The largest distance of two empirical distributions, from sorted values.

    >>> largest_distance(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    at = np.concatenate((one, other))
    first = np.searchsorted(one, at, side="right") / len(one)
    second = np.searchsorted(other, at, side="right") / len(other)
    return float(np.abs(first - second).max())


def _told(found: Sequence[Shift]) -> tuple[Shift, ...]:
    """Mark those that moved: told from chance among all looked at, and by enough."""
    chances = np.array([shift.chance for shift in found])
    told = benjamini_hochberg(chances, FALSE_FINDS)
    marked = [
        replace(one, moved=bool(sure) and (one.index.lo or 0.0) > MOVED)
        for one, sure in zip(found, told, strict=True)
    ]
    return tuple(sorted(marked, key=lambda s: (-(s.index.value or 0.0), s.column)))


def benjamini_hochberg(chances: Floats, rate: float) -> Bools:
    """Which of many findings stand, so that at most ``rate`` of these are false.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5]), 0.05)
    array([ True, False, False, False])
    """
    count = len(chances)
    order = np.argsort(chances, kind="stable")
    within = chances[order] <= rate * np.arange(1, count + 1) / max(1, count)
    stand = np.zeros(count, dtype=np.bool_)
    if within.any():
        stand[order[: int(np.flatnonzero(within)[-1]) + 1]] = True
    return stand
