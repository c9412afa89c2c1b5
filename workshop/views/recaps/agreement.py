"""05: who decides what, what makes us stop, what was not agreed, and every gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workshop.record.agreed import Agreement, NotAgreed
from workshop.record.choices import Record, Signature
from workshop.record.terms import METRICS
from workshop.record.values import ROLES, Clause, Gap, Number, Role
from workshop.views.recaps.data_readiness import owner_said
from workshop.views.section import Block, Heading, Items, Paragraph, Section, View
from workshop.views.wording import Said, has, say

State = Literal["kept", "broken", "cannot_tell"]


@dataclass(frozen=True)
class ClauseNow:
    """A clause with where its metric stands on the rows kept aside."""

    clause: Clause
    now: Number | None
    state: State | None


def clause_said(one: ClauseNow) -> tuple[Said, ...]:
    """Say a clause, and where it stands on the rows kept aside."""
    clause = one.clause
    side = "at_most" if clause.at_most is not None else "at_least"
    bound = clause.at_most if side == "at_most" else clause.at_least
    unit = METRICS[clause.metric].unit
    key = f"clause_{side}" if unit == "share" else f"clause_quantity_{side}"
    number = Number(
        id=f"clause.{clause.id}.bound", value=bound, unit=unit, assumed=True
    )
    said = say(
        f"agreement.{key}",
        id=clause.id,
        metric=say(f"metric.{clause.metric}.name"),
        bound=number,
        window=clause.window,
        owner=owner_said(clause.owner),
        then=clause.then or say("agreement.nothing"),
        measured=_measured_by(clause),
    )
    if one.now is None or one.state is None or one.now.value is None:
        return (said,)
    state = say(f"agreement.state_{one.state}")
    return (said, say("agreement.clause_now", rate=one.now, state=state))


def _measured_by(clause: Clause) -> Said:
    if clause.measured_by is None:
        by_hand = METRICS[clause.metric].needs_labels
        return say(f"agreement.measured_by_{'none' if by_hand else 'program'}")
    labels = Number(
        id=f"clause.{clause.id}.labels",
        value=float(clause.measured_by.labels_per_week),
        unit="labels per week",
        assumed=True,
    )
    return say("agreement.measured_by", labels=labels, who=clause.measured_by.who)


def rights_items(agreement: Agreement) -> tuple[Said, ...]:
    """Who decides what."""
    said = []
    for right in agreement.decides:
        values = {"decision": right.decision, "owner": owner_said(right.owner)}
        if right.consulted is None:
            said.append(say("agreement.right", **values))
        else:
            asked = owner_said(right.consulted)
            said.append(say("agreement.right_consulted", consulted=asked, **values))
    return tuple(said)


def escalation_items(agreement: Agreement) -> tuple[Said, ...]:
    """Who is asked when a clause is broken, and when the pair meets again."""
    said = []
    for place, one in enumerate(agreement.escalation):
        values: dict[str, Any] = {
            "when": one.when,
            "to": one.to,
            "meanwhile": one.meanwhile or say("agreement.nothing"),
        }
        if one.within_days is None:
            said.append(say("agreement.escalation_open", **values))
            continue
        days = Number(
            id=f"escalation.{place}.days",
            value=float(one.within_days),
            unit="days",
            assumed=True,
        )
        said.append(say("agreement.escalation", days=days, **values))
    if agreement.retrospective:
        said.append(say("agreement.retrospective", date=agreement.retrospective))
    else:
        said.append(say("agreement.retrospective_none"))
    return tuple(said)


def _not_agreed(item: NotAgreed) -> Said:
    nothing = say("agreement.nothing")
    return say(
        "agreement.not_agreed",
        about=_about(item.about),
        product=item.product or nothing,
        engineering=item.engineering or nothing,
        change_product=item.would_change_product or nothing,
        change_engineering=item.would_change_engineering or nothing,
        decides=item.decides or say("data.nobody"),
        by=item.by or say("data.no_date"),
    )


def _about(section: str) -> Said | str:
    """Name what is disputed in words, where it is one of our own sections."""
    key = f"about.{section.replace('.', '_')}"
    return say(key) if has(key) else section


def _signatures(record: Record) -> tuple[Said, ...]:
    return tuple(
        _signature(role, record.signatures[role])
        for role in ROLES
        if role in record.signatures
    )


def _signature(role: Role, signed: Signature) -> Said:
    key = "signature_persona" if signed.persona else "signature"
    return say(
        f"agreement.{key}",
        name=signed.name,
        role=say(f"framing.owner_{role}"),
        at=signed.at[:10],
    )


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
            date=agreement.retrospective or say("data.no_date"),
        )
    return say(
        "agreement.headline_signed",
        product=record.signatures["product"].name,
        engineering=record.signatures["engineering"].name,
        count=count,
        date=agreement.retrospective or say("data.no_date"),
    )


def gap_said(gap: Gap) -> Said:
    """Say one gap; numbers in it become numbers, the pair's words stay words."""
    values = {name: _gap_value(gap, name, value) for name, value in gap.given.items()}
    return say(f"gap.{gap.code}", **values)


def _gap_value(gap: Gap, name: str, value: Any) -> Number | str | Said:
    if isinstance(value, int | float):
        return Number(
            id=f"gap.{gap.code}.{gap.where}.{name}", value=float(value), unit=""
        )
    if value is None:
        return say("data.no_date") if name == "by" else say("data.nobody")
    return _worded(name, str(value))


def _worded(name: str, value: str) -> Said | str:
    """Translate words of the record's own vocabulary; leave the pair's words alone."""
    by_name = {
        "role": f"framing.owner_{value}",
        "part": f"framing.part_{value}",
        "expected": f"framing.fallback_{value}",
        "when_unsure": f"framing.fallback_{value}",
        "metric": f"metric.{value}.name",
        "name": f"gap_name.{value}",
        "limit": f"limit.{value}",
        "about": f"about.{value.replace('.', '_')}",
    }
    key = by_name.get(name)
    return say(key) if key and has(key) else value


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


def clause_json(one: ClauseNow) -> dict[str, Any]:
    """One clause as plain data for the JSON twin."""
    clause = one.clause
    return {
        "id": clause.id,
        "metric": clause.metric,
        "at_most": clause.at_most,
        "at_least": clause.at_least,
        "owner": clause.owner,
        "number": one.now.id if one.now else None,
        "state": one.state,
    }


def recap(
    record: Record,
    *,
    clauses: Sequence[ClauseNow],
    gaps: Sequence[Gap],
    has_rows: bool = True,
) -> Section:
    """Gather 05 into its Section; without rows no clause can be checked yet."""
    agreement = record.agreement or Agreement()
    parts: dict[str, tuple[Said, ...]] = {
        "rights": rights_items(agreement),
        "clauses": clauses_items(clauses, has_rows=has_rows),
        "escalation": escalation_items(agreement),
        "not_agreed": tuple(_not_agreed(item) for item in agreement.not_agreed),
        "actions": actions_items(agreement),
        "signatures": _signatures(record),
    }
    blocks: list[Block] = []
    for name, said in parts.items():
        if said:
            blocks += [Heading(say(f"agreement.{name}_title")), Items(said)]
    blocks.append(Heading(say("page.gaps_title")))
    blocks += gaps_view(gaps).blocks
    signed = set(record.signatures) == set(ROLES)
    return Section(
        id="agreement",
        title=say("section.agreement"),
        status="ok" if signed else "undecided",
        headline=headline(record, gaps),
        blocks=tuple(blocks),
        extra={
            "clauses": [clause_json(one) for one in clauses],
            "gaps": [gap_json(gap) for gap in gaps],
        },
    )


def rights_view(agreement: Agreement) -> View:
    """Who decides what, for a page without panels."""
    return View((Items(rights_items(agreement)),))


def clauses_items(
    clauses: Sequence[ClauseNow], *, has_rows: bool = True
) -> tuple[Said, ...]:
    """What must hold, and where each limit stands; or why that cannot be said yet."""
    said = tuple(said for one in clauses for said in clause_said(one))
    unchecked = () if has_rows or not said else (say("before.clauses_unchecked"),)
    return said + unchecked


def clauses_view(clauses: Sequence[ClauseNow], *, has_rows: bool = True) -> View:
    """What must hold, for a page without panels."""
    return View((Items(clauses_items(clauses, has_rows=has_rows)),))


def escalation_view(agreement: Agreement) -> View:
    """Who is asked, for a page without panels."""
    return View((Items(escalation_items(agreement)),))


def actions_items(agreement: Agreement) -> tuple[Said, ...]:
    """What is done next, by whom and when."""
    return tuple(
        say("agreement.action", what=a.what, who=a.who, by=a.by or say("data.no_date"))
        for a in agreement.actions
    )


def actions_view(agreement: Agreement) -> View:
    """What is done next, for a page without panels."""
    return View((Items(actions_items(agreement)),))


def signatures_view(record: Record) -> View:
    """Who has signed, for a page without panels."""
    signed = _signatures(record) or (say("agreement.headline_open"),)
    return View((Items(signed),))


def signed_html(record: Record, role: Role) -> str:
    """How this half has signed before; empty where it has not."""
    if role not in record.signatures:
        return ""
    return _signature(role, record.signatures[role]).html
