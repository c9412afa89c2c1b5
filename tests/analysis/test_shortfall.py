"""When nothing keeps the limits: how far off, which one binds, and the ways out."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.analysis.test_limits import curves, kept_by, limits
from workshop.analysis import metrics
from workshop.analysis.curve import threshold_curve
from workshop.analysis.limited_cuts import OF_CUTS, at_least, keeps
from workshop.analysis.limits import GroupGaps, best_within
from workshop.analysis.metrics import Context, Reviewer
from workshop.analysis.policies import count_cells
from workshop.record.values import Limits, Policy

# Most limits that are drawn are kept by some line, and say nothing of a shortfall.
MANY_KEEP_THEM = [HealthCheck.filter_too_much]

# Right, wrong, right, wrong, ... from the surest on: ten rows, five positive.
CURVE = threshold_curve([1, 0] * 5, -np.arange(10.0))


def shortfall(given, **more):
    return best_within(CURVE, given, **more).shortfall


@settings(max_examples=50, suppress_health_check=MANY_KEEP_THEM)
@given(curves(), limits())
def test_a_limit_binds_where_the_others_leave_something(curve, given):
    assume(kept_by(curve, given).empty)
    found = best_within(curve, given).shortfall
    for name in given.model_dump(exclude_none=True):
        fit = kept_by(curve, given.model_copy(update={name: None}))
        assert (not fit.empty) == (name in {b.name for b in found.binding})


@settings(max_examples=50, suppress_health_check=MANY_KEEP_THEM)
@given(curves(), limits())
def test_a_promise_lowered_to_what_is_reachable_is_kept(curve, given):
    found = best_within(curve, given).shortfall
    assume(found is not None)
    for binding in found.binding:
        lowered = given.model_copy(update={binding.name: binding.reachable})
        again = best_within(curve, lowered)
        assert again.policy is not None
        (check,) = (c for c in again.checks if c.name == binding.name)
        assert check.value == binding.reachable
        assert binding.reachable != binding.bound


@settings(max_examples=50, suppress_health_check=MANY_KEEP_THEM)
@given(curves(), limits(), st.sampled_from([1.0, 0.8, 0.5]))
def test_no_fewer_reviews_would_do(curve, given, sensitivity):
    context = Context(reviewer=Reviewer(sensitivity, 1.0))
    found = best_within(curve, given, context=context).shortfall
    assume(found is not None)
    fewest = min(_asked_that_do(curve, given, sensitivity), default=math.inf)
    if 0 < fewest < math.inf:
        assert found.reviews.asked == fewest
    else:
        assert found.reviews is None


def _asked_that_do(curve, given, sensitivity):
    tp, fp = ([0, *counts.tolist()] for counts in (curve.tp, curve.fp))
    for i in range(len(tp)):
        acted = tp[i] + fp[i]
        if acted and tp[i] / acted < (given.min_precision or 0):
            continue
        if acted and fp[i] / acted > _or(given.max_error_among_answered, 1):
            continue
        for j in range(i, len(tp)):
            handled, found = tp[j] + fp[j], tp[i] + sensitivity * (tp[j] - tp[i])
            covers = handled / curve.n >= (given.min_coverage or 0)
            recall = (found + 1e-9) / curve.positives
            if covers and recall >= (given.min_recall or 0):
                yield handled - acted


def _or(value, otherwise):
    return otherwise if value is None else value


def test_the_nearest_cut_is_off_by_least_where_it_is_off_most():
    given = Limits(min_precision=1.0, min_coverage=0.5)
    found = shortfall(given)
    # 2 of 3 right: a third off in precision, and 0.3 of 0.5 covered: 0.4 off. At 5
    # answered: 0.4 off in precision, none in coverage. At 4: 0.5 and 0.2.
    assert found.nearest.act_at in (-2.0, -4.0)
    one, other = found.checks
    worst = max(1 - one.value, max(0, 0.5 - other.value) / 0.5)
    assert worst == pytest.approx(0.4)
    assert (one.holds, other.holds) == (False, found.nearest.act_at == -4.0)


def test_both_of_two_limits_at_odds_bind():
    found = shortfall(Limits(min_precision=0.9, min_recall=0.6))
    precision, recall = found.binding
    assert (precision.name, recall.name) == ("min_precision", "min_recall")
    assert precision.reachable == 0.6  # 3 of 5 at a recall of 3 of 5
    assert precision.policy.act_at == -4.0
    assert (recall.reachable, recall.policy.act_at) == (0.2, 0.0)


def test_no_limit_binds_alone_where_two_are_out_of_reach():
    given = Limits(min_coverage=0.5, min_precision=0.9, max_latency_ms_p95=1)
    found = shortfall(given, context=Context(latency_ms=np.array([3.0])))
    assert found.binding == ()
    assert found.reviews is None  # People do not make an answer faster.
    assert found.nearest is not None


def test_latency_alone_binds_and_what_is_best_otherwise_is_nearest():
    given = Limits(min_precision=0.6, max_latency_ms_p95=1)
    found = shortfall(given, context=Context(latency_ms=np.array([3.0])))
    (binding,) = found.binding
    assert (binding.name, binding.reachable) == ("max_latency_ms_p95", 3.0)
    assert found.nearest == binding.policy == Policy(kind="single", act_at=-4.0)


def test_people_decide_what_the_rest_cannot():
    given = Limits(min_precision=1.0, min_coverage=0.5, reviews_per_week=300)
    found = shortfall(given, per_week=1000).reviews
    # The surest row is right; four more must be handled for half to be.
    assert found.policy == Policy(kind="review_band", act_at=0.0, review_at=-4.0)
    assert (found.asked, found.per_week, found.affordable) == (4, 400, False)
    assert found.hours(6) == 40
    assert found.hours(None) is None
    unknown = shortfall(given).reviews
    assert (unknown.per_week, unknown.affordable, unknown.hours(6)) == (None,) * 3


def test_what_people_find_is_told_from_what_is_found_alone():
    """The same way out breaks the limit in every figure that leaves people out."""
    found = shortfall(Limits(min_precision=1.0, min_recall=0.6, min_coverage=0.5))
    recall, coverage = found.reviews.counted
    assert (recall.alone.name, recall.with_people) == ("min_recall", 0.6)
    assert (recall.alone.value, recall.alone.holds) == (0.2, False)
    assert (coverage.with_people, coverage.alone.value) == (0.5, 0.1)
    cells = count_cells(found.reviews.policy, CURVE)
    assert metrics.recall(cells) == recall.alone.value
    assert metrics.coverage(cells) == coverage.alone.value
    half = Context(reviewer=Reviewer(0.5, 1.0))
    (once,) = shortfall(
        Limits(min_precision=1.0, min_recall=0.4), context=half
    ).reviews.counted
    assert once.with_people == pytest.approx(0.4)


@settings(max_examples=50, suppress_health_check=MANY_KEEP_THEM)
@given(curves(), limits())
def test_every_limit_holds_at_the_way_out_alone_or_with_people(curve, given):
    found = best_within(curve, given).shortfall
    if found is None or found.reviews is None:
        return
    needed = found.reviews
    with_people = {each.alone.name: each.with_people for each in needed.counted}
    cells = count_cells(needed.policy, curve)
    for name, bound in given.model_dump(exclude_none=True).items():
        alone = getattr(metrics, OF_CUTS[name])(cells)
        value = with_people.get(name, alone)
        # Acting on no one without a person leaves no rate to break.
        assert value is None or keeps(name, value + 1e-9 * at_least(name), bound)


def test_people_who_miss_some_must_be_asked_more():
    given = Limits(min_precision=1.0, min_recall=0.6)
    perfect = shortfall(given).reviews
    half = Context(reviewer=Reviewer(0.5, 1.0))
    assert shortfall(given, context=half).reviews.asked > perfect.asked
    never = Context(reviewer=Reviewer(0.0, 1.0))
    assert shortfall(given, context=never).reviews is None


def test_nothing_says_how_many_to_ask_where_nothing_must_be_handled():
    curve = threshold_curve([0, 1], [0.9, 0.1])
    found = best_within(curve, Limits(min_precision=0.9)).shortfall
    assert found.reviews is None
    assert found.binding[0].reachable == 0.5


def test_no_cut_is_nearest_where_none_was_measured_for_every_limit():
    gaps = GroupGaps(np.array([math.inf]), np.array([0.0]))
    found = shortfall(Limits(max_group_difference=0.1), group_gap=gaps)
    assert (found.nearest, found.checks) == (None, ())
    assert found.binding[0].reachable is None
