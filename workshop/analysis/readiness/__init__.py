"""Can this data carry the promise? Checks, their findings, and the verdict."""

from workshop.analysis.readiness.checks import CHECKS, ReviewInput, review
from workshop.analysis.readiness.findings import (
    CannotTell,
    Finding,
    NotApplicable,
    ReadinessReport,
)
from workshop.analysis.readiness.verdict import Verdict, judge

__all__ = [
    "CHECKS",
    "CannotTell",
    "Finding",
    "NotApplicable",
    "ReadinessReport",
    "ReviewInput",
    "Verdict",
    "judge",
    "review",
]
