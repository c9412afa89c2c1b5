"""04: people a week, money, and which option to take."""

from __future__ import annotations

import math
from typing import Any

from workshop.analysis.impact import people_affected
from workshop.analysis.intervals import rate
from workshop.analysis.option_rows import OptionTable, option_table
from workshop.analysis.readout import (
    cells_of,
    figures_of,
    seen_figures,
    weekly_value,
)
from workshop.record.choices import (
    Floor,
    ImpactChoice,
    ThresholdChoice,
)
from workshop.record.values import Count, Number, Policy, Seen
from workshop.steps.base import Step
from workshop.views.recaps import user_impact as views
from workshop.views.section import Items, Paragraph, Section, View
from workshop.views.wording import Said, say

EVERYONE = Policy(kind="all")


class UserImpact(Step):
    """What does it mean for users and the business, and which option do we take?"""

    id = "user_impact"
    about = "option"

    def people(self) -> View:
        """How many people a week, now and as chosen."""
        weekly = self._weekly()
        money = views.money_line(weekly)
        return View(
            (
                Paragraph(views.headline(weekly), "lead"),
                Items((self._today(), *money)),
            )
        )

    def options(self) -> View:
        """All options on the same questions."""
        unit = self.scenario.payoff.unit
        return views.options_view(self._table(), self.acceptable, unit=unit)

    def choose(self) -> Any:
        """Ask which option the pair takes; the line moves with it in the same save."""
        choice = self.record.impact
        if not self.interactive:
            return View((Paragraph(views.floors_line(self.acceptable, choice)),))
        from workshop.views.panels.user_impact import option_panel

        return option_panel(
            [(run.id, run.title) for run in self.scenario.runs],
            self.record.option,
            estimate=self._moves,
            on_save=self._choose,
            because=choice.because if choice else "",
            floor=self._floor(),
            **self.ways("option"),
        )

    def _recap(self) -> Section:
        return views.recap(
            weekly=self._weekly(),
            today=self._today(),
            option_title=self.scenario.run(self.evidence.option).title,
            chosen=self.evidence.chosen_option is not None,
            choice=self.record.impact,
            options=self.options(),
            acceptable=self.acceptable,
        )

    def _table(self) -> OptionTable | None:
        return option_table(self.evidence)

    def _floor(self) -> Floor | None:
        impact, framing = self.record.impact, self.record.framing
        if impact and impact.business_floor:
            return impact.business_floor
        outcome = framing.outcome if framing else None
        return Floor(measure=outcome.measure) if outcome else None

    def _today(self) -> Said:
        today = self.scenario.today
        error = None
        if isinstance(today.error, Count):
            error = rate("today.error", today.error.k, today.error.n, rows="all")
        return views.today_line(
            today.title, today.minutes, today.cost, error, self.scenario.payoff.unit
        )

    def _weekly(self) -> views.Weekly:
        evidence = self.evidence
        policy = evidence.policy
        unit = self.scenario.decision.unit
        volume = Number(
            id="week.volume",
            value=evidence.per_week,
            unit=unit,
            assumed=True,
        )
        if policy is None or policy.kind == "today":
            wrong = people_affected(evidence.error, evidence.per_week, id="week.wrong")
            return views.Weekly(unit, volume, wrong, evidence.error, None, None, "")
        cells = cells_of(evidence, policy, "report")
        n = int(cells.tp + cells.fp + cells.fn + cells.tn)
        shares = {
            name: rate(f"share.{name}", int(k), n, rows="report", deff=evidence.deff)
            for name, k in (("shown", cells.tp + cells.fp), ("wrong", cells.fp))
        }
        people = {
            name: people_affected(share, evidence.per_week, id=f"week.{name}")
            for name, share in shares.items()
        }
        return views.Weekly(
            unit,
            volume,
            people["wrong"],
            evidence.error,
            people["shown"],
            self._money(policy),
            self.scenario.payoff.unit,
        )

    def _money(self, policy: Policy) -> tuple[Number, Number, Number]:
        return (
            weekly_value(self.evidence, policy, id="money.chosen"),
            weekly_value(self.evidence, EVERYONE, id="money.all"),
            weekly_value(self.evidence, Policy(kind="none"), id="money.none"),
        )

    def _moves(self, option: str) -> str:
        table = self._table()
        assert table is not None
        row = next(row for row in table.rows if row.id == option)
        new_cut = None
        if row.best_at is not None and math.isfinite(row.best_at):
            new_cut = Number(id="moves.new", value=row.best_at, unit="score")
        in_play = option == self.evidence.option
        return views.moves_html(row, new_cut=new_cut, old=self._line(), in_play=in_play)

    def _line(self) -> Said:
        policy = self.evidence.policy
        if policy is None:
            return say("impact.line_none")
        if policy.act_at is None:
            return say("impact.line_all")
        cut = Number(id="moves.old", value=policy.act_at, unit="score")
        return say("impact.line_at", act_at=cut)

    def _choose(self, option: str, because: str, floor: Floor) -> str:
        """Save option, floors and, where the option changes, the line with it."""
        model = None
        if self.acceptable is not None:
            model = Floor(measure="error_among_answered", at_most=self.acceptable.value)
        policy = self._policy_for(option)
        seen = self._seen(option, policy)
        old = self.record.impact or ImpactChoice()
        impact = old.model_copy(
            update={
                "business_floor": floor,
                "model_floor": model,
                "because": because,
                "seen": seen,
            }
        )
        values: dict[str, Any] = {"option": option, "impact": impact}
        if policy is not None and policy != self.evidence.policy:
            values["threshold"] = ThresholdChoice(
                policy=policy, because=because, seen=seen
            )
        return self.save(values, f"the option {option}", because=because, seen=seen)

    def _policy_for(self, option: str) -> Policy | None:
        if option == self.evidence.option:
            return self.evidence.policy
        cut = self.evidence.cheapest(option)
        if cut is None:
            return None
        if math.isinf(cut):
            return Policy(kind="none")
        return Policy(kind="single", act_at=cut)

    def _seen(self, option: str, policy: Policy | None) -> Seen | None:
        if policy is None:
            return None
        figures = figures_of(
            "seen",
            cells_of(self.evidence, policy, "report", option),
            rows="report",
            deff=self.evidence.design_effect(option).deff,
            ratio=self.evidence.ratio,
        )
        return Seen(
            figures=seen_figures(figures), rows="kept aside", data=self.evidence.digest
        )
