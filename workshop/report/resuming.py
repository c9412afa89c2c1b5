"""Which reports of an earlier run still hold, so that nobody makes them again?

Known before a kernel starts: a report holds while its record, its scenario's files, the
day, the language and the program are the same, and its own files as they were written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from stat import S_ISREG
from typing import Any

from workshop.data.catalog import Target, in_checkout
from workshop.record.atomic import write_text
from workshop.record.digest import canonical, text_digest
from workshop.report.folder import NAMES
from workshop.report.running import notebook_of
from workshop.views.wording import language

NAME = "batch.json"
_SCHEMA = "common-ground/batch-1"
_LONGEST_NAME = 500

Made = dict[str, dict[str, str]]
"""A report's folder → the key of what it was made from, and its files' digests."""


def key_of(target: Target, day: date) -> str:
    """Return a digest of all that a report follows from; empty where nobody can know.

    Rows that lie on an engine may have changed since; files are told by their size and
    the time of their last change, small ones by what is in them.
    """
    scenario = target.scenario
    if "://" in scenario.data:
        return ""
    spoken = language()
    given = {
        "day": day.isoformat(),
        "language": [spoken.tag, dict(spoken.own)],
        "program": _program(),
        "record": _content(target.file.path),
        "scenario": str(scenario.folder.resolve()),
        "files": [
            _content(scenario.folder / n) for n in ("scenario.yaml", "card.yaml")
        ],
        "tables": sorted(_tables(scenario.model_dump(mode="json"), scenario.folder)),
    }
    return text_digest(canonical(given))


def read_made(out: Path) -> Made:
    """Return what an earlier run wrote down; nothing where it cannot be read."""
    try:
        found = json.loads((out / NAME).read_text("utf-8"))
        if found["schema"] != _SCHEMA:
            return {}
        return {str(name): dict(made) for name, made in found["made"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def write_made(out: Path, made: Made) -> None:
    """Write down what was made from what."""
    text = json.dumps({"schema": _SCHEMA, "made": made}, indent=1, sort_keys=True)
    write_text(out / NAME, f"{text}\n")


def made_of(folder: Path, key: str) -> dict[str, str]:
    """Return what is written down of a report that was just made."""
    return {"key": key} | {name: _content(folder / name) for name in NAMES[:2]}


def twin_that_holds(
    folder: Path, key: str, made: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the twin of a report that still holds; None where it must be made."""
    return read_twin(folder) if key and made == made_of(folder, key) else None


def read_twin(folder: Path) -> dict[str, Any]:
    """Return the JSON twin of the report in a folder.

    Raises
    ------
    OSError, ValueError
        There is no whole report in it.
    """
    twin: dict[str, Any] = json.loads((folder / NAMES[1]).read_text("utf-8"))
    return twin


def _program() -> list[str | int]:
    """The program: its version, and while it is worked on its newest file."""
    package = Path(__file__).resolve().parents[1]
    files = [*package.rglob("*.py"), *package.rglob("*.toml"), *package.rglob("*.js")]
    newest = max(file.stat().st_mtime_ns for file in files) if in_checkout() else 0
    return [_version(), newest, _content(notebook_of(None))]


def _version() -> str:
    try:
        return version("common-ground")
    except PackageNotFoundError:
        return ""


def _content(path: Path) -> str:
    try:
        return text_digest(path.read_bytes())
    except OSError:
        return ""


def _tables(value: Any, folder: Path) -> Iterator[tuple[str, int, int]]:
    """Every file that the scenario names: its name, size and last change."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _tables(part, folder)
    elif isinstance(value, str) and 0 < len(value) < _LONGEST_NAME:
        try:
            about = (folder / value).stat()
        except (OSError, ValueError):
            return
        if S_ISREG(about.st_mode):
            yield value, about.st_size, about.st_mtime_ns
