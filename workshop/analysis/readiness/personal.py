"""Which columns name or reach a person, by their name or by what stands in them?

Names are read word by word. Values are held against the form of an e-mail address, a
telephone number, a payment card (Luhn's check digit), an IBAN (remainder 97, ISO
13616), an IP address and a national id; no value leaves this module, only counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from workshop.analysis.readiness.encoded import Encoded, Sample
from workshop.analysis.readiness.makes import make_of, values_looked_at
from workshop.analysis.readiness.profile import Kind, Personal

TEXT: tuple[Kind, ...] = ("text",)
TEXT_OR_NUMBER: tuple[Kind, ...] = ("text", "number")
ANY: tuple[Kind, ...] = ("text", "number", "time")

# What a column is called when it names or reaches a person, and of which kinds it is.
NAMES: tuple[tuple[str, str, tuple[Kind, ...]], ...] = (
    ("email", r"e mail|email|mail address", TEXT),
    (
        "phone",
        r"phone|telephone|tel|mobile|cell number|fax|phone number",
        TEXT_OR_NUMBER,
    ),
    (
        "name",
        r"((first|last|full|middle|given|family|maiden|person|people|customer|client|"
        r"user|patient|employee|student|contact|passenger|driver|owner|applicant) name)"
        r"|surname|forename|username|^name$",
        TEXT,
    ),
    (
        "national id",
        r"ssn|social security|national id|passport|tax id|nino|personal number|"
        r"identity card|driving licence|drivers license",
        TEXT_OR_NUMBER,
    ),
    ("IBAN", r"iban|bank account|account number|sort code", TEXT_OR_NUMBER),
    (
        "card number",
        r"(credit|debit|payment)? ?card (number|no|num)|pan",
        TEXT_OR_NUMBER,
    ),
    (
        "address",
        r"(home|street|postal|mailing|billing|shipping)? ?address|street",
        TEXT,
    ),
    ("birth", r"birth|birthday|birthdate|dob|birth date|date of birth", ANY),
    ("IP address", r"ip|ip address|ipv4|ipv6", TEXT),
)
# Words that make it a figure about the thing, not the thing.
ABOUT = frozenset((
    "count", "num", "number_of", "n", "type", "kind", "provider", "domain", "flag",
    "status", "verified", "valid", "is", "has", "opened", "clicked", "sent", "bounced",
    "rate", "share", "length", "len", "avg", "mean", "days", "hours", "minutes", "plan",
    "model", "brand", "os", "hash", "weight", "order", "place", "country",
))  # fmt: skip
# A column of few values (types, providers) reaches nobody.
FEWEST_VALUES = 20

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
PHONE = re.compile(r"(\+|00|\()?\d[\d ()./-]{6,18}\d")
CARD = re.compile(r"[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3\d{3}[ -]?\d{6}[ -]?\d{5}")
IBAN = re.compile(r"[A-Z]{2}\d{2}( ?[A-Z0-9]){11,30}")
SOCIAL = re.compile(r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}")
# Ids of other kinds pass Luhn's check one time in ten, so most values must.
MOST = 0.5
SOME = 0.01
FEWEST_FOUND = 3


@dataclass(frozen=True, slots=True)
class Form:
    """What values look like, and the share of them from which the column is named."""

    what: str
    fits: Callable[[str], bool]
    share: float


def find_personal(columns: Sequence[Encoded], sample: Sample) -> tuple[Personal, ...]:
    """Return the columns that name or reach a person, by name first, then by value."""
    texts = sum(column.field.kind == "text" for column in columns)
    found = []
    for column in columns:
        by_name = _by_name(column, len(sample))
        found += [by_name] if by_name else []
        found += _by_value(column, max(1, texts))
    return tuple(found)


def words_of(name: str) -> str:
    """Return a column's name as words.

    >>> words_of("customerEmail_2"), words_of("DOB")
    ('customer email', 'dob')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W\d_]+", parted.lower()))


def passes_luhn(digits: str) -> bool:
    """Whether a number ends in its check digit (ISO/IEC 7812-1).

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Whether an account number leaves the remainder 1 of 97 (ISO 13616).

    >>> is_iban("GB82 WEST 1234 5698 7654 32"), is_iban("GB82WEST12345698765431")
    (True, False)
    """
    if not IBAN.fullmatch(text):
        return False
    plain = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def is_phone(text: str) -> bool:
    """Whether a text is written as a telephone number, and not as a date or a number.

    >>> [is_phone(t) for t in ("+44 20 7946 0958", "555-010-1234", "2024-01-31")]
    [True, True, False]
    """
    if not PHONE.fullmatch(text) or not 7 <= sum(c.isdigit() for c in text) <= 15:
        return False
    marked = text[0] == "+" or len(re.findall(r"\d[ ()/-]+(?=[\d(])", text)) >= 2
    return marked and make_of(text) == "text" and not SOCIAL.fullmatch(text)


def _is_card(text: str) -> bool:
    return bool(CARD.fullmatch(text)) and passes_luhn(re.sub(r"\D", "", text))


def _is_ip(text: str) -> bool:
    if text.count(".") != 3 and text.count(":") < 2:
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


FORMS = (
    Form("email", lambda text: "@" in text and bool(EMAIL.search(text)), SOME),
    Form("phone", is_phone, MOST / 5),
    Form("card number", _is_card, MOST),
    Form("IBAN", is_iban, SOME),
    Form("IP address", _is_ip, MOST / 5),
    Form("national id", lambda text: bool(SOCIAL.fullmatch(text)), MOST / 5),
)


def _by_name(column: Encoded, rows: int) -> Personal | None:
    words = words_of(column.name)
    if ABOUT & set(words.split()) or column.field.kind == "boolean":
        return None
    if column.size <= FEWEST_VALUES and column.size < rows / 2:
        return None
    for what, pattern, kinds in NAMES:
        if column.field.kind in kinds and _stands_in(pattern, words):
            return Personal(column.name, what, "name")
    return None


def _stands_in(pattern: str, words: str) -> bool:
    return re.search(rf"(?:^|\s)(?:{pattern})(?:$|\s)", words) is not None


def _by_value(column: Encoded, texts: int) -> list[Personal]:
    if column.field.kind == "number":
        return _cards_among_numbers(column, texts)
    if column.field.kind != "text":
        return []
    values, counts = values_looked_at(column, texts)
    looked_at = int(counts.sum())
    held = [(v.strip(), int(n)) for v, n in zip(values, counts, strict=True)]
    worth = [(v, n) for v, n in held if "@" in v or sum(c.isdigit() for c in v) > 3]
    found = []
    for form in FORMS:
        k = sum(n for value, n in worth if form.fits(value))
        if k >= max(FEWEST_FOUND, form.share * looked_at):
            found.append(Personal(column.name, form.what, "value", k, looked_at))
    return found


def _cards_among_numbers(column: Encoded, texts: int) -> list[Personal]:
    if not column.size or not 3e12 <= float(column.values[-1]) < 1e19:
        return []
    values, counts = values_looked_at(column, texts)
    plain = [value.removesuffix(".0") for value in values]
    looked_at = int(counts.sum())
    k = sum(int(n) for v, n in zip(plain, counts, strict=True) if _is_card(v))
    if k < max(FEWEST_FOUND, MOST * looked_at):
        return []
    return [Personal(column.name, "card number", "value", k, looked_at)]
