"""What may a pair borrow from the example, and when is it no longer borrowed?

Only what a pair decides together can be borrowed: never a bet, a signature, a case, a
name, a pulse or a mark, and never over something that the pair has said itself. A
borrowed part is marked in the record for as long as it says what the example says;
whatever else stands there is the pair's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from workshop.errors import InputError
from workshop.record.agreed import Agreement
from workshop.record.choices import Record
from workshop.record.framed import Framing
from workshop.record.journey import Borrowable

FRAMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "framing.outcome": ("outcome", "kind", "kept_wording"),
        "framing.questions": (
            "harmed", "rule", "rule_checked_by", "promised", "promised_by",
            "engineering_there", "unknown",
        ),
        "framing.expectations": (
            "expectations", "ratio", "when_unsure", "last_word_today",
        ),
    }
)  # fmt: skip
"""The parts of the framing that belong to 01, each with its fields."""

PARTS: Mapping[str, tuple[Borrowable, ...]] = MappingProxyType(
    {
        "01": ("framing.outcome", "framing.questions", "framing.expectations"),
        "02": ("data_review",),
        "03": ("threshold",),
        "04": ("option", "impact"),
    }
)
"""Steps that can be borrowed, and the parts of the record that each fills."""


def part_of(where: str) -> Borrowable | None:
    """Return the part that holds a place of the record; None where none does.

    >>> part_of("framing.ratio"), part_of("threshold.because"), part_of("bets")
    ('framing.expectations', 'threshold', None)
    """
    bare = where.split("[")[0]
    field = bare.partition(".")[2].split(".")[0]
    for parts in PARTS.values():
        for part in parts:
            named = bare == part or bare.startswith(f"{part}.")
            if named or (bare.startswith("framing.") and field in FRAMED.get(part, ())):
                return part
    return None


def is_borrowed(record: Record, where: str) -> bool:
    """Say whether a place of the record holds what the example says."""
    part = part_of(where)
    return part in record.borrowed and not _is_empty(record, part)


def borrowed_in(record: Record, step: str) -> tuple[Borrowable, ...]:
    """Return the parts of a step that are borrowed."""
    return tuple(part for part in PARTS.get(step, ()) if is_borrowed(record, part))


def steps_borrowed(record: Record) -> tuple[str, ...]:
    """Return the steps in which something is borrowed, in their order."""
    return tuple(step for step in PARTS if borrowed_in(record, step))


def to_borrow(
    record: Record, example: Record | None, step: str
) -> tuple[Borrowable, ...]:
    """Return the parts of a step that the pair left open and the example can fill."""
    if example is None:
        return ()
    return tuple(
        part
        for part in PARTS.get(step, ())
        if _is_open(record, part) and not _is_empty(example, part)
    )


def borrow(record: Record, example: Record, step: str) -> dict[str, Any]:
    """Return the sections to save that fill a step from the example."""
    parts = to_borrow(record, example, step)
    held: dict[str, Any] = {part: _said(example, part) for part in parts}
    marks = (*record.borrowed, *(p for p in parts if p not in record.borrowed))
    return _sections(record, held) | {"borrowed": marks}


def give_back(record: Record, step: str) -> dict[str, Any]:
    """Return the sections to save that leave open what was borrowed in a step."""
    parts = borrowed_in(record, step)
    nothing = Record(scenario=record.scenario)
    marks = tuple(part for part in record.borrowed if part not in parts)
    held: dict[str, Any] = {part: _said(nothing, part) for part in parts}
    return _sections(record, held) | {"borrowed": marks}


def marked(old: Record, new: Record) -> Record:
    """Return a record with the marks that it must carry, whatever was asked for.

    A mark stays as long as what it marks does, and goes with it.
    """
    kept = [part for part in old.borrowed if _said(old, part) == _said(new, part)]
    added = [part for part in new.borrowed if part not in old.borrowed]
    marks = tuple(
        part for part in dict.fromkeys((*kept, *added)) if not _is_empty(new, part)
    )
    if marks == new.borrowed:
        return new
    return new.model_copy(update={"borrowed": marks})


def check(old: Record, new: Record, example: Callable[[], Record | None]) -> None:
    """Refuse a new mark on what was not open, or does not say what the example says.

    Raises
    ------
    InputError
        What cannot be borrowed; nothing is saved.
    """
    added = [part for part in new.borrowed if part not in old.borrowed]
    source = example() if added else None
    for part in added:
        if not _is_open(old, part):
            raise InputError(f"{part}: you have said this yourselves; it stays yours")
        if source is None or _said(new, part) != _said(source, part):
            raise InputError(
                f"{part}: this is not what the example says, so it is not borrowed"
            )


def _said(record: Record, part: str) -> Any:
    """What a record says in one part: a section, or some fields of the framing."""
    if part not in FRAMED:
        return getattr(record, part)
    framing = record.framing or Framing()
    return {field: getattr(framing, field) for field in FRAMED[part]}


def _is_empty(record: Record, part: str) -> bool:
    return bool(_said(record, part) == _said(Record(scenario=""), part))


def _is_open(record: Record, part: str) -> bool:
    """Whether a pair has neither decided it nor said that it does not agree."""
    disputed = (record.agreement or Agreement()).not_agreed
    return _is_empty(record, part) and not any(
        item.about == part or part_of(item.about) == part for item in disputed
    )


def _sections(record: Record, held: Mapping[str, Any]) -> dict[str, Any]:
    """Return sections with some parts replaced; a framing without words is none."""
    values = {part: value for part, value in held.items() if part not in FRAMED}
    framed = [value for part, value in held.items() if part in FRAMED]
    if framed:
        fields = {name: value for part in framed for name, value in part.items()}
        framing = (record.framing or Framing()).model_copy(update=fields)
        values["framing"] = None if framing == Framing() else framing
    return values
