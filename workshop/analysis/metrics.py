"""What is each named metric worth, given the counts behind it?

One function for every name in `workshop.record.terms.METRICS`, all with the same two
arguments: the counts of an operating point or a policy, and the `Context` of prices and
measurements. None means "cannot tell": nothing to divide by, or nothing measured.

Rates are named as scikit-learn names them. Net benefit follows Vickers & Elkin 2006;
the reviewed policy's cost follows Chow 1970, with an imperfect reviewer's misses and
false alarms added.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.intervals import LEVEL, rate
from workshop.errors import InputError
from workshop.record.terms import METRICS
from workshop.record.values import Count, Number, Rows

EXPECTATION = "exact expectation"


class Counted(Protocol):
    """Rows acted on (tp, fp), left alone (fn, tn) and sent to a person (asked)."""

    @property
    def tp(self) -> float:
        """Positives acted on."""

    @property
    def fp(self) -> float:
        """Negatives acted on."""

    @property
    def fn(self) -> float:
        """Positives left alone."""

    @property
    def tn(self) -> float:
        """Negatives left alone."""

    @property
    def asked_positive(self) -> float:
        """Positives sent to a person."""

    @property
    def asked_negative(self) -> float:
        """Negatives sent to a person."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """How often a person is right about each label; 1 and 1 is a perfect one."""

    sensitivity: float = 1.0
    specificity: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What counts alone do not say.

    ``ratio`` is C_FN in units of C_FP: how many false alarms one miss is worth.
    ``review_cost`` is the price of one review, in false alarms. ``latency_ms`` holds a
    measured time a decision, shape (n,); ``cost`` is money a decision, one figure or
    one a decision.
    """

    ratio: float | None = None
    review_cost: float = 0.0
    reviewer: Reviewer = Reviewer()
    latency_ms: NDArray[np.float64] | None = None
    cost: float | NDArray[np.float64] | None = None


NO_CONTEXT = Context()
Measure = Callable[[Counted, Context], float | None]


def size_of(point: Counted) -> float:
    """All rows: decided by the policy alone or sent to a person."""
    alone = point.tp + point.fp + point.fn + point.tn
    return alone + point.asked_positive + point.asked_negative


# Numerator and denominator of every share, so that a rate never travels without them.
SHARES: dict[str, Callable[[Counted], tuple[float, float]]] = {
    "prevalence": lambda p: (p.tp + p.fn + p.asked_positive, size_of(p)),
    "error_rate": lambda p: (p.fp + p.tn + p.asked_negative, size_of(p)),
    "precision": lambda p: (p.tp, p.tp + p.fp),
    "recall": lambda p: (p.tp, p.tp + p.fn + p.asked_positive),
    "false_positive_rate": lambda p: (p.fp, p.fp + p.tn + p.asked_negative),
    "coverage": lambda p: (p.tp + p.fp, size_of(p)),
    "error_among_answered": lambda p: (p.fp, p.tp + p.fp),
    "review_rate": lambda p: (p.asked_positive + p.asked_negative, size_of(p)),
}


def prevalence(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of rows with the positive label; no threshold touches it."""
    return _divide(*SHARES["prevalence"](point))


def error_rate(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of rows for which acting would be wrong: "3 of 10 answers miss"."""
    return _divide(*SHARES["error_rate"](point))


def precision(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of rows acted on, without a person, for which that was right."""
    return _divide(*SHARES["precision"](point))


def recall(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of positives acted on without a person."""
    return _divide(*SHARES["recall"](point))


def false_positive_rate(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of negatives acted on without a person."""
    return _divide(*SHARES["false_positive_rate"](point))


def coverage(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of rows acted on, or answered, without a person."""
    return _divide(*SHARES["coverage"](point))


def error_among_answered(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of what was answered that was wrong: 1 - precision."""
    return _divide(*SHARES["error_among_answered"](point))


def review_rate(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Share of rows sent to a person."""
    return _divide(*SHARES["review_rate"](point))


def expected_cost(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Cost a decision in false alarms: C_FP = 1, C_FN = ratio, reviews at their price.

    A review costs ``review_cost`` and, where the reviewer errs, the false alarm or the
    miss that follows. None without a ratio.
    """
    if context.ratio is None:
        return None
    who = context.reviewer
    misses = point.fn + (1 - who.sensitivity) * point.asked_positive
    alarms = point.fp + (1 - who.specificity) * point.asked_negative
    reviews = point.asked_positive + point.asked_negative
    total = alarms + context.ratio * misses + context.review_cost * reviews
    return _divide(total, size_of(point))


@dataclass(frozen=True, slots=True)
class Values:
    """What one row of each cell is worth or costs."""

    tp: float = 0.0
    fp: float = 0.0
    fn: float = 0.0
    tn: float = 0.0
    asked_positive: float = 0.0
    asked_negative: float = 0.0


def cell_costs(ratio: float, review_cost: float, reviewer: Reviewer) -> Values:
    """What one row of each cell costs, in false alarms, as in `expected_cost`.

    A review that is wrong costs what it led to, on top of its price.
    """
    return Values(
        fp=1.0,
        fn=ratio,
        asked_positive=review_cost + (1 - reviewer.sensitivity) * ratio,
        asked_negative=review_cost + (1 - reviewer.specificity),
    )


def net_benefit(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Vickers & Elkin 2006: tp/n - w·fp/n, w = pt/(1-pt), pt = C_FP/(C_FP+C_FN).

    With C_FP = 1 and C_FN = ratio, w is 1/ratio. In true positives a decision, of what
    is decided without a person. None without a ratio.
    """
    if context.ratio is None:
        return None
    return _divide(point.tp - point.fp / context.ratio, size_of(point))


def latency_ms_p50(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Measured time of the median decision, in ms."""
    return quantile(context.latency_ms, 0.50)


def latency_ms_p95(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Measured time that 95 of 100 decisions stay within, in ms."""
    return quantile(context.latency_ms, 0.95)


def cost_per_decision(point: Counted, context: Context = NO_CONTEXT) -> float | None:
    """Mean money a decision."""
    return None if context.cost is None else float(np.mean(context.cost))


MEASURES: dict[str, Measure] = {
    "prevalence": prevalence,
    "error_rate": error_rate,
    "precision": precision,
    "recall": recall,
    "false_positive_rate": false_positive_rate,
    "coverage": coverage,
    "error_among_answered": error_among_answered,
    "review_rate": review_rate,
    "expected_cost": expected_cost,
    "net_benefit": net_benefit,
    "latency_ms_p50": latency_ms_p50,
    "latency_ms_p95": latency_ms_p95,
    "cost_per_decision": cost_per_decision,
}


def count_of(name: str, point: Counted) -> Count | None:
    """The ``k`` of ``n`` behind a share.

    None where the metric is no share, or where the counts are expectations and not rows
    (a policy that draws at random).
    """
    _known(name)
    if name not in SHARES:
        return None
    k, n = SHARES[name](point)
    if k != int(k) or n != int(n):
        return None
    return Count(k=int(k), n=int(n))


def number_of(
    name: str,
    point: Counted,
    *,
    rows: Rows,
    id: str | None = None,
    context: Context = NO_CONTEXT,
    deff: float = 1.0,
    level: float = LEVEL,
) -> Number:
    """The metric ``name`` as a `Number`; shares carry count, base and interval.

    ``deff`` is the design effect of the rows in the share's base. ``id`` defaults to
    the metric's name. Raises `InputError` on a name outside the closed list, which is
    `workshop.record.terms.METRICS`.

    >>> from workshop.analysis.curve import OperatingPoint
    >>> point = OperatingPoint(0.5, tp=30, fp=10, fn=20, tn=40)
    >>> found = number_of("precision", point, rows="report")
    >>> found.k, found.n, round(found.lo, 3), round(found.hi, 3)
    (30, 40, 0.598, 0.858)
    """
    count = count_of(name, point)
    if count is not None:
        return rate(id or name, count.k, count.n, rows=rows, deff=deff, level=level)
    value = MEASURES[name](point, context)
    method = EXPECTATION if name in SHARES and value is not None else None
    unit = METRICS[name].unit
    return Number(id=id or name, value=value, rows=rows, unit=unit, method=method)


def check_ratio(ratio: float) -> None:
    """Refuse a ratio that prices no miss: it is above 0 and finite."""
    if not 0 < ratio < math.inf:
        raise InputError(f"one miss is worth a positive number of alarms, not {ratio}")


def quantile(values: ArrayLike | None, q: float) -> float | None:
    """The least measured value that a share ``q`` of all stays within; None of none."""
    if values is None or np.size(values) == 0:
        return None
    times = np.asarray(values, dtype=np.float64)
    return float(np.quantile(times, q, method="inverted_cdf"))


def _divide(k: float, n: float) -> float | None:
    return float(k / n) if n else None


def _known(name: str) -> None:
    if name not in METRICS:
        raise InputError(f"unknown metric {name!r}; one of {sorted(METRICS)}")
