"""A scenario's card, table and rows, each read once; and which day counts as today."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workshop.analysis.evidence import Evidence
from workshop.analysis.readiness.gathering import (
    annotations_of,
    profile_of,
    to_train,
)
from workshop.analysis.readiness.given import Annotations
from workshop.analysis.readiness.profile import Profile
from workshop.analysis.readiness.profiling import Progress as Counting
from workshop.analysis.trained import Trained
from workshop.data.card import DatasetCard, load_card
from workshop.data.catalog import example_of
from workshop.data.rankings import BestFew, read_ranking
from workshop.data.scenario import Scenario
from workshop.data.source import ScoredRows, load_data, load_run, scored_rows
from workshop.record.choices import Record
from workshop.steps.counted import counted
from workshop.steps.training import Training, stamp_of
from workshop.views.wording import phrase, say

if TYPE_CHECKING:
    import ibis
    import pandas as pd

PATIENCE = 2.0
"""Seconds after which a computation says what it is at."""


class Given:
    """A scenario's card, table and scored rows, each read once when first asked for."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._profiles: dict[str | None, Profile] = {}
        self._looked_at: Evidence | None = None
        self._shown: dict[str, dict[str, dict[str, str]]] = {}
        self._training = Training(scenario)
        self._touched = stamp_of(scenario)

    @cached_property
    def card(self) -> DatasetCard:
        """The data set's card."""
        return load_card(self.scenario.folder)

    @cached_property
    def example(self) -> Record | None:
        """The example record, from which a step may be borrowed."""
        return example_of(self.scenario)

    @cached_property
    def data(self) -> pd.DataFrame:
        """The scenario's table, or of a large one the rows that were scored."""
        return load_data(self.scenario)

    @cached_property
    def runs(self) -> dict[str, ScoredRows]:
        """Every option's scored rows."""
        return {
            run.id: scored_rows(self.scenario, run.id, self.data)
            for run in self.scenario.runs
        }

    @cached_property
    def best_few(self) -> dict[str, BestFew]:
        """Whether a right one is among the best few, where an option shows them."""
        return {
            option.id: read_ranking(
                self.scenario,
                self.scenario.run(option.id),
                self.runs[option.run].keys,
                option.shows,
            )
            for option in self.scenario.options
            if option.run is not None and option.shows is not None
        }

    def evidence(self, record: Record) -> Evidence:
        """What follows from all of it for one record."""
        if self._looked_at is not None:
            return self._looked_at.with_record(record)
        return Evidence(
            self.scenario, self.card, record, self.data, self.runs, self.best_few
        )

    def shown_cases(self, option: str) -> dict[str, dict[str, str]]:
        """What each case shows: only the columns that the scenario permits.

        They may stand with the option, such as the answer that it gave.
        """
        if option not in self._shown:
            self._shown[option] = self._show(option)
        return self._shown[option]

    def _show(self, option: str) -> dict[str, dict[str, str]]:
        key = self.scenario.key
        run = load_run(self.scenario, option)
        cases = run[run[key].astype(str).isin(self.scenario.cases)]
        both = cases.merge(self.data, on=key, suffixes=("", "_data"))
        by_key = both.set_index(both[key].astype(str))
        shown = [name for name in self.scenario.shows if name in by_key.columns]
        return {
            case: {name: _as_read(by_key.loc[case, name]) for name in shown}
            for case in self.scenario.cases
            if case in by_key.index
        }

    @cached_property
    def table(self) -> ibis.Table:
        """All rows of the scenario's table, on the engine that holds them."""
        from workshop.data.tables import open_table

        return open_table(self.scenario)

    def profile(self, option: str | None) -> Profile:
        """Count what the checks read, with the labels of one option."""
        option = self.scenario.run(option).id if option else None
        if option not in self._profiles:
            self._profiles[option] = counted(
                self.scenario,
                option,
                today().isoformat(),
                count=lambda: self._count(option),
                as_read=lambda: stamp_of(self.scenario) == self._touched,
            )
        return self._profiles[option]

    def _count(self, option: str | None) -> Profile:
        table = self.table
        with _counting() as counting:
            return profile_of(
                table,
                self.scenario,
                self.card,
                self.runs[option] if option else None,
                today=today(),
                on_progress=counting,
            )

    @cached_property
    def trained(self) -> Trained:
        """Train on a bounded sample what the trained checks need, or what was kept.

        Training takes seconds; the same data is trained on once.
        """
        option = self.scenario.proposed or None
        rows = self.runs[option] if option else None
        found = self.profile(option)
        drawn = to_train(self.table, self.scenario, found, rows)
        if isinstance(drawn, Trained):
            self._training.needless()
            return drawn
        return self._training.of(drawn, progress=_tell)

    def foresee_training(self) -> None:
        """Start what will train now, so that it is ready when the rows are counted."""
        if self.scenario.label is not None:
            self._training.foresee()

    def look(self) -> None:
        """Read, count and train now what pages will ask for; let go of the engine."""
        if self.scenario.data:
            for run in self.scenario.runs:
                self.profile(run.id)
                self.shown_cases(run.id)
            _ = self.card, self.best_few, self.annotations, self.example
            if self.scenario.label is not None:
                _ = self.trained
        if self.scenario.runs:
            empty = Record(scenario=self.scenario.id)
            self._looked_at = self.evidence(empty).looked_at()
        self.__dict__.pop("table", None)

    @cached_property
    def annotations(self) -> Annotations | None:
        """What several people said of the same rows."""
        if not self.scenario.annotators:
            return None
        return annotations_of(self.table, self.scenario)


def _as_read(value: Any) -> str:
    """A value as a person reads it; a hole, and what holes made of whole numbers."""
    if value is None or value != value:
        return phrase("panel.cases.not_given")
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def today() -> date:
    """Today, or the day that ``--as-of`` set for this run."""
    stated = os.environ.get("WORKSHOP_AS_OF", "")
    return date.fromisoformat(stated) if stated else date.today()


def now_text() -> str:
    """The time of a signature or a log line: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def _counting(after: float = PATIENCE) -> Iterator[Counting]:
    """Say which stage counting has reached, once it has taken ``after`` seconds.

    The stage that is under way by then is said too: in a large table the first one
    takes longest.
    """
    reached, late = "", threading.Event()

    def say_it() -> None:
        late.set()
        if reached:
            sys.stderr.write(f"{say(f'data.counting_{reached}').text}\n")

    def tell(stage: str, place: int, of: int) -> None:
        nonlocal reached
        reached = stage
        if late.is_set():
            say_it()

    clock = threading.Timer(after, say_it)
    clock.daemon = True
    clock.start()
    try:
        yield tell
    finally:
        clock.cancel()


def _tell(stage: str) -> None:
    """Say on the error stream which stage a long computation has reached.

    Looking at the rows is quick, and may show that there is nothing to train.
    """
    if stage == "rows":
        return
    sys.stderr.write(f"{say(f'data.training_{stage}').text}\n")
