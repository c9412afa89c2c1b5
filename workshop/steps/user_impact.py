"""04: people a week, money, and which option to take."""

from __future__ import annotations

from typing import Any, Literal

from workshop.analysis.impact import people_affected
from workshop.analysis.intervals import rate
from workshop.analysis.metrics import size_of
from workshop.analysis.option_rows import OptionTable, option_table
from workshop.analysis.policies import Cells, cheapest_policy
from workshop.analysis.readout import (
    by_definition,
    cells_of,
    figures_of,
    review_of,
    seen_figures,
    weekly_gain,
    weekly_value,
)
from workshop.analysis.stated import stated_rates, stated_week, weekly_volume
from workshop.errors import ConflictError
from workshop.record.choices import (
    Floor,
    ImpactChoice,
    ThresholdChoice,
)
from workshop.record.values import Count, Number, Policy, Seen
from workshop.steps.base import Step
from workshop.views.recaps import before
from workshop.views.recaps import user_impact as views
from workshop.views.section import Items, Paragraph, Section, View
from workshop.views.wording import Said, say


class UserImpact(Step):
    """What does it mean for users and the business, and which option do we take?"""

    id = "user_impact"
    about = "option"

    def people(self) -> Any:
        """How many people a week, now and as chosen."""
        return self.figures(self._people if self.has_rows else self._people_as_stated)

    def _people(self) -> View:
        weekly = self._weekly()
        items = (*views.week_items(weekly), self._today())
        return View((Paragraph(views.headline(weekly), "lead"), Items(items)))

    def _people_as_stated(self) -> View:
        stated, payoff = self.scenario.stated, self.scenario.payoff
        volume = weekly_volume(self.scenario, self.record)
        return before.week_view(
            stated_week(stated, payoff, volume),
            stated_rates(stated),
            self._today(),
            unit=self.scenario.decision.unit,
            currency=payoff.unit,
        )

    def options(self) -> Any:
        """All options on the same questions."""
        if not self.has_rows:
            return before.no_options_view()
        return self.figures(self._options)

    def _options(self) -> View:
        unit = self.scenario.payoff.unit
        today = self.scenario.today.title
        return views.options_view(
            self._table(), self.acceptable, unit=unit, today=today
        )

    def choose(self) -> Any:
        """Ask which option the pair takes; the line moves with it in the same save."""
        choice = self.record.impact
        if not self.interactive or not self.has_rows:
            return View((Paragraph(views.floors_line(self.acceptable, choice)),))
        from workshop.views.panels.user_impact import option_panel

        return option_panel(
            [(run.id, run.title) for run in self.scenario.runs],
            self._taken(),
            estimate=self._moves,
            on_save=self._choose,
            because=choice.because if choice else "",
            floor=self._floor(),
            side=self._side(),
            **self.ways("option"),
        )

    def _recap(self) -> Section:
        if not self.has_rows:
            return before.impact_recap(
                self._people_as_stated(),
                acceptable=self.acceptable,
                choice=self.record.impact,
            )
        return views.recap(
            weekly=self._weekly(),
            today=self._today(),
            option_title=self.scenario.run(self.evidence.option).title,
            chosen=self.evidence.chosen_option is not None,
            choice=self.record.impact,
            options=self._options(),
            acceptable=self.acceptable,
        )

    def _table(self) -> OptionTable | None:
        return option_table(self.evidence)

    def _taken(self) -> str | None:
        """The option taken so far; a locked line takes the one it was drawn for."""
        if self.record.option is None and self.record.threshold is None:
            return None
        return self.evidence.option

    def _side(self) -> Literal["at_least", "at_most"]:
        """A measure that is to fall has a floor from above."""
        framing = self.record.framing
        outcome = framing.outcome if framing else None
        if outcome is None or outcome.from_ is None or outcome.to is None:
            return "at_least"
        return "at_most" if outcome.to < outcome.from_ else "at_least"

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
            id="week.volume", value=evidence.per_week, unit=unit, assumed=True
        )
        if policy is None or policy.kind in ("today", "random"):
            wrong = people_affected(evidence.error, evidence.per_week, id="week.wrong")
            return views.Weekly(unit, volume, wrong, evidence.error)
        people = self._people_a_week(cells_of(evidence, policy, "report"))
        if policy.kind in ("all", "none"):
            people["shown"] = by_definition(people["shown"])
        return views.Weekly(
            unit,
            volume,
            people["wrong"],
            evidence.error,
            shown=people["shown"],
            silent=people["silent"],
            asked=people["asked"] if people["asked"].k else None,
            money=self._money(policy),
            currency=self.scenario.payoff.unit,
        )

    def _people_a_week(self, cells: Cells) -> dict[str, Number]:
        """Scale what happens to the rows kept aside to a week's decisions."""
        counts = {
            "shown": cells.tp + cells.fp,
            "wrong": cells.fp,
            "silent": cells.fn,
            "asked": cells.asked_positive + cells.asked_negative,
        }
        n, deff = int(size_of(cells)), self.evidence.deff
        shares = {
            name: rate(f"share.{name}", int(k), n, rows="report", deff=deff)
            for name, k in counts.items()
        }
        volume = self.evidence.per_week
        return {
            name: people_affected(share, volume, id=f"week.{name}")
            for name, share in shares.items()
        }

    def _money(self, policy: Policy) -> tuple[Number, Number, Number] | None:
        payoff = self.scenario.payoff
        if not any((payoff.tp, payoff.fp, payoff.fn, payoff.tn)):
            return None
        return (
            weekly_value(self.evidence, policy, id="money.chosen"),
            weekly_gain(self.evidence, policy, "all", id="money.over_all"),
            weekly_gain(self.evidence, policy, "none", id="money.over_none"),
        )

    def _moves(self, option: str) -> str:
        table = self._table()
        if table is None:
            return ""
        if not self.may_see_figures():
            return say("page.not_yet").html
        row = next(row for row in table.rows if row.id == option)
        in_play = option == self.evidence.option
        return views.moves_html(row, old=self._line(), in_play=in_play)

    def _line(self) -> Said:
        """Say what is in place now: the policy, and what it comes to."""
        policy = self.evidence.policy
        if policy is None:
            return say("impact.line_none")
        if policy.kind == "none":
            return say("impact.line_silent")
        if policy.kind == "all":
            return say("impact.line_all")
        if policy.act_at is None:
            return say("impact.line_other")
        figures = self._figures("moves.old", self.evidence.option, policy)
        cut = Number(id="moves.old.act_at", value=policy.act_at, unit="score")
        return say(
            "impact.line_at",
            act_at=cut,
            error=figures["error_among_answered"],
            coverage=figures["coverage"],
        )

    def _choose(self, option: str, because: str, floor: Floor) -> str:
        """Save option and floors, and with another option the line in the same save.

        Without a ratio another option has no cheapest line, so the old one, which was
        drawn on another scale, is taken back.
        """
        if self.record.threshold != self.base.threshold:
            raise ConflictError(say("page.line_moved").text)
        policy = self._policy_for(option)
        seen = self._seen(option, policy)
        impact = (self.base.impact or ImpactChoice()).model_copy(
            update={
                "business_floor": floor,
                "model_floor": self._model_floor(),
                "because": because,
                "seen": seen,
            }
        )
        values: dict[str, Any] = {"option": option, "impact": impact}
        values |= self.settled("option")
        if policy != self.evidence.policy:
            values["threshold"] = policy and ThresholdChoice(
                policy=policy, because=because, seen=seen
            )
        return self.save(values, f"the option {option}", because=because, seen=seen)

    def _model_floor(self) -> Floor | None:
        if self.acceptable is None:
            return None
        return Floor(measure="error_among_answered", at_most=self.acceptable.value)

    def _policy_for(self, option: str) -> Policy | None:
        evidence = self.evidence
        if option == evidence.option:
            return evidence.policy
        if evidence.ratio is None:
            return None
        return cheapest_policy(evidence.curve("choose", option), ratio=evidence.ratio)

    def _figures(self, prefix: str, option: str, policy: Policy) -> dict[str, Number]:
        return figures_of(
            prefix,
            cells_of(self.evidence, policy, "report", option),
            rows="report",
            deff=self.evidence.design_effect(option).deff,
            ratio=self.evidence.ratio,
            review=review_of(self.evidence),
        )

    def _seen(self, option: str, policy: Policy | None) -> Seen | None:
        if policy is None or policy.kind == "today":
            return None
        return Seen(
            figures=seen_figures(self._figures("seen", option, policy)),
            rows="kept aside",
            data=self.evidence.digest,
        )
