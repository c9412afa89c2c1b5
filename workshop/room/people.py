"""Who a session belongs to, and how people come to a seat, leave it and change it.

Each function takes a room and returns another one; nothing is written here.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Literal

from workshop.errors import InputError
from workshop.record.values import Role
from workshop.room.codes import digest_of, is_among, new_token, tidy
from workshop.room.kept import (
    MOST_AT_A_SEAT,
    MOST_WATCHERS,
    Kind,
    Room,
    Seat,
    Sitter,
    Watcher,
)

LONGEST_NAME = 40
_MOST_SPENT = 50
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a session belongs to. ``id`` names the session and is no secret."""

    kind: Kind
    id: str
    name: str = ""
    pair: int | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What a claimed code gives; the token goes into a cookie and is kept nowhere."""

    token: str
    who: Who


@dataclass(frozen=True, slots=True)
class Moved:
    """A seat was moved: its new code if there is one, and the sessions that ended."""

    code: str = ""
    ended: tuple[str, ...] = ()


def kept(code: str) -> str:
    """Return what is kept of a code, however it was typed."""
    return digest_of(f"code {tidy(code)}")


def find_who(room: Room, token: str) -> Who | None:
    """Return whom a session's token belongs to; all are compared, whoever it is."""
    digest, found = digest_of(token[:200]), None
    for watcher in room.watchers:
        if is_among(digest, [watcher.session]):
            found = Who(watcher.kind, watcher.id)
    for seat in room.seats:
        for person in seat.people:
            if is_among(digest, [person.session]):
                found = _sitting(seat, person)
    return found


def find_free(room: Room, digest: str) -> Seat | None:
    """Return the seat that a code is for, if nobody has claimed it."""
    free = [seat for seat in room.seats if is_among(digest, seat.codes)]
    return free[0] if free else None


def was_spent(room: Room, digest: str) -> bool:
    """Say whether a code was claimed before."""
    return is_among(digest, [one for seat in room.seats for one in seat.spent])


# --- coming ---------------------------------------------------------------------------


def seated(
    room: Room, seat: Seat, *, code: str, name: str, at: str, token: str = ""
) -> tuple[Room, Session]:
    """Let somebody sit down; the code's digest is spent.

    Their session has a new token unless one is given.

    Raises
    ------
    InputError
        Nothing is left of the ``name``.
    """
    token = token or new_token()
    person = Sitter(
        id=secrets.token_hex(6), name=proper(name), session=digest_of(token), at=at
    )
    taken = seat.model_copy(
        update={
            "codes": tuple(c for c in seat.codes if c != code),
            "spent": (*seat.spent, code)[-_MOST_SPENT:],
            "people": (*seat.people, person),
        }
    )
    after = room.with_seat(seat.pair, seat.role, lambda _: taken)
    return after, Session(token, _sitting(taken, person))


def watching(
    room: Room, kind: Literal["desk", "spectator"], *, at: str, token: str = ""
) -> tuple[Room, Session]:
    """Let somebody come to the desk, or watch; the oldest go when there are many."""
    token = token or new_token()
    watcher = Watcher(
        id=secrets.token_hex(6), kind=kind, session=digest_of(token), at=at
    )
    others = tuple(w for w in room.watchers if w.kind != kind)
    same = tuple(w for w in room.watchers if w.kind == kind)
    staying = (*others, *(*same, watcher)[-MOST_WATCHERS:])
    after = room.model_copy(update={"watchers": staying})
    return after, Session(token, Who(kind, watcher.id))


# --- moving ---------------------------------------------------------------------------


def released(
    room: Room, pair: int, role: Role, *, person: str, code: str
) -> tuple[Room, tuple[str, ...]]:
    """End the sessions at a seat, or one of them; return also the ids that ended.

    Raises
    ------
    InputError
        There is no such seat, or the ``person`` named does not sit there any more.
    """
    seat = seat_of(room, pair, role)
    going = tuple(p for p in seat.people if person in ("", p.id))
    if person and not going:
        raise InputError("this person does not sit here any more")
    held = seat.codes if person else ()
    left = _without(seat, going).model_copy(update={"codes": (*held, code)})
    return room.with_seat(pair, role, lambda _: left), tuple(p.id for p in going)


def added(room: Room, pair: int, role: Role, *, code: str) -> Room:
    """Give a seat one more code.

    Raises
    ------
    InputError
        There is no such seat, or it has as many people and codes as it may have.
    """
    seat = seat_of(room, pair, role)
    _refuse_full(seat)
    more = seat.model_copy(update={"codes": (*seat.codes, code)})
    return room.with_seat(pair, role, lambda _: more)


def handed_on(room: Room, person: str, pair: int, role: Role) -> tuple[Room, int]:
    """Move somebody to another seat; return also the pair that was left.

    Raises
    ------
    InputError
        Nobody has that id, or they sit there already, or that half is full.
    """
    old, sitter = _sitter(room, person)
    new = seat_of(room, pair, role)
    if (old.pair, old.role) == (pair, role):
        raise InputError(f"{sitter.name} sits there already")
    _refuse_full(new)
    more = new.model_copy(update={"people": (*new.people, sitter)})
    after = room.with_seat(old.pair, old.role, lambda s: _without(s, (sitter,)))
    return after.with_seat(pair, role, lambda _: more), old.pair


def seat_of(room: Room, pair: int, role: Role) -> Seat:
    """Return one half of a pair.

    Raises
    ------
    InputError
        There is no such seat.
    """
    seat = room.seat(pair, role)
    if seat is None:
        raise InputError(f"pair {pair}: there is no such seat in this room")
    return seat


def proper(name: str) -> str:
    """Return a name as it is shown: one line, nothing that turns text, not endless.

    Raises
    ------
    InputError
        Nothing is left of it.
    """
    plain = "".join(
        " " if c.isspace() else c
        for c in name[:200]
        if c.isspace()
        or (
            (unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
            and c not in _TURNS_TEXT
        )
    )
    shown = " ".join(plain.split())[:LONGEST_NAME].strip()
    if not shown:
        raise InputError("your partner wants to know your name; a first name will do")
    return shown


def _sitting(seat: Seat, person: Sitter) -> Who:
    return Who("seat", person.id, person.name, seat.pair, seat.role)


def _sitter(room: Room, person: str) -> tuple[Seat, Sitter]:
    for seat in room.seats:
        for sitter in seat.people:
            if sitter.id == person:
                return seat, sitter
    raise InputError("this person is not in the room any more")


def _without(seat: Seat, going: tuple[Sitter, ...]) -> Seat:
    staying = tuple(p for p in seat.people if p not in going)
    left = (*seat.left, *(p.name for p in going))[-10:]
    return seat.model_copy(update={"people": staying, "left": left})


def _refuse_full(seat: Seat) -> None:
    if len(seat.people) + len(seat.codes) >= MOST_AT_A_SEAT:
        raise InputError(
            f"this half has {MOST_AT_A_SEAT} people or codes already; release one first"
        )
