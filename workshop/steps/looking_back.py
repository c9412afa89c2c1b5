"""The look back in 05: the early questions, and what became of them.

A part of the agreement's step (`workshop.steps.agreement`).
"""

from __future__ import annotations

from workshop.analysis.expectations import conflicts
from workshop.steps.base import Step
from workshop.views.recaps.framing_back import look_back
from workshop.views.section import View

PROMISES = frozenset({"promised_none", "promised_early"})


class LookingBack(Step):
    """A step that looks back at what was said before anything was built."""

    def looking_back(self) -> View:
        """Each early question, its answer, and what became of it."""
        record = self.record
        codes = {one.code for one in conflicts(record, self.scenario)}
        return look_back(record, clashes=bool(codes & PROMISES))
