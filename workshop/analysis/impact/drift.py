"""What if cases get rarer or more common, the volume grows, or the score gets worse?

Each is the same option in another week: how it acts on either label stays as measured,
and one thing changes. Nothing is drawn: these are exact expectations under a stated
change, and no forecast.

A score that is worse by ``d`` is one that for a share d of decisions says nothing about
the label: P'(place | label) = (1 - d)·P(place | label) + d·P(place). What is acted on
stays as much as it was, so the error among it goes straight from what it is to the base
rate. Where cases are rarer or more common, as in `workshop.analysis.prevalence` (Elkan
2001), the error at a share π of positives is FPR·(1 - π)/(TPR·π + FPR·(1 - π)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.impact.assumptions import Assumptions, Values
from workshop.analysis.impact.estimate import (
    Estimate,
    measures_of,
    number_at,
    unit_of_measure,
)
from workshop.analysis.impact.floors import ERROR, Side, margin_of, side_of
from workshop.analysis.impact.queue import Queue, queue
from workshop.analysis.impact.week import Amount, Shares
from workshop.analysis.options.places import PLACE, PLACES
from workshop.record.choices import Floor
from workshop.record.values import Number

Floats = NDArray[np.float64]

# In `PLACES` a positive's place stands before a negative's, five times.
POSITIVE = np.arange(len(PLACES)) % 2 == 0
TOLD = (
    "people_helped",
    "people_wrong",
    "people_missed",
    "asked",
    "waiting_hours",
    "overflow_per_week",
    "hours_saved",
    "money",
)
MOST_POSITIVE = 0.95
"""Cases are not doubled past this: hardly any would be left to be wrong about."""
DEGRADED = (10, 25)
GROWN = {"half_more": 1.5, "doubled": 2.0}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One option in another week.

    ``kind`` is ``as_it_is``, ``prevalence_halved``, ``prevalence_doubled``,
    ``volume_half_more``, ``volume_doubled``, ``degraded_10`` or ``degraded_25`` (of 100
    decisions). ``numbers`` maps ``prevalence``, ``error_among_answered`` and the
    measures of `TOLD` to their values; what cannot be told is not in it. Whether a
    floor holds is None where none was set or nothing can be held against it.
    """

    kind: str
    numbers: Mapping[str, Number]
    queue: Queue | None
    model_holds: bool | None
    business_holds: bool | None


@dataclass(frozen=True, slots=True)
class Drift:
    """One option under every change, and how much change breaks its model floor.

    ``degradation`` is the share of decisions about which the score may say nothing
    until the error passes the floor, 0 where it does already. ``prevalence_factor`` is
    what the share of positives may be multiplied by: below 1 how much rarer they may
    become, above 1 how much more common they would have to be. The value of either is
    None where no such change breaks it (or, for the factor, nothing mends it), or there
    is no floor.
    """

    option: str
    scenes: tuple[WhatIf, ...]
    degradation: Number
    prevalence_factor: Number


def what_if(
    shares: Shares,
    assumptions: Assumptions,
    *,
    base: Estimate,
    error: Number,
    acceptable: float | None = None,
    floor: Floor | None = None,
) -> Drift:
    """Put one option into other weeks, and find where its model floor breaks.

    Parameters
    ----------
    base
        The option's estimate: as it is, numbers carry its ranges.
    error
        Error among answered as it is, with its interval; without a value where the
        option acts on no one.
    acceptable
        The error that the pair agreed to live with, if it did.
    floor
        The business floor, if there is one.
    """
    scenes = [
        _scene(kind, shares, moved, values, assumptions.currency, (acceptable, floor))
        for kind, moved, values in _weeks(shares.observed, assumptions.likely)
    ]
    scenes[0] = _with_ranges(scenes[0], base, error)
    degradation, factor = _breaks_at(shares.observed, acceptable)
    return Drift(
        shares.option,
        tuple(scenes),
        degradation=number_at("whatif.breaks_at.degradation", degradation, "share"),
        prevalence_factor=number_at("whatif.breaks_at.prevalence", factor, "times"),
    )


def at_share(observed: Floats, prevalence: float) -> Floats:
    """Shares of places at another share of positives; each label acted on as before.

    A label that did not occur cannot be weighed: the shares stay as they are.
    """
    positive = _positive(observed)
    if not 0 < positive < 1:
        return observed
    weights = np.where(
        POSITIVE, prevalence / positive, (1 - prevalence) / (1 - positive)
    )
    return observed * weights


def degraded(observed: Floats, d: float) -> Floats:
    """Shares of places if for a share ``d`` of decisions the score says nothing.

    Who is shown the best few changes with it; whether a right one is among them stays
    as it was for either label. Where nobody of a label was shown them, a right first
    answer counts as right and a wrong one as nothing found.
    """
    table = observed.reshape(5, 2)
    shown = table[3] + table[4]
    with np.errstate(invalid="ignore"):
        right = np.where(shown > 0, table[3] / shown, (1.0, 0.0))
    actions = np.vstack([table[:3], shown])
    of_action, of_label = actions.sum(axis=1), actions.sum(axis=0)
    mixed = (1 - d) * actions + d * np.outer(of_action, of_label)
    lists = np.vstack([mixed[3] * right, mixed[3] * (1 - right)])
    return np.vstack([mixed[:3], lists]).ravel()


def _weeks(observed: Floats, likely: Values) -> list[tuple[str, Floats, Values]]:
    """Each change by name, with the shares and the values that it leaves."""
    positive = _positive(observed)
    volume = likely["per_week"]
    return [
        ("as_it_is", observed, likely),
        ("prevalence_halved", at_share(observed, positive / 2), likely),
        *(
            [("prevalence_doubled", at_share(observed, 2 * positive), likely)]
            if 2 * positive <= MOST_POSITIVE
            else []
        ),
        *(
            (f"volume_{kind}", observed, likely | {"per_week": volume * factor})
            for kind, factor in GROWN.items()
        ),
        *(
            (f"degraded_{of_100}", degraded(observed, of_100 / 100), likely)
            for of_100 in DEGRADED
        ),
    ]


def _scene(
    kind: str,
    shares: Shares,
    observed: Floats,
    values: Values,
    currency: str,
    floors: tuple[float | None, Floor | None],
) -> WhatIf:
    told = measures_of(observed, values, running=shares.running)
    positive, error = _positive(observed), _error(observed)
    acceptable, floor = floors
    numbers = {
        "prevalence": number_at(f"whatif.{kind}.prevalence", positive, "share"),
        ERROR: number_at(f"whatif.{kind}.{ERROR}", error, "share"),
    } | {
        name: number_at(
            f"whatif.{kind}.{name}", float(told[name]), unit_of_measure(name, currency)
        )
        for name in TOLD
        if name in told
    }
    told_error = None if np.isnan(error) else error
    return WhatIf(
        kind=kind,
        numbers=numbers,
        queue=_queue(float(told["asked"]), values),
        model_holds=_holds(told_error, "at_most", acceptable),
        business_holds=_business(told, floor),
    )


def _queue(asked: float, values: Values) -> Queue | None:
    minutes, hours = values.get("minutes_review"), values.get("reviewer_hours")
    if minutes is None or hours is None:
        return None
    return queue(asked, float(minutes), float(hours))


def _business(told: Mapping[str, Amount], floor: Floor | None) -> bool | None:
    bound = None if floor is None else side_of(floor)
    if floor is None or floor.metric is None or bound is None:
        return None
    if floor.metric not in told:
        return None
    return _holds(float(told[floor.metric]), *bound)


def _holds(value: float | None, side: Side, bound: float | None) -> bool | None:
    if value is None or bound is None or np.isnan(value):
        return None
    return bool(margin_of(value, side, bound) >= 0)


def _with_ranges(scene: WhatIf, base: Estimate, error: Number) -> WhatIf:
    """As it is, with the ranges that were drawn for it."""
    known = {ERROR: error} | dict(base.numbers)
    numbers = {
        name: known[name].model_copy(update={"id": number.id})
        if name in known
        else number
        for name, number in scene.numbers.items()
    }
    return replace(scene, numbers=numbers)


def _breaks_at(observed: Floats, acceptable: float | None) -> tuple[float, float]:
    """The least degradation, and the factor of positives, at which the floor breaks.

    With e the error, b the base rate of acting wrongly and A the floor: degradation is
    where e + d·(b - e) = A; the share of positives where its odds are
    FPR·(1 - A)/(TPR·A).
    """
    error, positive = _error(observed), _positive(observed)
    if acceptable is None or np.isnan(error):
        return np.nan, np.nan
    room, most = acceptable - error, 1 - positive - error
    worse = 0.0 if room < 0 else room / most if room < most else np.nan
    tp, fp = observed[PLACE["tp"]], observed[PLACE["fp"]]
    if not (tp and fp and 0 < acceptable < 1):
        return worse, np.nan
    # the odds of a positive when it breaks, over those that there are
    odds = positive / (1 - positive) * (fp / tp) * (1 - acceptable) / acceptable
    return worse, odds / (1 + odds) / positive


def _error(observed: Floats) -> float:
    tp, fp = float(observed[PLACE["tp"]]), float(observed[PLACE["fp"]])
    return fp / (tp + fp) if tp + fp else np.nan


def _positive(observed: Floats) -> float:
    return float(observed[POSITIVE].sum())
