"""How long do 1,000 bootstrap bands take, beside one argsort and scikit-learn?

Run as ``python benchmarks/bands.py [ROWS ...]``; the default is 10,000 to 10 million.
The curve is given. Bands are both kinds, pointwise and simultaneous, of precision and
recall, at 256 rank cuts and three marked points. Each round times every size in turn,
so that a busy moment touches all of them; the figures are medians. At one million rows
scikit-learn's loop is timed for two of its rounds and multiplied up to 1,000.
"""

from __future__ import annotations

import sys
from statistics import median

import numpy as np
from measuring import seconds

from workshop.analysis.bands import estimate_band
from workshop.analysis.curve import ThresholdCurve, threshold_curve
from workshop.analysis.resampling import N_BOOT, choose_cuts, draw_rows

ROUNDS = 7
SIZES = [10_000, 100_000, 1_000_000, 10_000_000]
BESIDE = 1_000_000
MARKS = (0.5, 0.7, 0.9)
LOOPS = 2


def table(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Make labels and scores of a model that knows something."""
    rng = np.random.default_rng(0)
    scores = rng.random(rows)
    return rng.random(rows) < scores**2, scores


def bands(curve: ThresholdCurve) -> None:
    """Draw once, and make both bands."""
    samples = draw_rows(curve, choose_cuts(curve, keep=MARKS))
    estimate_band(samples, deff=1)
    estimate_band(samples, "simultaneous", deff=1)


def loop(labels: np.ndarray, scores: np.ndarray) -> None:
    """Draw rows and make scikit-learn's curve of them: one sample's worth."""
    from sklearn.metrics import precision_recall_curve

    rows = np.random.default_rng(0).integers(0, len(labels), len(labels))
    precision_recall_curve(labels[rows], scores[rows])


def compare(labels: np.ndarray, scores: np.ndarray, took: float) -> None:
    """Print the bands beside an argsort of the scores and scikit-learn's loop."""
    sort = median(seconds(lambda: np.argsort(scores)) for _ in range(ROUNDS))
    known = median(seconds(lambda: loop(labels, scores)) for _ in range(LOOPS))
    print(
        f"at {len(scores):,} rows: argsort {sort * 1e3:.1f} ms,"
        f" bands/argsort {took / sort:.2f} (at most 6)\n"
        f"scikit-learn in a loop: {known:.2f} s a round over {LOOPS} rounds, scaled to"
        f" {N_BOOT:,}: {known * N_BOOT:,.0f} s,"
        f" {known * N_BOOT / took:,.0f} times the bands (at least 1,000)"
    )


def main() -> None:
    """Compare sizes with each other, and one million with the others' ways."""
    sizes = sorted(int(text) for text in sys.argv[1:]) or SIZES
    tables = {rows: table(rows) for rows in sizes}
    curves = {rows: threshold_curve(*tables[rows]) for rows in sizes}
    took: dict[int, list[float]] = {rows: [] for rows in sizes}
    for _ in range(ROUNDS):
        for rows, curve in curves.items():
            took[rows].append(seconds(lambda curve=curve: bands(curve)))
    usual = {rows: median(times) for rows, times in took.items()}
    for rows, time_taken in usual.items():
        print(f"{rows:>11,} rows  bands {time_taken * 1e3:6.1f} ms")
    least, most = sizes[0], sizes[-1]
    print(
        f"{most:,} rows take {usual[most] / usual[least]:.2f}"
        f" times what {least:,} take (at most 1.3)"
    )
    if BESIDE in tables:
        compare(*tables[BESIDE], usual[BESIDE])


if __name__ == "__main__":
    main()
