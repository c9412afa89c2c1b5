"""Which groups came more or less often than among the rows kept aside?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.group_names import Group, group_names
from workshop.analysis.intervals import design_effect, family_level, rate
from workshop.analysis.retro.apart import apart
from workshop.analysis.retro.results import GroupVolume
from workshop.analysis.retro.shifted import Sides

Bools = NDArray[np.bool_]
DRAWS = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """One group of a column, and which rows of both sides are in it."""

    column: str
    group: Group
    own: Bools


def volumes(
    sides: Sides, columns: Sequence[str], *, seed: int
) -> tuple[GroupVolume, ...]:
    """Each group's share of all rows, then and now.

    The ranges of all differences hold together (Bonferroni over all groups); a group
    moved where its range leaves zero out.
    """
    found = [
        _Group(name, group, codes == place)
        for name in columns
        if name in sides.frame
        for codes, groups in (group_names(sides.frame[name]),)
        for place, group in enumerate(groups)
    ]
    level = family_level(len(found))
    return tuple(_volume(one, sides, level, seed) for one in found)


def _volume(one: _Group, sides: Sides, level: float, seed: int) -> GroupVolume:
    id = f"retro.volume.{one.column}.{one.group.key}"
    deffs = [_deff(one.own, side, sides, seed) for side in (~sides.new, sides.new)]
    shares = [
        rate(
            f"{id}.{name}",
            int(one.own[side].sum()),
            int(side.sum()),
            rows="live" if name == "now" else "report",
            deff=deff,
        )
        for name, side, deff in zip(
            ("then", "now"), (~sides.new, sides.new), deffs, strict=True
        )
    ]
    gap = apart(
        f"{id}.difference",
        shares[1],
        shares[0],
        deff_now=deffs[1],
        deff_then=deffs[0],
        level=level,
    )
    moved = gap.lo is not None and (gap.lo > 0 or (gap.hi or 0.0) < 0)
    return GroupVolume(
        one.column, one.group.name, one.group.kind, shares[0], shares[1], gap, moved
    )


def _deff(own: Bools, side: Bools, sides: Sides, seed: int) -> float:
    """How much rows that hang together share a group, on one side."""
    if sides.clusters is None or not side.any():
        return 1.0
    clusters = sides.clusters[side]
    return design_effect(
        own[side].astype(float), clusters, seed=seed, n_boot=DRAWS
    ).deff
