"""Values mean what their column says, or somebody hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from tests.analysis.readiness.builders import (
    ROWS,
    Case,
    only,
    plain,
    plain_profile,
    plain_scored,
    same,
    with_profile,
)
from workshop.analysis.readiness import Finding, ReviewInput, review
from workshop.analysis.readiness.profile import LabelProfile, Mixed, Shapes


def scores(low: float, high: float):
    return only(scored=replace(plain_scored(), scores=np.linspace(low, high, ROWS)))


def mixed(**makes: int):
    shapes = Shapes(ROWS, whole=True, mixed=(Mixed("region", makes),))
    return with_profile(shapes=shapes)


def time(**changes: object):
    return with_profile(time=replace(plain_profile().time, **changes))


def nothing_to_read(given: ReviewInput) -> ReviewInput:
    columns = {
        name: c for name, c in given.profile.columns.items() if c.kind == "number"
    }
    return with_profile(columns=columns, time=None)(given)


def classes(count: int):
    values = tuple((f"class {i}", ROWS // count) for i in range(min(count, 50)))
    label = LabelProfile("good", ROWS, ROWS, ROWS // count, values, count)
    return with_profile(label=label)


CASES: dict[str, tuple[Case, ...]] = {
    "DR008": (
        Case(scores(-3, 8), "finding", "note", names=("8",)),
        Case(same, "passed"),
        Case(scores(0, 1), "passed"),
        Case(only(scored=None), "not_applicable", reason="no_scores"),
    ),
    "DR030": (
        Case(mixed(number=9000, text=3000), "finding", "warning", names=("region",)),
        Case(mixed(number=11_990, text=10), "finding", "note"),
        Case(time(future=3), "finding", "warning", names=("when",)),
        Case(time(far_off=2), "finding", "note", names=("2 of 12,000", "mistyped")),
        Case(time(unread=4), "finding", "note"),
        Case(time(unread=600), "finding", "warning"),
        Case(time(formats=("2024-01-31", "31/01/2024")), "finding", "warning"),
        Case(same, "passed"),
        Case(mixed(text=ROWS), "passed"),
        Case(nothing_to_read, "not_applicable", reason="nothing_to_read"),
    ),
    "DR032": (
        Case(classes(3), "finding", "note", names=("class 0", "4,000")),
        Case(classes(120), "finding", "warning", names=("116 more",)),
        Case(same, "passed"),
        Case(with_profile(label=None), "not_applicable", reason="no_label"),
    ),
}


def found(code: str, given: ReviewInput) -> Finding:
    return next(f for f in review(given).findings if f.code == code)


def test_what_is_at_stake_are_the_scores_off_the_scale():
    # 12,000 scores evenly from -1 to 3: half of them lie outside 0 to 1
    given = found("DR008", scores(-1, 3)(plain()))
    assert given.at_stake.value == pytest.approx(0.75, abs=0.001)
    assert given.numbers["low"].value == -1
    assert given.numbers["high"].value == 3


def test_a_column_that_is_mixed_and_a_time_column_with_a_future_stand_in_one_table():
    given = time(future=6000, high=datetime(2031, 1, 1))(
        mixed(number=9000, text=3000)(plain())
    )
    about = {d.about: d.numbers for d in found("DR030", given).details}
    assert list(about) == ["when", "region"]
    assert about["when"]["future"].value == pytest.approx(0.5)
    assert about["region"]["odd"].k == 3000


def test_dates_of_several_formats_that_were_counted_put_only_the_rarer_at_stake():
    shapes = Shapes(
        ROWS,
        whole=True,
        mixed=(Mixed("when", {"2024-01-31": 11_000, "31/01/2024": 1000}),),
    )
    formats = ("2024-01-31", "31/01/2024")
    given = time(formats=formats)(with_profile(shapes=shapes)(plain()))
    assert found("DR030", given).at_stake.value == pytest.approx(1 / 12)


def test_the_classes_stand_in_the_table_and_at_most_twelve_of_them():
    assert len(found("DR032", classes(3)(plain())).details) == 3
    assert len(found("DR032", classes(40)(plain())).details) == 12


def test_at_stake_are_the_rows_among_which_classes_are_not_told_apart():
    assert found("DR032", classes(4)(plain())).at_stake.value == pytest.approx(0.75)
