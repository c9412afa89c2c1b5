"""Where does each clause stand on the rows kept aside, and does it speak of any rows?

The chosen line, the clause's slice, and then `workshop.analysis.clauses.hold`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.clause_pace import (
    cost_per_label,
    labels_a_week,
    rows_a_week,
    told_by_label,
)
from workshop.analysis.clause_words import (
    parse_slice,
    slice_mask,
    window_days,
    window_weeks,
)
from workshop.analysis.clauses import (
    NEVER,
    ClauseHeld,
    Pace,
    bound_of,
    hold,
    side_of,
)
from workshop.analysis.evidence import Evidence
from workshop.analysis.labels import labelling_of
from workshop.analysis.metrics import SHARES, Context, Reviewer, size_of
from workshop.analysis.noticed import Noticed, notice
from workshop.analysis.policies import Cells, lines_of
from workshop.analysis.readout import cells_of, review_of
from workshop.analysis.running import running_cost
from workshop.data.scenario import Scenario
from workshop.errors import InputError
from workshop.record.terms import METRICS
from workshop.record.values import Clause, Policy

Bools = NDArray[np.bool_]


def hold_now(evidence: Evidence, clause: Clause) -> ClauseHeld:
    """Hold a clause against the rows kept aside, under the chosen line."""
    if slice_unknown(evidence, clause):
        return ClauseHeld(clause, None, reason="slice_unknown")
    aside = ~evidence.choosing()
    mask = aside & slice_rows(evidence, clause)
    times = evidence.rows.latency_ms
    return hold(
        clause,
        _cells(evidence, clause, mask),
        context=_context(evidence, None if times is None else times[mask]),
        deff=evidence.deff,
        pace=Pace(
            labelling_of(evidence.scenario),
            evidence.per_week,
            float(mask.sum() / aside.sum()),
        ),
    )


def slice_rows(evidence: Evidence, clause: Clause) -> Bools:
    """Which of the option's rows a clause speaks of, shape (n,); all without a slice.

    None of them where the slice is unknown.
    """
    if not clause.slice:
        return np.ones(len(evidence.rows), dtype=np.bool_)
    parsed = parse_slice(clause.slice)
    if parsed is None or parsed[0] not in evidence.data:
        return np.zeros(len(evidence.rows), dtype=np.bool_)
    column, value = parsed
    return slice_mask(evidence.values_of(column, evidence.rows), value)


def slice_unknown(evidence: Evidence, clause: Clause) -> bool:
    """Whether a clause speaks of rows that are not there: no such column, or value."""
    return bool(clause.slice) and not slice_rows(evidence, clause).any()


def held_now(evidence: Evidence) -> tuple[ClauseHeld, ...]:
    """Hold every clause of the agreement against the rows kept aside."""
    agreement = evidence.record.agreement
    clauses = agreement.clauses if agreement else ()
    return tuple(hold_now(evidence, clause) for clause in clauses)


def not_held(held: Iterable[ClauseHeld]) -> dict[str, str]:
    """Clauses that these data can never check: id, and the name of the reason."""
    found: dict[str, str] = {}
    for one in held:
        if one.reason in NEVER:
            found[one.clause.id] = one.reason
        elif window_days(one.clause.window) is None:
            found[one.clause.id] = "window_unknown"
    return found


def cells_where(policy: Policy, labels: Bools, scores: NDArray[np.float64]) -> Cells:
    """Where a policy puts some rows, which may be none or all of one label.

    For ``single``, ``review_band``, ``all`` and ``none``; at random the counts are
    expectations.
    """
    if policy.kind == "random":
        volume, right = policy.volume or 0.0, int(labels.sum())
        wrong = len(labels) - right
        acted = (volume * right, volume * wrong)
        return Cells(*acted, right - acted[0], wrong - acted[1])
    lines = lines_of(policy)
    if lines is None:
        raise InputError(f"a policy of kind {policy.kind} places no rows")
    act_at, ask_at = lines
    acted_on = scores >= act_at
    left = scores < ask_at
    return Cells(
        tp=int((acted_on & labels).sum()),
        fp=int((acted_on & ~labels).sum()),
        fn=int((left & labels).sum()),
        tn=int((left & ~labels).sum()),
        asked_positive=int((~acted_on & ~left & labels).sum()),
        asked_negative=int((~acted_on & ~left & ~labels).sum()),
    )


def _cells(evidence: Evidence, clause: Clause, mask: Bools) -> Cells | None:
    policy = evidence.policy
    if policy is None or policy.kind == "today":
        return None
    if not clause.slice:
        return cells_of(evidence, policy, "report")
    rows = evidence.rows
    return cells_where(policy, rows.labels[mask], rows.scores[mask])


def _context(evidence: Evidence, times: NDArray[np.float64] | None) -> Context:
    review = review_of(evidence)
    candidate = evidence.candidate(evidence.option)
    return Context(
        ratio=evidence.ratio,
        review_cost=review.price,
        reviewer=Reviewer(review.sensitivity, review.specificity),
        latency_ms=times,
        cost=running_cost(evidence, candidate),
    )


# --- what a clause would notice, and at what price ------------------------------------


@dataclass(frozen=True, slots=True)
class Consequence:
    """What measuring a clause brings: when a rise is noticed, and what a week costs.

    ``noticed`` is None where nobody measures, where the words fit nothing (``reason``),
    and for what is no share. ``labels`` are those that fall into the clause's rows each
    week, no more than there are such rows; ``effective`` as many independent ones;
    ``cost`` is money a week, None without a price or where a program counts.
    """

    noticed: Noticed | None = None
    labels: float | None = None
    effective: float | None = None
    cost: float | None = None
    reason: Literal["", "nobody", "slice_unknown", "window_unknown", "never"] = ""


def consequence(
    clause: Clause, scenario: Scenario, evidence: Evidence | None
) -> Consequence:
    """Say when a rise beyond a clause's limit would be noticed, as it is measured.

    What needs no label is counted on every decision of a week. ``evidence`` is None
    before any row: then a slice cannot be looked up, nor how many are positive.
    """
    weeks = window_weeks(clause.window)
    if weeks is None:
        return Consequence(reason="window_unknown")
    if evidence is not None and slice_unknown(evidence, clause):
        return Consequence(reason="slice_unknown")
    by, labelled = clause.measured_by, METRICS[clause.metric].needs_labels
    if labelled and by is None:
        return Consequence(reason="nobody")
    volume = evidence.per_week if evidence else scenario.decision.per_week
    share, in_base = _shares(evidence, clause)
    known = 1.0 if in_base is None else in_base
    cost = _cost_a_week(clause, scenario, volume, known) if labelled else None
    bound, side = bound_of(clause), side_of(clause)
    if share is None or in_base is None or METRICS[clause.metric].unit != "share":
        return Consequence(cost=cost)
    if not 0 < bound < 1:
        return Consequence(cost=cost, reason="never" if _endless(clause) else "")
    rows = rows_a_week(clause, per_week=volume, share=share, in_base=in_base)
    if not rows:
        return Consequence(cost=cost)
    deff = evidence.deff if evidence else 1.0
    found = notice(bound, side, rows, weeks_per_window=weeks, deff=deff)
    return Consequence(found, rows, rows / deff, cost)


def _cost_a_week(
    clause: Clause, scenario: Scenario, volume: float, in_base: float
) -> float | None:
    """Money for a week's labels, no more of them than there are rows to label."""
    each = cost_per_label(clause, labelling_of(scenario))
    labels = labels_a_week(clause, volume, in_base)
    return each * labels if each is not None and labels else None


def _endless(clause: Clause) -> bool:
    """Whether nothing could ever break a clause: at most all, or at least none."""
    return clause.at_most == 1 or clause.at_least == 0


def _shares(
    evidence: Evidence | None, clause: Clause
) -> tuple[float | None, float | None]:
    """Which share of all rows is in the slice, and of these in the rate's base.

    The base is what was acted on for the error and precision, and for recall the
    positives, since only a label tells them. None where no row says.
    """
    by_label = told_by_label(clause.metric)
    if evidence is None:
        return None if clause.slice else 1.0, None if by_label else 1.0
    mask = slice_rows(evidence, clause)
    share = float(mask.mean())
    if clause.metric not in SHARES:
        return share, 1.0
    policy, rows = evidence.policy, evidence.rows
    if policy is None or policy.kind == "today":
        if not by_label:
            return share, 1.0  # nobody knows yet how much will be acted on
        policy = Policy(kind="all")
    cells = cells_where(policy, rows.labels[mask], rows.scores[mask])
    return share, SHARES[clause.metric](cells)[1] / size_of(cells)
