"""Overall, by group and difference, as fairlearn defines and publishes them.

Figures and rows of fairlearn's user guide, "Confidence interval estimation"
(`MetricFrame` with `selection_rate` and `count`); nothing of it is imported.
"""

import math

import pytest

from workshop.analysis.group_names import group_names
from workshop.analysis.group_shares import group_shares
from workshop.analysis.groups import group_curves

TRUE = [0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1]
PREDICTED = [0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0]
FEATURE = list("bbabbaaabababbabbb")


def shares(metric, fewest=1):
    codes, groups = group_names(FEATURE)
    curves = group_curves(TRUE, PREDICTED, codes, groups, thresholds=[math.inf, 1, 0])
    found = group_shares(metric, curves.at(1), rows="all", fewest=fewest)
    names = [group.name for group in found.groups]
    return found, dict(zip(names, found.by_group, strict=True))


def test_selection_rate_overall_and_by_group():
    found, by_group = shares("coverage")
    assert found.overall.value == pytest.approx(0.555556, abs=5e-7)
    assert by_group["a"].value == pytest.approx(0.714286, abs=5e-7)
    assert by_group["b"].value == pytest.approx(0.454545, abs=5e-7)


def test_count_overall_and_by_group():
    found, by_group = shares("coverage")
    assert (found.overall.n, by_group["a"].n, by_group["b"].n) == (18, 7, 11)


def test_the_difference_is_the_largest_less_the_smallest():
    """`MetricFrame.difference(method="between_groups")`, of the figures above."""
    found, _ = shares("coverage")
    assert found.difference.value == pytest.approx(0.714286 - 0.454545, abs=1e-6)
    assert found.groups[found.largest].name == "a"
    assert found.groups[found.smallest].name == "b"


def test_recall_and_false_positive_rate_by_group_counted_by_hand():
    """True positive rate and false positive rate of the same rows."""
    _, recall = shares("recall")
    assert (recall["a"].k, recall["a"].n) == (2, 3)
    assert (recall["b"].k, recall["b"].n) == (4, 9)
    _, alarms = shares("false_positive_rate")
    assert (alarms["a"].k, alarms["a"].n) == (3, 4)
    assert (alarms["b"].k, alarms["b"].n) == (1, 2)


def test_groups_of_seven_and_eleven_rows_are_not_compared_unless_asked():
    found, by_group = shares("coverage", fewest=20)
    assert found.difference.value is None
    assert (found.largest, found.smallest, found.too_few) == (None, None, (0, 1))
    assert by_group["a"].n == 7
