"""How far could precision and recall lie from the curve, at each cut and over all?

A pointwise band holds at each cut by itself; a simultaneous one holds over all its
cuts at once, and is wider. Both come from drawn samples (`resampling`). Where a share
rests on too little to be drawn, Wilson's interval stands in, and the value says where.

Sources: Efron & Tibshirani 1993 (percentiles); Montiel Olea & Plagborg-Møller 2019
(sup-t: the least multiple of the standard errors that holds everywhere at once).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import (
    LEVEL,
    WILSON,
    WILSON_EFFECTIVE,
    wilson,
    z_of,
)
from workshop.analysis.resampling import Floats, Ints, Samples, redraw_rows
from workshop.errors import InputError

Bools = NDArray[np.bool_]
Kind = Literal["pointwise", "simultaneous"]

LEAST_BASE = 20
BOOTSTRAP = "bootstrap of rows"
BOOTSTRAP_CLUSTERS = "bootstrap of clusters"
_MOST_CRITICAL = 7.0  # beyond this many standard errors a level cannot be told from 1


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Bounds of precision and recall at each cut. Arrays have shape (cuts,), read-only.

    ``thresholds`` descends; NaN marks a share without a value (nothing acted on).
    ``precision_drawn`` and ``recall_drawn`` are True where the bounds come from drawn
    samples by ``method``, False where they are Wilson's at n / ``deff``. ``method`` is
    Wilson's name where no cut is drawn at all: one cluster or few, or few rows.

    ``critical`` is how many standard errors the band reaches: that of ``level`` for a
    pointwise band, more for a simultaneous one, whose promise is for the drawn cuts,
    of precision and of recall each. ``dropped`` counts samples without a value at one
    drawn cut or more; there, they were left out.
    """

    kind: Kind
    thresholds: Floats
    precision_lo: Floats
    precision_hi: Floats
    recall_lo: Floats
    recall_hi: Floats
    precision_drawn: Bools
    recall_drawn: Bools
    precision_critical: float
    recall_critical: float
    level: float
    method: str
    n_boot: int
    clusters: int | None
    few_sources: bool
    deff: float
    dropped: int


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """One share ``k / n`` at every cut, and the same in each sample (NaN: no value)."""

    k: Ints
    n: Ints
    drawn: Floats
    eligible: Bools


@dataclass(frozen=True, slots=True, eq=False)
class _Bounds:
    lo: Floats
    hi: Floats
    critical: float


def estimate_band(
    samples: Samples, kind: Kind = "pointwise", *, deff: float, level: float = LEVEL
) -> Band:
    """Bound precision and recall at every cut of ``samples``.

    Drawn where at least 20 rows are acted on, the share's base is at least 20 and its
    count neither 0 nor all of it; Wilson's interval at n / ``deff`` elsewhere. With
    fewer than 20 clusters it stands everywhere: draws of a few clusters say less than
    they seem to. A simultaneous band then takes its reach from rows drawn each for
    itself, and its width from ``deff``. It contains the pointwise one always.

    ``deff`` is the design effect of the rows, 1 for independent ones. Raises
    `InputError` on another kind, a ``deff`` under 1 or a level outside 0 to 1.

    >>> from workshop.analysis.curve import threshold_curve
    >>> from workshop.analysis.resampling import choose_cuts, draw_rows
    >>> curve = threshold_curve([0, 1] * 50, range(100))
    >>> band = estimate_band(draw_rows(curve, choose_cuts(curve)), deff=1)
    >>> band.kind, band.method, band.n_boot
    ('pointwise', 'bootstrap of rows', 1000)
    """
    if kind not in ("pointwise", "simultaneous"):
        raise InputError(f"a band is pointwise or simultaneous, not {kind!r}")
    if not deff >= 1:
        raise InputError(f"a design effect is at least 1, but it is {deff}")
    drawn_from = redraw_rows(samples) if samples.few_sources else samples
    shares = _precision(drawn_from), _recall(drawn_from)
    precision, recall = (
        _bounds(share, kind, deff=deff, level=level, all_wilson=samples.few_sources)
        for share in shares
    )
    eligible = [share.eligible & (not samples.few_sources) for share in shares]
    for array in (precision.lo, precision.hi, recall.lo, recall.hi, *eligible):
        array.flags.writeable = False
    return Band(
        kind=kind,
        thresholds=samples.thresholds,
        precision_lo=precision.lo,
        precision_hi=precision.hi,
        recall_lo=recall.lo,
        recall_hi=recall.hi,
        precision_drawn=eligible[0],
        recall_drawn=eligible[1],
        precision_critical=precision.critical,
        recall_critical=recall.critical,
        level=level,
        method=_method(samples, bool((eligible[0] | eligible[1]).any()), deff),
        n_boot=samples.n_boot,
        clusters=samples.clusters,
        few_sources=samples.few_sources,
        deff=deff,
        dropped=_dropped(shares, eligible),
    )


def _precision(samples: Samples) -> _Share:
    flagged = samples.tp + samples.fp
    drawn = _divide(samples.drawn_tp, samples.drawn_tp + samples.drawn_fp)
    return _share(samples.tp, flagged, drawn, flagged)


def _recall(samples: Samples) -> _Share:
    base = np.full_like(samples.tp, samples.positives)
    drawn = _divide(samples.drawn_tp, samples.drawn_positives[:, np.newaxis])
    return _share(samples.tp, base, drawn, samples.tp + samples.fp)


def _share(k: Ints, n: Ints, drawn: Floats, flagged: Ints) -> _Share:
    eligible = (np.minimum(flagged, n) >= LEAST_BASE) & (k > 0) & (k < n)
    eligible &= ~np.isnan(drawn).all(axis=0)
    return _Share(k, n, drawn, eligible)


def _divide(k: Ints, n: Ints) -> Floats:
    share = np.full(k.shape, np.nan)
    np.divide(k, n, out=share, where=n > 0)
    return share


def _bounds(
    share: _Share, kind: Kind, *, deff: float, level: float, all_wilson: bool
) -> _Bounds:
    lo, hi = (np.full(len(share.k), np.nan) for _ in range(2))
    drawn = _drawn_bounds(share, kind, level)
    at = level
    if drawn.critical > z_of(level):
        at = 2 * NormalDist().cdf(drawn.critical) - 1
    by_wilson = np.full(len(lo), True) if all_wilson else ~share.eligible
    for cut in np.flatnonzero(by_wilson & (share.n > 0)):
        found = wilson(int(share.k[cut]), int(share.n[cut]), level=at, deff=deff)
        lo[cut], hi[cut] = found.lo, found.hi
    if not all_wilson:
        lo[share.eligible], hi[share.eligible] = drawn.lo, drawn.hi
    return _Bounds(lo, hi, drawn.critical)


def _drawn_bounds(share: _Share, kind: Kind, level: float) -> _Bounds:
    """Bound the eligible cuts, in their order; with none, reach as far as pointwise."""
    drawn, z = share.drawn[:, share.eligible], z_of(level)
    lo, hi = _percentiles(drawn, level)
    if kind == "pointwise" or not drawn.size:
        return _Bounds(lo, hi, z)
    own = np.arcsin(np.sqrt(share.k[share.eligible] / share.n[share.eligible]))
    angles = np.arcsin(np.sqrt(drawn))
    errors = np.nanstd(angles, axis=0)
    critical = max(z, _sup_t(angles, own, errors, level))
    below, above = _on_the_angle(own, critical * errors)
    return _Bounds(np.minimum(lo, below), np.maximum(hi, above), critical)


def _percentiles(drawn: Floats, level: float) -> tuple[Floats, Floats]:
    """The two ends of the middle ``level`` of each column's values, rounded outward."""
    ordered = np.sort(drawn.T.copy(), axis=1)  # NaN last
    last = np.count_nonzero(~np.isnan(ordered), axis=1) - 1
    tail = (1 - level) / 2
    row = np.arange(len(ordered))
    lo = ordered[row, np.floor(tail * last).astype(int)]
    hi = ordered[row, np.ceil((1 - tail) * last).astype(int)]
    return lo, hi


def _sup_t(angles: Floats, own: Floats, errors: Floats, level: float) -> float:
    """Standard errors that a share ``level`` of samples stays within at every cut.

    On the angle whose sine squared is the share: there the spread hardly depends on
    the share, and no bound leaves 0 to 1.
    """
    apart = np.abs(angles - own)
    moved = errors > 0
    reach = np.fmax.reduce(apart[:, moved] / errors[moved], axis=1, initial=0.0)
    return min(float(np.quantile(reach, level, method="higher")), _MOST_CRITICAL)


def _on_the_angle(own: Floats, reach: Floats) -> tuple[Floats, Floats]:
    lo, hi = np.maximum(own - reach, 0), np.minimum(own + reach, np.pi / 2)
    return np.sin(lo) ** 2, np.sin(hi) ** 2


def _method(samples: Samples, drawn: bool, deff: float) -> str:
    if not drawn:
        return WILSON if deff == 1 else WILSON_EFFECTIVE
    return BOOTSTRAP if samples.clusters is None else BOOTSTRAP_CLUSTERS


def _dropped(shares: tuple[_Share, _Share], eligible: list[Bools]) -> int:
    without = np.zeros(len(shares[0].drawn), dtype=np.bool_)
    for share, cuts in zip(shares, eligible, strict=True):
        without |= np.isnan(share.drawn[:, cuts]).any(axis=1)
    return int(np.count_nonzero(without))
