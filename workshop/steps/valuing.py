"""Changing what nobody measured: what follows is shown first, and saved when asked.

A figure of money changes what one miss is worth beside a false alarm. The line stays,
unless the pair lets the ratio follow; then both move in the same save.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isclose
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workshop.analysis.impact.assumptions import Assumptions, implied_ratio
from workshop.analysis.options.offers import best_policy
from workshop.errors import ConflictError, InputError
from workshop.record.choices import Assumed, ImpactChoice, Satisfaction
from workshop.record.framed import Framing
from workshop.record.values import Number, Policy
from workshop.steps import weighing
from workshop.views.recaps import impact as weeks
from workshop.views.section import Paragraph, View
from workshop.views.wording import Said, say

if TYPE_CHECKING:
    from workshop.steps.user_impact import UserImpact

WORTH = ("tp", "fp", "fn", "tn")
"""What one miss is worth beside a false alarm hangs on these four."""


@dataclass(frozen=True)
class Values:
    """What the panel of figures asks for: show what follows, keep it, take it back."""

    step: UserImpact

    def valued(self, name: str, assumed: Assumed) -> str:
        """What a week comes to with another figure, what matters then, what moves."""
        if not self.step.may_see_figures():
            return self.step.not_yet().html
        supposed, moves = (
            self._supposing(name, assumed),
            self._would_move(name, assumed),
        )
        return View(
            (
                *(() if moves is None else (Paragraph(moves),)),
                *weighing.valued_blocks(self.step.weighed, supposed),
            )
        ).html

    def _supposing(self, name: str, assumed: Assumed) -> Assumptions:
        """Everything assumed, with one figure changed."""
        options = self.step.choices
        given = options.assumptions.stated
        common = options.assumptions_for(options.in_play)
        # people without a model have a price and a time of their own
        fixed = {n for n in common.stated if common.stated[n] is not given.get(n)}
        changed = {} if name in fixed else {name: assumed}
        if name == "minutes_today" and "minutes_review" in fixed:
            changed["minutes_review"] = assumed
        stated = MappingProxyType({**common.stated, **changed})
        return replace(common, stated=stated, who={**common.who, name: "pair"})

    def _would_move(self, name: str, assumed: Assumed) -> Said | None:
        """How far the line would move, were the ratio to follow these values."""
        evidence = self.step.evidence
        if name not in WORTH:
            return say("panel.value.kept_line") if evidence.policy else None
        payoff = evidence.payoff.model_copy(update={name: assumed.likely})
        implied = implied_ratio(payoff)
        if implied is None:
            return say("impact.would_not")
        told = Number(id="value.implied", value=implied, unit="false alarms")
        if evidence.ratio is None or evidence.policy is None:
            return say("impact.would_open", implied=told)
        agreed = Number(id="value.ratio", value=evidence.ratio, unit="false alarms")
        if isclose(implied, evidence.ratio, rel_tol=0.05):
            return say("impact.would_stay", implied=told, ratio=agreed)
        policy = self._following(implied, name, assumed)
        if policy == evidence.policy:
            old = self.step.line_said()
            return say("impact.would_stay_put", implied=told, ratio=agreed, old=old)
        return say(
            "impact.would_move",
            implied=told,
            ratio=agreed,
            old=self.step.line_said(),
            new=self.step.policy_said(policy, "moves.new"),
        )

    def _following(self, ratio: float, name: str, assumed: Assumed) -> Policy | None:
        """The best line of the option in play under another ratio and that figure."""
        record = self.step.record
        framing = (record.framing or Framing()).model_copy(update={"ratio": ratio})
        impact = record.impact or ImpactChoice()
        held = impact.model_copy(update={"assumed": {**impact.assumed, name: assumed}})
        record = record.model_copy(update={"framing": framing, "impact": held})
        evidence = self.step.evidence.with_record(record)
        candidate = evidence.candidate(self.step.choices.in_play)
        few = evidence.best_few.get(candidate.id)
        return best_policy(evidence, candidate, None if few is None else few.hit)[0]

    def keep(self, name: str, assumed: Assumed, follow: bool) -> str:
        """Save a figure; if asked, ratio and line follow in the same save."""
        self.step._catch_up("impact", ("assumed", "per_week"))
        impact = self.step.base.impact or ImpactChoice()
        kept = {**impact.assumed, name: assumed}
        update: dict[str, Any] = {"assumed": kept}
        if name == "per_week":
            update["per_week"] = None
        values: dict[str, Any] = {}
        if follow and name in WORTH:
            values = self._follow_values(name, assumed)
        seen = values.pop("seen", None)
        if seen is not None:
            update["seen"] = seen
        values["impact"] = impact.model_copy(update=update)
        checked = ImpactChoice.model_validate(values["impact"].model_dump())
        values["impact"] = checked
        title = weeks.assumable_names(self.step.choices.assumptions)[name]
        return self.step.save(
            values, f"assumed: {title}", because=assumed.source, seen=seen
        )

    def _follow_values(self, name: str, assumed: Assumed) -> dict[str, Any]:
        payoff = self.step.evidence.payoff.model_copy(update={name: assumed.likely})
        implied = implied_ratio(payoff)
        if implied is None:
            raise InputError(say("panel.value.cannot_follow").text)
        framing = self.step.base.framing or Framing()
        found: dict[str, Any] = {
            "framing": framing.model_copy(update={"ratio": float(f"{implied:.4g}")})
        }
        if self.step.record.threshold is None:
            return found
        if self.step.record.threshold != self.step.base.threshold:
            raise ConflictError(say("page.line_moved").text)
        policy = self._following(float(f"{implied:.4g}"), name, assumed)
        seen = self.step.seen_of(self.step.choices.in_play, policy)
        choice = self.step.record.threshold
        found["threshold"] = policy and choice.model_copy(
            update={"policy": policy, "seen": seen}
        )
        return found | {"seen": seen}

    def forget(self, name: str) -> str:
        """Take a figure of the pair's back; the scenario's stands again."""
        impact = self.step.base.impact
        volume = impact.per_week if impact and name == "per_week" else None
        if impact is None or (name not in impact.assumed and volume is None):
            return say("panel.value.nothing_to_forget").text
        left = {key: one for key, one in impact.assumed.items() if key != name}
        update: dict[str, Any] = {"assumed": left}
        if volume is not None:
            update["per_week"] = None
        title = weeks.assumable_names(self.step.choices.assumptions)[name]
        kept = impact.model_copy(update=update)
        self.step.save({"impact": kept}, f"no longer assumed: {title}")
        return say("panel.value.forgotten").text

    def satisfaction(self) -> dict[str, Any]:
        """What the record holds of how satisfaction is asked, as a form's answers."""
        impact = self.step.record.impact
        held = impact.satisfaction if impact else None
        return held.model_dump() if held else {}

    def keep_satisfaction(self, given: Satisfaction) -> str:
        """Save how it will be asked whether people are content."""
        self.step._catch_up("impact", ("satisfaction",))
        impact = self.step.base.impact or ImpactChoice()
        kept = impact.model_copy(update={"satisfaction": given})
        return self.step.save({"impact": kept}, "how satisfaction is asked")
