"""Which trade-off: error beside cost, and what the model does beside the business.

Every option stands on the picture with both its ranges; what lies beyond a limit or a
floor is drawn there as well, and never left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib import rc_context

from workshop.analysis.impact.floors import FloorState
from workshop.record.values import Number
from workshop.views.amounts import amount, join, reach, shorten
from workshop.views.figures import mix_with_white, svg_of
from workshop.views.figures_points import (
    Box,
    Limits,
    OptionPoint,
    draw_points,
    empty_frame,
    look_of,
    write_scales,
    write_word,
)
from workshop.views.figures_words import LETTERS, Entry, Line, name_axes, write_below
from workshop.views.section import Table
from workshop.views.style import FIGURE_STYLE, INK, QUIET, ROLES
from workshop.views.wording import Said, as_written, phrase, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# --- error beside cost ---------------------------------------------------------------


def plot_front(
    points: Sequence[OptionPoint], *, ylabel: str, limits: Limits = (None, None)
) -> str:
    """Draw error against a cost, lower better on both; the unbeaten ones joined.

    ``limits`` are the most that may go wrong (a share) and the most it may cost, in
    the points' own unit; what lies beyond is shaded. ``ylabel`` names the cost; false
    alarms a decision are written for 100 decisions.
    """
    with rc_context(FIGURE_STYLE):
        figure, axes = empty_frame(points, limits)
        taken = _shade_beyond(axes, limits)
        _join_front(axes, points)
        draw_points(axes, points, taken, filled=lambda one: one.on_front)
        write_below(axes, [_line(one, _front_words(one)) for one in points])
        write_scales(axes, points)
        name_axes(axes, phrase("picture.front_x"), ylabel)
        return svg_of(figure)


def front_alt(
    points: Sequence[OptionPoint], *, measure: str, limits: Limits = (None, None)
) -> Said:
    """Say what is drawn, and which options no other beats in everything."""
    front = join(
        [one.letter for one in points if one.on_front and one.drawn]
        or [phrase("picture.unknown")]
    )
    key = "front_alt" if limits == (None, None) else "front_alt_limits"
    return say(f"picture.{key}", measure=measure, front=front)


def front_twin(points: Sequence[OptionPoint], *, measure: str) -> Table:
    """Tell each option's error, cost and time, and whether another beats it."""
    columns = (
        say("picture.col_option"),
        say("picture.col_wrong"),
        as_written(measure),
        say("picture.col_time"),
        say("picture.col_front"),
        say("picture.col_limits"),
    )
    rows = tuple(
        (
            _signed(one),
            reach(one.x),
            reach(one.y),
            say("picture.unknown") if one.latency is None else reach(one.latency),
            _beside(one),
            say(f"picture.front_{'beyond' if one.outside else 'within'}"),
        )
        for one in points
    )
    return Table(say("picture.front_caption", measure=measure), columns, rows)


def _beside(one: OptionPoint) -> Said:
    if not one.drawn:
        return say("picture.unknown")
    return say(f"picture.front_{'yes' if one.on_front else 'no'}")


def _front_words(one: OptionPoint) -> str:
    """Its words with its time, and that it is beyond a limit where it is."""
    late = one.latency if one.latency and one.latency.value is not None else None
    title = shorten(one.title, LETTERS - 12 * (late is not None) - 22 * one.outside)
    said = say("picture.front_name", title=title)
    if late is not None:
        said = say("picture.front_late", label=said, time=amount(late))
    if one.outside:
        said = say("picture.front_out", label=said)
    return said.text


def _line(one: OptionPoint, words: str, *, front: bool = True) -> Line:
    if not one.drawn:
        title = shorten(words, LETTERS - 14)
        words = say("picture.undrawn", label=title).text
    filled = one.drawn and (one.on_front if front else one.chosen)
    return (Entry(one.letter, words, look_of(one, filled=filled)),)


def _shade_beyond(axes: Axes, limits: Limits) -> list[Box]:
    """Shade what is worse than a limit; give the places of the words on it."""
    ground = mix_with_white(ROLES["left_alone"], 0.45)
    right, high = axes.get_xlim()[1], axes.get_ylim()[1]
    taken = []
    if limits[0] is not None:
        axes.axvspan(limits[0], right, color=ground, lw=0, zorder=0)
        axes.axvline(limits[0], color=QUIET, lw=1.2, zorder=1)
        taken.append(
            write_word(axes, (right, high), phrase("picture.front_outside"), "tr")
        )
    if limits[1] is not None:
        axes.axhspan(limits[1], high, color=ground, lw=0, zorder=0)
        axes.axhline(limits[1], color=QUIET, lw=1.2, zorder=1)
        if not taken:
            word = phrase("picture.front_outside")
            taken.append(write_word(axes, (right, high), word, "tr"))
    return taken


def _join_front(axes: Axes, points: Sequence[OptionPoint]) -> None:
    """Steps through those that no other beats in both; the rest lead in time alone."""
    stairs: list[tuple[float, float]] = []
    for x, y in sorted(one.at for one in points if one.on_front and one.drawn):
        if not stairs or y < stairs[-1][1]:
            stairs.append((x, y))
    if len(stairs) > 1:
        across, up = zip(*stairs, strict=True)
        axes.step(across, up, where="post", color=INK, lw=1, zorder=2)


# --- both floors ---------------------------------------------------------------------


def plot_dual(
    points: Sequence[OptionPoint],
    model: FloorState | None,
    business: FloorState | None,
    *,
    labels: tuple[str, str],
) -> str:
    """Draw every option between both floors, tinted where both hold.

    ``labels`` name the two measures; a floor is None where none was set.
    """
    bounds = (_bound(model), _bound(business))
    with rc_context(FIGURE_STYLE):
        figure, axes = empty_frame(points, bounds)
        taken = [*_tint_both(axes, model, business), *_floors(axes, model, business)]
        draw_points(axes, points, taken, filled=lambda one: one.chosen)
        write_below(axes, [_line(one, one.title, front=False) for one in points])
        write_scales(axes, points)
        name_axes(axes, *labels)
        return svg_of(figure)


def dual_alt(
    points: Sequence[OptionPoint],
    model: FloorState | None,
    business: FloorState | None,
    *,
    labels: tuple[str, str],
) -> Said:
    """Say what is drawn, and for which options both floors hold by the estimates."""
    given: dict[str, str | Said] = {"x": labels[0], "y": labels[1]}
    if model is None or business is None:
        return say("picture.dual_alt_half", **given)
    both = [
        one.letter
        for one in points
        if one.drawn and _holds(model, one.x) and _holds(business, one.y)
    ]
    if not both:
        return say("picture.dual_alt_none", **given)
    return say("picture.dual_alt", both=join(both), **given)


def dual_twin(
    points: Sequence[OptionPoint],
    model: FloorState | None,
    business: FloorState | None,
    *,
    labels: tuple[str, str],
) -> Table:
    """Tell each option's two figures, and whether each floor holds."""
    columns = (
        say("picture.col_option"),
        as_written(labels[0]),
        say("picture.col_model_floor"),
        as_written(labels[1]),
        say("picture.col_business_floor"),
    )
    rows = tuple(
        (
            _signed(one),
            reach(one.x),
            _standing(model, one.x),
            reach(one.y),
            _standing(business, one.y),
        )
        for one in points
    )
    caption = say("picture.dual_caption", x=labels[0], y=labels[1])
    chosen = next((at for at, one in enumerate(points) if one.chosen), None)
    return Table(caption, columns, rows, chosen)


def _bound(floor: FloorState | None) -> float | None:
    return None if floor is None else floor.bound.value


def _holds(floor: FloorState, value: Number) -> bool:
    return _within(floor, value.value)


def _within(floor: FloorState, value: float | None) -> bool:
    bound = floor.bound.value
    if bound is None or value is None:
        return False
    return value <= bound if floor.side == "at_most" else value >= bound


def _standing(floor: FloorState | None, value: Number) -> Said:
    """Whether a floor holds, and whether the range reaches to its other side."""
    if floor is None:
        return say("picture.no_floor")
    if value.value is None or floor.bound.value is None:
        return say("picture.unknown")
    held = _holds(floor, value)
    ends = [end for end in (value.lo, value.hi) if end is not None]
    sure = all(_within(floor, end) == held for end in ends)
    key = "holds" if held else "breaks"
    return say(f"picture.{key}" if sure else f"picture.{key}_unsure")


def _tint_both(
    axes: Axes, model: FloorState | None, business: FloorState | None
) -> list[Box]:
    """Tint where both hold; give the place of the word on it."""
    if _bound(model) is None or _bound(business) is None:
        return []
    spans = [
        _span(floor, ends)
        for floor, ends in ((model, axes.get_xlim()), (business, axes.get_ylim()))
        if floor is not None
    ]
    (left, right), (low, high) = spans
    ground = mix_with_white(ROLES["caught"], 0.86)
    axes.fill_between([left, right], low, high, color=ground, lw=0, zorder=0)
    at_left = model is not None and model.side == "at_most"
    at_top = business is not None and business.side == "at_least"
    corner = (left if at_left else right, high if at_top else low)
    place = f"{'t' if at_top else 'b'}{'l' if at_left else 'r'}"
    word = phrase("picture.dual_both")
    return [
        write_word(axes, corner, word, place, color=ROLES["caught"], fontweight="bold")
    ]


def _span(floor: FloorState, ends: tuple[float, float]) -> tuple[float, float]:
    bound = floor.bound.value or 0.0
    return (ends[0], bound) if floor.side == "at_most" else (bound, ends[1])


def _floors(
    axes: Axes, model: FloorState | None, business: FloorState | None
) -> list[Box]:
    """Both floors as lines with their words on the far side."""
    taken = []
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    if model is not None and model.bound.value is not None:
        axes.axvline(model.bound.value, color=INK, lw=1.4, zorder=1)
        word = say("picture.dual_model", bound=amount(model.bound)).text
        room = model.bound.value < left + 0.6 * (right - left)
        away = "bl" if _top_right(business) else "tl"
        at = (model.bound.value, low if away == "bl" else high)
        taken.append(write_word(axes, at, word, away if room else f"{away[0]}r"))
    if business is not None and business.bound.value is not None:
        axes.axhline(business.bound.value, color=INK, lw=1.4, zorder=1)
        word = say("picture.dual_business", bound=amount(business.bound)).text
        low_half = business.bound.value < low + 0.5 * (high - low)
        taken.append(
            write_word(
                axes, (right, business.bound.value), word, "br" if low_half else "tr"
            )
        )
    return taken


def _top_right(business: FloorState | None) -> bool:
    return business is None or business.side == "at_least"


def _signed(one: OptionPoint) -> Said:
    return say("picture.lettered", letter=one.letter, title=one.title)
