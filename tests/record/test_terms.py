"""Every metric has a direction, a unit, a measure and a sentence for each side."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from workshop.analysis.metrics import MEASURES
from workshop.record.terms import METRICS
from workshop.record.values import Clause, Count, Seen
from workshop.views.wording import phrase, phrases


@pytest.mark.parametrize("name", METRICS)
def test_each_metric_is_computed_somewhere(name):
    assert callable(MEASURES[name])


def test_nothing_is_computed_that_has_no_name():
    assert set(MEASURES) == set(METRICS)


@pytest.mark.parametrize("side", ["name", "product", "engineering"])
@pytest.mark.parametrize("name", METRICS)
def test_each_metric_has_a_sentence_for_either_side(name, side):
    assert len(phrase(f"metric.{name}.{side}")) >= 5


def test_no_sentence_speaks_of_a_metric_that_is_none():
    spoken = {key.split(".")[1] for key in phrases() if key.startswith("metric.")}
    assert spoken == set(METRICS)


@pytest.mark.parametrize("name", METRICS)
def test_each_metric_is_called_what_it_is_filed_under(name):
    metric = METRICS[name]
    assert metric.name == name
    assert metric.better in ("higher", "lower", "none")
    assert metric.unit


def test_what_a_program_counts_needs_no_labels():
    counted = {name for name, metric in METRICS.items() if not metric.needs_labels}
    assert counted == {
        "coverage",
        "review_rate",
        "latency_ms_p50",
        "latency_ms_p95",
        "cost_per_decision",
    }


def test_a_clause_or_a_figure_speaks_of_no_other():
    with pytest.raises(ValidationError, match="did you mean 'coverage'"):
        Clause(id="C1", metric="covrage", at_least=0.5)
    with pytest.raises(ValidationError, match="unknown metric"):
        Seen(figures={"accuracy": Count(k=1, n=2)})
