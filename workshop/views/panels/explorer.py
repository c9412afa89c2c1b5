"""Panel of 03: the explorer, once figures may be seen.

It waits as every figure waits until both bets are sealed. Then the browser does the
work: what comes back is where the line stands and what either half has marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workshop.errors import WorkshopError
from workshop.record.values import Policy, Role
from workshop.views.explorer.given import ExplorerGiven
from workshop.views.explorer.widget import Explorer
from workshop.views.panels import looks
from workshop.views.panels.live import RevealPanel

Marks = Mapping[Role, float]


class ExplorerPanel(RevealPanel):
    """The explorer behind its button; follows the record and keeps every mark.

    Parameters
    ----------
    make
        Computes what is shown, from the record as it stands now.
    ready
        Whether figures give nothing away any more.
    on_mark
        Keeps the marks of both halves, role → score.
    more
        As a `RevealPanel` takes it.
    """

    def __init__(
        self,
        make: Callable[[], ExplorerGiven],
        *,
        ready: Callable[[], bool],
        on_mark: Callable[[Marks], object],
        **more: Any,
    ):
        self._make, self._on_mark = make, on_mark
        self._listeners: list[Callable[[], None]] = []
        self.explorer: Explorer | None = None
        super().__init__("curve", ready=ready, show=lambda: "", at_once=True, **more)

    @property
    def policy(self) -> Policy | None:
        """Where the line stands on the page; None while nothing is shown."""
        return None if self.explorer is None else self.explorer.policy

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever the line moves."""
        self._listeners.append(listener)

    def _fill(self) -> None:
        given = self._make()
        if self.explorer is not None:
            self.explorer.show(given)
            return
        self.explorer = Explorer(given)
        self.explorer.observe(self._moved, ["act", "ask"])
        self.explorer.observe(self._marked, "marks")
        self.body.children = (self._message, self.explorer)
        self.widget.add_class("cgp-wide")
        self._moved()

    def _moved(self, _: Any = None) -> None:
        for listener in self._listeners:
            listener()

    def _marked(self, _: Any = None) -> None:
        assert self.explorer is not None
        try:
            self._on_mark(self.explorer.marked)
            self._message.value = ""
        except (WorkshopError, OSError) as error:
            self._message.value = looks.toned(looks.trouble_html(error), "bad")
