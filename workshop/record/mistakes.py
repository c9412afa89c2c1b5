"""Mistakes in a file, as one sentence each: where, what was found, what to do.

Knows nothing of files or YAML libraries: it is handed places and findings. What a
person wrote is shown shortened and printable, whatever it contains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from workshop.errors import InputError
from workshop.record.yaml_nodes import Node

Loc = tuple[str | int, ...]
_LONGEST = 300
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def mistake(file: object, line: int | None, path: str, problem: str) -> InputError:
    """Return the error every reader raises: file, line, key path, what, remedy."""
    place = str(file) if str(file).isprintable() else shown(str(file))
    if line is not None:
        place += f", line {line}"
    return InputError(f"{place}, {path}: {problem}" if path else f"{place}: {problem}")


def shown(value: object, longest: int = 60) -> str:
    """Return a value as a person may read it in an error: short and printable."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "nothing"}[value]
    if isinstance(value, dict):
        return "'key: value' lines"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value[: longest * 2] if isinstance(value, str) else value)
    return text if len(text) <= longest else text[: longest - 2] + "…" + text[-1]


def printable(text: str) -> str:
    """Return a text for a terminal, in which nothing moves the cursor or colours it.

    A control character stands there as JSON would write it, so that JSON stays JSON.
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def dotted(path: Iterable[str | int]) -> str:
    """Return a path as people write it: ``agreement.clauses[0].metric``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            plain = re.fullmatch(r"[\w-]{1,60}", part)
            text += ("." if text else "") + (part if plain else shown(part, 40))
    return text


def nearest(found: object, valid: Iterable[str]) -> str:
    """Return "did you mean 'x'?", or what may stand there, or "remove it"."""
    names = list(valid)
    close = get_close_matches(str(found)[:60], names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"valid here: {', '.join(names)}" if names else "remove it"


def explain(
    error: ValidationError, model: type[BaseModel], *, root: Node, file: object
) -> InputError:
    """Return the most telling of the errors, and how many more there are."""
    found = [_Finding(detail, model, root) for detail in _details(error)]
    first = min(found, key=lambda one: (one.rank, one.line))
    problem = first.problem()
    if len(found) > 1:
        problem += f" (and {len(found) - 1} more)"
    return mistake(file, first.line, dotted(first.path), problem)


def explain_value(error: ValidationError, model: type[BaseModel]) -> InputError:
    """Return the same sentence for a value that stands in no file yet."""
    nowhere = Node(value={}, start=0, end=0, line=0, column=0)
    first = _Finding(next(_details(error)), model, nowhere)
    return InputError(f"{dotted(first.loc)}: {first.problem()}")


def _details(error: ValidationError) -> Iterator[dict[str, Any]]:
    yield from (dict(detail) for detail in error.errors(include_url=False))


class _Finding:
    """One thing a model did not accept, and where it stands in the text."""

    def __init__(
        self, detail: dict[str, Any], model: type[BaseModel], root: Node
    ) -> None:
        self.kind: str = detail["type"]
        self.loc: Loc = detail["loc"]
        self.given: Any = detail["input"]
        self.context: dict[str, Any] = detail.get("ctx") or {}
        self.message: str = detail["msg"]
        self.valid = sorted(_keys_at(model, self._level()), key=str.casefold)
        self.path, self.line, self.present = _walk(root, self.loc)
        if self.kind == "missing":
            self.path = (*self.path, str(self.loc[-1]))

    def _level(self) -> Loc:
        ends = self.kind in ("missing", "extra_forbidden")
        return self.loc[:-1] if ends else self.loc

    @property
    def rank(self) -> int:
        """A mistyped key first: it is why its neighbour seems to be missing."""
        return {"extra_forbidden": 0, "missing": 2}.get(self.kind, 1)

    def problem(self) -> str:
        """Return what is wrong and what to do about it."""
        if self.kind == "extra_forbidden":
            free = [name for name in self.valid if name not in self.present]
            return f"unknown key; {nearest(self.loc[-1], free)}"
        if self.kind == "missing":
            return f"missing; add a line '{self.loc[-1]}: …'"
        if self.given is None and not self.kind.startswith("value_error"):
            return "nothing is written here; write a value or remove the key"
        return (
            self._wrong_choice()
            or self._out_of_range()
            or self._wrong_type()
            or self._own_words()
        )

    def _wrong_choice(self) -> str:
        if self.kind != "literal_error":
            return ""
        allowed = re.findall(r"'([^']*)'", str(self.context["expected"]))
        allowed = allowed or [str(self.context["expected"])]
        close = get_close_matches(str(self.given)[:60], allowed, n=1)
        hint = f"; did you mean '{close[0]}'?" if close else ""
        return f"{shown(self.given)} is none of {', '.join(allowed)}{hint}"

    def _out_of_range(self) -> str:
        words = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}
        for sign, word in words.items():
            if sign in self.context:
                bound = f"{float(self.context[sign]):g}"
                share = sign == "le" and bound == "1"
                remedy = "; write a share, such as 0.3 for 30 %" if share else ""
                return f"{shown(self.given)} must be {word} {bound}{remedy}"
        return ""

    def _wrong_type(self) -> str:
        found = shown(self.given)
        wanted = {
            "string_type": f"text expected, found {found}; {self._text_remedy()}",
            "float_type": f"a number expected, found {found}; {_PLAIN_NUMBER}",
            "int_type": f"a whole number expected, found {found}; write digits only",
            "int_from_float": f"a whole number expected, found {found}; round it",
            "bool_type": f"{found} is neither true nor false; write true or false",
            "tuple_type": f"a list expected, found {found}; start lines with '- '",
            "list_type": f"a list expected, found {found}; start lines with '- '",
            "model_type": f"'key: value' lines expected, found {found}; {self._keys()}",
            "dict_type": f"'key: value' lines expected, found {found}",
            "string_pattern_mismatch": f"{found} {self._pattern()}",
        }
        return wanted.get(self.kind, "")

    def _text_remedy(self) -> str:
        parts = isinstance(self.given, dict | list)
        return "write one line of text" if parts else "put it in quotes"

    def _keys(self) -> str:
        return f"keys are {', '.join(self.valid)}"

    def _pattern(self) -> str:
        pattern = str(self.context.get("pattern", ""))
        if pattern.startswith(r"^\d{4}-"):
            return "is not a date; write 2027-03 or 2027-03-31"
        if "sha256:" in pattern:
            return "is not a digest; it starts with sha256: and is written for you"
        if pattern.startswith("^[0-9A-Za-z_-]"):
            return "is no name of a record; it is made for you and stays as it was"
        return f"does not fit {pattern}"

    def _own_words(self) -> str:
        text = self.message.removeprefix("Value error, ")
        text = text if text.isprintable() else shown(text, _LONGEST)
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


_PLAIN_NUMBER = "write it with a point, without quotes or units"


def _walk(root: Node, loc: Loc) -> tuple[Loc, int, set[str]]:
    """Follow a place as far as the text has it: path, line, keys beside it."""
    path: list[str | int] = []
    node, line, beside = root, root.line, _names(root)
    for part in loc:
        below = node.child(part)
        if below is None:
            # Parts that a model adds, such as the member of a union, are not written.
            continue
        key = node.key(part) if isinstance(part, str) else None
        line, beside = (key or below).line, _names(node)
        path.append(part)
        node = below
    return tuple(path), line, beside


def _names(node: Node) -> set[str]:
    return {key.value for key, _ in node.entries}


def _keys_at(model: type[BaseModel], loc: Loc) -> set[str]:
    """Return the keys that may stand at a place of a model."""
    kinds: list[Any] = [model]
    for part in loc:
        kinds = [deeper for kind in kinds for deeper in _below(kind, part)] or kinds
    return {name for kind in kinds for name in _fields(kind)}


def _fields(kind: Any) -> dict[str, Any]:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return {}
    return {
        field.alias or name: field.annotation
        for name, field in kind.model_fields.items()
    }


def _below(kind: Any, part: str | int) -> list[Any]:
    fields = _fields(kind)
    if part in fields:
        return list(_members(fields[str(part)]))
    arguments = get_args(kind)
    if get_origin(kind) is dict and isinstance(part, str):
        return list(_members(arguments[1]))
    if get_origin(kind) in (tuple, list) and isinstance(part, int):
        return list(_members(arguments[0]))
    return []


def _members(kind: Any) -> Iterator[Any]:
    """Yield the kinds behind an optional, a union or an annotation."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _members(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for member in get_args(kind):
            yield from _members(member)
    elif origin is not Literal:
        yield kind
