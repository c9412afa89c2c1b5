"""Are all ready? Each says so with a word, and with the last one all bets open.

On a page of one's own, in a room, one says so without a word, and for oneself alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workshop.errors import WorkshopError
from workshop.record.bets import Seat
from workshop.record.values import ROLES
from workshop.views.panels import looks
from workshop.views.panels.hand_over import Chair
from workshop.views.panels.looks import Html, Panel, toned
from workshop.views.panels.word import WordBox
from workshop.views.wording import phrase, say


class OpeningPanel(Panel):
    """A word and a button for each sealed bet; then what all of them said.

    Parameters
    ----------
    chairs
        Whose bets are opened here and how far each is, as it stands now.
    on_ready
        Takes seat and word; opens all bets when this was the last one.
    look
        Catches up with what was said in another window.
    shown
        The opened bets; None before the opening.
    own
        Whose page this is, where each has one; None where all sit at this one.
    read_only
        Why nothing can be saved here.
    """

    def __init__(
        self,
        chairs: Callable[[], Sequence[Chair]],
        *,
        on_ready: Callable[[Seat, str], Html | None],
        shown: Callable[[], Html | None],
        look: Callable[[], None] | None = None,
        own: Seat | None = None,
        read_only: str = "",
    ):
        super().__init__()
        self._chairs, self._on_ready, self._shown = chairs, on_ready, shown
        self._look, self._own, self._read_only = look, own, read_only
        self._drawn: tuple[Chair, ...] | None = None
        self._boxes: dict[Seat, WordBox] = {}
        self._made = 0
        self._message = looks.words()
        self._rows = looks.column()
        self._bets = looks.words()
        intro = say("seat.opening_intro" if own else "panel.opening.intro")
        self._intro = looks.words(intro.html, "quiet")
        self._looks = {"look": looks.button(phrase("panel.opening.look"), self._again)}
        self._look_row = looks.buttons(*self._looks.values())
        self.body.children = (
            looks.words(say("panel.opening.title").html, "title"),
            self._intro,
            self._rows,
            self._message,
            self._look_row,
            self._bets,
        )
        self.refresh()

    def refresh(self) -> None:
        """Show how far the opening is, or the bets once they are open."""
        self._message.value = ""
        shown = self._shown()
        is_open = shown is not None
        self._bets.value = toned(looks.as_html(shown))
        for part in (self._intro, self._look_row):
            looks.show_if(part, not is_open)
        chairs = tuple(self._chairs())
        if self._own and chairs == self._drawn and not is_open:
            return  # the button may be in focus
        self._drawn = chairs
        self._made += 1
        self._held, self._boxes = self._boxes, {}
        self.controls, self.buttons = {}, {} if is_open else dict(self._looks)
        before = self._rows.children
        self._rows.children = () if is_open else self._waiting(chairs)
        for seat in set(self._held) - set(self._boxes):
            self._held[seat].forget()
        for part in before:
            if part not in self._rows.children:
                looks.close_all(part)

    def _waiting(self, chairs: Sequence[Chair]) -> tuple[looks.w.Widget, ...]:
        missing = [c for c in chairs if c.state == "to_bet" and c.seat in ROLES]
        if missing:
            names = ", ".join(chair.name for chair in missing)
            key = "to_come" if len(missing) == 1 else "to_come_many"
            to_come = say(f"panel.opening.{key}", names=names).html
            return (looks.words(to_come, "banner"),)
        if self._own:
            return tuple(self._row_alone(chair) for chair in chairs)
        rows = [self._row(chair) for chair in chairs if chair.state != "to_bet"]
        return (*rows, looks.words(say("panel.opening.forgot").html, "quiet"))

    def _row(self, chair: Chair) -> looks.w.Widget:
        if chair.state == "ready":
            ready = say("panel.opening.is_ready", name=chair.name).html
            return looks.words(ready, "good")
        # somebody may be typing a word while another one's page says ready
        box = self._held.get(chair.seat) or WordBox(
            say("panel.opening.word", name=chair.name).text,
            phrase("panel.opening.ready"),
            on_word=lambda word: self._say_ready(chair.seat, word),
        )
        self._boxes[chair.seat] = box
        self.controls[chair.seat] = box.control
        self.buttons[f"ready.{chair.seat}"] = box.button
        return box.widget

    def _row_alone(self, chair: Chair) -> looks.w.Widget:
        """One's own button, or how far another one is."""
        own, ready = chair.seat == self._own, chair.state == "ready"
        if not own:
            key = "panel.opening.is_ready" if ready else "seat.other_not_ready"
            return looks.words(say(key, name=chair.name).html, "quiet")
        if ready:
            return looks.words(say("seat.you_are_ready").html, "good")
        label = phrase("panel.opening.ready")
        button = looks.button(label, self._say_so, kind="primary")
        self.buttons[f"ready.{chair.seat}"] = button
        return looks.buttons(button)

    def _say_so(self) -> None:
        self._guarded(self._ready_alone)

    def _ready_alone(self) -> Html | None:
        if self._read_only:
            raise WorkshopError(self._read_only)
        return self._on_ready(self._own, "")

    def _say_ready(self, seat: Seat, word: str) -> None:
        if self._read_only:
            raise WorkshopError(self._read_only)
        box, made = self.controls[seat], self._made
        try:
            said = self._on_ready(seat, word)
        except WorkshopError as error:
            if self._made == made:
                raise  # it is said beside the word
            box.value = ""
            self._message.value = toned(looks.said_html(str(error)), "bad")
            return
        self.refresh()
        self._message.value = toned(looks.said_html(said), "good")

    def _again(self) -> None:
        may_look = self._look is not None and not self._read_only
        self._guarded(self._look if may_look else lambda: None)

    def _guarded(self, act: Callable[[], Html | None]) -> None:
        """Do something and show what holds then; a failure becomes a sentence."""
        try:
            said = act()
            self.refresh()
            self._message.value = toned(looks.said_html(said), "good")
        except (WorkshopError, OSError) as error:
            self._message.value = toned(looks.trouble_html(error), "bad")
