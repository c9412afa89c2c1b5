"""The kit as Markdown, for whoever reads it in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workshop.views.kit.cards import (
    canvas_boxes,
    role_cards,
    translator_cards,
    troubles,
)
from workshop.views.kit.deck import slides
from workshop.views.kit.values import CardSaid, SheetSaid, Slide, SlotSaid
from workshop.views.wording import Said, phrase, say

TROUBLE_PAGE = "what-goes-wrong.md"


def sheet_markdown(sheet: SheetSaid) -> str:
    """Return a run sheet: the steps at a glance, then each with its lines."""
    heads = (phrase(f"kit.sheet.col_{name}") for name in ("minute", "step", "minutes"))
    rows = [(str(s.minute), s.title.text, str(s.minutes)) for s in sheet.slots]
    rows.append((str(sheet.minutes), phrase("kit.sheet.over"), ""))
    return _page(
        f"# {sheet.title}",
        " ".join(said.text for said in sheet.lead),
        _table(tuple(heads), rows),
        *(block for slot in sheet.slots for block in _slot(slot)),
    )


def troubles_markdown(sheet: SheetSaid) -> str:
    """Return what goes wrong, by step."""
    names = [(slot.section, slot.title) for slot in sheet.steps]
    heads = (phrase("kit.trouble.col_seen"), phrase("kit.trouble.col_help"))
    parts = []
    for section, title in (*names, ("whole", say("kit.trouble.any_time"))):
        rows = ((seen.text, helps.text) for seen, helps in troubles(section))
        parts += [f"## {title}", _table(heads, rows)]
    lead = phrase("kit.trouble.lead")
    return _page(f"# {phrase('kit.trouble.title')}", lead, *parts)


def cards_markdown(sheet: SheetSaid) -> str:
    """Return what stands on all cards and on the canvas."""
    return _page(
        f"# {phrase('kit.cards.title')}",
        phrase("kit.cards.lead"),
        f"## {phrase('kit.cards.roles')}",
        *map(_card, role_cards(sheet)),
        f"## {phrase('kit.cards.translator')}",
        *map(_card, translator_cards()),
        f"## {phrase('kit.cards.canvas')}",
        phrase("kit.canvas.lead"),
        _list(box.text for box in canvas_boxes()),
    )


def slides_markdown(sheet: SheetSaid) -> str:
    """Return the slides, one between two lines."""
    title = say("kit.deck.title", minutes=str(sheet.minutes)).text
    blocks = [f"# {title}", phrase("kit.deck.lead")]
    for slide in slides(sheet):
        blocks += ["---", *_slide(slide)]
    return _page(*blocks)


# --- parts ----------------------------------------------------------------------------


def _slot(slot: SlotSaid) -> list[str]:
    span = say(
        "kit.sheet.span", minute=str(slot.minute), minutes=str(slot.minutes)
    ).text
    names = ("minute", "does", "says")
    heads = tuple(phrase(f"kit.sheet.col_{name}") for name in names)
    rows = [(str(m.minute), m.does.text, _quoted(m.says)) for m in slot.moments]
    blocks = [f"## {slot.title}", f"{span}."]
    if slot.opens is not None:
        opening = phrase("kit.sheet.opens")
        blocks.append(f"{opening}: {_quoted(slot.opens)}")
    blocks.append(_table(heads, rows))
    if slot.opens is not None:
        place = f"{TROUBLE_PAGE}#{_anchor(slot.title.text)}"
        blocks.append(
            _list((*_about(slot), f"[{phrase('kit.sheet.trouble')}]({place})"))
        )
    return blocks


def _about(slot: SlotSaid) -> list[str]:
    names = ("first", "drives", "leaves", "watch", "go_on")
    return [
        f"**{phrase(f'kit.sheet.{name}')}:** {said}"
        for name in names
        if (said := getattr(slot, name)) is not None
    ]


def _card(card: CardSaid) -> str:
    lines = "\n".join(f"- **{label}:** {said}" for label, said in card.lines)
    return f"### {card.title}\n\n*{card.tag}*\n\n{lines}"


def _slide(slide: Slide) -> list[str]:
    points = _list(point.text for point in slide.points)
    said = (f"## {slide.title}", slide.lead, points, slide.foot)
    return [str(block) for block in said if block]


def _page(*blocks: str) -> str:
    return "\n\n".join((*blocks, phrase("kit.made"))) + "\n"


def _quoted(line: Said) -> str:
    return say("kit.says", line=line).text


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(title: str) -> str:
    """Return the name that a heading is linked by: letters and digits, joined."""
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")
