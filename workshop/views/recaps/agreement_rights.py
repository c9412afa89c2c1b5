"""05: who decides what, whom to ask when something happens, and when we meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workshop.analysis.rituals import planned_rituals
from workshop.record.agreed import Agreement, DecisionRight, Escalation, Ritual
from workshop.record.dates import is_past
from workshop.record.terms import MODEL_DECISIONS, PRODUCT_DECISIONS
from workshop.record.values import Number
from workshop.views.recaps.common import owner_said, when_said
from workshop.views.section import Block, Items, Paragraph, Table
from workshop.views.wording import (
    Said,
    as_written,
    capitalised,
    in_a_row,
    phrase,
    say,
)


def rights_blocks(agreement: Agreement) -> tuple[Block, ...]:
    """Who decides what, and who is asked before; or that nobody has said."""
    if not agreement.decides:
        return (Paragraph(say("agreement.rights_none")),)
    by_kind: dict[str, list[DecisionRight]] = {"model": [], "product": [], "own": []}
    for right in agreement.decides:
        by_kind[_kind(right)].append(right)
    return tuple(_rights(kind, found) for kind, found in by_kind.items() if found)


def _kind(right: DecisionRight) -> str:
    name = right.decision.strip().casefold()
    if name in MODEL_DECISIONS.values():
        return "model"
    return "product" if name in PRODUCT_DECISIONS.values() else "own"


def _rights(kind: str, rights: Sequence[DecisionRight]) -> Table:
    heads = ("decision", "owner", "asked")
    return Table(
        say(f"agreement.rights_{kind}"),
        tuple(say(f"agreement.right_{head}") for head in heads),
        tuple(
            (as_written(right.decision), owner_said(right.owner), _asked(right))
            for right in rights
        ),
    )


def _asked(right: DecisionRight) -> Said:
    halves = () if right.consulted is None else (owner_said(right.consulted).text,)
    names = (*halves, *right.asked)
    return as_written(", ".join(names)) if names else say("agreement.nobody_asked")


def escalation_blocks(agreement: Agreement) -> tuple[Block, ...]:
    """Who is told when, how soon, and what runs meanwhile."""
    if not agreement.escalation:
        return (Paragraph(say("agreement.escalation_none")),)
    heads = ("when", "to", "meanwhile")
    table = Table(
        say("agreement.escalation_caption"),
        tuple(say(f"agreement.escalation_{head}") for head in heads),
        tuple(_case_row(*each) for each in enumerate(agreement.escalation)),
    )
    return (table,)


def _case_row(place: int, one: Escalation) -> tuple[Said, ...]:
    meanwhile = as_written(one.meanwhile) if one.meanwhile else say("agreement.nothing")
    return as_written(one.when), _told(place, one), meanwhile


def _told(place: int, one: Escalation) -> Said:
    """Who is told, and how soon an answer comes where that was said."""
    if one.within_days is None:
        return as_written(one.to)
    if one.within_days == 0:
        return say("agreement.to_at_once", to=one.to)
    days = Number(
        id=f"escalation.{place}.days",
        value=float(one.within_days),
        unit="days",
        assumed=True,
    )
    key = "to_in_a_day" if one.within_days == 1 else "to_in_days"
    return say(f"agreement.{key}", to=one.to, days=days)


def calendar_blocks(agreement: Agreement, today: date) -> tuple[Block, ...]:
    """The meetings by date, those that are past marked; or that none is planned."""
    planned = sorted(planned_rituals(agreement), key=lambda one: one.on)
    lines = [_meeting(place, one, today) for place, one in enumerate(planned)]
    if agreement.retrospective is None:
        lines.append(say("agreement.retrospective_none"))
    return (Items(tuple(lines)),)


def retrospective_said(agreement: Agreement) -> Said:
    """When the pair looks back, for the panel of the other meetings."""
    if agreement.retrospective is None:
        return say("agreement.retrospective_none")
    return say("agreement.retrospective", date=when_said(agreement.retrospective))


def _meeting(place: int, one: Ritual, today: date) -> Said:
    """One meeting: what, when, what for, and who comes where that was said."""
    given: dict[str, Said | str] = {
        "what": as_written(capitalised(phrase(f"ritual.{one.what}"))),
        "on": one.on,
        "why": say(f"calendar.about_{one.what}"),
    }
    if one.every_weeks is not None:
        every = Number(
            id=f"ritual.{place}.weeks",
            value=float(one.every_weeks),
            unit="weeks",
            assumed=True,
        )
        said = say("agreement.meeting_again", every=every, **given)
    else:
        passed = is_past(one.on, today)
        said = say(f"agreement.meeting{'_passed' if passed else ''}", **given)
    if not one.who:
        return said
    return in_a_row(said, say("agreement.with_whom", who=one.who))
