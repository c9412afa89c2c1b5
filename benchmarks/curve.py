"""How long does the exact curve take, beside one argsort and scikit-learn?

Run as ``python benchmarks/curve.py [ROWS ...]``; the default is one million and ten.
Each round times one argsort of the scores, one curve and scikit-learn's, in turn; times
and ratios are medians over the rounds. Goals hold for distinct float64 scores.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from statistics import median

import numpy as np
from measuring import said, seconds

from workshop.analysis.curve import threshold_curve

ROUNDS = 7
MOST_OF_ARGSORT = 0.75
MOST_OF_SCIKIT_LEARN = 0.1


@dataclass(frozen=True)
class Case:
    """Scores of one kind that models give."""

    name: str
    scores: np.ndarray
    weights: np.ndarray | None = None
    has_goal: bool = True


def cases(rows: int) -> list[Case]:
    """Make scores of the kinds that models give."""
    rng = np.random.default_rng(0)
    uniform, normal = rng.random(rows), rng.normal(size=rows)
    single = uniform.astype(np.float32)
    return [
        Case("probabilities in 0..1", uniform),
        Case("any sign, like logits", normal),
        Case("0..17, like BM25", uniform * 17),
        Case("float32", single, has_goal=False),
        Case("1,000 distinct", np.round(uniform, 3), has_goal=False),
        Case("weighted", uniform, weights=rng.random(rows), has_goal=False),
    ]


def compare(labels: np.ndarray, case: Case) -> bool:
    """Print one line: argsort, curve, the ratios, and whether the goals are met."""
    from sklearn.metrics import precision_recall_curve

    scores, weights = case.scores, case.weights
    calls = (
        lambda: np.argsort(scores),
        lambda: threshold_curve(labels, scores, weights=weights),
        lambda: precision_recall_curve(labels, scores, sample_weight=weights),
    )
    rounds = [[seconds(call) for call in calls] for _ in range(ROUNDS)]
    sort, curve, _ = (median(times) for times in zip(*rounds, strict=True))
    of_sort = median(ours / argsort for argsort, ours, _ in rounds)
    of_known = median(ours / theirs for _, ours, theirs in rounds)
    met = of_sort <= MOST_OF_ARGSORT and of_known <= MOST_OF_SCIKIT_LEARN
    print(
        f"{len(scores):>11,}  {case.name:<22}"
        f"argsort {sort * 1e3:8.1f} ms  curve {curve * 1e3:8.1f} ms"
        f"  of argsort {of_sort:5.2f}  of scikit-learn {of_known:6.3f}"
        f"  {said(met) if case.has_goal else 'no goal'}"
    )
    return met or not case.has_goal


def main() -> None:
    """Compare at each size asked for."""
    sizes = [int(text.replace("_", "")) for text in sys.argv[1:]]
    print(
        f"goals: at most {MOST_OF_ARGSORT} of one argsort and {MOST_OF_SCIKIT_LEARN}"
        " of scikit-learn's precision_recall_curve"
    )
    met = True
    for rows in sizes or [1_000_000, 10_000_000]:
        labels = np.random.default_rng(1).random(rows) < 0.3
        for case in cases(rows):
            met &= compare(labels, case)
    print(f"all goals: {said(met)}")


if __name__ == "__main__":
    main()
