"""How far does an honest first model get on this table, and what does that tell?

`baseline_run` scores rows that it was not fitted on, for a scenario that brings no
scores. `train` is what the readiness checks read: the same model on a bounded sample,
shuffled against later in time, suspect labels, what more rows would bring. Neither is
ever fed ids, personal columns, free text, or what is known only afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workshop.analysis.baseline.auc import auc_number, gap_number
from workshop.analysis.baseline.folds import (
    MOST_ROWS,
    CannotTrain,
    Pair,
    Table,
    folds,
    halves,
    out_of_fold,
    read_table,
    score_unseen,
)
from workshop.analysis.baseline.importance import permute
from workshop.analysis.baseline.learning import learn
from workshop.analysis.baseline.suspects import find_suspects, suspected_share
from workshop.analysis.trained import Importance, LearningCurve, Suspect, Trained
from workshop.data.card import ColumnRole
from workshop.errors import InputError
from workshop.record.values import Number

Tell = Callable[[str], None]

# Below this the model knows too little to doubt anybody's label.
LEAST_SKILL = 0.7
CHANCE = 0.5


def _silent(stage: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class BaselineRun:
    """Scores of rows that the model had not seen, in key order, shape (rows,).

    With a time these are the later rows, scored by a model of the earlier ones, and
    ``cut`` is the first later moment (None where times are numbers); else all rows
    with a label, out of fold. ``shuffled`` is the out-of-fold AUC over all of them,
    ``later`` the AUC of the rows handed back where there is a time. ``used`` and
    ``left_out`` name the columns, the latter with the reason's id.
    """

    keys: NDArray[Any]
    labels: NDArray[np.bool_]
    scores: NDArray[np.float64]
    time: NDArray[Any] | None
    cluster: NDArray[Any] | None
    used: tuple[str, ...]
    left_out: dict[str, str]
    cut: datetime | None
    shuffled: Number
    later: Number | None


def baseline_run(
    frame: pd.DataFrame,
    *,
    key: str,
    label: str,
    positive: object,
    roles: Mapping[str, ColumnRole],
    never: Collection[str] = (),
    time: str | None = None,
    cluster: str | None = None,
    seed: int = 0,
    progress: Tell = _silent,
) -> BaselineRun:
    """Train the honest baseline and score rows that it has not seen.

    Parameters
    ----------
    frame
        One row a decision; rows without a label are left out.
    roles
        What each column is for, by the card; one not named there counts as a feature.
    never
        Columns that must not be fed whatever their role: personal ones, free text.
    time
        Train on the earlier half, hand back the later one.
    cluster
        What rows hang together by; folds never part a cluster.
    progress
        Called with ``rows``, ``folds`` and ``later`` as these begin.

    Raises
    ------
    InputError
        A column is missing; no label, one class, fewer than 20 rows of either label,
        nothing to learn from, or halves in time without ten rows of either label.
    """
    progress("rows")
    table = read_table(
        frame,
        key=key,
        label=label,
        positive=positive,
        roles=roles,
        never=never,
        time=time,
        cluster=cluster,
        seed=seed,
    )
    parted = halves(table)
    if time is not None and parted is None:
        raise InputError(
            f"{time!r} does not part the rows into an earlier and a later half with "
            "ten rows of either label each; mend its values, or leave the time out."
        )
    progress("folds")
    scores = out_of_fold(table, folds(table))
    shuffled = _auc("baseline.shuffled", table, scores)
    rows, cut, later = np.arange(len(scores)), None, None
    if parted is not None:
        progress("later")
        earlier, rows, cut = parted
        (scores,) = score_unseen(table, [(earlier, rows)])
        later = _auc("baseline.later", table, scores, rows)
    handed = table.frame.iloc[rows]
    return BaselineRun(
        keys=handed[key].to_numpy(),
        labels=table.labels[rows],
        scores=scores,
        time=handed[time].to_numpy() if time else None,
        cluster=handed[cluster].to_numpy() if cluster else None,
        used=table.inputs.used,
        left_out=table.inputs.left_out,
        cut=cut,
        shuffled=shuffled,
        later=later,
    )


def train(
    frame: pd.DataFrame,
    *,
    key: str,
    label: str,
    positive: object,
    roles: Mapping[str, ColumnRole],
    never: Collection[str] = (),
    time: str | None = None,
    cluster: str | None = None,
    seed: int = 0,
    progress: Tell = _silent,
    rows: int = MOST_ROWS,
    at_hand: int | None = None,
) -> Trained:
    """Train on a seeded sample of at most ``rows`` rows, for the trained checks.

    Parameters are those of `baseline_run`. Wide tables are sampled further (see
    `rows_to_train`) and looked at more coarsely, so that the time stays bounded.
    ``progress`` is called with ``rows``, ``folds``, ``later``, ``suspects``,
    ``importances`` and ``learning``.

    ``at_hand`` is how many rows carry a label where ``frame`` is itself a sample: the
    learning curve is carried on from there.

    Where no baseline can be trained the answer says so in ``why_not``.

    Raises
    ------
    InputError
        A named column is missing, or rows have no cluster.
    """
    progress("rows")
    try:
        table = read_table(
            frame,
            key=key,
            label=label,
            positive=positive,
            roles=roles,
            never=never,
            time=time,
            cluster=cluster,
            seed=seed,
            most_rows=rows,
        )
        dealt = folds(table)
    except CannotTrain as why:
        return Trained(rows=why.judged, positives=why.hits, why_not=why.reason)
    progress("folds")
    scores = out_of_fold(table, dealt)
    shuffled = _auc("trained.shuffled", table, scores)
    progress("later")
    later, gap, cut = _later(table)
    progress("suspects")
    suspects, suspected = _suspects(table, key, scores, shuffled)
    progress("importances")
    importances = _importances(table, dealt, shuffled)
    progress("learning")
    learning = learn(table, max(at_hand or 0, table.judged))
    drawn = isinstance(learning, LearningCurve)
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
        learning=learning if isinstance(learning, LearningCurve) else None,
        importances=importances,
        why_no_learning="" if drawn else str(learning),
    )


def _later(table: Table) -> tuple[Number | None, Number | None, datetime | None]:
    """AUC on the later rows, and how far a shuffled model of as many rows is above.

    The shuffled figure of the gap comes from two folds, not five: a model of half the
    rows, as the earlier half is, so that time is all that differs.
    """
    parted = halves(table)
    if parted is None:
        return None, None, None
    earlier, rows, cut = parted
    dealt = folds(table, 2, seed=table.seed + 1)
    found = score_unseen(table, [(earlier, rows), *dealt])
    mixed = np.empty(len(table.labels))
    for (_, held), scores in zip(dealt, found[1:], strict=True):
        mixed[held] = scores
    clusters = None if table.clusters is None else table.clusters[rows]
    gap = gap_number("trained.gap", table.labels[rows], mixed[rows], found[0], clusters)
    return _auc("trained.later", table, found[0], rows), gap, cut


def _suspects(
    table: Table, key: str, scores: NDArray[np.float64], shuffled: Number
) -> tuple[tuple[Suspect, ...], Number | None]:
    if shuffled.lo is None or shuffled.lo < LEAST_SKILL:
        return (), None
    keys = table.frame[key].astype(str).to_numpy(dtype=np.str_)
    found = find_suspects(keys, table.labels, scores)
    share = suspected_share(table.labels, scores, table.clusters)
    return found, share


def _importances(
    table: Table, dealt: list[Pair], shuffled: Number
) -> tuple[Importance, ...]:
    """Ask the model of the first fold; one that is no better than chance is not asked.

    As ``shuffled`` it is a shuffled one: what a model leans on is asked of rows like
    those it learnt from, and whether that lasts is what ``gap`` says.
    """
    if shuffled.lo is None or shuffled.lo <= CHANCE:
        return ()
    return permute(table, dealt[0])


def _auc(
    id: str,
    table: Table,
    scores: NDArray[np.float64],
    rows: NDArray[np.intp] | None = None,
) -> Number:
    picked = slice(None) if rows is None else rows
    clusters = None if table.clusters is None else table.clusters[picked]
    labels = table.labels[picked]
    return auc_number(
        id, labels, scores, clusters, rows="all" if rows is None else None
    )
