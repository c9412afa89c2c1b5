"""What may be promised of the answers, at 95 %, before they are given?

A threshold that showed 20 wrong in 100 was picked because it did; on other rows it
shows more. A promise allows for the picking. It looks at no more than 20 cuts, at
coverages fixed from the scores alone, each with at least 20 rows, and pays for all of
them: the chance that any of its bounds is wrong is at most 1 - level.

`best_promise` takes the least exact upper bound of the error over these cuts, each at
(1 - level)/m, which is valid for every target at once. `promise_at` is for a target
fixed beforehand: a binomial test of each cut, Bonferroni-Holm over them. It certifies
some cut exactly where the best promise reaches the target, and often more of them.
Both rest on rows drawn independently from what is to come. Rows that hang together say
less than their number: then a promise is only indicative, and says so.

Sources: Clopper & Pearson 1934; Holm 1979; Angelopoulos, Bates, Candes, Jordan & Lei
2021 (Learn then test; the p-value of a count is the binomial one).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.curve import OperatingPoint, ThresholdCurve
from workshop.analysis.intervals import (
    LEVEL,
    clopper_pearson,
    family_level,
    rate,
    share_held,
    z_of,
)
from workshop.analysis.metrics import number_of
from workshop.errors import InputError
from workshop.record.values import Number

MOST_CUTS = 20
FEWEST_ROWS = 20

Held = Literal["kept", "broken", "cannot_tell"]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Promise:
    """At most ``at_most`` of what is answered is wrong, at ``error.level``.

    ``error`` is what the choosing rows showed, from 0 to the bound that is promised;
    ``coverage`` how many of them were answered. ``cuts`` were looked at. ``indicative``
    where rows hang together, so that the level is not what it says.
    """

    threshold: float
    coverage: Number
    error: Number
    at_most: float
    cuts: int
    indicative: bool


@dataclass(frozen=True, slots=True)
class PromiseAsked:
    """Whether a precision fixed beforehand can be promised, and at which cuts.

    ``certified`` are the cuts that can, highest first, and ``promise`` is the one of
    most coverage; None when it cannot be promised. ``best`` is the best that can be,
    whatever was asked; None when there are fewer than 20 rows.
    """

    target_precision: float
    certified: tuple[float, ...]
    promise: Promise | None
    best: Promise | None


@dataclass(frozen=True, slots=True)
class PromiseHeld:
    """What became of a promise on rows that it was not made on.

    ``error`` has its two-sided range as every other figure. Either end of the range of
    ``bounds``, the same share, is a bound at 95 % on its own: these decide.
    """

    state: Held
    error: Number
    bounds: Number
    coverage: Number


def promise_cuts(curve: ThresholdCurve) -> Ints:
    """Positions on ``curve`` of the cuts that a promise looks at; shape (m,), m <= 20.

    The highest cuts that answer at least 5, 10, ... 100 of 100 rows, where these are 20
    rows or more. Ties can make them fewer. No label is read. Raises `InputError` where
    rows have weights: exact bounds are for rows that count one each.
    """
    if curve.weighted:
        raise InputError("a promise counts rows one by one; make it without weights")
    flagged = curve.tp + curve.fp
    wanted = -(-np.arange(1, MOST_CUTS + 1) * curve.n // MOST_CUTS)
    cuts = np.unique(np.searchsorted(flagged, wanted))
    return np.asarray(cuts[flagged[cuts] >= FEWEST_ROWS], dtype=np.int64)


def best_promise(
    curve: ThresholdCurve,
    *,
    level: float = LEVEL,
    clustered: bool = False,
    deff: float = 1.0,
) -> Promise | None:
    """Find the least error that can be promised, and the cut that it is promised at.

    Parameters
    ----------
    curve
        The rows to choose on, never those that the promise is reported on.
    level
        Confidence of all cuts together.
    clustered
        Rows hang together: the promise is marked as indicative.
    deff
        Their design effect, for the range of the coverage; the bound is for independent
        rows.

    Returns
    -------
    Promise or None
        None when there are fewer than 20 rows. Of equal bounds the cut that answers
        most wins.

    Raises
    ------
    InputError
        Rows with weights, or a level that is none.

    Examples
    --------
    >>> from workshop.analysis.curve import threshold_curve
    >>> curve = threshold_curve([0] * 50 + [1] * 50, range(100))
    >>> promise = best_promise(curve)
    >>> promise.error.k, promise.error.n, round(promise.at_most, 3)
    (0, 50, 0.11)
    """
    cuts = promise_cuts(curve)
    if len(cuts) == 0:
        return None
    bounds = _upper_bounds(curve, cuts, level)
    least = len(bounds) - 1 - int(bounds[::-1].argmin())
    return _promise(
        curve,
        int(cuts[least]),
        at_most=float(bounds[least]),
        method=f"clopper-pearson, upper, over {len(cuts)} cuts",
        cuts=len(cuts),
        level=level,
        clustered=clustered,
        deff=deff,
    )


def promise_at(
    target_precision: float,
    curve: ThresholdCurve,
    *,
    level: float = LEVEL,
    clustered: bool = False,
    deff: float = 1.0,
) -> PromiseAsked:
    """Find where a precision fixed beforehand can be promised, at the most coverage.

    Fixed beforehand: not after a look at these rows. Parameters as `best_promise`.
    Raises `InputError` unless the precision lies between 0 and 1.
    """
    if not 0 < target_precision < 1:
        raise InputError(
            f"a precision to promise lies between 0 and 1, not at {target_precision}"
        )
    cuts = promise_cuts(curve)
    passed = cuts[_holm(_p_values(curve, cuts, 1 - target_precision), level)]
    promise = None
    if len(passed):
        promise = _promise(
            curve,
            int(passed[-1]),
            at_most=1 - target_precision,
            method=f"binomial test, Holm over {len(cuts)} cuts",
            cuts=len(cuts),
            level=level,
            clustered=clustered,
            deff=deff,
        )
    return PromiseAsked(
        target_precision=target_precision,
        certified=tuple(float(cut) for cut in curve.thresholds[passed]),
        promise=promise,
        best=best_promise(curve, level=level, clustered=clustered, deff=deff),
    )


def hold_promise(
    promise: Promise, report: ThresholdCurve, *, deff: float = 1.0
) -> PromiseHeld:
    """Hold a promise against the rows kept aside, as a clause is held.

    Kept where the one-sided 95 % upper bound of the error among answered lies within
    the promise, broken where the lower one lies above, else the rows cannot tell. Both
    bounds are exact, since a promise claims a guarantee. One made at 95 % may be broken
    with nothing amiss, in up to 5 of 100.
    """
    point = report.at(promise.threshold)
    error, coverage = (
        number_of(name, point, rows="report", id=f"promise.held.{name}", deff=deff)
        for name in ("error_among_answered", "coverage")
    )
    counts = error.k or 0, error.n or 0
    bounds = share_held("promise.held.bounds", *counts, rows="report", deff=deff)
    return PromiseHeld(_state(bounds, promise.at_most), error, bounds, coverage)


def _state(bounds: Number, at_most: float) -> Held:
    if bounds.lo is None or bounds.hi is None:
        return "cannot_tell"
    if bounds.hi <= at_most:
        return "kept"
    return "broken" if bounds.lo > at_most else "cannot_tell"


def _promise(
    curve: ThresholdCurve,
    cut: int,
    *,
    at_most: float,
    method: str,
    cuts: int,
    level: float,
    clustered: bool,
    deff: float,
) -> Promise:
    point = curve.at(float(curve.thresholds[cut]))
    return Promise(
        threshold=point.threshold,
        coverage=rate(
            "promise.coverage", point.flagged, point.n, rows="choose", deff=deff
        ),
        error=_error(point, at_most, level, method),
        at_most=at_most,
        cuts=cuts,
        indicative=clustered,
    )


def _error(point: OperatingPoint, at_most: float, level: float, method: str) -> Number:
    return Number(
        id="promise.error_among_answered",
        value=point.fp / point.flagged,
        k=point.fp,
        n=point.flagged,
        lo=0.0,
        hi=at_most,
        level=level,
        method=method,
        rows="choose",
    )


def _upper_bounds(curve: ThresholdCurve, cuts: Ints, level: float) -> Floats:
    """Exact one-sided bounds of the error among answered, at (1 - level)/m each."""
    z_of(level)
    each = family_level(len(cuts), level=level)
    wrong, flagged = curve.fp[cuts], (curve.tp + curve.fp)[cuts]
    return np.array(
        [
            clopper_pearson(int(k), int(n), level=each, side="upper").hi
            for k, n in zip(wrong, flagged, strict=True)
        ]
    )


def _p_values(curve: ThresholdCurve, cuts: Ints, error: float) -> Floats:
    """Chance of so few wrong answers or fewer, were the error at its limit.

    The binomial distribution function, which is never above Hoeffding's bound.
    """
    from scipy.special import betainc

    right, wrong = curve.tp[cuts], curve.fp[cuts]
    chance = betainc(np.maximum(right, 1), wrong + 1, 1 - error)
    return np.where(right > 0, chance, 1.0)


def _holm(p_values: Floats, level: float) -> NDArray[np.bool_]:
    """Which of the tests pass: the i-th smallest p-value at (1 - level)/(m - i + 1)."""
    z_of(level)
    order = np.argsort(p_values, kind="stable")
    left = np.arange(len(p_values), 0, -1)
    fails = p_values[order] > (1 - level) / left
    first = int(fails.argmax()) if fails.any() else len(p_values)
    passed = np.zeros(len(p_values), dtype=np.bool_)
    passed[order[:first]] = True
    return passed
