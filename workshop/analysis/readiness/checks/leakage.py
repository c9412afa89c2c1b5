"""Does anything tell the label that will not be there when a decision is made?"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workshop.analysis.intervals import LEVEL, family_level, newcombe, rate, wilson
from workshop.analysis.readiness.checks.sizes import (
    detailed,
    listed,
    quantity,
    worst_first,
)
from workshop.analysis.readiness.findings import (
    CannotTell,
    Detail,
    NotApplicable,
    Severity,
)
from workshop.analysis.readiness.given import ReviewInput, Scored
from workshop.analysis.readiness.profile import ColumnProfile, LabelProfile, Separation
from workshop.analysis.readiness.registry import Found, check
from workshop.analysis.readiness.separation import auc_interval
from workshop.record.values import Number

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHANCE = 0.5
# Five pairs of a hundred more than chance would put in that order.
ORDER_EFFECT = 0.05
# Ties in one row of twenty are enough for the order to move what a model is worth.
MANY_TIED = 0.05
# A column that alone is right about nine pairs of ten is seldom known beforehand.
GIVES_AWAY = 0.9
# Nor is one that does well where none of the others comes near it.
STANDS_OUT = 0.8
FAR_ABOVE = 0.1
# Where a quarter of the features, and at least five, do as well, the task is easy.
EASY_SHARE = 0.25
EASY_COLUMNS = 5
# A hole that goes with one label in 99 of 100 rows was made by the event itself.
TOLD_BY_HOLES = 0.99
APART = 0.05
# What makes them more than a warning: five points of area from the holes alone.
HOLES_LEND = 0.05

HAPPENED = frozenset(
    {"actual", "actually", "after", "afterwards", "arr", "closed", "completed"}
    | {"completion", "delay", "delayed", "ended", "final", "finally", "finished"}
    | {"outcome", "resolution", "resolved", "result", "results", "settled"}
    | {"settlement"}
)
"""Words in a column's name that speak of what has happened by then."""

FORESEEN = frozenset(
    {"before", "expected", "forecast", "last", "past", "plan", "planned", "predicted"}
    | {"prev", "previous", "prior", "promised", "sched", "schedule", "scheduled"}
)
"""Words that take it back: known before, or another event's."""


# --- the order of rows ---------------------------------------------------------------


@check("DR006", "leakage", threatens="threshold", owner="engineering")
def file_order(given: ReviewInput) -> Found | None:
    """The order of rows in the file gives the label away.

    Effect size: the chance that a positive row stands before a negative one (the
    Mann-Whitney statistic), with the normal interval of Hanley and McNeil (1982), or by
    cluster after DeLong (1988) and Obuchowski (1997) where rows hang together: a file
    kept by source is in no telling order. Found where it surely lies more than five
    points from a half. A warning: files are often sorted, and no model needs to look at
    it. A blocker where more than one row in twenty shares its score with a row of the
    other label and there is no time column: whatever breaks those ties by the file's
    order reads the label. At stake is the distance from a half.
    """
    if given.scored is None or len(given.scored.file_labels) == 0:
        raise NotApplicable("no_scores")
    labels = given.scored.file_labels
    if labels.all() or not labels.any():
        raise CannotTell("one_class")
    order = _order(labels, given.scored.file_sources)
    assert order.lo is not None
    assert order.hi is not None
    if max(order.lo - CHANCE, CHANCE - order.hi) <= ORDER_EFFECT:
        return None
    tied = _tied(given.scored)
    grave = given.profile.time is None and (tied.value or 0) > MANY_TIED
    severity: Severity = "blocker" if grave else "warning"
    numbers = {"order": order, "tied": tied}
    return Found(severity, numbers, at_stake=_above_chance("DR006", order))


def _tied(scored: Scored) -> Number:
    """Share of rows whose score a row of the other label has too."""
    both = np.intersect1d(scored.scores[scored.labels], scored.scores[~scored.labels])
    tied = int(np.isin(scored.scores, both).sum())
    return rate("DR006.tied", tied, len(scored.scores), rows="all")


def _order(labels: NDArray[np.bool_], sources: NDArray[np.str_] | None) -> Number:
    """The chance that a positive stands before a negative, with its interval."""
    if sources is None:
        return _area("DR006.order", *_order_effect(labels), len(labels))
    from workshop.analysis.baseline.auc import auc_number

    _, clusters = np.unique(sources, return_inverse=True)
    first = -np.arange(len(labels), dtype=np.float64)
    return auc_number("DR006.order", labels, first, clusters)


def _order_effect(labels: NDArray[np.bool_]) -> tuple[float, float, float]:
    """The chance that a positive stands before a negative, with its bounds."""
    positions = np.flatnonzero(labels).astype(float)
    positives, negatives = len(positions), int((~labels).sum())
    before = negatives - (positions - np.arange(positives))
    area = float(before.sum() / (positives * negatives))
    return area, *auc_interval(area, positives, negatives)


def _area(name: str, value: float, lo: float, hi: float, n: int) -> Number:
    return Number(
        id=name,
        value=value,
        n=n,
        lo=lo,
        hi=hi,
        level=LEVEL,
        method="Hanley-McNeil",
        rows="all",
    )


def _above_chance(code: str, area: Number) -> Number:
    """How far an area lies from one half, its interval with it."""
    value, lo, hi = area.value or 0.0, area.lo or 0.0, area.hi or 0.0
    ends = sorted((abs(lo - CHANCE), abs(hi - CHANCE)))
    return area.model_copy(
        update={
            "id": f"{code}.at_stake",
            "value": abs(value - CHANCE),
            "lo": ends[0],
            "hi": ends[1],
        }
    )


# --- a column that tells too much ----------------------------------------------------


@check("DR019", "leakage", threatens="promise", owner="engineering")
def telling_features(given: ReviewInput) -> Found | None:
    """A feature that alone ranks the labels too well to be known beforehand.

    Of the areas under each feature's own ROC curve, on the sample. A blocker where one
    surely reaches 0.9; a warning where one reaches 0.8 and lies surely 0.1 above the
    best of the rest. Where a quarter of the features do so well, and five at least, the
    task is easy rather than given away: a warning. At stake is what the column lends
    to a model's area above chance.
    """
    ranked = _ranked(given)
    top = _telling(ranked)
    if not top:
        _ask_for_rows(ranked)
        return None
    sure = [s for s in top if s.lo >= GIVES_AWAY]
    easy = len(top) >= max(EASY_COLUMNS, EASY_SHARE * len(ranked))
    rest = _best(ranked[len(top) :])
    return Found(
        "blocker" if sure and not easy else "warning",
        {
            "alone": _alone(top[0]),
            "rest": Number(id="DR019.rest", value=rest, n=top[0].n, rows="all"),
            "count": quantity("DR019.count", float(len(top)), "columns"),
        },
        {"column": top[0].column, "columns": listed([s.column for s in top])},
        _above_chance("DR019", _alone(top[0])),
        detailed(Detail(s.column, {"alone": _alone(s)}) for s in top),
    )


def _ranked(given: ReviewInput) -> list[Separation]:
    """The features that were looked at, the most surely telling first."""
    label = given.profile.label
    if label is None or label.judged == 0:
        raise NotApplicable("no_label")
    if label.positives in (0, label.judged):
        raise CannotTell("one_class")
    features = {c.name for c in given.profile.of_role("feature")}
    if not features:
        raise NotApplicable("no_features")
    looked = (s for s in given.profile.shapes.separations if s.column in features)
    return worst_first(looked, lambda s: s.lo, lambda s: s.column)


def _telling(ranked: list[Separation]) -> list[Separation]:
    """Those that surely give the label away, and those far above all that follow."""
    count = sum(s.lo >= GIVES_AWAY for s in ranked)
    for place, one in enumerate(ranked[:-1], 1):
        # A gap among columns that are found anyway tells nothing more.
        far = one.lo - _best(ranked[place:]) >= FAR_ABOVE
        if place > count and one.auc >= STANDS_OUT and far:
            count = place
    return ranked[:count]


def _best(rest: list[Separation]) -> float:
    return max((s.auc for s in rest), default=CHANCE)


def _ask_for_rows(ranked: list[Separation]) -> None:
    """Say so where a column reaches the mark but rows are too few to be sure."""
    one = max(ranked, key=lambda s: s.auc, default=None)
    if one is None or one.auc < GIVES_AWAY:
        return
    # An interval shrinks with the square root of rows; half a point is near enough.
    room = max(one.auc - GIVES_AWAY, 0.005)
    needed = math.ceil(one.n * ((one.auc - one.lo) / room) ** 2)
    raise CannotTell(
        "few_rows",
        {
            "alone": _alone(one),
            "needed": quantity("DR019.needed", float(needed), "rows"),
        },
        {"column": one.column},
    )


def _alone(one: Separation) -> Number:
    return _area("DR019.alone", one.auc, one.lo, one.hi, one.n)


# --- columns known only after the event ----------------------------------------------


@dataclass(frozen=True, slots=True)
class Late:
    """A feature that looks as if it is known only after the event, and by what.

    ``holes`` is the share of positives where it is missing, when that tells, and
    ``flag`` what "is it missing?" alone gives to an area above chance; ``lends`` is
    what flag or values give, None where nobody measured.
    """

    column: str
    holes: Number | None
    flag: float
    lends: float | None


@check("DR020", "leakage", threatens="promise", owner="engineering")
def known_afterwards(given: ReviewInput) -> Found | None:
    """Columns that are written only once the event has happened.

    Declared ones (role ``leak``) are left out of every model: a note. Features that
    look so by a word in their name, or whose holes tell the label, surely 99 of 100
    rows of one kind and at least five points from rows without a hole (corrected for
    the columns looked at, Bonferroni): a warning; a blocker where holes alone lend a
    model five points of area. At stake is the most that one of them lends above
    chance, up to a half where nobody measured.
    """
    features = given.profile.of_role("feature")
    declared = [c.name for c in given.profile.of_role("leak")]
    if not features and not declared:
        raise NotApplicable("no_features")
    late = _late(given, features)
    if not late and not declared:
        return None
    by_holes = any(one.flag >= HOLES_LEND for one in late)
    severity: Severity = "blocker" if by_holes else "warning" if late else "note"
    return Found(
        severity,
        {
            "used": quantity("DR020.used", float(len(late)), "columns"),
            "declared": quantity("DR020.declared", float(len(declared)), "columns"),
        },
        {
            "columns": listed([*(one.column for one in late), *declared]),
            "in_use": listed([one.column for one in late]),
            "left_out": listed(declared),
        },
        _lent(late),
        detailed(Detail(one.column, _late_numbers(one)) for one in late),
        variant="declared" if not late else "" if declared else "in_use",
    )


def _late(given: ReviewInput, features: tuple[ColumnProfile, ...]) -> list[Late]:
    label = given.profile.label
    level = family_level(sum(c.missing_judged > 0 for c in features))
    alone = {s.column: s.auc - CHANCE for s in given.profile.shapes.separations}
    found = []
    for c in features:
        holes = None if label is None else _told_by_holes(c, label, level)
        if holes is not None or sounds_late(c.name):
            flag = 0.0 if holes is None or label is None else _flag_area(c, label)
            lends = max(alone.get(c.name, 0.0), flag)
            known = holes is not None or c.name in alone
            found.append(Late(c.name, holes, flag, lends if known else None))
    return worst_first(
        found,
        lambda one: (one.holes is not None) + (one.lends or 0.0),
        lambda one: one.column,
    )


def sounds_late(name: str) -> bool:
    """Say whether a column's name speaks of what is known only afterwards.

    >>> sounds_late("arr_delay"), sounds_late("closedAt"), sounds_late("sched_arr_time")
    (True, True, False)
    >>> sounds_late("poutcome"), sounds_late("afternoon")
    (False, False)
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = set(re.findall(r"[a-z]+", apart.lower()))
    return bool(words & HAPPENED) and not words & FORESEEN


def _told_by_holes(
    column: ColumnProfile, label: LabelProfile, level: float
) -> Number | None:
    """The share of positives where the column is missing, if it tells the label."""
    k1, n1 = column.missing_positives, column.missing_judged
    k2, n2 = label.positives - k1, label.judged - n1
    if not n1 or not n2:
        return None
    found = wilson(k1, n1, level=level)
    if found.lo < TOLD_BY_HOLES and found.hi > 1 - TOLD_BY_HOLES:
        return None
    apart = newcombe(k1, n1, k2, n2, level=level)
    if max(apart.lo, -apart.hi) < APART:
        return None
    return rate("DR020.holes", k1, n1, rows="all", level=level)


def _flag_area(column: ColumnProfile, label: LabelProfile) -> float:
    """What "is it missing?" alone lends to an area above chance: (TPR − FPR) / 2."""
    negatives = label.judged - label.positives
    if not label.positives or not negatives:
        return 0.0
    caught = column.missing_positives / label.positives
    alarmed = (column.missing_judged - column.missing_positives) / negatives
    return abs(caught - alarmed) / 2


def _late_numbers(one: Late) -> dict[str, Number]:
    holes = one.holes or Number(id="DR020.holes", value=None)
    return {"holes": holes, "lends": Number(id="DR020.lends", value=one.lends)}


def _lent(late: list[Late]) -> Number:
    """The most that one of them lends; all there is above chance if not measured."""
    lent = [CHANCE if one.lends is None else one.lends for one in late]
    return Number(
        id="DR020.at_stake",
        value=max(lent, default=0.0),
        rows="all",
        assumed=any(one.lends is None for one in late),
    )
