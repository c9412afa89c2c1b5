"""A scenario in memory: two runs, a filter's column, and whatever options are asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workshop.analysis.evidence import Evidence
from workshop.analysis.options.compared import Options
from workshop.data.rankings import BestFew
from workshop.data.scenario import Scenario
from workshop.data.source import ScoredRows
from workshop.record.choices import Record

N, MOST = 160, 400
RANKING = {"file": "rankings.csv"}
PAYOFF = {"tp": 1.0, "fp": -2.0, "fn": -1.0, "tn": 0.0, "review": -0.5}
FEW = {"choice_right": 0.4, "choice_wrong": -0.6}
REVIEWER = {"sensitivity": 0.9, "specificity": 0.8, "minutes": 3, "hours_per_week": 9e3}

ONE = {"id": "one", "title": "One", "run": "one"}
TWO = {"id": "two", "title": "Two", "run": "two"}
BAND = {"id": "band", "title": "Band", "run": "one", "policy": "review_band"}
ASKED = {"id": "asked", "title": "Asked", "run": "one", "fallback": "human"}
SHOWN = {
    "id": "shown",
    "title": "Shown",
    "run": "one",
    "fallback": "alternatives",
    "shows": 3,
}
FILTER = {"id": "filter", "title": "Filter", "run": "one", "only": {"shop": "a"}}
PEOPLE = {"id": "people", "title": "People", "fallback": "human", "cost": 1.5}
ALL = {"id": "everyone", "title": "Everyone", "policy": "all"}
STATED = {
    "id": "vendor",
    "title": "Vendor",
    "stated": {"error_among_answered": [0.1, 0.3], "coverage": [0.5, 0.8]},
    "cost": 0.02,
}
EVERY = (ONE, TWO, BAND, ASKED, SHOWN, FILTER, PEOPLE, ALL, STATED)


def scenario(options: tuple[dict[str, Any], ...] = (), **given: Any) -> Scenario:
    """A scenario of the two runs, with one thing or another changed."""
    runs = [
        {"id": name, "title": name, "file": "runs.csv", "ranking": RANKING}
        for name in ("one", "two")
    ]
    found: dict[str, Any] = {
        "title": "A small one",
        "request": "We need an AI.",
        "decision": {"unit": "letters", "act": "send it", "per_week": 500},
        "key": "id",
        "label": {"column": "good", "means": "it was right"},
        "runs": runs,
        "proposed": "one",
        "groups": ["shop"],
        "today": {"title": "people do it", "minutes": 4, "cost": 1.2},
        "payoff": PAYOFF | FEW,
        "reviewer": REVIEWER,
        "options": list(options),
    }
    return Scenario.model_validate(found | given)


def scored(name: str, *, n: int = N, first: int = 0, own: bool = False) -> ScoredRows:
    """The rows of a run from ``first`` on; ``own`` labels are those of its answers."""
    rng, noise = np.random.default_rng(7), np.random.default_rng(ord(name[0]))
    truth = rng.normal(size=MOST)
    scores = np.round(truth + noise.normal(size=MOST) * 0.8, 1)
    chance = 1 / (1 + np.exp(-2 * scores if own else -1.5 * truth))
    labels = rng.random(MOST) < chance
    keys = np.array([f"k{i:04}" for i in range(MOST)])
    taken = slice(first, first + n)
    return ScoredRows(
        option=name,
        keys=keys[taken],
        labels=labels[taken],
        scores=scores[taken],
        clusters=None,
        time=None,
        latency_ms=np.linspace(5, 50, n) if name == "one" else None,
        place_in_file=np.arange(n),
    )


def table(n: int = N) -> pd.DataFrame:
    """The scenario's own table: a key, and a column that a filter can read."""
    shop = np.array(["a", "b", None], dtype=object)[np.arange(n) * 7 % 20 // 8]
    return pd.DataFrame({"id": [f"k{i:04}" for i in range(n)], "shop": shop})


def few(rows: ScoredRows, seed: int = 3) -> BestFew:
    """For each row, whether a right one is among its best few."""
    rng = np.random.default_rng(seed)
    n = len(rows)
    hit = rows.labels | (rng.random(n) < 0.5)
    return BestFew(hit, rng.random(n), np.full(n, 9), hit.astype(np.intp))


def evidence(
    options: tuple[dict[str, Any], ...] = (),
    *,
    runs: dict[str, ScoredRows] | None = None,
    ratio: float | None = 1.0,
    act_at: float | None = None,
    said: dict[str, Any] | None = None,
    **given: Any,
) -> Evidence:
    """Evidence of the small scenario; ``said`` is what the record says besides."""
    record: dict[str, Any] = {"scenario": "small"} | (said or {})
    if ratio is not None:
        record["framing"] = record.get("framing", {}) | {"ratio": ratio}
    if act_at is not None:
        policy = {"kind": "single", "act_at": act_at}
        record["threshold"] = {"policy": policy, "because": "so"}
    found = runs or {name: scored(name) for name in ("one", "two")}
    own = scenario(options, **given)
    size = max(int(rows.keys[-1][1:]) for rows in found.values()) + 1
    return Evidence(
        own,
        None,  # type: ignore[arg-type]  # nothing here reads a card
        Record.model_validate(record),
        table(size),
        found,
        {c.id: few(found[c.run]) for c in own.options if c.run and c.shows},
    )


def compared(options: tuple[dict[str, Any], ...] = EVERY, **given: Any) -> Options:
    """The options of the small scenario."""
    return Options(evidence(options, **given))
