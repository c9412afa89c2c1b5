"""New rows after release, in the scenario's own terms: what was scored, what came true.

A file holds the table and the scores side by side, or a row for each option as the
scored runs do. Labels may be late. What would give a wrong number is refused, with the
file, the column, what was found and the remedy.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workshop.data.later_columns import (
    check_coding,
    nearest,
    need,
    need_filled,
    own_values,
    positives,
    refuse_other_name,
    with_times,
)
from workshop.data.refusals import check_numbers, need_unique
from workshop.data.scenario import Run, Scenario
from workshop.data.source import ScoredRows, data_digest, read_table
from workshop.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_KNOWN = 0.5
"""Share of rows that the workshop had already, above which a file is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class LaterRows:
    """One run's new rows; where ``known`` is False the label is not, and reads False.

    ``known`` has shape (n,), as the arrays of ``rows`` have.
    """

    rows: ScoredRows
    known: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, mask: NDArray[np.bool_]) -> LaterRows:
        """Only the rows where ``mask`` is True."""
        return LaterRows(_taken(self.rows, mask), _read_only(self.known[mask]))

    @property
    def judged(self) -> ScoredRows:
        """Only the rows whose label is known."""
        return _taken(self.rows, self.known)


@dataclass(frozen=True, slots=True)
class NotThere:
    """A run without a score in the file, the column wanted, and the nearest to it."""

    run: str
    column: str
    nearest: str = ""


@dataclass(frozen=True, eq=False)
class Later:
    """The new rows of one file.

    ``table`` holds one row a key, sorted by it, with the columns that the workshop's
    own table has. ``runs`` maps each run that was found to its rows. ``known_before``
    rows stood in the workshop's own data and were left out. ``as_of`` is the day that
    counts as today.
    """

    scenario: Scenario
    file: str
    table: pd.DataFrame
    runs: dict[str, LaterRows]
    as_of: date
    not_there: tuple[NotThere, ...] = ()
    known_before: int = 0

    def __len__(self) -> int:
        return len(self.table)

    @property
    def timed(self) -> bool:
        """Whether the rows have a time."""
        return self.scenario.time is not None

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day of the rows; empty without a time."""
        if not self.timed or not len(self):
            return "", ""
        when = self.table[self.scenario.time]
        return when.min().date().isoformat(), when.max().date().isoformat()

    @cached_property
    def digest(self) -> str:
        """Digest of keys, labels and which are known, scores, clusters and times."""
        found = hashlib.sha256(
            data_digest(tuple(own.rows for own in self.runs.values())).encode()
        )
        for name in sorted(self.runs):
            found.update(self.runs[name].known.tobytes())
        return f"sha256:{found.hexdigest()}"

    def between(self, first: date | None = None, last: date | None = None) -> Later:
        """Only rows from one day to another, both included; all without a time."""
        if not self.timed:
            return self
        runs = {
            name: own.take(_within(own.rows.time, first, last))
            for name, own in self.runs.items()
        }
        when = self.table[self.scenario.time].to_numpy()
        table = self.table[_within(when, first, last)].reset_index(drop=True)
        return replace(
            self, table=table, runs={n: own for n, own in runs.items() if len(own)}
        )


def by_month(later: Later) -> tuple[Later, ...]:
    """The rows month by month, as they were lived through; one part without a time."""
    if not later.timed:
        return (later,)
    months = later.table[later.scenario.time].dt.to_period("M")
    return tuple(
        later.between(month.start_time.date(), month.end_time.date())
        for month in sorted(months.unique())
    )


def load_later(
    scenario: Scenario,
    path: Path,
    data: pd.DataFrame,
    *,
    as_of: date,
    option: str | None = None,
) -> Later:
    """Read new rows from a Parquet or CSV file.

    Parameters
    ----------
    data
        The workshop's own table: its rows are no news, and its columns are the inputs.
    as_of
        The day that counts as today: labels of rows younger than the label's delay are
        not taken as known.
    option
        The option that the record took, whose score must then be there. A run whose
        score is missing is told in ``not_there`` otherwise.

    Raises
    ------
    InputError
        When the key, the time, the cluster or every score is missing, a key stands
        twice, labels are coded in another way, a time or a score cannot be read, no row
        is left, or most rows were in the workshop's own data.
    """
    if not scenario.runs:
        raise InputError(
            f"{scenario.id}/scenario.yaml: there are no runs, so that new rows cannot "
            "be held against any score; bring scored rows with workshop new --runs."
        )
    times = (scenario.time,) if scenario.time else ()
    frame = read_table(path, times=times)
    for name in (scenario.key, scenario.time, scenario.cluster):
        if name is not None:
            need(frame, name, path.name)
    need_filled(frame, scenario, path.name)
    frame = with_times(frame, scenario, path.name)
    frame, known_before = _without_known(frame, scenario, data, path.name)
    wide = not any(run.where for run in scenario.runs)
    if wide:
        need_unique(frame[scenario.key], path.name)
    frame = frame.sort_values(scenario.key, kind="stable", ignore_index=True)
    reading = _Reading(scenario, path.name, frame, data, as_of)
    runs, missing = _runs(reading)
    _need_scores(runs, missing, reading, option)
    kept = [name for name in frame.columns if name in data.columns]
    table = frame[kept].drop_duplicates(scenario.key, ignore_index=True)
    return Later(scenario, path.name, table, runs, as_of, missing, known_before)


@dataclass(frozen=True, eq=False)
class _Reading:
    """What every run is read from."""

    scenario: Scenario
    file: str
    frame: pd.DataFrame
    data: pd.DataFrame
    as_of: date

    @cached_property
    def keys(self) -> NDArray[np.str_]:
        return self.frame[self.scenario.key].astype(str).to_numpy(dtype=str)

    @cached_property
    def clusters(self) -> NDArray[np.str_] | None:
        name = self.scenario.cluster
        if name is None:
            return None
        return self.frame[name].astype(str).to_numpy(dtype=str)

    @cached_property
    def times(self) -> NDArray[np.generic] | None:
        name = self.scenario.time
        return None if name is None else self.frame[name].to_numpy()

    @cached_property
    def old_enough(self) -> NDArray[np.bool_]:
        """Rows whose label could be known by ``as_of``."""
        label = self.scenario.label
        if self.times is None or label is None or label.delay_days is None:
            return np.ones(len(self.frame), dtype=np.bool_)
        # the day itself still counts; what is known at its end is known
        latest = pd.Timestamp(self.as_of) + pd.Timedelta(days=1 - label.delay_days)
        return np.asarray(self.times < latest.to_datetime64(), dtype=np.bool_)


def _runs(reading: _Reading) -> tuple[dict[str, LaterRows], tuple[NotThere, ...]]:
    found, missing = {}, []
    for run in reading.scenario.runs:
        mask = _where(reading, run)
        if run.score not in reading.frame or not mask.any():
            near = nearest(run.score, reading.frame.columns)
            column = run.score if run.score not in reading.frame else str(run.where)
            missing.append(NotThere(run.id, column, near if near != column else ""))
        else:
            found[run.id] = _rows_of(reading, run, mask)
    return found, tuple(missing)


def _where(reading: _Reading, run: Run) -> NDArray[np.bool_]:
    mask = np.ones(len(reading.frame), dtype=np.bool_)
    for column, wanted in run.where.items():
        need(reading.frame, column, reading.file)
        mask &= (reading.frame[column] == wanted).to_numpy(dtype=bool)
    return mask


def _rows_of(reading: _Reading, run: Run, mask: NDArray[np.bool_]) -> LaterRows:
    frame, file = reading.frame[mask], f"{reading.file} ({run.id})"
    if run.where:
        need_unique(frame[reading.scenario.key], file)
    where = f"{file}: the score {run.score!r}"
    scores = check_numbers(frame[run.score], where, are="scores are numbers")
    labels, known = _labels(reading, run, frame)
    times = None if reading.times is None else reading.times[mask]
    rows = ScoredRows(
        option=run.id,
        keys=_read_only(reading.keys[mask]),
        labels=_read_only(labels),
        scores=_read_only(scores),
        clusters=None if reading.clusters is None else reading.clusters[mask],
        time=times,
        latency_ms=_latency(frame, run, file),
        place_in_file=np.flatnonzero(mask),
    )
    return LaterRows(rows, _read_only(known & reading.old_enough[mask]))


def _labels(
    reading: _Reading, run: Run, frame: pd.DataFrame
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows are positive, and of which that is known; none without a column."""
    label = reading.scenario.label
    assert label is not None, "a scenario with runs has a label"
    name = run.label or label.column
    if name not in frame:
        refuse_other_name(name, frame.columns, reading.file)
        return np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    own = own_values(reading.scenario, run, name, reading.data)
    check_coding(frame[name], label.positive, own, reading.file)
    return positives(frame[name], label.positive), frame[name].notna().to_numpy(bool)


def _latency(frame: pd.DataFrame, run: Run, file: str) -> NDArray[np.float64] | None:
    if run.latency_ms is None or run.latency_ms not in frame:
        return None
    where = f"{file}: the latency {run.latency_ms!r}"
    return check_numbers(frame[run.latency_ms], where, are="write milliseconds")


def _without_known(
    frame: pd.DataFrame, scenario: Scenario, data: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, int]:
    """Leave out rows that the workshop had; refuse a file that is mostly those."""
    key = scenario.key
    had = set(data[key].astype(str).tolist())
    known = np.array([name in had for name in frame[key].astype(str).tolist()])
    rows = int(frame.loc[known, key].nunique())
    if known.mean() > MOST_KNOWN:
        raise InputError(
            f"{file}: {rows:,} of {frame[key].nunique():,} rows were in the workshop's "
            f"own data already, such as {str(frame.loc[known, key].iloc[0])[:40]!r}; a "
            "retrospective needs rows from after release."
        )
    return (frame[~known] if rows else frame), rows


def _need_scores(
    runs: dict[str, LaterRows],
    missing: tuple[NotThere, ...],
    reading: _Reading,
    option: str | None,
) -> None:
    """At least one score; where an option was taken, that one's."""
    scenario = reading.scenario
    wanted = _run_of(scenario, option)
    without = next((m for m in missing if wanted is None or m.run == wanted), None)
    if without is None or (wanted is None and runs):
        return
    near = f" (did you mean {without.nearest!r}?)" if without.nearest else ""
    known = ", ".join(runs)
    rest = (
        f"without it only these can be looked at: {known}"
        if known
        else ("no option has a score there, so nothing can be held against the promise")
    )
    raise InputError(
        f"{reading.file}: there is no {without.column!r}{near}, which the option "
        f"{option or without.run!r} is scored by; {rest}."
    )


def _run_of(scenario: Scenario, option: str | None) -> str | None:
    """The run that an option rests on; None without one, or without a model."""
    if option is None or not scenario.runs:
        return None
    candidate = next((c for c in scenario.options if c.id == option), None)
    if candidate is not None:
        return candidate.run
    return option if any(run.id == option for run in scenario.runs) else None


def _within(when: Any, first: date | None, last: date | None) -> NDArray[np.bool_]:
    mask = np.ones(len(when), dtype=np.bool_)
    if first is not None:
        mask &= when >= np.datetime64(first)
    if last is not None:
        mask &= when < np.datetime64(last) + np.timedelta64(1, "D")
    return mask


def _taken(rows: ScoredRows, mask: NDArray[np.bool_]) -> ScoredRows:
    def part(values: Any) -> Any:
        return None if values is None else _read_only(values[mask])

    return ScoredRows(
        option=rows.option,
        keys=part(rows.keys),
        labels=part(rows.labels),
        scores=part(rows.scores),
        clusters=part(rows.clusters),
        time=part(rows.time),
        latency_ms=part(rows.latency_ms),
        place_in_file=part(rows.place_in_file),
    )


def _read_only(values: Any) -> Any:
    found = np.asarray(values)
    if found.flags.owndata:
        found.flags.writeable = False
        return found
    view = found.view()
    view.flags.writeable = False
    return view
