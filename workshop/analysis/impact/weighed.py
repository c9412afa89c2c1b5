"""What the option in play comes to: beside doing without, what matters, what breaks it.

Each part is computed once when it is first asked for, over the draws that all options
share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from workshop.analysis.impact.assumptions import Assumptions
from workshop.analysis.impact.break_even import BreakEven, break_evens
from workshop.analysis.impact.drift import Drift, what_if
from workshop.analysis.impact.estimate import Estimate, estimate
from workshop.analysis.impact.floors import DualFloors, dual_floors
from workshop.analysis.impact.tornado import Tornado, tornado
from workshop.analysis.impact.week import Shares
from workshop.analysis.options.compared import TRIVIAL, Options
from workshop.analysis.options.places import PLACE
from workshop.analysis.options.versus import Versus
from workshop.data.candidates import Candidate
from workshop.record.choices import Floor


@dataclass(frozen=True)
class Weighed:
    """The impact of the options of one record, with the one in play before all."""

    options: Options

    @property
    def own(self) -> str:
        """The option in play."""
        return self.options.in_play

    @property
    def floor(self) -> Floor | None:
        """The pair's business floor, if it has set one."""
        impact = self.options.evidence.record.impact
        return impact.business_floor if impact else None

    @cached_property
    def ways(self) -> dict[str, Estimate]:
        """A week as in play, on everyone, on no one, and by lot at the same volume."""
        options = self.options
        found = {"chosen": options.estimates[self.own]} if options.stands else {}
        found |= {
            kind: options.estimates[offer.id] for kind, offer in options.trivial.items()
        }
        return found | ({"random": self._by_lot} if options.stands else {})

    @cached_property
    def _by_lot(self) -> Estimate:
        """As many as the option in play acts on, by lot: the mean over all lots."""
        options = self.options
        own = options.shares(self.own).observed
        volume = float(own[PLACE["tp"]] + own[PLACE["fp"]])
        everyone, nobody = (options.shares(o.id) for o in options.trivial.values())
        mixed = Shares(
            f"{TRIVIAL}random",
            volume * everyone.observed + (1 - volume) * nobody.observed,
            volume * everyone.drawn + (1 - volume) * nobody.drawn,
        )
        seed = options.evidence.scenario.seed
        return estimate(mixed, options.assumptions, seed=seed)

    @cached_property
    def floors(self) -> dict[str, DualFloors]:
        """Both floors of every measured option."""
        options = self.options
        return {
            offer.id: dual_floors(
                options.estimates[offer.id],
                options.error_draws(offer.id),
                options.error(offer.id),
                acceptable=options.evidence.acceptable_error,
                floor=self.floor,
            )
            for offer in options.measured
        }

    @property
    def rival(self) -> str | None:
        """What the option in play has to beat first.

        The cheapest of those that the rows tell to cost less; else doing nothing, if
        that is offered; else the first that a model decides. People alone have prices
        of their own, and no single value turns the choice.
        """
        options = self.options
        others = [
            offer.candidate
            for offer in options.measured
            if offer.id != self.own and not by_people(offer.candidate)
        ]
        beside = options.versus
        told = [c.id for c in others if c.id in beside and costs_less(beside[c.id])]
        told.sort(key=lambda option: beside[option].cost.value or 0.0)
        idle = [c.id for c in others if c.run is None and c.policy != "all"]
        scored = [c.id for c in others if c.run is not None]
        return next(iter([*told, *idle, *scored]), None)

    @cached_property
    def break_evens(self) -> tuple[BreakEven, ...]:
        """Where each value would turn the choice between the option and its rival."""
        options = self.options
        if self.rival is None or not options.stands:
            return ()
        one, other = options.shares(self.own), options.shares(self.rival)
        own, seed = options.assumptions_for(self.own), options.evidence.scenario.seed
        return break_evens(one, other, own, seed=seed)

    @cached_property
    def tornado(self) -> Tornado | None:
        """What matters most for a week's money of the option in play."""
        return self.tornado_under(self.options.assumptions_for(self.own))

    def tornado_under(self, assumptions: Assumptions) -> Tornado | None:
        """The same under other assumptions; None where nothing is counted."""
        if not self.options.stands:
            return None
        return tornado(self.options.shares(self.own), assumptions)

    @cached_property
    def drift(self) -> Drift | None:
        """The option in play in other weeks; None where nothing is counted."""
        options = self.options
        if not options.stands:
            return None
        return what_if(
            options.shares(self.own),
            options.assumptions_for(self.own),
            base=options.estimates[self.own],
            error=options.error(self.own),
            acceptable=options.evidence.acceptable_error,
            floor=self.floor,
        )


def by_people(candidate: Candidate) -> bool:
    """Whether people decide all of it, without a model."""
    return candidate.run is None and candidate.fallback == "human"


def costs_less(beside: Versus) -> bool:
    """Whether the rows tell an option to cost less than the one in play."""
    return beside.separated and (beside.cost.value or 0.0) < 0
