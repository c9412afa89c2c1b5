"""Of which group of people do the rows say least?"""

from __future__ import annotations

from dataclasses import dataclass

from workshop.analysis.evidence import Evidence
from workshop.analysis.group_names import Group
from workshop.analysis.group_shares import group_shares
from workshop.analysis.line import GROUPS, Line
from workshop.analysis.policies import lines_of
from workshop.record.values import Number

WIDE = 0.2
"""A range from end to end, a share, beyond which nothing is promised to a group."""


@dataclass(frozen=True, slots=True)
class UnsureGroup:
    """The group with the widest range of its error, and that error."""

    column: str
    group: Group
    error: Number


def unsure_group(evidence: Evidence, *, wide: float = WIDE) -> UnsureGroup | None:
    """Return the group whose error has the widest range on the rows kept aside.

    None where no range is wider than ``wide``, no column of groups is declared, or the
    chosen policy places no rows. Groups without a row acted on have no error.
    """
    policy = evidence.policy
    lines = lines_of(policy) if policy else None
    if policy is None or lines is None or policy.kind == "none":
        return None
    act_at, _ = lines
    cuts = sorted(set(lines), reverse=True)
    found = [
        UnsureGroup(by.column, group, error)
        for by in Line(evidence).grouped(cuts, GROUPS)
        for shares in (
            group_shares(
                "error_among_answered",
                by.report.at(act_at, policy.review_at),
                rows="report",
                id=f"groups.{by.column}",
                deff=evidence.deff,
                deffs=by.deffs,
            ),
        )
        for group, error in zip(shares.groups, shares.by_group, strict=True)
        if _width(error) > wide
    ]
    return max(found, key=lambda one: _width(one.error), default=None)


def _width(number: Number) -> float:
    if number.lo is None or number.hi is None:
        return -1.0
    return number.hi - number.lo
