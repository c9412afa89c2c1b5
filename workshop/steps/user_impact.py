"""04: people a week, money, and which option to take."""

from __future__ import annotations

from typing import Any

from workshop.analysis.impact.floors import DualFloors
from workshop.analysis.impact.weighed import Weighed
from workshop.analysis.intervals import rate
from workshop.analysis.judge import judge_rates
from workshop.analysis.option_rows import option_table
from workshop.analysis.options.compared import Options
from workshop.analysis.options.table import OptionLines, option_lines
from workshop.analysis.readout import (
    cells_of,
    figures_of,
    review_of,
    seen_figures,
)
from workshop.analysis.stated import stated_rates, stated_week, weekly_volume
from workshop.data.judged import read_judged
from workshop.errors import ConflictError
from workshop.record.choices import Floor, ImpactChoice, ThresholdChoice
from workshop.record.values import Count, Number, Policy, Seen
from workshop.steps import weighing
from workshop.steps.base import MEASURED, Step
from workshop.steps.floor import floor_asked, model_floor, side_asked
from workshop.steps.translating import gather
from workshop.steps.valuing import WORTH, Values
from workshop.views.recaps import before
from workshop.views.recaps import impact as weeks
from workshop.views.recaps import options as tables
from workshop.views.recaps import user_impact as views
from workshop.views.recaps.judged import judged_blocks
from workshop.views.recaps.translator import translator_blocks
from workshop.views.recaps.translator_cards import Place
from workshop.views.section import Block, Fold, Items, Paragraph, Section, View
from workshop.views.wording import Said, say

CHOSEN_WITH = ("because", "business_floor", "model_floor", "seen")
"""What of the impact is saved together with the option."""


class UserImpact(Step):
    """What does it mean for users and the business, and which option do we take?"""

    id = "user_impact"
    about = "option"
    _weighing: weighing.Weighing | None = None

    def people(self) -> Any:
        """How many people a week, now and as chosen."""
        return self.figures(self._people if self.has_rows else self._people_as_stated)

    @property
    def weighing(self) -> weighing.Weighing:
        """Every option, compared; made anew when the record says something else."""
        evidence = self.evidence
        if self._weighing is None or self._weighing.options.evidence is not evidence:
            self._weighing = weighing.Weighing(Options(evidence))
        return self._weighing

    @property
    def choices(self) -> Options:
        """Every option at its own line."""
        return self.weighing.options

    @property
    def weighed(self) -> Weighed:
        """What the options come to."""
        return self.weighing.weighed

    @property
    def lines(self) -> OptionLines | None:
        """The table of options; None while nothing can be counted."""
        return self.weighing.lines

    def _people(self, *, brief: bool = False) -> View:
        weekly = weighing.weekly_of(self.choices)
        blocks: list[Block] = [Paragraph(views.headline(weekly), "lead")]
        blocks += weighing.icons(self.choices, self.evidence.per_week)
        blocks.append(Items((*views.week_items(weekly), *self._queue(), self._today())))
        blocks += weighing.week_folds(self.weighed, currency=self.currency, brief=brief)
        blocks += () if brief else self._words("people")
        return View((*self._note(), *blocks))

    @property
    def currency(self) -> str:
        """What money is counted in."""
        return self.scenario.payoff.unit

    def _note(self) -> tuple[Block, ...]:
        """Say that no line is locked, for these figures are of the rows kept aside."""
        if self.record.threshold is not None:
            return ()
        return (Paragraph(say("impact.not_locked"), "warn"),)

    def _queue(self) -> tuple[Said, ...]:
        if not self.choices.stands:
            return ()
        said = weeks.queue_line(self.choices.estimates[self.choices.in_play])
        return () if said is None else (said,)

    def _words(self, place: Place) -> tuple[Block, ...]:
        """What the other side means by its words, beside what it is about."""
        own = self.weighing
        told = gather(self.evidence, own.options, own.line, own.lines, places=(place,))
        return translator_blocks(told, place)

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

    def _options(self, *, brief: bool = False) -> View:
        lines = self.lines
        if lines is None:
            return self._all_acted()
        sentence, _ = weighing.break_even_blocks(self.weighed, lines)
        blocks = tables.options_blocks(
            lines,
            unit=self.scenario.decision.unit,
            currency=self.currency,
            break_even=sentence,
        )
        folds = weighing.option_folds(self.weighed, lines, currency=self.currency)
        judged = self._judged()
        if brief:
            return View((*self._note(), *blocks, *folds, *judged))
        everyone = Fold(say("impact.more_all"), self._all_acted().blocks)
        words = self._words("options")
        return View((*self._note(), *blocks, *folds, everyone, *judged, *words))

    def _all_acted(self) -> View:
        """Every run when everyone is acted on, on the same rows."""
        unit, today = self.currency, self.scenario.today.title
        run = self.evidence.candidate(self.evidence.option).run
        table = option_table(self.evidence.with_option(run or self.scenario.proposed))
        return views.options_view(table, self.acceptable, unit=unit, today=today)

    def _judged(self) -> tuple[Block, ...]:
        """What a model's labels are worth, where labels come from one."""
        if self.scenario.judge is None:
            return ()
        judged = read_judged(self.scenario, self.evidence.option, self.given.data)
        found = judge_rates(judged, seed=self.scenario.seed)
        return (Fold(say("judged.title"), judged_blocks(found)),)

    def values(self) -> Any:
        """What nobody measured: as a form that moves the page, or as it stands."""
        if not self.has_rows:
            return View(())
        if not self.interactive:
            return View(self._rests_on())
        from workshop.views.panels.live import LivePanel
        from workshop.views.panels.values import ValuesPanel, satisfaction_panel

        impact, values = self.record.impact, Values(self)
        valued = ValuesPanel(
            weeks.assumable_names(self.choices.assumptions),
            lambda: self.choices.assumptions.stated,
            weighs=WORTH,
            estimate=values.valued,
            on_save=values.keep,
            on_forget=values.forget,
            read_only=self.read_only,
        )
        content = satisfaction_panel(
            impact.satisfaction if impact else None,
            on_save=values.keep_satisfaction,
            read_only=self.read_only,
        )
        self.follow(valued, MEASURED)
        self.follow(content, "impact.satisfaction", values=values.satisfaction)
        return LivePanel(lambda: (valued, content))

    def _rests_on(self, *, brief: bool = False) -> tuple[Block, ...]:
        """What matters most, and every figure that nobody measured."""
        impact = self.record.impact
        assumptions = self.choices.assumptions
        picture = weighing.tornado_figure(self.weighed, assumptions)
        table, content = weeks.rests_on_blocks(
            assumptions, impact.satisfaction if impact else None
        )
        return (
            Paragraph(say("impact.values_lead")),
            *(() if picture is None else (picture,)),
            content,
            Fold(say("impact.more_table"), (table,)),
            *(() if brief else self._words("values")),
        )

    def choose(self) -> Any:
        """Ask which option the pair takes; the line moves with it in the same save."""
        choice = self.record.impact
        if not self.interactive or not self.has_rows:
            return (
                View((Items(self._floors()),))
                if self.has_rows
                else View((Paragraph(views.floors_line(self.acceptable, choice)),))
            )
        from workshop.views.panels.user_impact import option_panel

        panel = option_panel(
            self._offered(),
            self._taken(),
            estimate=self._moves,
            on_save=self._choose,
            because=choice.because if choice else "",
            floor=floor_asked(self.record),
            side=side_asked(self.record),
            **self.ways("option"),
        )
        about = (f"impact.{field}" for field in CHOSEN_WITH)
        return self.follow(panel, "option", "threshold", *about, values=self._taken_now)

    def _taken_now(self) -> dict[str, Any]:
        impact, floor = self.record.impact, floor_asked(self.record)
        because = impact.because if impact else ""
        return {"option": self._taken(), "because": because, "floor": floor}

    def headline(self) -> Said:
        """Say how many a week go wrong; nothing is drawn for that."""
        if not (self.interactive and self.has_rows):
            return super().headline()
        return views.headline(weighing.weekly_of(self.choices))

    def _recap(self) -> Section:
        if not self.has_rows:
            return before.impact_recap(
                self._people_as_stated(),
                acceptable=self.acceptable,
                choice=self.record.impact,
            )
        return views.recap(
            headline=views.headline(weighing.weekly_of(self.choices)),
            option_title=self.title_in_play(),
            chosen=self.evidence.chosen_option is not None,
            choice=self.record.impact,
            people=self._people(brief=True).blocks[1:],
            options=self._options(brief=True),
            rests_on=self._rests_on(brief=True),
            floors=self._floors(),
        )

    def floors(self) -> DualFloors | None:
        """Return both floors as the option in play stands to them; None if untold."""
        if not self.has_rows or not self.choices.stands:
            return None
        return self.weighed.floors[self.choices.in_play]

    def title_in_play(self) -> str:
        """Return the option in play by its letter and title."""
        lines = self.lines
        line = lines.of(self.choices.in_play) if lines else None
        if line is None:
            return self.evidence.candidate(self.choices.in_play).title
        return tables.lettered(line).text

    def _floors(self) -> tuple[Said, ...]:
        """Both floors as they were set, and where the option in play stands."""
        stated = views.floors_line(self.acceptable, self.record.impact)
        if not self.choices.stands:
            return (stated,)
        found = weeks.floors_items(self.weighed.floors[self.choices.in_play])
        return (stated, *found)

    def _taken(self) -> str | None:
        """The option taken so far; a locked line takes the one it was drawn for."""
        if self.record.option is None and self.record.threshold is None:
            return None
        return self.choices.in_play

    def _today(self) -> Said:
        today = self.scenario.today
        error = None
        if isinstance(today.error, Count):
            error = rate("today.error", today.error.k, today.error.n, rows="all")
        return views.today_line(
            today.title, today.minutes, today.cost, error, self.scenario.payoff.unit
        )

    def _offered(self) -> list[tuple[str, str]]:
        """Every option by letter and title, and the runs that are not offered."""
        lines = self.lines
        shown = [] if lines is None else list(lines.lines)
        known = {line.id for line in shown}
        others = [run for run in self.scenario.runs if run.id not in known]
        return [
            *((line.id, tables.lettered(line).text) for line in shown),
            *((run.id, run.title) for run in others),
        ]

    def _moves(self, option: str) -> str:
        if not self.may_see_figures():
            return self.not_yet().html
        lines = option_lines(self._with(option))
        line = lines.of(option) if lines else None
        if line is None:
            run = self.scenario.run(option)
            return say("impact.moves_no_ratio", option=run.title).html
        return views.moves_html(line, old=self.line_said())

    def _with(self, option: str) -> Options:
        """The options, were this one offered too; at its own best line."""
        if any(offer.id == option for offer in self.choices.offers):
            return self.choices
        supposed = self.record.model_copy(update={"option": option, "threshold": None})
        return Options(self.evidence.with_record(supposed))

    def line_said(self) -> Said:
        """Say what is in place now: the policy, and what it comes to."""
        return self.policy_said(self.evidence.policy, "moves.old")

    def policy_said(self, policy: Policy | None, prefix: str) -> Said:
        """Say a policy and what it comes to; ``prefix`` heads its figures' ids."""
        if policy is None:
            return say("impact.line_none")
        if policy.kind == "none":
            return say("impact.line_silent")
        if policy.kind == "all":
            return say("impact.line_all")
        if policy.act_at is None:
            return say("impact.line_other")
        figures = self._figures(prefix, self.evidence.option, policy)
        cut = Number(id=f"{prefix}.act_at", value=policy.act_at, unit="score")
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
        self._catch_up("impact", CHOSEN_WITH)
        policy = self._policy_for(option)
        seen = self.seen_of(option, policy)
        impact = (self.base.impact or ImpactChoice()).model_copy(
            update={
                "business_floor": floor,
                "model_floor": model_floor(self.acceptable),
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

    def _policy_for(self, option: str) -> Policy | None:
        """The line that goes with an option: its best, or the pair's where it stays."""
        if option == self.choices.in_play:
            return self.evidence.policy
        return self._with(option).offer(option).policy

    def _figures(self, prefix: str, option: str, policy: Policy) -> dict[str, Number]:
        evidence = self.evidence.with_option(option)
        return figures_of(
            prefix,
            cells_of(evidence, policy, "report"),
            rows="report",
            deff=evidence.deff,
            ratio=evidence.ratio,
            review=review_of(evidence),
        )

    def seen_of(self, option: str, policy: Policy | None) -> Seen | None:
        """What the page shows of an option at a policy, to be kept with the choice."""
        if policy is None or policy.kind == "today":
            return None
        return Seen(
            figures=seen_figures(self._figures("seen", option, policy)),
            rows="kept aside",
            data=self.evidence.digest,
        )
