"""Kept, broken, or cannot tell: one-sided at 95 %, and what telling would take."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.clauses import Pace, hold
from workshop.analysis.intervals import share_held, wilson
from workshop.analysis.labels import Labelling
from workshop.analysis.metrics import Context
from workshop.analysis.policies import Cells
from workshop.record.values import Clause, MeasuredBy

SUPPORT = MeasuredBy(labels_per_week=40, who="support")
ERROR = Clause(id="C1", metric="error_among_answered", at_most=0.3, measured_by=SUPPORT)
REACH = Clause(id="C2", metric="coverage", at_least=0.45)
PRICE = Pace(Labelling(3, 60, 120), per_week=500)


def answered(wrong: int, n: int, silent: int = 0) -> Cells:
    return Cells(tp=n - wrong, fp=wrong, fn=silent, tn=0)


def changed(clause: Clause, **fields: object) -> Clause:
    return Clause.model_validate(clause.model_dump() | fields)


# --- the rule -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "n", "state"),
    [(22, 100, "kept"), (23, 100, "cannot_tell"), (38, 100, "cannot_tell"),
     (39, 100, "broken"), (0, 8, "cannot_tell"), (0, 9, "kept"), (3, 3, "broken")],
)  # fmt: skip
def test_one_bound_at_95_percent_decides(wrong, n, state):
    held = hold(ERROR, answered(wrong, n))
    assert held.state == state
    assert (held.number.k, held.number.n, held.number.level) == (wrong, n, 0.9)


def test_a_range_of_two_sides_would_not_have_told():
    """22 of 100 is kept at "at most 30": two-sided at 95 % it could not be told."""
    assert hold(ERROR, answered(22, 100)).state == "kept"
    assert wilson(22, 100).hi > 0.3


@given(st.integers(0, 200), st.integers(1, 200), st.floats(0, 1), st.floats(1, 9))
@settings(max_examples=80, deadline=None)
def test_a_floor_is_the_mirror_of_a_ceiling(k, n, bound, deff):
    k = min(k, n)
    most = Clause(id="C", metric="precision", at_most=bound)
    least = Clause(id="C", metric="error_among_answered", at_least=1 - bound)
    one = hold(most, Cells(tp=k, fp=n - k, fn=0, tn=0), deff=deff)
    other = hold(least, Cells(tp=k, fp=n - k, fn=0, tn=0), deff=deff)
    assert abs(bound - one.number.value) < 1e-9 or one.state == other.state


@pytest.mark.parametrize(("p", "n"), [(0.01, 20), (0.01, 300), (0.05, 300), (0.3, 300)])
def test_exactly_at_the_limit_a_clause_is_told_at_most_1_time_in_20(p, n):
    from scipy.stats import binom

    clause = changed(ERROR, at_most=p)
    chance = {"kept": 0.0, "broken": 0.0, "cannot_tell": 0.0}
    for wrong in range(n + 1):
        chance[hold(clause, answered(wrong, n)).state] += binom.pmf(wrong, n, p)
    assert chance["kept"] <= 0.05
    assert chance["broken"] <= 0.05


def test_one_of_20_does_not_break_a_limit_of_one_of_100():
    """That happens in 18 of 100 cases exactly at the limit."""
    held = hold(changed(ERROR, at_most=0.01), answered(1, 20))
    assert held.state == "cannot_tell"
    assert held.number.method == "clopper-pearson"


@pytest.mark.parametrize(
    ("k", "n", "lo", "hi"),
    [(1, 20, 0.00256, 0.21611), (0, 30, 0, 0.09503), (18, 20, 0.71738, 0.98193)],
)
def test_both_bounds_are_the_binomials_own(k, n, lo, hi):
    from scipy.stats import binom

    held = share_held("x", k, n, rows="report")
    assert (held.lo, held.hi) == pytest.approx((lo, hi), abs=1e-5)
    assert binom.cdf(k, n, held.hi) == pytest.approx(0.05)
    assert k == 0 or binom.sf(k - 1, n, held.lo) == pytest.approx(0.05)


@given(st.integers(0, 60), st.integers(1, 60), st.floats(1, 90))
@settings(max_examples=80, deadline=None)
def test_a_range_holds_its_share_even_below_one_effective_row(k, n, deff):
    held = share_held("x", min(k, n), n, rows="report", deff=deff)
    assert 0 <= held.lo <= held.value <= held.hi <= 1
    alone = share_held("x", min(k, n), n, rows="report")
    assert held.lo <= alone.lo + 1e-9
    assert held.hi >= alone.hi - 1e-9


def test_rows_that_hang_together_tell_less():
    assert hold(ERROR, answered(20, 100)).state == "kept"
    clustered = hold(ERROR, answered(20, 100), deff=4)
    assert clustered.state == "cannot_tell"
    assert "effective" in clustered.number.method


# --- why it cannot be told ------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "cells", "given", "state", "reason"),
    [
        (ERROR, None, {}, None, "no_policy"),
        (ERROR, answered(0, 0, 9), {}, "cannot_tell", "no_rows"),
        (REACH, Cells(0, 0, 0, 0), {}, "cannot_tell", "no_rows"),
        (ERROR, answered(1, 9), {"labelled": False}, "cannot_tell", "no_labels"),
        (changed(ERROR, minimum_sample=50), answered(0, 49), {}, "cannot_tell",
         "few_rows"),
        (ERROR, Cells(2.5, 1.5, 0, 0), {}, None, "not_countable"),
        (Clause(id="C", metric="latency_ms_p95", at_most=9), None, {}, None,
         "not_measured"),
        (Clause(id="C", metric="cost_per_decision", at_most=9), None, {}, None,
         "not_measured"),
        (Clause(id="C", metric="expected_cost", at_most=1), answered(1, 9), {}, None,
         "no_ratio"),
        (ERROR, answered(3, 10), {}, "cannot_tell", "holds_limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_says_why(clause, cells, given, state, reason):
    held = hold(clause, cells, **given)
    assert (held.state, held.reason) == (state, reason)


def test_without_labels_a_program_still_counts_what_needs_none():
    held = hold(REACH, Cells(tp=80, fp=0, fn=20, tn=0), labelled=False)
    assert (held.state, held.reason) == ("kept", "")


def test_below_a_minimum_it_asks_for_as_many_as_tell_and_no_fewer():
    few = hold(changed(ERROR, minimum_sample=50), answered(12, 49), pace=PRICE)
    without = hold(ERROR, answered(12, 49), pace=PRICE)
    assert few.reason == "few_rows"
    assert few.needs.rows == without.needs.rows > 50
    endless = hold(changed(ERROR, minimum_sample=50), answered(3, 10))
    assert (endless.reason, endless.needs) == ("few_rows", None)


def test_a_minimum_sample_asks_for_the_rows_that_lack():
    held = hold(changed(ERROR, minimum_sample=50), answered(0, 30), pace=PRICE)
    assert (held.needs.rows, held.needs.labels) == (20, 20)
    assert (held.needs.weeks, held.needs.cost) == (1, 60)
    assert hold(changed(ERROR, minimum_sample=50), answered(0, 50)).state == "kept"


# --- what telling would take ----------------------------------------------------------


def test_cannot_tell_says_how_many_labels_weeks_and_what_price():
    held = hold(changed(ERROR, window="26 weeks"), answered(25, 100), pace=PRICE)
    rows = 100 + held.needs.rows
    fewer, enough = (rows // 4 - 1) * 4, (rows // 4 + 1) * 4
    assert hold(ERROR, answered(fewer // 4, fewer)).state == "cannot_tell"
    assert hold(ERROR, answered(enough // 4, enough)).state == "kept"
    assert held.needs.fits
    assert held.needs.labels == held.needs.rows
    assert held.needs.weeks == -(-held.needs.labels // 40)
    assert held.needs.cost == 3 * held.needs.labels


def test_a_window_that_never_holds_enough_says_what_would():
    """40 labels a week fill a window of 4 weeks with 160, however long one waits."""
    held = hold(ERROR, answered(25, 100), pace=PRICE)
    enough = 100 + held.needs.rows
    assert enough > 160
    assert (held.needs.fits, held.needs.weeks) == (False, None)
    assert held.needs.labels_a_week == -(-enough // 4)
    assert held.needs.window_weeks == -(-enough // 40)
    by = {"labels_per_week": held.needs.labels_a_week, "who": "support"}
    for change in ({"measured_by": by}, {"window": f"{held.needs.window_weeks} weeks"}):
        mended = hold(changed(ERROR, **change), answered(25, 100), pace=PRICE).needs
        assert mended.fits
        assert mended.weeks is not None


def test_nobody_labels_more_rows_than_there_are():
    """6,500 a week are promised, but only 20 of 100 of 100 decisions are answered."""
    many = {"labels_per_week": 6500, "who": "support"}
    clause = changed(ERROR, measured_by=many, window="1 year")
    cells = answered(25, 100, silent=400)
    needs = hold(clause, cells, pace=Pace(per_week=100)).needs
    assert needs.fits
    assert needs.weeks == -(-needs.rows // 20)
    month = hold(changed(clause, window="4 weeks"), cells, pace=Pace(per_week=100))
    assert (month.needs.fits, month.needs.labels_a_week) == (False, None)
    assert month.needs.window_weeks == -(-(100 + needs.rows) // 20)


def test_the_clauses_own_price_comes_first_and_none_is_no_price():
    own = MeasuredBy(labels_per_week=10, who="experts", cost_per_label=0)
    held = hold(changed(ERROR, measured_by=own), answered(25, 100), pace=PRICE)
    assert held.needs.cost == 0
    nobody = hold(changed(ERROR, measured_by=None), answered(25, 100))
    assert (nobody.needs.weeks, nobody.needs.cost) == (None, None)
    assert nobody.needs.labels > 0


def test_for_recall_most_labels_are_of_others():
    clause = Clause(id="C", metric="recall", at_least=0.8, measured_by=SUPPORT)
    held = hold(clause, Cells(tp=42, fp=0, fn=8, tn=450))
    assert held.needs.labels == pytest.approx(10 * held.needs.rows, abs=1)


def test_of_a_slice_only_its_share_of_labels_counts():
    whole = hold(ERROR, answered(25, 100)).needs
    part = hold(ERROR, answered(25, 100), pace=Pace(share=0.25)).needs
    assert part.labels == 4 * whole.labels
    assert part.rows == whole.rows


def test_what_a_program_counts_needs_weeks_and_no_labels():
    held = hold(REACH, Cells(tp=48, fp=0, fn=52, tn=0), pace=PRICE)
    assert (held.needs.labels, held.needs.cost) == (None, None)
    assert held.needs.weeks == -(-held.needs.rows // 500)


@pytest.mark.parametrize("wrong", [300, 301])
def test_at_the_limit_no_number_of_rows_would_tell(wrong):
    held = hold(ERROR, answered(wrong, 1000))
    assert (held.state, held.needs) == ("cannot_tell", None)


# --- more than counts -----------------------------------------------------------------


def test_a_time_is_held_between_two_of_its_measurements():
    times = np.arange(1.0, 401.0)
    cells, slow = Cells(1, 0, 0, 0), "latency_ms_p95"
    for bound, state in ((395, "kept"), (380, "cannot_tell"), (360, "broken")):
        clause = Clause(id="C", metric=slow, at_most=bound)
        held = hold(clause, cells, context=Context(latency_ms=times))
        assert (held.state, held.number.unit) == (state, "ms")
        assert held.number.lo < held.number.value < held.number.hi
    short = hold(clause, cells, context=Context(latency_ms=times[:3]))
    assert (short.state, short.reason) == ("cannot_tell", "few_rows")


@pytest.mark.parametrize(
    ("metric", "cells"),
    [
        ("expected_cost", Cells(tp=30, fp=0, fn=0, tn=30)),
        ("expected_cost", Cells(tp=30, fp=3, fn=1, tn=300)),
        ("net_benefit", Cells(tp=60, fp=0, fn=0, tn=0)),
    ],
)
def test_a_mean_that_hardly_any_row_spreads_is_not_certain(metric, cells):
    clause = Clause(id="C", metric=metric, at_most=0.5)
    held = hold(clause, cells, context=Context(ratio=20.0))
    assert (held.state, held.reason) == ("cannot_tell", "few_rows")
    assert (held.number.lo, held.number.hi) == (None, None)
    assert held.number.value is not None


def test_rows_that_hang_together_spread_a_mean_less():
    clause, given = Clause(id="C", metric="expected_cost", at_most=0.5), Context(2.0)
    cells = Cells(tp=30, fp=8, fn=0, tn=300)
    assert hold(clause, cells, context=given).state == "kept"
    assert hold(clause, cells, context=given, deff=2).reason == "few_rows"


def test_a_stated_cost_counts_as_it_was_stated():
    for bound, state in ((0.02, "kept"), (0.01, "broken")):
        clause = Clause(id="C", metric="cost_per_decision", at_most=bound)
        held = hold(clause, None, context=Context(cost=0.02))
        assert (held.state, held.number.lo, held.number.assumed) == (state, None, True)


@pytest.mark.parametrize("metric", ["expected_cost", "net_benefit"])
def test_a_mean_is_held_by_its_normal_range(metric):
    cells, context = Cells(tp=60, fp=20, fn=10, tn=10), Context(ratio=2.0)
    number = hold(Clause(id="C", metric=metric, at_most=9), cells, context=context)
    value, (lo, hi) = number.number.value, (number.number.lo, number.number.hi)
    expected = {"expected_cost": 0.4, "net_benefit": 0.5}[metric]
    assert value == pytest.approx(expected)
    for bound, state in (
        (lo - 0.01, "broken"),
        (value, "cannot_tell"),
        (hi + 0.01, "kept"),
    ):
        clause = Clause(id="C", metric=metric, at_most=bound)
        assert hold(clause, cells, context=context).state == state


def test_a_mean_that_cannot_be_told_names_rows_too():
    clause = Clause(id="C", metric="expected_cost", at_most=0.45, measured_by=SUPPORT)
    held = hold(clause, Cells(60, 20, 10, 10), context=Context(ratio=2.0))
    rows = 100 + held.needs.rows
    many = Cells(*(count * rows / 100 for count in (60, 20, 10, 10)))
    rounded = Cells(*(round(getattr(many, part)) for part in ("tp", "fp", "fn", "tn")))
    again = hold(clause, rounded, context=Context(ratio=2.0))
    assert again.number.hi == pytest.approx(0.45, abs=0.002)
