"""Evidence, readout, options and standing, on a scenario small enough to count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.analysis.options import small
from tests.helpers import SHIPPED, THAT_DAY, Tiny
from workshop.analysis.evidence import Evidence
from workshop.analysis.option_rows import option_table
from workshop.analysis.options.compared import Options
from workshop.analysis.readiness import ReadinessReport, review
from workshop.analysis.readiness.gathering import review_input
from workshop.analysis.readout import (
    cells_of,
    cheapest_figures,
    policy_rows,
    review_price,
    seen_figures,
    worth_of,
)
from workshop.analysis.standing import _floor_missed as floor_missed
from workshop.analysis.standing import _limits_broken as limits_broken
from workshop.analysis.standing import _option_fallback as option_fallback
from workshop.analysis.standing import measured, standing
from workshop.data.catalog import find_target
from workshop.record.choices import Record, ThresholdChoice
from workshop.record.gaps import find_gaps
from workshop.record.values import Policy
from workshop.steps.given import Given


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder: Path = Tiny(tmp_path_factory.mktemp("standing") / "tiny").write()
    return Given(find_target(str(folder)).scenario)


def evidence(given: Given, **said: Any) -> Evidence:
    record = Record.model_validate({"scenario": "tiny"} | said)
    return Evidence(
        given.scenario, given.card, record, given.data, given.runs, given.best_few
    )


def reviewed(given: Given, found: Evidence) -> ReadinessReport:
    """Run the checks but the trained ones, as the steps do."""
    profile = given.profile(found.option)
    return review(
        review_input(
            given.scenario,
            found.record,
            given.card,
            profile,
            today=THAT_DAY,
            evidence=found,
        )
    )


def chosen(act_at: float) -> dict[str, Any]:
    return {"policy": {"kind": "single", "act_at": act_at}, "because": "so"}


# --- what is said, and what stands in for it -----------------------------------------


def test_what_was_not_said_is_the_scenarios_or_nothing(given):
    found = evidence(given)
    assert found.option == "plain"
    assert found.per_week == 500
    assert (found.ratio, found.acceptable_error, found.policy) == (None, None, None)


def test_what_was_said_comes_first(given):
    found = evidence(
        given,
        option="clever",
        impact={"per_week": 70},
        framing={"ratio": 3, "expectations": {"acceptable_error": 0.2}},
    )
    assert (found.option, found.per_week, found.ratio) == ("clever", 70, 3)
    assert found.acceptable_error == 0.2


def test_an_option_that_is_no_run_is_not_taken(given):
    found = evidence(given, option="gone")
    assert found.option == "plain"
    assert found.chosen_option is None


# --- rows and figures ----------------------------------------------------------------


def test_the_two_sides_are_all_rows_and_share_none(given):
    found = evidence(given)
    sides = [found.curve(rows).n for rows in ("choose", "report", "all")]
    assert sides[0] + sides[1] == sides[2] == 40
    keys = found.rows.keys
    assert set(given.scenario.cases) <= set(keys[found.choosing()].tolist())


def test_every_option_keeps_the_same_rows_aside(given):
    found = evidence(given)
    aside = [set(given.runs[o].keys[~found.choosing(o)]) for o in given.runs]
    assert aside[0] == aside[1]


def test_counts_at_a_line_are_those_of_the_rows(given):
    found = evidence(given)
    aside = ~found.choosing()
    acted = found.rows.scores[aside] >= 0.5
    right = found.rows.labels[aside]
    cells = cells_of(found, Policy(kind="single", act_at=0.5), "report")
    assert (cells.tp, cells.fp) == (sum(acted & right), sum(acted & ~right))
    assert (cells.fn, cells.tn) == (sum(~acted & right), sum(~acted & ~right))


def test_the_trivial_policies_stand_beside_the_choice(given):
    rows = policy_rows(evidence(given), Policy(kind="single", act_at=0.5))
    by_kind = {row.kind: row for row in rows}
    assert [row.kind for row in rows] == ["chosen", "all", "none", "random", "today"]
    assert by_kind["all"].figures["coverage"].value == 1
    assert by_kind["none"].figures["coverage"].value == 0
    assert by_kind["none"].figures["precision"].value is None
    lot, choice = by_kind["random"].figures, by_kind["chosen"].figures
    assert lot["coverage"].value == pytest.approx(choice["coverage"].value)
    assert lot["precision"].value == pytest.approx(
        by_kind["all"].figures["precision"].value
    )
    assert not by_kind["today"].measured


def test_error_among_answered_is_what_precision_leaves(given):
    for row in policy_rows(evidence(given), Policy(kind="single", act_at=0.4)):
        if row.figures.get("precision") and row.figures["precision"].value is not None:
            both = (
                row.figures["precision"].value
                + row.figures["error_among_answered"].value
            )
            assert both == pytest.approx(1)


def test_only_counts_are_kept_with_a_choice(given):
    (row, *_) = policy_rows(
        evidence(given, framing={"ratio": 1}), Policy(kind="single", act_at=0.5)
    )
    kept = seen_figures(row.figures)
    assert set(kept) == {"precision", "recall", "coverage", "error_among_answered"}
    assert all(count.k <= count.n for count in kept.values())


@pytest.mark.parametrize("ratio", [0.1, 0.5, 1, 3, 20])
def test_no_line_on_the_choosing_rows_is_cheaper_than_the_cheapest(given, ratio):
    found = evidence(given, framing={"ratio": ratio})
    cut, _ = cheapest_figures(found)
    table = found.curve("choose").table()
    costs = table["fp"] + ratio * table["fn"]
    point = found.point(cut, "choose")
    assert point.fp + ratio * point.fn == pytest.approx(min(costs))


def test_without_a_ratio_nothing_is_cheapest(given):
    found = evidence(given)
    assert cheapest_figures(found) is None
    assert found.cheapest() is None


def test_one_review_is_priced_in_false_alarms(given):
    assert review_price(evidence(given)) == pytest.approx(0.5 / 2)


def test_what_a_person_decides_is_worth_what_a_person_gets_right():
    worth = worth_of(small.evidence())
    assert (worth.tp, worth.fp, worth.fn, worth.tn) == (1, -2, -1, 0)
    assert worth.asked_positive == pytest.approx(-0.5 + 0.9 * 1 + 0.1 * -1)
    assert worth.asked_negative == pytest.approx(-0.5 + 0.8 * 0 + 0.2 * -2)


# --- options -------------------------------------------------------------------------


def test_options_are_compared_on_the_same_rows_with_the_one_in_play(given):
    table = option_table(evidence(given, option="clever"))
    assert table.reference == "clever"
    assert table.compared.value == 40
    assert table.lost == 0
    rows = {row.id: row for row in table.rows}
    assert rows["clever"].difference is None
    # both answer the same questions rightly, so nothing separates them
    assert rows["plain"].difference.value == 0
    assert not rows["plain"].separated
    assert rows["plain"].p95 is None
    assert rows["plain"].best is None, "no ratio, no cheapest cut"


def test_one_option_alone_is_compared_with_nothing(given):
    alone = Evidence(
        given.scenario,
        given.card,
        Record(scenario="tiny"),
        given.data,
        {"plain": given.runs["plain"]},
    )
    assert option_table(alone) is None


# --- clauses and gaps ----------------------------------------------------------------


def test_a_clause_that_is_broken_today_or_can_never_be_checked_is_handed_on(given):
    clause = {"id": "C1", "metric": "error_among_answered", "at_most": 0.01}
    clauses = [
        clause,
        clause | {"id": "C2", "at_most": 0.99},
        clause | {"id": "C3", "slice": "shop=none of these"},
        clause | {"id": "C4", "metric": "expected_cost", "at_most": 0.0},
    ]
    found = evidence(
        given,
        threshold=chosen(0.5),
        framing={"ratio": 1},
        agreement={"clauses": clauses},
    )
    now = measured(found, reviewed(given, found))
    assert set(now.clauses_broken) <= {"C1"}, "a mean has no count to tell"
    assert now.clauses_not_held == {"C3": "slice_unknown"}
    for count in now.clauses_broken.values():
        assert count.k / count.n > 0.01


def test_what_was_seen_now_leaves_no_gap_and_what_moved_leaves_one(given, today):
    found = evidence(given, threshold=chosen(0.5))
    now = measured(found, reviewed(given, found)).figures["threshold"]
    for shift, codes in ((0, []), (1, ["figure_moved"])):
        counts = {
            name: {
                "k": count.k - shift if name == "coverage" else count.k,
                "n": count.n,
            }
            for name, count in now.items()
        }
        seen = counts | {"rows": "kept aside", "data": found.digest}
        then = evidence(given, threshold=chosen(0.5) | {"seen": seen})
        gaps = find_gaps(then.record, measured(then, reviewed(given, then)), today)
        assert [gap.code for gap in gaps if gap.kind == "moved"] == codes


@pytest.fixture
def today():
    return THAT_DAY


def test_the_verdict_says_which_rule_gave_it(given):
    def stands(**said: Any):
        found = evidence(given, **said)
        return standing(found, reviewed(given, found)).verdict

    assert stands().rule == "no_promise"
    promise = {"expectations": {"acceptable_error": 0.9}}
    assert stands(framing=promise).rule == "no_threshold"
    kept = stands(framing=promise, threshold=chosen(0.5))
    assert kept.kind == "ready_with_conditions"
    none = stands(framing=promise, threshold={"policy": {"kind": "none"}})
    assert none.rule == "nothing_answered"


# --- the option that was taken, and the business floor -------------------------------


def of_options(**given: Any) -> Evidence:
    """The small scenario of the options, with every kind of these."""
    return small.evidence(small.EVERY, **given)


def broken_by(found: Evidence) -> tuple[str, ...]:
    return limits_broken(found, Options(found))


@pytest.mark.parametrize(
    ("option", "limits", "broken"),
    [
        ("people", {"reviews_per_week": 499}, ("reviews_per_week",)),
        ("people", {"reviews_per_week": 500}, ()),
        ("asked", {"reviews_per_week": 10}, ("reviews_per_week",)),
        ("one", {"reviews_per_week": 0}, ()),
        ("one", {"max_latency_ms_p95": 20}, ("max_latency_ms_p95",)),
        ("two", {"max_latency_ms_p95": 20}, ()),
        ("vendor", {"max_cost_per_decision": 0.01}, ("max_cost_per_decision",)),
        ("vendor", {"max_cost_per_decision": 0.02}, ()),
        ("vendor", {"max_error_among_answered": 0.05}, ("max_error_among_answered",)),
        (None, {"max_latency_ms_p95": 20}, ()),
    ],
)
def test_an_option_is_held_to_the_limits_once_it_is_taken(option, limits, broken):
    said = {} if option is None else {"option": option}
    assert broken_by(of_options(act_at=0.3, said=said, limits=limits)) == broken


def test_what_it_costs_to_run_is_the_options_own_figure():
    dear = small.ONE | {"cost": 0.06}
    for cost, broken in ((0.05, ("max_cost_per_decision",)), (0.06, ())):
        limits = {"max_cost_per_decision": cost}
        found = small.evidence(
            (dear,), act_at=0.3, said={"option": "one"}, limits=limits
        )
        assert broken_by(found) == broken


def test_a_lower_promise_is_held_to_itself():
    limits = {"max_error_among_answered": 0.05}
    lower = small.TWO | {"id": "lower", "max_error": 0.9}
    for option, broken in (("two", ("max_error_among_answered",)), ("lower", ())):
        found = small.evidence(
            (small.ONE, small.TWO, lower),
            act_at=-1.0,
            said={"option": option},
            limits=limits,
        )
        assert broken_by(found) == broken


def wrong_a_week(found: Evidence) -> float:
    told = Options(found).estimates["one"].numbers["people_wrong"].value
    return float(told)


@pytest.mark.parametrize("side", ["at_most", "at_least"])
def test_a_business_floor_is_missed_on_the_wrong_side_alone(side):
    now = wrong_a_week(of_options(act_at=0.3))
    wrong_way = -1 if side == "at_most" else 1
    for bound, told in ((now, None), (now - wrong_way, None), (now + wrong_way, now)):
        floor = {"measure": "wrong ones", "metric": "people_wrong", side: bound}
        said = {"impact": {"business_floor": floor}}
        found = of_options(act_at=0.3, said=said)
        missed = floor_missed(found, Options(found))
        assert missed == (None if told is None else pytest.approx(told))


@pytest.mark.parametrize(
    "floor",
    [
        {"measure": "what only people count", "at_least": 3},
        {"measure": "no bound", "metric": "people_wrong"},
        {"measure": "needs what nobody stated", "metric": "events", "at_most": 1},
    ],
    ids=lambda f: f["measure"],
)
def test_a_floor_that_nothing_can_be_held_against_is_not_missed(floor):
    found = of_options(act_at=0.3, said={"impact": {"business_floor": floor}})
    assert floor_missed(found, Options(found)) is None


def test_a_floor_says_nothing_of_what_is_only_stated():
    floor = {"measure": "wrong ones", "metric": "people_wrong", "at_most": 0}
    said = {"option": "vendor", "impact": {"business_floor": floor}}
    found = of_options(act_at=0.3, said=said)
    assert floor_missed(found, Options(found)) is None


# --- the shipped example -------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Given:
    return Given(find_target(SHIPPED).scenario)


@pytest.fixture(scope="module")
def example(shipped: Given) -> Evidence:
    record = find_target(SHIPPED).record
    return Evidence(
        shipped.scenario,
        shipped.card,
        record,
        shipped.data,
        shipped.runs,
        shipped.best_few,
    )


def test_three_of_ten_answers_miss_and_the_range_counts_the_sources(example):
    error = example.error
    assert (error.k, error.n) == (93, 300)
    assert example.sources == 5
    assert example.deff > 1
    assert error.lo == pytest.approx(0.23, abs=0.01)
    assert error.hi == pytest.approx(0.40, abs=0.01)
    assert error.hi - error.lo > 0.11, "wider than 300 independent rows would give"


def test_no_source_is_on_both_sides(example):
    clusters, choose = example.rows.clusters, example.choosing()
    assert not set(clusters[choose]) & set(clusters[~choose])
    assert np.isin(list(example.scenario.cases), example.rows.keys[choose]).all()


def test_what_the_example_saw_is_what_is_computed_now(example, shipped):
    now = measured(example, reviewed(shipped, example))
    assert now.data == example.record.threshold.seen.data
    assert now.figures["threshold"] == example.record.threshold.seen.figures
    assert example.policy.act_at == example.cheapest()


def test_what_is_drawn_by_lot_is_expected_and_never_counted(given):
    rows = policy_rows(evidence(given), Policy(kind="all"))
    lot = next(row for row in rows if row.kind == "random")
    assert {lot.figures[name].k for name in ("precision", "recall", "coverage")} == {
        None
    }


# --- what happens when it is unsure --------------------------------------------------


@pytest.mark.parametrize(
    ("option", "policy", "does"),
    [
        ("minilm", None, "not_sure"),
        ("minilm_top3", None, "alternatives"),
        ("minilm", Policy(kind="review_band", act_at=0.5, review_at=0.3), "human"),
        ("minilm", Policy(kind="all"), None),
        ("agents", None, None),
        ("nowhere", None, None),
        (None, None, None),
    ],
)
def test_an_option_does_one_thing_when_the_model_is_unsure(option, policy, does):
    threshold = None if policy is None else ThresholdChoice(policy=policy, because="so")
    record = Record(scenario=SHIPPED, option=option, threshold=threshold)
    evidence = Given(find_target(SHIPPED).scenario).evidence(record)
    assert option_fallback(evidence) == does
