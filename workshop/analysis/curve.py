"""What happens at every threshold that can be told from the next?

Exact cumulative counts at each distinct score, highest first; positive means
``score >= threshold``. Rates and costs made of these counts are `metrics`' and
`policies`' business. Most of the time goes into one sort: see `sorting`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.columns import (
    check_lengths,
    labels_of,
    largest_of,
    numbers_of,
    weights_of,
)
from workshop.analysis.sorting import sort_with_labels
from workshop.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = Ints | Floats  # of rows, or of weight
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The four counts of rows at one threshold. Nobody is asked at one threshold.

    Where rows have weights, the counts are sums of these and no whole numbers.

    >>> point = OperatingPoint(0.5, tp=30, fp=10, fn=20, tn=40)
    >>> point.n, point.flagged, point.flags(0.5)
    (100, 40, True)
    """

    threshold: float
    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """All rows."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def flagged(self) -> int:
        """Rows acted on."""
        return self.tp + self.fp

    @property
    def asked_positive(self) -> int:
        """Positives sent to a person: none."""
        return 0

    @property
    def asked_negative(self) -> int:
        """Negatives sent to a person: none."""
        return 0

    def flags(self, score: float) -> bool:
        """Whether a row with this score is acted on: equality counts."""
        return score >= self.threshold


@dataclass(frozen=True, slots=True, eq=False)
class ThresholdCurve:
    """Cumulative counts at every distinct score.

    ``thresholds`` descends; ``tp[i]`` and ``fp[i]`` count the rows of either label with
    ``score >= thresholds[i]``. All three have shape (cuts,) and are read-only.

    Counts of rows are int64, as annotated. Where rows have weights (``kish`` is then
    their effective number), every count is a sum of weights instead, a float64.

    >>> curve = threshold_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.thresholds.tolist(), curve.tp.tolist(), curve.fp.tolist()
    ([0.8, 0.4, 0.35, 0.1], [1, 1, 2, 2], [0, 1, 1, 2])
    """

    thresholds: Floats
    tp: Ints
    fp: Ints
    positives: int
    negatives: int
    kish: float | None = None

    @property
    def n(self) -> int:
        """All rows, or all weight."""
        return self.positives + self.negatives

    @property
    def weighted(self) -> bool:
        """Rows count by weights and not one each."""
        return self.kish is not None

    @property
    def effective_n(self) -> float:
        """Rows of equal weight that would tell as much: (sum of w)²/(sum of w²).

        Kish 1965. Without weights it is ``n``.
        """
        return self.n if self.kish is None else self.kish

    @property
    def constant(self) -> bool:
        """Every row has the same score: no threshold tells any two apart."""
        return len(self.thresholds) == 1

    def at(self, threshold: float) -> OperatingPoint:
        """Count at any threshold, infinities included; NaN raises `InputError`."""
        tp, fp = (counts.item() for counts in self.counts_at(threshold))
        fn, tn = self.positives - tp, self.negatives - fp
        return OperatingPoint(float(threshold), tp, fp, fn, tn)

    def counts_at(self, thresholds: ArrayLike) -> tuple[Ints, Ints]:
        """Count positives and negatives at or above each of many thresholds.

        Both answers have the shape of ``thresholds``, which may be infinite; one that
        is missing raises `InputError`.
        """
        asked = np.asarray(thresholds, dtype=np.float64)
        if np.isnan(asked).any():
            raise InputError("a threshold cannot be missing")
        positions = self.positions_of(asked)
        none, last = positions == 0, positions - 1
        return np.where(none, 0, self.tp[last]), np.where(none, 0, self.fp[last])

    def positions_of(self, thresholds: ArrayLike) -> NDArray[np.intp]:
        """Where acting at each of many thresholds begins, in the shape of these.

        Position 0 acts on no one, position i on all rows from the i-th cut on.
        """
        # The reversed view ascends and is contiguous: searching it copies nothing.
        ascending = self.thresholds[::-1]
        return np.asarray(len(ascending) - np.searchsorted(ascending, thresholds))

    def threshold_at(self, position: int) -> float:
        """The threshold that acts from a position on; infinity at position 0."""
        return math.inf if position == 0 else float(self.thresholds[position - 1])

    def positions_acting_on(self, rows: ArrayLike) -> NDArray[np.intp]:
        """The first position that acts on at least so many rows, for each of many.

        ``rows`` has shape (k,), each above 0 and at most ``n``. Searched by halves, so
        that the time taken does not grow with the cuts.
        """
        wanted = np.asarray(rows, dtype=np.float64)
        low = np.zeros(len(wanted), dtype=np.intp)
        high = np.full(len(wanted), len(self.thresholds) - 1)
        while (low < high).any():
            middle = (low + high) // 2
            short = self.tp[middle] + self.fp[middle] < wanted
            low, high = np.where(short, middle + 1, low), np.where(short, high, middle)
        return low + 1

    def table(
        self, max_cuts: int | None = None, *, keep: Iterable[float] = ()
    ) -> pd.DataFrame:
        """Counts as a frame: ``threshold, tp, fp, fn, tn``, highest threshold first.

        The first row, at infinity, acts on no one; the last, at the least score, on
        everyone. With ``max_cuts``, at most so many rows, evenly spaced in the number
        of rows acted on; the counts stay exact. ``keep`` are thresholds whose cut must
        be among them. Raises `InputError` when ``max_cuts`` cannot hold these.
        """
        import pandas as pd

        rows = self._rows_to_show(max_cuts, keep)
        cuts = rows[1:] - 1
        tp = np.concatenate(([0], self.tp[cuts]))
        fp = np.concatenate(([0], self.fp[cuts]))
        return pd.DataFrame(
            {
                "threshold": np.concatenate(([np.inf], self.thresholds[cuts])),
                "tp": tp,
                "fp": fp,
                "fn": self.positives - tp,
                "tn": self.negatives - fp,
            }
        )

    def _rows_to_show(
        self, max_cuts: int | None, keep: Iterable[float]
    ) -> NDArray[np.intp]:
        """Positions of the full table that are shown, ascending."""
        every = len(self.thresholds) + 1
        if max_cuts is None or max_cuts >= every:
            return np.arange(every)
        kept = self.positions_of(np.fromiter(keep, dtype=np.float64))
        kept = np.union1d(kept, [0, every - 1])
        spare = max_cuts - len(kept)
        if spare < 0:
            raise InputError(
                f"{max_cuts} rows cannot hold none, all and the thresholds to keep:"
                f" these alone are {len(kept)}"
            )
        spread = self.positions_acting_on(np.linspace(0, self.n, spare + 2)[1:-1])
        return np.union1d(kept, spread).astype(np.intp)


def threshold_curve(
    labels: ArrayLike, scores: ArrayLike, *, weights: ArrayLike | None = None
) -> ThresholdCurve:
    """Count both labels at every distinct score, exactly.

    Parameters
    ----------
    labels
        Shape (n,), each 0 or 1 (False or True); both must occur.
    scores
        Shape (n,), finite numbers on any scale; higher means surer. Integers and
        float32 are widened without loss; -0.0 equals 0.0.
    weights
        Shape (n,), finite and not negative: what each row counts for. A row of weight
        zero counts for nothing and makes no cut.

    Raises
    ------
    InputError
        No rows, lengths that differ, labels missing, of other values or of one class,
        scores or weights that are text, missing or infinite, a negative weight.
        Constant scores are allowed.

    Examples
    --------
    >>> curve = threshold_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.at(0.4)
    OperatingPoint(threshold=0.4, tp=1, fp=1, fn=1, tn=1)
    """
    hits, values = labels_of(labels), numbers_of(scores, "scores")
    check_lengths(hits, values, "scores")
    largest = largest_of(values, "scores")
    if weights is not None:
        return _weighted_curve(hits, values, weights_of(weights, hits))
    _check_both(hits)
    ascending, tp = sort_with_labels(values, hits, largest=largest)
    _sum_from_the_top(tp)
    fp = np.arange(len(tp), 0, -1)
    fp -= tp
    return _at_distinct(ascending, tp, fp, None)


def curve_from_counts(
    scores: ArrayLike, *, positives: ArrayLike, negatives: ArrayLike
) -> ThresholdCurve:
    """Build the curve from how many rows of either label have each score.

    All three have shape (cuts,); ``scores`` are finite, distinct and ascend. For rows
    counted elsewhere, see `engine_curve`.

    Raises
    ------
    InputError
        When one of the labels does not occur.
    """
    ascending = np.array(scores, dtype=np.float64) + 0.0
    tp, fp = np.array(positives, dtype=np.int64), np.array(negatives, dtype=np.int64)
    _sum_from_the_top(tp)
    _sum_from_the_top(fp)
    _check_counts(int(tp[0]), int(fp[0]))
    return _at_distinct(ascending, tp, fp, None)


def _weighted_curve(hits: Bools, scores: Floats, weights: Floats) -> ThresholdCurve:
    counted = weights > 0
    if not counted.any():
        raise InputError("no row has any weight: a curve needs rows that count")
    hits, scores, weights = hits[counted], scores[counted], weights[counted]
    _check_both(hits)
    order = np.argsort(scores)
    tp = np.where(hits, weights, 0.0)[order]
    fp = np.where(hits, 0.0, weights)[order]
    _sum_from_the_top(tp)
    _sum_from_the_top(fp)
    share = weights / weights.sum()  # so that no square is too large or vanishes
    kish = float(1 / np.square(share).sum())
    return _at_distinct(scores[order] + 0.0, tp, fp, kish)


def _sum_from_the_top(counts: Counts) -> None:
    backwards = counts[::-1]
    np.cumsum(backwards, out=backwards)


def _at_distinct(
    ascending: Floats,
    tp: Counts,
    fp: Counts,
    kish: float | None,
) -> ThresholdCurve:
    """Keep one cut of each run of equal scores: the one that counts the whole run."""
    first_of_run = _first_of_runs(ascending)
    if first_of_run is not None:
        ascending, tp, fp = ascending[first_of_run], tp[first_of_run], fp[first_of_run]
    for counts in (ascending, tp, fp):
        counts.flags.writeable = False
    totals = tp[0].item(), fp[0].item()
    return ThresholdCurve(
        ascending[::-1], cast(Ints, tp[::-1]), cast(Ints, fp[::-1]), *totals, kish
    )


def _first_of_runs(ascending: Floats) -> Bools | None:
    """Mark the first of each run of equal scores; None when all are distinct."""
    new = np.empty(len(ascending), dtype=np.bool_)
    new[0] = True
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return None if new.all() else new


def _check_both(hits: Bools) -> None:
    positives = int(np.count_nonzero(hits))
    _check_counts(positives, len(hits) - positives)


def _check_counts(positives: int, negatives: int) -> None:
    if not positives or not negatives:
        raise InputError(
            f"all {positives + negatives} labels are {int(positives > 0)};"
            " a curve needs rows of both labels"
        )
