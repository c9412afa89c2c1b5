"""One line, put off for later: at any step, from any notebook, by anybody.

A base of every step (`workshop.steps.base`), so that nothing has to be imported to park
a thought. Lines are only ever added: what two people park at once, both keep; what one
parks twice, as after a lost connection, stands there once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workshop.record.agreed import Parked
from workshop.steps.given import now_text
from workshop.views.recaps.agreement_next import parking_html, parking_items
from workshop.views.section import View
from workshop.views.wording import phrase

if TYPE_CHECKING:
    from workshop.steps.base import Step


class Parking:
    """The parking lot, as every step offers it."""

    def parking(self: Step) -> Any:
        """Offer one line to park, and list what was parked so far."""
        if not self.interactive:
            here = tuple(p for p in self.record.parking if p.step == self.id)
            return View((parking_items(here),) if here else ())
        from workshop.views.panels.parking import parking_panel

        panel = parking_panel(
            on_save=self._park,
            telling=lambda: parking_html(self.record.parking, self._actions_so_far()),
            read_only=self.read_only,
        )
        return self.follow(panel, "parking")

    def _actions_so_far(self: Step) -> Any:
        agreement = self.record.agreement
        return agreement.actions if agreement else ()

    def _park(self: Step, text: str) -> str:
        line = Parked(text=text, step=self.id, who=self.voice, at=now_text())
        if any(
            one.model_copy(update={"at": line.at}) == line
            for one in self.record.parking
        ):
            return phrase("panel.parking.there")
        parked = (*self.base.parking, line)
        return self.save({"parking": parked}, f"parked: {text}", who=self.voice)
