"""A picture and the lines of words below it: each sign once more, with what it means.

The words stand in the same picture, at a fixed size below the frame, so that long names
have room and the frame keeps its height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from workshop.views.amounts import shorten
from workshop.views.style import INK, LINE, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE, LEFT, RIGHT, TOP, AXIS, LINE_HIGH = 6.0, 0.62, 0.12, 0.36, 0.62, 0.26
"""Inches: the picture's width, its rims, and the height of a line of words."""
LETTERS = 62
"""That a line has room for; two beside each other share it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a sign looks: its shape, its ground, its edge, its letter's colour."""

    shape: str
    ground: str
    edge: str
    letter: str = INK
    hatch: str = ""

    @property
    def box(self) -> dict[str, Any]:
        """As a text's box."""
        return {
            "boxstyle": self.shape,
            "fc": self.ground,
            "ec": self.edge,
            "lw": 0.8,
            "hatch": self.hatch or None,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign and its words; words alone where there is no look."""

    letter: str
    words: str
    look: Look | None = None


Line = tuple[Entry, ...]


def frame_above(lines: int, *, high: float) -> tuple[Figure, Axes]:
    """Make a figure whose frame is ``high`` inches, with room for lines below."""
    whole = TOP + high + AXIS + LINE_HIGH * lines
    figure = Figure(figsize=(WIDE, whole))
    place = (LEFT / WIDE, 1 - (TOP + high) / whole)
    size = (1 - (LEFT + RIGHT) / WIDE, high / whole)
    return figure, figure.add_axes((*place, *size))


def name_axes(axes: Axes, xlabel: str, ylabel: str) -> None:
    """Name both axes; the upright one's name lies flat above it, where it has room."""
    axes.set_xlabel(xlabel)
    axes.annotate(
        ylabel,
        (0, 1),
        xycoords="axes fraction",
        xytext=(-72 * LEFT + 6, 8),
        textcoords="offset points",
        color=QUIET,
        annotation_clip=False,
    )
    axes.tick_params(color=LINE)


def write_below(axes: Axes, lines: Sequence[Line]) -> None:
    """Write the lines below the frame, the entries of a line side by side."""
    for row, line in enumerate(lines):
        most = LETTERS if len(line) == 1 else LETTERS // 2 - 4
        for place, entry in enumerate(line):
            _write(axes, entry, place / 2, AXIS + LINE_HIGH * (row + 0.5), most=most)


def _write(axes: Axes, entry: Entry, x: float, down: float, *, most: int) -> None:
    given: dict[str, Any] = {
        "xycoords": ("axes fraction", "axes fraction"),
        "textcoords": "offset points",
        "va": "center",
        "annotation_clip": False,
    }
    if entry.look is not None:
        axes.annotate(
            entry.letter or "\N{EM SPACE}",
            (x, 0),
            xytext=(9, -72 * down),
            ha="center",
            fontsize=9.5,
            fontweight="bold",
            color=entry.look.letter,
            bbox=entry.look.box,
            **given,
        )
    indent = 0 if entry.look is None else 24
    axes.annotate(
        shorten(entry.words, most),
        (x, 0),
        xytext=(indent, -72 * down),
        color=INK,
        fontsize=10.5,
        **given,
    )
