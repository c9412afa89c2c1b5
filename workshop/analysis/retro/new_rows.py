"""Where does the agreed policy put the new rows, and how sure can they make us?

The same machinery as before release, over other rows: `Evidence` of those whose label
is known, and of all of them for what needs no label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.evidence import Evidence
from workshop.analysis.intervals import design_effect, rate, z_of
from workshop.analysis.metrics import SHARES
from workshop.analysis.options.compared import says_of_each_row
from workshop.analysis.options.places import PLACES, place_rows
from workshop.analysis.policies import Cells
from workshop.analysis.retro.results import LabelledApart, Why, Window
from workshop.data.candidates import Candidate
from workshop.data.later import Later, LaterRows
from workshop.data.scenario import Scenario
from workshop.data.source import ScoredRows
from workshop.record.terms import METRICS
from workshop.record.values import FallbackKind, Number, Policy

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]
FEW = 5
"""With fewer rows of one kind a design effect cannot be measured."""
BY_CHANCE = 0.01
"""How rarely chance alone makes two sides look labelled unlike."""
AMONG_ACTED = ("precision", "error_among_answered")
"""What needs labels of rows acted on and of no others."""
CELLS = PLACES[:6]
"""What a policy makes of a row: `Cells` in their order; a place's code is its index."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some new rows of the option in play, each in its cell.

    ``codes`` has shape (n,): an index into `CELLS`. Where labels are not ``known`` rows
    read as negatives, which only figures that need no label may look at.
    """

    rows: ScoredRows
    codes: NDArray[np.int8]
    known: Bools

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def cells(self) -> Cells:
        """How many rows are in each cell."""
        return Cells(*np.bincount(self.codes, minlength=len(CELLS))[:6].tolist())

    def take(self, mask: Bools) -> Part:
        """Only the rows where ``mask`` is True."""
        found = LaterRows(self.rows, self.known).take(mask)
        return Part(found.rows, self.codes[mask], found.known)

    def counted(self, metric: str) -> tuple[Bools, Bools]:
        """Which rows a share counts, and which are its base; both of shape (n,)."""
        hits, bases = _shares_by_cell(metric)
        return hits[self.codes], bases[self.codes]


def _shares_by_cell(metric: str) -> tuple[Bools, Bools]:
    """Whether a row of each cell is counted by a share, and is in its base."""
    found = [SHARES[metric](Cells(**_one_in(cell))) for cell in CELLS]
    hits, bases = np.array(found).T
    return hits.astype(bool), bases.astype(bool)


def _one_in(cell: str) -> dict[str, int]:
    return {name: int(name == cell) for name in CELLS}


@dataclass(frozen=True)
class NewRows:
    """New rows beside the workshop's own, under the policy that was agreed."""

    evidence: Evidence
    later: Later

    # what is held against what ----------------------------------------------------

    @cached_property
    def option(self) -> Candidate:
        """The option that was taken, or the proposed one while none was."""
        taken = self.evidence.chosen_option or self.evidence.option
        return self.evidence.candidate(taken)

    @property
    def run(self) -> str:
        """The run whose scores are in play; empty for an option without a model."""
        return self.option.run or ""

    @cached_property
    def why(self) -> Why:
        """Why nothing can be held against the agreed policy; empty where it can."""
        if self.option.run is None:
            return "without_model"
        policy = self.evidence.policy
        if policy is None or not says_of_each_row(policy):
            return "no_policy"
        return "" if self._can_be_placed() else "no_option"

    def _can_be_placed(self) -> bool:
        rows = self.later.runs.get(self.run)
        there = rows is not None and len(rows) > 0
        return there and _lets_through(self.option, self.later.table)

    @property
    def window(self) -> Window:
        """All new rows."""
        first, last = self.later.days
        judged = [int(own.known.sum()) for own in self.later.runs.values()]
        run = self.later.runs.get(self.run)
        known = int(run.known.sum()) if run is not None else max(judged, default=0)
        return Window(first, last, len(self.later), known)

    # the rows -----------------------------------------------------------------------

    @cached_property
    def everything(self) -> Evidence:
        """All new rows as evidence; labels that are not known read as negative."""
        runs = {name: own.rows for name, own in self.later.runs.items()}
        return _evidence(self.evidence, self.later, runs)

    @cached_property
    def judged_evidence(self) -> Evidence | None:
        """The rows whose label is known; None where no run has any."""
        if all(own.known.all() for own in self.later.runs.values()):
            return self.everything
        runs = {
            name: own.judged for name, own in self.later.runs.items() if own.known.any()
        }
        return _evidence(self.evidence, self.later, runs) if runs else None

    @cached_property
    def policy(self) -> Policy:
        """The agreed policy as these rows are placed by it."""
        chosen = self.everything.policy
        assert chosen is not None, "why says that there is none"
        return chosen

    @cached_property
    def all(self) -> Part:
        """Every new row in its cell."""
        return self.placed("not_sure")

    def placed(self, fallback: FallbackKind) -> Part:
        """Every new row, where what is not acted on goes to a fallback."""
        rows = self.everything.scored[self.option.id]
        found = place_rows(
            self.option.id,
            rows.keys,
            rows.labels,
            rows.scores,
            self.policy,
            fallback=fallback,
        )
        return Part(rows, found.codes, self.known)

    @cached_property
    def known(self) -> Bools:
        """Which of them have a label."""
        return self.later.runs[self.run].known

    @cached_property
    def judged(self) -> Part:
        """The rows whose label is known."""
        return self.all if self.known.all() else self.all.take(self.known)

    def part_for(self, metric: str) -> Part:
        """The rows that a metric may look at: only judged ones if it needs labels."""
        return self.judged if METRICS[metric].needs_labels else self.all

    @cached_property
    def labelled_apart(self) -> LabelledApart | None:
        """How often both sides are labelled; None where alike, as far as chance tells.

        Only rows up to the last label: later ones wait, whichever side they are on.
        """
        if self.why or not self.known.any() or self.known.all():
            return None
        acted = self.all.counted("coverage")[0]
        when, settled = self.all.rows.time, np.ones(len(self.known), dtype=np.bool_)
        if when is not None:
            settled = when <= when[self.known].max()
        clusters = self.all.rows.clusters
        deff = self._measured(
            self.known[settled], None if clusters is None else clusters[settled]
        )
        sides = [
            rate(
                f"retro.labelled.{name}",
                int(self.known[side].sum()),
                int(side.sum()),
                rows="live",
                deff=deff,
            )
            for name, side in (("acted", acted & settled), ("others", ~acted & settled))
        ]
        return LabelledApart(*sides) if _unlike(*sides, deff=deff) else None

    def missing(self, metric: str) -> Why:
        """Why the labels cannot give a metric; empty where they can."""
        if not METRICS[metric].needs_labels:
            return ""
        if not len(self.judged):
            return "no_labels"
        one_sided = self.labelled_apart and metric not in AMONG_ACTED
        return "labels_one_sided" if one_sided else ""

    def values_of(self, column: str) -> NDArray[np.object_] | None:
        """What a column of the new table says of each row of `all`; None if absent."""
        if column not in self.later.table:
            return None
        return self.everything.values_of(column, self.everything.runs[self.run])

    # how sure -----------------------------------------------------------------------

    def deff(self, metric: str) -> float:
        """How much wider dependence makes a share of all new rows: see `deff_of`."""
        if metric not in self._deffs:
            self._deffs[metric] = self.deff_of(metric, self.part_for(metric))
        return self._deffs[metric]

    @cached_property
    def _deffs(self) -> dict[str, float]:
        return {}

    def deff_of(self, metric: str, part: Part) -> float:
        """The design effect of a share of some rows, measured among those of its base.

        Fewer than 20 sources say too little of that, and so do fewer than 5 rows that
        are counted, or that are not: then it is at least what the workshop's own rows
        showed. What is no share takes the error of all rows.
        """
        clusters = part.rows.clusters
        if clusters is None:
            return 1.0
        hits, base = part.counted(metric if metric in SHARES else "error_rate")
        if not base.any():
            return self.evidence.design_effect(self.option.id).deff
        return self._measured(hits[base], clusters[base])

    def _measured(self, hits: Bools, clusters: NDArray[np.str_] | None) -> float:
        """The design effect of a share, or that of the agreement's own rows if more."""
        if clusters is None:
            return 1.0
        seed = self.evidence.scenario.seed
        found = design_effect(hits.astype(float), clusters, seed=seed)
        k = int(hits.sum())
        if not found.few_sources and min(k, len(hits) - k) >= FEW:
            return found.deff
        return max(found.deff, self.evidence.design_effect(self.option.id).deff)

    def share(self, metric: str, id: str) -> Number:
        """A share of the new rows, with its count and interval."""
        hits, base = self.part_for(metric).counted(metric)
        k, n = int((hits & base).sum()), int(base.sum())
        return rate(id, k, n, rows="live", deff=self.deff(metric))

    @cached_property
    def labels(self) -> Number:
        """The share of positives among all rows with a label, whatever the policy.

        Of no rows where both sides of the line are not labelled alike, as `error`.
        """
        labels = self._known_labels
        k, n = int(labels.sum()), len(labels)
        return rate("retro.labels.now", k, n, rows="live", deff=self.label_deff)

    @cached_property
    def error(self) -> Number:
        """How often acting on everyone is wrong, over all rows with a label."""
        labels = self._known_labels
        k, n = int((~labels).sum()), len(labels)
        return rate("retro.error_rate", k, n, rows="live", deff=self.label_deff)

    @cached_property
    def label_deff(self) -> float:
        """The design effect of the label over all rows that have one."""
        if not len(self._known_labels):
            return 1.0
        judged = self.later.runs[self.run].judged
        return self._measured(judged.labels, judged.clusters)

    @property
    def _known_labels(self) -> Bools:
        own = self.later.runs.get(self.run)
        if own is None or self.labelled_apart:
            return np.zeros(0, dtype=np.bool_)
        return own.judged.labels


def _unlike(acted: Number, others: Number, *, deff: float) -> bool:
    """Whether two sides are labelled unlike: one not at all, or beyond chance.

    The two-proportion test with a pooled share at n / deff, on 1 %.
    """
    if not acted.n or not others.n:
        return False
    if not acted.k or not others.k:
        return True
    pooled = (acted.k + others.k) / (acted.n + others.n)
    variance = pooled * (1 - pooled) * (1 / acted.n + 1 / others.n) * deff
    gap = acted.k / acted.n - others.k / others.n
    return gap**2 > z_of(1 - BY_CHANCE) ** 2 * variance


def _evidence(own: Evidence, later: Later, runs: dict[str, ScoredRows]) -> Evidence:
    """New rows as evidence, under the same record."""
    scenario = _with_runs(own.scenario, runs, later.table)
    return Evidence(scenario, own.card, own.record, later.table, runs)


def _with_runs(
    scenario: Scenario, runs: Mapping[str, ScoredRows], table: pd.DataFrame
) -> Scenario:
    """The scenario with the runs and options that new rows can value."""
    kept = tuple(run for run in scenario.runs if run.id in runs)
    options = tuple(
        option
        for option in scenario.options
        if (option.run is None or option.run in runs) and _lets_through(option, table)
    )
    first = kept[0].id if kept else scenario.proposed
    proposed = scenario.proposed if scenario.proposed in runs else first
    return scenario.model_copy(
        update={
            "runs": kept,
            "options": options,
            "proposed": proposed,
            "cases": (),
            "split": 0.5,
        }
    )


def _lets_through(option: Candidate, table: pd.DataFrame) -> bool:
    """Whether an option's filter leaves any of the rows; True without a filter."""
    if not set(option.only) <= set(table.columns):
        return False
    left = np.ones(len(table), dtype=np.bool_)
    for name, wanted in option.only.items():
        among = wanted if isinstance(wanted, tuple) else (wanted,)
        left &= table[name].isin(among).to_numpy(dtype=bool)
    return bool(left.any())
