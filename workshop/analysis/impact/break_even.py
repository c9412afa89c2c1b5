"""How far may an assumption move before the other option pays more?

A week's money is linear in each value of money, in a reviewer's shares and in how often
a wrong answer becomes an event, all others held. So two points give the line, and the
line's zero is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.impact.assumptions import (
    Assumptions,
    Values,
    draw_assumptions,
)
from workshop.analysis.impact.estimate import number_of_draws, untold
from workshop.analysis.impact.week import Shares, weekly_money
from workshop.errors import InputError
from workshop.record.terms import ASSUMED
from workshop.record.values import Number

Floats = NDArray[np.float64]
Pays = Literal["below", "above", "always", "never"]

LINEAR: tuple[str, ...] = (
    *(name for name, term in ASSUMED.items() if term.kind == "money"),
    "reviewer_sensitivity",
    "reviewer_specificity",
    "events_per_1000_wrong",
)
"""What a week's money is linear in; the volume only scales who is ahead."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The value of one assumption at which two options bring the same money.

    ``pays`` says where the option brings more than the other: ``below`` the value,
    ``above`` it, ``always`` or ``never`` (then the value is None: no figure that makes
    sense changes who is ahead). The value's range is over draws of rows and of all
    other assumptions; ``without`` is the share of draws that have no such value, or pay
    on the other side of it, and is not in the range. ``likely``, ``low`` and ``high``
    are the assumption's own; ``inside`` says whether the value lies between them.
    """

    name: str
    option: str
    other: str
    value: Number
    pays: Pays
    without: Number
    likely: float
    low: float
    high: float
    inside: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """How much more money the option brings at ``x``, and how that grows with it.

    ``moves`` says whether either option's money depends on it at all.
    """

    x: Floats
    more: Floats
    slope: Floats
    moves: bool


def break_evens(
    one: Shares, other: Shares, assumptions: Assumptions, *, seed: int
) -> tuple[BreakEven, ...]:
    """Where each assumption that money is linear in would turn the choice.

    In the order of `LINEAR`; what moves neither option, or both alike while they bring
    the same, is left out. ``seed`` is that of the assumptions' draws.

    Raises
    ------
    InputError
        Money of either cannot be told, or draws that do not pair.
    """
    if len(one.drawn) != len(other.drawn):
        raise InputError(
            f"{one.option} has {len(one.drawn)} draws and {other.option} "
            f"{len(other.drawn)}; draw both alike"
        )
    names = [name for name in LINEAR if name in assumptions.stated]
    drawn = draw_assumptions(assumptions, n=len(one.drawn), seed=seed)
    at = _lines(one, other, assumptions.likely, names, drawn=False)
    spread = _lines(one, other, drawn, names, drawn=True)
    return tuple(
        _break_even(name, one, other, at[name], spread[name], assumptions)
        for name in names
        if at[name].slope != 0 or (at[name].moves and at[name].more != 0)
    )


def _lines(
    one: Shares, other: Shares, values: Values, names: list[str], *, drawn: bool
) -> dict[str, _Line]:
    """Both options' money at the values, and again with each name one higher."""
    here = [_money(option, values, drawn) for option in (one, other)]
    more = here[0] - here[1]
    # below this, a slope is what rounding left of two equal ones
    dust = 1e-12 * (np.abs(here[0]) + np.abs(here[1]))
    found = {}
    for name in names:
        x = np.asarray(values[name], dtype=np.float64)
        beyond = values | {name: x + 1}
        slopes = [
            _money(option, beyond, drawn) - money
            for option, money in zip((one, other), here, strict=True)
        ]
        slope = slopes[0] - slopes[1]
        least = dust + 1e-9 * (np.abs(slopes[0]) + np.abs(slopes[1]))
        slope = np.where(np.abs(slope) > least, slope, 0.0)
        moves = bool(np.any(slopes[0]) or np.any(slopes[1]))
        found[name] = _Line(x, more, slope, moves)
    return found


def _money(option: Shares, values: Values, drawn: bool) -> Floats:
    shares = option.drawn if drawn else option.observed
    money = weekly_money(shares, values, running=option.running)
    if money is None:
        raise untold("money", option, values)
    return np.asarray(money, dtype=np.float64)


def _break_even(
    name: str,
    one: Shares,
    other: Shares,
    at: _Line,
    lines: _Line,
    assumptions: Assumptions,
) -> BreakEven:
    zero = float(_zeros(at, name))
    pays = _pays(at, zero)
    same_way = np.sign(lines.slope) == np.sign(at.slope)
    zeros = np.where(same_way, _zeros(lines, name), np.nan)
    zeros = np.broadcast_to(zeros, (len(one.drawn),))
    id = f"break_even.{one.option}.{other.option}.{name}"
    low, high = assumptions.stated[name].ends
    crosses = pays in ("below", "above")
    return BreakEven(
        name=name,
        option=one.option,
        other=other.option,
        value=number_of_draws(
            id,
            zero,
            zeros if crosses else np.full_like(zeros, np.nan),
            unit=assumptions.unit_of(name),
        ),
        pays=pays,
        without=_share(f"{id}.without", np.isnan(zeros)),
        likely=assumptions.stated[name].likely,
        low=low,
        high=high,
        inside=crosses and low <= zero <= high,
    )


def _zeros(line: _Line, name: str) -> Floats:
    """Where the line is zero; NaN where it is flat or its zero makes no sense."""
    with np.errstate(divide="ignore", invalid="ignore"):
        zero = np.where(line.slope != 0, line.x - line.more / line.slope, np.nan)
    term = ASSUMED[name]
    least = -np.inf if term.least is None else term.least
    most = 1.0 if term.kind == "share" else np.inf
    return np.where((zero >= least) & (zero <= most), zero, np.nan)


def _pays(line: _Line, zero: float) -> Pays:
    if np.isnan(zero):
        return "always" if line.more > 0 else "never"
    return "above" if line.slope > 0 else "below"


def _share(id: str, where: NDArray[np.bool_]) -> Number:
    return Number(
        id=id,
        value=float(where.mean()) if len(where) else None,
        method=f"share of {len(where):,} draws of rows and assumptions",
        rows="report",
        assumed=True,
    )
