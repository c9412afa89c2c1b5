"""What is said of a line beyond the page: its limits, and what an engineer asks next.

Each function takes the line's values apart for one view. Before the lock nothing speaks
of the rows kept aside.
"""

from __future__ import annotations

import math

from workshop.analysis.group_shares import GroupShares, group_shares
from workshop.analysis.group_thresholds import GroupThresholds, group_thresholds
from workshop.analysis.labels import LabelPrice, labelling_of
from workshop.analysis.limits import Goal, Within, labels_to_tell
from workshop.analysis.line import GroupedBy, Line
from workshop.analysis.metrics import Counted
from workshop.analysis.prevalence import AtPrevalence, at_prevalence
from workshop.analysis.readout import (
    cells_of,
    figures_of,
    review_of,
    review_price,
)
from workshop.analysis.review_bands import band_grid, gain_of_more_reviews
from workshop.record.values import Number, Policy, Rows
from workshop.views.recaps.drawer import promise_blocks, sure_blocks
from workshop.views.recaps.drawer_costs import review_blocks, scores_blocks
from workshop.views.recaps.drawer_groups import groups_blocks
from workshop.views.recaps.drawer_prevalence import prevalence_blocks
from workshop.views.recaps.limits import limits_blocks
from workshop.views.section import Block, Fold
from workshop.views.wording import say

Figures = dict[str, Number]
COMPARED = ("coverage", "error_among_answered", "recall")
OFTEN = (0.5, 2.0)
"""Times the measured prevalence, in the table of other ones."""
RARE = (0.1, 0.01)
GOALS: tuple[Goal, ...] = ("cheapest", "most_recall", "least_error")


# --- limits --------------------------------------------------------------------------


def line_limits(line: Line) -> tuple[Block, ...]:
    """Give the best within the limits, by each goal, or what it would take."""
    goals = [g for g in GOALS if g != "cheapest" or line.evidence.ratio is not None]
    found = {goal: line.best(goal) for goal in goals}
    scenario = line.evidence.scenario
    return limits_blocks(
        found,
        {goal: _gives(line, goal, each) for goal, each in found.items() if each.policy},
        least_cost=line.least_cost,
        reviewer_minutes=scenario.reviewer.minutes,
        labels=_labels(line, line.within),
        currency=scenario.payoff.unit,
    )


def _gives(line: Line, goal: Goal, within: Within) -> Figures:
    assert within.cells is not None, "what qualifies has cells"
    return _figures(line, f"within.{goal}", within.cells, "choose")


def _figures(line: Line, prefix: str, cells: Counted, rows: Rows) -> Figures:
    return figures_of(
        prefix,
        cells,
        rows=rows,
        deff=line.evidence.deff,
        ratio=line.evidence.ratio,
        review=review_of(line.evidence),
    )


def _labels(line: Line, within: Within) -> dict[str, LabelPrice | None]:
    """What it takes to tell each rate from the limit that it keeps."""
    labelling = labelling_of(line.evidence.scenario)
    if labelling is None:
        return {}
    clusters = line.evidence.sources_of("choose")
    return {
        check.name: labels_to_tell(
            check, labelling=labelling, deff=line.evidence.deff, clusters=clusters
        )
        for check in within.checks
        if check.sure is False
    }


# --- the drawer ----------------------------------------------------------------------


def drawer_blocks(
    line: Line, policy: Policy, *, locked: bool, brief: bool = False
) -> tuple[Block, ...]:
    """Give each part behind one line.

    ``brief`` is for a page to read: without the map of all pairs of lines, and of a
    line for each group what it brings and costs, without its table.
    """
    best = line.best_promise
    parts = {
        "sure": _sure(line, policy),
        "promise": promise_blocks(line.asked, best, line.promised if locked else None),
        "review": _review(line, brief=brief),
        "groups": _groups(line, policy, locked=locked, brief=brief),
        "scores": scores_blocks(line.reading, line.cuts_compared) if locked else (),
        "prevalence": prevalence_blocks(_prevalences(line, policy, locked=locked)),
    }
    shown = ((name, inside) for name, inside in parts.items() if inside)
    return tuple(Fold(say(f"drawer.part_{name}"), inside) for name, inside in shown)


def _sure(line: Line, policy: Policy) -> tuple[Block, ...]:
    chosen = None
    if policy.act_at is not None:
        point = line.curve.at(policy.act_at)
        chosen = policy.act_at, _figures(line, "chosen_on", point, "choose")
    return sure_blocks(
        *line.shares,
        *line.bands,
        again=line.again,
        optimism=line.optimism,
        chosen=chosen,
    )


def _review(line: Line, *, brief: bool) -> tuple[Block, ...]:
    best, evidence = line.best_band, line.evidence
    if best is None:
        return review_blocks(None, None)
    cuts = [c for c in (best.policy.act_at, best.policy.review_at) if c is not None]
    return review_blocks(
        best,
        None if brief else band_grid(line.curve, line.context, keep=cuts),
        figures=_figures(line, "best_band", best.cells, "choose"),
        gain=_gain(line),
        price=review_price(evidence),
        reviews_per_week=line.reviews_per_week,
    )


def _gain(line: Line) -> tuple[float, float] | None:
    """An hour's further reviews a week, and what each would save; None if unlimited."""
    minutes = line.evidence.reviewer.minutes
    if line.capacity is None or minutes is None:
        return None
    further = 60 / minutes
    more = max(1.0, further / line.evidence.per_week * line.curve.n)
    saved = gain_of_more_reviews(
        line.curve, line.context, capacity=line.capacity, more=more
    )
    return further, saved


def _groups(
    line: Line, policy: Policy, *, locked: bool, brief: bool
) -> tuple[Block, ...]:
    if policy.kind in ("random", "today"):
        return ()
    cuts = [cut for cut in (policy.act_at, policy.review_at) if cut is not None]
    return tuple(
        block
        for by in line.groups_at(cuts)
        for block in groups_blocks(
            by.column,
            *(_shares(line, by, metric, policy, locked=locked) for metric in COMPARED),
            own=_own(line, by, policy) if locked else (),
            brief=brief,
        )
    )


def _shares(
    line: Line, by: GroupedBy, metric: str, policy: Policy, *, locked: bool
) -> GroupShares:
    ends = {"all": -math.inf, "none": math.inf}
    act_at = ends.get(policy.kind, policy.act_at)
    side: Rows = "report" if locked else "choose"
    counted = by.report if locked else by.choose
    return group_shares(
        metric,
        counted.at(act_at, policy.review_at),
        rows=side,
        id=f"groups.{by.column}",
        deff=line.evidence.deff,
        deffs=by.deffs,
    )


def _own(line: Line, by: GroupedBy, policy: Policy) -> tuple[GroupThresholds, ...]:
    """Lines of each group's own, in two ways; none without a line and a ratio."""
    if policy.act_at is None or line.evidence.ratio is None:
        return ()
    return tuple(
        group_thresholds(
            aim,
            "recall",
            by.choose,
            by.report,
            common=policy.act_at,
            ratio=line.evidence.ratio,
            id=f"groups.{by.column}.{aim}",
            deff=line.evidence.deff,
            deffs=by.deffs,
        )
        for aim in ("equal", "cheapest")
    )


def _prevalences(
    line: Line, policy: Policy, *, locked: bool
) -> tuple[AtPrevalence, ...]:
    if policy.kind in ("random", "today"):
        return ()
    side: Rows = "report" if locked else "choose"
    curve = line.evidence.curve(side)
    own = curve.positives / curve.n
    others = {own, *(own * times for times in OFTEN if own * times < 1), *RARE}
    return tuple(
        prevalence_at(line, policy, share, side) for share in sorted(others)[::-1]
    )


def prevalence_at(line: Line, policy: Policy, share: float, rows: Rows) -> AtPrevalence:
    """Re-weight a policy's figures to a stated share of positives."""
    return at_prevalence(
        cells_of(line.evidence, policy, rows),
        share,
        rows=rows,
        context=line.context,
        deff=line.evidence.deff,
    )
