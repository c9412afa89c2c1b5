"""Which sentences are there, in the language that they are written in first?

English is a folder of TOML files, one for each part of the workshop; together they
are one catalogue, in which a key stands once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

ENGLISH = "en"


@cache
def english() -> dict[str, str]:
    """Return the whole catalogue, flattened: dotted id → template."""
    found: dict[str, str] = {}
    folder = files(__package__).joinpath(ENGLISH)
    named = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    for file in sorted(named, key=lambda file: file.name):
        for key, template in flat(tomllib.loads(file.read_text("utf-8"))):
            if key in found:
                raise ValueError(f"{file.name}: {key} stands in another file already")
            found[key] = in_one_line(template)
    return found


def flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted id and value of all that stands in tables in tables."""
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from flat(value, f"{name}.")
        else:
            yield name, value


def in_one_line(text: str) -> str:
    """Put a sentence that was written on several lines on one; no-break spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
