"""02: the verdict, the findings with what they threaten, the price of knowing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop.analysis.readiness import ReadinessReport, Verdict
from workshop.analysis.readiness.consequences import Proposal
from workshop.record.choices import DataReview, Record
from workshop.record.values import Number
from workshop.views.recaps.common import owner_said
from workshop.views.recaps.findings import finding_json, register_view
from workshop.views.section import Block, Fold, Heading, Items, Section, View
from workshop.views.wording import Said, as_written, say


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


def limits_view(limits: tuple[str, ...], review: DataReview | None) -> View:
    """What the sample cannot show, from the card and in the pair's own words."""
    own = review.cannot_do if review else ()
    texts = tuple(map(as_written, (*limits, *own)))
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


def taken_over(review: DataReview | None) -> frozenset[str]:
    """Every sentence that the pair has in its own register already."""
    if review is None:
        return frozenset()
    assumed = (a.says for a in review.assumptions)
    return frozenset((*assumed, *review.conditions, *review.cannot_do))


def recap(
    record: Record,
    *,
    verdict: Verdict,
    rule: Said,
    report: ReadinessReport,
    price: tuple[Block, ...],
    findings: tuple[Block, ...],
    proposals: tuple[Proposal, ...],
    limits: tuple[str, ...],
) -> Section:
    """Gather 02 into its Section."""
    review = record.data_review
    blocks: tuple[Block, ...] = (
        *price,
        *findings,
        Heading(say("data.accepted_title")),
        Items(accepted_items(review)),
    )
    beside = (
        *limits_view(limits, review).blocks,
        *register_view(proposals, taken_over(review)),
    )
    if beside:
        blocks = (*blocks, Fold(say("data.fold_limits"), beside))
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
