"""A table that no check finds fault with, as a profile; a test changes one thing in it.

`Case` is one row of the table of all checks: what is changed, and what comes back.
Every module of cases exports ``CASES: dict[str, tuple[Case, ...]]`` by code;
test_every_check.py demands one that fires, one that is quiet and one that does not
apply for each code, runs them all and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from workshop.analysis.intervals import rate
from workshop.analysis.labels import Labelling
from workshop.analysis.readiness.given import ReviewInput, Scored, Use
from workshop.analysis.readiness.profile import (
    ColumnProfile,
    Copies,
    GroupCount,
    GroupProfile,
    LabelProfile,
    Period,
    Profile,
    Shapes,
    TimeProfile,
)
from workshop.data.card import Column, DatasetCard, License, Schema, Source

ROWS = 12_000
TODAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Case:
    """What is changed, and what the check must come back with."""

    change: Callable[[ReviewInput], ReviewInput]
    outcome: str
    severity: str | None = None
    reason: str = ""
    names: tuple[str, ...] = ()
    """Words that the finding's sentence must hold, such as the column's name."""


def column(name: str, kind: str = "number", role: str | None = "feature", **more):
    """Return one column's profile; numbers run from 0 to 100."""
    ends = {"low": 0.0, "high": 100.0, "mean": 50.0, "sd": 20.0}
    known = ends if kind == "number" else {}
    known |= {"distinct": 5000, "missing": 0, "rows": ROWS}
    return ColumnProfile(name=name, kind=kind, role=role, **(known | more))


def plain_profile() -> Profile:
    """Return twelve thousand rows of a year, 30 of 100 positive, two regions."""
    columns = {
        c.name: c
        for c in (
            column("id", "text", "id", distinct=ROWS),
            column("when", "time", "time"),
            column("region", "text", "group", distinct=2),
            column("amount"),
            column("visits"),
            column("good", "number", "label", distinct=2, low=0.0, high=1.0),
        )
    }
    half, good = ROWS // 2, int(0.3 * ROWS) // 2
    months = tuple(
        Period(datetime(2026, month, 1), ROWS // 10, ROWS // 10, good * 2 // 10)
        for month in range(1, 11)
    )
    return Profile(
        engine="duckdb",
        rows=ROWS,
        columns=columns,
        label=LabelProfile(
            "good", ROWS, ROWS, 2 * good, (("0", ROWS - 2 * good), ("1", 2 * good)), 2
        ),
        groups=(
            GroupProfile(
                "region",
                (
                    GroupCount("north", half, half, good),
                    GroupCount("south", half, half, good),
                ),
                distinct=2,
            ),
        ),
        time=TimeProfile(
            "when", datetime(2026, 1, 1), datetime(2026, 10, 31), "month", months
        ),
        copies=Copies(("amount", "visits", "region"), ROWS, 0, ROWS, 0),
        shapes=Shapes(rows=ROWS, whole=True),
    )


def plain_card() -> DatasetCard:
    """Return a card that describes every column of the plain profile."""
    fields = tuple(
        Column(
            name=c.name, role=c.role or "feature", type=c.kind, description="described"
        )
        for c in plain_profile().columns.values()
    )
    return DatasetCard(
        name="plain",
        title="Plain",
        description="Rows.",
        licenses=(License(name="CC0"),),
        sources=(Source(title="made up"),),
        labelled_by="two people, each on their own",
        schema=Schema(fields=fields),
        personal_data="none",
    )


def plain_scored() -> Scored:
    """Return scores that are calibrated chances, in no order."""
    rng = np.random.default_rng(7)
    scores = rng.random(ROWS)
    labels = rng.random(ROWS) < scores
    wrong = int((~labels).sum())
    return Scored(
        labels=labels,
        scores=scores,
        file_labels=labels,
        sources=np.array([f"s{i % 60}" for i in range(ROWS)]),
        error=rate("error.all", wrong, ROWS, rows="all"),
    )


def plain() -> ReviewInput:
    """Return a review that comes back without a finding."""
    return ReviewInput(
        profile=plain_profile(),
        card=plain_card(),
        use=Use(
            today=TODAY,
            acceptable=0.3,
            promised_by=date(2027, 6, 1),
            groups=("region",),
        ),
        scored=plain_scored(),
        labelling=Labelling(3, 60, 120),
    )


def with_profile(**changes: object) -> Callable[[ReviewInput], ReviewInput]:
    """Return a change of some fields of the profile."""
    return lambda given: replace(given, profile=replace(given.profile, **changes))


def with_column(name: str, **changes: object) -> Callable[[ReviewInput], ReviewInput]:
    """Return a change of one column's profile; a new name adds a column."""

    def change(given: ReviewInput) -> ReviewInput:
        columns = dict(given.profile.columns)
        columns[name] = replace(columns.get(name) or column(name), **changes)
        return replace(given, profile=replace(given.profile, columns=columns))

    return change


def only(**changes: object) -> Callable[[ReviewInput], ReviewInput]:
    """Return a change of some fields of the review's input."""
    return lambda given: replace(given, **changes)


def same(given: ReviewInput) -> ReviewInput:
    """Change nothing."""
    return given
