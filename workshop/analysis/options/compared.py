"""Everything that follows about the options of one record, each part computed once.

Chosen on the choosing rows, compared on the rows kept aside that all of them decided.
The step, the report and the record's standing read the same object.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import chain
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.evidence import Evidence
from workshop.analysis.impact.assumptions import Assumptions, assumptions_of
from workshop.analysis.impact.estimate import Estimate, estimate
from workshop.analysis.impact.week import Shares
from workshop.analysis.metrics import Context, Reviewer, number_of
from workshop.analysis.options.joint import Drawn, Joint, draw, join
from workshop.analysis.options.offers import Offer, in_play, offers
from workshop.analysis.options.places import PLACE, Placed, place_costs, place_rows
from workshop.analysis.options.versus import Versus, compare
from workshop.analysis.readout import review_of
from workshop.analysis.running import running_cost
from workshop.data.candidates import Candidate
from workshop.data.source import ScoredRows
from workshop.errors import InputError
from workshop.record.choices import Assumed
from workshop.record.values import Number, Policy, PolicyKind

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

TRIVIAL = "trivial_"
"""Heads the ids of what anybody could do without a model: not an option by itself."""


@dataclass(frozen=True)
class Options:
    """All options of one record: where each stands, and what it comes to."""

    evidence: Evidence

    # what is on offer ----------------------------------------------------------

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Every option at its policy, in the order of the page."""
        hits = {name: few.hit for name, few in self.evidence.best_few.items()}
        return offers(self.evidence, hits)

    def offer(self, option: str) -> Offer:
        """The option of that id, of those offered, and of what anybody could do.

        Raises `InputError` where none is called so.
        """
        for found in chain(self.offers, self.trivial.values()):
            if found.id == option:
                return found
        known = ", ".join(offer.id for offer in self.offers)
        raise InputError(f"no option is called {option!r}; there are: {known}")

    @property
    def in_play(self) -> str:
        """The option that all others are held against: the taken, or the proposed."""
        return in_play(self.evidence)

    @cached_property
    def measured(self) -> tuple[Offer, ...]:
        """Options whose rows are counted, the one in play first."""
        counted = [o for o in self.offers if says_of_each_row(o.policy)]
        return tuple(sorted(counted, key=lambda o: o.id != self.in_play))

    @cached_property
    def _counted(self) -> tuple[Offer, ...]:
        """Measured options and, after them, acting on everyone and on no one."""
        return (*self.measured, *self.trivial.values())

    @cached_property
    def trivial(self) -> dict[PolicyKind, Offer]:
        """Acting on everyone and on no one, by the rows of the option in play."""
        own = self.evidence.candidate(self.in_play)
        run = own.run or self.evidence.scenario.proposed
        kinds: tuple[PolicyKind, PolicyKind] = ("all", "none")
        return {
            kind: Offer(
                Candidate(id=f"{TRIVIAL}{kind}", title="", run=run),
                "",
                Policy(kind=kind),
            )
            for kind in kinds
        }

    @cached_property
    def labels_differ(self) -> bool:
        """Whether the label belongs to an option's answer, and not to the row."""
        first, *others = self.evidence.runs.values()
        return any(_labels_differ(first, rows) for rows in others)

    # where each puts the rows kept aside ---------------------------------------

    @cached_property
    def placed(self) -> dict[str, Placed]:
        """Where each measured option puts the rows kept aside that all of them have."""
        return {offer.id: self.place(offer) for offer in self._counted}

    def place(self, offer: Offer) -> Placed:
        """The same for one option, without looking at any other's scores."""
        known: dict[str, Placed] = self.__dict__.get("placed", {})
        return known.get(offer.id) or self._place(offer)

    def _place(self, offer: Offer) -> Placed:
        assert offer.policy is not None
        evidence, candidate = self.evidence, offer.candidate
        rows, side = self.rows_of(candidate)
        few = evidence.best_few.get(offer.id)
        labels = rows.labels[side]
        if self.answered_by_people(candidate):
            labels = np.ones_like(labels)
        return place_rows(
            offer.id,
            rows.keys[side],
            labels,
            rows.scores[side],
            offer.policy,
            fallback=candidate.fallback,
            hit=None if few is None else few.hit[side],
        )

    def rows_of(self, candidate: Candidate) -> tuple[ScoredRows, Bools]:
        """An option's scored rows, and which are kept aside and had by all options."""
        name = self._name_of(candidate)
        return self.evidence.scored[name], self._sides[0][name]

    def _name_of(self, candidate: Candidate) -> str:
        """Under which name an option's scores are found; the proposed ones if none."""
        if candidate.run is None:
            return self.evidence.scenario.proposed
        known = candidate.id in self.evidence.scored
        return candidate.id if known else candidate.run

    @cached_property
    def _sides(self) -> tuple[dict[str, Bools], int]:
        """Rows kept aside that all measured options have, and how many only some have.

        By the name of the scores. Where all have the same, nothing is lost.
        """
        evidence = self.evidence
        names = dict.fromkeys(self._name_of(offer.candidate) for offer in self._counted)
        sides = {name: ~evidence.choosing(name) for name in (*names, *evidence.runs)}
        keys = [evidence.scored[name].keys[sides[name]] for name in names]
        if all(np.array_equal(keys[0], each) for each in keys[1:]):
            return sides, 0
        common = reduce(np.intersect1d, keys)
        if not len(common):
            raise InputError(
                "no row kept aside is had by every option; give runs that share keys, "
                "or leave one out"
            )
        lost = len(np.unique(np.concatenate(keys))) - len(common)
        found = {
            name: side & np.isin(evidence.scored[name].keys, common)
            for name, side in sides.items()
        }
        return found, lost

    def answered_by_people(self, candidate: Candidate) -> bool:
        """Where labels judge an answer, people without a model give their own.

        Every case then is one to act on, and rightly so as often as they are right.
        """
        people = candidate.run is None and candidate.fallback == "human"
        return people and self.labels_differ

    @cached_property
    def joint(self) -> Joint:
        """All measured options on the rows that all of them have."""
        first = self.measured[0]
        rows, side = self.rows_of(first.candidate)
        clusters = None if rows.clusters is None else rows.clusters[side]
        found = join(tuple(self.placed.values()), clusters)
        return replace(found, lost=self._sides[1])

    @cached_property
    def drawn(self) -> Drawn:
        """The same, in 10,000 other samples."""
        evidence = self.evidence
        deff = max(self.deff(offer.candidate) for offer in self.measured)
        return draw(self.joint, seed=evidence.scenario.seed, deff=deff)

    def shares(self, option: str) -> Shares:
        """An option's share of rows in each place, observed and in each draw."""
        return self._shares[option]

    @cached_property
    def _shares(self) -> dict[str, Shares]:
        drawn = self.drawn
        return {
            option: Shares(
                option,
                drawn.observed[place],
                # one place's draws side by side in memory: each is read many times
                _frozen(np.asfortranarray(drawn.shares[:, place])),
                running=self.running(option),
            )
            for place, option in enumerate(drawn.options)
        }

    # what that costs -----------------------------------------------------------

    def context(self, option: str) -> Context:
        """Prices for an option: people who work without a model have their own."""
        review = review_of(self.evidence)
        price = self.price_of_people(self.offer(option).candidate)
        alarm = self.evidence.payoff.false_alarm_cost
        own = review.price if price is None or alarm <= 0 else price / alarm
        who = Reviewer(review.sensitivity, review.specificity)
        return Context(ratio=self.evidence.ratio, review_cost=own, reviewer=who)

    def price_of_people(self, candidate: Candidate) -> float | None:
        """What one decision by people alone costs in money; None for a model."""
        if candidate.run is not None or candidate.fallback != "human":
            return None
        if candidate.cost is not None:
            return candidate.cost
        today = self.evidence.scenario.today.cost
        if today is not None and self.answered_by_people(candidate):
            return today
        return abs(self.evidence.payoff.review)

    def costs(self, option: str) -> Floats:
        """What a row in each place costs under an option, in false alarms.

        Where labels judge an option's own answer, each has other positives. What no
        line of its can bring, the worth of a right answer that it does not have, is
        then part of its cost: all are held against one that always answers rightly.
        """
        costs = place_costs(self.context(option), self.evidence.payoff)
        absent = self.absent_answer
        if not absent:
            return costs
        costs = costs.copy()
        costs[1::2] += absent  # in `PLACES` a negative's place follows a positive's
        return _frozen(costs)

    @property
    def absent_answer(self) -> float:
        """What a right answer that an option lacks would be worth, in false alarms."""
        payoff = self.evidence.payoff
        if not self.labels_differ or payoff.false_alarm_cost <= 0:
            return 0.0
        return max(0.0, payoff.tp - payoff.tn) / payoff.false_alarm_cost

    def error_draws(self, option: str) -> Floats:
        """The error among those acted on in each draw; NaN where none is."""
        drawn = self.shares(option).drawn
        acted = drawn[:, PLACE["tp"]] + drawn[:, PLACE["fp"]]
        found = np.full(len(acted), np.nan)
        np.divide(drawn[:, PLACE["fp"]], acted, out=found, where=acted > 0)
        return found

    @cached_property
    def versus(self) -> dict[str, Versus]:
        """Each other measured option against the one in play; none without a ratio."""
        if self.evidence.ratio is None or not self.stands or len(self.measured) < 2:
            return {}
        count = len(self.measured)
        drawn = replace(
            self.drawn,
            options=self.drawn.options[:count],
            observed=self.drawn.observed[:count],
            shares=self.drawn.shares[:, :count],
        )
        costs = np.array([self.costs(name) for name in drawn.options])
        found = compare(drawn, reference=drawn.options[0], costs=costs)
        return {each.option: each for each in found}

    # what it comes to ----------------------------------------------------------

    @cached_property
    def assumptions(self) -> Assumptions:
        """What is assumed, by the scenario and by the pair."""
        return assumptions_of(self.evidence.scenario, self.evidence.record)

    def assumptions_for(self, option: str) -> Assumptions:
        """The same for one option: people alone take their own price and time."""
        candidate, common = self.offer(option).candidate, self.assumptions
        price = self.price_of_people(candidate)
        if price is None:
            return common
        stated = dict(common.stated) | {"review": Assumed(likely=-price)}
        if self.labels_differ and "minutes_today" in stated:
            # people who answer instead of a model take their time, and nothing after
            stated["minutes_review"] = stated["minutes_today"]
            stated["minutes_tp"] = Assumed(likely=0.0)
            stated.pop("reviewer_hours", None)
        return replace(common, stated=MappingProxyType(stated))

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """What each measured option comes to in a week."""
        seed = self.evidence.scenario.seed
        return {
            name: estimate(self.shares(name), self.assumptions_for(name), seed=seed)
            for name in self.drawn.options
        }

    @property
    def stands(self) -> bool:
        """Whether the option in play can be counted at all."""
        return any(offer.id == self.in_play for offer in self.measured)

    def error(self, option: str) -> Number:
        """Error among those acted on, on the rows kept aside."""
        return number_of(
            "error_among_answered",
            self.placed[option].cells,
            rows="report",
            id=f"option.{option}.error_among_answered",
            deff=self.deff(self.offer(option).candidate),
        )

    def deff(self, candidate: Candidate) -> float:
        """The design effect of the run that an option rests on."""
        run = candidate.run or self.evidence.scenario.proposed
        return self.evidence.design_effect(run).deff

    def estimate_under(
        self, option: str, assumptions: Assumptions, measures: Collection[str]
    ) -> Estimate:
        """Some measures of an option under other assumptions, over the same draws."""
        seed = self.evidence.scenario.seed
        return estimate(self.shares(option), assumptions, seed=seed, measures=measures)

    def running(self, option: str) -> float | None:
        """Money a decision costs to run: as stated, or measured time at its price."""
        if any(option == offer.id for offer in self.trivial.values()):
            return None  # nobody needs a model for that
        return running_cost(self.evidence, self.offer(option).candidate)


def _frozen(values: Floats) -> Floats:
    values.flags.writeable = False
    return values


def says_of_each_row(policy: Policy | None) -> bool:
    """Whether a policy says what happens to each row: not by lot, not as today."""
    return policy is not None and policy.kind not in ("random", "today")


def _labels_differ(one: ScoredRows, other: ScoredRows) -> bool:
    if np.array_equal(one.keys, other.keys):
        return not np.array_equal(one.labels, other.labels)
    _, here, there = np.intersect1d(one.keys, other.keys, return_indices=True)
    return not np.array_equal(one.labels[here], other.labels[there])
