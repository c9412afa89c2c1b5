"""Is the time column fit to split by: a moment in each row, two or more in all?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workshop.bring import told
from workshop.data.guess import Guess
from workshop.data.reading import TableFile
from workshop.data.tables import fetched

if TYPE_CHECKING:
    import ibis

Usable = tuple[str | None, tuple[str, ...]]
"""The time column, or None and a note that says why not."""


def file_time(guesses: tuple[Guess, ...], path: Path, file: TableFile) -> Usable:
    """Look at the time of a file that was copied to ``path``."""
    import pyarrow.parquet as pq

    found = next((g for g in guesses if g.role == "time"), None)
    if found is None:
        return None, ()
    read = file.moments.get(found.name)
    if found.type != "datetime":
        return None, (told.unread_time(found.name, read),)
    moments = pq.read_table(path, columns=[found.name]).column(0)
    missing = moments.null_count
    return _fit(found.name, missing, one=not missing and len(moments.unique()) < 2)


def engine_time(guesses: tuple[Guess, ...], table: ibis.Table, rows: int) -> Usable:
    """Look at the time of a table of so many rows that stays behind its address."""
    name = next((g.name for g in guesses if g.role == "time"), None)
    if name is None:
        return None, ()
    moments = table[name]
    asking = table.aggregate(held=moments.count(), one=moments.min() == moments.max())
    found = fetched(asking).to_pylist()[0]
    return _fit(name, rows - int(found["held"]), one=bool(found["one"]))


def _fit(name: str, missing: int, *, one: bool) -> Usable:
    if missing:
        return None, (told.missing_time(name, missing),)
    return (None, (told.one_moment(name),)) if one else (name, ())
