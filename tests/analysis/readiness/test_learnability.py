"""Labels enough, positives enough, honest scores, more rows, and later rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from tests.analysis.readiness.builders import (
    ROWS,
    Case,
    only,
    plain,
    same,
    with_profile,
)
from workshop.analysis.intervals import rate, wilson
from workshop.analysis.labels import Labelling, price_of_precision, price_of_telling
from workshop.analysis.readiness.profile import LabelProfile
from workshop.analysis.readiness.registry import CHECKS
from workshop.analysis.trained import LearningCurve, LearningPoint, Trained
from workshop.record.values import Number

# --- what a case changes -------------------------------------------------------------


def scored(**changes):
    return lambda given: replace(given, scored=replace(given.scored, **changes))


def error(k: int, n: int, **more):
    return scored(error=rate("error.all", k, n, rows="all"), **more)


def use(**changes):
    return lambda given: replace(given, use=replace(given.use, **changes))


def both(*changes):
    def change(given):
        for one in changes:
            given = one(given)
        return given

    return change


def positives(k: int, n: int = 12_000):
    return with_profile(label=LabelProfile("good", n, n, k))


def sure(id: str, value: float, lo: float, hi: float, unit: str = "share") -> Number:
    return Number(id=id, value=value, lo=lo, hi=hi, level=0.95, rows="all", unit=unit)


def trained(**changes):
    return only(trained=Trained(rows=2000, positives=600, **changes))


def why_not(reason: str):
    return only(trained=Trained(rows=0, positives=0, why_not=reason))


def gain(value: float, lo: float, hi: float):
    points = tuple(LearningPoint(n, 0.3, 0.28, 0.32) for n in (250, 500, 1000, 2000))
    now, doubled = sure("t.now", 0.25, 0.2, 0.3), sure("t.twice", 0.23, 0.2, 0.3)
    now = now.model_copy(update={"n": 2000})
    curve = LearningCurve(
        points, 0.1, 1.0, 0.5, now, doubled, sure("t.gain", value, lo, hi)
    )
    shuffled = sure("t.shuffled", 0.75, 0.73, 0.77)
    return trained(learning=curve, shuffled=shuffled)


def noise(given):
    given = gain(0.03, 0.025, 0.04)(given)
    level = sure("t.shuffled", 0.51, 0.49, 0.53)
    return replace(given, trained=replace(given.trained, shuffled=level))


def gap(value: float, lo: float, hi: float):
    return trained(
        shuffled=sure("t.shuffled", 0.8, 0.78, 0.82),
        later=sure("t.later", 0.8 - value, 0.6, 0.82),
        gap=sure("t.gap", value, lo, hi),
        cut=datetime(2026, 7, 1),
    )


def skewed(given, power: float = 0.5, rows: int = ROWS):
    """Scores that promise more than came: the chance is the score's own power."""
    rng = np.random.default_rng(11)
    chance = rng.random(rows)
    labels = rng.random(rows) < chance
    found = replace(given.scored, labels=labels, scores=chance**power, sources=None)
    return replace(given, scored=found)


def few_scored(given):
    return skewed(given, rows=60)


def slightly_skewed(given):
    return skewed(given, 0.8, rows=3000)


NO_SCORES = only(scored=None)
NO_LABEL = with_profile(label=None)
UNTRAINED = (
    Case(same, "not_applicable", reason="not_asked"),
    *(
        Case(why_not(reason), "not_applicable", reason=reason)
        for reason in ("not_asked", "no_label", "one_class", "no_features")
    ),
    Case(why_not("too_few_rows"), "cannot_tell", reason="too_few_rows"),
)

CASES: dict[str, tuple[Case, ...]] = {
    "DR002": (
        Case(same, "passed"),
        Case(error(30, 100), "finding", "warning", names=("30 of 100", "±9")),
        Case(error(5, 20), "finding", "blocker"),
        # Wide, and yet all of it above what was agreed: that much can be told.
        Case(both(error(15, 20), use(acceptable=0.1)), "finding", "warning"),
        Case(NO_SCORES, "not_applicable", reason="no_scores"),
        Case(error(0, 0), "cannot_tell", reason="no_interval"),
    ),
    "DR012": (
        Case(same, "passed"),
        Case(positives(80), "finding", "warning", names=("80 positives",)),
        Case(both(positives(300), scored(deff=6.0)), "finding", "warning"),
        Case(positives(9), "finding", "blocker"),
        Case(positives(0), "finding", "blocker"),
        # Which label is the rarer one does not matter.
        Case(positives(11_920), "finding", "warning", names=("80 negatives",)),
        Case(positives(12_000), "finding", "blocker"),
        Case(NO_LABEL, "not_applicable", reason="no_label"),
        Case(positives(0, 0), "not_applicable", reason="no_label"),
    ),
    "DR027": (
        Case(same, "passed"),
        Case(lambda g: skewed(g, 0.85), "finding", "note"),
        Case(skewed, "finding", "warning"),
        Case(few_scored, "cannot_tell", reason="too_few"),
        Case(NO_SCORES, "not_applicable", reason="no_scores"),
        Case(
            scored(scores=np.linspace(-1, 2, ROWS)),
            "not_applicable",
            reason="scores_no_chance",
        ),
    ),
    "DR028": (
        Case(gain(0.002, -0.001, 0.004), "passed"),
        Case(gain(0.012, 0.008, 0.016), "finding", "note"),
        Case(gain(0.03, 0.025, 0.04), "finding", "warning", names=("3.0 fewer",)),
        *UNTRAINED,
        Case(trained(why_no_learning="few_sizes"), "cannot_tell", reason="few_sizes"),
        Case(
            trained(why_no_learning="few_positives"),
            "cannot_tell",
            reason="few_positives",
        ),
        Case(gain(0.01, -0.01, 0.03), "cannot_tell", reason="too_wide"),
        Case(noise, "cannot_tell", reason="no_better_than_chance"),
        Case(
            both(gain(0.03, 0.025, 0.04), positives(600, 2000)),
            "finding",
            "warning",
            names=("3.0 fewer",),
        ),
    ),
    "DR029": (
        Case(gap(0.03, 0.01, 0.05), "passed"),
        Case(gap(0.1, 0.06, 0.14), "finding", "warning", names=("2026-07-01",)),
        *UNTRAINED,
        Case(with_profile(time=None), "not_applicable", reason="no_time"),
        Case(trained(), "cannot_tell", reason="no_later"),
        Case(gap(0.1, -0.05, 0.25), "cannot_tell", reason="too_wide"),
    ),
}


def found(code: str, change):
    return CHECKS[code].run(change(plain()))


# --- labels --------------------------------------------------------------------------


def test_more_labels_are_priced_in_rows_money_and_days():
    finding = found("DR002", both(error(30, 100), scored(sources=None)))
    numbers = finding.numbers
    assert numbers["more"].value == 223  # 323 to ±5 at 30 of 100
    assert numbers["cost"].value == pytest.approx(223 * 3)  # three minutes at 60
    assert numbers["days"].value == 2
    assert numbers["further"].value is None
    assert finding.at_stake.value == pytest.approx(wilson(30, 100).half_width)


def test_without_a_stated_price_the_labels_are_counted_all_the_same():
    given = replace(error(30, 100)(plain()), labelling=None)
    numbers = CHECKS["DR002"].run(given).numbers
    assert numbers["more"].value == 223
    assert (numbers["cost"].value, numbers["days"].value) == (None, None)


# --- positives -----------------------------------------------------------------------


def test_a_positive_costs_as_many_labels_as_it_takes_to_find_one():
    """80 positives in 12,000: 150 labels each (Buderer 1996)."""
    numbers = found("DR012", positives(80)).numbers
    needed = price_of_precision(0.5, 0, 0.05, labelling=Labelling(1, 1, 1)).needed
    assert numbers["more_rarer"].value == needed - 80
    assert numbers["more"].value == (needed - 80) * 150
    assert numbers["cost"].value == pytest.approx((needed - 80) * 150 * 3)
    assert numbers["days"].value == np.ceil((needed - 80) * 150 / 120)


def test_telling_the_error_from_the_acceptable_one_is_priced_as_well():
    change = both(positives(80), error(300, 1000), use(acceptable=0.25))
    numbers = found("DR012", change).numbers
    expected = price_of_telling(0.3, 1000, 0.25, labelling=Labelling(3, 60, 120))
    assert numbers["tell_more"].value == expected.more
    near = both(positives(80), error(300, 1000), use(acceptable=0.3))
    assert found("DR012", near).numbers["tell_more"].value is None


def test_without_a_positive_the_price_is_a_least_one():
    numbers = found("DR012", positives(0)).numbers
    most = wilson(0, 12_000).hi
    assert numbers["more"].value == np.ceil(numbers["more_rarer"].value / most)


# --- scores --------------------------------------------------------------------------


def test_the_bins_behind_a_finding_run_from_low_scores_to_high():
    finding = found("DR027", skewed)
    assert len(finding.details) == 10
    promised = [d.numbers["promised"].value for d in finding.details]
    assert promised == sorted(promised)
    # E[sqrt(u)] is 2/3 where one half came
    assert finding.numbers["ahead"].value == pytest.approx(1 / 6, abs=0.01)


def test_scores_that_hang_together_are_not_called_wrong_so_soon():
    assert found("DR027", slightly_skewed) is not None
    assert found("DR027", both(slightly_skewed, scored(deff=5.0))) is None


# --- more rows, later rows -----------------------------------------------------------


def test_the_sizes_of_the_curve_stand_behind_the_finding():
    finding = found("DR028", gain(0.03, 0.025, 0.04))
    assert [d.about for d in finding.details] == ["250", "500", "1,000", "2,000"]


def test_rows_that_are_labelled_already_cost_nothing_more():
    numbers = found("DR028", gain(0.03, 0.025, 0.04)).numbers
    assert (numbers["more"].value, numbers["hours"].value) == (0, 0)
    few = both(gain(0.03, 0.025, 0.04), positives(600, 2000))
    numbers = found("DR028", few).numbers
    assert (numbers["more"].value, numbers["hours"].value) == (2000, 100)


def test_the_gap_in_time_is_what_will_not_be_there():
    assert found("DR029", gap(0.1, 0.06, 0.14)).at_stake.value == 0.1
