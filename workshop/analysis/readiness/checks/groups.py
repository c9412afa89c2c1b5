"""For whom do these rows speak, and for whom not?

Few sources, groups too thin for a rate, groups whose rates differ, and what two groups
together show that neither shows alone. Rates carry Wilson's interval; wherever many
groups are compared, at Bonferroni's level over the family, so that the more one looks
the more it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workshop.analysis.intervals import (
    FEW_SOURCES,
    LEVEL,
    Interval,
    family_level,
    newcombe,
    rate,
    wilson,
)
from workshop.analysis.readiness.checks.crossings import beyond_both, surprises
from workshop.analysis.readiness.checks.sizes import (
    MOST_DETAILS,
    difference,
    listed,
    quantity,
)
from workshop.analysis.readiness.findings import CannotTell, Detail, NotApplicable
from workshop.analysis.readiness.given import ReviewInput, Scored
from workshop.analysis.readiness.profile import CrossCount, GroupCount, GroupProfile
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

TOO_WIDE = 0.15
"""A rate known no better than this either way says nothing useful about a group."""

APART = 0.05
"""Points by which rates must surely differ before it is worth a decision."""

APART_RARE = 0.5
"""Where positives are rare: half of the overall rate is far apart as well."""


@check("DR003", "representativeness", threatens="promise", owner="engineering")
def few_sources(given: ReviewInput) -> Found | None:
    """Rows come from so few sources that a new one may look quite different.

    At stake is how far the error moves when the one source that matters most is left
    out.
    """
    scored = given.scored
    if scored is None:
        raise NotApplicable("no_scores")
    if scored.sources is None:
        raise NotApplicable("no_cluster")
    counts = _by_source(scored)
    if len(counts) >= FEW_SOURCES:
        return None
    largest, moves = counts[0], _without_one(counts)
    return Found(
        "warning",
        {
            "sources": quantity("DR003.sources", len(counts), "sources"),
            "largest": rate(
                "DR003.largest", largest.judged, len(scored.labels), rows="all"
            ),
            "moves": quantity("DR003.moves", moves, "share"),
        },
        {"name": largest.name, "unit": given.source_name},
        quantity("DR003.at_stake", moves, "share") if moves is not None else None,
        tuple(_source_detail(i, c) for i, c in enumerate(counts[:MOST_DETAILS])),
    )


@check("DR011", "representativeness", threatens="groups", owner="both", reach="part")
def thin_groups(given: ReviewInput) -> Found | None:
    """Groups too small for a rate to within fifteen points each way, whatever it is.

    Warning when the decision is to be looked at by that column, else a note. Values
    beyond those counted are smaller than the smallest counted, so that they are thin
    where it is. At stake is the half-width of the rate known least.
    """
    groups, deff = _groups(given), given.deff
    cells = [c for group in groups for c in _cells(group)]
    thin = [c for c in cells if _thin(c, deff)]
    beyond = sum(_beyond(group, deff) for group in groups)
    if not thin:
        return None
    thin.sort(key=lambda c: (c.column not in given.use.groups, -_half(c, deff)))
    used = thin[0].column in given.use.groups
    number = rate(
        "DR011.thin",
        len(thin) + beyond,
        sum(group.distinct for group in groups),
        rows="all",
    )
    named = [f"{c.name} ({c.judged:,})" for c in thin]
    names = {"groups": listed(named, of=len(thin) + beyond)}
    return Found(
        "warning" if used else "note",
        {"thin": number},
        names,
        quantity("DR011.at_stake", max(_half(c, deff) for c in thin), "share"),
        tuple(_detail("DR011", i, c, deff) for i, c in enumerate(thin[:MOST_DETAILS])),
    )


@check("DR025", "representativeness", threatens="groups", owner="product")
def rates_by_group(given: ReviewInput) -> Found | None:
    """Groups whose label rates surely differ.

    Each group's Wilson interval is taken at Bonferroni's level over all groups of all
    columns. Two groups of a column whose intervals do not touch differ; the pair that
    is surely furthest apart is named. Fires from five points, or half of the overall
    rate where positives are rare, by the lower bound of the difference. Warning when
    the decision is to be looked at by that column, else a note.
    """
    groups, deff = _groups(given), given.deff
    families = [[c for c in _cells(g) if not _thin(c, deff)] for g in groups]
    families = [family for family in families if len(family) > 1]
    if not families:
        raise CannotTell("too_thin")
    level = family_level(sum(len(family) for family in families))
    pairs = [_furthest(family, deff, level) for family in families]
    apart = [p for p in pairs if p.found.lo >= _far(given)]
    if not apart:
        return None
    apart.sort(key=lambda p: (p.high.column not in given.use.groups, -p.found.lo))
    first = apart[0]
    numbers = {
        "high": _rate("DR025.high", first.high, deff, level),
        "low": _rate("DR025.low", first.low, deff, level),
        "apart": difference("DR025.apart", first.distance, first.found),
    }
    names = {"high_name": first.high.name, "low_name": first.low.name}
    family = next(f for f in families if f[0].column == first.high.column)
    return Found(
        "warning" if first.high.column in given.use.groups else "note",
        numbers,
        names,
        quantity("DR025.at_stake", first.distance, "share"),
        _outermost("DR025", family, deff, level),
    )


@check("DR026", "representativeness", threatens="groups", owner="both", reach="part")
def groups_by_groups(given: ReviewInput) -> Found | None:
    """Crossings of two groups that are thin, or that differ from both their groups.

    A crossing differs when it surely lies above, or below, all else of both its groups,
    and surely not where the two groups' own differences added up would put it, by five
    points at least (Bonferroni's level over the crossings; the groups count as
    uncertain). Warning when there is one and both columns are to be looked at; else a
    note. The thin ones are the details: each is something that the model cannot do. At
    stake is how far the furthest lies from what was to be expected, else the half-width
    of a rate in the thinnest.
    """
    crossing = given.profile.crossing
    if crossing is None or not crossing.cells:
        raise NotApplicable("no_crossing")
    _label(given)
    deff = given.deff
    cells = [_crossed(c) for c in crossing.cells]
    thin = [c for c in cells if _thin(c, deff)]
    level = family_level(max(1, len(cells) - len(thin)))
    gaps = _gaps(crossing.cells, deff, level)
    apart = [c for c in cells if c not in thin and gaps[c.name] >= APART]
    if not thin and not apart:
        return None
    apart.sort(key=lambda c: -gaps[c.name])
    thin.sort(key=lambda c: (-_half(c, deff), c.name))
    used = set(crossing.columns) <= set(given.use.groups)
    stake = gaps[apart[0].name] if apart else _half(thin[0], deff)
    return Found(
        "warning" if apart and used else "note",
        {
            "thin": rate("DR026.thin", len(thin), len(cells), rows="all"),
            "apart": quantity("DR026.apart", len(apart), "crossings"),
        },
        {
            "columns": " × ".join(crossing.columns),
            "cells": listed([c.name for c in apart]),
        },
        quantity("DR026.at_stake", stake, "share"),
        tuple(_detail("DR026", i, c, deff) for i, c in enumerate(thin[:MOST_DETAILS])),
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """One group: which column it belongs to, what it is called, and its counts."""

    column: str
    name: str
    judged: int
    positives: int

    @property
    def rate(self) -> float:
        """Share of positives among the judged rows, which must not be none."""
        return self.positives / self.judged


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two groups of one column and the interval of their difference."""

    high: _Cell
    low: _Cell
    found: Interval

    @property
    def distance(self) -> float:
        return self.high.rate - self.low.rate


def _label(given: ReviewInput) -> None:
    label = given.profile.label
    if label is None or label.judged == 0:
        raise NotApplicable("no_label")


def _groups(given: ReviewInput) -> tuple[GroupProfile, ...]:
    if not given.profile.groups:
        raise NotApplicable("no_groups")
    _label(given)
    return given.profile.groups


def _cells(group: GroupProfile) -> list[_Cell]:
    return [
        _Cell(group.column, f"{group.column}: {v.value}", v.judged, v.positives)
        for v in group.values
    ]


def _crossed(cell: CrossCount) -> _Cell:
    name = f"{cell.first} × {cell.second}"
    return _Cell("", name, cell.judged, cell.positives)


def _half(cell: _Cell, deff: float) -> float:
    """The half-width of a rate of one half there, the one that takes most rows.

    By their own rate, five negatives of five would look like a rate that is known. All
    that there is where nobody judged.
    """
    if cell.judged == 0:
        return 0.5
    return wilson(cell.judged / 2, cell.judged, deff=deff).half_width


def _thin(cell: _Cell, deff: float) -> bool:
    """Too few rows for a rate, whatever it is."""
    return _half(cell, deff) > TOO_WIDE


def _gaps(crossed: Sequence[CrossCount], deff: float, level: float) -> dict[str, float]:
    """How far each crossing lies from the expected share; 0 where it may lie there."""
    found = {}
    sides = beyond_both(crossed, deff, level)
    for cell, one, side in zip(
        crossed, surprises(crossed, deff, level), sides, strict=True
    ):
        sure = one is not None and one.surely > 0 and side * one.apart > 0
        found[_crossed(cell).name] = min(1.0, abs(one.apart)) if one and sure else 0.0
    return found


def _beyond(group: GroupProfile, deff: float) -> int:
    """Values that were not counted one by one, where even the last counted is thin."""
    if not group.values or group.distinct <= len(group.values):
        return 0
    last: GroupCount = min(group.values, key=lambda v: v.judged)
    thin = _thin(_Cell("", "", last.judged, last.positives), deff)
    return group.distinct - len(group.values) if thin else 0


def _furthest(family: Sequence[_Cell], deff: float, level: float) -> _Pair:
    """The two groups whose intervals leave the widest gap between them.

    Where even theirs touch, the pair differs by nothing that can be told.
    """
    ranges = [
        (wilson(c.positives, c.judged, level=level, deff=deff), c) for c in family
    ]
    (above, high) = max(ranges, key=lambda r: r[0].lo)
    (below, low) = min(ranges, key=lambda r: r[0].hi)
    if above.lo <= below.hi:
        return _Pair(high, low, Interval(0.0, 0.0, level, above.method))
    counts = (high.positives, high.judged, low.positives, low.judged)
    found = newcombe(*(count / deff for count in counts), level=level)
    return _Pair(high, low, found)


def _far(given: ReviewInput) -> float:
    label = given.profile.label
    assert label is not None
    return min(APART, APART_RARE * label.positives / label.judged) or APART


def _by_source(scored: Scored) -> list[_Cell]:
    """Counts of each source, the largest first."""
    assert scored.sources is not None
    names, at = np.unique(scored.sources, return_inverse=True)
    judged = np.bincount(at)
    positives = np.bincount(at, scored.labels)
    cells = [
        _Cell("", str(name), int(n), int(k))
        for name, n, k in zip(names, judged, positives, strict=True)
    ]
    return sorted(cells, key=lambda c: (-c.judged, c.name))


def _without_one(cells: Sequence[_Cell]) -> float | None:
    """The furthest that the rate moves when one source is left out."""
    n, k = sum(c.judged for c in cells), sum(c.positives for c in cells)
    return max(
        (
            abs((k - c.positives) / (n - c.judged) - k / n)
            for c in cells
            if c.judged < n
        ),
        default=None,
    )


def _source_detail(number: int, cell: _Cell) -> Detail:
    wrong = cell.judged - cell.positives
    error = rate(f"DR003.{number}.error", wrong, cell.judged, rows="all")
    return Detail(cell.name, {"error": error})


def _rate(id: str, cell: _Cell, deff: float, level: float = LEVEL) -> Number:
    return rate(id, cell.positives, cell.judged, rows="all", deff=deff, level=level)


def _detail(
    code: str, number: int, cell: _Cell, deff: float, level: float = LEVEL
) -> Detail:
    judged = quantity(f"{code}.{number}.judged", cell.judged, "rows")
    found = _rate(f"{code}.{number}.rate", cell, deff, level)
    return Detail(cell.name, {"judged": judged, "rate": found})


def _outermost(
    code: str, family: Sequence[_Cell], deff: float, level: float
) -> tuple[Detail, ...]:
    """The groups of a column furthest from its rate, the highest first."""
    judged = sum(c.judged for c in family)
    overall = sum(c.positives for c in family) / judged
    far = sorted(family, key=lambda c: -abs(c.rate - overall))
    shown = sorted(far[:MOST_DETAILS], key=lambda c: -c.rate)
    return tuple(_detail(code, i, c, deff, level) for i, c in enumerate(shown))
