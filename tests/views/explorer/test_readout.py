"""What is said at a position agrees with the analysis, and adds up."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.views.explorer.givens import made_up_rows, some_given
from workshop.analysis.curve import threshold_curve
from workshop.analysis.group_names import Group as Name
from workshop.analysis.group_shares import group_shares
from workshop.analysis.groups import group_curves
from workshop.analysis.intervals import newcombe, wilson
from workshop.analysis.policies import evaluate
from workshop.record.values import Limits
from workshop.views.explorer.given import Counts, Group, Worth
from workshop.views.explorer.readout import (
    allocate,
    cells_at,
    group_gap,
    people_of,
    readout,
    worth_a_week,
)
from workshop.views.explorer.state import policy_at

GIVEN = some_given()
LAST = len(GIVEN.cuts) - 1
POSITIONS = st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(sorted)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.integers(0, 1000))
def test_what_is_shared_out_adds_up_and_no_share_is_off_by_one(counts, total):
    shares = allocate(tuple(counts), total)
    n = sum(counts)
    if n == 0:
        assert set(shares) == {0}
        return
    assert sum(shares) == total
    for k, share in zip(counts, shares, strict=True):
        assert abs(share * n - k * total) < n


@given(POSITIONS)
def test_there_are_always_100_people_in_the_picture_and_in_its_words(position):
    ask, act = position
    said = readout(GIVEN, act, ask)
    assert sum(map(int, said["people"].split())) == 100
    five = ("left_alone", "missed", "asked", "false_alarm", "caught")
    assert sum(int(said[name]) for name in five) == 100
    sides = [int(said[name].split()[0]) for name in ("left", "middle", "right")]
    assert sum(sides) == 100


@given(POSITIONS)
@settings(max_examples=40)
def test_cells_are_those_of_the_policy_at_the_same_lines(position):
    ask, act = position
    rows = made_up_rows()
    labels, scores = [label for _, label, _ in rows], [score for score, _, _ in rows]
    policy = policy_at(GIVEN, act, ask)
    curve = threshold_curve(labels, scores)
    found = evaluate(policy, curve, ratio=1.0).cells
    assert cells_at(GIVEN.counts, act, ask) == found


def test_the_first_cut_acts_on_everyone_and_the_last_on_no_one():
    first, last = readout(GIVEN, 0, 0), readout(GIVEN, LAST, LAST)
    assert first["sentence"].startswith("All questions are acted on: ")
    assert first["bar"] == "everyone"
    assert first["left"].startswith("0 of 100 left alone")
    assert last["sentence"].startswith("None of the questions is acted on")
    assert last["bar"] == "no one"
    assert last["right"].startswith("0 of 100")
    assert last["curve"] == "Nothing is acted on, so there is no precision here."


def test_the_sentence_has_its_counts_and_wilsons_range_at_the_effective_size():
    act = LAST // 2
    cells = cells_at(GIVEN.counts, act, act)
    k, n = cells.fp, cells.tp + cells.fp
    found = wilson(k, n, deff=GIVEN.counts.deff)
    said = readout(GIVEN, act, act)["sentence"]
    assert f"({round(100 * found.lo)} to {round(100 * found.hi)})" in said
    assert f"by {k} of {n} rows" in said


def test_a_band_says_how_many_go_to_a_person():
    said = readout(GIVEN, LAST // 2, LAST // 4)
    assert "go to a person" in said["sentence"]
    assert "reach a person" in said["sentence"]
    assert said["middle"].endswith("a person decides")
    alone = readout(GIVEN, LAST, LAST // 4)["sentence"]
    assert alone.startswith("None of the questions is acted on by the score alone")


@pytest.mark.parametrize(("act", "ask"), [(0, 0), (40, 40), (80, 20), (LAST, LAST)])
def test_a_weeks_worth_is_the_mean_of_all_rows_times_the_week(act, ask):
    worth = Worth("EUR", 1, -2, -3, 4, 5, -6)
    cells = cells_at(GIVEN.counts, act, ask)
    found = worth_a_week(worth, cells, deff=1.0, per_week=10.0)
    values = [
        value
        for name in ("tp", "fp", "fn", "tn", "asked_positive", "asked_negative")
        for value in [getattr(worth, name)] * getattr(cells, name)
    ]
    mean = sum(values) / len(values)
    assert found.value == pytest.approx(10 * mean)
    assert found.lo <= found.value <= found.hi


def test_a_limit_holds_breaks_or_cannot_be_told():
    tight = some_given(limits=Limits(max_error_among_answered=0.0, min_coverage=0.0))
    assert readout(tight, 0, 0)["max_error_among_answered_state"] == "broken"
    assert readout(tight, 0, 0)["min_coverage_state"] == "holds"
    assert readout(tight, LAST, LAST)["max_error_among_answered_state"] == "cannot tell"
    loose = some_given(limits=Limits(max_error_among_answered=1.0))
    assert readout(loose, 0, 0)["max_error_among_answered_state"] == "holds"


def test_a_limit_says_when_its_range_reaches_past_it():
    cells = cells_at(GIVEN.counts, 0, 0)
    share = cells.fp / (cells.tp + cells.fp)
    near = some_given(limits=Limits(max_error_among_answered=share + 0.01))
    assert "past it" in readout(near, 0, 0)["max_error_among_answered_range"]
    far = some_given(limits=Limits(max_error_among_answered=0.99))
    assert readout(far, 0, 0)["max_error_among_answered_range"] == ""


def test_time_and_cost_a_decision_are_no_limits_of_a_line():
    assert not [name for name in readout(GIVEN, 0, 0) if "latency" in name]


def test_reviews_count_against_their_limit_by_the_week():
    said = readout(GIVEN, LAST, 0)
    assert (said["reviews_per_week_now"], said["reviews_per_week_state"]) == (
        "4,000",
        "broken",
    )
    assert readout(GIVEN, 0, 0)["reviews_per_week_state"] == "holds"


def group(column: str, wrong: int, n: int) -> Group:
    return Group(column, f"{wrong} of {n}", Counts((n - wrong, 0), (wrong, 0), n, n))


def test_groups_are_compared_within_a_column_and_only_where_enough_are_acted_on():
    groups = (
        group("age", 4, 20),
        group("age", 10, 40),
        group("job", 20, 20),
        group("job", 19, 19),
    )
    assert group_gap(groups, 0).value == pytest.approx(0.05)
    assert group_gap(groups[2:], 0).value is None


def test_the_groups_difference_has_the_range_that_the_analysis_gives_it():
    rows = made_up_rows(900, kinds=4, seed=3)
    many = some_given(rows, kinds=4)
    scores, labels, codes = (np.array(part) for part in zip(*rows, strict=True))
    names = tuple(Name(str(i)) for i in range(4))
    cuts = many.cuts[::-1]
    codes = codes.astype(np.int16)
    curves = group_curves(labels, scores, codes, names, thresholds=cuts)
    for act in range(0, len(many.cuts), 40):
        counts = curves.at(many.cuts[act])
        found = group_shares("error_among_answered", counts, rows="choose").difference
        gap = group_gap(many.groups, act)
        assert (gap.value is None) == (found.value is None)
        if found.value is not None:
            ends = max(0.0, found.lo), found.hi
            assert gap.value == pytest.approx(found.value)
            assert (gap.lo, gap.hi) == pytest.approx(ends, abs=6e-4)


def test_the_groups_limit_says_when_its_range_reaches_past_it():
    groups = (group("age", 4, 40), group("age", 8, 40))
    for bound, state in ((0.2, "holds"), (0.05, "broken")):
        near = some_given(limits=Limits(max_group_difference=bound), groups=groups)
        said = readout(near, 0, 0)
        assert said["max_group_difference_state"] == state
        assert "past it" in said["max_group_difference_range"]
        assert said["max_group_difference_now"].startswith("10 (0 to ")
    far = some_given(limits=Limits(max_group_difference=0.9), groups=groups)
    assert readout(far, 0, 0)["max_group_difference_range"] == ""


def test_groups_alike_are_compared_with_one_another():
    groups = (group("age", 4, 40), group("age", 40, 400))
    gap = group_gap(groups, 0)
    wide = newcombe(4, 40, 40, 400)
    assert gap.value == 0
    assert gap.hi == pytest.approx(wide.hi, abs=6e-4)


def test_without_groups_money_or_limits_nothing_is_said_of_them():
    bare = some_given(kinds=0, money=None, minutes=None, limits=Limits(), band=None)
    said = readout(bare, 3, 1)
    parts = ("group", "overall", "money", "minutes", "max_", "min_")
    assert not [name for name in said if name.startswith(parts)]


def test_people_are_grouped_from_left_to_right():
    cells = cells_at(GIVEN.counts, 60, 30)
    left, missed, no, yes, false_alarm, caught = people_of(cells)
    rows = cells.tn + cells.fn
    n = GIVEN.counts.positives + GIVEN.counts.negatives
    assert left + missed == pytest.approx(100 * rows / n, abs=1)
    assert false_alarm + caught + no + yes == 100 - left - missed


def test_every_pair_of_lines_can_be_read_out():
    tiny = some_given(made_up_rows(12))
    last = len(tiny.cuts) - 1
    for act, ask in product(range(last + 1), repeat=2):
        if ask <= act:
            assert "{" not in "".join(readout(tiny, act, ask).values())
