"""What would other samples of the same size have counted at these cuts?

Only the counts between neighbouring cuts are drawn, never rows: a multinomial draw of
the cells (either label, between two cuts) has the same distribution as drawing rows
with replacement and counting again. The number of positives varies with it, as it does
in life. Rows that hang together are drawn as whole clusters.

What follows for a curve is `bands`' business, for a chosen threshold `movement`'s.

Sources: Efron & Tibshirani 1993 (bootstrap; whole clusters as the unit drawn).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.curve import ThresholdCurve
from workshop.analysis.intervals import FEW_SOURCES
from workshop.analysis.split import group_codes
from workshop.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_BOOT = 1000
MAX_CUTS = 256
_DENSE = 4_000_000  # entries of a table of clusters by cells that is kept whole
_AT_ONCE = 20_000_000  # drawn multiplicities of clusters held at a time


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Counts at some cuts, and what each of ``n_boot`` other samples counts there.

    ``thresholds`` descends, shape (cuts,); ``tp`` and ``fp`` are the rows' own counts,
    shape (cuts,); ``drawn_tp`` and ``drawn_fp`` those of the samples, shape (n_boot,
    cuts). ``drawn_positives`` and ``drawn_negatives`` have shape (n_boot,). All arrays
    are read-only. ``clusters`` is None where rows were drawn, each for itself.
    """

    thresholds: Floats
    tp: Ints
    fp: Ints
    positives: int
    negatives: int
    drawn_tp: Ints
    drawn_fp: Ints
    drawn_positives: Ints
    drawn_negatives: Ints
    clusters: int | None
    seed: int

    @property
    def n(self) -> int:
        """All rows."""
        return self.positives + self.negatives

    @property
    def n_boot(self) -> int:
        """How many samples were drawn."""
        return len(self.drawn_tp)

    @property
    def few_sources(self) -> bool:
        """Too few clusters for draws of them to be trusted."""
        return self.clusters is not None and self.clusters < FEW_SOURCES

    @property
    def one_label(self) -> NDArray[np.bool_]:
        """Samples without a positive or without a negative, shape (n_boot,)."""
        return np.minimum(self.drawn_positives, self.drawn_negatives) < 1


def choose_cuts(
    curve: ThresholdCurve, *, keep: Iterable[float] = (), max_cuts: int = MAX_CUTS
) -> Floats:
    """At most ``max_cuts`` thresholds evenly spaced in rows acted on, and ``keep``.

    Descending; the first, infinity, acts on no one, the last on everyone. ``keep`` are
    marked thresholds, which need not be scores. The time taken does not grow with the
    rows. Raises `InputError` on fewer than two cuts or a missing threshold.
    """
    if max_cuts < 2:
        raise InputError(f"acting on no one and on everyone are 2 cuts, not {max_cuts}")
    kept = np.fromiter(keep, dtype=np.float64)
    if np.isnan(kept).any():
        raise InputError("a threshold cannot be missing")
    wanted = np.linspace(0, curve.n, max_cuts)[1:]
    places = curve.positions_acting_on(wanted) - 1
    cuts = np.concatenate(([np.inf], curve.thresholds[places], kept))
    return np.unique(cuts)[::-1]


def draw_rows(
    curve: ThresholdCurve,
    thresholds: ArrayLike,
    *,
    n_boot: int = N_BOOT,
    seed: int = 0,
) -> Samples:
    """Draw the counts at ``thresholds`` as if rows were drawn with replacement.

    The time taken grows with cuts and draws, not with rows. Raises `InputError` on
    missing thresholds, or on a weighted curve, whose rows cannot be told apart.
    """
    if curve.weighted:
        raise InputError(
            "weighted counts cannot be drawn as rows; make the curve without weights"
        )
    cuts = _descending(thresholds)
    tp, fp = curve.counts_at(cuts)
    return _draw_cells(cuts, tp, fp, curve.positives, curve.negatives, n_boot, seed)


def draw_clusters(
    labels: ArrayLike,
    scores: ArrayLike,
    clusters: Sequence[Any] | NDArray[Any],
    thresholds: ArrayLike,
    *,
    n_boot: int = N_BOOT,
    seed: int = 0,
) -> Samples:
    """Draw whole clusters with replacement, as many as there are, and count.

    ``labels`` (0 or 1), ``scores`` and ``clusters`` have shape (n,); the number of rows
    varies from draw to draw. A single cluster leaves nothing to draw: every sample is
    then the rows themselves. Raises `InputError` on lengths that differ or on missing
    clusters or thresholds.
    """
    cuts = _descending(thresholds)
    hits, values = np.asarray(labels) == 1, np.asarray(scores, dtype=np.float64)
    codes, names = group_codes(clusters, what="cluster")
    if not len(hits) == len(values) == len(codes):
        raise InputError(
            f"{len(hits)} labels, {len(values)} scores and {len(codes)} clusters"
            " were given; each row needs one of each"
        )
    # Cell i holds the rows below cut i - 1 that cut i acts on; negatives come after.
    cell = len(cuts) - np.searchsorted(cuts[::-1], values, side="right")
    cell += (len(cuts) + 1) * ~hits
    table = _clusters_by_cells(codes, cell, len(names), 2 * (len(cuts) + 1))
    own = np.asarray(table.sum(axis=0)).reshape(2, -1).astype(np.int64)
    drawn = _draw_whole(table, len(names), n_boot, np.random.default_rng(seed))
    return _gather(cuts, own, drawn.reshape(n_boot, 2, -1), len(names), seed)


def redraw_rows(samples: Samples) -> Samples:
    """Draw at the same cuts as if rows were independent."""
    s = samples
    return _draw_cells(
        s.thresholds, s.tp, s.fp, s.positives, s.negatives, s.n_boot, s.seed
    )


def _draw_cells(
    cuts: Floats,
    tp: Ints,
    fp: Ints,
    positives: int,
    negatives: int,
    n_boot: int,
    seed: int,
) -> Samples:
    cells = np.array(
        [
            np.diff(np.concatenate(([0], counts, [total])))
            for counts, total in ((tp, positives), (fp, negatives))
        ]
    )
    n = positives + negatives
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, cells.ravel() / n, size=n_boot)
    return _gather(cuts, cells, drawn.reshape(n_boot, 2, -1), None, seed)


def _gather(
    cuts: Floats, own: Ints, drawn: Ints, clusters: int | None, seed: int
) -> Samples:
    """Cumulate cells, shape (2, cuts + 1) and (n_boot, 2, cuts + 1), to counts."""
    own, drawn = own.cumsum(axis=-1), drawn.cumsum(axis=-1)
    for counts in (cuts, own, drawn):
        counts.flags.writeable = False
    return Samples(
        thresholds=cuts,
        tp=own[0, :-1],
        fp=own[1, :-1],
        positives=int(own[0, -1]),
        negatives=int(own[1, -1]),
        drawn_tp=drawn[:, 0, :-1],
        drawn_fp=drawn[:, 1, :-1],
        drawn_positives=drawn[:, 0, -1],
        drawn_negatives=drawn[:, 1, -1],
        clusters=clusters,
        seed=seed,
    )


def _clusters_by_cells(
    codes: NDArray[np.intp], cell: NDArray[np.intp], clusters: int, cells: int
) -> Any:
    """Count each cluster's rows in each cell; sparse where there are many clusters."""
    if clusters * cells <= _DENSE:
        flat = np.bincount(codes * cells + cell, minlength=clusters * cells)
        # Floats of this size multiply exactly, and far faster than integers.
        return flat.reshape(clusters, cells).astype(np.float64)
    from scipy.sparse import coo_array

    ones = np.ones(len(codes))
    return coo_array((ones, (codes, cell)), shape=(clusters, cells)).tocsr()


def _draw_whole(
    table: Any, clusters: int, n_boot: int, rng: np.random.Generator
) -> Ints:
    drawn = np.empty((n_boot, table.shape[1]), dtype=np.int64)
    chunk = max(1, _AT_ONCE // clusters)
    for start in range(0, n_boot, chunk):
        rows = range(start, min(start + chunk, n_boot))
        times = [
            np.bincount(rng.integers(0, clusters, clusters), minlength=clusters)
            for _ in rows
        ]
        drawn[rows.start : rows.stop] = np.array(times, dtype=np.float64) @ table
    return drawn


def _descending(thresholds: ArrayLike) -> Floats:
    cuts = np.unique(np.asarray(thresholds, dtype=np.float64))[::-1].copy()
    if len(cuts) == 0 or np.isnan(cuts).any():
        raise InputError("counts are drawn at one threshold or more, none missing")
    return cuts
