"""What is promised of thresholds by group: found on some rows, valued on others."""

import math

import numpy as np
import pytest

from workshop.analysis.curve import threshold_curve
from workshop.analysis.group_names import Group
from workshop.analysis.group_thresholds import SAME, group_thresholds
from workshop.analysis.groups import group_curves
from workshop.analysis.metrics import Context, expected_cost
from workshop.analysis.policies import cheapest_threshold
from workshop.errors import InputError

GROUPS = (Group("sure"), Group("unsure"), Group("", "missing"))
RATIO = 3.0


def rows_of(seed, n=3000, few=8):
    """Two groups whose scores mean different things, and a third of a few rows."""
    rng = np.random.default_rng(seed)
    codes = (np.arange(n) % 2).astype(np.int16)
    codes[:few] = 2
    chance = rng.random(n)
    scores = np.where(codes == 0, chance, chance * 0.6).round(3)
    return rng.random(n) < chance, scores, codes


def sides(few=8, max_cuts=200):
    labels, scores, codes = rows_of(1, few=few)
    whole = threshold_curve(labels, scores)
    cuts = whole.table(max_cuts, keep=[0.4])["threshold"]
    choose = group_curves(labels, scores, codes, GROUPS, thresholds=cuts)
    report = group_curves(*rows_of(2, few=few), GROUPS, thresholds=cuts)
    return choose, report


def found_for(aim, metric="recall", **changed):
    choose, report = sides()
    given = {"common": 0.4, "ratio": RATIO} | changed
    return group_thresholds(aim, metric, choose, report, **given)


@pytest.mark.parametrize("metric", ["recall", "error_among_answered", "coverage"])
def test_equal_brings_each_group_as_near_as_any_of_its_cuts(metric):
    choose, report = sides()
    found = group_thresholds("equal", metric, choose, report, common=0.4, ratio=RATIO)
    k, n = choose.at(0.4).share(metric)
    target = k.sum() / n.sum()
    every_k, every_n = choose.everywhere().share(metric)
    every_n = np.broadcast_to(every_n, every_k.shape)
    for group in (0, 1):
        enough = every_n[group] >= 20
        away = abs(every_k[group][enough] / every_n[group][enough] - target)
        own_k, own_n = choose.at(found.thresholds[group]).share(metric)
        own = abs(own_k[group] / own_n[group] - target)
        assert own <= away.min() + SAME


@pytest.mark.parametrize("metric", ["recall", "error_among_answered"])
def test_equal_thresholds_shrink_the_difference_on_rows_kept_aside(metric):
    found = found_for("equal", metric)
    assert found.own.difference.value < 0.4 * found.common.difference.value
    assert found.common.told_apart
    assert found.thresholds[1] < found.thresholds[0]


def test_cheapest_is_each_groups_own_cheapest_threshold():
    labels, scores, codes = rows_of(1)
    choose, report = sides(max_cuts=None)
    found = group_thresholds(
        "cheapest", "recall", choose, report, common=0.4, ratio=RATIO
    )
    for group in (0, 1):
        mine = codes == group
        alone = cheapest_threshold(
            threshold_curve(labels[mine], scores[mine]), ratio=RATIO
        )
        # Between two scores of the group any threshold does the same.
        acted = scores[mine] >= found.thresholds[group]
        assert (acted == (scores[mine] >= alone)).all()


def test_costs_and_rows_treated_otherwise_are_those_counted_row_by_row():
    labels, scores, codes = rows_of(2)
    found = found_for("cheapest")
    before = scores >= found.common_threshold
    after = scores >= np.array(found.thresholds)[codes]
    assert found.otherwise.k == (before != after).sum()
    assert found.otherwise.n == len(labels)
    lost = {}
    for name, acted in (("common", before), ("own", after)):
        lost[name] = (acted & ~labels) + RATIO * (~acted & labels)
    assert found.common_cost.value == pytest.approx(lost["common"].mean())
    assert found.cost.value == pytest.approx(lost["own"].mean())
    gain = lost["own"] - lost["common"]
    half = 1.959964 * gain.std() / math.sqrt(len(gain))
    assert found.cost_difference.value == pytest.approx(gain.mean())
    assert found.cost_difference.lo == pytest.approx(gain.mean() - half)
    assert found.cost_difference.hi == pytest.approx(gain.mean() + half)


def test_the_common_cost_is_the_expected_cost_of_the_metrics():
    _, report = sides()
    found = found_for("equal")
    cells = report.at(0.4).overall
    expected = expected_cost(cells, Context(ratio=RATIO))
    assert found.common_cost.value == pytest.approx(expected)
    assert found.common_cost.unit == "false alarms per decision"


def test_on_the_rows_chosen_on_the_cheapest_never_costs_more():
    choose, _ = sides(few=0)
    for common in choose.thresholds[::20]:
        found = group_thresholds(
            "cheapest", "recall", choose, choose, common=float(common), ratio=RATIO
        )
        assert found.cost_difference.value <= 1e-12


@pytest.mark.parametrize("aim", ["equal", "cheapest"])
def test_a_group_with_too_few_rows_keeps_the_common_threshold(aim):
    found = found_for(aim)
    assert found.kept == (2,)
    assert found.thresholds[2] == found.common_threshold


def test_where_nobody_is_acted_on_no_error_can_be_made_equal():
    found = found_for("equal", "error_among_answered", common=math.inf)
    assert found.thresholds == (math.inf,) * 3
    assert found.kept == (0, 1, 2)
    assert found.otherwise.k == 0
    assert (found.cost_difference.value, found.cost_difference.hi) == (0, 0)


def test_ids_are_unique():
    found = found_for("equal", id="by.origin")
    numbers = [found.cost, found.common_cost, found.cost_difference, found.otherwise]
    for shares in (found.common, found.own):
        numbers += [shares.overall, *shares.by_group, shares.difference]
    ids = [number.id for number in numbers]
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("by.origin.") for name in ids)
    assert {number.rows for number in numbers} == {"report"}


def test_what_cannot_be_set_by_group_is_said():
    choose, report = sides()
    given = {"common": 0.4, "ratio": RATIO}
    with pytest.raises(InputError, match="no threshold moves prevalence"):
        group_thresholds("equal", "prevalence", choose, report, **given)
    with pytest.raises(InputError, match="share of rows"):
        group_thresholds("equal", "expected_cost", choose, report, **given)
    with pytest.raises(InputError, match="positive number of alarms"):
        group_thresholds("equal", "recall", choose, report, common=0.4, ratio=0)
    other = group_curves(*rows_of(2), GROUPS, thresholds=[0.5, 0.1])
    with pytest.raises(InputError, match="same thresholds"):
        group_thresholds("equal", "recall", choose, other, **given)
    renamed = (Group("x"), *GROUPS[1:])
    cuts = choose.thresholds
    elsewhere = group_curves(*rows_of(2), renamed, thresholds=cuts)
    with pytest.raises(InputError, match="other groups"):
        group_thresholds("equal", "recall", choose, elsewhere, **given)
