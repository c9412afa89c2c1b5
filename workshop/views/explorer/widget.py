"""The explorer in a notebook: its position, marks and open parts live in the kernel.

A reload of the page draws it anew from these values, so nothing that was not saved
yet is lost while the kernel lives.
"""

from __future__ import annotations

import anywidget
import traitlets

from workshop.record.values import Policy, Role
from workshop.views.explorer.given import ExplorerGiven
from workshop.views.explorer.state import (
    explorer_state,
    place_of,
    policy_at,
    position_of,
    start_of,
)
from workshop.views.explorer.static import explorer_css, explorer_module, led_css


class Explorer(anywidget.AnyWidget):
    """The live curve. ``policy`` is where its lines stand.

    ``act`` and ``ask`` are places among the cuts, equal where nobody is asked;
    ``marks`` holds each half's own place, ``opened`` the parts that are open.
    """

    _esm = explorer_module()
    _css = explorer_css() + led_css()

    state = traitlets.Dict().tag(sync=True)
    act = traitlets.Int(0).tag(sync=True)
    ask = traitlets.Int(0).tag(sync=True)
    marks = traitlets.Dict(
        value_trait=traitlets.Int(),
        key_trait=traitlets.Enum(("product", "engineering")),
    ).tag(sync=True)
    opened = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, given: ExplorerGiven, **traits: object):
        self.given = given
        act, ask = start_of(given)
        super().__init__(
            state=explorer_state(given),
            act=act,
            ask=ask,
            marks=_places(given),
            **traits,
        )

    @property
    def policy(self) -> Policy:
        """The policy of the lines as they stand."""
        return policy_at(self.given, self.act, self.ask)

    @policy.setter
    def policy(self, policy: Policy) -> None:
        found = position_of(self.given, policy)
        if found is not None:
            with self.hold_sync():
                self.act, self.ask = found

    @property
    def marked(self) -> dict[Role, float]:
        """The cut that each half has marked as its own."""
        return {role: self.given.cuts[place] for role, place in self.marks.items()}

    def show(self, given: ExplorerGiven) -> None:
        """Show other numbers; lines and marks stay at the scores where they stand."""
        old, self.given = self.given, given
        last = len(old.cuts) - 1

        def moved(place: int) -> int:
            if place in (0, last):
                return place and len(given.cuts) - 1
            return place_of(given, old.cuts[place])

        with self.hold_sync():
            marks = {role: moved(place) for role, place in self.marks.items()}
            self.act, self.ask = moved(self.act), moved(self.ask)
            self.marks = marks | _places(given)
            self.state = explorer_state(given)


def _places(given: ExplorerGiven) -> dict[str, int]:
    return {role: place_of(given, cut) for role, cut in given.marks.items()}
