"""The checks by code: registering one, running them all, what each comes back with.

A check returns `Found` numbers with a severity, or None when all is well; it raises
`NotApplicable` or `CannotTell` with the name of a reason. What it finds is sized in
one unit, so that findings can be ranked: by how much of what the pair is about to
promise it puts at stake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from workshop.analysis.readiness.findings import (
    CannotTell,
    Detail,
    Dimension,
    Finding,
    NotApplicable,
    Reach,
    ReadinessReport,
    Severity,
)
from workshop.analysis.readiness.given import ReviewInput
from workshop.record.values import Number, Owner

Threatens = Literal["promise", "threshold", "option", "volume", "groups", "release"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found wrong.

    ``numbers`` and ``names`` fill the sentences; ``at_stake`` is how far the figure
    that it threatens can move or is widened, a share, None where it cannot be sized;
    ``details`` are a row each for the table behind the finding; ``variant`` picks the
    sentence ``finding_<variant>`` where a check finds two kinds of thing.
    """

    severity: Severity
    numbers: dict[str, Number] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    at_stake: Number | None = None
    details: tuple[Detail, ...] = ()
    variant: str = ""


Run = Callable[[ReviewInput], Found | None]


@dataclass(frozen=True, slots=True)
class Check:
    """A code, what it is about, what it threatens, who owns it, and the function."""

    code: str
    dimension: Dimension
    threatens: Threatens
    owner: Owner
    run: Run
    reach: Reach = "figure"


CHECKS: dict[str, Check] = {}


def check(
    code: str,
    dimension: Dimension,
    *,
    threatens: Threatens,
    owner: Owner,
    reach: Reach = "figure",
) -> Callable[[Run], Run]:
    """Register a function as the check of that code."""

    def register(run: Run) -> Run:
        CHECKS[code] = Check(code, dimension, threatens, owner, run, reach)
        return run

    return register


def review(given: ReviewInput) -> ReadinessReport:
    """Run every check and gather the outcomes in the order of their codes."""
    return ReadinessReport(
        tuple(_outcome(one, given) for _, one in sorted(CHECKS.items()))
    )


def _outcome(one: Check, given: ReviewInput) -> Finding:
    about = (one.code, one.dimension, one.owner)
    try:
        found = one.run(given)
    except NotApplicable as why:
        return Finding(*about, "not_applicable", reason=why.reason)
    except CannotTell as why:
        return Finding(
            *about,
            "cannot_tell",
            reason=why.reason,
            numbers=why.numbers,
            names=why.names,
        )
    if found is None:
        return Finding(*about, "passed")
    numbers = dict(found.numbers)
    if found.at_stake is not None:
        numbers["at_stake"] = found.at_stake
    return Finding(
        *about,
        "finding",
        found.severity,
        numbers,
        found.names,
        threatens=one.threatens,
        at_stake=found.at_stake,
        details=tuple(_named(one.code, detail) for detail in found.details),
        variant=found.variant,
        reach=one.reach,
    )


def _named(code: str, detail: Detail) -> Detail:
    """Give each number of a detail an id of its own: code, column and what about."""
    numbers = {
        key: number.model_copy(update={"id": f"{code}.{key}.{detail.about}"})
        for key, number in detail.numbers.items()
    }
    return Detail(detail.about, numbers)
