"""02: the verdict, the findings with what they threaten, the price of knowing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop.analysis.readiness import Finding, ReadinessReport, Verdict
from workshop.record.choices import DataReview, Record
from workshop.record.values import Number
from workshop.views.section import (
    Block,
    Card,
    Heading,
    Items,
    Paragraph,
    Section,
    View,
    number_json,
)
from workshop.views.wording import Said, say


@dataclass(frozen=True)
class PriceNumbers:
    """What a narrower interval costs; all None where a label has no stated price."""

    target: Number
    half_now: Number | None
    more: Number | None = None
    sources: Number | None = None
    cost: Number | None = None
    days: Number | None = None
    unit: str = ""


def verdict_rule(
    verdict: Verdict, *, error: Number | None, acceptable: Number | None
) -> Said:
    """Say which rule gave the verdict, with the numbers that it compared."""
    values: dict[str, Any] = {"codes": ", ".join(verdict.blockers)}
    if error is not None:
        values["error"] = error
    if acceptable is not None:
        values["acceptable"] = acceptable
    return say(f"verdict_rule.{verdict.rule}", **values)


def price_said(price: PriceNumbers) -> tuple[Said, ...]:
    """Say what knowing the error better would take."""
    said = []
    if price.half_now is not None:
        said.append(say("data.price_now", half=price.half_now))
    if price.more is None or price.cost is None or price.days is None:
        return (*said, say("data.price_none"))
    if price.more.value == 0:
        return (*said, say("data.price_enough", target=price.target))
    values = {
        "target": price.target,
        "more": price.more,
        "cost": price.cost,
        "days": price.days,
        "unit": price.unit,
    }
    if price.sources is None:
        return (*said, say("data.price", **values))
    return (*said, say("data.price_sources", sources=price.sources, **values))


def finding_card(finding: Finding) -> Card:
    """Say what a check found, what it threatens, two ways out and who owns it."""
    about = f"check.{finding.code}"
    severity = say(f"data.severity_{finding.severity}")
    return Card(
        title=say(f"{about}.found"),
        tag=say("data.finding_tag", code=finding.code, severity=severity),
        said=(
            finding_said(finding),
            say(f"{about}.threatens"),
            say("data.way_out", way=say(f"{about}.way_1")),
            say("data.way_out", way=say(f"{about}.way_2")),
            say("data.owner", owner=say(f"framing.owner_{finding.owner}")),
        ),
    )


def finding_said(finding: Finding) -> Said:
    """Say a check's outcome in one sentence."""
    about = f"check.{finding.code}"
    if finding.outcome == "finding":
        return say(f"{about}.finding", **finding.numbers, **finding.names)
    title = say(f"{about}.title")
    if finding.outcome == "passed":
        return say("data.passed", code=finding.code, title=title)
    reason = say(f"{about}.{finding.reason}")
    return say(f"data.{finding.outcome}", code=finding.code, title=title, reason=reason)


def findings_view(report: ReadinessReport) -> View:
    """What the checks found first; what passed or does not apply after it."""
    found = report.of("finding")
    rest = (*report.of("cannot_tell"), *report.of("not_applicable"))
    blocks: list[Block] = [Heading(say("data.findings_title"))]
    blocks += [finding_card(f) for f in found]
    if not found:
        blocks.append(Paragraph(say("data.findings_none")))
    others = (*report.of("passed"), *rest)
    if others:
        blocks.append(Heading(say("data.passed_title")))
        blocks.append(Items(tuple(finding_said(f) for f in others)))
    return View(tuple(blocks))


def limits_view(limits: tuple[str, ...], review: DataReview | None) -> View:
    """What the sample cannot show, from the card and in the pair's own words."""
    own = review.cannot_do if review else ()
    texts = tuple(Said("{text}", {"text": text}) for text in (*limits, *own))
    if not texts:
        return View(())
    return View((Heading(say("data.cannot_title")), Items(texts)))


def accepted_items(review: DataReview | None) -> tuple[Said, ...]:
    """What the pair lives with: risks, assumptions, conditions."""
    if review is None:
        return (say("data.accepted_none"),)
    risks = tuple(
        say(
            "data.accepted",
            code=risk.finding,
            reason=risk.reason,
            owner=owner_said(risk.owner),
            revisit=risk.revisit or say("data.no_date"),
        )
        for risk in review.accepted
    )
    assumed = tuple(
        say("data.assumption", says=a.says, confidence=a.confidence)
        for a in review.assumptions
    )
    conditions = tuple(say("data.condition", text=c) for c in review.conditions)
    return risks + assumed + conditions or (say("data.accepted_none"),)


def owner_said(owner: str | None) -> Said:
    """Name an owner, or say that there is none."""
    return say(f"framing.owner_{owner}") if owner else say("data.nobody")


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding as plain data for the JSON twin."""
    return {
        "code": finding.code,
        "dimension": finding.dimension,
        "outcome": finding.outcome,
        "severity": finding.severity,
        "owner": finding.owner,
        "numbers": [number_json(n) for n in finding.numbers.values()],
        "says": finding_said(finding).text,
    }


def recap(
    record: Record,
    *,
    verdict: Verdict,
    rule: Said,
    report: ReadinessReport,
    price: tuple[Said, ...],
    limits: tuple[str, ...],
) -> Section:
    """Gather 02 into its Section."""
    blocks: tuple[Block, ...] = (
        Items(price),
        *findings_view(report).blocks,
        Heading(say("data.accepted_title")),
        Items(accepted_items(record.data_review)),
        *limits_view(limits, record.data_review).blocks,
    )
    status = "cannot_tell" if verdict.kind == "cannot_tell" else "ok"
    name = say(f"verdict.{verdict.kind}")
    return Section(
        id="data_readiness",
        title=say("section.data_readiness"),
        status=status,
        headline=say("data.headline", verdict=name, rule=rule),
        blocks=blocks,
        extra={
            "verdict": verdict.kind,
            "rule": rule.text,
            "findings": [finding_json(f) for f in report.findings],
        },
    )
