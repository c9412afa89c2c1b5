"""How far did each column move between the earlier and the later half of the rows?

The population stability index beside what rows of one and the same make would show by
chance: the common marks 0.10 and 0.25 know neither rows nor bins (Yurdakul 2018;
Potgieter et al., arXiv 2307.11878). Where rows hang together by a cluster, whole
clusters are drawn, and chance is what they show (Rao & Scott 1984).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workshop.analysis.readiness.clockwork import is_clockwork
from workshop.analysis.readiness.encoded import Codes, Encoded, Flags, Floats, Sample
from workshop.analysis.readiness.profile import Drift

SEED = 20262
BINS = 10
DRAWS = 200
# The chi-squared distribution's 95 % points at 1 … 11 degrees of freedom: ten bins and
# one for the missing need no more, and a library for them takes half a second to load.
CHI_SQUARED = (
    3.84146, 5.99146, 7.81473, 9.48773, 11.0705, 12.59159, 14.06714, 15.50731,
    16.91898, 18.30704, 19.67514,
)  # fmt: skip
# A half with fewer rows than this has no shape to compare.
FEWEST = 50
# Clusters are dealt to as many lots: their spread is the same, and the sums are small.
LOTS = 400


def find_drifts(columns: Sequence[Encoded], sample: Sample) -> tuple[Drift, ...]:
    """Return each column's drift, the furthest first; none without two halves.

    Columns that moved only because they repeat a part of the time are left out.
    """
    halves = split_in_time(sample.when)
    if halves is None:
        return ()
    rng = np.random.default_rng(SEED)
    lots = deal_lots(sample.clusters, rng)
    found = []
    for column in (c for c in columns if c.size):
        drift = _drift(column, halves, lots, rng)
        # Only what moved is worth the longer look at whether time itself moved it.
        if drift.psi <= drift.critical or not is_clockwork(column, sample.when):
            found.append(drift)
    return tuple(sorted(found, key=lambda one: (-one.psi, one.column)))


def split_in_time(when: Floats) -> tuple[Flags, Flags] | None:
    """Return the earlier and the later half; rows of one moment stay together."""
    known = np.isfinite(when)
    if not known.any():
        return None
    middle = float(np.median(when[known]))
    cuts = [known & (when < middle), known & (when <= middle)]
    earlier = min(cuts, key=lambda rows: abs(2 * rows.sum() - known.sum()))
    later = known & ~earlier
    return None if min(earlier.sum(), later.sum()) < FEWEST else (earlier, later)


def stability_index(earlier: Floats, later: Floats) -> float:
    """Return Σ (later - earlier) ln(later / earlier) over shares, from rows by bin.

    A bin that is empty on one side counts as half a row there; one that is empty on
    both sides is left out.

    >>> round(stability_index(np.array([50.0, 50.0]), np.array([60.0, 40.0])), 6)
    0.040547
    """
    return float(_indices(earlier[None, :], later[None, :])[0])


def critical_index(earlier: int, later: int, bins: int) -> float:
    """Return what rows of one make exceed in 5 of 100 cases: (1/n + 1/m) χ² at B - 1.

    Source: Yurdakul 2018, from the index's chi-squared approximation.
    """
    freedom = min(max(1, bins - 1), len(CHI_SQUARED))
    return (1 / earlier + 1 / later) * CHI_SQUARED[freedom - 1]


def deal_lots(clusters: Codes | None, rng: np.random.Generator) -> Codes | None:
    """Return each row's lot: its cluster, or one of 400 that clusters are dealt to.

    None where each row is a cluster of its own.
    """
    if clusters is None:
        return None
    names, codes = np.unique(clusters, return_inverse=True)
    if len(names) == len(clusters):
        return None
    if len(names) <= LOTS:
        return codes.astype(np.int64)
    return np.asarray(rng.permutation(len(names)) % LOTS)[codes]


def _drift(
    column: Encoded,
    halves: tuple[Flags, Flags],
    lots: Codes | None,
    rng: np.random.Generator,
) -> Drift:
    before, after = (column.counts(rows) for rows in halves)
    bins = _bins(column, before, after)
    counts = [np.bincount(bins, side).astype(np.float64) for side in (before, after)]
    used = np.flatnonzero(counts[0] + counts[1])
    earlier, later = counts[0][used], counts[1][used]
    psi = stability_index(earlier, later)
    rows = int(earlier.sum()), int(later.sum())
    critical = critical_index(*rows, len(used))
    if lots is None:
        drawn = [_draw_rows(side, rng) for side in (earlier, later)]
    else:
        place = np.searchsorted(used, bins[column.codes])
        drawn = _draw_lots(place, lots, halves, len(used), rng)
        critical = max(critical, _clustered_critical(earlier, later, drawn))
    lo, hi = _interval(psi, drawn)
    return Drift(column.name, psi, lo, hi, critical, *rows)


def _draw_rows(side: Floats, rng: np.random.Generator) -> Floats:
    drawn = rng.multinomial(int(side.sum()), side / side.sum(), DRAWS)
    return drawn.astype(np.float64)


def _draw_lots(
    place: Codes,
    lots: Codes,
    halves: tuple[Flags, Flags],
    bins: int,
    rng: np.random.Generator,
) -> list[Floats]:
    """Draw whole lots with replacement, and count each draw's rows by bin and half."""
    count = int(lots.max()) + 1
    weights = rng.multinomial(count, np.full(count, 1 / count), DRAWS)
    held = [
        np.bincount(lots[rows] * bins + place[rows], minlength=count * bins)
        for rows in halves
    ]
    drawn = [(weights @ one.reshape(count, bins)).astype(np.float64) for one in held]
    # A draw that leaves a half empty has nothing to compare.
    full = np.logical_and.reduce([one.sum(axis=1) > 0 for one in drawn])
    return [one[full] for one in drawn]


def _clustered_critical(earlier: Floats, later: Floats, drawn: list[Floats]) -> float:
    """Return what clusters of one make exceed in 5 of 100 cases.

    The index is near Σ (difference of shares)² / share, a weighted sum of χ² whose
    weights are the eigenvalues of the differences' scaled covariance, here that of
    redrawn clusters; it is matched in mean and spread (Rao & Scott 1984,
    Satterthwaite's correction).
    """
    old, new = (one / one.sum(axis=1, keepdims=True) for one in drawn)
    share = (earlier + later) / (earlier.sum() + later.sum())
    spread = np.atleast_2d(np.cov((new - old) / np.sqrt(share), rowvar=False))
    total, squares = float(np.trace(spread)), float((spread**2).sum())
    if not squares > 0:
        return 0.0
    freedom = np.interp(
        total**2 / squares, np.arange(1, len(CHI_SQUARED) + 1), CHI_SQUARED
    )
    return float(squares / total * freedom)


def _bins(column: Encoded, before: Codes, after: Codes) -> Codes:
    """Return each code's bin, missing last.

    Numbers are cut where the earlier rows have their tenths. Categories are chosen on
    all rows: those most frequent among the earlier ones would be fewer later by chance.
    """
    held, size = before[:-1], column.size
    if size <= BINS:
        bins = np.arange(size)
    elif column.ordered:
        middle = np.cumsum(held) - held / 2
        total = max(1, held.sum())
        bins = np.minimum(BINS - 1, (BINS * middle / total).astype(np.int64))
    else:
        # The nine most frequent keep a bin each, all others share the tenth.
        bins = np.full(size, BINS - 1)
        most = np.argsort(-(held + after[:-1]), kind="stable")[: BINS - 1]
        bins[most] = np.arange(BINS - 1)
    return np.append(bins, bins.max(initial=-1) + 1)


def _indices(earlier: Floats, later: Floats) -> Floats:
    used = (earlier + later) > 0
    old = np.where(used & (earlier == 0), 0.5, earlier)
    new = np.where(used & (later == 0), 0.5, later)
    old = old / earlier.sum(axis=1, keepdims=True)
    new = new / later.sum(axis=1, keepdims=True)
    safe_old, safe_new = np.where(used, old, 1.0), np.where(used, new, 1.0)
    return np.asarray(((safe_new - safe_old) * np.log(safe_new / safe_old)).sum(axis=1))


def _interval(psi: float, drawn: list[Floats]) -> tuple[float, float]:
    """Return the basic bootstrap interval, 2 · index - quantiles of redrawn ones.

    Redrawn rows add to the index what chance added to it in the first place.
    """
    if len(drawn[0]) < 2:
        return 0.0, float("inf")
    redrawn = _indices(*drawn)
    low, high = np.quantile(redrawn, [0.025, 0.975])
    return max(0.0, 2 * psi - float(high)), max(psi, 2 * psi - float(low))
