"""The closed list of what can be missing; a sentence for each stands elsewhere."""

from __future__ import annotations

from typing import Any

from workshop.record.values import Gap, GapKind

_KINDS: dict[GapKind, tuple[str, ...]] = {
    "undecided": (
        "no_participants",
        "bet_not_sealed",
        "bets_not_opened",
        "no_counts_as_wrong",
        "no_outcome",
        "outcome_part_missing",
        "question_open",
        "no_expectation",
        "no_ratio",
        "blocker_open",
        "no_threshold",
        "threshold_without_because",
        "no_option",
        "no_business_floor",
        "no_threshold_owner",
        "no_release_owner",
        "too_few_clauses",
        "no_escalation",
        "escalation_missing",
        "no_retrospective_date",
        "signature_missing",
    ),
    "not_agreed": ("not_agreed",),
    "unmeasured": (
        "today_not_measured",
        "satisfaction_unknown",
        "clause_not_measured",
        "clause_cannot_be_held",
    ),
    "contradictory": (
        "bet_not_as_sealed",
        "ratio_against_payoff",
        "fallbacks_differ",
        "expectation_above_ratio",
        "expectation_above_limit",
        "expectation_outside_bets",
        "expectation_promised_none",
        "expectation_promised_early",
        "expectation_nobody_to_ask",
        "expectation_too_many_to_ask",
        "expectation_slower_than_limit",
        "expectation_faster_than_limit",
        "expectation_dearer_than_limit",
        "unknown_finding",
        "seen_error_above_acceptable",
        "threshold_misses_expectation",
        "unknown_option",
        "option_breaks_limit",
        "option_against_fallback",
        "model_floor_missed",
        "business_floor_missed",
        "business_floor_endless",
        "clause_looser_than_expected",
        "clause_broken_from_start",
        "clause_broken_in_life",
        "statement_not_carried",
        "bets_disagree_on_owner",
        "decision_owned_twice",
    ),
    "unowned": (
        "rule_unchecked",
        "risk_without_owner",
        "assumption_without_owner",
        "clause_without_owner",
        "decision_unowned",
    ),
    "stale": (
        "outcome_date_passed",
        "risk_revisit_passed",
        "assumption_revisit_passed",
        "clause_expired",
        "ritual_passed",
        "retrospective_overdue",
        "action_overdue",
        "decision_overdue",
    ),
    "moved": (
        "figure_moved",
        "data_moved",
        "statement_moved",
        "signature_out_of_date",
    ),
    "borrowed": ("step_borrowed",),
}
KIND_OF: dict[str, GapKind] = {
    code: kind for kind, codes in _KINDS.items() for code in codes
}
"""Every code, and the kind it belongs to."""

GAP_CODES: tuple[str, ...] = tuple(KIND_OF)
"""Every code there is, for those who must have a sentence for each."""


def gap(code: str, where: str, **given: Any) -> Gap:
    """Return a gap of that code; its kind follows."""
    return Gap(kind=KIND_OF[code], where=where, code=code, given=given)
