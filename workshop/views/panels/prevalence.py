"""Panel of the engineer's drawer: the same line where positives are rarer or commoner.

The handle runs over shares that lie closer together where they are small, with the
measured one among them, on which it starts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import ipywidgets as w

from workshop.errors import WorkshopError
from workshop.record.values import Number
from workshop.views.panels import looks
from workshop.views.panels.looks import Html, Panel
from workshop.views.panels.shared import make
from workshop.views.wording import phrase, say

OF_100 = (
    *(0.1, 0.2, 0.3, 0.5, 0.7),
    *(1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20),
    *(25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99),
)


class PrevalencePanel(Panel):
    """A handle over shares of positives, and what the line comes to at each.

    Parameters
    ----------
    measured
        The share of positives on the rows, between 0 and 1: where the handle starts.
    estimate
        Says what the line comes to at a share, as HTML; called at each move.
    """

    def __init__(self, measured: float, *, estimate: Callable[[float], Html]):
        super().__init__()
        shares = {each / 100 for each in OF_100}
        self._shares = tuple(sorted(shares | {measured}))
        self._own = bisect_left(self._shares, measured)
        self._estimate = estimate
        self._stated, self._shown = looks.words(), looks.words()
        self.handle = self._hand()
        self.controls["handle"] = self.handle
        self.buttons["back"] = looks.button(phrase("panel.prevalence.back"), self._back)
        self.body.children = (
            looks.words(say("panel.prevalence.title").html, "title"),
            looks.words(say("panel.prevalence.intro").html, "quiet"),
            looks.column(self.handle, self._stated, kind="field"),
            looks.column(self._shown, kind="inset"),
            looks.buttons(self.buttons["back"]),
        )
        self._show()

    @property
    def prevalence(self) -> float:
        """The share of positives that the handle stands on."""
        return self._shares[self.handle.value]

    def refresh(self) -> None:
        """Say it anew: the line may have moved."""
        self._show()

    def _hand(self) -> w.IntSlider:
        hand = make(
            w.IntSlider,
            value=self._own,
            min=0,
            max=len(self._shares) - 1,
            readout=False,
            continuous_update=True,
            description=phrase("panel.prevalence.slider"),
            wide=True,
        )
        hand.observe(self._moved, "value")
        return hand

    def _moved(self, _: Any) -> None:
        self._show()

    def _back(self) -> None:
        self.handle.value = self._own

    def _show(self) -> None:
        own = self.handle.value == self._own
        self.buttons["back"].disabled = own
        stated = Number(id="prevalence.handle", value=self.prevalence, assumed=not own)
        key = "now_measured" if own else "now"
        self._stated.value = looks.toned(
            say(f"panel.prevalence.{key}", stated=stated).html
        )
        try:
            html = looks.as_html(self._estimate(self.prevalence))
        except WorkshopError as error:
            html = looks.said_html(str(error))
        self._shown.value = looks.toned(html)
