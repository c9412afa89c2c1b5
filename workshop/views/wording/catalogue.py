"""Reading the catalogue: every sentence that a page or a panel can say.

A language is every file ``<language>*.toml`` beside this one, read in order of name
and merged; an id may stand in one of them only.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGE = "en"


@cache
def phrases(language: str = LANGUAGE) -> dict[str, str]:
    """Return the whole catalogue of a language, flattened: dotted id → template."""
    merged: dict[str, str] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if not (file.name.startswith(language) and file.name.endswith(".toml")):
            continue
        for key, template in _flatten(tomllib.loads(file.read_text("utf-8"))):
            if key in merged:
                raise ValueError(f"{file.name}: {key} stands in the catalogue twice")
            merged[key] = template
    return merged


def _flatten(tree: dict, prefix: str = ""):
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flatten(value, f"{name}.")
        else:
            yield name, " ".join(value.split())


def phrase(key: str) -> str:
    """Return one template.

    Raises
    ------
    KeyError
        When the catalogue does not have it: a fault of the program, never of a user.
    """
    return phrases()[key]


def has(key: str) -> bool:
    """Say whether the catalogue holds that sentence."""
    return key in phrases()
