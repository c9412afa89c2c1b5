"""The kit as pages: a sheet for the hand, cards for the tables, slides for the wall.

Each is one file that asks nothing of a network. A browser is told to use its one style
sheet and, for the slides, its one script, each by its digest, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files

from workshop.views.kit.cards import (
    TROUBLES,
    canvas_boxes,
    role_cards,
    translator_cards,
    troubles,
)
from workshop.views.kit.deck import slides
from workshop.views.kit.values import CardSaid, Moment, SheetSaid, Slide, SlotSaid
from workshop.views.style import CSS, policy_hash
from workshop.views.wording import Said, language, phrase, say

_POLICY = (
    "default-src 'none'; style-src '{style}'; script-src {script}; "
    "base-uri 'none'; form-action 'none'"
)


def sheet_page(sheet: SheetSaid) -> str:
    """Return the run sheet with what goes wrong at each step, to hold in one's hand."""
    heads = _heads(f"kit.sheet.col_{name}" for name in ("minute", "step", "minutes"))
    rows = "".join(_glance(s.minute, s.clock, s.title, s.minutes) for s in sheet.slots)
    rows += _glance(sheet.minutes, sheet.ends, say("kit.sheet.over"), None)
    main = (
        f"<h1>{sheet.title.html}</h1><p>{' '.join(s.html for s in sheet.lead)}</p>"
        f'<table class="kit-glance">{heads}<tbody>{rows}</tbody></table>'
        f"{''.join(map(_slot, sheet.slots))}"
        f'<section class="kit-slot"><h2>{_say("kit.trouble.any_time")}</h2>'
        f"{_troubles('whole')}</section>"
    )
    return _document(sheet.title.text, main, kind="kit-sheet")


def cards_page(sheet: SheetSaid) -> str:
    """Return the cards, two on a sheet of paper, and the canvas on one of its own."""
    boxes = "".join(f"<li>{box.html}</li>" for box in canvas_boxes())
    main = (
        f'<div class="kit-keys"><h1>{_say("kit.cards.title")}</h1>'
        f"<p>{_say('kit.cards.lead')}</p></div>"
        f"{_cards('kit.cards.roles', role_cards(sheet))}"
        f"{_cards('kit.cards.translator', translator_cards())}"
        f'<section class="kit-canvas"><h2>{_say("kit.canvas.title")}</h2>'
        f"<p>{_say('kit.canvas.lead')}</p><ol>{boxes}</ol></section>"
    )
    return _document(phrase("kit.cards.title"), main, kind="kit-cards")


def slides_page(sheet: SheetSaid, *, title: str = "", request: str = "") -> str:
    """Return the slides; arrow keys turn them, and each prints on a sheet of its own.

    ``title`` and ``request`` are the scenario's, where one is known.
    """
    made = slides(sheet, title=title, request=request)
    main = "".join(
        _slide(slide, number, len(made)) for number, slide in enumerate(made, 1)
    )
    name = say("kit.deck.title", minutes=str(sheet.minutes)).text
    return _document(name, main, kind="kit-deck", script=_file("deck.js"))


# --- the run sheet --------------------------------------------------------------------


def _glance(minute: int, clock: str, name: Said, minutes: int | None) -> str:
    lasts = "" if minutes is None else str(minutes)
    return (
        f'<tr><td class="kit-minute">{_minute(minute, clock)}</td>'
        f'<th scope="row">{name.html}</th><td>{lasts}</td></tr>'
    )


def _slot(slot: SlotSaid) -> str:
    heads = _heads(f"kit.sheet.col_{name}" for name in ("minute", "does", "says"))
    rows = "".join(map(_moment, slot.moments))
    return (
        f'<section class="kit-slot"><h2>{slot.title.html}</h2>'
        f'<p class="cg-quiet">{_span(slot).html}</p>{_opening(slot)}'
        f'<table role="table" class="kit-moments">{heads}<tbody role="rowgroup">{rows}'
        f"</tbody></table>{_about(slot)}{_troubles(slot.section)}</section>"
    )


def _span(slot: SlotSaid) -> Said:
    values = {"minute": str(slot.minute), "minutes": str(slot.minutes)}
    if slot.clock:
        return say("kit.sheet.span_at", clock=slot.clock, **values)
    return say("kit.sheet.span", **values)


def _opening(slot: SlotSaid) -> str:
    if slot.opens is None:
        return ""
    line = say("kit.says", line=slot.opens).html
    return f"<p>{_say('kit.sheet.opens')}: <b>{line}</b></p>"


def _moment(moment: Moment) -> str:
    line = say("kit.says", line=moment.says).html
    return (
        f'<tr role="row"><td role="cell" class="kit-minute">'
        f"{_minute(moment.minute, moment.clock)}</td>"
        f'<td role="cell">{moment.does.html}</td>'
        f'<td role="cell" class="kit-half">{line}</td></tr>'
    )


def _minute(minute: int, clock: str) -> str:
    if clock:
        return say("kit.minute_at", clock=clock, minute=str(minute)).html
    return say("kit.minute", minute=str(minute)).html


def _about(slot: SlotSaid) -> str:
    names = ("first", "drives", "leaves", "watch", "go_on")
    said = [(n, getattr(slot, n)) for n in names if getattr(slot, n) is not None]
    lines = ((say(f"kit.sheet.{name}"), text) for name, text in said)
    return f"<dl>{_pairs(lines)}</dl>" if said else ""


def _troubles(section: str) -> str:
    if section not in TROUBLES:
        return ""
    heads = _heads(("kit.trouble.col_seen", "kit.trouble.col_help"))
    rows = "".join(
        f"<tr><td>{seen.html}</td><td>{helps.html}</td></tr>"
        for seen, helps in troubles(section)
    )
    return f"<table>{heads}<tbody>{rows}</tbody></table>"


# --- cards and slides -----------------------------------------------------------------


def _cards(title: str, cards: Iterable[CardSaid]) -> str:
    return (
        f'<section><h2 class="kit-keys">{_say(title)}</h2>'
        f"{''.join(map(_card, cards))}</section>"
    )


def _card(card: CardSaid) -> str:
    return (
        f'<article class="kit-card"><p class="kit-tag">{card.tag.html}</p>'
        f"<h3>{card.title.html}</h3><dl>{_pairs(card.lines)}</dl></article>"
    )


def _slide(slide: Slide, number: int, of: int) -> str:
    level = "h1" if number == 1 else "h2"
    lead = f"<p>{slide.lead.html}</p>" if slide.lead else ""
    points = "".join(f"<li>{point.html}</li>" for point in slide.points)
    place = say("kit.deck.place", number=str(number), all=str(of))
    foot = " · ".join(said.html for said in (slide.foot, place) if said)
    keys = f'<p class="kit-keys">{_say("kit.deck.keys")}</p>' if number == 1 else ""
    return (
        f'<section class="kit-slide" tabindex="-1" aria-label="{escape(place.text)}">'
        f"<{level}>{slide.title.html}</{level}>{lead}"
        f"{f'<ul>{points}</ul>' if points else ''}"
        f'<p class="kit-foot">{foot}</p>{keys}</section>'
    )


# --- around them ----------------------------------------------------------------------


def _pairs(lines: Iterable[tuple[Said, Said]]) -> str:
    return "".join(
        f"<dt>{label.html}</dt><dd>{said.html}</dd>" for label, said in lines
    )


def _heads(keys: Iterable[str]) -> str:
    cells = "".join(
        f'<th role="columnheader" scope="col">{_say(key)}</th>' for key in keys
    )
    return f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead>'


def _document(title: str, main: str, *, kind: str, script: str = "") -> str:
    style = f"{CSS}{_file('kit.css')}"
    policy = _POLICY.format(
        style=policy_hash(style),
        script=f"'{policy_hash(script)}'" if script else "'none'",
    )
    element = f'<script type="module">{script}</script>' if script else ""
    return (
        '<!doctype html>\n<html lang="'
        f'{escape(language().tag)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · {escape(phrase('kit.brand'))}</title>"
        f"<style>{style}</style></head>"
        f'<body class="cg kit {kind}"><main>{main}</main>{element}</body></html>\n'
    )


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _say(key: str) -> str:
    return say(key).html
