"""Where the best few answers are shown instead of one: is a right one among them?

A ranking lies in a file beside the scenario, one row an answer, every ranked answer
in it. Beside what the ranking finds stands what as many drawn by lot would find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workshop.data.candidates import Ranking
from workshop.data.refusals import check_numbers, need_column
from workshop.data.scenario import Run, Scenario
from workshop.data.source import read_table
from workshop.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class BestFew:
    """For each key, whether showing the best few shows a right answer.

    Attributes
    ----------
    hit : array of bool, shape (n,)
        Whether a right answer is among the best few.
    by_lot : array of float, shape (n,)
        The chance that as many answers, drawn from that key's, hold a right one.
    candidates, right : arrays of int, shape (n,)
        How many answers were ranked, and how many of them are right.
    """

    hit: NDArray[np.bool_]
    by_lot: NDArray[np.float64]
    candidates: NDArray[np.intp]
    right: NDArray[np.intp]

    def __post_init__(self) -> None:
        for array in (self.hit, self.by_lot, self.candidates, self.right):
            array.flags.writeable = False


def read_ranking(
    scenario: Scenario, run: Run, keys: NDArray[np.str_], shows: int
) -> BestFew:
    """Read what the best ``shows`` of a run's ranking hold, in the order of ``keys``.

    ``keys`` are those of the run's rows, each once. Answers to other keys are left out.

    Raises
    ------
    InputError
        When the run has no ranking, its file or a column is absent, no row is left by
        ``where``, a key has no ranked answer, its ranks are not 1, 2, 3 and so on, each
        once, or a label is neither 0 nor 1.
    """
    ranking = run.ranking
    if ranking is None:
        raise InputError(
            f"{scenario.id}/scenario.yaml: the run {run.id!r} has no ranking to show "
            "the best of; add ranking: with its file."
        )
    table = _rows(scenario, ranking)
    place = _places(table[scenario.key], keys, ranking)
    table, place = table[place >= 0], place[place >= 0]
    candidates = np.bincount(place, minlength=len(keys))
    _need_answers(candidates, keys, run, ranking)
    rank = _ranks(table, place, candidates, keys, ranking)
    label = _labels(table, ranking)
    right = np.bincount(place[label], minlength=len(keys))
    hit = np.zeros(len(keys), dtype=bool)
    hit[place[label & (rank <= shows)]] = True
    return BestFew(hit, chance_by_lot(candidates, right, shows), candidates, right)


def chance_by_lot(
    candidates: NDArray[np.intp], right: NDArray[np.intp], shows: int
) -> NDArray[np.float64]:
    """Return the chance that ``shows`` answers drawn by lot hold a right one.

    Hypergeometric, without replacement: 1 - C(N-R, k) / C(N, k) with N ``candidates``
    of which R are ``right``; where N is below k, all are drawn. The ratio is the
    product over i < k of (N-R-i) / (N-i), the chance of one more miss.

    Parameters
    ----------
    candidates, right : arrays of int, shape (n,)
        N and R of each key.
    """
    missed = np.ones(len(candidates))
    for drawn in range(min(shows, candidates.max(initial=0))):
        left = candidates - drawn
        wrong = np.maximum(left - right, 0)
        missed *= np.where(left > 0, wrong / np.maximum(left, 1), 1.0)
    return 1.0 - missed


def _rows(scenario: Scenario, ranking: Ranking) -> pd.DataFrame:
    """The rows that ``where`` leaves, once all the columns are there."""
    table = read_table(scenario.folder / ranking.file)
    named = (*ranking.where, scenario.key, ranking.rank, ranking.label)
    for column in named:
        need_column(table.columns, column, ranking.file, scenario)
    for column, wanted in ranking.where.items():
        table = table[table[column] == wanted]
    if table.empty:
        raise InputError(
            f"{ranking.file}: no row has {ranking.where}, so nothing is ranked; "
            "correct where: under ranking: in scenario.yaml."
        )
    return table


def _places(
    column: pd.Series, keys: NDArray[np.str_], ranking: Ranking
) -> NDArray[np.intp]:
    """Where each row's key stands in ``keys``; -1 for a key that is not there."""
    codes, found = pd.factorize(column)
    missing = int((codes < 0).sum())
    if missing:
        raise InputError(
            f"{ranking.file}: the key {column.name!r} is missing in {missing:,} rows; "
            "write which case each answer belongs to."
        )
    return pd.Index(keys).get_indexer(found.astype(str))[codes]


def _need_answers(
    candidates: NDArray[np.intp], keys: NDArray[np.str_], run: Run, ranking: Ranking
) -> None:
    without = keys[candidates == 0]
    if len(without):
        raise InputError(
            f"{ranking.file}: {len(without):,} of {len(keys):,} keys of the run "
            f"{run.id!r} have no ranked answer, such as {str(without[0])[:40]!r}; add "
            "their answers or leave those rows out of the run."
        )


def _ranks(
    table: pd.DataFrame,
    place: NDArray[np.intp],
    candidates: NDArray[np.intp],
    keys: NDArray[np.str_],
    ranking: Ranking,
) -> NDArray[np.float64]:
    """The ranks, which must be 1 to N for a key with N answers."""
    where = f"{ranking.file}: the rank {ranking.rank!r}"
    rank = check_numbers(table[ranking.rank], where, are="ranks are 1, 2, 3, …")
    order = np.lexsort((rank, place))
    key, given = place[order], rank[order]
    twice = np.flatnonzero((np.diff(key) == 0) & (np.diff(given) == 0))
    if len(twice):
        raise InputError(
            f"{where} is {given[twice[0]]:g} more than once for the key "
            f"{_shown(keys, key[twice[0]])}; give each answer a rank of its own."
        )
    first = np.cumsum(candidates) - candidates
    wanted = 1 + np.arange(len(key)) - first[key]
    odd = np.flatnonzero(given != wanted)
    if len(odd):
        raise InputError(
            f"{where} is {given[odd[0]]:g} for the key {_shown(keys, key[odd[0]])} "
            f"where {wanted[odd[0]]} should stand; number the answers to each key "
            "1, 2, 3, … and leave none out."
        )
    return rank


def _shown(keys: NDArray[np.str_], place: np.intp) -> str:
    return repr(str(keys[place])[:40])


def _labels(table: pd.DataFrame, ranking: Ranking) -> NDArray[np.bool_]:
    column = table[ranking.label]
    odd = column[~column.isin([0, 1])]
    if len(odd):
        first = odd.tolist()[0]
        found = "missing" if pd.isna(first) else repr(first)[:30]
        raise InputError(
            f"{ranking.file}: the label {ranking.label!r} is neither 0 nor 1 in "
            f"{len(odd):,} of {len(column):,} rows (such as {found}); write 1 for a "
            "right answer and 0 for any other."
        )
    return column.to_numpy(dtype=np.int8) == 1
