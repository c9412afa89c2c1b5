"""A step's page as a value: sentences, tables and figures, with every number in them.

A `Section` renders as HTML and as JSON of its own kind from the same blocks. The
report gathers these two and computes nothing. Every block knows its ``html`` and the
``numbers`` that stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from workshop.record.values import Number
from workshop.views.wording import Said
from workshop.views.wording.formats import six_digits

MIME = "application/vnd.common-ground.section+json"

Status = Literal["ok", "undecided", "not_agreed", "cannot_tell", "failed"]
Tone = Literal["plain", "lead", "quiet", "warn"]


@dataclass(frozen=True)
class Paragraph:
    """One sentence or a few; ``tone`` only changes how loudly it is set."""

    said: Said
    tone: Tone = "plain"

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.said.numbers

    @property
    def html(self) -> str:
        return f'<p class="cg-{self.tone}">{self.said.html}</p>'


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    said: Said

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.said.numbers

    @property
    def html(self) -> str:
        return f"<h3>{self.said.html}</h3>"


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    said: tuple[Said, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(n for said in self.said for n in said.numbers)

    @property
    def html(self) -> str:
        return f"<ul>{''.join(f'<li>{s.html}</li>' for s in self.said)}</ul>"


@dataclass(frozen=True)
class Card:
    """Something with a title, a tag beside it, and a few sentences under it.

    ``ways`` stand as a list under the sentences, ``foot`` quietly below; ``behind`` is
    the table or the picture they rest on, folded under ``label``. ``grave`` marks the
    left edge.
    """

    title: Said
    tag: Said
    said: tuple[Said, ...]
    ways: tuple[Said, ...] = ()
    foot: Said | None = None
    behind: Table | Figure | None = None
    label: Said | None = None
    grave: bool = False

    @property
    def numbers(self) -> tuple[Number, ...]:
        feet = (self.foot,) if self.foot else ()
        said = (self.title, self.tag, *self.said, *self.ways, *feet)
        behind = self.behind.numbers if self.behind else ()
        return tuple(n for s in said for n in s.numbers) + behind

    @property
    def html(self) -> str:
        lines = "".join(f"<p>{said.html}</p>" for said in self.said)
        ways = Items(self.ways).html if self.ways else ""
        foot = f'<p class="cg-quiet">{self.foot.html}</p>' if self.foot else ""
        grave = " cg-grave" if self.grave else ""
        return (
            f'<div class="cg-card{grave}"><h4>{self.title.html} '
            f'<span class="cg-tag">{self.tag.html}</span></h4>{lines}{ways}{foot}'
            f"{self._behind}</div>"
        )

    @property
    def _behind(self) -> str:
        if self.behind is None or self.label is None:
            return ""
        summary = f"<summary>{self.label.html}</summary>"
        return f"<details>{summary}{self.behind.html}</details>"


@dataclass(frozen=True)
class Table:
    """Columns, and rows of sentences; the first cell of a row is its heading."""

    caption: Said
    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    marked: int | None = None

    @property
    def numbers(self) -> tuple[Number, ...]:
        cells = (*self.columns, *(cell for row in self.rows for cell in row))
        return self.caption.numbers + tuple(n for c in cells for n in c.numbers)

    @property
    def html(self) -> str:
        head = "".join(f'<th scope="col">{c.html}</th>' for c in self.columns)
        body = "".join(self._row(i, row) for i, row in enumerate(self.rows))
        return (
            f'<div class="cg-scroll" tabindex="0"><table><caption>{self.caption.html}'
            f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _row(self, index: int, row: tuple[Said, ...]) -> str:
        mark = ' class="cg-marked"' if index == self.marked else ""
        first = f'<th scope="row">{row[0].html}</th>'
        cells = "".join(f"<td>{cell.html}</td>" for cell in row[1:])
        return f"<tr{mark}>{first}{cells}</tr>"


@dataclass(frozen=True)
class Figure:
    """A picture as inline SVG, what it shows in words, and the same as a table."""

    svg: str
    alt: Said
    twin: Table | None = None
    twin_label: Said | None = None

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.alt.numbers + (self.twin.numbers if self.twin else ())

    @property
    def html(self) -> str:
        table = ""
        if self.twin is not None and self.twin_label is not None:
            table = (
                f"<details><summary>{self.twin_label.html}</summary>"
                f"{self.twin.html}</details>"
            )
        label = escape(self.alt.text)
        picture = f'<div role="img" aria-label="{label}">{self.svg}</div>'
        caption = f"<figcaption>{self.alt.html}</figcaption>"
        return f"<figure>{picture}{caption}{table}</figure>"


@dataclass(frozen=True)
class Live:
    """A picture that moves where a script may run, and the still one in its place.

    ``live`` is HTML that shows nothing by itself.
    """

    live: str
    still: Figure

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.still.numbers

    @property
    def html(self) -> str:
        return f'{self.live}<div class="cgx-static">{self.still.html}</div>'


@dataclass(frozen=True)
class Fold:
    """Some blocks behind one line, opened by whoever wants them."""

    summary: Said
    blocks: tuple[Block, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        inside = (n for block in self.blocks for n in block.numbers)
        return (*self.summary.numbers, *inside)

    @property
    def html(self) -> str:
        inside = "".join(block.html for block in self.blocks)
        return f"<details><summary>{self.summary.html}</summary>{inside}</details>"


Block = Paragraph | Heading | Items | Card | Table | Figure | Live | Fold


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
    and gaps as plain data.
    """

    id: str
    title: Said
    status: Status
    headline: Said
    blocks: tuple[Block, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number on it, each id once, in order of appearance."""
        return unique_numbers((Paragraph(self.headline), *self.blocks))

    @property
    def html(self) -> str:
        """The section as HTML; the page around it brings the style."""
        return (
            f'<section class="cg-section" id="{escape(self.id)}" '
            f'data-status="{self.status}"><h2>{self.title.html}</h2>'
            f'<p class="cg-headline">{self.headline.html}</p>'
            f"{''.join(block.html for block in self.blocks)}</section>"
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
