"""Options as points on one picture: signs that do not cover each other, and ranges.

The sign stands where the option's two figures are; its words are below the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workshop.record.values import Number
from workshop.views.amounts import kind_of
from workshop.views.figures_words import Look, frame_above
from workshop.views.style import GROUND, INK, LINE, QUIET, ROLES
from workshop.views.wording import in_signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points on the paper."""
Limits = tuple[float | None, float | None]

HIGH = 3.8
"""Inches: of the frame that the points stand in."""
LETTER, ROW, SIGN = 5.7, 13.0, 18.0
"""Points: a letter's width, a line's height, the size of a sign."""


@dataclass(frozen=True, slots=True)
class OptionPoint:
    """One option on a picture: its sign, its words and where it stands.

    ``x`` and ``y`` are drawn with their ranges, dotted where assumed; without a value
    the option is in the table only. ``latency`` is written beside it. ``outside`` is
    beyond a limit, ``on_front`` not beaten in everything by another option.
    """

    letter: str
    title: str
    x: Number
    y: Number
    latency: Number | None = None
    on_front: bool = False
    chosen: bool = False
    outside: bool = False

    @property
    def drawn(self) -> bool:
        """Whether both values are known."""
        return self.x.value is not None and self.y.value is not None

    @property
    def at(self) -> tuple[float, float]:
        """Where it stands."""
        return self.x.value or 0.0, self.y.value or 0.0


def empty_frame(points: Sequence[OptionPoint], bounds: Limits) -> tuple[Figure, Axes]:
    """An empty picture wide enough for every point, range and bound, words below."""
    figure, axes = frame_above(len(points), high=HIGH)
    drawn = [one for one in points if one.drawn]
    axes.set_xlim(_ends([one.x for one in drawn], bounds[0]))
    axes.set_ylim(_ends([one.y for one in drawn], bounds[1]))
    axes.grid(color=LINE, lw=0.5)
    axes.set_axisbelow(True)
    return figure, axes


def _ends(numbers: Sequence[Number], bound: float | None) -> tuple[float, float]:
    """From nought where that is near, to a little beyond the furthest."""
    values = [v for n in numbers for v in (n.value, n.lo, n.hi) if v is not None]
    values += [] if bound is None else [bound]
    low, high = min(values, default=0.0), max(values, default=1.0)
    wide = (high - low) or abs(high) or 1.0
    near = 0 <= low < wide
    return (0.0 if near else low - 0.08 * wide), high + 0.1 * wide


def write_scales(axes: Axes, points: Sequence[OptionPoint]) -> None:
    """Write shares as whole numbers of 100, all else as it is."""
    for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        kinds = {kind_of(getattr(one, name)) for one in points}
        of100 = bool(kinds & {"share", "cost"})
        axis.set_major_formatter(
            lambda value, _, of100=of100: _plain(100 * value if of100 else value)
        )
        axis.get_major_locator().set_params(nbins=6)


def _plain(value: float) -> str:
    text = f"{value:,.6g}".replace("-", "\N{MINUS SIGN}")
    return in_signs(text)


def draw_points(
    axes: Axes,
    points: Sequence[OptionPoint],
    taken: Sequence[Box],
    *,
    filled: Callable[[OptionPoint], bool],
) -> None:
    """Draw every option as its sign over both its ranges, the chosen one loudest.

    A sign that would cover another, or the words in ``taken``, stands beside its place,
    tied to a dot there.
    """
    drawn = sorted((one for one in points if one.drawn), key=lambda one: not one.chosen)
    marks = [_around(_on_paper(axes, *one.at)) for one in drawn]
    boxes = list(taken)
    for one in drawn:
        _ranges(axes, one, filled=filled(one))
        mark = _on_paper(axes, *one.at)
        offset = _free_offset(mark, boxes, marks)
        boxes.append(_around((mark[0] + offset[0], mark[1] + offset[1])))
        _sign(axes, one, offset, look_of(one, filled=filled(one)))


def look_of(one: OptionPoint, *, filled: bool) -> Look:
    """An option's sign: full, full and green where chosen, or empty."""
    colour = ROLES["caught"] if one.chosen else INK
    if filled:
        return Look("circle,pad=0.28", colour, colour, GROUND)
    return Look("circle,pad=0.28", GROUND, colour if one.chosen else QUIET, INK)


def _ranges(axes: Axes, one: OptionPoint, *, filled: bool) -> None:
    """Both ranges, dotted where they are assumed."""
    colour = ROLES["caught"] if one.chosen else INK if filled else QUIET
    (x, y), wide = one.at, 2.4 if one.chosen else 1.1
    for number, upright in ((one.x, False), (one.y, True)):
        if number.lo is None or number.hi is None:
            continue
        line, still = [number.lo, number.hi], [y if not upright else x] * 2
        where = (still, line) if upright else (line, still)
        dots = ":" if number.assumed else "-"
        axes.plot(*where, color=colour, lw=wide, ls=dots, zorder=3)


def _sign(
    axes: Axes, one: OptionPoint, offset: tuple[float, float], look: Look
) -> None:
    moved = offset != (0.0, 0.0)
    if moved:
        axes.plot(*one.at, "o", ms=5, color=look.edge, zorder=4)
    axes.annotate(
        one.letter,
        one.at,
        xytext=offset,
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=11.5 if one.chosen else 10.5,
        fontweight="bold",
        color=look.letter,
        bbox={**look.box, "lw": 1.6},
        arrowprops={"arrowstyle": "-", "color": look.edge, "lw": 1} if moved else None,
        # the tie of one that was moved passes under those that stand in their place
        zorder=5 if moved else 6,
    )


def _free_offset(
    mark: tuple[float, float], taken: Sequence[Box], marks: Sequence[Box]
) -> tuple[float, float]:
    """No offset where its place is free, else the nearest one around that is."""
    if not _meets(_around(mark), taken):
        return 0.0, 0.0
    for far in (20.0, 30.0, 42.0):
        for turn in (1, 3, 5, 7, 2, 6, 0, 4):
            across = far * math.cos(turn * math.pi / 4)
            up = far * math.sin(turn * math.pi / 4)
            if not _meets(_around((mark[0] + across, mark[1] + up)), [*taken, *marks]):
                return across, up
    return 20.0, 20.0


def _meets(box: Box, others: Sequence[Box]) -> bool:
    return any(
        box[0] < other[2]
        and other[0] < box[2]
        and box[1] < other[3]
        and other[1] < box[3]
        for other in others
    )


def _around(mark: tuple[float, float]) -> Box:
    half = SIGN / 2
    return mark[0] - half, mark[1] - half, mark[0] + half, mark[1] + half


def _on_paper(axes: Axes, x: float, y: float) -> tuple[float, float]:
    across, up = axes.transData.transform((x, y)) * 72 / axes.figure.dpi
    return float(across), float(up)


def write_word(
    axes: Axes, at: tuple[float, float], word: str, corner: str, **look: str
) -> Box:
    """Write into a corner (t or b, l or r) at a place; give the box it fills."""
    top, left = corner[0] == "t", corner[1] == "l"
    axes.annotate(
        word,
        at,
        xytext=(5 if left else -5, -5 if top else 5),
        textcoords="offset points",
        ha="left" if left else "right",
        va="top" if top else "bottom",
        **{"fontsize": 10, "color": QUIET, **look},
    )
    x, y = _on_paper(axes, *at)
    wide = LETTER * len(word) + 5
    return (
        x if left else x - wide,
        y - ROW - 5 if top else y,
        x + wide if left else x,
        y if top else y + ROW + 5,
    )
