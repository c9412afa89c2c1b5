"""How long do tables for six groups take, beside one argsort, and a threshold after?

Run as ``python benchmarks/groups.py [ROWS ...]``; the default is one million. Each
round times one argsort of the scores and one pass over them for six groups at 1,024
cells, in turn; the figures are medians. Then every table answers for many thresholds.
Goals: a pass at most 0.5 of the argsort, a threshold under 10 µs.
"""

from __future__ import annotations

import sys
from functools import partial
from statistics import median

import numpy as np
from measuring import seconds

from workshop.analysis.curve import threshold_curve
from workshop.analysis.group_names import Group
from workshop.analysis.groups import GroupCurves, group_curves

ROUNDS = 11
CELLS = 1024
GROUPS = tuple(Group(name) for name in "abcdef")


def cases(rows: int) -> dict[str, np.ndarray]:
    """Make scores of the kinds that models give."""
    rng = np.random.default_rng(0)
    uniform, normal = rng.random(rows), rng.normal(size=rows)
    return {
        "probabilities in 0..1": uniform,
        "any sign, like logits": normal,
        "0..17, like BM25": uniform * 17,
        "many magnitudes": np.exp(3 * normal),
        "nearly sure, near 0 and 1": 1 / (1 + np.exp(-6 * normal)),
        "1,000 distinct (no goal)": np.round(uniform, 3),
        "two far scales (no goal)": np.where(
            uniform < 0.5, uniform / 1e9, 1e6 + normal
        ),
    }


def compare(name: str, labels: np.ndarray, scores: np.ndarray) -> None:
    """Print one line: argsort, tables, their ratio, and one threshold."""
    codes = np.random.default_rng(2).integers(0, 6, len(scores)).astype(np.int16)
    # As many cells as there are between these thresholds and beyond the last.
    cuts = threshold_curve(labels, scores).table(CELLS)["threshold"].to_numpy()
    tables = partial(group_curves, labels, scores, codes, GROUPS, thresholds=cuts)
    sort, count = [], []
    for _ in range(ROUNDS):
        sort.append(seconds(lambda: np.argsort(scores)))
        count.append(seconds(tables))
    ratio = median(c / s for c, s in zip(count, sort, strict=True))
    print(
        f"{len(scores):>11,}  {name:<26}"
        f"argsort {median(sort) * 1e3:7.1f} ms  tables {median(count) * 1e3:7.1f} ms"
        f"  tables/argsort {ratio:5.2f} (goal 0.50)"
        f"  a threshold {one_threshold(tables()) * 1e6:5.1f} µs (goal 10)"
    )


def one_threshold(curves: GroupCurves) -> float:
    """Time all groups' counts at one threshold: the median of many, in seconds."""
    finite = curves.thresholds[np.isfinite(curves.thresholds)]
    asked = np.random.default_rng(3).choice(finite, 5000).tolist()
    return median(seconds(partial(curves.at, threshold)) for threshold in asked)


def main() -> None:
    """Compare at each size asked for."""
    sizes = [int(text) for text in sys.argv[1:]] or [1_000_000]
    for rows in sizes:
        labels = np.random.default_rng(1).random(rows) < 0.3
        for name, scores in cases(rows).items():
            compare(name, labels, scores)


if __name__ == "__main__":
    main()
