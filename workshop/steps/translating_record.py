"""What does one record offer to every card of the translator?

The page's own evidence, options and line, and the numbers that several cards say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from workshop.analysis.evidence import Evidence
from workshop.analysis.group_shares import GroupShares, group_shares
from workshop.analysis.impact.drift import Drift, what_if
from workshop.analysis.impact.estimate import Estimate
from workshop.analysis.labels import Labelling, labelling_of
from workshop.analysis.line import Line
from workshop.analysis.options.compared import Options
from workshop.analysis.options.places import Placed
from workshop.analysis.options.table import OptionLine, OptionLines
from workshop.analysis.translated import widest
from workshop.record.values import Number, Policy
from workshop.views.recaps.framing import acceptable
from workshop.views.recaps.options import title_of
from workshop.views.wording import Said

Values = dict[str, "Number | str | Said"]


@dataclass(frozen=True)
class AtHand:
    """One record's evidence, options and line, with what several cards ask for."""

    evidence: Evidence
    options: Options
    line: Line
    lines: OptionLines

    @cached_property
    def own(self) -> OptionLine:
        """The option in play; without a place in the table, whatever stands first."""
        found = [line for line in self.lines.lines if line.in_play]
        return found[0] if found else self.lines.lines[0]

    @property
    def policy(self) -> Policy | None:
        """The policy that the option in play stands at."""
        return self.options.offer(self.own.id).policy

    @property
    def labelling(self) -> Labelling | None:
        """What labelling takes by the scenario."""
        return labelling_of(self.evidence.scenario)

    @cached_property
    def common(self) -> Values:
        """What any card may say: the option in play, and what the pair agreed."""
        scenario, agreed = self.evidence.scenario, self.evidence.record.framing
        return known(
            named("", self.own)
            | {
                "missed": self.week("people_missed"),
                "base": self.evidence.error,
                "acceptable": acceptable(agreed),
                "ratio": stated("framing.ratio", self.evidence.ratio, "false alarms"),
                "unit": scenario.decision.unit,
                "currency": scenario.payoff.unit,
            }
        )

    def week(self, measure: str, line: OptionLine | None = None) -> Number | None:
        """What an option comes to in a week; None where it cannot be told."""
        estimate = self.estimate_of(line or self.own)
        return None if estimate is None else estimate.numbers.get(measure)

    def estimate_of(self, line: OptionLine) -> Estimate | None:
        """An option's estimate; None where none of its rows were counted."""
        return self.options.estimates.get(line.id) if line.figures else None

    @property
    def placed(self) -> Placed | None:
        """Where the option in play puts the rows kept aside; None without a line."""
        return self.options.placed.get(self.own.id) if self.own.figures else None

    @cached_property
    def drift(self) -> Drift | None:
        """The option in play in other weeks; None without a line."""
        estimate = self.estimate_of(self.own)
        error = self.own.figures.get("error_among_answered")
        if estimate is None or error is None:
            return None
        return what_if(
            self.options.shares(self.own.id),
            self.options.assumptions_for(self.own.id),
            base=estimate,
            error=error,
            acceptable=self.evidence.acceptable_error,
        )

    def shares(self, metric: str) -> GroupShares | None:
        """The widest difference between groups under the line in play, if any."""
        policy = self.policy
        ends = {"all": -math.inf, "none": math.inf}
        if policy is None or self.own.kind != "model":
            return None
        act_at = ends.get(policy.kind, policy.act_at)
        if act_at is None or not (act_at in self.line.marked or policy.kind in ends):
            return None  # groups are counted at marked lines and not at others
        return widest(
            [
                group_shares(
                    metric,
                    by.report.at(act_at, policy.review_at),
                    rows="report",
                    id=f"translator.groups.{by.column}",
                    deff=self.evidence.deff,
                    deffs=by.deffs,
                )
                for by in self.line.groups
            ]
        )


# --- words for what is found ---------------------------------------------------------

_FIGURES = {
    "error": "error_among_answered",
    "coverage": "coverage",
    "precision": "precision",
    "recall": "recall",
    "cost": "cost",
    "p95": "latency_ms_p95",
    "running": "running",
    "money": "money",
    "helped": "people_helped",
    "wrong": "people_wrong",
    "reviews": "reviews",
}


def named(prefix: str, line: OptionLine) -> Values:
    """An option's letter, title and figures under the short names of sentences."""
    figures = {short: line.figures.get(name) for short, name in _FIGURES.items()}
    found = figures | {"letter": line.letter, "title": title_of(line)}
    return known({f"{prefix}{name}": value for name, value in found.items()})


def known(values: Mapping[str, Number | str | Said | None]) -> Values:
    """The values that are there; what is not known is left out."""
    return {name: value for name, value in values.items() if value is not None}


def stated(
    id: str, value: float | None, unit: str = "share", *, assumed: bool = True
) -> Number | None:
    """A figure without rows behind it; None where there is none."""
    if value is None:
        return None
    return Number(id=id, value=float(value), unit=unit, assumed=assumed)
