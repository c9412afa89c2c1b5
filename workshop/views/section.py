"""A step's page as a value: sentences, tables and figures, with every number in them.

A `Section` renders as HTML and as JSON of its own kind from the same blocks. The
report gathers these two and computes nothing. Every block knows its ``html`` and the
``numbers`` that stand in it. What sets several of them side by side is in
`workshop.views.columns`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from workshop.record.values import Number
from workshop.views.anchors import Anchors, Rendered
from workshop.views.columns import Columns, Tagged
from workshop.views.wording import Said, say
from workshop.views.wording.formats import six_digits

MIME = "application/vnd.common-ground.section+json"

Status = Literal["ok", "undecided", "not_agreed", "cannot_tell", "failed"]
Tone = Literal["plain", "lead", "quiet", "warn", "verdict"]


@dataclass(frozen=True)
class Paragraph(Rendered):
    """One sentence or a few; ``tone`` only changes how loudly it is set."""

    said: Said
    tone: Tone = "plain"

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.said.numbers

    def render(self, at: Anchors) -> str:
        tone = "" if self.tone == "plain" else f' class="cg-{self.tone}"'
        return f"<p{tone}>{self.said.html}</p>"


@dataclass(frozen=True)
class Heading(Rendered):
    """A heading inside a section."""

    said: Said

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.said.numbers

    def render(self, at: Anchors) -> str:
        at.under = True
        return f"<h3{at.id(self.said.text)}>{self.said.html}</h3>"


@dataclass(frozen=True)
class Items(Rendered):
    """A list of sentences."""

    said: tuple[Said, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(n for said in self.said for n in said.numbers)

    def render(self, at: Anchors) -> str:
        return f"<ul>{''.join(f'<li>{s.html}</li>' for s in self.said)}</ul>"


@dataclass(frozen=True)
class Card(Rendered):
    """Something with a title, a tag beside it, and a few sentences under it.

    ``ways`` stand as a list under the sentences, ``foot`` quietly below; ``behind`` is
    the table or the picture they rest on, folded under ``label``. ``grave`` marks the
    left edge. ``name`` is what a link to it is called; its title where none is given.
    """

    title: Said
    tag: Said
    said: tuple[Said, ...]
    ways: tuple[Said, ...] = ()
    foot: Said | None = None
    behind: Table | Figure | None = None
    label: Said | None = None
    grave: bool = False
    name: str = ""

    @property
    def numbers(self) -> tuple[Number, ...]:
        feet = (self.foot,) if self.foot else ()
        said = (self.title, self.tag, *self.said, *self.ways, *feet)
        behind = self.behind.numbers if self.behind else ()
        return tuple(n for s in said for n in s.numbers) + behind

    def render(self, at: Anchors) -> str:
        lines = "".join(f"<p>{said.html}</p>" for said in self.said)
        ways = Items(self.ways).html if self.ways else ""
        foot = f'<p class="cg-quiet">{self.foot.html}</p>' if self.foot else ""
        grave = " cg-grave" if self.grave else ""
        own, head = at.id(self.name or self.title.text), at.level
        return (
            f'<div class="cg-card{grave}"><{head}{own}>{self.title.html} '
            f'<span class="cg-tag">{self.tag.html}</span></{head}>{lines}{ways}{foot}'
            f"{self._behind(at)}</div>"
        )

    def _behind(self, at: Anchors) -> str:
        if self.behind is None or self.label is None:
            return ""
        summary = f"<summary>{self.label.html}</summary>"
        return f"<details>{summary}{self.behind.render(at)}</details>"


@dataclass(frozen=True)
class Table(Rendered):
    """Columns, and rows of sentences; the first cell of a row is its heading."""

    caption: Said
    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    marked: int | None = None

    @property
    def numbers(self) -> tuple[Number, ...]:
        cells = (*self.columns, *(cell for row in self.rows for cell in row))
        return self.caption.numbers + tuple(n for c in cells for n in c.numbers)

    def render(self, at: Anchors) -> str:
        head = "".join(f"<th>{c.html}</th>" for c in self.columns)
        body = "".join(self._row(i, row) for i, row in enumerate(self.rows))
        named = self.caption.html
        caption = f"<caption>{named}</caption>" if named else ""
        # whoever has no mouse must be able to scroll what is wider than the screen
        return (
            f'<div class="cg-scroll" tabindex="0"><table>{caption}'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _row(self, index: int, row: tuple[Said, ...]) -> str:
        mark = ' class="cg-marked"' if index == self.marked else ""
        first = f"<th>{row[0].html}</th>"
        cells = "".join(f"<td>{cell.html}</td>" for cell in row[1:])
        return f"<tr{mark}>{first}{cells}</tr>"


@dataclass(frozen=True)
class Figure(Rendered):
    """A picture as inline SVG, what it shows in words, and the same as a table.

    ``name`` is what a link to it is called.
    """

    svg: str
    alt: Said
    twin: Table | None = None
    twin_label: Said | None = None
    name: str = "figure"

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.alt.numbers + (self.twin.numbers if self.twin else ())

    def render(self, at: Anchors) -> str:
        table = ""
        if self.twin is not None and self.twin_label is not None:
            table = (
                f"<details><summary>{self.twin_label.html}</summary>"
                f"{self.twin.html}</details>"
            )
        label = escape(self.alt.text)
        picture = f'<div role="img" tabindex="0" aria-label="{label}">{self.svg}</div>'
        caption = f"<figcaption>{self.alt.html}</figcaption>"
        return f"<figure{at.id(self.name)}>{picture}{table}{caption}</figure>"


@dataclass(frozen=True)
class Live(Rendered):
    """A picture that moves where a script may run, and the still one in its place.

    ``live`` is HTML that shows nothing by itself.
    """

    live: str
    still: Figure

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.still.numbers

    def render(self, at: Anchors) -> str:
        return f'{self.live}<div class="cgx-static">{self.still.render(at)}</div>'


@dataclass(frozen=True)
class Fold(Rendered):
    """Some blocks behind one line, opened by whoever wants them."""

    summary: Said
    blocks: tuple[Block, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        inside = (n for block in self.blocks for n in block.numbers)
        return (*self.summary.numbers, *inside)

    def render(self, at: Anchors) -> str:
        was = at.under
        inside = "".join(block.render(at) for block in self.blocks)
        at.under = was  # a heading that is folded away is not above what follows
        return f"<details><summary>{self.summary.html}</summary>{inside}</details>"


Block = (
    Paragraph | Heading | Items | Card | Table | Figure | Live | Fold | Columns | Tagged
)


@dataclass(frozen=True)
class View:
    """Some blocks shown in a notebook cell."""

    blocks: tuple[Block, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number on it, each id once, in order of appearance."""
        return unique_numbers(self.blocks)

    @property
    def html(self) -> str:
        """The blocks as HTML."""
        return "".join(block.html for block in self.blocks)

    def _repr_html_(self) -> str:
        from workshop.views.page import fragment

        return fragment(self.html)

    def __repr__(self) -> str:
        return f"<View of {len(self.blocks)} blocks>"


@dataclass(frozen=True)
class Section:
    """What one step hands over to the report.

    ``extra`` holds what the JSON twin carries beside the numbers: findings, clauses
    and gaps as plain data. Where not ``headed`` the blocks say the headline in a place
    of their own.
    """

    id: str
    title: Said
    status: Status
    headline: Said
    blocks: tuple[Block, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    headed: bool = True

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number on it, each id once, in order of appearance."""
        return unique_numbers((Paragraph(self.headline), *self.blocks))

    @property
    def html(self) -> str:
        """The section as HTML; the page around it brings the style."""
        at = Anchors(self.id, under=False)
        headline = f'<p class="cg-headline">{self.headline.html}</p>'
        inside = "".join(block.render(at) for block in self.blocks)
        folds = f'<p class="cg-on-screen">{say("page.on_screen").html}</p>'
        return (
            f'<section class="cg-section" id="{escape(self.id)}" '
            f'data-status="{self.status}"><h2>{self.title.html}</h2>'
            f"{headline if self.headed else ''}{inside}"
            f"{folds if '<details' in inside else ''}</section>"
        )

    def to_json(self) -> dict[str, Any]:
        """The section as JSON data, rounded to six significant digits."""
        return {
            "id": self.id,
            "title": self.title.text,
            "status": self.status,
            "headline": self.headline.text,
            "numbers": [number_json(n) for n in self.numbers],
            **self.extra,
        }

    def _repr_html_(self) -> str:
        from workshop.views.page import fragment

        return fragment(self.html)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {
            "text/plain": f"{self.title.text}: {self.headline.text}",
            "text/html": self._repr_html_(),
            MIME: self.to_json(),
        }


def unique_numbers(blocks: Iterable[Block]) -> tuple[Number, ...]:
    """Gather the numbers of blocks, each id once.

    Raises
    ------
    ValueError
        When one id stands for two different numbers: then the page contradicts itself.
    """
    found: dict[str, Number] = {}
    for block in blocks:
        for number in block.numbers:
            if found.setdefault(number.id, number) != number:
                raise ValueError(f"two different numbers are called {number.id}")
    return tuple(found.values())


def number_json(number: Number) -> dict[str, Any]:
    """One number as JSON data, rounded to six significant digits."""
    data = number.model_dump()
    return {
        key: six_digits(value) if isinstance(value, float) else value
        for key, value in data.items()
    }
