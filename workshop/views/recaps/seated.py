"""Whose page is this, and who else has joined? Said in a room, where nobody types."""

from __future__ import annotations

from workshop.record.choices import Participants
from workshop.record.values import ROLES, Role
from workshop.views.section import Heading, Paragraph, View
from workshop.views.wording import Said, say


def seated_html(participants: Participants, seat: Role) -> str:
    """Say whose page this is, by name, and who sits on the other side."""
    first, *others = sorted(ROLES, key=lambda role: role != seat)
    said = (_own(participants, first), *(_other(participants, r) for r in others))
    blocks = (Heading(say("seat.title")), *(Paragraph(one) for one in said))
    return View(blocks).html


def _own(participants: Participants, seat: Role) -> Said:
    half = say(f"framing.owner_{seat}")
    return say("seat.you", half=half, names=_names(participants, seat) or half)


def _other(participants: Participants, role: Role) -> Said:
    half, names = say(f"framing.owner_{role}"), _names(participants, role)
    if not names:
        return say("seat.other_to_come", half=half)
    persona = any(person.persona for person in getattr(participants, role))
    key = "persona" if persona else "other"
    return say(f"seat.{key}", half=half, names=names)


def _names(participants: Participants, role: Role) -> str:
    return ", ".join(person.name for person in getattr(participants, role))
