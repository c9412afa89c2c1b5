"""What 00 and 01 share about bets: who may bet, how far each is, where a bet waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workshop.record.bets import SEATS, THIRD_ROLES, Bet, Bets, Seat
from workshop.record.values import ROLES, Role, other_role
from workshop.steps.base import Step
from workshop.views.wording import phrase

if TYPE_CHECKING:
    from workshop.data.scenario import Persona
    from workshop.record.sealed import Table
    from workshop.record.wire import RoomTable
    from workshop.views.panels.hand_over import Chair, State

OF_THE_ROOM = "the room has a word of its own"
"""What a page in a room sends for a word: its server locks the bet with another one."""

OF_A_PERSONA = "a persona keeps no secret"
"""The word that locks a persona's bet: anybody may read it in the scenario anyhow."""


class Betting(Step):
    """A step at which people seal bets or open them."""

    @property
    def persona_seat(self) -> Role | None:
        """The half that a recorded persona plays; None where two people are here."""
        return other_role(self.alone) if self.alone else None

    def bet_of_persona(self, seat: Role, persona: Persona) -> Bet:
        """Its bet; what it thinks of the other half names whoever sits there."""
        other = other_role(seat)
        played = self.scenario.personas.of(other)
        if played is None or not persona.bet.guess:
            return persona.bet
        guess = persona.bet.guess.replace(played.name, self.names[other])
        return persona.bet.model_copy(update={"guess": guess})

    @property
    def seats_here(self) -> tuple[Seat, ...]:
        """Who may bet: the halves at the table, and third roles that are asked.

        A room has no seat for a third role, so nobody there waits for one.
        """
        if self.seat:
            return self.roles_here
        people = self.record.participants
        asked = (seat for seat in THIRD_ROLES if getattr(people, seat))
        return (*self.roles_here, *asked)

    def seat_name(self, seat: Seat) -> str:
        """What to call whoever sits there."""
        if seat in ROLES:
            return self.names[seat]
        people = getattr(self.record.participants, seat)
        return ", ".join(person.name for person in people) or phrase(f"ui.role.{seat}")

    def seat_names(self, seats: tuple[Seat, ...]) -> str:
        """Name several seats in one line."""
        return ", ".join(self.seat_name(seat) for seat in seats)

    def chairs(self) -> tuple[Chair, ...]:
        """Say of everybody but a persona how far the bet is, as it stands now."""
        from workshop.views.panels.hand_over import Chair

        bets = self.record.bets or Bets()
        known = {*(bets.opened or (*self.seats_here, *bets.sealed))}
        known -= {self.persona_seat}
        return tuple(
            Chair(seat, self.seat_name(seat), _state(bets, seat))
            for seat in SEATS
            if seat in known
        )

    def bets_now(self) -> Bets:
        """Return the bets as they stand, whatever another page did to them."""
        now = self.record.bets
        self._base = self.base.model_copy(update={"bets": now})
        return now or Bets()

    @property
    def table(self) -> Table | RoomTable:
        """The folder beside the record where bets are laid to be opened."""
        return self.target.file.table


def _state(bets: Bets, seat: Seat) -> State:
    if seat in bets.opened:
        return "opened"
    if seat in bets.ready:
        return "ready"
    return "sealed" if seat in bets.sealed else "to_bet"
