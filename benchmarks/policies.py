"""How long does the exact best review band take, beside one argsort of the scores?

Run as ``python benchmarks/policies.py [ROWS ...]``; the default is one million. The
curve is given. Each round times one argsort and each search, in turn; the figures are
medians. The goal is at most 0.6 of the argsort, where all scores are distinct.
"""

from __future__ import annotations

import sys
from statistics import median

import numpy as np
from measuring import seconds

from workshop.analysis.curve import threshold_curve
from workshop.analysis.metrics import Context, Reviewer
from workshop.analysis.review_bands import best_band

ROUNDS = 11
GOAL = 0.6
CONTEXT = Context(ratio=5, review_cost=0.5, reviewer=Reviewer(0.95, 0.97))


def compare(name: str, labels: np.ndarray, scores: np.ndarray, goal: str) -> None:
    """Print a line for each capacity: argsort, search, and the ratio."""
    curve = threshold_curve(labels, scores)
    rows = len(scores)
    capacities = {"any number": None, "a tenth": rows // 10, "20 rows": 20}
    best_band(curve, CONTEXT)
    sort: list[float] = []
    found: dict[str, list[float]] = {asked: [] for asked in capacities}
    for _ in range(ROUNDS):
        sort.append(seconds(lambda: np.argsort(scores)))
        for asked, capacity in capacities.items():
            search = seconds(lambda c=capacity: best_band(curve, CONTEXT, capacity=c))
            found[asked].append(search)
    for asked, times in found.items():
        ratio = median(t / s for t, s in zip(times, sort, strict=True))
        print(
            f"{rows:>11,}  {name:<15}  asked: {asked:<10}"
            f"  argsort {median(sort) * 1e3:7.1f} ms"
            f"  band {median(times) * 1e3:7.1f} ms  band/argsort {ratio:5.2f}  ({goal})"
        )


def main() -> None:
    """Search at each size asked for."""
    sizes = [int(text) for text in sys.argv[1:]] or [1_000_000]
    for rows in sizes:
        rng = np.random.default_rng(1)
        scores = rng.random(rows)
        labels = rng.random(rows) < scores**2
        compare("distinct scores", labels, scores, f"goal {GOAL}")
        compare("1,000 distinct", labels, np.round(scores, 3), "no goal")
        # Every band is worth about as much as the next: the hardest to search.
        blind = rng.random(rows) < 1 / (1 + (CONTEXT.ratio or 0))
        compare("telling nothing", blind, scores, "no goal")
        nearly = np.round(scores * rows) / rows
        compare("many ties", labels, nearly, "no goal")


if __name__ == "__main__":
    main()
