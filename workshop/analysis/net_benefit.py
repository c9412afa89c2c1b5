"""How much is a decision rule worth, at stated odds of a false alarm against a find?

Net benefit after Vickers & Elkin 2006: true positives a decision, less the false alarms
at the odds of a threshold probability ``pt``, less the harm of finding out the score.
``pt`` is the probability from which acting is worth it: C_FP/(C_FP + C_FN). It is
stated, not read off the scores; reading it off them (``pt`` = cut, a decision curve)
takes scores that are probabilities: see `calibration`.

This is an API for notebooks: the page shows net benefit at the odds that the pair
stated, the curve and the further figures are dcurves' and checked against its tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.errors import InputError

if TYPE_CHECKING:
    from workshop.analysis.metrics import Counted

Floats = NDArray[np.float64]


def threshold_odds(pt: ArrayLike) -> Floats:
    """What one false alarm costs in true positives: w = pt/(1 - pt).

    Raises `InputError` unless every ``pt`` lies strictly between 0 and 1.

    >>> threshold_odds(0.2).item()
    0.25
    """
    given = np.asarray(pt, dtype=np.float64)
    if not ((given > 0) & (given < 1)).all():
        raise InputError(f"pt must lie between 0 and 1, both excluded, not {given}")
    return np.asarray(given / (1 - given))


def net_benefit_of(
    tp: ArrayLike, fp: ArrayLike, n: float, *, pt: ArrayLike, harm: float = 0.0
) -> Floats:
    """Net benefit in true positives a decision: tp/n - w·fp/n - harm.

    ``tp``, ``fp`` and ``pt`` may be arrays that broadcast; the answer has their common
    shape. ``harm`` is what knowing the score costs, in true positives a decision.
    At ``pt`` = cut on calibrated scores this is a decision curve:
    ``net_benefit_of(*curve.counts_at(pts), curve.n, pt=pts)``.
    """
    return np.asarray(
        np.divide(tp, n) - np.divide(fp, n) * threshold_odds(pt) - harm, np.float64
    )


def net_benefit_at(point: Counted, *, pt: float, harm: float = 0.0) -> float:
    """Net benefit of one operating point; `metrics.net_benefit` at ratio (1-pt)/pt."""
    n = _positives(point) + _negatives(point)
    return float(net_benefit_of(point.tp, point.fp, n, pt=pt, harm=harm))


def avoided_per_100(point: Counted, *, pt: float, harm: float = 0.0) -> float:
    """How many fewer of 100 are acted on needlessly than by acting on everyone, net.

    100·(NB - NB of acting on everyone)/w (Vickers et al. 2008); negative where acting
    on everyone is better.
    """
    positives, negatives = _positives(point), _negatives(point)
    n = positives + negatives
    gain = net_benefit_at(point, pt=pt, harm=harm) - float(
        net_benefit_of(positives, negatives, n, pt=pt)
    )
    return 100 * gain / float(threshold_odds(pt))


def rows_per_extra_find(gain: float) -> float | None:
    """Rows to score for one more net true positive: the test trade-off 1/ΔNB.

    ``gain`` is the difference of two net benefits; None where nothing is gained
    (Vickers, van Calster & Steyerberg 2019). Dividing the gain by w first gives the
    rows to score for one needless action less.
    """
    return 1 / gain if gain > 0 else None


def _positives(point: Counted) -> float:
    return point.tp + point.fn + point.asked_positive


def _negatives(point: Counted) -> float:
    return point.fp + point.tn + point.asked_negative
