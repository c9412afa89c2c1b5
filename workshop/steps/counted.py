"""Which counts does a table bring, and were they counted before?

They are kept by a digest of the very bytes that were counted, so the same table is
counted once and not once in each notebook, page and report. Counts hold no row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from workshop.analysis.readiness.profile import ColumnProfile, Profile
from workshop.data.kept import code_digest, keep, read_kept, versions
from workshop.data.tables import is_address
from workshop.steps.training import files_of

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from workshop.data.scenario import Scenario

KIND = "counted"

_LIBRARIES = ("duckdb", "ibis-framework", "numpy", "scipy", "pandas", "pyarrow")
_OURS = (
    "workshop.analysis.readiness",
    "workshop.analysis.intervals",
    "workshop.data",
    "workshop.record.values",
)


def counted(
    scenario: Scenario,
    option: str | None,
    day: str,
    *,
    count: Callable[[], Profile],
    as_read: Callable[[], bool],
) -> Profile:
    """Return the counts of a table as of a day: those that were kept, or ``count()``.

    ``option`` is the run whose labels are counted. Where files are not ``as_read`` by
    this process any more, what it counts is of two tables, and is not kept. What an
    engine elsewhere holds is always counted anew: nobody can tell if it has changed.
    """
    if not scenario.data or is_address(scenario.data) or not as_read():
        return count()
    digest = digest_of(scenario, day, option or "", repr(scenario), *_computed_by())
    found = _kept(digest)
    if found is None:
        found = count()
        value = _plain(found)
        if as_read() and _read(value) == found:
            keep(KIND, digest, value)
    return found


def digest_of(scenario: Scenario, *beside: str) -> str:
    """Return the SHA-256 of every byte that a scenario's figures follow from."""
    found = hashlib.sha256(json.dumps(beside).encode())
    for file in files_of(scenario):
        try:
            with file.open("rb") as stream:
                seen = hashlib.file_digest(stream, "sha256").hexdigest()
        except (OSError, ValueError) as error:
            seen = type(error).__name__
        found.update(f"\n{file.name} {seen}".encode())
    return found.hexdigest()


@cache
def _computed_by() -> tuple[str, ...]:
    return (code_digest(_OURS), *versions(*_LIBRARIES))


def _kept(digest: str) -> Profile | None:
    value = read_kept(KIND, digest)
    return None if value is None else _read(value)


def _read(value: Any) -> Profile | None:
    """Read counts back; what is not wholly of their shape counts as not there."""
    try:
        found = _profiles().validate_json(json.dumps(value), strict=True)
        columns = {name: _with_times(c) for name, c in found.columns.items()}
    except ValueError:
        return None
    found = replace(found, columns=columns)
    return found if _plain(found) == value else None


def _with_times(column: ColumnProfile) -> ColumnProfile:
    """Where a column's ends are times, JSON has their text."""
    if column.kind != "time":
        return column
    ends = {
        name: datetime.fromisoformat(end)
        for name in ("low", "high")
        if isinstance(end := getattr(column, name), str)
    }
    return replace(column, **ends)


def _plain(found: Profile) -> Any:
    return json.loads(_profiles().dump_json(found))


@cache
def _profiles() -> TypeAdapter[Profile]:
    from pydantic import TypeAdapter

    return TypeAdapter(Profile)
