"""What the room keeps in its file: seats, who sits there, the clock, what was said.

Frozen values; codes and session tokens are here only as digests. What changes a room
returns another one, and `workshop.room.seats` writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from workshop.errors import InputError
from workshop.record.values import Frozen, Role

MOST_PAIRS = 40
MOST_NUDGES = 50
MOST_WATCHERS = 200
MOST_AT_A_SEAT = 4

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Kind = Literal["seat", "desk", "spectator"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Pair = Annotated[int, Field(ge=1, le=MOST_PAIRS)]


def check_pairs(pairs: int) -> None:
    """Refuse a number of pairs that no room holds.

    Raises
    ------
    InputError
        It is out of reach.
    """
    if not 1 <= pairs <= MOST_PAIRS:
        raise InputError(f"--pairs {pairs}: a room holds 1 to {MOST_PAIRS} pairs")


def moment(text: str) -> datetime:
    """Read a time of the file; one without a zone is the world's own."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class Sitter(Frozen):
    """Somebody at a seat, by a session; ``id`` may be shown, the token never."""

    id: str
    name: Name
    session: Hash
    at: str


class Seat(Frozen):
    """One half of a pair: who sits there, and codes that are still to be claimed.

    Two people may share a half. ``left`` names those who sat here before.
    """

    pair: Pair
    role: Role
    codes: tuple[Hash, ...] = ()
    spent: tuple[Hash, ...] = ()
    people: tuple[Sitter, ...] = ()
    left: tuple[Name, ...] = ()


class Watcher(Frozen):
    """A session at the desk, or of somebody who only watches."""

    id: str
    kind: Literal["desk", "spectator"]
    session: Hash
    at: str


class Nudge(Frozen):
    """A line from the desk; to all pairs where none is named."""

    id: int
    at: str
    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    pairs: tuple[Pair, ...] = ()


class Clock(Frozen):
    """When the workshop started, and for how long it has stood still since.

    ``rest`` is in seconds; below nought when a step was left early.
    """

    started: str = ""
    paused: str = ""
    rest: float = 0.0

    @property
    def state(self) -> Literal["before", "running", "paused"]:
        """Whether it runs."""
        if not self.started:
            return "before"
        return "paused" if self.paused else "running"

    def elapsed(self, now: datetime) -> float:
        """Return the seconds of the run sheet that have gone by."""
        if not self.started:
            return 0.0
        until = moment(self.paused) if self.paused else now
        return max(0.0, (until - moment(self.started)).total_seconds() - self.rest)

    def begun(self, now: datetime) -> Clock:
        """Start, or go on after a pause."""
        if not self.started:
            return Clock(started=now.isoformat())
        if not self.paused:
            return self
        stood = max(0.0, (now - moment(self.paused)).total_seconds())
        return Clock(started=self.started, rest=self.rest + stood)

    def stopped(self, now: datetime) -> Clock:
        """Stand still until it goes on."""
        if self.state != "running":
            return self
        return self.model_copy(update={"paused": now.isoformat()})

    def moved_to(self, seconds: float, now: datetime) -> Clock:
        """Let so many seconds of the run sheet have gone by, and start if need be."""
        clock = self if self.started else self.begun(now)
        until = moment(clock.paused) if clock.paused else now
        stood = (until - moment(clock.started)).total_seconds() - seconds
        return clock.model_copy(update={"rest": stood})


class Room(Frozen):
    """A room as its file keeps it."""

    format: Literal[1] = 1
    scenario: str
    minutes: Annotated[int, Field(ge=30, le=480)] = 120
    made: str
    seats: tuple[Seat, ...]
    desk: Hash
    spectators: Hash
    watchers: tuple[Watcher, ...] = ()
    clock: Clock = Clock()
    nudges: tuple[Nudge, ...] = ()
    revealed: str = ""

    @property
    def pairs(self) -> tuple[int, ...]:
        """The pairs by number."""
        return tuple(sorted({seat.pair for seat in self.seats}))

    def seat(self, pair: int, role: Role) -> Seat | None:
        """Return one half of a pair."""
        return next((s for s in self.seats if (s.pair, s.role) == (pair, role)), None)

    def with_seat(self, pair: int, role: Role, change: Callable[[Seat], Seat]) -> Room:
        """Return the room with one seat changed."""
        changed = tuple(
            change(seat) if (seat.pair, seat.role) == (pair, role) else seat
            for seat in self.seats
        )
        return self.model_copy(update={"seats": changed})
