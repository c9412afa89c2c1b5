"""What do the trained checks read of a table that is ready to be learnt from?

Shuffled against later in time, suspect labels, what the model leans on, what more rows
would bring. All that is to be fitted is asked for early and waited for late, so that no
core stands idle.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.baseline.auc import auc_number, gap_number
from workshop.analysis.baseline.fits import Fits
from workshop.analysis.baseline.folds import CannotTrain, Pair, folds
from workshop.analysis.baseline.learning import Plan, draw, plan
from workshop.analysis.baseline.suspects import find_suspects, suspected_share
from workshop.analysis.baseline.table import Table
from workshop.analysis.trained import LearningCurve, Suspect, Trained
from workshop.record.values import Number

Floats = NDArray[np.float64]
Scores = list[Future[Floats]]
Tell = Callable[[str], None]

# Below this the model knows too little to doubt anybody's label.
LEAST_SKILL = 0.7
CHANCE = 0.5


def silent(stage: str) -> None:
    """Tell nobody."""


def train_table(
    table: Table, at_hand: int = 0, *, progress: Tell = silent, processes: int = 0
) -> Trained:
    """Compute the trained checks' figures; a suspect's key is its row in ``table``.

    ``at_hand`` is how many rows there are to learn from, where more than were read;
    ``processes`` how many forked ones share the fits (see `Fits`).
    """
    try:
        dealt = folds(table)
    except CannotTrain as why:
        return Trained(rows=why.judged, positives=why.hits, why_not=why.reason)
    with Fits(table, processes) as fits:
        return _figures(table, fits, dealt, max(at_hand, table.judged), progress)


def _figures(
    table: Table, fits: Fits, dealt: list[Pair], at_hand: int, progress: Tell
) -> Trained:
    progress("folds")
    first, second = fits.score(dealt), fits.score(_in_time(table))
    scores = _each_row(table, dealt, first)
    shuffled = auc_of("trained.shuffled", table, scores)
    # A model that is no better than chance leans on nothing.
    leans = shuffled.lo is not None and shuffled.lo > CHANCE
    # As `shuffled` it is a shuffled one: what a model leans on is asked of rows like
    # those it learnt from, and whether that lasts is what `gap` says.
    asked = fits.permute(dealt[0]) if leans else None
    planned = plan(table)
    third = [] if isinstance(planned, str) else fits.score(planned.pairs)
    progress("later")
    later, gap, cut = _later(table, second)
    progress("suspects")
    suspects, suspected = _suspects(table, scores, shuffled)
    progress("importances")
    importances = asked.result() if asked else ()
    progress("learning")
    learning, why_none = _learning(table, planned, third, at_hand)
    return Trained(
        rows=len(table.labels),
        positives=int(table.labels.sum()),
        used=table.inputs.used,
        left_out=table.inputs.left_out,
        shuffled=shuffled,
        later=later,
        gap=gap,
        cut=cut,
        suspects=suspects,
        suspected=suspected,
        learning=learning,
        importances=importances,
        why_no_learning=why_none,
    )


def _each_row(table: Table, dealt: list[Pair], found: Scores) -> Floats:
    """Every row's chance of being positive, by the fit that has not seen it."""
    scores = np.empty(len(table.labels))
    for (_, held), one in zip(dealt, found, strict=True):
        scores[held] = one.result()
    return scores


def _halved(table: Table) -> list[Pair]:
    return folds(table, 2, seed=table.seed + 1)


def _in_time(table: Table) -> list[Pair]:
    """The later rows by a fit of the earlier ones, then two shuffled halves."""
    if table.parted is None:
        return []
    earlier, rows, _ = table.parted
    return [(earlier, rows), *_halved(table)]


def _later(
    table: Table, found: Scores
) -> tuple[Number | None, Number | None, datetime | None]:
    """AUC on the later rows, and how far a shuffled model of as many rows is above.

    The shuffled figure of the gap comes from two folds, not five: a model of half the
    rows, as the earlier half is, so that time is all that differs.
    """
    if table.parted is None:
        return None, None, None
    _, rows, cut = table.parted
    in_time = found[0].result()
    mixed = _each_row(table, _halved(table), found[1:])
    clusters = None if table.clusters is None else table.clusters[rows]
    gap = gap_number("trained.gap", table.labels[rows], mixed[rows], in_time, clusters)
    return auc_of("trained.later", table, in_time, rows), gap, cut


def _suspects(
    table: Table, scores: Floats, shuffled: Number
) -> tuple[tuple[Suspect, ...], Number | None]:
    if shuffled.lo is None or shuffled.lo < LEAST_SKILL:
        return (), None
    places = np.arange(len(table.labels)).astype(np.str_)
    found = find_suspects(places, table.labels, scores)
    share = suspected_share(table.labels, scores, table.clusters)
    return found, share


def _learning(
    table: Table, planned: Plan | str, found: Scores, at_hand: int
) -> tuple[LearningCurve | None, str]:
    """The learning curve, and the id of why there is none."""
    if isinstance(planned, str):
        return None, planned
    return draw(table, planned, [one.result() for one in found], at_hand), ""


def auc_of(
    id: str, table: Table, scores: Floats, rows: NDArray[np.intp] | None = None
) -> Number:
    """Return the AUC of ``scores``, of the whole table or of the ``rows`` scored."""
    picked = slice(None) if rows is None else rows
    clusters = None if table.clusters is None else table.clusters[picked]
    labels = table.labels[picked]
    return auc_number(
        id, labels, scores, clusters, rows="all" if rows is None else None
    )
