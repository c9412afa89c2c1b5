"""Who is here, and for whom does this page act: both halves, or the one who sits there?

A base of every step (`workshop.steps.base`). At one laptop a page acts for everybody at
the table. In a room each half has a page of its own; what is one half's alone is then
asked there, and refused on any other page, whatever a browser sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop.errors import InputError
from workshop.record.bets import Seat
from workshop.record.file import RecordFile
from workshop.record.values import ROLES, Role
from workshop.views.recaps.start import role_names
from workshop.views.wording import phrase, say

if TYPE_CHECKING:
    from workshop.steps.base import Step


class Seated:
    """The people of a step: who is at the table, and whose page this is."""

    @property
    def names(self: Step) -> dict[Role, str]:
        """What to call each half."""
        return role_names(self.record.participants)

    @property
    def alone(self: Step) -> Role | None:
        """The role of the person who is here alone; None where there are two."""
        for role, other in (ROLES, ROLES[::-1]):
            people = getattr(self.record.participants, other)
            if people and all(person.persona for person in people):
                return role
        return None

    @property
    def roles_here(self: Step) -> tuple[Role, ...]:
        """The halves that sit at the table themselves."""
        return (self.alone,) if self.alone else ROLES

    @property
    def seat(self: Step) -> Role | None:
        """The half whose page this is in a room; None at one laptop."""
        return self.target.file.seat

    @property
    def lies_here(self: Step) -> bool:
        """Whether the record has a folder here; a room's server keeps its own."""
        return isinstance(self.target.file, RecordFile)

    @property
    def acts_for(self: Step) -> tuple[Role, ...]:
        """The halves that may answer for themselves on this page."""
        return (self.seat,) if self.seat else self.roles_here

    @property
    def speakers(self: Step) -> str:
        """Who stands in the decision log for what the pair says together."""
        return " + ".join(self.names[role] for role in self.roles_here)

    @property
    def voice(self: Step) -> str:
        """Who stands in the log for what one person says: in a room, who sits here."""
        return self.names[self.seat] if self.seat else self.speakers

    def refuse_for(self: Step, seat: Seat) -> None:
        """Refuse to act for another half than the one whose page this is.

        Raises
        ------
        InputError
            Whose it is to do; nothing was changed.
        """
        if self.seat not in (None, seat):
            name = self.names[seat] if seat in ROLES else phrase(f"ui.role.{seat}")
            raise InputError(say("seat.not_yours", name=name).text)
