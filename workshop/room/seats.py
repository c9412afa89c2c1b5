"""Who sits where, by which code, and until when: the room's state and all its changes.

A code is spent when it is claimed and gives a session; from then on a seat moves only
from the desk. All of it survives a restart. Nothing here knows HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import Literal

from workshop.data.catalog import find_scenario, name_for
from workshop.errors import InputError, WorkshopError
from workshop.record.bets import Bets
from workshop.record.bets import Seat as BetSeat
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.sealed import new_name
from workshop.record.values import ROLES, Role
from workshop.room import codes, people
from workshop.room.closing_folder import record_of
from workshop.room.folder import Folder, all_or_none, make_private
from workshop.room.kept import MOST_NUDGES, Clock, Nudge, Room, Seat, check_pairs
from workshop.room.names import write_names
from workshop.room.people import Moved, Session, Who
from workshop.room.throttle import Throttle

__all__ = [
    "Codes",
    "Glimpse",
    "Moved",
    "RoomState",
    "Session",
    "Who",
    "create",
    "go_on_or_create",
]


@dataclass(frozen=True, slots=True)
class Codes:
    """All codes of a new room in clear; they are shown once and kept nowhere."""

    desk: str
    spectator: str
    seats: tuple[tuple[int, Role, str], ...]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """When a session was last heard of, and on which step's page."""

    at: datetime
    step: str


def create(
    folder: str | Path, scenario: str, *, pairs: int, minutes: int = 120
) -> tuple[RoomState, Codes]:
    """Make a room with a record for each pair.

    Parameters
    ----------
    folder : str or Path
        Where; no room may lie there yet.
    scenario : str
        A shipped scenario's name, or a scenario's folder.
    pairs : int
        How many.
    minutes : int
        How long the workshop lasts.

    Raises
    ------
    InputError
        When there is no such scenario, the numbers are out of reach, or the folder
        cannot be used.
    """
    check_pairs(pairs)
    if not 30 <= minutes <= 480:
        raise InputError(f"--minutes {minutes}: a workshop takes 30 to 480 minutes")
    found, place = find_scenario(scenario), Folder(folder)
    place.make()
    place.hold()
    given = tuple(
        (pair, role, codes.new_code()) for pair in range(1, pairs + 1) for role in ROLES
    )
    links = [codes.new_code(codes.LINK_LETTERS) for _ in range(2)]
    room = Room(
        scenario=found.id if found.id == scenario else str(Path(scenario).resolve()),
        minutes=minutes,
        made=_now().isoformat(timespec="seconds"),
        seats=tuple(Seat(pair=p, role=r, codes=(people.kept(c),)) for p, r, c in given),
        desk=people.kept(links[0]),
        spectators=people.kept(links[1]),
    )
    state = RoomState(place, room)
    with all_or_none() as made:
        for pair in room.pairs:
            file = state.file(pair)
            make_private(file.path.parent)
            # named now, so that two who seal at the same moment seal for one record
            named = Bets(record=new_name())
            file.create(Record(scenario=name_for(found, file.path), bets=named))
            made.append(file.path)
        place.write(room)
    return state, Codes(links[0], links[1], given)


def go_on_or_create(
    folder: str | Path, scenario: str, *, pairs: int, minutes: int
) -> tuple[RoomState, Codes | None]:
    """Open the room that lies there, or make it; codes are there for a new one only.

    Raises
    ------
    InputError
        Another room lies there, with another scenario or more or fewer pairs.
    """
    if not Folder(folder).exists:
        return create(folder, scenario, pairs=pairs, minutes=minutes)
    state = RoomState.open(folder)
    held = len(state.room.pairs)
    same = find_scenario(scenario).folder == find_scenario(state.scenario).folder
    if held != pairs or not same:
        state.close()
        raise InputError(
            f"{folder}: another room lies here, of {held} pairs on {state.scenario}; "
            f"go on with --pairs {held} --scenario {state.scenario}, or name another "
            "--dir"
        )
    return state, None


class RoomState:
    """A room that is running: asked by the server, changed from seats and desk.

    Every change is on disk before it is answered; calls may come from any thread.
    ``on_ended`` is called with the ids of sessions that lost their seat; ``address`` is
    what people type to come here, and set by the server.
    """

    def __init__(self, folder: Folder, room: Room) -> None:
        self.folder, self.room = folder, room
        self.throttle = Throttle()
        self.on_ended: Callable[[tuple[str, ...]], None] = lambda _ids: None
        self.address = ""
        self.since = _now()
        self._lock = threading.RLock()
        self._seen: dict[str, Glimpse] = {}
        self._files: dict[int, RecordFile] = {}
        self._unnamed: set[int] = set()

    @classmethod
    def open(cls, folder: str | Path) -> RoomState:
        """Open a room that was made before, and keep others from serving it."""
        place = Folder(folder)
        room = place.read()
        place.hold()
        return cls(place, room)

    def close(self) -> None:
        """Let another program serve the room."""
        self.folder.let_go()

    def unmake(self) -> None:
        """Take away a new room whose codes nobody has seen."""
        for pair in self.room.pairs:
            rmtree(self.record_path(pair).parent, ignore_errors=True)
        self.folder.unmake()

    # -- where things are ------------------------------------------------------------

    @property
    def scenario(self) -> str:
        """The name or folder of the scenario that this room works on."""
        return self.room.scenario

    @property
    def title(self) -> str:
        """What the scenario is called."""
        return find_scenario(self.room.scenario).title

    @property
    def bets_folder(self) -> Path:
        """Where sealed bets wait."""
        return self.folder.path / "bets"

    @property
    def cookie_secret(self) -> bytes:
        """What signs cookies; the same after a restart."""
        return self.folder.derived("cookies")

    def record_path(self, pair: int) -> Path:
        """Return where a pair's record lies."""
        if pair not in self.room.pairs:
            raise InputError(f"pair {pair}: there is none in this room")
        return record_of(self.folder, pair)

    def file(self, pair: int) -> RecordFile:
        """Return a pair's record file, the same one each time."""
        with self._lock:
            if pair not in self._files:
                self._files[pair] = RecordFile(
                    self.record_path(pair), bets=self.bets_folder
                )
            return self._files[pair]

    def word(self, pair: int, seat: BetSeat) -> str:
        """Return the room's own word that locks a seat's bet."""
        return self.folder.derived(f"bet {pair} {seat}").hex()

    # -- who --------------------------------------------------------------------------

    def claim(self, code: str, name: str = "", token: str = "") -> Session:
        """Spend a code and sit down, or come to the desk or watch.

        Raises
        ------
        InputError
            The code is unknown or spent, or a seat was claimed without a name.
        """
        digest = people.kept(code)
        with self._lock:
            if codes.is_among(digest, [self.room.desk]):
                return self.watch("desk", token)
            if codes.is_among(digest, [self.room.spectators]):
                return self.watch("spectator", token)
            seat = people.find_free(self.room, digest)
            if seat is not None:
                return self._sit_down(seat, digest, name, token)
        if people.was_spent(self.room, digest):
            raise InputError(
                "this code was used already; if that was not you, ask the facilitator "
                "for a new one"
            )
        self.throttle.failed()
        raise InputError(
            "no seat has this code; look at the slip once more, or ask the facilitator"
        )

    def watch(self, kind: Literal["desk", "spectator"], token: str = "") -> Session:
        """Let somebody come to the desk, or watch."""
        with self._lock:
            at = _now().isoformat()
            room, session = people.watching(self.room, kind, at=at, token=token)
            self._put(room)
        return session

    def who(self, token: str) -> Who | None:
        """Return whom a session belongs to; None where it ended or never was."""
        return people.find_who(self.room, token)

    def saw(self, who: Who, step: str = "") -> None:
        """Note that a session was heard of, and on which step's page."""
        with self._lock:
            before = self._seen.get(who.id)
            page = step or (before.step if before else "")
            self._seen[who.id] = Glimpse(_now(), page)

    def glimpse(self, person: str) -> Glimpse | None:
        """Return when somebody was last heard of since the room was started."""
        return self._seen.get(person)

    # -- moved from the desk ----------------------------------------------------------

    def release(self, pair: int, role: Role, person: str = "") -> Moved:
        """End the sessions at a seat, or one of them, and give a new code for it.

        Codes of this seat that nobody claimed are void from now on, unless one
        ``person`` is named.
        """
        code = codes.new_code()
        with self._lock:
            room, going = people.released(
                self.room, pair, role, person=person, code=people.kept(code)
            )
            self._put(room)
        return self._ended(Moved(code, going))

    def add(self, pair: int, role: Role, code: str = "") -> Moved:
        """Give one more code for a seat: somebody joins this half."""
        code = code or codes.new_code()
        with self._lock:
            self._put(people.added(self.room, pair, role, code=people.kept(code)))
        return Moved(code)

    def hand_on(self, person: str, pair: int, role: Role) -> Moved:
        """Move somebody who is in the room to another seat; the session goes along.

        So a half whose owner left for good gets another one. Whoever still sits there
        shares the half from now on.
        """
        with self._lock:
            room, old = people.handed_on(self.room, person, pair, role)
            self._put(room)
            self._seen.pop(person, None)
            self._name_in_record(old)
            self._name_in_record(pair)
        return self._ended(Moved(ended=(person,)))

    def renew_desk(self) -> str:
        """Return a new code for the desk; sessions that are there go on."""
        return self._renewed("desk")

    def renew_spectators(self) -> str:
        """Return a new code for those who watch, and end the sessions of all others."""
        with self._lock:
            going = tuple(w.id for w in self.room.watchers if w.kind == "spectator")
            staying = tuple(w for w in self.room.watchers if w.kind == "desk")
            self._put(self.room.model_copy(update={"watchers": staying}))
            code = self._renewed("spectators")
        self._ended(Moved(ended=going))
        return code

    # -- said and timed from the desk -------------------------------------------------

    def nudge(self, text: str, pairs: tuple[int, ...] = ()) -> Nudge:
        """Send a line to pairs, to all where none is named."""
        said = " ".join(text.split())[:200]
        if not said:
            raise InputError("there is nothing to send; write a line first")
        for pair in pairs:
            self.record_path(pair)
        with self._lock:
            last = max((n.id for n in self.room.nudges), default=0)
            nudge = Nudge(id=last + 1, at=_now().isoformat(), text=said, pairs=pairs)
            kept = (*self.room.nudges, nudge)[-MOST_NUDGES:]
            self._put(self.room.model_copy(update={"nudges": kept}))
        return nudge

    def start(self) -> None:
        """Start the clock, or let it go on."""
        self._set_clock(lambda clock, now: clock.begun(now))

    def pause(self) -> None:
        """Let the clock stand still."""
        self._set_clock(lambda clock, now: clock.stopped(now))

    def move_to(self, seconds: float) -> None:
        """Let so many seconds of the run sheet have gone by."""
        self._set_clock(lambda clock, now: clock.moved_to(seconds, now))

    def reveal(self) -> None:
        """Note that the facilitator has opened the reveal for all."""
        with self._lock:
            if not self.room.revealed:
                at = _now().isoformat()
                self._put(self.room.model_copy(update={"revealed": at}))

    def catch_up(self) -> None:
        """Write names into records that could not be written before."""
        for pair in tuple(self._unnamed):
            self._name_in_record(pair)

    # -- how --------------------------------------------------------------------------

    def _put(self, room: Room) -> None:
        self.folder.write(room)
        self.room = room

    def _set_clock(self, change: Callable[[Clock, datetime], Clock]) -> None:
        with self._lock:
            clock = change(self.room.clock, _now())
            self._put(self.room.model_copy(update={"clock": clock}))

    def _renewed(self, which: str) -> str:
        code = codes.new_code(codes.LINK_LETTERS)
        with self._lock:
            self._put(self.room.model_copy(update={which: people.kept(code)}))
        return code

    def _sit_down(self, seat: Seat, code: str, name: str, token: str) -> Session:
        given = {"code": code, "name": name, "token": token}
        room, session = people.seated(self.room, seat, at=_now().isoformat(), **given)
        self._put(room)
        self._name_in_record(seat.pair)
        return session

    def _ended(self, moved: Moved) -> Moved:
        if moved.ended:
            self.on_ended(moved.ended)
        return moved

    def _name_in_record(self, pair: int) -> None:
        """Let the pair's record say who is here; a folder that fails is tried again."""
        try:
            write_names(self.file(pair), self.room, pair)
            self._unnamed.discard(pair)
        except WorkshopError:
            self._unnamed.add(pair)


def _now() -> datetime:
    return datetime.now(UTC)
