"""What went wrong while an engine read a table, in one sentence a person can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop.errors import InputError, RunError, WorkshopError


def not_of_kind(kind: str) -> str:
    """Return the words for a file that is not what its ending says."""
    article = "an" if kind[0] in "AEIOU" else "a"
    return (
        f"this is not {article} {kind} file, or it was cut off; "
        "write it again or mend its ending."
    )


def explained(error: Exception, path: Path, kind: str) -> WorkshopError:
    """Turn an engine's complaint about a file into one of ours."""
    text = str(error)
    if "No space left" in text or "max_temp_directory_size" in text:
        return RunError(f"{path.name}: the disk is full; free some space, try again.")
    if "Out of Memory" in text:
        return RunError(
            f"{path.name}: too wide for the memory at hand; save it as Parquet or "
            "keep the columns that the decision needs."
        )
    found = re.search(r"[Ll]ine:? (\d+)", text)
    line = found and found[1]
    if line and kind == "JSON lines":
        line = _first_that_is_no_json(path) or line
    return InputError(f"{path.name}: {_complaint(text, line, kind)}")


def _first_that_is_no_json(path: Path) -> str | None:
    """The line to be mended: engines differ in where they begin to count."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip() and not _is_json(line):
                    return str(number)
    except (OSError, UnicodeError):  # packed, or in other letters
        return None
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _complaint(text: str, line: str | None, kind: str) -> str:
    if line is None:
        return not_of_kind(kind)
    if kind == "JSON lines":
        return f"line {line} is cut off or is no JSON; write one object a line."
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if cells:
        return (
            f"line {line} has {cells[2]} cells where the header has {cells[1]}, so "
            "this is not a CSV file in order; mend the line or quote its text."
        )
    if "unterminated quote" in text or "Maximum line size" in text:
        return (
            f"a quote that opens on line {line} never closes; "
            "close it, or double each quote inside the text."
        )
    return f"line {line} cannot be read as CSV; look at its quotes and letters."


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Refuse a file that grew, shrank or was replaced while it was read.

    Raises
    ------
    InputError
        When size or time of change differ afterwards, whatever else went wrong.
    """
    before = path.stat()
    failed: Exception | None = None
    try:
        yield
    except Exception as error:
        failed = error
    after = path.stat() if path.exists() else None
    same = after is not None and (before.st_size, before.st_mtime_ns) == (
        after.st_size,
        after.st_mtime_ns,
    )
    if not same:
        raise InputError(
            f"{path.name}: the file changed while it was read; "
            "wait until it is written, then try again."
        ) from failed
    if failed is not None:
        raise failed
