"""What stands where in a YAML text: values with their places.

Which plain words are numbers, true, false or nothing is decided here, once, for the
reader and for the writer. Everything else is text exactly as written: ``no``,
``2026-11-21``, ``12:30``, ``010`` and ``1_000`` stay what a person typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(
    r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?"
    r"|[-+]?(0|[1-9][0-9]*)\.?([eE][-+]?[0-9]+)?"
)
_WORDS = {"true": True, "false": False, "null": None}
_CONSTANTS = {
    form: value
    for word, value in _WORDS.items()
    for form in (word, word.capitalize(), word.upper())
} | {"~": None, "": None}


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a text: what it says, and the span of characters that says it.

    ``start`` and ``end`` enclose the content without trailing comments or blank
    lines, ``line`` counts from 1 and ``column`` from 0. A mapping has ``entries``, a
    list has ``items``; ``flow`` marks the forms written in brackets.
    """

    value: Any
    start: int
    end: int
    line: int
    column: int
    flow: bool = False
    style: str = ""
    entries: tuple[tuple[Node, Node], ...] = ()
    items: tuple[Node, ...] = ()

    def child(self, part: str | int) -> Node | None:
        """Return the value under a key or an index, None where there is none."""
        if isinstance(part, int):
            return self.items[part] if part < len(self.items) else None
        return next((value for key, value in self.entries if key.value == part), None)

    def key(self, name: str) -> Node | None:
        """Return the key itself, for its place."""
        return next((key for key, _ in self.entries if key.value == name), None)

    def leaves(self) -> Iterator[Node]:
        """Yield every key and every scalar below, in the order of the text."""
        children = [node for entry in self.entries for node in entry]
        children += self.items
        if not children:
            yield self
        for node in children:
            yield from node.leaves()


def resolve(text: str) -> Any:
    """Return what a plain word means: a number, a truth, nothing, or itself."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) < 20 else float(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def same(one: Any, other: Any) -> bool:
    """Compare two plain values; a truth is never equal to a number."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(a, b) for a, b in pairs)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
