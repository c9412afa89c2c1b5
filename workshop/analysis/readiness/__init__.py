"""Can this data carry the promise? Checks, their findings, and the verdict."""

from workshop.analysis.readiness import checks as _registered
from workshop.analysis.readiness.findings import (
    CannotTell,
    Detail,
    Finding,
    NotApplicable,
    ReadinessReport,
)
from workshop.analysis.readiness.given import Annotations, ReviewInput, Scored, Use
from workshop.analysis.readiness.registry import CHECKS, review
from workshop.analysis.readiness.verdict import Verdict, judge

# importing the checks is what registers them
assert _registered

__all__ = [
    "CHECKS",
    "Annotations",
    "CannotTell",
    "Detail",
    "Finding",
    "NotApplicable",
    "ReadinessReport",
    "ReviewInput",
    "Scored",
    "Use",
    "Verdict",
    "judge",
    "review",
]
