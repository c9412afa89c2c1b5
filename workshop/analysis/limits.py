"""What is the best that keeps the limits, and if nothing does, what would it take?

Every cut of the curve is looked at. Point estimates on these rows decide what
qualifies, as a pair reads them from the curve; a promise needs more than that (a
guarantee, shown on rows kept aside).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import get_args

from workshop.analysis.curve import ThresholdCurve
from workshop.analysis.labels import Labelling, LabelPrice, price_of_telling
from workshop.analysis.limited_cuts import (
    Bools,
    Goal,
    GroupGaps,
    LimitCheck,
    LimitedCuts,
)
from workshop.analysis.metrics import NO_CONTEXT, Context
from workshop.analysis.policies import Cells, count_cells
from workshop.analysis.review_bands import best_band, capacity_of
from workshop.analysis.shortfall import Shortfall, find_shortfall
from workshop.errors import InputError
from workshop.record.values import Limits, Policy, Rows

__all__ = [
    "Goal",
    "GroupGaps",
    "LimitCheck",
    "Shortfall",
    "Within",
    "best_within",
    "labels_to_tell",
    "out_of_reach",
]

MOST_TIMES = 100
"""More labels than so many times those at hand are no way out for anybody."""


@dataclass(frozen=True, slots=True)
class Within:
    """The best policy within the limits with its checks, or the shortfall."""

    goal: Goal
    policy: Policy | None
    cells: Cells | None
    checks: tuple[LimitCheck, ...]
    shortfall: Shortfall | None


def best_within(
    curve: ThresholdCurve,
    limits: Limits,
    *,
    goal: Goal = "most_recall",
    context: Context = NO_CONTEXT,
    per_week: float | None = None,
    group_gap: GroupGaps | None = None,
    band: bool = False,
    rows: Rows = "choose",
    deff: float = 1.0,
) -> Within:
    """Find the best among all cuts that keep the limits, or say what is missing.

    Parameters
    ----------
    curve, limits
        Counts at every cut, and what must hold there.
    goal
        ``most_recall``; ``least_error`` among answered; ``cheapest``, which needs the
        context's ratio. Of equal ones the highest threshold, but for ``least_error``
        the lowest, which answers most.
    context
        Ratio, review price and reviewer; ``latency_ms`` and ``cost`` as measured, which
        no cut changes: they are checked once.
    per_week
        Decisions a week, to count reviews; needed with ``band`` and a limit on these.
    group_gap
        Differences between groups; without them that limit cannot be checked.
    band
        For the cheapest: look at every review band too. Limits on rates and groups then
        hold for what is acted on without a person, as `metrics` defines them.
    rows, deff
        Of the intervals beside each check.

    Point estimates decide. Acting on no one has no precision or error and does not keep
    a limit on these; it is looked at for the cheapest only. What was not measured
    excludes nothing and is checked as None. Raises `InputError` on a goal that is
    unknown or lacks what it needs.
    """
    _check(goal, limits, context, per_week, band)
    cuts = LimitedCuts(curve, limits, goal, context, per_week, group_gap, rows, deff)
    keep = cuts.keeping()
    if not keep.any():
        return Within(goal, None, None, (), find_shortfall(cuts))
    policy = _best_band(cuts, keep) if band else cuts.policy(cuts.best(keep))
    return Within(goal, policy, count_cells(policy, curve), cuts.checks(policy), None)


def labels_to_tell(
    check: LimitCheck,
    *,
    labelling: Labelling,
    deff: float = 1.0,
    clusters: int | None = None,
) -> LabelPrice | None:
    """Price labels until a rate as it is now would be told from the limit it keeps.

    Labels are of rows acted on for precision and error among answered: scores pick
    these. For recall they are of rows drawn as they come, of which only positives count
    (needed / prevalence, Buderer 1996). None where more labels are no way out: the
    estimate breaks the limit or equals it, it is no rate, or it is a rate without
    labels, as coverage is. Ask `out_of_reach` of what is found.
    """
    value, n = check.number.value, check.number.n
    if check.holds is not True or value is None or not n or value == check.bound:
        return None
    # Latency has measurements and no share of them; coverage counts rows alone.
    if check.number.unit != "share" or check.name == "min_coverage":
        return None
    each = check.labels_each
    slower = replace(
        labelling,
        minutes_per_label=labelling.minutes_per_label * each,
        labels_per_day=labelling.labels_per_day / each,
    )
    found = price_of_telling(
        value, n, check.bound, labelling=slower, deff=deff, clusters=clusters
    )
    return replace(
        found,
        now=round(found.now * each),
        needed=math.ceil(found.needed * each),
        more=math.ceil(found.more * each),
    )


def out_of_reach(price: LabelPrice) -> bool:
    """Whether no sensible number of labels tells a rate from its limit.

    More than a hundred times the labels at hand: then it lies as good as at the limit.
    """
    return price.more > MOST_TIMES * price.now


def _best_band(cuts: LimitedCuts, keep: Bools) -> Policy:
    most, capacity = cuts.bounds.get("reviews_per_week"), None
    if most is not None and cuts.per_week is not None:
        capacity = capacity_of(most, rows=cuts.curve.n, per_week=cuts.per_week)
    found = best_band(cuts.curve, cuts.context, capacity=capacity, allowed=keep)
    return found.policy


def _check(
    goal: Goal, limits: Limits, context: Context, per_week: float | None, band: bool
) -> None:
    if goal not in get_args(Goal):
        raise InputError(f"unknown goal {goal!r}; one of {', '.join(get_args(Goal))}")
    ratio = context.ratio
    if goal == "cheapest" and (ratio is None or not 0 < ratio < math.inf):
        raise InputError(f"the cheapest needs what one miss is worth, not {ratio}")
    if band and goal != "cheapest":
        raise InputError("review bands are weighed by cost: ask for the cheapest")
    if band and limits.reviews_per_week is not None and per_week is None:
        raise InputError("a limit on reviews a week needs the decisions a week")
