"""The head of a report and its glossary."""

from __future__ import annotations

from typing import Any

from workshop.record.choices import Participants
from workshop.record.values import ROLES
from workshop.views.recaps.start import role_names
from workshop.views.section import Block, Section, Status
from workshop.views.wording import Said, say


def participants_said(participants: Participants) -> Said:
    """Name both halves, and say which of them is a recorded persona."""
    if not any(getattr(participants, role) for role in ROLES):
        return say("page.nobody")
    names: dict[str, Said | str] = dict(role_names(participants))
    for role in ROLES:
        if any(person.persona for person in getattr(participants, role)):
            names[role] = say("page.persona", name=names[role])
    return say("page.two_names", **names)


def glossary(words: tuple[Block, ...]) -> Section:
    """Every measure in one sentence for either side, and what each side says of it."""
    return Section(
        id="glossary",
        title=say("section.glossary"),
        status="ok",
        headline=say("page.glossary_lead"),
        blocks=words,
    )


def recap(
    head: Said | None,
    screen: tuple[Block, ...],
    *,
    status: Status = "ok",
    why: str = "",
    extra: dict[str, Any],
) -> Section:
    """Gather the first screen into a Section of its own; it says the headline itself.

    Where even that could not be made, ``why`` stands in its place.
    """
    return Section(
        id="overview",
        title=say("section.overview"),
        status=status,
        headline=head or say("page.failed", why=why),
        blocks=screen,
        extra=extra,
        headed=head is None,
    )
