"""What could a judge's corrected error rate have been, had other rows been drawn?

Both sets are drawn again, all judged rows and those that people labelled too. A row
with both labels stays one row: it is drawn with both, and so counts in the judge's
rate and in its sensitivity or specificity alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import FEW_SOURCES
from workshop.analysis.split import group_codes
from workshop.data.judged import Judged

Floats = NDArray[np.float64]
Value = TypeVar("Value", float, Floats)

BUNDLES = 500
"""Clusters are drawn in at most so many bundles: as good a variance in a fixed time."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows by what people and the judge say; right means that acting is right.

    Of those people call right the judge has ``kept`` so many and ``lost`` the others;
    of the wrong ones it has ``passed`` and ``caught`` so many. ``right`` and ``wrong``
    are its words on rows that nobody labelled.
    """

    kept: int
    lost: int
    passed: int
    caught: int
    right: int
    wrong: int

    @property
    def labelled(self) -> int:
        """Rows with a person's label."""
        return self.kept + self.lost + self.passed + self.caught

    @property
    def n(self) -> int:
        """All judged rows."""
        return self.labelled + self.right + self.wrong

    @property
    def errors(self) -> int:
        """Rows that the judge calls wrong."""
        return self.lost + self.caught + self.wrong

    @property
    def sensitivity(self) -> float:
        """TPR: the share of what people call right that the judge calls right."""
        return self.kept / (self.kept + self.lost)

    @property
    def specificity(self) -> float:
        """TNR: the share of what people call wrong that the judge calls wrong."""
        return self.caught / (self.passed + self.caught)


@dataclass(frozen=True, slots=True)
class Effects:
    """The design effect of each rate; 1 where rows count as independent.

    ``people`` is that of their own rate, ``agreement`` of judge and people alike,
    ``of_right`` and ``of_wrong`` of people's labels where the judge says so.
    """

    judged: float
    people: float
    sensitivity: float
    specificity: float
    of_right: float
    of_wrong: float
    agreement: float


def count_cells(judged: Judged) -> Cells:
    """Count the six kinds of rows."""
    return Cells(*np.bincount(_cell_of(judged), minlength=6).tolist())


def rogan_gladen(passed: Value, sensitivity: Value, specificity: Value) -> Value:
    """True share of positives behind the share that a test finds (1978); not clipped.

    >>> round(rogan_gladen(400 / 500, 0.92, 0.88), 10)
    0.85
    """
    return (passed + specificity - 1) / (sensitivity + specificity - 1)


def draw_totals(judged: Judged, *, seed: int, n_boot: int) -> Floats | None:
    """Counts of the six cells with whole clusters drawn, shape (n_boot, 6).

    None under 20 clusters, which are too few to be drawn, and without any.
    """
    if judged.clusters is None:
        return None
    codes, names = group_codes(judged.clusters, what="cluster")
    if len(names) < FEW_SOURCES:
        return None
    rng, count = np.random.default_rng(seed), min(BUNDLES, len(names))
    bundle = rng.permutation(len(names)) % BUNDLES
    places = bundle[codes] * 6 + _cell_of(judged)
    table = np.bincount(places, minlength=6 * count).reshape(count, 6)
    times = rng.multinomial(count, np.full(count, 1 / count), size=n_boot)
    return (times @ table).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What both corrections are drawn from, ``n_boot`` times.

    Each way comes first as independent shares at their effective sizes, drawn from
    Beta(k + 1/2, n - k + 1/2), Jeffreys' prior: a plain bootstrap of 30 right ones in
    30 would hold that the judge never errs. Then, with ``totals``, as whole clusters.
    A draw without a value is NaN.
    """

    cells: Cells
    effects: Effects
    totals: Floats | None
    seed: int
    n_boot: int

    def corrected(self) -> tuple[Floats, ...]:
        """Error rates after Rogan & Gladen; none where a coin would do as well."""
        c, e, rng = self.cells, self.effects, np.random.default_rng(self.seed)
        sensitivity = self._share(rng, c.kept, c.lost, e.sensitivity)
        specificity = self._share(rng, c.caught, c.passed, e.specificity)
        right = self._share(rng, c.kept + c.lost, c.passed + c.caught, e.people)
        others = self._share(rng, c.right, c.wrong, e.judged)
        called = right * sensitivity + (1 - right) * (1 - specificity)
        passed = (c.labelled * called + (c.right + c.wrong) * others) / c.n
        found = _corrected_errors(passed, sensitivity, specificity)
        if self.totals is None:
            return (found,)
        kept, lost, passed_, caught, more, _ = self.totals.T
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = kept / (kept + lost), caught / (passed_ + caught)
        called = (kept + passed_ + more) / self.totals.sum(axis=1)
        return found, _corrected_errors(called, *shares)

    def powered(self) -> tuple[Floats, ...]:
        """Error rates by the judge's words, each worth what people found behind it."""
        c, e, rng = self.cells, self.effects, np.random.default_rng(self.seed)
        of_right = self._share(rng, c.passed, c.kept, e.of_right)
        of_wrong = self._share(rng, c.caught, c.lost, e.of_wrong)
        called = self._share(rng, c.errors, c.n - c.errors, e.judged)
        found = called * of_wrong + (1 - called) * of_right
        if self.totals is None:
            return (found,)
        kept, lost, passed, caught, _, wrong = self.totals.T
        with np.errstate(invalid="ignore", divide="ignore"):
            of_right, of_wrong = passed / (kept + passed), caught / (caught + lost)
        called = (lost + caught + wrong) / self.totals.sum(axis=1)
        return found, called * of_wrong + (1 - called) * of_right

    def _share(
        self, rng: np.random.Generator, k: int, other: int, deff: float
    ) -> Floats:
        return rng.beta(k / deff + 0.5, other / deff + 0.5, self.n_boot)


def _corrected_errors(
    passed: Floats, sensitivity: Floats, specificity: Floats
) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 1 - rogan_gladen(passed, sensitivity, specificity)
        return np.where(sensitivity + specificity > 1, found, np.nan)


def _cell_of(judged: Judged) -> NDArray[np.intp]:
    """The place of each row among the fields of `Cells`, shape (n,)."""
    told = np.where(np.isnan(judged.human), 2, 1 - judged.human)
    found: NDArray[np.intp] = (2 * told + ~judged.judge).astype(np.intp)
    return found
