"""Which options does no other one beat on every measure: error, cost and latency?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from workshop.errors import InputError

Point = tuple[float | None, ...]


def pareto_front(points: Mapping[str, Point]) -> tuple[str, ...]:
    """Options that are not dominated, in the order given; ties keep all of them.

    One option dominates another that is no better on any measure and worse on one.
    What is not known (None) might be better or worse: where a measure is unknown for
    either of two options, neither dominates the other. A measure that is unknown for
    all says nothing and is left aside. So an option with a gap may stand on the front
    only because nobody measured it; its gap is to be shown beside it.

    Parameters
    ----------
    points
        One value a measure for each option, for instance error, cost and latency;
        lower is better.

    Raises
    ------
    InputError
        Options with different numbers of measures, or a value that is no number.
    """
    measures = {len(point) for point in points.values()}
    if len(measures) > 1:
        raise InputError(
            f"options are compared on the same measures, not on {sorted(measures)}"
        )
    for name, point in points.items():
        if any(value is not None and math.isnan(value) for value in point):
            raise InputError(f"{name}: a measure is a number, or None where unknown")
    known = [
        place
        for place in range(max(measures, default=0))
        if any(point[place] is not None for point in points.values())
    ]
    told = {name: tuple(point[i] for i in known) for name, point in points.items()}
    return tuple(
        name
        for name, point in told.items()
        if not any(dominates(other, point) for other in told.values())
    )


def dominates(one: Point, other: Point) -> bool:
    """Whether ``one`` is nowhere worse and somewhere better, all values known."""
    pairs = [
        (a, b)
        for a, b in zip(one, other, strict=True)
        if a is not None and b is not None
    ]
    if len(pairs) < len(one):
        return False
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)
