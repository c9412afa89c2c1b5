"""A cut by calibrated chance beside the counted one; any finite score will do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from workshop.analysis.calibrated_cut import CutsCompared, compare_cuts, fit_platt
from workshop.analysis.curve import threshold_curve
from workshop.analysis.evidence import Evidence
from workshop.analysis.policies import cheapest_threshold
from workshop.data.catalog import find_target
from workshop.errors import InputError
from workshop.steps.given import Given


def drawn(n, seed=0, *, shift=0.0, scale=1.0):
    """Scores whose log-odds they are, moved and stretched."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(-1, 1.5, n)
    return rng.random(n) < 1 / (1 + np.exp(-odds)), odds * scale + shift


# --- Platt's curve -------------------------------------------------------------------


def test_many_rows_need_no_smoothing():
    """Where targets are all but 0 and 1 it is plain logistic regression."""
    labels, scores = drawn(50_000)
    plain = LogisticRegression(C=np.inf, tol=1e-8).fit(scores[:, None], labels)
    found = fit_platt(threshold_curve(labels, scores))
    at = np.array([-4, -1, 0, 2.0])
    expected = plain.predict_proba(at[:, None])[:, 1]
    assert found.chance(at) == pytest.approx(expected, abs=1e-3)
    assert found.score_at(0.5) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_curve_has_less_cross_entropy(seed):
    """Against Platt's targets, found by another way, on scores of any size."""
    labels, scores = drawn(60, seed, shift=10 * seed, scale=0.5 + seed)
    found = fit_platt(threshold_curve(labels, scores))
    high, low = (labels.sum() + 1) / (labels.sum() + 2), 1 / ((~labels).sum() + 2)
    target = np.where(labels, high, low)
    z = (scores - scores.mean()) / scores.std()

    def loss(at):
        x = at[0] + at[1] * z
        return (np.logaddexp(0, x) - target * x).sum()

    best = minimize(loss, [0, 0], tol=1e-12)
    assert (found.intercept, found.slope) == pytest.approx(tuple(best.x), abs=1e-4)
    assert loss([found.intercept, found.slope]) <= best.fun + 1e-12


@pytest.mark.parametrize(
    "scores", [[1, 2, 3, 4, 5, 6], [-1e308, -1e300, 0, 1e290, 1e307, 1.7e308]]
)
def test_scores_that_separate_the_labels_still_have_a_finite_curve(scores):
    found = fit_platt(threshold_curve([0, 0, 0, 1, 1, 1], scores))
    chances = found.chance(scores)
    assert np.isfinite(chances).all()
    assert (np.diff(chances) >= 0).all()
    assert chances[0] < 0.5 < chances[-1]
    assert math.isfinite(found.score_at(1 / 6))


def test_a_score_that_tells_nothing_gives_every_row_the_same_chance():
    same = fit_platt(threshold_curve([0, 0, 0, 1], [2.5] * 4))
    upside_down = fit_platt(threshold_curve([1, 1, 0, 0, 0, 0], range(6)))
    for found in (same, upside_down):
        assert found.slope == pytest.approx(0, abs=1e-6)
    assert len(set(upside_down.chance([0, 3, 5]).tolist())) == 1
    assert upside_down.score_at(1 / 6) == -math.inf
    assert upside_down.score_at(0.9) == math.inf


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.lists(st.tuples(st.booleans(), finite), min_size=2, max_size=40).filter(
        lambda pairs: len({y for y, _ in pairs}) == 2
    ),
    st.floats(0.01, 100),
)
def test_any_finite_scores_can_be_calibrated_and_compared(pairs, ratio):
    curve = threshold_curve(*zip(*pairs, strict=True))
    chances = fit_platt(curve).chance(curve.thresholds)
    assert ((chances > 0) & (chances < 1)).all()
    assert (np.diff(chances) <= 1e-12).all()
    found = compare_cuts(curve, curve, ratio=ratio)
    least = found.counted.choose["expected_cost"].value
    for cut in (found.calibrated, found.everyone, found.no_one, found.raw, found.half):
        assert cut is None or cut.choose["expected_cost"].value >= least - 1e-9


def test_scores_far_from_those_it_learned_from_have_a_chance_too():
    for scores in ([0, 1e-9], [3, 3]):
        found = fit_platt(threshold_curve([0, 1], scores))
        far = found.chance([-1.7e308, 1.7e308])
        assert np.isfinite(far).all()
        assert far[0] <= far[1]


@given(st.floats(0.05, 0.95))
def test_at_the_score_of_a_chance_there_is_that_chance(chance):
    found = fit_platt(threshold_curve(*drawn(200, 1, shift=7)))
    assert found.chance([found.score_at(chance)])[0] == pytest.approx(chance)


@pytest.mark.parametrize("chance", [0, 1])
def test_certainty_is_at_no_score(chance):
    with pytest.raises(InputError, match="between 0 and 1"):
        fit_platt(threshold_curve([0, 1], [0, 1])).score_at(chance)


# --- the cuts ------------------------------------------------------------------------


def test_one_to_five_acts_from_a_sixth():
    """Elkan 2001: p* = 1/6; scores that are log-odds are cut at log(1/5)."""
    choose, report = (threshold_curve(*drawn(20_000, seed)) for seed in (1, 2))
    found = compare_cuts(choose, report, ratio=5)
    assert found.at_chance == pytest.approx(1 / 6)
    assert found.calibrated.policy.act_at == pytest.approx(math.log(1 / 5), abs=0.1)
    assert found.counted.policy.act_at == cheapest_threshold(choose, ratio=5)
    assert (found.raw, found.half) == (None, None)
    for cut in (found.everyone, found.no_one):
        cost = cut.report["expected_cost"].value
        assert cost > found.calibrated.report["expected_cost"].value
        assert cut.report["coverage"].lo is None
    assert found.calibrated.report["expected_cost"].rows == "report"
    assert found.calibrated.report["coverage"].lo is not None


def test_calibrated_scores_read_as_they_are_give_nearly_the_same_cut():
    def curve(seed):
        labels, odds = drawn(20_000, seed)
        return threshold_curve(labels, 1 / (1 + np.exp(-odds)))

    found = compare_cuts(curve(1), curve(2), ratio=5)
    assert found.raw.policy.act_at == pytest.approx(1 / 6)
    costs = [cut.report["expected_cost"].value for cut in (found.raw, found.calibrated)]
    assert costs[0] == pytest.approx(costs[1], rel=0.05)


def test_on_few_rows_the_calibrated_cut_moves_less():
    """Where the curve is right; that is what it is for."""
    cuts = [
        compare_cuts(curve, curve, ratio=5)
        for curve in (threshold_curve(*drawn(150, seed)) for seed in range(60))
    ]
    calibrated, counted = (
        np.array([getattr(cut, name).policy.act_at or np.nan for cut in cuts])
        for name in ("calibrated", "counted")
    )
    assert np.nanstd(calibrated) < 0.8 * np.nanstd(counted)


# --- deposit calls: what 0.5 costs ----------------------------------------------------


@pytest.fixture(scope="module")
def deposit_calls() -> CutsCompared:
    target = find_target("deposit-calls")
    given = Given(target.scenario)
    found = Evidence(given.scenario, given.card, target.record, given.data, given.runs)
    payoff = given.scenario.payoff
    ratio = payoff.miss_cost / payoff.false_alarm_cost
    return compare_cuts(found.curve("choose"), found.curve("report"), ratio=ratio)


def per_1000(cut, rows):
    return round(1000 * getattr(cut, rows)["expected_cost"].value)


def test_in_spring_half_costs_nearly_what_calling_nobody_does(deposit_calls):
    """May to July: 641 false alarms' worth in 1,000 calls, nobody 662, counted 544."""
    names = ("half", "raw", "calibrated", "counted", "no_one", "everyone")
    costs = {name: per_1000(getattr(deposit_calls, name), "choose") for name in names}
    assert costs == {
        "half": 641,
        "raw": 576,
        "calibrated": 573,
        "counted": 544,
        "no_one": 662,
        "everyone": 868,
    }


def test_in_autumn_half_costs_three_times_what_calling_everyone_does(deposit_calls):
    names = ("half", "raw", "calibrated", "counted", "no_one", "everyone")
    costs = {name: per_1000(getattr(deposit_calls, name), "report") for name in names}
    assert costs == {
        "half": 1794,
        "raw": 1223,
        "calibrated": 1219,
        "counted": 940,
        "no_one": 2007,
        "everyone": 599,
    }


def test_a_cut_costs_more_than_calling_nobody_where_too_few_calls_are_right(
    deposit_calls,
):
    """Where precision among those called is under 1/(1 + ratio), and only there.

    At 0.5 in spring 33 of 66 calls end with a deposit: one for one. It costs more than
    calling nobody where a missed deposit is worth less than one call in vain.
    """
    right = deposit_calls.half.choose["precision"]
    assert (right.k, right.n) == (33, 66)
    assert right.value > deposit_calls.at_chance
    assert per_1000(deposit_calls.half, "choose") < per_1000(
        deposit_calls.no_one, "choose"
    )
