"""Who sits where, when a JupyterHub says who somebody is?

The facilitator writes a table with one line for each person. Whoever comes for the
first time is seated as it says; from then on a seat moves only from the desk, as in
every room, and the table does not bring back who was sent away.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import InputError
from workshop.record.values import ROLES, Role
from workshop.room import people
from workshop.room.codes import ALPHABET
from workshop.room.kept import MOST_AT_A_SEAT
from workshop.room.people import Session, Who
from workshop.room.seats import RoomState

COLUMNS = ("user", "pair", "half")
DESK = "desk"
MOST = MOST_AT_A_SEAT - 1
"""People of one half; its own code, which nobody was given, counts as one more."""
_LONGEST = 255
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody belongs: at one half of a pair, or at the desk."""

    pair: int | None = None
    role: Role | None = None


# --- the table ------------------------------------------------------------------------


def read_seats(file: Path, *, pairs: int) -> dict[str, Place]:
    """Read who sits where.

    Parameters
    ----------
    file : Path
        A table with the columns user, pair, half; half is one of the two roles, or
        "desk" without a pair.
    pairs : int
        How many the room has.

    Returns
    -------
    dict of str to Place
        By the hub's user name, which is compared letter by letter.

    Raises
    ------
    InputError
        It cannot be read, or a line cannot be understood; names the line.
    """
    found: dict[str, Place] = {}
    for line, cells in _lines(file):
        where = f"{file}, line {line}"
        user, place = _person(where, cells, pairs)
        if user in found:
            raise InputError(f"{where}: {user} stands here twice; keep one line")
        found[user] = place
    _refuse_crowd(file, found)
    if Place() not in found.values():
        raise InputError(f"{file}: nobody is at the desk; add a line NAME,,{DESK}")
    return found


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that says something, under its number in the file."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "no text in UTF-8"
        raise InputError(
            f"{file}: cannot be read ({why}); name a table with the columns "
            f"{','.join(COLUMNS)}"
        ) from None
    reader = csv.reader(text.splitlines())
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        line = reader.line_num
        raise InputError(f"{file}, line {line}: {error}; write it anew") from None
    said = [(line, cells) for line, cells in rows if any(cells)]
    if not said or [cell.lower() for cell in said[0][1]] != [*COLUMNS]:
        first = ",".join(said[0][1])[:60] if said else "nothing"
        raise InputError(
            f"{file}: begins with {first}; the first line names the columns: "
            f"{','.join(COLUMNS)}"
        )
    yield from said[1:]


def _person(where: str, cells: list[str], pairs: int) -> tuple[str, Place]:
    if len(cells) != len(COLUMNS):
        raise InputError(
            f"{where}: has {len(cells)} cells; write three, as dana,1,product"
        )
    user, pair, half = cells
    if not user or len(user) > _LONGEST:
        raise InputError(f"{where}: no user name; write the name of the hub's account")
    half = half.lower()
    if half == DESK:
        if pair:
            raise InputError(f"{where}: the desk belongs to no pair; leave pair empty")
        return user, Place()
    if half not in ROLES:
        raise InputError(
            f"{where}: half is {half or 'empty'}; write {', '.join(ROLES)} or {DESK}"
        )
    if not (_is_number(pair) and 1 <= int(pair) <= pairs):
        raise InputError(
            f"{where}: pair is {pair or 'empty'}; the room has pairs 1 to {pairs}, see "
            "--pairs"
        )
    return user, Place(int(pair), next(role for role in ROLES if role == half))


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= _LONGEST_NUMBER


def _refuse_crowd(file: Path, found: Mapping[str, Place]) -> None:
    for place, count in Counter(found.values()).items():
        if place.pair and count > MOST:
            raise InputError(
                f"{file}: {count} people for {place.role} of pair {place.pair}; "
                f"{MOST} share one half at most"
            )


# --- people as they come --------------------------------------------------------------


class Arrivals:
    """Lets in whom the hub knows and the table names.

    Parameters
    ----------
    state : RoomState
        The room.
    listed : mapping of str to Place
        As of `read_seats`.
    """

    def __init__(self, state: RoomState, listed: Mapping[str, Place]) -> None:
        self.state, self.listed = state, listed

    def who(self, user: str) -> Who | None:
        """Return whom a user of the hub is here; seats them when they come first."""
        here = self.state.who(self._token(user))
        if here is not None or user not in self.listed:
            return here
        place = self.listed[user]
        if place.pair is None or place.role is None:
            return self.state.watch("desk", self._token(user)).who
        code = self._code(user)
        if people.was_spent(self.state.room, people.kept(code)):
            return None  # sent away from the desk, and not back by the table
        try:
            self.state.add(place.pair, place.role, code)
        except InputError:
            return None  # the half was filled from the desk meanwhile
        return self.claim(user, code).who

    def claim(self, user: str, code: str) -> Session:
        """Let a user of the hub sit down with a code from the desk."""
        return self.state.claim(code, user, self._token(user))

    def _token(self, user: str) -> str:
        """What a user's session is known by; it never leaves this process."""
        return self.state.folder.derived(f"hub session {user}").hex()

    def _code(self, user: str) -> str:
        """The code that seats a user by the table, and is spent with that."""
        drawn = self.state.folder.derived(f"hub code {user}")
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn)
