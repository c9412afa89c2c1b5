"""What is a run sheet once it is said? Words and minutes, ready to be set.

`workshop.kit` gathers them; the pages here only set what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass

from workshop.views.wording import Said, say


@dataclass(frozen=True, slots=True)
class Moment:
    """A few minutes of a step: what pairs do, and a line to say.

    ``minute`` counts from the start. ``clock`` is the time of day, empty where nobody
    said when the workshop starts.
    """

    minute: int
    clock: str
    does: Said
    says: Said


@dataclass(frozen=True, slots=True)
class SlotSaid:
    """One step of the run sheet in words, or the break.

    A break has nothing but its moments. ``leaves`` is missing where a short sheet
    leaves part of a step out.
    """

    id: str
    section: str
    name: Said
    task: Said
    minute: int
    minutes: int
    clock: str
    moments: tuple[Moment, ...]
    opens: Said | None = None
    watch: Said | None = None
    go_on: Said | None = None
    first: Said | None = None
    drives: Said | None = None
    leaves: Said | None = None

    @property
    def title(self) -> Said:
        """The step's number and name; the break's name."""
        if self.opens is None:
            return self.name
        return say("kit.sheet.step", id=self.id, name=self.name)


@dataclass(frozen=True, slots=True)
class SheetSaid:
    """A whole run sheet in words."""

    title: Said
    lead: tuple[Said, ...]
    minutes: int
    ends: str
    slots: tuple[SlotSaid, ...]

    @property
    def steps(self) -> tuple[SlotSaid, ...]:
        """The slots without the break."""
        return tuple(slot for slot in self.slots if slot.opens)


@dataclass(frozen=True, slots=True)
class CardSaid:
    """A card for the table: whose it is, a line, and what stands under it by name."""

    tag: Said
    title: Said
    lines: tuple[tuple[Said, Said], ...]


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide."""

    title: Said
    lead: Said | None = None
    points: tuple[Said, ...] = ()
    foot: Said | None = None
