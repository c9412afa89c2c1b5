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
Outcome = Literal["finding", "passed", "not_applicable", "cannot_tell"]


class NotApplicable(Exception):
    """The check has no object here; ``reason`` names the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotTell(Exception):
    """The check has an object but too little to judge it; ``reason`` says what."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome, with the numbers and names it rests on.

    ``numbers`` and ``names`` fill the sentence ``check.<code>.<outcome>``; ``reason``
    picks the sentence of a check that is not applicable or cannot tell.
    """

    code: str
    dimension: Dimension
    owner: Owner
    outcome: Outcome
    severity: Severity | None = None
    numbers: dict[str, Number] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """All checks' outcomes, the passed and not-applicable ones included."""

    findings: tuple[Finding, ...]

    def of(self, outcome: Outcome) -> tuple[Finding, ...]:
        """Return the findings with that outcome, gravest first."""
        order = {"blocker": 0, "warning": 1, "note": 2, None: 3}
        chosen = [f for f in self.findings if f.outcome == outcome]
        return tuple(sorted(chosen, key=lambda f: (order[f.severity], f.code)))

    def codes(self, severity: Severity) -> tuple[str, ...]:
        """Return the codes of findings of that severity."""
        return tuple(f.code for f in self.of("finding") if f.severity == severity)
