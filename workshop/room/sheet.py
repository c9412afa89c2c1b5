"""Which step is it time for, how long still, and what may be said to the pairs now?

The run sheet is a file of the package, scaled to the length that was asked for.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

NUDGES = (
    "each_alone",
    "five_left",
    "seal_now",
    "move_on",
    "from_to_by",
    "talk_first",
    "which_decision",
    "not_agreed",
    "swap",
    "write_because",
    "people_not_rates",
    "one_owner",
    "sign",
)
"""Every nudge by its name; a sentence for each stands in the catalogue."""

FIVE_MINUTES = 300.0


@dataclass(frozen=True, slots=True)
class Slot:
    """One step's place on the run sheet; times are seconds from the start."""

    id: str
    section: str
    starts: float
    ends: float
    nudges: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return round((self.ends - self.starts) / 60)


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
    """The steps in order, without a gap between them."""

    slots: tuple[Slot, ...]

    @property
    def ends(self) -> float:
        """How long it all takes, in seconds."""
        return self.slots[-1].ends

    def at(self, elapsed: float) -> Place:
        """Return the place after so many seconds; the last step once all is over."""
        slot = next((s for s in self.slots if elapsed < s.ends), self.slots[-1])
        left = max(0.0, slot.ends - elapsed)
        return Place(slot, left, max(0.0, self.ends - elapsed))

    def slot(self, step: str) -> Slot | None:
        """Return a step's slot."""
        return next((s for s in self.slots if s.id == step), None)


@cache
def run_sheet(minutes: int = 120) -> Sheet:
    """Return the run sheet of a workshop of so many minutes.

    Each step ends on a whole minute; together they take exactly as long as asked.
    """
    held = _held()
    scale, gone, starts, slots = minutes / held["minutes"], 0, 0.0, []
    for step in held["step"]:
        gone += step["minutes"]
        ends = 60.0 * round(gone * scale)
        slots.append(
            Slot(step["id"], step["section"], starts, ends, tuple(step["nudges"]))
        )
        starts = ends
    return Sheet(tuple(slots))


def fitting(place: Place) -> tuple[str, ...]:
    """Return the nudges that fit now; those for a step's end first when it is near."""
    late = place.left_in_step <= FIVE_MINUTES
    first = ("five_left", "move_on") if late else ()
    return tuple(sorted(place.slot.nudges, key=lambda name: name not in first))


def _held() -> dict[str, Any]:
    file = files(__package__).joinpath("sheet.toml")
    return tomllib.loads(file.read_text("utf-8"))
