"""How well does one column alone tell positive rows from the others?

The area under the ROC curve, counted by value (Mann-Whitney, ties count half), with the
interval of Hanley and McNeil (1982). A column that separates nearly perfectly is more
often the answer in disguise than a good feature.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from workshop.analysis.intervals import LEVEL, z_of
from workshop.analysis.readiness.encoded import Codes, Encoded, Flags, Floats, Sample
from workshop.analysis.readiness.profile import Separation

SEED = 20261
# Under this many of either class an area says nothing.
FEWEST = 5


def find_separations(
    columns: Sequence[Encoded], sample: Sample
) -> tuple[Separation, ...]:
    """Return each column's separation, strongest first; none without both classes."""
    labels = sample.positive[sample.judged]
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if min(positives, negatives) < FEWEST:
        return ()
    half = np.random.default_rng(SEED).random(len(labels)) < 0.5
    found = []
    for column in columns:
        auc = _separate(column, sample.judged, labels, half)
        lo, hi = auc_interval(auc, positives, negatives)
        found.append(Separation(column.name, auc, lo, hi, len(labels)))
    return tuple(sorted(found, key=lambda one: (-one.auc, one.column)))


def auc_of_counts(positives: Floats, negatives: Floats) -> float:
    """Return the area from counts by value, values in rising order.

    >>> auc_of_counts(np.array([0.0, 1.0, 3.0]), np.array([3.0, 1.0, 0.0]))
    0.96875
    """
    below = np.cumsum(negatives) - negatives
    pairs = positives.sum() * negatives.sum()
    return float((positives * (below + negatives / 2)).sum() / pairs)


def auc_interval(auc: float, positives: int, negatives: int) -> tuple[float, float]:
    """Return the 95 % interval of an area (Hanley & McNeil 1982, equation 1)."""
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc)
    variance += (negatives - 1) * (q2 - auc * auc)
    half = z_of(LEVEL) * math.sqrt(max(0.0, variance) / (positives * negatives))
    return max(0.0, auc - half), min(1.0, auc + half)


def _separate(column: Encoded, judged: Flags, labels: Flags, half: Flags) -> float:
    codes = np.where(column.codes < 0, column.size, column.codes)[judged]
    if column.ordered:
        positives, negatives = _by_code(codes, labels, column.size + 1)
        return _in_order(positives, negatives)
    return _crossed(codes, labels, half, column.size + 1)


def _by_code(codes: Codes, labels: Flags, size: int) -> tuple[Floats, Floats]:
    every = np.bincount(codes, minlength=size).astype(np.float64)
    positives = np.bincount(codes[labels], minlength=size).astype(np.float64)
    return positives, every - positives


def _in_order(positives: Floats, negatives: Floats) -> float:
    """Fold the area; the missing, last, stand low, high or level with all the rest.

    Of the three places the one that separates most is taken: a hole that gives the
    label away must show. That is one choice, small beside the interval.
    """
    p, n = positives[:-1], negatives[:-1]
    p_hole, n_hole = positives[-1], negatives[-1]
    pairs = positives.sum() * negatives.sum()
    below = np.cumsum(n) - n
    among = float((p * (below + n / 2)).sum()) + p_hole * n_hole / 2
    high, low = p_hole * n.sum(), p.sum() * n_hole
    areas = [(among + more) / pairs for more in (high, low, (high + low) / 2)]
    return 0.5 + float(max(abs(area - 0.5) for area in areas))


def _crossed(codes: Codes, labels: Flags, half: Flags, size: int) -> float:
    """Order categories by their rate on one half, and separate on the other."""
    areas, weights = [], []
    for chosen in (half, ~half):
        p_there, n_there = _by_code(codes[~chosen], labels[~chosen], size)
        p_here, n_here = _by_code(codes[chosen], labels[chosen], size)
        pairs = p_here.sum() * n_here.sum()
        if not pairs or not len(labels):
            continue
        base = p_there.sum() / max(1.0, p_there.sum() + n_there.sum())
        # One row at the base rate beside each category: unseen ones stand level.
        rates = (p_there + base) / (p_there + n_there + 1)
        place = np.unique(rates, return_inverse=True)[1]
        p_ranked, n_ranked = (
            np.bincount(place, held).astype(np.float64) for held in (p_here, n_here)
        )
        areas.append(auc_of_counts(p_ranked, n_ranked))
        weights.append(pairs)
    # Below a half the order did not carry over: that separates nothing.
    return max(0.5, float(np.average(areas, weights=weights))) if areas else 0.5
