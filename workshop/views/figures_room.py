"""Drawing a room: what its pairs chose, how far halves were apart, bets and the truth.

A pair is a letter. Which half is told by the mark's shape, before and after by a full
and a hollow mark, never by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

from workshop.views.figures import svg_of
from workshop.views.figures_board import SHAPES
from workshop.views.style import FIGURE_STYLE, GROUND, INK, LINE, QUIET, ROLES
from workshop.views.wording import in_signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE, _NAMES = 4.8, 0.62
_RIGHT = 0.18
_ROW, _HEAD, _FOOT = 0.27, 0.34, 0.3
_STACK = 0.2
_FITS = ' class="cg-narrow"'
_LEAST_RATIO = 0.1


@dataclass(frozen=True, slots=True)
class Strip:
    """One choice: where each pair's answer lies, by the pair's letter.

    Values are shares, ratios above zero, or scores of one model.
    """

    title: str
    scale: Literal["share", "ratio", "score"]
    answers: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """How far apart a pair's halves were on each question, and after talking."""

    letter: str
    ways: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """One half's first bet: what it expected, and the ends of its range."""

    role: Literal["product", "engineering"]
    likely: float
    low: float | None
    high: float | None


def plot_strips(strips: Sequence[Strip]) -> str:
    """Draw each choice as a line with the pairs' letters on it."""
    placed = [(strip, _heaped(strip)) for strip in strips]
    heights = [_HEAD + _STACK * max(h for *_, h in heap) + 0.5 for _, heap in placed]
    with rc_context(FIGURE_STYLE):
        figure, axes = _paper(sum(heights))
        top = 0.0
        for (strip, heap), height in zip(placed, heights, strict=True):
            _strip(axes, strip, heap, top, top + height - 0.42)
            top += height
        return _saved(figure)


def plot_moves(titles: Sequence[str], moves: Sequence[Move]) -> str:
    """Draw, a row a pair, how far apart its halves were before and after talking."""
    tall = _HEAD + _ROW * len(moves) + _FOOT
    room = (_WIDE - _NAMES) / len(titles)
    with rc_context(FIGURE_STYLE):
        figure, axes = _paper(tall)
        for place, title in enumerate(titles):
            left = _NAMES + room * place
            _say(axes, left, 0.14, title, weight="bold", size=10)
            _scale(axes, left, left + room - 0.3, _HEAD, tall - _FOOT)
        for row, move in enumerate(moves):
            y = _HEAD + _ROW * (row + 0.5)
            _say(axes, 0.02, y, move.letter)
            for place, (before, after) in enumerate(move.ways):
                left = _NAMES + room * place
                _way(axes, left, room - 0.3, y, before, after)
        return _saved(figure)


def plot_guesses(
    rows: Sequence[tuple[str, Sequence[Guess]]],
    error: tuple[float | None, float | None, float | None],
) -> str:
    """Draw first bets, two lanes a pair, over the measured error and its range.

    ``error`` is value, lower and upper end; all are shares, drawn as so many of 100.
    """
    ends = [e for _, both in rows for g in both for e in (g.likely, g.high) if e]
    most = min(1.0, max([*ends, *(e for e in error if e), 0.1]) * 1.08)
    tall = 0.2 + 2 * _ROW * len(rows) + _FOOT
    room = _WIDE - _NAMES - _RIGHT
    with rc_context(FIGURE_STYLE):
        figure, axes = _paper(tall)
        _truth(axes, error, lambda v: _NAMES + room * v / most, tall - _FOOT)
        for tick in _ticks(most):
            x = _NAMES + room * tick / most
            _say(
                axes,
                x,
                tall - 0.14,
                in_signs(f"{100 * tick:g}"),
                color=QUIET,
                ha="center",
            )
        for row, (letter, both) in enumerate(rows):
            y = 0.2 + 2 * _ROW * row
            _say(axes, 0.02, y + _ROW, letter)
            for lane, guess in enumerate(both):
                _guess(axes, guess, y + _ROW * (lane + 0.5), room / most)
        return _saved(figure)


# --- parts ----------------------------------------------------------------------------


def _paper(tall: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDE, tall))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, _WIDE), ylim=(tall, 0))
    axes.set_axis_off()
    return figure, axes


def _saved(figure: Figure) -> str:
    return svg_of(figure).replace("<svg", f"<svg{_FITS}", 1)


def _along(strip: Strip) -> tuple[float, float]:
    """The ends of a strip's axis, in its own measure (a ratio by its logarithm)."""
    values = [_measure(strip, value) for _, value in strip.answers]
    low, high = min(values), max(values)
    if strip.scale == "share":
        return 0.0, min(1.0, max(0.1, high * 1.15))
    pad = max(0.15 * (high - low), 0.2 if strip.scale == "ratio" else 0.02)
    return low - pad, high + pad


def _measure(strip: Strip, value: float) -> float:
    if strip.scale == "ratio":
        return math.log10(max(value, _LEAST_RATIO / 100))
    return value


def _heaped(strip: Strip) -> list[tuple[str, float, int]]:
    """Letters with their place on the paper and on the heap where they are close."""
    low, high = _along(strip)
    room = _WIDE - 0.36
    heap: list[tuple[str, float, int]] = []
    for letter, value in sorted(strip.answers, key=lambda one: (one[1], one[0])):
        x = 0.18 + room * (_measure(strip, value) - low) / (high - low)
        taken = {h for _, at, h in heap if abs(at - x) < 0.24}
        heap.append((letter, x, next(h for h in range(1, 99) if h not in taken)))
    return heap


def _strip(
    axes: Axes,
    strip: Strip,
    heap: Sequence[tuple[str, float, int]],
    top: float,
    y: float,
) -> None:
    _say(axes, 0.0, top + 0.14, strip.title, weight="bold", size=10)
    axes.plot([0.1, _WIDE - 0.1], [y, y], color=LINE, lw=1, zorder=1)
    low, high = _along(strip)
    for value, text in _marks(strip, low, high):
        x = 0.18 + (_WIDE - 0.36) * (value - low) / (high - low)
        axes.plot([x, x], [y, y + 0.05], color=LINE, lw=1, zorder=1)
        _say(axes, x, y + 0.15, text, color=QUIET, size=8.5, ha="center")
    for letter, x, height in heap:
        if height == 1:
            axes.plot([x], [y], "o", color=ROLES["caught"], ms=5, zorder=3)
        at = y - _STACK * height + 0.02
        _say(axes, x, at, letter, size=10, ha="center")


def _marks(strip: Strip, low: float, high: float) -> list[tuple[float, str]]:
    if strip.scale == "share":
        return [(tick, in_signs(f"{100 * tick:g}")) for tick in _ticks(high)]
    if strip.scale == "ratio":
        steps = [s * 10.0**p for p in range(-2, 5) for s in (1, 2, 5)]
        return [
            (math.log10(s), in_signs(f"{s:g}"))
            for s in steps
            if low < math.log10(s) < high
        ]
    step = 10.0 ** math.floor(math.log10(high - low))
    step = step if (high - low) / step >= 3 else step / 4
    first = math.ceil(low / step)
    ticks = [step * n for n in range(first, math.floor(high / step) + 1)]
    return [(tick, in_signs(f"{tick:.3g}")) for tick in ticks]


def _ticks(most: float) -> list[float]:
    step = next(s for s in (0.02, 0.05, 0.1, 0.25, 0.5) if most / s <= 6)
    return [step * n for n in range(int(most / step + 1e-9) + 1)]


def _scale(axes: Axes, left: float, right: float, top: float, low: float) -> None:
    for share in (0.0, 0.5, 1.0):
        x = left + (right - left) * share
        axes.plot([x, x], [top, low], color=LINE, lw=0.7, zorder=1)
        _say(
            axes,
            x,
            low + 0.14,
            in_signs(f"{share:g}"),
            color=QUIET,
            size=8.5,
            ha="center",
        )


def _way(
    axes: Axes, left: float, room: float, y: float, before: float, after: float | None
) -> None:
    start = left + room * before
    if after is not None and abs(after - before) * room > 0.16:
        axes.annotate(
            "",
            (left + room * after, y),
            (start, y),
            arrowprops={
                "arrowstyle": "-|>,head_width=.16,head_length=.32",
                "color": INK,
                "lw": 1.2,
                "shrinkA": 0,
                "shrinkB": 5,
            },
            zorder=3,
        )
    look = {"color": INK, "mec": GROUND, "mew": 0.8, "ms": 8}
    axes.plot([start], [y], "o", zorder=5, **look)
    if after is not None:
        hollow = {"mfc": GROUND, "mec": INK, "mew": 1.5, "ms": 8}
        axes.plot([left + room * after], [y], "o", zorder=4, **hollow)


def _truth(
    axes: Axes,
    error: tuple[float | None, float | None, float | None],
    place: Callable[[float], float],
    low: float,
) -> None:
    value, lo, hi = error
    if lo is not None and hi is not None:
        axes.fill_between(
            [place(lo), place(hi)], 0.05, low, color=ROLES["caught"], alpha=0.18, lw=0
        )
    if value is not None:
        x = place(value)
        axes.plot([x, x], [0.05, low], color=ROLES["caught"], lw=2, zorder=2)


def _guess(axes: Axes, guess: Guess, y: float, scale: float) -> None:
    ends = [e for e in (guess.low, guess.likely, guess.high) if e is not None]
    if len(ends) > 1:
        at = [_NAMES + scale * min(ends), _NAMES + scale * max(ends)]
        axes.plot(at, [y, y], color=INK, lw=1.6, solid_capstyle="butt", zorder=3)
    look = {"color": INK, "mec": GROUND, "mew": 0.8, "ms": 8, "zorder": 4}
    axes.plot([_NAMES + scale * guess.likely], [y], SHAPES[guess.role], **look)


def _say(axes: Axes, x: float, y: float, text: str, **look: object) -> None:
    given = {"size": 10.5, "va": "center_baseline", "color": INK} | look
    axes.text(x, y, text, **given)
