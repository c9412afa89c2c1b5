"""Parts of a page that follow the record, and parts that wait to be asked for.

Notebooks are run from top to bottom before anybody has said a word. So whatever shows
a figure waits for a click, and whatever depends on who is here is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from workshop.errors import WorkshopError
from workshop.views.panels import looks
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html, Panel
from workshop.views.wording import Said, phrase, say


class LivePanel(Panel):
    """Panels that are made again when the people at the table change.

    What somebody was typing into a form is typed into the one that takes its place.
    With ``same``, panels are made again only when what it returns has changed; until
    then they are refreshed where they stand.
    """

    def __init__(
        self,
        make: Callable[[], Sequence[Panel]],
        *,
        same: Callable[[], Any] | None = None,
    ):
        super().__init__()
        self._make, self._same = make, same
        self._made_for: Any = None
        self.panels: tuple[Panel, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Make the panels anew from the record as it stands now, or refresh them."""
        now = self._same() if self._same is not None else None
        if self.panels and self._same is not None and now == self._made_for:
            for panel in self.panels:
                if hasattr(panel, "refresh"):
                    panel.refresh()
            return
        self._made_for = now
        before, self.panels = self.panels, tuple(self._make())
        _carry_over(before, self.panels)
        self.required = sum(panel.required for panel in self.panels)
        for panel in self.panels:
            panel.body.add_class("cgp-part")
        self.body.children = tuple(panel.body for panel in self.panels)


def _carry_over(before: Sequence[Panel], after: Sequence[Panel]) -> None:
    """Type what was being typed into the forms that take the place of others."""
    typed = {panel.asks: panel for panel in before if isinstance(panel, Form)}
    for panel in after:
        if isinstance(panel, Form) and panel.asks in typed:
            panel.carry_over(typed[panel.asks])


class LiveWords(Panel):
    """A view that follows the record."""

    def __init__(self, make: Callable[[], Html]):
        super().__init__()
        self._make = make
        self._shown = looks.words()
        self.body.children = (self._shown,)
        self.refresh()

    def refresh(self) -> None:
        """Show the view as it is now."""
        self._shown.value = looks.as_html(self._make())


class InShort(LiveWords):
    """One sentence at the head of a page; plain text where no widget can be drawn.

    What a notebook stores of it is the sentence, so that a run can be held against it.
    """

    def __init__(self, say_it: Callable[[], Said]):
        self._say_it = say_it
        super().__init__(self._said)
        self.widget.add_class("cgp-line")

    def _said(self) -> Html:
        try:
            said = self._say_it()
        except WorkshopError as error:
            self.text = str(error)
            return looks.toned(looks.said_html(self.text), "bad")
        self.text = said.text
        return f"<p>{said.html}</p>"

    def _repr_mimebundle_(self, include=None, exclude=None) -> Any:
        bundle = super()._repr_mimebundle_(include=include, exclude=exclude)
        return bundle | {"text/plain": self.text}


NOT_SEALED = partial(say, "panel.reveal.not_sealed")


class RevealPanel(Panel):
    """A figure behind a button; says once what it would give away before it is time.

    With ``at_once`` it shows itself as soon as they are. ``beneath`` makes a panel that
    stands under the figure from then on.
    """

    def __init__(
        self,
        name: str,
        *,
        ready: Callable[[], bool],
        show: Callable[[], Html],
        at_once: bool = False,
        beneath: Callable[[], Panel] | None = None,
        warning: Callable[[], Said] = NOT_SEALED,
    ):
        super().__init__()
        self._make_beneath, self._warning = beneath, warning
        self.beneath: Any = None
        self._name, self._ready, self._show = name, ready, show
        self._warned = self._open = False
        self._at_once = at_once
        self._message, self._shown = looks.words(), looks.words()
        self.buttons["show"] = looks.button(
            phrase(f"panel.reveal.{name}"), self.press, kind="primary"
        )
        self.body.children = (
            looks.buttons(self.buttons["show"]),
            self._message,
            self._shown,
        )
        self.refresh()

    def press(self) -> None:
        """Show it, or say first what would be given away."""
        if not self._ready() and not self._warned:
            self._warned = True
            self._message.value = looks.toned(self._warning().html, "banner")
            return
        self._message.value = ""
        self._open = True
        self.buttons["show"].description = phrase("panel.reveal.again")
        self.buttons["show"].remove_class("cgp-primary").add_class("cgp-light")
        self.refresh()

    def refresh(self) -> None:
        """Show it as it is now, once it has been asked for."""
        if self._at_once and not self._open and self._ready():
            self.press()
        elif self._open:
            self._fill()

    def _fill(self) -> None:
        try:
            self._shown.value = looks.as_html(self._show())
        except WorkshopError as error:
            self._shown.value = looks.toned(looks.said_html(str(error)), "bad")
            return
        if self.beneath is not None:
            self.beneath.refresh()
        elif self._make_beneath is not None:
            self.beneath = self._make_beneath()
            self.body.children = (*self.body.children, self.beneath.body)
