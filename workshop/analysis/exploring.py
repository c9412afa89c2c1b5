"""What has a browser to be given, so that it can show any threshold by itself?

A few hundred cuts with exact counts, and 100 stand-ins for all rows, placed on an axis
on which they can be told apart. What reaches a browser is this and never a row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.curve import ThresholdCurve

Floats = NDArray[np.float64]
Scale = Literal["score", "odds", "rank"]

DOTS = 100
COLUMNS = 50
"""Piles that stand side by side; more would be too narrow on a telephone."""
TALLEST = 14
"""Dots in a pile above which an axis is too crowded to read."""
TICKS = 6


@dataclass(frozen=True, slots=True)
class StandIn:
    """One of 100 rows' worth: where it stands, its label, the last cut that acts on it.

    ``across`` is a place on the axis, 0 to 1; ``up`` counts the dots below it.
    """

    across: float
    up: int
    positive: bool
    until: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """The axis: each cut's place (0 to 1, ascending), ticks, and the stand-ins.

    ``ticks`` pair a place with the score that stands there. ``scale`` is ``score``
    where places are even in the score, ``odds`` in its log-odds, ``rank`` in the share
    of rows below.
    """

    across: tuple[float, ...]
    ticks: tuple[tuple[float, float], ...]
    dots: tuple[StandIn, ...]
    scale: Scale


def cuts_to_show(
    curve: ThresholdCurve, most: int, keep: Iterable[float] = ()
) -> tuple[float, ...]:
    """At most ``most`` thresholds, ascending, evenly spaced in rows acted on.

    The first is the least score and acts on everyone, the last is infinite and acts on
    no one. ``keep`` are thresholds that must be among them; each stands at the score
    that it has, or at the next one above it: both act on the same rows.
    """
    wanted = [cut for cut in keep if math.isfinite(cut)]
    table = curve.table(most, keep=wanted)
    return tuple(float(cut) for cut in table["threshold"].to_numpy()[::-1])


def case_line(
    curve: ThresholdCurve, cuts: tuple[float, ...], *, dots: int = DOTS
) -> CaseLine:
    """Place 100 stand-ins and all cuts on the first axis that is not too crowded.

    As many stand-ins are positive as of 100 rows are; each stands at a quantile of its
    own label's scores, so the piles show both labels' distributions. Even in the score
    where that keeps every pile below `TALLEST`; else in its log-odds, if all scores lie
    between 0 and 1; else in rank.
    """
    stands = _quantile_dots(curve, dots)
    scores = np.array([score for score, _ in stands])
    for scale, place in _axes(curve):
        column = _columns(place(scores))
        if scale == "rank" or np.bincount(column).max() <= TALLEST:
            break
    finite = np.array(cuts[:-1])
    across = (*place(finite).tolist(), 1.0)
    return CaseLine(
        across, _ticks(curve, place, scale), _piled(stands, column, cuts), scale
    )


def _quantile_dots(curve: ThresholdCurve, dots: int) -> list[tuple[float, bool]]:
    """Scores at the middles of equal shares of each label, ascending."""
    positives = round(dots * curve.positives / curve.n)
    found = [(s, True) for s in _quantiles(curve, curve.tp, positives)]
    found += [(s, False) for s in _quantiles(curve, curve.fp, dots - positives)]
    return sorted(found)


def _quantiles(
    curve: ThresholdCurve, above: NDArray[np.int64], dots: int
) -> list[float]:
    # `above[i]` rows of the label score thresholds[i] or more, thresholds descending
    wanted = (np.arange(dots) + 0.5) / max(dots, 1) * float(above[-1])
    place = np.searchsorted(above, wanted, side="left")
    return [float(score) for score in curve.thresholds[place]]


def _axes(curve: ThresholdCurve) -> list[tuple[Scale, Callable[[Floats], Floats]]]:
    low, high = float(curve.thresholds[-1]), float(curve.thresholds[0])
    ascending = curve.thresholds[::-1]
    below = (curve.n - (curve.tp + curve.fp))[::-1] / curve.n

    def even(scores: Floats) -> Floats:
        return _stretch(scores, low, high)

    def odds(scores: Floats) -> Floats:
        return _stretch(_logit(scores), float(_logit(low)), float(_logit(high)))

    def rank(scores: Floats) -> Floats:
        place: Floats = np.interp(scores, ascending, below)
        return _stretch(place, 0.0, float(below[-1]))

    axes: list[tuple[Scale, Callable[[Floats], Floats]]] = [("score", even)]
    if low > 0 and high < 1:
        axes.append(("odds", odds))
    return [*axes, ("rank", rank)]


# Room at both ends: the bar can stand left of every dot, and right of every dot.
_MARGIN = 0.02


def _stretch(values: Floats, low: float, high: float) -> Floats:
    # halves first: the range of two finite scores may itself be infinite
    width = high / 2 - low / 2
    share = (values / 2 - low / 2) / width if width > 0 else np.zeros_like(values) + 0.5
    return _MARGIN + share * (1 - 2 * _MARGIN)


def _logit(scores: Floats | float) -> Floats:
    found: Floats = np.log(scores) - np.log1p(-np.asarray(scores))
    return found


def _columns(places: Floats) -> NDArray[np.intp]:
    return np.clip((places * COLUMNS).astype(np.intp), 0, COLUMNS - 1)


def _piled(
    stands: list[tuple[float, bool]], column: NDArray[np.intp], cuts: tuple[float, ...]
) -> tuple[StandIn, ...]:
    """Pile the dots up, lowest score first, each at the middle of its column."""
    height = np.zeros(COLUMNS, dtype=np.intp)
    until = np.searchsorted(cuts, [score for score, _ in stands], side="right") - 1
    dots = []
    for (_, positive), at, last in zip(stands, column, until, strict=True):
        across = (int(at) + 0.5) / COLUMNS
        dots.append(StandIn(across, int(height[at]), positive, int(last)))
        height[at] += 1
    return tuple(dots)


def _ticks(
    curve: ThresholdCurve, place: Callable[[Floats], Floats], scale: Scale
) -> tuple[tuple[float, float], ...]:
    """A few round scores on the axis, with their places."""
    low, high = float(curve.thresholds[-1]), float(curve.thresholds[0])
    if scale == "score":
        found = _round_steps(low, high)
    else:
        ascending = curve.thresholds[::-1]
        even = np.linspace(_MARGIN, 1 - _MARGIN, TICKS)
        found = [_two_digits(s) for s in np.interp(even, place(ascending), ascending)]
    inside = np.array(sorted({score for score in found if low <= score <= high}))
    return tuple(zip(place(inside).tolist(), inside.tolist(), strict=True))


def _round_steps(low: float, high: float) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten, about `TICKS` of them."""
    width = high / TICKS - low / TICKS
    if not width > 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(width))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= width)
    count = math.floor(high / step) - math.ceil(low / step) + 1
    first = math.ceil(low / step)
    return [_two_digits((first + i) * step, 6) for i in range(count)]


def _two_digits(score: float, digits: int = 2) -> float:
    return float(f"{score:.{digits}g}")
