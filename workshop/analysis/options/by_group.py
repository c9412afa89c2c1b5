"""Whom does an option hit: which groups does it go wrong for, and whom does it miss?

Shares are of all decisions about a group, not only of those acted on: what counts is
how often it happens to somebody. A person's errors are no counts of rows and stay out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.group_names import MOST, Codes, Group, group_names
from workshop.analysis.intervals import family_level, rate
from workshop.analysis.options.places import PLACE, PLACES, Placed
from workshop.errors import InputError
from workshop.record.values import Number

Counts = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class GroupHit:
    """What an option comes to for one group, as shares of the decisions about it.

    ``wrong`` is acted on wrongly, ``missed`` is a positive left alone; their ranges
    hold for all groups at once (Bonferroni). ``more_wrong`` and ``more_missed`` say
    that the range lies above the share of all groups together.
    """

    group: Group
    wrong: Number
    missed: Number
    more_wrong: bool
    more_missed: bool


def hit_by_group(
    placed: Placed,
    values: ArrayLike,
    column: str,
    *,
    most: int = MOST,
    deff: float | Sequence[float] = 1.0,
) -> tuple[GroupHit, ...]:
    """How often an option goes wrong for each group, and how often it misses one.

    Parameters
    ----------
    placed
        Where the option puts its rows.
    values
        What ``column`` says of each of these rows, in their order: shape (n,).
    column
        Its name, part of the numbers' ids.
    most
        Groups shown at most, as in `group_names`.
    deff
        The design effect of each group's rows, in the order of `group_names`, or one
        for all.

    Raises
    ------
    InputError
        Lengths that differ, and as `group_names`.
    """
    codes, groups = group_names(values, most)
    if len(codes) != len(placed.codes):
        raise InputError(
            f"{column}: {len(codes)} values for {len(placed.codes)} rows;"
            " each row needs one"
        )
    effects = _effect_of_each(deff, column, len(groups))
    table = _counts(codes, placed, len(groups))
    overall = table.sum(axis=0) / len(codes)
    level = family_level(len(groups))
    return tuple(
        _hit(
            group,
            f"hit.{placed.option}.{column}.{group.key}",
            of_one,
            overall,
            deff=effect,
            level=level,
        )
        for group, of_one, effect in zip(groups, table, effects, strict=True)
    )


def _effect_of_each(
    deff: float | Sequence[float], column: str, groups: int
) -> list[float]:
    effects = [deff] * groups if isinstance(deff, float | int) else list(deff)
    if len(effects) != groups:
        raise InputError(f"{column}: {len(effects)} design effects for {groups} groups")
    return effects


def _counts(codes: Codes, placed: Placed, groups: int) -> Counts:
    """How many rows of each group stand in each place, shape (groups, places)."""
    cell = codes.astype(np.intp) * len(PLACES) + placed.codes
    counts = np.bincount(cell, minlength=groups * len(PLACES))
    return counts.reshape(groups, -1)


def _hit(
    group: Group,
    id: str,
    counts: Counts,
    overall: NDArray[np.float64],
    *,
    deff: float,
    level: float,
) -> GroupHit:
    """Both shares of one group, beside those of all; each has shape (places,)."""
    of = counts.sum()
    wrong, missed = (
        rate(f"{id}.{name}", counts[at], of, rows="report", deff=deff, level=level)
        for name, at in (("wrong", PLACE["fp"]), ("missed", PLACE["fn"]))
    )
    # A group is part of all: its share strays from theirs less than from a fixed one,
    # so that their own uncertainty need not be added.
    more_wrong = wrong.lo is not None and wrong.lo > float(overall[PLACE["fp"]])
    more_missed = missed.lo is not None and missed.lo > float(overall[PLACE["fn"]])
    return GroupHit(group, wrong, missed, more_wrong, more_missed)
