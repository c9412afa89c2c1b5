"""How does a pair's record learn who is here? From the seats, as people sit down."""

from __future__ import annotations

from workshop.record.choices import Participants, Person
from workshop.record.file import RecordFile
from workshop.record.values import ROLES
from workshop.room.kept import Room
from workshop.room.people import seat_of


def write_names(file: RecordFile, room: Room, pair: int) -> None:
    """Save who sits at a pair's table, if the record does not say so already.

    A half that nobody holds at this moment keeps the name that it had.

    Raises
    ------
    WorkshopError
        The record cannot be read or written at this moment.
    """
    base = file.read()
    people = _participants(room, pair, base.participants)
    if people == base.participants:
        return
    names = ", ".join(one.name for role in ROLES for one in getattr(people, role))
    said = f"who is here: {names}"
    file.save("participants", people, base=base, who=names, decided=said)


def _participants(room: Room, pair: int, before: Participants) -> Participants:
    named = {
        role: tuple(Person(name=one.name) for one in seat_of(room, pair, role).people)
        for role in ROLES
    }
    here = {role: people for role, people in named.items() if people}
    return before.model_copy(update=here)
