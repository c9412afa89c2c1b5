"""What the explorer is given, put together from the line's values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from workshop.analysis.bands import Band as ComputedBand
from workshop.analysis.exploring import case_line, cuts_to_show
from workshop.analysis.impact.assumptions import assumptions_of
from workshop.analysis.impact.week import OUTCOMES
from workshop.analysis.line import GROUPS, GroupedBy, Line
from workshop.analysis.readout import review_of, worth_of
from workshop.analysis.review_bands import above_all
from workshop.record.values import Policy, Role
from workshop.views.explorer.given import (
    DOTS,
    MOST_CUTS,
    Band,
    Counts,
    Dot,
    ExplorerGiven,
    Group,
    Jump,
    Worth,
)
from workshop.views.recaps.drawer_groups import group_said
from workshop.views.recaps.threshold import no_jump

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def explorer_given(
    line: Line,
    *,
    start: Policy | None,
    names: dict[Role, str],
    here: tuple[Role, ...],
    fallback: str,
) -> ExplorerGiven:
    """Gather the choosing rows' counts at some hundred cuts, and all that is marked."""
    evidence, curve = line.evidence, line.curve
    scenario, record = evidence.scenario, evidence.record
    cuts = cuts_to_show(curve, MOST_CUTS, keep=_kept(line, start))
    placed = case_line(curve, cuts, dots=DOTS)
    tp, fp = curve.counts_at(cuts)
    return ExplorerGiven(
        unit=scenario.decision.unit,
        act=scenario.decision.act,
        wrong=scenario.decision.wrong,
        fallback=fallback,
        cuts=cuts,
        above_all=above_all(curve),
        across=placed.across,
        ticks=placed.ticks,
        dots=tuple(Dot(d.across, d.up, d.positive, d.until) for d in placed.dots),
        counts=_counts((tp, fp), (curve.positives, curve.negatives), evidence.deff),
        per_week=evidence.per_week,
        start=start,
        band=_band(line.band(cuts)),
        groups=_groups(line.grouped(cuts[::-1], GROUPS)),
        money=_money(line),
        minutes=_minutes(line),
        ratio=evidence.ratio,
        limits=line.limits,
        jumps=_jumps(line),
        marks=dict(record.marks),
        names=names,
        here=here,
        few_sources=evidence.few_sources,
    )


def _kept(line: Line, start: Policy | None) -> tuple[float, ...]:
    shown = [policy for policy in (line.within.policy, start) if policy]
    cuts = [cut for policy in shown for cut in (policy.act_at, policy.review_at)]
    # A score typed above the last finite cut must be one that no row reaches.
    top = float(line.curve.thresholds[0])
    return (*line.marked, top, *(cut for cut in cuts if cut is not None))


def _counts(
    acted: tuple[Iterable[float], Iterable[float]],
    sizes: tuple[float, float],
    deff: float,
) -> Counts:
    tp, fp = (tuple(int(k) for k in counts) for counts in acted)
    return Counts(tp, fp, int(sizes[0]), int(sizes[1]), deff)


def _band(band: ComputedBand) -> Band:
    ends = (band.precision_lo, band.precision_hi, band.recall_lo, band.recall_hi)
    return Band(*(_ascending(end) for end in ends))


def _ascending(ends: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(end) else float(end) for end in ends[::-1])


def _groups(grouped: tuple[GroupedBy, ...]) -> tuple[Group, ...]:
    return tuple(
        Group(
            column=by.column,
            name=group_said(group, by.column).text,
            counts=_counts(
                (by.choose.tp[place][::-1], by.choose.fp[place][::-1]),
                (by.choose.positives[place], by.choose.negatives[place]),
                by.deffs[place],
            ),
        )
        for by in grouped
        for place, group in enumerate(by.choose.groups)
    )


def _money(line: Line) -> Worth:
    values, unit = worth_of(line.evidence), line.evidence.scenario.payoff.unit
    return Worth(
        unit=unit,
        tp=values.tp,
        fp=values.fp,
        fn=values.fn,
        tn=values.tn,
        asked_positive=values.asked_positive,
        asked_negative=values.asked_negative,
    )


def _minutes(line: Line) -> Worth | None:
    """People's minutes, as they are assumed: of each outcome, and of a review.

    A review takes its own minutes and then those of what the person decides; with no
    time of its own stated it is today's process, and takes that one's minutes alone.
    """
    evidence = line.evidence
    likely = assumptions_of(evidence.scenario, evidence.record).likely
    stated = {name: float(value) for name, value in likely.items()}
    today, own = stated.get("minutes_today"), stated.get("minutes_review")
    if today is None and own is None:
        return None
    tp, fp, fn, tn = (stated.get(f"minutes_{each}", 0.0) for each in OUTCOMES)
    review = review_of(evidence)
    right, clear = review.sensitivity, review.specificity
    positive = negative = today or 0.0
    if own is not None:
        positive = own + right * tp + (1 - right) * fn
        negative = own + clear * tn + (1 - clear) * fp
    return Worth(
        unit="minutes",
        tp=tp,
        fp=fp,
        fn=fn,
        tn=tn,
        asked_positive=positive,
        asked_negative=negative,
        today=today,
    )


def _jumps(line: Line) -> tuple[Jump, ...]:
    found: dict[str, Policy | None] = {
        "least_cost": line.least_cost,
        "best_within": line.within.policy,
        "today": line.today,
    }
    return tuple(
        Jump(name, policy, "" if policy else no_jump(name))  # type: ignore[arg-type]
        for name, policy in found.items()
    )
