"""How sure can we be of a group's share, and that two groups differ?

Every group's interval and every difference holds together with those of the other
groups: Bonferroni over the groups, and over all pairs for the difference, since the two
extremes are picked after looking. Too few rows are shown and not compared. Groups count
as independent of each other; where they share days or policies their shares rise and
fall together, and the difference is surer than its interval says.

Sources: Wilson 1927; Newcombe 1998 (independent differences); Dunn 1961 for Bonferroni.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.group_names import Group
from workshop.analysis.groups import FEWEST, GroupCounts
from workshop.analysis.intervals import LEVEL, family_level, newcombe, rate
from workshop.analysis.metrics import number_of
from workshop.errors import InputError
from workshop.record.values import Number, Rows

DIFFERENCE = "difference of shares"


@dataclass(frozen=True, slots=True)
class GroupShares:
    """One share for all rows, for each group, and the largest difference of two.

    ``by_group`` is in line with ``groups``. ``difference`` is the largest share less
    the smallest, those of ``largest`` and ``smallest``, places of groups; its value is
    None, and so are these, where fewer than two groups have enough rows. ``too_few``
    are places of groups given but not compared.
    """

    metric: str
    groups: tuple[Group, ...]
    overall: Number
    by_group: tuple[Number, ...]
    difference: Number
    largest: int | None
    smallest: int | None
    too_few: tuple[int, ...]

    @property
    def told_apart(self) -> bool:
        """Whether the difference is more than chance makes of it at its level."""
        return self.difference.lo is not None and self.difference.lo > 0


def group_shares(
    metric: str,
    counts: GroupCounts,
    *,
    rows: Rows,
    id: str = "groups",
    deff: float = 1.0,
    deffs: Sequence[float] | None = None,
    fewest: int = FEWEST,
) -> GroupShares:
    """Any share of `metrics`, overall and by group, with intervals that hold together.

    Parameters
    ----------
    metric
        Its name: coverage (fairlearn's selection rate), recall, …
    counts
        Those of `GroupCurves.at`.
    id
        Head of each number's id: ``id.metric.overall``, ``id.metric.group.<key>``,
        ``id.metric.difference``.
    deff, deffs
        Design effect of all rows, and of each group's; ``deffs`` defaults to ``deff``.
    fewest
        Rows in a share's base with which a group is compared.

    Raises
    ------
    InputError
        A metric that is no share, or design effects that do not match the groups.
    """
    k, n = counts.share(metric)
    effects = np.full(len(k), deff) if deffs is None else np.asarray(deffs, dtype=float)
    if effects.shape != k.shape:
        raise InputError(f"{len(k)} groups but {effects.size} design effects")
    head, enough = f"{id}.{metric}", n >= max(1, fewest)
    total = f"{head}.overall"
    extremes = _extremes(k / np.maximum(n, 1), enough)
    compared = int(enough.sum())
    return GroupShares(
        metric,
        counts.groups,
        number_of(metric, counts.overall, rows=rows, id=total, deff=deff),
        tuple(
            _one_of_many(f"{head}.group.{group.key}", each, len(k), rows=rows)
            for group, *each in zip(counts.groups, k, n, effects, strict=True)
        ),
        _difference(
            f"{head}.difference",
            [(k[i], n[i], effects[i]) for i in extremes],
            pairs=compared * (compared - 1) // 2,
            rows=rows,
        ),
        extremes[0] if extremes else None,
        extremes[1] if extremes else None,
        tuple(np.flatnonzero(~enough).tolist()),
    )


def _one_of_many(id: str, each: Sequence[float], family: int, *, rows: Rows) -> Number:
    """One group's share, its interval wide enough to hold with those of the others."""
    k, n, deff = each
    found = rate(id, int(k), int(n), rows=rows, deff=deff, level=family_level(family))
    if found.method is None or family == 1:
        return found
    method = f"{found.method}, bonferroni over {family} groups"
    return found.model_copy(update={"level": LEVEL, "method": method})


def _extremes(shares: NDArray[np.float64], enough: NDArray[np.bool_]) -> Sequence[int]:
    """Places of the largest and the smallest share; none where fewer than two have."""
    places = np.flatnonzero(enough)
    if len(places) < 2:
        return ()
    # Ties go to the first for the largest and to the last for the smallest: two groups.
    compared = shares[places]
    least = len(places) - 1 - int(compared[::-1].argmin())
    return int(places[compared.argmax()]), int(places[least])


def _difference(
    id: str, extremes: Sequence[tuple[float, ...]], *, pairs: int, rows: Rows
) -> Number:
    """Largest less smallest, each of the two as ``k, n`` and design effect."""
    if not extremes:
        return Number(id=id, value=None, rows=rows, unit=DIFFERENCE)
    (k1, n1, deff1), (k2, n2, deff2) = extremes
    effective = k1 / deff1, n1 / deff1, k2 / deff2, n2 / deff2
    found = newcombe(*effective, level=family_level(pairs))
    parts = [found.method]
    parts += ["at the effective sample sizes"] if deff1 > 1 or deff2 > 1 else []
    parts += [f"bonferroni over {pairs} pairs"] if pairs > 1 else []
    return Number(
        id=id,
        value=float(k1 / n1 - k2 / n2),
        lo=found.lo,
        hi=found.hi,
        level=LEVEL,
        method=", ".join(parts),
        rows=rows,
        unit=DIFFERENCE,
    )
