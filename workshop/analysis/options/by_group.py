"""Whom does an option hit: which groups does it go wrong for, and whom does it miss?

Shares are of all decisions about a group, not only of those acted on: what counts is
how often it happens to somebody. A person's errors are no counts of rows and stay out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workshop.analysis.group_names import MOST, Group, group_names
from workshop.analysis.intervals import LEVEL, rate
from workshop.analysis.options.places import PLACE, PLACES, Placed
from workshop.errors import InputError
from workshop.record.values import Number


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
    effects = [deff] * len(groups) if isinstance(deff, float | int) else list(deff)
    if len(effects) != len(groups):
        raise InputError(
            f"{column}: {len(effects)} design effects for {len(groups)} groups"
        )
    cell = codes.astype(np.intp) * len(PLACES) + placed.codes
    counts = np.bincount(cell, minlength=len(groups) * len(PLACES))
    table = counts.reshape(len(groups), -1)
    overall = table.sum(axis=0) / len(codes)

    def measure(place: str, name: str, group: int) -> tuple[Number, bool]:
        found = rate(
            f"hit.{placed.option}.{column}.{groups[group].key}.{name}",
            table[group, PLACE[place]],
            table[group].sum(),
            rows="report",
            deff=effects[group],
            level=1 - (1 - LEVEL) / len(groups),
        )
        # A group is part of all: its share strays from theirs less than from a fixed
        # one, so that their own uncertainty need not be added.
        return found, found.lo is not None and found.lo > float(overall[PLACE[place]])

    hits = []
    for place, group in enumerate(groups):
        wrong, more_wrong = measure("fp", "wrong", place)
        missed, more_missed = measure("fn", "missed", place)
        hits.append(GroupHit(group, wrong, missed, more_wrong, more_missed))
    return tuple(hits)
