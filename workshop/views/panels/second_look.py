"""After the opening and the talking: the same two numbers again, for each half."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

from workshop.record.bets import Bet, SecondLook
from workshop.record.values import Number
from workshop.views.panels import looks
from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html, Panel
from workshop.views.wording import say


def second_look_panel(
    name: str,
    bet: Bet,
    said: SecondLook | None,
    *,
    on_save: Callable[[SecondLook], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask one half, by name, for two numbers; nobody has to.

    The fields start empty, whatever was bet: ``bet`` is only said above them. ``said``
    is what this half answered here before.
    """
    return Form(
        "second_look",
        [Field("tolerable_error", "share"), Field("ratio", "number", positive=True)],
        values=said.model_dump() if said else {},
        build=lambda answers: SecondLook(**answers),
        on_save=on_save,
        above=(looks.words(_first(bet), "quiet"),),
        given={"name": name},
        optional=True,
        **ways,
    )


def _first(bet: Bet) -> str:
    share = Number(id="", value=bet.tolerable_error, assumed=True)
    ratio = Number(id="", value=bet.ratio, unit="false alarms", assumed=True)
    return say("panel.second_look.first", tolerable=share, ratio=ratio).text


class SecondLooks(Panel):
    """Both halves' forms once the bets are open, and what they come to so far.

    It follows the record, and leaves what somebody is typing where it stands.
    """

    def __init__(
        self,
        *,
        is_open: Callable[[], bool],
        make: Callable[[], Sequence[Panel]],
        show: Callable[[], Html],
    ):
        super().__init__()
        self._is_open, self._make, self._show = is_open, make, show
        self.panels: tuple[Panel, ...] = ()
        self._words = looks.words()
        self.refresh()

    def refresh(self) -> None:
        """Ask once the bets are open; say how far the gap closed."""
        if not self._is_open():
            self.panels = ()
            waits = looks.toned(say("panel.second_look.waiting").html, "quiet")
            self._words.value = waits
        else:
            self.panels = self.panels or tuple(self._make())
            self._words.value = looks.as_html(self._show())
        for panel in self.panels:
            panel.body.add_class("cgp-part")
        self.body.children = (*(panel.body for panel in self.panels), self._words)
