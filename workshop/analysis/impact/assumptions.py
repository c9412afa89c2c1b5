"""What does somebody state that no row tells, who stated it, and how far may it be off?

The scenario gives figures and may give ranges; the pair's own ranges stand over both.
What nobody stated is absent, and what would need it cannot be told. A range becomes a
triangular distribution: from low to high, with its top at the likely value.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from workshop.data.scenario import Scenario
from workshop.errors import InputError
from workshop.record.choices import Assumed, Record
from workshop.record.terms import ASSUMED
from workshop.record.values import Number, PayoffMatrix

Floats = NDArray[np.float64]
Values = dict[str, "float | Floats"]
"""What is assumed, by name: one figure each, or one a draw, shape (B,)."""
Who = Literal["pair", "scenario"]
T = TypeVar("T", float, float | None)

PAYOFF = ("tp", "fp", "fn", "tn", "review", "choice_right", "choice_wrong")
REVIEWER = {
    "sensitivity": "reviewer_sensitivity",
    "specificity": "reviewer_specificity",
    "minutes": "minutes_review",
    "hours_per_week": "reviewer_hours",
}
"""What a scenario says of its reviewer, under the names by which it is assumed."""
UNITS = {
    "per_week": "per week",
    "reviewer_hours": "hours per week",
    "events_per_1000_wrong": "per 1,000 wrong",
}
# How people write the units; the first word is the one on the page.
_WORDS = {
    "minutes": ("minutes", "minute", "min"),
    "hours per week": ("hours per week", "hours a week", "hours", "h"),
    "share": ("share",),
    "per 1,000 wrong": ("per 1,000 wrong", "per 1000 wrong", "events"),
}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Everything that is stated, by name, and by whom.

    ``currency`` is what money is counted in, ``unit`` what one decision is called.
    """

    stated: Mapping[str, Assumed]
    who: Mapping[str, Who]
    currency: str
    unit: str

    @property
    def likely(self) -> Values:
        """The likely figure of each."""
        return {name: one.likely for name, one in self.stated.items()}

    @property
    def ranged(self) -> tuple[str, ...]:
        """Those that are a range and not one figure."""
        return tuple(n for n, one in self.stated.items() if one.ends[0] < one.ends[1])

    def unit_of(self, name: str) -> str:
        """What an assumption is counted in."""
        return unit_of(name, self.currency, self.unit)


def assumptions_of(scenario: Scenario, record: Record) -> Assumptions:
    """Everything that is stated: the pair's words over the scenario's.

    In rising order: the scenario's figures (a payoff without a value counts 0, a
    reviewer is perfect unless said otherwise), its ranges, the pair's. The pair's
    ``per_week`` is the likely figure of the pair's own range, if it gave both.

    Raises
    ------
    InputError
        A unit other than the one an assumption is counted in, or a weekly volume
        outside its own range.
    """
    own = _of_pair(record)
    found = {n: Assumed(likely=value) for n, value in _figures(scenario).items()}
    found |= scenario.assumed | own
    currency, unit = scenario.payoff.unit, scenario.decision.unit
    for name, one in found.items():
        _check_unit(name, one.unit, currency, unit)
    names = [name for name in ASSUMED if name in found]
    return Assumptions(
        stated=MappingProxyType({name: found[name] for name in names}),
        who=MappingProxyType({n: "pair" if n in own else "scenario" for n in names}),
        currency=currency,
        unit=unit,
    )


def per_week(record: Record, scenario: Scenario) -> float:
    """Decisions a week, the likely figure: the pair's own, else the scenario's.

    The pair states one figure, or a range with it; so may the scenario.
    """
    own = record.impact.per_week if record.impact else None
    if own:
        return own
    return likely_of("per_week", record, scenario, scenario.decision.per_week)


def likely_of(name: str, record: Record, scenario: Scenario, otherwise: T) -> T:
    """The likely value of a range: the pair's, else the scenario's, else `otherwise`.

    The same for one figure as `assumptions_of` has for all, and needs no units to fit.
    """
    pair = record.impact.assumed if record.impact else {}
    stated = pair.get(name) or scenario.assumed.get(name)
    return stated.likely if stated else otherwise


def unit_of(name: str, currency: str, unit: str) -> str:
    """What the assumption ``name`` is counted in; ``unit`` is that of a decision."""
    if name in UNITS:
        return UNITS[name]
    kind = ASSUMED[name].kind
    return {"money": currency, "count": unit}.get(kind, kind)


def assumed_number(name: str, assumed: Assumed, *, unit: str) -> Number:
    """An assumption as one number: the likely value between its ends, if it has any."""
    low, high = assumed.ends
    lo, hi = (low, high) if low < high else (None, None)
    id = f"assumed.{name}"
    return Number(id=id, value=assumed.likely, lo=lo, hi=hi, unit=unit, assumed=True)


def implied_ratio(payoff: PayoffMatrix) -> float | None:
    """How many false alarms one miss is worth by money: C_FN / C_FP.

    None where either costs nothing: no line can be drawn by such values.
    """
    if payoff.false_alarm_cost <= 0 or payoff.miss_cost <= 0:
        return None
    return payoff.miss_cost / payoff.false_alarm_cost


def draw_assumptions(assumptions: Assumptions, *, n: int, seed: int) -> Values:
    """``n`` draws of each assumption from its range; a single figure stays a float.

    Each name has its own stream of uniform numbers, made of ``seed`` and the name, so
    adding or moving one assumption leaves the draws of all others as they were.
    """
    return {
        name: _drawn(name, one.ends, one.likely, n, seed)
        for name, one in assumptions.stated.items()
    }


def triangular(uniform: Floats, low: float, likely: float, high: float) -> Floats:
    """The triangular distribution's inverse at ``uniform`` in 0..1; ``low < high``."""
    width = high - low
    below = uniform * width < likely - low
    left = low + np.sqrt(uniform * (width * (likely - low)))
    right = high - np.sqrt((1 - uniform) * (width * (high - likely)))
    return np.where(below, left, right)


@lru_cache(maxsize=64)  # while one is moved, all others stay as they were drawn
def _drawn(
    name: str, ends: tuple[float, float], likely: float, n: int, seed: int
) -> float | Floats:
    low, high = ends
    if low == high:
        return likely
    stream = np.random.SeedSequence([seed, zlib.crc32(name.encode())])
    found = triangular(np.random.default_rng(stream).random(n), low, likely, high)
    found.setflags(write=False)
    return found


def _figures(scenario: Scenario) -> dict[str, float]:
    """The single figures that stand all over the scenario, by the assumption's name."""
    reviewer, payoff = scenario.reviewer, scenario.payoff
    found = {name: getattr(payoff, name) for name in PAYOFF} | {
        "per_week": scenario.decision.per_week,
        "minutes_today": scenario.today.minutes,
        "asks_per_user": scenario.asks_per_user,
    }
    found |= {name: getattr(reviewer, field) for field, name in REVIEWER.items()}
    found |= _minutes_of_today(scenario)
    return {name: value for name, value in found.items() if value is not None}


def _minutes_of_today(scenario: Scenario) -> dict[str, float]:
    """Whose minutes go where while nobody says otherwise: as today's process has it.

    Where that acts on all, acting is what takes its minutes; else what is left alone
    does, for that goes on as today.
    """
    today = scenario.today.minutes
    if today is None:
        return {}
    acting, leaving = (today, 0.0) if scenario.today.line == "all" else (0.0, today)
    spent = {"tp": acting, "fp": acting, "fn": leaving, "tn": leaving}
    return {f"minutes_{outcome}": minutes for outcome, minutes in spent.items()}


def _of_pair(record: Record) -> dict[str, Assumed]:
    impact = record.impact
    if impact is None:
        return {}
    if impact.per_week is None:
        return dict(impact.assumed)
    given = impact.assumed.get("per_week", Assumed(likely=impact.per_week))
    low, high = given.ends
    if not low <= impact.per_week <= high:
        raise InputError(
            f"impact: per_week is {impact.per_week:g}, outside its own range from "
            f"{low:g} to {high:g}; mend one of the two"
        )
    likely = given.model_copy(update={"likely": impact.per_week})
    return impact.assumed | {"per_week": likely}


def _check_unit(name: str, given: str, currency: str, unit: str) -> None:
    expected = unit_of(name, currency, unit)
    if not given or given.casefold() in _accepted(name, expected, unit):
        return
    raise InputError(
        f"{name} is counted in {expected} here, not in {given[:40]}; give its figures "
        f"in {expected}, or leave unit: out"
    )


def _accepted(name: str, expected: str, unit: str) -> set[str]:
    words = {expected, *_WORDS.get(expected, ())}
    if name == "per_week":
        words |= {"a week", unit, f"{unit} a week", f"{unit} per week"}
    return {word.casefold() for word in words}
