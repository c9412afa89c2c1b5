"""Reading the catalogue: every sentence that a page or a panel can say, in a language.

Which language is spoken is said in one place, an environment variable: it reaches the
kernels of notebooks and of pages, and whoever starts the program can set it. What a
translation lacks is said in English, sentence by sentence.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workshop.errors import InputError
from workshop.views.wording.english import ENGLISH, english
from workshop.views.wording.signs import locale_of
from workshop.views.wording.translations import (
    in_use,
    is_english,
    is_wordless,
    read_translation,
    shipped,
)

VARIABLE = "WORKSHOP_LANGUAGE"


@dataclass(frozen=True, slots=True)
class Language:
    """A language that pages are in: its name (BCP 47), and what is said in it."""

    tag: str
    own: Mapping[str, str]

    @property
    def is_house(self) -> bool:
        """Whether it is the English that everything is written in first."""
        return self.tag == ENGLISH and not self.own


@dataclass(frozen=True, slots=True)
class Spoken:
    """A template and its language; empty where it holds no word of any."""

    template: str
    tag: str = ""


# --- which one -----------------------------------------------------------------------


def language() -> Language:
    """Return the language that is spoken.

    Raises
    ------
    InputError
        When there is no such translation, or it cannot be used.
    """
    return _language(os.environ.get(VARIABLE, "").strip() or ENGLISH)


@contextmanager
def speaking(name: str) -> Iterator[Language]:
    """Speak a language for a while: in this process, and in those that it starts.

    ``name`` is a language such as ``de`` or ``de-AT``, or the path of a translation.

    Raises
    ------
    InputError
        When there is no such translation, or it cannot be used.
    """
    name = _lasting(name)
    found = _language(name)
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = name
    try:
        yield found
    finally:
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before


def _lasting(name: str) -> str:
    """A path as it is called from anywhere: kernels start in other folders."""
    return str(Path(name).absolute()) if is_path(name) else name


def is_path(name: str) -> bool:
    """Say whether a file is meant and not a language."""
    return name.lower().endswith(".toml") or "/" in name or os.sep in name


@cache
def _language(name: str) -> Language:
    if name == ENGLISH:
        return Language(ENGLISH, {})
    if is_path(name):
        found = read_translation(Path(name))
        return Language(found.tag, in_use(found))
    file = None if is_english(name.lower()) else file_of(name)
    tag = str(locale_of(name.replace("_", "-"))).replace("_", "-")
    return Language(tag, in_use(read_translation(file)) if file else {})


def file_of(name: str) -> Path:
    """Return the file of a translation; what comes along is named by its language.

    A country's language, such as ``de-AT``, is said in the words of ``de``.

    Raises
    ------
    InputError
        When there is none of that name.
    """
    if is_path(name):
        return Path(name)
    known = shipped()
    found = known.get(name.replace("_", "-").split("-", 1)[0].lower())
    if found is None:
        there = ", ".join([ENGLISH, *known])
        raise InputError(
            f"no translation is called {name[:40]!r}; there are {there}. A file of "
            "your own is named by its path, such as ./nl.toml."
        )
    return found


# --- what is said in it --------------------------------------------------------------


def phrases() -> Mapping[str, str]:
    """Return every sentence in the language that is spoken: dotted id → template."""
    return {**english(), **language().own}


def phrase(key: str) -> str:
    """Return one template.

    Raises
    ------
    KeyError
        When the catalogue does not have it: a fault of the program, never of a user.
    """
    return spoken(key).template


def spoken(key: str) -> Spoken:
    """Return one template and the language that it is in.

    Raises
    ------
    KeyError
        When the catalogue does not have it.
    """
    template, now = english()[key], language()
    if now.is_house:
        return Spoken(template)
    own = now.own.get(key)
    if own is None and is_wordless(template):
        return Spoken(template)
    if own is None and not is_english(now.tag):
        return Spoken(template, ENGLISH)
    return Spoken(own or template, now.tag)


def said_in(key: str, tag: str) -> str:
    """Return one template in a language that is spoken, or the English one."""
    return english()[key] if tag == ENGLISH else phrase(key)


def tongue_of(key: str) -> str:
    """Return the language that a sentence is said in, by its name."""
    return spoken(key).tag or language().tag


def has(key: str) -> bool:
    """Say whether the catalogue holds that sentence."""
    return key in english()
