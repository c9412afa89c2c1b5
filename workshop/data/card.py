"""What a data set is: origin, licence, columns with their roles, known limits.

Names follow the Data Package standard (``name, title, description, licenses,
sources, schema.fields``), with one addition of ours: each field's ``role``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from workshop.record.values import Frozen
from workshop.record.yaml_io import load

ColumnRole = Literal[
    "label", "score", "group", "time", "annotator", "id", "feature", "leak"
]


class License(Frozen):
    """What the data may be used for, and who says so."""

    name: str
    title: str = ""
    notes: str = ""


class Source(Frozen):
    """Where the data came from: a title and a way to find it, never a live address."""

    title: str
    citation: str = ""
    version: str = ""


class Column(Frozen):
    """One column: what it holds and what part it plays."""

    name: str
    type: str = "any"
    role: ColumnRole = "feature"
    description: str = ""
    inferred: bool = False


class Schema(Frozen):
    """The described columns."""

    fields: tuple[Column, ...] = ()


class Resource(Frozen):
    """One file of the data set."""

    path: str
    rows: int = Field(ge=0)
    description: str = ""


class DatasetCard(Frozen):
    """The card of a data set, as read from ``card.yaml``."""

    name: str
    title: str
    description: str
    licenses: tuple[License, ...] = ()
    sources: tuple[Source, ...] = ()
    collected: str = ""
    labelled_by: str = ""
    resources: tuple[Resource, ...] = ()
    schema_: Schema = Field(default=Schema(), alias="schema")
    limits: tuple[str, ...] = ()
    personal_data: str = ""

    def column(self, name: str) -> Column | None:
        """Return the described column of that name, or None when it is undocumented."""
        return next((c for c in self.schema_.fields if c.name == name), None)


def load_card(folder: Path) -> DatasetCard:
    """Read ``card.yaml`` of a scenario folder.

    Raises
    ------
    InputError
        With file, line and key where the card cannot be used.
    """
    return load(folder / "card.yaml", DatasetCard)
