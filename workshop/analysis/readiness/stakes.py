"""Which checks may block, given what the pair said could go wrong?

`STAKES` is the whole of it: an early question, how it was answered, the checks that
this concerns, and whether they may then block or no longer may. A warning is raised to
a blocker and a blocker lowered to a warning; a note stays a note. What was not answered
changes nothing, and "we don't know" is never milder than the answer that weighs most.
Checks that train something first never block and stand in no row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from workshop.analysis.early_questions import Answered, answered
from workshop.analysis.readiness.findings import Finding, ReadinessReport, Severity
from workshop.record.framed import EarlyQuestion, Framing

Effect = Literal["may_block", "cannot_block"]


@dataclass(frozen=True, slots=True)
class Stake:
    """One answer and what it does to the severity of some checks.

    ``because`` names the sentence that says why.
    """

    question: EarlyQuestion
    when: Answered
    codes: tuple[str, ...]
    effect: Effect
    because: str


STAKES: tuple[Stake, ...] = (
    # Groups that fare differently are where a harm falls on some and not on others.
    Stake("harmed", "said", ("DR025",), "may_block", "harmed"),
    Stake("harmed", "unknown", ("DR025",), "may_block", "harmed_unknown"),
    # Personal data and a licence are what a rule is about, whichever it is.
    Stake("rule", "said", ("DR021", "DR031"), "may_block", "rule"),
    Stake("rule", "unknown", ("DR021", "DR031"), "may_block", "rule_unknown"),
    # A promise is about days to come: old rows and a moving rate say little of them.
    Stake("promised", "said", ("DR010", "DR024"), "may_block", "promised"),
    Stake("promised", "unknown", ("DR010", "DR024"), "may_block", "promised_unknown"),
    # Where nothing was promised a wide range breaks no word.
    Stake("promised", "none", ("DR002", "DR012"), "cannot_block", "nothing_promised"),
    # A promise that no engineer has seen may rest on an error that nobody knows yet.
    Stake("engineering_there", "none", ("DR002",), "may_block", "not_there"),
    Stake("engineering_there", "unknown", ("DR002",), "may_block", "there_unknown"),
)


_CHANGES: dict[Effect, tuple[Severity, Severity]] = {
    "may_block": ("warning", "blocker"),
    "cannot_block": ("blocker", "warning"),
}


def weigh(report: ReadinessReport, framing: Framing | None) -> ReadinessReport:
    """Let the early answers decide what may block; the rest stays as it was found.

    A check that two answers pull both ways may block. Weighing twice changes nothing.
    """
    stakes = stakes_of(framing)
    return ReadinessReport(tuple(_weighed(one, stakes) for one in report.findings))


def stakes_of(framing: Framing | None) -> dict[str, Stake]:
    """For each code the row that decides; one that lets it block goes first."""
    nothing_promised = answered(framing, "promised") == "none"
    given = [
        stake
        for stake in STAKES
        if answered(framing, stake.question) == stake.when
        and not (nothing_promised and stake.question == "engineering_there")
    ]
    lowered = {c: s for s in given if s.effect == "cannot_block" for c in s.codes}
    raised = {c: s for s in reversed(given) if s.effect == "may_block" for c in s.codes}
    return lowered | raised


def _weighed(finding: Finding, stakes: dict[str, Stake]) -> Finding:
    stake = stakes.get(finding.code)
    if stake is None or finding.outcome != "finding":
        return finding
    before, after = _CHANGES[stake.effect]
    if finding.severity != before:
        return finding
    return replace(finding, severity=after, because=stake.because)
