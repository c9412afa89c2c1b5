"""The whole record on one page: what the report runs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workshop.data.catalog import Target
from workshop.record.values import Gap
from workshop.steps.agreement import AgreementStep
from workshop.steps.base import Step
from workshop.steps.data_readiness import DataReadiness
from workshop.steps.first_screen import FirstScreen
from workshop.steps.framing import FramingStep
from workshop.steps.given import Given
from workshop.steps.start import Start
from workshop.steps.threshold import Threshold
from workshop.steps.translating import gather
from workshop.steps.user_impact import UserImpact
from workshop.views.recaps import overview as views
from workshop.views.recaps.retrospective_held import since_section
from workshop.views.recaps.translator import glossary_blocks
from workshop.views.section import Section

AGENDA: dict[str, type[Step]] = {
    "start": Start,
    "framing": FramingStep,
    "data_readiness": DataReadiness,
    "threshold": Threshold,
    "user_impact": UserImpact,
    "agreement": AgreementStep,
}


class Whole(Step):
    """Every step's Section over the same rows, and what they come to."""

    id = "overview"

    def __init__(
        self, target: Target, *, interactive: bool, given: Given | None = None
    ) -> None:
        super().__init__(target, interactive=False, given=given)
        self.given.foresee_training()

    def part(self, name: str) -> Section:
        """Return the Section of one step of the agenda."""
        found: Section = self._steps[name].section()
        return found

    @cached_property
    def _steps(self) -> dict[str, Any]:
        return {
            name: step(self.target, interactive=False, given=self.given)
            for name, step in AGENDA.items()
        }

    def _recap(self) -> Section:
        screen = FirstScreen(self, self._steps)
        return screen.section(
            told_elsewhere=self._has_failed,
            participants=views.participants_said(self.record.participants).text,
            scenario=self.scenario.id,
        )

    def _has_failed(self, name: str) -> bool:
        """Whether a step's own section says already that something broke in it."""
        return self.part(name).status == "failed"

    def glossary(self) -> Section:
        """Return every measure in words for both sides."""
        if not self.has_rows:
            return views.glossary(glossary_blocks(None))
        own = self._steps["user_impact"].weighing
        told = gather(own.options.evidence, own.options, own.line, own.lines, places=())
        return views.glossary(glossary_blocks(told))

    def since(self) -> Section | None:
        """Return what the retrospectives found; None where there was none."""
        return since_section(self.record, self.scenario.decision.unit)

    def sections(self) -> tuple[Section, ...]:
        """Return the Sections of all steps."""
        return tuple(self.part(name) for name in AGENDA)

    def gaps(self) -> tuple[Gap, ...]:
        """Everything that is still open."""
        gaps: tuple[Gap, ...] = self._steps["agreement"].gaps
        return gaps
