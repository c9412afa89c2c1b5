"""Something to explore, made up row by row and counted the plain way."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from typing import Any

from workshop.record.values import Limits, Policy
from workshop.views.explorer.given import (
    Band,
    Counts,
    Dot,
    ExplorerGiven,
    Group,
    Jump,
    Worth,
)

Row = tuple[float, bool, int]
"""Score, label, and which group."""

NAMES = ("Android", "iPhone", "Web page", "Elsewhere", "Kiosk", "Letter")


def made_up_rows(n: int = 120, *, kinds: int = 3, seed: int = 4) -> list[Row]:
    """Rows whose label is likelier the higher the score."""
    draw = random.Random(seed)
    scores = [round(draw.uniform(-3, 17), 3) for _ in range(n)]
    return [(s, draw.random() < (s + 3) / 20, draw.randrange(kinds)) for s in scores]


def counts_of(rows: list[Row], cuts: tuple[float, ...], deff: float = 1.0) -> Counts:
    """Count rows at or above each cut."""
    right = sorted(score for score, label, _ in rows if label)
    wrong = sorted(score for score, label, _ in rows if not label)
    return Counts(
        tp=tuple(len(right) - bisect_left(right, cut) for cut in cuts),
        fp=tuple(len(wrong) - bisect_left(wrong, cut) for cut in cuts),
        positives=len(right),
        negatives=len(wrong),
        deff=deff,
    )


def band_of(counts: Counts) -> Band:
    """Some band: ends a tenth away, none where nothing is acted on."""
    pairs = list(zip(counts.tp, counts.fp, strict=True))
    precision = [tp / (tp + fp) if tp + fp else None for tp, fp in pairs]
    recall = [tp / counts.positives for tp, _ in pairs]

    def ends(values: list[Any], by: float) -> tuple[float | None, ...]:
        return tuple(None if v is None else min(1, max(0, v + by)) for v in values)

    return Band(
        ends(precision, -0.1),
        ends(precision, 0.1),
        ends(recall, -0.1),
        ends(recall, 0.1),
    )


def dots_of(rows: list[Row], cuts: tuple[float, ...], across: list[float]) -> list[Dot]:
    """At most 100 of the rows, piled up in forty places."""
    piles: dict[int, int] = {}
    dots = []
    for score, label, _ in sorted(rows)[:100]:
        until = max(i for i, cut in enumerate(cuts) if cut <= score)
        pile = round(across[until] * 40)
        dots.append(Dot(pile / 40, piles.get(pile, 0), label, until))
        piles[pile] = piles.get(pile, 0) + 1
    return dots


def some_given(
    rows: list[Row] | None = None, *, kinds: int = 3, deff: float = 2.4, **other: Any
) -> ExplorerGiven:
    """Everything that the explorer can show, unless ``other`` says otherwise."""
    rows = rows or made_up_rows(kinds=max(1, kinds))
    cuts = (*sorted({s for s, _, _ in rows}), math.inf)
    low, high = cuts[0], cuts[-2]
    reach = (high - low) or 1.0
    across = [(min(cut, high) - low) / reach for cut in cuts]
    counts = counts_of(rows, cuts, deff)
    best = cuts[len(cuts) // 2]
    given: dict[str, Any] = {
        "unit": "questions",
        "act": "show the quoted clause",
        "wrong": "answers miss",
        "cuts": cuts,
        "above_all": high + reach,
        "across": tuple(across),
        "ticks": tuple((i / 4, low + reach * i / 4) for i in range(5)),
        "dots": tuple(dots_of(rows, cuts, across)),
        "counts": counts,
        "per_week": 4000.0,
        "band": band_of(counts),
        "groups": tuple(
            Group("platform", NAMES[g], counts_of([r for r in rows if r[2] == g], cuts))
            for g in range(kinds)
        ),
        "money": Worth("EUR", 0.9, -2.5, -0.4, 0.0, 0.2, -0.7, today=-0.5),
        "minutes": Worth("minutes", 1.0, 14.0, 9.0, 9.0, 6.0, 6.0),
        "limits": Limits(
            max_error_among_answered=0.3,
            min_recall=0.5,
            max_group_difference=0.1,
            reviews_per_week=300,
            max_latency_ms_p95=200,
        ),
        "jumps": (
            Jump("least_cost", Policy(kind="single", act_at=best)),
            Jump("best_within", None, "No line keeps every limit."),
            Jump("today", Policy(kind="none")),
        ),
        "names": {"product": "Dana", "engineering": "Ilir"},
        "few_sources": True,
        "fallback": "it says that it is not sure",
    }
    return ExplorerGiven(**given | other)
