"""How far does an honest first model get on this table, and what does that tell?

`baseline_run` scores rows that it was not fitted on, for a scenario that brings no
scores. `train` is what the readiness checks read: the same model on a bounded sample,
shuffled against later in time, suspect labels, what more rows would bring. Neither is
ever fed ids, personal columns, free text, or what is known only afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.baseline.checks import Tell, auc_of, silent, train_table
from workshop.analysis.baseline.folds import (
    MOST_ROWS,
    CannotTrain,
    folds,
    out_of_fold,
    read_table,
    score_unseen,
)
from workshop.analysis.baseline.table import Parted, Table
from workshop.analysis.trained import Trained
from workshop.errors import InputError
from workshop.record.values import Number

if TYPE_CHECKING:
    import pandas as pd

    from workshop.data.card import ColumnRole


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
    progress: Tell = silent,
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
    if time is not None and table.parted is None:
        raise InputError(
            f"{time!r} does not part the rows into an earlier and a later half with "
            "ten rows of either label each; mend its values, or leave the time out."
        )
    progress("folds")
    scores = out_of_fold(table, folds(table))
    shuffled = auc_of("baseline.shuffled", table, scores)
    unseen = _Unseen(np.arange(len(scores)), scores)
    if table.parted is not None:
        progress("later")
        unseen = _later_half(table, table.parted)
    return _handed_back(table, unseen, shuffled, key=key, time=time, cluster=cluster)


@dataclass(frozen=True)
class _Unseen:
    """The rows that are handed back, scored by a model that has not seen them."""

    rows: NDArray[np.intp]
    scores: NDArray[np.float64]
    cut: datetime | None = None
    later: Number | None = None


def _later_half(table: Table, parted: Parted) -> _Unseen:
    """Score the later rows by a model of the earlier ones."""
    earlier, rows, cut = parted
    (scores,) = score_unseen(table, [(earlier, rows)])
    return _Unseen(rows, scores, cut, auc_of("baseline.later", table, scores, rows))


def _handed_back(
    table: Table,
    unseen: _Unseen,
    shuffled: Number,
    *,
    key: str,
    time: str | None,
    cluster: str | None,
) -> BaselineRun:
    """Put beside the scores what the table says of their rows."""
    assert table.frame is not None  # as it was just read
    frame = table.frame.iloc[unseen.rows]
    return BaselineRun(
        keys=frame[key].to_numpy(),
        labels=table.labels[unseen.rows],
        scores=unseen.scores,
        time=frame[time].to_numpy() if time else None,
        cluster=frame[cluster].to_numpy() if cluster else None,
        used=table.inputs.used,
        left_out=table.inputs.left_out,
        cut=unseen.cut,
        shuffled=shuffled,
        later=unseen.later,
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
    progress: Tell = silent,
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
    except CannotTrain as why:
        return Trained(rows=why.judged, positives=why.hits, why_not=why.reason)
    found = train_table(table, at_hand or 0, progress=progress)
    return with_keys(found, table, key)


def with_keys(found: Trained, table: Table, key: str) -> Trained:
    """Put the keys in place of the rows by which `train_table` tells suspects."""
    assert table.frame is not None  # as it was just read
    keys = table.frame[key]
    suspects = tuple(
        replace(one, key=str(keys.iloc[int(one.key)])) for one in found.suspects
    )
    return replace(found, suspects=suspects)
