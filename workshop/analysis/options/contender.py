"""Which rows would an option act on, from each of the lines that it could draw?

What stands on a map of options: rows that choose, rows kept aside, and what is done
with those that are not acted on. Lines are met by position, as in `band_search`: 0 acts
on no one, ``i`` from the i-th cut on, counted from the highest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.columns import check_lengths, labels_of, largest_of, numbers_of
from workshop.errors import InputError
from workshop.record.values import FallbackKind

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]

CUTS = 200
"""Most cuts of one option that are looked at: every 1/200 of the rows it may act on.

Where there are fewer distinct scores, all of them are looked at.
"""


@dataclass(frozen=True, slots=True, eq=False)
class OptionRows:
    """One option's rows on one side of the split; every array has shape (n,).

    ``labels`` are 0 or 1. ``scores`` are None where no model decides. ``kept`` marks
    what a filter lets through, None for all; ``hit`` where a right one is among the
    best few, needed where these are shown.
    """

    labels: ArrayLike
    scores: ArrayLike | None = None
    kept: Bools | None = None
    hit: Bools | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """One option on the map, in the words of `workshop.data.candidates.Candidate`.

    ``report`` holds the rows kept aside, the same ones in the same order for every
    contender; ``choose`` may differ, and is None where nothing is to be chosen: a
    person only, nothing at all, or everyone acted on (``policy`` "all"). ``max_error``
    is the most that may be wrong of what is acted on, by the choosing rows at each
    cell's prevalence; where no cut keeps it, the cheapest of all is taken. ``keep``
    are thresholds to look at in any case: its policy elsewhere on the page. ``review``
    is what one review costs where people decide without a model; None for the price
    that all others have.
    """

    id: str
    report: OptionRows
    choose: OptionRows | None = None
    fallback: FallbackKind = "not_sure"
    policy: Literal["cheapest", "review_band", "all"] = "cheapest"
    max_error: float | None = None
    keep: tuple[float, ...] = ()
    review: float | None = None

    @property
    def scored(self) -> bool:
        """Whether scores say what is acted on."""
        return self.policy != "all" and self.choose is not None

    @property
    def settled(self) -> bool:
        """Whether it has one line wherever it stands on the map: nothing is chosen."""
        return self.policy == "all"


def cuts_of(contender: Contender) -> Floats:
    """Scores to act from, ascending; evenly spaced in the rows that are acted on."""
    if contender.policy == "all":
        return np.array([-np.inf])
    rows = contender.choose
    if rows is None:
        return np.array([])
    scores = _scores(contender, rows)
    scores = np.sort(scores if rows.kept is None else scores[rows.kept])
    n = len(scores)
    new = np.ones(n, dtype=np.bool_)
    np.not_equal(scores[1:], scores[:-1], out=new[1:])
    if n == 0 or np.count_nonzero(new) <= CUTS:
        return scores[new]
    wanted = np.ceil(np.linspace(0, n, CUTS + 1)[1:]).astype(np.intp)
    kept = np.searchsorted(scores, contender.keep)
    return np.unique(scores[np.concatenate([n - wanted, kept[kept < n]])])


def bins_of(contender: Contender, rows: OptionRows, cuts: Floats) -> Codes:
    """The first position that acts on each row, from 1; one past the last for never."""
    last = len(cuts) + 1
    if contender.policy == "all":
        bins = np.ones(len(np.asarray(rows.labels)), dtype=np.int32)
    elif not contender.scored:
        return np.full(len(np.asarray(rows.labels)), last, dtype=np.int32)
    else:
        bins = last - _count_at_most(cuts, _scores(contender, rows))
    if rows.kept is not None:
        bins[~rows.kept] = last
    return bins


def _count_at_most(cuts: Floats, values: Floats) -> Codes:
    """How many cuts lie at or below each value: `searchsorted`, from the right.

    By halves without a branch, block by block: some four times as fast where values
    come in no order.
    """
    size = 1 << len(cuts).bit_length()
    table = np.full(size, np.inf)
    table[1 : len(cuts) + 1] = cuts
    found = np.empty(len(values), dtype=np.int32)
    for start in range(0, len(values), 1 << 14):
        block = values[start : start + (1 << 14)]
        place, step = np.zeros(len(block), dtype=np.intp), size >> 1
        while step:
            place += step * (table.take(place + step) <= block)
            step >>= 1
        found[start : start + len(block)] = place
    return found


def acted_on(kinds: Codes, bins: Codes, last: int, *, of: int) -> Ints:
    """Rows of each kind acted on from each position; at ``last`` stand all there are.

    ``kinds``, each below ``of``, and ``bins`` have shape (n,); the answer (of, last+1).
    """
    count = np.bincount(kinds * (last + 1) + bins, minlength=of * (last + 1))
    return count.reshape(of, last + 1).cumsum(axis=1)


def own_kinds(contender: Contender, rows: OptionRows) -> Codes:
    """2 for a positive, and 1 more where a right one is among the best few."""
    kinds = 2 * labels_of(rows.labels).astype(np.int32)
    if contender.fallback == "alternatives":
        if rows.hit is None or len(rows.hit) != len(kinds):
            raise InputError(
                f"{contender.id!r} shows the best few, but not every row says whether a"
                " right one is among them"
            )
        kinds += np.asarray(rows.hit, dtype=np.bool_)
    return kinds


def _scores(contender: Contender, rows: OptionRows) -> Floats:
    if rows.scores is None:
        raise InputError(f"option {contender.id!r} has labels but no scores")
    scores = numbers_of(rows.scores, "scores")
    check_lengths(labels_of(rows.labels), scores, "scores")
    largest_of(scores, "scores")
    return scores
