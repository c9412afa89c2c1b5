"""The best that keeps every limit; and where nothing does, what it would take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from workshop.analysis.labels import LabelPrice
from workshop.analysis.limits import Goal, LimitCheck, Within, out_of_reach
from workshop.analysis.shortfall import LowerPromise, ReviewsNeeded, Shortfall
from workshop.record.values import Number, Policy
from workshop.views.recaps.threshold import cost_cell, cut_number, rate_cell
from workshop.views.section import (
    Block,
    Fold,
    Heading,
    Items,
    Paragraph,
    Table,
)
from workshop.views.wording import Said, in_a_row, say

Figures = Mapping[str, Number]
GIVES = ("coverage", "error_among_answered", "recall")


def limits_blocks(
    found: Mapping[Goal, Within],
    gives: Mapping[Goal, Figures],
    *,
    least_cost: Policy | None,
    reviewer_minutes: float | None,
    labels: Mapping[str, LabelPrice | None],
    currency: str = "",
) -> tuple[Block, ...]:
    """Say what is best within the limits, by each goal, or what it would take.

    Parameters
    ----------
    found
        The best by each goal that was looked for; the first is the pair's own.
    gives
        Figures of each policy found, on the same rows; none for a goal without one.
    least_cost
        The cheapest way without a person and without limits; None without a ratio.
    reviewer_minutes
        Minutes that one review takes; None where nobody said.
    labels
        By a limit's name, what it takes to tell the rate from the limit.
    currency
        Unit of money of ``labels``.
    """
    own = next(iter(found.values()))
    lead = within_line(own) if own.shortfall is None else _no_line(own.shortfall)
    blocks: list[Block] = [Heading(say("limits.title")), Paragraph(lead, "lead")]
    if own.shortfall is not None:
        blocks += _shortfall(own.shortfall, reviewer_minutes)
    else:
        blocks += _kept(found, gives, least_cost)
    priced = _label_lines(labels, currency)
    if priced:
        blocks += [Paragraph(say("limits.labels")), Items(priced)]
    return tuple(blocks)


def within_line(within: Within) -> Said:
    """Say in one sentence what is best within the limits, where something is."""
    policy = policy_said(within.policy, f"within.{within.goal}")
    if not within.checks:
        return say("limits.no_limits", policy=policy, goal=_goal(within.goal))
    key = f"limits.{_sureness(within.checks)}"
    return say(key, policy=policy, goal=_goal(within.goal))


def policy_said(policy: Policy | None, id: str) -> Said:
    """Say what a policy does; ``id`` heads the ids of its thresholds."""
    if policy is None:
        return say("limits.do_nothing_fits")
    values = {
        name: cut_number(f"{id}.{name}", cut)
        for name in ("act_at", "review_at")
        if (cut := getattr(policy, name)) is not None and math.isfinite(cut)
    }
    if policy.kind == "single" and "act_at" not in values:
        return say("limits.do_none" if policy.act_at > 0 else "limits.do_all")
    return say(f"limits.do_{policy.kind}", **values)


# --- where something qualifies -------------------------------------------------------


def _sureness(checks: Sequence[LimitCheck]) -> str:
    """Whether all limits are kept by the range too, and whether all were measured."""
    if any(check.holds is None for check in checks):
        return "kept_unmeasured"
    return "kept_unsure" if any(c.sure is False for c in checks) else "kept"


def _kept(
    found: Mapping[Goal, Within],
    gives: Mapping[Goal, Figures],
    least_cost: Policy | None,
) -> list[Block]:
    blocks: list[Block] = [_goals_table(found, gives)]
    if least_cost is not None:
        policy = policy_said(least_cost, "without_limits")
        blocks.append(Paragraph(say("limits.least_cost", policy=policy), "quiet"))
    if any(within.checks for within in found.values()):
        blocks.append(Fold(say("limits.checks"), (_checks_table(found),)))
    return blocks


def _goals_table(found: Mapping[Goal, Within], gives: Mapping[Goal, Figures]) -> Table:
    with_cost = any("expected_cost" in figures for figures in gives.values())
    heads = ("goal", "do", "coverage", "error", "recall") + ("cost",) * with_cost
    rows = []
    for goal, within in found.items():
        figures = gives.get(goal, {})
        cells = [rate_cell(figures.get(name)) for name in GIVES]
        if with_cost:
            cells.append(cost_cell(figures.get("expected_cost")))
        rows.append((_goal(goal), policy_said(within.policy, f"within.{goal}"), *cells))
    columns = tuple(say(f"limits.col_{head}") for head in heads)
    return Table(say("limits.goals_caption"), columns, tuple(rows))


def _checks_table(found: Mapping[Goal, Within]) -> Table:
    """A row for each limit, a column for each goal."""
    with_checks = {goal: each for goal, each in found.items() if each.checks}
    first = next(iter(with_checks.values())).checks
    rows = tuple(
        (
            rule_said(first[place]),
            *(
                check_said(each.checks[place], f"within.{goal}")
                for goal, each in with_checks.items()
            ),
        )
        for place in range(len(first))
    )
    columns = (say("limits.col_limit"), *(_goal(goal) for goal in with_checks))
    return Table(say("limits.checks_caption"), columns, rows)


def rule_said(limit: LimitCheck | LowerPromise) -> Said:
    """Say a limit as what must hold."""
    return _rule(limit.name, limit.bound, f"limit.{limit.name}")


def check_said(check: LimitCheck, id: str) -> Said:
    """Say whether a limit is kept, by the rows and by the range; ``id`` is the head."""
    number = check.number.model_copy(update={"id": f"{id}.{check.number.id}"})
    if check.holds is None:
        return say("limits.unmeasured")
    if number.value is None:
        return say("limits.without")
    state = {None: "holds", True: "holds_sure", False: "holds_unsure"}[check.sure]
    said = say(f"limits.{state if check.holds else 'broken'}")
    return say("limits.check", state=said, value=_value(check, number))


def _value(check: LimitCheck, number: Number) -> Said:
    if number.unit == "share" and number.lo is not None:
        return say("limits.value_share", number=number)
    return say(f"limits.value_{_UNITS.get(check.name, 'share_bare')}", number=number)


_UNITS = {
    "reviews_per_week": "reviews",
    "max_latency_ms_p95": "ms",
    "max_cost_per_decision": "money",
}


def _goal(goal: Goal) -> Said:
    return say(f"limits.goal_{goal}")


# --- where nothing qualifies ---------------------------------------------------------


def _no_line(short: Shortfall) -> Said:
    """That nothing qualifies, where what it would take stands right below."""
    return say("limits.none_short" if short.binding else "limits.none")


def _shortfall(short: Shortfall, minutes: float | None) -> list[Block]:
    ways = [_lower(promise) for promise in short.binding]
    if short.reviews is not None:
        ways.append(_as_counted(short.reviews, _by_people(short.reviews, minutes)))
    blocks: list[Block] = []
    if ways:
        blocks += [Paragraph(say("limits.ways")), Items(tuple(ways))]
    if short.nearest is not None:
        blocks.append(_nearest_table(short))
    return blocks


def _reachable(promise: LowerPromise) -> Said:
    """What could be promised, rounded so that it still holds."""
    value = kept_when_rounded(promise.name, promise.reachable or 0.0)
    return _rule(promise.name, value, f"reachable.{promise.name}")


def kept_when_rounded(name: str, value: float) -> float:
    """Round a bound to what the page shows of it, never to a stricter one.

    >>> kept_when_rounded("max_error_among_answered", 0.7639)
    0.77
    >>> kept_when_rounded("min_recall", 0.448)
    0.44
    """
    steps = {"reviews_per_week": 1.0, "max_latency_ms_p95": 1.0}
    step = steps.get(name, 100.0 if value >= 0.05 else 1000.0)
    if name == "max_cost_per_decision":
        step = 1e6
    # A product that misses a whole number by rounding alone still counts as one.
    scaled = round(value * step, 6)
    whole = math.floor(scaled) if name.startswith("min_") else math.ceil(scaled)
    return whole / step


def _lower(promise: LowerPromise) -> Said:
    policy = policy_said(promise.policy, f"reachable.{promise.name}")
    rule = rule_said(promise)
    if promise.reachable is None:
        return say("limits.drop", rule=rule, policy=policy)
    return say("limits.lower", lower=_reachable(promise), rule=rule, policy=policy)


def _as_counted(needed: ReviewsNeeded, way: Said) -> Said:
    """Add which limits are kept with people only, so that no table contradicts it."""
    for each in needed.counted:
        name = each.alone.name
        found = Number(id=f"reviews.{name}", value=each.with_people, rows="choose")
        alone = each.alone.number.model_copy(update={"id": f"reviews.alone.{name}"})
        way = in_a_row(way, say(f"limits.counted_{name}", found=found, alone=alone))
    return way


def _by_people(needed: ReviewsNeeded, minutes: float | None) -> Said:
    policy = policy_said(needed.policy, "reviews.needed")
    asked = Number(id="reviews.asked", value=needed.asked, rows="choose", unit="rows")
    if needed.per_week is None:
        return say("limits.people_rows", asked=asked, policy=policy)
    a_week = _stated("reviews.per_week", needed.per_week, "reviews a week")
    enough = {None: "unlimited", True: "enough", False: "too_many"}[needed.affordable]
    said = say(f"limits.people_{enough}")
    hours = needed.hours(minutes)
    if hours is None:
        return say("limits.people", a_week=a_week, policy=policy, enough=said)
    spent = _stated("reviews.hours", hours, "hours a week")
    return say(
        "limits.people_hours", a_week=a_week, hours=spent, policy=policy, enough=said
    )


def _nearest_table(short: Shortfall) -> Table:
    rows = tuple((rule_said(c), check_said(c, "nearest")) for c in short.checks)
    policy = policy_said(short.nearest, "nearest")
    columns = (say("limits.col_limit"), say("limits.col_there"))
    return Table(say("limits.nearest_caption", policy=policy), columns, rows)


def _label_lines(
    labels: Mapping[str, LabelPrice | None], currency: str
) -> tuple[Said, ...]:
    return tuple(
        _label_line(name, price, currency)
        for name, price in labels.items()
        if price is not None and price.more > 0
    )


def _label_line(name: str, price: LabelPrice, currency: str) -> Said:
    head = f"limits.labels.{name}"
    if out_of_reach(price):
        return say("limits.label_none", limit=say(f"limit.{name}"))
    values: dict[str, Number | Said | str] = {
        "more": _stated(f"{head}.more", price.more, "labels"),
        "cost": _stated(f"{head}.cost", price.cost, "money"),
        "days": _stated(f"{head}.days", price.days, "working days"),
        "limit": say(f"limit.{name}"),
        "unit": currency,
    }
    if price.more_sources is None:
        return say("limits.label_price", **values)
    sources = _stated(f"{head}.sources", price.more_sources, "sources")
    return say("limits.label_price_sources", sources=sources, **values)


def _rule(name: str, bound: float, id: str) -> Said:
    unit = _BOUND_IN.get(name, "share")
    return say(f"limits.rule_{name}", bound=_stated(id, bound, unit))


_BOUND_IN = {
    "reviews_per_week": "reviews a week",
    "max_latency_ms_p95": "ms",
    "max_cost_per_decision": "money",
}


def _stated(id: str, value: float, unit: str) -> Number:
    return Number(id=id, value=float(value), unit=unit, assumed=True)
