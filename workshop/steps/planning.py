"""05, what comes after: meetings, what could go wrong, what is held, what is done next.

A part of the agreement's step (`workshop.steps.agreement`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from workshop.analysis.pitfalls import PitfallFound, find_pitfalls
from workshop.analysis.register import Held, list_held
from workshop.analysis.rituals import propose_rituals
from workshop.analysis.standing import error_kept_aside
from workshop.errors import WorkshopError
from workshop.record.agreed import Action, Agreement, Pitfall, Ritual
from workshop.record.atomic import write_text
from workshop.record.values import Number
from workshop.steps.base import ANYTHING, MEASURED, Step
from workshop.steps.given import today
from workshop.views.calendar import calendar_text
from workshop.views.recaps import agreement_held as held_views
from workshop.views.recaps import agreement_next as next_views
from workshop.views.recaps.agreement_rights import calendar_blocks, retrospective_said
from workshop.views.section import Paragraph, View
from workshop.views.wording import say


class Planning(Step):
    """What has to happen so that an agreement runs?"""

    @property
    def _agreement(self) -> Agreement:
        return self.record.agreement or Agreement()

    # when we meet --------------------------------------------------------------------

    def calendar(self) -> Any:
        """Ask when the data and the measures are looked at again; proposed first."""
        if not self.interactive:
            return View(calendar_blocks(self._agreement, today()))
        from workshop.views.panels.rituals import ritual_values, rituals_panel

        proposed = self._proposed_rituals()
        panel = rituals_panel(
            self._agreement.rituals,
            proposed=proposed,
            telling=lambda: f"<p>{retrospective_said(self._agreement).html}</p>",
            on_save=self._plan,
            today=today,
            **self.ways("agreement.rituals"),
        )
        self.follow(
            panel,
            "agreement.rituals",
            values=lambda: ritual_values(self._agreement.rituals, proposed),
        )
        return self.follow(panel, "agreement")

    def _proposed_rituals(self) -> tuple[Ritual, ...]:
        fresh = self.scenario.fresh_days
        return propose_rituals(today(), newest=self._newest(), fresh_days=fresh)

    def _newest(self) -> date | None:
        """The day of the newest row; None where rows have no time."""
        if not self.has_data:
            return None
        option = self.evidence.option if self.has_rows else None
        time = self.given.profile(option).time
        return time.high.date() if time is not None and time.high is not None else None

    def _plan(self, rituals: tuple[Ritual, ...]) -> str:
        """Keep the meetings, and write them beside a record that lies here."""
        told = self.save_agreement("agreement.rituals", rituals=rituals)
        if not self.lies_here:
            return told
        if trouble := self._write_calendar():
            return f"{told} {trouble}"
        said = say("calendar.saved_beside", file=self.calendar_file.name)
        return f"{told} {said.text}"

    @property
    def calendar_file(self) -> Path:
        """Where the meetings are written: beside the record, under its name."""
        return self.target.file.path.with_suffix(".ics")

    def _write_calendar(self) -> str:
        """Write it; where that fails, say so: the record is saved all the same."""
        text = calendar_text(
            self.record, self.scenario, datetime.now(UTC), name=self.target.name
        )
        try:
            write_text(self.calendar_file, text)
        except WorkshopError as error:
            return say("calendar.not_written", why=str(error).rstrip(".")).text
        return ""

    def save(self, values: dict[str, Any], decided: str, **more: Any) -> str:
        """Save; a calendar file that was written once follows the record."""
        told = super().save(values, decided, **more)
        if not (self.lies_here and self.calendar_file.is_file()):
            return told
        trouble = self._write_calendar()
        return f"{told} {trouble}" if trouble else told

    # what could go wrong -------------------------------------------------------------

    def premortem(self) -> Any:
        """Show what usually goes wrong, with this record's evidence; offer a line."""
        if not self.interactive:
            lines = self._agreement.premortem
            return View(held_views.premortem_blocks(self.pitfalls, lines))
        from workshop.views.panels.premortem import premortem_panel

        panel = premortem_panel(
            self._evidence_told,
            self._agreement.premortem,
            on_save=self._foresee,
            today=today,
            read_only=self.read_only,
        )
        self.follow(
            panel, "agreement.premortem", values=lambda: self._agreement.premortem
        )
        return self.follow(panel, MEASURED)

    @property
    def pitfalls(self) -> tuple[PitfallFound, ...]:
        """What the record says of each pitfall, as it stands now."""
        report = self.reviewed(trained=False) if self.has_data else None
        return find_pitfalls(
            self.record,
            error=self._error_to_show(),
            acceptable=self.acceptable,
            blockers=report.codes("blocker") if report else (),
            deff=self.evidence.deff if self.has_rows else 1.0,
        )

    def _error_to_show(self) -> Number | None:
        """The error kept aside, where it gives nothing away."""
        if not self.has_rows or (self.interactive and not self.may_see_figures()):
            return None
        return error_kept_aside(self.evidence)

    def _evidence_told(self) -> dict[Pitfall, str]:
        lines = self._agreement.premortem
        return {
            found.name: held_views.evidence_html(found, lines.get(found.name, ""))
            for found in self.pitfalls
        }

    def _foresee(
        self, premortem: dict[Pitfall, str], actions: tuple[Action, ...]
    ) -> str:
        if not actions:
            self.save_agreement(premortem=premortem, who=self.voice)
            return say("panel.premortem.kept").text
        self._add_actions(actions, premortem=premortem, who=self.voice)
        return say("panel.premortem.kept_actions").text

    # what is held --------------------------------------------------------------------

    def register(self) -> Any:
        """Risks and assumptions, each with whose it is and until when it holds."""
        if not self.interactive:
            return self._register()
        from workshop.views.panels.live import LiveWords

        panel = LiveWords(lambda: self._register()._repr_html_())
        return self.follow(panel, MEASURED)

    def _register(self) -> View:
        currency = self.scenario.payoff.unit
        return View(held_views.register_blocks(self.held, currency=currency))

    @property
    def held(self) -> tuple[Held, ...]:
        """Everything that the agreement rests on without being measured."""
        return list_held(self.record, self.scenario, today())

    # what was parked, and what is done next ------------------------------------------

    def parked(self) -> Any:
        """List what was parked at any step; a line can become an action."""
        if not self.interactive:
            blocks = next_views.parking_blocks(self.record)
            return View(blocks or (Paragraph(say("agreement.parked_none")),))
        from workshop.views.panels.parking import parked_panel

        panel = parked_panel(
            self._parked_lines,
            telling=self._parked_told,
            on_save=lambda action: self._add_actions((action,)),
            today=today,
            read_only=self.read_only,
        )
        return self.follow(panel, ANYTHING)

    def _parked_told(self) -> str:
        told = next_views.parking_html(self.record.parking, self._agreement.actions)
        return told or f"<p>{say('agreement.parked_none').html}</p>"

    def _parked_lines(self) -> tuple[str, ...]:
        taken = {action.what for action in self._agreement.actions}
        return tuple(p.text for p in self.record.parking if p.text not in taken)

    def actions(self) -> Any:
        """Ask for three next actions."""
        if not self.interactive:
            return View(next_views.actions_blocks(self._agreement.actions, today()))
        from workshop.views.panels.agreement import actions_panel

        def keep(actions: tuple[Action, ...]) -> str:
            """Save these, and all that the panel has no room for."""
            now = self._agreement.actions
            added = tuple(a for a in now if a not in panel.before)
            return self.save_agreement(actions=(*actions, *added))

        panel = actions_panel(
            self._agreement.actions,
            on_save=keep,
            telling=lambda: next_views.actions_html(self._agreement.actions, today()),
            today=today,
            **self.ways("agreement.actions"),
        )
        self.follow(
            panel,
            "agreement.actions",
            values=lambda: {"actions": self._agreement.actions},
        )
        return self.follow(panel, ANYTHING)

    def _add_actions(self, actions: tuple[Action, ...], **fields: Any) -> str:
        """Put actions behind those that stand in the file by now, whosever they are."""
        now = self._agreement.actions
        if now:
            base = self.base.agreement or Agreement()
            base = base.model_copy(update={"actions": now})
            self._base = self.base.model_copy(update={"agreement": base})
        return self.save_agreement(actions=(*now, *actions), **fields)
