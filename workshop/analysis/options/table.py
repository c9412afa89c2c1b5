"""Which trade-off does each option make? One line an option, read aloud at the table.

Measured options on the rows kept aside, at their own policies; stated ones with what
somebody stated, and marked so. What lies outside a limit is shown as outside it, and
is never hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.impact.estimate import number_of_draws
from workshop.analysis.impact.people import people_affected
from workshop.analysis.intervals import rate
from workshop.analysis.line import Line
from workshop.analysis.metrics import EXPECTATION, number_of
from workshop.analysis.options.compared import Options, says_of_each_row
from workshop.analysis.options.front import pareto_front
from workshop.analysis.options.offers import Offer, limits_of
from workshop.analysis.options.paired import latency
from workshop.analysis.options.places import PLACE
from workshop.analysis.options.versus import ALIKE, COST_UNIT, Versus
from workshop.analysis.stated import stated_number
from workshop.data.candidates import StatedOption
from workshop.record.values import Limits, Number, Policy

Floats = NDArray[np.float64]
Kind = Literal["model", "people", "nothing", "everyone", "stated"]

NO_LIMITS = Limits()
RATES = ("coverage", "error_among_answered", "recall", "precision", "review_rate")
MILLION = 1_000_000

# Which figure a limit is held against, and which side of it is inside.
HELD: dict[str, tuple[str, int]] = {
    "max_error_among_answered": ("error_among_answered", 1),
    "min_precision": ("precision", -1),
    "min_recall": ("recall", -1),
    "min_coverage": ("coverage", -1),
    "reviews_per_week": ("reviews", 1),
    "max_latency_ms_p95": ("latency_ms_p95", 1),
    "max_cost_per_decision": ("running", 1),
}


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option of the table.

    ``figures`` holds the rates of `RATES`, ``shown`` (the share that is shown the best
    few), ``cost`` (false alarms a decision), ``latency_ms_p50``, ``latency_ms_p95``,
    ``running`` (money a million decisions) and what a week comes to; what is not known
    is not in it. ``outside`` names those of its ``limits`` that its point estimates
    break; ``keeps`` is False where no line keeps all of them on the choosing rows.
    ``versus`` is None for the option in play and for what cannot be compared.
    """

    id: str
    letter: str
    title: str
    kind: Kind
    in_play: bool
    policy: Policy | None
    figures: dict[str, Number] = field(default_factory=dict)
    versus: Versus | None = None
    outside: tuple[str, ...] = ()
    on_front: bool = False
    days_to_ship: Number | None = None
    reversible: str = ""
    limits: Limits = NO_LIMITS
    keeps: bool | None = None


@dataclass(frozen=True, slots=True)
class OptionLines:
    """All lines, the rows they rest on, and how many were lost by comparing.

    ``looks`` is how many ranges hold at once; ``few_sources`` that they only indicate.
    """

    lines: tuple[OptionLine, ...]
    rows: Number
    lost: int
    looks: Number | None
    few_sources: bool

    def of(self, option: str) -> OptionLine | None:
        """The line of that option."""
        return next((line for line in self.lines if line.id == option), None)


WEEKLY = ("money", "people_wrong", "people_helped", "hours_saved", "waiting_hours")


def option_lines(options: Options) -> OptionLines | None:
    """One line for each option on offer; None while nothing can be counted."""
    if not options.measured or (not options.evidence.ratio and not options.stands):
        return None
    lines = [_line(options, offer) for offer in options.offers]
    front = pareto_front({line.id: _point(line) for line in lines})
    looks = sum(
        _has_range(n) for v in options.versus.values() for n in (v.cost, v.error)
    )
    return OptionLines(
        lines=tuple(_on_front(line, line.id in front) for line in lines),
        rows=Number(
            id="options.kept_aside",
            value=float(options.joint.rows),
            rows="report",
            unit="rows",
        ),
        lost=options.joint.lost,
        looks=Number(id="options.looks", value=float(looks), unit="comparisons")
        if looks
        else None,
        few_sources=options.drawn.few_sources,
    )


def _has_range(number: Number | None) -> bool:
    """Whether a difference has a range that could be wrong: one of the family."""
    return number is not None and number.lo is not None and number.method != ALIKE


def _on_front(line: OptionLine, on_front: bool) -> OptionLine:
    return replace(line, on_front=on_front)


def _point(line: OptionLine) -> tuple[float | None, ...]:
    names = ("error_among_answered", "cost", "latency_ms_p95")
    return tuple(f.value if (f := line.figures.get(n)) else None for n in names)


def _line(options: Options, offer: Offer) -> OptionLine:
    candidate = offer.candidate
    figures = _figures(options, offer)
    limits = limits_for(options, offer, _limits(options, offer))
    days = candidate.days_to_ship
    return OptionLine(
        id=offer.id,
        letter=offer.letter,
        title=candidate.title,
        kind=kind_of(offer),
        in_play=offer.id == options.in_play,
        policy=offer.policy,
        figures=figures,
        versus=options.versus.get(offer.id),
        outside=outside(figures, limits),
        limits=limits,
        keeps=offer.keeps,
        days_to_ship=None
        if days is None
        else Number(
            id=f"option.{offer.id}.days", value=days, unit="days", assumed=True
        ),
        reversible=candidate.reversible,
    )


def kind_of(offer: Offer) -> Kind:
    """What decides: a model, people, nobody, or a rule that takes everyone."""
    candidate = offer.candidate
    if candidate.stated is not None:
        return "stated"
    if candidate.run is not None:
        return "model"
    if candidate.policy == "all":
        return "everyone"
    return "people" if candidate.fallback == "human" else "nothing"


def _limits(options: Options, offer: Offer) -> Limits:
    return limits_of(Line(options.evidence).limits, offer.candidate)


def _figures(options: Options, offer: Offer) -> dict[str, Number]:
    if offer.candidate.stated is not None:
        return _stated(options, offer, offer.candidate.stated)
    if offer.id not in options.placed:
        return _measured_times(options, offer)
    return (
        _rates(options, offer)
        | _cost(options, offer)
        | _measured_times(options, offer)
        | _weekly(options, offer)
    )


def held_figures(options: Options, offer: Offer) -> dict[str, Number]:
    """What limits are held against: rates and times, without any draw."""
    if offer.candidate.stated is not None:
        return _stated(options, offer, offer.candidate.stated)
    times = _measured_times(options, offer)
    if not says_of_each_row(offer.policy):
        return times
    return _rates(options, offer) | times


def _rates(options: Options, offer: Offer) -> dict[str, Number]:
    evidence, placed = options.evidence, options.place(offer)
    deff = options.deff(offer.candidate)
    cells, counts = placed.cells, placed.counts
    found = {
        name: number_of(
            name, cells, rows="report", id=f"option.{offer.id}.{name}", deff=deff
        )
        for name in RATES
    }
    shown = int(counts[6:].sum())
    if shown:
        n = int(counts.sum())
        name = f"option.{offer.id}.shown"
        found["shown"] = rate(name, shown, n, rows="report", deff=deff)
        right = int(counts[6:8].sum())
        found["right_among_shown"] = rate(
            f"option.{offer.id}.right_among_shown",
            right,
            shown,
            rows="report",
            deff=deff,
        )
        found["by_lot"] = _by_lot(options, offer)
    asked, name = found["review_rate"], f"option.{offer.id}.reviews"
    found["reviews"] = people_affected(asked, evidence.per_week, id=name)
    return {name: number for name, number in found.items() if number.value is not None}


def _by_lot(options: Options, offer: Offer) -> Number:
    """How often as many drawn by lot would hold a right one, for the same rows."""
    few, placed = options.evidence.best_few[offer.id], options.place(offer)
    _, side = options.rows_of(offer.candidate)
    chances = few.by_lot[side][placed.codes >= PLACE["right_positive"]]
    return Number(
        id=f"option.{offer.id}.by_lot",
        value=float(chances.mean()),
        n=len(chances),
        method=EXPECTATION,
        rows="report",
    )


def _cost(options: Options, offer: Offer) -> dict[str, Number]:
    """False alarms a decision, with what 95 of 100 draws of rows stay within."""
    if options.evidence.ratio is None:
        return {}
    counts, costs = options.placed[offer.id].counts, options.costs(offer.id)
    if np.isnan(costs[counts > 0]).any():
        return {}
    shares, priced = options.shares(offer.id), np.nan_to_num(costs)
    found = number_of_draws(
        f"option.{offer.id}.cost_in_alarms",
        float(shares.observed @ priced),
        shares.drawn @ priced,
        unit=COST_UNIT,
        method="draws of rows",
        assumed=False,
    )
    return {"cost": found.model_copy(update={"n": int(counts.sum())})}


def _measured_times(options: Options, offer: Offer) -> dict[str, Number]:
    evidence, candidate = options.evidence, offer.candidate
    if candidate.run is None:
        price = options.price_of_people(candidate)
        return {} if price is None else {"running": _running(options, offer, price)}
    found: dict[str, Number] = {}
    times = evidence.scored[candidate.run].latency_ms
    if times is not None:
        for q in (50, 95):
            name = f"latency_ms_p{q}"
            id = f"option.{offer.id}.at_work.{name}"
            found[name] = latency(id, times, q / 100, rows="all")
    running = options.running(offer.id)
    if running is not None:
        found["running"] = _running(options, offer, running)
    return found


def _running(options: Options, offer: Offer, running: float) -> Number:
    unit = f"{options.evidence.payoff.unit} per million"
    id = f"option.{offer.id}.running"
    return Number(id=id, value=MILLION * running, unit=unit, assumed=True)


def _weekly(options: Options, offer: Offer) -> dict[str, Number]:
    numbers = options.estimates[offer.id].numbers
    return {name: numbers[name] for name in WEEKLY if name in numbers}


def _stated(options: Options, offer: Offer, stated: StatedOption) -> dict[str, Number]:
    """What somebody stated: ranges without a count, and people as they follow."""
    (error_lo, error_hi), (lo, hi) = stated.error_among_answered, stated.coverage
    per_week = options.evidence.per_week
    name = f"option.{offer.id}"
    found = {
        "error_among_answered": stated_number(
            f"{name}.error_among_answered", error_lo, error_hi
        ),
        "coverage": stated_number(f"{name}.coverage", lo, hi),
        "people_wrong": stated_number(
            f"impact.{offer.id}.people_wrong",
            error_lo * lo * per_week,
            error_hi * hi * per_week,
            unit="per week",
        ),
    }
    for q in (50, 95):
        time = getattr(stated, f"latency_ms_p{q}")
        if time is not None:
            found[f"latency_ms_p{q}"] = Number(
                id=f"{name}.at_work.latency_ms_p{q}",
                value=time,
                unit="ms",
                assumed=True,
            )
    if offer.candidate.cost is not None:
        found["running"] = _running(options, offer, offer.candidate.cost)
    return found


def limits_for(options: Options, offer: Offer, limits: Limits) -> Limits:
    """The limits that make sense for an option.

    People are not held to what a model acts on alone, and those who answer instead of
    one do no reviews.
    """
    if kind_of(offer) != "people":
        return limits
    gone = {name for name, (figure, _) in HELD.items() if figure in RATES}
    if options.answered_by_people(offer.candidate):
        gone.add("reviews_per_week")
    return limits.model_copy(update=dict.fromkeys(gone))


def outside(figures: dict[str, Number], limits: Limits) -> tuple[str, ...]:
    """The limits that point estimates break; of a stated range, its better end."""
    broken = []
    for limit, (name, sign) in HELD.items():
        bound, number = getattr(limits, limit), figures.get(name)
        if bound is None or number is None:
            continue
        value = number.value
        if value is None:
            value = number.lo if sign > 0 else number.hi
        scale = MILLION if name == "running" else 1
        room = 1e-9 * scale * abs(bound)
        if value is not None and sign * (value - bound * scale) > room:
            broken.append(limit)
    return tuple(broken)
