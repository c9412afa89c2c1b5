"""Which slides go with a run sheet? One for each step, and a few around them."""

from __future__ import annotations

from workshop.views.kit.values import SheetSaid, Slide, SlotSaid
from workshop.views.wording import Said, say

RULES = ("alone", "judge", "range", "cannot_tell", "not_agreed", "why")
AFTER = ("record", "report", "dates")


def slides(
    sheet: SheetSaid, *, title: str = "", request: str = ""
) -> tuple[Slide, ...]:
    """Return the slides of a workshop.

    ``title`` and ``request`` are the scenario's, where one is known.
    """
    rules = tuple(say(f"kit.deck.rules.{name}") for name in RULES)
    after = tuple(say(f"kit.deck.after.{name}") for name in AFTER)
    return (
        _cover(sheet, title, request),
        Slide(say("kit.deck.rules.title"), points=rules),
        Slide(say("kit.deck.agenda.title"), points=tuple(map(_row, sheet.slots))),
        *map(_slot, sheet.slots),
        Slide(say("kit.deck.after.title"), points=after),
    )


def _cover(sheet: SheetSaid, title: str, request: str) -> Slide:
    minutes = say("kit.deck.cover.minutes", minutes=str(sheet.minutes))
    points = (minutes, say("kit.deck.cover.trade"))
    if not title:
        return Slide(say("kit.deck.cover.title"), say("kit.deck.cover.lead"), points)
    named = say("kit.deck.cover.title_on", title=title)
    return Slide(named, say("kit.deck.cover.lead_on", request=request), points)


def _row(slot: SlotSaid) -> Said:
    return say("kit.deck.agenda.row", name=slot.title, minutes=str(slot.minutes))


def _slot(slot: SlotSaid) -> Slide:
    minutes = say("kit.deck.minutes", minutes=str(slot.minutes))
    if slot.first is None or slot.drives is None:
        return Slide(slot.title, slot.task, foot=minutes)
    who = say("kit.deck.who", first=slot.first, drives=slot.drives)
    return Slide(slot.title, slot.task, (who,), minutes)
