"""Drawing what stands around one line: its bands, its scores, every pair of lines.

Each function takes what the analysis found and gives SVG text; the table that says the
same is made beside the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from workshop.analysis.bands import Band
from workshop.analysis.calibration import Bin
from workshop.analysis.review_bands import BandGrid
from workshop.record.values import Number
from workshop.views.figures import (
    legend_above,
    mix_with_white,
    set_percent_ticks,
    svg_of,
)
from workshop.views.style import FIGURE_STYLE, INK, LINE, QUIET, ROLES
from workshop.views.wording import in_signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

Labels = Mapping[str, str]
ABOVE = (0.5, 1, 2, 5, 10, 20)
"""Steps of the ramp: false alarms in 100 decisions above the least."""
RAMP = ("#0b3f3b", "#1d6b65", "#4f948d", "#86b7b1", "#b7d5d1", "#dceae8", "#f4f8f7")
"""From dark, near the least cost, to light; even steps in grey."""
TICKS = 5


def plot_bands(
    precision: ArrayLike,
    recall: ArrayLike,
    pointwise: Band,
    simultaneous: Band,
    *,
    labels: Labels,
    marked: tuple[float, Number, Number] | None = None,
    again: tuple[float, float] | None = None,
) -> str:
    """Draw precision and recall at each threshold, with both bands.

    ``precision`` and ``recall`` have the shape of the bands' thresholds. ``marked`` is
    a threshold with precision and recall there; ``again`` is where the cheapest
    threshold falls on other samples, drawn on the axis.
    """
    shown = np.isfinite(pointwise.thresholds)
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(7.2, 5.6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, sharey=True)
        for axes, name, values in (
            (above, "precision", precision),
            (below, "recall", recall),
        ):
            x, y = pointwise.thresholds[shown], np.asarray(values)[shown]
            for band in (pointwise, simultaneous):
                _band(axes, x, band, name, shown, label=labels[band.kind])
            axes.plot(x, y, color=ROLES["caught"], lw=2)
            _share_of_scores(axes, labels[name])
            if again is not None:
                _span(axes, again, x, labels["again"])
            if marked is not None:
                number = marked[1] if name == "precision" else marked[2]
                _mark(axes, marked[0], number, label=labels["chosen"])
        below.set_xlabel(labels["score"])
        legend_above(figure, *above.get_legend_handles_labels(), columns=2)
        return svg_of(figure)


def _share_of_scores(axes: Axes, name: str) -> None:
    """Axes of a share, from none to all, along the score."""
    axes.set(ylim=(0, 1.04), ylabel=name)
    set_percent_ticks(axes)
    axes.xaxis.set_major_formatter(lambda value, _: in_signs(f"{value:.3g}"))


def _band(
    axes: Axes,
    x: NDArray[np.float64],
    band: Band,
    name: str,
    shown: NDArray[np.bool_],
    *,
    label: str,
) -> None:
    """The pointwise band as ground, the simultaneous one as its outline."""
    lo, hi = (getattr(band, f"{name}_{end}")[shown] for end in ("lo", "hi"))
    if band.kind == "pointwise":
        ground = mix_with_white(ROLES["caught"], 0.75)
        axes.fill_between(x, lo, hi, color=ground, lw=0, label=label)
        return
    for end, told in ((lo, label), (hi, "_")):
        axes.plot(x, end, color=INK, lw=1, ls=(0, (4, 2)), label=told)


def _span(
    axes: Axes, ends: tuple[float, float], x: NDArray[np.float64], label: str
) -> None:
    """A strip as wide as the range, as far as there are scores."""
    lo, hi = (min(max(end, x.min()), x.max()) for end in ends)
    ground, strokes = mix_with_white(ROLES["missed"], 0.75), ROLES["missed"]
    # Hatched, so that it stays apart from the band in grey.
    axes.axvspan(
        lo, hi, fc=ground, ec=strokes, hatch="///", lw=0, zorder=0, label=label
    )


def _mark(axes: Axes, cut: float, number: Number, *, label: str) -> None:
    axes.axvline(cut, color=ROLES["false_alarm"], lw=1.2)
    if number.value is None:
        return
    if number.lo is not None and number.hi is not None:
        axes.plot([cut, cut], [number.lo, number.hi], color=ROLES["false_alarm"], lw=3)
    axes.plot(
        [cut], [number.value], "D", color=ROLES["false_alarm"], ms=8, ls="", label=label
    )


def plot_reliability(bins: Sequence[Bin], *, labels: Labels) -> str:
    """Draw what came in each bin against its mean score, with intervals."""
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=QUIET, lw=1, ls=(0, (4, 3)))
        axes.annotate(
            labels["as"],
            (0.98, 0.98),
            color=QUIET,
            fontsize=10,
            ha="right",
            va="bottom",
            xytext=(-14, 2),
            textcoords="offset points",
        )
        for one in bins:
            if one.came.lo is not None and one.came.hi is not None:
                axes.plot(
                    [one.mean] * 2,
                    [one.came.lo, one.came.hi],
                    color=ROLES["caught"],
                    lw=2,
                )
            if one.came.value is not None:
                axes.plot(
                    [one.mean], [one.came.value], "o", color=ROLES["caught"], ms=7
                )
        axes.set(xlim=(0, 1.02), ylim=(0, 1.06))
        axes.set(xlabel=labels["says"], ylabel=labels["came"])
        set_percent_ticks(axes)
        return svg_of(figure)


def plot_band_grid(
    grid: BandGrid,
    *,
    least: float,
    best: tuple[float, float] | None,
    single: tuple[float, float] | None,
    labels: Labels,
) -> str:
    """Draw what each pair of cuts costs above the least, dark where it is near.

    ``best`` and ``single`` are pairs (act, ask) to be marked; on the diagonal nobody is
    asked.
    """
    edges = [least - 1, *(least + step / 100 for step in ABOVE), least + 1e6]
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(7.2, 5.0), layout="constrained")
        axes = figure.add_subplot()
        # filled contours and not an image: they stay sharp in print, and small; each
        # lies on the lighter one, so that an edge between two is drawn only once
        for edge, colour in reversed(list(zip(edges[1:], RAMP, strict=True))):
            axes.contourf(grid.cost, levels=[edges[0], edge], colors=[colour])
        axes.set_aspect("equal")
        _grid_ticks(axes, grid, labels)
        _pairs(axes, grid, best=best, single=single, labels=labels)
        ramp = ScalarMappable(BoundaryNorm(edges, len(RAMP)), ListedColormap(RAMP))
        bar = figure.colorbar(ramp, ax=axes, shrink=0.8, spacing="uniform")
        bar.set_ticks(edges[1:-1], labels=[in_signs(f"+{step:g}") for step in ABOVE])
        bar.set_label(labels["above"])
        bar.minorticks_off()
        bar.outline.set_edgecolor(LINE)
        return svg_of(figure)


def spread_places(count: int, most: int) -> list[int]:
    """At most ``most`` of ``count`` places, evenly spaced, both ends among them.

    >>> spread_places(100, 5)
    [0, 25, 50, 74, 99]
    """
    if count <= most:
        return list(range(count))
    return [round(step * (count - 1) / (most - 1)) for step in range(most)]


def _grid_ticks(axes: Axes, grid: BandGrid, labels: Labels) -> None:
    places = spread_places(len(grid.thresholds), TICKS)
    names = [
        in_signs(f"{cut:.3g}") if np.isfinite(cut) else labels["nobody"]
        for cut in grid.thresholds[places]
    ]
    axes.set_xticks(places, names)
    axes.set_yticks(places, names)
    axes.set(xlabel=labels["ask"], ylabel=labels["act"])


def _pairs(
    axes: Axes,
    grid: BandGrid,
    *,
    best: tuple[float, float] | None,
    single: tuple[float, float] | None,
    labels: Labels,
) -> None:
    for pair, mark, name in ((single, "o", "single"), (best, "D", "best")):
        if pair is None or (name == "single" and pair == best):
            continue
        act, ask = (_place(grid, cut) for cut in pair)
        axes.plot(
            [ask],
            [act],
            mark,
            ms=9,
            mfc=ROLES["missed"],
            mec=INK,
            mew=1.4,
            ls="",
            label=labels[name],
        )
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", frameon=False, fontsize=10)


def _place(grid: BandGrid, cut: float) -> int:
    """Where a threshold stands among the grid's, which descend."""
    return int(np.searchsorted(-grid.thresholds, -cut))
