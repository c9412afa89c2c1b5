"""Is a promise kept, broken, or can these rows not tell, and what would tell?

Kept: the one-sided 95 % bound of the metric on the clause's wrong side is within the
limit. Broken: the bound on the other side is beyond it. Everything between is "cannot
tell", with the rows, weeks and money that would tell were the rate to stay. Both bounds
together are a two-sided 90 % interval, and it is that which a page shows. Of a share
they are Clopper & Pearson's (1934) at k / deff and n / deff: a promise is called kept
or broken wrongly at most 1 time in 20 on each side, however rare what it counts, where
rows are independent. A mean has a normal range, a time order statistics.

That holds for one look. Looking every week is `workshop.analysis.monitor`'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from workshop.analysis.clause_pace import cost_per_label, labels_each, rows_a_week
from workshop.analysis.clause_words import window_weeks
from workshop.analysis.intervals import BOTH_SIDES, bounds_held, share_held, z_of
from workshop.analysis.labels import Labelling, fewest_rows
from workshop.analysis.metrics import (
    NO_CONTEXT,
    SHARES,
    Context,
    Counted,
    Values,
    cell_costs,
    count_of,
    size_of,
)
from workshop.analysis.monitor import Side
from workshop.analysis.options.paired import latency
from workshop.analysis.readout import mean_value
from workshop.errors import InputError
from workshop.record.agreed import ClauseState
from workshop.record.terms import METRICS
from workshop.record.values import Clause, Number, Rows

MOST_ROWS = 1_000_000
FEW_APART = 5
"""Rows, at their effective number, that a mean's spread must at least rest on."""

Reason = Literal[
    "",
    "no_policy",
    "no_rows",
    "few_rows",
    "no_labels",
    "no_ratio",
    "not_measured",
    "not_countable",
    "slice_unknown",
    "window_unknown",
    "holds_limit",
]
"""Why a clause is neither kept nor broken; empty where it is one of these.

``no_policy``: no line was chosen. ``no_rows``: no row in the window, the slice or the
rate's base. ``few_rows``: fewer than the clause's minimum sample, or than a mean or a
time needs to have a range. ``no_labels``: no label is known. ``no_ratio``: the metric
needs the pair's ratio. ``not_measured``: no times or no costs. ``not_countable``: an
expectation and not rows. ``slice_unknown``, ``window_unknown``: the clause's words fit
nothing. ``holds_limit``: the interval holds the limit.
"""
NEVER: tuple[Reason, ...] = ("not_measured", "slice_unknown", "window_unknown")
"""Reasons that no further rows of the same data will mend."""
_MORE_ROWS_TELL: tuple[Reason, ...] = ("no_rows", "few_rows", "no_labels")


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes to tell, were the rate to stay as it is.

    ``rows`` more in the rate's base; ``labels`` more to be made for these, None where a
    program counts; ``weeks`` at the clause's own pace and ``cost`` in money, None where
    nobody said how many a week or at what price.

    A clause is held on its last window only. ``fits`` is False where at this pace the
    window never holds enough rows: then ``weeks`` is None, and it takes
    ``labels_a_week`` (None where so many rows do not exist, or a program counts) or a
    window of ``window_weeks``.
    """

    rows: int
    labels: int | None
    weeks: int | None
    cost: float | None
    fits: bool = True
    labels_a_week: int | None = None
    window_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class ClauseHeld:
    """A clause against counts.

    ``state`` is None where these data cannot say anything about it at all. ``number``
    holds the count, both one-sided 95 % bounds (together a 90 % interval) and the base.
    ``reason`` tells why the state is None or "cannot tell"; ``needs`` is None where no
    sensible number of rows would tell.
    """

    clause: Clause
    state: ClauseState | None
    number: Number | None = None
    reason: Reason = ""
    needs: Needed | None = None

    @property
    def bound(self) -> float:
        """The limit."""
        return bound_of(self.clause)

    @property
    def side(self) -> Side:
        """Which side of the limit is kept."""
        return side_of(self.clause)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast rows come and what a label costs, where the clause does not say.

    ``per_week`` decisions come a week, which is also the most that can be labelled;
    ``share`` of them are in the clause's slice.
    """

    labelling: Labelling | None = None
    per_week: float | None = None
    share: float = 1.0


NO_PACE = Pace()


def side_of(clause: Clause) -> Side:
    """Which side of its limit a clause keeps."""
    return "at_most" if clause.at_most is not None else "at_least"


def bound_of(clause: Clause) -> float:
    """A clause's limit, whichever side is kept."""
    bound = clause.at_least if clause.at_most is None else clause.at_most
    assert bound is not None, "a clause has one limit"
    return bound


# --- kept, broken, or cannot tell -----------------------------------------------------


def hold(
    clause: Clause,
    counted: Counted | None,
    *,
    context: Context = NO_CONTEXT,
    rows: Rows = "report",
    deff: float = 1.0,
    pace: Pace = NO_PACE,
    labelled: bool = True,
    id: str = "",
) -> ClauseHeld:
    """Hold one clause against the rows of its window and slice.

    Parameters
    ----------
    counted
        The window's rows as a policy places them; None without a policy.
    context
        Ratio, review, times and costs, for metrics that need more than counts.
    rows, deff
        What the number is said of, and the design effect of these rows.
    pace
        The price of a label and the decisions a week, for what "cannot tell" needs.
    labelled
        False while no label is known: then only what a program counts can be held, with
        rows acted on as ``tp`` and rows left alone as ``fn``.
    id
        Of the number; ``clause.<id>.now`` by default.
    """
    held = ClauseHeld(clause, None)
    if METRICS[clause.metric].needs_labels and not labelled:
        return replace(held, state="cannot_tell", reason="no_labels")
    named = id or f"clause.{clause.id}.now"
    number, reason = _number(clause.metric, counted, context, rows, deff, named)
    if reason:
        state: ClauseState | None = "cannot_tell" if reason in _MORE_ROWS_TELL else None
        return replace(held, state=state, number=number, reason=reason)
    assert number is not None
    return _held(held, number, size_of(counted) if counted else 0.0, deff, pace)


def _held(
    held: ClauseHeld, number: Number, size: float, deff: float, pace: Pace
) -> ClauseHeld:
    clause, n = held.clause, number.n
    held = replace(held, number=number)
    short = (clause.minimum_sample or 0) - n if n is not None else 0
    state = state_of(clause, number)
    if state != "cannot_tell" and short <= 0:
        return replace(held, state=state)
    more = _more_rows(held, number, deff) if state == "cannot_tell" else 0
    needs = None
    if more is not None:
        needs = _needed(clause, number, max(more, short), size, pace)
    reason: Reason = "few_rows" if short > 0 else "holds_limit"
    return replace(held, state="cannot_tell", reason=reason, needs=needs)


def state_of(clause: Clause, number: Number) -> ClauseState:
    """Hold both bounds against the limit; a figure without any counts as it stands."""
    lo = number.value if number.lo is None else number.lo
    hi = number.value if number.hi is None else number.hi
    if lo is None or hi is None:
        raise InputError("a number without a value keeps nothing and breaks nothing")
    bound = bound_of(clause)
    if side_of(clause) == "at_least":
        lo, hi, bound = -hi, -lo, -bound
    return "kept" if hi <= bound else ("broken" if lo > bound else "cannot_tell")


def _number(
    metric: str,
    counted: Counted | None,
    context: Context,
    rows: Rows,
    deff: float,
    id: str,
) -> tuple[Number | None, Reason]:
    """The metric with both one-sided bounds, or why there is none."""
    if metric.startswith("latency"):
        return _time(metric, context, rows, id)
    if metric == "cost_per_decision":
        return _money(context, rows, id)
    if counted is None:
        return None, "no_policy"
    if metric in SHARES:
        count = count_of(metric, counted)
        if count is None:
            return None, "not_countable"
        found = share_held(id, count.k, count.n, rows=rows, deff=deff)
        return found, "" if count.n else "no_rows"
    if context.ratio is None:
        return None, "no_ratio"
    if not size_of(counted):
        return None, "no_rows"
    return _mean(metric, counted, context, rows, deff, id)


def _time(
    metric: str, context: Context, rows: Rows, id: str
) -> tuple[Number | None, Reason]:
    times = context.latency_ms
    if times is None or len(times) == 0:
        return None, "not_measured"
    q = 0.95 if metric.endswith("95") else 0.50
    found = latency(id, times, q, rows=rows, level=BOTH_SIDES)
    # too few times to bound the slowest: the value alone would count as exact
    return found, "" if found.lo is not None else "few_rows"


def _money(context: Context, rows: Rows, id: str) -> tuple[Number | None, Reason]:
    """A stated cost, marked as assumed: it is measured on no row."""
    if context.cost is None:
        return None, "not_measured"
    value = float(np.mean(context.cost))
    unit = METRICS["cost_per_decision"].unit
    return Number(id=id, value=value, rows=rows, unit=unit, assumed=True), ""


def _mean(
    metric: str, counted: Counted, context: Context, rows: Rows, deff: float, id: str
) -> tuple[Number | None, Reason]:
    ratio = context.ratio or 1.0
    values = (
        cell_costs(ratio, context.review_cost, context.reviewer)
        if metric == "expected_cost"
        else Values(tp=1.0, fp=-1.0 / ratio)
    )
    unit = METRICS[metric].unit
    found = mean_value(id, counted, values, rows=rows, deff=deff, unit=unit)
    if found.lo is None or found.hi is None or found.value is None:
        return None, "not_countable"
    assert found.level is not None
    if _apart(counted, values) / deff < FEW_APART:
        bare = {"lo": None, "hi": None, "level": None, "method": None}
        return found.model_copy(update=bare), "few_rows"
    narrower = z_of(BOTH_SIDES) / z_of(found.level)
    half = (found.hi - found.lo) / 2 * narrower
    ends = {"lo": found.value - half, "hi": found.value + half, "level": BOTH_SIDES}
    return found.model_copy(update=ends), ""


def _apart(counted: Counted, values: Values) -> float:
    """Rows that are not worth what most are worth: a mean's spread rests on these."""
    alike: dict[float, float] = {}
    for field in fields(values):
        worth = getattr(values, field.name)
        alike[worth] = alike.get(worth, 0.0) + getattr(counted, field.name)
    return size_of(counted) - max(alike.values())


# --- what "cannot tell" needs ---------------------------------------------------------


def _more_rows(held: ClauseHeld, number: Number, deff: float) -> int | None:
    """Rows that the base lacks until the clause is kept or broken; None if endless."""
    value, n = number.value, number.n
    if value is None or not n or value == held.bound:
        return None
    if number.unit == "share":

        def told(rows: int) -> bool:
            found = bounds_held(value, rows, deff=deff)
            moved = number.model_copy(update={"lo": found.lo, "hi": found.hi})
            return state_of(held.clause, moved) != "cannot_tell"

        enough = fewest_rows(told, n, most=MOST_ROWS)
        return None if enough is None else enough - n
    if number.unit == "ms" or number.lo is None or number.hi is None:
        return None
    half = (number.hi - number.lo) / 2
    enough = math.ceil(n * (half / abs(value - held.bound)) ** 2)
    return None if enough > MOST_ROWS else max(1, enough - n)


def _needed(
    clause: Clause, number: Number, more: int, size: float, pace: Pace
) -> Needed:
    """Rows of the base as labels, weeks and money, at the clause's own pace."""
    n = number.n or 0
    in_base = n / size if size else 0.0
    each = labels_each(clause.metric, in_base) / (pace.share or 1.0)
    labels = price = None
    if METRICS[clause.metric].needs_labels:
        labels = math.ceil(more * each - 1e-9)
        price = cost_per_label(clause, pace.labelling)
    cost = None if labels is None or price is None else labels * price
    needed = Needed(more, labels, None, cost)
    coming = rows_a_week(
        clause, per_week=pace.per_week, share=pace.share, in_base=in_base
    )
    if not coming:
        return needed
    window = window_weeks(clause.window)
    enough = n + more
    if window is None or enough <= coming * window:
        return replace(needed, weeks=math.ceil(more / coming - 1e-9))
    exist = None if pace.per_week is None else pace.per_week * pace.share * in_base
    too_many = exist is not None and enough > exist * window
    faster = None if labels is None or too_many else math.ceil(enough / window * each)
    longer = math.ceil(enough / coming)
    return replace(needed, fits=False, labels_a_week=faster, window_weeks=longer)
