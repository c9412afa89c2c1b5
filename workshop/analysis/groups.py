"""How does it go for each group of people, at any threshold?

Rows are counted once, by group and label, between the thresholds asked for; what
follows at one of them is a look-up. Overall, by group and difference mean what
fairlearn means by them (`MetricFrame`): the difference is the largest less the
smallest. Which groups may be told apart, and by what, is for people to say.

Sources: Weerts et al. 2023 (fairlearn) for the names; Newcombe 1998 for the difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.group_cells import cells_of_scores
from workshop.analysis.group_names import Group
from workshop.analysis.intervals import design_effect
from workshop.analysis.metrics import SHARES
from workshop.analysis.policies import Cells
from workshop.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int16]

FEWEST = 20  # rows in a share's base, below which a group is left out of comparisons


@dataclass(frozen=True, slots=True, eq=False)
class GroupCounts:
    """Rows of each group under one policy, or under each threshold.

    ``tp`` and ``fp`` are acted on; ``reached_tp`` and ``reached_fp`` are acted on or
    sent to a person, and equal these where nobody is asked. Shape (groups,), or
    (groups, cuts) where ``act_at`` is None. `fn`, `tn` and the rows asked follow.
    """

    groups: tuple[Group, ...]
    act_at: float | None
    review_at: float | None
    tp: Ints
    fp: Ints
    reached_tp: Ints
    reached_fp: Ints
    positives: Ints
    negatives: Ints

    @property
    def fn(self) -> Ints:
        """Positives left alone."""
        return self.positives - self.reached_tp

    @property
    def tn(self) -> Ints:
        """Negatives left alone."""
        return self.negatives - self.reached_fp

    @property
    def asked_positive(self) -> Ints:
        """Positives sent to a person."""
        return self.reached_tp - self.tp

    @property
    def asked_negative(self) -> Ints:
        """Negatives sent to a person."""
        return self.reached_fp - self.fp

    @property
    def overall(self) -> Cells:
        """All groups together."""
        return Cells(*(int(part.sum()) for part in self._parts()))

    def cells(self, group: int) -> Cells:
        """The counts of one group, by its place."""
        return Cells(*(int(part[group]) for part in self._parts()))

    def share(self, metric: str) -> tuple[Ints, Ints]:
        """Numerator and denominator of a share, for each group.

        Raises `InputError` on a metric that is no share of rows.
        """
        if metric not in SHARES:
            raise InputError(
                f"groups are compared by a share of rows, not by {metric!r};"
                f" one of {sorted(SHARES)}"
            )
        # A group's counts have the same names as a policy's; here they are arrays.
        k, n = SHARES[metric](self)  # type: ignore[arg-type]
        return np.asarray(k), np.asarray(n)

    def _parts(self) -> tuple[Ints, ...]:
        alone = self.tp, self.fp, self.fn, self.tn
        return *alone, self.asked_positive, self.asked_negative


@dataclass(frozen=True, slots=True, eq=False)
class GroupCurves:
    """Cumulative counts of each group at the same thresholds.

    ``thresholds`` descends, shape (cuts,). ``tp[g, i]`` and ``fp[g, i]`` count the rows
    of group g and either label with ``score >= thresholds[i]``: shape (groups, cuts),
    exact. ``positives`` and ``negatives`` have shape (groups,). All are read-only.
    """

    groups: tuple[Group, ...]
    thresholds: Floats
    tp: Ints
    fp: Ints
    positives: Ints
    negatives: Ints

    def place_of(self, threshold: float) -> int:
        """Place of the least threshold that is not below the one asked for.

        Raises `InputError` where there is none, and on NaN.
        """
        # The reversed view ascends and is contiguous: searching it copies nothing.
        ascending = self.thresholds[::-1]
        place = len(ascending) - 1 - int(ascending.searchsorted(threshold))
        if place < 0:  # NaN sorts above all
            raise InputError(f"the groups were not counted at or above {threshold}")
        return place

    def at(self, act_at: float, review_at: float | None = None) -> GroupCounts:
        """Counts of each group at one threshold, or with a review band below it.

        A threshold between two of the curves' own snaps to the one above; the answer
        names the threshold it was counted at. Raises `InputError` as `place_of`, and
        when ``review_at`` lies above ``act_at``.
        """
        act = self.place_of(act_at)
        tp, fp = reached = self.tp[:, act], self.fp[:, act]
        if review_at is not None:
            ask = self.place_of(review_at)
            if ask < act:
                raise InputError("review_at must not lie above act_at")
            review_at = float(self.thresholds[ask])
            reached = self.tp[:, ask], self.fp[:, ask]
        cut = float(self.thresholds[act])
        sizes = self.positives, self.negatives
        return GroupCounts(self.groups, cut, review_at, tp, fp, *reached, *sizes)

    def each_at(self, places: ArrayLike) -> GroupCounts:
        """Counts where every group has a threshold of its own, by their places."""
        chosen = np.asarray(places, dtype=np.intp)
        rows = np.arange(len(self.groups))
        tp, fp = self.tp[rows, chosen], self.fp[rows, chosen]
        _freeze(tp, fp)
        sizes = self.positives, self.negatives
        return GroupCounts(self.groups, None, None, tp, fp, tp, fp, *sizes)

    def everywhere(self) -> GroupCounts:
        """Counts at every threshold at once: shape (groups, cuts)."""
        sizes = self.positives[:, None], self.negatives[:, None]
        tp, fp = self.tp, self.fp
        return GroupCounts(self.groups, None, None, tp, fp, tp, fp, *sizes)

    def largest_gap(self, metric: str, *, fewest: int = FEWEST) -> Floats:
        """The difference between groups at every threshold, in line with `thresholds`.

        Largest share less smallest, over the groups with at least ``fewest`` rows in
        the share's base there; NaN, cannot tell, where fewer than two have. Shape
        (cuts,). Raises `InputError` on a metric that is no share.
        """
        k, n = self.everywhere().share(metric)
        enough = np.broadcast_to(n >= max(fewest, 1), self.tp.shape)
        shares = k / np.maximum(n, 1)
        high = np.where(enough, shares, -np.inf).max(axis=0)
        low = np.where(enough, shares, np.inf).min(axis=0)
        gap = np.full(len(self.thresholds), np.nan)
        told = enough.sum(axis=0) > 1
        gap[told] = high[told] - low[told]
        _freeze(gap)
        return gap


def group_curves(
    labels: ArrayLike,
    scores: ArrayLike,
    codes: NDArray[Any],
    groups: Sequence[Group],
    *,
    thresholds: ArrayLike,
) -> GroupCurves:
    """Count both labels of every group at each threshold, exactly, in one pass.

    Parameters
    ----------
    labels, scores
        Shape (n,): 0 or 1, and finite numbers. A group, or all, may have one label.
    codes, groups
        As `group_names` gives them; a group may be without rows here.
    thresholds
        Shape (cuts,), strictly descending, infinities allowed: those of
        `ThresholdCurve.table`, on whichever rows that was made.

    Raises
    ------
    InputError
        Lengths that differ, no rows, labels other than 0 and 1, scores that are missing
        or infinite, codes without a group, thresholds that do not descend.
    """
    hits, values, places = _checked(labels, scores, codes, len(groups))
    cuts = _descending(thresholds)
    cells = cells_of_scores(values, cuts[::-1])
    cells *= 2 * len(groups)
    cells += places * np.int16(2) + hits
    shape = len(cuts) + 1, len(groups), 2
    counts = np.bincount(cells, minlength=math.prod(shape)).reshape(shape)
    # Rows that reach a threshold lie in the cells above it: add from the top down.
    reached = counts[:0:-1].cumsum(axis=0)
    tp, fp = (np.ascontiguousarray(reached[:, :, label].T) for label in (1, 0))
    positives, negatives = (counts[:, :, label].sum(axis=0) for label in (1, 0))
    _freeze(cuts, tp, fp, positives, negatives)
    return GroupCurves(tuple(groups), cuts, tp, fp, positives, negatives)


def group_design_effects(
    labels: ArrayLike,
    clusters: Sequence[Any] | NDArray[Any] | None,
    codes: NDArray[Any],
    groups: Sequence[Group],
    *,
    seed: int = 0,
) -> tuple[float, ...]:
    """How much wider each group's own clusters make a rate of it; 1 without clusters.

    Measured as for the whole: on whether acting would be wrong. A group has fewer rows
    of each cluster than the whole has, so its design effect is usually smaller.
    """
    wrong = 1.0 - np.asarray(labels, dtype=np.float64)
    if clusters is None:
        return (1.0,) * len(groups)
    sources = np.asarray(clusters)
    members = [np.asarray(codes) == place for place in range(len(groups))]
    return tuple(
        design_effect(wrong[rows], sources[rows], seed=seed).deff if rows.any() else 1.0
        for rows in members
    )


def _checked(
    labels: ArrayLike, scores: ArrayLike, codes: NDArray[Any], groups: int
) -> tuple[NDArray[np.bool_], Floats, Codes]:
    hits, values = np.asarray(labels), np.ascontiguousarray(scores, dtype=np.float64)
    places = np.asarray(codes, dtype=np.int16)
    if not len(hits) == len(values) == len(places):
        raise InputError(
            f"{len(hits)} labels, {len(values)} scores and {len(places)} groups of rows"
            " were given; there must be one of each a row"
        )
    if len(values) == 0:
        raise InputError("there are no rows to count")
    if hits.dtype != np.bool_:
        if not np.isin(hits, (0, 1)).all():
            raise InputError("labels must be 0 or 1")
        hits = hits.astype(np.bool_)
    if not (np.isfinite(values.min()) and np.isfinite(values.max())):
        raise InputError("scores must be finite numbers")
    if places.min() < 0 or places.max() >= groups:
        raise InputError(f"some rows belong to none of the {groups} groups")
    return hits, values, places


def _descending(thresholds: ArrayLike) -> Floats:
    cuts = np.array(thresholds, dtype=np.float64)
    if cuts.ndim != 1 or len(cuts) == 0 or not (cuts[1:] < cuts[:-1]).all():
        raise InputError("thresholds to count at must descend, each named once")
    if np.isnan(cuts[0]):
        raise InputError("a threshold cannot be missing")
    return cuts


def _freeze(*arrays: NDArray[Any]) -> None:
    for array in arrays:
        array.flags.writeable = False
