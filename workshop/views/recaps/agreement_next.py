"""05: what is left for the next meeting, what was parked, who does what by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workshop.record.agreed import Action, Agreement, NotAgreed, Parked
from workshop.record.choices import Record
from workshop.record.dates import is_past
from workshop.record.digest import digest, same_digest
from workshop.record.values import ROLES, Role
from workshop.views.recaps.common import by_said, who_said
from workshop.views.section import Block, Card, Items, Paragraph, Table
from workshop.views.wording import Said, as_written, has, say

# what was not agreed -----------------------------------------------------------------


def meeting_items(agreement: Agreement) -> tuple[Said, ...]:
    """What the next meeting has to settle, a sentence each."""
    return tuple(
        say("agreement.not_agreed", about=_about(item.about), **_sides(item))
        for item in agreement.not_agreed
    )


def meeting_blocks(agreement: Agreement) -> tuple[Block, ...]:
    """The same, each with both positions and what would change either mind."""
    return tuple(_dispute(item) for item in agreement.not_agreed)


def _dispute(item: NotAgreed) -> Card:
    given = _sides(item)
    return Card(
        title=disputed_said(item.about),
        tag=say("agreement.decided_by", decides=given["decides"], by=given["by"]),
        said=tuple(
            say(f"agreement.position_{role}", text=given[role]) for role in ROLES
        ),
        ways=tuple(
            say(f"agreement.would_change_{role}", text=given[f"change_{role}"])
            for role in ROLES
        ),
    )


def _sides(item: NotAgreed) -> dict[str, Said | str]:
    nothing = say("agreement.nothing")
    return {
        "product": item.product or nothing,
        "engineering": item.engineering or nothing,
        "change_product": item.would_change_product or nothing,
        "change_engineering": item.would_change_engineering or nothing,
        "decides": item.decides or say("data.person_open"),
        "by": by_said(item.by),
    }


def disputed_said(section: str) -> Said:
    """Name what is disputed, in our words or in the pair's."""
    about = _about(section)
    return about if isinstance(about, Said) else as_written(about)


def _about(section: str) -> Said | str:
    """Name what is disputed in words, where it is one of our own sections."""
    key = f"about.{section.replace('.', '_')}"
    return say(key) if has(key) else section


# what was parked ---------------------------------------------------------------------


def parking_items(parked: Sequence[Parked], actions: Sequence[Action] = ()) -> Items:
    """What was put off, by whom and at which step; what is an action by now says so."""
    taken = {action.what for action in actions}
    return Items(tuple(_parked(one, taken=one.text in taken) for one in parked))


def _parked(one: Parked, *, taken: bool) -> Said:
    key = f"section.{one.step}"
    where = (
        say(key) if has(key) else as_written(one.step or say("agreement.no_step").text)
    )
    given = {"text": one.text, "who": who_said(one.who), "step": where}
    return say("agreement.parked_taken" if taken else "agreement.parked", **given)


def parking_blocks(record: Record) -> tuple[Block, ...]:
    """Everything that was put off; nothing where nothing was."""
    actions = record.agreement.actions if record.agreement else ()
    return (parking_items(record.parking, actions),) if record.parking else ()


def parking_html(parked: Sequence[Parked], actions: Sequence[Action] = ()) -> str:
    """What was put off, for a panel; nothing where nothing was."""
    if not parked:
        return ""
    return (
        f"<p>{say('agreement.parked_so_far').html}</p>"
        + parking_items(parked, actions).html
    )


# what is done next -------------------------------------------------------------------


def action_said(action: Action, today: date | None = None) -> Said:
    """One action; with a day also whether it is overdue by then."""
    given = {"what": action.what, "who": who_said(action.who)}
    if action.done is not None:
        return say("agreement.action_done", done=action.done, **given)
    overdue = today is not None and is_past(action.by, today)
    key = "agreement.action_overdue" if overdue else "agreement.action"
    return say(key, by=by_said(action.by), **given)


def actions_blocks(actions: Sequence[Action], today: date) -> tuple[Block, ...]:
    """Who does what by when: a table, what is overdue first and what is done last."""
    if not actions:
        return (Paragraph(say("agreement.actions_none")),)
    rows = tuple(
        (
            as_written(one.what),
            as_written(one.who) if one.who else say("data.nobody"),
            _when(one, today),
        )
        for one in sorted(actions, key=lambda one: _rank(one, today))
    )
    heads = tuple(say(f"agreement.action_{head}") for head in ("what", "who", "by"))
    return (Table(say("agreement.actions_caption"), heads, rows),)


def actions_html(actions: Sequence[Action], today: date) -> str:
    """Which actions there are, for the panel that asks for them."""
    told = [one for one in actions if one.done is not None or is_past(one.by, today)]
    return Items(tuple(action_said(one, today) for one in told)).html if told else ""


def _rank(one: Action, today: date) -> tuple[bool, bool]:
    return one.done is not None, not is_past(one.by, today)


def _when(one: Action, today: date) -> Said:
    if one.done is not None:
        return say("agreement.done_on", done=one.done)
    if is_past(one.by, today):
        return say("agreement.overdue_since", by=one.by or "")
    return as_written(one.by) if one.by else say("data.no_date")


# the signatures ----------------------------------------------------------------------


def signature_blocks(record: Record) -> tuple[Block, ...]:
    """Who has signed, whether that still holds, and what a signature here is."""
    signed = tuple(signature_said(record, role) for role in ROLES)
    return (Items(signed), Paragraph(say("agreement.signature_means"), "quiet"))


def signature_said(record: Record, role: Role) -> Said:
    """How one half has signed; void where what it saw has changed since."""
    signed = record.signatures.get(role)
    who = say(f"framing.owner_{role}")
    if signed is None:
        return say("agreement.signature_none", role=who)
    key = "signature_persona" if signed.persona else "signature"
    line = say(f"agreement.{key}", name=signed.name, role=who, at=signed.at[:10])
    if same_digest(signed.digest, digest(record)):
        return line
    return say("agreement.signature_void", signature=line)


def signed_html(record: Record, role: Role) -> str:
    """How this half has signed before; empty where it has not."""
    return signature_said(record, role).html if role in record.signatures else ""
