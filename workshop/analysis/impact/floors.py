"""Do both floors hold, by how much, how likely, and which one binds?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.impact.estimate import Estimate
from workshop.errors import InputError
from workshop.record.choices import Floor
from workshop.record.values import Number

Side = Literal["at_least", "at_most"]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

ERROR = "error_among_answered"
FEWEST = 20
"""Acted on, below which draws of rows say too little about an error among them."""


@dataclass(frozen=True, slots=True)
class FloorState:
    """One floor: what must hold, where the option stands, its margin, its chance.

    ``margin`` is positive where the value is on the right side, in the value's unit.
    ``chance`` is the share of draws in which it holds; None where nothing was drawn.
    A value and a margin of None with a chance belong to a queue that overflows.
    """

    metric: str
    bound: Number
    side: Side
    value: Number
    margin: Number
    chance: Number | None

    @property
    def holds(self) -> bool:
        """Whether it holds as it stands, chance aside."""
        return self.margin.value is not None and self.margin.value >= 0


@dataclass(frozen=True, slots=True)
class DualFloors:
    """Both floors of one option, side by side and never as one number.

    Either is None where none was set or nothing can be computed for it. ``both`` is
    the chance that both hold at once; ``binds`` the one that is likelier to break.
    """

    option: str
    model: FloorState | None
    business: FloorState | None
    both: Number | None
    binds: Literal["model", "business"] | None


def dual_floors(
    estimate: Estimate,
    error_draws: ArrayLike,
    error: Number,
    *,
    acceptable: float | None,
    floor: Floor | None,
) -> DualFloors:
    """Hold an option against the error the pair can live with, and its business floor.

    Parameters
    ----------
    estimate
        The option's estimate; its draws go with ``error_draws`` one by one.
    error_draws
        Error among answered in each draw of rows, shape (B,); NaN where a draw acts on
        no one, which then breaks nothing.
    error
        Error among answered on the rows kept aside. Without a value (the option acts on
        no one) there is no model floor to hold.
    acceptable
        The error that the pair agreed to live with; None while it has not.
    floor
        The business floor; one without a metric is for people to count.

    Raises
    ------
    InputError
        A business floor that is bounded on both sides, or draws that do not pair.
    """
    option, draws = estimate.option, np.asarray(error_draws, dtype=np.float64)
    model = _model(option, draws, error, acceptable)
    business = None if floor is None else _business(option, estimate, floor)
    first, second = model and model[0], business and business[0]
    if model is None or business is None:
        return DualFloors(option, first, second, both=None, binds=None)
    if model[0].chance is None:
        return DualFloors(option, first, second, both=None, binds=None)
    margin, other = model[1], business[1]
    if len(margin) != len(other):
        raise InputError(
            f"{option} has {len(margin)} draws of its error and {len(other)} of its "
            "week; draw both alike"
        )
    together = _chance(f"floors.{option}.both", _kept(margin) & _kept(other))
    return DualFloors(option, first, second, together, _binding(model, business))


def side_of(floor: Floor) -> tuple[Side, float] | None:
    """Which side a floor is bounded on, and where; None where it names no figure.

    Raises `InputError` where it is bounded on both: a floor is one side.
    """
    if floor.at_least is not None and floor.at_most is not None:
        raise InputError(
            f"the floor on {floor.metric or floor.measure} has at_least and at_most; "
            "keep one of them"
        )
    if floor.at_least is not None:
        return "at_least", floor.at_least
    return None if floor.at_most is None else ("at_most", floor.at_most)


def margin_of(value: ArrayLike, side: Side, bound: float) -> Floats:
    """How far a value is on the right side of a bound: negative where it is not."""
    far = np.asarray(value, dtype=np.float64) - bound
    return far if side == "at_least" else -far


def _model(
    option: str, draws: Floats, error: Number, acceptable: float | None
) -> tuple[FloorState, Floats] | None:
    if acceptable is None or error.value is None:
        return None
    found, margins = _state(
        f"floors.{option}.model", ERROR, error, draws, ("at_most", acceptable), False
    )
    if _hardly_varies(error):
        found = replace(found, chance=None)
    return found, margins


def _hardly_varies(error: Number) -> bool:
    """Whether draws of these rows would promise too much: few, or all of one kind."""
    k, n = error.k, error.n
    return k is not None and n is not None and (n < FEWEST or k in (0, n))


def _business(
    option: str, estimate: Estimate, floor: Floor
) -> tuple[FloorState, Floats] | None:
    bound = side_of(floor)
    if floor.metric is None or bound is None or floor.metric not in estimate.numbers:
        return None
    draws = estimate.draws[floor.metric]
    if np.isnan(draws).all():
        return None
    value = estimate.numbers[floor.metric]
    return _state(f"floors.{option}.business", floor.metric, value, draws, bound, True)


def _state(
    id: str,
    metric: str,
    value: Number,
    draws: Floats,
    bound: tuple[Side, float],
    assumed: bool,
) -> tuple[FloorState, Floats]:
    """The state of a floor, and its margin in each draw."""
    side, least = bound
    margins = margin_of(draws, side, least)
    state = FloorState(
        metric=metric,
        bound=Number(id=f"{id}.bound", value=least, unit=value.unit, assumed=True),
        side=side,
        value=value,
        margin=_margin(f"{id}.margin", value, side, least),
        chance=_chance(f"{id}.chance", _kept(margins), assumed=assumed)
        if len(draws)
        else None,
    )
    return state, margins


def _margin(id: str, value: Number, side: Side, bound: float) -> Number:
    """The value's distance to the bound; its range is the value's own, moved."""

    def moved(end: float | None) -> float | None:
        return None if end is None else float(margin_of(end, side, bound))

    lo, hi = moved(value.lo), moved(value.hi)
    if side == "at_most":
        lo, hi = hi, lo
    # a distance of shares is no share of rows any more: the counts stay behind
    update = {"id": id, "value": moved(value.value), "lo": lo, "hi": hi}
    return value.model_copy(update=update | {"k": None, "n": None})


def _kept(margins: Floats) -> Bools:
    """Where a floor holds; a draw that has nothing to measure breaks nothing."""
    return np.isnan(margins) | (margins >= 0)


def _chance(id: str, kept: Bools, *, assumed: bool = True) -> Number:
    of = "rows and assumptions" if assumed else "rows"
    return Number(
        id=id,
        value=float(kept.mean()) if len(kept) else None,
        method=f"share of {len(kept):,} draws of {of}",
        rows="report",
        assumed=assumed,
    )


def _binding(
    model: tuple[FloorState, Floats], business: tuple[FloorState, Floats]
) -> Literal["model", "business"]:
    """The floor with the lower chance; where equal, with the fewer sds to spare."""
    chances = [_kept(margins).mean() for _, margins in (model, business)]
    if chances[0] != chances[1]:
        return "model" if chances[0] < chances[1] else "business"
    spare = [_in_sds(one.margin.value, draws) for one, draws in (model, business)]
    return "model" if spare[0] <= spare[1] else "business"


def _in_sds(margin: float | None, draws: Floats) -> float:
    known = draws[np.isfinite(draws)]
    spread = float(known.std()) if len(known) else 0.0
    if margin is None:
        return -np.inf
    return margin / spread if spread else float(np.copysign(np.inf, margin))
