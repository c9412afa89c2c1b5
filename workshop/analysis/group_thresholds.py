"""What would a threshold of its own for each group bring, and what would it cost?

Two aims: a share that is the same for all groups, as near as it can be brought to that
of everyone at the common threshold; or the least cost in each group. Thresholds are
found on the rows that choose and valued on the rows kept aside, always beside the
common threshold. Whether groups may be treated by different thresholds at all is a
question of law and policy, which no number here answers.

Sources: Hardt, Price & Srebro 2016 for equal recall by group thresholds. The cost is
that of `policies`: C_FP = 1, C_FN = ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.group_names import Group
from workshop.analysis.group_shares import GroupShares, group_shares
from workshop.analysis.groups import FEWEST, GroupCounts, GroupCurves
from workshop.analysis.intervals import normal_mean, rate
from workshop.analysis.metrics import check_ratio, number_of
from workshop.errors import InputError
from workshop.record.terms import METRICS
from workshop.record.values import Number, Rows

Aim = Literal["equal", "cheapest"]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Worth = list[tuple[float, int]]  # what a row is worth, and how many rows are

# Shares this near to each other count as equal; the cheapest of such thresholds is
# taken. Nearer is noise: a handful of flagged rows can hit any share by chance.
SAME = 0.005

# Shares that no single threshold moves.
UNMOVED = ("prevalence", "error_rate", "review_rate")


@dataclass(frozen=True, slots=True)
class GroupThresholds:
    """A threshold for each group, beside the common one.

    ``thresholds`` is in line with ``groups``; ``kept`` are places of groups with too
    few choosing rows to have one of their own: they keep the common one. All numbers
    are of the rows it is valued on. ``cost`` and ``common_cost`` are false alarms a
    decision, ``cost_difference`` the first less the second, row by row. ``common`` and
    ``own`` are the share ``metric`` under either; ``otherwise`` is the share of rows
    that are treated otherwise.
    """

    aim: Aim
    metric: str
    groups: tuple[Group, ...]
    common_threshold: float
    thresholds: tuple[float, ...]
    kept: tuple[int, ...]
    cost: Number
    common_cost: Number
    cost_difference: Number
    common: GroupShares
    own: GroupShares
    otherwise: Number


def group_thresholds(
    aim: Aim,
    metric: str,
    choose: GroupCurves,
    report: GroupCurves,
    *,
    common: float,
    ratio: float,
    rows: Rows = "report",
    id: str = "group_thresholds",
    deff: float = 1.0,
    deffs: Sequence[float] | None = None,
    fewest: int = FEWEST,
) -> GroupThresholds:
    """Find a threshold for each group on ``choose`` and value them on ``report``.

    Parameters
    ----------
    aim
        ``equal``: ``metric`` of each group as near as possible to everyone's at the
        common threshold. ``cheapest``: least ``fp + ratio·fn`` in each group, of equal
        costs the highest threshold; ``metric`` is then only looked at.
    metric
        A share of `metrics` that a threshold moves.
    choose, report
        Counted at the same thresholds.
    common
        The threshold for all, snapped as `GroupCurves.at` does.
    ratio
        How many false alarms one miss is worth.
    deff, deffs, fewest, id
        As for `group_shares`.

    Raises
    ------
    InputError
        Curves of other groups or thresholds, a metric that is no share or that no
        threshold moves, or a ratio that is not positive.
    """
    _check(metric, choose, report, ratio)
    place = choose.place_of(common)
    places, kept = _PLACES[aim](choose, metric, place, ratio, fewest)
    before, after = (report.each_at(p) for p in (np.full_like(places, place), places))
    treated = _treated_otherwise(before, after, ratio)
    moved = sum(k for _, k in treated)
    n = int((report.positives + report.negatives).sum())
    mean = partial(_mean, n=n, rows=rows, deff=deff)
    shares = partial(
        group_shares, metric, rows=rows, deff=deff, deffs=deffs, fewest=fewest
    )
    return GroupThresholds(
        aim=aim,
        metric=metric,
        groups=choose.groups,
        common_threshold=float(choose.thresholds[place]),
        thresholds=tuple(choose.thresholds[places].tolist()),
        kept=kept,
        cost=mean(f"{id}.cost", _cost(after, ratio)),
        common_cost=mean(f"{id}.common_cost", _cost(before, ratio)),
        cost_difference=mean(f"{id}.cost_difference", treated),
        common=shares(before, id=f"{id}.common"),
        own=shares(after, id=f"{id}.own"),
        otherwise=rate(f"{id}.otherwise", moved, n, rows=rows, deff=deff),
    )


def _places_equal(
    curves: GroupCurves, metric: str, place: int, ratio: float, fewest: int
) -> tuple[Places, tuple[int, ...]]:
    """Where each group's share comes nearest to everyone's at the common threshold."""
    target = _share_of_all(curves, metric, place)
    k, n = curves.everywhere().share(metric)
    enough = np.broadcast_to(n >= max(1, fewest), curves.tp.shape)
    if target is None:
        enough = np.zeros_like(enough)
    away = np.where(enough, np.abs(k / np.maximum(n, 1) - (target or 0.0)), np.inf)
    near = away <= away.min(axis=1, keepdims=True) + SAME
    costs = np.where(near & enough, _costs(curves, ratio), np.inf)
    return _own_or_common(costs, place, np.asarray(enough.any(axis=1)))


def _places_cheapest(
    curves: GroupCurves, metric: str, place: int, ratio: float, fewest: int
) -> tuple[Places, tuple[int, ...]]:
    """Where each group costs least."""
    enough = curves.positives + curves.negatives >= max(1, fewest)
    return _own_or_common(_costs(curves, ratio), place, enough)


_PLACES = {"equal": _places_equal, "cheapest": _places_cheapest}


def _own_or_common(
    costs: Floats, place: int, enough: NDArray[np.bool_]
) -> tuple[Places, tuple[int, ...]]:
    """The cheapest place of each group; the common one where it has too few rows.

    `argmin` takes the first of equals, which is the highest threshold.
    """
    places = np.where(enough, costs.argmin(axis=1), place).astype(np.intp)
    return places, tuple(np.flatnonzero(~enough).tolist())


def _share_of_all(curves: GroupCurves, metric: str, place: int) -> float | None:
    counts = curves.each_at(np.full(len(curves.groups), place))
    return number_of(metric, counts.overall, rows="choose").value


def _costs(curves: GroupCurves, ratio: float) -> Floats:
    """What each group costs in all at each threshold, in false alarms."""
    counts = curves.everywhere()
    return np.asarray(counts.fp + ratio * counts.fn, dtype=np.float64)


def _cost(counts: GroupCounts, ratio: float) -> Worth:
    cells = counts.overall
    return [(1.0, int(cells.fp)), (ratio, int(cells.fn))]


def _treated_otherwise(common: GroupCounts, own: GroupCounts, ratio: float) -> Worth:
    """What each row adds to the cost by being treated otherwise, and how many do.

    In one group the higher threshold acts on some of the rows of the lower one, so a
    difference of counts is a count of rows.
    """
    tp, fp = own.tp - common.tp, own.fp - common.fp
    return [
        (-ratio, int(tp.clip(min=0).sum())),
        (1.0, int(fp.clip(min=0).sum())),
        (ratio, int((-tp).clip(min=0).sum())),
        (-1.0, int((-fp).clip(min=0).sum())),
    ]


def _mean(id: str, worth: Worth, n: int, *, rows: Rows, deff: float) -> Number:
    """Mean over ``n`` rows, of which those not named are worth nothing."""
    mean = sum(value * k for value, k in worth) / n
    square = sum(value * value * k for value, k in worth) / n
    found = normal_mean(mean, square - mean * mean, n, deff=deff)
    return Number(
        id=id,
        value=mean,
        n=n,
        lo=found.lo,
        hi=found.hi,
        level=found.level,
        method=found.method,
        rows=rows,
        unit=METRICS["expected_cost"].unit,
    )


def _check(metric: str, choose: GroupCurves, report: GroupCurves, ratio: float) -> None:
    if metric in UNMOVED:
        raise InputError(f"no threshold moves {metric}: groups cannot be set by it")
    if choose.groups != report.groups:
        raise InputError("the rows to choose on and to report on have other groups")
    if not np.array_equal(choose.thresholds, report.thresholds):
        raise InputError("count the groups of both sides at the same thresholds")
    check_ratio(ratio)
