"""Who bets now? One person after the other at one laptop, or each in a browser.

What somebody typed stands on the page until it is sealed, and nowhere afterwards: the
controls are emptied and closed, and this object keeps neither the bet nor the word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from workshop.errors import WorkshopError
from workshop.record.bets import Bet, Seat
from workshop.views.panels import drafts, looks
from workshop.views.panels.bet import bet_panel
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html, Panel, toned
from workshop.views.panels.word import WordBox
from workshop.views.wording import phrase, say

State = Literal["to_bet", "sealed", "ready", "opened"]


@dataclass(frozen=True)
class Chair:
    """Somebody who may bet: the seat, what to call them, and how far their bet is."""

    seat: Seat
    name: str
    state: State = "to_bet"


class HandOver(Panel):
    """Screens that go round: who bets, that one's bet, and whose turn it is then.

    Parameters
    ----------
    chairs
        Who may bet and how far each is, as it stands now.
    line
        What the pair counts as wrong, as it stands now; empty before it is said.
    on_seal
        Takes seat, bet and word and seals the bet.
    on_again
        Throws a sealed bet away.
    read_only
        Why nothing can be saved here.
    """

    def __init__(
        self,
        chairs: Callable[[], Sequence[Chair]],
        *,
        line: Callable[[], str],
        on_seal: Callable[[Seat, Bet, str], Html | None],
        on_again: Callable[[Seat], Html | None],
        read_only: str = "",
    ):
        super().__init__()
        self._chairs, self._line = chairs, line
        self._on_seal, self._on_again = on_seal, on_again
        self._read_only = read_only
        self.form: Form | None = None
        self._betting: Chair | None = None
        self._round = 0
        self._pending: Bet | None = None
        self._box: WordBox | None = None
        self._line_words = looks.words()
        self._screen = looks.column()
        self.body.children = (
            looks.words(say("panel.hand_over.title").html, "title"),
            looks.words(looks.said_html(read_only), "banner"),
            self._screen,
        )
        self._ask()

    @property
    def betting(self) -> Seat | None:
        """Whose bet is on the page now."""
        return self._betting.seat if self._betting else None

    def refresh(self) -> None:
        """Follow the record; what somebody is typing stays where it is."""
        seat = self.betting
        if seat is None or not self._may_still_bet():
            self._ask()
        elif self._is_typing():
            self._show_line()
        elif len(self._chairs()) == self._round:
            self._begin(seat)
        else:
            self._ask()  # others have come, or gone

    # -- who bets now? ----------------------------------------------------------------

    def _ask(self, *above: looks.w.Widget) -> None:
        chairs = self._chairs()
        for chair in chairs:
            is_sealed = chair.state != "to_bet"
            drafts.tell_sealed(self.body, chair.seat, sealed=is_sealed)
        waiting = [chair for chair in chairs if chair.state == "to_bet"]
        if len(chairs) == len(waiting) == 1 and not above:
            self._begin(waiting[0].seat)
            return
        self._clear()
        asks = self._asking(chairs, waiting) if waiting else self._done(chairs)
        self._screen.children = (*above, *asks, *self._sealed_rows(chairs))

    def _asking(
        self, chairs: Sequence[Chair], waiting: Sequence[Chair]
    ) -> tuple[looks.w.Widget, ...]:
        asks = looks.words(say("panel.hand_over.asks").html if len(chairs) > 1 else "")
        return asks, looks.buttons(*(self._me(chair) for chair in waiting))

    def _me(self, chair: Chair) -> looks.w.Button:
        label = say("panel.hand_over.me", name=chair.name).text
        made = looks.button(label, lambda: self._begin(chair.seat), kind="primary")
        self.buttons[chair.seat] = made
        return made

    def _done(self, chairs: Sequence[Chair]) -> tuple[looks.w.Widget, ...]:
        opened = any(chair.state == "opened" for chair in chairs)
        key = "opened" if opened else "all_sealed"
        return (looks.words(say(f"panel.hand_over.{key}").html, "banner"),)

    def _sealed_rows(self, chairs: Sequence[Chair]) -> tuple[looks.w.Widget, ...]:
        return tuple(
            self._sealed_row(chair)
            for chair in chairs
            if chair.state in ("sealed", "ready")
        )

    def _sealed_row(self, chair: Chair) -> looks.w.Widget:
        label = say("panel.hand_over.again", name=chair.name).text
        again = looks.button(label, lambda: self._doubt(chair), kind="light")
        self.buttons[f"again.{chair.seat}"] = again
        said = say("panel.hand_over.waiting", name=chair.name).html
        return looks.column(looks.words(said, "good"), looks.buttons(again))

    # -- one person's bet -------------------------------------------------------------

    def _begin(self, seat: Seat) -> None:
        found = [chair for chair in self._chairs() if chair.seat == seat]
        if not found or found[0].state != "to_bet":
            self._ask()  # sealed in another window meanwhile
            return
        self._clear()
        self._betting, self._round = found[0], len(self._chairs())
        self.form = bet_panel(
            self._betting.name,
            on_save=self._hold,
            seat=seat,
            seals=False,
            read_only=self._read_only,
        )
        self.controls = dict(self.form.controls)
        self.buttons = dict(self.form.buttons)
        for control in self.form.controls.values():
            control.observe(self._changed, "value")
        self._word_area = looks.column(kind="inset")
        looks.show_if(self._word_area, False)
        self._line_words = looks.words()
        self._show_line()
        parts = (self._line_words, self.form.body, self._word_area)
        self._screen.children = (*parts, *self._way_back())

    def _way_back(self) -> tuple[looks.w.Widget, ...]:
        if len(self._chairs()) == 1:
            return ()
        label = phrase("panel.hand_over.back")
        self.buttons["back"] = looks.button(label, self._ask, kind="light")
        return (looks.buttons(self.buttons["back"]),)

    def _show_line(self) -> None:
        line = self._line()
        said = say("panel.hand_over.line", line=line)
        shown = said if line else say("panel.hand_over.no_line")
        self._line_words.value = toned(shown.html, "banner")

    def _is_typing(self) -> bool:
        return self.form is not None and any(
            not row.empty for row in self.form.rows.values()
        )

    def _may_still_bet(self) -> bool:
        return any(
            chair.seat == self.betting and chair.state == "to_bet"
            for chair in self._chairs()
        )

    # -- the word that locks it -------------------------------------------------------

    def _hold(self, bet: Bet) -> Html:
        """Keep a bet that can be read until the word for it is picked."""
        self._changed(None)
        self._pending = bet
        self._box = WordBox(
            phrase("panel.hand_over.word"),
            phrase("panel.hand_over.seal"),
            on_word=self._seal,
            help=say("panel.hand_over.word_help").html,
        )
        self.controls["word"] = self._box.control
        self.buttons["seal"] = self._box.button
        head = looks.words(say("panel.hand_over.pick").html)
        self._word_area.children = (head, self._box.widget)
        looks.show_if(self._word_area, True)
        return say("panel.bet.readable")

    def _changed(self, _: object) -> None:
        """Drop what was held: the answers are being changed once more."""
        self._pending = None
        if self._box is not None:
            self._box.forget()
            self._box = None
            self._word_area.children = ()
            looks.show_if(self._word_area, False)

    def _seal(self, word: str) -> None:
        chair, bet = self._betting, self._pending
        if chair is None or bet is None:
            return
        said = self._on_seal(chair.seat, bet, word)
        sealed = say("panel.hand_over.sealed", name=chair.name).html
        told = [looks.words(sealed, "banner")]
        others = [c.name for c in self._chairs() if c.state == "to_bet"]
        if others:
            names = say("panel.hand_over.next", names=", ".join(others)).html
            told.append(looks.words(names))
        self._ask(*told, looks.words(looks.said_html(said), "good"))

    # -- bet again --------------------------------------------------------------------

    def _doubt(self, chair: Chair) -> None:
        self._clear()
        yes = looks.button(
            phrase("panel.hand_over.again_yes"), lambda: self._again(chair)
        )
        no = looks.button(phrase("panel.hand_over.again_no"), self._ask, kind="primary")
        self.buttons = {"yes": yes, "no": no}
        sure = say("panel.hand_over.again_sure", name=chair.name).html
        self._screen.children = (looks.words(sure, "banner"), looks.buttons(no, yes))

    def _again(self, chair: Chair) -> None:
        try:
            if self._read_only:
                raise WorkshopError(self._read_only)
            self._on_again(chair.seat)
        except (WorkshopError, OSError) as error:
            self._ask(looks.words(looks.trouble_html(error), "bad"))
            return
        done = say("panel.hand_over.again_done", name=chair.name).html
        self._ask(looks.words(done, "good"))

    # -- nothing stays ----------------------------------------------------------------

    def _clear(self) -> None:
        """Empty and close all that is on the screen; keep nothing of a bet."""
        self._changed(None)
        form, self.form = self.form, None
        if form is not None:
            form.forget()
        self._betting = None
        self.controls, self.buttons = {}, {}
        before, self._screen.children = self._screen.children, ()
        for part in before:
            looks.close_all(part)
