"""What is missing is counted, sized, and held against the label and the groups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.analysis.readiness.builders import (
    ROWS,
    Case,
    plain,
    same,
    with_column,
    with_profile,
)
from workshop.analysis.readiness import CHECKS, Finding, ReviewInput, review
from workshop.analysis.readiness.checks.missingness import APART, SHIFT
from workshop.analysis.readiness.profile import GroupCount, GroupProfile, LabelProfile

PLAIN = plain()


def labelled(judged: int, positives: int | None = None):
    """Leave only so many rows with a label, 30 of 100 of them positive."""
    good = int(0.3 * judged) if positives is None else positives
    return with_profile(label=LabelProfile("good", ROWS, judged, good))


def without_features(given: ReviewInput) -> ReviewInput:
    columns = {
        name: c for name, c in given.profile.columns.items() if c.role != "feature"
    }
    return with_profile(columns=columns)(given)


def holes(missing: int, positives: int, north: int | None = None, group="region"):
    """Make holes in amount: so many, of these positive, and of these in the north."""
    there = missing // 2 if north is None else north

    def change(given: ReviewInput) -> ReviewInput:
        changed = with_column(
            "amount",
            missing=missing,
            missing_judged=missing,
            missing_positives=positives,
        )(given)
        values = (
            GroupCount("north", 6000, 6000, 1800, {"amount": there}),
            GroupCount("south", 6000, 6000, 1800, {"amount": missing - there}),
        )
        return with_profile(groups=(GroupProfile(group, values, 2),))(changed)

    return change


def nothing_to_compare(given: ReviewInput) -> ReviewInput:
    return with_profile(label=None, groups=())(given)


def all_idle(given: ReviewInput) -> ReviewInput:
    return with_column("amount", high=0.0)(
        with_column("visits", missing=ROWS, low=None, high=None)(given)
    )


CASES: dict[str, tuple[Case, ...]] = {
    "DR001": (
        Case(labelled(11_400), "finding", "note", names=("600", "good")),
        Case(labelled(6000), "finding", "warning"),
        Case(same, "passed"),
        Case(with_profile(label=None), "not_applicable", reason="no_label"),
        Case(labelled(0), "not_applicable", reason="no_label"),
    ),
    "DR005": (
        Case(with_column("amount", missing=600), "finding", "note", names=("amount",)),
        Case(with_column("amount", missing=6000), "finding", "warning"),
        Case(with_column("region", missing=6000), "finding", "note"),
        Case(same, "passed"),
        Case(with_column("amount", missing=11_900), "passed"),
        Case(without_features, "not_applicable", reason="no_features"),
    ),
    "DR013": (
        Case(holes(1000, 900), "finding", "warning", names=("amount", "65.5")),
        Case(holes(60, 60), "finding", "note"),
        Case(holes(3000, 900, north=2500), "finding", "warning", names=("north",)),
        Case(holes(3000, 900, north=2500, group="size"), "finding", "note"),
        Case(holes(600, 180), "passed"),
        Case(holes(40, 20), "cannot_tell", reason="few_holes"),
        Case(same, "not_applicable", reason="no_holes"),
        Case(nothing_to_compare, "not_applicable", reason="nothing_to_compare"),
    ),
    "DR014": (
        Case(
            with_column("amount", stand_ins={"-999": 300}),
            "finding",
            "note",
            names=("amount", "-999"),
        ),
        Case(with_column("amount", stand_ins={"unknown": 9000}), "finding", "warning"),
        Case(
            with_column("amount", missing=2400, stand_ins={"": 600}),
            "finding",
            "warning",
        ),
        Case(same, "passed"),
        Case(without_features, "not_applicable", reason="no_features"),
    ),
    "DR015": (
        Case(with_column("amount", high=0.0), "finding", "note", names=("amount",)),
        Case(with_column("amount", missing=11_500), "finding", "note"),
        Case(with_column("amount", commonest=("0", 11_995)), "finding", "note"),
        Case(all_idle, "finding", "warning"),
        Case(same, "passed"),
        Case(with_column("visits", commonest=("0", 11_000)), "passed"),
        Case(without_features, "not_applicable", reason="no_features"),
    ),
}


def found(code: str, given: ReviewInput) -> Finding:
    return next(f for f in review(given).findings if f.code == code)


def test_bounds_of_the_share_of_positives_are_none_and_all_of_the_unlabelled():
    # 2,700 of 9,000 positive, 3,000 unlabelled: 2,700 to 5,700 of 12,000
    given = found("DR001", labelled(9000)(plain()))
    assert given.numbers["bounds"].lo == pytest.approx(0.225)
    assert given.numbers["bounds"].hi == pytest.approx(0.475)
    assert given.at_stake.value == pytest.approx(0.125)
    assert given.numbers["sample"].value == 385


@drawn(st.integers(1, ROWS - 1), st.floats(0, 1), st.floats(0, 1))
def test_the_true_share_lies_within_the_bounds_whatever_the_rest_is(judged, p, q):
    positives, hidden = int(p * judged), int(q * (ROWS - judged))
    given = CHECKS["DR001"].run(labelled(judged, positives)(PLAIN))
    truth = (positives + hidden) / ROWS
    bounds = given.numbers["bounds"]
    assert bounds.lo - 1e-12 <= truth <= bounds.hi + 1e-12


def test_columns_with_holes_stand_emptiest_first_and_at_most_twelve_of_them():
    given = plain()
    for i in range(20):
        given = with_column(f"c{i:02}", missing=100 + i)(given)
    about = [d.about for d in found("DR005", given).details]
    assert about == [f"c{i:02}" for i in range(19, 7, -1)]


def flights(column: str, missing: int, positives: int):
    """Return the year of flights of 2013 with one column's holes."""
    rows, late = 336_776, 60_929

    def change(given: ReviewInput) -> ReviewInput:
        columns = {
            name: replace(c, rows=rows) for name, c in given.profile.columns.items()
        }
        given = with_profile(
            rows=rows,
            columns=columns,
            label=LabelProfile("disrupted", rows, rows, late),
            groups=(),
        )(given)
        return with_column(
            column,
            rows=rows,
            missing=missing,
            missing_judged=missing,
            missing_positives=positives,
        )(given)

    return change


def test_the_departure_time_that_only_cancelled_flights_lack_is_found():
    # 8,255 cancelled flights, all of them disrupted, against 16 of 100 others
    given = found("DR013", flights("dep_time", 8255, 8255)(plain()))
    assert given.severity == "warning"
    assert given.names["column"] == "dep_time"
    assert given.numbers["difference"].value == pytest.approx(
        1 - (60_929 - 8255) / (336_776 - 8255)
    )


def test_the_gusts_that_are_missing_at_low_wind_are_found_for_what_they_move():
    # 17.5 of 100 late without a gust, 20.0 with one: small, but three rows of four
    given = found("DR013", flights("wind_gust", 256_391, 44_843)(plain()))
    assert given.severity == "warning"
    assert abs(given.numbers["difference"].value) < APART
    assert given.at_stake.lo > SHIFT
    without = (60_929 - 44_843) / (336_776 - 256_391)
    assert given.at_stake.value == pytest.approx(abs(without - 60_929 / 336_776))


def test_what_is_at_stake_is_how_far_the_rate_moves_without_the_rows():
    # 900 of 1,000 against 2,700 of 11,000: 3,600/12,000 less 2,700/11,000
    given = found("DR013", holes(1000, 900)(plain()))
    assert given.at_stake.value == pytest.approx(3600 / 12_000 - 2700 / 11_000)
    assert given.at_stake.lo <= given.at_stake.value <= given.at_stake.hi


def test_more_comparisons_ask_for_a_wider_interval():
    def width(given: ReviewInput) -> float:
        number = found("DR013", given).numbers["difference"]
        return number.hi - number.lo

    few = holes(1000, 900)(plain())
    many = few
    for i in range(30):
        many = with_column(
            f"c{i}", missing=600, missing_judged=600, missing_positives=180
        )(many)
    assert width(many) > width(few)
    assert found("DR013", many).numbers["looks"].value == 31 + 2


def test_columns_with_the_same_holes_are_one_line_of_the_table():
    given = holes(3000, 2000, north=2500)(plain())
    for name in ("engine", "seats"):
        given = with_column(
            name, missing=1000, missing_judged=1000, missing_positives=900
        )(given)
    finding = found("DR013", given)
    assert [d.about for d in finding.details] == [
        "engine, seats · good",
        "amount · good",
        "amount · region: north",
        "amount · region: south",
    ]
    assert finding.numbers["by_label"].value == 3


def test_holes_that_exist_only_where_nobody_judged_go_with_no_label():
    given = with_column("amount", missing=500)(plain())
    assert found("DR013", with_profile(groups=())(given)).reason == "no_holes"


def test_values_that_stand_for_missing_are_quoted_and_added_to_the_holes():
    change = with_column("amount", missing=1200, stand_ins={"": 100, "unknown": 500})
    given = found("DR014", change(plain()))
    assert given.names["value"] == "“unknown”, “”"
    assert given.numbers["standing"].k == 600
    assert given.numbers["read"].value == pytest.approx(0.15)
    assert given.at_stake.value == pytest.approx(0.05)


def test_idle_columns_put_at_stake_the_rows_in_which_they_differ():
    given = with_column("amount", commonest=("0", 11_995))(plain())
    given = with_column("visits", missing=11_900)(given)
    stake = found("DR015", given).at_stake
    assert stake.k == 5 + 100
    constant = found("DR015", with_column("amount", high=0.0)(plain()))
    assert constant.at_stake.value == 0


def test_a_constant_with_holes_still_tells_whether_it_is_there():
    change = with_column("amount", high=0.0, missing=3000)
    assert found("DR015", change(plain())).at_stake.value == pytest.approx(0.25)


# --- rows that hang together ---------------------------------------------------------


def test_labels_that_come_by_the_cluster_make_holes_tell_less():
    given = holes(100, 55)(plain())
    assert found("DR013", given).outcome == "finding"
    label = replace(given.profile.label, deff=20.0)
    assert found("DR013", with_profile(label=label)(given)).outcome != "finding"


def test_holes_that_come_by_the_cluster_make_groups_differ_less():
    given = holes(1200, 360, north=1000)(plain())
    assert found("DR013", given).severity == "warning"
    shapes = replace(given.profile.shapes, hole_deffs={"amount": 200.0})
    assert found("DR013", with_profile(shapes=shapes)(given)).outcome == "passed"


def test_a_few_holes_that_chance_explains_are_not_asked_about():
    # 15 of 40 where 12 are expected: seven points, give or take fifteen
    assert found("DR013", holes(40, 15)(plain())).outcome == "passed"
