"""What does a text hold, of which nearly all was read a moment ago?

A save adds a line to a long log. Reading all of the text again, to see that the line
reads back, would make every save slower than the one before. So what stands in the
text as it stood is read as a stub, ``framing: 0``, and put back as it was known.

That is sound because a block key at the left edge and a block item at its dash end
whatever stood before them, and because a stub counts only where the reader finds it as
the key or the item that it stands for: not where the same words stand in a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from workshop.record.yaml_nodes import Node

Known = tuple[str, Node]
"""A text, and what it was found to hold."""


def compose_again(
    text: str, known: Known, compose: Callable[[str], Node]
) -> Node | None:
    """Return what ``compose(text)`` would, reading only what differs from ``known``.

    Returns
    -------
    Node or None
        None where nothing can be spared; then the whole is to be read.

    Raises
    ------
    Exception
        What ``compose`` raises for the shorter text; its places are not the text's.
    """
    before, root = known
    if root.flow or root.column or "\ufeff" in (text[:1], before[:1]):
        return None
    spared = list(_spared(text, before, root))
    short, places = _with_stubs(text, spared)
    return _Back(text, before, spared, places).root(compose(short)) if spared else None


@dataclass(frozen=True, slots=True)
class _Spared:
    """A part of the text that is known: an entry, or the first items of a list."""

    start: int
    end: int
    was: int
    """Where it stood before."""
    stub: str
    entry: tuple[Node, Node] | None = None
    items: tuple[Node, ...] = ()


def _spared(text: str, before: str, root: Node) -> Iterator[_Spared]:
    """Yield what stands in the text as it stood, from the top."""
    ends = [key.start for key, _ in root.entries[1:]] + [len(before)]
    place = 0
    for (key, value), end in zip(root.entries, ends, strict=True):
        if not _at_edge(before, key.start):
            return
        chunk = before[key.start : end]
        at = _find(text, chunk, place) if chunk.endswith("\n") else None
        if at is not None and text[at + len(chunk) :][:1].isalpha():
            stub = f"{before[key.start : key.end]}: 0\n"
            place = at + len(chunk)
            yield _Spared(at, place, key.start, stub, entry=(key, value))
        elif (part := _head(text, before, key, value, place)) is not None:
            place = part.end
            yield part


def _head(text: str, before: str, key: Node, value: Node, place: int) -> _Spared | None:
    """Return the items of a list that stand as they stood, before the first new one."""
    if value.flow or len(value.items) < 2:
        return None
    start = _line_start(before, value.items[0].start)
    at = _find(text, before[key.start : start], place)
    if at is None:
        return None
    alike = key.start + _alike(before, key.start, text, at)
    count = 0
    dash = f"{' ' * value.column}- "
    for number, item in enumerate(value.items):
        line = _line_start(before, item.start)
        if item.start > alike or before[line : item.start] != dash:
            break
        count, end = number, line
    if not count:
        return None
    moved = at - key.start
    return _Spared(
        start + moved, end + moved, start, f"{dash}0\n", items=value.items[:count]
    )


def _with_stubs(text: str, spared: list[_Spared]) -> tuple[str, list[int]]:
    """Return the short text, and where in it each stub begins."""
    parts, places, length, done = [], [], 0, 0
    for part in spared:
        between = text[done : part.start]
        places.append(length + len(between))
        parts += [between, part.stub]
        length = places[-1] + len(part.stub)
        done = part.end
    return "".join([*parts, text[done:]]), places


class _Back:
    """Puts what is known back in the place of the stubs."""

    def __init__(
        self, text: str, before: str, spared: list[_Spared], places: list[int]
    ) -> None:
        self.stubs = dict(zip(places, spared, strict=True))
        self.moved = {
            part.was: (
                part.start - part.was,
                text.count("\n", 0, part.start) - before.count("\n", 0, part.was),
            )
            for part in spared
        }
        # What a place after each stub lies further down in the whole text.
        self.further, characters, lines = [], 0, 0
        for place, part in self.stubs.items():
            characters += part.end - part.start - len(part.stub)
            lines += text.count("\n", part.start, part.end) - 1
            self.further.append((place + len(part.stub), characters, lines))
        self.found = 0

    def root(self, short: Node) -> Node | None:
        """Return the whole again; None if a stub was not what it stands for."""
        entries = tuple(self._entry(key, value) for key, value in short.entries)
        if self.found != len(self.stubs):
            return None
        moved = self._here(short)
        return replace(
            moved,
            value={key.value: value.value for key, value in entries},
            end=entries[-1][1].end,
            entries=entries,
        )

    def _entry(self, key: Node, value: Node) -> tuple[Node, Node]:
        part = self.stubs.get(key.start)
        if part is None or part.entry is None:
            return self._whole(key), self._list(value)
        if key.column or value.value != 0:
            return key, value
        self.found += 1
        by = self.moved[part.was]
        return _shifted(part.entry[0], *by), _shifted(part.entry[1], *by)

    def _list(self, node: Node) -> Node:
        first = node.items[0] if node.items and not node.flow else None
        part = None
        if first is not None:
            part = self.stubs.get(first.start - node.column - 2)
        if first is None or part is None or not part.items or first.value != 0:
            return self._whole(node)
        self.found += 1
        by = self.moved[part.was]
        known = tuple(_shifted(item, *by) for item in part.items)
        items = (*known, *(self._whole(item) for item in node.items[1:]))
        here = self._here(node)
        value = [item.value for item in items]
        return replace(here, value=value, items=items, end=items[-1].end)

    def _whole(self, node: Node) -> Node:
        here = self._here(node)
        return _shifted(node, here.start - node.start, here.line - node.line)

    def _here(self, node: Node) -> Node:
        """Return a node that no stub is in, with its places in the whole text."""
        characters = lines = 0
        for place, *by in self.further:
            if node.start >= place:
                characters, lines = by
        return replace(
            node,
            start=node.start + characters,
            end=node.end + characters,
            line=node.line + lines,
        )


def _shifted(node: Node, characters: int, lines: int) -> Node:
    if not characters and not lines:
        return node
    by = characters, lines
    return replace(
        node,
        start=node.start + characters,
        end=node.end + characters,
        line=node.line + lines,
        entries=tuple((_shifted(k, *by), _shifted(v, *by)) for k, v in node.entries),
        items=tuple(_shifted(item, *by) for item in node.items),
    )


def _find(text: str, part: str, place: int) -> int | None:
    """Return where a part begins at the left edge, from a place on."""
    at = text.find(part, place)
    while at > 0 and text[at - 1] != "\n":
        at = text.find(part, at + 1)
    return None if at < 0 else at


def _at_edge(text: str, place: int) -> bool:
    return place == _line_start(text, place) and text[place].isalpha()


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _alike(one: str, start: int, other: str, at: int) -> int:
    """Return how many characters two texts have in common from two places on."""
    low, high = 0, min(len(one) - start, len(other) - at)
    while low < high:
        half = (low + high + 1) // 2
        if one[start + low : start + half] == other[at + low : at + half]:
            low = half
        else:
            high = half - 1
    return low
