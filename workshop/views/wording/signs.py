"""Which signs does a language write numbers, money and days with?

English keeps the house's own, which every test quotes, and needs no library. Those of
any other language Babel knows, from the tables of the Unicode consortium (CLDR).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from workshop.errors import InputError
from workshop.record.currencies import CURRENCIES
from workshop.views.wording.english import ENGLISH

if TYPE_CHECKING:
    from babel import Locale

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"

MONEY = ("currency", "unit")
"""Names under which a sentence is given a currency's code."""
DAYS = (
    *("as_of", "at", "by", "date", "done", "first", "last", "newest", "on"),
    *("promised_by", "revisit", "since", "until"),
)
"""Names under which a sentence is given a day or a month."""

_ENGLISH_NUMBER = re.compile(r"(\d[\d,]*)(?:\.(\d+))?")
_DAY_FIRST = re.compile(r"d+(?P<mark>[./-]) ?M+(?P=mark) ?y+")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signs:
    """How one language writes a number; ``sizes`` are those of its groups of digits.

    ``percent`` and ``money`` are what stands before and after the number; in ``money``
    the sign of a currency is written ``¤``.
    """

    decimal: str = "."
    group: str = ","
    minus: str = MINUS
    sizes: tuple[int, int] = (3, 3)
    percent: tuple[str, str] = ("", f"{NO_BREAK}%")
    money: tuple[str, str] = ("", " ¤")

    def write(self, text: str) -> str:
        """Write with these signs what is a number in English.

        >>> Signs(decimal=",", group=".").write("−1,234.5")
        '−1.234,5'
        """
        return _ENGLISH_NUMBER.sub(self._number, text).replace(MINUS, self.minus)

    def _number(self, found: re.Match[str]) -> str:
        whole, part = found.groups()
        whole = self.grouped(whole.replace(",", "")) if "," in whole else whole
        return whole if part is None else f"{whole}{self.decimal}{part}"

    def grouped(self, digits: str) -> str:
        """Set the sign of groups between digits, from the right."""
        size, further = self.sizes
        parts: list[str] = []
        while len(digits) > size:
            parts.insert(0, digits[-size:])
            digits, size = digits[:-size], further
        return self.group.join((digits, *parts))

    def share(self, text: str) -> str:
        """Write a number of percent."""
        before, after = self.percent
        return f"{before}{self.write(text)}{after}"


HOUSE = Signs()
"""What English is written with here."""


@cache
def signs_of(tag: str) -> Signs:
    """Return what a language writes numbers with.

    Raises
    ------
    InputError
        When nobody knows a language of that name.
    """
    if tag == ENGLISH:
        return HOUSE
    from babel.numbers import (
        get_decimal_symbol,
        get_group_symbol,
        get_minus_sign_symbol,
    )

    locale = locale_of(tag)
    percent = locale.percent_formats[None]
    money = locale.currency_formats["standard"]
    minus = get_minus_sign_symbol(locale)
    return Signs(
        get_decimal_symbol(locale),
        get_group_symbol(locale),
        MINUS if minus == "-" else minus,  # the same sign, as it is set in print
        money.grouping,
        (percent.prefix[0], percent.suffix[0]),
        (money.prefix[0], money.suffix[0]),
    )


@cache
def locale_of(tag: str) -> Locale:
    """Return what Babel knows of a language.

    Raises
    ------
    InputError
        When it knows none of that name.
    """
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise InputError(
            f"{tag[:40]!r} is no language whose numbers and dates are known; write a "
            "tag such as de, fr or pt-BR."
        ) from error


# --- what a sentence is filled with, besides numbers ---------------------------------


def localised(
    template: str, values: Mapping[str, Any], tag: str
) -> tuple[str, dict[str, Any]]:
    """Write the days and the currencies that a sentence is given as a language does.

    In every language the template has a sum of money as number, space, currency; which
    of them comes first, and what stands between, is the language's own.
    """
    shown = dict(values)
    for name, value in values.items():
        if not isinstance(value, str):
            continue
        if name in MONEY and value in CURRENCIES and value.isupper():
            sign = currency_sign(value, tag)
            template, shown[name] = with_money(template, name, sign, tag), sign
        elif name in DAYS and _DAY.fullmatch(value):
            shown[name] = write_day(value, tag)
    return template, shown


def currency_sign(code: str, tag: str) -> str:
    """Return how a language writes a currency: ``€`` in German, ``EUR`` in English."""
    if tag == ENGLISH:
        return code
    from babel.numbers import get_currency_symbol

    return get_currency_symbol(code, locale_of(tag))


def with_money(template: str, name: str, sign: str, tag: str) -> str:
    """Put number and currency into a language's order."""
    before, after = signs_of(tag).money
    if before.endswith("¤") and sign[-1:].isalpha():
        before += NO_BREAK  # a code is no sign: it would stick to the digits
    if after.startswith("¤") and sign[:1].isalpha():
        after = NO_BREAK + after
    put = (part.replace("¤", f"{{{name}}}") for part in (before, r"\1", after))
    pattern = rf"(\{{\w+:\w+\}})[ {NO_BREAK}]\{{{name}\}}"
    return re.sub(pattern, "".join(put), template)


@cache
def day_mark(tag: str) -> str:
    """Return what a language sets between day, month and year, in this order.

    Empty where it writes another order in figures, and for the house's English.

    >>> day_mark("de"), day_mark("fr"), day_mark("en-US"), day_mark("ja")
    ('.', '/', '', '')
    """
    if tag == ENGLISH:
        return ""
    pattern = str(locale_of(tag).date_formats["short"].pattern)
    found = _DAY_FIRST.match(pattern)
    return found["mark"] if found else ""


def write_day(text: str, tag: str) -> str:
    """Write a day or a month, given as the record keeps it.

    What is no day of the calendar is left as it was written.
    """
    if tag == ENGLISH:
        return text
    from babel.dates import format_date, format_skeleton

    locale, month = locale_of(tag), len(text) == len("2027-03")
    try:
        day = date.fromisoformat(f"{text}-01" if month else text)
    except ValueError:
        return text
    if month:
        return str(format_skeleton("yMMM", day, locale=locale))
    return str(format_date(day, "medium", locale))
