"""Change some values of a YAML text and leave every other character alone.

Works on the text itself: only the span of a value that differs is replaced, so that
comments, quotes and blank lines around it survive. The caller reads the outcome back
and takes the next, coarser candidate in the rare case that a hand-made layout defeats
the finest one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from workshop.record import yaml_write
from workshop.record.yaml_nodes import Node, same

_COMMENT = re.compile(r"(?:^|[ \t])(#[^\r\n]*)", re.MULTILINE)


def candidates(text: str, root: Node, wanted: dict[str, Any]) -> Iterator[str]:
    """Yield texts that should read as wanted, from the gentlest change to none kept.

    Parameters
    ----------
    text : str
        The text as it stands; the places in ``root`` count after a byte order mark.
    root : Node
        What the text holds.
    wanted : dict
        What the new text must hold.
    """
    mark = text[: text.startswith("\ufeff")]
    body = text[len(mark) :]
    newline = "\r\n" if "\r\n" in body else "\n"
    if not body.endswith("\n"):
        body += newline
    if not root.flow:
        for deep in (True, False):
            splice = _Splice(body, newline, deep=deep)
            splice.mapping(root, wanted)
            changed = splice.applied()
            if changed is not None:
                yield mark + changed
    yield mark + yaml_write.document(wanted).replace("\n", newline)


@dataclass
class _Splice:
    """Edits of one text, gathered while the old and the wanted value are compared."""

    text: str
    newline: str
    deep: bool
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def applied(self) -> str | None:
        """Return the text with all edits made; None if two of them overlap."""
        parts, place = [], 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):
            if start < place:
                return None
            parts += [self.text[place:start], new]
            place = end
        return "".join([*parts, self.text[place:]])

    def mapping(self, node: Node, wanted: dict[str, Any]) -> None:
        """Change a block mapping, key by key."""
        self._drop_keys(node, wanted)
        previous: Node | None = None
        for name, value in wanted.items():
            key, old = node.key(name), node.child(name)
            if key is None or old is None:
                lines = yaml_write.entry(name, value, node.column)
                self._insert(node, previous, lines)
                continue
            previous = old
            if not same(old.value, value) and not self._within(old, value):
                colon = self.text.find(":", key.end) + 1
                self._rewrite(colon, old, *yaml_write.after_key(value, node.column))

    def _drop_keys(self, node: Node, wanted: dict[str, Any]) -> None:
        for key, old in node.entries:
            if key.value not in wanted:
                self._drop(key.start, old.end, node.column)

    def _within(self, node: Node, wanted: Any) -> bool:
        """Change a value inside its own span, if its shape allows it."""
        if node.flow:
            return self._in_flow(node, wanted)
        if isinstance(wanted, dict) and isinstance(node.value, dict) and self.deep:
            if not wanted.keys() & node.value.keys():
                return False
            self.mapping(node, wanted)
            return True
        if isinstance(wanted, list) and isinstance(node.value, list) and self.deep:
            return self._sequence(node, wanted)
        return self._scalar(node, wanted)

    def _scalar(self, node: Node, wanted: Any) -> bool:
        old_is_line = node.end > node.start and node.style not in ("|", ">")
        if isinstance(node.value, dict | list) or not old_is_line:
            return False
        if isinstance(wanted, dict | list):
            return False
        new = yaml_write.one_line(wanted, 0)
        if new is None:
            return False
        self.edits.append((node.start, node.end, new))
        return True

    def _in_flow(self, node: Node, wanted: Any) -> bool:
        pairs = _same_shape(node, wanted)
        if pairs is None:
            return False
        for old, new in pairs:
            if same(old.value, new) or (old.flow and self._in_flow(old, new)):
                continue
            self.edits.append((old.start, old.end, yaml_write.in_flow(new)))
        return True

    def _sequence(self, node: Node, wanted: list[Any]) -> bool:
        """Change a block list, item by item; an item is known by its first key."""
        steps = _steps([item.value for item in node.items], wanted)
        if not any(old is not None and new is not None for old, new in steps):
            return False
        previous: Node | None = None
        for old, new in steps:
            if old is None and new is not None:
                self._insert(node, previous, yaml_write.item(wanted[new], node.column))
            if old is not None:
                previous = node.items[old]
                self._item(node, previous, None if new is None else [wanted[new]])
        return True

    def _item(self, node: Node, old: Node, wanted: list[Any] | None) -> None:
        dash = self._dash(node, old)
        if wanted is None:
            self._drop(dash, old.end, node.column)
        elif not same(old.value, wanted[0]) and not self._within(old, wanted[0]):
            head, *body = yaml_write.item(wanted[0], node.column)
            self._rewrite(dash + 1, old, head[node.column + 2 :], body)

    def _dash(self, node: Node, item: Node) -> int:
        start = self._line_start(item.start)
        while start > 0 and self.text[start + node.column : item.start + 1][:1] != "-":
            start = self._line_start(start - 1)
        return start + node.column

    def _rewrite(self, start: int, old: Node, head: str, body: list[str]) -> None:
        """Replace all that follows a colon or a dash, keeping a comment beside it."""
        comments = "  ".join(self._comments(start, old))
        first = "  ".join(part for part in (head, comments) if part)
        lines = [f" {first}" if first else "", *body]
        end = self._next_line(max(old.end, start))
        self.edits.append((start, end, self.newline.join([*lines, ""])))

    def _comments(self, start: int, old: Node) -> list[str]:
        """Return the comments on the line of a value, and all within brackets."""
        if old.style in ("|", ">"):
            header = self.text[old.start : self._line_end(old.start)]
            return _COMMENT.findall(header)
        block = not old.flow and isinstance(old.value, dict | list)
        if block:
            return _COMMENT.findall(self.text[start : self._line_end(start)])
        found, place = [], start
        for leaf in old.leaves():
            found += _COMMENT.findall(self.text[place : leaf.start])
            place = max(place, leaf.start if leaf is old and old.flow else leaf.end)
        return found + _COMMENT.findall(self.text[place : self._line_end(old.end)])

    def _insert(self, node: Node, previous: Node | None, lines: list[str]) -> None:
        if previous is not None:
            place = self._next_line(previous.end)
            new = self.newline.join([*lines, ""])
        elif node.column and self._alone(node.start):
            place = self._above(node.start, node.column)
            new = self.newline.join([*lines, ""])
        else:
            place = node.start
            new = self.newline.join([*lines, " " * node.column]).lstrip(" ")
        self.edits.append((place, place, new))

    def _drop(self, start: int, end: int, column: int) -> None:
        """Take lines out, with the comments right above them."""
        alone = self._alone(start)
        begin = self._above(start, column) if alone else start
        self.edits.append((begin, self._next_line(end), ""))

    def _alone(self, place: int) -> bool:
        return not self.text[self._line_start(place) : place].strip()

    def _above(self, place: int, column: int) -> int:
        """Return where the comment lines right above a place begin."""
        start = self._line_start(place)
        while start > 0:
            before = self._line_start(start - 1)
            if not self.text.startswith(" " * column + "#", before):
                break
            start = before
        return start

    def _line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        return self.text.index("\n", place)

    def _next_line(self, place: int) -> int:
        if place > 0 and self.text[place - 1] == "\n":
            return place
        return self._line_end(place) + 1


def _same_shape(node: Node, wanted: Any) -> list[tuple[Node, Any]] | None:
    """Return old and new parts side by side if only values differ, else None."""
    if isinstance(wanted, dict) and isinstance(node.value, dict):
        if wanted.keys() != node.value.keys():
            return None
        return [(old, wanted[key.value]) for key, old in node.entries]
    if isinstance(wanted, list) and len(node.items) == len(wanted):
        return list(zip(node.items, wanted, strict=True))
    return None


def _steps(old: list[Any], new: list[Any]) -> list[tuple[int | None, int | None]]:
    """Return which old item becomes which new one; None stands for none."""
    name = next((key for part in new if isinstance(part, dict) for key in part), "")
    matcher = SequenceMatcher(
        None,
        [_identity(part, name) for part in old],
        [_identity(part, name) for part in new],
        autojunk=False,
    )
    steps: list[tuple[int | None, int | None]] = []
    for _, i, j, k, m in matcher.get_opcodes():
        if j - i == m - k:
            steps += zip(range(i, j), range(k, m), strict=True)
        else:
            steps += [(place, None) for place in range(i, j)]
            steps += [(None, place) for place in range(k, m)]
    return steps


def _identity(part: Any, name: str) -> str:
    known = part.get(name) if isinstance(part, dict) else part
    return json.dumps(known, sort_keys=True, default=str)
