"""Reading tables and scored runs, and refusing what would give a wrong number.

Every refusal names the file, the column, what was found and the remedy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workshop.data.refusals import (
    check_labels,
    check_numbers,
    check_scores,
    need_column,
    need_unique,
)
from workshop.data.scenario import Run, Scenario
from workshop.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KINDS = {".parquet": "Parquet", ".csv": "CSV"}

MANY_ROWS = 1_000_000
"""Above this only the rows that were scored are read into memory, few columns wide."""


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


def read_table(path: Path, *, times: Sequence[str] = ()) -> pd.DataFrame:
    r"""Read a Parquet or CSV file whose ending says what it is.

    A CSV may have any usual separator and letters; empty cells are missing and words
    stay words. Text columns of ``times`` are read as moments.

    Raises
    ------
    InputError
        When it is missing, empty, has a header only, is not what its ending says, or
        holds times that cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "calls.csv"
    ...     _ = path.write_text("day;sold\n2027-01-31;yes\n2027-02-01;\n", "utf-8")
    ...     table = read_table(path, times=["day"])
    >>> list(table.columns), int(table["sold"].isna().sum())
    (['day', 'sold'], 1)
    """
    _need_kind(path)
    if path.suffix == ".parquet":
        table = _read_parquet(path)
        if not any(pd.api.types.is_string_dtype(table[t]) for t in times if t in table):
            return table
    return _through_engine(path, times)


def _need_kind(path: Path) -> None:
    from workshop.data.mishaps import not_of_kind
    from workshop.data.reading import kind_of_file

    if not path.is_file():
        raise InputError(f"{path.name}: no such file in {path.parent.name}/.")
    if path.suffix not in _KINDS:
        raise InputError(
            f"{path.name}: files ending in {path.suffix or 'nothing'} are not read "
            "here; save the table as .parquet or .csv, or bring it with workshop new."
        )
    kind = _KINDS[path.suffix]
    if kind_of_file(path) != kind:
        raise InputError(f"{path.name}: {not_of_kind(kind)}")


def _read_parquet(path: Path) -> pd.DataFrame:
    from workshop.data.mishaps import not_of_kind

    try:
        table = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise InputError(f"{path.name}: {not_of_kind('Parquet')}") from error
    if table.empty:
        raise InputError(f"{path.name}: there is a header but no row under it.")
    return table


def _through_engine(path: Path, times: Sequence[str]) -> pd.DataFrame:
    from workshop.data.reading import engine, open_file
    from workshop.data.tables import refuse_unread_times

    with engine() as con:
        file = open_file(path, con, times=times)
        refuse_unread_times(file, path.name)
        return con.sql(file.select).to_arrow_table().to_pandas()


def load_data(scenario: Scenario) -> pd.DataFrame:
    """Read the scenario's own table and check its key.

    Behind an address, and of a file above a million rows, only the rows that some run
    has scored are read, with the columns that the scenario names; else everything.

    Raises
    ------
    InputError
        When the key column is absent or holds one value twice.

    Examples
    --------
    >>> from workshop.data.catalog import find_target
    >>> scenario = find_target("privacy-assistant").scenario
    >>> load_data(scenario)[scenario.key].is_unique
    True
    """
    from workshop.data.stores import is_address

    if is_address(scenario.data) or _is_large(scenario.folder / scenario.data):
        table = _scored_part(scenario)
    else:
        times = (scenario.time,) if scenario.time else ()
        table = read_table(scenario.folder / scenario.data, times=times)
        _need_columns(table.columns, scenario)
    need_unique(table[scenario.key], scenario.data)
    return table


def _need_columns(columns: Sequence[str], scenario: Scenario) -> None:
    named = (scenario.key, scenario.cluster, scenario.time, *scenario.groups)
    for column in named:
        if column is not None:
            need_column(columns, column, scenario.data, scenario)


def _is_large(path: Path) -> bool:
    if path.suffix != ".parquet" or not path.is_file():
        return False
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return bool(pq.read_metadata(path).num_rows > MANY_ROWS)
    except (pa.ArrowException, OSError):
        return False  # reading it says what is wrong


def _scored_part(scenario: Scenario) -> pd.DataFrame:
    """The rows that runs have scored, and the columns that the scenario names."""
    import ibis
    import pyarrow as pa

    from workshop.data.tables import fetched, open_table

    table = open_table(scenario)
    _need_columns(table.columns, scenario)
    part = table.select(_named(scenario, table.columns))
    keys = {
        str(k)
        for run in scenario.runs
        for k in load_run(scenario, run.id)[scenario.key]
    }
    scored = ibis.memtable(pa.table({"_scored": pa.array(sorted(keys), pa.string())}))
    key = part[scenario.key].cast("string")
    found = fetched(part.semi_join(scored, key == scored["_scored"]))
    return found.to_pandas()


def _named(scenario: Scenario, columns: Sequence[str]) -> list[str]:
    label = scenario.label.column if scenario.label else None
    named = (
        scenario.key,
        label,
        *(run.label for run in scenario.runs),
        scenario.time,
        scenario.cluster,
        *scenario.groups,
        *scenario.shows,
        *scenario.annotators,
        *(column for option in scenario.options for column in option.only),
        scenario.judge.human if scenario.judge else None,
        *(scenario.judge.repeats if scenario.judge else ()),
    )
    return [name for name in dict.fromkeys(named) if name in columns]


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
        need_column(table.columns, column, run.file, scenario)
        table = table[table[column] == wanted]
    if table.empty:
        raise InputError(
            f"{run.file}: no row has {run.where} for the run {option!r}; "
            "correct where: in scenario.yaml."
        )
    need_column(table.columns, scenario.key, run.file, scenario)
    need_unique(table[scenario.key], f"{run.file} ({option})")
    return table.reset_index(drop=True)


def scored_rows(scenario: Scenario, option: str, data: pd.DataFrame) -> ScoredRows:
    """Return one option's rows with label, score, cluster, time and latency.

    Rows stand in the order of their keys, so that a file's order can mean nothing.

    Raises
    ------
    InputError
        When the label or score column cannot carry a curve.

    Examples
    --------
    >>> from workshop.data.catalog import find_target
    >>> scenario = find_target("privacy-assistant").scenario
    >>> rows = scored_rows(scenario, "minilm", load_data(scenario))
    >>> len(rows), int(rows.labels.sum()), rows.scores.dtype.name
    (300, 207, 'float64')
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
    name = run.label or (scenario.label.column if scenario.label else "")
    if name in table.columns:
        return table[name]
    if name in looked_up.columns:
        return looked_up.loc[keys, name]
    raise InputError(
        f"{run.file}: there is no column {name!r} to take the label from, neither "
        f"there nor in {scenario.data}; correct label.column in scenario.yaml."
    )


def _latency(table: pd.DataFrame, run: Run) -> NDArray[np.float64] | None:
    if run.latency_ms is None:
        return None
    if run.latency_ms not in table.columns:
        raise InputError(
            f"{run.file} ({run.id}): there is no latency column {run.latency_ms!r}."
        )
    where = f"{run.file} ({run.id}): the latency {run.latency_ms!r}"
    return check_numbers(table[run.latency_ms], where, are="write milliseconds")


def _column(
    table: pd.DataFrame, keys: NDArray[np.str_], name: str | None, *, as_text: bool
) -> NDArray[np.str_] | None:
    if name is None:
        return None
    column = table.loc[keys, name]
    return column.astype(str).to_numpy(dtype=str) if as_text else column.to_numpy()


def _need_known_keys(
    keys: NDArray[np.str_], known: pd.Index, run: Run, scenario: Scenario
) -> None:
    unknown = keys[known.get_indexer_for(keys) < 0] if len(keys) else keys
    if len(unknown):
        raise InputError(
            f"{run.file} ({run.id}): {len(unknown)} rows have keys that "
            f"{scenario.data} does not know, such as {str(unknown[0])[:40]!r}."
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
