"""What the findings leave behind, ticked by the pair where it agrees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape

import ipywidgets as w

from workshop.errors import WorkshopError
from workshop.views.panels import looks
from workshop.views.panels.drafts import Draft
from workshop.views.panels.looks import Html, Panel, said_html, toned
from workshop.views.panels.shared import make
from workshop.views.wording import phrase, say

Line = tuple[str, str]
"""A proposal's key and its sentence."""


class RegisterPanel(Panel):
    """Proposals as boxes to tick, by kind; what is ticked joins the record.

    Nothing is ticked beforehand, and nothing has to be: a finding may be accepted as a
    risk, mended, or left open.
    """

    optional = True

    def __init__(
        self,
        lines: Mapping[str, Sequence[Line]],
        *,
        on_save: Callable[[tuple[str, ...]], Html | None],
        read_only: str = "",
    ):
        super().__init__()
        self._on_save, self._read_only = on_save, read_only
        self._drafts: dict[str, Draft] = {}
        self.message = looks.words()
        self.message.add_class("cgp-message")
        parts: list[w.Widget] = [looks.words(say("panel.register.title").html, "title")]
        if not any(lines.values()):
            parts.append(looks.words(say("panel.register.none").html))
            self.body.children = tuple(parts)
            return
        parts.append(looks.words(say("panel.register.intro").html, "quiet"))
        for kind, proposed in lines.items():
            parts += self._part(kind, proposed)
        self.buttons["save"] = looks.button(
            phrase("panel.register.save"), self.save, kind="primary"
        )
        self.buttons["save"].disabled = bool(read_only)
        self.body.children = (*parts, looks.buttons(self.buttons["save"]), self.message)
        self._tell(read_only and escape(read_only))

    def save(self) -> bool:
        """Hand over the keys of what is ticked; say whether anything was saved."""
        ticked = tuple(
            key for key, box in self.controls.items() if box.value and not box.disabled
        )
        if not ticked:
            self._tell(say("panel.register.nothing").html, bad=True)
            return False
        try:
            self._tell(said_html(self._on_save(ticked)))
        except (WorkshopError, OSError) as error:
            self._tell(looks.trouble_html(error), bad=True)
            return False
        for key in ticked:
            self.controls[key].disabled = True
            self._drafts[key].keep()
        return True

    def follow(self, still_open: Collection[str], _who: str) -> None:
        """Close what somebody else took over; what is ticked here stays ticked."""
        for key, box in self.controls.items():
            taken = key not in still_open
            box.disabled = taken or bool(self._read_only)
            if taken:
                box.value = True
                self._drafts[key].keep()

    def _part(self, kind: str, proposed: Sequence[Line]) -> list[w.Widget]:
        if not proposed:
            return []
        boxes = []
        for key, line in proposed:
            box = make(w.Checkbox, description=line, indent=False, wide=True)
            box.disabled = bool(self._read_only)
            box.add_class("cgp-tick")
            self.controls[key] = box
            self._drafts[key] = Draft(box, "register", key)
            boxes.append(box)
        heading = looks.words(toned(say(f"data.register_{kind}").html, "plain"))
        return [looks.column(heading, *boxes, kind="field")]

    def _tell(self, html: str, *, bad: bool = False) -> None:
        self.message.value = toned(html, "bad" if bad else "good") if html else ""


def register_panel(
    lines: Mapping[str, Sequence[Line]],
    *,
    on_save: Callable[[tuple[str, ...]], Html | None],
    read_only: str = "",
) -> RegisterPanel:
    """Offer what the findings leave behind; ``lines`` are (key, sentence) by kind."""
    return RegisterPanel(lines, on_save=on_save, read_only=read_only)
