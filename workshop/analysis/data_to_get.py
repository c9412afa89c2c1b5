"""Before there is any row: which data would carry the promise, and what do they take?

Rows are planned as `workshop.analysis.labels` does, z²p(1-p)/d² checked with Wilson,
at the least favourable rate that was stated; for recall they are divided by how often
acting is right (Buderer 1996). Nothing is known yet of how rows hang together, so rows
count as independent, and the list asks for enough sources beside them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from workshop.analysis.intervals import FEW_SOURCES, wilson
from workshop.analysis.labels import Labelling, fewest_rows, price_of_precision
from workshop.analysis.stated import (
    StatedRates,
    stated_number,
    stated_rates,
    weekly_volume,
)
from workshop.data.scenario import Scenario
from workshop.record.choices import Record
from workshop.record.dates import last_day
from workshop.record.values import Number

Kind = Literal[
    "row", "error", "promise", "recall", "group", "sources", "span", "fresh", "delay"
]

HALF_WIDTH = 0.05
"""±5 of 100: the width that the review prices everywhere else, too."""

GROUP_HALF_WIDTH = 0.10
"""±10 of 100 in each group: enough to see one that fares much worse; ±5 would take
four times as many labels in every value of every group."""

FEWEST_LABELS = 30
"""Below this one row more or less decides, whatever the formula says."""

MOST_LABELS = 1_000_000
"""Above this nobody labels; then no number of labels is named."""

LEAST_KNOWN = 0.5
"""The rate that takes most rows, where none was stated."""


@dataclass(frozen=True, slots=True)
class ToGet:
    """One line of the list.

    ``numbers`` and ``names`` fill its sentence. Of a line that asks for labels,
    ``labels``, ``money`` and ``days`` (working days) are the price and ``weeks`` how
    long so many come in; each is missing where it cannot be told, and ``lacks`` says
    what would have to be stated first. ``variant`` picks one of several sentences.
    """

    kind: Kind
    numbers: dict[str, Number] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    variant: str = ""


def data_to_get(scenario: Scenario, record: Record, today: date) -> tuple[ToGet, ...]:
    """List what to get before anything can be held against the promise.

    First what a row holds, then labels with their price, then from where and when.
    """
    plan = _Plan(scenario, record, stated_rates(scenario.stated))
    return (
        _row(scenario),
        plan.error(),
        plan.promise(),
        plan.recall(),
        *(plan.group(name) for name in scenario.groups),
        _sources(scenario),
        _span(record, today),
        *_freshness(scenario),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """The lines that ask for labels."""

    scenario: Scenario
    record: Record
    rates: StatedRates

    def error(self) -> ToGet:
        """Labels among those acted on, for the error to within five of 100."""
        found = self._rate_of("error")
        needed = _labels_for(found[0], HALF_WIDTH)
        return ToGet(
            "error",
            self._priced("error", needed, needed, among=self.rates.flagged)
            | {"target": _given("get.error.target", HALF_WIDTH)},
            lacks=found[1],
        )

    def promise(self) -> ToGet:
        """Labels among those acted on, to tell the agreed from the stated error."""
        error, agreed = self.rates.error, self._acceptable
        if agreed is None or error is None:
            lacks = ("acceptable",) if agreed is None else ("precision",)
            return ToGet("promise", lacks=lacks)
        lo, hi = error.lo or 0.0, error.hi or 0.0
        ends = {"below": hi} if hi < agreed else {"above": lo}
        if lo <= agreed <= hi:
            ends = {"keeps": lo, "breaks": hi}
        needed = [_labels_that_tell(end, agreed) for end in ends.values()]
        numbers = {"acceptable": _given("framing.acceptable_error", agreed)}
        numbers["error"] = error
        variant = "across" if len(ends) > 1 else next(iter(ends))
        told = [n for n in needed if n is not None]
        if not told:
            return ToGet("promise", numbers, variant="never")
        priced = self._priced("promise", min(told), max(told), among=self.rates.flagged)
        return ToGet("promise", numbers | priced, variant=variant)

    def recall(self) -> ToGet:
        """Labels among all, so that enough of them should have been acted on."""
        found = self._rate_of("recall")
        positives = _labels_for(found[0], HALF_WIDTH)
        numbers = {
            "target": _given("get.recall.target", HALF_WIDTH),
            "positives": _given("get.recall.positives", positives, "labels"),
        }
        often = self.rates.positive_rate
        if often is None or often.hi is None:
            return ToGet("recall", numbers, lacks=(*found[1], "positive_rate"))
        if often.hi == 0:
            return ToGet("recall", numbers, variant="never")
        few = math.ceil(positives / often.hi)
        many = math.ceil(positives / often.lo) if often.lo else None
        numbers |= self._priced("recall", few, many)
        return ToGet("recall", numbers, lacks=found[1])

    def group(self, name: str) -> ToGet:
        """Labels in each value of a group that is to have an error of its own."""
        rate, _ = self._rate_of("error")
        needed = _labels_for(rate, GROUP_HALF_WIDTH)
        target = _given(f"get.group.{name}.target", GROUP_HALF_WIDTH)
        numbers = self._priced(f"group.{name}", needed, needed, waits=False)
        return ToGet("group", numbers | {"target": target}, {"group": name})

    @property
    def _acceptable(self) -> float | None:
        framing = self.record.framing
        expected = framing.expectations if framing else None
        return expected.acceptable_error if expected else None

    def _rate_of(
        self, name: Literal["error", "recall"]
    ) -> tuple[float, tuple[str, ...]]:
        """The stated rate that takes most rows, and what was not stated."""
        found: Number | None = getattr(self.rates, name)
        if found is None or found.lo is None or found.hi is None:
            lacks = "precision" if name == "error" else "recall"
            return LEAST_KNOWN, (lacks,)
        return min(max(LEAST_KNOWN, found.lo), found.hi), ()

    def _priced(
        self,
        id: str,
        few: int,
        many: int | None,
        *,
        among: Number | None = None,
        waits: bool = True,
    ) -> dict[str, Number]:
        """From few to many labels, their money and working days, and their weeks.

        ``among`` is the share of all decisions that can be labelled for this; None
        where it is not known, and then neither are the weeks, unless it is all of them.
        """
        numbers = {"labels": _range(f"get.{id}.labels", few, many, "labels")}
        if (labelling := self.scenario.labelling) is not None:
            a_label = labelling.minutes_per_label / 60 * labelling.cost_per_hour
            a_day = labelling.labels_per_day
            unit = self.scenario.payoff.unit
            numbers["money"] = _range(
                f"get.{id}.money", few * a_label, many and many * a_label, unit
            )
            numbers["days"] = _range(
                f"get.{id}.days",
                math.ceil(few / a_day),
                many and math.ceil(many / a_day),
                "working days",
            )
        shares = (1.0, 1.0) if id == "recall" else _ends_of(among)
        if waits and shares is not None:
            numbers["weeks"] = self._weeks(id, few, many, *shares)
        return numbers

    def _weeks(
        self, id: str, few: int, many: int | None, least: float, most: float
    ) -> Number:
        """How many weeks of decisions hold so many that can be labelled."""
        volume = weekly_volume(self.scenario, self.record).value or 1.0
        soonest = math.ceil(few / (most * volume))
        latest = None
        if many is not None and least > 0:
            latest = math.ceil(many / (least * volume))
        return _range(f"get.{id}.weeks", soonest, latest, "weeks")


def _ends_of(share: Number | None) -> tuple[float, float] | None:
    if share is None or share.lo is None or not share.hi:
        return None
    return share.lo, share.hi


def _labels_for(rate: float, half_width: float) -> int:
    """Labels for a rate near ``rate`` to within ``half_width``, Wilson-checked."""
    nominal = Labelling(minutes_per_label=1, cost_per_hour=0, labels_per_day=1)
    return price_of_precision(rate, 0, half_width, labelling=nominal).needed


def _labels_that_tell(rate: float, acceptable: float) -> int | None:
    """Labels at which Wilson's whole interval lies on one side of ``acceptable``.

    At least `FEWEST_LABELS`; None where the rate is the acceptable one itself, or more
    than a million would not do.
    """

    def tells(n: int) -> bool:
        found = wilson(rate * n, n)
        return found.hi <= acceptable or found.lo > acceptable

    return fewest_rows(tells, FEWEST_LABELS, most=MOST_LABELS)


def _row(scenario: Scenario) -> ToGet:
    """What one row holds: a decision as it was known then, and how it turned out."""
    optional = (scenario.time, scenario.cluster, *scenario.groups)
    columns = [scenario.key, *(name for name in optional if name)]
    names = {"unit": scenario.decision.unit, "columns": ", ".join(columns)}
    if scenario.label is None:
        return ToGet("row", names=names, lacks=("label",))
    label = {"label": scenario.label.column, "means": scenario.label.means}
    return ToGet("row", names=names | label)


def _sources(scenario: Scenario) -> ToGet:
    """From how many sources: with fewer, ranges are only indicative."""
    least = _given("get.sources", FEW_SOURCES, "sources")
    names = {"sources": scenario.cluster_name}
    lacks = () if scenario.cluster else ("cluster",)
    return ToGet("sources", {"least": least}, names, lacks=lacks)


def _span(record: Record, today: date) -> ToGet:
    """Over which time: at least as long back as the promise lies ahead."""
    outcome = record.framing.outcome if record.framing else None
    by = last_day(outcome.by) if outcome else None
    if outcome is None or by is None or by <= today:
        return ToGet("span", lacks=("date",))
    days = (by - today).days
    names = {"by": outcome.by or "", "since": (today - (by - today)).isoformat()}
    return ToGet("span", {"days": _given("get.span", days, "days")}, names)


def _freshness(scenario: Scenario) -> tuple[ToGet, ...]:
    """How old the newest row may be, and how long its label takes to be known."""
    found = []
    if scenario.fresh_days is not None:
        days = _given("get.fresh", scenario.fresh_days, "days")
        found.append(ToGet("fresh", {"days": days}))
    delay = scenario.label.delay_days if scenario.label else None
    if delay:
        found.append(ToGet("delay", {"days": _given("get.delay", delay, "days")}))
    return tuple(found)


def _given(id: str, value: float, unit: str = "share") -> Number:
    return Number(id=id, value=float(value), unit=unit, assumed=True)


def _range(id: str, few: float, many: float | None, unit: str) -> Number:
    top = None if many is None else float(many)
    return stated_number(id, float(few), top, unit=unit)
