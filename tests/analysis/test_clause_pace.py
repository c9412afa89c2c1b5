"""How many rows a week can be held, and what a label costs."""

from __future__ import annotations

import pytest

from workshop.analysis.clause_pace import (
    cost_per_label,
    labels_a_week,
    labels_each,
    rows_a_week,
)
from workshop.analysis.labels import Labelling
from workshop.record.values import Clause, MeasuredBy


def clause(metric: str, labels: int | None = 40) -> Clause:
    by = MeasuredBy(labels_per_week=labels, who="us") if labels else None
    return Clause(id="C", metric=metric, at_most=0.3, measured_by=by)


def test_for_recall_most_labels_are_of_others():
    assert labels_each("recall", 0.1) == pytest.approx(10)
    assert labels_each("precision", 0.1) == 1


@pytest.mark.parametrize(
    ("metric", "promised", "labels", "rows"),
    [
        ("error_among_answered", 40, 40, 10),
        ("error_among_answered", 6500, 200, 50),
        ("precision", 6500, 200, 50),
        ("recall", 40, 40, 2),
        ("recall", 6500, 1000, 50),
        ("error_rate", 6500, 1000, 250),
    ],
)
def test_labels_are_capped_at_the_rows_that_exist(metric, promised, labels, rows):
    """Of 1,000 decisions a week 1 of 4 is in the slice, and 1 of 5 in the base."""
    one, base = clause(metric, promised), 1.0 if metric == "error_rate" else 0.2
    given = {"per_week": 1000, "share": 0.25, "in_base": base}
    assert labels_a_week(one, 1000, base) == labels
    assert rows_a_week(one, **given) == pytest.approx(rows)


def test_what_a_program_counts_is_counted_on_all():
    given = {"share": 0.25, "in_base": 1.0}
    assert rows_a_week(clause("coverage"), per_week=1000, **given) == 250
    assert rows_a_week(clause("coverage"), per_week=None, **given) is None


def test_without_a_volume_labels_are_as_promised_and_nobody_makes_none():
    given = {"per_week": None, "share": 1.0, "in_base": 0.2}
    assert rows_a_week(clause("precision"), **given) == 40
    assert rows_a_week(clause("precision", None), **given) is None
    assert labels_a_week(clause("precision", None), 1000) is None


def test_the_clauses_own_price_comes_before_the_scenarios():
    one = clause("precision")
    assert cost_per_label(one, None) is None
    assert cost_per_label(one, Labelling(3, 60, 120)) == 3
    own = MeasuredBy(labels_per_week=1, who="us", cost_per_label=9)
    dear = one.model_copy(update={"measured_by": own})
    assert cost_per_label(dear, Labelling(3, 60, 120)) == 9
