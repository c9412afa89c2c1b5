"""Are values missing by chance, or do holes go with the label or with a group?

Two sorts of comparisons, each with Newcombe's interval for a difference of shares at
a level corrected for all of them, at the effective number of rows where rows hang
together by a cluster; `completeness` says which of them are a finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workshop.analysis.intervals import (
    LEVEL,
    Interval,
    newcombe,
    rate,
    sample_size,
)
from workshop.analysis.readiness.checks.sizes import (
    difference,
    listed,
    quantity,
    worst_first,
)
from workshop.analysis.readiness.findings import CannotTell
from workshop.analysis.readiness.profile import (
    ColumnProfile,
    GroupProfile,
    Profile,
)
from workshop.record.values import Number

# Rows that differ by five points are rows of another kind; a figure that moves by one
# point when they are left out is another figure, however small the difference.
APART = 0.05
SHIFT = 0.01
# Rows with a hole that tell five points apart, whatever the share.
ENOUGH_HOLES = sample_size(0.5, APART)


@dataclass(frozen=True, slots=True)
class Look:
    """One comparison: ``k1`` of ``n1`` there, ``k2`` of ``n2`` elsewhere.

    For the label: positives where ``column`` is missing and where it is not, and
    ``weight`` is the share of labelled rows where it is missing. For a group: holes of
    ``column`` in that group and in all other rows. ``deff`` is the design effect of
    the labels, or of the holes.
    """

    column: str
    goes_with: str
    group: str | None
    counts: tuple[int, int, int, int]
    weight: float = 0.0
    deff: float = 1.0

    @property
    def about(self) -> str:
        """The column, and what its holes are held against."""
        return f"{self.column} · {self.goes_with}"

    @property
    def apart(self) -> float:
        """The one share less the other."""
        k1, n1, k2, n2 = self.counts
        return k1 / n1 - k2 / n2

    def interval(self, level: float) -> Interval:
        """Newcombe's interval of their difference at the effective number of rows."""
        return newcombe(*(count / self.deff for count in self.counts), level=level)

    def surely(self, level: float) -> float:
        """How far the two shares lie apart at the least."""
        found = self.interval(level)
        return max(found.lo, -found.hi, 0.0)


def label_looks(profile: Profile) -> Iterator[Look]:
    """Compare positives where a column is missing with positives where it is not."""
    label = profile.label
    if label is None:
        return
    for c in profile.of_role("feature", "group"):
        there, elsewhere = c.missing_judged, label.judged - c.missing_judged
        if there and elsewhere:
            others = label.positives - c.missing_positives
            counts = (c.missing_positives, there, others, elsewhere)
            weight = there / label.judged
            yield Look(c.name, label.column, None, counts, weight, label.deff)


def group_looks(profile: Profile) -> tuple[list[Look], int]:
    """Compare holes in each value of each group with holes in all other rows.

    Of what may be a million comparisons only those that lie five points apart are
    returned, and how many there were.
    """
    looks: list[Look] = []
    count = 0
    for group in profile.groups:
        counted = {name for value in group.values for name in value.missing}
        for c in profile.of_role("feature", "group"):
            known = c.name in counted and c.name != group.column
            if known and 0 < c.missing < profile.rows:
                count += len(group.values)
                deff = profile.shapes.hole_deffs.get(c.name, 1.0)
                looks += _far_apart(profile.rows, group, c, deff)
    return looks, count


def _far_apart(
    rows: int, group: GroupProfile, column: ColumnProfile, deff: float
) -> Iterator[Look]:
    for value in group.values:
        holes, rest = value.missing.get(column.name, 0), rows - value.rows
        if not value.rows or not rest:
            continue
        others = column.missing - holes
        if abs(holes / value.rows - others / rest) >= APART:
            there = f"{group.column}: {value.value}"
            counts = (holes, value.rows, others, rest)
            yield Look(column.name, there, group.column, counts, deff=deff)


def is_related(one: Look, level: float) -> bool:
    """Say whether the two sides surely differ, or move the figure, by enough."""
    surely = one.surely(level)
    return surely >= APART or one.weight * surely >= SHIFT


def put_together(looks: Iterable[Look]) -> list[Look]:
    """Make one of columns with the same holes; the label first, then the furthest."""
    alike: dict[tuple[str, tuple[int, ...]], list[Look]] = {}
    for one in looks:
        alike.setdefault((one.goes_with, one.counts), []).append(one)
    merged = [
        replace(same[0], column=listed([one.column for one in same], most=2))
        for same in alike.values()
    ]
    by_distance = worst_first(merged, lambda one: abs(one.apart), lambda one: one.about)
    return sorted(by_distance, key=lambda one: one.group is not None)


def ask_for_more(looks: list[Look]) -> None:
    """Say so where holes look related to the label but are too few to be sure.

    Only where the interval of that one comparison, not corrected for all the others,
    leaves out zero: anything else is what chance does where holes are few. Raises
    `CannotTell` with the comparison that lies furthest apart.
    """
    unsure = [
        one
        for one in looks
        if abs(one.apart) >= APART
        and min(one.counts[1], one.counts[3]) < ENOUGH_HOLES * one.deff
        and one.surely(LEVEL) > 0
    ]
    if not unsure:
        return
    one = max(unsure, key=lambda one: abs(one.apart))
    numbers = {
        "difference": difference("DR013.apart", one.apart, one.interval(LEVEL)),
        "holes": quantity("DR013.holes", float(min(one.counts[1::2])), "rows"),
        "needed": quantity("DR013.needed", math.ceil(ENOUGH_HOLES * one.deff), "rows"),
    }
    raise CannotTell("few_holes", numbers, {"column": one.column})


def sides_of(one: Look, level: float) -> dict[str, Number]:
    """Return both shares and their difference, with intervals at that level."""
    k1, n1, k2, n2 = one.counts
    wide = {"level": level, "deff": one.deff}
    return {
        "there": rate("DR013.there", k1, n1, rows="all", **wide),
        "elsewhere": rate("DR013.elsewhere", k2, n2, rows="all", **wide),
        "difference": difference("DR013.difference", one.apart, one.interval(level)),
    }


def moved_by(looks: list[Look], level: float) -> Number:
    """How far the figure moves without those rows: the most of all comparisons."""

    def size(one: Look) -> float:
        return abs(one.apart) * (1.0 if one.group else one.weight)

    one = max(looks, key=size)
    weight = 1.0 if one.group else one.weight
    found = one.interval(level)
    far = max(abs(found.lo), abs(found.hi))
    return Number(
        id="DR013.at_stake",
        value=size(one),
        lo=weight * one.surely(level),
        hi=weight * far,
        level=level,
        method=found.method,
        rows="all",
    )
