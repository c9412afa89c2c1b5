"""How far did each column move between the earlier and the later half of the rows?

The population stability index over bins fixed on the earlier half, beside what rows of
one and the same make would show by chance: the common marks 0.10 and 0.25 know neither
rows nor bins (Yurdakul 2018; Potgieter et al., arXiv 2307.11878).
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
CHANCE = 0.05
# A half with fewer rows than this has no shape to compare.
FEWEST = 50


def find_drifts(columns: Sequence[Encoded], sample: Sample) -> tuple[Drift, ...]:
    """Return each column's drift, the furthest first; none without two halves.

    Columns that moved only because they repeat a part of the time are left out.
    """
    halves = split_in_time(sample.when)
    if halves is None:
        return ()
    rng = np.random.default_rng(SEED)
    found = []
    for column in (c for c in columns if c.size):
        drift = _drift(column, halves, rng)
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
    from scipy.special import chdtri

    return float((1 / earlier + 1 / later) * chdtri(max(1, bins - 1), CHANCE))


def _drift(
    column: Encoded, halves: tuple[Flags, Flags], rng: np.random.Generator
) -> Drift:
    before, after = (column.counts(rows) for rows in halves)
    bins = _bins(column, before)
    earlier = np.bincount(bins, before).astype(np.float64)
    later = np.bincount(bins, after, minlength=len(earlier)).astype(np.float64)
    used = (earlier + later) > 0
    earlier, later = earlier[used], later[used]
    psi = stability_index(earlier, later)
    lo, hi = _interval(psi, earlier, later, rng)
    rows = int(earlier.sum()), int(later.sum())
    return Drift(
        column.name, psi, lo, hi, critical_index(*rows, int(used.sum())), *rows
    )


def _bins(column: Encoded, before: Codes) -> Codes:
    """Return each code's bin, missing last, by the earlier rows alone."""
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
        bins[np.argsort(-held, kind="stable")[: BINS - 1]] = np.arange(BINS - 1)
    return np.append(bins, bins.max(initial=-1) + 1)


def _indices(earlier: Floats, later: Floats) -> Floats:
    used = (earlier + later) > 0
    old = np.where(used & (earlier == 0), 0.5, earlier)
    new = np.where(used & (later == 0), 0.5, later)
    old = old / earlier.sum(axis=1, keepdims=True)
    new = new / later.sum(axis=1, keepdims=True)
    safe_old, safe_new = np.where(used, old, 1.0), np.where(used, new, 1.0)
    return np.asarray(((safe_new - safe_old) * np.log(safe_new / safe_old)).sum(axis=1))


def _interval(
    psi: float, earlier: Floats, later: Floats, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the basic bootstrap interval, 2 · index - quantiles of redrawn ones.

    Redrawn rows add to the index what chance added to it in the first place.
    """
    old = rng.multinomial(int(earlier.sum()), earlier / earlier.sum(), DRAWS)
    new = rng.multinomial(int(later.sum()), later / later.sum(), DRAWS)
    redrawn = _indices(old.astype(np.float64), new.astype(np.float64))
    low, high = np.quantile(redrawn, [0.025, 0.975])
    return max(0.0, 2 * psi - float(high)), max(psi, 2 * psi - float(low))
