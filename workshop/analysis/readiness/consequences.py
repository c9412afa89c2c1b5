"""What follows from the findings: which come first, and what the pair may take over.

Findings are ranked by consequence: severity, then how much of the promise is at stake.
On a live screen three are to act on and two to know; the rest folds away. What a
finding leaves behind when nobody mends it is an assumption, a condition on release, or
something the model cannot do; the pair takes over what it agrees with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workshop.analysis.readiness.findings import Detail, Finding, ReadinessReport

TO_ACT = 3
TO_KNOW = 2
MOST_LIMITS = 4
"""Lines of one code on the list of what the model cannot do."""

Consequence = Literal["assumption", "condition", "cannot_do"]
Confidence = Literal["low", "medium", "high"]

FOLLOWS: dict[str, tuple[Consequence, ...]] = {
    "DR001": ("assumption",),
    "DR003": ("assumption", "cannot_do"),
    "DR005": ("assumption",),
    "DR007": ("condition",),
    "DR010": ("assumption", "condition"),
    "DR011": ("cannot_do",),
    "DR013": ("assumption",),
    "DR014": ("condition",),
    "DR017": ("condition",),
    "DR018": ("assumption",),
    "DR019": ("condition",),
    "DR020": ("condition",),
    "DR021": ("condition",),
    "DR023": ("assumption",),
    "DR024": ("assumption", "condition"),
    "DR025": ("condition",),
    "DR026": ("cannot_do",),
    "DR027": ("cannot_do",),
    "DR029": ("condition",),
    "DR031": ("condition",),
}
"""What each code leaves behind; its sentences are ``register.<code>.<consequence>``."""

BY_DETAIL = ("DR011", "DR026")
"""Codes whose limits are said one by one, for each group concerned."""

UNTOLD = ("DR001", "DR010", "DR018", "DR024")
"""Codes that leave their assumption behind also where nobody could tell."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something for the register that a finding leads to.

    ``key`` is unique among proposals; ``detail`` is the group it is about, if one.
    ``untold`` marks what was not found but could not be told either.
    """

    kind: Consequence
    finding: Finding
    confidence: Confidence
    detail: Detail | None = None
    untold: bool = False

    @property
    def key(self) -> str:
        """A name of its own: kind, code, and what it is about."""
        about = f".{self.detail.about}" if self.detail else ""
        return f"{self.kind}.{self.finding.code}{about}"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a live screen shows: at most five findings, and the rest folded."""

    act: tuple[Finding, ...]
    know: tuple[Finding, ...]
    rest: tuple[Finding, ...]


def screen(report: ReadinessReport) -> Screen:
    """Choose what is shown first: three to act on and two to know.

    Blockers and warnings are acted on, notes are known. Where there are no notes, the
    two are the next warnings.
    """
    ranked = report.of("finding")
    grave = [f for f in ranked if f.severity != "note"]
    notes = [f for f in ranked if f.severity == "note"]
    act = grave[:TO_ACT]
    know = (notes or grave[TO_ACT:])[:TO_KNOW]
    shown = {f.code for f in (*act, *know)}
    rest = tuple(f for f in ranked if f.code not in shown)
    return Screen(tuple(act), tuple(know), rest)


def proposals(report: ReadinessReport) -> tuple[Proposal, ...]:
    """Return what the findings leave behind, gravest first within each kind."""
    found = [p for f in report.of("finding") for p in _of_finding(f)]
    untold = [
        Proposal("assumption", f, "low", untold=True)
        for f in report.of("cannot_tell")
        if f.code in UNTOLD
    ]
    return (*found, *untold)


def _of_finding(finding: Finding) -> list[Proposal]:
    confidence: Confidence = "medium" if finding.severity == "note" else "low"
    return [
        Proposal(kind, finding, confidence, detail)
        for kind in FOLLOWS.get(finding.code, ())
        for detail in _details(kind, finding)
    ]


def _details(kind: Consequence, finding: Finding) -> tuple[Detail | None, ...]:
    if kind == "cannot_do" and finding.code in BY_DETAIL:
        return finding.details[:MOST_LIMITS]
    return (None,)
