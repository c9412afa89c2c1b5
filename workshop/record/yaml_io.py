"""Strict YAML: read a text into a model, write a model, change a text in place.

Reading accepts plain YAML and nothing clever: no anchors, no tags, no second
document, no key twice. Whatever is wrong becomes one `InputError` that names the
file, the line, the key and the remedy. Changing a text keeps every character that
need not change: comments, quotes, blank lines and the order a person chose.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from workshop.errors import InputError
from workshop.record import yaml_merge, yaml_syntax, yaml_write
from workshop.record.choices import SECTIONS
from workshop.record.mistakes import dotted, explain, mistake, shown
from workshop.record.yaml_again import Known, compose_again
from workshop.record.yaml_nodes import Node, resolve, same

Model = TypeVar("Model", bound=BaseModel)
Document = dict[str, Any]

LONGEST = 4_000_000
DEEPEST = 40
_EMPTY = "is empty; restore it or start a new one"


def parse(
    text: str,
    model: type[Model],
    *,
    file: str | Path,
    prepare: Callable[[Node], Document] | None = None,
) -> Model:
    """Read a text as a model.

    Parameters
    ----------
    text : str
        The content of the file.
    model : type of a pydantic model
        What the file must hold; keys are its aliases.
    file : str or Path
        The name that errors carry.
    prepare : callable, optional
        Gives the document to check in place of the one written, such as an upgrade.

    Raises
    ------
    InputError
        One sentence with file, line, key path, what was found and what to do.
    """
    return check(compose(text, file=file), model, file=file, prepare=prepare)


def check(
    root: Node,
    model: type[Model],
    *,
    file: str | Path,
    prepare: Callable[[Node], Document] | None = None,
) -> Model:
    """Read what `compose` found as a model; see `parse`."""
    given = prepare(root) if prepare else root.value
    try:
        # Through JSON, because strict reading of lists needs it: "5" stays text.
        return model.model_validate_json(
            json.dumps(given), strict=True, by_alias=True, by_name=False
        )
    except ValidationError as error:
        raise explain(error, model, root=root, file=file) from None


def load(path: str | Path, model: type[Model]) -> Model:
    """Read a file as a model; see `parse`."""
    return parse(read_text(path), model, file=path)


def read_text(path: str | Path) -> str:
    """Return a file's text with its own line ends; raise an `InputError` if none."""
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise mistake(path, None, "", "there is no such file") from None
    except IsADirectoryError:
        raise mistake(path, None, "", "is a folder; name the file in it") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise mistake(path, None, "", f"cannot be read ({reason})") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise mistake(path, line, "", problem) from None


def dump(value: BaseModel | Mapping[str, Any]) -> str:
    """Return a model or a mapping as YAML; defaults are left out."""
    return yaml_write.document(as_plain(value))


def merge_composed(
    text: str,
    root: Node,
    values: Mapping[str, Any],
    *,
    order: Iterable[str] = SECTIONS,
    file: str | Path = "record.yaml",
) -> tuple[str, Node]:
    """Return the text with some sections changed, and what it holds then.

    Everything else in it stays untouched.

    Parameters
    ----------
    text : str
        A text that `parse` accepts.
    root : Node
        What `compose` found it to hold.
    values : mapping of section to value
        Models or plain values; None removes the section.
    order : iterable of str
        Where a section goes that the text does not have yet.
    file : str or Path
        The name that errors carry.
    """
    wanted = _wanted(root.value, values, order)
    if same(root.value, wanted):
        return text, root
    for candidate in yaml_merge.candidates(text, root, wanted):
        with suppress(InputError):
            found = compose(candidate, file=file, known=(text, root))
            if same(found.value, wanted):
                return candidate, found
    raise mistake(file, None, "", "holds text that YAML cannot keep; nothing was saved")


def as_plain(value: Any, *, sparse: bool = True) -> Any:
    """Return models as plain dicts in field order; defaults left out if sparse."""
    if isinstance(value, BaseModel):
        plain = value.model_dump(mode="json", by_alias=True, exclude_defaults=sparse)
        # The number of the format is what tells a reader how to read the rest.
        return _format_of(value) | plain
    if isinstance(value, Mapping):
        return {str(k): as_plain(v, sparse=sparse) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(part, sparse=sparse) for part in value]
    return value


def _format_of(value: BaseModel) -> Document:
    number = getattr(value, "format", None)
    return {} if number is None else {"format": number}


def _wanted(old: Document, values: Mapping[str, Any], order: Iterable[str]) -> Document:
    new = dict(old)
    for name, value in values.items():
        new.pop(name, None)
        if value is not None:
            stated = as_plain(value, sparse=False)
            new[name] = _restated(old.get(name), as_plain(value), stated)
    places = {name: place for place, name in enumerate(order)}
    return dict(sorted(new.items(), key=lambda pair: places.get(pair[0], len(places))))


def _restated(old: Any, sparse: Any, full: Any) -> Any:
    """Keep a default that a person wrote out, with the comment beside it."""
    if isinstance(old, dict) and isinstance(sparse, dict):
        parts = {
            name: _restated(old.get(name), value, full[name])
            for name, value in sparse.items()
        }
        written_out = {
            name: full[name]
            for name, value in old.items()
            if name in full and name not in sparse and same(value, full[name])
        }
        return parts | written_out
    if isinstance(old, list) and isinstance(sparse, list):
        kept = [_restated(*three) for three in zip(old, sparse, full, strict=False)]
        return kept + sparse[len(old) :]
    return sparse


def compose(text: str, *, file: str | Path, known: Known | None = None) -> Node:
    """Return the mapping that a text holds, with the place of every value.

    A byte order mark is allowed and not counted. What a text like it was ``known`` to
    hold spares reading the same again; the outcome is the same.
    """
    if known is not None and len(text) <= LONGEST:
        with suppress(InputError):
            again = compose_again(text, known, partial(compose, file=file))
            if again is not None:
                return again
    text = text.removeprefix("\ufeff")
    _refuse_unreadable(text, file=file)
    root = _Composer(text, file=file).document()
    if not isinstance(root.value, dict):
        problem = f"'key: value' lines expected, found {shown(root.value)}"
        raise mistake(file, root.line, "", problem)
    return root


def _refuse_unreadable(text: str, *, file: str | Path) -> None:
    if not text.strip():
        raise mistake(file, None, "", _EMPTY)
    if len(text) > LONGEST:
        problem = f"has {len(text):,} characters; no more than {LONGEST:,} are read"
        raise mistake(file, None, "", problem)
    found = yaml_syntax.FORBIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        problem = f"an unreadable character ({shown(found[0])}); delete it"
        raise mistake(file, line, "", problem)


class _Composer:
    """Builds nodes from the library's events, refusing all that is clever."""

    def __init__(self, text: str, *, file: str | Path) -> None:
        self.text = text
        self.file = file
        self.line = 1
        self.path: list[str | int] = []
        self.events = self._read()

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    self._refuse("a second document ('---'); one file holds one")
                root = self._node(next(self.events))
        if root is None:
            raise mistake(self.file, None, "", _EMPTY)
        return root

    def _read(self) -> Iterator[Event]:
        try:
            for event in YAML(typ="safe", pure=True).parse(self.text):
                self.line = event.start_mark.line + 1
                yield event
        except MarkedYAMLError as error:
            mark, opened = error.problem_mark, error.context_mark
            line, problem = yaml_syntax.explain(
                f"{error.context or ''}: {error.problem or ''}",
                self.text,
                line=mark.line if mark else self.line - 1,
                opened=opened.line if opened else None,
            )
            raise mistake(self.file, line, "", problem) from None
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
            # The library stumbles over some escapes instead of naming them.
            self._refuse("not readable as YAML; put the text in plain quotes")

    def _refuse(self, problem: str) -> NoReturn:
        raise mistake(self.file, self.line, dotted(self.path), problem)

    def _node(self, event: Event) -> Node:
        if isinstance(event, NodeEvent):
            self._refuse_clever(event)
        if isinstance(event, MappingStartEvent):
            return self._mapping(event)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event)
        if not isinstance(event, ScalarEvent):
            self._refuse("nothing where a value should stand")
        return self._scalar(event)

    def _refuse_clever(self, event: NodeEvent) -> None:
        remedy = "write the value out, or put the text in quotes"
        if isinstance(event, AliasEvent):
            self._refuse(f"an alias ({shown(f'*{event.anchor}', 40)}); {remedy}")
        if event.anchor is not None:
            self._refuse(f"an anchor ({shown(f'&{event.anchor}', 40)}); {remedy}")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(f"a tag ({shown(str(tag), 40)}); {remedy}")
        if len(self.path) >= DEEPEST:
            raise mistake(self.file, self.line, "", f"more than {DEEPEST} levels deep")

    def _mapping(self, event: MappingStartEvent) -> Node:
        entries: list[tuple[Node, Node]] = []
        before: dict[str, Node] = {}
        closing: Event = event
        for closing in self.events:
            if isinstance(closing, MappingEndEvent):
                break
            key, below = self._entry(closing, before)
            before[key.value] = key
            entries.append((key, below))
        value = {key.value: below.value for key, below in entries}
        end = entries[-1][1].end if entries else event.end_mark.index
        return self._place(event, closing, value, end, entries=tuple(entries))

    def _entry(self, event: Event, before: dict[str, Node]) -> tuple[Node, Node]:
        if not isinstance(event, ScalarEvent):
            self._refuse("a key must be one word or text, not a list or a mapping")
        key = self._key(event)
        self.path.append(key.value)
        if key.value in before:
            first = before[key.value].line
            self._refuse(f"this key stands twice, first on line {first}; remove one")
        below = self._node(next(self.events))
        self.path.pop()
        if below.start >= below.end or below.start < key.end:
            below = self._nothing(key, below)
        return key, below

    def _key(self, event: ScalarEvent) -> Node:
        self._refuse_clever(event)
        text = self._sound(event.value)
        return self._place(event, event, text, event.end_mark.index)

    def _nothing(self, key: Node, below: Node) -> Node:
        """An empty value stands right after its colon, not before the next key."""
        place = self.text.find(":", key.end) + 1 or key.end
        return Node(below.value, place, place, key.line, key.column)

    def _sequence(self, event: SequenceStartEvent) -> Node:
        items: list[Node] = []
        closing: Event = event
        for closing in self.events:
            if isinstance(closing, SequenceEndEvent):
                break
            self.path.append(len(items))
            items.append(self._node(closing))
            self.path.pop()
        value = [node.value for node in items]
        end = items[-1].end if items else event.end_mark.index
        return self._place(event, closing, value, end, items=tuple(items))

    def _scalar(self, event: ScalarEvent) -> Node:
        plain = event.implicit[0]
        text = self._sound(event.value)
        value = resolve(text) if plain else text
        if isinstance(value, float) and (math.isinf(value) or abs(value) >= 1e300):
            self._refuse(f"{shown(text, 40)} is too large; write a smaller number")
        end = event.end_mark.index
        written = self.text[event.start_mark.index : end]
        keeps = written[:1] in ("|", ">") and "+" in written.split("\n", 1)[0]
        if written and not keeps:
            end = event.start_mark.index + len(written.rstrip(" \t\r\n"))
        return self._place(event, event, value, end)

    def _sound(self, text: str) -> str:
        if yaml_syntax.HALF.search(text):
            self._refuse("half of a character (such as \\ud83d); write it whole")
        return text

    def _place(
        self, event: Event, closing: Event, value: Any, end: int, **parts: Any
    ) -> Node:
        mark = event.start_mark
        flow = bool(getattr(event, "flow_style", False))
        return Node(
            value=value,
            start=mark.index,
            end=closing.end_mark.index if flow else end,
            line=mark.line + 1,
            column=mark.column,
            flow=flow,
            style=getattr(event, "style", None) or "",
            **parts,
        )
