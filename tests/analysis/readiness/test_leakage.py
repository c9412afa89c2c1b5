"""Nothing tells the label that will not be there when a decision is made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from tests.analysis.readiness.builders import (
    ROWS,
    Case,
    only,
    plain,
    same,
    with_column,
    with_profile,
)
from workshop.analysis.readiness import CHECKS, Finding, ReviewInput, review
from workshop.analysis.readiness.checks.leakage import sounds_late
from workshop.analysis.readiness.profile import LabelProfile, Separation, Shapes


def in_order(labels: np.ndarray, *, time: bool = True, tied: bool = False):
    def change(given: ReviewInput) -> ReviewInput:
        scored = replace(given.scored, file_labels=labels)
        if tied:
            scored = replace(scored, scores=scored.scores.round(1))
        given = replace(given, scored=scored)
        return given if time else with_profile(time=None)(given)

    return change


PLAIN = plain()
SORTED = np.sort(PLAIN.scored.labels)[::-1]


def areas(**auc: float | tuple[float, float]):
    """Give columns an area under their own curve, and add those that are missing.

    A pair is an area and its half-width; one number has 0.005.
    """

    def change(given: ReviewInput) -> ReviewInput:
        found = []
        for name, value in auc.items():
            area, half = value if isinstance(value, tuple) else (value, 0.005)
            found.append(Separation(name, area, area - half, min(1, area + half), ROWS))
            given = with_column(name)(given)
        return with_profile(shapes=Shapes(ROWS, whole=True, separations=tuple(found)))(
            given
        )

    return change


def without_features(given: ReviewInput) -> ReviewInput:
    columns = {
        name: c for name, c in given.profile.columns.items() if c.role != "feature"
    }
    return with_profile(columns=columns)(given)


def declared(given: ReviewInput) -> ReviewInput:
    return with_column("air_time", role="leak")(given)


def told_by_holes(name: str, missing: int, positives: int):
    return with_column(
        name, missing=missing, missing_judged=missing, missing_positives=positives
    )


def rare_holes(given: ReviewInput) -> ReviewInput:
    """Let 600 of 8,000 positives lack a column that no negative row lacks."""
    label = LabelProfile("good", ROWS, ROWS, 8000)
    return told_by_holes("tail", 600, 600)(with_profile(label=label)(given))


EASY = areas(**{f"measure_{i}": 0.95 + i / 1000 for i in range(6)}, amount=0.6)

CASES: dict[str, tuple[Case, ...]] = {
    "DR006": (
        Case(in_order(SORTED), "finding", "warning", names=("100 of 100",)),
        Case(in_order(SORTED, tied=True), "finding", "warning"),
        Case(in_order(SORTED, time=False), "finding", "warning"),
        Case(in_order(SORTED, time=False, tied=True), "finding", "blocker"),
        Case(in_order(SORTED[::-1], time=False, tied=True), "finding", "blocker"),
        Case(same, "passed"),
        Case(in_order(np.ones(50, dtype=bool)), "cannot_tell", reason="one_class"),
        Case(only(scored=None), "not_applicable", reason="no_scores"),
    ),
    "DR019": (
        Case(
            areas(amount=0.97, visits=0.6), "finding", "blocker", names=("amount", "97")
        ),
        Case(
            areas(duration=0.81, month=0.654, visits=0.6),
            "finding",
            "warning",
            names=("duration",),
        ),
        Case(EASY, "finding", "warning"),
        Case(areas(amount=0.85, visits=0.8), "passed"),
        Case(areas(good=1.0, amount=0.6), "passed"),
        Case(same, "passed"),
        Case(
            areas(amount=(0.92, 0.06), visits=0.91),
            "finding",
            "blocker",
        ),
        Case(areas(amount=(0.92, 0.06), visits=0.87), "cannot_tell", reason="few_rows"),
        Case(
            with_profile(label=LabelProfile("good", ROWS, ROWS, 0)),
            "cannot_tell",
            reason="one_class",
        ),
        Case(with_profile(label=None), "not_applicable", reason="no_label"),
        Case(without_features, "not_applicable", reason="no_features"),
    ),
    "DR020": (
        Case(declared, "finding", "note", names=("air_time",)),
        Case(
            lambda g: with_column("arr_delay")(declared(g)),
            "finding",
            "warning",
            names=("air_time", "arr_delay"),
        ),
        Case(with_column("arr_delay"), "finding", "warning", names=("arr_delay",)),
        Case(
            told_by_holes("air_time", 900, 900),
            "finding",
            "blocker",
            names=("air_time",),
        ),
        Case(told_by_holes("refused_by", 900, 0), "finding", "blocker"),
        Case(rare_holes, "finding", "warning", names=("tail",)),
        Case(told_by_holes("amount", 900, 300), "passed"),
        Case(with_column("sched_arr_time"), "passed"),
        Case(same, "passed"),
        Case(without_features, "not_applicable", reason="no_features"),
    ),
}


def found(code: str, given: ReviewInput) -> Finding:
    return next(f for f in review(given).findings if f.code == code)


# --- the order of rows ---------------------------------------------------------------


@settings(max_examples=30)
@drawn(st.lists(st.booleans(), min_size=200, max_size=260), st.integers(0, 200))
def test_the_order_effect_is_the_share_of_pairs_in_which_a_positive_stands_first(
    labels, cut
):
    labels = np.array(sorted(labels[:cut], reverse=True) + labels[cut:])
    if labels.all() or not labels.any():
        return
    finding = CHECKS["DR006"].run(in_order(labels)(PLAIN))
    if finding is None:
        return
    first, last = np.flatnonzero(labels), np.flatnonzero(~labels)
    pairs = float(np.mean(first[:, None] < last[None, :]))
    assert finding.numbers["order"].value == pytest.approx(pairs)
    assert finding.at_stake.value == pytest.approx(abs(pairs - 0.5))
    assert finding.at_stake.lo > 0.05


def test_a_file_kept_by_a_few_sources_is_in_no_telling_order():
    """Twelve sources of a thousand rows, each of a rate of its own: no order."""
    sources = np.repeat([f"s{i}" for i in range(12)], 1000)
    tenths = [7, 3, 8, 4, 6, 2, 9, 3, 5, 1, 6, 2]
    rates = np.repeat(np.array(tenths) / 10, 1000)
    labels = np.random.default_rng(3).random(12_000) < rates
    alone = in_order(labels)(PLAIN)
    assert found("DR006", alone).outcome == "finding"
    scored = replace(alone.scored, file_sources=sources)
    assert found("DR006", replace(alone, scored=scored)).outcome == "passed"


def test_a_sorted_file_is_found_though_rows_hang_together():
    given = in_order(SORTED)(PLAIN)
    sources = np.array([f"s{i % 60}" for i in range(len(SORTED))])
    given = replace(given, scored=replace(given.scored, file_sources=sources))
    assert found("DR006", given).outcome == "finding"


def test_a_shuffled_file_is_no_finding():
    shuffled = np.random.default_rng(3).permutation(SORTED)
    assert found("DR006", in_order(shuffled)(plain())).outcome == "passed"


# --- a column that tells too much ----------------------------------------------------


def test_the_length_of_a_call_is_found_though_it_is_below_nine_of_ten():
    """In the bank's calls `duration` alone reaches 0.808, the next best 0.654."""
    given = found("DR019", areas(duration=0.808, month=0.654)(plain()))
    assert given.names["columns"] == "duration"
    assert given.numbers["rest"].value == pytest.approx(0.654)
    assert given.at_stake.value == pytest.approx(0.308)


def test_two_columns_that_stand_out_together_do_not_hide_each_other():
    given = found("DR019", areas(a=0.86, b=0.84, amount=0.6, visits=0.55)(plain()))
    assert [d.about for d in given.details] == ["a", "b"]


def test_a_column_declared_as_a_leak_does_not_count():
    given = areas(dep_delay=0.97, amount=0.6)(plain())
    given = with_column("dep_delay", role="leak")(given)
    assert found("DR019", given).outcome == "passed"


def test_the_rows_asked_for_shrink_the_interval_onto_the_mark():
    # half-width 0.06, room 0.02: three times narrower takes nine times the rows
    given = found("DR019", areas(amount=(0.92, 0.06), visits=0.87)(plain()))
    assert given.numbers["needed"].value == pytest.approx(9 * ROWS, rel=0.001)


# --- columns known only after the event ----------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["arr_time", "arr_delay", "dep_delay", "caseOutcome", "closed_at", "Final Grade"],
)
def test_a_name_that_speaks_of_what_has_happened_is_heard(name):
    assert sounds_late(name)


@pytest.mark.parametrize(
    "name",
    [
        "poutcome",
        "sched_arr_time",
        "previous_outcome",
        "arrears",
        "afternoon",
        "carrier",
    ],
)
def test_a_name_that_only_looks_like_it_is_not(name):
    assert not sounds_late(name)


def test_the_air_time_that_flights_without_an_arrival_lack_is_found():
    """9,430 flights of 2013 have no air time, all disrupted; 15.7 of 100 others are."""
    rows = 336_776
    label = LabelProfile("disrupted", rows, rows, 60_929)
    given = with_profile(rows=rows, label=label, groups=())(plain())
    given = told_by_holes("air_time", 9430, 9430)(given)
    finding = found("DR020", given)
    assert finding.severity == "blocker"
    assert finding.numbers["used"].value == 1
    # the flag "it is missing" catches 9,430 of 60,929 and raises no false alarm
    assert finding.at_stake.value == pytest.approx(9430 / 60_929 / 2)


def test_holes_that_tell_no_more_than_other_rows_do_are_no_finding():
    rare = with_profile(label=LabelProfile("good", ROWS, ROWS, 60))(plain())
    assert found("DR020", told_by_holes("amount", 900, 0)(rare)).outcome == "passed"


def test_few_holes_do_not_tell_however_clear_they_look():
    given = told_by_holes("amount", 100, 100)(plain())
    assert found("DR020", given).outcome == "passed"


def test_a_suspect_that_nobody_measured_may_lend_all_there_is():
    given = found("DR020", with_column("outcome_code")(plain()))
    assert given.at_stake.value == 0.5
    assert given.at_stake.assumed
    measured = found("DR020", areas(outcome_code=0.62)(plain()))
    assert measured.at_stake.value == pytest.approx(0.12)


def test_declared_columns_are_named_and_put_nothing_at_stake():
    given = found("DR020", declared(plain()))
    assert given.names["left_out"] == "air_time"
    assert given.at_stake.value == 0
