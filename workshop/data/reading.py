"""Reading any table file through one small engine: CSV, Parquet, Feather, Excel, JSON.

Text is read as text first and typed afterwards, over all its rows, so that no value
is changed because of where it stands. Everything streams: memory stays bounded.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.data.coltypes import TypedColumn, kind_of, type_columns
from workshop.data.dialect import (
    NAMES_OF_SEPARATORS,
    column_names,
    dialect_of,
    plain_text,
    refuse_twins,
)
from workshop.data.excel import sheet_as_csv
from workshop.data.mishaps import explained, not_of_kind, unchanged
from workshop.data.moments import MomentsRead, read_moments
from workshop.data.sql import literal, quoted
from workshop.errors import InputError

if TYPE_CHECKING:
    import duckdb

MEMORY = "768MB"
"""What reading may take before it goes on in files."""

_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
_KINDS = {
    ".parquet": "Parquet",
    ".pq": "Parquet",
    ".feather": "Feather",
    ".arrow": "Feather",
    ".ipc": "Feather",
    ".xlsx": "Excel",
    ".xlsm": "Excel",
    ".jsonl": "JSON lines",
    ".ndjson": "JSON lines",
    ".json": "JSON lines",
}
_MAGIC = {b"PAR1": "Parquet", b"ARROW1": "Feather", b"FEA1": "Feather"}


@dataclass(frozen=True)
class TableFile:
    """A file as an engine reads it: a FROM clause and what each column is.

    ``how`` says in words how it was written: kind, letters, separator. ``moments``
    holds how text columns asked for as times were read, by name.
    """

    con: duckdb.DuckDBPyConnection
    source: str
    columns: tuple[TypedColumn, ...]
    how: tuple[str, ...]
    row_number: str
    moments: dict[str, MomentsRead]

    @property
    def select(self) -> str:
        """SQL that gives all rows, typed, under the names of the file."""
        parts = (f"{c.sql} AS {quoted(c.name)}" for c in self.columns)
        return f"SELECT {', '.join(parts)} FROM {self.source}"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the file."""
        return tuple(column.name for column in self.columns)


def kind_of_file(path: Path) -> str:
    """Say what kind of table a file is, by its first bytes, then by its ending.

    Raises
    ------
    InputError
        When there is no such file, it is empty, or of a kind that is not read.
    """
    _need_file(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{path.name}: this is an old Excel file; save it as .xlsx.")
    suffixes = [s.lower() for s in path.suffixes]
    while suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    kind = _KINDS.get(suffixes[-1] if suffixes else "", "CSV")
    if kind in ("Parquet", "Feather"):
        raise InputError(f"{path.name}: {not_of_kind(kind)}")
    return kind


def _need_file(path: Path) -> None:
    if not path.exists():
        raise InputError(f"{path}: no such file{_likeliest(path)}")
    if not path.is_file():
        raise InputError(f"{path}: this is a folder; name the file in it.")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty; save the table again.")


def _likeliest(path: Path) -> str:
    """The end of that sentence: what is there and called nearly the same."""
    there = [p.name for p in path.parent.glob("*") if p.is_file()]
    near = get_close_matches(path.name, there, n=1)
    return f"; did you mean {near[0]}?" if near else "."


def settings(spill: Path) -> dict[str, str]:
    """Return how an embedded engine is opened: bounded, and asking no network."""
    return {
        "memory_limit": MEMORY,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        **threads(),
    }


def threads() -> dict[str, str]:
    """Return to how many threads WORKSHOP_THREADS holds an embedded engine.

    It is set where several reports run side by side; nothing where it is no count.
    """
    asked = os.environ.get("WORKSHOP_THREADS", "")
    return {"threads": asked} if asked.isdecimal() and int(asked) else {}


@contextmanager
def engine(folder: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine whose memory is bounded, with scratch files in ``folder``."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        con = duckdb.connect(config=settings(Path(scratch) / "spill"))
        try:
            yield con
        finally:
            con.close()


def open_file(
    path: Path,
    con: duckdb.DuckDBPyConnection,
    *,
    sheet: str | None = None,
    times: Sequence[str] = (),
    lenient: bool = False,
) -> TableFile:
    """Make a file's rows known to an engine, each column typed.

    Parameters
    ----------
    path : Path
        The file; its kind is told by `kind_of_file`.
    con
        An engine; text is copied into it, Parquet is read where it lies.
    sheet : str, optional
        The sheet of an Excel file; the first where it is None.
    times : sequence of str
        Columns of text to be read as moments, where they can wholly be read.
    lenient : bool
        Read columns as numbers that hold a few words for missing besides.

    Raises
    ------
    InputError
        One sentence that names the file, what was found and the remedy.
    """
    import duckdb

    kind = kind_of_file(path)
    if sheet is not None and kind != "Excel":
        raise InputError(f"{path.name}: a sheet is named, but this is no Excel file.")
    try:
        with unchanged(path):
            file = _OPENERS[kind](path, con, sheet, lenient)
            file = _with_moments(file, times, numbers=lenient)
    except duckdb.Error as error:
        raise explained(error, path, kind) from error
    if not con.execute(f"SELECT 1 FROM {file.source} LIMIT 1").fetchall():
        raise InputError(f"{path.name}: there is a header but no row under it.")
    return file


def _with_moments(file: TableFile, times: Sequence[str], *, numbers: bool) -> TableFile:
    """Read named columns of text as moments, and of numbers where that is asked."""
    readable = ("string", "integer") if numbers else ("string",)
    moments: dict[str, MomentsRead] = {}
    columns = list(file.columns)
    for place, column in enumerate(columns):
        if column.name not in times or column.type not in readable:
            continue
        raw = f"CAST({column.sql} AS VARCHAR)"
        read = read_moments(file.con, file.source, raw)
        moments[column.name] = read
        if read.n and not read.unread:
            sql, formats = read.sql, read.formats
            columns[place] = TypedColumn(column.name, sql, "datetime", formats=formats)
        elif column.type == "string":
            columns[place] = replace(column, formats=read.formats, unread=read.unread)
    return replace(file, columns=tuple(columns), moments=moments)


# --- text ----------------------------------------------------------------------------


def _open_csv(
    path: Path, con: duckdb.DuckDBPyConnection, sheet: str | None, lenient: bool
) -> TableFile:
    with tempfile.TemporaryDirectory() as folder:
        text = plain_text(path, Path(folder))
        dialect = dialect_of(text, path.name)
        _stage(con, text.path, dialect.separator, len(dialect.names))
    words = (text.encoding, NAMES_OF_SEPARATORS[dialect.separator], text.compression)
    how = ("CSV", *filter(None, words))
    return _typed(con, dialect.names, how, dialect.separator, lenient)


def _stage(
    con: duckdb.DuckDBPyConnection, path: Path, separator: str, width: int
) -> None:
    """Copy a CSV's cells into the engine as text, strictly."""
    spec = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    con.execute(
        f"CREATE OR REPLACE TABLE staged AS SELECT * FROM read_csv({literal(path)}, "
        f"columns = {{{spec}}}, delim = {literal(separator)}, header = true, "
        "quote = '\"', escape = '\"', auto_detect = false, strict_mode = true, "
        "encoding = 'utf-8')"
    )


def _typed(
    con: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    how: tuple[str, ...],
    separator: str,
    lenient: bool,
) -> TableFile:
    """Type the staged columns; leave out those without a name and without a value."""
    inside = {name: f"c{i}" for i, name in enumerate(names)}
    typed = type_columns(con, "staged", inside, separator=separator, lenient=lenient)
    blank = [n for n in names if n.startswith("column_") and _is_void(con, inside[n])]
    columns = tuple(c for name, c in typed.items() if name not in blank)
    return TableFile(con, "staged", columns, how, "rowid + 1", {})


def _is_void(con: duckdb.DuckDBPyConnection, column: str) -> bool:
    return con.execute(f"SELECT count({column}) FROM staged").fetchone() == (0,)


def _open_json(
    path: Path, con: duckdb.DuckDBPyConnection, sheet: str | None, lenient: bool
) -> TableFile:
    with tempfile.TemporaryDirectory() as folder:
        text = plain_text(path, Path(folder), keep_mark=False)
        form = "array" if _starts_with(text.path, "[") else "newline_delimited"
        con.execute(
            "CREATE OR REPLACE TABLE lines AS SELECT json FROM read_json_objects("
            f"{literal(text.path)}, format = '{form}', maximum_object_size = 67108864)"
        )
    names = _json_names(con, path)
    cells = ", ".join(
        f"nullif(json_extract_string(json, {literal(_pointer(n))}), '') AS c{i}"
        for i, n in enumerate(names)
    )
    con.execute(f"CREATE OR REPLACE TABLE staged AS SELECT {cells} FROM lines")
    con.execute("DROP TABLE lines")
    how = tuple(filter(None, ("JSON lines", text.encoding, text.compression)))
    return _typed(con, names, how, ",", lenient)


def _starts_with(path: Path, sign: str) -> bool:
    with path.open(encoding="utf-8-sig") as stream:
        return stream.read(1000).lstrip().startswith(sign)


def _json_names(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    odd = con.execute(
        "SELECT min(rowid) + 1 FROM lines WHERE json_type(json) <> 'OBJECT'"
    ).fetchone()
    if odd and odd[0] is not None:
        raise InputError(
            f"{path.name}: record {odd[0]} is not an object in braces; "
            "write one object a line, with names and values."
        )
    shapes = con.execute(
        "SELECT json_keys(json) AS keys FROM lines GROUP BY keys ORDER BY min(rowid)"
    ).fetchall()
    names = list(dict.fromkeys(name for (keys,) in shapes for name in keys))
    if not names:
        raise InputError(f"{path.name}: there is no object with a value in it.")
    refuse_twins(names, path.name)
    return names


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _open_excel(
    path: Path, con: duckdb.DuckDBPyConnection, sheet: str | None, lenient: bool
) -> TableFile:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "sheet.csv"
        title, header = sheet_as_csv(path, copy, sheet)
        names = column_names(header, path.name)
        _stage(con, copy, ",", len(names))
    return _typed(con, names, ("Excel", f"sheet {title!r}"), ",", lenient)


# --- tables that know their types ----------------------------------------------------


def _open_parquet(
    path: Path, con: duckdb.DuckDBPyConnection, sheet: str | None, lenient: bool
) -> TableFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name}: {not_of_kind('Parquet')}") from error
    refuse_twins(names, path.name)
    source = f"read_parquet({literal(path)}, file_row_number = true)"
    if any(n.casefold() == "file_row_number" for n in names):
        raise InputError(f"{path.name}: rename the column file_row_number.")
    return _typed_source(con, source, "Parquet", path, "file_row_number + 1")


def _open_feather(
    path: Path, con: duckdb.DuckDBPyConnection, sheet: str | None, lenient: bool
) -> TableFile:
    import pyarrow as pa
    from pyarrow import feather

    try:
        table = feather.read_table(path, memory_map=True)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name}: {not_of_kind('Feather')}") from error
    refuse_twins(list(table.column_names), path.name)
    con.register("given", table)
    con.execute("CREATE OR REPLACE TABLE staged AS SELECT * FROM given")
    con.unregister("given")
    return _typed_source(con, "staged", "Feather", path, "rowid + 1")


def _typed_source(
    con: duckdb.DuckDBPyConnection, source: str, kind: str, path: Path, row: str
) -> TableFile:
    """Take over the types of a table; what is nested is shown as text."""
    described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    columns = tuple(
        _typed_column(name, str(type_))
        for name, type_, *_ in described
        if name != "file_row_number"
    )
    if not columns:
        raise InputError(f"{path.name}: the table has no column.")
    return TableFile(con, source, columns, (kind,), row, {})


def _typed_column(name: str, type_: str) -> TypedColumn:
    ours, sql = kind_of(type_), quoted(name)
    if type_ == "DATE":
        sql = f"CAST({sql} AS TIMESTAMP)"
    elif type_.startswith("DECIMAL"):
        sql = f"CAST({sql} AS DOUBLE)"
    elif ours == "string" and type_ != "VARCHAR":
        sql = f"CAST({sql} AS VARCHAR)"
    return TypedColumn(name, sql, ours)


_OPENERS = {
    "CSV": _open_csv,
    "JSON lines": _open_json,
    "Excel": _open_excel,
    "Parquet": _open_parquet,
    "Feather": _open_feather,
}
