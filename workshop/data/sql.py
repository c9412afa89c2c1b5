"""Names and texts as SQL takes them for nothing but names and texts."""

from __future__ import annotations

from pathlib import Path


def quoted(name: str) -> str:
    """Quote a name so that SQL takes it for nothing else."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """Quote a text so that SQL takes it for nothing else."""
    return "'" + str(text).replace("'", "''") + "'"
