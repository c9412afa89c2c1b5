"""Paths of a picture with no more in them than a screen can show.

Points are kept to a tenth of the picture's unit, which is less than a fifth of a pixel
on any page; what lies on a straight line between its neighbours is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Points = NDArray[np.float64]

TENTHS = 10
CLOSE = 0.1
"""How far a point may lie from the line that is drawn in its stead."""
COLUMN = 0.5
"""How wide a strip is of which only the first, last, highest and lowest are drawn."""
MOST = 1000
"""Points that a line may have before it is thinned strip by strip."""
_TOKEN = re.compile(r"[MLCQZz]|[-+.\d][-+.\deE]*")
_PAIRS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One unbroken piece of a path: where it starts, then each command's points."""

    start: Point
    steps: tuple[tuple[str, tuple[Point, ...]], ...]
    closed: bool

    @property
    def straight(self) -> bool:
        """Whether it has no curve."""
        return all(name == "L" for name, _ in self.steps)

    @property
    def points(self) -> list[Point]:
        """Every point, those that bend a curve among them."""
        return [self.start, *(point for _, points in self.steps for point in points)]


Path = tuple[Stroke, ...]


def read_path(text: str) -> Path:
    """Read absolute commands, as the drawing library writes them.

    >>> read_path("M 0 0 L 2 0 z")[0].closed
    True
    """
    found: list[Stroke] = []
    start: Point | None = None
    steps: list[tuple[str, tuple[Point, ...]]] = []

    def end(*, closed: bool) -> None:
        if start is not None and (steps or closed):
            found.append(Stroke(start, tuple(steps), closed))
        steps.clear()

    for name, points in _commands(text):
        if name == "M":
            end(closed=False)
            start = points[0]
        elif name == "Z":
            end(closed=True)
        else:
            steps.append((name, points))
    end(closed=False)
    return tuple(found)


def _commands(text: str) -> Iterator[tuple[str, tuple[Point, ...]]]:
    tokens = _TOKEN.findall(text)
    at, name = 0, "M"
    while at < len(tokens):
        if tokens[at] in "MLCQZz":
            name, at = tokens[at].upper(), at + 1
        count = 2 * _PAIRS[name]
        given = [float(token) for token in tokens[at : at + count]]
        at += count
        yield name, tuple(zip(given[::2], given[1::2], strict=True))


def moved(path: Path, x: float, y: float) -> Path:
    """The same path elsewhere."""

    def to(point: Point) -> Point:
        return point[0] + x, point[1] + y

    return tuple(
        Stroke(
            to(one.start),
            tuple((name, tuple(map(to, points))) for name, points in one.steps),
            one.closed,
        )
        for one in path
    )


def box_of(path: Path) -> Box:
    """The box around all points."""
    across, up = zip(*(point for one in path for point in one.points), strict=True)
    return min(across), min(up), max(across), max(up)


def circle_of(path: Path) -> tuple[float, float, float] | None:
    """Centre and radius where the path is one whole circle, else None."""
    if len(path) != 1 or [name for name, _ in path[0].steps] != ["C"] * 8:
        return None
    corners = [path[0].start, *(points[-1] for _, points in path[0].steps)]
    left, top, right, bottom = box_of(path)
    x, y = (left + right) / 2, (top + bottom) / 2
    far = [((a - x) ** 2 + (b - y) ** 2) ** 0.5 for a, b in corners]
    return (x, y, max(far)) if max(far) - min(far) < 0.01 * max(far) else None


# --- fewer points --------------------------------------------------------------------


def thinned(points: Points) -> Points:
    """Leave out what no screen shows; both ends stay where they are.

    ``points`` has shape (n, 2), as has what comes back.
    """
    if len(points) > MOST:
        points = _by_columns(points)
    return points[_kept(points)]


def _by_columns(points: Points) -> Points:
    """Of each run through one strip its first, last, highest and lowest point."""
    strips = np.floor(points[:, 0] / COLUMN)
    starts = np.flatnonzero(np.diff(strips, prepend=np.nan))
    kept = set()
    for a, b in pairwise([*starts.tolist(), len(points)]):
        heights = points[a:b, 1]
        kept |= {a, b - 1, a + int(heights.argmin()), a + int(heights.argmax())}
    return points[sorted(kept)]


def _kept(points: Points) -> NDArray[np.bool_]:
    """The ends, and the furthest point of every stretch that is not yet straight."""
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    open_ = [(0, len(points) - 1)]
    while open_:
        a, b = open_.pop()
        if b - a < 2:
            continue
        far = _distances(points[a + 1 : b], points[a], points[b])
        most = int(far.argmax())
        if far[most] > CLOSE:
            middle = a + 1 + most
            keep[middle] = True
            open_ += [(a, middle), (middle, b)]
    return keep


def _distances(points: Points, a: Points, b: Points) -> Points:
    """How far each point is from the stretch between two."""
    along = b - a
    length = float(along @ along)
    share = np.clip((points - a) @ along / length, 0, 1) if length else 0.0
    nearest = a + np.multiply.outer(share, along)
    return np.hypot(*(points - nearest).T)


# --- as text -------------------------------------------------------------------------


def short(value: float) -> str:
    """A number to a tenth, as short as it can be written.

    >>> short(-0.04), short(0.25), short(12.0)
    ('0', '.2', '12')
    """
    return _tenths(round(value * TENTHS))


def _tenths(value: int) -> str:
    whole, rest = divmod(abs(value), TENTHS)
    text = f"{whole or ''}.{rest}" if rest else f"{whole}"
    return f"-{text}" if value < 0 else text


def written(path: Path, *, thin: bool = True) -> str:
    """The path as text: relative steps, tenths, no step that goes nowhere."""
    pieces: list[str] = []
    at = (0, 0)
    for one in path:
        text, at = _stroke(one, at if pieces else None, thin=thin)
        pieces.append(text)
    return "".join(pieces)


def _stroke(
    one: Stroke, at: tuple[int, int] | None, *, thin: bool
) -> tuple[str, tuple[int, int]]:
    """One piece, and where the pen is after it; absolute where ``at`` is None."""
    start = _round(one.start)
    pen = _Pen(start)
    if one.straight:
        points = np.array(one.points)
        for point in (thinned(points) if thin else points)[1:]:
            pen.line(_round((float(point[0]), float(point[1]))))
    else:
        for name, points_ in one.steps:
            pen.curve(name, [_round(point) for point in points_])
    move = f"M{_joined(start)}"
    if at is not None:
        move = f"m{_joined((start[0] - at[0], start[1] - at[1]))}"
    text = pen.closed(start) if one.closed else pen.text() or "h0"
    return move + text, start if one.closed else pen.at


def _round(point: Point) -> tuple[int, int]:
    return round(point[0] * TENTHS), round(point[1] * TENTHS)


def _joined(values: Sequence[int]) -> str:
    """Numbers one after the other; a sign parts them as well as a space."""
    words = [_tenths(value) for value in values]
    pairs = pairwise(words)
    rest = (word if word[0] == "-" else f" {word}" for _, word in pairs)
    return words[0] + "".join(rest)


class _Pen:
    """Collects relative steps; level and upright ones along one line become one."""

    def __init__(self, at: tuple[int, int]) -> None:
        self.at = at
        self.steps: list[tuple[str, list[int]]] = []

    def line(self, to: tuple[int, int]) -> None:
        across, down = to[0] - self.at[0], to[1] - self.at[1]
        self.at = to
        if across and down:
            self.steps.append(("l", [across, down]))
        elif across or down:
            self._level("h" if across else "v", across or down)

    def _level(self, name: str, far: int) -> None:
        before, values = self.steps[-1] if self.steps else ("", [0])
        if before == name and values[0] * far > 0:
            values[0] += far
        else:
            self.steps.append((name, [far]))

    def curve(self, name: str, points: Sequence[tuple[int, int]]) -> None:
        if name == "L":
            self.line(points[0])
            return
        x, y = self.at
        values = [v for a, b in points for v in (a - x, b - y)]
        if any(values):
            self.steps.append((name.lower(), values))
        self.at = points[-1]

    def closed(self, start: tuple[int, int]) -> str:
        """The text of a closed piece: its last side needs no step."""
        if self.at == start and self.steps and self.steps[-1][0] in "lhv":
            self.steps.pop()
        return f"{self.text()}z"

    def text(self) -> str:
        out, before = "", ""
        for name, values in self.steps:
            words = _joined(values)
            glue = "" if name != before or words[0] == "-" else " "
            out += f"{name if name != before else glue}{words}"
            before = name
        return out
