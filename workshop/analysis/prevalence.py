"""What would the same policy come to where cases are rarer, or more common?

The share of positives acted on and the share of negatives acted on stay what they were
measured to be; how many rows of either label there are is stated by somebody. With a
share π of positives, PPV = TPR·π/(TPR·π + FPR·(1 - π)), and coverage and expected cost
are π times what they are among positives plus 1 - π times what they are among
negatives. All of it is assumed: that only the shares of the labels change, and neither
how a positive looks nor how a negative does.

Sources: Elkan 2001 (costs at another base rate); Mercaldo, Lau & Zhou 2007 (logit
interval of a predictive value at a given prevalence); Donner & Zou 2012 (ratio of two
rates from the interval of each, where a count is at its end); Newcombe 1998 (square and
add, for the sum).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from workshop.analysis.intervals import LEVEL, wilson, z_of
from workshop.analysis.metrics import (
    NO_CONTEXT,
    Context,
    Counted,
    cell_costs,
    number_of,
    size_of,
)
from workshop.errors import InputError
from workshop.record.terms import METRICS
from workshop.record.values import Number, Rows

LOGIT = "logit, at a stated prevalence"
RATIO = "ratio of two wilson intervals, at a stated prevalence"
SUM = "sum of two wilson intervals, at a stated prevalence"


@dataclass(frozen=True, slots=True)
class AtPrevalence:
    """A policy's figures at a stated prevalence, beside the one that was measured.

    ``measured`` is the prevalence of the rows, ``stated`` the one that somebody named.
    ``expected_cost`` is in false alarms a decision, None without a ratio. A value is
    None where one of the labels did not occur; a precision, where nothing was acted on.
    """

    measured: Number
    stated: Number
    precision: Number
    error_among_answered: Number
    coverage: Number
    expected_cost: Number | None


class _Range(NamedTuple):
    """A value and its bounds."""

    value: float
    lo: float
    hi: float


class _Side(NamedTuple):
    """Rows of one label: acted on, left alone, sent to a person."""

    acted: float
    left: float
    asked: float


Worth = tuple[float, ...]
ACTED: Worth = (1.0, 0.0, 0.0)


def at_prevalence(
    point: Counted,
    prevalence: float,
    *,
    rows: Rows,
    context: Context = NO_CONTEXT,
    deff: float = 1.0,
    level: float = LEVEL,
) -> AtPrevalence:
    """Re-weight a policy's figures to a stated share of positives.

    Parameters
    ----------
    point
        Counts of an operating point or a policy.
    prevalence
        The share of positives that somebody states; above 0 and below 1.
    rows
        Which rows the counts come from.
    context
        Its ratio, review price and reviewer make the expected cost.
    deff
        Design effect of the rows, the same for either label.

    Raises
    ------
    InputError
        A prevalence that is no share, or no rows.

    >>> from workshop.analysis.curve import OperatingPoint
    >>> measured = OperatingPoint(0.5, tp=450, fp=50, fn=50, tn=450)
    >>> rare = at_prevalence(measured, 0.01, rows="report").precision
    >>> round(rare.value, 4), round(rare.lo, 4), round(rare.hi, 4)
    (0.0833, 0.0652, 0.1059)
    """
    if not 0 < prevalence < 1:
        raise InputError(f"a prevalence lies between 0 and 1, not at {prevalence}")
    n = round(size_of(point))
    if n == 0:
        raise InputError("there are no rows to re-weight")
    sides = (
        _Side(point.tp, point.fn, point.asked_positive),
        _Side(point.fp, point.tn, point.asked_negative),
    )
    known = all(sum(side) > 0 for side in sides)

    def summed(name: str, worth: tuple[Worth, Worth]) -> Number:
        found = _mixed(sides, worth, prevalence, deff, level) if known else None
        return _number(name, found, n=n, rows=rows, level=level, method=SUM)

    found = _precision(*sides, prevalence, deff, level) if known else None
    method = RATIO if _at_end(*sides) else LOGIT
    precise = _number("precision", found, n=n, rows=rows, level=level, method=method)
    costs = _costs(context)
    return AtPrevalence(
        measured=number_of("prevalence", point, rows=rows, deff=deff, level=level),
        stated=Number(id="at_prevalence.stated", value=prevalence, assumed=True),
        precision=precise,
        error_among_answered=_opposite(precise),
        coverage=summed("coverage", (ACTED, ACTED)),
        expected_cost=None if costs is None else summed("expected_cost", costs),
    )


def _precision(
    positives: _Side, negatives: _Side, prevalence: float, deff: float, level: float
) -> _Range | None:
    """PPV of the ratio of the two rates; None when nothing was acted on."""
    if positives.acted + negatives.acted == 0:
        return None
    odds = prevalence / (1 - prevalence)
    ended = _at_end(positives, negatives)
    by = _ratio_from_bounds if ended else _ratio_by_logit
    return _Range(*(_share(odds * x) for x in by(positives, negatives, deff, level)))


def _at_end(*sides: _Side) -> bool:
    """Whether a rate is 0 or 1, where a logit's variance says nothing."""
    return any(side.acted in (0, sum(side)) for side in sides)


def _ratio_by_logit(one: _Side, other: _Side, deff: float, level: float) -> _Range:
    """Ratio of both rates; the logit of PPV is its logarithm and a constant."""
    n, m = sum(one), sum(other)
    ratio = one.acted / n * m / other.acted
    variance = sum(
        deff * (side.left + side.asked) / (side.acted * sum(side))
        for side in (one, other)
    )
    reach = math.exp(z_of(level) * math.sqrt(variance))
    return _Range(ratio, ratio / reach, ratio * reach)


def _ratio_from_bounds(one: _Side, other: _Side, deff: float, level: float) -> _Range:
    """Donner & Zou's closed form, rationalised so that nothing cancels at a corner."""
    a = _mean(one, ACTED, deff, level)
    b = _mean(other, ACTED, deff, level)
    product = a.value * b.value
    low = a.lo * (2 * a.value - a.lo)
    high = a.hi * (2 * a.value - a.hi)
    low_root = math.sqrt(max(0, product**2 - low * b.hi * (2 * b.value - b.hi)))
    below = b.lo * (2 * b.value - b.lo)
    high_root = math.sqrt(max(0, product**2 - high * below))
    return _Range(
        value=a.value / b.value if b.value else math.inf,
        lo=low / (product + low_root) if low else 0.0,
        hi=(product + high_root) / below if below else math.inf,
    )


def _mixed(
    sides: tuple[_Side, _Side],
    worth: tuple[Worth, Worth],
    prevalence: float,
    deff: float,
    level: float,
) -> _Range:
    """Mean over both labels at their stated shares: square and add."""
    asks = any(side.asked for side in sides)
    used = 3 if asks else 2
    means = [
        _mean(side, each[:used], deff, level)
        for side, each in zip(sides, worth, strict=True)
    ]
    shares = (prevalence, 1 - prevalence)
    pairs = list(zip(shares, means, strict=True))
    value = sum(share * mean.value for share, mean in pairs)
    down = math.hypot(*(share * (mean.value - mean.lo) for share, mean in pairs))
    up = math.hypot(*(share * (mean.hi - mean.value) for share, mean in pairs))
    return _Range(value, value - down, value + up)


def _mean(side: _Side, worth: Worth, deff: float, level: float) -> _Range:
    """Mean of what each cell is worth, as a share of the way from least to most.

    Wilson's interval of that share is exact in kind where there are two worths, and too
    wide where there are three: nothing bounded varies more than a yes or no.
    """
    n, least, most = sum(side), min(worth), max(worth)
    value = sum(k * each for k, each in zip(side, worth, strict=False)) / n
    if least == most:
        return _Range(value, value, value)
    share = min(1.0, max(0.0, (value - least) / (most - least)))
    found = wilson(share * n, n, level=level, deff=deff)
    span = most - least
    return _Range(value, least + span * found.lo, least + span * found.hi)


def _costs(context: Context) -> tuple[Worth, Worth] | None:
    """False alarms that a row costs: acted on, left alone, sent to a person."""
    if context.ratio is None:
        return None
    cost = cell_costs(context.ratio, context.review_cost, context.reviewer)
    return (
        (cost.tp, cost.fn, cost.asked_positive),
        (cost.fp, cost.tn, cost.asked_negative),
    )


def _share(odds: float) -> float:
    return 1.0 if math.isinf(odds) else odds / (1 + odds)


def _number(
    name: str, found: _Range | None, *, n: int, rows: Rows, level: float, method: str
) -> Number:
    """Without counts: no row was counted at a prevalence that somebody stated."""
    given = {} if found is None else found._asdict() | {"level": level}
    return Number.model_validate(
        {"value": None, "method": None if found is None else method}
        | given
        | {"id": f"at_prevalence.{name}", "unit": METRICS[name].unit}
        | {"n": n, "rows": rows, "assumed": True}
    )


def _opposite(precise: Number) -> Number:
    """One less the precision."""

    def less(share: float | None) -> float | None:
        return None if share is None else 1 - share

    return precise.model_copy(
        update={
            "id": "at_prevalence.error_among_answered",
            "value": less(precise.value),
            "lo": less(precise.hi),
            "hi": less(precise.lo),
        }
    )
