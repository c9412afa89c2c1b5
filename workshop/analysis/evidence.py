"""Everything that follows from one scenario's rows and one pair's choices.

One object per scenario and record; each part is computed when it is first asked for
and then kept. The live notebook, the report and the JSON twin read the same object,
which is why they agree number for number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from workshop.analysis.curve import OperatingPoint, ThresholdCurve, threshold_curve
from workshop.analysis.intervals import (
    FEW_SOURCES,
    DesignEffect,
    design_effect,
    rate,
)
from workshop.analysis.policies import cheapest_threshold
from workshop.analysis.split import Split, split_rows
from workshop.data.card import DatasetCard
from workshop.data.scenario import Scenario
from workshop.data.source import ScoredRows, data_digest
from workshop.record.choices import Record
from workshop.record.values import Number, Policy, Rows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


# Computed once for all records: a mark or a word must not sort a million rows again.
_OF_ROWS_ALONE = {
    "digest",
    "split",
    "_scored_table",
    "_scored_keys",
    "_choosing",
    "_design_effects",
    "_curve_cache",
}


@dataclass(frozen=True)
class Evidence:
    """A scenario's rows and a pair's choices, and what follows from both."""

    scenario: Scenario
    card: DatasetCard
    record: Record
    data: pd.DataFrame
    runs: dict[str, ScoredRows]

    def with_record(self, record: Record) -> Evidence:
        """The same rows under other choices: what hangs on rows alone is kept."""
        found = replace(self, record=record)
        for name in _OF_ROWS_ALONE & self.__dict__.keys():
            found.__dict__[name] = self.__dict__[name]
        return found

    @property
    def option(self) -> str:
        """The option in play: the record's where there is such a run, or the proposed.

        A record that names a run which is not there is a gap, and no reason to stop.
        """
        return self.chosen_option or self.scenario.proposed

    @property
    def chosen_option(self) -> str | None:
        """The option that the pair took; None while it has taken none that exists."""
        option = self.record.option
        return option if option in self.runs else None

    @property
    def rows(self) -> ScoredRows:
        """The option's scored rows."""
        return self.runs[self.option]

    @property
    def ratio(self) -> float | None:
        """How many false alarms one miss is worth, as the pair agreed; None so far."""
        return self.record.framing.ratio if self.record.framing else None

    @property
    def per_week(self) -> float:
        """Decisions a week: as the pair stated, else as the scenario does."""
        impact = self.record.impact
        stated = impact.per_week if impact else None
        return stated or self.scenario.decision.per_week

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
        return data_digest(tuple(self.runs.values()))

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
        return {
            option: design_effect(
                (~rows.labels).astype(float), rows.clusters, seed=self.scenario.seed
            )
            for option, rows in self.runs.items()
        }

    @property
    def deff(self) -> float:
        """The design effect of the option in play, measured on all its rows."""
        return self.design_effect(self.option).deff

    def error_of(self, option: str, id: str) -> Number:
        """Share of all rows for which acting would be wrong, for one option."""
        labels = self.runs[option].labels
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

    def groups_by(self, column: str) -> NDArray[np.object_]:
        """What a column of the table says of each of the option's rows."""
        values = self._scored_table[column].to_numpy(dtype=object)
        order = np.argsort(self._scored_keys)
        place = np.searchsorted(self._scored_keys, self.rows.keys, sorter=order)
        found: NDArray[np.object_] = values[order[place]]
        return found

    def choosing(self, option: str | None = None) -> NDArray[np.bool_]:
        """Which of an option's rows choose; a key is on the same side for all."""
        return self._choosing[option or self.option]

    @cached_property
    def _choosing(self) -> dict[str, NDArray[np.bool_]]:
        chosen = self._scored_keys[self.split.choose]
        return {name: np.isin(rows.keys, chosen) for name, rows in self.runs.items()}

    def sources_of(self, rows: Rows) -> int | None:
        """How many clusters a side of the split has; None where none is declared."""
        clusters = self.rows.clusters
        if clusters is None:
            return None
        choose = self.choosing()
        side = {"choose": choose, "report": ~choose}.get(rows, np.ones_like(choose))
        return len(np.unique(clusters[side]))

    def curve(self, rows: Rows, option: str | None = None) -> ThresholdCurve:
        """Return the exact curve on ``choose``, ``report`` or ``all`` rows."""
        return self._curves(option or self.option)[rows]

    def _curves(self, option: str) -> dict[str, ThresholdCurve]:
        if option not in self._curve_cache:
            scored = self.runs[option]
            choose = self.choosing(option)
            sides: dict[str, NDArray[np.bool_]] = {
                "choose": choose,
                "report": ~choose,
                "all": np.ones_like(choose),
            }
            self._curve_cache[option] = {
                name: threshold_curve(scored.labels[mask], scored.scores[mask])
                for name, mask in sides.items()
            }
        return self._curve_cache[option]

    @cached_property
    def _curve_cache(self) -> dict[str, dict[str, ThresholdCurve]]:
        return {}

    @property
    def policy(self) -> Policy | None:
        """The policy that the pair chose, if it has chosen one."""
        return self.record.threshold.policy if self.record.threshold else None

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
