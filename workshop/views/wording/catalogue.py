"""Reading the catalogue: every sentence that a page or a panel can say.

A language is a folder of TOML files, one for each part of the workshop; together they
are one catalogue, in which a key stands once.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGE = "en"


@cache
def phrases(language: str = LANGUAGE) -> dict[str, str]:
    """Return the whole catalogue of a language, flattened: dotted id → template."""
    found: dict[str, str] = {}
    for file in sorted(_files(language), key=lambda file: file.name):
        for key, template in _flatten(tomllib.loads(file.read_text("utf-8"))):
            if key in found:
                raise ValueError(f"{file.name}: {key} stands in another file already")
            found[key] = template
    return found


def _files(language: str):
    folder = files(__package__).joinpath(language)
    return (file for file in folder.iterdir() if file.name.endswith(".toml"))


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
