"""Options and assumptions small enough to add up by hand."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np

from workshop.analysis.evidence import Evidence
from workshop.analysis.impact.assumptions import Assumptions
from workshop.analysis.impact.week import Shares
from workshop.analysis.metrics import size_of
from workshop.analysis.options.places import PLACES
from workshop.analysis.readout import CELLS, cells_of, worth_of
from workshop.record.choices import Assumed
from workshop.record.values import Policy

MONEY = {"tp": 0.9, "fp": -2.5, "fn": -0.4, "tn": 0.0, "review": -0.6}
STATED: dict[str, Any] = MONEY | {"per_week": 4000}


def places(**counts: float) -> np.ndarray:
    """Shares of the places named, out of all that is counted."""
    found = np.array([counts.pop(name, 0.0) for name in PLACES], dtype=np.float64)
    assert not counts, f"no such place: {counts}"
    return found / found.sum()


def option(name: str = "a", *, draws: int = 500, seed: int = 1, **counts: float):
    """Shares with as many draws of rows, as many rows as were counted."""
    observed, rows = places(**counts), int(sum(counts.values()))
    drawn = np.random.default_rng(seed).multinomial(rows, observed, draws) / rows
    return Shares(name, observed, drawn)


def money_a_week(evidence: Evidence, policy: Policy) -> float:
    """What the payoff alone says of a week, added up cell by cell."""
    cells, worth = cells_of(evidence, policy, "report"), worth_of(evidence)
    total = sum(getattr(cells, cell) * getattr(worth, cell) for cell in CELLS)
    return evidence.per_week * total / size_of(cells)


def ranged(low: float, likely: float, high: float) -> Assumed:
    return Assumed(low=low, likely=likely, high=high)


def assumed(**stated: Any) -> Assumptions:
    """What is stated: a figure, or an `Assumed`; money and volume unless overridden."""
    given = {
        name: one if isinstance(one, Assumed) else Assumed(likely=one)
        for name, one in (STATED | stated).items()
        if one is not None
    }
    who = MappingProxyType(dict.fromkeys(given, "pair"))
    return Assumptions(MappingProxyType(given), who, "EUR", "questions")


BAND = {
    "tp": 50,
    "fp": 10,
    "fn": 15,
    "tn": 5,
    "asked_positive": 12,
    "asked_negative": 8,
}
"""A hundred rows of an option that asks a person about twenty of them."""
