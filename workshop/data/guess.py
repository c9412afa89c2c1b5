"""What part does each column play, and why is that thought?

Nothing is decided for good: each guess carries the name of a reason, a person reads
it, and card.yaml is the place to correct it. Looks at counts over all rows and at the
first few thousand values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from workshop.data.card import ColumnRole
from workshop.data.coltypes import batches
from workshop.data.tables import fetched

if TYPE_CHECKING:
    import ibis

LOOKED_AT = 2_000
_NEARLY_ALL = 0.97
_ENOUGH_TO_TELL = 20
_LONG, _WORDS = 60, 4
_KEYS_TRIED = 5
_COUNTED_EXACTLY = 200_000
"""Up to so many rows distinct values are counted, and above estimated."""
_PERSONAL_SHARE = 0.2

_ID_NAME = re.compile(r"(^|[_\W])(id|key|uuid|guid|nr|index|row)($|[_\W])|[a-z]I[dD]$")
_NUMBER_NAME = re.compile(r"(id|no|nr|num|number)$", re.IGNORECASE)
_PERSONAL_NAMES = {
    "email": r"e_?mail",
    "phone": r"phone|mobile|fax|(^|_)tel($|_)",
    "name": r"(first|last|full|sur|given|family|user|customer|client)_?name|^name$",
    "address": r"street|address|postal_?address",
    "birth": r"birth|(^|_)dob($|_)",
    "id_number": r"(^|_)(ssn|passport|national_?id|tax_?id|social_?security)($|_)",
    "account": r"iban|(credit|debit)_?card|card_?number|account_?n(umber|o|r)",
    "ip": r"(^|_)ip(_?addr(ess)?)?($|_)",
}
_PERSONAL_VALUES = {
    "email": r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}",
    "account": r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}",
    "phone": r"\+\d[\d ()/.-]{7,18}",
    "ip": r"(\d{1,3}\.){3}\d{1,3}",
}
# Words for what is only known once a case is over.
_AFTERWARDS = re.compile(
    r"^(after|outcome)($|_)"
    r"|(^|_)(resolved|resolution|closed|settled|refunded|chargeback)($|_)"
)
_TIME_NAME = re.compile(
    r"(^|_)(time|timestamp|date|datetime|day|created|opened|received|at|on|when|ts)"
    r"($|_)|^created|date$"
)


@dataclass(frozen=True)
class Named:
    """What the person who brings the table said of its columns."""

    label: str | None = None
    time: str | None = None
    key: str | None = None
    cluster: str | None = None
    groups: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """One column: its type and part, and the reason's id with what fills it."""

    name: str
    type: str
    role: ColumnRole
    reason: str
    given: dict[str, str] = field(default_factory=dict)
    never_fed: bool = False


@dataclass(frozen=True, slots=True)
class _Facts:
    type: str
    rows: int
    present: int
    distinct: int
    as_label: bool
    seen: list[Any]

    @property
    def complete(self) -> bool:
        return self.present == self.rows


def guess_columns(
    table: ibis.Table, named: Named
) -> tuple[tuple[Guess, ...], str | None, int]:
    """Guess the part of each column.

    Returns the guesses in the table's order, the key column (None where there is
    none), and the number of rows.
    """
    facts, rows = _facts(table, named.label)
    key = named.key or _find_key(table, facts, named)
    time = named.time or _find_time(facts)
    guesses = tuple(
        _guess(name, facts[name], named, key=key, time=time) for name in table.columns
    )
    return guesses, key, rows


def type_of(dtype: Any) -> str:
    """Return our word for an ibis type."""
    if dtype.is_boolean():
        return "boolean"
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    return "datetime" if dtype.is_timestamp() or dtype.is_date() else "string"


# --- what is known of each column ----------------------------------------------------


def _facts(table: ibis.Table, label: str | None) -> tuple[dict[str, _Facts], int]:
    rows = int(fetched(table.aggregate(n=table.count())).column("n")[0].as_py())
    counts: dict[str, tuple[int, int, bool]] = {}
    for part in batches(table.columns):
        counts |= _counts(table, part, label, rows)
    looked = fetched(table.limit(LOOKED_AT))
    facts = {}
    for place, name in enumerate(table.columns):
        present, distinct, as_label = counts[name]
        seen = [v for v in looked.column(place).to_pylist() if v is not None]
        type_ = type_of(table[name].type())
        facts[name] = _Facts(type_, rows, present, distinct, as_label, seen)
    return facts, rows


def _counts(
    table: ibis.Table, part: Sequence[str], label: str | None, rows: int
) -> dict[str, tuple[int, int, bool]]:
    import ibis

    asked: dict[str, Any] = {}
    for i, name in enumerate(part):
        column = table[name]
        asked[f"p{i}"] = column.count()
        few = rows <= _COUNTED_EXACTLY
        asked[f"d{i}"] = column.nunique() if few else column.approx_nunique()
        if label is not None:
            differs = column.isnull() != table[label].isnull()
            asked[f"m{i}"] = ibis.ifelse(differs, 1, 0).sum()
    row = fetched(table.aggregate(**asked)).to_pylist()[0]
    found = {}
    for i, name in enumerate(part):
        same = label not in (None, name) and row.get(f"m{i}") == 0
        present = int(row[f"p{i}"])
        # the count of distinct values is near, and may pass what there is
        found[name] = present, min(present, int(row[f"d{i}"])), same
    return found


def _find_key(table: ibis.Table, facts: dict[str, _Facts], named: Named) -> str | None:
    """A column whose name or place says id, complete, and different in every row."""
    taken = {named.label, named.time, *named.groups, *named.scores, *named.annotators}
    likely = [
        name
        for place, (name, f) in enumerate(facts.items())
        if name not in taken
        and f.type in ("integer", "string")
        and f.complete
        and f.distinct >= 0.8 * f.rows
        and (
            _ID_NAME.search(name)
            or _names_a_number(name)
            or _counts_rows(place, name, f)
        )
    ]
    for name in likely[:_KEYS_TRIED]:
        exact = fetched(table.aggregate(n=table[name].nunique())).column("n")[0].as_py()
        if exact == facts[name].rows:
            return name
    return None


def _names_a_number(name: str) -> bool:
    """Whether it is called some number, as invoice_no; a person's number is no key."""
    called = re.search(r"_(no|num|number)$", _snake(name)) is not None
    return called and not _personal_name(name)


def _counts_rows(place: int, name: str, facts: _Facts) -> bool:
    """Whether a first column counts the rows, or rises and is called a number."""
    seen = facts.seen
    if place or facts.type != "integer" or len(seen) < 2:
        return False
    steps = {other - one for one, other in pairwise(seen)}
    if steps == {1} and seen[0] in (0, 1):
        return True
    return min(steps) > 0 and _NUMBER_NAME.search(name) is not None


def _find_time(facts: dict[str, _Facts]) -> str | None:
    """The one column of moments, where its name says so and no row lacks it."""
    moments = [n for n, f in facts.items() if f.type == "datetime"]
    if len(moments) != 1 or _personal_name(moments[0]):
        return None
    name = moments[0]
    if _AFTERWARDS.search(_snake(name)):
        return None
    sure = _TIME_NAME.search(_snake(name)) and facts[name].complete
    return name if sure else None


# --- one guess -----------------------------------------------------------------------


def _guess(
    name: str, facts: _Facts, named: Named, *, key: str | None, time: str | None
) -> Guess:
    for said in (_as_named(name, facts, named, time), _as_key(name, named, key)):
        if said is not None:
            return Guess(name, facts.type, *said)
    personal = _personal(name, facts)
    if personal is not None:
        reason, what = personal
        return Guess(name, facts.type, "id", reason, {"what": what}, never_fed=True)
    role, reason = _by_look(name, facts)
    inside = _personal_inside(facts) if reason == "free_text" else None
    if inside is not None:
        given = {"what": inside}
        return Guess(name, facts.type, role, "free_text_personal", given, True)
    given = {"values": f"{facts.distinct:,}"} if reason in ("few", "various") else {}
    return Guess(name, facts.type, role, reason, given, reason == "free_text")


def _personal_inside(facts: _Facts) -> str | None:
    """The first kind of personal value that stands anywhere in a free text."""
    texts = [v for v in facts.seen if isinstance(v, str)]
    for what, pattern in _PERSONAL_VALUES.items():
        inside = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
        if any(inside.search(text) for text in texts):
            return what
    return None


def _as_named(
    name: str, facts: _Facts, named: Named, time: str | None
) -> tuple[ColumnRole, str, dict[str, str]] | None:
    if name == named.label:
        return "label", "named_label", {}
    if name in named.scores:
        return "score", "named_score", {}
    if name in named.annotators:
        return "annotator", "named_annotator", {}
    if name == time:
        return "time", "named_time" if named.time else "found_time", {}
    if name == named.cluster:
        return "group", "named_cluster", {}
    if name in named.groups:
        return "group", "named_group", {"values": f"{facts.distinct:,}"}
    return None


def _as_key(
    name: str, named: Named, key: str | None
) -> tuple[ColumnRole, str, dict[str, str]] | None:
    if name != key:
        return None
    return "id", "named_key" if named.key else "found_key", {}


def _personal(name: str, facts: _Facts) -> tuple[str, str] | None:
    by_name = _personal_name(name)
    if by_name and facts.type != "boolean":
        return "personal_name", by_name
    texts = [v for v in facts.seen if isinstance(v, str)]
    for what, pattern in _PERSONAL_VALUES.items():
        hits = sum(re.fullmatch(pattern, v.strip()) is not None for v in texts)
        if texts and hits >= max(1, _PERSONAL_SHARE * len(texts)):
            return "personal_value", what
    return None


def _personal_name(name: str) -> str | None:
    plain = _snake(name)
    found = (w for w, p in _PERSONAL_NAMES.items() if re.search(p, plain))
    return next(found, None)


def _snake(name: str) -> str:
    """CreatedAt and "created at" as created_at."""
    return re.sub(r"\W+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).lower()


def _by_look(name: str, facts: _Facts) -> tuple[ColumnRole, str]:
    """The part of a column that nobody named, by its name, holes and values."""
    if facts.present == 0:
        return "feature", "empty"
    if _AFTERWARDS.search(_snake(name)):
        return "leak", "afterwards_name"
    if facts.as_label and not facts.complete:
        return "leak", "missing_with_label"
    if facts.type == "datetime":
        return "feature", "moment"
    if _is_free_text(facts):
        return "feature", "free_text"
    if _all_different(facts) and facts.type == "string":
        return "id", "all_different"
    if _ID_NAME.search(name) and facts.type in ("integer", "string"):
        return "id", "id_name"
    if facts.distinct <= 1:
        return "feature", "constant"
    return "feature", "few" if facts.distinct <= 20 else "various"


def _all_different(facts: _Facts) -> bool:
    # the count of distinct values is near, not exact
    enough = facts.present >= _ENOUGH_TO_TELL
    return enough and facts.distinct >= _NEARLY_ALL * facts.present


def _is_free_text(facts: _Facts) -> bool:
    texts = [v for v in facts.seen if isinstance(v, str)]
    if facts.type != "string" or not texts:
        return False
    many = facts.distinct >= 0.5 * facts.present
    long = sum(len(v) for v in texts) / len(texts) >= _LONG
    wordy = sum(len(v.split()) for v in texts) / len(texts) >= _WORDS
    return many and (long or wordy)
