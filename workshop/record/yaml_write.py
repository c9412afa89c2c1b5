"""How a value is written: short things on one line, prose as it was typed.

Text is written plain where the reader takes it back unchanged, as a literal block
where it has several lines, and in double quotes otherwise. Nothing is ever folded.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from workshop.errors import InputError
from workshop.record.yaml_nodes import resolve
from workshop.record.yaml_syntax import HALF

WIDTH = 80
_WORD = 24
_INDICATORS = tuple("-?:,[]{}#&*!|>'\"%@`.")
_NOT_PLAIN = re.compile(r": |:$| #|^\s|\s$")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:]")
# Characters that YAML forbids, and those an editor shows as nothing or as a new line.
_ESCAPED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)


def document(value: dict[str, Any]) -> str:
    """Return a whole file: one ``key: value`` after the other."""
    lines = [line for key, item in value.items() for line in entry(key, item, 0)]
    return "\n".join([*lines, ""]) if lines else "{}\n"


def entry(key: str, value: Any, indent: int) -> list[str]:
    """Return the lines of one ``key: value`` at this indent."""
    head, body = after_key(value, indent)
    return [f"{' ' * indent}{_key(key)}:{' ' if head else ''}{head}", *body]


def item(value: Any, indent: int) -> list[str]:
    """Return the lines of one list item at this indent."""
    dash = " " * indent + "- "
    short = one_line(value, indent + 2)
    if short is not None:
        return [dash + short]
    if isinstance(value, dict):
        lines = [line for k, v in value.items() for line in entry(k, v, indent + 2)]
    elif isinstance(value, list):
        lines = [line for v in value for line in item(v, indent + 2)]
    else:
        head, lines = after_key(value, indent)
        return [dash + head, *lines]
    return [dash + lines[0][indent + 2 :], *lines[1:]]


def after_key(value: Any, indent: int) -> tuple[str, list[str]]:
    """Return what follows ``key:`` on its line, and the lines below it."""
    short = one_line(value, indent + 2)
    if short is not None:
        return short, []
    if isinstance(value, dict):
        return "", [line for k, v in value.items() for line in entry(k, v, indent + 2)]
    if isinstance(value, list):
        return "", [line for v in value for line in item(v, indent + 2)]
    return _literal(value, indent + 2)


def one_line(value: Any, indent: int) -> str | None:
    """Return the value on one line, or None where it reads better on several."""
    if isinstance(value, dict | list):
        if not value:
            return in_flow(value)
        parts = list(value.values()) if isinstance(value, dict) else value
        if not all(_is_word(part) for part in parts):
            return None
        short = in_flow(value)
        return short if indent + len(short) <= WIDTH else None
    return None if isinstance(value, str) and _is_prose(value) else scalar(value)


def in_flow(value: Any) -> str:
    """Return any value on one line, in brackets where it has parts."""
    if isinstance(value, dict):
        pairs = (f"{_key(k, flow=True)}: {in_flow(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(in_flow(part) for part in value) + "]"
    return scalar(value, flow=True)


def scalar(value: Any, *, flow: bool = False) -> str:
    """Return one text, number, truth or nothing on one line."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    plain = _may_be_plain(value, flow=flow) and isinstance(resolve(value), str)
    return value if plain else _quoted(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise InputError(f"{value} cannot be saved; give a finite number")
    if value.is_integer() and 0 < abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _key(key: str, *, flow: bool = False) -> str:
    return key if _may_be_plain(key, flow=flow) else _quoted(key)


def _may_be_plain(text: str, *, flow: bool) -> bool:
    if not text or text.startswith(_INDICATORS) or _ESCAPED.search(text):
        return False
    if flow and _NOT_IN_FLOW.search(text):
        return False
    return not _NOT_PLAIN.search(text)


def _quoted(text: str) -> str:
    if HALF.search(text):
        raise InputError("half of a character cannot be saved; write it whole")
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _is_word(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _WORD and not re.search(r"\s", value)
    return not isinstance(value, dict | list)


def _is_prose(text: str) -> bool:
    """Whether a literal block gives exactly this text back, visibly."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or not lines[0] or not lines[-1] or lines[0][0].isspace():
        return False
    return not any(_ESCAPED.search(line) or line != line.rstrip() for line in lines)


def _literal(text: str, indent: int) -> tuple[str, list[str]]:
    head = "|" if text.endswith("\n") else "|-"
    lines = text.removesuffix("\n").split("\n")
    return head, [" " * indent + line if line else "" for line in lines]
