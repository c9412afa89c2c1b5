"""What the two say to each other: the gap board, a second look, and one pulse.

Two people may answer here at the same moment in two browsers. So each answer is put
into the record as it stands then, under its own role, and nothing else is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from workshop.analysis.gap_board import latest_looks
from workshop.analysis.stated import stated_rates
from workshop.errors import ConflictError, InputError
from workshop.record.bets import BetRound, Bets, Pulse, Pulses, SecondLook
from workshop.record.choices import Record
from workshop.record.values import Role, other_role
from workshop.steps.base import ANYTHING, Step
from workshop.steps.given import now_text
from workshop.views.recaps.gap_board import board_view
from workshop.views.recaps.gap_closed import pulse_view, second_look_view
from workshop.views.section import View

Moment = Literal["start", "end"]


class Talking(Step):
    """The parts of a step that are about the other half of the pair."""

    # the board -----------------------------------------------------------------------

    def board(self) -> View:
        """The gap board once the bets are open; before, that they are closed."""
        record = self.record
        if record.bets is None or not record.bets.opened:
            return board_view(record, None)
        if self.has_rows:
            return board_view(record, self.evidence.error)
        stated = stated_rates(self.scenario.stated).error_all
        return board_view(record, stated, beside="stated")

    # the second look -----------------------------------------------------------------

    def second_look(self) -> Any:
        """Ask each half for the same two numbers again, after talking."""
        if not self.interactive:
            return second_look_view(self.record)
        from workshop.views.panels.second_look import SecondLooks

        panel = SecondLooks(
            is_open=lambda: bool((self.record.bets or Bets()).opened),
            make=lambda: [self._second_look(role) for role in self.acts_for],
            show=lambda: second_look_view(self.record)._repr_html_(),
        )
        return self.follow(panel, ANYTHING)

    def _second_look(self, role: Role) -> Any:
        from workshop.views.panels.second_look import second_look_panel

        bets = self.record.bets or Bets()
        return second_look_panel(
            self.names[role],
            bets.opened[role],
            latest_looks(bets).get(role),
            on_save=lambda look: self._look_again(role, look),
            read_only=self.read_only,
        )

    def _look_again(self, role: Role, look: SecondLook) -> str:
        """Keep one half's second look; alone, the persona's comes along."""
        self.refuse_for(role)
        looks = {role: look}
        absent = other_role(role)
        persona = self.scenario.personas.of(absent) if self.alone == role else None
        second = persona.second if persona else None

        def looked(record: Record) -> dict[str, Any]:
            bets = record.bets or Bets()
            if not bets.opened:
                raise InputError("the bets are not open yet; open them first")
            said = dict(looks)
            if second is not None and absent not in latest_looks(bets):
                said[absent] = second
            return {"bets": with_looks(bets, said, at=now_text())}

        return self._put(looked, "looked at the bets again", who=self.names[role])

    # the pulse -----------------------------------------------------------------------

    def pulse(self, moment: Moment) -> Any:
        """Ask each half whether it could explain the other's worry."""
        if not self.interactive:
            return pulse_view(self.record.pulse, self.names)
        from workshop.views.panels.live import LivePanel

        panel = LivePanel(
            lambda: [self._pulse(role, moment) for role in self.acts_for],
            same=lambda: (self.acts_for, self.names),
        )
        return self.follow(panel, "participants")

    def _pulse(self, role: Role, moment: Moment) -> Any:
        from workshop.views.panels.pulse import pulse_panel

        now = getattr(self.record.pulse, moment, None) or Pulse()
        return pulse_panel(
            self.names[role],
            getattr(now, role),
            on_save=lambda worry: self._feel(role, moment, worry),
            read_only=self.read_only,
        )

    def _feel(self, role: Role, moment: Moment, worry: int) -> str:
        self.refuse_for(role)

        def felt(record: Record) -> dict[str, Any]:
            pulses = record.pulse or Pulses()
            pulse = getattr(pulses, moment) or Pulse()
            pulse = pulse.model_copy(update={role: worry})
            return {"pulse": pulses.model_copy(update={moment: pulse})}

        decided = f"could explain the other's worry: {worry} of 5 ({moment})"
        return self._put(felt, decided, who=self.names[role])

    # keeping -------------------------------------------------------------------------

    def _put(
        self, change: Callable[[Record], dict[str, Any]], decided: str, *, who: str
    ) -> str:
        """Save one half's own words into the record as it stands now.

        Whoever saved at the very same moment keeps theirs: read again, and once more.
        """

        def once() -> str:
            values = change(self.record)
            now = {section: getattr(self.record, section) for section in values}
            self._base = self.base.model_copy(update=now)
            return self.save(values, decided, who=who)

        try:
            return once()
        except ConflictError:
            return once()


def with_looks(bets: Bets, looks: dict[Role, SecondLook], *, at: str) -> Bets:
    """Return the bets with second looks in their first round; other seats stay."""
    first, *later = bets.rounds or (BetRound(at=at),)
    first = first.model_copy(update=looks)
    return bets.model_copy(update={"rounds": (first, *later)})
