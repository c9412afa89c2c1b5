"""05, outside the room: what may be said there and what not yet, drafted and edited.

A part of the agreement's step (`workshop.steps.agreement`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workshop.analysis.clause_rows import held_now
from workshop.analysis.outside import draft_outside
from workshop.analysis.outside_ground import Drafts, Ground
from workshop.analysis.readiness.verdict import Verdict, before_scores
from workshop.analysis.standing import accepted_codes, standing
from workshop.record.agreed import Agreement, Outside
from workshop.steps.base import MEASURED, Step, at_the_edge
from workshop.steps.given import today
from workshop.views.recaps import outside as views
from workshop.views.section import Block, Heading, Section, View
from workshop.views.wording import say


class SayingOutside(Step):
    """What may we say outside this room, and what not yet?"""

    def outside(self) -> Any:
        """Ask what is said outside; drafted first, to be reworded and moved."""
        if not self.interactive:
            return View(self.outside_blocks())
        from workshop.views.panels.outside import outside_panel

        panel = outside_panel(
            lambda: self._outside or self._drafted(),
            self._drafted,
            on_save=self._say_outside,
            telling=lambda: views.signed_by(self.record),
            read_only=self.read_only,
        )
        self.follow(panel, MEASURED, "signatures")
        return self.follow(
            panel, "agreement.outside", values=lambda: {"lists": self._outside}
        )

    def recap(self) -> Any:
        """Show this step's Section with what is said outside before it.

        A report's first screen shows that already, so that `section` leaves it out.
        """
        if not self.interactive:
            return at_the_edge(self.id, self._whole)
        return self.behind_a_button("recap", lambda: self._whole()._repr_html_())

    def _whole(self) -> Section:
        section = self.section()
        if section.status == "failed":
            return section
        before = (Heading(say("outside.title")), *self.outside_blocks())
        return replace(
            section,
            blocks=(*before, *section.blocks),
            extra={**section.extra, "outside": self.outside_json()},
        )

    def outside_blocks(self) -> tuple[Block, ...]:
        """Both lists and who signed them, as a report's first screen shows them."""
        return views.outside_blocks(
            self._outside,
            self._drafts(),
            self._telling,
            signed=views.signed_by(self.record),
        )

    def outside_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return views.outside_json(
            self._outside,
            self._drafts(),
            self._telling,
            state=views.state_of(self.record),
        )

    def _say_outside(self, outside: Outside) -> str:
        """Keep both lists, each line with the figures that it rests on now."""
        drafts = self._drafts()
        seen = {one.about: one.seen for one in (*drafts.may_say, *drafts.not_yet)}
        lists = (
            tuple(one.model_copy(update={"seen": seen.get(one.about)}) for one in lines)
            for lines in (outside.may_say, outside.not_yet)
        )
        may_say, not_yet = lists
        return self.save_agreement(outside=Outside(may_say=may_say, not_yet=not_yet))

    def _drafted(self) -> Outside:
        return views.sentences(self._drafts().first, self._telling)

    @property
    def _outside(self) -> Outside | None:
        agreement = self.record.agreement or Agreement()
        return agreement.outside

    @property
    def _telling(self) -> views.Telling:
        scenario = self.scenario
        return views.Telling(scenario.decision, scenario.cluster_name, self.names)

    def _drafts(self) -> Drafts:
        """What follows from the record; without a figure where none may be shown."""
        given = {
            "record": self.record,
            "scenario": self.scenario,
            "today": today(),
        }
        if self.interactive and not self.may_see_figures():
            return draft_outside(Ground(**given))
        if not self.has_rows:
            return draft_outside(Ground(**given, verdict=self._verdict_before()))
        found = standing(self.evidence, self.reviewed(trained=False))
        return draft_outside(
            Ground(
                **given,
                evidence=self.evidence,
                verdict=found.verdict,
                error=found.error,
                clauses=held_now(self.evidence),
            )
        )

    def _verdict_before(self) -> Verdict | None:
        if not self.has_data:
            return None
        accepted = accepted_codes(self.record)
        return before_scores(self.reviewed(trained=False), accepted=accepted)
