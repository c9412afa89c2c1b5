"""How well do scores order rows, how sure is that, and how much did it fall?

The area under the ROC curve is the share of pairs, one positive and one negative, that
the scores put in the right order (ties count half). Its spread comes from each row's
own part in it (DeLong, DeLong & Clarke-Pearson 1988); rows that hang together are
summed by cluster first (after Obuchowski 1997, Biometrics 53:567). Bounds are taken on
the logit scale so that they stay within 0 and 1 (Pepe 2003, section 5.2.5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import LEVEL, clopper_pearson, z_of
from workshop.record.values import Number, Rows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.intp]

DELONG = "delong, logit"
DELONG_CLUSTERS = "delong by cluster, logit"
PAIRED = "delong paired"
PAIRED_CLUSTERS = "delong paired by cluster"
ALL_ORDERED = "clopper-pearson of separate pairs"


@dataclass(frozen=True, slots=True)
class Area:
    """The AUC, and each row's pull on it; pulls sum to zero, shape (rows,)."""

    value: float
    pulls: Floats


def area(labels: Bools, scores: Floats) -> Area:
    """Measure the AUC of ``scores``, both of shape (rows,); both labels must occur."""
    ranks = _ranks(scores)
    m, n = int(labels.sum()), int((~labels).sum())
    # How many of the other class each row stands above, ties half: shape (rows,).
    above = np.empty(len(scores))
    above[labels] = (ranks[labels] - _ranks(scores[labels])) / n
    above[~labels] = 1 - (ranks[~labels] - _ranks(scores[~labels])) / m
    value = float(above[labels].mean())
    # n - 1 in place of n makes the sum of squares DeLong's own variance.
    scale = np.where(labels, math.sqrt(m * max(m - 1, 1)), math.sqrt(n * max(n - 1, 1)))
    return Area(value, (above - value) / scale)


def _ranks(values: Floats) -> Floats:
    """Rank from 1, ties at their mean rank; as scipy.stats, which loads slowly."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last: Floats = counts.cumsum() - (counts - 1) / 2
    return last[place]


def standard_error(pulls: Floats, clusters: Codes | None) -> float:
    """Spread of a sum of pulls when rows, or whole clusters, are drawn anew."""
    if clusters is None:
        return float(math.sqrt((pulls**2).sum()))
    sums = np.bincount(clusters, pulls)
    count = len(np.unique(clusters))
    return float(math.sqrt((sums**2).sum() * count / max(count - 1, 1)))


def auc_number(
    id: str,
    labels: Bools,
    scores: Floats,
    clusters: Codes | None = None,
    *,
    rows: Rows | None = "all",
) -> Number:
    """Return the AUC as a `Number` with its 95 % interval; ``n`` counts the rows."""
    found = area(labels, scores)
    lo, hi, method = _bounds(found, labels, clusters)
    return Number(
        id=id,
        value=found.value,
        n=len(labels),
        lo=lo,
        hi=hi,
        level=LEVEL,
        method=method,
        rows=rows,
    )


def gap_number(
    id: str, labels: Bools, first: Floats, second: Floats, clusters: Codes | None
) -> Number:
    """Return AUC(first) - AUC(second) on the same rows, with a paired interval."""
    one, other = area(labels, first), area(labels, second)
    error = standard_error(one.pulls - other.pulls, clusters)
    reach = _quantile(clusters) * error
    value = one.value - other.value
    return Number(
        id=id,
        value=value,
        n=len(labels),
        lo=max(-1.0, value - reach),
        hi=min(1.0, value + reach),
        level=LEVEL,
        method=PAIRED if clusters is None else PAIRED_CLUSTERS,
    )


def _bounds(
    found: Area, labels: Bools, clusters: Codes | None
) -> tuple[float, float, str]:
    value, error = found.value, standard_error(found.pulls, clusters)
    if error == 0 or value in (0.0, 1.0):
        return _degenerate(value, labels, clusters)
    odds = math.log(value / (1 - value))
    reach = _quantile(clusters) * error / (value * (1 - value))
    method = DELONG if clusters is None else DELONG_CLUSTERS
    return _share(odds - reach), _share(odds + reach), method


def _degenerate(
    value: float, labels: Bools, clusters: Codes | None
) -> tuple[float, float, str]:
    """Bound an AUC without spread: as many separate pairs as rows (clusters) allow."""
    pairs = int(min(labels.sum(), (~labels).sum()))
    if clusters is not None:
        pairs = max(1, min(pairs, len(np.unique(clusters)) // 2))
    found = clopper_pearson(value * pairs, pairs)
    return found.lo, found.hi, ALL_ORDERED


def _share(odds: float) -> float:
    # Written so that neither end overflows.
    return 0.5 * (1 + math.tanh(odds / 2))


def _quantile(clusters: Codes | None) -> float:
    """Normal, or Student's with clusters - 1 degrees: few sources say less."""
    if clusters is None:
        return z_of(LEVEL)
    from scipy.special import stdtrit

    count = len(np.unique(clusters))
    return float(stdtrit(max(count - 1, 1), (1 + LEVEL) / 2))
