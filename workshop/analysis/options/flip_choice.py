"""Which policy would an option choose, were misses dearer or positives more common?

The cheapest on the choosing rows, in every cell of a grid at once: with a person asked
in between where the option has a band, among the cuts that `contender` looks at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.metrics import Reviewer, cell_costs
from workshop.analysis.options.contender import (
    Contender,
    acted_on,
    bins_of,
    own_kinds,
)
from workshop.record.values import FallbackKind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Shown = tuple[float, float, float, float]

EQUAL = 1e-13
"""Of the largest sum there may be: costs nearer than this count as the same."""

_ACT, _ASK, _LEFT = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A grid, cell by cell: all ratios of the first prevalence, then of the next.

    ``across`` are the ratios, ``down`` the prevalences; ``down_odds`` says how many
    times the measured odds of a positive each of these means.
    """

    across: Floats
    down: Floats
    down_odds: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Prevalences and ratios."""
        return len(self.down), len(self.across)

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.down) * len(self.across)

    @property
    def ratios(self) -> Floats:
        """The ratio of each cell."""
        return np.tile(self.across, len(self.down))

    def weights(self, share: float) -> Floats:
        """What a negative and a positive count for, shape (cells, 2).

        ``share`` of the rows at hand are positives; the weights average 1 over them.
        """
        odds = np.repeat(self.down_odds, len(self.across))
        scale = 1 - share + share * odds
        return np.stack([1 / scale, odds / scale], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What asking about a row costs, and what leaving it to a fallback does.

    ``shown`` is what the best few cost: with a right one among them for a positive and
    a negative, then without. ``capacity`` is how many reviews a decision there may be,
    ``absent`` what a negative counts for whatever is done with it.
    """

    review: float
    reviewer: Reviewer
    shown: Shown | None
    capacity: float | None
    absent: float = 0.0

    def costs(self, fallback: FallbackKind, cells: Cells) -> Floats:
        """False alarms by a row's own label and hit, and by what is done with it.

        Shape (cells, 4, 3): acted on, asked about, left to the fallback.
        """
        found = np.array([self._at(fallback, ratio) for ratio in cells.across.tolist()])
        return np.tile(found, (cells.shape[0], 1, 1))

    def _at(self, fallback: FallbackKind, ratio: float) -> Floats:
        cost = cell_costs(ratio, self.review, self.reviewer)
        asked = [cost.asked_negative] * 2 + [cost.asked_positive] * 2
        left = {
            "not_sure": [cost.tn, cost.tn, cost.fn, cost.fn],
            "human": asked,
            "alternatives": self._shown,
        }[fallback]
        found = np.array([[cost.fp, cost.fp, cost.tp, cost.tp], asked, left]).T
        found[:2] += self.absent
        return found

    @property
    def _shown(self) -> list[float]:
        if self.shown is None:
            return [math.nan] * 4
        right_positive, right_negative, wrong_positive, wrong_negative = self.shown
        return [wrong_negative, right_negative, wrong_positive, right_positive]


def policies_in(
    contender: Contender, cuts: Floats, cells: Cells, prices: Prices
) -> tuple[Ints, Ints]:
    """Positions to act from and to ask from in each cell, the cheapest to choose by.

    Both have shape (cells,). One past the last cut acts on everyone.
    """
    rows = contender.choose
    if contender.settled or rows is None or not len(cuts):
        same = np.full(cells.size, len(cuts))
        return same, same
    kinds, bins = own_kinds(contender, rows), bins_of(contender, rows, cuts)
    count = acted_on(kinds, bins, len(cuts) + 1, of=4).astype(np.float64)
    n, positives = float(count[:, -1].sum()), float(count[2:, -1].sum())
    weights = cells.weights(positives / n)[:, [0, 0, 1, 1]]
    costs = prices.costs(contender.fallback, cells) * weights[:, :, None]
    acted = count[:, :-1].T
    act = acted @ (costs[:, :, _ACT] - costs[:, :, _ASK]).T
    ask = acted @ (costs[:, :, _ASK] - costs[:, :, _LEFT]).T
    if contender.max_error is not None:
        act[~_keeping(contender.max_error, acted, weights)] = np.inf
    equal = EQUAL * n * np.abs(costs).max(axis=(1, 2))
    alone = (act + ask).min(axis=0)
    single = first_within(act + ask, alone + equal)
    if rows.kept is None:
        # As in `policy_at`: the least score is everyone, whoever is below it elsewhere.
        single = np.where(single == len(cuts), len(cuts) + 1, single)
    if contender.policy != "review_band":
        return single, single
    most = math.inf if prices.capacity is None else prices.capacity * n + 1e-9
    act_from, ask_from, least = _bands(act, ask, acted @ weights.T, most, equal)
    pays = least < alone - equal
    return np.where(pays, act_from, single), np.where(pays, ask_from, single)


def _bands(
    act: Floats, ask: Floats, rows: Floats, most: float, equal: Floats
) -> tuple[Ints, Ints, Floats]:
    """The cheapest pair of positions in each cell, as `band_search` has it.

    Acting from i and asking down to j costs ``act[i] + ask[j]``, i at most j; ``rows``
    are acted on from each, and at most ``most`` asked about. All three have shape
    (positions, cells). Of equal costs the higher to ask from, then the lower to act
    from.
    """
    cells, positions = np.arange(act.shape[1]), np.arange(len(act))
    least, start = np.empty_like(ask), 0
    for to in positions:
        far = rows[to] - most
        while (rows[start] < far).all():
            start += 1  # too many in between in every cell, and in all that follow
        near = rows[start : to + 1] >= far
        part = np.where(near, act[start : to + 1], np.inf)
        least[to] = part.min(axis=0) + ask[to]
    best = least.min(axis=0)
    found = first_within(least, best + equal)
    fits = act + ask[found, cells] <= least[found, cells] + equal
    fits &= (positions[:, None] <= found) & (rows >= rows[found, cells] - most)
    return len(act) - 1 - fits[::-1].argmax(axis=0), found, best


def _keeping(most: float, acted: Floats, weights: Floats) -> Bools:
    """Where at most such a share of what is acted on is wrong; all where it nowhere is.

    Acting on no one has no error to keep, as in `limits`. Shape (positions, cells).
    """
    wrong, flagged = acted[:, :2] @ weights[:, :2].T, acted @ weights.T
    keep: Bools = (wrong <= most * flagged * (1 + 1e-12)) & (flagged > 0)
    return keep | ~keep.any(axis=0)


def first_within(values: Floats, most: Floats) -> Ints:
    """The first place in each column that is at most so much."""
    found: Ints = (values <= most).argmax(axis=0)
    return found
