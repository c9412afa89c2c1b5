"""Who stated what, over whom, in which unit; and how a range is drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.impact.builders import assumed, ranged
from workshop.analysis.impact.assumptions import (
    assumptions_of,
    draw_assumptions,
    implied_ratio,
    per_week,
    triangular,
    unit_of,
)
from workshop.analysis.stated import weekly_volume
from workshop.data.catalog import find_target
from workshop.errors import InputError
from workshop.record.choices import Assumed, ImpactChoice, Record
from workshop.record.terms import ASSUMED
from workshop.record.values import PayoffMatrix

PAYOFF = PayoffMatrix(tp=0.9, fp=-2.5, fn=-0.4, review=-0.6)
SCENARIO = find_target("privacy-assistant").scenario.model_copy(
    update={"assumed": {}, "payoff": PAYOFF}
)


def record(**impact):
    return Record(scenario="privacy-assistant", impact=ImpactChoice(**impact))


def stated(record, **scenario):
    return assumptions_of(SCENARIO.model_copy(update=scenario), record)


def test_the_scenarios_own_figures_are_taken_and_what_nobody_stated_is_absent():
    found = stated(Record(scenario="privacy-assistant"))
    assert found.likely["per_week"] == SCENARIO.decision.per_week
    assert found.likely["fp"] == -2.5
    assert found.likely["minutes_today"] == SCENARIO.today.minutes
    assert found.likely["asks_per_user"] == SCENARIO.asks_per_user
    assert set(found.who.values()) == {"scenario"}
    assert {"seen", "choice_right"}.isdisjoint(found.stated)
    assert found.ranged == ()


def test_whose_minutes_go_where_is_as_todays_process_has_it():
    found = stated(Record(scenario="privacy-assistant")).likely
    spent = [found[f"minutes_{outcome}"] for outcome in ("tp", "fp", "fn", "tn")]
    today = SCENARIO.today.minutes
    assert spent == [0, 0, today, today]
    everyone = SCENARIO.today.model_copy(update={"line": "all"})
    scenario = SCENARIO.model_copy(update={"today": everyone, "assumed": {}})
    found = assumptions_of(scenario, Record(scenario="privacy-assistant")).likely
    spent = [found[f"minutes_{outcome}"] for outcome in ("tp", "fp", "fn", "tn")]
    assert spent == [today, today, 0, 0]


@pytest.mark.parametrize(
    "name", ["privacy-assistant", "flight-disruptions", "deposit-calls"]
)
def test_what_a_shipped_scenario_assumes_can_be_read_and_drawn(name):
    scenario = find_target(name).scenario
    found = assumptions_of(scenario, Record(scenario=name))
    assert found.likely["per_week"] > 0
    drawn = draw_assumptions(found, n=100, seed=scenario.seed)
    for each, stated_ in found.stated.items():
        low, high = stated_.ends
        assert low <= np.min(drawn[each]) <= np.max(drawn[each]) <= high


def test_the_pair_stands_over_the_scenarios_range_and_that_over_its_figure():
    theirs = {"fp": Assumed(likely=-4), "fn": ranged(-1, -0.5, 0)}
    found = stated(record(assumed={"fp": ranged(-3, -2, -1)}), assumed=theirs)
    assert found.stated["fp"].ends == (-3, -1)
    assert found.likely["fn"] == -0.5
    assert (found.who["fp"], found.who["fn"]) == ("pair", "scenario")
    assert found.ranged == ("fp", "fn")


def test_the_pairs_volume_is_the_likely_figure_of_its_own_range():
    found = stated(record(per_week=5000))
    assert (found.likely["per_week"], found.who["per_week"]) == (5000, "pair")
    both = stated(record(per_week=5000, assumed={"per_week": ranged(3000, 4000, 6000)}))
    assert both.stated["per_week"].ends == (3000, 6000)
    assert both.likely["per_week"] == 5000


@pytest.mark.parametrize(
    ("impact", "assumed", "expected"),
    [
        ({}, {}, SCENARIO.decision.per_week),
        ({}, {"per_week": Assumed(likely=70)}, 70),
        ({"assumed": {"per_week": ranged(50, 80, 90)}}, {}, 80),
        ({"assumed": {"per_week": ranged(50, 80, 90)}, "per_week": 60}, {}, 60),
        ({"per_week": 60}, {"per_week": Assumed(likely=70)}, 60),
    ],
)
def test_every_step_counts_on_the_same_decisions_a_week(impact, assumed, expected):
    said, scenario = record(**impact), SCENARIO.model_copy(update={"assumed": assumed})
    assert per_week(said, scenario) == expected
    assert assumptions_of(scenario, said).likely["per_week"] == expected
    assert weekly_volume(scenario, said).value == expected


def test_a_volume_outside_its_own_range_is_refused():
    given = record(per_week=9000, assumed={"per_week": ranged(3000, 4000, 6000)})
    with pytest.raises(InputError, match="per_week is 9000, outside its own range"):
        stated(given)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("fp", "EUR"),
        ("fp", "eur"),
        ("minutes_tp", "min"),
        ("reviewer_hours", "hours"),
        ("seen", "share"),
        ("per_week", "questions a week"),
        ("per_week", "questions"),
        ("asks_per_user", "questions"),
        ("events_per_1000_wrong", "events"),
        ("cost_per_event", ""),
    ],
)
def test_a_unit_that_means_the_same_is_accepted(name, unit):
    given = {name: Assumed(likely=1, unit=unit)}
    assert stated(record(assumed=given)).stated[name].unit == unit


@pytest.mark.parametrize(
    ("name", "unit", "says"),
    [
        ("fp", "USD", "fp is counted in EUR here, not in USD"),
        ("seen", "%", "seen is counted in share here"),
        ("minutes_tp", "seconds", "not in seconds; give its figures in minutes"),
        ("reviewer_hours", "minutes", "in hours per week here, not in minutes"),
        ("per_week", "a month", "leave unit: out"),
    ],
)
def test_a_unit_that_does_not_match_is_refused_with_the_one_that_does(name, unit, says):
    with pytest.raises(InputError, match=says):
        stated(record(assumed={name: Assumed(likely=0.5, unit=unit)}))


def test_every_assumption_has_a_unit():
    assert all(unit_of(name, "EUR", "calls") for name in ASSUMED)
    assert unit_of("cost_per_event", "CHF", "calls") == "CHF"
    assert unit_of("asks_per_user", "CHF", "calls") == "calls"


def test_a_payoff_implies_a_ratio_where_both_mistakes_cost_something():
    payoff = SCENARIO.payoff.model_copy(update={"fp": -2.0, "fn": -1.1})
    assert implied_ratio(payoff) == pytest.approx(1.0)
    assert implied_ratio(PayoffMatrix(tp=1, fp=0, fn=0)) is None
    assert implied_ratio(PayoffMatrix(tp=0, fp=-1, fn=1)) is None


def test_a_range_is_drawn_between_its_ends_around_the_likely_value():
    drawn = draw_assumptions(assumed(fp=ranged(-5, -2, -1)), n=20_000, seed=3)
    assert drawn["fp"].shape == (20_000,)
    assert drawn["fp"].min() >= -5
    assert drawn["fp"].max() <= -1
    # mean of a triangle: a third of its three corners
    assert drawn["fp"].mean() == pytest.approx(-8 / 3, abs=0.02)
    assert np.quantile(drawn["fp"], 0.5) == pytest.approx(-5 + np.sqrt(6), abs=0.02)
    assert drawn["fn"] == -0.4


def test_the_triangles_inverse_is_scipys():
    from scipy.stats import triang

    uniform = np.linspace(0, 1, 101)
    for low, likely, high in ((0, 0, 1), (2, 5, 5), (-3, 1, 9)):
        theirs = triang.ppf(uniform, (likely - low) / (high - low), low, high - low)
        assert triangular(uniform, low, likely, high) == pytest.approx(theirs)


@given(st.integers(0, 2**32), st.floats(-10, 10), st.floats(0, 5))
def test_moving_or_adding_one_assumption_leaves_all_other_draws_as_they_were(
    seed, low, width
):
    one = assumed(fp=ranged(-5, -2, -1), seen=ranged(0.2, 0.5, 0.9))
    moved = assumed(
        fp=ranged(-5, -2, -1),
        seen=ranged(0.2, 0.5, 0.9),
        fn=ranged(low, low + width / 2, low + width),
        minutes_tp=ranged(0, 1, 2),
    )
    first, second = (draw_assumptions(each, n=50, seed=seed) for each in (one, moved))
    for name in ("fp", "seen"):
        assert (first[name] == second[name]).all()
    assert not (first["fp"] == draw_assumptions(one, n=50, seed=seed + 1)["fp"]).all()
