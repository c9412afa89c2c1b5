"""Figures that others published, reproduced; each test names where they stand.

Where a figure was derived by hand from a textbook formula, the test says so.
"""

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve

from workshop.analysis.agreement_stats import cohen_kappa
from workshop.analysis.curve import threshold_curve
from workshop.analysis.intervals import (
    clopper_pearson,
    design_effect,
    newcombe,
    newcombe_paired,
    sample_size,
    wilson,
)
from workshop.analysis.policies import bayes_cut, review_can_pay


def bounds(interval):
    return interval.lo, interval.hi


@pytest.mark.parametrize(
    ("k", "n", "lo", "hi"),
    [
        (18, 20, 0.698966, 0.972134),
        (4, 20, 0.080658, 0.416017),
        (4, 200, 0.007804, 0.050287),
        (190, 200, 0.910422, 0.972617),
        (1, 30, 0.005909, 0.166704),
        (29, 30, 0.833296, 0.994091),
        (0, 30, 0.0, 0.113513),
        (30, 30, 0.886487, 1.0),
    ],
)
def test_wilson_as_r_binom_confint_gives_it(k, n, lo, hi):
    """R's binom package, as kept in statsmodels' results_proportion.py."""
    assert bounds(wilson(k, n)) == pytest.approx((lo, hi), abs=5e-7)


def test_wilson_of_19_in_38_to_fourteen_digits():
    """statsmodels, stats/tests/test_proportion.py."""
    expected = (0.348499283643951, 0.651500716356049)
    assert bounds(wilson(19, 38)) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(
    ("k", "n", "lo", "hi"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_on_newcombes_own_four_cases(k, n, lo, hi):
    """The cases of Newcombe 1998 (single proportion); figures by his formula."""
    assert bounds(wilson(k, n)) == pytest.approx((lo, hi), abs=5e-5)


@pytest.mark.parametrize(
    ("k", "n", "lo", "hi"),
    [
        (3, 10, 0.1078, 0.6032),
        (30, 100, 0.2189, 0.3958),
        (300, 1000, 0.2724, 0.3291),
    ],
)
def test_three_of_ten_means_more_the_more_were_asked(k, n, lo, hi):
    """The product's golden line: Wilson 1927 at 95 %."""
    assert bounds(wilson(k, n)) == pytest.approx((lo, hi), abs=5e-5)


def test_an_exact_upper_bound_after_no_event_is_near_the_rule_of_three():
    """Clopper & Pearson 1934: one-sided, 1 - 0.05^(1/n) for 0 of n."""
    found = clopper_pearson(0, 100, side="upper")
    assert bounds(found) == pytest.approx((0.0, 1 - 0.05**0.01), abs=1e-12)
    assert found.hi == pytest.approx(3 / 100, rel=0.02)


def test_the_difference_of_two_independent_samples():
    """Fagerland et al. 2015, 7/34 against 1/34; R's digits, as kept in statsmodels."""
    hybrid = newcombe(7, 34, 1, 34)
    assert bounds(hybrid) == pytest.approx((0.019, 0.34), abs=5e-3)
    assert bounds(hybrid) == pytest.approx((0.018921, 0.340369), abs=5e-7)


def test_the_difference_on_the_same_rows():
    """Cavo et al. 2012, in the tests of R's contingencytables, chapter 8."""
    found = newcombe_paired(59, 6, 16, 80)
    assert bounds(found) == pytest.approx((-0.1186, -0.0046), abs=5e-5)


def test_kappa_of_artstein_and_poesios_table():
    """Artstein & Poesio 2008, table 1: 0.348; interval by Fleiss, Cohen, Everitt."""
    found = cohen_kappa([[20, 20], [10, 50]], floored=False)
    assert found.value == pytest.approx(0.348, abs=5e-4)
    assert bounds(found) == pytest.approx((0.1616, 0.5340), abs=5e-5)
    assert found.agreement == 0.7


def test_kappa_and_its_error_as_sas_gives_them():
    """statsmodels, stats/tests/test_inter_rater.py."""
    found = cohen_kappa([[0, 4, 1], [0, 8, 0], [0, 1, 5]], floored=False)
    assert (found.value, found.se) == pytest.approx((0.484163, 0.138014), abs=5e-7)
    assert bounds(found) == pytest.approx((0.213661, 0.754665), abs=5e-7)


@pytest.mark.parametrize(
    ("marginals", "expected"), [((52, 32, 16), 0.8013), ((50, 40, 10), 0.9315)]
)
def test_kappa_of_two_ordered_columns(marginals, expected):
    """scikit-learn, metrics/tests/test_classification.py: 46/44/10 against these."""
    first = [0] * 46 + [1] * 44 + [2] * 10
    second = [word for word, count in enumerate(marginals) for _ in range(count)]
    table = [[0] * 3 for _ in range(3)]
    for one, other in zip(first, second, strict=True):
        table[one][other] += 1
    assert cohen_kappa(table).value == pytest.approx(expected, abs=5e-5)


def test_the_curve_of_scikit_learns_four_rows():
    """scikit-learn, example in the documentation of precision_recall_curve."""
    labels, scores = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    curve = threshold_curve(labels, scores)
    tp, flagged = curve.tp[::-1], (curve.tp + curve.fp)[::-1]
    assert curve.thresholds[::-1].tolist() == [0.1, 0.35, 0.4, 0.8]
    assert (tp / flagged).tolist() == pytest.approx([0.5, 2 / 3, 0.5, 1.0])
    assert (tp / curve.positives).tolist() == [1.0, 1.0, 0.5, 0.5]
    precision, recall, thresholds = precision_recall_curve(labels, scores)
    assert thresholds.tolist() == curve.thresholds[::-1].tolist()
    assert precision[:-1].tolist() == pytest.approx((tp / flagged).tolist())
    assert recall[:-1].tolist() == (tp / curve.positives).tolist()


@pytest.mark.parametrize(
    ("p", "half_width", "rows"),
    [(0.5, 0.05, 385), (0.3, 0.05, 323), (0.1, 0.05, 139), (0.3, 0.10, 81)],
)
def test_rows_for_a_rate_as_precise_as_this(p, half_width, rows):
    """Derived from z²p(1-p)/d² (Buderer 1996)."""
    assert sample_size(p, half_width) == rows


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ((7, 17, 20, 64, 11), 2.4),
        ((18, 28, 13, 88, 15), 3.0),
        ((11, 17, 16, 56, 8), 1.1),
    ],
    ids=["embedding search", "BM25", "re-ranker"],
)
def test_five_sources_say_less_than_390_rows(errors, expected):
    """Measured on PrivacyQA (Ravichander et al. 2019): wrong answers a source."""
    sizes = (50, 50, 50, 192, 48)
    values = [i < k for k, n in zip(errors, sizes, strict=True) for i in range(n)]
    found = design_effect(values, np.repeat(range(5), sizes))
    assert (found.rows, found.clusters, found.few_sources) == (390, 5, True)
    assert found.deff == pytest.approx(expected, abs=0.2)


def test_chows_band_and_the_cut_without_review():
    """Derived from Chow 1970 and Elkan 2001 for C_FP 1, C_FN 5, review 0.5."""
    band = review_can_pay(0.5, c_fp=1, c_fn=5)
    assert band.can_pay
    assert (band.clear_below, band.act_above) == pytest.approx((0.10, 0.50))
    assert bayes_cut(1, 5) == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [(500, 500, 0.9), (100, 900, 0.5), (10, 990, 0.0833)],
)
def test_the_same_model_is_right_less_often_where_cases_are_rarer(
    positives, negatives, expected
):
    """Bayes at a true-positive rate of 0.9 and a false-positive rate of 0.1."""
    labels = [1] * positives + [0] * negatives
    caught, alarms = positives * 9 // 10, negatives // 10
    scores = [1.0] * caught + [0.0] * (positives - caught)
    scores += [1.0] * alarms + [0.0] * (negatives - alarms)
    point = threshold_curve(labels, scores).at(1.0)
    assert point.tp / point.flagged == pytest.approx(expected, abs=5e-5)


def test_the_risk_of_answering_fewer():
    """Ten items by falling confidence, wrong at ranks 6, 8 and 9: AURC 0.119286."""
    labels = [1, 1, 1, 1, 1, 0, 1, 0, 0, 1]
    curve = threshold_curve(labels, range(10, 0, -1))
    risk = (curve.fp / (curve.tp + curve.fp)).tolist()
    assert risk[:5] == [0.0] * 5
    assert risk[5:] == pytest.approx([0.1667, 0.1429, 0.25, 0.3333, 0.3], abs=5e-5)
    assert sum(risk) / 10 == pytest.approx(0.119286, abs=5e-7)
