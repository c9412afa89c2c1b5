"""What was seen at the choice beside what happened, and since the last time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from workshop.analysis.retro.apart import DIFFERENCE
from workshop.analysis.retro.results import (
    CLOSE,
    PromiseHeld,
    Since,
    SinceLast,
    Verdict,
)
from workshop.record.agreed import Retrospective
from workshop.record.values import Number
from workshop.views.figures_retro import plot_then_now
from workshop.views.recaps.retrospective_held import held_said
from workshop.views.recaps.retrospective_words import (
    how_many,
    is_share,
    listed,
    metric_said,
    rate_said,
    tally,
    why_said,
)
from workshop.views.section import Block, Figure, Items, Paragraph, Table
from workshop.views.wording import Said, phrase, say

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def promise_blocks(held: Sequence[PromiseHeld]) -> tuple[Block, ...]:
    """Say how many figures held, and draw and list each then and now."""
    if not held:
        return (Paragraph(say("retro.promise_none")),)
    figure, table = promise_figure(held), promise_table(held)
    lead = Paragraph(promise_said(held))
    shown = figure if figure else table
    return (lead, *_agreed(held), shown, *held_together(held))


def held_together(held: Sequence[PromiseHeld]) -> tuple[Block, ...]:
    """Say how near "as seen" is, and that several ranges hold together."""
    given: dict[str, Any] = {"close": Number(id="retro.close", value=100 * CLOSE)}
    told = sum(one.difference.lo is not None for one in held)
    if not told:
        return ()
    key = "held_alone"
    if told > 1:
        key, given["figures"] = "held_together", how_many(told, "together")
    return (Paragraph(say(f"retro.{key}", **given), "quiet"),)


def promise_said(held: Sequence[PromiseHeld]) -> Said:
    """Say how many of the figures seen at the choice are as seen, better or worse."""
    found = [one.verdict for one in held]
    if len(held) == 1:
        part = say(f"retro.single_{found[0]}")
        return say("retro.promise_single", part=part)
    if len(set(found)) == 1:
        part = say(f"retro.all_{found[0]}")
        return say("retro.promise_all", total=how_many(len(held), "seen"), part=part)
    return say(
        "retro.promise_lead",
        total=how_many(len(held), "seen"),
        parts=tally("promise", found, VERDICTS),
    )


def _agreed(held: Sequence[PromiseHeld]) -> tuple[Block, ...]:
    """What the pair agreed to live with, where a figure is held against it."""
    return tuple(
        Paragraph(say(f"retro.promise_keeps_{one.keeps}", promised=one.promised))
        for one in held
        if one.keeps is not None and one.promised is not None
    )


def promise_table(held: Sequence[PromiseHeld]) -> Table:
    """Then, now and the difference, a row each."""
    heads = ("figure", "then", "now", "apart", "told")
    return Table(
        caption=say("retro.promise_caption"),
        columns=tuple(say(f"retro.col_{head}") for head in heads),
        rows=tuple(_row(one) for one in held),
    )


def _row(one: PromiseHeld) -> tuple[Said, ...]:
    told = say(f"retro.verdict_{one.verdict}")
    if one.why:
        told = say("retro.verdict_why", why=why_said(one.why))
    return (
        metric_said(one.metric),
        rate_said(one.then),
        rate_said(one.now),
        apart_said(one.difference),
        told,
    )


def apart_said(difference: Number) -> Said:
    """Say a difference in points with its range, or that there is none to say."""
    if difference.value is None or difference.lo is None or difference.hi is None:
        return say("retro.nothing_apart")
    if difference.unit not in ("share", DIFFERENCE):
        return rate_said(difference)
    return say("retro.apart", d=difference)


def promise_figure(held: Sequence[PromiseHeld]) -> Figure | None:
    """Draw each share then and now; None where none can be drawn."""
    shares = [o for o in held if is_share(o.metric) and o.then.value is not None]
    if not shares:
        return None
    svg = plot_then_now(
        [(metric_said(o.metric).text, o.then, o.now) for o in shares],
        xlabel=phrase("retro.promise_x"),
        labels={"then": phrase("retro.sign_then"), "now": phrase("retro.sign_now")},
    )
    return Figure(
        svg=svg,
        alt=say("retro.promise_alt", parts=listed([_alt_part(o) for o in shares])),
        twin=promise_table(held),
        twin_label=say("page.as_table"),
    )


def _alt_part(one: PromiseHeld) -> Said:
    given: dict[str, Any] = {"metric": metric_said(one.metric), "then": one.then}
    if one.now.value is None:
        return say("retro.promise_alt_part_none", **given)
    return say("retro.promise_alt_part", now=one.now, **given)


# --- since the last one --------------------------------------------------------------


def since_blocks(
    since: Since | None, within: Sequence[Retrospective] = ()
) -> tuple[Block, ...]:
    """Say what changed since the last retrospective, and whether it helped.

    ``within`` are those on some of the same days: they are told, not compared with.
    """
    nothing = since is None or since.why
    if nothing and within:
        told = tuple(_told(place, one) for place, one in enumerate(within))
        return (Paragraph(say("retro.since_within")), Items(told))
    if since is None:
        return (Paragraph(say("retro.since_first")),)
    lead = [Paragraph(say("retro.since_last", at=since.at[:10]))]
    if since.changed:
        lead.append(Paragraph(say("retro.since_changed", changed=since.changed)))
    if since.why:
        lead.append(Paragraph(why_said(since.why)))
    items = (*(_since_figure(f) for f in since.figures), *_since_clauses(since))
    return (*lead, Items(items)) if items else tuple(lead)


def _told(place: int, one: Retrospective) -> Said:
    days = {"first": one.first, "last": one.last}
    return say("retro.look_line", headline=held_said(one, place), **days)


def _since_figure(one: SinceLast) -> Said:
    metric = metric_said(one.metric)
    if one.before.value is None or one.after.value is None:
        return say("retro.since_figure_unknown", metric=metric)
    return say(
        f"retro.since_figure_{one.verdict}",
        metric=metric,
        before=one.before,
        after=one.after,
        d=one.difference,
    )


def _since_clauses(since: Since) -> tuple[Said, ...]:
    said = []
    for name, before, after in since.clauses:
        states = {
            "before": say(f"retro.state_{before}"),
            "after": say(f"retro.state_{after}"),
        }
        key = "since_clause_same" if before == after else "since_clause"
        said.append(say(f"retro.{key}", id=name, **states))
    return tuple(said)
