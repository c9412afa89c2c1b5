"""Between which two thresholds does each score lie?

The same answer as ``np.searchsorted(cuts, scores, side="right")``, for many scores and
few cuts. A binary search for each score costs more than sorting them all; here a score
is looked up in a table of equal steps, most of which hold one cut at most, so that one
comparison settles it. A step that holds more is divided again; what is still crowded
then is searched as usual: how the scores lie changes the time, never the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 1 << 14
_PARTS = 1 << 15  # into so many, all together, are crowded steps divided
_BLOCK = 1 << 14  # scores handled at once, so that a block stays in the cache
_MAGNITUDE = (1 << 63) - 1  # every bit of a float64 but its sign
_TRIMS = (0.0, 0.01, 0.05)  # shares of cuts at either end that may share a step
_SEARCH = -1  # marks a part that still holds more cuts than one


@dataclass(frozen=True, slots=True)
class _Scale:
    """A score's step: a function that never falls, or the table would not be exact.

    With ``bits`` the steps are equal in the bits of the number and so nearly in its
    logarithm, which suits scores of many magnitudes.
    """

    bits: bool
    low: float
    per_unit: float

    def steps(self, scores: Floats, out: Floats) -> Floats:
        """Steps as whole numbers below, in a float; ``out`` is filled and returned."""
        # Half of each, so that the width of the widest range is still finite.
        np.multiply(_in_bits(scores) if self.bits else scores, 0.5, out=out)
        out -= self.low
        out *= self.per_unit
        np.maximum(out, 0, out=out)
        return np.minimum(out, _STEPS - 1, out=out)


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """For each step the number of cuts in lower ones, or -1 - place if it is divided.

    ``parts`` has a row for each divided step: the cuts in lower parts, or `_SEARCH`.
    ``effort`` grows with the share of scores that take longer than a look-up; cuts lie
    about evenly in rows, so it is counted in cuts.
    """

    scale: _Scale
    steps: NDArray[np.intp]
    parts: NDArray[np.intp]
    effort: int


def cells_of_scores(scores: Floats, cuts: Floats) -> NDArray[np.intp]:
    """For each score, how many ``cuts`` it reaches: ``score >= cut``.

    Parameters
    ----------
    scores
        Shape (n,), finite.
    cuts
        Shape (m,), strictly ascending; infinities are allowed, NaN is not.
    """
    below = int(np.count_nonzero(cuts == -np.inf))
    finite = np.ascontiguousarray(cuts[np.isfinite(cuts)])
    cells = np.empty(len(scores), dtype=np.intp)
    # What is far outside the steps may become infinite, and belongs to the last one.
    with np.errstate(over="ignore"):
        table = _best_table(finite)
        if table is None:
            cells[:] = np.searchsorted(finite, scores, side="right")
        else:
            _look_up(scores, finite, table, out=cells)
    cells += below
    return cells


def _look_up(
    scores: Floats, cuts: Floats, table: _Table, *, out: NDArray[np.intp]
) -> None:
    """Fill ``out``, block by block."""
    after = np.append(cuts, np.inf)  # a score in the last cell reaches no further cut
    room = min(_BLOCK, len(scores))
    exact, step, cut = np.empty(room), np.empty(room, dtype=np.intp), np.empty(room)
    for start in range(0, len(scores), _BLOCK):
        part, cell = scores[start : start + _BLOCK], out[start : start + _BLOCK]
        size = len(part)
        step[:size] = table.scale.steps(part, exact[:size])
        np.take(table.steps, step[:size], out=cell, mode="clip")
        if len(table.parts):
            within = exact[:size] - step[:size]
            search = _look_up_parts(within, table.parts, cell)
        np.take(after, cell, out=cut[:size], mode="clip")
        cell += part >= cut[:size]
        if len(table.parts):
            cell[search] = np.searchsorted(cuts, part[search], side="right")


def _look_up_parts(
    within: Floats, parts: NDArray[np.intp], cell: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Settle rows of divided steps in ``cell``; return the rows still to search."""
    rows = np.flatnonzero(cell < 0)
    per_step = parts.shape[1]
    found = (within[rows] * per_step).astype(np.intp)
    found += (-1 - cell[rows]) * per_step
    cell[rows] = parts.ravel()[found]
    return np.compress(cell[rows] == _SEARCH, rows)


def _best_table(cuts: Floats) -> _Table | None:
    """The table of the scale that takes the least effort; None where none is made."""
    best: _Table | None = None
    for bits in (False, True):
        for trim in _TRIMS:
            scale = _scale(cuts, bits=bits, trim=trim)
            if scale is None:
                continue
            table = _table(cuts, scale)
            if best is None or table.effort < best.effort:
                best = table
            if best.effort == 0:
                return best
    return best


def _scale(cuts: Floats, *, bits: bool, trim: float) -> _Scale | None:
    skipped = int(trim * len(cuts))
    ends = cuts[[skipped, -1 - skipped]] if len(cuts) > 2 * skipped + 1 else cuts[:0]
    if len(ends) == 0:
        return None
    low, high = (_in_bits(ends) if bits else ends) * 0.5
    with np.errstate(divide="ignore"):
        per_unit = np.float64(_STEPS - 1) / (high - low)
    if not np.isfinite(per_unit):
        return None
    return _Scale(bits, float(low), float(per_unit))


def _table(cuts: Floats, scale: _Scale) -> _Table:
    exact = scale.steps(cuts, np.empty(len(cuts)))
    step = exact.astype(np.intp)
    held = np.bincount(step, minlength=_STEPS)
    steps = np.cumsum(held) - held
    divided = np.flatnonzero(held > 1)
    if len(divided) == 0:
        return _Table(scale, steps, np.empty((0, 0), dtype=np.intp), 0)
    per_step = max(1, _PARTS // len(divided))
    mine = held[step] > 1
    place = np.searchsorted(divided, step[mine])
    part = ((exact[mine] - step[mine]) * per_step).astype(np.intp)
    inside = np.bincount(place * per_step + part, minlength=len(divided) * per_step)
    inside = inside.reshape(len(divided), per_step)
    parts = steps[divided][:, None] + np.cumsum(inside, axis=1) - inside
    parts[inside > 1] = _SEARCH
    steps[divided] = -1 - np.arange(len(divided))
    # A search takes about eight times as long as a second look-up.
    effort = int(mine.sum() + 8 * inside[inside > 1].sum())
    return _Table(scale, steps, parts, effort)


def _in_bits(scores: Floats) -> Floats:
    """The bits of each number as an ordered number; both zeros are the same one."""
    bits = (scores + 0.0).view(np.int64)
    sign = bits >> 63
    sign &= _MAGNITUDE
    bits ^= sign
    return bits.astype(np.float64)
