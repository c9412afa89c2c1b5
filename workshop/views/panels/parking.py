"""Two small panels: one line put off for later, and a line taken up as an action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Unpack

import ipywidgets as w

from workshop.record.agreed import Action
from workshop.views.panels import looks
from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.looks import Html
from workshop.views.panels.telling import TellingForm, Today, read_coming
from workshop.views.wording import phrase


def parking_panel(
    *,
    on_save: Callable[[str], Html | None],
    telling: Callable[[], Html] = str,
    **ways: Unpack[Ways],
) -> TellingForm:
    """Offer one line to park; ``telling`` lists, as HTML, what was parked so far."""
    return TellingForm(
        "parking",
        [Field("text")],
        build=lambda answers: answers["text"],
        on_save=on_save,
        telling=telling,
        optional=True,
        clear_after=True,
        **ways,
    )


class ParkedPanel(TellingForm):
    """What was parked; a line that is chosen becomes an action with name and date."""

    def __init__(
        self,
        lines: Callable[[], Sequence[str]],
        *,
        on_save: Callable[[Action], Html | None],
        today: Today,
        **given: Any,
    ):
        self._lines = lines
        super().__init__(
            "parked",
            [
                Field("line", "choice", _options(lines())),
                Field("who"),
                Field("by", "date", read=read_coming(today)),
            ],
            build=lambda a: Action(what=a["line"], who=a["who"], by=a["by"]),
            on_save=on_save,
            optional=True,
            clear_after=True,
            **given,
        )

    def refresh(self) -> None:
        """List what is parked now, and offer what is no action yet."""
        super().refresh()
        row, options = self.rows["line"], _options(self._lines())
        if options != row.asked.options:
            chosen = row.control.value
            row.asked = replace(row.asked, options=options)
            nothing = (phrase("ui.please_choose"), "")
            first = [nothing] if isinstance(row.control, w.Dropdown) else []
            row.control.options = [
                *first,
                *((title, value) for value, title in options),
            ]
            row.put(chosen)
        for child in self.body.children:
            if child in self._asking():
                looks.show_if(child, bool(options))

    def _asking(self) -> tuple[Any, ...]:
        """Whatever is of no use while there is nothing to choose from."""
        rows = tuple(self.rows[key].widget for key in ("line", "who", "by"))
        buttons = tuple(
            c for c in self.body.children if "cgp-buttons" in c._dom_classes
        )
        return rows + buttons


def parked_panel(
    lines: Callable[[], Sequence[str]],
    *,
    on_save: Callable[[Action], Html | None],
    telling: Callable[[], Html] = str,
    today: Today = date.today,
    **ways: Unpack[Ways],
) -> ParkedPanel:
    """Offer to make an action of a parked line; ``lines`` are those that are none."""
    return ParkedPanel(lines, on_save=on_save, telling=telling, today=today, **ways)


def _options(lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((line, line) for line in dict.fromkeys(lines))
