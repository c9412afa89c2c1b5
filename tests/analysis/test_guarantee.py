"""A promise holds on other rows, is MAPIE's, and says when there is none to give."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import xlogy
from scipy.stats import binom

from workshop.analysis.clauses import hold
from workshop.analysis.curve import ThresholdCurve, threshold_curve
from workshop.analysis.guarantee import (
    best_promise,
    hold_promise,
    promise_at,
    promise_cuts,
)
from workshop.analysis.intervals import clopper_pearson, wilson
from workshop.analysis.policies import Cells
from workshop.data.catalog import find_target
from workshop.errors import InputError
from workshop.record.values import Clause
from workshop.steps.given import Given


def drawn(seed: int, n: int = 300, *, steep: float = 2.0) -> ThresholdCurve:
    rng = np.random.default_rng(seed)
    scores = rng.random(n)
    return threshold_curve(rng.random(n) < scores ** (1 / steep), scores)


# --- the cuts ------------------------------------------------------------------------


def test_the_cuts_are_every_twentieth_with_at_least_twenty_rows():
    curve = threshold_curve([0, 1] * 100, np.arange(200))
    flagged = (curve.tp + curve.fp)[promise_cuts(curve)]
    assert flagged.tolist() == list(range(20, 201, 10))


rows = st.lists(
    st.tuples(st.booleans(), st.integers(-30, 30)), min_size=2, max_size=150
).filter(lambda pairs: len({y for y, _ in pairs}) == 2)


@given(rows, st.randoms(use_true_random=False))
def test_the_cuts_come_from_the_scores_alone(pairs, order):
    labels, scores = [y for y, _ in pairs], [s for _, s in pairs]
    one = threshold_curve(labels, scores)
    order.shuffle(labels)
    cuts = promise_cuts(one)
    assert cuts.tolist() == promise_cuts(threshold_curve(labels, scores)).tolist()
    assert len(cuts) <= 20
    assert ((one.tp + one.fp)[cuts] >= 20).all()


def test_too_few_rows_promise_nothing():
    curve = threshold_curve([1] * 18 + [0], range(19))
    assert best_promise(curve) is None
    asked = promise_at(0.5, curve)
    assert (asked.promise, asked.certified, asked.best) == (None, (), None)


def test_one_score_for_all_leaves_one_cut():
    found = best_promise(threshold_curve([1] * 90 + [0] * 10, [3.0] * 100))
    assert found.cuts == 1
    assert found.at_most == clopper_pearson(10, 100, side="upper").hi


# --- the promise ---------------------------------------------------------------------


def test_a_promise_worked_by_hand():
    """Forty rows, the upper half right: 11 cuts from 20 rows on, 0 of 20 at best."""
    curve = threshold_curve([0] * 20 + [1] * 20, range(40))
    found = best_promise(curve)
    assert (found.threshold, found.cuts) == (20.0, 11)
    assert (found.error.k, found.error.n) == (0, 20)
    assert (found.coverage.k, found.coverage.n) == (20, 40)
    assert found.at_most == pytest.approx(1 - (0.05 / 11) ** (1 / 20))
    assert found.error.hi == found.at_most
    assert not found.indicative


@settings(max_examples=60)
@given(rows, st.floats(0.05, 0.95))
def test_something_is_certified_exactly_where_the_best_promise_reaches(pairs, target):
    """Holm's first step is the bound that holds for every target at once."""
    curve = threshold_curve(*zip(*pairs, strict=True))
    asked = promise_at(target, curve)
    reached = asked.best is not None and asked.best.at_most <= 1 - target
    assert (asked.promise is not None) == reached
    if asked.promise is not None:
        assert asked.best.threshold in asked.certified
        assert asked.promise.threshold == min(asked.certified)
        assert asked.promise.coverage.k >= asked.best.coverage.k


def test_weights_are_no_counts():
    curve = threshold_curve([0, 1] * 30, range(60), weights=[1.5] * 60)
    with pytest.raises(InputError, match="one by one"):
        best_promise(curve)


def test_rows_that_hang_together_make_it_indicative():
    curve = drawn(1)
    assert best_promise(curve, clustered=True).indicative
    assert promise_at(0.6, curve, clustered=True).promise.indicative
    narrow, wide = best_promise(curve), best_promise(curve, clustered=True, deff=3)
    assert wide.at_most == narrow.at_most
    assert wide.coverage.lo < narrow.coverage.lo


@pytest.mark.parametrize("target", [0, 1, 1.2])
def test_certainty_cannot_be_promised(target):
    with pytest.raises(InputError, match="between 0 and 1"):
        promise_at(target, drawn(1))


def test_a_promise_is_held_against_the_rows_kept_aside():
    promise = promise_at(0.7, drawn(2, 2000)).promise
    scores = np.full(1000, promise.threshold)
    for right, state in ((800, "kept"), (705, "cannot_tell"), (600, "broken")):
        report = threshold_curve([1] * right + [0] * (1000 - right), scores)
        held = hold_promise(promise, report)
        assert held.state == state
        assert (held.error.k, held.error.n) == (1000 - right, 1000)
        assert (held.error.rows, held.coverage.value) == ("report", 1.0)


def test_a_promise_is_held_as_a_clause_is_by_bounds_at_95_on_one_side():
    """Where the two-sided 95 % range holds the promise and one bound alone does not."""
    promise = replace(best_promise(drawn(2)), at_most=0.3)
    scores = np.full(1000, promise.threshold)
    for wrong, state in ((274, "kept"), (278, "cannot_tell"), (326, "broken")):
        labels = np.arange(1000) >= wrong
        held = hold_promise(promise, threshold_curve(labels, scores))
        assert held.state == state
        two_sided = wilson(wrong, 1000)
        assert two_sided.lo <= 0.3 <= two_sided.hi
        assert (held.bounds.level, held.error.level) == (0.90, 0.95)
        assert (held.error.lo, held.error.hi) == (two_sided.lo, two_sided.hi)


@pytest.mark.parametrize("deff", [1.0, 2.5])
@pytest.mark.parametrize(("wrong", "n", "at_most"), [(3, 100, 0.01), (274, 1000, 0.3)])
def test_a_promise_and_a_clause_that_say_the_same_get_the_same_answer(
    wrong, n, at_most, deff
):
    """3 wrong of 100 break no "at most 1 of 100": that happens by chance."""
    promise = replace(best_promise(drawn(2)), at_most=at_most)
    labels, scores = np.arange(n) >= wrong, np.full(n, promise.threshold)
    held = hold_promise(promise, threshold_curve(labels, scores), deff=deff)
    clause = Clause(id="C", metric="error_among_answered", at_most=at_most)
    as_clause = hold(clause, Cells(tp=n - wrong, fp=wrong, fn=0, tn=0), deff=deff)
    number = as_clause.number
    assert (held.bounds.lo, held.bounds.hi) == (number.lo, number.hi)
    assert held.state == as_clause.state
    assert wrong > 3 or held.state == "cannot_tell"


def test_with_nothing_answered_nobody_can_tell():
    promise = best_promise(drawn(2))
    held = hold_promise(promise, threshold_curve([0, 1], [-1, -2]))
    assert (held.state, held.error.value) == ("cannot_tell", None)


# --- does it hold? -------------------------------------------------------------------


def test_the_best_promise_holds_in_95_of_100_draws_where_picking_hurts_most():
    """No cut is better than another, so that the least bound is chance alone."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        curve = threshold_curve(rng.random(200) < 0.7, rng.random(200))
        held += best_promise(curve).at_most >= 0.3
    assert held >= 285


def test_a_precision_is_promised_wrongly_in_at_most_5_of_100_draws():
    """The precision asked for lies above the true one, by next to nothing."""
    rng = np.random.default_rng(4)
    wrong = 0
    for _ in range(300):
        curve = threshold_curve(rng.random(200) < 0.7, rng.random(200))
        wrong += promise_at(0.7001, curve).promise is not None
    assert wrong <= 15


def test_the_promise_holds_where_the_score_tells_something():
    """Right with chance √s: among scores from t on 2/3·(1 - t^1.5)/(1 - t)."""
    held = 0
    for seed in range(200):
        promise = best_promise(drawn(seed, 200))
        t = promise.threshold
        held += 1 - 2 / 3 * (1 - t**1.5) / (1 - t) <= promise.at_most
    assert held >= 190


# --- beside MAPIE --------------------------------------------------------------------


def mapie(labels, scores, cuts, *, risk, level):
    """Calibrate MAPIE's controller; among certified cuts it prefers most recall."""
    from mapie.risk_control import BinaryClassificationController

    chances = np.column_stack([1 - scores, scores])
    with warnings.catch_warnings():
        # It warns where nothing is certified, which is an answer here.
        warnings.simplefilter("ignore")
        return BinaryClassificationController(
            predict_function=lambda rows: chances,
            risk=risk,
            target_level=level,
            best_predict_param_choice="recall",
            confidence_level=0.95,
            list_predict_params=cuts,
            fwer_method="bonferroni_holm",
        ).calibrate(scores.reshape(-1, 1), labels)


def data_sets():
    """Twelve of 150 to 350 rows, every third with ties."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        scores = rng.random(150 + 50 * (seed % 5))
        labels = rng.random(len(scores)) < 0.4 + 0.55 * scores
        yield labels, scores.round(2) if seed % 3 == 0 else scores


def hoeffding(wrong, n, limit):
    """The bound exp(-n·KL(wrong/n, limit)), 1 where more than the limit is wrong."""
    share = np.minimum(wrong / n, limit)
    apart = xlogy(share, share / limit) + xlogy(1 - share, (1 - share) / (1 - limit))
    return np.exp(-n * apart)


def both(risk_of):
    """Yield curve, target, limit, MAPIE's controller and our answer, sixty times."""
    for labels, scores in data_sets():
        curve = threshold_curve(labels, scores)
        cuts = curve.thresholds[promise_cuts(curve)]
        for target in (0.6, 0.7, 0.75, 0.8, 0.9):
            risk, level = risk_of(target)
            theirs = mapie(labels, scores, cuts, risk=risk, level=level)
            yield curve, 1 - target, theirs, promise_at(target, curve)


def wrong_among_answered(target):
    """Error among answered, stated as a risk; MAPIE has precision ready made."""
    from mapie.risk_control import BinaryRisk

    risk = BinaryRisk(
        risk_occurrence=lambda true, said: said != true,
        risk_condition=lambda true, said: said == 1,
        higher_is_better=False,
    )
    return risk, 1 - target


def counted_alike(curve, limit, theirs):
    """Where MAPIE counts as many wrong answers as there are.

    It has the count from n times a share, rounded up: one too many where that product
    comes out a hair above a whole number, and its p-value is then that of the count it
    has. Its p-values are checked on both sides of this.
    """
    cuts = promise_cuts(curve)
    wrong, n = curve.fp[cuts], (curve.tp + curve.fp)[cuts]
    p, exact = theirs.p_values.ravel(), binom.cdf(wrong, n, limit)
    one_more = np.minimum(binom.cdf(wrong + 1, n, limit), hoeffding(wrong, n, limit))
    alike = np.isclose(p, exact, rtol=1e-9, atol=0)
    np.testing.assert_allclose(p[~alike], one_more[~alike], rtol=1e-9)
    return alike


@pytest.mark.parametrize(
    ("risk_of", "at_least"),
    [
        (wrong_among_answered, 60),
        (lambda target: ("precision", target), 48),
    ],
    ids=["error among answered", "precision"],
)
def test_the_certified_cuts_are_those_of_mapie(risk_of, at_least):
    """MAPIE 1.6, Bonferroni-Holm at 95 %: same p-values, same cuts, same choice.

    Its p-value is the lesser of Hoeffding's bound and the binomial distribution
    function. The bound is never the lesser of the two, so the binomial is compared.
    Where MAPIE rounds a count up it may certify less, never more; nothing else differs.
    """
    same = certified = 0
    for curve, limit, theirs, ours in both(risk_of):
        alike = counted_alike(curve, limit, theirs)
        valid = tuple(theirs.valid_predict_params)
        assert set(valid) <= set(ours.certified)
        if valid != ours.certified:
            assert not alike.all()
            continue
        chosen = None if ours.promise is None else ours.promise.threshold
        assert theirs.best_predict_param == chosen
        same, certified = same + 1, certified + (chosen is not None)
    assert same >= at_least
    assert 20 <= certified <= 50


# --- the privacy assistant's embedding search ----------------------------------------


@pytest.fixture(scope="module")
def embedding_search():
    """All 390 that were ever judged: those before release and the first month."""
    folder = find_target("privacy-assistant").scenario.folder
    tables = [pd.read_parquet(folder / f"{n}.parquet") for n in ("runs", "first-month")]
    rows = pd.concat(tables).query("option == 'minilm'").sort_values("question_id")
    return rows["grounded"].to_numpy(dtype=bool), rows["score"].to_numpy()


@pytest.fixture(scope="module")
def halves(embedding_search):
    """A hundred random halves of the 390 rows, 195 to choose and 195 to report."""
    labels, scores = embedding_search
    found = []
    for seed in range(100):
        mixed = np.random.default_rng(seed).permutation(390)
        found.append(
            tuple(
                threshold_curve(labels[half], scores[half])
                for half in (mixed[:195], mixed[195:])
            )
        )
    return found


def test_a_fifth_wrong_cannot_be_promised_by_any_answerer():
    """Not even by one cut alone, two-sided, at any coverage above 5 in 100."""
    given = Given(find_target("privacy-assistant").scenario)
    for rows in given.runs.values():
        curve = threshold_curve(rows.labels, rows.scores)
        flagged = curve.tp + curve.fp
        bounds = [
            clopper_pearson(int(k), int(n)).hi
            for k, n in zip(curve.fp, flagged, strict=True)
            if n > 0.05 * curve.n
        ]
        assert min(bounds) > 0.20
        assert best_promise(curve).at_most > 0.20


def test_what_can_be_promised_of_the_embedding_search_on_195_rows(halves):
    """A fifth wrong in one split of 100 at most, 30 of 100 in about one of five.

    `reference/statistics.md` gives 1, 10 and 69 splits of 100. With up to 20 cuts paid
    for, that is not reached; a single cut fixed beforehand, at 60 of 100 answered,
    gives these figures (the next test).
    """
    promised = np.array([best_promise(choose).at_most for choose, _ in halves])
    assert (promised <= 0.20).sum() <= 1
    assert (promised <= 0.25).sum() <= 4
    assert 12 <= (promised <= 0.30).sum() <= 32
    assert np.median(promised) == pytest.approx(0.327, abs=0.01)


def test_one_coverage_fixed_beforehand_promises_more(halves):
    certified = {0.20: 0, 0.25: 0, 0.30: 0}
    for choose, _ in halves:
        point = choose.at(float(choose.thresholds[116]))  # 117 of 195: 60 of 100
        bound = clopper_pearson(point.fp, point.flagged, side="upper").hi
        for limit in certified:
            certified[limit] += bound <= limit
    assert certified[0.20] <= 3
    assert certified[0.25] == pytest.approx(10, abs=6)
    assert certified[0.30] == pytest.approx(69, abs=10)


def test_the_promise_is_not_broken_on_the_other_half(halves):
    states = [hold_promise(best_promise(one), other).state for one, other in halves]
    assert states.count("broken") <= 5


def test_a_bar_placed_at_a_fifth_wrong_shows_more_on_the_other_half(halves):
    """What a promise is for: in about two splits of three it does."""
    more = 0
    for choose, report in halves:
        holds = choose.fp / (choose.tp + choose.fp) <= 0.20
        widest = int(np.where(holds, choose.tp + choose.fp, 0).argmax())
        point = report.at(float(choose.thresholds[widest]))
        more += point.fp > 0.20 * point.flagged
    assert more == pytest.approx(67, abs=12)
