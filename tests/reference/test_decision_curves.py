"""Published decision curves and per-row costs, reproduced from the counts they rest on.

The counts are of dcurves' `df_binary.csv` (750 rows, 105 with cancer). What stands in
`test_published_figures` is not repeated: the worked curve of scikit-learn's
documentation. `metrics.net_benefit` is the same figure: see `test_net_benefit`.
"""

import numpy as np
import pytest
from scipy.optimize import brentq
from sklearn.metrics import average_precision_score

from workshop.analysis.curve import OperatingPoint, threshold_curve
from workshop.analysis.metrics import Context, expected_cost
from workshop.analysis.net_benefit import (
    avoided_per_100,
    net_benefit_at,
    net_benefit_of,
    rows_per_extra_find,
    threshold_odds,
)

ROWS, EVENTS = 750, 105


def cancers(tp, fp):
    return OperatingPoint(0.5, tp, fp, fn=EVENTS - tp, tn=ROWS - EVENTS - fp)


EVERYONE = cancers(EVENTS, ROWS - EVENTS)
FAMILY = cancers(24, 91)


def test_total_cost_and_savings_of_four_rows():
    """N14. empulse, metrics/savings.py: costs of one row each, 3 in all, 0.5 saved.

    The product prices cells, not rows. Either positive costs 3 where it is missed, and
    the two negatives 4 and 2, so 3 on average: one miss is worth one false alarm of 3.
    """
    missed_one = OperatingPoint(0.5, tp=1, fp=0, fn=1, tn=2)
    nobody, everyone = OperatingPoint(1, 0, 0, 2, 2), OperatingPoint(0, 2, 2, 0, 0)
    cost, of_nobody, of_everyone = (
        3 * 4 * expected_cost(point, Context(ratio=1.0))
        for point in (missed_one, nobody, everyone)
    )
    assert cost == 3.0
    assert 1 - cost / min(of_nobody, of_everyone) == 0.5


def test_the_average_precision_of_scikit_learns_four_rows():
    """N16. The curve itself is in test_published_figures."""
    labels, scores = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    curve = threshold_curve(labels, scores)
    gained = np.diff(curve.tp, prepend=0) / curve.positives
    found = float((gained * curve.tp / (curve.tp + curve.fp)).sum())
    assert found == pytest.approx(0.8333, abs=5e-5)
    assert found == pytest.approx(average_precision_score(labels, scores))


def test_net_benefit_of_treating_all_along_the_thresholds():
    """N19. dcurves, tests/benchmark_data/r_simple_binary_dca_result_df.csv."""
    found = net_benefit_of(EVENTS, ROWS - EVENTS, ROWS, pt=[0.05, 0.1, 0.15, 0.2, 0.3])
    expected = [0.094737, 0.044444, -0.011765, -0.075, -0.228571]
    assert found.tolist() == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(
    ("pt", "expected", "avoided"),
    [(0.10, 0.018519, -0.233333), (0.20, 0.001667, 0.306667)],
)
def test_family_history_and_what_it_avoids(pt, expected, avoided):
    """N20. dcurves, tests/benchmark_data/r_case1_results.csv."""
    assert net_benefit_at(FAMILY, pt=pt) == pytest.approx(expected, abs=5e-7)
    assert avoided_per_100(FAMILY, pt=pt) == pytest.approx(100 * avoided, abs=5e-5)


def test_the_marker_finds_three_in_a_hundred_net_and_spares_33():
    """N21. dcurves' tutorial of 2015, pages 17 and 18."""
    assert round(100 * net_benefit_at(cancers(41, 77), pt=0.2)) == 3
    assert net_benefit_at(cancers(41, 77), pt=0.2) == pytest.approx(0.0290, abs=5e-5)
    assert avoided_per_100(cancers(59, 136), pt=0.15) == pytest.approx(33.1, abs=0.05)


def test_the_markers_harm_comes_off_its_net_benefit():
    """N22. dcurves, tests/benchmark_data/r_case3_results.csv; counts of N21 at 20 %."""
    found = net_benefit_at(cancers(41, 77), pt=0.2, harm=0.0333)
    assert found == pytest.approx(-0.004300, abs=5e-7)
    # The counts at 10 % are not published: any whole ones that give 0.0624 must do.
    for tp in (62, 65, 70):
        point = cancers(tp, 9 * tp - 421)
        assert net_benefit_at(point, pt=0.1) == pytest.approx(0.0624, abs=5e-5)
        found = net_benefit_at(point, pt=0.1, harm=0.0333)
        assert found == pytest.approx(0.029070, abs=5e-7)


@pytest.mark.parametrize(
    ("pt", "tp", "fp", "expected", "avoided"),
    [(0.10, 87, 193, 0.087407, 38.667), (0.20, 75, 98, 0.067333, 56.933)],
)
def test_the_model_of_all_three(pt, tp, fp, expected, avoided):
    """N23. Derived from dcurves' `cancerpredmarker`; no table is published."""
    assert net_benefit_at(cancers(tp, fp), pt=pt) == pytest.approx(expected, abs=5e-7)
    assert avoided_per_100(cancers(tp, fp), pt=pt) == pytest.approx(avoided, abs=5e-4)


def test_family_history_is_useful_for_thresholds_of_13_to_20_percent_only():
    """N24. dcurves, vignettes/dca.Rmd: useful near 13 to 20 %; NPV 87 %."""
    silent = FAMILY.fn + FAMILY.tn
    assert round(100 * FAMILY.tn / silent) == 87
    beats_all = brentq(lambda pt: avoided_per_100(FAMILY, pt=pt), 0.05, 0.3)
    beats_none = brentq(lambda pt: net_benefit_at(FAMILY, pt=pt), 0.05, 0.5)
    # The crossings are what the rule itself says: 1 - NPV, and precision.
    assert beats_all == pytest.approx(FAMILY.fn / silent)
    assert beats_none == pytest.approx(24 / 115)
    assert (round(beats_all, 2), round(beats_none, 4)) == (0.13, 0.2087)


def test_the_test_trade_off_of_a_prostate_model():
    """N25. PMC6261531, abstract: 1.1 more in 100, 88 tests a find, 10 a biopsy."""
    gain = 0.0114
    assert round(100 * gain, 1) == 1.1
    assert round(rows_per_extra_find(gain)) == 88
    # The threshold of 10 % is inferred from the figures, not stated in the abstract.
    assert round(rows_per_extra_find(gain / float(threshold_odds(0.1)))) == 10
