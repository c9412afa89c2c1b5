"""What does a column of text hold: numbers, truths, moments, or words?

A type is given only where every value fits it. Empty cells are missing; words that
stand for missing ("NA", "unknown", "-999") stay what they are, for a check to find,
unless a reader asks for numbers with a few such words left out, and is told so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workshop.data.moments import is_iso, iso_sql

if TYPE_CHECKING:
    import duckdb

STAND_INS = (
    "na",
    "n/a",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "missing",
    "unknown",
    "unk",
    "-",
    "--",
    "?",
    ".",
    "#div/0!",
    "#value!",
    "#ref!",
)
MOSTLY_NUMBERS = 0.95
"""The share of values that must be numbers before a few stand-ins are left out."""

_LOOK, _LEAST_LOOK, _CELLS = 2_000, 100, 400_000
_AT_ONCE = 200

INTEGER = r"\s*[+-]?(0|[1-9][0-9]{0,17})\s*"
NUMBER = (
    r"\s*[+-]?((0|[1-9][0-9]*)([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?\s*"
    r"|\s*[+-]?inf\s*"
)
# 1.234,5 as it is written where the comma is the decimal sign
COMMA = r"\s*[+-]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]+)?\s*"
_THOUSANDS = r"[1-9][0-9]{0,2},[0-9]{3}"
TRUTH = r"\s*(true|false|True|False|TRUE|FALSE)\s*"


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column: its name, its type, the SQL that gives its values, what was noticed.

    ``type`` is one of integer, number, boolean, datetime, string. ``words`` are the
    stand-ins that were read as missing, with their counts.
    """

    name: str
    sql: str
    type: str
    words: tuple[tuple[str, int], ...] = ()
    decimal_comma: bool = False
    formats: tuple[str, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class _Fit:
    """A way to read text: SQL that is true where it fits, and SQL that reads it."""

    type: str
    sql: str
    cast: str


def _matches(pattern: str) -> str:
    return f"regexp_full_match({{c}}, '{pattern}')"


_FITS = {
    "integer": _Fit("integer", _matches(INTEGER), "CAST({c} AS BIGINT)"),
    "number": _Fit("number", _matches(NUMBER), "CAST({c} AS DOUBLE)"),
    "comma": _Fit(
        "number",
        _matches(COMMA),
        "CAST(replace(replace({c}, '.', ''), ',', '.') AS DOUBLE)",
    ),
    "boolean": _Fit("boolean", _matches(TRUTH), "CAST({c} AS BOOLEAN)"),
    "datetime": _Fit("datetime", iso_sql("{c}"), "CAST({c} AS TIMESTAMP)"),
}


def type_columns(
    con: duckdb.DuckDBPyConnection,
    source: str,
    columns: dict[str, str],
    *,
    separator: str = ",",
    lenient: bool = False,
) -> dict[str, TypedColumn]:
    """Give each text column of ``source`` the narrowest type that all its values fit.

    Parameters
    ----------
    con
        The connection that knows ``source``.
    source : str
        A FROM clause.
    columns : dict of str to str
        Name → SQL of the text column.
    separator : str
        What separates cells; a decimal comma is believed only where it is not a comma.
    lenient : bool
        Read a column as numbers where at most 5 of 100 values are stand-ins.
    """
    seen = _look(con, source, columns)
    open_ = {n: _candidates(seen[n], separator) for n in columns}
    done: dict[str, TypedColumn] = {}
    while open_:
        trying = {n: fits[0] for n, fits in open_.items() if fits}
        for name in set(open_) - set(trying):
            done[name] = TypedColumn(name, columns[name], "string")
            del open_[name]
        for name in _fitting(con, source, columns, trying):
            done[name] = _typed(name, columns[name], trying[name])
            del open_[name]
        open_ = {n: fits[1:] for n, fits in open_.items()}
    if lenient:
        done |= _with_words(con, source, columns, seen, done)
    return {name: done[name] for name in columns}


def _typed(name: str, sql: str, fit: str) -> TypedColumn:
    found = _FITS[fit]
    cast = found.cast.replace("{c}", sql)
    return TypedColumn(name, cast, found.type, decimal_comma=fit == "comma")


def _look(
    con: duckdb.DuckDBPyConnection, source: str, columns: dict[str, str]
) -> dict[str, list[str]]:
    """Some values of each column, from the start; enough to know what to try."""
    seen: dict[str, list[str]] = {}
    most = max(_LEAST_LOOK, min(_LOOK, _CELLS // max(1, len(columns))))
    for part in batches(columns):
        sql = ", ".join(columns[name] for name in part)
        rows = con.execute(f"SELECT {sql} FROM {source} LIMIT {most}").fetchall()
        for name, values in zip(part, zip(*rows, strict=True), strict=False):
            seen[name] = [v for v in values if v is not None]
    return {name: seen.get(name, []) for name in columns}


def _candidates(values: list[str], separator: str) -> list[str]:
    """What to try on all rows, narrowest first; nothing for plain words."""
    values = list(set(values))
    if not values:
        return []
    if all(is_iso(v) for v in values):
        return ["datetime"]
    if all(re.fullmatch(TRUTH, v) for v in values):
        return ["boolean"]
    if all(re.fullmatch(INTEGER, v) for v in values):
        return ["integer", "number"] if _short(values) else []
    if all(re.fullmatch(NUMBER, v) for v in values):
        # twenty digits without a point are a number of something, not a quantity
        return ["number"] if any(re.search(r"[.eEf]", v) for v in values) else []
    if separator != "," and all(re.fullmatch(COMMA, v) for v in values):
        with_comma = [v.strip().lstrip("+-") for v in values if "," in v]
        # 1,234 everywhere may be thousands as well
        sure = any(not re.fullmatch(_THOUSANDS, v) for v in with_comma)
        return ["comma"] if sure else []
    return []


def _short(values: list[str]) -> bool:
    return all(len(v.strip().lstrip("+-")) <= 18 for v in values)


def _fitting(
    con: duckdb.DuckDBPyConnection,
    source: str,
    columns: dict[str, str],
    trying: dict[str, str],
) -> list[str]:
    """The columns of which every value fits what is tried."""
    fitting = []
    for part in batches(trying):
        asked = []
        for name in part:
            test = _FITS[trying[name]].sql.replace("{c}", columns[name])
            # a column of integers may hold longer ones further down, which are names
            extra = f" OR regexp_matches({columns[name]}, '^[+-]?[0-9]{{19,}}$')"
            extra = extra if trying[name] == "number" else ""
            asked.append(f"count_if(NOT ({test}){extra})")
        row = con.execute(f"SELECT {', '.join(asked)} FROM {source}").fetchone()
        wrong = zip(part, row or (), strict=True)
        fitting += [name for name, count in wrong if not count]
    return fitting


def _with_words(
    con: duckdb.DuckDBPyConnection,
    source: str,
    columns: dict[str, str],
    seen: dict[str, list[str]],
    done: dict[str, TypedColumn],
) -> dict[str, TypedColumn]:
    """Read as numbers what is numbers but for a few stand-ins."""
    words = ", ".join(f"'{word}'" for word in STAND_INS)
    found = {}
    for name, column in done.items():
        if column.type != "string" or not _mostly_numbers(seen[name]):
            continue
        c = columns[name]
        number = _FITS["number"].sql.replace("{c}", c)
        odd = con.execute(
            f"SELECT {c}, count(*), lower(trim({c})) IN ({words}, '') FROM {source} "
            f"WHERE {c} IS NOT NULL AND NOT ({number}) GROUP BY 1 ORDER BY 2 DESC, 1 "
            "LIMIT 50"
        ).fetchall()
        (n,) = con.execute(f"SELECT count({c}) FROM {source}").fetchone() or (0,)
        left_out = sum(count for _, count, _ in odd)
        if odd and all(k for *_, k in odd) and left_out <= (1 - MOSTLY_NUMBERS) * n:
            cast = f"CASE WHEN {number} THEN CAST({c} AS DOUBLE) END"
            kept = tuple((str(word), int(count)) for word, count, _ in odd)
            found[name] = replace(column, sql=cast, type="number", words=kept)
    return found


def _mostly_numbers(values: list[str]) -> bool:
    numbers = sum(1 for v in values if re.fullmatch(NUMBER, v))
    # the look is a part, so it is let through a little below the mark
    return numbers >= (MOSTLY_NUMBERS - 0.1) * max(1, len(values))


def batches(names: Iterable[str]) -> Iterable[list[str]]:
    """Yield names a few hundred at a time: what one query can ask of."""
    every = list(names)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def kind_of(type_: Any) -> str:
    """Return our word for a DuckDB type."""
    name = str(type_).upper()
    if name == "BOOLEAN":
        return "boolean"
    if name.startswith(("TIMESTAMP", "DATE")):
        return "datetime"
    if re.match(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$", name):
        return "integer"
    if name.startswith(("FLOAT", "DOUBLE", "DECIMAL", "REAL")):
        return "number"
    return "string"
