"""From what somebody asks for to a scenario folder that every command can open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop.bring import answers, told
from workshop.bring.asked import (
    Asked,
    check_asked,
    check_columns,
    kept_address,
    kept_table,
    place,
)
from workshop.bring.files import building, write_card
from workshop.bring.finished import base_values, finish
from workshop.bring.label import LabelSeen, label_of
from workshop.bring.pick import shows_of
from workshop.bring.runs import Scored, from_baseline, from_scores
from workshop.bring.times import engine_time, file_time
from workshop.data.guess import Guess, guess_columns
from workshop.data.reading import TableFile, engine, open_file
from workshop.data.sql import literal, quoted
from workshop.data.tables import (
    ambiguous,
    as_ibis,
    engine_table,
    fetched,
    file_table,
    plain_types,
    refuse_text_times,
    without_password,
)
from workshop.errors import InputError

if TYPE_CHECKING:
    import ibis

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Brought:
    """A table that was read: where it lies now, and what is thought of its columns."""

    data: str
    table: str | None
    guesses: tuple[Guess, ...]
    key: str
    rows: int
    time: str | None
    how: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


def new_scenario(asked: Asked, tell: Tell) -> str:
    r"""Make a scenario folder; return what to tell the person who asked.

    ``tell`` is called with a line for each long stage. Nothing is left behind where
    something fails.

    Raises
    ------
    InputError
        One sentence: what is wrong with the file, the columns or the folder.

    Examples
    --------
    >>> import tempfile
    >>> from workshop.data.scenario import load_scenario
    >>> rows = "".join(f"c{i},{i % 7},{i % 7 > 4}\n" for i in range(70))
    >>> with tempfile.TemporaryDirectory() as home:
    ...     table, folder = Path(home) / "calls.csv", Path(home) / "calls"
    ...     _ = table.write_text("call_id,length,sold\n" + rows, "utf-8")
    ...     asked = Asked(folder, data=str(table), label="sold", scores=("length",))
    ...     told = new_scenario(asked, tell=lambda line: None)
    ...     scenario = load_scenario(folder)
    >>> scenario.key, scenario.label.positive, scenario.proposed
    ('call_id', True, 'length')
    """
    check_asked(asked)
    with building(asked.folder) as folder:
        if asked.data:
            said = _from_data(asked, folder, tell)
        elif asked.runs:
            said = answers.from_answers(asked, folder)
        elif asked.stated is not None:
            said = _from_rates(asked, folder)
        else:
            raise InputError(
                "name a table with --data, judged answers with --runs, or state rates "
                "with --positive-rate, --precision and --recall."
            )
    return said


# --- a table -------------------------------------------------------------------------


def _from_data(asked: Asked, folder: Path, tell: Tell) -> str:
    where = place(asked.data)
    tell(told.reading(asked))
    if isinstance(where, Path):
        brought = _read_file(asked, where, folder)
        table = file_table(folder / "data.parquet")
        name = where.name
    else:
        table, found = _behind(asked, where)
        brought = _read_engine(asked, where, table, found)
        name = without_password(where)
    label = label_of(table, asked.label, asked.positive, name) if asked.label else None
    scored = _scored(asked, brought, table, label, tell) if label else None
    if scored and scored.rows.num_rows:
        _write_rows(scored, folder / "runs.parquet")
    values = _values(asked, brought, label, scored)
    _write_all(asked, folder, brought, values, scored)
    return told.brought(asked, brought, label, scored)


def _read_file(asked: Asked, path: Path, folder: Path) -> Brought:
    """Copy a file into the folder as Parquet, typed, with a key in every row."""
    times = [asked.time] if asked.time else []
    with engine(folder) as con:
        file = open_file(path, con, sheet=asked.table, times=times, lenient=True)
        check_columns(asked, file.names, path.name)
        notes = told.file_notes(file)
        _refuse_ambiguous(file, path.name)
        table = as_ibis(file)
        guesses, key, rows = guess_columns(table, asked.named)
        _check_key(asked, table, rows, path.name)
        select = file.select
        if key is None:
            key = _free_name(file.names)
            select = select.replace(
                "SELECT ", f"SELECT {file.row_number} AS {quoted(key)}, ", 1
            )
            guesses = (Guess(key, "integer", "id", "row_number"), *guesses)
        _copy(file, select, folder / "data.parquet", path)
    _refuse_no_dates(asked, guesses, file, path.name)
    time, more = file_time(guesses, folder / "data.parquet", file)
    return Brought(
        "data.parquet", None, guesses, key, rows, time, file.how, (*notes, *more)
    )


def _check_key(asked: Asked, table: ibis.Table, rows: int, where: str) -> None:
    """Refuse a key that somebody named and that does not tell all rows apart."""
    if asked.key is None:
        return
    key = table[asked.key]
    asking = table.aggregate(present=key.count(), distinct=key.nunique())
    found = fetched(asking).to_pylist()[0]
    if found["present"] < rows:
        raise InputError(
            f"{where}: the key {asked.key!r} is missing in "
            f"{rows - found['present']:,} rows; each row needs a key of its own."
        )
    if found["distinct"] < rows:
        raise InputError(
            f"{where}: a value of the key {asked.key!r} stands more than once "
            f"({found['distinct']:,} values in {rows:,} rows); each row needs its own."
        )


def _copy(file: TableFile, select: str, target: Path, path: Path) -> None:
    import duckdb

    from workshop.data.mishaps import explained, unchanged

    try:
        with unchanged(path):
            file.con.execute(
                f"COPY ({select}) TO {literal(target)} (FORMAT parquet, "
                "COMPRESSION zstd)"
            )
    except duckdb.Error as error:
        raise explained(error, path, file.how[0]) from error


def _refuse_ambiguous(file: TableFile, name: str) -> None:
    for column, read in file.moments.items():
        if read.ambiguous and read.ambiguous == read.unread:
            raise ambiguous(name, column, read)
        if read.n and read.unread == read.n:
            raise InputError(
                f"{name}: no value of the time {column!r} is a date (such as "
                f"{read.example[:30]!r}); write dates as 2024-01-31."
            )


def _refuse_no_dates(
    asked: Asked, guesses: tuple[Guess, ...], file: TableFile, name: str
) -> None:
    """Refuse a time that somebody named and that was never a date."""
    named = next((g for g in guesses if g.name == asked.time), None)
    if named and named.type != "datetime" and asked.time not in file.moments:
        raise InputError(
            f"{name}: the time {asked.time!r} holds no dates but {named.type} values; "
            "name a column of dates with --time, or leave it out."
        )


def _free_name(names: tuple[str, ...]) -> str:
    taken = {name.casefold() for name in names}
    tried = ("row", "row_number", *(f"row_{n}" for n in range(1, len(names) + 2)))
    return next(name for name in tried if name not in taken)


def _behind(asked: Asked, address: str) -> tuple[ibis.Table, str]:
    """The table behind an address, and what it is called there."""
    given = engine_table(address, asked.table, folder=Path())
    called = asked.table or given.get_name().split(".", 1)[-1]
    table = plain_types(given)
    check_columns(asked, table.columns, without_password(address))
    refuse_text_times(table, [asked.time] if asked.time else [], address)
    return table, called


def _read_engine(asked: Asked, address: str, table: ibis.Table, called: str) -> Brought:
    guesses, key, rows = guess_columns(table, asked.named)
    shown = without_password(address)
    _check_key(asked, table, rows, shown)
    if not rows:
        raise InputError(f"{shown}: the table has no row.")
    if key is None:
        raise InputError(
            f"{shown}: no column is different in every row and named like an id; "
            "name one with --key."
        )
    time, notes = engine_time(guesses, table, rows)
    kept = kept_address(address, asked.folder)
    how = (shown.split("://", 1)[0],)
    called = kept_table(address, called, asked.folder)
    return Brought(kept, called, guesses, key, rows, time, how, notes)


# --- scored rows and the files -------------------------------------------------------


def _scored(
    asked: Asked, brought: Brought, table: ibis.Table, label: LabelSeen, tell: Tell
) -> Scored:
    if asked.scores:
        return from_scores(table, brought.key, label, asked.scores, brought.data)
    tell(told.training())
    return from_baseline(
        table,
        brought.key,
        label,
        brought.guesses,
        time=brought.time,
        cluster=asked.cluster,
    )


def _write_rows(scored: Scored, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(scored.rows, path, compression="zstd")


def _values(
    asked: Asked,
    brought: Brought,
    label: LabelSeen | None,
    scored: Scored | None,
) -> dict[str, Any]:
    """What scenario.yaml says, but for the cases, which need the rest to be read."""
    entries = list(scored.entries) if scored else []
    values = base_values(asked)
    values["key"] = brought.key
    if label is not None:
        values["label"] = {
            "column": label.column,
            "positive": label.positive,
            "means": told.means(label),
        }
    values["data"] = brought.data
    if brought.table is not None:
        values["table"] = brought.table
    if brought.time:
        values["time"] = brought.time
    if asked.cluster:
        values["cluster"] = asked.cluster
    if asked.groups:
        values["groups"] = list(asked.groups)
    if asked.annotators:
        values["annotators"] = list(asked.annotators)
    values["seed"] = 0
    values["runs"] = entries
    values["proposed"] = entries[0]["id"] if entries else ""
    values["shows"] = shows_of(brought.guesses, asked.named)
    return values


def _write_all(
    asked: Asked,
    folder: Path,
    brought: Brought,
    values: dict[str, Any],
    scored: Scored | None,
) -> None:
    """Write both YAML files, read them back, and add what follows from the rows."""
    name = asked.folder.absolute().name
    resources = []
    if brought.table is None:
        resources.append({"path": brought.data, "rows": brought.rows})
    if scored and scored.rows.num_rows:
        resources.append({"path": "runs.parquet", "rows": scored.rows.num_rows})
    write_card(folder / "card.yaml", name, brought.guesses, brought.rows, resources)
    finish(folder, values)


# --- before there is any data --------------------------------------------------------


def _from_rates(asked: Asked, folder: Path) -> str:
    """A scenario without a row: stated rates, and a label that somebody will make."""
    asked = replace(asked, label=asked.label or "label")
    values = base_values(asked) | {
        "key": asked.key or "id",
        "label": {
            "column": asked.label,
            "positive": asked.positive or 1,
            "means": told.means(None),
        },
        "data": "",
        "stated": {
            name: list(ends)
            for name, ends in asked.stated.model_dump().items()
            if ends is not None
        },
        "runs": [],
    }
    write_card(folder / "card.yaml", asked.folder.absolute().name, (), 0, ())
    finish(folder, values)
    return told.stated(asked)
