"""Which pair of cuts costs least, of all pairs there are?

Cuts are met here by position: 0 acts on no one, ``i`` on all rows from the curve's
``thresholds[i - 1]`` on. The cost of acting from position i and asking down to position
j is ``act[i] + ask[j]``, i at most j, and with a limit on reviews no further from it
than so many rows: the best pair is the least of a sliding minimum.

Positions are first taken in blocks. A block whose least possible cost is above a cost
known to be reachable cannot hold the best, which leaves few positions to look at one by
one; nothing is left to chance, and in the worst case all of them are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.curve import ThresholdCurve

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Positions = NDArray[np.int64]

_BLOCK = 256
_CHUNK = 64 * _BLOCK  # positions handled at once, so that they stay in the cache
_ROUNDING = 1e-14  # of the largest cost: costs nearer than this count as equal


@dataclass(frozen=True, slots=True)
class Prices:
    """What a miss costs in false alarms, and asking about a positive or a negative."""

    ratio: float
    positive: float
    negative: float


@dataclass(frozen=True, slots=True)
class Found:
    """Positions to act from and to ask from, and the best one without asking.

    ``act`` equals ``ask`` where no band is cheaper than ``single``.
    """

    act: int
    ask: int
    single: int


@dataclass(frozen=True)
class Search:
    """One search on one curve: at most ``capacity`` rows asked, ``allowed`` acted from.

    ``allowed`` has shape (positions,), or is None where every position may be.
    """

    curve: ThresholdCurve
    prices: Prices
    capacity: float
    allowed: Bools | None = None

    @property
    def size(self) -> int:
        """How many positions there are."""
        return len(self.curve.thresholds) + 1

    @property
    def equal(self) -> float:
        """How far apart two costs may be and still count as the same."""
        prices = self.prices
        largest = 1 + prices.ratio + prices.positive + prices.negative
        return _ROUNDING * self.curve.n * largest

    def find(self) -> Found:
        """Find the best pair; of equal ones the higher ask, then the lower act."""
        single, alone = self._single()
        positions, costs = self._costs_of(self._promising(alone))
        if not costs.min() < alone - self.equal:
            return Found(single, single, single)
        first = _first_within(costs, self.equal)
        ask = int(positions[first])
        return Found(self._last_act(ask, float(costs[first])), ask, single)

    def parts(self, start: int, stop: int) -> tuple[Floats, Floats]:
        """``act`` and ``ask`` of the positions from ``start`` to before ``stop``.

        What is missed when acting on no one is left out of ``ask``: it is the same for
        every pair.
        """
        tp, fp = self._counts(start, stop)
        prices = self.prices
        act = fp * (1 - prices.negative)
        act -= prices.positive * tp
        if self.allowed is not None:
            act[~self.allowed[start:stop]] = np.inf
        tp *= prices.positive - prices.ratio
        fp *= prices.negative
        tp += fp
        return act, tp

    def _counts(self, start: int, stop: int) -> tuple[Floats, Floats]:
        tp, fp = np.zeros(stop - start), np.zeros(stop - start)
        skip = int(start == 0)
        cuts = slice(max(start - 1, 0), max(stop - 1, 0))
        tp[skip:], fp[skip:] = self.curve.tp[cuts], self.curve.fp[cuts]
        return tp, fp

    @cached_property
    def _blocks(self) -> tuple[Floats, Floats, Floats]:
        """The least ``act``, ``ask`` and sum of both in each block."""
        found: list[list[Floats]] = [[], [], []]
        for start in range(0, self.size, _CHUNK):
            act, ask = self.parts(start, min(start + _CHUNK, self.size))
            for kind, values in zip(found, (act, ask, act + ask), strict=True):
                kind.append(_block_least(values))
        act, ask, both = (np.concatenate(kind) for kind in found)
        return act, ask, both

    def _single(self) -> tuple[int, float]:
        """The first position that costs least without asking, and that cost."""
        both = self._blocks[2]
        block = _first_within(both, self.equal)
        act, ask = self.parts(*self._span(block, block + 1))
        return block * _BLOCK + _first_within(act + ask, self.equal), float(both.min())

    def _promising(self, alone: float) -> Bools:
        """The blocks to ask from that may hold the best, given a reachable cost.

        At least one: that of the best without asking is among them.
        """
        act, ask, _ = self._blocks
        blocks = np.arange(len(act))
        starts = blocks * _BLOCK
        ends = np.minimum(starts + _BLOCK, self.size) - 1
        hopeful = _window_least(act, self._first(starts) // _BLOCK) + ask
        # Whole blocks between, from which any position of this block may be asked.
        inner = -(-self._first(ends) // _BLOCK)
        whole = inner[1:] < blocks[1:]
        sure = _window_least(act[:-1], np.minimum(inner[1:], blocks[:-1])) + ask[1:]
        reached = min(alone, float(sure[whole].min(initial=np.inf)))
        return np.asarray(hopeful <= reached + 2 * self.equal, dtype=np.bool_)

    def _costs_of(self, promising: Bools) -> tuple[Positions, Floats]:
        """The least cost of asking from each position of these blocks."""
        edges = np.flatnonzero(np.diff(promising, prepend=False, append=False))
        spans = [self._span(*run) for run in edges.reshape(-1, 2).tolist()]
        positions = [np.arange(*span) for span in spans]
        costs = [self._costs(*span) for span in spans]
        return np.concatenate(positions), np.concatenate(costs)

    def _costs(self, start: int, stop: int) -> Floats:
        """The least cost of asking from each position of a run of whole blocks."""
        first = self._first(np.arange(start, stop))
        begin = int(first[0])
        if first[-1] <= start:
            act, ask = self.parts(start, stop)
            return ask + np.minimum(self._least_above(first, start), _running(act))
        # Windows shorter than the run: some begin inside it.
        act, ask = self.parts(begin, stop)
        before = np.zeros(start - begin, dtype=np.int64)
        least = _window_least(act, np.concatenate((before, first - begin)))
        return (ask + least)[start - begin :]

    def _least_above(self, first: Positions, start: int) -> Floats:
        """The least ``act`` from each of ``first``, which ascend, to before ``start``.

        From the last of them on whole blocks are the same for all.
        """
        begin = int(first[0])
        border = min(-(-int(first[-1]) // _BLOCK) * _BLOCK, start)
        rest = self._blocks[0][border // _BLOCK : start // _BLOCK]
        head = np.full(border - begin + 1, rest.min(initial=np.inf))
        head[:-1] = self.parts(begin, border)[0]
        return _running(head[::-1])[::-1][first - begin]

    def _last_act(self, ask: int, cost: float) -> int:
        """The last position to act from among the best when asking from ``ask``."""
        least = cost - float(self.parts(ask, ask + 1)[1][0]) + 2 * self.equal
        begin = int(self._first(np.array([ask]))[0])
        blocks = np.arange(begin // _BLOCK, ask // _BLOCK + 1)
        for block in blocks[self._blocks[0][blocks] <= least][::-1].tolist():
            low, high = self._span(block, block + 1)
            low, high = max(low, begin), min(high, ask + 1)
            near = self.parts(low, high)[0] <= least
            if near.any():
                return high - 1 - int(near[::-1].argmax())
        return ask

    def _span(self, first: int, stop: int) -> tuple[int, int]:
        return first * _BLOCK, min(stop * _BLOCK, self.size)

    def _first(self, positions: Positions) -> Positions:
        """The first position from which so many rows may be asked down to each."""
        if self.capacity >= self.curve.n:
            return np.zeros_like(positions)
        if self._flagged is None:
            return np.maximum(positions - int(self.capacity), 0)
        wanted = self._flagged[positions] - self.capacity
        return np.searchsorted(self._flagged, wanted).astype(np.int64)

    @cached_property
    def _flagged(self) -> NDArray[np.int64] | None:
        """Rows acted on at each position; None where each cut adds a single row."""
        curve = self.curve
        if curve.tp.dtype.kind in "iu" and curve.n == len(curve.thresholds):
            return None
        return np.concatenate(([0], curve.tp + curve.fp))


def _block_least(values: Floats) -> Floats:
    starts = np.arange(0, len(values), _BLOCK)
    return np.asarray(np.minimum.reduceat(values, starts), dtype=np.float64)


def _window_least(values: Floats, first: Positions) -> Floats:
    """The least of ``values[first[j]]`` to ``values[j]``, for each j.

    Two windows of a power of two, overlapping, make any window between.
    """
    found = np.empty(len(values))
    width = np.arange(len(values)) - first + 1
    table, span = values, 1
    while span <= width.max(initial=0):
        at = np.flatnonzero((width >= span) & (width < 2 * span))
        found[at] = np.minimum(table[first[at]], table[at - span + 1])
        table = np.minimum(table[:-span], table[span:])
        span *= 2
    return found


def _running(values: Floats) -> Floats:
    return np.asarray(np.minimum.accumulate(values), dtype=np.float64)


def _first_within(cost: Floats, equal: float) -> int:
    return int((cost <= cost.min() + equal).argmax())
