"""What does an option come to, and how far may that be off?

Two things are unsure at once: which rows happened to be kept aside, and what somebody
assumed. Both are drawn together, draw by draw, and the range is what 95 of 100 draws
stay within. All options use the same draws, so their differences are paired.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.impact.assumptions import Assumptions, Values, draw_assumptions
from workshop.analysis.impact.queue import waiting_hours, weekly_capacity
from workshop.analysis.impact.week import Amount, Given, Shares, Week, week
from workshop.analysis.intervals import LEVEL
from workshop.errors import InputError
from workshop.record.terms import ASSUMED, BUSINESS
from workshop.record.values import Number

Floats = NDArray[np.float64]

# Fields of a week that a business floor can speak of, under its own name for them.
_PEOPLE = {name: f"people_{name}" for name in ("helped", "wrong", "missed")}
_UNITS = {
    "wrong_of_users": "share",
    "hours_today": "hours per week",
    "hours_spent": "hours per week",
    "load": "share",
}
MEASURES: tuple[str, ...] = (
    *(_PEOPLE.get(field.name, field.name) for field in fields(Week)),
    "waiting_hours",
    "overflow_per_week",
    "load",
)
"""Everything that is told of an option: a week's fields, and the reviewers' queue."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """What one option comes to.

    ``numbers`` maps a measure to its `Number`; a measure that needs something which
    nobody stated is not in it, one that has no finite value (a queue that overflows,
    nothing to divide by) has the value None. ``draws`` maps the same names to arrays of
    shape (B,), read-only: infinite where a queue overflows, NaN where nothing divides.
    """

    option: str
    numbers: Mapping[str, Number]
    draws: Mapping[str, Floats]


def estimate(
    shares: Shares,
    assumptions: Assumptions,
    *,
    seed: int,
    measures: Collection[str] = MEASURES,
) -> Estimate:
    """What an option comes to at the likely values, with the range of the draws.

    ``seed`` is that of the assumptions' draws: the same for options that are compared.
    ``measures`` are those that are told.
    """
    return estimates([shares], assumptions, seed=seed, measures=measures)[0]


def estimates(
    options: Sequence[Shares],
    assumptions: Assumptions,
    *,
    seed: int,
    measures: Collection[str] = MEASURES,
) -> tuple[Estimate, ...]:
    """Each option's estimate, all on the same draws of the assumptions."""
    drawn: dict[int, Values] = {}
    for count in {len(option.drawn) for option in options}:
        drawn[count] = draw_assumptions(assumptions, n=count, seed=seed)
    return tuple(
        _estimate(one, assumptions, drawn[len(one.drawn)], measures) for one in options
    )


def _estimate(
    shares: Shares, assumptions: Assumptions, values: Values, measures: Collection[str]
) -> Estimate:
    running, count = shares.running, len(shares.drawn)
    likely = measures_of(shares.observed, assumptions.likely, running=running)
    spread = measures_of(shares.drawn, values, running=running)
    draws, numbers = {}, {}
    for name in (name for name in likely if name in spread and name in measures):
        each = np.broadcast_to(np.asarray(spread[name], dtype=np.float64), (count,))
        each.setflags(write=False)
        draws[name] = each
        numbers[name] = number_of_draws(
            f"impact.{shares.option}.{name}",
            float(likely[name]),
            each,
            unit=unit_of_measure(name, assumptions.currency),
        )
    return Estimate(shares.option, MappingProxyType(numbers), MappingProxyType(draws))


def estimate_gain(
    one: Estimate, other: Estimate, measure: str, *, id: str | None = None
) -> Number:
    """How much more of a measure one option brings than another, draw by draw.

    Raises `InputError` where either cannot tell the measure, or on different draws.
    """
    for each in (one, other):
        if measure not in each.draws:
            raise InputError(
                f"{measure} of {each.option} cannot be told; state what it needs first"
            )
    first, second = one.draws[measure], other.draws[measure]
    if len(first) != len(second):
        raise InputError(
            f"{one.option} has {len(first)} draws and {other.option} {len(second)}; "
            "draw both alike"
        )
    of_one, of_other = one.numbers[measure], other.numbers[measure]
    known = of_one.value is not None and of_other.value is not None
    value = (of_one.value or 0.0) - (of_other.value or 0.0) if known else np.nan
    with np.errstate(invalid="ignore"):
        gained = first - second
    name = id or f"impact.{one.option}.{measure}.over.{other.option}"
    return number_of_draws(name, value, gained, unit=of_one.unit)


def measures_of(
    shares: ArrayLike, values: Given, *, running: float | None = None
) -> dict[str, Amount]:
    """Every measure that can be told of shares of shape (..., 10), by name."""
    found = week(shares, values, running=running)
    told = {_PEOPLE.get(f.name, f.name): getattr(found, f.name) for f in fields(Week)}
    told |= _queue_of(found.asked, values)
    return {name: value for name, value in told.items() if value is not None}


def missing_for(measure: str, shares: Shares, stated: Given) -> tuple[str, ...]:
    """What nobody stated and a measure of this option needs, by name.

    Found by leaving each out where all others are there.
    """
    found = []
    for name in (name for name in ASSUMED if name not in stated):
        others: Values = {other: 1.0 for other in ASSUMED if other != name}
        if measure not in measures_of(shares.observed, {"per_week": 1.0} | others):
            found.append(name)
    return tuple(found)


def untold(measure: str, shares: Shares, stated: Given) -> InputError:
    """The refusal of a measure that cannot be told, and what to state for it."""
    names = ", ".join(missing_for(measure, shares, stated)) or "what it needs"
    return InputError(
        f"{measure} of {shares.option} cannot be told; state {names} first"
    )


def unit_of_measure(name: str, currency: str) -> str:
    """What a measure is counted in; all but shares and ratios are a week's."""
    if name.startswith("money") or name == "payoff_money":
        return currency
    return BUSINESS[name].unit if name in BUSINESS else _UNITS.get(name, "per week")


def number_of_draws(
    id: str,
    value: float,
    draws: Floats,
    *,
    unit: str,
    method: str = "draws of rows and assumptions",
    assumed: bool = True,
) -> Number:
    """A value with the range that 95 of 100 draws stay within.

    The range always holds the value itself. An end is None where it is infinite; all of
    it where no draw differs from another, because nothing that varies is in it.
    """
    lo, hi = spread_of(draws)
    if lo == hi and np.all(draws == lo):
        lo = hi = np.nan
    told = np.isfinite(value)
    return Number(
        id=id,
        value=float(value) if told else None,
        lo=_finite(min(lo, value) if told else lo),
        hi=_finite(max(hi, value) if told else hi),
        level=None if np.isnan(lo) else LEVEL,
        method=f"{len(draws):,} {method}",
        rows="report",
        unit=unit,
        assumed=assumed,
    )


def number_at(id: str, value: float, unit: str) -> Number:
    """A value that rests on rows and assumptions at one figure each: no range."""
    return Number(id=id, value=_finite(value), rows="report", unit=unit, assumed=True)


def spread_of(draws: Floats, level: float = LEVEL) -> tuple[float, float]:
    """The draws at either end of the middle ``level``, NaN aside and none averaged."""
    in_order = np.sort(draws)  # faster than a partition, and NaN goes last
    known = len(draws) - int(np.isnan(draws).sum())
    if not known:
        return np.nan, np.nan
    low = int(np.ceil((1 - level) / 2 * known)) - 1
    return float(in_order[low]), float(in_order[known - 1 - low])


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _queue_of(asked: Amount, values: Given) -> dict[str, Amount | None]:
    minutes, hours = values.get("minutes_review"), values.get("reviewer_hours")
    if not np.any(asked):
        none = np.zeros_like(asked)
        return {"waiting_hours": none, "overflow_per_week": none}
    if minutes is None or hours is None:
        return {}
    capacity = weekly_capacity(minutes, hours)
    with np.errstate(divide="ignore", invalid="ignore"):
        load = np.divide(asked, capacity)
    return {
        "waiting_hours": waiting_hours(asked, capacity),
        "overflow_per_week": np.maximum(0.0, asked - capacity),
        "load": load,
    }
