"""SVG written by hand: a few marks as text, all words escaped.

For pictures that are made anew while somebody moves something. Attributes carry the
look, so that no style sheet is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from workshop.views.style import GROUND, INK
from workshop.views.svg import grouped

_FONT = 'font-family="system-ui,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif"'


def svg(inside: Iterable[str], wide: float, high: float, alt: str) -> str:
    """A picture on its own ground, with a rim around it; ``alt`` says what it shows."""
    ground = f'<rect x="-8" y="-4" width="100%" height="100%" fill="{GROUND}"/>'
    return grouped(
        f'<svg viewBox="-8 -4 {wide + 16:g} {high + 8:g}" role="img" '
        f"aria-label={quoted(alt)} {_FONT}>"
        f"{ground}{''.join(inside)}</svg>"
    )


def rect(x: float, y: float, wide: float, high: float, fill: str) -> str:
    """A box with a dark edge."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" '
        f"{attributes(fill=fill, stroke=INK, stroke_width=0.8)}/>"
    )


def line(x1: float, y1: float, x2: float, y2: float, **look: Any) -> str:
    """A straight line."""
    where = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f"<line {where} {attributes(**look)}/>"


def text(
    x: float,
    y: float,
    words: str,
    anchor: str = "start",
    *,
    halo: bool = False,
    **look: Any,
) -> str:
    """Words at a place; ``halo`` keeps them legible across a line."""
    given = {"font_size": 13, "fill": INK} | look
    if halo:
        given |= {"stroke": GROUND, "stroke_width": 4, "paint_order": "stroke"}
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f"<text {where} {attributes(**given)}>{escape(words, quote=False)}</text>"


def attributes(**look: Any) -> str:
    """How a mark looks, as attributes; for numbers and colours only."""
    return " ".join(
        f'{name.replace("_", "-")}="{value}"' for name, value in look.items()
    )


def quoted(text: str) -> str:
    """Any text as the value of an attribute."""
    return f'"{escape(text)}"'
