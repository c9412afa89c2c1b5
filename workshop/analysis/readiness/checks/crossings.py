"""Does a crossing of two groups differ from what both groups lead one to expect?

What to expect is additive: the overall share, plus what one group is above it, plus
what the other is. Each crossing is held against a fit to all *other* crossings, so that
the two are independent and both count as uncertain. No check of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import newcombe, z_of
from workshop.analysis.readiness.profile import CrossCount

Floats = NDArray[np.float64]

# The weights settle within a few rounds: they only follow the fitted shares.
ROUNDS = 3
# Of a crossing that alone holds a group's rows nothing is left to compare it with.
OWN_FIT = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Surprise:
    """How far a crossing's share lies from the expected one, and half its interval."""

    apart: float
    half: float

    @property
    def surely(self) -> float:
        """The least that it surely lies apart; 0 where it may not at all."""
        return max(0.0, abs(self.apart) - self.half)


def surprises(
    cells: Sequence[CrossCount], deff: float, level: float
) -> tuple[Surprise | None, ...]:
    """Return for each crossing how far it lies from what its groups add up to.

    None where nobody judged it, or where the other crossings say nothing about one of
    its groups. Additive least squares, weighted by each share's variance; what is left
    over is divided by one less its leverage, which is the fit without that crossing
    (Cook & Weisberg 1982). ``deff`` divides all counts.
    """
    judged = np.array([c.judged for c in cells], dtype=np.float64)
    held = [i for i, cell in enumerate(cells) if cell.judged]
    if not held:
        return (None,) * len(cells)
    shares = np.array([cells[i].positives for i in held]) / judged[held]
    left, leverage, variance = _fit(
        _design([cells[i] for i in held]), shares, judged[held] / deff
    )
    found: list[Surprise | None] = [None] * len(cells)
    for place, i in enumerate(held):
        free = 1 - leverage[place]
        if leverage[place] < OWN_FIT:
            half = z_of(level) * float(np.sqrt(variance[place] / free))
            found[i] = Surprise(float(left[place] / free), half)
    return tuple(found)


def _design(cells: Sequence[CrossCount]) -> Floats:
    """A column for each value of the two groups: one where a crossing has it."""
    first = np.unique([c.first for c in cells], return_inverse=True)[1]
    second = np.unique([c.second for c in cells], return_inverse=True)[1]
    return np.hstack([np.eye(first.max() + 1)[first], np.eye(second.max() + 1)[second]])


def _fit(
    design: Floats, shares: Floats, sizes: Floats
) -> tuple[Floats, Floats, Floats]:
    """What is left over, the leverage and the variance of each crossing's share."""
    fitted = np.full(len(shares), float(shares @ sizes / sizes.sum()))
    for _ in range(ROUNDS):
        # A fitted share of none or all would make its crossing endlessly sure.
        kept = np.clip(fitted, 1 / (sizes + 2), 1 - 1 / (sizes + 2))
        variance = kept * (1 - kept) / sizes
        weighted = design / variance[:, None]
        inverse = np.linalg.pinv(design.T @ weighted, hermitian=True)
        fitted = design @ (inverse @ (weighted.T @ shares))
    leverage = np.einsum("ij,jk,ik->i", design, inverse, weighted, optimize=True)
    return shares - fitted, leverage, variance


def beyond_both(
    cells: Sequence[CrossCount], deff: float, level: float
) -> tuple[int, ...]:
    """Return 1 where a crossing surely lies above all else of both its groups.

    -1 where it lies below, 0 where it may be like one of them. The crossing's own rows
    are left out of its groups' (Newcombe's interval of the difference).
    """
    first, second = _sums(cells, "first"), _sums(cells, "second")
    return tuple(
        _side(c, (first[c.first], second[c.second]), deff, level) for c in cells
    )


def _sums(cells: Sequence[CrossCount], which: str) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for cell in cells:
        k, n = found.get(getattr(cell, which), (0, 0))
        found[getattr(cell, which)] = (k + cell.positives, n + cell.judged)
    return found


def _side(
    cell: CrossCount,
    groups: tuple[tuple[int, int], tuple[int, int]],
    deff: float,
    level: float,
) -> int:
    sides = set()
    for positives, judged in groups:
        k, n = positives - cell.positives, judged - cell.judged
        if not n or not cell.judged:
            return 0
        counts = (cell.positives, cell.judged, k, n)
        apart = newcombe(*(count / deff for count in counts), level=level)
        sides.add(1 if apart.lo > 0 else -1 if apart.hi < 0 else 0)
    return sides.pop() if len(sides) == 1 else 0
