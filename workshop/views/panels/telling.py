"""A form under words that follow the record, and dates that still have to come.

What is typed stays when the words are made anew: only they change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from workshop.record.dates import is_past
from workshop.views.panels import looks
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import Read, Reader, UnreadError, read_date
from workshop.views.wording import say

Today = Callable[[], date]


class TellingForm(Form):
    """A form with a few words above that can be made anew."""

    def __init__(self, *given: Any, telling: Callable[[], Html], **rest: Any):
        self._telling, self._told = telling, looks.words()
        above = (*rest.pop("above", ()), self._told)
        super().__init__(*given, above=above, **rest)
        self.refresh()

    def refresh(self) -> None:
        """Say above the questions what holds now."""
        self._told.value = looks.as_html(self._telling())


def read_coming(today: Today, *, kept: str | None = None) -> Reader:
    """Return a reader of dates that refuses one in the past.

    A date that was ``kept`` before is read again whatever it is: it is a gap that says
    so elsewhere, and no reason to refuse what else was typed.
    """

    def read(text: str) -> Read:
        found = read_date(text)
        if found.value != kept and is_past(found.value, today()):
            raise UnreadError(say("ui.date_passed"))
        return found

    return read
