"""What stands on the cards for the tables? Lines without a figure of anybody's data.

The translator's lines are those of the pages. What to ask is shorter here: a card lies
on the table before anything has been counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop.record.values import Number, Role
from workshop.views.kit.values import CardSaid, SheetSaid
from workshop.views.recaps.compared_words import joined
from workshop.views.recaps.translator_cards import CARDS, Spoken
from workshop.views.wording import Said, has, say

OTHERS = ("third", "facilitator")
CANVAS = (
    *("pair", "wrong", "outcome", "bets", "miss", "unsure", "risks"),
    *("line", "week", "option", "rights", "clauses", "dates", "signed"),
)
"""The boxes of the canvas, in the order in which a pair fills them."""

TROUBLES: Mapping[str, Sequence[str]] = {
    "start": ("aloud", "paragraph", "no_bet", "miss"),
    "framing": ("feature", "baseline", "defend", "ninety_nine"),
    "data_readiness": ("lecture", "fine", "blocker"),
    "threshold": ("best", "watching", "hundredths", "worse"),
    "user_impact": ("value", "unread", "digits"),
    "agreement": ("both", "wish", "unsigned", "hurry"),
    "whole": ("behind", "early", "silent", "you", "odd"),
}
"""What pairs get wrong, by step; the last is for any of them."""

_ASKED = Number(id="kit.asked", value=0.99, unit="", assumed=True)
"""What somebody asks for when nothing has been counted."""


def translator_cards() -> tuple[CardSaid, ...]:
    """Return a card for each line that people say to each other."""
    return tuple(map(_translator, CARDS))


def role_cards(sheet: SheetSaid) -> tuple[CardSaid, ...]:
    """Return a card for each half, for a third person and for the facilitator."""
    halves = (_half("product", sheet), _half("engineering", sheet))
    return (*halves, *(_role(name) for name in OTHERS))


def canvas_boxes() -> tuple[Said, ...]:
    """Return what each box of the canvas asks for."""
    return tuple(say(f"kit.canvas.{name}") for name in CANVAS)


def troubles(section: str) -> tuple[tuple[Said, Said], ...]:
    """Return what goes wrong in a step, each with what helps."""
    return tuple(
        (
            say(f"kit.trouble.{section}.{name}.seen"),
            say(f"kit.trouble.{section}.{name}.help"),
        )
        for name in TROUBLES[section]
    )


def _translator(card: Spoken) -> CardSaid:
    """The line as people say it before anybody has counted."""
    line = f"translator.{card.id}.line_open"
    if not has(line):
        line = f"translator.{card.id}.line"
    return CardSaid(
        tag=say(f"translator.by_{card.who}"),
        title=say(line, asked=_ASKED),
        lines=(
            (say("kit.card.hears"), say(f"kit.card.{card.id}.hears")),
            (say("kit.card.ask"), say(f"kit.card.{card.id}.ask")),
        ),
    )


def _half(role: Role, sheet: SheetSaid) -> CardSaid:
    """A half's card, with the steps in which it speaks first or drives."""
    card = _role(role)
    found = (
        (say("kit.role.speaks"), _steps(sheet, role, "first")),
        (say("kit.role.drives"), _steps(sheet, role, "drives")),
    )
    said = tuple((label, steps) for label, steps in found if steps is not None)
    return CardSaid(card.tag, card.title, (*card.lines, *said))


def _role(name: str) -> CardSaid:
    return CardSaid(
        tag=say("kit.cards.roles"),
        title=say(f"kit.role.{name}.title"),
        lines=tuple(
            (say(f"kit.role.{what}"), say(f"kit.role.{name}.{what}"))
            for what in ("brings", "asks", "leaves")
        ),
    )


def _steps(sheet: SheetSaid, role: Role, what: str) -> Said | None:
    """The steps in which it is this half's turn: a notebook's header names it first."""
    turns = [(slot.title, getattr(slot, what)) for slot in sheet.steps]
    own = [title for title, turn in turns if turn and turn.text.startswith(role)]
    return joined(own) if own else None
