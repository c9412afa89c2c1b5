"""One's own bet on a page of one's own: nobody hands anything over, no word is picked.

In a room each half has a page, and the room keeps what is sealed. What was typed stands
on the page until then, and nowhere afterwards. Of the other half this page knows only
how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workshop.errors import WorkshopError
from workshop.record.bets import Bet, Seat
from workshop.views.panels import drafts, looks
from workshop.views.panels.bet import bet_panel
from workshop.views.panels.form import Form
from workshop.views.panels.hand_over import Chair, State
from workshop.views.panels.looks import Html, Panel, toned
from workshop.views.wording import phrase, say


class OwnBet(Panel):
    """The bet of one seat: asked, then sealed, then perhaps made once more.

    Parameters
    ----------
    seat
        Whose page this is.
    chairs
        How far each is, as it stands now.
    line
        What the pair counts as wrong, as it stands now; empty before it is said.
    on_seal
        Takes the bet and seals it.
    on_again
        Throws the sealed bet away.
    read_only
        Why nothing can be saved here.
    """

    def __init__(
        self,
        seat: Seat,
        chairs: Callable[[], Sequence[Chair]],
        *,
        line: Callable[[], str],
        on_seal: Callable[[Bet], Html | None],
        on_again: Callable[[], Html | None],
        read_only: str = "",
    ):
        super().__init__()
        self._seat, self._chairs, self._line = seat, chairs, line
        self._on_seal, self._on_again = on_seal, on_again
        self._read_only = read_only
        self.form: Form | None = None
        self._laid_out: State | None = None
        self._line_words, self._message = looks.words(), looks.words()
        self._others, self._screen = looks.words(), looks.column()
        self.body.children = (
            looks.words(say("panel.hand_over.title").html, "title"),
            looks.words(looks.said_html(read_only), "banner"),
            self._message,
            self._screen,
            self._others,
        )
        self.refresh()

    @property
    def betting(self) -> Seat | None:
        """Whose bet is on the page now."""
        return self._seat if self.form else None

    def refresh(self) -> None:
        """Follow the record; what is being typed or asked stays where it is."""
        chairs = self._chairs()
        mine = (chair for chair in chairs if chair.seat == self._seat)
        own = next(mine, Chair(self._seat, ""))
        before, self._laid_out = self._laid_out, _as_shown(own.state)
        if before != self._laid_out:
            self._lay_out(own)
        drafts.tell_sealed(self.body, own.seat, sealed=own.state != "to_bet")
        self._show_line()
        self._others.value = toned("<br>".join(self._how_far(chairs)), "quiet")

    def _how_far(self, chairs: Sequence[Chair]) -> Iterator[str]:
        """Say how far the others are, and what comes next once all have sealed."""
        if any(chair.state == "opened" for chair in chairs):
            return
        for chair in chairs:
            if chair.seat != self._seat:
                yield say(f"seat.other_{chair.state}", name=chair.name).html
        if all(chair.state != "to_bet" for chair in chairs):
            yield say("panel.hand_over.all_sealed").html

    def _lay_out(self, own: Chair) -> None:
        self._clear()
        if own.state == "to_bet":
            self._screen.children = self._asking(own)
        elif own.state == "opened":
            told = say("panel.hand_over.opened").html
            self._screen.children = (looks.words(told, "banner"),)
        else:
            self._screen.children = self._sealed()

    def _asking(self, own: Chair) -> tuple[looks.w.Widget, ...]:
        self.form = bet_panel(
            own.name, on_save=self._seal, seat=own.seat, read_only=self._read_only
        )
        self.controls = dict(self.form.controls)
        self.buttons = dict(self.form.buttons)
        self._line_words = looks.words()
        return self._line_words, self.form.body

    def _show_line(self) -> None:
        line = self._line()
        said = say("panel.hand_over.line", line=line)
        shown = said if line else say("panel.hand_over.no_line")
        self._line_words.value = toned(shown.html, "banner") if self.form else ""

    def _sealed(self) -> tuple[looks.w.Widget, ...]:
        again = looks.button(phrase("seat.again"), self._doubt, kind="light")
        self.buttons = {"again": again}
        said = looks.words(say("seat.bet_sealed").html, "good")
        return said, looks.buttons(again)

    # -- what the person does ---------------------------------------------------------

    def _seal(self, bet: Bet) -> Html:
        """Seal a bet that can be read, and take all that was typed off the page."""
        said = self._on_seal(bet)
        self.refresh()
        self._message.value = toned(looks.said_html(said), "good")
        return ""

    def _doubt(self) -> None:
        self._clear()
        yes = looks.button(phrase("panel.hand_over.again_yes"), self._again)
        label = phrase("panel.hand_over.again_no")
        no = looks.button(label, self._anew, kind="primary")
        self.buttons = {"yes": yes, "no": no}
        sure = looks.words(say("seat.again_sure").html, "banner")
        self._screen.children = (sure, looks.buttons(no, yes))

    def _again(self) -> None:
        try:
            if self._read_only:
                raise WorkshopError(self._read_only)
            self._on_again()
        except (WorkshopError, OSError) as error:
            self._anew()
            self._message.value = toned(looks.trouble_html(error), "bad")
            return
        self.refresh()
        self._message.value = toned(say("seat.again_done").html, "good")

    def _anew(self) -> None:
        """Lay out what the record says now, whatever is on the page."""
        self._laid_out = None
        self.refresh()

    # -- nothing stays ----------------------------------------------------------------

    def _clear(self) -> None:
        """Empty and close all that is on the screen; keep nothing of a bet."""
        form, self.form = self.form, None
        if form is not None:
            form.forget()
        self._message.value = ""
        self.controls, self.buttons = {}, {}
        before, self._screen.children = self._screen.children, ()
        for part in before:
            looks.close_all(part)


def _as_shown(state: State) -> State:
    """Who is ready has sealed: the page looks the same."""
    return "sealed" if state == "ready" else state
