"""Which options are named behind a line follows from a rule that can be said aloud."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workshop
from workshop.analysis.group_names import Group
from workshop.analysis.group_shares import GroupShares
from workshop.analysis.intervals import rate
from workshop.analysis.labels import Labelling
from workshop.analysis.options.compared import Options
from workshop.analysis.options.table import OptionLine
from workshop.analysis.options.versus import COST_UNIT, Versus
from workshop.analysis.policies import Cells
from workshop.analysis.translated import (
    area_of,
    bill_of,
    decided_rightly,
    half_as_many,
    in_round_figures,
    left_alone,
    no_mistake_in,
    pair_differs,
    people_differ,
    pick,
    rows_a_side,
    trial_between,
    widest,
)
from workshop.record.choices import Cases, Record
from workshop.record.values import Number, Policy

EVIDENCE = workshop.open_step("04", "privacy-assistant", interactive=False).evidence


def line(
    id: str, kind: str = "model", *, more_rows: int | None = None, **figures: float
) -> OptionLine:
    """An option of a table with some figures; the one called `own` is in play."""
    numbers = {
        name: Number(id=f"option.{id}.{name}", value=value)
        for name, value in figures.items()
    }
    cost = Number(id=f"versus.{id}.cost", value=0.1, unit=COST_UNIT)
    versus = Versus(id, "own", cost, None, more_rows is None, more_rows)
    return OptionLine(
        id=id,
        letter=id[0].upper(),
        title=id,
        kind=kind,  # type: ignore[arg-type]
        in_play=id == "own",
        policy=None,
        figures=numbers,
        versus=None if id == "own" else versus,
    )


OWN = line("own", error_among_answered=0.3, coverage=0.5, cost=0.4, recall=0.5)
SURE = line("sure", error_among_answered=0.1, coverage=0.2, cost=0.5, recall=0.2)
WIDE = line("wide", error_among_answered=0.4, coverage=0.9, cost=0.3, recall=0.9)
BAND = line("band", error_among_answered=0.25, cost=0.6, review_rate=0.2, recall=0.6)
PEOPLE = line("people", "people", cost=0.9, review_rate=1.0, recall=0.0)
IDLE = line("idle", "nothing", cost=0.7, review_rate=0.0, recall=0.0)
ALL = (OWN, SURE, WIDE, BAND, PEOPLE, IDLE)


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("fewest_wrong", SURE),
        ("person", BAND),
        ("cheapest", WIDE),
        ("most_recall", WIDE),
        ("no_model", IDLE),
    ],
)
def test_each_rule_names_the_option_that_it_says(rule, first):
    assert pick(ALL, (rule,))[0] == (rule, first)


def test_two_options_are_named_and_none_twice():
    named = pick(ALL, ("cheapest", "most_recall"))
    assert [each for _, each in named] == [WIDE, SURE]
    assert [rule for rule, _ in named] == ["cheapest", "next_cheapest"]


def test_where_one_option_is_left_the_other_way_is_to_stay_as_it_is():
    assert pick((OWN, SURE), ("person", "cheapest")) == (
        ("cheapest", SURE),
        ("as_now", OWN),
    )
    assert pick((OWN,), ("cheapest",)) == (("as_now", OWN),)


def test_what_keeps_the_limits_comes_before_what_is_better():
    broken = replace(WIDE, outside=("min_precision",))
    assert pick((OWN, broken, SURE), ("cheapest",))[0] == ("cheapest", SURE)
    assert pick((OWN, broken), ("cheapest",))[0] == ("cheapest", broken)


def test_the_nearest_is_the_one_that_the_fewest_rows_would_tell_apart():
    near, far = line("near", more_rows=70, cost=0.9), line("far", more_rows=900)
    assert pick((OWN, far, near, WIDE), ("nearest",))[0] == ("nearest", near)


@given(st.integers(1, 10**7))
def test_rows_are_rounded_up_and_by_less_than_a_tenth(rows):
    rounded = in_round_figures(rows)
    assert rows <= rounded < 1.1 * rows + 1


def test_rows_of_a_trial_are_those_that_r_computes():
    # R's own example: power.prop.test(p1 = .50, p2 = .75, power = .90) gives n = 76.7
    assert round(rows_a_side(0.5, 0.75, power=0.9), 1) == 76.7


def test_a_trial_of_that_size_sees_the_gap_four_times_in_five():
    n = round(rows_a_side(0.2, 0.3))
    rng = np.random.default_rng(1)
    one, other = rng.binomial(n, 0.2, 20_000) / n, rng.binomial(n, 0.3, 20_000) / n
    both = (one + other) / 2
    seen = np.abs(one - other) > 1.96 * np.sqrt(2 * both * (1 - both) / n)
    assert seen.mean() == pytest.approx(0.8, abs=0.02)


def test_a_trial_takes_the_weeks_until_both_have_acted_often_enough():
    trial = trial_between(OWN, WIDE, per_week=100, deff=2)
    side = 2 * rows_a_side(0.3, 0.4)
    assert trial.labels == pytest.approx(2 * side)
    assert trial.weeks == pytest.approx((side / 0.5 + side / 0.9) / 100)


@pytest.mark.parametrize("other", [OWN, PEOPLE, IDLE])
def test_without_a_gap_or_an_answer_there_is_no_trial(other):
    assert trial_between(OWN, other, per_week=100) is None


def test_accuracy_stands_beside_doing_the_same_to_everyone():
    cells = Cells(tp=30, fp=10, fn=20, tn=40, asked_positive=3, asked_negative=2)
    found = decided_rightly("x", cells, deff=1)
    assert (found.decided.k, found.everyone.k, found.no_one.k) == (70, 50, 50)
    assert {found.decided.n, found.everyone.n, found.no_one.n} == {100}
    asked = Cells(tp=0, fp=0, fn=0, tn=0, asked_positive=3, asked_negative=2)
    assert decided_rightly("x", asked, deff=1) is None


def test_those_left_alone_are_the_rest_of_those_reached():
    recall = rate("r", 60, 100, rows="report")
    left = left_alone("l", recall)
    assert (left.k, left.n) == (40, 100)
    assert left.value == pytest.approx(0.4)
    assert left.lo == pytest.approx(1 - recall.hi)
    assert left.hi == pytest.approx(1 - recall.lo)


def test_the_higher_line_acts_on_half_as_many_and_no_fewer_than_it_must():
    policy = EVIDENCE.policy
    curve = EVIDENCE.curve("choose")
    halved = half_as_many(EVIDENCE, policy)
    before = curve.at(policy.act_at).flagged
    now = curve.at(halved.act_at).flagged
    higher = curve.thresholds[curve.thresholds > halved.act_at].min()
    assert now >= before / 2 > curve.at(higher).flagged


def test_a_band_keeps_its_lower_line_and_what_has_no_line_is_not_moved():
    band = Policy(kind="review_band", act_at=0.46, review_at=0.4)
    halved = half_as_many(EVIDENCE, band)
    assert (halved.kind, halved.review_at) == ("review_band", 0.4)
    assert halved.act_at > 0.46
    assert half_as_many(EVIDENCE, Policy(kind="all")).kind == "single"
    assert half_as_many(EVIDENCE, Policy(kind="none")) is None


def test_the_auc_is_that_of_scikit_learn_on_the_rows_kept_aside():
    from sklearn.metrics import roc_auc_score

    options = Options(EVIDENCE)
    side = ~EVIDENCE.choosing()
    rows = EVIDENCE.rows
    found = area_of("auc", options, options.offer("minilm").candidate)
    expected = roc_auc_score(rows.labels[side], rows.scores[side])
    assert found.value == pytest.approx(expected)
    assert (found.rows, found.n) == ("report", int(side.sum()))
    assert found.lo < found.value < found.hi
    assert area_of("auc", options, options.offer("agents").candidate) is None


def test_a_bill_of_labels_has_hours_money_and_whole_days():
    bill = bill_of(100, Labelling(3, 60, 40))
    assert (bill.hours, bill.money, bill.days) == (5, 300, 3)


def test_six_cases_without_a_mistake_leave_room_for_many():
    assert no_mistake_in("x", 6).hi == pytest.approx(0.3903, abs=1e-4)
    assert no_mistake_in("x", 0) is None


def test_only_cases_that_both_judged_can_differ():
    cases = Cases(
        product={"a": "fine", "b": "harmful", "c": "fine"},
        engineering={"a": "fine", "b": "fine", "d": "fine"},
    )
    found = pair_differs("x", Record(scenario="s", cases=cases))
    assert (found.k, found.n) == (1, 2)
    assert pair_differs("x", Record(scenario="s")) is None


def test_rows_that_one_person_labelled_do_not_count_as_agreed():
    import pandas as pd

    @dataclass
    class Labelled:
        data: pd.DataFrame
        scenario: object = field(default=None)

    data = pd.DataFrame({"ann": [1, 0, None, 1], "ben": [1, 1, 0, None]})
    named = EVIDENCE.scenario.model_copy(update={"annotators": ("ann", "ben")})
    found = people_differ("x", Labelled(data, named))  # type: ignore[arg-type]
    assert (found.k, found.n) == (1, 2)
    assert people_differ("x", EVIDENCE) is None


def shares(gap: float | None, lo: float | None) -> GroupShares:
    """A column whose two groups are so far apart."""
    number = Number(id="gap", value=gap, lo=lo, unit="difference of shares")
    return GroupShares(
        "recall",
        (Group("a"), Group("b")),
        rate("r", 1, 2, rows="report"),
        (),
        number,
        0,
        1,
        (),
    )


def test_a_difference_that_is_told_comes_before_a_larger_one_that_is_not():
    told, large, unknown = shares(0.1, 0.02), shares(0.3, -0.1), shares(None, None)
    assert widest([large, told, unknown]) is told
    assert widest([large, unknown]) is large
    assert widest([unknown]) is None
