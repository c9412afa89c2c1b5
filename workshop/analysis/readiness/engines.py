"""What differs between DuckDB, PostgreSQL and Spark, and how are they asked?

The profile is written once; here stand the few lines that no common expression covers:
the 64-bit hash of a text, and what an engine's own errors are called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from workshop.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from ibis import Table, Value

Answer = TypeVar("Answer")

BUCKETS = 2**30
# Drivers whose errors mean "the engine could not answer", not "the program is wrong".
DRIVERS = ("duckdb", "_duckdb", "psycopg", "pyspark", "py4j")
# What each engine calls a hash of 64 bits over one text.
TEXT_HASHES = {"duckdb": "hash", "pyspark": "xxhash64", "postgres": "hashtextextended"}
# Ibis counts distinct values exactly where an engine has no sketch for them.
COUNTS_DISTINCT_EXACTLY = frozenset({"postgres"})


def engine_of(table: Table) -> str:
    """Return ibis's name of the engine that holds the table, such as ``duckdb``."""
    return str(table.get_backend().name)


def mind_nan(table: Table) -> None:
    """Keep DuckDB from taking a Parquet file's ends for all that a column holds.

    A file's statistics leave NaN out, and its optimizer concludes that there is none.
    """
    if engine_of(table) == "duckdb":
        table.get_backend().raw_sql(
            "SET disabled_optimizers = 'statistics_propagation'"
        )


def ask(question: Table) -> list[dict[str, Any]]:
    """Run a query and return its rows.

    Raises
    ------
    InputError
        When the engine is down, refuses, or what it reads has changed under it.
    """
    rows = _guarded(lambda: question.to_pyarrow().to_pylist(), question)
    return [dict(row) for row in rows]


def ask_one(question: Table) -> dict[str, Any]:
    """Run a query of one row and return it."""
    return ask(question)[0]


def ask_frame(question: Table) -> pd.DataFrame:
    """Run a query and return its rows as pandas has them."""
    frame: pd.DataFrame = _guarded(lambda: question.to_pyarrow().to_pandas(), question)
    return frame


def _guarded(run: Callable[[], Answer], question: Table) -> Answer:
    try:
        return run()
    except Exception as error:
        if type(error).__module__.split(".")[0] not in DRIVERS:
            raise
        said = next(iter(str(error).strip().splitlines()), "no reason given")[:200]
        raise InputError(
            f"table: {engine_of(question)} could not read it ({said}); see that the "
            "engine is up and the file is whole and at rest, then try again."
        ) from error


def bucket(text: Value, engine: str) -> Value:
    """Return one of 2**30 buckets for a text, the same each time on one engine."""
    if engine not in TEXT_HASHES:
        return _within(text.hash())
    return _within(_builtin(TEXT_HASHES[engine], engine)(text, *_seed(engine)))


def row_bucket(values: list[Value], engine: str) -> Value:
    """Return one of 2**30 buckets for a row; equal rows share one."""
    if engine == "duckdb":
        return _within(row_hash(values))
    return bucket(_row_text(values), engine)


def row_hash(values: list[Value]) -> Value:
    """Return DuckDB's 64-bit hash over several columns at once."""
    import ibis

    struct = ibis.struct({f"f{i}": value for i, value in enumerate(values)})
    hashing = ibis.udf.scalar.builtin(
        _named("hash"), signature=((struct.type(),), "uint64")
    )
    return hashing(struct)


def _within(hashed: Value) -> Value:
    # The remainder of a negative number is negative on some engines.
    return ((hashed % BUCKETS + BUCKETS) % BUCKETS).cast("int64")


def _row_text(values: list[Value]) -> Value:
    import ibis

    parts = [value.cast("string").fill_null("\x02") + "\x01" for value in values]
    return ibis.literal("").concat(*parts)


def _seed(engine: str) -> tuple[int, ...]:
    return (0,) if engine == "postgres" else ()


def _builtin(name: str, engine: str) -> Any:
    import ibis

    kinds = ("string", "int64") if engine == "postgres" else ("string",)
    made = "uint64" if engine == "duckdb" else "int64"
    return ibis.udf.scalar.builtin(_named(name, len(kinds)), signature=(kinds, made))


def _named(name: str, arguments: int = 1) -> Callable[..., Any]:
    """Return an empty function of that name: ibis takes the engine's own."""

    def one(value): ...  # type: ignore[no-untyped-def]

    def two(value, seed): ...  # type: ignore[no-untyped-def]

    made: Callable[..., Any] = one if arguments == 1 else two
    made.__name__ = name
    return made
