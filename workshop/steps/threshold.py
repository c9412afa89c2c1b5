"""03: the curve, the line, what it means on the rows kept aside."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from workshop.analysis.policies import cheapest_range
from workshop.analysis.readout import (
    PolicyRow,
    cheapest_figures,
    figures_of,
    policy_rows,
    precision_recall,
    review_band,
    review_price,
    seen_figures,
)
from workshop.analysis.stated import StatedRates, break_even, stated_rates
from workshop.record.choices import ThresholdChoice
from workshop.record.values import Number, Policy, Rows, Seen
from workshop.steps.base import ANYTHING, Step
from workshop.views.recaps import before
from workshop.views.recaps import threshold as views
from workshop.views.recaps.framing import expectation_items, given_number
from workshop.views.section import Figure, Items, Paragraph, Section, View
from workshop.views.wording import Said

MOST_CUTS = 300
CUTS_IN_TABLE = 9
EVERYONE = Policy(kind="all")


class Threshold(Step):
    """Where do we draw the line, and what happens when it is unsure?"""

    id = "threshold"
    about = "threshold"

    def curve(self) -> Any:
        """Precision against recall on the choosing rows."""
        if not self.has_rows:
            return self.figures(self._as_stated)
        if self.interactive:
            return self.behind_a_button("curve", lambda: self._curve()._repr_html_())
        return self._curve()

    def _curve(self) -> View:
        rows_line = Paragraph(views.rows_line(self._split()), "quiet")
        return View((rows_line, self._figure(self._chosen())))

    def _as_stated(self) -> View:
        return before.curve_view(self._rates, self.acceptable)

    def choose(self) -> Any:
        """Ask where the line is drawn; nothing is chosen beforehand."""
        if not self.has_rows:
            return before.no_line_view(self.record.threshold)
        if not self.interactive:
            return self.beside()
        from workshop.views.panels.threshold import threshold_panel

        choice = self.record.threshold
        return threshold_panel(
            self._cuts(),
            choice.policy.act_at if choice else None,
            estimate=self._live,
            on_save=self._lock,
            least_cost=lambda: self.evidence.cheapest(),
            because=choice.because if choice else "",
            review_at=choice.policy.review_at if choice else None,
            unit=self.scenario.decision.unit,
            act=self.scenario.decision.act,
            note="<br>".join(s.html for s in expectation_items(self.record.framing)),
            locked=views.locked_html(self._chosen() or {}) if choice else "",
            **self.ways("threshold"),
        )

    def beside(self) -> Any:
        """The choice beside the trivial policies, on the rows kept aside."""
        if not self.has_rows:
            return self.figures(self._beside_as_stated)
        return self._once_locked(
            lambda: View((views.policy_table(self._rows(), today=self._today()),))
        )

    def cheapest(self) -> Any:
        """Which line is cheapest, and whether asking a person can pay."""
        if not self.has_rows:
            return self.figures(self._pays)
        return self._once_locked(
            lambda: View(
                (Items((views.cheapest_line(self._cheapest()), self._band())),)
            )
        )

    @property
    def _rates(self) -> StatedRates:
        return stated_rates(self.scenario.stated)

    def _beside_as_stated(self) -> View:
        return View((before.rates_table(self._rates),))

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

        return self.follow(LiveWords(show), ANYTHING)

    def _recap(self) -> Section:
        choice = self.record.threshold
        if not self.has_rows:
            return before.threshold_recap(
                choice,
                rates=self._rates,
                acceptable=self.acceptable,
                pays=self._pays(),
            )
        rows = self._rows()
        return views.recap(
            choice,
            rows=rows,
            on_choosing=self._on_choosing(),
            figure=self._figure(rows[0].figures if choice else None),
            split=self._split(),
            cheapest=self._cheapest(),
            band=self._band(),
            today=self._today(),
        )

    def _rows(self) -> tuple[PolicyRow, ...]:
        rows = policy_rows(self.evidence, self.evidence.policy or EVERYONE)
        return rows if self.evidence.policy else rows[1:]

    def _today(self) -> str:
        return self.scenario.today.title

    def _chosen(self) -> views.Figures | None:
        return self._rows()[0].figures if self.evidence.policy else None

    def _on_choosing(self) -> views.Figures | None:
        policy = self.evidence.policy
        if policy is None or policy.act_at is None:
            return None
        return self._figures("choosing", policy.act_at, "choose")

    def _figures(self, prefix: str, act_at: float, rows: Rows) -> views.Figures:
        return figures_of(
            prefix,
            self.evidence.point(act_at, rows),
            rows=rows,
            deff=self.evidence.deff,
            ratio=self.evidence.ratio,
        )

    def _split(self) -> views.SplitNumbers:
        choose = int(self.evidence.choosing().sum())
        report = len(self.evidence.rows) - choose
        count = partial(Number, unit="rows")
        return views.SplitNumbers(
            choose=count(id="rows.choose", value=float(choose), rows="choose"),
            report=count(id="rows.report", value=float(report), rows="report"),
            by=self.evidence.split.by,
            choose_sources=self._sources("choose"),
            report_sources=self._sources("report"),
        )

    def _sources(self, rows: Rows) -> Number | None:
        count = self.evidence.sources_of(rows)
        if count is None or self.evidence.split.by != "cluster":
            return None
        unit = self.scenario.cluster_name
        return Number(id=f"sources.{rows}", value=float(count), rows=rows, unit=unit)

    def _figure(self, chosen: views.Figures | None) -> Figure:
        curve = self.evidence.curve("choose")
        precision, recall = precision_recall(curve)
        cuts = curve.table(CUTS_IN_TABLE)["threshold"]
        cuts = [float(cut) for cut in cuts if math.isfinite(cut)]
        table = tuple(
            (
                views.cut_number(f"cut{place}.act_at", cut),
                self._figures(f"cut{place}", cut, "choose"),
            )
            for place, cut in enumerate(cuts)
        )
        points = views.CurvePoints(precision, recall, table)
        everyone = self._figures("everyone", -math.inf, "choose")
        return views.curve_figure(points, self._split(), everyone, chosen)

    def _cuts(self) -> tuple[float, ...]:
        """At most 300 distinct scores of the choosing rows, ascending."""
        table = self.evidence.curve("choose").table(MOST_CUTS)
        return tuple(sorted(float(c) for c in table["threshold"] if math.isfinite(c)))

    def _live(self, act_at: float) -> str:
        if not self.may_see_figures():
            return views.curve_first()
        figures = self._figures("live", act_at, "choose")
        everyone = self._figures("live_all", -math.inf, "choose")
        no_one = self._figures("live_none", math.inf, "choose")
        return views.live_html(figures, act_at, everyone, no_one)

    def _lock(self, policy: Policy, because: str) -> str:
        rows = policy_rows(self.evidence, policy)
        figures = rows[0].figures
        seen = Seen(
            figures=seen_figures(figures),
            rows="kept aside",
            data=self.evidence.digest,
        )
        choice = ThresholdChoice(policy=policy, because=because, seen=seen)
        values = {"threshold": choice} | self.settled("threshold")
        self.save(values, "the threshold", because=because, seen=seen)
        return views.locked_html(figures)

    def _cheapest(self) -> views.Cheapest | None:
        found = cheapest_figures(self.evidence)
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

    def _band(self) -> Said:
        return views.band_line(review_band(self.evidence), review_price(self.evidence))
