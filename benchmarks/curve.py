"""How long does the exact curve take, beside one argsort and scikit-learn?

Run as ``python benchmarks/curve.py [ROWS ...]``; the default is one million. Each
round times one argsort of the scores and one curve, in turn; the figures are medians.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from workshop.analysis.curve import threshold_curve

ROUNDS = 11


def seconds(call: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def cases(rows: int) -> dict[str, np.ndarray]:
    """Make scores of the kinds that models give."""
    rng = np.random.default_rng(0)
    uniform, normal = rng.random(rows), rng.normal(size=rows)
    return {
        "probabilities in 0..1": uniform,
        "any sign, like logits": normal,
        "0..17, like BM25": uniform * 17,
        "float32 (no goal)": uniform.astype(np.float32),
        "1,000 distinct (no goal)": np.round(uniform, 3),
    }


def compare(name: str, labels: np.ndarray, scores: np.ndarray) -> None:
    """Print one line: argsort, curve, and the ratios."""
    from sklearn.metrics import precision_recall_curve

    sort, curve = [], []
    for _ in range(ROUNDS):
        sort.append(seconds(lambda: np.argsort(scores)))
        curve.append(seconds(lambda: threshold_curve(labels, scores)))
    known = [seconds(lambda: precision_recall_curve(labels, scores)) for _ in range(3)]
    ratio = median(c / s for c, s in zip(curve, sort, strict=True))
    print(
        f"{len(scores):>11,}  {name:<26}"
        f"argsort {median(sort) * 1e3:8.1f} ms  curve {median(curve) * 1e3:8.1f} ms"
        f"  curve/argsort {ratio:5.2f}"
        f"  curve/scikit-learn {median(curve) / median(known):6.3f}"
    )


def main() -> None:
    """Compare at each size asked for."""
    sizes = [int(text) for text in sys.argv[1:]] or [1_000_000]
    for rows in sizes:
        labels = np.random.default_rng(1).random(rows) < 0.3
        for name, scores in cases(rows).items():
            compare(name, labels, scores)


if __name__ == "__main__":
    main()
