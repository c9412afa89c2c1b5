"""Reading the catalogue: every sentence that a page or a panel can say."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGE = "en"


@cache
def phrases(language: str = LANGUAGE) -> dict[str, str]:
    """Return the whole catalogue of a language, flattened: dotted id → template."""
    text = files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    return dict(_flatten(tomllib.loads(text)))


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
