"""01: the outcome, the bets opened, the four expectations and the ratio."""

from __future__ import annotations

from typing import Any

from workshop.analysis.framing import missing_parts, review_request
from workshop.analysis.stated import stated_rates
from workshop.record.bets import Bets
from workshop.record.sealed import SealedStore, open_bets
from workshop.steps.base import Step
from workshop.views.recaps import before
from workshop.views.recaps import framing as views
from workshop.views.section import Section, View


class FramingStep(Step):
    """What should improve, from what to what, by when?"""

    id = "framing"
    about = "framing"

    def request(self) -> View:
        """The request as it came, and the question that mends it."""
        framing = self.record.framing
        text = (framing.request if framing else "") or self.scenario.request
        return views.request_view(text, review_request(text))

    def outcome(self) -> Any:
        """Ask for the outcome: measure, from, to, by."""
        framing = self.record.framing
        if not self.interactive:
            return views.outcome_view(framing, self._missing())
        from workshop.views.panels.framing import outcome_panel

        return outcome_panel(
            framing,
            review=lambda text: views.mend_measure(review_request(text)),
            on_save=lambda outcome: self.save_framing(
                "framing.outcome", outcome=outcome
            ),
            **self.ways("framing.outcome"),
        )

    def open_bets(self) -> Any:
        """Open both bets together, once both are sealed."""
        if not self.interactive:
            return self._bets()
        from workshop.views.panels.framing import opening_panel

        bets = self.record.bets
        return opening_panel(
            can_open=self.bets_sealed,
            on_open=self._open,
            opened=self._bets()._repr_html_() if bets and bets.opened else None,
            read_only=self.read_only,
        )

    def expectations(self) -> Any:
        """Ask for the four expectations and the ratio."""
        framing = self.record.framing
        if not self.interactive:
            return views.expectations_view(framing)
        from workshop.views.panels.framing import expectations_panel

        return expectations_panel(
            framing,
            on_save=lambda fields: self.save_framing("framing.expectations", **fields),
            **self.ways("framing.expectations"),
        )

    def _recap(self) -> Section:
        return views.recap(self.record, self.request(), self._missing(), self._bets())

    def _missing(self) -> Any:
        framing = self.record.framing
        return missing_parts(framing.outcome if framing else None)

    def _bets(self) -> View:
        bets = self.record.bets
        if not self.has_rows:
            error = stated_rates(self.scenario.stated).error_all
            return before.bets_view(bets, error)
        return views.bets_view(bets, self.evidence.error)

    def _open(self) -> str:
        store = SealedStore(self.target.file.path)
        self._base = self.record
        opened = open_bets(self.base.bets or Bets(), store)
        self.save({"bets": opened}, "opened the bets")
        return self._bets()._repr_html_()
