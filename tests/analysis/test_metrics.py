"""Every named metric has an implementation, and says "cannot tell" when it cannot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.curve import OperatingPoint
from workshop.analysis.metrics import (
    MEASURES,
    Context,
    Reviewer,
    count_of,
    number_of,
    quantile,
)
from workshop.analysis.policies import Cells
from workshop.errors import InputError
from workshop.record.terms import METRICS

counts = st.integers(0, 500)
cells = st.builds(Cells, *[counts] * 6).filter(
    lambda c: c.tp + c.fp + c.fn + c.tn + c.asked_positive + c.asked_negative > 0
)
POINT = OperatingPoint(0.5, tp=60, fp=20, fn=40, tn=80)
BAND = Cells(tp=60, fp=10, fn=15, tn=65, asked_positive=25, asked_negative=25)


def test_every_name_in_the_closed_list_has_an_implementation():
    assert set(MEASURES) == set(METRICS)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_explains_itself(name):
    assert MEASURES[name].__doc__


@pytest.mark.parametrize(
    ("name", "k", "n"),
    [
        ("prevalence", 100, 200),
        ("error_rate", 100, 200),
        ("precision", 60, 80),
        ("recall", 60, 100),
        ("false_positive_rate", 20, 100),
        ("coverage", 80, 200),
        ("error_among_answered", 20, 80),
        ("review_rate", 0, 200),
    ],
)
def test_a_share_is_its_count_over_its_base(name, k, n):
    found = count_of(name, POINT)
    assert (found.k, found.n) == (k, n)
    assert MEASURES[name](POINT, Context()) == k / n


@pytest.mark.parametrize(
    ("name", "k", "n"),
    [
        ("prevalence", 100, 200),
        ("precision", 60, 70),
        ("recall", 60, 100),
        ("false_positive_rate", 10, 100),
        ("coverage", 70, 200),
        ("review_rate", 50, 200),
    ],
)
def test_rows_sent_to_a_person_count_in_the_base_and_not_as_acted_on(name, k, n):
    found = count_of(name, BAND)
    assert (found.k, found.n) == (k, n)


@given(cells)
def test_every_share_lies_between_0_and_1_and_equals_its_count(point):
    for name, metric in METRICS.items():
        if metric.unit != "share":
            continue
        value, count = MEASURES[name](point, Context()), count_of(name, point)
        if value is None:
            assert count.n == 0
        else:
            assert 0 <= value <= 1
            assert value == count.k / count.n


@given(cells)
def test_error_among_answered_is_what_precision_leaves(point):
    precision = MEASURES["precision"](point, Context())
    error = MEASURES["error_among_answered"](point, Context())
    assert (precision is None) == (error is None)
    if precision is not None:
        assert precision + error == pytest.approx(1)


@given(
    st.builds(Cells, *[counts] * 4).filter(lambda c: c.tp + c.fp + c.fn + c.tn),
    st.floats(0.01, 100),
)
def test_net_benefit_is_prevalence_minus_cost_in_misses(point, ratio):
    # The identity of statistics.md, with C_FN = 1 and C_FP = w = 1/ratio.
    context = Context(ratio=ratio)
    cost = MEASURES["expected_cost"](point, context)
    prevalence = MEASURES["prevalence"](point, context)
    net_benefit = MEASURES["net_benefit"](point, context)
    assert net_benefit == pytest.approx(prevalence - cost / ratio, abs=1e-9, rel=1e-9)


def test_a_review_costs_its_price_and_what_the_reviewer_gets_wrong():
    perfect = Context(ratio=5, review_cost=0.5)
    cost = MEASURES["expected_cost"]
    assert cost(BAND, perfect) == pytest.approx((10 + 5 * 15 + 0.5 * 50) / 200)
    human = Context(ratio=5, review_cost=0.5, reviewer=Reviewer(0.8, 0.96))
    more = (5 * 0.2 * 25 + 0.04 * 25) / 200
    assert cost(BAND, human) == pytest.approx(cost(BAND, perfect) + more)


@pytest.mark.parametrize("name", ["expected_cost", "net_benefit"])
def test_without_a_ratio_there_is_no_cost(name):
    assert MEASURES[name](POINT, Context()) is None


@pytest.mark.parametrize(
    "name", ["latency_ms_p50", "latency_ms_p95", "cost_per_decision"]
)
def test_what_was_not_measured_is_not_told(name):
    assert MEASURES[name](POINT, Context()) is None


def test_latency_is_a_time_that_was_measured():
    context = Context(latency_ms=np.arange(1.0, 101.0))
    assert MEASURES["latency_ms_p50"](POINT, context) == 50
    assert MEASURES["latency_ms_p95"](POINT, context) == 95
    assert quantile([], 0.5) is None


def test_cost_a_decision_is_one_figure_or_the_mean_of_many():
    assert MEASURES["cost_per_decision"](POINT, Context(cost=1.5)) == 1.5
    many = Context(cost=np.array([1.0, 3.0]))
    assert MEASURES["cost_per_decision"](POINT, many) == 2.0


def test_a_share_becomes_a_number_with_everything_needed_to_judge_it():
    number = number_of("precision", POINT, rows="report", id="03.precision", deff=2)
    assert (number.id, number.k, number.n, number.value) == (
        "03.precision",
        60,
        80,
        0.75,
    )
    assert number.lo < 0.75 < number.hi
    assert number.rows == "report"


def test_a_cost_becomes_a_number_in_its_own_unit():
    number = number_of("expected_cost", POINT, rows="choose", context=Context(ratio=2))
    assert number.value == pytest.approx((20 + 2 * 40) / 200)
    assert number.unit == METRICS["expected_cost"].unit
    assert (number.lo, number.method) == (None, None)


def test_an_expectation_is_no_count_of_rows():
    drawn = Cells(tp=10.5, fp=4.5, fn=89.5, tn=95.5)
    number = number_of("precision", drawn, rows="report")
    assert number.value == pytest.approx(0.7)
    assert (number.k, number.method) == (None, "exact expectation")


def test_a_name_outside_the_list_is_refused():
    with pytest.raises(InputError, match="unknown metric 'f1'"):
        number_of("f1", POINT, rows="all")
