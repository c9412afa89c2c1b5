"""Net benefit: its identity with expected cost, and its agreement with the metric."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workshop.analysis import metrics
from workshop.analysis.curve import OperatingPoint, threshold_curve
from workshop.analysis.metrics import Context
from workshop.analysis.net_benefit import (
    avoided_per_100,
    net_benefit_at,
    net_benefit_of,
    rows_per_extra_find,
    threshold_odds,
)
from workshop.errors import InputError

count = st.integers(0, 10_000)
points = st.builds(OperatingPoint, st.just(0.5), count, count, count, count)
probabilities = st.floats(0.001, 0.999)


@given(points, probabilities)
def test_net_benefit_is_prevalence_less_expected_cost(point, pt):
    assume(point.n > 0)
    w = pt / (1 - pt)
    # The metric's cost has C_FP = 1, C_FN = ratio; times w that is C_FP = w, C_FN = 1.
    cost = w * metrics.expected_cost(point, Context(ratio=1 / w))
    prevalence = (point.tp + point.fn) / point.n
    found = net_benefit_at(point, pt=pt)
    assert found == pytest.approx(prevalence - cost, rel=1e-9, abs=1e-9 * (1 + w))


@given(points, probabilities)
def test_it_is_the_metric_of_that_name(point, pt):
    assume(point.n > 0)
    expected = metrics.net_benefit(point, Context(ratio=(1 - pt) / pt))
    found = net_benefit_at(point, pt=pt)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 / (1 - pt))


@given(points, probabilities, st.floats(0, 0.1))
def test_harm_is_paid_by_every_row_and_by_no_trivial_policy(point, pt, harm):
    assume(point.n > 0)
    free, paid = (net_benefit_at(point, pt=pt, harm=h) for h in (0, harm))
    assert free - paid == pytest.approx(harm, abs=1e-9 / (1 - pt))
    lost = avoided_per_100(point, pt=pt) - avoided_per_100(point, pt=pt, harm=harm)
    assert lost == pytest.approx(100 * harm * (1 - pt) / pt, abs=1e-6 / pt)


def test_acting_on_everyone_avoids_nothing_and_on_no_one_earns_nothing():
    everyone, no_one = OperatingPoint(0, 3, 7, 0, 0), OperatingPoint(1, 0, 0, 3, 7)
    assert avoided_per_100(everyone, pt=0.2) == 0
    assert net_benefit_at(no_one, pt=0.2) == 0
    # Of 100, 70 needless actions are avoided, but 30 finds of four alarms each missed.
    assert avoided_per_100(no_one, pt=0.2) == pytest.approx(70 - 30 * 4)


def test_rows_sent_to_a_person_are_decisions_too():
    from workshop.analysis.policies import Cells

    asked = Cells(tp=2, fp=1, fn=0, tn=3, asked_positive=1, asked_negative=3)
    assert net_benefit_at(asked, pt=0.5) == pytest.approx((2 - 1) / 10)
    assert avoided_per_100(asked, pt=0.5) == pytest.approx(100 * (0.1 - (0.3 - 0.7)))


def test_a_decision_curve_reads_pt_and_cut_off_one_axis():
    labels, risk = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    curve, pts = threshold_curve(labels, risk), np.array([0.05, 0.36, 0.9])
    found = net_benefit_of(*curve.counts_at(pts), curve.n, pt=pts)
    expected = [0.5 - 0.5 * 0.05 / 0.95, 0.25 - 0.25 * 0.36 / 0.64, 0.0]
    assert found.tolist() == pytest.approx(expected)


def test_where_nothing_is_gained_no_number_of_tests_finds_one_more():
    assert rows_per_extra_find(0.02) == pytest.approx(50)
    assert rows_per_extra_find(0) is None
    assert rows_per_extra_find(-0.1) is None


@pytest.mark.parametrize("pt", [0, 1, -0.2, 1.5, float("nan"), [0.5, 1.0]])
def test_a_threshold_probability_lies_between_none_and_all(pt):
    with pytest.raises(InputError, match="between 0 and 1"):
        threshold_odds(pt)
