"""When a score says 70 of 100, is it right in 70 of 100?

Rows are cut into bins of about equal size by score; in each, the mean score stands
beside the share of positives. The expected calibration error is the mean distance of
the two, weighted by rows (Naeini, Cooper & Hauskrecht 2015). It is above zero by chance
even for perfect scores, the more so the fewer the rows; `Calibration.by_chance` is what
perfect scores would show in 95 of 100 draws of as many rows. A bootstrap of that error
covers the true one too seldom (55 of 100 times for perfect scores), as it adds chance a
second time; the interval here is the wider one that the triangle inequality proves.

`read_as_probabilities` says whether the scores may be read so at all. Where they may
not, or nobody can tell, a threshold still works: any finite score orders rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import LEVEL, Interval, rate, wilson
from workshop.errors import InputError
from workshop.record.values import Number

BINS = 10
BOUND = "what labels drawn again within bins can add or take away"

OFF_SCALE = 0.02
"""An error surely above this is one; what is surely less is let pass."""
MOST_BY_CHANCE = 0.10
"""Rows on which perfect scores could be off by more than this are too few to tell."""

Readable = Literal["yes", "no", "cannot_tell"]
WhyNot = Literal["outside", "off", "unsure", "few_rows"]


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows with like scores: from ``low`` to ``high``, their mean, and what came."""

    low: float
    high: float
    mean: float
    came: Number


@dataclass(frozen=True, slots=True)
class Calibration:
    """The bins and what they come to; ``error`` with its interval, shares all.

    ``mean_score`` is what the scores promise over all rows, ``came`` what came, and
    ``ahead`` the interval of mean score less share of positives.
    """

    bins: tuple[Bin, ...]
    error: float
    interval: Interval
    by_chance: float
    mean_score: float
    came: Number
    ahead: Interval


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether scores may be read as probabilities; ``why`` not, None where they may.

    ``outside``: some lie below 0 or above 1. ``off``: their error is above what perfect
    scores show by chance, and surely above two points. ``unsure``: it is above that, or
    scores are too high or too low on average, and nobody knows whether by more than
    these two points. ``few_rows``: even perfect scores could be off by more than ten.
    ``calibration`` is what was found, None for scores outside 0 to 1.
    """

    readable: Readable
    why: WhyNot | None
    calibration: Calibration | None


def read_as_probabilities(
    labels: NDArray[np.bool_],
    scores: NDArray[np.float64],
    *,
    deff: float = 1.0,
    seed: int = 0,
) -> Reading:
    """Say whether a score of 0.7 may be read as "right in 70 of 100".

    Takes what `assess_calibration` takes, and scores of any size besides. "Yes" means
    that nothing speaks against it on these rows: neither the error of the bins nor the
    mean of all scores, which tells sooner when all of them are too high or too low.
    """
    if len(scores) and not (scores.min() >= 0 and scores.max() <= 1):
        return Reading("no", "outside", None)
    found = assess_calibration(labels, scores, deff=deff, seed=seed)
    more_than_chance = found.error > found.by_chance
    if more_than_chance and found.interval.lo > OFF_SCALE:
        return Reading("no", "off", found)
    if more_than_chance or not found.ahead.lo <= 0 <= found.ahead.hi:
        return Reading("cannot_tell", "unsure", found)
    if found.by_chance > MOST_BY_CHANCE:
        return Reading("cannot_tell", "few_rows", found)
    return Reading("yes", None, found)


def assess_calibration(
    labels: NDArray[np.bool_],
    scores: NDArray[np.float64],
    *,
    deff: float = 1.0,
    bins: int = BINS,
    n_boot: int = 2000,
    seed: int = 0,
) -> Calibration:
    """Hold scores against what came, in at most ``bins`` bins of about equal size.

    Equal scores share a bin, so that the order of rows does not matter. What came in a
    bin lies off its chance by an amount that is drawn at ``rows / deff``; the measured
    error lies off the true one by no more than their weighted mean, whose 95 % point
    gives both ends of the interval. ``labels`` (bool) and ``scores`` have shape (n,).
    Raises `InputError` on no rows or scores outside 0 to 1.

    >>> labels = np.array([True] * 70 + [False] * 30)
    >>> found = assess_calibration(labels, np.full(100, 0.9))
    >>> round(found.error, 2), found.came.k, found.came.n
    (0.2, 70, 100)
    """
    _check(labels, scores)
    found = _bins(labels, scores, bins, deff)
    n = np.array([one.came.n or 0 for one in found], dtype=np.float64)
    k = np.array([one.came.k or 0 for one in found], dtype=np.float64)
    means = np.array([one.mean for one in found])
    error = _error(n, k / n, means)
    moved, by_chance = _redrawn(n, k / n, means, deff=deff, n_boot=n_boot, seed=seed)
    came = rate("calibration.came", int(k.sum()), len(labels), rows="all", deff=deff)
    return Calibration(
        bins=tuple(found),
        error=error,
        # Bins of one label only seem to move by nothing; perfect scores know better.
        interval=_within(error, max(by_chance, moved)),
        by_chance=by_chance,
        mean_score=float(scores.mean()),
        came=came,
        ahead=_ahead(labels, scores, deff),
    )


def _check(labels: NDArray[np.bool_], scores: NDArray[np.float64]) -> None:
    if len(labels) == 0 or len(labels) != len(scores):
        raise InputError("calibration needs as many labels as scores, and one at least")
    if not (scores.min() >= 0 and scores.max() <= 1):
        raise InputError("calibration needs scores between 0 and 1")


def _bins(
    labels: NDArray[np.bool_], scores: NDArray[np.float64], bins: int, deff: float
) -> list[Bin]:
    """Cut at the quantiles of the scores; rows with one score stay together."""
    inner = np.quantile(scores, np.linspace(0, 1, bins + 1)[1:-1], method="lower")
    at = np.searchsorted(np.unique(inner), scores, side="left")
    return [
        Bin(
            low=float(scores[inside].min()),
            high=float(scores[inside].max()),
            mean=float(scores[inside].mean()),
            came=rate(
                f"calibration.bin_{number}",
                int(labels[inside].sum()),
                int(inside.sum()),
                rows="all",
                deff=deff,
            ),
        )
        for number, inside in enumerate((at == one for one in np.unique(at)), 1)
    ]


def _error(
    n: NDArray[np.float64], rates: NDArray[np.float64], means: NDArray[np.float64]
) -> float:
    return float((n * np.abs(rates - means)).sum() / n.sum())


def _redrawn(
    n: NDArray[np.float64],
    rates: NDArray[np.float64],
    means: NDArray[np.float64],
    *,
    deff: float,
    n_boot: int,
    seed: int,
) -> tuple[float, float]:
    """How far shares stray when drawn again, and how far those of perfect scores do."""
    size = np.maximum(1, np.round(n / deff)).astype(np.int64)
    rng = np.random.default_rng(seed)
    again = rng.binomial(size, rates, (n_boot, len(n))) / size
    perfect = rng.binomial(size, means.clip(0, 1), (n_boot, len(n))) / size
    moved = np.array([_error(n, drawn, rates) for drawn in again])
    chance = np.array([_error(n, drawn, means) for drawn in perfect])
    return float(np.quantile(moved, LEVEL)), float(np.quantile(chance, LEVEL))


def _within(error: float, reach: float) -> Interval:
    return Interval(max(0.0, error - reach), min(1.0, error + reach), LEVEL, BOUND)


def _ahead(
    labels: NDArray[np.bool_], scores: NDArray[np.float64], deff: float
) -> Interval:
    """Mean score less share of positives: Wilson's interval, scaled.

    Scores and labels go together, so that their difference varies less from draw to
    draw than the labels alone do: by as much as its own spread is smaller.
    """
    came, found = float(labels.mean()), wilson(labels.sum(), len(labels), deff=deff)
    apart = scores - labels
    spread = float(labels.std())
    scale = float(apart.std()) / spread if spread else 1.0
    value = float(scores.mean()) - came
    lo = value - scale * (found.hi - came)
    hi = value + scale * (came - found.lo)
    return Interval(lo, hi, LEVEL, f"{found.method}, scaled to scores less labels")
