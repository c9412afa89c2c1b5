"""How far is a translation? What a translator needs to know, as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from workshop.record.values import Number
from workshop.views.wording.catalogue import file_of
from workshop.views.wording.english import english
from workshop.views.wording.sentences import say
from workshop.views.wording.translations import (
    Translation,
    faults,
    missing,
    part_of,
    read_translation,
    unknown,
    worded,
)


def told(name: str) -> tuple[str, bool]:
    """Say how far a translation is, and whether all that it holds can be used.

    ``name`` is a language that comes along, or the path of a translation.

    Raises
    ------
    InputError
        When there is none, or its file cannot be read.
    """
    found = read_translation(file_of(name))
    wrong = faults(found)
    lines = [_share(found), *_open_parts(found)]
    lines += [f"\n{say('wording.wrong').text}"] if wrong else []
    lines += [f"  {key}: {what}" for key, what in wrong.items()]
    if strange := unknown(found):
        lines += [f"\n{say('wording.unknown').text}", *(f"  {key}" for key in strange)]
    if lacking := missing(found):
        lines += [f"\n{say('wording.missing').text}", *_as_toml(lacking)]
    return "\n".join(lines), not wrong


def _share(found: Translation) -> str:
    known, all_of = set(worded()) & set(found.sentences), len(worded())
    share = len(known) / all_of
    number = Number(id="wording.there", value=share, k=len(known), n=all_of)
    kept = {"file": found.file, "language": found.tag}
    return say("wording.share", share=number, **kept).text


def _open_parts(found: Translation) -> Iterator[str]:
    """Parts that are begun, and said in English until they are whole."""
    lacking = [part_of(key) for key in missing(found)]
    begun = {part_of(key) for key in found.sentences}
    for part in sorted(begun & set(lacking) - {""}):
        count = Number(id="wording.part", value=lacking.count(part))
        yield say("wording.part", part=f"[{part.removesuffix('.')}]", count=count).text


def _as_toml(keys: Iterable[str]) -> Iterator[str]:
    """The English sentences under their tables, each behind a sign that it is none."""
    tables: dict[str, list[str]] = {}
    for key in keys:
        table, _, name = key.rpartition(".")
        text = json.dumps(english()[key], ensure_ascii=False)
        tables.setdefault(table, []).append(f"# {name} = {text}")
    for table, lines in tables.items():
        yield f"\n[{table}]"
        yield from lines
