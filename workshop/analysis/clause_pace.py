"""How many rows does a week bring that a clause can be held on, and at what price?

Nobody labels more rows than there are: what somebody promised to label is capped at the
decisions of a week that fall into the rate's base.
"""

from __future__ import annotations

import math

from workshop.analysis.labels import Labelling
from workshop.record.terms import METRICS
from workshop.record.values import Clause


def told_by_label(metric: str) -> bool:
    """Whether only the label says which rows are in the rate's base, as for recall."""
    return metric in ("recall", "false_positive_rate")


def labels_each(metric: str, in_base: float) -> float:
    """How many rows must be labelled for one more in the rate's base.

    One, where scores or nothing at all pick the rows to label; one over the base's
    share ``in_base`` where only the label tells who belongs to it.
    """
    return 1 / in_base if told_by_label(metric) and in_base else 1.0


def labels_a_week(
    clause: Clause, per_week: float | None, in_base: float = 1.0
) -> float | None:
    """Labels that are really made a week: as promised, but no more than rows exist.

    ``per_week`` decisions come, None where nobody said; ``in_base`` is the share of
    them in the rate's base. None where nobody labels.
    """
    if clause.measured_by is None:
        return None
    worth = 1.0 if told_by_label(clause.metric) else in_base
    exist = math.inf if per_week is None else per_week * worth
    return min(float(clause.measured_by.labels_per_week), exist)


def rows_a_week(
    clause: Clause, *, per_week: float | None, share: float, in_base: float
) -> float | None:
    """Rows of a clause's slice and its rate's base that a week adds, and that count.

    ``share`` of all rows are in the slice, and ``in_base`` of these in the base. What a
    program counts is counted on all of them; else labels bound it. None where nobody
    said how many come, or nobody labels.
    """
    if not METRICS[clause.metric].needs_labels:
        return None if per_week is None else per_week * share * in_base
    labels = labels_a_week(clause, per_week, in_base)
    return (
        None if labels is None else labels * share / labels_each(clause.metric, in_base)
    )


def cost_per_label(clause: Clause, labelling: Labelling | None) -> float | None:
    """What one label costs: as the clause says, else the scenario; None if unsaid."""
    by = clause.measured_by
    if by is not None and by.cost_per_label is not None:
        return by.cost_per_label
    if labelling is None:
        return None
    return labelling.minutes_per_label / 60 * labelling.cost_per_hour
