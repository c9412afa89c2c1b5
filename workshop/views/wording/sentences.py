"""A sentence: a template and its values, rendered as text and as HTML alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from string import Formatter

from workshop.record.values import Number
from workshop.views.wording.catalogue import language, spoken
from workshop.views.wording.formats import Shown, show, six_digits
from workshop.views.wording.signs import localised


@dataclass(frozen=True)
class Said:
    """What is said: a template of the catalogue and the values that fill it.

    ``tag`` is the language that the template is in; empty where it has no words of its
    own, or where everything is in English.
    """

    template: str
    values: dict[str, Number | str | Said]
    tag: str = ""

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return self.text_in(language().tag)

    def text_in(self, tag: str) -> str:
        """The sentence as plain text that stands among words of a language."""
        return "".join(_as_text(part) for part in self._parts(tag))

    @property
    def html(self) -> str:
        """The sentence as HTML, each number in a ``<data>`` element.

        What is said in another language than the page's is marked with its name.
        """
        parts = self._parts(language().tag)
        return "".join(_as_html(run) for run in _runs(list(parts)))

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers that the template really shows."""
        parts = self._parts(language().tag)
        return tuple(part[0] for part in parts if isinstance(part, tuple))

    def _parts(self, around: str) -> Iterator[Part]:
        """Text, what a person wrote, and numbers, with nested sentences unfolded.

        A number has the signs of the words that it stands among: ``1.234`` in an
        English sentence is no thousand, whatever language the page is in.
        """
        tag = self.tag or around
        if tag != around:
            yield _Turn(f"<span lang={_attribute(tag)}>")
        ended = False
        for literal, name, spec, _ in Formatter().parse(self.template):
            if ended and literal.startswith("."):
                literal = literal[1:]  # what a person typed has its own full stop
            if literal:
                yield literal
            value = None if name is None else self.values[name]
            if isinstance(value, Said):
                yield from value._parts(tag)
            elif isinstance(value, Number):
                yield value, show(value, spec or "", tag)
            elif value is not None:
                yield _Given(value)
            ended = isinstance(value, str) and value.rstrip().endswith(_ENDS)
        if tag != around:
            yield _Turn("</span>")

    def _repr_html_(self) -> str:
        return f"<p>{self.html}</p>"

    def __str__(self) -> str:
        return self.text


class _Given(str):
    """What a person wrote: text, whatever it looks like."""

    __slots__ = ()


class _Turn(str):
    """Where another language begins or ends."""

    __slots__ = ()


Part = str | _Given | _Turn | tuple[Number, Shown]
_BETWEEN = re.compile(r"(?:\D|\b100?\b){0,24}")
"""What may stand between two parts of one number: no other digit than of 10, of 100."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ,.'-]{0,40}")
"""A name or a few words that read the same wherever they stand."""
_ENDS = (".", "!", "?")
"""How a sentence ends that somebody typed."""
_BARE = re.compile(r"[\w.-]+", re.ASCII)
"""What an attribute may hold without quotes."""


def _runs(parts: list[Part]) -> Iterator[list[Part]]:
    """Gather parts of one number that stand together: 17 (15 of 86; 7 to 31)."""
    at = 0
    while at < len(parts):
        end = at + 1
        while (to := _further(parts, end, parts[at])) is not None:
            end = to
        yield parts[at:end]
        at = end


def _further(parts: list[Part], end: int, first: Part) -> int | None:
    """Where a run ends that takes in the next part of the same number, if there is."""
    if not isinstance(first, tuple):
        return None
    for place in (end, end + 1):
        part = parts[place] if place < len(parts) else None
        if isinstance(part, tuple):
            return place + 1 if part[0] is first[0] or part[0] == first[0] else None
        if type(part) is not str or not _BETWEEN.fullmatch(part):
            return None
    return None


def _as_text(part: Part) -> str:
    if isinstance(part, _Turn):
        return ""
    return part[1].text if isinstance(part, tuple) else str(part)


def _as_html(run: list[Part]) -> str:
    part = run[0]
    if isinstance(part, tuple):
        return _data_element(part[0], run)
    if isinstance(part, _Turn):
        return str(part)
    if isinstance(part, _Given) and not _PLAIN.fullmatch(part):
        # set apart from the text around it, whichever way it runs
        return f"<bdi>{escape(part)}</bdi>"
    return escape(part, quote=False)


def _data_element(number: Number, run: list[Part]) -> str:
    """Everything that a phrase says of one number: 17 (15 of 86; 7 to 31).

    ``value`` is the first part said, exactly; ``data-part`` names it where it is not
    the number's value. What else is said has its exact figures in the JSON twin.
    """
    first = run[0][1]
    named = "" if first.part == "value" else f" data-part={first.part}"
    text = escape("".join(_as_text(part) for part in run), quote=False)
    id = _attribute(number.id)
    return f"<data data-id={id}{named} value={_exact(first.exact)}>{text}</data>"


def _attribute(value: str) -> str:
    """What an attribute is set to, quoted where it must be."""
    return value if _BARE.fullmatch(value) else f'"{escape(value)}"'


def _exact(value: float | None) -> str:
    """A figure at six digits, as the JSON twin has it; empty where there is none."""
    if value is None:
        return '""'
    return repr(six_digits(value)).removesuffix(".0")


def as_written(text: str) -> Said:
    """Return somebody's own words, or a name, to stand as they are."""
    return Said("{text}", {"text": text})


def in_a_row(*said: Said | str) -> Said:
    """Put some sentences one after the other."""
    template = " ".join(f"{{s{place}}}" for place in range(len(said)))
    return Said(template, {f"s{place}": one for place, one in enumerate(said)})


def capitalised(text: str) -> str:
    """Begin with a capital, and leave every other letter as it is.

    >>> capitalised("blick auf die Kennzahlen")
    'Blick auf die Kennzahlen'
    """
    return text[:1].upper() + text[1:]


def say(key: str, **values: Number | str | Said) -> Said:
    """Fill one sentence of the catalogue.

    Raises
    ------
    KeyError
        When the catalogue has no such sentence, or the sentence names a value that
        was not given.
    """
    found = spoken(key)
    for _, name, _, _ in Formatter().parse(found.template):
        if name is not None and name not in values:
            raise KeyError(f"{key} needs {name!r}, given were {sorted(values)}")
    now = language()
    if now.is_house:
        return Said(found.template, values)
    return Said(*localised(found.template, values, found.tag or now.tag), found.tag)
