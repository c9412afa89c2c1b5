"""Which two cuts are best when a person may be asked in between, and what do they save?

Act from ``act_at`` on, ask a person from ``review_at`` up to it, stay silent below. The
best pair is exact, over all pairs of cuts there are (`band_search`); `band_grid` is for
a picture alone.

Source: Chow 1970.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.band_search import Found, Prices, Search
from workshop.analysis.curve import ThresholdCurve
from workshop.analysis.metrics import Context, cell_costs
from workshop.analysis.policies import Cells, evaluate, policy_at
from workshop.errors import InputError
from workshop.record.values import Policy

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BestBand:
    """The cheapest way to act, with a person asked where that pays.

    ``policy`` is a review band, or ``single``, the best without a person, where no band
    is cheaper than that. Costs are false alarms a decision.
    """

    policy: Policy
    cells: Cells
    expected_cost: float
    single: Policy
    single_cost: float

    @property
    def asked(self) -> float:
        """Rows sent to a person."""
        return self.cells.asked_positive + self.cells.asked_negative

    @property
    def saved(self) -> float:
        """False alarms a decision less than the best without a person."""
        return self.single_cost - self.expected_cost


@dataclass(frozen=True, slots=True, eq=False)
class BandGrid:
    """The cost of each pair of some cuts, for a picture.

    ``thresholds`` descends from infinity and has shape (size,); ``cost[i, j]``, false
    alarms a decision, acts from ``thresholds[i]`` and asks from ``thresholds[j]`` on;
    NaN where the second would lie above the first. Both are read-only.
    """

    thresholds: Floats
    cost: Floats


def best_band(
    curve: ThresholdCurve,
    context: Context,
    *,
    capacity: float | None = None,
    allowed: Bools | None = None,
) -> BestBand:
    """Find the cheapest pair of cuts among all pairs there are.

    With F, T the negatives and positives from a cut on, and a, b what asking costs for
    a positive and a negative (its price, and the error that an imperfect person then
    makes), acting from cut i and asking down to cut j costs
    ``[(1-b)F_i - a·T_i] + [ratio·P + (a-ratio)·T_j + b·F_j]``.

    Parameters
    ----------
    curve
        Counts at every cut; acting on no one and asking no one are among the pairs.
    context
        Needs ``ratio``; takes ``review_cost`` and ``reviewer`` too.
    capacity
        At most so many of the curve's rows may be asked; None for any number.
    allowed
        Shape (cuts + 1,): where acting may begin. The first stands for acting on no
        one, the others for the curve's cuts in its order.

    Of equal costs, up to rounding: no band, then the higher cut to ask from, then the
    lower one to act from, so that fewest are asked. Raises `InputError` without a
    ratio, on a negative price or capacity, and where nothing is allowed.
    """
    if capacity is not None and not capacity >= 0:
        raise InputError(f"reviews cannot be {capacity}")
    if allowed is not None:
        _check_allowed(allowed, len(curve.thresholds) + 1)
    most = math.inf if capacity is None else capacity
    found = Search(curve, _prices(context), most, allowed).find()
    return _valued(curve, context, found)


def gain_of_more_reviews(
    curve: ThresholdCurve,
    context: Context,
    *,
    capacity: float,
    more: float = 1,
    allowed: Bools | None = None,
) -> float:
    """False alarms saved by each of ``more`` reviews beyond ``capacity``, on average.

    Both in rows of the curve. One review more may bring nothing where equal scores are
    asked together or not at all, and a single row says little: ask for some more, as
    many as another hour would bring. Raises `InputError` as `best_band` does.
    """
    if not more > 0:
        raise InputError(f"more reviews must be a positive number, not {more}")
    now, then = (
        best_band(curve, context, capacity=rows, allowed=allowed).expected_cost
        for rows in (capacity, capacity + more)
    )
    return max(0.0, now - then) * curve.n / more


def capacity_of(reviews_per_week: float, *, rows: float, per_week: float) -> int:
    """How many of ``rows`` may be asked when ``per_week`` such decisions come a week.

    >>> capacity_of(300, rows=200, per_week=4000)
    15
    """
    if not per_week > 0:
        raise InputError(f"decisions a week must be a positive number, not {per_week}")
    # A product that misses a whole number by rounding alone still counts as one.
    return math.floor(min(1.0, reviews_per_week / per_week) * rows + 1e-9)


def band_at(curve: ThresholdCurve, act: int, ask: int) -> Policy:
    """The review band between two positions: 0 acts on no one, i at the i-th cut.

    Asking starts at a cut, so ``ask`` is at least 1. A band that acts on no one has
    ``act_at`` one range of scores above the highest, where no row will be either.
    """
    act_at = above_all(curve) if act == 0 else curve.threshold_at(act)
    ask_at = curve.threshold_at(ask)
    return Policy(kind="review_band", act_at=act_at, review_at=ask_at)


def band_grid(
    curve: ThresholdCurve,
    context: Context,
    size: int = 200,
    *,
    keep: Iterable[float] = (),
) -> BandGrid:
    """Cost of the pairs of at most ``size`` cuts, evenly spaced in rows acted on.

    ``keep`` are thresholds to have among them, such as the best band's. Raises
    `InputError` as `best_band` does, and when ``size`` cannot hold ``keep``.
    """
    search = Search(curve, _prices(context), math.inf)
    table = curve.table(size, keep=keep)
    every = np.concatenate(([0], curve.tp + curve.fp))
    at = np.searchsorted(every, (table.tp + table.fp).to_numpy())
    missed = search.prices.ratio * curve.positives
    act, ask = (part[at] for part in search.parts(0, search.size))
    cost = (act[:, None] + ask[None, :] + missed) / curve.n
    cost[np.tri(len(at), k=-1, dtype=np.bool_)] = np.nan
    thresholds = table.threshold.to_numpy(dtype=np.float64)
    cost.flags.writeable = thresholds.flags.writeable = False
    return BandGrid(thresholds, cost)


def _prices(context: Context) -> Prices:
    ratio, price, who = context.ratio, context.review_cost, context.reviewer
    if ratio is None or not 0 < ratio < math.inf:
        raise InputError(f"a review band needs what one miss is worth, not {ratio}")
    if not 0 <= price < math.inf:
        raise InputError(f"a review's price cannot be {price}")
    cost = cell_costs(ratio, price, who)
    return Prices(ratio, cost.asked_positive, cost.asked_negative)


def _check_allowed(allowed: Bools, cuts: int) -> None:
    if len(allowed) != cuts:
        raise InputError(f"{cuts} cuts to act from, but {len(allowed)} are marked")
    if not allowed.any():
        raise InputError("no cut may be acted from, not even the one that acts never")


def _valued(curve: ThresholdCurve, context: Context, found: Found) -> BestBand:
    alone = policy_at(curve, curve.threshold_at(found.single))
    pays = found.act < found.ask
    policy = band_at(curve, found.act, found.ask) if pays else alone
    (cells, cost), (_, alone_cost) = (
        _evaluated(curve, context, p) for p in (policy, alone)
    )
    return BestBand(policy, cells, cost, alone, alone_cost)


def _evaluated(
    curve: ThresholdCurve, context: Context, policy: Policy
) -> tuple[Cells, float]:
    ratio = context.ratio or math.nan
    price, who = context.review_cost, context.reviewer
    found = evaluate(policy, curve, ratio=ratio, review_cost=price, reviewer=who)
    if found.cells is None or found.expected_cost is None:
        raise InputError(f"a policy of kind {policy.kind} has no counts of its own")
    return found.cells, found.expected_cost


def above_all(curve: ThresholdCurve) -> float:
    """A finite threshold that other rows like these will not reach either."""
    high, low = float(curve.thresholds[0]), float(curve.thresholds[-1])
    # One unit where all scores are alike; no further than floats go.
    beyond = max(high + (high - low or 1.0), math.nextafter(high, math.inf))
    return min(beyond, math.nextafter(math.inf, 0))
