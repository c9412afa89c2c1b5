"""Did the promise hold? Pictures of a retrospective: week by week, and then beside now.

Each function takes computed values and gives SVG text; the table that says the same is
made beside the words. Shapes say what colours say, so that grey loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from workshop.record.values import Number
from workshop.views.amounts import shorten
from workshop.views.figures import legend_above, mix_with_white, svg_of
from workshop.views.style import FIGURE_STYLE, INK, LINE, QUIET, ROLES
from workshop.views.wording import in_signs

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Labels = Mapping[str, str]
NOW, BROKEN = ROLES["caught"], ROLES["false_alarm"]
MOST_TICKS = 6
FEW_POINTS = 30
"""Up to so many weeks the marks are large."""


def plot_weeks(
    weeks: Sequence[tuple[str, Number]],
    *,
    bound: float,
    at_most: bool,
    whole: tuple[str, str, Number] | None = None,
    alarm: str = "",
    labels: Labels,
) -> str:
    """Draw a clause's figure week by week against its limit.

    ``weeks`` pairs each week's first day with its figure; a week without one leaves a
    space. The side of ``bound`` that was not promised is hatched. ``whole`` is the
    clause's own window, first and last day, with the figure of all its rows together.
    ``alarm`` names the week in which the monitor called. ``labels`` are those of the
    axis (``y``), the limit (``bound``), the window (``whole``) and the ``alarm``.
    """
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(7.2, 2.9), layout="constrained")
        axes = figure.add_subplot()
        share = all(number.unit == "share" for _, number in weeks)
        low, high = _reach([number for _, number in weeks], bound, share=share)
        axes.set(ylim=(low, high), xlim=(-0.7, max(len(weeks), 8) - 0.3))
        _forbid(axes, bound, at_most=at_most, ends=(low, high))
        for place, (name, number) in enumerate(weeks):
            _week(axes, place, number, alarm=name == alarm, few=len(weeks) < FEW_POINTS)
        signs = {"bound": axes.plot([], [], color=INK, lw=1.6)[0]}
        if whole is not None and whole[2].value is not None:
            signs["whole"] = _together(axes, [name for name, _ in weeks], *whole)
        if _mark_alarm(axes, weeks, alarm):
            signs["alarm"] = axes.plot([], [], "D", ms=9, color=BROKEN)[0]
        shown = [labels[name] for name in signs]
        legend_above(figure, list(signs.values()), shown, columns=3)
        _name_weeks(axes, [name for name, _ in weeks])
        _name_values(axes, labels["y"], share=share)
        return svg_of(figure)


def plot_then_now(
    rows: Sequence[tuple[str, Number, Number]], *, xlabel: str, labels: Labels
) -> str:
    """Draw what was seen at the choice (hollow) above what happened since (filled).

    ``rows`` are name, then, now: shares with their ranges. ``labels`` name both signs.
    """
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(7.2, 1.2 + 0.62 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        for place, (_, then, now) in enumerate(rows):
            _dot(axes, -place + 0.16, then, colour=QUIET, filled=False)
            _dot(axes, -place - 0.16, now, colour=NOW, filled=True)
        axes.set_yticks(
            [-place for place in range(len(rows))], [shorten(r[0], 26) for r in rows]
        )
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(-len(rows) + 0.45, 0.55)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(xlabel)
        axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")
        axes.grid(axis="x", color=LINE, lw=0.6)
        axes.set_axisbelow(True)
        _explain_dots(figure, axes, labels)
        return svg_of(figure)


# --- week by week --------------------------------------------------------------------


def _reach(
    numbers: Sequence[Number], bound: float, *, share: bool
) -> tuple[float, float]:
    """Room for the limit and for every range, a little more on either side."""
    ends = [bound]
    for number in numbers:
        ends += [e for e in (number.value, number.lo, number.hi) if e is not None]
    low, high = min(ends), max(ends)
    room = 0.12 * (high - low) or 0.1 * (abs(high) or 1.0)
    if share:
        return max(-0.04, low - room), min(1.04, high + room)
    return low - room, high + room


def _forbid(
    axes: Axes, bound: float, *, at_most: bool, ends: tuple[float, float]
) -> None:
    """Hatch what was not promised, and draw the limit itself."""
    span = (bound, ends[1]) if at_most else (ends[0], bound)
    ground, strokes = mix_with_white(BROKEN, 0.93), mix_with_white(BROKEN, 0.72)
    axes.axhspan(*span, fc=ground, ec=strokes, hatch="///", lw=0, zorder=0)
    axes.axhline(bound, color=INK, lw=1.6, zorder=1)


def _week(axes: Axes, place: int, number: Number, *, alarm: bool, few: bool) -> None:
    """A week's figure over its range, which stays in the background."""
    if number.value is None:
        return
    colour = BROKEN if alarm else NOW
    if number.lo is not None and number.hi is not None:
        ends, quiet = [number.lo, number.hi], mix_with_white(colour, 0.35)
        axes.plot([place, place], ends, color=quiet, lw=2 if few else 1.2, zorder=2)
    size = (8 if few else 5) + (3 if alarm else 0)
    mark = "D" if alarm else "o"
    edge = {"mec": "white", "mew": 1} if few else {"mew": 0}
    axes.plot([place], [number.value], mark, color=colour, ms=size, zorder=3, **edge)


def _together(
    axes: Axes, names: Sequence[str], first: str, last: str, number: Number
) -> Artist:
    """A box over the window's weeks, as high as its range, with its figure across."""
    began = [place for place, name in enumerate(names) if name <= first]
    ended = [place for place, name in enumerate(names) if name <= last]
    left = (began[-1] if began else 0) - 0.45
    right = (ended[-1] if ended else 0) + 0.45
    low = number.value if number.lo is None else number.lo
    high = number.value if number.hi is None else number.hi
    box = Rectangle(
        (left, low),
        right - left,
        high - low,
        fc=mix_with_white(ROLES["asked"], 0.55),
        ec=ROLES["asked"],
        lw=1,
        zorder=1,
    )
    axes.add_patch(box)
    axes.plot([left, right], [number.value] * 2, color=ROLES["asked"], lw=2.5, zorder=1)
    return Rectangle((0, 0), 1, 1, fc=box.get_facecolor(), ec=box.get_edgecolor())


def _mark_alarm(axes: Axes, weeks: Sequence[tuple[str, Number]], alarm: str) -> bool:
    """A line through the week of the alarm; False where no week is that one."""
    places = [place for place, (name, _) in enumerate(weeks) if name == alarm]
    if not alarm or not places:
        return False
    axes.axvline(places[0], color=BROKEN, lw=1, ls=(0, (2, 2)), zorder=1)
    return True


def _name_weeks(axes: Axes, names: Sequence[str]) -> None:
    """A few of the weeks by name, evenly apart; the rest only as a tick."""
    step = -(-len(names) // MOST_TICKS) or 1
    named = range(0, len(names), step)
    axes.set_xticks(list(named), [names[place] for place in named])
    axes.tick_params(axis="x", labelsize=9.5, color=LINE)


def _name_values(axes: Axes, label: str, *, share: bool) -> None:
    axes.set_ylabel(label)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, min_n_ticks=3))
    scale = 100 if share else 1
    axes.yaxis.set_major_formatter(lambda value, _: in_signs(f"{scale * value:.3g}"))
    axes.grid(axis="y", color=LINE, lw=0.6)
    axes.set_axisbelow(True)


# --- then beside now -----------------------------------------------------------------


def _dot(axes: Axes, y: float, number: Number, *, colour: str, filled: bool) -> None:
    if number.value is None:
        return
    if number.lo is not None and number.hi is not None:
        axes.plot([number.lo, number.hi], [y, y], color=colour, lw=2)
    axes.plot(
        [number.value],
        [y],
        "o" if filled else "s",
        ms=8,
        color=colour if filled else "white",
        mec=colour,
        mew=1.8,
    )


def _explain_dots(figure: Figure, axes: Axes, labels: Labels) -> None:
    signs = [
        axes.plot([], [], "s", ms=8, color="white", mec=QUIET, mew=1.8)[0],
        axes.plot([], [], "o", ms=8, color=NOW, mec=NOW)[0],
    ]
    legend_above(figure, signs, [labels["then"], labels["now"]], columns=3)
