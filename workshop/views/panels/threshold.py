"""Panel of 03: where the line is drawn, by hand, on the rows kept for choosing.

The handle runs over the cuts that the scores allow and starts at the lowest, where
every case is acted on. "Lock it" saves, and only then shows the rows kept aside.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, Unpack

import ipywidgets as w

from workshop.errors import WorkshopError
from workshop.record.values import Policy
from workshop.views.panels import looks
from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.form import FieldError, Form
from workshop.views.panels.looks import Html, Panel, toned
from workshop.views.panels.reading import UnreadError, read_number
from workshop.views.wording import Said, phrase, say

ONE_DRAG = 0.6
"""Seconds: changes of the handle that follow each other faster are one move."""


class ThresholdPanel(Panel):
    """The handle, what it means while it moves, and the lock."""

    def __init__(
        self,
        cuts: Sequence[float],
        start: float | None,
        *,
        estimate: Callable[[float], Html],
        on_save: Callable[[Policy, str], Html | None],
        least_cost: Callable[[], float | None] | None = None,
        because: str = "",
        review_at: float | None = None,
        unit: str = "",
        act: str = "",
        note: Html = "",
        locked: Html = "",
        clock: Callable[[], float] = time.monotonic,
        **ways: Unpack[Ways],
    ):
        super().__init__()
        assert cuts, "there is no cut to choose from"
        self._cuts = tuple(cuts)
        self._estimate, self._on_save = estimate, on_save
        self._least_cost, self._clock = least_cost, clock
        self._moves: list[int] = []
        self._last_move = float("-inf")
        self._quiet = False
        self._unit = unit or phrase("panel.threshold.unit")
        self._locked = looks.words(looks.as_html(locked))
        self._note = looks.words(looks.as_html(note), "quiet")
        self._was_locked = bool(looks.as_html(locked))
        above = self._hand(act or phrase("panel.threshold.act"), start)
        self._lay_out(above, because, review_at, ways)
        self._show()

    @property
    def act_at(self) -> float:
        """The cut that the handle stands on."""
        return self._cuts[self.handle.value]

    def save(self) -> bool:
        """Do what "Lock it" does; say whether it was locked."""
        return self.form.save()

    # -- layout ---------------------------------------------------------------------

    def _hand(self, act: str, start: float | None) -> tuple[w.Widget, ...]:
        full = w.Layout(width="100%")
        self.handle = w.IntSlider(
            value=0 if start is None else self._nearest(start),
            min=0,
            max=len(self._cuts) - 1,
            readout=False,
            continuous_update=True,
            description=say("panel.threshold.handle", act=act).text,
            layout=full,
        )
        self.typed = w.Text(
            description=phrase("panel.threshold.typed"),
            continuous_update=False,
            layout=full,
        )
        self.readout, self._snap = looks.words(), looks.words()
        everyone = say("panel.threshold.everyone", unit=self._unit).text
        self.buttons |= {
            "everyone": looks.button(everyone, lambda: self._jump(0)),
            "least_cost": looks.button(
                phrase("panel.threshold.least_cost"), self._cheapest
            ),
            "undo": looks.button(phrase("panel.threshold.undo"), self._undo),
        }
        self.buttons["least_cost"].disabled = start is None
        self.buttons["undo"].disabled = True
        self.handle.observe(self._moved, "value")
        self.typed.observe(self._typed, "value")
        jumps = [self.buttons[name] for name in ("everyone", "least_cost", "undo")]
        ends = looks.words(say("panel.threshold.ends", unit=self._unit).html, "quiet")
        return (
            looks.column(self.handle, ends, kind="field"),
            looks.column(self.readout, kind="inset"),
            looks.column(self.typed, self._snap, kind="field"),
            looks.buttons(*jumps),
            self._note,
        )

    def _lay_out(
        self,
        above: tuple[w.Widget, ...],
        because: str,
        review_at: float | None,
        ways: Ways,
    ) -> None:
        self.form = Form(
            "threshold",
            [Field("because", "prose")],
            [Field("review_at", "number")],
            values={"because": because, "review_at": review_at},
            build=self._policy,
            on_save=self._lock,
            above=above,
            given={"unit": self._unit},
            **ways,
        )
        self.required = self.form.required + 1
        self.controls = {
            "handle": self.handle,
            "typed": self.typed,
            **self.form.controls,
        }
        self.buttons |= self.form.buttons
        self.body.children = (self.form.body, self._locked)

    # -- moving the handle ----------------------------------------------------------

    def _moved(self, change: Any) -> None:
        now = self._clock()
        same_drag = now - self._last_move < ONE_DRAG
        self._last_move = now
        if not self._quiet and not (same_drag and self._moves):
            self._moves.append(change["old"])
        self.buttons["undo"].disabled = not self._moves
        self.buttons["least_cost"].disabled = False
        self._snap.value = ""
        self._show()
        if self._was_locked:
            self.form.tell(say("panel.threshold.moved_since"), "quiet")

    def _jump(self, index: int) -> None:
        """Move by a button: always a move of its own, even during a drag."""
        self._last_move = float("-inf")
        self.handle.value = index
        self._last_move = float("-inf")

    def _undo(self) -> None:
        if self._moves:
            self._quiet = True
            self._jump(self._moves.pop())
            self._quiet = False
            self.buttons["undo"].disabled = not self._moves

    def _cheapest(self) -> None:
        if self.buttons["least_cost"].disabled:
            return
        cut = self._least_cost() if self._least_cost else None
        if cut is None:
            self._say_snap(say("panel.threshold.no_least_cost"), "bad")
        else:
            self._jump(self._nearest(cut))

    def _typed(self, change: Any) -> None:
        text = change["new"]
        if text == self._written():
            return
        try:
            wanted = float(read_number(text).value)
        except UnreadError as error:
            self._say_snap(error.said, "bad")
            return
        self._jump(self._nearest(wanted))
        self.typed.value = self._written()
        if wanted != float(self._written()):
            self._say_snap(say("panel.threshold.snapped", typed=text), "good")

    def _say_snap(self, said: Said, tone: looks.Tone) -> None:
        self._snap.value = toned(said.html, tone)

    def _show(self) -> None:
        self.typed.value = self._written()
        try:
            html = looks.as_html(self._estimate(self.act_at))
        except WorkshopError as error:
            html = looks.said_html(str(error))
        self.readout.value = toned(html)

    def _written(self) -> str:
        return f"{self.act_at:.6g}"

    def _nearest(self, wanted: float) -> int:
        after = bisect_left(self._cuts, wanted)
        around = [i for i in (after - 1, after) if 0 <= i < len(self._cuts)]
        return min(around, key=lambda i: abs(self._cuts[i] - wanted))

    # -- locking --------------------------------------------------------------------

    def _policy(self, answers: dict[str, Any]) -> tuple[Policy, str]:
        review_at = answers["review_at"]
        if review_at is None:
            policy = Policy(kind="single", act_at=self.act_at)
        elif review_at > self.act_at:
            raise FieldError(review_at=say("panel.threshold.band_above"))
        else:
            policy = Policy(kind="review_band", act_at=self.act_at, review_at=review_at)
        return policy, answers["because"]

    def _lock(self, choice: tuple[Policy, str]) -> Said:
        self._locked.value = toned(looks.as_html(self._on_save(*choice)))
        self._was_locked = True
        return say("panel.threshold.locked", cut=self._written())


class _NoCuts(Panel):
    """What stands there when the scores allow no line at all."""

    def __init__(self) -> None:
        super().__init__()
        self.body.children = (
            looks.words(say("panel.threshold.title").html, "title"),
            looks.words(say("panel.threshold.no_cuts").html),
        )


def threshold_panel(
    cuts: Sequence[float],
    start: float | None,
    *,
    estimate: Callable[[float], Html],
    on_save: Callable[[Policy, str], Html | None],
    least_cost: Callable[[], float | None] | None = None,
    because: str = "",
    review_at: float | None = None,
    unit: str = "",
    act: str = "",
    note: Html = "",
    locked: Html = "",
    clock: Callable[[], float] = time.monotonic,
    **ways: Unpack[Ways],
) -> ThresholdPanel | _NoCuts:
    """Ask where the line is drawn.

    Parameters
    ----------
    cuts
        Every score at which a line can stand, ascending.
    start
        The saved cut; None starts at the lowest, acting on everyone.
    estimate
        Says what a cut means, as HTML; called while the handle moves.
    on_save
        Keeps policy and reason, and returns what the rows kept aside say, as HTML.
    least_cost
        Returns the cheapest cut under the pair's ratio, or None where none is known.
        Its button wakes after the pair has moved the handle itself.
    because, review_at, locked
        What was saved before: the reason, the lower end of a review band, and the
        HTML that locking had shown.
    unit, act, note
        The scenario's words for one case and for acting on it, and HTML that reminds
        of the fallback.
    clock
        Seconds, to tell one drag of the handle from the next.
    """
    if not cuts:
        return _NoCuts()
    return ThresholdPanel(
        cuts,
        start,
        estimate=estimate,
        on_save=on_save,
        least_cost=least_cost,
        because=because,
        review_at=review_at,
        unit=unit,
        act=act,
        note=note,
        locked=locked,
        clock=clock,
        **ways,
    )
