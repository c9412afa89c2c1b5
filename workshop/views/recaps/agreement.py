"""05 as one page: who decides, what must hold, what is left, every gap, two names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workshop.analysis.pitfalls import PitfallFound
from workshop.analysis.register import Held
from workshop.record.agreed import Agreement
from workshop.record.choices import Record
from workshop.record.values import ROLES, Gap, Number
from workshop.views.recaps.agreement_held import premortem_blocks, register_blocks
from workshop.views.recaps.agreement_next import (
    actions_blocks,
    meeting_blocks,
    meeting_items,
    parking_blocks,
    signature_blocks,
)
from workshop.views.recaps.agreement_rights import (
    calendar_blocks,
    escalation_blocks,
    rights_blocks,
)
from workshop.views.recaps.clauses import (
    ClauseNow,
    clause_json,
    clauses_blocks,
)
from workshop.views.recaps.common import when_said
from workshop.views.section import (
    Block,
    Fold,
    Heading,
    Items,
    Paragraph,
    Section,
    View,
)
from workshop.views.wording import Said, say
from workshop.views.wording.gaps import gap_said


def headline(record: Record, gaps: Sequence[Gap]) -> Said:
    """Say whether both have signed, and whether the signatures still hold."""
    if any(gap.code == "signature_out_of_date" for gap in gaps):
        return say("agreement.headline_moved")
    if set(record.signatures) != set(ROLES):
        return say("agreement.headline_open")
    agreement = record.agreement or Agreement()
    count = Number(
        id="agreement.clauses", value=float(len(agreement.clauses)), unit="clauses"
    )
    people = [s.name for s in record.signatures.values() if not s.persona]
    if len(people) == 1:
        return say(
            "agreement.headline_alone",
            name=people[0],
            count=count,
            date=_next_meeting(agreement),
        )
    return say(
        "agreement.headline_signed",
        product=record.signatures["product"].name,
        engineering=record.signatures["engineering"].name,
        count=count,
        date=_next_meeting(agreement),
    )


def _next_meeting(agreement: Agreement) -> Said:
    date = agreement.retrospective
    return when_said(date) if date else say("agreement.meet_undated")


def gaps_lead(gaps: Sequence[Gap]) -> Said:
    """Say how much is still open."""
    if not gaps:
        return say("page.gaps_none")
    count = Number(id="gaps.count", value=float(len(gaps)), unit="gaps")
    return (
        say("page.gaps_one") if len(gaps) == 1 else say("page.gaps_some", count=count)
    )


def gaps_view(gaps: Sequence[Gap]) -> View:
    """Every gap that is left, or that none is."""
    items = (Items(tuple(gap_said(gap) for gap in gaps)),) if gaps else ()
    return View((Paragraph(gaps_lead(gaps)), *items))


def gap_json(gap: Gap) -> dict[str, Any]:
    """One gap as plain data for the JSON twin."""
    return {
        "kind": gap.kind,
        "code": gap.code,
        "where": gap.where,
        "says": gap_said(gap).text,
    }


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the recap shows beside the record and its clauses.

    ``held`` is the register, in ``currency``; ``today`` says what is overdue.
    """

    pitfalls: Sequence[PitfallFound]
    held: Sequence[Held]
    today: date
    currency: str


def recap(
    record: Record,
    around: Around,
    *,
    clauses: Sequence[ClauseNow],
    gaps: Sequence[Gap],
    has_rows: bool = True,
) -> Section:
    """Gather 05 into its Section; without rows no clause can be checked yet.

    The next actions and the signatures are the last thing on it.
    """
    agreement = record.agreement or Agreement()
    agreed = {
        "rights": rights_blocks(agreement),
        "clauses": clauses_blocks(clauses, has_rows=has_rows),
        "escalation": escalation_blocks(agreement),
    }
    last = {
        "actions": actions_blocks(agreement.actions, around.today),
        "signatures": signature_blocks(record),
    }
    signed = set(record.signatures) == set(ROLES)
    return Section(
        id="agreement",
        title=say("section.agreement"),
        status="ok" if signed else "undecided",
        headline=headline(record, gaps),
        blocks=(
            *_headed(agreed),
            *_folded(_behind(record, agreement, around)),
            Fold(say("page.gaps_title"), gaps_view(gaps).blocks),
            *_headed(last),
        ),
        extra={
            "clauses": [clause_json(one) for one in clauses],
            "gaps": [gap_json(gap) for gap in gaps],
            "next_meeting": [said.text for said in meeting_items(agreement)],
        },
    )


def _behind(
    record: Record, agreement: Agreement, around: Around
) -> dict[str, tuple[Block, ...]]:
    """What is there to be looked up, by the name of its title."""
    held = register_blocks(around.held, currency=around.currency, brief=True)
    return {
        "calendar": calendar_blocks(agreement, around.today),
        "premortem": premortem_blocks(around.pitfalls, agreement.premortem),
        "register": held,
        "parking": parking_blocks(record),
        "meeting": meeting_blocks(agreement),
    }


def _folded(parts: Mapping[str, tuple[Block, ...]]) -> tuple[Fold, ...]:
    """Put each part behind its title; one without anything is left out."""
    return tuple(
        Fold(say(f"agreement.{name}_title"), inside)
        for name, inside in parts.items()
        if inside
    )


def _headed(parts: Mapping[str, tuple[Block, ...]]) -> tuple[Block, ...]:
    """Put each part under its heading; one without anything is left out."""
    blocks: list[Block] = []
    for name, inside in parts.items():
        if inside:
            blocks += [Heading(say(f"agreement.{name}_title")), *inside]
    return tuple(blocks)
