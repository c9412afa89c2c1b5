"""The module and the style sheet as a page carries them: no comments, no spare space.

Nothing is renamed and no token changes, so what is said of the readable files holds for
these. It knows as much of the language as the house's own files use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PARTS = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    | (?P<word>[\w$\u0080-\uffff]+(?:(?<=[0-9])\.[0-9]+)?)
    | (?P<other>\.\.\.|=>|\?\.|\?\?=?|\|\|=?|&&=?|\*\*=?|[<>=!]==?|\+\+|--
      |[-+*/%<>]=?|.)
    """,
    re.DOTALL | re.VERBOSE,
)
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*")
_BEFORE_PATTERN = ("(", ",", "=", ":", "[", "!", "&&", "||", "?", "{", "}", ";", "=>")
_GOES_ON_AFTER = frozenset(
    ("(", "[", "{", ",", ";", ":", "?", "=", "=>", "&&", "||", "??", "!", ".", "...")
)
"""After these a new line ends no statement, nor before those that follow."""
_GOES_ON_BEFORE = frozenset(
    (")", "]", "}", ",", ";", ":", "?", ".", "?.", "=", "=>", "&&", "||", "??")
)


def tokens_of(code: str) -> list[str]:
    """Return the tokens of a script; a template literal is one, a new line is one."""
    return [token for token in _tokens(code) if token != "\n"]


def _tokens(code: str) -> Iterator[str]:
    at, before = 0, ";"
    while at < len(code):
        end = _end_of(code, at, before)
        token = code[at:end]
        if not token.isspace() and not token.startswith(("//", "/*")):
            before = token
            yield token
        elif "\n" in token:
            yield "\n"
        at = end


def _end_of(code: str, at: int, before: str) -> int:
    """Where the token that starts at a place ends."""
    if code[at] == "`":
        return _end_of_template(code, at + 1)
    if code[at] == "/" and code[at + 1] not in "/*" and before in _BEFORE_PATTERN:
        found = _PATTERN.match(code, at)
    else:
        found = _PARTS.match(code, at)
    if found is None:
        raise ValueError(f"cannot read on from {code[at : at + 30]!r}")
    return found.end()


def _end_of_template(code: str, at: int) -> int:
    while code[at] != "`":
        if code[at] == "\\":
            at += 2
        elif code.startswith("${", at):
            at = _end_of_hole(code, at + 2)
        else:
            at += 1
    return at + 1


def _end_of_hole(code: str, at: int) -> int:
    """Past the brace that closes what a template computes."""
    depth, before = 1, "{"
    while depth:
        end = _end_of(code, at, before)
        before = code[at:end]
        depth += {"{": 1, "}": -1}.get(before, 0)
        at = end
    return at


def lean_script(code: str) -> str:
    """Return the same tokens, with only the space and new lines that part them."""
    out: list[str] = []
    broken = False
    for token in _tokens(code):
        if token == "\n":
            broken = bool(out)
            continue
        if out:
            out.append(_between(out[-1], token, broken=broken))
        out.append(token)
        broken = False
    return "".join(out)


def _between(one: str, other: str, *, broken: bool) -> str:
    """What has to stand between two tokens."""
    if broken and one not in _GOES_ON_AFTER and other not in _GOES_ON_BEFORE:
        return "\n"
    words = _is_word(one[-1]) and _is_word(other[0])
    return " " if words or one[-1] + other[0] in ("++", "--", "//") else ""


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter in "_$"


def lean_style(sheet: str) -> str:
    """Return a style sheet without comments, its lines joined."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    joined = re.sub(r"\s*\n\s*", " ", bare).strip()
    return re.sub(r"([{};,]) ", r"\1", joined)
