"""May this step be borrowed from the example, and what is said of it then?

A base of every step (`workshop.steps.base`). A pair that comes late fills a step that
it skipped with what the example pair decided there, and goes on; wherever that is shown
it is marked as borrowed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workshop.errors import InputError
from workshop.record import borrowed
from workshop.record.choices import Record
from workshop.views.recaps.compared_words import joined
from workshop.views.section import Paragraph, Section, View
from workshop.views.wording import Said, phrase, say

if TYPE_CHECKING:
    from workshop.steps.base import Step
    from workshop.views.panels.borrow import State

NUMBERS = {
    "framing": "01",
    "data_readiness": "02",
    "threshold": "03",
    "user_impact": "04",
}
"""The steps that can be borrowed, and their numbers."""


class Borrowing:
    """A step that can be filled from the example while nobody has decided it."""

    def borrow(self: Step) -> Any:
        """Offer to borrow what is open here; say so where it is borrowed."""
        if not self.interactive:
            blocks = (borrowed_block(self.record, self.id),)
            return View(tuple(block for block in blocks if block is not None))
        from workshop.views.panels.borrow import BorrowPanel

        panel = BorrowPanel(
            self._how_borrowed,
            on_borrow=self._borrow,
            on_give_back=self._give_back,
            shows=self._borrowed_html,
        )
        parts = borrowed.PARTS[NUMBERS[self.id]]
        sections = dict.fromkeys(part.partition(".")[0] for part in parts)
        return self.follow(panel, "borrowed", *sections, "agreement")

    def _borrowed_html(self: Step) -> str:
        """Say what is borrowed, as far as figures may be seen."""
        parts = borrowed.borrowed_in(self.record, NUMBERS[self.id])
        named = say("borrowed.what", parts=parts_said(parts)).html
        if not self.may_see_figures():
            return f"<p>{named}</p>"
        return f"<p>{named}</p><p>{self.headline().html}</p>"

    def _how_borrowed(self: Step) -> State:
        record, number = self.record, NUMBERS[self.id]
        if borrowed.borrowed_in(record, number):
            return "borrowed"
        if self.read_only:
            return "own"
        return "open" if borrowed.to_borrow(record, self._example, number) else "own"

    @property
    def _example(self: Step) -> Record | None:
        return self.given.example

    def _borrow(self: Step) -> Said:
        number = NUMBERS[self.id]
        self._base = record = self.record
        example = self._example
        if example is None or not borrowed.to_borrow(record, example, number):
            raise InputError(phrase("borrowed.nothing"))
        values = borrowed.borrow(record, example, number)
        decided = say("borrowed.log_borrowed", step=number).text
        self.save(values, decided, who=self.voice)
        return say("borrowed.done")

    def _give_back(self: Step) -> Said:
        number = NUMBERS[self.id]
        self._base = record = self.record
        decided = say("borrowed.log_given_back", step=number).text
        self.save(borrowed.give_back(record, number), decided, who=self.voice)
        return say("borrowed.given_back")

    def _with_borrowed(self: Step, section: Section) -> Section:
        """Say first what is not this pair's; a step that is borrowed is not decided."""
        block = borrowed_block(self.record, self.id)
        if block is None:
            return section
        parts = list(borrowed.borrowed_in(self.record, NUMBERS[self.id]))
        return replace(
            section,
            status="undecided" if section.status == "ok" else section.status,
            blocks=(block, *section.blocks),
            extra=section.extra | {"borrowed": parts},
        )


def borrowed_block(record: Record, step: str) -> Paragraph | None:
    """Say what of a step is borrowed; None where nothing is."""
    parts = borrowed.borrowed_in(record, NUMBERS.get(step, ""))
    if not parts:
        return None
    return Paragraph(say("borrowed.section", parts=parts_said(parts)), "warn")


def parts_said(parts: tuple[str, ...]) -> Said:
    """Name the parts of a step."""
    keys = [part.replace(".", "_") for part in parts]
    return joined([say(f"borrowed.part_{key}") for key in keys])


def steps_said(record: Record) -> Said | None:
    """Name the steps that are borrowed; None where none is."""
    steps = borrowed.steps_borrowed(record)
    if not steps:
        return None
    ids = {number: step for step, number in NUMBERS.items()}
    named = [
        say("borrowed.first_one", step=one, name=say(f"section.{ids[one]}"))
        for one in steps
    ]
    return say("borrowed.first", steps=joined(named))
