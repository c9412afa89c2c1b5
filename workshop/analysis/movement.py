"""How far would a chosen threshold, and its numbers, move on other rows?

Three answers, all values: where the cheapest threshold falls on other samples and what
that would cost here; how much better a chosen cut looks where it was chosen; and where
a rate is expected to fall on other rows at one fixed threshold.

Sources: Efron & Tibshirani 1993, chapter 17 (optimism); Krishnamoorthy & Peng 2011
(prediction interval of a proportion from the joint distribution of both samples).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import LEVEL, Interval, z_of
from workshop.analysis.metrics import check_ratio
from workshop.analysis.resampling import Floats, Samples
from workshop.errors import InputError

SCORE_PREDICTION = "score prediction"
SCORE_PREDICTION_EFFECTIVE = "score prediction at the effective sample size"

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ChosenAgain:
    """Where the cheapest threshold falls on other samples of the same size.

    ``here`` is the cheapest on the rows themselves, ``lo`` to ``hi`` the middle
    ``level`` of the others, ``median`` their middle one: all among the cuts drawn at.
    Infinity acts on no one, as does a share ``none`` of the samples; ``all`` of them
    act on everyone.

    ``cost_here`` is the least cost a decision on the rows themselves, in false alarms;
    ``regret_median`` and ``regret_hi`` (``level`` of the samples stay within it) are
    what the samples' thresholds would cost there above it. A wide range with a small
    regret is a flat optimum: the threshold is unsure, and it hardly matters.

    ``dropped`` counts samples with rows of one label only, in which nothing is chosen.
    """

    here: float
    lo: float
    median: float
    hi: float
    all: float
    none: float
    cost_here: float
    regret_median: float
    regret_hi: float
    level: float
    n_boot: int
    dropped: int
    clusters: int | None
    few_sources: bool


@dataclass(frozen=True, slots=True)
class Optimism:
    """How much better a chosen cut looks where it was chosen, on average.

    ``cost`` (a decision, in false alarms; None without a ratio) and ``error`` (share of
    what was acted on that was wrong; None if no sample acts) are what to add to the
    number seen while choosing. ``error_rises`` is the share of samples whose error is
    higher on the rows they were drawn from. ``dropped`` samples chose nothing, or acted
    on no one.
    """

    cost: float | None
    error: float | None
    error_rises: float | None
    n_boot: int
    dropped: int
    clusters: int | None
    few_sources: bool


def choose_again(
    samples: Samples, *, ratio: float, level: float = LEVEL
) -> ChosenAgain | None:
    """Choose the cheapest cut in each sample: least ``fp + ratio·fn``.

    Of equal costs the highest threshold wins, as in `policies.cheapest_threshold`; keep
    its answer among the cuts, for the regret is measured against the least cost there.
    None, cannot tell, with a single cluster or where every sample has one label only.
    Raises `InputError` unless ``ratio > 0``.
    """
    kept = ~samples.one_label
    if samples.clusters == 1 or not kept.any():
        return None
    own = _cost(samples, ratio)
    chosen = _drawn_cost(samples, ratio)[kept].argmin(axis=1)
    regret = (own[chosen] - own.min()) / samples.n
    acting = (samples.tp + samples.fp)[chosen]
    tail = (1 - level) / 2
    # The higher threshold has the lower place: hi is found at the low end.
    hi, median, lo = np.quantile(
        chosen, [tail, 0.5, 1 - tail], method="inverted_cdf"
    ).astype(int)
    return ChosenAgain(
        here=float(samples.thresholds[own.argmin()]),
        lo=float(samples.thresholds[lo]),
        median=float(samples.thresholds[median]),
        hi=float(samples.thresholds[hi]),
        all=float(np.mean(acting == samples.n)),
        none=float(np.mean(acting == 0)),
        cost_here=float(own.min()) / samples.n,
        regret_median=float(np.median(regret)),
        regret_hi=float(np.quantile(regret, level, method="inverted_cdf")),
        level=level,
        n_boot=samples.n_boot,
        dropped=int(np.count_nonzero(~kept)),
        clusters=samples.clusters,
        few_sources=samples.few_sources,
    )


def estimate_optimism(
    samples: Samples, *, ratio: float | None = None, max_error: float | None = None
) -> Optimism | None:
    """Choose a cut in each sample, and value it there and on the rows themselves.

    With ``max_error`` the cut that acts on most rows while the error among them is at
    most that; else the cheapest at ``ratio``. None, cannot tell, with a single cluster
    or where no sample chooses. Raises `InputError` without either, or unless ``ratio >
    0`` and ``max_error`` lies within 0 to 1.
    """
    chosen = _chosen(samples, ratio, max_error)
    rows = np.flatnonzero((chosen >= 0) & ~samples.one_label)
    if samples.clusters == 1 or len(rows) == 0:
        return None
    cost = None if ratio is None else _cost_rise(samples, ratio, rows, chosen[rows])
    rise = _error_rise(samples, rows, chosen[rows])
    with_error = rise[~np.isnan(rise)]
    return Optimism(
        cost=cost,
        error=float(with_error.mean()) if len(with_error) else None,
        error_rises=float(np.mean(with_error > 0)) if len(with_error) else None,
        n_boot=samples.n_boot,
        dropped=samples.n_boot - len(with_error),
        clusters=samples.clusters,
        few_sources=samples.few_sources,
    )


def expected_elsewhere(
    k: float, n: float, n_other: float, *, deff: float = 1.0, level: float = LEVEL
) -> Interval:
    """Where the rate on ``n_other`` other rows is expected, given ``k`` of ``n`` here.

    Rows of the same kind and one fixed threshold: what choosing adds is `Optimism`'s,
    what time changes is nobody's to expect. The rates that the pooled two-sample score
    test would not tell from ``k / n``, with both samples at their size over ``deff``;
    as ``n_other`` grows this becomes Wilson's interval (Krishnamoorthy & Peng 2011).

    Raises `InputError` unless ``0 <= k <= n``, ``n > 0``, ``n_other > 0``, ``deff >=
    1``.

    >>> found = expected_elsewhere(30, 100, 100)
    >>> round(found.lo, 3), round(found.hi, 3)
    (0.181, 0.434)
    """
    if not (0 <= k <= n and n > 0 and n_other > 0):
        raise InputError(
            f"a rate elsewhere needs k within 0 and n, and rows: {k} of {n}, {n_other}"
        )
    if not deff >= 1:
        raise InputError(f"a design effect is at least 1, but it is {deff}")
    lo, hi = _within_reach(k / n, n / deff, n_other / deff, z_of(level))
    name = SCORE_PREDICTION if deff == 1 else SCORE_PREDICTION_EFFECTIVE
    return Interval(0.0 if k == 0 else lo, 1.0 if k == n else hi, level, name)


def _within_reach(x: float, n: float, m: float, z: float) -> tuple[float, float]:
    """Solve ``(x - y)² = z²(1/n + 1/m)·p(1 - p)`` for y; p pools x of n and y of m."""
    spread, mine, theirs = z * z * (1 / n + 1 / m), x * n / (n + m), m / (n + m)
    square = 1 + spread * theirs**2
    half = x + spread * theirs * (0.5 - mine)
    rest = x * x - spread * mine * (1 - mine)
    root = math.sqrt(max(0.0, half * half - square * rest))
    lo, hi = (half - root) / square, (half + root) / square
    return min(x, max(0.0, lo)), max(x, min(1.0, hi))


def _cost(samples: Samples, ratio: float) -> Floats:
    check_ratio(ratio)
    cost: Floats = samples.fp + ratio * (samples.positives - samples.tp)
    return cost


def _drawn_cost(samples: Samples, ratio: float) -> Floats:
    missed = samples.drawn_positives[:, np.newaxis] - samples.drawn_tp
    cost: Floats = samples.drawn_fp + ratio * missed
    return cost


def _chosen(samples: Samples, ratio: float | None, max_error: float | None) -> Places:
    """The place of the cut chosen in each sample, shape (n_boot,); -1 for none."""
    if max_error is not None:
        if not 0 <= max_error <= 1:
            raise InputError(f"an error lies between 0 and 1, not at {max_error}")
        flagged = samples.drawn_tp + samples.drawn_fp
        holds = (flagged > 0) & (samples.drawn_fp <= max_error * flagged)
        chosen: Places = np.where(holds, flagged, -1).argmax(axis=1)
        chosen[~holds.any(axis=1)] = -1
        return chosen
    if ratio is None:
        raise InputError("a cut is chosen by a ratio or a largest error: give one")
    _cost(samples, ratio)
    cheapest: Places = _drawn_cost(samples, ratio).argmin(axis=1)
    return cheapest


def _cost_rise(samples: Samples, ratio: float, rows: Places, chosen: Places) -> float:
    size = (samples.drawn_positives + samples.drawn_negatives)[rows]
    there = _drawn_cost(samples, ratio)[rows, chosen] / size
    return float(np.mean(_cost(samples, ratio)[chosen] / samples.n - there))


def _error_rise(samples: Samples, rows: Places, chosen: Places) -> Floats:
    """Error on the rows themselves less that in the sample; NaN where none is acted on.

    Where a sample acts on rows, so do the rows it was drawn from.
    """
    fp, tp = samples.drawn_fp[rows, chosen], samples.drawn_tp[rows, chosen]
    there = np.full(len(rows), np.nan)
    np.divide(fp, fp + tp, out=there, where=fp + tp > 0)
    flagged = np.maximum((samples.tp + samples.fp)[chosen], 1)
    rise: Floats = samples.fp[chosen] / flagged - there
    return rise
