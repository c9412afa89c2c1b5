"""Which labels would the model, never having seen them, call wrong, and how many?

Confident learning (Northcutt, Jiang & Chuang 2021, JAIR 70:1373): a row whose chance
of the *other* label reaches the mean chance that rows of that label get is counted
against its own label. That ranks rows well, but as an estimate it takes classes that
overlap for classes that are mislabelled: it calls 18 of 100 labels wrong where none is
and the best possible AUC is 0.82. What overlap cannot hide is how often a label is
contrary where the model is surest: if labels go wrong as often there as elsewhere, no
more of them are wrong than that. The lesser of the two is given, as "at most".

A lower bound above zero needs a sign that it is not overlap. Overlap thins out as the
model gets surer, flipped labels do not: so one is given only where, for both labels,
the contrary share stays level over the surer half of the rows. Rows that differ in a
few coarse values alone can look level too; a person judges the suspects in any case.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import LEVEL, design_effect, wilson
from workshop.analysis.trained import Suspect
from workshop.record.values import Number

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

MOST_SUSPECTS = 200
METHOD = "at most: contrary labels among the surest rows"
# The surest rows of each label: a twentieth of as many as carry it, fifty at least.
_DEPTH, _LEAST_DEPTH = 0.05, 50
# Level: the next quarter is contrary at most 1.3 times as often as the surest one, and
# seldom. A higher plateau is a model that cannot tell, not a label that is wrong.
_LEVEL, _SELDOM = 1.3, 0.15


def contrary_rows(labels: Bools, chances: Floats) -> Bools:
    """True where the model is surer of the other label than that label's mean row."""
    contrary: Bools = _assigned(labels, chances) == (~labels).astype(np.int64)
    return contrary


def find_suspects(
    keys: NDArray[np.str_], labels: Bools, chances: Floats
) -> tuple[Suspect, ...]:
    """List the contrary rows, least likely label first, at most 200 of them."""
    own = np.where(labels, chances, 1 - chances)
    found = np.flatnonzero(contrary_rows(labels, chances))
    ranked = found[np.argsort(own[found], kind="stable")][:MOST_SUSPECTS]
    return tuple(
        Suspect(str(keys[row]), bool(labels[row]), float(own[row])) for row in ranked
    )


def suspected_share(labels: Bools, chances: Floats, clusters: Codes | None) -> Number:
    """Estimate the share of labels that are wrong, at most.

    ``hi`` puts Wilson's upper bounds in the place of the contrary shares. ``lo`` is 0
    unless these stay level for both labels (see above), then their lower bounds.
    """
    found = hi = lo = 0.0
    level = True
    for which in (True, False):
        carrying = int((labels == which).sum())
        weight = carrying / len(labels)
        surest = _Surest(labels, chances, clusters, which)
        top = surest.contrary(0, max(_LEAST_DEPTH, round(_DEPTH * carrying)))
        half = surest.contrary(0, carrying // 2)
        found += top[0] * weight
        hi += top[2] * weight
        lo += half[1] * weight
        level = level and surest.level(carrying // 4)
    value = min(found, _counted(labels, chances))
    return Number(
        id="trained.suspected",
        value=value,
        n=len(labels),
        lo=min(value, lo) if level else 0.0,
        hi=max(value, hi),
        level=LEVEL,
        method=METHOD,
        rows="all",
    )


class _Surest:
    """The rows by how sure the model is of ``which``, and whether they carry it."""

    def __init__(
        self, labels: Bools, chances: Floats, clusters: Codes | None, which: bool
    ) -> None:
        order = np.argsort(-chances if which else chances, kind="stable")
        self.wrong = labels[order] != which
        self.clusters = None if clusters is None else clusters[order]

    def contrary(self, start: int, end: int) -> tuple[float, float, float]:
        """Share of contrary labels among the rows of these ranks, with bounds."""
        rows = slice(start, max(end, start + 1))
        wrong = self.wrong[rows]
        clusters = None if self.clusters is None else self.clusters[rows]
        deff = design_effect(wrong, clusters, n_boot=500).deff
        found = wilson(int(wrong.sum()), len(wrong), deff=deff)
        return float(wrong.mean()), found.lo, found.hi

    def level(self, quarter: int) -> bool:
        """Whether the second quarter is contrary hardly more often than the first."""
        first = self.contrary(0, quarter)[0]
        second = self.contrary(quarter, 2 * quarter)[0]
        return second <= min(_LEVEL * first, _SELDOM)


def _counted(labels: Bools, chances: Floats) -> float:
    """The share of confident learning, each label's counts scaled to all its rows."""
    assigned = _assigned(labels, chances)
    wrong = 0.0
    for which in (0, 1):
        own = assigned[labels == bool(which)]
        sure = int((own >= 0).sum())
        wrong += int((own == 1 - which).sum()) / max(sure, 1) * len(own)
    return wrong / len(labels)


def _assigned(labels: Bools, chances: Floats) -> NDArray[np.int64]:
    """1, 0, or -1 where neither label's own mean chance is reached."""
    both = np.stack([1 - chances, chances])
    bars = np.array([both[0][~labels].mean(), both[1][labels].mean()])
    reached = both >= bars[:, None]
    likelier = np.where(reached.all(axis=0), chances > 0.5, reached[1])
    found: NDArray[np.int64] = np.where(reached.any(axis=0), likelier, -1).astype(
        np.int64
    )
    return found
