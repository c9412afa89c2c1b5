"""A pair that answers every panel as the pair of a scenario's shipped example did.

What to type stands in the scenario's own example-record.yaml, so that a journey that is
played here ends at the example's promise, reached by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.steps.conftest import Player, saved
from workshop.data.catalog import find_scenario, find_target
from workshop.record.agreed import Agreement
from workshop.record.choices import Record
from workshop.record.framed import Framing
from workshop.record.values import Clause, Policy, Role
from workshop.views.panels.agreement import write_action

PARKED = "who reads this in a year?"


@dataclass
class Pair(Player):
    """Two people, or one and a persona, at a scenario's panels.

    ``cheapest`` is the line that cost least when they drew theirs.
    """

    scenario: str = ""
    example: Record = field(init=False)
    cheapest: Policy | None = None

    def __post_init__(self) -> None:
        self.example = find_target(self.scenario).record

    def play(self, mode: str = "two") -> None:
        """Walk from the seats to the signatures."""
        self.file.create(Record(scenario=find_scenario(self.scenario).id))
        super().play(mode)

    def name(self, role: Role) -> str:
        """What the example calls that half."""
        (person,) = getattr(self.example.participants, role)
        return str(person.name)

    # -- 00 -------------------------------------------------------------------------

    def start(self, mode: str = "two") -> None:
        """Sit down, judge the cases, bet, and say how well one knows the other."""
        step = self.open("00")
        names = {"product_name": self.name("product")}
        names["engineering_name"] = self.name("engineering")
        if mode != "two":
            names = {f"{mode}_name": self.name(mode)}  # type: ignore[arg-type]
        saved(self.fill("00", step.who(), mode=mode, **names))
        self._judge(step)
        line = self.framed.counts_as_wrong
        saved(self.fill("00", step.what_is_wrong(), counts_as_wrong=line))
        panel = step.bets()
        for role in step.roles_here:
            self.seal(panel, role, **self._bet(role))
        step.people().buttons["show"].click()
        self._feel(step, "start")

    @property
    def framed(self) -> Framing:
        """The example's framing."""
        return self.example.framing or Framing()

    def _judge(self, step: Any) -> None:
        (cases,) = step.cases().panels
        for case in step.scenario.cases:
            for role in step.roles_here:
                word = getattr(self.example.cases, role)[case]
                cases.buttons[f"{role}.{word}"].click()
                self.cases += 1
            cases.buttons["next"].click()

    def _bet(self, role: Role) -> dict[str, str]:
        bet = self.example.bets.opened[role]
        three = (bet.expected_low, bet.expected_error, bet.expected_high)
        return {
            "tolerable_error": of_100(bet.tolerable_error),
            "expected": " ".join(of_100(share) for share in three),
            "ratio": f"{bet.ratio:g}",
            "fallback": bet.fallback,
            "owner": bet.owner,
            "guess": bet.guess,
        }

    def _feel(self, step: Any, moment: str) -> None:
        said = getattr(self.example.pulse, moment)
        for role, panel in zip(step.roles_here, step.pulse(moment).panels, strict=True):
            worry = str(getattr(said, role))
            saved(self.fill(step.id, panel, worry=worry))

    # -- 01 -------------------------------------------------------------------------

    def framing(self) -> None:
        """State the outcome, answer early questions, open, talk, expect."""
        step, said = self.open("01"), self.framed
        outcome = said.outcome.model_dump(by_alias=True)
        numbers = {part: f"{outcome[part]:g}" for part in ("from", "to")}
        asked = {**outcome, **numbers, "kind": said.kind}
        saved(self.fill("01", step.outcome(), **asked))
        early = ("harmed", "rule", "promised", "engineering_there")
        more = ("rule_checked_by", "promised_by")
        answers = {key: getattr(said, key) for key in (*early, *more)}
        saved(self.fill("01", step.questions(), **answers))
        self.ready(step)
        self._look_again(step)
        self._expect(step)

    def _look_again(self, step: Any) -> None:
        (round_,) = self.example.bets.rounds
        for role, panel in zip(step.roles_here, step.second_look().panels, strict=True):
            look = getattr(round_, role)
            tolerable, ratio = of_100(look.tolerable_error), f"{look.ratio:g}"
            saved(self.fill("01", panel, tolerable_error=tolerable, ratio=ratio))

    def _expect(self, step: Any) -> None:
        said = self.framed
        expected = said.expectations
        answers = {
            "acceptable_error": of_100(expected.acceptable_error),
            "fallback": expected.fallback,
            "success": expected.success,
            "cost_speed": expected.cost_speed,
            "ratio": f"{said.ratio:g}",
            "says": said.when_unsure.says,
            "last_word_today": said.last_word_today,
        }
        saved(self.fill("01", step.expectations(), **answers))

    # -- 02 to 04 -------------------------------------------------------------------

    def data(self) -> None:
        """Accept the risks that the example's pair lives with."""
        step = self.begin("02")
        panel = step.risks()
        for risk in self.example.data_review.accepted:
            answers = {"finding": risk.finding, "reason": risk.reason}
            saved(self.fill("02", panel, **answers))

    def line(self) -> None:
        """Lock the line that costs least."""
        step, said = self.begin("03"), self.example.threshold
        explorer, panel = step.curve().explorer, step.choose()
        self.cheapest = step.line.least_cost
        explorer.policy = self.cheapest
        words = {"because": said.because, "told_why": said.told_why}
        saved(self.fill("03", panel, **words))

    def option(self) -> None:
        """Take the example's option, with its floor for the business."""
        step, said = self.begin("04"), self.example.impact
        floor = said.business_floor
        side = "at_most" if floor.at_least is None else "at_least"
        answers = {
            "option": self.example.option,
            "because": said.because,
            "bound": f"{getattr(floor, side):g}",
            "side": side,
            "measure": floor.measure,
        }
        metric = {"metric": floor.metric} if floor.metric else {}
        saved(self.fill("04", step.choose(), **answers, **metric))

    # -- 05 -------------------------------------------------------------------------

    def agreement(self) -> None:
        """Promise, plan, park a line, and sign."""
        step, said = self.begin("05"), self.example.agreement or Agreement()
        saved(self.fill("05", step.rights()))
        saved(self.fill("05", step.clauses(), **clauses_typed(said.clauses)))
        when = {"retrospective": said.retrospective}
        saved(self.fill("05", step.escalation(), **when))
        meetings = {one.what: one.on for one in said.rituals}
        saved(self.fill("05", step.calendar(), **meetings))
        saved(self.fill("05", step.premortem(), **said.premortem))
        lines = {
            f"action_{n}": write_action(one) for n, one in enumerate(said.actions, 1)
        }
        saved(self.fill("05", step.actions(), **lines))
        saved(self.fill("05", step.parking(), text=PARKED))
        assert step.outside().save()  # as it is drafted
        self._feel(step, "end")
        for role, panel in zip(step.roles_here, step.sign().panels, strict=True):
            saved(self.fill("05", panel, name=self.name(role)))


def clauses_typed(clauses: tuple[Clause, ...]) -> dict[str, str]:
    """Return what is typed for some clauses: one measurer for all, others by name."""
    first = clauses[0].measured_by
    typed = {"labels_per_week": f"{first.labels_per_week:g}", "who": first.who}
    for place, one in enumerate(clauses, start=1):
        bound = one.at_least if one.at_most is None else one.at_most
        typed |= {
            f"metric_{place}": one.metric,
            f"bound_{place}": of_100(bound),
            f"owner_{place}": one.owner,
            f"then_{place}": one.then,
        }
        if one.measured_by != first:
            typed[f"own_labels_{place}"] = f"{one.measured_by.labels_per_week:g}"
            typed[f"own_who_{place}"] = one.measured_by.who
    return typed


def of_100(share: float) -> str:
    """Return a share as somebody types it."""
    return f"{100 * share:g}"
