"""What does a narrower interval cost, in labels, money and days?

Rows are planned with z²p(1-p)/d² (Buderer 1996), widened by the design effect, and
checked with Wilson's interval, which is wider near 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import overload

from workshop.analysis.intervals import LEVEL, sample_size, wilson
from workshop.data.scenario import Scenario
from workshop.errors import InputError


@dataclass(frozen=True, slots=True)
class Labelling:
    """What labelling takes: minutes a label, money an hour, labels a day."""

    minutes_per_label: float
    cost_per_hour: float
    labels_per_day: float


def labelling_of(scenario: Scenario) -> Labelling | None:
    """What labelling takes by the scenario; None where it does not say."""
    stated = scenario.labelling
    if stated is None:
        return None
    return Labelling(
        stated.minutes_per_label, stated.cost_per_hour, stated.labels_per_day
    )


@dataclass(frozen=True, slots=True)
class LabelPrice:
    """From ``half_width_now`` to ``half_width_target``, and what lies between.

    ``needed`` labels in all, ``more`` than there are; ``hours`` and ``cost`` (money) to
    make these, in ``days`` whole working days. ``half_width_now`` is None without a
    label. With clusters, ``more_sources`` counts the further sources, as large as the
    present ones, that the further labels must come from: more labels out of the same
    few sources would not narrow the interval by as much. It is None where rows count as
    independent.
    """

    p: float
    now: int
    needed: int
    more: int
    hours: float
    cost: float
    days: int
    half_width_now: float | None
    half_width_target: float
    level: float
    deff: float
    more_sources: int | None


def price_of_precision(
    p: float,
    n_now: int,
    half_width_target: float,
    *,
    labelling: Labelling,
    deff: float = 1.0,
    clusters: int | None = None,
    level: float = LEVEL,
) -> LabelPrice:
    """Price an interval of ± ``half_width_target`` around a rate near ``p``.

    ``n_now`` rows are labelled already, from ``clusters`` sources, with design effect
    ``deff``. Raises `InputError` on a rate or half-width outside 0..1, negative rows,
    or labelling figures that are not positive.
    """
    _check(n_now, labelling)
    needed = _rows_for(p, half_width_target, level=level, deff=deff)
    return _price(p, n_now, needed, half_width_target, labelling, deff, clusters, level)


def price_of_telling(
    p: float,
    n_now: int,
    limit: float,
    *,
    labelling: Labelling,
    deff: float = 1.0,
    clusters: int | None = None,
    level: float = LEVEL,
) -> LabelPrice:
    """Price rows until Wilson's interval around a rate ``p`` leaves out ``limit``.

    That interval is not centred on the rate, so a half-width as wide as the distance
    may still hold the limit. Raises `InputError` as `price_of_precision` does, and
    where the limit is the rate itself.
    """
    _check(n_now, labelling)
    if p == limit:
        raise InputError(f"no number of rows tells {p} from itself")

    def told(n: int) -> bool:
        found = wilson(p * n, n, level=level, deff=deff)
        return not found.lo <= limit <= found.hi

    needed = fewest_rows(told, 1)
    return _price(p, n_now, needed, abs(p - limit), labelling, deff, clusters, level)


def _price(
    p: float,
    n_now: int,
    needed: int,
    half_width_target: float,
    labelling: Labelling,
    deff: float,
    clusters: int | None,
    level: float,
) -> LabelPrice:
    more = max(0, needed - n_now)
    hours = more * labelling.minutes_per_label / 60
    now = _half_width(p, n_now, level=level, deff=deff) if n_now else None
    return LabelPrice(
        p=p,
        now=n_now,
        needed=needed,
        more=more,
        hours=hours,
        cost=hours * labelling.cost_per_hour,
        days=math.ceil(more / labelling.labels_per_day),
        half_width_now=now,
        half_width_target=half_width_target,
        level=level,
        deff=deff,
        more_sources=_sources(more, n_now, clusters),
    )


def _rows_for(p: float, target: float, *, level: float, deff: float) -> int:
    """The planned rows, or more where Wilson's interval is still too wide at them."""
    low = max(1, sample_size(p, target, level=level, deff=deff))
    return fewest_rows(
        lambda n: _half_width(p, n, level=level, deff=deff) <= target, low
    )


@overload
def fewest_rows(enough: Callable[[int], bool], least: int) -> int: ...


@overload
def fewest_rows(
    enough: Callable[[int], bool], least: int, *, most: int
) -> int | None: ...


def fewest_rows(
    enough: Callable[[int], bool], least: int, *, most: float = math.inf
) -> int | None:
    """The fewest rows from ``least`` on that are enough, as all larger numbers are.

    Doubled until they are, then halved. None where that takes more than ``most``.

    >>> fewest_rows(lambda n: n * n > 1000, 1), fewest_rows(lambda n: False, 1, most=9)
    (32, None)
    """
    if enough(least):
        return least
    low, high = least, 2 * least
    while not enough(high):
        low, high = high, 2 * high
        if high > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _half_width(p: float, n: int, *, level: float, deff: float) -> float:
    return wilson(p * n, n, level=level, deff=deff).half_width


def _sources(more: int, now: int, clusters: int | None) -> int | None:
    if clusters is None or now == 0:
        return None
    return math.ceil(more * clusters / now)


def _check(n_now: int, labelling: Labelling) -> None:
    if n_now < 0:
        raise InputError(f"labelled rows cannot be {n_now}")
    if not (labelling.minutes_per_label > 0 and labelling.labels_per_day > 0):
        raise InputError("minutes a label and labels a day must both be positive")
    if labelling.cost_per_hour < 0:
        raise InputError(f"an hour cannot cost {labelling.cost_per_hour}")
