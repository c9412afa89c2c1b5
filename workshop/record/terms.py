"""The closed list of metric names, each with its direction and unit.

Names are scikit-learn's where it has one. A clause, a limit or a ``seen`` figure can
only speak of these; for each there is an implementation (`workshop.analysis.metrics`)
and a sentence for either side of the table (`workshop.views.wording`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower", "none"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A name, the direction that is better, and the unit of its value."""

    name: str
    better: Direction
    unit: str


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("prevalence", "none", "share"),
        Metric("error_rate", "lower", "share"),
        Metric("precision", "higher", "share"),
        Metric("recall", "higher", "share"),
        Metric("false_positive_rate", "lower", "share"),
        Metric("coverage", "higher", "share"),
        Metric("error_among_answered", "lower", "share"),
        Metric("review_rate", "none", "share"),
        Metric("expected_cost", "lower", "false alarms per decision"),
        Metric("net_benefit", "higher", "true positives per decision"),
        Metric("latency_ms_p50", "lower", "ms"),
        Metric("latency_ms_p95", "lower", "ms"),
        Metric("cost_per_decision", "lower", "money"),
    )
}
