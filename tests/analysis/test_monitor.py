"""A rate looked at every week: no wolf is cried, and a wolf is seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.monitor import (
    alarm_counts,
    confidence_sequence,
    log_evidence,
    log_level,
    watch,
    windowed,
    windows_a_year,
)
from workshop.errors import InputError
from workshop.record.values import Count

LEVEL = log_level(0.05, 13)
BOUNDS = st.floats(0.01, 0.99)
SIDES = st.sampled_from(["at_most", "at_least"])


def weeks(*counts: tuple[int, int]) -> list[Count]:
    return [Count(k=k, n=n) for k, n in counts]


def mean_evidence(n: int, p: float, bound: float, side: str) -> float:
    """The exact mean of the evidence over all that n rows of rate p can show."""
    from scipy.stats import binom

    k = np.arange(n + 1)
    log_e = log_evidence(k, n, bound, side)
    with np.errstate(divide="ignore"):
        return float(np.exp(binom.logpmf(k, n, p) + log_e).sum())


# --- validity -------------------------------------------------------------------------


@given(BOUNDS, SIDES, st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_exactly_at_the_bound_the_evidence_is_one_on_average(bound, side, n):
    assert mean_evidence(n, bound, bound, side) == pytest.approx(1, abs=1e-8)


@given(BOUNDS, SIDES, st.floats(0, 1), st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_a_rate_that_keeps_the_clause_has_less_evidence_still(bound, side, part, n):
    p = bound * part if side == "at_most" else 1 - (1 - bound) * part
    assert mean_evidence(n, p, bound, side) <= 1 + 1e-8


@given(BOUNDS, st.integers(1, 60), st.integers(1, 60), st.data())
@settings(max_examples=60, deadline=None)
def test_after_any_week_the_next_adds_nothing_on_average(bound, n, more, data):
    """The supermartingale itself: the mean of the next, given what was seen."""
    from scipy.stats import binom

    k = data.draw(st.integers(0, n))
    j = np.arange(more + 1)
    after = log_evidence(k + j, n + more, bound, "at_most")
    mean = np.exp(binom.logpmf(j, more, bound) + after).sum()
    now = np.exp(log_evidence(k, n, bound, "at_most"))
    assert mean == pytest.approx(now, rel=1e-7)


@pytest.mark.parametrize(("rate", "labels"), [(0.1, 20), (0.2, 40), (0.3, 200)])
def test_calm_years_at_the_limit_alarm_less_often_than_the_level(rate, labels):
    rng = np.random.default_rng(7)
    k = windowed(rng.binomial(labels, rate, (1000, 52)), 4)
    n = windowed(np.full(52, labels), 4)
    alarms = k >= alarm_counts(n, rate, "at_most", level=LEVEL)
    assert alarms.any(axis=1).mean() <= 0.05


def test_rows_that_come_in_blocks_alarm_no_more_often_once_they_are_divided():
    """Ten equal rows a draw: without the design effect calm years would not be calm."""
    rng = np.random.default_rng(3)
    k = windowed(10 * rng.binomial(4, 0.2, (1000, 52)), 4)
    n = windowed(np.full(52, 40), 4)
    shares = [
        (k >= alarm_counts(n, 0.2, "at_most", level=LEVEL, deff=deff)).any(1).mean()
        for deff in (1.0, 10.0)
    ]
    assert shares[0] > 0.5
    assert shares[1] <= 0.05


@given(BOUNDS, st.lists(st.floats(0, 1), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_block_however_dependent_adds_nothing_on_average(bound, raw):
    """Any joint law of a block whose rows each keep the bound; deff is its size."""
    size = len(raw)
    patterns = np.array(np.meshgrid(*[[0, 1]] * size)).reshape(size, -1).T
    weight = np.array(
        [np.prod(np.where(row, raw, 1 - np.array(raw))) for row in patterns]
    )
    # mixed with "none is wrong" until every row's own chance keeps the bound
    chances = weight @ patterns
    keep = min(1.0, bound / max(chances.max(), 1e-12))
    weight = keep * weight
    weight[patterns.sum(axis=1) == 0] += 1 - keep
    log_e = log_evidence(patterns.sum(axis=1), size, bound, "at_most", deff=size)
    assert weight @ np.exp(log_e) <= 1 + 1e-8


# --- what it is like ------------------------------------------------------------------


@given(BOUNDS, SIDES, st.integers(1, 400), st.sampled_from([1.0, 2.7, 30.0]))
@settings(max_examples=60, deadline=None)
def test_each_wrong_one_more_is_more_evidence(bound, side, n, deff):
    found = log_evidence(np.arange(n + 1), n, bound, side, deff=deff)
    assert np.isfinite(found).all()
    change = np.diff(found)
    assert (change > 0).all() if side == "at_most" else (change < 0).all()


@pytest.mark.parametrize("n", [10_000, 1_000_000])
def test_evidence_stays_a_number_however_far_inside_the_bound(n):
    found = log_evidence(np.linspace(0, n, 201).astype(int), n, 0.7, "at_most")
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()


@given(BOUNDS, st.lists(st.integers(0, 500), max_size=30))
@settings(max_examples=40, deadline=None)
def test_nothing_wrong_never_alarms(bound, sizes):
    assert watch(weeks(*((0, n) for n in sizes)), bound, "at_most").first_alarm is None
    all_right = watch(weeks(*((n, n) for n in sizes)), bound, "at_least")
    assert all_right.first_alarm is None


def test_both_sides_are_mirrors():
    k = np.arange(101)
    one = log_evidence(k, 100, 0.3, "at_most")
    assert log_evidence(100 - k, 100, 0.7, "at_least") == pytest.approx(one)


def test_a_bound_of_nothing_is_broken_by_the_first_and_one_of_all_never():
    found = watch(weeks((0, 9), (1, 9)), 0.0, "at_most")
    assert [week.alarm for week in found.weeks] == [False, True]
    assert watch(weeks((9, 9)), 1.0, "at_most").weeks[0].log_e == 0
    assert watch(weeks((0, 9)), 0.0, "at_least").first_alarm is None


# --- weeks and windows ----------------------------------------------------------------


def test_a_rise_alarms_and_the_next_window_starts_afresh():
    calm, risen = (8, 40), (24, 40)
    found = watch(weeks(calm, calm, risen, risen, calm, calm), 0.2, "at_most")
    assert found.first_alarm == 4
    assert [week.window for week in found.weeks] == [1, 1, 1, 1, 2, 2]
    assert found.weeks[3].so_far == Count(k=64, n=160)
    assert found.weeks[4].so_far == Count(k=8, n=40)
    alone = watch(weeks(calm), 0.2, "at_most")
    assert found.weeks[4].log_e == pytest.approx(alone.weeks[0].log_e)


def test_each_window_tells_its_first_alarm_once():
    found = watch(weeks(*[(30, 40)] * 6), 0.2, "at_most", weeks_per_window=3)
    assert found.alarms == (1, 4)


def test_a_week_without_rows_changes_nothing():
    found = watch(weeks((0, 0), (9, 40), (0, 0)), 0.2, "at_most")
    assert found.weeks[0].log_e == 0
    assert found.weeks[0].beyond is None
    assert found.weeks[2].log_e == found.weeks[1].log_e
    assert not any(week.alarm for week in found.weeks)
    assert watch([], 0.2, "at_most").weeks == ()


def test_alpha_is_split_over_the_windows_of_a_year():
    assert [windows_a_year(weeks) for weeks in (1, 4, 13, 52, 60)] == [52, 13, 4, 1, 1]
    counts = weeks(*[(14, 40)] * 4)
    strict, loose = (
        watch(counts, 0.2, "at_most", windows=windows) for windows in (500, 1)
    )
    assert loose.first_alarm < (strict.first_alarm or 99)


def test_a_design_effect_weakens_the_evidence_and_is_said_to_be_indicative():
    counts = weeks((20, 40), (20, 40))
    plain, clustered = (watch(counts, 0.2, "at_most", deff=d) for d in (1, 4))
    assert clustered.weeks[0].log_e < plain.weeks[0].log_e
    assert (plain.indicative, clustered.indicative) == (False, True)


@pytest.mark.parametrize("side", ["at_most", "at_least"])
@given(st.integers(1, 200), st.data())
@settings(max_examples=40, deadline=None)
def test_the_running_bound_leaves_the_limit_out_where_there_is_an_alarm(side, n, data):
    k, bound = data.draw(st.integers(0, n)), data.draw(BOUNDS)
    (week,) = watch(weeks((k, n)), bound, side).weeks
    refuted = week.beyond > bound if side == "at_most" else week.beyond < bound
    near = abs(week.beyond - bound) < 1e-6
    assert near or refuted == week.alarm
    assert week.beyond <= k / n + 1e-9 if side == "at_most" else week.beyond >= k / n


def test_the_running_bound_holds_at_every_look():
    rng = np.random.default_rng(11)
    k = np.cumsum(rng.binomial(20, 0.3, (100, 15)), axis=1)
    n = np.cumsum(np.full(15, 20))
    low = confidence_sequence(k, n, "at_most", level=log_level(0.05, 1))
    assert (low > 0.3).any(axis=1).mean() <= 0.05


@given(BOUNDS, SIDES, st.integers(1, 200), st.sampled_from([1.0, 3.0]))
@settings(max_examples=40, deadline=None)
def test_counts_that_alarm_are_those_whose_evidence_does(bound, side, n, deff):
    wrong = np.arange(n + 1)
    k = wrong if side == "at_most" else n - wrong
    reached = log_evidence(k, n, bound, side, deff=deff) >= LEVEL
    needed = int(alarm_counts(n, bound, side, level=LEVEL, deff=deff))
    assert needed == (int(reached.argmax()) if reached.any() else n + 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"bound": 1.2},
        {"bound": float("nan")},
        {"alpha": 0.0},
        {"weeks_per_window": 0},
        {"windows": -1},
        {"deff": 0.5},
    ],
)
def test_what_cannot_be_watched_is_refused(wrong):
    bound = wrong.pop("bound", 0.2)
    with pytest.raises(InputError):
        watch(weeks((1, 2)), bound, "at_most", **wrong)
