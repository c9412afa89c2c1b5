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


Kind = Literal["money", "share", "minutes", "hours", "count"]


@dataclass(frozen=True, slots=True)
class Business:
    """A measure of the business side, the direction that is better, and its unit.

    A unit of ``money`` stands for the scenario's currency.
    """

    name: str
    better: Literal["higher", "lower"]
    unit: str


BUSINESS: dict[str, Business] = {
    measure.name: measure
    for measure in (
        Business("hours_saved", "higher", "hours per week"),
        Business("money", "higher", "money"),
        Business("people_helped", "higher", "per week"),
        Business("people_wrong", "lower", "per week"),
        Business("people_missed", "lower", "per week"),
        Business("acted_per_success", "lower", "per success"),
        Business("active_share", "higher", "share"),
        Business("events", "lower", "per year"),
        Business("waiting_hours", "lower", "hours"),
    )
}
"""What a business floor can speak of so that a program can hold it."""


@dataclass(frozen=True, slots=True)
class AssumedTerm:
    """Something that somebody states and no row tells: its name and kind of unit.

    ``least`` is the smallest value that makes sense, None where any does.
    """

    name: str
    kind: Kind
    least: float | None = None


ASSUMED: dict[str, AssumedTerm] = {
    term.name: term
    for term in (
        AssumedTerm("per_week", "count", 0),
        AssumedTerm("tp", "money"),
        AssumedTerm("fp", "money"),
        AssumedTerm("fn", "money"),
        AssumedTerm("tn", "money"),
        AssumedTerm("review", "money"),
        AssumedTerm("choice_right", "money"),
        AssumedTerm("choice_wrong", "money"),
        AssumedTerm("reviewer_sensitivity", "share", 0),
        AssumedTerm("reviewer_specificity", "share", 0),
        AssumedTerm("reviewer_hours", "hours", 0),
        AssumedTerm("minutes_today", "minutes", 0),
        AssumedTerm("minutes_tp", "minutes", 0),
        AssumedTerm("minutes_fp", "minutes", 0),
        AssumedTerm("minutes_fn", "minutes", 0),
        AssumedTerm("minutes_tn", "minutes", 0),
        AssumedTerm("minutes_review", "minutes", 0),
        AssumedTerm("minutes_choice", "minutes", 0),
        AssumedTerm("seen", "share", 0),
        AssumedTerm("keep_after_wrong", "share", 0),
        AssumedTerm("asks_per_user", "count", 1),
        AssumedTerm("events_per_1000_wrong", "count", 0),
        AssumedTerm("cost_per_event", "money", 0),
    )
}
"""Every assumption there is: values of a decision, people's time, use, risk."""


MODEL_DECISIONS: dict[str, str] = {
    "data": "choose and label the data",
    "threshold": "move the threshold",
    "retraining": "retrain the model",
    "trade_offs": "settle trade-offs in performance",
}
PRODUCT_DECISIONS: dict[str, str] = {
    "experience": "design the experience",
    "release": "release",
    "impact": "measure the impact",
}
DECISIONS: dict[str, str] = MODEL_DECISIONS | PRODUCT_DECISIONS
"""Decisions that somebody has to own: a short name, and the words of the record."""

ESCALATIONS: dict[str, str] = {
    "clause_broken": "a clause is broken",
    "disagree": "the two disagree",
    "user_harmed": "a user is harmed",
    "against_business": "the model works against a business goal",
}
"""When somebody has to be told: a short name, and the words of the record."""
