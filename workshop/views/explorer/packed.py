"""The state as a page carries it: columns of numbers as short text.

A column is brought to whole numbers by a power of ten, then written number by number,
or step by step where that is shorter, each in as few letters as it needs: five bits a
letter, the sixth says that more follow, the lowest bit of all is the sign ("base64
VLQ", known from source maps). ``module/shim.js`` reads it back, to the last digit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOTHING = "!"
SHORTEST = 12
"""Columns that are shorter stay as they are."""
DECIMALS = 12
_BIGGEST = 2**52
_WORD = re.compile(r"\N{MINUS SIGN}?(?:0|[1-9]\d*)(?:\.\d*[1-9])?")
"""A number as both languages would write it."""


def packed(state: Any) -> Any:
    """Return the same plain data with every long column of numbers packed.

    The cuts keep only the digits that tell neighbours apart, and those that are shown.
    """
    if isinstance(state, dict):
        return {
            key: _cuts(value) if key == "cuts" else packed(value)
            for key, value in state.items()
        }
    if not isinstance(state, list):
        return state
    if len(state) < SHORTEST or isinstance(state[0], list | dict):
        return [packed(one) for one in state]
    if all(isinstance(one, str) for one in state):
        return _words(state) or state
    return _column(state) or state


def _cuts(cuts: list[float | None]) -> Any:
    return packed([None if cut is None else fewest(cut, cuts) for cut in cuts])


def fewest(cut: float, cuts: Sequence[float | None]) -> float:
    """Round a cut, but no more than leaves every cut apart from the next."""
    gaps = [b - a for a, b in pairwise(one for one in cuts if one is not None)]
    least = min((gap for gap in gaps if gap > 0), default=1.0)
    size = max(abs(one) for one in cuts if one is not None)
    digits = min(least / 10, 10.0**-4 * size) or 1.0
    return round(cut, max(0, -math.floor(math.log10(digits))))


def _column(values: Sequence[float | None], **more: Any) -> dict[str, Any] | None:
    """Numbers as text; None where they have too many digits for that."""
    if any(value is not None and abs(value) > _BIGGEST for value in values):
        return None
    for places in range(DECIMALS + 1):
        whole = [None if v is None else round(v * 10**places) for v in values]
        if all(
            w is None or w / 10**places == v for w, v in zip(whole, values, strict=True)
        ):
            break
    else:
        return None
    if any(w is not None and abs(w) > _BIGGEST for w in whole):
        return None
    plain, steps = "".join(map(_letters, whole)), "".join(map(_letters, _steps(whole)))
    found: dict[str, Any] = {"vlq": min(plain, steps, key=len)}
    if places:
        found["by"] = 10**places
    if len(steps) < len(plain):
        found["steps"] = 1
    return found | more


def _steps(whole: Sequence[int | None]) -> list[int | None]:
    found: list[int | None] = []
    before = 0
    for value in whole:
        found.append(None if value is None else value - before)
        before = before if value is None else value
    return found


def _letters(value: int | None) -> str:
    if value is None:
        return NOTHING
    rest, out = abs(value) << 1 | (value < 0), ""
    while True:
        rest, five = rest >> 5, rest & 31
        out += LETTERS[five | (32 if rest else 0)]
        if not rest:
            return out


def _words(words: Sequence[str]) -> dict[str, Any] | None:
    """Numbers in words, with another word at either end."""
    inside = words[1:-1]
    if not all(_WORD.fullmatch(word) for word in inside):
        return None
    values = [float(word.replace("\N{MINUS SIGN}", "-")) for word in inside]
    if any(value and not 1e-6 <= abs(value) < 1e15 for value in values):
        return None
    return _column(values, ends=[words[0], words[-1]])
