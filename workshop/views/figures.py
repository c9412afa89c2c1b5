"""Drawing values: every static picture, as inline SVG.

Each function takes computed values and gives SVG text; the table that says the same
is made in `workshop.views.tables` from the same values.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from workshop.record.values import Number
from workshop.views.amounts import shorten
from workshop.views.crowd import Crowd, ids_of
from workshop.views.style import FIGURE_STYLE, INK, LINE, QUIET, ROLES
from workshop.views.svg import slim

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

_PERSON = (
    "M-3.4-5.9a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z"
    "m-2.3 16.1c0-11.4 11.4-11.4 11.4 0z"
)
"""A head over rounded shoulders."""
LONGEST = 34
"""Letters of a name that has room beside its range."""
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def plot_people(error: Number, *, of: str = "false_alarm") -> str:
    """Draw 100 people, grouped: those who are hit, those who might be, the rest.

    The filled ones are the estimate; the ones with a coloured outline reach up to the
    interval's upper end. ``of`` is the role whose colour marks a hit.
    """
    hit = round(100 * (error.value or 0))
    upper = hit if error.hi is None else max(hit, round(100 * error.hi))
    lower = hit if error.lo is None else min(hit, round(100 * error.lo))
    colour = ROLES[of]
    rest = ROLES["left_alone"]
    groups = (
        (0, lower, colour, colour),
        (lower, hit, mix_with_white(colour, 0.45), colour),
        (hit, upper, rest, colour),
        (upper, 100, rest, rest),
    )
    ids = ids_of(error.id, of, lower, hit, upper)
    crowd = Crowd(ids, _PERSON, (22.6, 23.9), (24.9, 0.0), (0.0, 29.4), 20)
    people = "".join(
        f'<g fill="{face}" stroke="{edge}">{crowd.people(start, end)}</g>'
        for start, end, face, edge in groups
        if start < end
    )
    return (
        f'<svg class="cg-crowd" viewBox="0 0 518.4 165.6">{crowd.defined()}'
        f'<g stroke-width="1.6">{people}</g></svg>'
    )


def plot_curve(
    recall: ArrayLike,
    precision: ArrayLike,
    *,
    band: tuple[Sequence[float | None], Sequence[float | None]],
    labels: tuple[str, str],
    chosen: tuple[Number, Number] | None,
    chosen_label: str,
    base: Number,
    base_label: str,
) -> str:
    """Draw precision against recall, act-on-everyone's precision, the chosen point.

    ``recall`` and ``precision`` are arrays of one length, one entry a cut; they come
    from the rows that the threshold is chosen on. ``band`` holds the lower and the
    upper ends of precision there, None where there is none. ``chosen`` is (recall,
    precision) on the rows kept aside, drawn with both intervals.
    """
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(7.2, 3.8), layout="constrained")
        axes = figure.add_subplot()
        lo, hi = (np.array(ends, dtype=float) for ends in band)
        axes.fill_between(
            recall, lo, hi, step="post", color=ROLES["caught"], alpha=0.14, lw=0
        )
        axes.step(recall, precision, where="post", color=ROLES["caught"], lw=2)
        if base.value is not None:
            _mark_everyone(axes, base.value, base_label)
        if chosen is not None and chosen[0].value is not None:
            _cross(axes, *chosen, label=chosen_label)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.04), xlabel=labels[0], ylabel=labels[1])
        set_percent_ticks(axes)
        return svg_of(figure)


def plot_ranges(
    rows: Sequence[tuple[str, Number]],
    *,
    xlabel: str,
    marked: str = "",
    line: float | None = None,
    line_label: str = "",
) -> str:
    """Draw one interval a row, for options or for groups beside each other.

    ``rows`` are pairs of a name and a share with its range, drawn as so many of 100;
    ``marked`` is the name that stands out, ``line`` a share to hold them against.
    """
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(7.2, 0.9 + 0.42 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        for place, (name, number) in enumerate(rows):
            _range(axes, -place, number, strong=name == marked)
        axes.set_yticks(
            [-place for place in range(len(rows))],
            [shorten(name, LONGEST) for name, _ in rows],
        )
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["left"].set_visible(False)
        if line is not None:
            axes.axvline(line, color=ROLES["missed"], lw=2)
            axes.annotate(
                line_label,
                (line, 0.62),
                color=QUIET,
                fontsize=10,
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
            )
        axes.set_ylim(-len(rows) + 0.4, 0.9)
        axes.set_xlim(left=0)
        axes.set_xlabel(xlabel)
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")
        return svg_of(figure)


def _range(axes: Axes, y: float, number: Number, *, strong: bool) -> None:
    if number.value is None:
        return
    colour = ROLES["caught"] if strong else QUIET
    if number.lo is not None and number.hi is not None:
        axes.plot([number.lo, number.hi], [y, y], color=colour, lw=3 if strong else 2)
    axes.plot([number.value], [y], "o", color=colour, ms=9 if strong else 7)


def _mark_everyone(axes: Axes, precision: float, label: str) -> None:
    """A line where acting on everyone would be."""
    axes.axhline(precision, color=QUIET, lw=1, ls=(0, (4, 3)))
    axes.annotate(
        label,
        (0.01, precision),
        color=QUIET,
        fontsize=10,
        va="top",
        xytext=(0, -4),
        textcoords="offset points",
    )


def _cross(axes: Axes, recall: Number, precision: Number, *, label: str) -> None:
    x, y = recall.value, precision.value
    if x is None or y is None:
        return
    colour = ROLES["false_alarm"]
    if None not in (precision.lo, precision.hi):
        axes.plot([x, x], [precision.lo, precision.hi], color=colour, lw=2)
    if None not in (recall.lo, recall.hi):
        axes.plot([recall.lo, recall.hi], [y, y], color=colour, lw=2)
    axes.plot([x], [y], "D", color=colour, ms=9, mec="white")
    axes.annotate(
        label, (x, y), color=colour, xytext=(10, 12), textcoords="offset points"
    )


def set_percent_ticks(axes: Axes) -> None:
    """Write both axes' shares as whole numbers of 100, over a quiet grid."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")
    axes.grid(color=LINE, lw=0.6)
    axes.set_axisbelow(True)


def legend_above(
    figure: Figure, signs: Sequence[Artist], names: Sequence[str], *, columns: int
) -> None:
    """Name above the figure, once, what its axes show."""
    figure.legend(
        signs,
        names,
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        fontsize=10,
    )


def mix_with_white(colour: str, white: float) -> str:
    """A lighter ``#rrggbb``: 0 leaves the colour as it is, 1 is white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(p + (255 - p) * white):02x}" for p in parts)


def svg_of(figure: Figure) -> str:
    """Save as SVG that may stand inside a page: light, no address, no style, no dates.

    Text stays text, so the reader's own fonts draw what ours lacks.
    """
    out = StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(out, format="svg", metadata=_NO_METADATA, transparent=True)
    return slim(out.getvalue())
