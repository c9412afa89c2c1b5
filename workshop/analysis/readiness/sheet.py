"""Which columns does a table have, of which kind, and what part does each play?

A `Sheet` gives the table under short safe names (``c0``, ``c1``, …), with NaN turned
into nulls, and beside each row whether somebody judged it, whether it is positive, and
when it was. All counting is written over its views, so that no column's name can hurt a
query, and one over a few of a thousand columns is built as quickly as it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workshop.analysis.readiness.engines import engine_of
from workshop.analysis.readiness.profile import Kind
from workshop.data.card import ColumnRole, DatasetCard
from workshop.errors import InputError

if TYPE_CHECKING:
    from ibis import Table, Value
    from ibis.expr.datatypes import DataType

Scalar = str | int | float | bool

# What every row carries beside its own columns.
BESIDE = ("judged", "positive", "when")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its own name, its name in the sheet, kind and role."""

    name: str
    at: str
    kind: Kind
    role: ColumnRole | None
    floating: bool = False


@dataclass(frozen=True)
class Parts:
    """Which columns are the key, the label, the time, the cluster, and so on."""

    key: str | None
    label: str | None
    positive: Scalar
    time: str | None
    groups: tuple[str, ...]
    cluster: str | None
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The table as it is counted; ``values`` are its cleaned columns by short name."""

    engine: str
    table: Table
    values: dict[str, Value]
    fields: tuple[Field, ...]
    parts: Parts

    def view(self, *fields: Field) -> Table:
        """Return these columns; ``judged``, ``positive`` and ``when`` beside them."""
        names = [*dict.fromkeys(field.at for field in fields), *BESIDE]
        return self.table.select(**{name: self.values[name] for name in names})

    def field(self, name: str) -> Field:
        """Return the column of that name."""
        return next(f for f in self.fields if f.name == name)

    @property
    def inputs(self) -> tuple[Field, ...]:
        """Columns a model would be given: features, groups and undocumented ones."""
        parts = self.parts
        apart = {parts.key, parts.label, parts.time, *parts.annotators}
        return tuple(
            f
            for f in self.fields
            if f.role in ("feature", "group", None)
            and f.name not in apart
            and f.kind != "other"
        )


def lay_out(table: Table, card: DatasetCard, parts: Parts) -> Sheet:
    """Return the table as a sheet.

    Raises
    ------
    InputError
        When a column named by the scenario is not in the table, or the key holds
        lists or the like.
    """
    import ibis

    _need_columns(table, parts)
    fields = tuple(
        Field(
            name=name,
            at=f"c{place}",
            kind=kind_of(dtype),
            role=_role(name, card, parts),
            floating=bool(dtype.is_floating()),
        )
        for place, (name, dtype) in enumerate(table.schema().items())
    )
    values = {f.at: _cleaned(table[f.name], f.kind) for f in fields}
    values |= {**_labelled(table, parts), "when": ibis.null("timestamp")}
    return Sheet(engine_of(table), table, values, fields, parts)


def kind_of(dtype: DataType) -> Kind:
    """Return the kind of a column by its type; nested and binary ones are ``other``."""
    if dtype.is_boolean():
        return "boolean"
    if dtype.is_numeric():
        return "number"
    if dtype.is_string() or dtype.is_uuid():
        return "text"
    return "time" if dtype.is_date() or dtype.is_timestamp() else "other"


def as_text(value: Any) -> str:
    """Return a value as a page shows it: whole numbers without a point.

    >>> as_text(1.0), as_text(True), as_text("x")
    ('1', 'true', 'x')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def is_positive(label: Value, positive: Scalar) -> Value:
    """Return the expression that a label is the positive value, nulls not.

    A number matches its text and a boolean 0 and 1, as people write them in YAML; a
    value that cannot occur in the column matches nothing.
    """
    import ibis

    wanted = _positive_as(kind_of(label.type()), positive)
    if wanted is None:
        return ibis.literal(False)
    return (label == wanted).fill_null(False)


def _positive_as(kind: Kind, positive: Scalar) -> Scalar | None:
    text = as_text(positive)
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    if kind == "number":
        try:
            return float(positive)
        except ValueError:
            return None
    return text if kind == "text" else None


def _need_columns(table: Table, parts: Parts) -> None:
    named = {
        "key": parts.key,
        "label.column": parts.label,
        "time": parts.time,
        "cluster": parts.cluster,
    }
    wanted = [*named.items(), *(("groups", name) for name in parts.groups)]
    wanted += [("annotators", name) for name in parts.annotators]
    for field, name in wanted:
        if name is not None and name not in table.columns:
            raise InputError(
                f"table, {field}: there is no column {name!r}; the columns are "
                f"{', '.join(map(str, table.columns[:12]))}. Correct scenario.yaml."
            )
    key = None if parts.key is None else table[parts.key].type()
    if key is not None and kind_of(key) == "other":
        raise InputError(
            f"table, key: {parts.key!r} holds values of type {key}, which cannot tell "
            "rows apart; name a column of text or numbers as key in scenario.yaml."
        )


def _role(name: str, card: DatasetCard, parts: Parts) -> ColumnRole | None:
    column = card.column(name)
    # "feature" is what a card says of a column that nobody gave a part.
    if column is not None and column.role != "feature":
        return column.role
    if name == parts.label:
        return "label"
    if name == parts.key:
        return "id"
    if name == parts.time:
        return "time"
    if name in parts.annotators:
        return "annotator"
    if name in parts.groups:
        return "group"
    return column.role if column is not None else None


def _cleaned(column: Value, kind: Kind) -> Value:
    import ibis

    dtype = column.type()
    if dtype.is_floating():
        return ibis.ifelse(column.isnan(), ibis.null(dtype), column)
    if dtype.is_decimal():
        return column.cast("float64")
    if dtype.is_uuid():
        return column.cast("string")
    # Engines are asked in UTC, so that a time zone cannot move a row to another day.
    return column.cast("timestamp") if kind == "time" else column


def _labelled(table: Table, parts: Parts) -> dict[str, Value]:
    import ibis

    if parts.label is None:
        return {"judged": ibis.literal(False), "positive": ibis.literal(False)}
    label = table[parts.label]
    label = _cleaned(label, kind_of(label.type()))
    return {"judged": label.notnull(), "positive": is_positive(label, parts.positive)}
