"""Cells of a grid as outlines, the regions that they form, where a letter has room.

A mask or a grid has shape (rows, columns); the middle of a cell lies at its whole
numbers, column first on the paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.path import Path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

MOST_LETTERS = 3
"""In one region, however large."""
FEWEST_CELLS = 3
"""That a letter needs."""


def path_of_cells(inside: Mask) -> Path:
    """The cells as few rectangles: runs along a row, grown down while they repeat."""
    grown: dict[tuple[int, int], int] = {}
    found: list[tuple[int, int, int, int]] = []
    for row in range(len(inside) + 1):
        runs = set(_runs(inside[row])) if row < len(inside) else set()
        for run in [run for run in grown if run not in runs]:
            found.append((*run, grown.pop(run), row))
        for run in sorted(runs - set(grown)):
            grown[run] = row
    corners = [
        np.array([(a, c), (b, c), (b, d), (a, d), (a, c)]) - 0.5 for a, b, c, d in found
    ]
    codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(corners)
    return Path(np.concatenate(corners), codes)


def _runs(row: Mask) -> list[tuple[int, int]]:
    steps = np.diff(np.concatenate(([0], row.astype(int), [0])))
    return list(
        zip(
            np.flatnonzero(steps > 0).tolist(),
            np.flatnonzero(steps < 0).tolist(),
            strict=True,
        )
    )


def path_of_borders(winner: NDArray[np.int64]) -> Path | None:
    """Every edge between two winners, edges in one line drawn as one."""
    lines: list[tuple[float, float]] = []
    upright = winner[:, 1:] != winner[:, :-1]
    level = winner[1:, :] != winner[:-1, :]
    for column, edges in enumerate(upright.T):
        for a, b in _runs(edges):
            lines += [(column + 0.5, a - 0.5), (column + 0.5, b - 0.5)]
    for row, edges in enumerate(level):
        for a, b in _runs(edges):
            lines += [(a - 0.5, row + 0.5), (b - 0.5, row + 0.5)]
    if not lines:
        return None
    return Path(lines, [Path.MOVETO, Path.LINETO] * (len(lines) // 2))


def find_regions(winner: NDArray[np.int64]) -> list[tuple[int, Mask]]:
    """Every connected region with its winner; cells that meet at a corner belong."""
    free, found = np.ones(winner.shape, dtype=bool), []
    while free.any():
        start = tuple(np.argwhere(free)[0])
        region = np.zeros_like(free)
        region[start] = True
        while True:
            wider = _around(region) & (winner == winner[start])
            if (wider == region).all():
                break
            region = wider
        free &= ~region
        found.append((int(winner[start]), region))
    return found


def _around(region: Mask) -> Mask:
    """The region and all eight neighbours of each of its cells."""
    out = region.copy()
    out[1:] |= region[:-1]
    out[:-1] |= region[1:]
    wide = out.copy()
    out[:, 1:] |= wide[:, :-1]
    out[:, :-1] |= wide[:, 1:]
    return out


def place_letters(
    region: Mask, here: tuple[float, float] | None
) -> list[tuple[int, int]]:
    """Row and column of each letter: deep inside, apart, and not at ``here``."""
    if region.sum() < FEWEST_CELLS:
        return []
    cells = np.argwhere(region)
    depth = _depths(region)[region].astype(float)
    if here is not None:
        # the ring and its words are wider than high
        near = np.hypot(cells[:, 0] - here[1], (cells[:, 1] - here[0]) / 2)
        depth -= 4 * (near < 2.2)
    middle = cells.mean(axis=0)
    order = np.lexsort((np.hypot(*(cells - middle).T), -depth))
    found = [order[0]]
    for at in order[1:]:
        apart = np.hypot(*(cells[found] - cells[at]).T).min()
        if len(found) == MOST_LETTERS:
            break
        if depth[at] >= 2 and apart >= 11:
            found.append(at)
    return [(int(row), int(column)) for row, column in cells[found]]


def _depths(region: Mask) -> NDArray[np.int64]:
    """How many times a region can be worn off from its rim before a cell is gone."""
    left, depth = np.pad(region, 1), np.zeros(region.shape, dtype=np.int64)
    while left.any():
        depth += left[1:-1, 1:-1]
        left = ~_around(~left)
    return depth
