"""From a scenario, its table and one option's rows to what the checks read.

The label of an assistant's answers stands with the run and not in the table; then the
judged rows are joined to it first, on the engine that holds the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from workshop.analysis.baseline import with_keys
from workshop.analysis.baseline.folds import (
    MOST_ROWS,
    CannotTrain,
    read_table,
    rows_to_train,
)
from workshop.analysis.baseline.table import Table
from workshop.analysis.evidence import Evidence
from workshop.analysis.labels import labelling_of
from workshop.analysis.readiness.given import Annotations, ReviewInput, Scored, Use
from workshop.analysis.readiness.profile import Profile
from workshop.analysis.readiness.profiling import Progress, profile
from workshop.analysis.readiness.sampling import bounded_sample
from workshop.analysis.trained import Trained
from workshop.data.card import ColumnRole, DatasetCard
from workshop.data.scenario import Scalar, Scenario
from workshop.data.source import ScoredRows
from workshop.record.choices import Record
from workshop.record.dates import last_day

if TYPE_CHECKING:
    import ibis


def judged_table(
    table: ibis.Table, scenario: Scenario, rows: ScoredRows | None
) -> tuple[ibis.Table, str | None, Scalar]:
    """Return the table with its label, the label's column and its positive value.

    ``rows`` bring the label where the table has none. The column is None where nobody
    labelled anything.
    """
    import ibis
    import pyarrow as pa

    label = scenario.label
    if label is not None and label.column in table.columns:
        return table, label.column, label.positive
    if label is None or rows is None:
        return table, None, 1
    labels = {"_judged": rows.keys.tolist(), label.column: rows.labels.astype("int8")}
    judged = ibis.memtable(pa.table(labels))
    key = table[scenario.key].cast("string")
    joined = table.left_join(judged, key == judged["_judged"]).drop("_judged")
    return joined, label.column, 1


def profile_of(
    table: ibis.Table,
    scenario: Scenario,
    card: DatasetCard,
    rows: ScoredRows | None,
    *,
    today: date,
    on_progress: Progress | None = None,
) -> Profile:
    """Profile a scenario's table with the label of one option."""
    judged, label, positive = judged_table(table, scenario, rows)
    return profile(
        judged,
        key=scenario.key,
        label=label,
        positive=positive,
        card=card,
        time=scenario.time,
        groups=scenario.groups,
        cluster=scenario.cluster,
        today=today,
        annotators=scenario.annotators,
        on_progress=on_progress,
    )


@dataclass(frozen=True)
class ToTrain:
    """A bounded sample, read and ready, of which ``at_hand`` rows carry a label."""

    table: Table
    at_hand: int
    key: str

    def digest(self, *beside: str) -> str:
        """Return the SHA-256 of all that the figures follow from."""
        return self.table.digest(str(self.at_hand), *beside)

    def with_keys(self, found: Trained) -> Trained:
        """Name suspects, known by their row in the sample, by their key."""
        return with_keys(found, self.table, self.key)


def to_train(
    table: ibis.Table, scenario: Scenario, found: Profile, rows: ScoredRows | None
) -> ToTrain | Trained:
    """Draw and read what to train on, or return why nothing can be trained."""
    judged, label, positive = judged_table(table, scenario, rows)
    if label is None:
        return Trained(rows=0, positives=0, why_not="no_label")
    roles = _roles(found, scenario, label)
    sample = bounded_sample(
        judged.filter(judged[label].notnull()),
        key=scenario.key,
        columns=list(roles),
        rows=rows_to_train(len(roles), _share(found)),
    )
    never = {p.column for p in found.shapes.personal} | set(found.shapes.free_text)
    try:
        ready = read_table(
            sample,
            key=scenario.key,
            label=label,
            positive=positive,
            roles=roles,
            never=never,
            time=scenario.time,
            cluster=scenario.cluster,
            seed=scenario.seed,
            most_rows=MOST_ROWS,
        )
    except CannotTrain as why:
        return Trained(rows=why.judged, positives=why.hits, why_not=why.reason)
    return ToTrain(ready, found.label.judged if found.label else 0, scenario.key)


def _share(found: Profile) -> float:
    """The share of positives; a half where there is only one label, or none."""
    label = found.label
    if label is None or not 0 < label.positives < label.judged:
        return 0.5
    return label.positives / label.judged


def _roles(found: Profile, scenario: Scenario, label: str) -> dict[str, ColumnRole]:
    """Each column's part; the scenario's word goes before the card's."""
    roles: dict[str, ColumnRole] = {
        name: c.role or "feature"
        for name, c in found.columns.items()
        if c.kind != "other" or name == scenario.cluster
    }
    roles[scenario.key] = "id"
    roles[label] = "label"
    if scenario.time:
        roles[scenario.time] = "time"
    for name in scenario.annotators:
        roles[name] = "annotator"
    return roles


def annotations_of(
    table: ibis.Table, scenario: Scenario, *, rows: int = MOST_ROWS
) -> Annotations | None:
    """Return what several people said of the same rows; None where it is one."""
    names = tuple(n for n in scenario.annotators if n in table.columns)
    if not names:
        return None
    sample = bounded_sample(
        table, key=scenario.key, columns=[scenario.key, *names], rows=rows
    )
    labels = tuple(
        tuple(
            None if missing else str(value)
            for value, missing in zip(c, c.isna(), strict=True)
        )
        for c in (sample[name] for name in names)
    )
    return Annotations(names, labels)


def use_of(scenario: Scenario, record: Record, today: date) -> Use:
    """Gather what the framing asks of the data."""
    framing = record.framing
    expectations = framing.expectations if framing else None
    outcome = framing.outcome if framing else None
    return Use(
        today=today,
        acceptable=expectations.acceptable_error if expectations else None,
        promised_by=last_day(outcome.by) if outcome else None,
        fresh_days=scenario.fresh_days,
        label_delay_days=scenario.label.delay_days if scenario.label else None,
        groups=scenario.groups,
    )


def scored_of(evidence: Evidence) -> Scored:
    """The judged rows of the option in play, and the error over all of them."""
    rows = evidence.rows
    in_file = np.argsort(rows.place_in_file)
    return Scored(
        labels=rows.labels,
        scores=rows.scores,
        file_labels=rows.labels[in_file],
        file_sources=None if rows.clusters is None else rows.clusters[in_file],
        sources=rows.clusters,
        error=evidence.error,
        deff=evidence.deff,
    )


def review_input(
    scenario: Scenario,
    record: Record,
    card: DatasetCard,
    found: Profile,
    *,
    today: date,
    evidence: Evidence | None = None,
    trained: Trained | None = None,
    annotations: Annotations | None = None,
) -> ReviewInput:
    """Put together what the checks read; no ``evidence`` before there are scores."""
    return ReviewInput(
        profile=found,
        card=card,
        use=use_of(scenario, record, today),
        scored=scored_of(evidence) if evidence else None,
        trained=trained,
        annotations=annotations,
        labelling=labelling_of(scenario),
        source_name=scenario.cluster_name,
    )
