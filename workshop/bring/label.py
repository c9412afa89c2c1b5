"""Which value of the label counts as positive, and is the label fit for a decision?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workshop.bring.asked import nearest
from workshop.data.candidates import Scalar
from workshop.data.tables import fetched
from workshop.errors import InputError

if TYPE_CHECKING:
    import ibis

MOST_VALUES = 1_000
MANY_NUMBERS = 20
"""More numbers than this, with fractions, are measured and no classes."""
_YES = ("1", "1.0", "true", "yes", "y", "t", "positive", "pos", "good", "correct")


@dataclass(frozen=True)
class LabelSeen:
    """The label's values with their counts, commonest first, and the positive one.

    ``chosen`` says by what: ``asked``, ``word`` (it means yes) or ``rarer``. ``values``
    are the `MOST_VALUES` commonest and the positive one; ``kinds`` is how many there
    are, ``judged`` how many rows have a label, ``missing`` how many have none.
    """

    column: str
    positive: Scalar
    chosen: str
    values: tuple[tuple[Scalar, int], ...]
    kinds: int
    judged: int
    missing: int

    @property
    def positives(self) -> int:
        """Rows whose label is positive."""
        return sum(count for value, count in self.values if value == self.positive)


def label_of(
    table: ibis.Table, column: str, positive: str | None, where: str
) -> LabelSeen:
    """Count a label's values over all rows and find the positive one.

    Raises
    ------
    InputError
        When nothing is labelled, there is one value only, there are several and none
        was named, or the one that was named does not occur.
    """
    dtype = table[column].type()
    if not (dtype.is_boolean() or dtype.is_numeric() or dtype.is_string()):
        raise InputError(f"{where}: the label {column!r} is neither text nor number.")
    label = table[column]
    counted = {"rows": table.count(), "judged": label.count(), "k": label.nunique()}
    found = fetched(table.aggregate(**counted)).to_pylist()[0]
    values = _values(table, column, positive)
    chosen, how = pick_positive(values, positive, f"{where}: the label {column!r}")
    judged = int(found["judged"])
    missing = int(found["rows"]) - judged
    return LabelSeen(column, chosen, how, values, int(found["k"]), judged, missing)


def _values(
    table: ibis.Table, column: str, positive: str | None
) -> tuple[tuple[Scalar, int], ...]:
    """The commonest values with their counts, and those written like the one named."""
    held = table.filter(table[column].notnull())
    counts = held.group_by(value=held[column]).aggregate(n=held.count())
    common = counts.order_by(counts.n.desc(), counts.value.asc()).limit(MOST_VALUES)
    rows = fetched(common).to_pylist()
    if positive is not None and len(rows) == MOST_VALUES:
        alike = fetched(counts.filter(_written_like(counts.value, positive)))
        rows += [row for row in alike.to_pylist() if row not in rows]
    return tuple((row["value"], int(row["n"])) for row in rows)


def _written_like(value: ibis.Value, positive: str) -> ibis.Value:
    if value.type().is_numeric():
        with suppress(ValueError):
            return value == float(positive)
    return value.cast("string").strip().lower() == positive.strip().lower()


def pick_positive(
    values: Sequence[tuple[Any, int]], positive: str | None, about: str
) -> tuple[Scalar, str]:
    """Return the positive value and by what it was chosen; see `label_of`."""
    if not values:
        raise InputError(f"{about} is empty in every row; name the one that is filled.")
    if positive is not None:
        return _named(values, positive, about), "asked"
    if len(values) == 1:
        raise InputError(
            f"{about} holds only {_shown(values[0][0])}; a decision needs two values."
        )
    if len(values) > 2:
        listed = ", ".join(f"{_shown(v)} ({n:,})" for v, n in values[:6])
        many = f"{MOST_VALUES:,} or more" if len(values) == MOST_VALUES else len(values)
        if len(values) > MANY_NUMBERS and all(isinstance(v, float) for v, _ in values):
            raise InputError(
                f"{about} has {many} different numbers; a decision needs two values: "
                "add a column that is 1 from some number on and 0 below, and name it."
            )
        raise InputError(
            f"{about} has {many} values ({listed}{', …' if len(values) > 6 else ''}); "
            "decide on one against the rest with --positive VALUE."
        )
    yes = [value for value, _ in values if _text(value) in _YES]
    if len(yes) == 1:
        return yes[0], "word"
    return values[-1][0], "rarer"


def _named(values: Sequence[tuple[Any, int]], positive: str, about: str) -> Scalar:
    exact = [value for value, _ in values if str(value) == positive]
    alike = [value for value, _ in values if _same(value, positive)]
    if exact or len(alike) == 1:
        found = (exact or alike)[0]
        if len(values) == 1:
            raise InputError(
                f"{about} holds only {_shown(found)}; a decision needs two values."
            )
        return found
    known = [str(value) for value, _ in values]
    raise InputError(
        f"{about} is never {positive[:40]!r} (--positive); {nearest(positive, known)}"
    )


def _same(value: Any, text: str) -> bool:
    """Whether a value is what was typed: True as true or 1, 1.0 as 1."""
    if _text(value) == text.strip().casefold():
        return True
    try:
        return not isinstance(value, str) and float(value) == float(text)
    except (TypeError, ValueError):
        return False


def _text(value: Any) -> str:
    return str(value).strip().casefold()


def _shown(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return repr(text[:30])
