"""A sentence: a template and its values, rendered as text and as HTML alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from string import Formatter

from workshop.record.values import Number
from workshop.views.wording.catalogue import phrase
from workshop.views.wording.formats import Shown, show, six_digits


@dataclass(frozen=True)
class Said:
    """What is said: a template of the catalogue and the values that fill it."""

    template: str
    values: dict[str, Number | str | Said]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(_as_text(part) for part in self._parts())

    @property
    def html(self) -> str:
        """The sentence as HTML, each number in a ``<data>`` element."""
        return "".join(_as_html(part) for part in self._parts())

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers that the template really shows."""
        found: list[Number] = []
        for part in self._parts():
            if isinstance(part, Said):
                found.extend(part.numbers)
            elif isinstance(part, tuple):
                found.append(part[0])
        return tuple(found)

    def _parts(self) -> Iterator[str | tuple[Number, Shown] | Said | _Given]:
        for literal, name, spec, _ in Formatter().parse(self.template):
            if literal:
                yield literal
            if name is not None:
                yield _part(self.values[name], spec or "")

    def _repr_html_(self) -> str:
        return f"<p>{self.html}</p>"

    def __str__(self) -> str:
        return self.text


class _Given(str):
    """What a person wrote: text, whatever it looks like."""

    __slots__ = ()


def _part(value: Number | str | Said, spec: str):
    if isinstance(value, Number):
        return value, show(value, spec)
    if isinstance(value, Said):
        return value
    return _Given(value)


def _as_text(part) -> str:
    if isinstance(part, Said):
        return part.text
    return part[1].text if isinstance(part, tuple) else str(part)


def _as_html(part) -> str:
    if isinstance(part, Said):
        return part.html
    if isinstance(part, tuple):
        return _data_element(*part)
    if isinstance(part, _Given):
        return f'<span class="given">{escape(part)}</span>'
    return escape(part, quote=False)


def _data_element(number: Number, shown: Shown) -> str:
    exact = "" if shown.exact is None else f"{six_digits(shown.exact):g}"
    if shown.exact is not None:
        exact = repr(six_digits(shown.exact)).removesuffix(".0")
    return (
        f'<data data-id="{escape(number.id)}" data-part="{shown.part}" '
        f'value="{exact}">{escape(shown.text)}</data>'
    )


def say(key: str, **values: Number | str | Said) -> Said:
    """Fill one sentence of the catalogue.

    Raises
    ------
    KeyError
        When the catalogue has no such sentence, or the sentence names a value that
        was not given.
    """
    template = phrase(key)
    for _, name, _, _ in Formatter().parse(template):
        if name is not None and name not in values:
            raise KeyError(f"{key} needs {name!r}, given were {sorted(values)}")
    return Said(template, values)
