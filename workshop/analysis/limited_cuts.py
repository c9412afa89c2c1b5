"""Which cuts of a curve keep each of the limits, and by how much?

Cuts are met by position: 0 acts on no one, i on all rows from the i-th cut on. Point
estimates on these rows decide; the interval beside each says how sure that is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.curve import ThresholdCurve
from workshop.analysis.metrics import Context, number_of
from workshop.analysis.policies import Cells, count_cells, policy_at
from workshop.errors import InputError
from workshop.record.values import Limits, Number, Policy, Rows

Goal = Literal["most_recall", "least_error", "cheapest"]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Limits on what a cut changes, and on what it does not; with the metric of each.
OF_CUTS = {
    "min_precision": "precision",
    "min_recall": "recall",
    "max_error_among_answered": "error_among_answered",
    "min_coverage": "coverage",
    "max_group_difference": "group_difference",
}
OF_ALL = {
    "reviews_per_week": "reviews_per_week",
    "max_latency_ms_p95": "latency_ms_p95",
    "max_cost_per_decision": "cost_per_decision",
}
_METRICS = OF_CUTS | OF_ALL


@dataclass(frozen=True, slots=True, eq=False)
class GroupGaps:
    """The largest difference between groups when acting from some thresholds on.

    ``thresholds`` and ``gaps`` have the same shape (k,), in any order; a gap is NaN
    where nothing can be told. Where a largest difference is set, only cuts measured
    here can qualify. Raises `InputError` where the two differ in shape.
    """

    thresholds: Floats
    gaps: Floats

    def __post_init__(self) -> None:
        if np.shape(self.gaps) != np.shape(self.thresholds):
            raise InputError("group differences and their thresholds must be as many")


@dataclass(frozen=True, slots=True)
class LimitCheck:
    """One limit, by its name in `Limits`, at one policy.

    ``holds`` is None where it was not measured; a rate of no rows is not kept.
    ``labels_each`` is how many rows must be labelled for one more in the rate's base:
    one over the prevalence for recall, else one.
    """

    name: str
    bound: float
    number: Number
    holds: bool | None
    labels_each: float = 1.0

    @property
    def value(self) -> float | None:
        """What was measured: the point estimate."""
        return self.number.value

    @property
    def sure(self) -> bool | None:
        """Whether the whole interval keeps the limit; None without an interval."""
        end = self.number.lo if at_least(self.name) else self.number.hi
        return None if end is None else keeps(self.name, end, self.bound)


@dataclass(frozen=True, eq=False)
class LimitedCuts:
    """Every position of a curve beside every limit; see `limits.best_within`."""

    curve: ThresholdCurve
    limits: Limits
    goal: Goal
    context: Context
    per_week: float | None
    group_gap: GroupGaps | None
    rows: Rows
    deff: float

    @cached_property
    def tp(self) -> NDArray[np.int64]:
        """Positives acted on at each position, shape (positions,)."""
        return np.concatenate(([0], self.curve.tp))

    @cached_property
    def fp(self) -> NDArray[np.int64]:
        """Negatives acted on at each position."""
        return np.concatenate(([0], self.curve.fp))

    @cached_property
    def flagged(self) -> NDArray[np.int64]:
        """Rows acted on at each position."""
        return self.tp + self.fp

    @cached_property
    def bounds(self) -> dict[str, float]:
        """The limits that were set."""
        given = self.limits.model_dump()
        return {name: given[name] for name in _METRICS if given[name] is not None}

    @cached_property
    def values(self) -> dict[str, Floats | None]:
        """Each limit's metric at every position; None where it was not measured."""
        return {name: self._values(name) for name in self.bounds}

    @cached_property
    def holds(self) -> dict[str, Bools | None]:
        """Whether each limit is kept at every position; None where not measured."""
        return {
            name: None if values is None else _kept(name, values, self.bounds[name])
            for name, values in self.values.items()
        }

    def keeping(self, *, but: str = "") -> Bools:
        """The positions that keep every limit, ``but`` one."""
        keep = np.ones(len(self.tp), dtype=np.bool_)
        keep[0] = self.goal == "cheapest"
        for name, holds in self.holds.items():
            if holds is not None and name != but:
                keep &= holds
        return keep

    def best(self, keep: Bools) -> int:
        """The best of some positions, for the goal."""
        if self.goal == "most_recall":
            return int(np.where(keep, self.tp, -1).argmax())
        if self.goal == "cheapest":
            missed = self.curve.positives - self.tp
            cost = self.fp + (self.context.ratio or math.nan) * missed
            return int(np.where(keep, cost, np.inf).argmin())
        error = np.where(keep, self.fp / np.maximum(self.flagged, 1), np.inf)
        return len(error) - 1 - int(error[::-1].argmin())

    def policy(self, position: int) -> Policy:
        """The policy that acts from a position on."""
        return policy_at(self.curve, self.curve.threshold_at(position))

    def checks(self, policy: Policy) -> tuple[LimitCheck, ...]:
        """Every limit at one policy."""
        return tuple(self._check(name, policy) for name in self.bounds)

    def a_week(self, asked: float) -> float | None:
        """Rows of the curve as decisions a week."""
        if self.per_week is None:
            return None
        return float(asked / self.curve.n * self.per_week)

    def _values(self, name: str) -> Floats | None:
        if name in OF_ALL:
            value = self._number(name, Policy(kind="none")).value
            return None if value is None else np.full(len(self.tp), value)
        if name == "max_group_difference":
            return self._gaps
        some = {"min_recall": self.tp, "min_precision": self.tp, "min_coverage": None}
        k = some.get(name, self.fp)
        base = {"min_recall": self.curve.positives, "min_coverage": self.curve.n}
        # No rows acted on: a rate of nothing, which is not a number.
        with np.errstate(invalid="ignore"):
            shares = (self.flagged if k is None else k) / base.get(name, self.flagged)
        return np.asarray(shares, dtype=np.float64)

    @cached_property
    def _gaps(self) -> Floats | None:
        given = self.group_gap
        if given is None or np.isnan(given.gaps).all():
            return None
        gaps = np.full(len(self.tp), np.nan)
        gaps[self.curve.positions_of(given.thresholds)] = given.gaps
        return gaps

    def _check(self, name: str, policy: Policy) -> LimitCheck:
        number, bound = self._number(name, policy), self.bounds[name]
        if self.holds[name] is None:
            return LimitCheck(name, bound, number, None)
        holds = number.value is not None and keeps(name, number.value, bound)
        recall, curve = name == "min_recall", self.curve
        each = float(curve.n / curve.positives) if recall else 1.0
        return LimitCheck(name, bound, number, holds, each)

    def _number(self, name: str, policy: Policy) -> Number:
        metric, cells = _METRICS[name], count_cells(policy, self.curve)
        if cells is None:
            raise InputError(f"a policy of kind {policy.kind} has no counts to check")
        if metric == "group_difference":
            gap, unit = self._gap(policy), "difference of shares"
            return Number(id=metric, value=gap, rows=self.rows, unit=unit)
        if metric == "reviews_per_week":
            reviews, unit = self._reviews(cells), "reviews a week"
            return Number(id=metric, value=reviews, rows=self.rows, unit=unit)
        return number_of(
            metric, cells, rows=self.rows, context=self.context, deff=self.deff
        )

    def _reviews(self, cells: Cells) -> float | None:
        asked = cells.asked_positive + cells.asked_negative
        return 0.0 if asked == 0 else self.a_week(asked)

    def _gap(self, policy: Policy) -> float | None:
        if self._gaps is None:
            return None
        cut = {"all": -math.inf, "none": math.inf}.get(policy.kind, policy.act_at)
        position = self.curve.positions_of(np.array(cut, dtype=np.float64))
        gap = float(self._gaps[position])
        return None if math.isnan(gap) else gap


def at_least(name: str) -> bool:
    """Whether the limit of this name is a least value; the others are a most."""
    return name.startswith("min_")


def keeps(name: str, value: float, bound: float) -> bool:
    """Whether a value keeps the limit of this name; one that equals it does."""
    return value >= bound if at_least(name) else value <= bound


def _kept(name: str, values: Floats, bound: float) -> Bools:
    kept = values >= bound if at_least(name) else values <= bound
    return np.asarray(kept, dtype=np.bool_)
