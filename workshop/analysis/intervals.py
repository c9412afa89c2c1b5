"""How sure can we be of a rate, or of a difference of two?

Wilson for a rate, Newcombe for a difference, Clopper-Pearson where a guarantee is
claimed; never Wald. Rows that hang together shrink the sample to an effective one
(`design_effect`). Which rate matters, and what it means, is left to others.

Sources: Wilson 1927; Clopper & Pearson 1934; Newcombe 1998 (three papers: one
proportion, independent and paired differences); Buderer 1996; Brown, Cai & DasGupta
2001; Kish 1965 for the design effect.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.split import group_codes
from workshop.errors import InputError
from workshop.record.values import Number, Rows

LEVEL = 0.95
FEW_SOURCES = 20
BOTH_SIDES = 0.90
"""Level of the two-sided interval whose ends are both one-sided 95 % bounds."""

WILSON = "wilson"
WILSON_EFFECTIVE = "wilson at the effective sample size"
CLOPPER_PEARSON = "clopper-pearson"
CLOPPER_PEARSON_EFFECTIVE = f"{CLOPPER_PEARSON} at the effective sample size"
NEWCOMBE = "newcombe"
NEWCOMBE_PAIRED = "newcombe paired"
NEWCOMBE_PAIRED_EFFECTIVE = "newcombe paired at the effective sample size"
NORMAL_MEAN = "normal, for a mean"

Side = Literal["two", "upper", "lower"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds ``lo`` and ``hi`` at ``level`` by ``method``, one of the names above."""

    lo: float
    hi: float
    level: float
    method: str

    @property
    def half_width(self) -> float:
        """Half the distance between the bounds: the "plus or minus"."""
        return (self.hi - self.lo) / 2


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """How much wider than independent rows the rows' own clusters make a mean.

    ``deff`` is at least 1; ``clusters`` is None where rows count as independent.
    """

    deff: float
    rows: int
    clusters: int | None

    @property
    def effective_n(self) -> float:
        """Independent rows that would say as much."""
        return self.rows / self.deff

    @property
    def few_sources(self) -> bool:
        """Fewer clusters than the design effect itself can be trusted with."""
        return self.clusters is not None and self.clusters < FEW_SOURCES


def z_of(level: float) -> float:
    """Two-sided normal quantile of ``level``, for instance 1.96 for 0.95."""
    if not 0 < level < 1:
        raise InputError(f"a confidence level lies between 0 and 1, not at {level}")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(k: float, n: float, *, level: float = LEVEL, deff: float = 1.0) -> Interval:
    """Wilson's score interval for ``k`` of ``n``, at ``n / deff`` with the same share.

    Wilson 1927. Bounds are shares of 0..1. Raises `InputError` unless ``0 <= k <= n``,
    ``n > 0`` and ``deff >= 1``, or on a level that is none.

    >>> found = wilson(30, 100)
    >>> round(found.lo, 4), round(found.hi, 4)
    (0.2189, 0.3958)
    """
    _check_share(k, n, deff=deff)
    p, size, z = k / n, n / deff, z_of(level)
    shrink = 1 + z * z / size
    centre = (p + z * z / (2 * size)) / shrink
    half = z * math.sqrt(p * (1 - p) / size + z * z / (4 * size * size)) / shrink
    # Rounding must not push a bound past the share itself at 0 of n or n of n.
    lo = 0.0 if k == 0 else min(p, max(0.0, centre - half))
    hi = 1.0 if k == n else max(p, min(1.0, centre + half))
    return Interval(lo, hi, level, WILSON if deff == 1 else WILSON_EFFECTIVE)


def clopper_pearson(
    k: float, n: float, *, level: float = LEVEL, side: Side = "two"
) -> Interval:
    """Exact binomial bounds; ``upper`` and ``lower`` put all of 1 - level on a side.

    Clopper & Pearson 1934. The other bound of a one-sided interval is 0 or 1. Raises
    `InputError` as `wilson`.

    >>> round(clopper_pearson(0, 30, side="upper").hi, 4)
    0.095
    """
    from scipy.special import betaincinv

    _check_share(k, n)
    z_of(level)
    tail = (1 - level) / 2 if side == "two" else 1 - level
    lo, hi = 0.0, 1.0
    if side != "upper" and k > 0:
        lo = float(betaincinv(k, n - k + 1, tail))
    if side != "lower" and k < n:
        hi = float(betaincinv(k + 1, n - k, 1 - tail))
    return Interval(lo, hi, level, CLOPPER_PEARSON)


def newcombe(
    k1: float, n1: float, k2: float, n2: float, *, level: float = LEVEL
) -> Interval:
    """Difference ``k1/n1 - k2/n2`` of independent samples.

    Newcombe 1998, hybrid score (method 10 of his paper on two samples). Bounds lie
    within -1..1. Raises `InputError` as `wilson`.

    >>> found = newcombe(7, 34, 1, 34)
    >>> round(found.lo, 3), round(found.hi, 3)
    (0.019, 0.34)
    """
    first, second = wilson(k1, n1, level=level), wilson(k2, n2, level=level)
    lo, hi = _square_and_add(k1 / n1, first, k2 / n2, second, phi=0.0)
    return Interval(lo, hi, level, NEWCOMBE)


def newcombe_paired(
    both: float,
    only_first: float,
    only_second: float,
    neither: float,
    *,
    level: float = LEVEL,
    deff: float = 1.0,
) -> Interval:
    """Difference first - second on the same rows (Newcombe 1998, method 10).

    The four counts are rows where both, one or none of the two occurred. With ``deff``
    all four are divided by it: same shares, effective sample size. Bounds lie within
    -1..1. Raises `InputError` on a negative count, no row, or a ``deff`` under 1.

    >>> found = newcombe_paired(20, 12, 3, 65)
    >>> round(found.lo, 3), round(found.hi, 3)
    (0.013, 0.167)
    """
    cells = (both, only_first, only_second, neither)
    n = sum(cells)
    if min(cells) < 0:
        raise InputError(f"a count cannot be negative, as in {cells}")
    _check_share(both + only_first, n, deff=deff)
    p1, p2 = (both + only_first) / n, (both + only_second) / n
    first = wilson(p1 * n, n, level=level, deff=deff)
    second = wilson(p2 * n, n, level=level, deff=deff)
    phi = _corrected_phi(*(cell / deff for cell in cells))
    lo, hi = _square_and_add(p1, first, p2, second, phi=phi)
    method = NEWCOMBE_PAIRED if deff == 1 else NEWCOMBE_PAIRED_EFFECTIVE
    return Interval(lo, hi, level, method)


def normal_mean(
    mean: float, variance: float, n: float, *, level: float = LEVEL, deff: float = 1.0
) -> Interval:
    """A mean of ``n`` values whose variance is given: z·sqrt(variance·deff/n).

    For means that are no share of rows, such as a cost; of a share take `wilson`.
    """
    half = z_of(level) * math.sqrt(max(0.0, variance) * deff / n)
    return Interval(mean - half, mean + half, level, NORMAL_MEAN)


def sample_size(
    p: float, half_width: float, *, level: float = LEVEL, deff: float = 1.0
) -> int:
    """Rows for a rate near ``p`` to within ``half_width``: z²p(1-p)/d² (Buderer 1996).

    A plan, not a guarantee: check it with `wilson`, as `workshop.analysis.labels` does.
    Raises `InputError` on a rate or a half-width that is no share.

    >>> sample_size(0.3, 0.05)
    323
    """
    if not 0 <= p <= 1:
        raise InputError(f"a rate lies between 0 and 1, not at {p}")
    if not 0 < half_width < 1:
        raise InputError(f"a half-width lies between 0 and 1, not at {half_width}")
    rows = z_of(level) ** 2 * p * (1 - p) / half_width**2
    return math.ceil(rows * deff)


def rate(
    id: str,
    k: int,
    n: int,
    *,
    rows: Rows,
    deff: float = 1.0,
    level: float = LEVEL,
) -> Number:
    """The share ``k`` of ``n`` as a `Number` with Wilson's interval.

    With ``n = 0`` the value is None and there is no interval: cannot tell.
    """
    k, n = int(k), int(n)
    if n == 0:
        return Number(id=id, value=None, k=0, n=0, rows=rows)
    found = wilson(k, n, level=level, deff=deff)
    return Number(
        id=id,
        value=k / n,
        k=k,
        n=n,
        lo=found.lo,
        hi=found.hi,
        level=level,
        method=found.method,
        rows=rows,
    )


def share_held(id: str, k: int, n: int, *, rows: Rows, deff: float = 1.0) -> Number:
    """The share ``k`` of ``n`` with both one-sided 95 % bounds, as a promise is held.

    Clopper & Pearson 1934, see `bounds_held`; without a row the value is None and there
    are no bounds.
    """
    number = Number(id=id, value=k / n if n else None, k=k, n=n, rows=rows)
    if number.value is None:
        return number
    found = bounds_held(number.value, n, deff=deff)
    ends = {name: getattr(found, name) for name in ("lo", "hi", "level", "method")}
    return number.model_copy(update=ends)


def bounds_held(share: float, n: float, *, deff: float = 1.0) -> Interval:
    """Both one-sided 95 % bounds of a share of ``n`` rows, exact at ``n / deff``.

    A promise is called kept or broken wrongly at most 1 time in 20 on each side,
    however rare what it counts, where rows are independent. Raises `InputError` as
    `clopper_pearson`.
    """
    size = n / deff
    found = clopper_pearson(min(share * size, size), size, level=BOTH_SIDES)
    method = CLOPPER_PEARSON if deff == 1 else CLOPPER_PEARSON_EFFECTIVE
    # less than one effective row must not push a bound past the share itself
    return Interval(min(share, found.lo), max(share, found.hi), BOTH_SIDES, method)


def family_level(looks: int, *, level: float = LEVEL) -> float:
    """The level of each of so many ranges that hold together (Bonferroni, Dunn 1961).

    >>> round(family_level(10), 4)
    0.995
    """
    return 1 - (1 - level) / max(1, looks)


def design_effect(
    values: ArrayLike,
    clusters: Sequence[Any] | NDArray[Any] | None,
    *,
    seed: int = 0,
    n_boot: int = 2000,
) -> DesignEffect:
    """Variance of the mean of ``values`` when whole clusters are drawn, over var/n.

    Clusters are drawn with replacement, as many as there are; each replicate's mean is
    its sum over its rows (a ratio mean). The variance of these means is divided by the
    variance that as many independent rows would give, and never counts below 1. The
    answer does not depend on the order of rows. A single cluster says nothing about the
    spread between clusters: it counts as one row.

    Takes ``values`` and ``clusters`` of shape (n,); see Kish 1965. Raises `InputError`
    on no rows, missing values or a cluster per value missing.

    >>> design_effect([1, 0, 1, 0], None).deff
    1.0
    >>> found = design_effect([1, 1, 0, 0] * 5, ["a", "a", "b", "b"] * 5)
    >>> found.clusters, found.effective_n < 3
    (2, True)
    """
    data = np.asarray(values, dtype=np.float64)
    rows = len(data)
    if rows == 0 or not np.isfinite(data).all():
        raise InputError("a design effect needs rows, each with a finite value")
    if clusters is None:
        return DesignEffect(1.0, rows, None)
    codes, names = group_codes(clusters, what="cluster")
    if len(codes) != rows:
        raise InputError(f"{rows} values but {len(codes)} clusters were given")
    independent = float(data.var()) / rows
    if independent == 0:
        return DesignEffect(1.0, rows, len(names))
    if len(names) == 1:
        return DesignEffect(float(rows), rows, 1)
    sums = np.bincount(codes, data).astype(np.float64)
    sizes = np.bincount(codes).astype(np.float64)
    means = _cluster_means(sums, sizes, n_boot, np.random.default_rng(seed))
    deff = float(means.var()) / independent
    return DesignEffect(min(max(1.0, deff), float(rows)), rows, len(names))


def _cluster_means(
    sums: NDArray[np.float64],
    sizes: NDArray[np.float64],
    n_boot: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    means = np.empty(n_boot)
    count = len(sums)
    chunk = max(1, 2_000_000 // count)
    for start in range(0, n_boot, chunk):
        drawn = rng.integers(0, count, (min(chunk, n_boot - start), count))
        part = slice(start, start + len(drawn))
        means[part] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return means


def _corrected_phi(a: float, b: float, c: float, d: float) -> float:
    # Newcombe 1998 (paired): a positive ad - bc is drawn in by n/2, not below zero.
    product = math.sqrt((a + b) * (c + d) * (a + c) * (b + d))
    if product == 0:
        return 0.0
    cross = a * d - b * c
    if cross > 0:
        cross = max(0.0, cross - (a + b + c + d) / 2)
    return cross / product


def _square_and_add(
    p1: float, first: Interval, p2: float, second: Interval, *, phi: float
) -> tuple[float, float]:
    def reach(one: float, two: float) -> float:
        return math.sqrt(max(0.0, one * one - 2 * phi * one * two + two * two))

    lo = p1 - p2 - reach(p1 - first.lo, second.hi - p2)
    hi = p1 - p2 + reach(first.hi - p1, p2 - second.lo)
    return max(-1.0, lo), min(1.0, hi)


def _check_share(k: float, n: float, *, deff: float = 1.0) -> None:
    if not n > 0:
        raise InputError(f"a rate needs at least one row, but n is {n}")
    if not 0 <= k <= n:
        raise InputError(f"k must lie between 0 and n = {n}, but it is {k}")
    if not deff >= 1:
        raise InputError(f"a design effect is at least 1, but it is {deff}")
