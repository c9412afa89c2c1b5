"""Which option errs less, and is the difference more than chance?

Options are compared on the rows that all of them decided, each with one reference, by
paired intervals. Several comparisons at once share the risk of a false alarm equally
(Bonferroni), and rows that hang together widen each interval by the design effect of
its own differences.

Sources: Newcombe 1998 (paired differences, method 10); Hahn & Meeker 1991
for the order-statistic interval of a quantile.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.intervals import (
    LEVEL,
    design_effect,
    family_level,
    newcombe_paired,
    z_of,
)
from workshop.analysis.metrics import quantile
from workshop.errors import InputError
from workshop.record.values import Number, Rows

ORDER_STATISTICS = "order statistics"


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Error of ``option`` minus error of the reference, on the same rows.

    ``both``, ``only_option``, ``only_reference`` and ``neither`` count the rows that
    went wrong. ``level`` is the comparison's own, after correction.
    """

    option: str
    both: int
    only_option: int
    only_reference: int
    neither: int
    difference: float
    lo: float
    hi: float
    level: float
    method: str
    deff: float

    @property
    def n(self) -> int:
        """Rows that both decided."""
        return self.both + self.only_option + self.only_reference + self.neither

    @property
    def separated(self) -> bool:
        """The interval leaves zero out: not the same, at the corrected level."""
        return self.lo > 0 or self.hi < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """All options beside one reference, on ``rows`` rows that all decided.

    ``lost`` rows were decided by some of them only. ``level`` is that of the family.
    """

    reference: str
    rows: int
    lost: int
    level: float
    differences: tuple[PairedDifference, ...]


def compare_options(
    errors: pd.DataFrame | Mapping[str, pd.Series],
    *,
    reference: str,
    clusters: pd.Series | None = None,
    level: float = LEVEL,
    seed: int = 0,
) -> Comparison:
    """Compare each option's errors with the reference's, row by row.

    Parameters
    ----------
    errors
        A column an option, the row's key as index: 1 where acting was wrong, 0 where
        not, missing where the option has no decision.
    reference
        The option the others are compared with.
    clusters
        What each key hangs together by, the key as index.
    level
        Of all intervals at once.
    seed
        Of the design effect's bootstrap.

    Raises
    ------
    InputError
        An unknown reference, fewer than two options, keys that repeat, values other
        than 0 and 1, no common row, or a common row without a cluster.
    """
    table = _on_common_rows(errors, reference)
    common = table.dropna()
    if common.empty:
        raise InputError("no row was decided by every option")
    if not common.isin([0, 1]).all(axis=None):
        raise InputError("an option's errors must be 0 or 1")
    together = None if clusters is None else _clusters_of(common, clusters)
    base = common[reference].to_numpy(dtype=np.float64)
    others = [name for name in common.columns if name != reference]
    own_level = family_level(len(others), level=level)
    differences = tuple(
        _paired(
            str(name),
            common[name].to_numpy(dtype=np.float64),
            base,
            together,
            level=own_level,
            seed=seed,
        )
        for name in others
    )
    lost = len(table) - len(common)
    return Comparison(reference, len(common), lost, level, differences)


def latency(
    id: str, latency_ms: ArrayLike, q: float, *, rows: Rows, level: float = LEVEL
) -> Number:
    """The measured ``q`` quantile in ms, between two order statistics.

    The interval assumes no distribution: the rank of the true quantile is binomial. Too
    few measurements to hold it on both sides give the value without an interval.
    Raises `InputError` on times that are missing, negative or infinite.
    """
    times = np.sort(np.asarray(latency_ms, dtype=np.float64))
    if not (np.isfinite(times).all() and (times >= 0).all()):
        raise InputError("measured times must be finite and not negative")
    value, ends = quantile(times, q), _quantile_ranks(len(times), q, level)
    if ends is None:
        return Number(id=id, value=value, n=len(times), rows=rows, unit="ms")
    return Number(
        id=id,
        value=value,
        n=len(times),
        lo=float(times[ends[0]]),
        hi=float(times[ends[1]]),
        level=level,
        method=ORDER_STATISTICS,
        rows=rows,
        unit="ms",
    )


def _on_common_rows(
    errors: pd.DataFrame | Mapping[str, pd.Series], reference: str
) -> pd.DataFrame:
    columns = {str(name): column for name, column in errors.items()}
    if reference not in columns:
        raise InputError(f"unknown reference {reference!r}; one of {sorted(columns)}")
    if len(columns) < 2:
        raise InputError("a comparison needs at least two options")
    for name, column in columns.items():
        if column.index.has_duplicates:
            raise InputError(f"option {name!r} decides some rows more than once")
    return pd.DataFrame(columns)


def _clusters_of(common: pd.DataFrame, clusters: pd.Series) -> NDArray[np.object_]:
    if clusters.index.has_duplicates:
        raise InputError("some rows are given more than one cluster")
    return clusters.reindex(common.index).to_numpy(dtype=object)


def _paired(
    name: str,
    option: NDArray[np.float64],
    base: NDArray[np.float64],
    clusters: NDArray[np.object_] | None,
    *,
    level: float,
    seed: int,
) -> PairedDifference:
    both = int((option * base).sum())
    only_option, only_base = int(option.sum()) - both, int(base.sum()) - both
    neither = len(base) - both - only_option - only_base
    deff = design_effect(option - base, clusters, seed=seed).deff
    cells = (both, only_option, only_base, neither)
    found = newcombe_paired(*cells, level=level, deff=deff)
    return PairedDifference(
        name,
        *cells,
        difference=(only_option - only_base) / len(base),
        lo=found.lo,
        hi=found.hi,
        level=level,
        method=found.method,
        deff=deff,
    )


def _quantile_ranks(n: int, q: float, level: float) -> tuple[int, int] | None:
    """Positions, from 0, of the order statistics that hold the quantile."""
    from scipy.special import bdtr

    z_of(level)
    if not 0 < q < 1:
        raise InputError(f"a quantile lies between 0 and 1, not at {q}")
    if n == 0:
        return None
    tail = (1 - level) / 2

    def at_most(rank: int) -> float:
        return float(bdtr(float(rank), n, q))

    lower = bisect_right(range(n), tail, key=at_most)
    upper = bisect_left(range(n), 1 - tail, key=at_most)
    return (lower - 1, upper) if lower > 0 and upper < n else None
