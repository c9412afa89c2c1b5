"""Which columns does the baseline lean on, on rows that it has not seen?

A column's values are shuffled among the unseen rows, all parts of it together, and the
AUC that is lost is what the model drew from that column alone (Breiman 2001, section
10; on unseen rows, so that what was merely learnt by heart counts for nothing). Two
columns that tell the same share it, and each may look as if it were not needed. The
range is over shuffles of the same rows: other rows may say otherwise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.baseline.auc import area
from workshop.analysis.baseline.folds import Pair, Rows, Score, fit
from workshop.analysis.baseline.table import Table
from workshop.analysis.trained import Importance
from workshop.record.values import Number

Floats = NDArray[np.float64]

MOST_SHOWN = 10
REPEATS = 10
# Unseen rows that are shuffled, and values that go through the model at once.
MOST_UNSEEN, MOST_AT_ONCE = 2_000, 2_000_000
METHOD = f"range of {REPEATS} shuffles"


def permute(table: Table, pair: Pair) -> tuple[Importance, ...]:
    """Fit on the first rows of ``pair``, shuffle columns among the second.

    Every column is shuffled once to find out which matter; the ten that lose most are
    then shuffled ten times anew, so that being picked does not flatter them. Empty
    where the unseen rows carry one label only.
    """
    seen, unseen = pair
    rng = np.random.default_rng(table.seed)
    rows = _bounded(unseen, rng)
    labels = table.labels[rows]
    if labels.all() or not labels.any():
        return ()
    asked = _Asked(table, rows, fit(table, seen), rng)
    every = np.arange(len(table.inputs.used))
    first = asked.lost(every)
    picked = every[np.argsort(-first, kind="stable")][:MOST_SHOWN]
    lost = np.stack([asked.lost(picked) for _ in range(REPEATS)])
    order = np.argsort(-lost.mean(axis=0), kind="stable")
    return tuple(
        Importance(
            table.inputs.used[picked[at]], _number(place, lost[:, at], len(rows))
        )
        for place, at in enumerate(order)
    )


def _bounded(unseen: Rows, rng: np.random.Generator) -> Rows:
    if len(unseen) <= MOST_UNSEEN:
        return unseen
    return np.sort(rng.choice(unseen, MOST_UNSEEN, replace=False))


class _Asked:
    """A fitted model, the unseen rows, and what it loses when columns are shuffled."""

    def __init__(
        self, table: Table, rows: Rows, score: Score, rng: np.random.Generator
    ) -> None:
        self.values, self.labels = table.inputs.values[rows], table.labels[rows]
        self.column_of, self.score, self.rng = table.inputs.column_of, score, rng
        self.whole = area(self.labels, score(self.values)).value

    def lost(self, columns: NDArray[np.intp]) -> Floats:
        """AUC lost with each of ``columns`` shuffled once, shape (columns,)."""
        at_once = max(1, MOST_AT_ONCE // self.values.size)
        found = [
            self._lost(columns[start : start + at_once])
            for start in range(0, len(columns), at_once)
        ]
        return np.concatenate(found)

    def _lost(self, columns: NDArray[np.intp]) -> Floats:
        """One call for several columns: a call has its price, whatever it is asked."""
        asked = np.tile(self.values, (len(columns), 1, 1))
        for copy, column in zip(asked, columns, strict=True):
            parts = np.flatnonzero(self.column_of == column)
            order = self.rng.permutation(len(self.labels))
            copy[:, parts] = self.values[np.ix_(order, parts)]
        scores = self.score(asked.reshape(-1, self.values.shape[1]))
        each = scores.reshape(len(columns), -1)
        return np.array([self.whole - area(self.labels, s).value for s in each])


def _number(place: int, lost: Floats, rows: int) -> Number:
    return Number(
        id=f"trained.importance.{place}",
        value=float(lost.mean()),
        n=rows,
        lo=float(lost.min()),
        hi=float(lost.max()),
        method=METHOD,
        unit="difference of shares",
        rows="all",
    )
