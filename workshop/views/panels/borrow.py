"""A step that nobody has come to: filled from the example, or given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from workshop.errors import WorkshopError
from workshop.views.panels import looks
from workshop.views.panels.looks import Html, Panel, said_html, show_if, toned
from workshop.views.wording import phrase, say

State = Literal["open", "borrowed", "own"]


class BorrowPanel(Panel):
    """One quiet button at the end of a step, and one question before it does it.

    It is there only while something is open or borrowed.

    Parameters
    ----------
    state
        Whether the example can fill something here, fills something, or neither.
    on_borrow, on_give_back
        Do it, and say what was done.
    shows
        What is borrowed, in a sentence.
    """

    optional = True

    def __init__(
        self,
        state: Callable[[], State],
        *,
        on_borrow: Callable[[], Html | None],
        on_give_back: Callable[[], Html | None],
        shows: Callable[[], Html] = str,
    ):
        super().__init__()
        self._state, self._shows = state, shows
        self._on_borrow, self._on_give_back = on_borrow, on_give_back
        self._drawn: State | None = None
        self.message, self._stands = looks.words(), looks.words()
        self.message.add_class("cgp-message")
        make = looks.button
        self.buttons = {
            "borrow": make(phrase("borrowed.borrow"), self._ask),
            "yes": make(phrase("borrowed.yes"), self._borrow, kind="primary"),
            "no": make(phrase("borrowed.no"), self._leave),
            "give_back": make(phrase("borrowed.give_back"), self._give_back),
        }
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        """Offer what can be done now; a question that was asked stays."""
        state = self._state()
        if state != self._drawn:
            show_if(self._sure, False)
        self._drawn = state
        show_if(self._open, state == "open")
        show_if(self._borrowed, state == "borrowed")
        show_if(self.widget, state != "own")
        shown = looks.as_html(self._shows()) if state == "borrowed" else ""
        stands = toned(say("borrowed.stands").html, "banner")
        self._stands.value = stands + toned(shown, "quiet") if shown else stands

    def _lay_out(self) -> None:
        sure = looks.words(say("borrowed.sure").html)
        answers = looks.buttons(self.buttons["yes"], self.buttons["no"])
        self._sure = looks.column(sure, answers, kind="inset")
        show_if(self._sure, False)
        self._open = looks.column(
            looks.words(say("borrowed.title").html, "title"),
            looks.words(say("borrowed.intro").html, "quiet"),
            looks.buttons(self.buttons["borrow"]),
            self._sure,
        )
        back = looks.buttons(self.buttons["give_back"])
        self._borrowed = looks.column(self._stands, back)
        self.body.children = (self._open, self._borrowed, self.message)

    # -- what the buttons do ----------------------------------------------------------

    def _ask(self) -> None:
        self.message.value = ""
        show_if(self._sure, True)
        self.buttons["yes"].focus()

    def _leave(self) -> None:
        show_if(self._sure, False)
        self.buttons["borrow"].focus()

    def _borrow(self) -> None:
        if self._did(self._on_borrow):
            self.buttons["give_back"].focus()

    def _give_back(self) -> None:
        if self._did(self._on_give_back):
            self.buttons["borrow"].focus()

    def _did(self, act: Callable[[], Html | None]) -> bool:
        done = True
        try:
            told = said_html(act())
        except (WorkshopError, OSError) as error:
            done, told = False, looks.trouble_html(error)
        self.refresh()
        self.message.value = toned(told, "good" if done else "bad")
        return done
