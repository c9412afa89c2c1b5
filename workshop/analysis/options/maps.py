"""Where does which option win, and who is hit by it?

What the options of one record become on the flip map, and for each group of people.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.group_names import MOST, group_names
from workshop.analysis.groups import group_design_effects
from workshop.analysis.line import Line
from workshop.analysis.metrics import size_of
from workshop.analysis.options.by_group import GroupHit, hit_by_group
from workshop.analysis.options.compared import Options
from workshop.analysis.options.contender import Contender, OptionRows
from workshop.analysis.options.flip import FlipMap, flip_map
from workshop.analysis.options.joint import CLUSTERS
from workshop.analysis.options.offers import Offer, shown_costs
from workshop.analysis.options.places import PLACE
from workshop.analysis.policies import lines_of


def flip_of(options: Options) -> FlipMap | None:
    """Which option wins where; None without a ratio, or with one option only.

    None too where the rows kept aside of the option in play have one label. Left out is
    what has no rows, what shows the best few while nobody can price these, and what
    asks people about more than they have hours for.
    """
    evidence, shown = options.evidence, shown_costs(options.evidence)
    if evidence.ratio is None:
        return None
    priced = not np.isnan(shown).any()
    measured = [
        offer
        for offer in options.measured
        if (priced or offer.candidate.fallback != "alternatives")
        and (offer.id == options.in_play or fits(options, offer))
    ]
    if len(measured) < 2:
        return None
    contenders = [_contender(options, offer) for offer in measured]
    base = np.asarray(contenders[0].report.labels)
    if base.all() or not base.any():
        return None
    line = Line(evidence)
    capacity, told = line.reviews_per_week, {offer.id for offer in measured}
    return flip_map(
        contenders,
        reference=contenders[0].id,
        ratio=evidence.ratio,
        prevalence=float(base.mean()),
        review_cost=line.context.review_cost,
        reviewer=line.context.reviewer,
        alternatives=shown if priced else None,
        capacity_share=None if capacity is None else capacity / evidence.per_week,
        deff={offer.id: options.deff(offer.candidate) for offer in measured},
        pair_deff=pair_effects(options),
        absent=options.absent_answer,
        left_out=tuple(o.id for o in options.offers if o.id not in told),
    )


def fits(options: Options, offer: Offer) -> bool:
    """Whether people can look at all that an option sends to them in a week."""
    most = Line(options.evidence).reviews_per_week
    if most is None or options.answered_by_people(offer.candidate):
        return True
    cells = options.placed[offer.id].cells
    asked = (cells.asked_positive + cells.asked_negative) / size_of(cells)
    return asked * options.evidence.per_week <= most * (1 + 1e-9)


def pair_effects(options: Options) -> dict[frozenset[str], float]:
    """How much wider clusters make the difference of two options' costs, where drawn.

    The variance over draws of whole clusters beside that of as many single rows, both
    at the pair's own lines. Empty where rows were drawn: then the caller's own design
    effect stands in.
    """
    drawn, joint = options.drawn, options.joint
    if drawn.method != CLUSTERS:
        return {}
    costs = [np.nan_to_num(options.costs(name)) for name in drawn.options]
    counts = joint.counts.sum(axis=0)
    of_draws = [drawn.shares[:, k] @ cost for k, cost in enumerate(costs)]
    of_rows = [cost[joint.patterns[:, k]] for k, cost in enumerate(costs)]
    found = {}
    for one, other in combinations(range(len(costs)), 2):
        gap = of_rows[one] - of_rows[other]
        mean = counts @ gap / joint.rows
        alone = float(counts @ (gap - mean) ** 2) / joint.rows**2
        if alone > 0:
            wide = float(np.var(of_draws[one] - of_draws[other])) / alone
            pair = frozenset((drawn.options[one], drawn.options[other]))
            found[pair] = max(1.0, wide)
    return found


def hits_of(options: Options, option: str) -> dict[str, tuple[GroupHit, ...]]:
    """Who is hit by an option, by declared column."""
    evidence, candidate = options.evidence, options.offer(option).candidate
    rows, side = options.rows_of(candidate)
    return {
        column: hit_by_group(
            options.placed[option],
            evidence.values_of(column, rows)[side],
            column,
            deff=_group_effects(options, option, column),
        )
        for column in evidence.scenario.groups
    }


def _group_effects(options: Options, option: str, column: str) -> tuple[float, ...]:
    """How much wider its own clusters make each group's share of wrong decisions."""
    evidence, candidate = options.evidence, options.offer(option).candidate
    rows, side = options.rows_of(candidate)
    codes, groups = group_names(evidence.values_of(column, rows)[side], MOST)
    right = options.placed[option].codes != PLACE["fp"]
    clusters = None if rows.clusters is None else rows.clusters[side]
    seed = evidence.scenario.seed
    return group_design_effects(right, clusters, codes, groups, seed=seed)


def _contender(options: Options, offer: Offer) -> Contender:
    """An option as the flip map needs it: its rows on either side of the split."""
    evidence, candidate = options.evidence, offer.candidate
    rows, side = options.rows_of(candidate)
    few, kept = evidence.best_few.get(offer.id), evidence.kept(candidate)
    people = options.answered_by_people(candidate)

    def part(place: NDArray[np.intp]) -> OptionRows:
        labels = rows.labels[place]
        return OptionRows(
            labels=np.ones_like(labels) if people else labels,
            scores=rows.scores[place] if candidate.run else None,
            kept=None if kept is None else kept[place],
            hit=None if few is None else few.hit[place],
        )

    choose = None
    if candidate.run is not None and candidate.policy != "all":
        choose = part(np.flatnonzero(evidence.choosing(candidate.id)))
    price = options.price_of_people(candidate)
    alarm = evidence.payoff.false_alarm_cost
    return Contender(
        candidate.id,
        report=part(np.flatnonzero(side)),
        choose=choose,
        fallback=candidate.fallback,
        policy=candidate.policy,
        max_error=candidate.max_error,
        keep=(lines_of(offer.policy) if offer.policy else None) or (),
        review=None if price is None or alarm <= 0 else price / alarm,
    )
