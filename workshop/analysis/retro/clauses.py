"""Is each clause kept on its last window of new rows, and was there ever an alarm?

The state is held on the last window alone; the monitor looks at every week from the
first row on, and stays valid however often somebody looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from workshop.analysis import clauses as held_once
from workshop.analysis.clause_words import (
    parse_slice,
    slice_mask,
    window_days,
    window_weeks,
)
from workshop.analysis.clauses import NO_PACE, Needed, Pace, Reason, bound_of, side_of
from workshop.analysis.intervals import rate
from workshop.analysis.labels import labelling_of
from workshop.analysis.metrics import SHARES, Context, Reviewer
from workshop.analysis.monitor import log_level, watch
from workshop.analysis.policies import Cells
from workshop.analysis.readout import review_of
from workshop.analysis.retro.new_rows import Bools, NewRows, Part
from workshop.analysis.retro.results import ClauseHeld, Week, Why, Window
from workshop.analysis.retro.windows import (
    day_of,
    day_text,
    monday,
    week_of,
    within_last,
)
from workshop.analysis.running import cost_to_run
from workshop.record.terms import METRICS
from workshop.record.values import Clause, Count, Number

MOST_REACHED = 100.0
"""Evidence beyond this many alarms is as good as endless, and is written as this."""

_WHY: dict[Reason, Why] = {
    "": "",
    "holds_limit": "",
    "no_policy": "no_policy",
    "no_rows": "no_rows",
    "few_rows": "few_rows",
    "no_labels": "no_labels",
    "no_ratio": "no_ratio",
    "not_measured": "no_metric",
    "not_countable": "no_metric",
    "slice_unknown": "no_slice",
    "window_unknown": "no_window",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Scope:
    """The rows that a clause speaks of, over all time, and which are in its window."""

    part: Part
    last: Bools
    window: Window


def hold_clauses(rows: NewRows) -> tuple[ClauseHeld, ...]:
    """Hold every clause of the agreement, in its order."""
    agreement = rows.evidence.record.agreement
    return tuple(hold(rows, c) for c in agreement.clauses) if agreement else ()


def hold(rows: NewRows, clause: Clause) -> ClauseHeld:
    """Hold one clause on its last window of the new rows, and week by week."""
    days = window_days(clause.window)
    if rows.why:
        return _cannot(clause, rows.why)
    if days is None:
        return _cannot(clause, "no_window")
    if rows.missing(clause.metric) == "labels_one_sided":
        return _cannot(clause, "labels_one_sided")
    scope = _scope(rows, clause, days)
    if scope is None:
        return _cannot(clause, "no_slice")
    labelled = not METRICS[clause.metric].needs_labels or len(rows.judged) > 0
    if labelled and not len(scope.part):
        return _cannot(clause, "no_rows", scope.window)
    return _held(rows, clause, scope, labelled)


def _held(rows: NewRows, clause: Clause, scope: _Scope, labelled: bool) -> ClauseHeld:
    inside = scope.part.take(scope.last)
    deff = rows.deff_of(clause.metric, inside)
    found = held_once.hold(
        clause,
        inside.cells if len(inside) else Cells(0, 0, 0, 0),
        context=_context(rows, inside),
        rows="live",
        deff=deff,
        pace=_pace(rows, clause, scope),
        labelled=labelled,
        id=f"retro.clause.{clause.id}",
    )
    looks, alarm, indicative = _looks(rows, clause, scope)
    return ClauseHeld(
        clause=clause,
        state=found.state or "cannot_tell",
        number=found.number or _nothing(clause),
        bound=_bound(clause),
        window=scope.window,
        why=_why(found.reason, inside, scope),
        looks=looks,
        alarm=alarm,
        indicative=indicative,
        **_needs(clause, found.needs),
    )


def _why(reason: Reason, inside: Part, scope: _Scope) -> Why:
    """Why it cannot tell; times that the window alone lacks are missing rows."""
    if reason == "not_measured" and not len(inside):
        return "no_metric" if scope.part.rows.latency_ms is None else "no_rows"
    return _WHY[reason]


def _scope(rows: NewRows, clause: Clause, days: int) -> _Scope | None:
    """The clause's slice of the rows; None where the slice names no column."""
    part = rows.part_for(clause.metric)
    if clause.slice:
        among = _sliced(rows, clause)
        if among is None:
            return None
        part = part.take(among if len(part) == len(among) else among[rows.known])
    when = part.rows.time
    if when is None or not len(part):
        everything = np.ones(len(part), dtype=np.bool_)
        return _Scope(part, everything, _window_of(rows, part, None))
    until = int(day_of(rows.all.rows.time).max())  # type: ignore[arg-type]
    if METRICS[clause.metric].needs_labels:
        until = int(day_of(rows.judged.rows.time).max())  # type: ignore[arg-type]
    last = within_last(when, days, until)
    oldest = int(day_of(rows.part_for(clause.metric).rows.time).min())  # type: ignore[arg-type]
    ends = day_text(max(oldest, until - days + 1)), day_text(until)
    return _Scope(part, last, _window_of(rows, part.take(last), ends))


def _sliced(rows: NewRows, clause: Clause) -> Bools | None:
    """Which rows a slice, ``column=value``, speaks of."""
    named = parse_slice(clause.slice)
    values = rows.values_of(named[0]) if named else None
    if named is None or values is None:
        return None
    return slice_mask(values, named[1])


def _window_of(rows: NewRows, part: Part, ends: tuple[str, str] | None) -> Window:
    """The window's days, and how many rows of it have a label."""
    first, last = ends or rows.later.days
    return Window(first, last, len(part), int(part.known.sum()))


def _context(rows: NewRows, part: Part) -> Context:
    """The pair's ratio and prices, and what the new rows took in time and money."""
    evidence = rows.evidence
    review, times = review_of(evidence), part.rows.latency_ms
    return Context(
        ratio=evidence.ratio,
        review_cost=review.price,
        reviewer=Reviewer(review.sensitivity, review.specificity),
        latency_ms=times,
        cost=cost_to_run(evidence.scenario, rows.option, times),
    )


def _pace(rows: NewRows, clause: Clause, scope: _Scope) -> Pace:
    """How fast rows come, as the pair stated, and what a label costs."""
    evidence = rows.evidence
    labelling = labelling_of(evidence.scenario)
    if not len(rows.all):
        return NO_PACE
    of = len(rows.part_for(clause.metric))
    share = len(scope.part) / of if of else 1.0
    return Pace(labelling, evidence.per_week, share)


def _needs(clause: Clause, needed: Needed | None) -> dict[str, Number | None]:
    """What telling takes, as numbers: rows, weeks and money."""
    if needed is None:
        return {}
    id = f"retro.clause.{clause.id}"
    rows = needed.rows if needed.labels is None else needed.labels
    unit = "rows" if needed.labels is None else "labels"
    found: dict[str, Number | None] = {"more": _amount(f"{id}.more", rows, unit)}
    for name, value, unit in (
        ("weeks", needed.weeks, "weeks"),
        ("price", needed.cost, "money"),
        ("a_week", needed.labels_a_week, "labels"),
        ("window_weeks", needed.window_weeks, "weeks"),
    ):
        if value is not None:
            found[name] = _amount(f"{id}.{name}", value, unit)
    return found


def _amount(id: str, value: float, unit: str) -> Number:
    return Number(id=id, value=float(value), unit=unit, rows="live", assumed=True)


def _bound(clause: Clause) -> Number:
    unit = METRICS[clause.metric].unit
    id = f"retro.clause.{clause.id}.bound"
    return Number(id=id, value=bound_of(clause), unit=unit, assumed=True)


def _nothing(clause: Clause) -> Number:
    unit = METRICS[clause.metric].unit
    return Number(id=f"retro.clause.{clause.id}", value=None, rows="live", unit=unit)


def _cannot(clause: Clause, why: Why, window: Window | None = None) -> ClauseHeld:
    state: Literal["cannot_tell"] = "cannot_tell"
    return ClauseHeld(
        clause, state, _nothing(clause), _bound(clause), window or Window(), why
    )


# --- week by week ---------------------------------------------------------------------

_Looks = tuple[tuple[Week, ...], str, bool]


def _looks(rows: NewRows, clause: Clause, scope: _Scope) -> _Looks:
    """Every week's look, the first alarm's Monday, and whether that is indicative.

    Nothing for what is no share. Weeks without a row are looked at too: they add no
    evidence. Without a time all rows are one look. A week has too few sources for a
    design effect of its own: it takes that of all weeks.
    """
    if clause.metric not in SHARES or not len(scope.part):
        return (), "", False
    hits, base = scope.part.counted(clause.metric)
    if scope.part.rows.time is None:
        starts, place = [""], np.zeros(len(base), dtype=np.int64)
    else:
        weeks = week_of(scope.part.rows.time)
        starts = [monday(w) for w in range(int(weeks.min()), int(weeks.max()) + 1)]
        place = weeks - weeks.min()
    k = np.bincount(place[hits & base], minlength=len(starts)).tolist()
    n = np.bincount(place[base], minlength=len(starts)).tolist()
    counts = [Count(k=one, n=all_) for one, all_ in zip(k, n, strict=True)]
    deff = rows.deff_of(clause.metric, scope.part)
    return _watched(clause, scope, counts, starts, deff)


def _watched(
    clause: Clause, scope: _Scope, counts: list[Count], starts: list[str], deff: float
) -> _Looks:
    per_window = window_weeks(clause.window)
    if per_window is None or not 0 <= bound_of(clause) <= 1:
        return (), "", False
    found = watch(
        counts,
        bound_of(clause),
        side_of(clause),
        weeks_per_window=per_window,
        deff=deff,
    )
    level = log_level(found.alpha, found.windows)
    looks = tuple(
        Week(
            starts=start,
            number=rate(
                f"retro.clause.{clause.id}.week.{one.week}",
                one.count.k,
                one.count.n,
                rows="live",
                deff=deff,
            ),
            reached=min(MOST_REACHED, max(0.0, one.log_e / level)),
            alarm=one.alarm,
        )
        for one, start in zip(found.weeks, starts, strict=True)
    )
    first = found.first_alarm
    alarm = "" if first is None else starts[first - 1]
    return looks, alarm, found.indicative
