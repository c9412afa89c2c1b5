"""The opening of the bets in 01: all at once, each checked against its seal."""

from __future__ import annotations

from typing import Any

from workshop.errors import InputError
from workshop.record.bets import Bets, OpenedBet, Seat
from workshop.record.sealed import is_sealed, open_bets
from workshop.record.values import ROLES
from workshop.steps.betting import OF_A_PERSONA, OF_THE_ROOM, Betting
from workshop.steps.given import now_text
from workshop.steps.talking import Talking
from workshop.views.section import View
from workshop.views.wording import say


class Opening(Betting, Talking):
    """A step at which the bets are opened together.

    A persona is ready as soon as the person is; it keeps no secret, and its bet is
    locked and checked only so that all bets go the same way.
    """

    def open_bets(self) -> Any:
        """Ask each for the word and "I am ready"; the last one opens all bets."""
        if not self.interactive:
            return self._bets()
        from workshop.views.panels.opening import OpeningPanel

        panel = OpeningPanel(
            self.chairs,
            on_ready=self._say_ready,
            look=self._catch_up_with_the_others,
            shown=self._opened,
            own=self.seat,
            read_only=self.read_only,
        )
        names = ("participants",) if self.seat else ()
        return self.follow(panel, "bets", *names)

    def _opened(self) -> str | None:
        bets = self.record.bets
        return self._bets()._repr_html_() if bets and bets.opened else None

    def _bets(self) -> View:
        """The gap board, with a warning where a bet is not the one that was sealed."""
        return self.board()

    # -- one is ready -----------------------------------------------------------------

    def _say_ready(self, seat: Seat, word: str) -> str:
        self.refuse_for(seat)
        word = OF_THE_ROOM if self.seat else word
        bets = self.bets_now()
        if bets.opened:
            return ""  # in another window; this page shows them now
        self._refuse_too_early(bets, seat)
        laid = {seat: self._taken(bets, seat, word)}
        persona = self.persona_seat
        if persona is not None and persona in bets.sealed:
            laid[persona] = self._taken(bets, persona, OF_A_PERSONA)
        for one, bet in laid.items():
            self.table.lay(one, bet)
        ready = {**bets.ready, **dict.fromkeys(laid, now_text())}
        bets = bets.model_copy(update={"ready": ready})
        if set(ready) == set(bets.sealed) and not self.seat:
            return self._open_all(bets)
        # a room's server shows what lies there only once the record says all are ready
        told = self.save({"bets": bets}, "ready to open", who=self.seat_name(seat))
        self._catch_up_with_the_others()
        return told

    def _catch_up_with_the_others(self) -> None:
        """Open the bets if all are ready: two may have said so at the same moment."""
        bets = self.bets_now()
        all_ready = set(bets.ready) == set(bets.sealed) >= set(ROLES)
        if all_ready and not bets.opened:
            self._open_all(bets)

    def _refuse_too_early(self, bets: Bets, seat: Seat) -> None:
        missing = tuple(role for role in ROLES if role not in bets.sealed)
        if missing:
            names = self.seat_names(missing)
            raise InputError(say("bets.too_early", names=names).text)
        if seat not in bets.sealed:
            raise InputError(say("bets.not_sealed", name=self.seat_name(seat)).text)

    def _taken(self, bets: Bets, seat: Seat, word: str) -> OpenedBet:
        bet = self.target.file.drawer(bets.record).take(seat, word=word)
        if not is_sealed(bets, seat, bet):
            name = self.seat_name(seat)
            raise InputError(say("bets.changed_in_drawer", name=name).text)
        return bet

    # -- all are ready ----------------------------------------------------------------

    def _open_all(self, bets: Bets) -> str:
        try:
            self._refuse_changed(bets)
            opened = open_bets(bets, self.table)
        except InputError:
            if self.bets_now().opened:
                return ""  # on another page, at this very moment
            raise
        told = self.save({"bets": opened}, "opened the bets")
        self.table.clear()
        for seat in bets.sealed:
            self.target.file.drawer(bets.record).forget(seat)
        return told

    def _refuse_changed(self, bets: Bets) -> None:
        """Open nothing when a bet on the table is another one; its maker lays it anew.

        Raises
        ------
        InputError
            Who has to say ready once more; the bet in that one's own folder holds.
        """
        changed = tuple(
            seat for seat in bets.sealed if not self._lies_there(bets, seat)
        )
        if not changed or self.bets_now().opened:
            return
        ready = {seat: at for seat, at in bets.ready.items() if seat not in changed}
        left = bets.model_copy(update={"ready": ready})
        names = self.seat_names(changed)
        self.save(
            {"bets": left},
            "nothing opened: a bet beside the record was changed",
            because=names,
        )
        for seat in changed:
            self.table.take_back(seat)
        raise InputError(say("bets.changed_on_table", names=names).text)

    def _lies_there(self, bets: Bets, seat: Seat) -> bool:
        try:
            bet = self.table.get(seat)
        except InputError:
            return False
        return bet is not None and is_sealed(bets, seat, bet)
