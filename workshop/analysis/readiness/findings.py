"""What a check can come back with. Evidence is numbers; words are made in views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workshop.record.values import Number, Owner

Dimension = Literal[
    "completeness",
    "validity",
    "uniqueness",
    "consistency",
    "timeliness",
    "representativeness",
    "label quality",
    "leakage",
    "provenance",
    "learnability",
]
Severity = Literal["blocker", "warning", "note"]
Reach = Literal["figure", "part", "rows"]
"""What ``at_stake`` is a share of: a figure of the promise, a figure of one group
alone, or rows touched, which only bounds how far any figure can move."""
Outcome = Literal["finding", "passed", "not_applicable", "cannot_tell"]


class NotApplicable(Exception):
    """The check has no object here; ``reason`` names the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotTell(Exception):
    """The check has an object but too little to judge it.

    ``reason`` names the sentence that says what would be needed; ``numbers`` and
    ``names`` fill it.
    """

    def __init__(
        self,
        reason: str,
        numbers: dict[str, Number] | None = None,
        names: dict[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.numbers = numbers or {}
        self.names = names or {}


@dataclass(frozen=True, slots=True)
class Detail:
    """One row of the table behind a finding: what it is about, and its numbers.

    The keys name the columns: the sentence ``check.<code>.col_<key>`` heads each.
    """

    about: str
    numbers: dict[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome, with the numbers and names it rests on.

    ``numbers`` and ``names`` fill the sentence ``check.<code>.<outcome>``; ``reason``
    picks the sentence of a check that is not applicable or cannot tell. ``at_stake``
    is how far the threatened figure can move or is widened, a share. ``because`` names
    the early answer that changed the severity.
    """

    code: str
    dimension: Dimension
    owner: Owner
    outcome: Outcome
    severity: Severity | None = None
    numbers: dict[str, Number] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    threatens: str = ""
    at_stake: Number | None = None
    details: tuple[Detail, ...] = ()
    variant: str = ""
    reach: Reach = "figure"
    because: str = ""


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """All checks' outcomes, the passed and not-applicable ones included."""

    findings: tuple[Finding, ...]

    def of(self, outcome: Outcome) -> tuple[Finding, ...]:
        """Return the findings with that outcome, those with most at stake first."""
        chosen = [f for f in self.findings if f.outcome == outcome]
        return tuple(sorted(chosen, key=_rank))

    def codes(self, severity: Severity) -> tuple[str, ...]:
        """Return the codes of findings of that severity."""
        return tuple(f.code for f in self.of("finding") if f.severity == severity)


def _rank(finding: Finding) -> tuple[int, int, float, str]:
    """Severity first, then how it is sized, then what is at stake, then the code."""
    order = {"blocker": 0, "warning": 1, "note": 2, None: 3}
    reach = {"figure": 0, "part": 1, "rows": 2}[finding.reach]
    stake = finding.at_stake.value if finding.at_stake else None
    return order[finding.severity], reach, -abs(stake or 0.0), finding.code
