"""Which option is cheapest where: the flip map, its words and its table.

The map is drawn cell by cell, so that every grid looks alike whatever its steps; what
stands on its axes are round values between them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.patches import PathPatch

from workshop.analysis.options.flip import FlipMap
from workshop.record.values import Number
from workshop.views.amounts import join
from workshop.views.figures import svg_of
from workshop.views.figures_cells import (
    find_regions,
    path_of_borders,
    path_of_cells,
    place_letters,
)
from workshop.views.figures_line import spread_places
from workshop.views.figures_words import (
    Entry,
    Line,
    Look,
    frame_above,
    name_axes,
    write_below,
)
from workshop.views.section import Table
from workshop.views.style import FIGURE_STYLE, GROUND, INK, QUIET
from workshop.views.wording import Said, in_signs, phrase, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    _Mark = tuple[float, str]

Names = Mapping[str, str]
TINTS = (
    *("#f6edd6", "#92b1c0", "#d2dec3", "#b594a1"),
    *("#c2bad7", "#e3c7ab", "#7e947e", "#e0e4e7"),
)
"""One calm ground an option, none the colour of a role; apart in grey as well."""
SIDE = 3
"""Rows and columns of the table beside the map."""
ONE_A_LINE = 5
UNIT = "false alarms per decision"
PAIRED = "normal, for a mean of paired rows"
HIGH = 3.5
"""Inches: of the map itself."""
HATCH = "////"

_ROUND = tuple(step * 10.0**power for power in range(-3, 5) for step in (1, 2, 5))
_TENS = (30.0, 40.0, 60.0, 70.0, 80.0, 90.0)


def plot_flip_map(found: FlipMap, titles: Names, letters: Names) -> str:
    """Draw who wins in each cell: a ground and letters a region, hatched where unclear.

    ``titles`` and ``letters`` give each option's words and its sign, by id.
    """
    below = _legend(found, titles, letters)
    with rc_context(FIGURE_STYLE | {"hatch.linewidth": 0.7}):
        figure, axes = frame_above(len(below), high=HIGH)
        _grounds(axes, found)
        _signs(axes, found, letters)
        _here(axes, found)
        _scales(axes, found)
        write_below(axes, below)
        return svg_of(figure)


def flip_alt(found: FlipMap, titles: Names, letters: Names) -> Said:
    """Say who wins where the pair is, who wins anywhere, and how clear the map is."""
    clear, cells = int(found.separated.sum()), found.separated.size
    common: dict[str, Number | str | Said] = {
        "winners": join([letters[found.options[one]] for one in _winners(found)]),
        "clear": Number(id="flip.clear", value=float(clear), unit="places"),
        "cells": Number(id="flip.cells", value=float(cells), unit="places"),
    }
    if _where(found) is None or _beyond(found):
        return say("picture.flip_alt_open", **common)
    column, row = (round(place) for place in _where(found) or (0.0, 0.0))
    best = found.options[found.winner[row, column]]
    sure = found.separated[row, column] or len(found.options) < 2
    return say(
        "picture.flip_alt" if sure else "picture.flip_alt_unclear",
        ratio=Number(id="flip.here.ratio", value=found.here[0], unit="false alarms"),
        share=Number(id="flip.here.prevalence", value=found.here[1]),
        letter=letters[best],
        title=titles[best],
        **common,
    )


def flip_twin(found: FlipMap, titles: Names) -> Table:
    """Tell some of the cells: who wins, and by how much, with its range."""
    across = spread_places(len(found.ratios), SIDE)
    down = spread_places(len(found.prevalences), SIDE)
    heads = [
        say("picture.amount_num", n=_stated("ratio", at, found.ratios)) for at in across
    ]
    rows = tuple(
        (
            say("picture.amount_share", n=_stated("share", at, found.prevalences)),
            *(_cell(found, titles, at, column) for column in across),
        )
        for at in down
    )
    columns = (say("picture.flip_corner"), *heads)
    return Table(say("picture.flip_caption"), columns, rows)


def _stated(part: str, place: int, values: NDArray[np.float64]) -> Number:
    unit = "share" if part == "share" else "false alarms"
    return Number(id=f"flip.{part}_{place}", value=float(values[place]), unit=unit)


def _cell(found: FlipMap, titles: Names, row: int, column: int) -> Said:
    title = titles[found.options[found.winner[row, column]]]
    gap, half = float(found.gap[row, column]), float(found.half[row, column])
    if len(found.options) < 2 or not math.isfinite(gap + half):
        return say("picture.flip_cell_alone", title=title)
    number = Number(
        id=f"flip.gap_{row}_{column}",
        value=gap,
        lo=gap - half,
        hi=gap + half,
        level=found.level,
        method=PAIRED,
        rows="report",
        unit=UNIT,
    )
    second = titles[found.options[found.second[row, column]]]
    if found.separated[row, column]:
        return say("picture.flip_cell", title=title, gap=number)
    return say("picture.flip_cell_unclear", title=title, second=second, gap=number)


# --- the map -------------------------------------------------------------------------


def _grounds(axes: Axes, found: FlipMap) -> None:
    """Each winner's ground, hatched where the next may be as cheap, and the borders."""
    for one in _winners(found):
        ground = TINTS[one % len(TINTS)]
        path = path_of_cells(found.winner == one)
        # Its own colour as outline closes the hair lines between neighbours.
        axes.add_patch(PathPatch(path, fc=ground, ec=ground, lw=0.5))
    if not found.separated.all() and len(found.options) > 1:
        path = path_of_cells(~found.separated)
        axes.add_patch(PathPatch(path, fc="none", ec=QUIET, hatch=HATCH, lw=0))
    border = path_of_borders(found.winner)
    if border is not None:
        axes.add_patch(PathPatch(border, fc="none", ec=INK, lw=1.3))


def _signs(axes: Axes, found: FlipMap, letters: Names) -> None:
    here = _where(found)
    for one, region in find_regions(found.winner):
        for row, column in place_letters(region, here):
            _badge(axes, column, row, letters[found.options[one]])


def _badge(axes: Axes, x: float, y: float, letter: str) -> None:
    axes.text(
        x,
        y,
        letter,
        color=INK,
        ha="center",
        va="center",
        fontsize=11,
        fontweight="bold",
        bbox=Look("circle,pad=0.25", GROUND, INK).box,
    )


# --- where the pair is, and the scales -----------------------------------------------


def _where(found: FlipMap) -> tuple[float, float] | None:
    """Where the pair's own ratio and prevalence lie, in cells; None where not known."""
    ratio, prevalence = found.here
    if not (math.isfinite(ratio) and ratio > 0 and math.isfinite(prevalence)):
        return None
    return (
        float(_at(ratio, found.ratios)),
        float(np.interp(prevalence, found.prevalences, range(len(found.prevalences)))),
    )


def _at(value: float, ratios: NDArray[np.float64]) -> float:
    places = np.arange(len(ratios))
    return float(np.interp(math.log(value), np.log(ratios), places))


def _beyond(found: FlipMap) -> bool:
    pairs = zip(found.here, (found.ratios, found.prevalences), strict=True)
    return any(not each[0] <= value <= each[-1] for value, each in pairs)


def _here(axes: Axes, found: FlipMap) -> None:
    place = _where(found)
    if place is None:
        return
    x, y = place
    for size, width, colour in ((15, 5.5, GROUND), (15, 2.4, INK)):
        axes.plot([x], [y], "o", ms=size, mfc="none", mec=colour, mew=width, zorder=5)
    left = x > 0.62 * len(found.ratios)
    axes.annotate(
        phrase("picture.flip_beyond" if _beyond(found) else "picture.flip_here"),
        (x, y),
        xytext=(-14 if left else 14, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        color=INK,
        fontsize=11,
        fontweight="bold",
        bbox={"boxstyle": "round,pad=0.2", "fc": GROUND, "ec": "none"},
        zorder=6,
    )


def _scales(axes: Axes, found: FlipMap) -> None:
    wide, high = len(found.ratios), len(found.prevalences)
    axes.set(xlim=(-0.5, wide - 0.5), ylim=(-0.5, high - 0.5))
    x = [(_at(v, found.ratios), in_signs(f"{v:g}")) for v in _round_in(found.ratios)]
    share = 100 * found.prevalences
    y = [
        (float(np.interp(v, share, range(high))), in_signs(f"{v:g}"))
        for v in _round_in(share, _TENS)
    ]
    for axis, marks in (
        (axes.xaxis, _thinned(x, wide / 12)),
        (axes.yaxis, _thinned(y, high / 10)),
    ):
        axis.set_ticks([at for at, _ in marks], labels=[name for _, name in marks])
    name_axes(axes, phrase("picture.flip_x"), phrase("picture.flip_y"))


def _round_in(values: NDArray[np.float64], more: tuple[float, ...] = ()) -> list[float]:
    """Round values within the scale, the rounder first; its ends where it has none."""
    least, most = values[0] * (1 - 1e-9), values[-1] * (1 + 1e-9)
    inside = [value for value in (*_ROUND, *more) if least <= value <= most]
    return inside or [float(f"{value:.2g}") for value in (values[0], values[-1])]


def _thinned(marks: Sequence[_Mark], least: float) -> list[_Mark]:
    """Those that have room, the first ones before the later ones."""
    kept: list[_Mark] = []
    for mark in marks:
        if all(abs(mark[0] - other[0]) >= least for other in kept):
            kept.append(mark)
    return kept


# --- the words below -----------------------------------------------------------------


def _winners(found: FlipMap) -> list[int]:
    return [int(one) for one in np.unique(found.winner)]


def _legend(found: FlipMap, titles: Names, letters: Names) -> list[Line]:
    """Winners, two a line where they are many; then what is unclear or wins nowhere."""
    wins = _winners(found)
    parts = [_entry(found.options[one], one, titles, letters) for one in wins]
    each = 1 if len(parts) <= ONE_A_LINE else 2
    lines = [tuple(parts[at : at + each]) for at in range(0, len(parts), each)]
    if not found.separated.all() and len(found.options) > 1:
        look = Look("square,pad=0.28", GROUND, QUIET, hatch=HATCH)
        lines.append((Entry("", phrase("picture.flip_unclear"), look),))
    never = [letters[o] for at, o in enumerate(found.options) if at not in wins]
    if never:
        said = say("picture.flip_nowhere", letters=join(never))
        lines.append((Entry("", said.text),))
    return lines


def _entry(option: str, place: int, titles: Names, letters: Names) -> Entry:
    look = Look("square,pad=0.28", TINTS[place % len(TINTS)], INK)
    return Entry(letters[option], titles[option], look)
