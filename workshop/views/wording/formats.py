"""How one number is shown: the only place that rounds.

Each format picks a part of a `Number` (its value, count, base or bound) and writes it
for people. Shares become natural frequencies with one fixed denominator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from workshop.record.values import Number
from workshop.views.wording.catalogue import language, said_in
from workshop.views.wording.signs import HOUSE, MINUS, signs_of

NOT_KNOWN = "–"


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a number, exactly and as people read it."""

    part: str
    exact: float | None
    text: str


class Percent(str):
    """A number of percent, without the sign."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Worded:
    """A number with a word: which one is in the catalogue, under ``number``."""

    word: str
    number: str


Written = str | Percent | Worded
"""A number as English writes it; `_in` puts it into the signs of a language."""
Writer = Callable[[float], Written]


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def _whole(value: float) -> str:
    return _minus(f"{round(value):,}")


def _of_hundred(value: float) -> str:
    """Of 100, with a decimal where whole people would hide a small share."""
    few = 0 < abs(value) < 0.05
    return _minus(f"{100 * value:.1f}") if few else _whole(100 * value)


def _stated_of_hundred(value: float) -> str:
    """What somebody stated, as they stated it: rounding would promise another."""
    return _minus(f"{100 * value:.6g}")


def _of_hundred_finely(value: float) -> str:
    return _minus(f"{100 * value:.1f}")


def _chance(value: float) -> str | Worded:
    """Of 100, and never certain: it was drawn, and the draws rest on one sample."""
    if value > 0.99:
        return Worded("over", "99")
    return Worded("under", "1") if value < 0.01 else _whole(100 * value)


def _tenths(value: float) -> Worded:
    """A share as so many of 10, or of 100 where ten would be too coarse."""
    if 0.05 < value < 0.95 or value in (0, 1):
        return Worded("of_ten", _whole(10 * value))
    return Worded("of_hundred", _of_hundred(value))


def _percent(value: float) -> Percent:
    return Percent(f"{100 * value:.0f}")


def _plain(value: float) -> str:
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return _whole(value)
    return _minus(f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.1e}")


def _signed_points(value: float) -> str:
    points = round(100 * value, 1) + 0.0  # nought has no sign of its own
    return _minus(f"{points:+.0f}" if points == round(points) else f"{points:+.1f}")


def _people(value: float) -> str:
    """Round to two leading figures above a hundred: more would not be known."""
    return _two_figures(value, round)


def _two_figures(value: float, to: Callable[[float], int]) -> str:
    size = 1 if abs(value) < 100 else 10 ** (len(str(int(abs(value)))) - 2)
    # a float's last digits must not push an end that is exact one further out
    return _minus(f"{to(round(value / size, 6)) * size:,}")


def _people_low(value: float) -> str:
    """Outward, so that a range never tells less than it is."""
    return _two_figures(value, floor)


def _people_high(value: float) -> str:
    return _two_figures(value, ceil)


def _milliseconds(value: float) -> str | Worded:
    if value < 0.1:
        return Worded("under", "0.1")
    return f"{value:.1f}" if value < 10 else _whole(value)


def _money(value: float) -> str | Worded:
    if 0 < value < 0.01:
        return Worded("under", "0.01")
    return _minus(f"{value:,.2f}") if abs(value) < 100 else _whole(value)


_WRITERS: dict[str, tuple[str, Writer]] = {
    "tenths": ("value", _tenths),
    "of100": ("value", _of_hundred),
    "stated100": ("value", _stated_of_hundred),
    "pct": ("value", _percent),
    "points": ("value", _signed_points),
    "num": ("value", _plain),
    "whole": ("value", _whole),
    "people": ("value", _people),
    "ms": ("value", _milliseconds),
    "money": ("value", _money),
    "k": ("k", _whole),
    "n": ("n", _whole),
    "lo100": ("lo", _of_hundred),
    "hi100": ("hi", _of_hundred),
    "lo_pct": ("lo", _percent),
    "hi_pct": ("hi", _percent),
    "lo_points": ("lo", _signed_points),
    "hi_points": ("hi", _signed_points),
    "lo_num": ("lo", _plain),
    "hi_num": ("hi", _plain),
    "lo_people": ("lo", _people_low),
    "hi_people": ("hi", _people_high),
    "lo100_1": ("lo", _of_hundred_finely),
    "hi100_1": ("hi", _of_hundred_finely),
    "chance": ("value", _chance),
    "level": ("level", _percent),
}


SPECS = tuple(_WRITERS)
"""Every format by its name."""


def show(number: Number, spec: str = "num", tag: str = "") -> Shown:
    """Show one part of a number in one of the house's formats.

    ``tag`` is the language of what stands around it; empty for the page's own.

    Raises
    ------
    KeyError
        When the format is not one of the house's.
    """
    part, write = _WRITERS[spec or "num"]
    exact = getattr(number, part)
    text = NOT_KNOWN if exact is None else _in(tag or language().tag, write(exact))
    return Shown(part, exact, text)


def in_signs(text: str) -> str:
    """Write a number that stands in English, such as a scale's, in the page's signs."""
    return _in(language().tag, text)


def _in(tag: str, written: Written) -> str:
    """Write it with the signs and the words of a language."""
    signs = signs_of(tag)
    if isinstance(written, Percent):
        return signs.share(written)
    if isinstance(written, Worded):
        word = said_in(f"number.{written.word}", tag)
        return word.format(number=signs.write(written.number))
    return written if signs is HOUSE else signs.write(written)


def six_digits(value: float) -> float:
    """Round to six significant digits: the exactness that pages and JSON share."""
    return float(f"{value:.6g}")
