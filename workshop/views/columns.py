"""Blocks that set others side by side, so that the first screen is read at a glance.

The style sheet puts them below each other where there is no room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from workshop.record.values import Number
from workshop.views.anchors import Anchors, Rendered
from workshop.views.wording import Said

Look = Literal["plain", "narrow", "broad", "strong"]


@dataclass(frozen=True)
class Panel(Rendered):
    """Some blocks under a heading; ``to`` is the id where the page says more of it.

    It takes half of the width; a ``narrow`` one a third, and a ``broad`` one the rest
    of it. A ``strong`` one is broad and set off from the others.
    """

    title: Said
    blocks: tuple[Any, ...]
    look: Look = "plain"
    to: str = ""
    more: Said | None = None

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number in it."""
        inside = (n for block in self.blocks for n in block.numbers)
        return (*self.title.numbers, *inside)

    def render(self, at: Anchors) -> str:
        """Return the panel; its heading carries the id."""
        own, look = at.id(self.title.text), str(self.look)
        look = "" if look == "plain" else f" cg-{look}"
        at.under = True
        inside = "".join(block.render(at) for block in self.blocks)
        return (
            f'<div class="cg-panel{look}"><h3{own}>{self.title.html}</h3>'
            f"{inside}{self._link(at)}</div>"
        )

    def _link(self, at: Anchors) -> str:
        """Lead to where more is said: on a page, as a cell has nowhere to go."""
        if not at.section or not self.to or self.more is None:
            return ""
        to, words = escape(self.to), self.more.html
        return f'<p class="cg-to"><a href="#{to}">{words}</a></p>'


@dataclass(frozen=True)
class Columns(Rendered):
    """Panels, as many side by side as there is room for; ``name`` is for the style."""

    panels: tuple[Panel, ...]
    name: str = ""

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number in them."""
        return tuple(n for panel in self.panels for n in panel.numbers)

    def render(self, at: Anchors) -> str:
        """Return the panels in one grid."""
        inside = "".join(panel.render(at) for panel in self.panels)
        name = f" cg-{self.name}" if self.name else ""
        return f'<div class="cg-columns{name}">{inside}</div>'


@dataclass(frozen=True)
class Tagged(Rendered):
    """A list in which every line has a word in front that says how things stand.

    ``lines`` are pairs of tag and sentence; those whose place is in ``grave`` are
    marked at the edge too.
    """

    lines: tuple[tuple[Said, Said], ...]
    grave: tuple[int, ...] = ()

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number in it."""
        return tuple(n for pair in self.lines for said in pair for n in said.numbers)

    def render(self, at: Anchors) -> str:
        """Return the list, each tag before its sentence."""
        lines = "".join(self._lines())
        return f'<ul class="cg-tagged">{lines}</ul>'

    def _lines(self) -> Iterable[str]:
        for place, (tag, said) in enumerate(self.lines):
            grave = ' class="cg-grave"' if place in self.grave else ""
            yield (
                f'<li{grave}><span class="cg-mark">{tag.html}</span> {said.html}</li>'
            )
