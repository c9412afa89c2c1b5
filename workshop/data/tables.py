"""All rows of a scenario's table, on the engine that holds them.

A file is read by the embedded engine where it lies; an address (a DuckDB file,
PostgreSQL, Spark) stays where it is. What is handed out is an ibis table, over which
questions are asked; only their answers are fetched.
"""

from __future__ import annotations

import os
import re
import tempfile
import uuid
import weakref
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from workshop.data.moments import MomentsRead
from workshop.data.reading import TableFile, open_file, settings, threads
from workshop.data.scenario import Scenario
from workshop.data.sql import quoted
from workshop.data.stores import is_address as is_address
from workshop.errors import InputError

if TYPE_CHECKING:
    import duckdb
    import ibis
    import pyarrow as pa

_SCHEMES = {
    "duckdb": "duckdb",
    "postgres": "postgres",
    "postgresql": "postgres",
    "pyspark": "pyspark",
    "spark": "pyspark",
}
_OF_THE_NET = re.compile(r"(https?|ftp|s3|gs|az|abfss?)://", re.IGNORECASE)
_SAY_HOW = "Addresses begin with duckdb://, postgres:// or pyspark://."
_VIEW = "given_rows"


def without_password(address: str) -> str:
    """Return an address as it may be shown and kept: without its password."""
    bare = re.sub(r"(://[^/@:]*):[^/]*@", r"\1@", address)
    return re.sub(r"([?&])password=[^&]*&?", r"\1", bare).rstrip("?&")


def open_table(scenario: Scenario) -> ibis.Table:
    """Return all rows of a scenario's data, with the types that `load_data` gives.

    Raises
    ------
    InputError
        When there is no data, the file or the address cannot be read, a text column of
        times cannot wholly be read, or a named column is not there.
    """
    times = (scenario.time,) if scenario.time else ()
    if not scenario.data:
        raise InputError(
            f"{scenario.id}/scenario.yaml: data is empty, so there is no table to read."
        )
    if is_address(scenario.data):
        table = engine_table(scenario.data, scenario.table, folder=scenario.folder)
        table = plain_types(table)
        refuse_text_times(table, times, scenario.data)
        return table
    return file_table(scenario.folder / scenario.data, times=times)


def file_table(path: Path, *, times: Sequence[str] = ()) -> ibis.Table:
    """Return all rows of a file, read by the embedded engine.

    Raises
    ------
    InputError
        As `open_file`, and when a column of ``times`` cannot wholly be read.
    """
    file = open_file(path, _embedded(), times=times)
    refuse_unread_times(file, path.name)
    return as_ibis(file)


def as_ibis(file: TableFile) -> ibis.Table:
    """Return an opened file as an ibis table over its engine."""
    file.con.execute(f"CREATE OR REPLACE TEMP VIEW {_VIEW} AS {file.select}")
    return _duckdb_table(file.con, _VIEW)


def refuse_unread_times(file: TableFile, name: str) -> None:
    """Raise an `InputError` where a text column of times could not wholly be read."""
    for column, read in file.moments.items():
        if read.ambiguous:
            raise ambiguous(name, column, read)
        if read.unread and not _is_number(file, column):
            raise InputError(
                f"{name}: {read.unread} of {read.n} values of the time {column!r} are "
                f"no date that can be read (such as {read.example[:30]!r}); write "
                "dates as 2024-01-31, or leave time: out of scenario.yaml."
            )


def ambiguous(name: str, column: str, read: MomentsRead) -> InputError:
    """Return the error of a time in which day and month cannot be told apart."""
    return InputError(
        f"{name}: whether the day or the month comes first in {column!r} "
        f"cannot be told (such as {read.example[:30]!r}); write dates as 2024-01-31."
    )


def _is_number(file: TableFile, column: str) -> bool:
    types = {c.name: c.type for c in file.columns}
    return types[column] in ("integer", "number")


def plain_types(table: ibis.Table) -> ibis.Table:
    """Return a table with days as moments and decimals as numbers."""
    changed = {}
    for name, dtype in table.schema().items():
        if dtype.is_date():
            changed[name] = table[name].cast("timestamp")
        elif dtype.is_decimal():
            changed[name] = table[name].cast("float64")
    return table.mutate(**changed) if changed else table


def refuse_text_times(table: ibis.Table, times: Sequence[str], address: str) -> None:
    """Raise an `InputError` where an engine keeps a time as text."""
    for name in times:
        if name in table.columns and table[name].type().is_string():
            raise InputError(
                f"{without_password(address)}: the time {name!r} is kept as text "
                "there; make a view where it is a timestamp and name it in table:."
            )


# --- the embedded engine -------------------------------------------------------------


def _embedded() -> duckdb.DuckDBPyConnection:
    """An engine of this process, which goes on in files where memory ends."""
    import duckdb

    spill = Path(tempfile.gettempdir()) / f"common-ground-{uuid.uuid4().hex}"
    return duckdb.connect(config=settings(spill))


def _duckdb_table(con: duckdb.DuckDBPyConnection, name: str) -> ibis.Table:
    """Wrap a table or view, with the schema as DuckDB itself describes it.

    ibis asks for schemas through a call that newer DuckDB no longer has.
    """
    import ibis
    from ibis.backends.sql.datatypes import DuckDBType
    from ibis.expr import operations as ops

    described = con.execute(f"DESCRIBE {name}").fetchall()
    schema = ibis.schema(
        {column: DuckDBType.from_string(str(type_)) for column, type_, *_ in described}
    )
    bare = [part.strip('"').replace('""', '"') for part in _parts(name)]
    where = ops.Namespace(database=bare[0]) if len(bare) > 1 else ops.Namespace()
    backend = ibis.duckdb.from_connection(con)
    return ops.DatabaseTable(
        name=bare[-1], schema=schema, source=backend, namespace=where
    ).to_expr()


def _parts(name: str) -> list[str]:
    return re.findall(r'"(?:[^"]|"")*"|[^.]+', name)


# --- addresses -----------------------------------------------------------------------


def engine_table(address: str, table: str | None, *, folder: Path) -> ibis.Table:
    """Return a table behind an address.

    Parameters
    ----------
    address : str
        ``duckdb://file.duckdb`` (relative to ``folder``), ``postgres://…``, or
        ``pyspark://``. A password may stand in PGPASSWORD or ~/.pgpass instead.
    table : str, optional
        The table's name, with its schema before a dot where it needs one; for Spark
        also a Parquet file's path. It may be left out where there is one table only.
    folder : Path
        What paths are relative to.

    Raises
    ------
    InputError
        When the engine's driver is missing, it is down or refuses, or there is no such
        table.
    """
    scheme = address.split("://", 1)[0].lower()
    refuse_to_fetch(address)
    kind = _SCHEMES.get(scheme)
    if kind is None:
        raise InputError(f"{scheme}://: this engine is not known. {_SAY_HOW}")
    openers = {"duckdb": _open_duckdb, "postgres": _open_postgres}
    opener = openers.get(kind, _open_spark)
    return opener(address, table, folder)


def refuse_to_fetch(address: str) -> None:
    """Raise an `InputError` for what would have to be fetched from the net."""
    if _OF_THE_NET.match(address):
        raise InputError(
            f"{without_password(address)[:80]}: files are not fetched; "
            "download it first and name the file."
        )


def duckdb_path(address: str, folder: Path) -> Path:
    """Return the file that ``duckdb://…`` names."""
    return folder / unquote(address.split("://", 1)[1])


def _open_duckdb(address: str, table: str | None, folder: Path) -> ibis.Table:
    import duckdb

    path = duckdb_path(address, folder)
    if not path.is_file():
        raise InputError(f"{address}: there is no such file.")
    try:
        con = duckdb.connect(str(path), read_only=True, config=threads())
    except duckdb.Error as error:
        why = "another program holds it" if "lock" in str(error) else "it is damaged"
        raise InputError(
            f"{address}: the database cannot be opened; {why}, or it is no DuckDB file."
        ) from error
    found = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal "
        "UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    names = {n if schema == "main" else f"{schema}.{n}": (schema, n)
             for schema, n in sorted(found)}  # fmt: skip
    schema, name = names[_one_of(list(names), table, address)]
    return _duckdb_table(con, f"{quoted(schema)}.{quoted(name)}")


def _open_postgres(address: str, table: str | None, folder: Path) -> ibis.Table:
    try:
        import ibis
        import psycopg
    except ImportError as error:
        raise _no_driver("PostgreSQL", "psycopg[binary]") from error
    url = "postgres" + address[address.index("://") :]
    try:
        backend = ibis.connect(url)
        # nobody hands an ibis table back, so its connection ends with it
        weakref.finalize(backend, backend.con.close)
        schema, name = _in_postgres(backend, table, address)
        return backend.table(name, database=schema)
    except psycopg.Error as error:
        shown = without_password(address)
        raise InputError(f"{shown}: {_refusal(str(error), shown)}") from error


def _refusal(text: str, address: str) -> str:
    """What PostgreSQL said, in one line, and what to look at."""
    host = urlsplit(address).hostname or "localhost"
    if "refused" in text or "No such file" in text or "timeout" in text.lower():
        return f"no database answers at {host}; is it running, and is the port right?"
    if "authentication" in text or "password" in text:
        return "the database refuses this user; set PGPASSWORD or mend the address."
    if "does not exist" in text:
        said = re.search(r'(database|role) "[^"]*" does not exist', text)
        return f"{said[0] if said else 'it does not exist'}; mend the address."
    said = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return f"the database refuses ({said[:120]})."


def _in_postgres(backend: Any, table: str | None, address: str) -> tuple[str, str]:
    rows = backend.raw_sql(
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN "
        "('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_temp%' "
        "AND n.nspname NOT LIKE 'pg_toast%' ORDER BY 1, 2"
    ).fetchall()
    names = {n if s == "public" else f"{s}.{n}": (s, n) for s, n in rows}
    return names[_one_of(list(names), table, without_password(address))]


def _one_of(names: list[str], table: str | None, address: str) -> str:
    """The table that is meant, or an error that offers the nearest."""
    if table is None and len(names) == 1:
        return names[0]
    if table in names:
        return str(table)
    bare = [n for n in names if table is not None and f"main.{n}" == table]
    bare += [n for n in names if table is not None and f"public.{n}" == table]
    if bare:
        return bare[0]
    if not names:
        raise InputError(f"{address}: there is no table in this database.")
    shown = ", ".join(names[:12])
    if table is None:
        raise InputError(f"{address}: name one of its tables with table: {shown}.")
    near = get_close_matches(table, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {shown}."
    raise InputError(f"{address}: there is no table {table[:60]!r}; {hint}")


def _open_spark(address: str, table: str | None, folder: Path) -> ibis.Table:
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise _no_driver("Spark", "common-ground[spark]") from error
    from ibis.common.exceptions import TableNotFound

    if table is None:
        raise InputError(f"{address}: name the table, or a Parquet file, with table:.")
    try:
        backend = _spark(address)
        path = folder / table
        if path.suffix == ".parquet" or path.exists():
            return backend.read_parquet(os.fspath(path))
        return backend.table(table)
    except TableNotFound as error:
        raise InputError(f"{address}: there is no table {table[:60]!r}.") from error
    except Exception as error:
        # what a JVM says has many lines; the first names the reason
        said = (str(error).strip().splitlines() or ["no reason given"])[0]
        raise InputError(f"{address}: Spark refuses ({said[:160]}).") from error


def _spark(address: str) -> Any:
    """A session on the master that the address names, or on this machine."""
    import ibis
    from pyspark.sql import SparkSession

    master = address.split("://", 1)[1].strip("/") or "local[*]"
    if not master.startswith(("local", "yarn")):
        master = f"spark://{master}"
    builder = SparkSession.builder.master(master).appName("common-ground")
    return ibis.pyspark.connect(builder.getOrCreate())


def _no_driver(engine: str, package: str) -> InputError:
    return InputError(
        f"reading from {engine} needs one more package: pip install '{package}'"
    )


# --- fetching ------------------------------------------------------------------------


def fetched(expr: ibis.Table) -> pa.Table:
    """Run a question and return its (bounded) answer.

    Raises
    ------
    InputError
        When the engine fails in the middle of it.
    """
    import warnings

    try:
        with warnings.catch_warnings():
            # ibis asks pandas for an option that pandas has retired
            warnings.simplefilter("ignore")
            return expr.to_pyarrow()
    except Exception as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InputError(f"the engine could not answer ({said[:160]}).") from error
