"""Ten people in a row: how many of them are hit, at least, likely and at most.

A picture small enough for a first screen: each figure stands for ten of every hundred,
and is filled only as far as the share goes.
"""

from __future__ import annotations

from workshop.record.values import Number
from workshop.views.figures import mix_with_white
from workshop.views.style import LINE, ROLES

WIDE, HIGH = 400, 62
EACH = WIDE / 10


def people_strip(error: Number, *, of: str = "false_alarm") -> str:
    """Draw ten people, filled up to a share in the colour of a role.

    ``error`` is a share with both its ends: full colour up to the lower one, lighter up
    to the value, outlined up to the upper one.
    """
    assert error.value is not None
    assert error.lo is not None
    assert error.hi is not None
    lo, value, hi = (
        round(WIDE * part, 1) for part in (error.lo, error.value, error.hi)
    )
    own, people = ROLES[of], _people()
    fills = ((0, WIDE, ROLES["left_alone"]), (0, value, mix_with_white(own, 0.45)))
    rects = "".join(_rect(*part) for part in (*fills, (0, lo, own)))
    return (
        f'<svg viewBox="0 -2 {WIDE} {HIGH}">'
        f'<clipPath id="people-strip"><path d="{people}"/></clipPath>'
        f'<clipPath id="people-maybe">{_rect(value, hi, own)}</clipPath>'
        f'<g clip-path="url(#people-strip)">{rects}</g>'
        f'<path d="{people}" fill="none" stroke="{own}" stroke-width="2" '
        f'clip-path="url(#people-maybe)"/>{_reach(lo, value, hi)}</svg>'
    )


def _people() -> str:
    return "".join(_person(EACH * place + EACH / 2) for place in range(10))


def _person(middle: float) -> str:
    """A head and shoulders around a middle, as one path."""
    x = round(middle)
    head = f"M{x - 7} 8a7 7 0 1 0 14 0a7 7 0 1 0-14 0z"
    body = f"M{x - 14} 42v-13q0-11 11-11h6q11 0 11 11v13z"
    return head + body


def _rect(start: float, end: float, colour: str) -> str:
    width = round(end - start, 1)
    return f'<rect x="{start:g}" y="-2" width="{width:g}" height="46" fill="{colour}"/>'


def _reach(lo: float, value: float, hi: float) -> str:
    """The range as a line under the figures, with a dot at the estimate."""
    return (
        f'<path d="M0 53h{WIDE}" stroke="{LINE}" stroke-width="2"/>'
        f'<path d="M{lo:g} 53H{hi:g}M{lo:g} 48v10M{hi:g} 48v10" fill="none" '
        f'stroke="{ROLES["false_alarm"]}" stroke-width="2.5"/>'
        f'<circle cx="{value:g}" cy="53" r="4.5" fill="{ROLES["false_alarm"]}"/>'
    )
