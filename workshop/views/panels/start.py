"""Panels of 00: who is here, and what counts as wrong.

The six cases and the sealed bets have modules of their own, `cases` and `hand_over`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Unpack

from workshop.record.bets import Seat
from workshop.record.choices import Participants
from workshop.views.panels.cases import cases_panel
from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.wording import phrase

__all__ = ["cases_panel", "line_panel", "seats_panel"]

Mode = Literal["two", "product", "engineering"]
MODES: tuple[Mode, ...] = ("two", "product", "engineering")
NAMES: dict[Seat, str] = {
    "product": "product_name",
    "engineering": "engineering_name",
    "support": "support_name",
    "legal": "legal_name",
    "design": "design_name",
}


def seats_panel(
    participants: Participants,
    *,
    on_save: Callable[[Mode, dict[Seat, str]], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask who is here; ``on_save`` gets the mode and the name at each seat.

    A third role without a name is not asked for anything.
    """
    modes = tuple((mode, phrase(f"panel.seats.mode.{mode}")) for mode in MODES)
    named = {key: _names(participants, seat) for seat, key in NAMES.items()}
    return Form(
        "seats",
        [Field("mode", "choice", modes)],
        [Field(key) for key in named],
        values={"mode": _mode(participants)} | named,
        build=lambda answers: answers,
        on_save=lambda said: on_save(
            said["mode"], {seat: said[key] or "" for seat, key in NAMES.items()}
        ),
        **ways,
    )


def line_panel(
    text: str, *, on_save: Callable[[str], Html | None], **ways: Unpack[Ways]
) -> Form:
    """Ask for the line "what we count as wrong"."""
    return Form(
        "line",
        [Field("counts_as_wrong", "prose")],
        values={"counts_as_wrong": text},
        build=lambda answers: answers["counts_as_wrong"],
        on_save=on_save,
        **ways,
    )


def _mode(participants: Participants) -> Mode | None:
    """Read back who is here: a half that a persona plays is not."""
    product, engineering = participants.product, participants.engineering
    if any(person.persona for person in product):
        return "engineering"
    if any(person.persona for person in engineering):
        return "product"
    return "two" if product or engineering else None


def _names(participants: Participants, seat: Seat) -> str:
    people = getattr(participants, seat)
    return ", ".join(person.name for person in people if not person.persona)
