"""All options on the same rows, held against the one in play; what each comes to."""

import numpy as np
import pytest

from tests.analysis.impact.builders import money_a_week
from tests.analysis.options.small import (
    ASKED,
    EVERY,
    FEW,
    ONE,
    PEOPLE,
    STATED,
    TWO,
    compared,
    scored,
)
from workshop.analysis.metrics import Reviewer
from workshop.analysis.options.compared import Options
from workshop.analysis.options.places import PLACE
from workshop.analysis.options.table import option_lines
from workshop.analysis.policies import cheapest_policy, evaluate
from workshop.analysis.readout import review_of
from workshop.errors import InputError
from workshop.record.values import Policy

OWN = {"one": scored("one", own=True), "two": scored("two", own=True)}


@pytest.fixture(scope="module")
def every() -> Options:
    return compared(act_at=0.3)


# whose labels -----------------------------------------------------------------------


def test_labels_differ_where_they_belong_to_the_answer(every):
    assert not every.labels_differ
    assert compared(runs=OWN).labels_differ


def test_labels_are_compared_key_by_key():
    later = {"one": scored("one"), "two": scored("two", n=100, first=40)}
    assert not compared(runs=later).labels_differ


def test_people_who_answer_are_never_judged_by_a_models_labels():
    found = compared((ONE, TWO, PEOPLE), runs=OWN)
    counts = found.placed["people"].counts
    assert counts[PLACE["asked_positive"]] == counts.sum()
    assert found.costs("people")[PLACE["asked_positive"]] == pytest.approx(
        1.5 / 2 + 0.1 * 1.0
    )


def test_people_who_decide_the_same_rows_are_judged_by_the_rows(every):
    counts, labels = every.placed["people"].counts, every.evidence.runs["one"].labels
    aside = ~every.evidence.choosing("one")
    assert counts[PLACE["asked_positive"]] == labels[aside].sum()
    assert counts[PLACE["asked_negative"]] == (~labels[aside]).sum()


# prices -----------------------------------------------------------------------------


def test_people_alone_have_a_price_of_their_own_or_that_of_a_review(every):
    assert every.context("people").review_cost == 1.5 / 2
    assert every.context("one").review_cost == 0.5 / 2
    unpriced = {"id": "people", "title": "People", "fallback": "human"}
    assert compared((ONE, unpriced)).context("people").review_cost == 0.5 / 2
    likely = every.assumptions_for("people").likely
    assert likely["review"] == -1.5
    assert every.assumptions_for("one").likely["review"] == -0.5


def test_what_anybody_could_do_needs_no_model_and_costs_none_to_run():
    found = compared((ONE | {"cost": 0.4}, PEOPLE))
    assert found.running("one") == 0.4
    assert found.running("trivial_all") is None
    assert found.running("people") is None
    assert "money_running" not in found.estimates["trivial_none"].numbers


def test_measured_time_has_a_price_where_nobody_states_one(every):
    assert every.running("one") is None
    found = compared((ONE,), price_per_cpu_hour=0.36)
    assert found.running("one") == pytest.approx(27.5e-3 / 3600 * 0.36)


# the trivial policies ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["all", "none"])
def test_what_anybody_could_do_is_what_policies_make_of_it(every, kind):
    found, review = every.evidence, review_of(every.evidence)
    who = Reviewer(review.sensitivity, review.specificity)
    curve = found.curve("report", "one")
    told = evaluate(
        Policy(kind=kind), curve, ratio=1.0, review_cost=review.price, reviewer=who
    )
    placed = every.placed[f"trivial_{kind}"]
    assert placed.cells == told.cells
    cost = placed.counts @ np.nan_to_num(every.costs(f"trivial_{kind}"))
    assert cost / placed.counts.sum() == pytest.approx(told.expected_cost)


# against the one in play ------------------------------------------------------------


def test_every_other_measured_option_is_held_against_the_one_in_play(every):
    others = [offer.id for offer in every.measured[1:]]
    assert every.measured[0].id == "one"
    assert list(every.versus) == others
    assert {each.reference for each in every.versus.values()} == {"one"}
    assert "vendor" not in every.versus


def test_a_difference_of_costs_is_that_of_the_two_costs(every):
    lines = option_lines(every)
    own = lines.of("one").figures["cost"].value
    for option, versus in every.versus.items():
        cost = lines.of(option).figures["cost"].value
        assert versus.cost.value == pytest.approx(cost - own)


@pytest.mark.parametrize(
    "policy", [{"kind": "random", "volume": 0.5}, {"kind": "today"}]
)
def test_nothing_is_held_against_what_says_nothing_of_each_row(policy):
    said = {"threshold": {"policy": policy, "because": "so"}}
    found = compared(said=said)
    assert not found.stands
    assert found.versus == {}
    assert option_lines(found).of("one").figures.keys() <= {
        "latency_ms_p50",
        "latency_ms_p95",
    }


def test_without_a_ratio_nothing_is_held_against_anything():
    assert compared(ratio=None, act_at=0.3).versus == {}


def test_what_somebody_states_changes_nothing_that_is_measured(every):
    without = compared(tuple(o for o in EVERY if o is not STATED), act_at=0.3)
    assert without.versus == every.versus
    assert without.joint.rows == every.joint.rows
    for name, estimate in without.estimates.items():
        assert estimate.numbers == every.estimates[name].numbers


# a week -----------------------------------------------------------------------------


def test_people_a_week_are_the_tables_counts_times_the_volume(every):
    for line in option_lines(every).lines:
        if "people_wrong" not in line.figures or line.kind in ("stated", "people"):
            continue
        if line.id == "asked":  # a person's own errors come on top
            continue
        cells = every.placed[line.id].cells
        asked = cells.asked_negative * 0.2
        n = every.placed[line.id].counts.sum()
        told = every.estimates[line.id].numbers["people_wrong"].value
        assert told == pytest.approx((cells.fp + asked) / n * 500)


def test_money_is_what_the_payoff_says_where_nothing_else_is_assumed(every):
    told = money_a_week(every.evidence, Policy(kind="single", act_at=0.3))
    money = every.estimates["one"].numbers["money"]
    assert money.value == pytest.approx(told)
    for kind in ("all", "none"):
        told = money_a_week(every.evidence, Policy(kind=kind))
        money = every.estimates[f"trivial_{kind}"].numbers["money"]
        assert money.value == pytest.approx(told)


def test_money_to_run_is_less_money_and_nothing_else():
    free, dear = (compared((ONE | {"cost": c},), act_at=0.3) for c in (0.0, 0.1))
    gap = [o.estimates["one"].numbers["money"].value for o in (free, dear)]
    assert gap[0] - gap[1] == pytest.approx(500 * 0.1)


def test_the_error_of_each_draw_is_that_of_its_shares(every):
    draws, drawn = every.error_draws("one"), every.shares("one").drawn
    acted = drawn[:, :2].sum(axis=1)
    assert np.allclose(draws, drawn[:, 1] / acted)
    assert np.isnan(every.error_draws("people")).all()
    assert every.error("one").value == pytest.approx(
        every.shares("one").observed[1] / every.shares("one").observed[:2].sum()
    )


# other rows -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apart() -> Options:
    """Two runs that have some rows in common, in part on either side."""
    runs = {"one": scored("one", n=140), "two": scored("two", n=120, first=40)}
    return compared((ONE, TWO, ASKED, PEOPLE), runs=runs, act_at=0.3)


def test_options_scored_on_different_rows_are_compared_on_the_common_ones(apart):
    found = apart.evidence
    aside = [set(rows.keys[~found.choosing(n)]) for n, rows in found.runs.items()]
    assert apart.joint.rows == len(aside[0] & aside[1])
    assert apart.joint.lost == len(aside[0] ^ aside[1]) > 0
    assert option_lines(apart).lost == apart.joint.lost
    for placed in apart.placed.values():
        assert set(placed.keys) == aside[0] & aside[1]


def test_sentence_table_and_week_rest_on_the_same_rows_then_too(apart):
    line = option_lines(apart).of("one")
    coverage, error = line.figures["coverage"], line.figures["error_among_answered"]
    assert coverage.n == apart.joint.rows
    assert line.figures["people_wrong"].value == pytest.approx(
        error.k / coverage.n * 500
    )


def test_a_line_is_chosen_on_all_the_rows_that_an_option_has(apart):
    found = apart.evidence
    own = found.with_option("two").curve("choose")
    assert own.n == found.choosing("two").sum() > 0
    assert apart.offer("two").policy == cheapest_policy(own, ratio=1.0)


def test_runs_without_a_common_row_are_refused_in_one_sentence():
    runs = {"one": scored("one", n=60), "two": scored("two", n=60, first=60)}
    with pytest.raises(InputError, match="no row kept aside is had by every option"):
        compared((ONE, TWO), runs=runs).joint  # noqa: B018


def test_a_run_that_is_not_offered_loses_nobody_a_row():
    runs = {"one": scored("one"), "two": scored("two", n=60)}
    assert compared((ONE, PEOPLE), runs=runs).joint.lost == 0


# names ------------------------------------------------------------------------------


def test_an_option_that_is_none_is_named_with_those_that_are(every):
    with pytest.raises(InputError, match="no option is called 'gone'; there are: one"):
        every.offer("gone")


def test_another_record_moves_the_prices_of_all(every):
    said = {"impact": {"assumed": {"review": {"likely": -1.0}}}}
    moved = compared(act_at=0.3, said=said)
    assert moved.context("one").review_cost == 0.5
    assert moved.context("people").review_cost == every.context("people").review_cost


def test_what_the_best_few_cost_is_what_they_are_worth_less(every):
    costs = every.costs("shown")
    assert costs[PLACE["right_positive"]] == (1.0 - FEW["choice_right"]) / 2
    assert costs[PLACE["wrong_negative"]] == (0.0 - FEW["choice_wrong"]) / 2
    assert costs[PLACE["fp"]] == 1.0
