"""`workshop compare` in a terminal and as data: the page's own sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import category

from workshop.views.recaps.compared import (
    Told,
    all_saw,
    apart_said,
    cell,
    compared_section,
    counted,
    data_said,
    lead_said,
    subtitle,
    summary_said,
)
from workshop.views.recaps.compared_words import CompareWords, topic_said, value_said
from workshop.views.section import number_json
from workshop.views.wording import Said, say

if TYPE_CHECKING:
    from workshop.analysis.compared import Choice
    from workshop.analysis.compared_values import Value

SCHEMA = "common-ground/compare-1"
INDENT = "  "


def compared_text(told: Told) -> str:
    """The page's sentences as lines; records that say the same stand on one line."""
    compared, words = told.compared, told.words
    lines = [subtitle(told), lead_said(compared, words), data_said(compared)]
    found = [_plain(line) for line in lines]
    if compared.differing:
        found += ["", _plain(say("compare.differs"))]
    for choice in compared.differing:
        found += ["", f"{INDENT}{_plain(topic_said(choice))}"]
        found += [f"{INDENT * 2}{line}" for line in _choice_lines(choice, told)]
    for name, choices in (("alike", compared.alike), ("open", compared.undecided)):
        if choices:
            summary = say(f"compare.{name}", count=counted(name, len(choices)))
            found += ["", _plain(summary)]
            found += [f"{INDENT}{_alike_line(name, c, told)}" for c in choices]
    found += ["", _plain(say("compare.foot"))]
    return "\n".join(found)


def _choice_lines(choice: Choice, told: Told) -> list[str]:
    words = told.words
    who: dict[str, list[str]] = {}
    for label, value in zip(told.compared.labels, choice.values, strict=True):
        who.setdefault(_plain(cell(choice, value, words)), []).append(label)
    lines = [f"{_clean(', '.join(names))}: {said}" for said, names in who.items()]
    if told.many:
        lines.insert(0, _plain(summary_said(choice, words)))
    if choice.spread is None and not choice.data:
        return lines
    return [*lines, _plain(apart_said(choice, words))]


def _alike_line(name: str, choice: Choice, told: Told) -> str:
    topic = _plain(topic_said(choice))
    if name == "open":
        return topic
    said = value_said(choice, choice.values[0], told.words)
    return f"{topic}: {_plain(all_saw(said, choice, told.compared.labels, told.words))}"


def _plain(said: Said) -> str:
    return _clean(said.text)


def _clean(text: str) -> str:
    """One line that cannot steer a terminal: no control signs, no turned direction."""
    kept = (c for c in " ".join(text.split()) if category(c) != "Cc")
    return "".join(c for c in kept if c not in _TURNING)


_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


# --- as data -------------------------------------------------------------------------


def compared_json(told: Told) -> dict[str, Any]:
    """The same as plain data; ``numbers`` are all that stand on the page."""
    compared = told.compared
    section = compared_section(told).to_json()
    count = number_json(counted("records", len(told.sources), "records"))
    furthest = compared.furthest
    return {
        "schema": SCHEMA,
        "scenario": told.scenario,
        "title": told.title,
        "as_of": told.as_of,
        "headline": section["headline"],
        "records": [
            {
                "label": label,
                "file": source.file,
                "revision": source.revision,
                "signed": source.signed,
                "digest": source.digest,
            }
            for label, source in zip(compared.labels, told.sources, strict=True)
        ],
        "same": len(compared.alike),
        "all": len(compared.alike) + len(compared.differing),
        "furthest": furthest.id if furthest else None,
        "data": list(compared.data),
        "choices": [_choice_json(c, told) for c in compared.choices],
        "numbers": [count, *section["numbers"]],
    }


def _choice_json(choice: Choice, told: Told) -> dict[str, Any]:
    spread = choice.spread
    return {
        "id": choice.id,
        "step": choice.step,
        "kind": choice.kind,
        "about": topic_said(choice).text,
        "same": choice.same,
        "open": choice.open,
        "data": choice.data,
        "apart": number_json(spread.apart) if spread else None,
        "relative": spread.relative if spread else None,
        "values": [
            {"label": label, **_value_json(choice, value, told.words)}
            for label, value in zip(told.compared.labels, choice.values, strict=True)
        ],
    }


def _value_json(choice: Choice, value: Value, words: CompareWords) -> dict[str, Any]:
    saw = value.saw
    return {
        "state": value.state,
        "says": value_said(choice, value, words).text,
        "words": dict(value.words),
        "terms": dict(value.terms),
        "numbers": {name: number_json(one) for name, one in value.numbers.items()},
        "aside": dict(value.aside),
        "saw": None
        if saw is None
        else {
            "figures": {name: number_json(one) for name, one in saw.figures.items()},
            "rows": saw.rows,
            "data": saw.data,
        },
    }
