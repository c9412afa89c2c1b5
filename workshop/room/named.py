"""Who allowed names and words in the room's report, and which letter is whose?

Nobody did until they say so; a pair is named only where everybody who sits there allows
it, and nobody left who can no longer be asked. Letters follow from the room's secret,
so that they are the same each time and no seat follows from one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Literal

from workshop.record.atomic import write_text
from workshop.record.values import ROLES
from workshop.room.folder import Folder
from workshop.room.kept import Room
from workshop.room.people import Who

FILE = "named.json"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Says = Literal["no", "yes_both", "yes_waiting", "yes_left"]


class Allowed:
    """What people allow, person by person; on disk before it is answered."""

    def __init__(self, folder: Folder) -> None:
        self._file = folder.path / FILE
        self._lock = threading.Lock()
        self._said = read_allowed(folder)

    @property
    def said(self) -> Mapping[str, int]:
        """The pair for which each person allows it, by the person's id."""
        return dict(self._said)

    def say(self, who: Who, *, yes: bool) -> None:
        """Let somebody allow it for the table that they sit at, or take it back."""
        with self._lock:
            said = {name: pair for name, pair in self._said.items() if name != who.id}
            if yes and who.pair is not None:
                said[who.id] = who.pair
            write_text(self._file, f"{json.dumps(said)}\n", mode=0o600)
            self._said = said


def read_allowed(folder: Folder) -> dict[str, int]:
    """Return what was kept; nothing where it cannot be read, which is a no."""
    try:
        kept = json.loads((folder.path / FILE).read_text("utf-8"))
        return {str(name): int(pair) for name, pair in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def named_pairs(room: Room, said: Mapping[str, int]) -> tuple[int, ...]:
    """Return the pairs whose names and words may stand in the room's report."""
    return tuple(pair for pair in room.pairs if _says(room, said, pair) == "yes_both")


def what_is_said(room: Room, said: Mapping[str, int], who: Who) -> Says:
    """Return what somebody allows, and whether it is enough."""
    if who.pair is None or said.get(who.id) != who.pair:
        return "no"
    return _says(room, said, who.pair)


def _says(room: Room, said: Mapping[str, int], pair: int) -> Says:
    seats = [seat for seat in room.seats if seat.pair == pair]
    here = [person for seat in seats for person in seat.people]
    names = {person.name for person in here}
    # somebody who came back under a new code left under the same name
    if any(name not in names for seat in seats for name in seat.left):
        return "yes_left"
    held = {seat.role for seat in seats if seat.people}
    all_say = all(said.get(person.id) == pair for person in here)
    return "yes_both" if held == set(ROLES) and all_say else "yes_waiting"


def letters_of(folder: Folder, room: Room) -> dict[int, str]:
    """Return the letter under which each pair stands in the room's report."""
    drawn = sorted(room.pairs, key=lambda pair: folder.derived(f"letter {pair}"))
    return {pair: _letter(place) for place, pair in enumerate(drawn)}


def _letter(place: int) -> str:
    """A to Z, then AA and so on."""
    more, last = divmod(place, len(_LETTERS))
    return (_LETTERS[more - 1] if more else "") + _LETTERS[last]
