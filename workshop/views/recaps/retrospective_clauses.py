"""Each promise: kept, broken or cannot tell, week by week, and what telling costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workshop.analysis.clause_words import window_days
from workshop.analysis.retro.results import ClauseHeld, Week
from workshop.record.agreed import Agreement, Escalation
from workshop.record.terms import ESCALATIONS, METRICS
from workshop.record.values import Clause, Number
from workshop.views.figures_retro import plot_weeks
from workshop.views.recaps.common import owner_said
from workshop.views.recaps.retrospective_words import (
    STATES,
    Words,
    how_many,
    is_share,
    metric_said,
    rate_said,
    tally,
    why_said,
)
from workshop.views.section import Block, Card, Figure, Paragraph, Table
from workshop.views.wording import Said, phrase, say

ASKED = {
    ("open", False): "retro.asked_bare",
    ("now", False): "retro.asked_bare_now",
    ("one", False): "retro.asked_bare_one",
    ("days", False): "retro.asked_bare_days",
    ("open", True): "retro.asked_open",
    ("now", True): "retro.asked_now",
    ("one", True): "retro.asked_one",
    ("days", True): "retro.asked_days",
}
"""By how soon somebody is asked, and whether anything happens meanwhile."""
BOTH = 2
LEVEL = 0.95
"""Of the ranges that stand elsewhere on the page."""
WEEKS_TO_DRAW = 2
"""With fewer there is no course to see."""


def states_said(held: Sequence[ClauseHeld]) -> Said:
    """Say how many promises are kept, broken and cannot be told."""
    if not held:
        return say("retro.headline_no_clauses")
    found = [one.state for one in held]
    if len(held) == 1:
        return say(f"retro.headline_single_{found[0]}")
    total = how_many(len(held), "clauses")
    if len(set(found)) == 1:
        size = "both" if len(held) == BOTH else "all"
        return say(f"retro.headline_{size}_{found[0]}", total=total)
    return say("retro.headline_mixed", total=total, parts=tally("part", found, STATES))


def clause_blocks(
    held: Sequence[ClauseHeld], agreement: Agreement, words: Words
) -> tuple[Block, ...]:
    """One card a promise, and below it the picture of its weeks."""
    blocks: list[Block] = []
    for one in held:
        picture = weeks_figure(one)
        blocks += [clause_card(one, agreement, words), *([picture] if picture else [])]
    if any(one.number.level is not None and one.number.level < LEVEL for one in held):
        blocks.append(Paragraph(say("retro.one_sided"), "quiet"))
    return tuple(blocks)


def clause_card(one: ClauseHeld, agreement: Agreement, words: Words) -> Card:
    """Say where a promise stands, and what follows from that."""
    return Card(
        title=clause_title(one.clause, one.bound),
        tag=say(f"retro.state_{one.state}"),
        said=(
            say(f"metric.{one.clause.metric}.product"),
            *_counted(one),
            _standing(one),
        ),
        ways=(*_cost(one, words), *_escalated(one, agreement)),
        foot=_watched(one),
        grave=one.state == "broken",
    )


def clause_title(clause: Clause, bound: Number) -> Said:
    """Say what was promised."""
    kind = "clause_share" if is_share(clause.metric) else "clause_amount"
    said = say(
        f"retro.{kind}.{side_of(clause)}",
        id=clause.id,
        metric=metric_said(clause.metric),
        bound=bound,
    )
    if not clause.slice:
        return said
    return say("retro.clause_slice", clause=said, slice=clause.slice)


def side_of(clause: Clause) -> str:
    """Say which side of its bound a clause allows."""
    return "at_least" if clause.at_most is None else "at_most"


def _counted(one: ClauseHeld) -> tuple[Said, ...]:
    if one.number.value is None:
        return ()
    rate = rate_said(one.number)
    if not one.window.last:
        return (say("retro.counted_undated", rate=rate),)
    given = {"window": one.clause.window, "last": one.window.last}
    days = _days_there(one)
    if days >= (window_days(one.clause.window) or 0):
        return (say("retro.counted", rate=rate, **given),)
    size = "day" if days == 1 else "days"
    there = Number(id=f"retro.{one.id}.days", value=float(days), unit="days")
    return (say(f"retro.counted_{size}", rate=rate, days=there, **given),)


def _days_there(one: ClauseHeld) -> int:
    """How many days of the window the rows cover."""
    first, last = map(date.fromisoformat, (one.window.first, one.window.last))
    return (last - first).days + 1


def _standing(one: ClauseHeld) -> Said:
    if one.why:
        return why_said(one.why)
    if one.state != "broken":
        return say(f"retro.{one.state}")
    return say(
        "retro.broken",
        then=one.clause.then or say("agreement.nothing"),
        owner=owner_said(one.clause.owner),
    )


def _cost(one: ClauseHeld, words: Words) -> tuple[Said, ...]:
    """What telling would take, where more rows are all that is missing."""
    if one.state != "cannot_tell":
        return ()
    if one.more is None:
        return () if one.why else (say("retro.more_never"),)
    kind = "more" if METRICS[one.clause.metric].needs_labels else "more_rows"
    said = [say(f"retro.{kind}", more=one.more)]
    if one.weeks is not None:
        size = "week" if one.weeks.value == 1 else "weeks"
        said.append(say(f"retro.{size}", weeks=one.weeks))
    if one.window_weeks is not None:
        kind = "too_short" if one.a_week is None else "too_short_or_more"
        needs = {"longer": one.window_weeks, "window": one.clause.window}
        more = {} if one.a_week is None else {"a_week": one.a_week}
        said.append(say(f"retro.{kind}", **needs, **more))
    if one.price is not None:
        said.append(say("retro.price", price=one.price, currency=words.currency))
    return tuple(said)


def _escalated(one: ClauseHeld, agreement: Agreement) -> tuple[Said, ...]:
    """Who is asked now, where a promise is broken."""
    if one.state != "broken":
        return ()
    return tuple(
        _asked(call, f"{one.id}.{place}")
        for place, call in enumerate(agreement.escalation)
        if call.when.startswith(ESCALATIONS["clause_broken"])
    )


def _asked(call: Escalation, about: str) -> Said:
    within = {None: "open", 0: "now", 1: "one"}.get(call.within_days, "days")
    key = ASKED[within, bool(call.meanwhile)]
    days = Number(
        id=f"retro.escalation.{about}.days",
        value=float(call.within_days or 0),
        unit="days",
        assumed=True,
    )
    return say(key, to=call.to, meanwhile=call.meanwhile, days=days)


def _watched(one: ClauseHeld) -> Said | None:
    if one.alarm:
        return say("retro.alarm", week=one.alarm)
    watched = any(look.starts and look.reached is not None for look in one.looks)
    calm = "calm_all_the_same" if one.state == "broken" else "calm"
    return say(f"retro.{calm}") if watched else None


# --- week by week --------------------------------------------------------------------


def weeks_figure(one: ClauseHeld) -> Figure | None:
    """Draw a promise week by week; None where there are no weeks to see."""
    weeks = [look for look in one.looks if look.starts]
    seen = [look for look in weeks if look.number.value is not None]
    bound, window = one.bound.value, one.window
    if len(seen) < WEEKS_TO_DRAW or bound is None:
        return None
    svg = plot_weeks(
        [(look.starts, look.number) for look in weeks],
        bound=bound,
        at_most=side_of(one.clause) == "at_most",
        whole=(window.first, window.last, one.number) if window.last else None,
        alarm=one.alarm,
        labels=_weeks_labels(one),
    )
    return Figure(
        svg=svg,
        alt=_weeks_alt(one, seen),
        twin=_weeks_table(one, seen),
        twin_label=say("page.as_table"),
    )


def _weeks_labels(one: ClauseHeld) -> dict[str, str]:
    share, metric = is_share(one.clause.metric), metric_said(one.clause.metric)
    kind = "weeks_bound" if share else "weeks_amount"
    bound = say(f"retro.{kind}.{side_of(one.clause)}", bound=one.bound)
    return {
        "y": phrase("retro.weeks_y") if share else metric.text,
        "bound": bound.text,
        "whole": say("retro.weeks_whole", window=one.clause.window).text,
        "alarm": phrase("retro.weeks_alarm"),
    }


def _weeks_alt(one: ClauseHeld, seen: Sequence[Week]) -> Said:
    beyond = sum(is_beyond(one, look.number) for look in seen)
    called = (
        say("retro.weeks_called", week=one.alarm)
        if one.alarm
        else say("retro.weeks_calm")
    )
    return say(
        "retro.weeks_alt" if is_share(one.clause.metric) else "retro.weeks_alt_amount",
        metric=metric_said(one.clause.metric),
        first=seen[0].starts,
        last=seen[-1].starts,
        side=say(f"retro.side_{side_of(one.clause)}"),
        bound=one.bound,
        beyond=how_many(beyond, f"{one.id}.beyond"),
        weeks=how_many(len(seen), f"{one.id}.weeks"),
        called=called,
    )


def is_beyond(one: ClauseHeld, number: Number) -> bool:
    """Say whether a figure itself, whatever its range, lies beyond the limit."""
    if number.value is None or one.bound.value is None:
        return False
    if side_of(one.clause) == "at_most":
        return number.value > one.bound.value
    return number.value < one.bound.value


def _weeks_table(one: ClauseHeld, seen: Sequence[Week]) -> Table:
    heads = ("week", "rate", "called")
    return Table(
        caption=say("retro.weeks_caption", metric=metric_said(one.clause.metric)),
        columns=tuple(say(f"retro.col_{head}") for head in heads),
        rows=tuple(
            (
                say("retro.win_said", what=look.starts),
                rate_said(look.number),
                say("retro.called_here" if look.alarm else "retro.quiet_here"),
            )
            for look in seen
        ),
    )
