"""Did the figures that were seen at the choice hold on the new rows?

Then and now are other rows, so that Newcombe's interval for independent samples says
how far they are apart, both at their effective size. Several differences are held
together (Bonferroni), and a figure that is another's complement is no second one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from workshop.analysis.clauses import hold
from workshop.analysis.intervals import family_level, rate
from workshop.analysis.metrics import SHARES, count_of
from workshop.analysis.readout import WITH_REVIEW
from workshop.analysis.retro.apart import apart, verdict_on
from workshop.analysis.retro.new_rows import NewRows
from workshop.analysis.retro.results import (
    ClauseHeld,
    PromiseHeld,
    Since,
    SinceLast,
    Why,
)
from workshop.record.agreed import ClauseState, Retrospective
from workshop.record.values import Clause, Count, Number, Seen

Where = Literal["threshold", "impact"]
ERROR, RIGHT = "error_among_answered", "precision"
BASE = "prevalence"
AFTER = "after release"
"""What a retrospective's figures rest on, as the record writes it."""


def promises_held(rows: NewRows) -> tuple[PromiseHeld, ...]:
    """Every figure seen at the threshold, and those of the impact that differ."""
    seen = _seen(rows)
    level = family_level(sum(not rows.missing(metric) for metric, *_ in seen))
    return tuple(_held(rows, *each, level) for each in seen)


def _distinct(figures: Mapping[str, Count]) -> dict[str, Count]:
    """The shares among some figures; what is the complement of another is left out."""
    return {
        metric: count
        for metric, count in figures.items()
        if metric in SHARES and not (metric == RIGHT and ERROR in figures)
    }


def _seen(rows: NewRows) -> list[tuple[str, Count, Where]]:
    record = rows.evidence.record
    threshold = record.threshold.seen if record.threshold else None
    impact = record.impact.seen if record.impact else None
    drawn = _distinct(threshold.figures) if threshold else {}
    found: list[tuple[str, Count, Where]] = [
        (metric, count, "threshold") for metric, count in drawn.items()
    ]
    weighed = _distinct(impact.figures) if impact else {}
    found += [(m, c, "impact") for m, c in weighed.items() if drawn.get(m) != c]
    return found


def _held(
    rows: NewRows, metric: str, count: Count, where: Where, level: float
) -> PromiseHeld:
    id = f"retro.promise.{where}.{metric}"
    deff = rows.evidence.design_effect(rows.option.id).deff if rows.run else 1.0
    then = rate(f"{id}.then", count.k, count.n, rows="report", deff=deff)
    why: Why = rows.why or rows.missing(metric)
    if why:
        nothing = rate(f"{id}.now", 0, 0, rows="live")
        gap = apart(f"{id}.difference", nothing, then, deff_now=1, deff_then=1)
        return PromiseHeld(metric, then, nothing, gap, "cannot_tell", where, why=why)
    now = rows.share(metric, f"{id}.now")
    own = rows.deff(metric)
    gap = apart(
        f"{id}.difference", now, then, deff_now=own, deff_then=deff, level=level
    )
    promised, keeps = _promised(rows, metric, where, now)
    return PromiseHeld(
        metric,
        then,
        now,
        gap,
        verdict_on(metric, gap),
        where,
        promised,
        keeps,
        why="" if now.n else "no_rows",
    )


def _promised(
    rows: NewRows, metric: str, where: Where, now: Number
) -> tuple[Number | None, ClauseState | None]:
    """The error that the pair agreed to live with, and whether it is kept."""
    limit = rows.evidence.acceptable_error
    if metric != ERROR or limit is None:
        return None, None
    promised = Number(
        id=f"retro.promise.{where}.{metric}.promised", value=limit, assumed=True
    )
    if not now.n:
        return promised, "cannot_tell"
    # held as a clause is: by both one-sided 95 % bounds
    clause = Clause(id="promise", metric=metric, at_most=limit)
    held = hold(clause, rows.judged.cells, rows="live", deff=rows.deff(metric))
    return promised, held.state or "cannot_tell"


# --- what goes into the record, and what came since the last one ----------------------


def seen_now(rows: NewRows) -> Seen | None:
    """The same figures on the new rows, as a retrospective keeps them.

    The share of positives with them: what a bet on the error of all rows is scored by.
    """
    if rows.why:
        return None
    found = {}
    for metric in (*WITH_REVIEW, BASE):
        part = rows.part_for(metric)
        there = len(part) and not rows.missing(metric)
        count = count_of(metric, part.cells) if there else None
        asked = metric != "review_rate" or (count is not None and count.k)
        if count is not None and count.n and asked:
            found[metric] = count
    return Seen(figures=found, rows=AFTER, data=rows.later.digest)


def since_last(rows: NewRows, clauses: Sequence[ClauseHeld]) -> Since | None:
    """The last retrospective's figures beside those of the rows that came after it.

    None without one on other rows. Rows of its days are left out: they would stand on
    both sides. Where no later row is there, or no time tells, there are no figures.
    """
    looks = rows.evidence.record.retrospectives
    other = [look for look in looks if look.data != rows.later.digest]
    if not other:
        return None
    last = other[-1]
    states = tuple(
        (held.id, last.clauses[held.id], held.state)
        for held in clauses
        if held.id in last.clauses
    )
    if not last.last or last.last >= rows.later.days[1]:
        return Since(last.at, last.changed, (), states, why="same_rows")
    return Since(last.at, last.changed, _figures(_after(rows, last), last), states)


def _after(rows: NewRows, last: Retrospective) -> NewRows:
    """Only the rows from the day after the last one's."""
    if last.last < rows.later.days[0]:
        return rows
    first = date.fromisoformat(last.last) + timedelta(days=1)
    return NewRows(rows.evidence, rows.later.between(first=first))


def _figures(rows: NewRows, last: Retrospective) -> tuple[SinceLast, ...]:
    seen = last.seen.figures if last.seen and not rows.why else {}
    before = {m: c for m, c in _distinct(seen).items() if m != BASE}
    level = family_level(sum(not rows.missing(metric) for metric in before))
    return tuple(_since(rows, m, c, level) for m, c in before.items())


def _since(rows: NewRows, metric: str, count: Count, level: float) -> SinceLast:
    id = f"retro.since.{metric}"
    has_rows = not rows.missing(metric)
    now = rows.share(metric, f"{id}.after") if has_rows else None
    after = now or rate(f"{id}.after", 0, 0, rows="live")
    # what the earlier rows hang together by is not kept: as much as today's do
    deff = rows.deff(metric) if has_rows else 1.0
    before = rate(f"{id}.before", count.k, count.n, rows="live", deff=deff)
    gap = apart(
        f"{id}.difference", after, before, deff_now=deff, deff_then=deff, level=level
    )
    return SinceLast(metric, before, after, gap, verdict_on(metric, gap))
