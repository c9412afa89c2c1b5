"""What does each way of acting on the scores lead to, and which is cheapest?

Every policy is valued on the same curve and in the same unit, beside the trivial ones:
act on everyone, on no one, at random at the same volume, and today's process. Costs are
in false alarms: C_FP = 1, C_FN = ratio.

Sources: Elkan 2001 (cut from costs); Chow 1970 (when asking a person can pay).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from workshop.analysis.curve import OperatingPoint, ThresholdCurve
from workshop.analysis.metrics import (
    Context,
    Reviewer,
    check_ratio,
    expected_cost,
)
from workshop.errors import InputError
from workshop.record.values import Policy

PERFECT = Reviewer()


@dataclass(frozen=True, slots=True)
class Cells:
    """Where a policy puts the rows: acted on, left alone, sent to a person.

    Whole rows, or exact expectations where the policy draws at random.
    """

    tp: float
    fp: float
    fn: float
    tn: float
    asked_positive: float = 0
    asked_negative: float = 0


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """A policy with its cells and its cost a decision, in false alarms.

    ``cells`` and ``expected_cost`` are None for what nobody measured (today).
    """

    policy: Policy
    cells: Cells | None
    expected_cost: float | None


@dataclass(frozen=True, slots=True)
class ReviewBand:
    """Whether asking a person can pay, for calibrated probabilities.

    ``most`` is the price of a review at and above which no band can pay. Below it,
    stay silent up to ``clear_below`` and act from ``act_above`` on; None otherwise.
    """

    can_pay: bool
    most: float
    clear_below: float | None
    act_above: float | None


def evaluate(
    policy: Policy,
    curve: ThresholdCurve,
    *,
    ratio: float,
    review_cost: float = 0.0,
    reviewer: Reviewer = PERFECT,
) -> PolicyResult:
    """Value one policy on the rows of ``curve``.

    ``ratio`` says how many false alarms one miss is worth. ``review_cost`` is the price
    of one review in false alarms; the reviewer is perfect unless said otherwise. The
    cost is a mean over rows, in false alarms. Raises `InputError` unless ``ratio > 0``.

    >>> from workshop.analysis.curve import threshold_curve
    >>> curve = threshold_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> evaluate(Policy(kind="single", act_at=0.35), curve, ratio=2).expected_cost
    0.25
    """
    check_ratio(ratio)
    cells = count_cells(policy, curve)
    if cells is None:
        return PolicyResult(policy, None, None)
    context = Context(ratio=ratio, review_cost=review_cost, reviewer=reviewer)
    return PolicyResult(policy, cells, expected_cost(cells, context))


def count_cells(policy: Policy, curve: ThresholdCurve) -> Cells | None:
    """Where a policy puts the rows of ``curve``; None for what nobody measured."""
    match policy.kind:
        case "all":
            return _alone(curve.at(-math.inf))
        case "none":
            return _alone(curve.at(math.inf))
        case "single":
            return _alone(curve.at(_given(policy.act_at)))
        case "random":
            return _at_random(_given(policy.volume), curve)
        case "review_band":
            act, ask = _given(policy.act_at), _given(policy.review_at)
            return _with_review(curve.at(act), curve.at(ask))
        case "today":
            return None


def lines_of(policy: Policy) -> tuple[float, float] | None:
    """From which score on a policy acts, and from which on it asks a person.

    Twice the same where it asks nobody; infinite where it acts on everyone or no one.
    None where no score says what happens: at random, or as today.
    """
    match policy.kind:
        case "all":
            return -math.inf, -math.inf
        case "none":
            return math.inf, math.inf
        case "single":
            return _given(policy.act_at), _given(policy.act_at)
        case "review_band":
            return _given(policy.act_at), _given(policy.review_at)
    return None


def trivial_policies(volume: float) -> tuple[Policy, ...]:
    """What every policy stands beside; ``volume`` is the share it acts on itself."""
    return (
        Policy(kind="all"),
        Policy(kind="none"),
        Policy(kind="random", volume=volume),
        Policy(kind="today"),
    )


def cheapest_threshold(curve: ThresholdCurve, *, ratio: float) -> float:
    """The threshold of least cost ``fp + ratio·fn``, over every cut there is.

    Acting on no one (infinity) and on everyone (the least score) are among them. Of
    equal costs the highest threshold wins: the one that acts on fewest. Raises
    `InputError` unless ``ratio > 0``.

    >>> from workshop.analysis.curve import threshold_curve
    >>> curve = threshold_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> cheapest_threshold(curve, ratio=0.5), cheapest_threshold(curve, ratio=2)
    (0.8, 0.35)
    """
    check_ratio(ratio)
    cost = curve.fp + ratio * (curve.positives - curve.tp)
    best = int(cost.argmin())
    if ratio * curve.positives <= cost[best]:
        return math.inf
    return float(curve.thresholds[best])


def cheapest_range(curve: ThresholdCurve, *, ratio: float) -> tuple[float, float]:
    """The least and the greatest threshold that cost no more than the cheapest."""
    best = cheapest_threshold(curve, ratio=ratio)
    cost = curve.fp + ratio * (curve.positives - curve.tp)
    equal = curve.thresholds[np.isclose(cost, cost.min(), rtol=1e-12, atol=1e-9)]
    if math.isinf(best):
        return best, best
    return float(equal.min()), best


def cheapest_policy(curve: ThresholdCurve, *, ratio: float) -> Policy:
    """`cheapest_threshold` as a policy; its ends are ``none`` and ``all``."""
    return policy_at(curve, cheapest_threshold(curve, ratio=ratio))


def policy_at(curve: ThresholdCurve, threshold: float) -> Policy:
    """One threshold as a policy: infinity is ``none``, the least score ``all``."""
    if threshold == math.inf:
        return Policy(kind="none")
    if threshold <= curve.thresholds[-1]:
        return Policy(kind="all")
    return Policy(kind="single", act_at=threshold)


def bayes_cut(c_fp: float, c_fn: float) -> float:
    """The probability from which acting is cheaper (Elkan 2001): calibrated ones only.

    >>> round(bayes_cut(1, 5), 4)
    0.1667
    """
    _check_costs(c_fp, c_fn)
    return c_fp / (c_fp + c_fn)


def review_can_pay(review_cost: float, *, c_fp: float, c_fn: float) -> ReviewBand:
    """Chow 1970: a band exists where c_r < C_FP·C_FN/(C_FP + C_FN).

    The reviewer is perfect and the scores are probabilities; with a worse reviewer or
    worse scores a band pays less, never more.

    >>> review_can_pay(0.5, c_fp=1, c_fn=5)
    ReviewBand(can_pay=True, most=0.8333333333333334, clear_below=0.1, act_above=0.5)
    """
    _check_costs(c_fp, c_fn)
    if not 0 <= review_cost < math.inf:
        raise InputError(f"a review's price cannot be {review_cost}")
    most = c_fp * c_fn / (c_fp + c_fn)
    if review_cost >= most:
        return ReviewBand(False, most, None, None)
    return ReviewBand(True, most, review_cost / c_fn, 1 - review_cost / c_fp)


def _alone(point: OperatingPoint) -> Cells:
    return Cells(point.tp, point.fp, point.fn, point.tn)


def _at_random(volume: float, curve: ThresholdCurve) -> Cells:
    tp, fp = volume * curve.positives, volume * curve.negatives
    return Cells(tp, fp, curve.positives - tp, curve.negatives - fp)


def _with_review(act: OperatingPoint, ask: OperatingPoint) -> Cells:
    return Cells(act.tp, act.fp, ask.fn, ask.tn, ask.tp - act.tp, ask.fp - act.fp)


def _given(cut: float | None) -> float:
    # `Policy` itself refuses a kind without its cuts.
    if cut is None:
        raise InputError("this kind of policy needs a cut that is not given")
    return cut


def _check_costs(c_fp: float, c_fn: float) -> None:
    if not (0 < c_fp < math.inf and 0 < c_fn < math.inf):
        raise InputError(
            f"a false alarm and a miss must both cost something, not {c_fp} and {c_fn}"
        )
