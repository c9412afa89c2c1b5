"""The page that lists many reports: which of them needs somebody's attention first?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from workshop.record.values import Number
from workshop.views.page import page
from workshop.views.wording import Said, say
from workshop.views.wording.formats import NOT_KNOWN

_COLUMNS = ("report", "verdict", "number", "gaps", "broken", "as_of", "attention")


@dataclass(frozen=True, slots=True)
class Row:
    """One report as the list shows it.

    ``link`` leads to its page, relative to the list, and is empty where there is none.
    ``state`` is what keeps it from having a verdict: failed or waiting. ``attention``
    is a sentence of the catalogue, what needs somebody first.
    """

    name: str
    link: str
    state: str
    verdict: str
    headline: str
    number: Number | None
    gaps: int
    broken: int
    as_of: str
    attention: Said


def index_page(rows: Sequence[Row], *, as_of: str) -> str:
    """Set the page that lists reports, in the order given."""
    done = sum(row.state == "made" for row in rows)
    counts = {"all": _count("index.all", len(rows), "reports")}
    partial = None
    if done < len(rows):
        counts["done"] = _count("index.done", done, "reports")
        partial = say("index.unfinished", **counts)
    return page(
        title=say("index.title").text,
        subtitle=say("index.subtitle", all=counts["all"], as_of=as_of),
        verdict=None,
        contents=(),
        body=_table(rows),
        foot=[say("index.foot_order"), say("index.foot_json")],
        partial=partial,
    )


def _table(rows: Sequence[Row]) -> str:
    head = "".join(
        f'<th scope="col">{say(f"index.{name}").html}</th>' for name in _COLUMNS
    )
    body = "".join(_row(row) for row in rows)
    label = escape(say("index.caption").text)
    return (
        f'<div class="cg-scroll" tabindex="0" role="region" aria-label="{label}">'
        f"<table><caption>{say('index.caption').html}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Row) -> str:
    cells = (
        _verdict(row).html,
        _number(row),
        _counted(row, "gaps", row.gaps),
        _counted(row, "broken", row.broken),
        _day(row.as_of),
        row.attention.html,
    )
    link = escape(quote(row.link))
    name = escape(row.name)
    first = f'<a href="{link}">{name}</a>' if link else name
    others = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{first}</th>{others}</tr>'


def _verdict(row: Row) -> Said:
    if row.state != "made":
        return say(f"index.{row.state}")
    return say(f"verdict.{row.verdict}")


def _number(row: Row) -> str:
    """The headline number with its range, and the sentence that says of what."""
    said = f'<span class="cg-quiet">{escape(row.headline)}</span>'
    if row.number is None:
        return said if row.headline else NOT_KNOWN
    number = row.number.model_copy(update={"id": f"{row.name}.{row.number.id}"})
    return f"{say('index.share', number=number).html}<br>{said}"


def _day(as_of: str) -> str:
    """A day that no line ends in the middle of."""
    if not as_of:
        return NOT_KNOWN
    whole = escape(as_of).replace("-", "-\N{WORD JOINER}")
    return f'<time datetime="{escape(as_of)}">{whole}</time>'


def _counted(row: Row, what: str, count: int) -> str:
    if row.state != "made":
        return NOT_KNOWN
    return say("index.count", count=_count(f"{row.name}.{what}", count, what)).html


def _count(name: str, count: int, unit: str) -> Number:
    return Number(id=name, value=count, unit=unit)
