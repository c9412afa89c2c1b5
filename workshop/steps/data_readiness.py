"""02: the findings, the price of knowing more, what the pair lives with."""

from __future__ import annotations

import math
from typing import Any, get_args

from workshop.analysis.readiness import ReadinessReport
from workshop.analysis.readiness.consequences import (
    Consequence,
    Proposal,
    proposals,
)
from workshop.analysis.readiness.profile import Profile
from workshop.analysis.readiness.verdict import before_scores
from workshop.analysis.standing import (
    TARGET_HALF_WIDTH,
    Standing,
    accepted_codes,
    rows_to_tell,
    standing,
)
from workshop.record.choices import AcceptedRisk, Assumption, DataReview
from workshop.record.values import Count, Number, Seen
from workshop.steps.base import Step
from workshop.steps.given import today
from workshop.views.recaps import data_readiness as views
from workshop.views.recaps.findings import findings_view, proposal_said
from workshop.views.recaps.framing import before_data
from workshop.views.section import Block, Items, Section, View
from workshop.views.wording import Said, say


class DataReadiness(Step):
    """Can this data carry that promise?"""

    id = "data_readiness"
    about = "data_review"

    def findings(self) -> Any:
        """What the checks found: five first, by consequence; the rest folded."""
        return self.figures(lambda: View(self._findings()))

    def _findings(self, *, brief: bool = False) -> tuple[Block, ...]:
        if not self.has_data:
            return ()
        accepted = accepted_codes(self.record)
        not_done = tuple(self.profile.not_done)
        found = findings_view(self.report, accepted, not_done, brief=brief).blocks
        return (*before_data(self.record.framing), *found)

    def price(self) -> Any:
        """What knowing the error better would take, or the data to get first."""
        return self.figures(lambda: View(self._price_blocks()))

    def _price_blocks(self) -> tuple[Block, ...]:
        if not self.has_rows:
            return self._data_to_get()
        price, dependence = views.price_said(self._price()), self._dependence()
        lines = (*self._promise(), *price, *((dependence,) if dependence else ()))
        return (Items(lines),)

    def _data_to_get(self) -> tuple[Block, ...]:
        from workshop.analysis.data_to_get import data_to_get
        from workshop.views.recaps.before import data_to_get_view

        items = data_to_get(self.scenario, self.record, today())
        return data_to_get_view(items).blocks

    def limits(self) -> View:
        """What this sample cannot show."""
        return views.limits_view(self.given.card.limits, self.record.data_review)

    def risks(self) -> Any:
        """Ask which finding the pair lives with, and why."""
        review = self.record.data_review
        if not self.interactive:
            return View((Items(views.accepted_items(review)),))
        from workshop.views.panels.data_readiness import risk_lines, risk_panel

        found = self.report.of("finding")
        titles = [(f.code, say(f"check.{f.code}.found").text) for f in found]
        panel = risk_panel(
            titles,
            review.accepted if review else (),
            on_save=self._accept,
            **self.ways("data_review"),
        )
        return self.follow(
            panel,
            "data_review.accepted",
            values=lambda: risk_lines(titles, self._review_now().accepted),
        )

    def _review_now(self) -> DataReview:
        return self.record.data_review or DataReview()

    def assumptions(self) -> Any:
        """Offer to write down an assumption."""
        review = self.record.data_review
        if not self.interactive:
            return View(())
        from workshop.views.panels.data_readiness import (
            assumption_lines,
            assumption_panel,
        )

        panel = assumption_panel(
            review.assumptions if review else (),
            on_save=self._assume,
            read_only=self.read_only,
        )
        return self.follow(
            panel,
            "data_review.assumptions",
            values=lambda: assumption_lines(self._review_now().assumptions),
        )

    def register(self) -> Any:
        """Offer what the findings leave behind, for the pair to take over."""
        if not self.interactive:
            return View(())
        from workshop.views.panels.register import register_panel

        panel = register_panel(
            self._open_proposals(), on_save=self._take_over, read_only=self.read_only
        )
        fields = ("assumptions", "conditions", "cannot_do")
        about = (f"data_review.{field}" for field in fields)
        return self.follow(panel, *about, values=self._open_keys)

    def _open_keys(self) -> dict[str, str]:
        lines = self._open_proposals().values()
        return {key: line for of_kind in lines for key, line in of_kind}

    def _open_proposals(self) -> dict[str, list[tuple[str, str]]]:
        """Proposals that the pair has not taken over, by kind: key and sentence."""
        taken = views.taken_over(self.record.data_review)
        lines: dict[str, list[tuple[str, str]]] = {
            kind: [] for kind in get_args(Consequence)
        }
        for proposal in self._proposals:
            text = proposal_said(proposal).text
            if text not in taken:
                lines[proposal.kind].append((proposal.key, text))
        return lines

    @property
    def _proposals(self) -> tuple[Proposal, ...]:
        return proposals(self.report)

    def _take_over(self, keys: tuple[str, ...]) -> str:
        """Write the ticked proposals into the register, owned as their findings are."""
        review = self.base.data_review or DataReview()
        ticked = [p for p in self._proposals if p.key in keys]
        said = {p.key: proposal_said(p).text for p in ticked}
        assumed = tuple(
            Assumption(says=said[p.key], confidence=p.confidence, owner=p.finding.owner)
            for p in ticked
            if p.kind == "assumption"
        )
        new = review.model_copy(
            update={
                "assumptions": (*review.assumptions, *assumed),
                "conditions": _joined(review.conditions, ticked, said, "condition"),
                "cannot_do": _joined(review.cannot_do, ticked, said, "cannot_do"),
            }
        )
        codes = ", ".join(dict.fromkeys(p.finding.code for p in ticked))
        return self.save({"data_review": new}, f"taken over from {codes}")

    @property
    def report(self) -> ReadinessReport:
        """Every check's outcome, for the record as it stands now."""
        return self.reviewed(trained=True) if self.has_data else ReadinessReport(())

    @property
    def profile(self) -> Profile:
        """What the table holds, with the labels of the option in play."""
        return self.given.profile(self.evidence.option if self.has_rows else None)

    @property
    def standing(self) -> Standing:
        """The review and the verdict, for the record as it stands now."""
        if self.has_rows:
            return standing(self.evidence, self.report)
        verdict = before_scores(self.report, accepted=accepted_codes(self.record))
        return Standing(self.report, verdict, None, None)

    def verdict(self) -> tuple[Standing, Said]:
        """The standing and the sentence that says which rule gave its verdict."""
        found = self.standing
        rule = views.verdict_rule(
            found.verdict, error=found.error, acceptable=self.acceptable
        )
        return found, rule

    def _recap(self) -> Section:
        found, rule = self.verdict()
        return views.recap(
            self.record,
            verdict=found.verdict,
            rule=rule,
            report=found.report,
            price=self._price_blocks(),
            findings=self._findings(brief=True),
            proposals=self._proposals,
            limits=self.given.card.limits,
        )

    def _price(self) -> views.PriceNumbers:
        price = self.standing.price
        target = _number("labels.target", TARGET_HALF_WIDTH, "share")
        if price is None:
            return views.PriceNumbers(target, None)
        now = price.half_width_now
        return views.PriceNumbers(
            target=target,
            half_now=None if now is None else _number("labels.half_now", now, "share"),
            more=_number("labels.more", price.more, "labels"),
            sources=None
            if price.more_sources is None
            else _number("labels.sources", price.more_sources, "sources"),
            cost=_number(
                "labels.cost", price.cost, self.scenario.payoff.unit, assumed=True
            ),
            days=_number("labels.days", price.days, "days", assumed=True),
            unit=self.scenario.payoff.unit,
        )

    def _dependence(self) -> Said | None:
        effect = self.evidence.design_effect(self.evidence.option)
        if effect.clusters is None:
            return None
        return say(
            "data.deff",
            n=_number("rows.n", effect.rows, "rows"),
            effective=_number("rows.effective", effect.effective_n, "rows"),
            deff=_number("rows.design_effect", effect.deff, "factor"),
        )

    def _accept(self, risk: AcceptedRisk) -> str:
        review = self.base.data_review or DataReview()
        owner = next(
            (f.owner for f in self.report.findings if f.code == risk.finding),
            None,
        )
        risk = risk.model_copy(
            update={"seen": self._seen(), "owner": risk.owner or owner}
        )
        others = tuple(r for r in review.accepted if r.finding != risk.finding)
        new = review.model_copy(update={"accepted": (*others, risk)})
        decided = f"accepted {risk.finding}"
        values = {"data_review": new} | self.settled("data_review")
        return self.save(values, decided, because=risk.reason, seen=risk.seen)

    def _seen(self) -> Seen | None:
        """The error rate that stood on the page when a risk was accepted."""
        if not self.has_rows:
            return None
        error = self.evidence.error
        counted = {"error_rate": Count(k=error.k or 0, n=error.n or 0)}
        return Seen(figures=counted, rows="all", data=self.evidence.digest)

    def _promise(self) -> tuple[Said, ...]:
        """What it would take before these rows could tell whether the promise holds."""
        found = self.standing
        if found.verdict.rule != "straddles" or found.error is None:
            return ()
        needed = rows_to_tell(self.evidence, found.error)
        if needed is None:
            return ()
        values: dict[str, Any] = {
            "more": _number("labels.to_tell", needed, "labels", assumed=True),
            "error": found.error,
            "acceptable": self.acceptable or found.error,
        }
        sources = self.evidence.sources
        if sources is None:
            return (say("data.to_tell", **values),)
        # as many rows a source as now: more of the same sources would not tell
        further = math.ceil(needed * sources / len(self.evidence.rows))
        values["sources"] = _number("labels.to_tell_sources", further, "sources")
        name = self.scenario.cluster_name
        return (say("data.to_tell_sources", source_name=name, **values),)

    def _assume(self, assumption: Assumption) -> str:
        review = self.base.data_review or DataReview()
        assumptions = (*review.assumptions, assumption)
        new = review.model_copy(update={"assumptions": assumptions})
        return self.save({"data_review": new}, f"assumed: {assumption.says}")


def _number(id: str, value: float, unit: str, *, assumed: bool = False) -> Number:
    return Number(id=id, value=float(value), rows="all", unit=unit, assumed=assumed)


def _joined(
    before: tuple[str, ...], ticked: list[Proposal], said: dict[str, str], kind: str
) -> tuple[str, ...]:
    """A list of sentences with those of one kind after it, each once."""
    new = (said[p.key] for p in ticked if p.kind == kind)
    return tuple(dict.fromkeys((*before, *new)))
