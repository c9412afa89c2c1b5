"""A repeated row is no news, and a contradicted one sets a floor under the error."""

from __future__ import annotations

import math

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.analysis.readiness.builders import (
    ROWS,
    Case,
    column,
    plain,
    same,
    with_column,
    with_profile,
)
from workshop.analysis.readiness import CHECKS, Finding, ReviewInput, review
from workshop.analysis.readiness.profile import Copies, Shapes, Twins

PLAIN = plain()
INPUTS = ("amount", "visits", "region")


def copies(
    repeated: int = 0, clashing: int = 0, share: float = 1.0, judged=ROWS, floor=None
):
    floor = clashing // 2 if floor is None else floor
    counts = (ROWS, repeated, judged, clashing, share, floor)
    return with_profile(copies=Copies(INPUTS, *counts))


def twins(*pairs: tuple[str, str, float]):
    found = tuple(Twins(*pair, ROWS) for pair in pairs)
    return with_profile(shapes=Shapes(ROWS, whole=True, twins=found))


def engine_cannot(given: ReviewInput) -> ReviewInput:
    return with_profile(copies=None, not_done={"copies": "engine_cannot"})(given)


def few_combinations(given: ReviewInput) -> ReviewInput:
    given = with_column("visits", distinct=3)(given)
    return copies(11_000)(with_column("amount", distinct=7)(given))


def few_that_clash(given: ReviewInput) -> ReviewInput:
    return copies(11_000, clashing=6000)(few_combinations(given))


def late_twin(given: ReviewInput) -> ReviewInput:
    late = with_column("refund", **{"role": "leak"})(given)
    return twins(("amount", "refund", 0.999))(late)


def one_feature(given: ReviewInput) -> ReviewInput:
    columns = {n: c for n, c in given.profile.columns.items() if n != "visits"}
    return with_profile(columns=columns)(given)


CASES: dict[str, tuple[Case, ...]] = {
    "DR004": (
        Case(copies(12), "finding", "note", names=("12 of 12,000",)),
        Case(copies(3000), "finding", "warning"),
        Case(copies(3000, share=1 / 64), "finding", "warning", names=("1.6 of 100",)),
        Case(same, "passed"),
        Case(few_combinations, "cannot_tell", reason="few_combinations"),
        Case(with_profile(copies=None), "not_applicable", reason="no_features"),
        Case(engine_cannot, "cannot_tell", reason="engine_cannot"),
    ),
    "DR007": (
        Case(copies(12, clashing=8), "finding", "note", names=("8 of 12,000",)),
        Case(copies(3000, clashing=1200), "finding", "warning"),
        Case(copies(3000, clashing=1200, share=1 / 64), "finding", "warning"),
        Case(engine_cannot, "cannot_tell", reason="engine_cannot"),
        # One odd label among a thousand alike rows is one row, not a thousand.
        Case(copies(3000, clashing=1000, floor=1), "finding", "note"),
        Case(few_that_clash, "cannot_tell", reason="few_combinations"),
        Case(copies(3000), "passed"),
        Case(with_profile(copies=None), "not_applicable", reason="no_features"),
        Case(copies(9, judged=0), "not_applicable", reason="no_label"),
    ),
    "DR016": (
        Case(twins(("amount", "visits", 0.998)), "finding", "note", names=("amount",)),
        Case(late_twin, "finding", "warning"),
        Case(twins(("amount", "visits", 1.0)), "finding", "note", names=("amount",)),
        Case(same, "passed"),
        Case(one_feature, "not_applicable", reason="one_column"),
    ),
}


def found(code: str, given: ReviewInput) -> Finding:
    return next(f for f in review(given).findings if f.code == code)


def test_a_quarter_of_copies_makes_a_range_too_narrow_by_the_root_of_four_thirds():
    given = copies(3000)(plain())
    finding = found("DR004", given)
    assert finding.numbers["factor"].value == pytest.approx(math.sqrt(4 / 3))
    half = (given.scored.error.hi - given.scored.error.lo) / 2
    assert finding.at_stake.value == pytest.approx(half * (math.sqrt(4 / 3) - 1))


@pytest.mark.parametrize(("repeated", "variant"), [(12, "little"), (3000, "")])
def test_a_range_that_hardly_moves_is_said_without_a_factor_of_one(repeated, variant):
    finding = found("DR004", copies(repeated)(plain()))
    assert finding.variant == variant
    assert (f"{finding.numbers['factor'].value:.3g}" == "1") == (variant == "little")


def test_rows_that_must_repeat_are_not_called_copies():
    # 7 amounts, 3 visits and 2 regions make 42 different rows, and there are 12,000
    given = found("DR004", few_combinations(plain()))
    assert given.numbers["combinations"].value == pytest.approx(42)


def test_the_room_for_rows_is_counted_against_all_rows_and_not_the_64th_looked_at():
    wide = with_column("visits", distinct=30)(
        with_column("amount", distinct=3000)(plain())
    )
    assert found("DR004", copies(600)(wide)).outcome == "finding"
    assert found("DR004", copies(600, share=1 / 64)(wide)).outcome == "cannot_tell"


def test_a_thousand_columns_leave_room_for_any_number_of_rows():
    given = plain()
    columns = {f"c{i}": column(f"c{i}") for i in range(1000)}
    given = with_profile(columns=given.profile.columns | columns)(given)
    given = with_profile(copies=Copies(tuple(columns), ROWS, 12, ROWS, 0))(given)
    assert found("DR004", given).outcome == "finding"


@drawn(st.lists(st.booleans(), min_size=2, max_size=60))
def test_no_model_can_do_better_than_the_floor_says_it_may_have_to(labels):
    """Alike rows: whatever is said of them, the rarer label is wrong."""
    if all(labels) or not any(labels):
        return
    wrong = min(labels.count(True), labels.count(False))
    n = len(labels)
    given = with_profile(copies=Copies(INPUTS, n, n - 1, n, n, floor=wrong))(PLAIN)
    assert CHECKS["DR007"].run(given).at_stake.value == pytest.approx(wrong / n)


def test_twins_stand_closest_first_and_the_least_alike_says_what_is_at_stake():
    change = twins(("amount", "visits", 0.97), ("amount", "region", 0.999))
    given = found("DR016", change(plain()))
    assert [d.about for d in given.details] == ["amount · region", "amount · visits"]
    assert given.at_stake.value == pytest.approx(0.03)
