"""Everything that follows from one scenario's rows and one pair's choices.

One object per scenario and record; each part is computed when it is first asked for
and then kept. The live notebook, the report and the JSON twin read the same object,
which is why they agree number for number.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from workshop.analysis.curve import OperatingPoint, ThresholdCurve, threshold_curve
from workshop.analysis.filtered import below_all, from_score, let_through
from workshop.analysis.impact.assumptions import REVIEWER, likely_of, per_week
from workshop.analysis.intervals import (
    FEW_SOURCES,
    DesignEffect,
    design_effect,
    rate,
)
from workshop.analysis.policies import cheapest_threshold
from workshop.analysis.split import Split, split_rows
from workshop.data.candidates import Candidate
from workshop.data.card import DatasetCard
from workshop.data.rankings import BestFew
from workshop.data.scenario import Reviewer, Scenario, candidate_of, offered
from workshop.data.source import ScoredRows, data_digest
from workshop.errors import InputError
from workshop.record.choices import Assumed, Record
from workshop.record.values import Number, PayoffMatrix, Policy, Rows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Computed once for all records: a mark or a word must not sort a million rows again.
_OF_ROWS_ALONE = {
    "digest",
    "split",
    "_scored_table",
    "_scored_keys",
    "_place_in_table",
    "_kept",
    "_choosing",
    "_design_effects",
    "_curve_cache",
    "_candidates",
    "scored",
}
_WHICH = {"choose": "to choose by", "report": "kept aside", "all": "in all"}
_FOR_EVERY_OPTION = ("_choosing", "_design_effects", "_curve_cache", "scored")


@dataclass(frozen=True)
class Evidence:
    """A scenario's rows and a pair's choices, and what follows from both.

    ``best_few`` tells of each option that shows some whether a right one is among them.

    >>> from workshop import open_step
    >>> open_step("03", "deposit-calls", interactive=False).evidence.curve("report").n
    1789
    """

    scenario: Scenario
    card: DatasetCard
    record: Record
    data: pd.DataFrame
    runs: dict[str, ScoredRows]
    best_few: dict[str, BestFew] = field(default_factory=dict)

    def with_record(self, record: Record) -> Evidence:
        """The same rows under other choices: what hangs on rows alone is kept."""
        found = replace(self, record=record)
        for name in _OF_ROWS_ALONE & self.__dict__.keys():
            found.__dict__[name] = self.__dict__[name]
        return found

    def looked_at(self) -> Evidence:
        """The same, with all that hangs on rows alone computed, for many records."""
        for name in sorted(_OF_ROWS_ALONE):
            getattr(self, name)
        return self

    def with_option(self, option: str) -> Evidence:
        """The same, were another option in play."""
        for name in _FOR_EVERY_OPTION:
            getattr(self, name)  # made here once, and by no option anew
        return self.with_record(self.record.model_copy(update={"option": option}))

    @property
    def option(self) -> str:
        """The option whose scores are in play: the record's, or else the proposed one.

        A record that names an option which is not there is a gap, and no reason to
        stop; one that takes an option without a model still sees the proposed scores.
        """
        taken = self.chosen_option
        return taken if taken in self.scored else self.scenario.proposed

    @property
    def chosen_option(self) -> str | None:
        """The option that the pair took; None while it has taken none that exists."""
        option = self.record.option
        return option if option in self.known_options else None

    @property
    def known_options(self) -> tuple[str, ...]:
        """Every option that can be taken, with a model or without."""
        offered = (candidate.id for candidate in self.candidates)
        return tuple(dict.fromkeys((*self.runs, *offered)))

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What is compared, in the order in which it is shown."""
        return offered(self.scenario)

    @cached_property
    def _candidates(self) -> dict[str, Candidate]:
        return {candidate.id: candidate for candidate in self.candidates}

    def candidate(self, option: str) -> Candidate:
        """Return the option of that id; a run that is not offered stands for itself."""
        found = self._candidates.get(option)
        return found or candidate_of(self.scenario.run(option))

    @cached_property
    def scored(self) -> dict[str, ScoredRows]:
        """The scored rows of every option that has a model.

        Where a filter stands in front, what it leaves out is scored below all else, so
        that no line acts on it before it acts on everyone.
        """
        found = dict(self.runs)
        for candidate in self.candidates:
            if candidate.run is not None:
                rows = self.runs[candidate.run]
                kept = self.kept(candidate)
                found[candidate.id] = rows if kept is None else below_all(rows, kept)
        return found

    def kept(self, candidate: Candidate) -> NDArray[np.bool_] | None:
        """Which of the run's rows its filter lets through; None without a filter."""
        return self._kept.get(candidate.id)

    @cached_property
    def _kept(self) -> dict[str, NDArray[np.bool_]]:
        return {
            candidate.id: self._let_through(candidate)
            for candidate in self.candidates
            if candidate.only and candidate.run is not None
        }

    def _let_through(self, candidate: Candidate) -> NDArray[np.bool_]:
        rows = self.runs[candidate.run or ""]
        columns = {name: self.values_of(name, rows) for name in candidate.only}
        return let_through(candidate, columns, file=f"{self.scenario.id}/scenario.yaml")

    def bounded(self, policy: Policy, option: str | None = None) -> Policy:
        """A policy as an option with a filter follows it: for what this lets through.

        "Everyone" is everyone that it lets through, and a line below all of them too.
        """
        candidate = self._candidates.get(option or self.option)
        kept = self.kept(candidate) if candidate else None
        if candidate is None or kept is None:
            return policy
        return from_score(policy, self.runs[candidate.run or ""].scores[kept].min())

    @property
    def rows(self) -> ScoredRows:
        """The option's scored rows."""
        return self.scored[self.option]

    @property
    def ratio(self) -> float | None:
        """How many false alarms one miss is worth, as the pair agreed; None so far."""
        return self.record.framing.ratio if self.record.framing else None

    @property
    def per_week(self) -> float:
        """Decisions a week: as the pair stated, else as the scenario does."""
        return per_week(self.record, self.scenario)

    @property
    def payoff(self) -> PayoffMatrix:
        """What each outcome is worth: the scenario's values, or what the pair assumes.

        Of a range, the likely value.
        """
        given = self.scenario.payoff
        names = PayoffMatrix.model_fields.keys() & self._assumed.keys()
        likely = {name: self._assumed[name].likely for name in names}
        return given.model_copy(update=likely) if likely else given

    @property
    def reviewer(self) -> Reviewer:
        """How well and how fast a person decides: as given, or as the pair assumes."""
        record, scenario = self.record, self.scenario
        given = scenario.reviewer
        likely = {
            field: likely_of(name, record, scenario, getattr(given, field))
            for field, name in REVIEWER.items()
        }
        return given.model_copy(update=likely)

    @property
    def _assumed(self) -> dict[str, Assumed]:
        impact = self.record.impact
        return {**self.scenario.assumed, **(impact.assumed if impact else {})}

    @property
    def acceptable_error(self) -> float | None:
        """The error among answered that the pair agreed to live with, if it did."""
        framing = self.record.framing
        if framing is None or framing.expectations is None:
            return None
        return framing.expectations.acceptable_error

    @cached_property
    def digest(self) -> str:
        """Digest of the rows that every figure rests on."""
        return data_digest(tuple(self.runs[run.id] for run in self.scenario.runs))

    @cached_property
    def sources(self) -> int | None:
        """How many clusters the rows come from; None where none is declared."""
        clusters = self.rows.clusters
        return None if clusters is None else len(np.unique(clusters))

    @property
    def few_sources(self) -> bool:
        """Whether the sources are so few that ranges are only indicative."""
        return self.sources is not None and self.sources < FEW_SOURCES

    def design_effect(self, option: str) -> DesignEffect:
        """How much wider an interval gets because rows hang together, per option."""
        return self._design_effects[option]

    @cached_property
    def _design_effects(self) -> dict[str, DesignEffect]:
        found = {
            option: design_effect(
                (~rows.labels).astype(float), rows.clusters, seed=self.scenario.seed
            )
            for option, rows in self.runs.items()
        }
        of_runs = {c.id: found[c.run] for c in self.candidates if c.run is not None}
        return found | of_runs

    @property
    def deff(self) -> float:
        """The design effect of the option in play, measured on all its rows."""
        return self.design_effect(self.option).deff

    def error_of(self, option: str, id: str) -> Number:
        """Share of all rows for which acting would be wrong, for one option."""
        labels = self.scored[option].labels
        wrong = int((~labels).sum())
        deff = self.design_effect(option).deff
        return rate(id, wrong, len(labels), rows="all", deff=deff)

    @cached_property
    def error(self) -> Number:
        """The base rate of error, which no threshold touches: over all rows."""
        return self.error_of(self.option, "error.all")

    @cached_property
    def split(self) -> Split:
        """Split the scored rows once: which choose a threshold, which report it."""
        scenario, table = self.scenario, self._scored_table
        return split_rows(
            self._scored_keys,
            time=None if scenario.time is None else table[scenario.time].to_numpy(),
            cluster=None
            if scenario.cluster is None
            else table[scenario.cluster].astype(str).to_numpy(dtype=str),
            seed=scenario.seed,
            share=scenario.split,
            always_choose=scenario.cases,
        )

    @cached_property
    def _scored_table(self) -> pd.DataFrame:
        """The rows of the table that any option scored: no other row is split."""
        import pandas as pd

        keys = pd.Index(self.data[self.scenario.key].astype(str).to_numpy(dtype=object))
        scored = np.zeros(len(keys), dtype=np.bool_)
        for rows in self.runs.values():
            # every scored key is in the table: reading has refused what is not
            scored[keys.get_indexer(rows.keys.astype(object))] = True
        return self.data[scored]

    @cached_property
    def _scored_keys(self) -> NDArray[np.str_]:
        return self._scored_table[self.scenario.key].astype(str).to_numpy(dtype=str)

    def values_of(self, column: str, rows: ScoredRows) -> NDArray[np.object_]:
        """What a column of the table says of each of some scored rows."""
        if column not in self._scored_table:
            known = ", ".join(map(str, self._scored_table.columns[:12]))
            raise InputError(
                f"{self.scenario.id}/scenario.yaml: the table has no column {column!r} "
                f"to look at; there are: {known}."
            )
        values = self._scored_table[column].to_numpy(dtype=object)
        found: NDArray[np.object_] = values[self._place_in_table[rows.option]]
        return found

    @cached_property
    def _place_in_table(self) -> dict[str, NDArray[np.intp]]:
        """Where each run's rows stand among the scored rows of the table."""
        import pandas as pd

        table = pd.Index(self._scored_keys.astype(object))
        return {
            name: table.get_indexer(rows.keys.astype(object))
            for name, rows in self.runs.items()
        }

    def choosing(self, option: str | None = None) -> NDArray[np.bool_]:
        """Which of an option's rows choose; a key is on the same side for all."""
        return self._choosing[option or self.option]

    @cached_property
    def _choosing(self) -> dict[str, NDArray[np.bool_]]:
        chosen = self._scored_keys[self.split.choose]
        found = {name: np.isin(rows.keys, chosen) for name, rows in self.runs.items()}
        of_runs = {c.id: found[c.run] for c in self.candidates if c.run is not None}
        return found | of_runs

    def sources_of(self, rows: Rows) -> int | None:
        """How many clusters a side of the split has; None where none is declared."""
        clusters = self.rows.clusters
        if clusters is None:
            return None
        choose = self.choosing()
        side = {"choose": choose, "report": ~choose}.get(rows, np.ones_like(choose))
        return len(np.unique(clusters[side]))

    def curve(self, rows: Rows, option: str | None = None) -> ThresholdCurve:
        """Return the exact curve on ``choose``, ``report`` or ``all`` rows.

        Raises `InputError` where these have one label only.
        """
        option = option or self.option
        candidate = self._candidates.get(option)
        if candidate and candidate.run and not candidate.only:
            option = candidate.run  # the same scores make the same curve
        sides = self._curve_cache.setdefault(option, {})
        if rows not in sides:
            sides[rows] = self._counted(option, rows)
        return sides[rows]

    def _counted(self, option: str, rows: Rows) -> ThresholdCurve:
        scored, choose = self.scored[option], self.choosing(option)
        sides = {"choose": choose, "report": ~choose, "all": np.ones_like(choose)}
        labels, scores = scored.labels[sides[rows]], scored.scores[sides[rows]]
        if labels.all() or not labels.any():
            raise InputError(
                f"{self.scenario.id}/scenario.yaml, split: the {len(labels)} rows "
                f"{_WHICH[rows]} have one label only, or none; label more rows, or "
                "choose another split or seed."
            )
        return threshold_curve(labels, scores)

    @cached_property
    def _curve_cache(self) -> dict[str, dict[str, ThresholdCurve]]:
        return {}

    @property
    def policy(self) -> Policy | None:
        """The policy that the pair chose, if it has chosen one."""
        chosen = self.record.threshold
        return self.bounded(chosen.policy) if chosen else None

    def cheapest(self, option: str | None = None) -> float | None:
        """The cheapest threshold on the choosing rows under the pair's ratio."""
        if self.ratio is None:
            return None
        return cheapest_threshold(self.curve("choose", option), ratio=self.ratio)

    def point(
        self, act_at: float, rows: Rows, option: str | None = None
    ) -> OperatingPoint:
        """Counts when everything scored at or above ``act_at`` is acted on."""
        return self.curve(rows, option).at(act_at)
