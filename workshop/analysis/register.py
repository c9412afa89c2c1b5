"""What does the pair live with, take as true or ask for, whose is it, until when?

One list of everything in the record, and in the scenario, that an agreement rests on
without anybody having measured it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workshop.analysis.impact.assumptions import assumed_number, unit_of
from workshop.data.scenario import Scenario
from workshop.record.choices import Assumed, DataReview, Record
from workshop.record.dates import is_past
from workshop.record.values import Number, Owner

HeldKind = Literal["risk", "assumption", "impact", "condition", "cannot_do"]
Confidence = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Held:
    """One line of the register.

    ``text`` is in somebody's own words; ``name`` is a finding's code, or the name of an
    assumed figure, with ``figure`` its likely value and its ends. ``overdue`` says
    that it was to be looked at again before today.
    """

    kind: HeldKind
    text: str
    name: str = ""
    owner: Owner | None = None
    confidence: Confidence | None = None
    revisit: str = ""
    overdue: bool = False
    figure: Number | None = None


def list_held(record: Record, scenario: Scenario, today: date) -> tuple[Held, ...]:
    """List risks, assumptions, conditions and what cannot be done, overdue ones first.

    Of the figures that the impact rests on, those that the pair stated itself, and of
    the scenario's those that are said to be unsure: the others stand in step 04.
    """
    review = record.data_review or DataReview()
    found = [*_reviewed(review, today), *_figures(record, scenario), *_words(review)]
    return tuple(sorted(found, key=lambda held: not held.overdue))


def _reviewed(review: DataReview, today: date) -> Iterator[Held]:
    for risk in review.accepted:
        yield Held(
            "risk",
            risk.reason,
            name=risk.finding,
            owner=risk.owner,
            revisit=risk.revisit or "",
            overdue=is_past(risk.revisit, today),
        )
    for taken in review.assumptions:
        yield Held(
            "assumption",
            taken.says,
            owner=taken.owner,
            confidence=taken.confidence,
            revisit=taken.revisit or "",
            overdue=is_past(taken.revisit, today),
        )


def _figures(record: Record, scenario: Scenario) -> Iterator[Held]:
    stated = record.impact.assumed if record.impact else {}
    unsure = {n: a for n, a in scenario.assumed.items() if a.confidence == "low"}
    for name, assumed in (unsure | stated).items():
        yield Held(
            "impact",
            assumed.source,
            name=name,
            owner=assumed.owner,
            confidence=assumed.confidence,
            figure=_figure(name, assumed, scenario),
        )


def _figure(name: str, assumed: Assumed, scenario: Scenario) -> Number:
    """Its likely value between its ends: the same number as in step 04."""
    unit = unit_of(name, scenario.payoff.unit, scenario.decision.unit)
    return assumed_number(name, assumed, unit=unit)


def _words(review: DataReview) -> Iterator[Held]:
    yield from (Held("condition", text) for text in review.conditions)
    yield from (Held("cannot_do", text) for text in review.cannot_do)
