"""What follows from rates that somebody states before there is any row?

Three ranges go in: how often acting is right (π), how many of those acted on are right
(precision p), how many that should be acted on are (recall r). With the odds of a false
alarm q = (1 - p) / p, the shares of all decisions are: caught πr, false alarms πrq,
missed π(1 - r), and left alone what remains. The ranges that come out are exact, the
least and the most over every combination that was stated and that can happen at all:
there can be no more false alarms than decisions to get wrong, πrq ≤ 1 - π.

Why a few points are enough. Everything asked for is a sum of products in which π, r and
q stand at most once each, so along an edge, a face or the inside of the box it has no
extreme but at its ends: the corners. The bound πrq = 1 - π cuts the box in a surface.
On it a product with q turns into one of π and r alone, straight along π and along r;
along the curves where the surface leaves through a face of fixed q, πr = (1 - π) / q is
straight in π. So on the surface too the extremes lie at the ends: where it crosses an
edge of the box. `tests/analysis/test_stated.py` holds this against a fine grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from math import isclose

from workshop.analysis.impact.assumptions import per_week
from workshop.data.scenario import Scenario, Stated
from workshop.record.choices import Record
from workshop.record.values import Number, PayoffMatrix

METHOD = "range over what was stated"
LEAST_PRECISION = 1e-9
"""A stated precision of 0 means next to none; odds of a false alarm stay finite."""

NUDGE = 1e-9
"""How far rounding may push a point on the surface past it."""

_ALL = ("positive_rate", "precision", "recall")

Point = tuple[float, float, float]
"""π, r and q of one combination that can happen."""

Quantity = Callable[[Point], float]


@dataclass(frozen=True, slots=True)
class StatedRates:
    """Ranges of shares, each None where what it follows from was not stated.

    Of those acted on: ``error``. Of those that should be acted on: ``recall``. Of all
    decisions: ``positive_rate``, ``error_all`` (wrong when all are acted on),
    ``flagged``, ``caught``, ``false_alarms``, ``missed``. ``fits`` is False where the
    three cannot all be true, and then ``least_precision`` is what precision would have
    to reach; ``cut`` says that some combinations cannot happen and were left out.
    """

    positive_rate: Number | None
    precision: Number | None
    recall: Number | None
    error_all: Number | None
    error: Number | None
    flagged: Number | None
    caught: Number | None
    false_alarms: Number | None
    missed: Number | None
    fits: bool
    cut: bool
    least_precision: Number | None

    @property
    def lacks(self) -> tuple[str, ...]:
        """Which of the three have not been stated."""
        return tuple(name for name in _ALL if getattr(self, name) is None)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to act, in decisions a week and money a week; None where not known."""

    kind: str
    acted: Number | None
    wrong: Number | None
    missed: Number | None
    money: Number | None


@dataclass(frozen=True, slots=True)
class StatedWeek:
    """A week as stated, beside acting on everyone and on no one.

    ``over_all`` and ``over_none`` are how much more money acting as stated brings than
    these two, on the same combination each time. ``break_even`` is the error among
    those acted on up to which acting pays, by the payoff; None where it prices nothing.
    """

    volume: Number
    ways: tuple[Way, ...]
    over_all: Number | None
    over_none: Number | None
    break_even: Number | None


def weekly_volume(scenario: Scenario, record: Record) -> Number:
    """Decisions a week: as the pair stated, else as the scenario does."""
    return Number(
        id="week.volume",
        value=per_week(record, scenario),
        unit=scenario.decision.unit,
        assumed=True,
    )


def stated_number(
    id: str, lo: float, hi: float | None, *, unit: str = "share"
) -> Number:
    """A range that follows from what was stated; its value only where it is a point.

    ``hi`` is None where there is no upper end.
    """
    point = hi is not None and isclose(lo, hi, rel_tol=1e-9, abs_tol=1e-12)
    return Number(
        id=id,
        value=lo if point else None,
        lo=lo,
        hi=hi,
        method=METHOD,
        unit=unit,
        assumed=True,
    )


def stated_rates(stated: Stated | None) -> StatedRates:
    """Return every share that the stated ranges lead to."""
    given = stated or Stated()
    space = _Space.of(given)
    shares = {
        name: space.range(f"stated.{name}", of, needs)
        for name, (of, needs) in _SHARES.items()
    }
    fits = bool(space.points)
    all_three = all(getattr(given, name) is not None for name in _ALL)
    whole = all(_can_happen(point) for point in _corners(given))
    return StatedRates(
        **shares,
        fits=fits,
        cut=fits and all_three and not whole,
        least_precision=None if fits else _least_precision(given),
    )


def stated_week(
    stated: Stated | None, payoff: PayoffMatrix, volume: Number
) -> StatedWeek:
    """Return people and money a week: as stated, on everyone, on no one.

    Money is None throughout where the payoff is all zero: then nothing was stated.
    """
    week = _Week(_Space.of(stated or Stated()), payoff, volume.value or 0.0)
    return StatedWeek(
        volume=volume,
        ways=(week.as_stated(), week.on_everyone(), week.on_no_one()),
        over_all=week.money("over_all", week.more_than_all, _ALL),
        over_none=week.money("over_none", week.more_than_none, _ALL),
        break_even=break_even(
            "week.break_even", payoff.false_alarm_cost, payoff.miss_cost
        ),
    )


def break_even(id: str, false_alarm: float, miss: float) -> Number | None:
    """The error among those acted on up to which acting beats staying silent.

    Acting pays where precision is at least C_FP / (C_FP + C_FN) (Elkan 2001); None
    unless both mistakes cost something.
    """
    if not (false_alarm > 0 and miss > 0):
        return None
    return Number(id=id, value=miss / (false_alarm + miss), assumed=True)


@dataclass(frozen=True, slots=True)
class _Space:
    """What was stated, and the points between which everything lies."""

    stated: Stated
    points: tuple[Point, ...]

    @classmethod
    def of(cls, stated: Stated) -> _Space:
        return cls(stated, possible_points(stated))

    def range(
        self,
        id: str,
        of: Quantity,
        needs: tuple[str, ...],
        *,
        times: float = 1.0,
        unit: str = "share",
    ) -> Number | None:
        """From the least to the most; None where something it needs is not stated.

        Where the rates contradict each other, each still speaks for itself.
        """
        if any(getattr(self.stated, name) is None for name in needs):
            return None
        points = self.points
        if not points and len(needs) == 1:
            alone = Stated(**{needs[0]: getattr(self.stated, needs[0])})
            points = possible_points(alone)
        if not points:
            return None
        values = [of(point) * times for point in points]
        return stated_number(id, min(values), max(values), unit=unit)


@dataclass(frozen=True, slots=True)
class _Week:
    """A week's decisions under each way to act."""

    space: _Space
    payoff: PayoffMatrix
    per_week: float

    def as_stated(self) -> Way:
        return Way(
            "stated",
            self.people("acted", "flagged"),
            self.people("wrong", "false_alarms"),
            self.people("missed", "missed"),
            self.money("money", self.value, _ALL),
        )

    def on_everyone(self) -> Way:
        return Way(
            "all",
            self.certain("acted_all", self.per_week),
            self.people("wrong_all", "error_all"),
            self.certain("missed_all", 0.0),
            self.money("money_all", self.all_value, _ALL[:1]),
        )

    def on_no_one(self) -> Way:
        return Way(
            "none",
            self.certain("acted_none", 0.0),
            self.certain("wrong_none", 0.0),
            self.people("missed_none", "positive_rate"),
            self.money("money_none", self.none_value, _ALL[:1]),
        )

    def people(self, id: str, share: str) -> Number | None:
        of, needs = _SHARES[share]
        return self.space.range(
            f"week.{id}", of, needs, times=self.per_week, unit="per week"
        )

    def certain(self, id: str, value: float) -> Number:
        return stated_number(f"week.{id}", value, value, unit="per week")

    def money(self, id: str, of: Quantity, needs: tuple[str, ...]) -> Number | None:
        worth = self.payoff
        if not any((worth.tp, worth.fp, worth.fn, worth.tn)):
            return None
        return self.space.range(
            f"week.{id}", of, needs, times=self.per_week, unit=worth.unit
        )

    def value(self, point: Point) -> float:
        """Money a decision: every cell of the matrix at its value."""
        wrong, worth = _false_alarms(point), self.payoff
        return (
            worth.tp * _caught(point)
            + worth.fp * wrong
            + worth.fn * _missed(point)
            + worth.tn * (1 - point[0] - wrong)
        )

    def all_value(self, point: Point) -> float:
        return self.payoff.tp * point[0] + self.payoff.fp * (1 - point[0])

    def none_value(self, point: Point) -> float:
        return self.payoff.fn * point[0] + self.payoff.tn * (1 - point[0])

    def more_than_all(self, point: Point) -> float:
        return self.value(point) - self.all_value(point)

    def more_than_none(self, point: Point) -> float:
        return self.value(point) - self.none_value(point)


def possible_points(stated: Stated) -> tuple[Point, ...]:
    """Return the corners that can happen, and where the surface crosses an edge.

    What was not stated may be anything. Empty where no combination can happen.
    """
    corners = [point for point in _corners(stated) if _can_happen(point)]
    return tuple(dict.fromkeys((*corners, *_crossings(stated))))


def _sides(stated: Stated) -> tuple[tuple[float, float], ...]:
    """The ends of π, r and q; anything where nothing was stated."""
    lo, hi = stated.precision or (0.0, 1.0)
    odds = tuple((1 - p) / max(p, LEAST_PRECISION) for p in (hi, lo))
    return (
        stated.positive_rate or (0.0, 1.0),
        stated.recall or (0.0, 1.0),
        (odds[0], odds[1]),
    )


def _corners(stated: Stated) -> tuple[Point, ...]:
    pi, r, q = _sides(stated)
    return tuple(dict.fromkeys(product(pi, r, q)))


def _can_happen(point: Point) -> bool:
    pi, r, q = point
    return pi * r * q <= 1 - pi + NUDGE


def _crossings(stated: Stated) -> Iterator[Point]:
    """Where πrq = 1 - π crosses one of the twelve edges of the box."""
    pi_side, r_side, q_side = _sides(stated)
    for r, q in product(r_side, q_side):
        yield from _within((1 / (1 + r * q), r, q), 0, pi_side)
    for pi, q in product(pi_side, q_side):
        if pi * q > 0:
            yield from _within((pi, (1 - pi) / (pi * q), q), 1, r_side)
    for pi, r in product(pi_side, r_side):
        if pi * r > 0:
            yield from _within((pi, r, (1 - pi) / (pi * r)), 2, q_side)


def _within(point: Point, place: int, side: tuple[float, float]) -> Iterator[Point]:
    if side[0] <= point[place] <= side[1]:
        yield point


def _precision(point: Point) -> float:
    # where q was clipped, precision is 0 and not next to it
    found = 1 / (1 + point[2])
    return 0.0 if found <= 2 * LEAST_PRECISION else found


def _caught(point: Point) -> float:
    return point[0] * point[1]


def _false_alarms(point: Point) -> float:
    return min(point[0] * point[1] * point[2], 1 - point[0])


def _flagged(point: Point) -> float:
    return _caught(point) + _false_alarms(point)


def _missed(point: Point) -> float:
    return point[0] * (1 - point[1])


_SHARES: dict[str, tuple[Quantity, tuple[str, ...]]] = {
    "positive_rate": (lambda point: point[0], ("positive_rate",)),
    "precision": (_precision, ("precision",)),
    "recall": (lambda point: point[1], ("recall",)),
    "error_all": (lambda point: 1 - point[0], ("positive_rate",)),
    "error": (lambda point: 1 - _precision(point), ("precision",)),
    "flagged": (_flagged, _ALL),
    "caught": (_caught, ("positive_rate", "recall")),
    "false_alarms": (_false_alarms, _ALL),
    "missed": (_missed, ("positive_rate", "recall")),
}
"""Every share, and what has to be stated before it can be told."""


def _least_precision(stated: Stated) -> Number:
    """What precision cannot stay below, even when everybody is acted on."""
    (pi, _), (r, _), _ = _sides(stated)
    least = pi * r / (pi * r + 1 - pi)
    return Number(id="stated.least_precision", value=least, assumed=True)
