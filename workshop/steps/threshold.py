"""03: the explorer, the line and its lock, what it means on the rows kept aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workshop.analysis.explain import explain, is_own_baseline
from workshop.analysis.line import Line
from workshop.analysis.options.compared import Options
from workshop.analysis.policies import cheapest_range
from workshop.analysis.readout import (
    PolicyRow,
    cheapest_figures,
    policy_rows,
    seen_figures,
)
from workshop.analysis.stated import StatedRates, break_even, stated_rates
from workshop.record.choices import ThresholdChoice
from workshop.record.values import Policy, Role, Rows, Seen
from workshop.steps.base import MEASURED, Step
from workshop.steps.drawer import drawer_blocks, line_limits, prevalence_at
from workshop.steps.exploring import explorer_given
from workshop.steps.still import figures_at, split_numbers, still_curve
from workshop.steps.translating import gather
from workshop.views.explorer.given import ExplorerGiven
from workshop.views.explorer.static import explorer_html
from workshop.views.recaps import before
from workshop.views.recaps import threshold as views
from workshop.views.recaps.drawer import promise_line
from workshop.views.recaps.drawer_costs import review_line
from workshop.views.recaps.drawer_prevalence import prevalence_said
from workshop.views.recaps.explain import explain_blocks
from workshop.views.recaps.framing import expectation_items, given_number
from workshop.views.recaps.translator import translator_blocks
from workshop.views.section import (
    Block,
    Figure,
    Items,
    Live,
    Paragraph,
    Section,
    View,
)
from workshop.views.wording import Said

EVERYONE = Policy(kind="all")

# Where the line was left on a record's page, beside what was locked by then: a notebook
# that is run again makes everything anew, and must not take the line away.
_LEFT_AT: dict[Path, tuple[Policy | None, Policy]] = {}


class Threshold(Step):
    """Where do we draw the line, and what happens when it is unsure?"""

    id = "threshold"
    about = "threshold"
    _line: Line | None = None
    _shown: Any = None

    @property
    def line(self) -> Line:
        """What follows about the line, for the record as it stands now."""
        evidence = self.evidence
        if self._line is None or self._line.evidence is not evidence:
            self._line = Line(evidence)
        return self._line

    def curve(self) -> Any:
        """The explorer on the choosing rows; where nobody acts, a still picture."""
        if not self.has_rows:
            return self.figures(self._as_stated)
        if not self.interactive:
            rows = views.rows_line(split_numbers(self.evidence))
            still = still_curve(self.evidence, self._explored(), self._chosen())
            return View((Paragraph(rows, "quiet"), still))
        return self._explorer

    @property
    def _explorer(self) -> Any:
        """The explorer of this page: one, however often it is asked for."""
        if self._shown is None:
            from workshop.views.panels.explorer import ExplorerPanel

            self._shown = ExplorerPanel(
                self._noting(self._explored),
                ready=self.is_time_for_figures,
                on_mark=self._mark,
                warning=self.why_figures_wait,
            )
            self.follow(self._shown, MEASURED)
            self._shown.on_move(self._remember)
        return self._shown

    def _remember(self) -> None:
        if self._shown is not None and self._shown.policy is not None:
            left = (self.evidence.policy, self._shown.policy)
            _LEFT_AT[self.target.file.path] = left

    def _starts_at(self) -> Policy | None:
        """Where the line was left, unless another one was locked since."""
        locked = self.evidence.policy
        was, left = _LEFT_AT.get(self.target.file.path, (None, None))
        return left if self.interactive and left and was == locked else locked

    def _explored(self) -> ExplorerGiven:
        framing = self.record.framing
        return explorer_given(
            self.line,
            start=self._starts_at(),
            names=self.names,
            here=self.acts_for if self.interactive else (),
            fallback=views.fallback_words(framing),
        )

    def _mark(self, marks: Mapping[Role, float]) -> None:
        """Keep where a half that this page acts for would draw the line alone."""
        now = self.record.marks
        others = {role: at for role, at in now.items() if role not in self.acts_for}
        own = {role: at for role, at in marks.items() if role in self.acts_for}
        if (kept := others | own) != now:
            self.save({"marks": kept}, "a mark of one's own", who=self.voice)

    def _as_stated(self) -> View:
        return before.curve_view(self._rates, self.acceptable)

    def choose(self) -> Any:
        """Lock the line as it stands in the explorer, with a reason."""
        if not self.has_rows:
            return before.no_line_view(self.record.threshold)
        if not self.interactive:
            return self.beside()
        from workshop.views.panels.threshold import threshold_panel

        panel = threshold_panel(
            lambda: self._explorer.policy,
            says=views.stands_line,
            on_save=self._lock,
            **self._lock_values(),
            note="<br>".join(s.html for s in expectation_items(self.record.framing)),
            locked=self._locked,
            **self.ways("threshold"),
        )
        self._explorer.on_move(panel.refresh)
        return self.follow(panel, "threshold", values=self._lock_values)

    def _lock_values(self) -> dict[str, Any]:
        """The locked line and its reason, as the record has them now."""
        choice = self.record.threshold
        why = {name: getattr(choice, name, "") for name in ("because", "told_why")}
        return why | {"saved": choice and choice.policy}

    def beside(self) -> Any:
        """The choice beside the trivial policies, on the rows kept aside."""
        if not self.has_rows:
            return self.figures(lambda: View((before.rates_table(self._rates),)))

        def table() -> View:
            given = {"today": self.scenario.today.title, "side": self._side}
            return View((views.policy_table(self.rows(), **given),))

        return self._once_locked(table)

    def cheapest(self) -> Any:
        """Which line is cheapest, and whether asking a person can pay."""
        if not self.has_rows:
            return self.figures(self._pays)
        return self._once_locked(
            lambda: View(
                (
                    Items(self._cheapest_lines()),
                    *line_limits(self.line),
                    *self._words(),
                )
            )
        )

    def _words(self) -> tuple[Block, ...]:
        """What the other side means by its words about a line and about groups."""
        if not self._aside_is_open:
            return ()
        options, places = Options(self.evidence), ("line", "groups")
        told = gather(self.evidence, options, self.line, places=places)
        return tuple(
            block for place in places for block in translator_blocks(told, place)
        )

    def _cheapest_lines(self) -> tuple[Said, ...]:
        best = self.line.best_promise
        promise = (promise_line(best),) if best else ()
        pays = review_line(self.line.best_band)
        return views.cheapest_line(self._cheapest()), pays, *promise

    def why(self) -> Any:
        """What users are told about why, and cases on either side of right."""
        if not self.has_rows:
            return View(())
        if not self.interactive:
            return View(self._why())
        return self.behind_a_button("why", lambda: View(self._why())._repr_html_())

    def drawer(self) -> Any:
        """What an engineer asks next: bands, promises, groups, another prevalence."""
        if not self.has_rows:
            return View(())
        if not self.interactive:
            return View(self._drawer())
        return self.behind_a_button(
            "drawer",
            lambda: View(self._drawer())._repr_html_(),
            beneath=self._elsewhere,
        )

    def _drawer(self, *, brief: bool = False) -> tuple[Block, ...]:
        policy, locked = self._in_play(), self._aside_is_open
        return drawer_blocks(self.line, policy, locked=locked, brief=brief)

    @property
    def _aside_is_open(self) -> bool:
        """Whether the rows kept aside may speak: once a line is locked."""
        return self.evidence.policy is not None

    @property
    def _side(self) -> Rows:
        return "report" if self._aside_is_open else "choose"

    def _in_play(self) -> Policy:
        """The locked policy, or the one on the page, or the cheapest."""
        on_page = self._shown.policy if self._shown else None
        found = self.evidence.policy or on_page or self.line.least_cost
        return found if found and found.kind not in ("random", "today") else EVERYONE

    def _elsewhere(self) -> Any:
        """A handle for the share of positives, over the line in play."""
        from workshop.views.panels.prevalence import PrevalencePanel

        curve = self.evidence.curve(self._side)
        panel = PrevalencePanel(
            curve.positives / curve.n,
            # asked anew each time: the lock opens the rows kept aside
            estimate=lambda share: prevalence_said(
                prevalence_at(self.line, self._in_play(), share, self._side)
            ),
        )
        if self._shown is not None:
            self._shown.on_move(panel.refresh)
        return panel

    def _why(self) -> tuple[Block, ...]:
        evidence, choice = self.evidence, self.record.threshold
        run = self.scenario.run(evidence.option)
        policy = self._in_play()
        unsure = self.record.framing.when_unsure if self.record.framing else None
        found = explain(
            evidence.rows,
            evidence.choosing(),
            policy,
            permitted=self.given.shown_cases(run.id),
            deff=evidence.deff,
        )
        return explain_blocks(
            found,
            self.given.trained,
            own=is_own_baseline(run),
            run=run.title,
            means=self.scenario.label.means if self.scenario.label else "",
            told_why=choice.told_why if choice else "",
            says=unsure.says if unsure else "",
        )

    @property
    def _rates(self) -> StatedRates:
        return stated_rates(self.scenario.stated)

    def _pays(self) -> View:
        """Up to which error acting pays under the pair's ratio, whatever is scored."""
        framing = self.record.framing
        ratio = framing.ratio if framing else None
        if ratio is None:
            return before.pays_view(None, None)
        most = break_even("ratio.break_even", 1.0, ratio)
        return before.pays_view(
            given_number("framing.ratio", ratio, "false alarms"), most
        )

    def _once_locked(self, make: Callable[[], View]) -> Any:
        """Show what speaks of the rows kept aside; while people act, after the lock."""
        if not self.interactive:
            return make()
        from workshop.views.panels.live import LiveWords

        def show() -> str:
            return make()._repr_html_() if self.record.threshold else views.lock_first()

        words = LiveWords(show)
        words.widget.add_class("cgp-wide")  # tables with a column for each figure
        return self.follow(words, MEASURED)

    def headline(self) -> Said:
        """Say it without drawing the curve."""
        if not (self.interactive and self.has_rows):
            return super().headline()
        return views.headline(self.record.threshold, self._chosen())

    def _recap(self) -> Section:
        choice = self.record.threshold
        if not self.has_rows:
            return before.threshold_recap(
                choice,
                rates=self._rates,
                acceptable=self.acceptable,
                pays=self._pays(),
            )
        rows = self.rows()
        return views.recap(
            choice,
            rows=rows,
            on_choosing=self._on_choosing(),
            expected=self._expected(self.evidence.policy),
            figure=self._picture(rows[0].figures if choice else None),
            split=split_numbers(self.evidence),
            cheapest=self._cheapest_lines(),
            today=self.scenario.today.title,
            side=self._side,
            limits=line_limits(self.line),
            # at the table each has its own place on the page, and takes seconds
            why=() if self.interactive else self._why(),
            drawer=() if self.interactive else self._drawer(brief=True),
        )

    def rows(self) -> tuple[PolicyRow, ...]:
        """Return the choice beside the trivial policies; those alone without one."""
        policy = self.evidence.policy or EVERYONE
        rows = policy_rows(self.evidence, policy, rows=self._side)
        return rows if self.evidence.policy else rows[1:]

    def _chosen(self) -> views.Figures | None:
        return self.rows()[0].figures if self.evidence.policy else None

    def _on_choosing(self) -> views.Figures | None:
        policy = self.evidence.policy
        if policy is None or policy.act_at is None:
            return None
        return figures_at(self.evidence, "choosing", policy.act_at)

    def _picture(self, chosen: views.Figures | None) -> Live | Figure:
        """The curve; in a report the explorer too, which moves without a kernel."""
        given = self._explored()
        still = still_curve(self.evidence, given, chosen)
        if self.interactive:
            return still
        return Live(explorer_html(given, "explorer"), still)

    def _lock(self, policy: Policy, because: str, told_why: str) -> str:
        rows = policy_rows(self.evidence, policy)
        seen = Seen(
            figures=seen_figures(rows[0].figures),
            rows="kept aside",
            data=self.evidence.digest,
        )
        choice = ThresholdChoice(
            policy=policy, because=because, told_why=told_why, seen=seen
        )
        values = {"threshold": choice} | self.settled("threshold")
        self.save(values, "the threshold", because=because, seen=seen)
        return self._locked(policy)

    def _locked(self, policy: Policy) -> str:
        """What the rows kept aside say, beside what was to be expected of them."""
        figures = policy_rows(self.evidence, policy)[0].figures
        view = views.locked_view(
            figures, self._expected(policy), split_numbers(self.evidence)
        )
        return view._repr_html_()

    def _expected(self, policy: Policy | None) -> views.Expected | None:
        """The error where the line was chosen, and how far it may lie off elsewhere."""
        found = None if policy is None else self.line.expected(policy)
        if found is None:
            return None
        return views.Expected(*found, few=self.evidence.few_sources)

    def _cheapest(self) -> views.Cheapest | None:
        found = cheapest_figures(self.evidence, self._side)
        ratio = self.evidence.ratio
        if found is None or ratio is None:
            return None
        cut, figures = found
        curve = self.evidence.curve("choose")
        lowest = float(curve.thresholds[-1])
        return views.Cheapest(
            act_at=cut,
            as_cheap_from=cheapest_range(curve, ratio=ratio)[0],
            ratio=given_number("framing.ratio", ratio, "false alarms"),
            cost=figures["expected_cost"],
            everyone=cut <= lowest,
        )
