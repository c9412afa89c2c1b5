"""What a YAML library complains about, said to somebody who never read its manual."""

from __future__ import annotations

import re

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
HALF = re.compile(r"[\ud800-\udfff]")
_TAB = re.compile(r"^ *\t|^[^#'\"]*[:-] *\t")

_PERCENT = "a line that starts with '%', or one bracket too many; put text in quotes"

# A piece of the library's message, what to say, and whether the line to name is the
# one where something was opened rather than the one where it failed.
_SAYINGS: tuple[tuple[str, str, bool], ...] = (
    (
        "quoted scalar: found unexpected",
        "a quote opened here is not closed; close it, or restore the end of the file",
        True,
    ),
    (
        "flow mapping:",
        "a '{' opened here is not closed; add '}' or the missing ','",
        True,
    ),
    (
        "flow sequence:",
        "a '[' opened here is not closed; add ']' or the missing ','",
        True,
    ),
    (
        "simple key: could not find expected ':'",
        "this is not 'key: value'; add the colon, or restore a file that was cut off",
        True,
    ),
    (
        "mapping values are not allowed",
        "a second ': ' on this line, or a wrong indent; put the text in quotes",
        False,
    ),
    (
        "unknown escape",
        "a backslash inside double quotes; use single quotes or write \\\\",
        False,
    ),
    (
        "escape sequence",
        "a backslash inside double quotes; use single quotes or write \\\\",
        False,
    ),
    (
        "expected <block end>",
        "the indent does not fit the lines above; align it with its neighbours",
        False,
    ),
    (
        "sequence entries are not allowed",
        "a list item cannot start here; put '- ' on a line of its own",
        False,
    ),
    (
        "cannot start any token",
        "text cannot start with this character; put it in quotes",
        False,
    ),
    ("undefined alias", "an alias; write the value out", False),
    ("tag", "a tag ('!'); write the value out, or put the text in quotes", False),
    ("alias", "an alias ('*'); put the text in quotes", False),
    ("anchor", "an anchor ('&'); put the text in quotes", False),
    (
        "expected the node content",
        "a bracket or comma where a value should stand; write the value, or quote it",
        False,
    ),
    ("expected '<document start>'", _PERCENT, False),
    ("directive", _PERCENT, False),
)


def explain(
    message: str, text: str, *, line: int, opened: int | None
) -> tuple[int, str]:
    """Return the line to look at, from 1, and what to do there.

    Parameters
    ----------
    message : str
        What the library said, its context before a colon.
    text : str
        The text that was read.
    line, opened : int
        Lines, from 0, where it failed and where the failing part began.
    """
    lines = text.split("\n")
    for number in (line, opened):
        if number is not None and number < len(lines) and _TAB.search(lines[number]):
            return number + 1, "a tab; indent with spaces"
    last = max(1, len(text.rstrip().split("\n")))
    for piece, saying, where_opened in _SAYINGS:
        if piece in message:
            number = opened if where_opened and opened is not None else line
            return min(number + 1, last), saying
    return min(line + 1, last), "not readable as YAML; compare it with the lines above"
