"""Which step is it time for, how long still, and what may be said to the pairs now?

The run sheets are a file of the package, one each for one, two and three hours. Another
length follows the sheet that is nearest to it, scaled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import log
from typing import Any

NUDGES = (
    "each_alone",
    "five_left",
    "seal_now",
    "move_on",
    "from_to_by",
    "talk_first",
    "borrow_now",
    "which_decision",
    "not_agreed",
    "come_back",
    "swap",
    "write_because",
    "people_not_rates",
    "one_owner",
    "sign",
)
"""Every nudge by its name; a sentence for each stands in the catalogue."""

PARTS = (
    *("welcome", "cases", "three_cases", "wrong_line", "bets"),
    *("outcome", "questions", "opening", "expect", "borrow_rest"),
    *("findings", "price", "risks", "top_finding", "borrow_data"),
    *("pause", "stand_up"),
    *("dots", "layers", "lock", "kept_aside", "why", "neighbours"),
    *("people", "values", "options", "choose", "borrow_option"),
    *("rights", "clauses", "proposal", "asked", "actions", "sign", "close"),
)
"""Every part of a step by its name; what is done and said in it is in the catalogue."""

BREAK = "break"
"""The slot in which nobody is at a step."""

FIVE_MINUTES = 300.0


@dataclass(frozen=True, slots=True)
class Part:
    """A few minutes of a step with one thing to do; times as those of its slot."""

    name: str
    starts: float
    ends: float


@dataclass(frozen=True, slots=True)
class Slot:
    """One step's place on the run sheet, or the break's.

    Times are seconds from the start. ``task`` names what the wall says there is to do.
    """

    id: str
    section: str
    task: str
    parts: tuple[Part, ...]
    nudges: tuple[str, ...]

    @property
    def starts(self) -> float:
        """When it starts."""
        return self.parts[0].starts

    @property
    def ends(self) -> float:
        """When the next one starts."""
        return self.parts[-1].ends

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return round((self.ends - self.starts) / 60)

    @property
    def is_break(self) -> bool:
        """Whether there is nothing to do but rest."""
        return self.id == BREAK


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the run sheet a workshop is; times are seconds still to go."""

    slot: Slot
    left_in_step: float
    left: float

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.left <= 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The steps and the break in order, without a gap between them.

    ``follows`` is the length of the sheet that it was scaled from, in minutes.
    """

    slots: tuple[Slot, ...]
    follows: int

    @property
    def ends(self) -> float:
        """How long it all takes, in seconds."""
        return self.slots[-1].ends

    @property
    def minutes(self) -> int:
        """How long it all takes, in minutes."""
        return round(self.ends / 60)

    def at(self, elapsed: float) -> Place:
        """Return the place after so many seconds; the last step once all is over."""
        slot = next((s for s in self.slots if elapsed < s.ends), self.slots[-1])
        left = max(0.0, slot.ends - elapsed)
        return Place(slot, left, max(0.0, self.ends - elapsed))

    def slot(self, step: str) -> Slot | None:
        """Return a step's slot."""
        return next((s for s in self.slots if s.id == step), None)


def lengths() -> tuple[int, ...]:
    """Return the minutes of the sheets that are written out, shortest first."""
    return tuple(sorted(_held()))


@cache
def run_sheet(minutes: int = 120) -> Sheet:
    """Return the run sheet of a workshop of so many minutes.

    It follows the written one that is nearest by ratio: 90 minutes are two hours at
    three quarters of their pace. Each part ends on a whole minute, and all together
    take exactly as long as asked.
    """
    follows = min(_held(), key=lambda length: (abs(log(minutes / length)), -length))
    slots = tuple(_scaled(_held()[follows], minutes / follows))
    return Sheet(slots, follows)


def fitting(place: Place) -> tuple[str, ...]:
    """Return the nudges that fit now; those for a step's end first when it is near."""
    late = place.left_in_step <= FIVE_MINUTES
    first = ("five_left", "move_on") if late else ()
    return tuple(sorted(place.slot.nudges, key=lambda name: name not in first))


def _scaled(slots: list[dict[str, Any]], scale: float) -> Iterator[Slot]:
    """Yield the slots at another pace; what one part rounds off the next makes up."""
    minutes = accumulate(m for slot in slots for m in slot["parts"].values())
    ends = iter(60.0 * round(gone * scale) for gone in minutes)
    before = 0.0
    for slot in slots:
        parts = []
        for name in slot["parts"]:
            after = next(ends)
            parts.append(Part(name, before, after))
            before = after
        task = slot.get("task", slot["section"])
        yield Slot(slot["id"], slot["section"], task, tuple(parts), (*slot["nudges"],))


@cache
def _held() -> dict[int, list[dict[str, Any]]]:
    """Return the slots of every sheet that is written out, by its minutes."""
    file = files(__package__).joinpath("sheet.toml")
    sheets = tomllib.loads(file.read_text("utf-8"))["sheet"]
    return {sheet["minutes"]: sheet["slot"] for sheet in sheets}
