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
    """A name, the direction that is better, and the unit of its value.

    ``needs_labels`` is False where a program can count it and nobody has to judge.
    """

    name: str
    better: Direction
    unit: str
    needs_labels: bool = True


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("prevalence", "none", "share"),
        Metric("error_rate", "lower", "share"),
        Metric("precision", "higher", "share"),
        Metric("recall", "higher", "share"),
        Metric("false_positive_rate", "lower", "share"),
        Metric("coverage", "higher", "share", needs_labels=False),
        Metric("error_among_answered", "lower", "share"),
        Metric("review_rate", "none", "share", needs_labels=False),
        Metric("expected_cost", "lower", "false alarms per decision"),
        Metric("net_benefit", "higher", "true positives per decision"),
        Metric("latency_ms_p50", "lower", "ms", needs_labels=False),
        Metric("latency_ms_p95", "lower", "ms", needs_labels=False),
        Metric("cost_per_decision", "lower", "money", needs_labels=False),
    )
}
