"""What did the person mean? Text as people type it, turned into values and back.

Shares are always typed in percent: ``20`` and ``20 %`` mean 20 of every 100, and so
``0.2`` means 0.2 %. As that may not be what was meant, `read_share` also says what it
understood, and the form shows that sentence under the field. Counts such as
``3 of 10`` are shares too. A decimal comma is read as one, unless exactly three
digits follow it (``1,200`` is twelve hundred), or it begins with a nought (``0,350`` is
a decimal); where the page's language writes decimals with a comma, the point and the
comma change places. Days are read as the page's language writes them, and in the order
of the record in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from workshop.views.wording import Said, language, phrase, say
from workshop.views.wording.english import ENGLISH
from workshop.views.wording.signs import Signs, day_mark, signs_of, write_day


@dataclass(frozen=True)
class Read:
    """A value, and a sentence about how the text was understood where that helps."""

    value: Any
    understood: Said | None = None


class UnreadError(ValueError):
    """A text that cannot be read; ``said`` tells the person what would be."""

    def __init__(self, said: Said):
        super().__init__(said.text)
        self.said = said


Reader = Callable[[str], Read]

_SWAPPED = str.maketrans(".,", ",.")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_MONTH_FIRST = re.compile(r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})")
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})([-/.](?P<d>\d{1,2}))?")
_NAMED = re.compile(
    r"((?P<d>\d{1,2})\.?\s+)?(?P<name>[^\W\d_]{3,})\.?,?\s+(?P<y>\d{4})"
)
_MONEY = "€$£"


def read_share(text: str) -> Read:
    """Read a share typed as percent or as a count; the value lies in 0..1.

    Raises
    ------
    UnreadError
        When the text is no number, or lies outside 0 to 100 percent.
    """
    bare = _bare(text).removesuffix(phrase("number.percent")).removesuffix("%").strip()
    counted = re.fullmatch(_of(), bare)
    share = _counted(counted) if counted else _decimal_or_none(bare)
    if share is None:
        raise UnreadError(say("ui.not_a_share"))
    if not counted:
        share = share / 100
    if not 0 <= share <= 1:
        raise UnreadError(say("ui.share_out_of_range"))
    percent = _percent(share)
    if 0 < share < Decimal("0.01"):
        meant = _percent(min(share * 100, Decimal(1)))
        return Read(
            float(share), say("ui.understood_small", percent=percent, meant=meant)
        )
    return Read(float(share), say("ui.understood_share", percent=percent))


def read_number(text: str) -> Read:
    """Read one number, thousands separators and a currency sign allowed.

    Raises
    ------
    UnreadError
        When the text is no number, or more than one.
    """
    value = _decimal_or_none(_bare(text).strip(_MONEY + " %"))
    if value is None:
        raise UnreadError(say("ui.not_a_number"))
    written = write_number(float(value))
    group = _signs().group
    same = text.strip().replace(group, "") == written.replace(group, "")
    return Read(float(value), None if same else say("ui.understood", what=written))


def read_date(text: str) -> Read:
    """Read a month or a day: ``2027-03``, ``2027-03-15``, ``03/2027``, ``March 2027``.

    In a language that writes the day first in figures, ``15.03.2027`` is one too. The
    value is written as the record keeps dates, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises
    ------
    UnreadError
        When the text is no date of the calendar.
    """
    bare = _bare(text)
    ways = (_YEAR_FIRST, _MONTH_FIRST, _NAMED, *_day_first())
    found = next((found for way in ways if (found := way.fullmatch(bare))), None)
    if not found:
        raise UnreadError(say("ui.not_a_date"))
    given = found.groupdict()
    year, day = int(given["y"]), given.get("d")
    month = int(given["m"]) if given.get("m") else _month(given.get("name", ""))
    try:
        when = date(year, month, int(day) if day else 1)
    except ValueError:
        raise UnreadError(say("ui.no_such_date")) from None
    written = when.isoformat() if day else when.isoformat()[:7]
    return Read(written, say("ui.understood", what=_spoken(when, written)))


def write_share(share: float) -> str:
    """Write a share the way a person may type it."""
    return f"{_percent(Decimal(repr(share)))} %"


def write_number(value: float) -> str:
    """Write a number the way a person may type it."""
    return _signs().write(f"{Decimal(repr(float(value))).normalize():,f}")


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()


def _decimal_or_none(text: str) -> Decimal | None:
    if _signs().decimal == ",":
        text = text.translate(_SWAPPED)
    if re.match(_groups(_signs().sizes), text):
        text = re.sub(r"[ ,'’]", "", text)
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _of() -> str:
    """What a count of some looks like: ``3/10``, ``3 of 10``."""
    words = (rf"\b{re.escape(word)}\b" for word in phrase("number.out_of").split(", "))
    return rf"(?P<k>[^/]+?)\s*(?:/|{'|'.join(words)})\s*(?P<n>[^/]+)"


def _groups(sizes: tuple[int, int]) -> str:
    """What digits in groups look like; none begins with a nought."""
    last, others = sizes
    between = rf"(?:[ ,'’]\d{{{others}}})*[ ,'’]\d{{{last}}}"
    return rf"[+-]?[1-9]\d{{0,2}}{between}(?=$|[.])"


def _signs() -> Signs:
    return signs_of(language().tag)


def _counted(found: re.Match[str]) -> Decimal | None:
    k, n = (_decimal_or_none(found[part].strip()) for part in ("k", "n"))
    return k / n if k is not None and n else None


def _percent(share: Decimal) -> str:
    return _signs().write(f"{round(100 * share, 10).normalize():f}")


def _day_first() -> Iterator[re.Pattern[str]]:
    """What a day looks like in a language that writes it before month and year."""
    if mark := re.escape(day_mark(language().tag)):
        yield re.compile(
            rf"(?P<d>\d{{1,2}}){mark} ?(?P<m>\d{{1,2}}){mark} ?(?P<y>\d{{4}})"
        )


def _spoken(when: date, written: str) -> str:
    """A day or a month as it is said back: English names the month."""
    if (tag := language().tag) != ENGLISH:
        return write_day(written, tag)
    name = phrase("ui.months").split()[when.month - 1].capitalize()
    month = f"{name} {when.year}"
    return f"{when.day} {month}" if len(written) == len("2027-03-15") else month


def _month(name: str) -> int:
    for index, month in enumerate(phrase("ui.months").split()):
        if month.startswith(name):
            return index + 1
    return 0
