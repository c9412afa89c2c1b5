"""What does a translation hold, what does it lack, and can it be used at all?

A translation is one TOML file with the keys of the English sentences and, at its top,
the language that it is in. It may be partial: what it lacks is said in English. What
stands in it must fit: a sentence that names other values than the English one would
say something else, or nothing.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from workshop.errors import InputError
from workshop.views.wording.english import ENGLISH, english, flat, in_one_line
from workshop.views.wording.signs import locale_of

NAME = "language"
"""The key at the top of the file that says which language it is."""

WHOLE = ("explorer.", "app.", "room.step_name.", "room.")
"""Parts that are said in one language or not at all, as one picture or one page.

The first that a key begins with is its part.
"""
_LONGEST = 1_000_000
_UNSEEN = ("Cc", "Cs", "Co", "Cn")
"""What no sentence is written with, as Unicode sorts signs."""
_TURNS = frozenset("\u200b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""What is unseen besides, and can turn the words of a whole line around or part one.

Joiners and single marks of direction stay: some scripts are not written without.
"""
_TAG = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Translation:
    """One language's sentences, as its file has them; ``tag`` is its name (BCP 47).

    The name is as Babel writes it: it stands in the attributes of pages.
    """

    file: str
    tag: str
    sentences: Mapping[str, str]


def shipped() -> dict[str, Path]:
    """Return the files of the translations that come along, by the language's name."""
    here = Path(__file__).parent
    return {file.stem: file for file in sorted(here.glob("*.toml"))}


def read_translation(file: Path) -> Translation:
    """Read a translation as it stands, sentences that nobody fills included.

    Raises
    ------
    InputError
        When the file cannot be read or does not say which language it is.
    """
    tree = _tree(file)
    tag = tree.pop(NAME, None)
    if not isinstance(tag, str):
        raise InputError(
            f'{file}: the language is not named; begin the file with {NAME} = "de", '
            "or whichever it is."
        )
    tag = _proper(tag, file)
    sentences = dict(flat(tree))
    for key, text in sentences.items():
        if not isinstance(text, str):
            raise InputError(
                f"{file}: {key[:80]} is no text; write the sentence between quotation "
                "marks, under the same key as in English."
            )
    spoken = {key: in_one_line(text) for key, text in sentences.items()}
    return Translation(str(file), tag, {k: text for k, text in spoken.items() if text})


def _proper(tag: str, file: Path) -> str:
    """Return a language's name as it is written in full, nothing else beside it."""
    if not _TAG.fullmatch(tag):
        raise InputError(
            f"{file}: {tag[:40]!r} is no language; write its name in letters, digits "
            "and hyphens, such as de, fr or pt-BR."
        )
    return str(locale_of(tag)).replace("_", "-")


def _tree(file: Path) -> dict[str, Any]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file}: this translation cannot be read ({error.strerror}); name a file "
            "that is there."
        ) from error
    if len(data) > _LONGEST:
        raise InputError(
            f"{file}: {len(data):,} bytes are more than the {_LONGEST:,} that a "
            "translation may have."
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not in UTF-8; save it so.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{file}: not TOML ({error}); mend that line.") from error


def in_use(found: Translation) -> dict[str, str]:
    """Return the sentences that can be said, parts that are not whole left out.

    Raises
    ------
    InputError
        When a sentence does not fit the English one.
    """
    wrong = faults(found)
    if wrong:
        key, what = next(iter(wrong.items()))
        more = f" ({len(wrong) - 1} more: workshop wording)" if len(wrong) > 1 else ""
        raise InputError(f"{found.file}: {key}: {what}{more}")
    open_parts = {part for key in missing(found) if (part := part_of(key))}
    return {
        key: text
        for key, text in found.sentences.items()
        if key in english() and part_of(key) not in open_parts
    }


def part_of(key: str) -> str:
    """Return the part that a sentence is said with or not at all; empty where none."""
    return next((part for part in WHOLE if key.startswith(part)), "")


# --- what is wrong with it, and what it lacks ----------------------------------------


def faults(found: Translation) -> dict[str, str]:
    """Say, for each sentence that does not fit, what is wrong and how to mend it."""
    told = {
        key: _fault(text, english()[key])
        for key, text in found.sentences.items()
        if key in english()
    }
    return {key: what for key, what in told.items() if what}


def _fault(text: str, model: str) -> str:
    wanted = fields(model)
    try:
        given = fields(text)
    except ValueError as error:
        return f"{error}; write each value as {{name}}, and a brace itself as {{{{."
    if unseen := next(filter(_is_unseen, text), ""):
        code = f"U+{ord(unseen):04X}"
        return f"it holds a sign that cannot be seen, {code}; write it without."
    lacking = " ".join(sorted(wanted - given))
    strange = " ".join(sorted(given - wanted))
    told = [
        f"it lacks {lacking}" if lacking else "",
        f"{strange[:200]} is not in the English sentence" if strange else "",
    ]
    said = ", and ".join(one for one in told if one)
    return f"{said}; name the values exactly as English does." if said else ""


def _is_unseen(sign: str) -> bool:
    return sign in _TURNS or unicodedata.category(sign) in _UNSEEN


def fields(template: str) -> set[str]:
    """Return what a template is filled with, each as it is written there.

    >>> sorted(fields("{error:of100} of 100, {name}"))
    ['{error:of100}', '{name}']

    Raises
    ------
    ValueError
        When a brace is not closed, or a value is to be changed on the way.
    """
    found = set()
    for _, name, spec, conversion in Formatter().parse(template):
        if name is not None:
            changed = f"!{conversion}" if conversion else ""
            found.add(f"{{{name}{changed}{f':{spec}' if spec else ''}}}")
    return found


def is_wordless(template: str) -> bool:
    """Say whether a template holds no word of any language.

    >>> is_wordless("{rate:of100} ({rate:lo100})"), is_wordless("{rate:of100} of 100")
    (True, False)
    """
    parts = Formatter().parse(template)
    return not any(sign.isalpha() for text, *_ in parts for sign in text)


def worded() -> list[str]:
    """Return the keys of all sentences that hold words, in the English order."""
    return [key for key, text in english().items() if not is_wordless(text)]


def missing(found: Translation) -> list[str]:
    """Return the keys of sentences that are said in English, in the English order."""
    return [key for key in worded() if key not in found.sentences]


def unknown(found: Translation) -> list[str]:
    """Return the keys that no English sentence has, or has any more."""
    return [key for key in found.sentences if key not in english()]


def is_english(tag: str) -> bool:
    """Say whether a language is a kind of English, such as ``en-IN``."""
    return tag.replace("_", "-").split("-", 1)[0] == ENGLISH
