"""Did the figures that were seen at the choice hold on the new rows?

Then and now are other rows, so that Newcombe's interval for independent samples says
how far they are apart, both at their effective size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workshop.analysis.clauses import BOTH_SIDES, state_of
from workshop.analysis.intervals import rate
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
from workshop.record.terms import METRICS
from workshop.record.values import Clause, Count, Number, Seen

Where = Literal["threshold", "impact"]
ERROR = "error_among_answered"
AFTER = "after release"
"""What a retrospective's figures rest on, as the record writes it."""


def promises_held(rows: NewRows) -> tuple[PromiseHeld, ...]:
    """Every figure seen at the threshold, and those of the impact that differ."""
    return tuple(
        _held(rows, metric, count, where) for metric, count, where in _seen(rows)
    )


def _seen(rows: NewRows) -> list[tuple[str, Count, Where]]:
    record = rows.evidence.record
    threshold = record.threshold.seen if record.threshold else None
    impact = record.impact.seen if record.impact else None
    drawn = threshold.figures if threshold else {}
    found: list[tuple[str, Count, Where]] = [
        (metric, count, "threshold") for metric, count in drawn.items()
    ]
    weighed = impact.figures if impact else {}
    found += [(m, c, "impact") for m, c in weighed.items() if drawn.get(m) != c]
    return [each for each in found if each[0] in SHARES]


def _held(rows: NewRows, metric: str, count: Count, where: Where) -> PromiseHeld:
    id = f"retro.promise.{where}.{metric}"
    deff = rows.evidence.design_effect(rows.option.id).deff if rows.run else 1.0
    then = rate(f"{id}.then", count.k, count.n, rows="report", deff=deff)
    why: Why = rows.why or _missing(rows, metric)
    if why:
        nothing = rate(f"{id}.now", 0, 0, rows="live")
        gap = apart(f"{id}.difference", nothing, then, deff_now=1, deff_then=1)
        return PromiseHeld(metric, then, nothing, gap, "cannot_tell", where, why=why)
    now = rows.share(metric, f"{id}.now")
    own = rows.deff(metric)
    gap = apart(f"{id}.difference", now, then, deff_now=own, deff_then=deff)
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


def _missing(rows: NewRows, metric: str) -> Why:
    if METRICS[metric].needs_labels and not len(rows.judged):
        return "no_labels"
    return ""


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
    deff = rows.deff(metric)
    sides = rate(now.id, now.k or 0, now.n, rows="live", deff=deff, level=BOTH_SIDES)
    return promised, state_of(clause, sides)


# --- what goes into the record, and what came since the last one ----------------------


def seen_now(rows: NewRows) -> Seen | None:
    """The same figures on the new rows, as a retrospective keeps them."""
    if rows.why:
        return None
    found = {}
    for metric in WITH_REVIEW:
        part = rows.part_for(metric)
        count = count_of(metric, part.cells) if len(part) else None
        asked = metric != "review_rate" or (count is not None and count.k)
        if count is not None and count.n and asked:
            found[metric] = count
    return Seen(figures=found, rows=AFTER, data=rows.later.digest)


def last_before(rows: NewRows) -> Retrospective | None:
    """The last retrospective on other rows; one on the same rows is no before."""
    looks = rows.evidence.record.retrospectives
    other = [look for look in looks if look.data != rows.later.digest]
    return other[-1] if other else None


def since_last(rows: NewRows, clauses: Sequence[ClauseHeld]) -> Since | None:
    """The last retrospective's figures beside today's; None without one."""
    last = last_before(rows)
    if last is None:
        return None
    before = last.seen.figures if last.seen and not rows.why else {}
    figures = [_since(rows, m, c) for m, c in before.items() if m in SHARES]
    states = tuple(
        (held.id, last.clauses[held.id], held.state)
        for held in clauses
        if held.id in last.clauses
    )
    return Since(last.at, last.changed, tuple(figures), states)


def _since(rows: NewRows, metric: str, count: Count) -> SinceLast:
    id = f"retro.since.{metric}"
    has_rows = not _missing(rows, metric)
    now = rows.share(metric, f"{id}.after") if has_rows else None
    after = now or rate(f"{id}.after", 0, 0, rows="live")
    # what the earlier rows hang together by is not kept: as much as today's do
    deff = rows.deff(metric) if has_rows else 1.0
    before = rate(f"{id}.before", count.k, count.n, rows="live", deff=deff)
    gap = apart(f"{id}.difference", after, before, deff_now=deff, deff_then=deff)
    return SinceLast(metric, before, after, gap, verdict_on(metric, gap))
