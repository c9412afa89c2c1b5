"""The best within limits keeps them all, and nothing that keeps them is better."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.curve import threshold_curve
from workshop.analysis.intervals import rate
from workshop.analysis.labels import Labelling
from workshop.analysis.limited_cuts import LimitCheck
from workshop.analysis.limits import (
    GroupGaps,
    best_within,
    labels_to_tell,
    out_of_reach,
)
from workshop.analysis.metrics import Context, expected_cost
from workshop.errors import InputError
from workshop.record.values import Limits, Policy

LABELS = [0, 0, 1, 0, 1, 1, 0, 1]
SCORES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
CURVE = threshold_curve(LABELS, SCORES)
LABELLING = Labelling(minutes_per_label=3, cost_per_hour=60, labels_per_day=120)

SHARES = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 0.6, 0.75, 1.0])


@st.composite
def curves(draw):
    row = st.tuples(st.booleans(), st.integers(0, 8))
    rows = draw(st.lists(row, min_size=2, max_size=30))
    labels = np.array([label for label, _ in rows])
    labels[:2] = [True, False]
    return threshold_curve(labels, np.array([score for _, score in rows]) / 8)


@st.composite
def limits(draw):
    return Limits(
        min_precision=draw(st.none() | SHARES),
        min_recall=draw(st.none() | SHARES),
        max_error_among_answered=draw(st.none() | SHARES),
        min_coverage=draw(st.none() | SHARES),
    )


def kept_by(curve, given):
    """The cuts that keep the limits, one by one, as rows of a table."""
    table = curve.table().iloc[1:].copy()
    flagged = table.tp + table.fp
    table["error"] = table.fp / flagged
    kept = np.ones(len(table), dtype=bool)
    for bound, share, sign in (
        (given.min_precision, table.tp / flagged, 1),
        (given.min_recall, table.tp / curve.positives, 1),
        (given.max_error_among_answered, table.error, -1),
        (given.min_coverage, flagged / curve.n, 1),
    ):
        if bound is not None:
            kept &= sign * share >= sign * bound
    return table[kept]


@settings(max_examples=60)
@given(curves(), limits())
def test_the_best_recalls_most_and_of_these_flags_fewest(curve, given):
    found, fit = best_within(curve, given), kept_by(curve, given)
    if fit.empty:
        assert (found.policy, found.cells, found.checks) == (None, None, ())
        return
    assert found.shortfall is None
    assert found.cells.tp == fit.tp.max()
    assert found.cells.fp == fit[fit.tp == fit.tp.max()].fp.min()


@settings(max_examples=60)
@given(curves(), limits())
def test_the_best_errs_least_and_of_these_answers_most(curve, given):
    found, fit = best_within(curve, given, goal="least_error"), kept_by(curve, given)
    if fit.empty:
        assert found.policy is None
        return
    least = fit[fit.error == fit.error.min()]
    assert found.cells.fp + found.cells.tp == (least.fp + least.tp).max()


@settings(max_examples=60)
@given(curves(), limits(), st.sampled_from([0.3, 1, 4]))
def test_the_cheapest_costs_no_more_than_any_that_keeps_them(curve, given, ratio):
    context = Context(ratio=ratio)
    found = best_within(curve, given, goal="cheapest", context=context)
    fit = kept_by(curve, given)
    costs = ((fit.fp + ratio * fit.fn) / curve.n).tolist()
    none_has_no_rate = given.min_precision is None
    none_has_no_rate &= given.max_error_among_answered is None
    if none_has_no_rate and not given.min_recall and not given.min_coverage:
        costs.append(ratio * curve.positives / curve.n)
    if found.policy is None:
        assert not costs
    else:
        assert expected_cost(found.cells, context) == pytest.approx(min(costs))


@settings(max_examples=60)
@given(curves(), limits(), st.sampled_from(["most_recall", "least_error"]))
def test_every_limit_that_was_set_is_checked_and_holds(curve, given, goal):
    found = best_within(curve, given, goal=goal)
    names = [check.name for check in found.checks]
    assert all(check.holds for check in found.checks)
    if found.policy is not None:
        assert sorted(names) == sorted(given.model_dump(exclude_none=True))


def test_every_limit_on_a_rate_counts():
    assert best_within(CURVE, Limits()).policy == Policy(kind="single", act_at=0.3)
    assert best_within(CURVE, Limits(min_precision=1.0)).policy.act_at == 0.8
    none = Limits(min_precision=0.99, min_recall=0.5)
    assert best_within(CURVE, none).policy is None
    assert best_within(CURVE, Limits(min_coverage=1.0)).policy == Policy(kind="all")


def test_a_check_says_how_sure_it_is():
    labels = np.arange(200) < 100
    curve = threshold_curve(labels, -np.arange(200.0))
    one, other = best_within(
        curve, Limits(min_precision=0.7, min_recall=0.99), deff=2
    ).checks
    assert (one.value, one.number.k, one.number.n, one.holds) == (1, 100, 100, True)
    assert (one.sure, other.sure) == (True, False)
    assert "effective" in one.number.method


def test_acting_on_no_one_is_looked_at_for_the_cheapest_alone():
    curve = threshold_curve([0, 0, 0, 1], [0.4, 0.3, 0.2, 0.1])
    cheap = Context(ratio=0.5)
    found = best_within(curve, Limits(), goal="cheapest", context=cheap)
    assert found.policy == Policy(kind="none")
    given = Limits(min_precision=0.2)
    found = best_within(curve, given, goal="cheapest", context=cheap)
    assert found.policy == Policy(kind="all")


def test_a_largest_group_difference_holds_where_it_was_measured():
    gaps = GroupGaps(np.array([0.3, 0.5, 0.6]), np.array([0.2, 0.1, math.nan]))
    within = Limits(max_group_difference=0.1)
    found = best_within(CURVE, within, group_gap=gaps)
    assert found.policy.act_at == 0.5
    (check,) = found.checks
    assert (check.value, check.holds, check.sure) == (0.1, True, None)
    wider = best_within(CURVE, Limits(max_group_difference=0.2), group_gap=gaps)
    assert wider.policy.act_at == 0.3


def test_what_was_not_measured_excludes_nothing_and_says_so():
    given = Limits(
        max_group_difference=0.1, max_latency_ms_p95=9, max_cost_per_decision=1
    )
    found = best_within(CURVE, given)
    assert found.policy == Policy(kind="single", act_at=0.3)
    assert [(c.value, c.holds) for c in found.checks] == [(None, None)] * 3
    nowhere = GroupGaps(np.array([0.3]), np.array([math.nan]))
    (check, *_) = best_within(CURVE, given, group_gap=nowhere).checks
    assert check.holds is None


def test_latency_and_money_do_not_depend_on_the_cut():
    given = Limits(max_latency_ms_p95=9, max_cost_per_decision=1)
    context = Context(latency_ms=np.array([2.0, 9.0]), cost=0.5)
    found = best_within(CURVE, given, context=context)
    assert [(c.value, c.holds) for c in found.checks] == [(9, True), (0.5, True)]
    slow = Context(latency_ms=np.array([2.0, 10.0]), cost=0.5)
    assert best_within(CURVE, given, context=slow).policy is None


def test_the_cheapest_band_stays_within_the_reviews_a_week():
    context = Context(ratio=3, review_cost=0.1)
    for most, asked in ((800, 5), (300, 2), (0, 0)):
        given = Limits(reviews_per_week=most)
        found = best_within(
            CURVE, given, goal="cheapest", context=context, per_week=800, band=True
        )
        (check,) = found.checks
        assert found.cells.asked_positive + found.cells.asked_negative == asked
        assert (check.value, check.holds) == (asked * 100, True)
    alone = best_within(CURVE, given, goal="cheapest", context=context)
    assert alone.policy == found.policy


def test_a_bands_limits_on_rates_hold_for_what_is_acted_on_alone():
    context = Context(ratio=3, review_cost=0.1)
    found = best_within(
        CURVE, Limits(min_coverage=0.5), goal="cheapest", context=context, band=True
    )
    assert found.policy == Policy(kind="review_band", act_at=0.5, review_at=0.3)
    assert found.checks[0].value == 0.5


def test_labels_are_priced_until_a_kept_limit_is_told():
    (check,) = best_within(CURVE, Limits(min_precision=0.5)).checks
    price = labels_to_tell(check, labelling=LABELLING)
    assert (check.holds, check.sure, price.now) == (True, False, 6)
    assert price.needed > 6
    wide = labels_to_tell(check, labelling=LABELLING, deff=2)
    assert wide.needed > price.needed


def test_a_positive_more_takes_as_many_labels_as_rows_hold_one():
    """Buderer 1996: for recall, positives needed over the prevalence."""
    labels = np.arange(1000) % 10 == 0
    curve = threshold_curve(labels, np.where(np.arange(1000) < 700, 1.0, 0.0))
    (recall,) = best_within(curve, Limits(min_recall=0.65), goal="least_error").checks
    assert recall.labels_each == 10
    alike = LimitCheck("min_precision", 0.65, recall.number, True)
    base, rows = (labels_to_tell(c, labelling=LABELLING) for c in (alike, recall))
    assert (base.now, rows.now) == (recall.number.n, 10 * recall.number.n)
    assert (rows.needed, rows.more) == (10 * base.needed, 10 * base.more)
    assert rows.cost == pytest.approx(10 * base.cost)
    assert rows.days == math.ceil(rows.more / LABELLING.labels_per_day)
    assert (rows.half_width_now, rows.deff) == (base.half_width_now, base.deff)


def test_coverage_needs_no_label_at_all():
    (check,) = best_within(CURVE, Limits(min_coverage=0.7)).checks
    assert (check.holds, check.sure) == (True, False)
    assert labels_to_tell(check, labelling=LABELLING) is None


@pytest.mark.parametrize(("bound", "beyond"), [(0.4, False), (0.499, True)])
def test_a_figure_as_good_as_at_its_limit_is_told_from_it_by_no_number(bound, beyond):
    number = rate("precision", 100, 200, rows="choose")
    check = LimitCheck("min_precision", bound, number, True)
    assert out_of_reach(labels_to_tell(check, labelling=LABELLING)) is beyond


def test_labels_are_no_way_out_of_a_broken_limit():
    given = Limits(min_precision=0.99, min_recall=0.5, max_latency_ms_p95=9)
    context = Context(latency_ms=np.array([1.0]))
    checks = best_within(CURVE, given, context=context).shortfall.checks
    broken = [labels_to_tell(c, labelling=LABELLING) for c in checks if not c.holds]
    assert broken
    assert set(broken) == {None}
    assert labels_to_tell(checks[-1], labelling=LABELLING) is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"goal": "cheapest"}, "what one miss is worth"),
        ({"goal": "best"}, "unknown goal 'best'; one of most_recall"),
        ({"band": True}, "ask for the cheapest"),
        (
            {"goal": "cheapest", "context": Context(ratio=1), "band": True},
            "needs the decisions a week",
        ),
    ],
)
def test_a_goal_without_what_it_needs_is_refused(given, says):
    with pytest.raises(InputError, match=says):
        best_within(CURVE, Limits(reviews_per_week=10), **given)


def test_differences_come_with_their_thresholds():
    with pytest.raises(InputError, match="must be as many"):
        GroupGaps(np.array([0.1, 0.2]), np.array([0.1]))
