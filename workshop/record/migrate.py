"""Bring a record of an older format up to the one this version reads.

Formats are numbered. Each step is a function from a plain document of one format to
one of the next; it lives here for as long as such records are about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workshop.record.choices import FORMAT
from workshop.record.mistakes import mistake, shown

Document = dict[str, Any]
Step = Callable[[Document], Document]

UPGRADES: dict[int, Step] = {}


def upgrade(
    document: Document,
    *,
    file: str | Path,
    line: int | None = None,
    current: int = FORMAT,
    upgrades: Mapping[int, Step] = UPGRADES,
) -> Document:
    """Return the document in the current format; the given one is not changed.

    Parameters
    ----------
    document : dict
        A plain document with its ``format``.
    file : str or Path
        The name that errors carry.
    line : int, optional
        Where the format stands in the file, for errors.
    current : int
        The format that this version reads.
    upgrades : mapping of int to callable
        From a format to the step that leads to the next one.
    """
    number = _format_of(document, file=file, line=line)
    if number > current:
        raise mistake(
            file,
            line,
            "format",
            f"was written by a newer Common Ground (format {number}; this one reads "
            f"up to {current}); update Common Ground to open it",
        )
    for step in range(number, current):
        if step not in upgrades:
            problem = f"format {step} is no longer read; open it with an older version"
            raise mistake(file, line, "format", problem)
        document = upgrades[step](dict(document)) | {"format": step + 1}
    return document


def _format_of(document: Document, *, file: str | Path, line: int | None) -> int:
    if "format" not in document:
        problem = "missing; a record starts with the line 'format: 1'"
        raise mistake(file, 1, "format", problem)
    number = document["format"]
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        problem = f"a number expected, found {shown(number)}; write 'format: 1'"
        raise mistake(file, line, "format", problem)
    return number
