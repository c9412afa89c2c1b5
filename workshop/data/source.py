"""Reading tables and scored runs, and refusing what would give a wrong number.

Every refusal names the file, the column, what was found and the remedy.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workshop.data.scenario import Run, Scenario
from workshop.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_READERS = {".parquet": "Parquet", ".csv": "CSV"}


@dataclass(frozen=True, slots=True)
class ScoredRows:
    """One option's rows, aligned: key, label (bool), score (float64), cluster, latency.

    ``keys`` and ``clusters`` are arrays of strings; ``clusters`` and ``latency_ms``
    are None where the scenario has none. ``place_in_file`` is where each row stood.
    """

    option: str
    keys: NDArray[np.str_]
    labels: NDArray[np.bool_]
    scores: NDArray[np.float64]
    clusters: NDArray[np.str_] | None
    time: NDArray[np.generic] | None
    latency_ms: NDArray[np.float64] | None
    place_in_file: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.keys)


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet or CSV file whose ending says what it is.

    Raises
    ------
    InputError
        When it is missing, empty, has a header only, or is not what its ending says.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: no such file in {path.parent.name}/.")
    if path.suffix not in _READERS:
        raise InputError(
            f"{path.name}: files ending in {path.suffix or 'nothing'} are not read; "
            "save the table as .parquet or .csv."
        )
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty; save the table again.")
    table = _read(path)
    if table.empty:
        raise InputError(f"{path.name}: there is a header but no row under it.")
    return table


def _read(path: Path) -> pd.DataFrame:
    kind = _READERS[path.suffix]
    try:
        if kind == "Parquet":
            return pd.read_parquet(path)
        return _read_csv(path)
    except (ValueError, OSError) as error:
        raise InputError(
            f"{path.name}: this is not a {kind} file, or it was cut off; "
            "write it again or mend its ending."
        ) from error


def _read_csv(path: Path) -> pd.DataFrame:
    # pandas would read a Parquet file's bytes as one strange column
    if b"\0" in path.read_bytes()[:4096]:
        raise ValueError("binary bytes in a text file")
    return pd.read_csv(path)


def load_data(scenario: Scenario) -> pd.DataFrame:
    """Read the scenario's own table and check its key.

    Raises
    ------
    InputError
        When the key column is absent or holds one value twice.
    """
    table = read_table(scenario.folder / scenario.data)
    _need_column(table, scenario.key, scenario.data, scenario)
    _need_unique(table[scenario.key], scenario.data)
    for column in (scenario.cluster, scenario.time, *scenario.groups):
        if column is not None:
            _need_column(table, column, scenario.data, scenario)
    return table


def load_run(scenario: Scenario, option: str) -> pd.DataFrame:
    """Read one option's rows as they stand in its file, filtered by ``where``.

    Raises
    ------
    InputError
        When a column is absent, no row is left, or a key stands twice.
    """
    run = scenario.run(option)
    table = read_table(scenario.folder / run.file)
    for column, wanted in run.where.items():
        _need_column(table, column, run.file, scenario)
        table = table[table[column] == wanted]
    if table.empty:
        raise InputError(
            f"{run.file}: no row has {run.where} for the run {option!r}; "
            "correct where: in scenario.yaml."
        )
    _need_column(table, scenario.key, run.file, scenario)
    _need_unique(table[scenario.key], f"{run.file} ({option})")
    return table.reset_index(drop=True)


def scored_rows(scenario: Scenario, option: str, data: pd.DataFrame) -> ScoredRows:
    """Return one option's rows with label, score, cluster, time and latency.

    Rows stand in the order of their keys, so that a file's order can mean nothing.

    Raises
    ------
    InputError
        When the label or score column cannot carry a curve.
    """
    run = scenario.run(option)
    table = load_run(scenario, option).sort_values(scenario.key)
    place_in_file = table.index.to_numpy(dtype=np.intp)
    table = table.reset_index(drop=True)
    keys = table[scenario.key].astype(str).to_numpy(dtype=str)
    looked_up = data.set_index(data[scenario.key].astype(str))
    _need_known_keys(keys, looked_up.index, run, scenario)
    label_source = _with_label(table, looked_up, keys, run, scenario)
    return ScoredRows(
        option=option,
        keys=keys,
        labels=check_labels(label_source, scenario, run.file),
        scores=check_scores(table, run),
        clusters=_column(looked_up, keys, scenario.cluster, as_text=True),
        time=_column(looked_up, keys, scenario.time, as_text=False),
        latency_ms=_latency(table, run),
        place_in_file=place_in_file,
    )


def _with_label(
    table: pd.DataFrame,
    looked_up: pd.DataFrame,
    keys: NDArray[np.str_],
    run: Run,
    scenario: Scenario,
) -> pd.Series:
    name = run.label or scenario.label.column
    if name in table.columns:
        return table[name]
    if name in looked_up.columns:
        return looked_up.loc[keys, name]
    raise InputError(
        f"{run.file}: there is no column {name!r} to take the label from, neither "
        f"there nor in {scenario.data}; correct label.column in scenario.yaml."
    )


def check_labels(column: pd.Series, scenario: Scenario, file: str) -> NDArray[np.bool_]:
    """Turn a label column into True where it is positive.

    Raises
    ------
    InputError
        When it is all missing, partly missing, of one class, or of three and more.
    """
    name = column.name
    missing = int(column.isna().sum())
    if missing == len(column):
        raise InputError(f"{file}: every value of the label {name!r} is missing.")
    if missing:
        raise InputError(
            f"{file}: {missing} of {len(column)} labels in {name!r} are missing; "
            "leave those rows out of the run or label them."
        )
    found = sorted(column.unique().tolist(), key=str)
    shown = ", ".join(repr(v)[:30] for v in found[:4])
    if len(found) > 2:
        raise InputError(
            f"{file}: the label {name!r} has {len(found)} values ({shown}…); "
            "a decision needs two: write one against the rest."
        )
    positive = column == scenario.label.positive
    if not positive.any() or positive.all():
        raise InputError(
            f"{file}: the label {name!r} holds only {shown}, and "
            f"{scenario.label.positive!r} counts as positive; both classes are needed."
        )
    return positive.to_numpy(dtype=bool)


def check_scores(table: pd.DataFrame, run: Run) -> NDArray[np.float64]:
    """Return the score column as float64.

    Raises
    ------
    InputError
        When it is absent, text, missing, infinite or one single value.
    """
    if run.score not in table.columns:
        raise InputError(
            f"{run.file}: there is no score column {run.score!r}; the columns are "
            f"{', '.join(map(str, table.columns[:8]))}."
        )
    where = f"{run.file} ({run.id}): the score {run.score!r}"
    scores = _check_numbers(table[run.score], where, are="scores are numbers")
    if scores.min() == scores.max():
        raise InputError(
            f"{where} is {scores[0]:g} in every row, so no threshold can separate "
            "anything; give scores that differ."
        )
    return scores


def _check_numbers(column: pd.Series, where: str, *, are: str) -> NDArray[np.float64]:
    """Return a column as float64, or say what in it is no plain number."""
    if not pd.api.types.is_numeric_dtype(column):
        example = str(column.iloc[0])[:30]
        raise InputError(f"{where} is text (such as {example!r}); {are}.")
    missing = int(column.isna().sum())
    if missing:
        raise InputError(
            f"{where} is missing in {missing} of {len(column)} rows; fill it in or "
            "leave those rows out."
        )
    numbers = column.to_numpy(dtype=np.float64)
    infinite = int((~np.isfinite(numbers)).sum())
    if infinite:
        raise InputError(f"{where} is infinite in {infinite} of {len(column)} rows.")
    return numbers


def _latency(table: pd.DataFrame, run: Run) -> NDArray[np.float64] | None:
    if run.latency_ms is None:
        return None
    if run.latency_ms not in table.columns:
        raise InputError(
            f"{run.file} ({run.id}): there is no latency column {run.latency_ms!r}."
        )
    where = f"{run.file} ({run.id}): the latency {run.latency_ms!r}"
    return _check_numbers(table[run.latency_ms], where, are="write milliseconds")


def _column(
    table: pd.DataFrame, keys: NDArray[np.str_], name: str | None, *, as_text: bool
) -> NDArray[np.str_] | None:
    if name is None:
        return None
    column = table.loc[keys, name]
    return column.astype(str).to_numpy(dtype=str) if as_text else column.to_numpy()


def _need_column(table: pd.DataFrame, name: str, file: str, scenario: Scenario) -> None:
    if name not in table.columns:
        raise InputError(
            f"{file}: there is no column {name!r}; the columns are "
            f"{', '.join(map(str, table.columns[:12]))}. "
            f"Correct {scenario.id}/scenario.yaml."
        )


def _need_unique(keys: pd.Series, file: str) -> None:
    twice = keys[keys.duplicated()]
    if len(twice):
        raise InputError(
            f"{file}: the key {str(twice.iloc[0])[:40]!r} stands more than once; "
            "each row needs a key of its own."
        )


def _need_known_keys(
    keys: NDArray[np.str_], known: pd.Index, run: Run, scenario: Scenario
) -> None:
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise InputError(
            f"{run.file} ({run.id}): {len(unknown)} rows have keys that "
            f"{scenario.data} does not know, such as {unknown[0][:40]!r}."
        )


def data_digest(runs: tuple[ScoredRows, ...]) -> str:
    """Digest of what the figures rest on: keys, labels, scores, clusters and time.

    Independent of row order, file format and measured latency.
    """
    digest = hashlib.sha256()
    for rows in sorted(runs, key=lambda r: r.option):
        order = np.argsort(rows.keys)
        digest.update(rows.option.encode() + b"\0")
        digest.update("\0".join(rows.keys[order]).encode())
        digest.update(rows.labels[order].astype(np.int8).tobytes())
        digest.update(rows.scores[order].astype("<f8").tobytes())
        for column in (rows.clusters, rows.time):
            if column is not None:
                digest.update("\0".join(map(str, column[order])).encode())
    return f"sha256:{digest.hexdigest()}"
