"""How long does the whole of step 04 take on a million rows, beside a NumPy loop?

Run as ``python benchmarks/options.py [ROWS] [--parts]``; the default is one million.
Five options, and doing nothing beside them: two single lines from two runs, a review
band, a filter in front, and people only. Their curves, the split and the design effects
exist before the clock starts, as they do once 03 has been seen; nothing else does. The
whole is every option's policy, the table, 10,000 draws, the comparison, estimates,
floors, tornado, break-evens, drift, the flip map and who is hit. Nothing is drawn as a
picture.

Beside it stands what one would write instead of the draws and the comparison: a loop
that draws rows anew 10,000 times, counts every option's places among them and takes the
differences. It is spared the policies and the places, which it is given. A few of its
turns are timed and scaled; it would run for minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from measuring import said, seconds

from workshop.analysis.evidence import Evidence
from workshop.analysis.impact.weighed import Weighed
from workshop.analysis.options.compared import Options
from workshop.analysis.options.joint import N_DRAWS
from workshop.analysis.options.maps import flip_of, hits_of
from workshop.analysis.options.places import PLACE, PLACES
from workshop.analysis.options.table import option_lines
from workshop.data.card import Column, DatasetCard, Schema
from workshop.data.scenario import Scenario
from workshop.data.source import ScoredRows
from workshop.record.choices import Record

ROUNDS = 5
LOOPED = 8  # turns of the loop in a round, scaled to all of them
MOST_SECONDS, TIMES_FASTER = 3.0, 50.0

OPTIONS = [
    {"id": "plain", "title": "Plain", "run": "plain"},
    {"id": "clever", "title": "Clever", "run": "clever"},
    {"id": "band", "title": "A band", "run": "plain", "policy": "review_band"},
    {
        "id": "filter",
        "title": "A filter",
        "run": "plain",
        "only": {"shop": ("s0", "s1")},
    },
    {"id": "people", "title": "People only", "fallback": "human", "cost": 1.2},
]
ASSUMED = {
    "per_week": {"low": 3000, "likely": 4000, "high": 5500},
    "fp": {"low": -6, "likely": -2.5, "high": -1.5},
    "fn": {"low": -0.8, "likely": -0.4, "high": -0.1},
    "tp": {"low": 0.6, "likely": 0.9, "high": 1.4},
    "minutes_review": {"low": 2, "likely": 3, "high": 5},
    "reviewer_hours": {"low": 10, "likely": 20, "high": 30},
    "seen": {"low": 0.5, "likely": 0.7, "high": 0.9},
    "keep_after_wrong": {"low": 0.3, "likely": 0.6, "high": 0.8},
    "events_per_1000_wrong": {"low": 0.1, "likely": 0.5, "high": 2},
    "cost_per_event": {"low": 200, "likely": 800, "high": 3000},
}


# --- a million rows -------------------------------------------------------------------


def make(rows: int) -> Evidence:
    """Return so many scored rows of two runs, with a record whose line is locked."""
    rng = np.random.default_rng(0)
    keys = np.char.mod("r%07d", np.arange(rows))
    labels, shop = rng.random(rows) < 0.3, rng.integers(0, 5, rows)
    runs = {
        name: scored(name, keys, labels, rng.normal(labels * lift), rng)
        for name, lift in (("plain", 1.2), ("clever", 1.4))
    }
    data = pd.DataFrame({"id": keys, "shop": np.char.mod("s%d", shop)})
    fields = (Column(name="id"), Column(name="shop"))
    card = DatasetCard(
        name="made", title="Made", description="Made.", schema=Schema(fields=fields)
    )
    return Evidence(scenario(), card, record(), data, runs)


def scored(
    name: str,
    keys: np.ndarray,
    labels: np.ndarray,
    scores: np.ndarray,
    rng: np.random.Generator,
) -> ScoredRows:
    """Return the rows of one run."""
    rows = len(keys)
    return ScoredRows(
        option=name,
        keys=keys,
        labels=labels,
        scores=scores,
        clusters=None,
        time=None,
        latency_ms=rng.gamma(4, 10, rows),
        place_in_file=np.arange(rows),
    )


def scenario() -> Scenario:
    """Return a scenario with five options, and ranges for what nobody measured."""
    run = {"file": "runs.parquet", "latency_ms": "ms"}
    given: dict[str, Any] = {
        "title": "Made",
        "request": "Made.",
        "decision": {"unit": "letters", "act": "send it on", "per_week": 4000},
        "key": "id",
        "groups": ["shop"],
        "label": {"column": "good", "positive": 1, "means": "it was right"},
        "data": "data.parquet",
        "runs": [{"id": name, "title": name} | run for name in ("plain", "clever")],
        "proposed": "plain",
        "options": OPTIONS,
        "assumed": ASSUMED,
        "today": {"title": "people do it", "minutes": 9, "cost": 1.4, "line": "none"},
        "payoff": {"unit": "EUR", "tp": 0.9, "fp": -2.5, "fn": -0.4, "review": -0.6},
        "price_per_cpu_hour": 0.2,
        "asks_per_user": 3,
        "limits": {"max_error_among_answered": 0.4, "reviews_per_week": 300},
    }
    return Scenario.model_validate(given)


def record() -> Record:
    """Return what a pair has said by then: ratio, error, line, and a business floor."""
    line = {"kind": "single", "act_at": 1.0}
    floor = {"measure": "money a week", "metric": "money", "at_least": 200}
    return Record.model_validate(
        {
            "scenario": "made",
            "framing": {"ratio": 0.5, "expectations": {"acceptable_error": 0.35}},
            "threshold": {"policy": line},
            "impact": {"business_floor": floor},
        }
    )


# --- our side, part by part -----------------------------------------------------------


def fresh(evidence: Evidence) -> Weighed:
    """Return the step's values with nothing computed but what 03 has made."""
    return Weighed(Options(evidence.with_record(evidence.record)))


def warm(evidence: Evidence) -> None:
    """Make the curves, the split and the design effects, as 03 does."""
    for candidate in evidence.candidates:
        if candidate.run is not None:
            evidence.curve("choose", candidate.id)
            evidence.design_effect(candidate.run)


PARTS: dict[str, Callable[[Weighed], object]] = {
    "policies": lambda found: found.options.offers,
    "places": lambda found: found.options.joint,
    "draws": lambda found: found.options.drawn,
    "comparison": lambda found: found.options.versus,
    "estimates": lambda found: (found.options.estimates, found.ways),
    "table": lambda found: option_lines(found.options),
    "floors": lambda found: found.floors,
    "tornado": lambda found: found.tornado,
    "break-evens": lambda found: found.break_evens,
    "drift": lambda found: found.drift,
    "flip map": lambda found: flip_of(found.options),
    "who is hit": lambda found: hits_of(found.options, found.own),
}
COMPARED = ("places", "draws", "comparison")
"""What the loop does as well, and is given less of: the places are ready for it."""


def in_parts(evidence: Evidence) -> dict[str, float]:
    """Return what each part of the step takes, in the order of the page."""
    found = fresh(evidence)
    return {name: seconds(lambda p=part: p(found)) for name, part in PARTS.items()}


# --- the loop -------------------------------------------------------------------------


def loop(weighed: Weighed, turns: int, rng: np.random.Generator) -> np.ndarray:
    """Draw rows anew, ``turns`` times; return the ends of every difference's range."""
    options = weighed.options
    names = [offer.id for offer in options.measured]
    codes = [options.placed[name].codes for name in names]
    costs = [options.costs(name) for name in names]
    rows, tp, fp = len(codes[0]), PLACE["tp"], PLACE["fp"]
    differences = []
    for _ in range(turns):
        drawn = rng.integers(0, rows, rows)
        cost, error = [], []
        for code, each in zip(codes, costs, strict=True):
            counts = np.bincount(code[drawn], minlength=len(PLACES))
            cost.append(np.nansum(counts * each) / rows)
            error.append(counts[fp] / max(counts[tp] + counts[fp], 1))
        differences.append([v - own[0] for own in (cost, error) for v in own[1:]])
    return np.quantile(differences, [0.025, 0.975], axis=0)


# --- what is printed ------------------------------------------------------------------


def check(evidence: Evidence) -> None:
    """See to it that all that is timed is really there, and warm it up."""
    weighed = fresh(evidence)
    options = weighed.options
    kinds = [str(o.policy.kind if o.policy else None) for o in options.measured]
    found = {name: part(weighed) for name, part in PARTS.items()}
    missing = [name for name, value in found.items() if not value]
    assert not missing, f"nothing was computed: {missing}"
    assert options.drawn.shares.shape[0] == N_DRAWS
    aside = options.joint.rows
    print(f"options: {', '.join(kinds)}; {aside:,} rows kept aside; {N_DRAWS:,} draws")


def measure(evidence: Evidence) -> tuple[dict[str, list[float]], list[float]]:
    """Let both sides take turns; return each part's times, and the loop's, scaled."""
    ready, rng = fresh(evidence), np.random.default_rng(1)
    ours: dict[str, list[float]] = {name: [] for name in PARTS}
    looped = []
    loop(ready, 1, rng)
    for _ in range(ROUNDS):
        for name, spent in in_parts(evidence).items():
            ours[name].append(spent)
        spent = seconds(lambda: loop(ready, LOOPED, rng))
        looped.append(spent * N_DRAWS / LOOPED)
    return ours, looped


def tell(rows: int, ours: dict[str, list[float]], looped: list[float]) -> bool:
    """Print the whole, the ratio and whether the goals are met."""
    whole = [sum(turn) for turn in zip(*ours.values(), strict=True)]
    alike = [sum(turn) for turn in zip(*(ours[n] for n in COMPARED), strict=True)]
    faster = median(t / o for t, o in zip(looped, alike, strict=True))
    beside_all = median(t / o for t, o in zip(looped, whole, strict=True))
    met = median(whole) <= MOST_SECONDS, faster >= TIMES_FASTER
    print(
        f"{rows:>11,} rows  the whole step {median(whole):5.2f} s"
        f"  (goal {MOST_SECONDS:g} s: {said(met[0])})\n"
        f"{'':>17} places, draws and comparison {median(alike):5.2f} s;"
        f" the loop {median(looped):6.0f} s, scaled from {LOOPED} of {N_DRAWS:,} turns:"
        f" {faster:.0f} times faster (goal {TIMES_FASTER:g}: {said(met[1])});"
        f" the whole step is {beside_all:.0f} times faster than the loop"
    )
    return all(met)


def main() -> None:
    """Measure at the size asked for."""
    read = argparse.ArgumentParser()
    read.add_argument("rows", type=int, nargs="?", default=1_000_000)
    read.add_argument("--parts", action="store_true", help="what each part takes")
    asked = read.parse_args()
    evidence = make(asked.rows)
    warm(evidence)
    check(evidence)
    ours, looped = measure(evidence)
    if asked.parts:
        for name, times in ours.items():
            print(f"{'':>17} {name:<12} {median(times) * 1e3:8.1f} ms")
    met = tell(asked.rows, ours, looped)
    print(f"all goals: {said(met)}")


if __name__ == "__main__":
    main()
