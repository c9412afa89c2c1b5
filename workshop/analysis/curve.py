"""What happens at every threshold that can be told from the next?

Exact cumulative counts at each distinct score, highest first; positive means
``score >= threshold``. Rates and costs made of these counts are `metrics`' and
`policies`' business.

Most of the time goes into one sort. Sorting the bits of the scores with the label in
a spare bit needs no second array to follow along, which makes it cheaper than the
argsort it replaces; `_pack` says when there is a spare bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MAGNITUDE = (1 << 63) - 1  # every bit of a float64 but its sign
_SPARE = 1 << 62  # magnitudes below this leave one bit free (numbers below 2.0)
_BLOCK = 1 << 15  # rows handled at once, so that a block stays in the cache


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The four counts of rows at one threshold. Nobody is asked at one threshold."""

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
    """

    thresholds: Floats
    tp: Ints
    fp: Ints
    positives: int
    negatives: int

    @property
    def n(self) -> int:
        """All rows."""
        return self.positives + self.negatives

    @property
    def constant(self) -> bool:
        """Every row has the same score: no threshold tells any two apart."""
        return len(self.thresholds) == 1

    def at(self, threshold: float) -> OperatingPoint:
        """Count at any threshold, infinities included; NaN raises `InputError`."""
        if np.isnan(threshold):
            raise InputError("a threshold cannot be missing")
        last = int(self._cuts_at(np.float64(threshold))) - 1
        tp, fp = (int(self.tp[last]), int(self.fp[last])) if last >= 0 else (0, 0)
        fn, tn = self.positives - tp, self.negatives - fp
        return OperatingPoint(float(threshold), tp, fp, fn, tn)

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

    def _cuts_at(self, thresholds: Floats | np.float64) -> NDArray[np.intp] | np.intp:
        # The reversed view ascends and is contiguous: searching it copies nothing.
        ascending = self.thresholds[::-1]
        return len(ascending) - np.searchsorted(ascending, thresholds)

    def _rows_to_show(
        self, max_cuts: int | None, keep: Iterable[float]
    ) -> NDArray[np.intp]:
        """Rows of the full table; 0 acts on no one, i on cut i - 1 and above."""
        every = len(self.thresholds) + 1
        if max_cuts is None or max_cuts >= every:
            return np.arange(every)
        kept = self._cuts_at(np.fromiter(keep, dtype=np.float64))
        kept = np.union1d(kept, [0, every - 1])
        spare = max_cuts - len(kept)
        if spare < 0:
            raise InputError(
                f"{max_cuts} rows cannot hold none, all and the thresholds to keep:"
                f" these alone are {len(kept)}"
            )
        flagged = (self.tp + self.fp).astype(np.float64)
        wanted = np.linspace(0, self.n, spare + 2)[1:-1]
        spread = np.searchsorted(flagged, wanted) + 1
        return np.union1d(kept, spread).astype(np.intp)


def threshold_curve(labels: ArrayLike, scores: ArrayLike) -> ThresholdCurve:
    """Count both labels at every distinct score, exactly.

    Parameters
    ----------
    labels
        Shape (n,), each 0 or 1 (False or True); both must occur.
    scores
        Shape (n,), finite numbers on any scale; higher means surer. Integers and
        float32 are widened without loss; -0.0 equals 0.0.

    Raises
    ------
    InputError
        No rows, lengths that differ, labels missing, of other values or of one class,
        scores that are text, missing or infinite. Constant scores are allowed.

    >>> curve = threshold_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.at(0.4)
    OperatingPoint(threshold=0.4, tp=1, fp=1, fn=1, tn=1)
    """
    hits, values = _labels(labels), _scores(scores)
    if len(hits) != len(values):
        raise InputError(f"{len(hits)} labels but {len(values)} scores were given")
    positives = int(np.count_nonzero(hits))
    if positives in (0, len(hits)):
        raise InputError(
            f"all {len(hits)} labels are {int(positives > 0)};"
            " a curve needs rows of both labels"
        )
    ascending, tp = _sort(values, hits)
    fp = np.arange(len(tp), 0, -1)
    fp -= tp
    first_of_run = _first_of_runs(ascending)
    if first_of_run is not None:
        ascending, tp, fp = ascending[first_of_run], tp[first_of_run], fp[first_of_run]
    for counts in (ascending, tp, fp):
        counts.flags.writeable = False
    return ThresholdCurve(
        ascending[::-1], tp[::-1], fp[::-1], positives, len(hits) - positives
    )


def _sort(scores: Floats, hits: Bools) -> tuple[Floats, Ints]:
    """Ascending scores, and beside each the positives from there to the end."""
    low, high = float(scores.min()), float(scores.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise _not_finite(scores)
    top = int(np.float64(max(abs(low), abs(high))).view(np.int64))
    # Take the exponent down until the largest magnitude leaves a bit free.
    offset = max(0, top - _SPARE + 1)
    keys = _pack(scores, hits, offset=offset, signed=low < 0)
    if keys is None:
        order = np.argsort(scores)
        ascending, found = scores[order] + 0.0, hits[order].astype(np.int64)
    else:
        keys.sort()
        ascending, found = _unpack(keys, offset=offset, signed=low < 0)
    backwards = found[::-1]
    np.cumsum(backwards, out=backwards)
    return ascending, found


def _pack(scores: Floats, hits: Bools, *, offset: int, signed: bool) -> Ints | None:
    """Integers in the order of the scores, with the label as their lowest bit.

    The bits of a float64 without its sign ascend with its magnitude (IEEE 754), so
    magnitude and sign make an ordered integer, and both zeros make the same one.
    Magnitudes of numbers below 2.0 leave the second bit free; larger ones do when
    ``offset`` is taken off, and that is exact unless it reaches a nonzero score: then
    there is no spare bit and the answer is None.
    """
    bits = scores.view(np.int64)
    keys = np.empty(len(scores), dtype=np.int64)
    sign = np.empty(min(_BLOCK, len(scores)), dtype=np.int64)
    for start in range(0, len(keys), _BLOCK):
        part = slice(start, start + _BLOCK)
        key = keys[part]
        np.bitwise_and(bits[part], _MAGNITUDE, out=key)
        if offset:
            nonzero = np.count_nonzero(key)
            key -= offset
            np.maximum(key, 0, out=key)
            if np.count_nonzero(key) != nonzero:
                return None
        if signed:
            _negate_where(np.right_shift(bits[part], 63, out=sign[: len(key)]), key)
        key <<= 1
        key |= hits[part]
    return keys


def _unpack(keys: Ints, *, offset: int, signed: bool) -> tuple[Floats, Ints]:
    """Undo `_pack`, in place: the scores, and the labels as 0 and 1."""
    found = np.empty_like(keys)
    sign = np.empty(min(_BLOCK, len(keys)), dtype=np.int64)
    for start in range(0, len(keys), _BLOCK):
        part = slice(start, start + _BLOCK)
        key = keys[part]
        np.bitwise_and(key, 1, out=found[part])
        key >>= 1
        negative = sign[: len(key)]
        if signed:
            _negate_where(np.right_shift(key, 63, out=negative), key)
        if offset:
            key += offset
            key[key == offset] = 0
        if signed:
            negative &= ~_MAGNITUDE
            key |= negative
    return keys.view(np.float64), found


def _negate_where(sign: Ints, key: Ints) -> None:
    # Two's complement: with sign -1 this is -key, with sign 0 it is key.
    key ^= sign
    key -= sign


def _first_of_runs(ascending: Floats) -> Bools | None:
    """Mark the first of each run of equal scores; None when all are distinct."""
    new = np.empty(len(ascending), dtype=np.bool_)
    new[0] = True
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return None if new.all() else new


def _labels(labels: ArrayLike) -> Bools:
    given = _one_column(labels, "labels")
    if given.dtype.kind == "b":
        return given
    missing = _missing(given)
    if missing.any():
        raise InputError(f"{_count_and_first(missing, 'labels')} missing")
    hits = np.asarray(given == 1, dtype=np.bool_)
    if np.count_nonzero(hits) + np.count_nonzero(given == 0) != len(given):
        found = sorted({str(value) for value in given.tolist()})
        shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
        raise InputError(f"labels must be 0 or 1, but these are found: {shown}")
    return hits


def _scores(scores: ArrayLike) -> Floats:
    given = _one_column(scores, "scores")
    kind = given.dtype.kind
    if kind == "O":
        given = _numbers_in(given)
    elif kind not in "biuf":
        raise InputError(f"scores must be numbers, but {given[0]!r} is found first")
    if kind in "iu" and max(-int(given.min()), int(given.max())) > 1 << 53:
        raise InputError("scores are integers too large to tell apart as numbers")
    return np.ascontiguousarray(given, dtype=np.float64)


def _numbers_in(given: NDArray[Any]) -> Floats:
    missing = _missing(given)
    for position in np.flatnonzero(~missing):
        value = given[position]
        if isinstance(value, str) or not np.isscalar(value):
            raise InputError(
                f"scores must be numbers, but position {position} (counting from 0)"
                f" holds {value!r}"
            )
    return np.where(missing, np.nan, given).astype(np.float64)


def _one_column(values: ArrayLike, what: str) -> NDArray[Any]:
    given = np.asarray(values)
    if given.ndim != 1:
        raise InputError(f"{what} must be one column, but have shape {given.shape}")
    if len(given) == 0:
        raise InputError(f"there are no {what}: the table has no rows")
    return given


def _missing(values: NDArray[Any]) -> Bools:
    if values.dtype.kind == "O":
        import pandas as pd

        return np.asarray(pd.isna(values))
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values), dtype=np.bool_)
    return np.zeros(len(values), dtype=np.bool_)


def _not_finite(scores: Floats) -> InputError:
    missing = np.isnan(scores)
    if missing.any():
        return InputError(f"{_count_and_first(missing, 'scores')} missing")
    return InputError(f"{_count_and_first(np.isinf(scores), 'scores')} infinite")


def _count_and_first(bad: Bools, what: str) -> str:
    count, first = int(np.count_nonzero(bad)), int(bad.argmax())
    verb = "is" if count == 1 else "are"
    at = f"first at position {first}, counting from 0"
    return f"{count} of {len(bad)} {what} ({at}) {verb}"
