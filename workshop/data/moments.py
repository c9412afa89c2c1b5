"""When was it: dates written as text, read only where they can mean one day.

03/04/2024 is the third of April or the fourth of March. A column tells which where
some day lies above twelve; where none does, nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_ISO = (
    r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
    r"\s?(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)?)?\s*"
)
_CLOCK = r"([ T,]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?)?"
_PATTERNS = {
    "iso": _ISO,
    "year_first": rf"\s*[0-9]{{4}}[/.][0-9]{{1,2}}[/.][0-9]{{1,2}}{_CLOCK}\s*",
    "compact": r"\s*(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]\s*",
    "month": r"\s*[0-9]{4}-(0[1-9]|1[0-2])\s*",
    "year": r"\s*(19|20)[0-9]{2}\s*",
    "seconds": r"\s*1[0-9]{9}\s*",
    "milliseconds": r"\s*1[0-9]{12}\s*",
    "dots": rf"\s*[0-9]{{1,2}}[.][0-9]{{1,2}}[.][0-9]{{4}}{_CLOCK}\s*",
    "parts": rf"\s*[0-9]{{1,2}}[/-][0-9]{{1,2}}[/-][0-9]{{4}}{_CLOCK}\s*",
    "short": rf"\s*[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-][0-9]{{2}}{_CLOCK}\s*",
    "day_word": rf"\s*[0-9]{{1,2}}[ -][A-Za-z]{{3,9}}[ ,-]+[0-9]{{4}}{_CLOCK}\s*",
    "word_day": rf"\s*[A-Za-z]{{3,9}} [0-9]{{1,2}},? [0-9]{{4}}{_CLOCK}\s*",
}
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_SHOWN = {
    "iso": "2024-01-31",
    "year_first": "2024/01/31",
    "compact": "20240131",
    "dots": "31.01.2024",
    "month": "2024-01",
    "year": "2024",
    "seconds": "seconds since 1970",
    "milliseconds": "milliseconds since 1970",
    "day_first": "31/01/2024",
    "month_first": "01/31/2024",
    "parts": "01/02/2024",
    "short": "01/02/24",
    "day_word": "31 Jan 2024",
    "word_day": "Jan 31, 2024",
    "none": "no date",
}


@dataclass(frozen=True, slots=True)
class MomentsRead:
    """How a text column is read as moments: the SQL, and what could not be.

    ``formats`` are the ways in which it is written, commonest first; ``unread`` of
    ``n`` values could not be read, such as ``example``; ``ambiguous`` of them because
    day and month cannot be told apart.
    """

    sql: str
    n: int
    formats: tuple[str, ...]
    unread: int = 0
    ambiguous: int = 0
    example: str = ""


def is_iso(text: str) -> bool:
    """Say whether a text looks like 2024-01-31, with or without a time of day."""
    return re.fullmatch(_ISO, text) is not None


def iso_sql(c: str) -> str:
    """SQL that is true where a text is a date of the calendar in ISO form."""
    return (
        f"(regexp_full_match({c}, '{_ISO}') AND TRY_CAST({c} AS TIMESTAMP) IS NOT NULL)"
    )


def read_moments(con: duckdb.DuckDBPyConnection, source: str, c: str) -> MomentsRead:
    """Find how the dates of a text column are written, over all its rows.

    Parameters
    ----------
    con, source
        A connection and a FROM clause that it knows.
    c : str
        The SQL of the text column.
    """
    make = _make_sql(c)
    first, second, third = (_part_sql(c, place) for place in (1, 2, 3))
    rows = con.execute(
        f"SELECT {make} AS make, count(*), max({first}), max({second}), max({third}), "
        f"count_if({first} <= 12 AND {second} <= 12 AND {first} <> {second}) "
        f"FROM {source} WHERE {c} IS NOT NULL GROUP BY make ORDER BY 2 DESC, 1"
    ).fetchall()
    ends = {make: (a or 0, b or 0, d or 0) for make, _, a, b, d, _ in rows}
    order = {
        "parts": _order(ends.get("parts", (0, 0, 0))),
        "short": _short_order(ends.get("short", (0, 0, 0))),
    }
    sql = _read_sql(c, make, order)
    n = sum(row[1] for row in rows)
    unsure = sum(row[5] for row in rows if order.get(row[0]) == "unsure")
    unread, example = con.execute(
        f"SELECT count(*), min({c}) FROM {source} "
        f"WHERE {c} IS NOT NULL AND ({sql}) IS NULL"
    ).fetchone() or (0, "")
    formats = tuple(_SHOWN[name] for row in rows for name in _shown(row[0], order))
    return MomentsRead(
        sql, n, formats, int(unread), min(int(unsure), int(unread)), example or ""
    )


def _shown(make: str, order: dict[str, str]) -> tuple[str, ...]:
    if make == "parts" and order[make] == "each":
        return ("day_first", "month_first")
    if make == "parts" and order[make] != "unsure":
        return (order[make],)
    return (make,)


def _make_sql(c: str) -> str:
    whens = " ".join(
        f"WHEN regexp_full_match({c}, '{pattern}') THEN '{make}'"
        for make, pattern in _PATTERNS.items()
    )
    return f"CASE {whens} ELSE 'none' END"


def _part_sql(c: str, place: int) -> str:
    pattern = r"^\s*([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2})"
    return f"TRY_CAST(regexp_extract({c}, '{pattern}', {place}) AS INTEGER)"


def _order(ends: tuple[int, int, int]) -> str:
    """Which part is the day, by the largest number that stands in each."""
    first, second, _ = ends
    if first > 12 and second > 12:
        return "each"
    if first > 12:
        return "day_first"
    return "month_first" if second > 12 else "unsure"


def _short_order(ends: tuple[int, int, int]) -> str:
    """The same with two-digit years, where the first part may be the year as well."""
    order = _order(ends)
    sure_of_year = ends[2] > 31
    if order == "day_first" and (ends[0] > 31 or not sure_of_year):
        return "unsure"
    return order


def _read_sql(c: str, make: str, order: dict[str, str]) -> str:
    """One expression that reads every make, and gives NULL where it cannot."""
    clean = rf"regexp_replace(regexp_replace(trim({c}), '[T,]+', ' '), '\s+', ' ', 'g')"
    dashed = f"regexp_replace({clean}, '[/.]', '-', 'g')"
    words = f"regexp_replace(regexp_replace({clean}, '[-,]', ' ', 'g'), ' +', ' ', 'g')"
    parts = rf"regexp_replace({clean}, '^([0-9]+)[/.-]([0-9]+)[/.-]', '\1/\2/')"
    ways = {
        "iso": f"TRY_CAST(replace({c}, ',', '.') AS TIMESTAMP)",
        "year_first": _strptime(dashed, "%Y-%m-%d"),
        "compact": f"try_strptime(trim({c}), '%Y%m%d')",
        "month": f"try_strptime(trim({c}), '%Y-%m')",
        "year": f"try_strptime(trim({c}), '%Y')",
        "seconds": _since_1970(c, "1000000"),
        "milliseconds": _since_1970(c, "1000"),
        "dots": _strptime(parts, "%d/%m/%Y"),
        "parts": _either(parts, order["parts"], "%Y", c),
        "short": _either(parts, order["short"], "%y", c),
        "day_word": _strptime(words, "%d %b %Y", "%d %B %Y"),
        "word_day": _strptime(words, "%b %d %Y", "%B %d %Y"),
    }
    whens = " ".join(f"WHEN '{name}' THEN {sql}" for name, sql in ways.items())
    return f"CASE {make} {whens} END"


def _since_1970(c: str, microseconds: str) -> str:
    return f"make_timestamp(TRY_CAST({c} AS BIGINT) * {microseconds})"


def _either(text: str, order: str, year: str, c: str) -> str:
    day, month = (_strptime(text, f"{form}/{year}") for form in ("%d/%m", "%m/%d"))
    first, second = _part_sql(c, 1), _part_sql(c, 2)
    if order == "day_first":
        return day
    if order == "month_first":
        return month
    if order == "each":
        return (
            f"CASE WHEN {first} > 12 THEN {day} WHEN {second} > 12 THEN {month} "
            f"WHEN {first} = {second} THEN {day} END"
        )
    same = f"CASE WHEN {first} = {second} THEN {day} END"
    return same if year == "%Y" else "CAST(NULL AS TIMESTAMP)"


def _strptime(text: str, *days: str) -> str:
    forms = ", ".join(f"'{day}{clock}'" for day in days for clock in _CLOCKS)
    return f"try_strptime({text}, [{forms}])"
