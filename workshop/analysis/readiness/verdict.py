"""The verdict, by rules a reader can check: never one opaque score.

1. A blocker that nobody accepted: not ready. Before anything is scored, and without
   such a blocker: cannot tell.
2. No acceptable error agreed, no threshold chosen, or nothing acted on under it:
   cannot tell.
3. On the rows kept aside, the error among answered is held against what was agreed.
   Its whole interval above: not ready. Not wholly below: cannot tell.
4. Wholly below: ready; with conditions while a warning stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workshop.analysis.readiness.findings import ReadinessReport
from workshop.record.values import Number

VerdictKind = Literal["ready", "ready_with_conditions", "not_ready", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict and the rule that gave it."""

    kind: VerdictKind
    rule: str
    blockers: tuple[str, ...] = ()


def before_scores(report: ReadinessReport, *, accepted: tuple[str, ...]) -> Verdict:
    """Apply the first rule alone: nothing has been scored yet."""
    open_blockers = _open_blockers(report, accepted)
    if open_blockers:
        return Verdict("not_ready", "blocker", open_blockers)
    return Verdict("cannot_tell", "no_rows")


def _open_blockers(
    report: ReadinessReport, accepted: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(c for c in report.codes("blocker") if c not in accepted)


def judge(
    report: ReadinessReport,
    *,
    accepted: tuple[str, ...],
    acceptable: float | None,
    error: Number | None,
) -> Verdict:
    """Apply the rules of this module's heading.

    Parameters
    ----------
    report
        All findings.
    accepted
        Codes of findings that the pair accepted as a risk.
    acceptable
        The error among answered that the pair agreed to live with, a share.
    error
        The error among answered on the rows kept aside, with its interval.
    """
    open_blockers = _open_blockers(report, accepted)
    if open_blockers:
        return Verdict("not_ready", "blocker", open_blockers)
    if acceptable is None:
        return Verdict("cannot_tell", "no_promise")
    if error is None:
        return Verdict("cannot_tell", "no_threshold")
    if error.lo is None or error.hi is None:
        return Verdict("cannot_tell", "nothing_answered")
    if error.lo > acceptable:
        return Verdict("not_ready", "above")
    if error.hi > acceptable:
        return Verdict("cannot_tell", "straddles")
    if report.codes("warning"):
        return Verdict("ready_with_conditions", "below_with_warnings")
    return Verdict("ready", "below")
