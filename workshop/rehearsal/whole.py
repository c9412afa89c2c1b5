"""What is tried before a room, in one order; each line as soon as it is known.

A later thing is tried even when an earlier one fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workshop.data.catalog import example_of, find_scenario, find_target
from workshop.errors import WorkshopError
from workshop.lab import rehearse
from workshop.record.borrowed import PARTS, to_borrow
from workshop.record.choices import Record
from workshop.record.values import ROLES
from workshop.rehearsal import machine, network, paper
from workshop.rehearsal.played import play
from workshop.rehearsal.tried import Tried, number, tried
from workshop.room.kept import check_pairs
from workshop.views.wording import Said, say

YOURSELF = ("sleep", "projector", "visitors", "printer", "second")
"""What no program sees."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The room that is to be held, as `workshop room` would be asked for it."""

    scenario: str
    pairs: int
    host: str
    port: int
    folder: Path

    @property
    def seats(self) -> int:
        """How many pages will be open."""
        return len(ROLES) * self.pairs

    @property
    def heading(self) -> Said:
        """What the lines are about."""
        return say(
            "rehearsal.heading",
            seats=number("seats", self.seats),
            scenario=self.scenario,
        )


def rehearse_room(wanted: Wanted) -> Iterator[Tried]:
    """Try everything that a room needs.

    Raises
    ------
    InputError
        When there is no such scenario, or no room has that many pairs.
    """
    check_pairs(wanted.pairs)
    find_scenario(wanted.scenario)
    return _all_of(wanted)


def verdict(found: Sequence[Tried]) -> Said:
    """Say in one sentence what all lines come to."""
    fails = sum(line.state == "fails" for line in found)
    if fails:
        return say("rehearsal.not_fine", fails=number("fails", fails))
    look = sum(line.state == "look" for line in found)
    return say("rehearsal.fine", look=number("look", look))


def borrowing(scenario: str) -> Tried:
    """Say which steps a late pair can borrow; the sheet of one hour counts on them."""
    found = find_scenario(scenario)
    try:
        example = example_of(found)
    except WorkshopError as error:
        said = say("rehearsal.borrowing.unread", why=str(error))
        return tried("borrowing", "fails", said)
    nothing = Record(scenario=found.id)
    open_ = [step for step in PARTS if not to_borrow(nothing, example, step)]
    if not open_:
        return tried("borrowing", "ok", say("rehearsal.borrowing.all"))
    if example is None:
        return tried("borrowing", "look", say("rehearsal.borrowing.none"))
    said = say("rehearsal.borrowing.some", steps=", ".join(open_))
    return tried("borrowing", "look", said)


def _all_of(wanted: Wanted) -> Iterator[Tried]:
    port = network.port(wanted.host, wanted.port)
    yield port
    yield network.reach(wanted.host, wanted.port)
    yield machine.memory(wanted.seats)
    yield machine.processors(wanted.seats)
    yield machine.pages(wanted.pairs)
    yield machine.folder(wanted.folder, wanted.pairs)
    yield machine.clock(datetime.now().astimezone(), machine.installed())
    yield paper.browser()
    yield paper.printing()
    for what, problem in rehearse(find_target(wanted.scenario)):
        yield Tried(what, "fails" if problem else "ok", what, problem)
    yield borrowing(wanted.scenario)
    yield play(wanted.scenario, wanted.port if port.state == "ok" else 0)
    for name in YOURSELF:
        yield tried(name, "look", say(f"rehearsal.self.{name}"))
