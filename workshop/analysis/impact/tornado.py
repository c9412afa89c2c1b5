"""Which assumption matters most for what comes out?

One at a time: each assumption goes to its low and its high end while all others stay as
likely. The rows have a bar of their own, so that what more labels would mend stands
beside what only somebody's knowledge can.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.impact.assumptions import Assumptions, Values
from workshop.analysis.impact.estimate import (
    measures_of,
    number_at,
    spread_of,
    unit_of_measure,
    untold,
)
from workshop.analysis.impact.week import Shares, weekly_money
from workshop.analysis.intervals import LEVEL
from workshop.errors import InputError
from workshop.record.terms import BUSINESS
from workshop.record.values import Number

Floats = NDArray[np.float64]
ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Swing:
    """What one assumption alone does to the outcome, from its low to its high end.

    ``name`` is one of `ASSUMED`, or ``rows``: which rows happened to be kept aside.
    ``low_end`` and ``high_end`` are the assumption's own ends, ``at_low`` and
    ``at_high`` the outcome there with everything else as likely. The rows' own ends are
    the 2.5th and 97.5th of 100 draws of rows.
    """

    name: str
    low_end: Number
    high_end: Number
    at_low: Number
    at_high: Number

    @property
    def width(self) -> float:
        """How far the outcome moves; infinite where one end has no value at all."""
        low, high = self.at_low.value, self.at_high.value
        if low is None or high is None:
            return 0.0 if low is high else math.inf
        return abs(high - low)


@dataclass(frozen=True, slots=True)
class Tornado:
    """All swings of one outcome, widest first, around ``centre``."""

    outcome: str
    centre: Number
    swings: tuple[Swing, ...]


def tornado(
    one: Shares,
    assumptions: Assumptions,
    *,
    outcome: str = "money",
    against: Shares | None = None,
) -> Tornado:
    """Move each assumption that has a range to its ends, and draw the rows alone.

    The outcome is that of one option or, with ``against``, how much more it brings than
    the other. What does not touch the outcome has no bar.

    Raises
    ------
    InputError
        An outcome outside `BUSINESS`, or one that cannot be told from what is stated.
    """
    if outcome not in BUSINESS:
        raise InputError(f"no outcome is called {outcome!r}; one of {sorted(BUSINESS)}")
    names = assumptions.ranged
    told = _outcome(one, against, outcome, _one_at_a_time(assumptions, names))
    unit = unit_of_measure(outcome, assumptions.currency)
    base = ".".join(["tornado", one.option, outcome])
    base += f".over.{against.option}" if against else ""
    centre = number_at(f"{base}.centre", told[0], unit)
    swings = [
        _swing(base, name, assumptions, (low, high), unit)
        for name, (low, high) in zip(names, told[1:].reshape(-1, 2), strict=True)
    ]
    swings.append(_rows(base, one, against, outcome, assumptions))
    moving = [swing for swing in swings if swing.width > 0]
    moving.sort(key=lambda swing: swing.width, reverse=True)
    return Tornado(outcome, centre, tuple(moving))


def _one_at_a_time(assumptions: Assumptions, names: tuple[str, ...]) -> Values:
    """All as likely, then each name at its low and at its high end: (1 + 2·names,)."""
    values = assumptions.likely
    for place, name in enumerate(names):
        moved = np.full(1 + 2 * len(names), values[name], dtype=np.float64)
        moved[1 + 2 * place : 3 + 2 * place] = assumptions.stated[name].ends
        values[name] = moved
    return values


def _outcome(
    one: Shares, against: Shares | None, outcome: str, values: Values
) -> Floats:
    """The outcome as observed under ``values``, shape (n,) of the values' arrays."""
    found = _told(one, one.observed, outcome, values)
    if against is not None:
        with np.errstate(invalid="ignore"):
            found = found - _told(against, against.observed, outcome, values)
    sizes = [np.shape(value) for value in values.values()]
    return np.broadcast_to(found, np.broadcast_shapes((1,), *sizes))


def _told(option: Shares, shares: Floats, outcome: str, values: Values) -> Floats:
    if outcome == "money":
        found = weekly_money(shares, values, running=option.running)
    else:
        found = measures_of(shares, values, running=option.running).get(outcome)
    if found is None:
        raise untold(outcome, option, values)
    return np.asarray(found, dtype=np.float64)


def _swing(
    base: str, name: str, assumptions: Assumptions, at: tuple[float, float], unit: str
) -> Swing:
    ends = assumptions.stated[name].ends
    low_end, high_end = (
        Number(
            id=f"{base}.{name}.{side}",
            value=end,
            unit=assumptions.unit_of(name),
            assumed=True,
        )
        for side, end in zip(("low", "high"), ends, strict=True)
    )
    return Swing(name, low_end, high_end, *_ends(f"{base}.{name}", at, unit))


def _rows(
    base: str,
    one: Shares,
    against: Shares | None,
    outcome: str,
    assumptions: Assumptions,
) -> Swing:
    """What the outcome comes to over 95 of 100 draws of rows, all else as likely."""
    likely = assumptions.likely
    found = _told(one, one.drawn, outcome, likely)
    if against is not None:
        with np.errstate(invalid="ignore"):
            found = found - _told(against, against.drawn, outcome, likely)
    unit = unit_of_measure(outcome, assumptions.currency)
    tail = (1 - LEVEL) / 2
    low, high = (
        Number(id=f"{base}.{ROWS}.{side}", value=share, rows="report")
        for side, share in (("low", tail), ("high", 1 - tail))
    )
    at = spread_of(np.broadcast_to(found, (len(one.drawn),)))
    return Swing(ROWS, low, high, *_ends(f"{base}.{ROWS}", at, unit))


def _ends(base: str, at: tuple[float, float], unit: str) -> tuple[Number, Number]:
    low, high = at
    return number_at(f"{base}.at_low", low, unit), number_at(
        f"{base}.at_high", high, unit
    )
