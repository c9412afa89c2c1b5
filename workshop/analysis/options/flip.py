"""Which option wins, for which cost of a miss and which share of positives?

Each option's policy is chosen again in every cell on the choosing rows, and valued on
the rows kept aside. Where the winner and the next one cannot be told apart there, the
cell says so.

Another prevalence multiplies every option's odds of a positive by the same factor. Rows
then count by their label, π'/π for a positive and (1 - π')/(1 - π) for a negative, as
in `prevalence`: how a positive looks, and how a negative does, is assumed to stay.

Source: Elkan 2001 (costs at another base rate).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.columns import labels_of
from workshop.analysis.intervals import LEVEL, family_level, z_of
from workshop.analysis.metrics import Reviewer
from workshop.analysis.options.contender import (
    Contender,
    OptionRows,
    acted_on,
    bins_of,
    cuts_of,
    own_kinds,
)
from workshop.analysis.options.flip_choice import (
    EQUAL,
    Cells,
    Prices,
    Shown,
    first_within,
    policies_in,
)
from workshop.analysis.options.flip_grid import (
    check_contenders,
    check_prices,
    grid_of,
)

__all__ = ["Contender", "FlipMap", "OptionRows", "flip_map"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int32]

# A row's kind: 4 for a positive of the reference, 2 for one of its own, 1 for a hit.
_KINDS = np.arange(8)
_REFERENCE, _OWN = _KINDS // 4, _KINDS // 2 % 2


@dataclass(frozen=True, slots=True, eq=False)
class FlipMap:
    """The winner in each cell of cost ratio × prevalence.

    ``ratios`` has shape (R,), ``prevalences`` (P,), both ascending; prevalence is that
    of the ``reference`` option's rows. ``winner`` and ``second`` have shape (P, R) and
    index ``options``; ``cost`` is the winner's, ``gap`` how much more the second costs
    (false alarms a decision) and ``half`` half the width of the gap's interval.
    ``separated`` is True where that interval leaves zero out. ``here`` is the pair's
    own ratio and the measured prevalence. Arrays are read-only.
    """

    options: tuple[str, ...]
    reference: str
    ratios: Floats
    prevalences: Floats
    winner: NDArray[np.int64]
    second: NDArray[np.int64]
    cost: Floats
    gap: Floats
    half: Floats
    separated: NDArray[np.bool_]
    here: tuple[float, float]
    level: float
    left_out: tuple[str, ...] = ()


def flip_map(
    contenders: Sequence[Contender],
    *,
    reference: str,
    ratio: float,
    prevalence: float,
    ratios: ArrayLike | None = None,
    prevalences: ArrayLike | None = None,
    review_cost: float = 0.0,
    reviewer: Reviewer | None = None,
    alternatives: Shown | None = None,
    capacity_share: float | None = None,
    deff: Mapping[str, float] | None = None,
    pair_deff: Mapping[frozenset[str], float] | None = None,
    absent: float = 0.0,
    level: float = LEVEL,
    left_out: Sequence[str] = (),
) -> FlipMap:
    """Find the cheapest option in every cell, and whether it is told from the next.

    Parameters
    ----------
    contenders
        At least two, with the same rows kept aside.
    reference
        Whose prevalence the axis shows; its rows need both labels.
    ratio, prevalence
        The pair's own, and the reference's as measured: there no row is re-weighted.
    ratios, prevalences
        The grid, ascending. By default 25 ratios from a tenth of the pair's to ten
        times it, and the prevalences whose odds are from an eighth of the measured to
        eight times it: 21, less those under 0.01 or above 0.99.
    review_cost, reviewer
        Price of a review in false alarms; the reviewer is perfect unless given.
    alternatives
        False alarms that showing the best few costs, with a right one among them for a
        positive and a negative, then without. No ratio changes them.
    capacity_share
        Reviews there may be for each decision: no band asks about more, in any cell.
        What goes to a person as a fallback is valued whatever there are.
    deff
        Design effect of each option, 1 where it has none; of two, the larger counts.
    pair_deff
        Design effect of what two options differ by, where it was measured; it stands in
        for the larger of the two. Rows that hang together often move both alike.
    absent
        False alarms that every row counts for whose label is negative, whatever is done
        with it: a right answer that an option does not have. No ratio changes it.
    level
        Of the intervals: winner and second are one of as many comparisons as there are
        other options (Bonferroni).
    left_out
        Options that have no rows; named in the answer and nothing else.

    Of equal costs, what has no model wins, then the lower id. The interval is paired,
    row by row, and normal: z·sqrt(variance·deff/n). The reference's prevalence being
    stated, only spread within its labels counts, and how often another option's label
    is positive beside it (first-order, as weights follow what was counted).

    Raises
    ------
    InputError
        Fewer than two options, ids that repeat, a reference unknown or with one label,
        rows kept aside that are not as many, no price for the best few where they are
        shown, or a number out of its range.
    """
    effects = {each.id: (deff or {}).get(each.id, 1.0) for each in contenders}
    who = reviewer or Reviewer()
    prices = Prices(review_cost, who, alternatives, capacity_share, absent)
    check_contenders(contenders, reference, effects)
    check_prices(contenders, prices)
    z = z_of(family_level(len(contenders) - 1, level=level))
    cells = grid_of(ratio, prevalence, ratios, prevalences)
    ordered, played = _play_all(contenders, reference, cells, prices)
    return _who_wins(
        contenders,
        ordered,
        played,
        cells,
        _effects(ordered, effects, pair_deff or {}),
        z=z,
        reference=reference,
        here=(ratio, prevalence),
        level=level,
        left_out=left_out,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Played:
    """An option at its own policy in each cell, on the rows kept aside.

    ``bins`` and ``kinds`` have shape (n,): the first position that acts on a row, and
    what kind of row it is. ``edges``, shape (cells, 4), are the positions where acting,
    asking and leaving begin and end. ``moves``, shape (cells, 8, 3), is by how much a
    row of a kind, with what is done to it, moves the cost when it counts once more.
    """

    bins: Codes
    kinds: Codes
    edges: Ints
    cost: Floats
    moves: Floats


def _who_wins(
    contenders: Sequence[Contender],
    ordered: Sequence[Contender],
    played: Sequence[_Played],
    cells: Cells,
    wide: Floats,
    *,
    z: float,
    reference: str,
    here: tuple[float, float],
    level: float,
    left_out: Sequence[str],
) -> FlipMap:
    """The map of what was played; it and ``wide`` stand in the order ``ordered``."""
    first, then, cost, gap = _first_two(np.stack([p.cost for p in played]), cells)
    variance = _variances(played, first, then) * wide[first, then]
    half = z * np.sqrt(variance / len(played[0].bins))
    places = np.array([contenders.index(each) for each in ordered])
    return FlipMap(
        options=tuple(each.id for each in contenders),
        reference=reference,
        ratios=_frozen(cells.across),
        prevalences=_frozen(cells.down),
        winner=_frozen(places[first].reshape(cells.shape)),
        second=_frozen(places[then].reshape(cells.shape)),
        cost=_frozen(cost.reshape(cells.shape)),
        gap=_frozen(gap.reshape(cells.shape)),
        half=_frozen(half.reshape(cells.shape)),
        separated=_frozen((gap > half).reshape(cells.shape)),
        here=here,
        level=level,
        left_out=tuple(left_out),
    )


def _effects(
    ordered: Sequence[Contender],
    effects: Mapping[str, float],
    of_pairs: Mapping[frozenset[str], float],
) -> Floats:
    """The design effect of each two options' difference, shape (K, K)."""
    return np.array(
        [
            [
                of_pairs.get(
                    frozenset((one.id, other.id)),
                    max(effects[one.id], effects[other.id]),
                )
                for other in ordered
            ]
            for one in ordered
        ]
    )


def _own(prices: Prices, contender: Contender) -> Prices:
    return (
        prices if contender.review is None else replace(prices, review=contender.review)
    )


def _play_all(
    contenders: Sequence[Contender], reference: str, cells: Cells, prices: Prices
) -> tuple[list[Contender], list[_Played]]:
    """Play each in one order whatever the caller's, so that sums and ties are one."""
    base = labels_of(next(c.report.labels for c in contenders if c.id == reference))
    ordered = sorted(contenders, key=lambda each: (each.scored, each.id))
    return ordered, [_play(c, base, cells, _own(prices, c)) for c in ordered]


def _play(contender: Contender, base: Bools, cells: Cells, prices: Prices) -> _Played:
    cuts = cuts_of(contender)
    act, ask = policies_in(contender, cuts, cells, prices)
    rows, last = contender.report, len(cuts) + 1
    bins, own = bins_of(contender, rows, cuts), own_kinds(contender, rows)
    kinds = 4 * base.astype(np.int32) + own
    upto = acted_on(kinds, bins, last, of=len(_KINDS))
    edges = np.stack([np.zeros_like(act), act, ask, np.full_like(act, last)], axis=1)
    counts = np.diff(upto.T[edges], axis=1).swapaxes(1, 2).astype(np.float64)
    costs = prices.costs(contender.fallback, cells)[:, _KINDS % 4]
    cost, moves = _valued(counts, costs, cells)
    return _Played(bins, kinds, edges, cost, moves)


def _valued(counts: Floats, costs: Floats, cells: Cells) -> tuple[Floats, Floats]:
    """Cost a decision in each cell, and each row's part in its uncertainty.

    ``counts`` and ``costs`` have shape (cells, 8, 3). A row moves the mean of its own
    label by its distance from it, and the prevalence by its labels: up where its own is
    positive, down where the reference's is, whose prevalence stays as stated.
    """
    n = float(counts[0].sum())
    share, base = (float(counts[0, side == 1].sum()) / n for side in (_OWN, _REFERENCE))
    weights = cells.weights(share)
    total = (counts * costs).sum(axis=2)
    sums = np.stack([total[:, label == _OWN].sum(axis=1) for label in (0, 1)], axis=1)
    means = sums / np.maximum(n * np.array([1 - share, share]), 0.5)
    moves = weights[:, _OWN, None] * (costs - means[:, _OWN, None])
    both = weights.prod(axis=1) * (means[:, 1] - means[:, 0])
    own = _OWN - share
    stated = share * (1 - share) * (_REFERENCE - base) / (base * (1 - base))
    moves += (both[:, None] * (own - stated))[:, :, None]
    return (weights * sums).sum(axis=1) / n, moves


def _variances(played: Sequence[_Played], winner: Ints, second: Ints) -> Floats:
    """Variance over rows of what the second costs more than the winner, (cells,)."""
    found = np.zeros(len(winner))
    pairs = np.sort(np.stack([winner, second], axis=1), axis=1)
    for one, other in np.unique(pairs, axis=0):
        at = np.flatnonzero((pairs == (one, other)).all(axis=1))
        found[at] = _variance(played[one], played[other], at)
    return found


def _variance(one: _Played, other: _Played, at: Ints) -> Floats:
    """Of the difference of two options, in the cells ``at``; no row is met twice.

    Rows are counted once by both bins and both kinds. Sums of these from the corner
    give each cell's table of what the one and the other does with a row.
    """
    width, height = int(one.edges[0, -1]) + 1, int(other.edges[0, -1]) + 1
    both = 8 * one.kinds + other.kinds
    present = np.flatnonzero(np.bincount(both, minlength=64))
    code = np.zeros(64, dtype=np.int32)
    code[present] = np.arange(len(present))
    joint = (code[both] * width + one.bins) * height + other.bins
    count = np.bincount(joint, minlength=len(present) * width * height)
    upto = count.reshape(-1, width, height).cumsum(axis=1).cumsum(axis=2)
    corners = upto[:, one.edges[at][:, :, None], other.edges[at][:, None, :]]
    table = np.diff(np.diff(corners, axis=2), axis=3)
    first = one.moves[at][:, present // 8].swapaxes(0, 1)
    then = other.moves[at][:, present % 8].swapaxes(0, 1)
    square = np.square(then[:, :, None, :] - first[:, :, :, None])
    found: Floats = (table * square).sum(axis=(0, 2, 3)) / len(both)
    return found


def _first_two(costs: Floats, cells: Cells) -> tuple[Ints, Ints, Floats, Floats]:
    """The cheapest option of each cell and the next, its cost and what lies between.

    ``costs`` has shape (options, cells). Ties go by the order of the options.
    """
    equal, every = 10 * EQUAL * (1 + cells.ratios), np.arange(cells.size)
    first = first_within(costs, costs.min(axis=0) + equal)
    rest = costs.copy()
    rest[first, every] = np.inf
    then = first_within(rest, rest.min(axis=0) + equal)
    cost = costs[first, every]
    gap = costs[then, every] - cost
    return first, then, cost, np.where(gap > equal, gap, 0.0)


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    values.flags.writeable = False
    return values
