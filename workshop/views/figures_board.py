"""Drawing the gap board: each question a track, each person a mark on it.

All tracks have one scale, on which ten times as much is the same length: so the bar
between the two halves is as long as they are far apart, question by question. Who is
told by the mark's shape and lane, never by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

from workshop.views.amounts import shorten
from workshop.views.figures import mix_with_white, svg_of
from workshop.views.style import FIGURE_STYLE, INK, LINE, QUIET, ROLES
from workshop.views.wording import in_signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Scale = Literal["share", "ratio", "choice"]

SHAPES = {
    "product": "o",
    "engineering": "s",
    "support": "^",
    "legal": "v",
    "design": "p",
    "measured": "D",
}
LEAST = 0.001
"""Where a share of nothing is drawn: a scale of times has no zero."""
DECADES = (1.5, 3.0)
"""The least and the most that a track spans, in powers of ten."""
_TICKS = [step * 10.0**power for power in range(-3, 7) for step in (1, 3)]

_WIDE, _NAMES, _VALUES = 4.8, 1.02, 1.36
_LANE, _HEAD, _FOOT, _BETWEEN = 0.27, 0.34, 0.24, 0.2
# to the page's style sheet: never wider than a small screen
_FITS = ' class="cg-narrow"'


@dataclass(frozen=True, slots=True)
class Lane:
    """One mark on a track: whose, where, and what is written beside it.

    ``at`` is a share in 0..1, a ratio, or for a choice a place in powers of ten; so are
    the ends ``lo`` and ``hi`` and the later place ``then``. None is not drawn.
    """

    who: str
    name: str
    text: str
    at: float | None
    lo: float | None = None
    hi: float | None = None
    then: float | None = None

    def places(self) -> Iterator[float]:
        """Everything that has to find room on the track."""
        for value in (self.at, self.lo, self.hi, self.then):
            if value is not None:
                yield value


@dataclass(frozen=True, slots=True)
class Track:
    """A question: its title, how far apart in words, and a lane for each mark."""

    title: str
    apart: str
    scale: Scale
    lanes: tuple[Lane, ...]

    @property
    def height(self) -> float:
        """How much of the paper it takes, in inches."""
        foot = 0.0 if self.scale == "choice" else _FOOT
        return _HEAD + _LANE * len(self.lanes) + foot


def plot_board(tracks: Sequence[Track]) -> str:
    """Draw the questions under each other, the first one marked.

    The first two lanes of a track, product's and engineering's, are joined by a bar;
    the others stand beside.
    """
    tall = sum(track.height + _BETWEEN for track in tracks)
    wide = _decades(tracks)
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(_WIDE, tall))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(0, _WIDE), ylim=(tall, 0))
        axes.set_axis_off()
        top = 0.0
        for place, track in enumerate(tracks):
            _Drawn(axes, track, top, wide, first=place == 0).draw()
            top += track.height + _BETWEEN
        return svg_of(figure).replace("<svg", f"<svg{_FITS}", 1)


def _decades(tracks: Sequence[Track]) -> float:
    """The powers of ten that every track spans: as many as the widest one needs."""
    drawn = [places for track in tracks if (places := _logs(track))]
    widest = max((max(places) - min(places) for places in drawn), default=0.0)
    least, most = DECADES
    return min(max(widest + 0.35, least), most)


def _logs(track: Track) -> list[float]:
    places = [place for lane in track.lanes for place in lane.places()]
    if track.scale == "choice":
        return places
    return [math.log10(max(place, LEAST)) for place in places]


@dataclass(frozen=True)
class _Drawn:
    """One track on the paper: ``top`` is its upper edge, ``wide`` its powers of ten."""

    axes: Axes
    track: Track
    top: float
    wide: float
    first: bool

    def draw(self) -> None:
        self._head()
        if self.track.scale != "choice":
            self._scale()
        self._bar()
        for place, lane in enumerate(self.track.lanes):
            self._lane(lane, self._middle(place))

    def _middle(self, place: int) -> float:
        return self.top + _HEAD + _LANE * (place + 0.5)

    @property
    def _start(self) -> float:
        """The power of ten at the track's left end: what is drawn stands midway."""
        places = _logs(self.track)
        if not places:
            return 0.0
        if max(places) - min(places) > self.wide:
            # whoever lies far off stands at the edge, and the two halves in the middle
            places = _logs(replace(self.track, lanes=self.track.lanes[:2]))
        start = (min(places) + max(places) - self.wide) / 2
        # nothing lies above 100 of 100
        most = 0.06 - self.wide if self.track.scale == "share" else start
        return min(start, most)

    def _x(self, place: float) -> float:
        room = _WIDE - _NAMES - _VALUES
        if self.track.scale != "choice":
            place = math.log10(max(place, LEAST))
        along = (place - self._start) / self.wide
        return _NAMES + room * min(max(along, 0.0), 1.0)

    def _head(self) -> None:
        weight = "bold" if self.first else "normal"
        line = self.top + 0.15
        self._say(0.0, line, self.track.title, color=INK, weight=weight)
        self._say(_WIDE, line, self.track.apart, color=QUIET, size=10, ha="right")

    def _scale(self) -> None:
        """Fine lines at 1, 3, 10, 30 … with their numbers underneath."""
        upper, lower = self._middle(0) - _LANE / 2, self.top + self.track.height - _FOOT
        share = self.track.scale == "share"
        for tick in _TICKS:
            value = tick / 100 if share else tick
            along = (math.log10(value) - self._start) / self.wide
            if not 0.0 <= along <= 1.0 or (share and value > 1):
                continue
            x = self._x(value)
            self.axes.plot([x, x], [upper, lower], color=LINE, lw=0.6, zorder=1)
            self._say(
                x,
                lower + 0.1,
                in_signs(f"{tick:g}"),
                color=QUIET,
                size=8.5,
                ha="center",
            )

    def _bar(self) -> None:
        """What lies between the two halves, over both of their lanes."""
        one, other = (lane.at for lane in self.track.lanes[:2])
        if one is None or other is None or one == other:
            return
        left, right = sorted((self._x(one), self._x(other)))
        self.axes.fill_between(
            [left, right],
            self._middle(0) - 0.07,
            self._middle(1) + 0.07,
            color=mix_with_white(QUIET, 0.45 if self.first else 0.72),
            lw=0,
            zorder=2,
        )

    def _lane(self, lane: Lane, y: float) -> None:
        half = lane.who in ("product", "engineering")
        ink = INK if half or lane.who == "measured" else QUIET
        size = 10.5 if half else 9
        self._say(0.1, y, shorten(lane.name, 13), color=ink, size=size)
        self._say(_WIDE, y, lane.text, color=ink, size=size, ha="right")
        if lane.lo is not None or lane.hi is not None:
            self._range(lane, y)
        if lane.at is None:
            return
        shape, points = SHAPES[lane.who], 9.5 if half else 6.5
        x = self._x(lane.at)
        colour = ROLES["caught"] if lane.who == "measured" else ink
        look = {"color": colour, "mec": "white", "mew": 1.0, "ms": points}
        if lane.then is not None:
            self._then(x, self._x(lane.then), y, shape)
        self.axes.plot([x], [y], shape, zorder=5, **look)

    def _range(self, lane: Lane, y: float) -> None:
        ends = [end for end in (lane.lo, lane.at, lane.hi) if end is not None]
        measured = lane.who == "measured"
        self.axes.plot(
            [self._x(min(ends)), self._x(max(ends))],
            [y, y],
            color=ROLES["caught"] if measured else INK,
            lw=4 if measured else 1.6,
            alpha=0.45 if measured else 1.0,
            solid_capstyle="butt",
            zorder=4,
        )

    def _then(self, x: float, later: float, y: float, shape: str) -> None:
        """The later mark, hollow, and the way to it."""
        if abs(later - x) > 0.16:
            self.axes.annotate(
                "",
                (later, y),
                (x, y),
                arrowprops={
                    "arrowstyle": "-|>,head_width=.16,head_length=.32",
                    "color": INK,
                    "lw": 1.2,
                    "shrinkA": 0,
                    "shrinkB": 5,
                },
                zorder=4,
            )
        look = {"mfc": "white", "mec": INK, "mew": 1.6}
        self.axes.plot([later], [y], shape, ms=9, zorder=4.5, **look)

    def _say(self, x: float, y: float, text: str, **look: object) -> None:
        given = {"size": 11, "va": "center_baseline"} | look
        self.axes.text(x, y, text, **given)
