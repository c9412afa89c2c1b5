"""What is the answer to an exercise, and is somebody's answer near enough to it?

The answers are worked out from the rows that choose a line, so that nothing is given
away of those kept aside.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from workshop.analysis.evidence import Evidence
from workshop.analysis.intervals import rate
from workshop.data.exercises import Exercise
from workshop.record.values import Number

Verdict = Literal["right", "too_low", "too_high", "cannot_tell"]


def solve(exercise: Exercise, evidence: Evidence) -> Number:
    """Return the answer as a share with its base.

    On the choosing rows of the option in play, at their distinct scores. The share of
    right ones from which acting pays follows from the payoff alone: C_FP / (C_FP +
    C_FN), Elkan 2001. The value is None where rows or payoff cannot tell.
    """
    id = f"exercise.{exercise.id}"
    if exercise.kind == "break_even":
        return _break_even(id, evidence)
    curve = evidence.curve("choose")
    acted = curve.tp + curve.fp
    if exercise.kind == "error_from":
        right, wrong = (int(k) for k in curve.counts_at(exercise.score or 0.0))
        return _rate(id, wrong, right + wrong, evidence)
    if exercise.kind == "found_among":
        position = int(np.argmin(np.abs(acted - (exercise.share or 0) * curve.n)))
        return _rate(id, int(curve.tp[position]), curve.positives, evidence)
    # divided, because 0.29 * 100 is a little less than 29
    allowed = curve.fp / np.maximum(acted, 1) <= (exercise.at_most or 0)
    most = int(acted[allowed].max()) if allowed.any() else 0
    return _rate(id, most, curve.n, evidence)


def judge(answer: float, solution: Number, *, within: float) -> Verdict:
    """Hold an answer, in of 100, against a solution; ``within`` is in of 100 too."""
    if solution.value is None:
        return "cannot_tell"
    off = answer - 100 * solution.value
    if abs(off) <= within:
        return "right"
    return "too_high" if off > 0 else "too_low"


def _rate(id: str, k: int, n: int, evidence: Evidence) -> Number:
    return rate(id, k, n, rows="choose", deff=evidence.deff)


def _break_even(id: str, evidence: Evidence) -> Number:
    false_alarm, miss = evidence.payoff.false_alarm_cost, evidence.payoff.miss_cost
    if false_alarm <= 0 or miss <= 0:
        return Number(id=id, value=None)
    return Number(id=id, value=false_alarm / (false_alarm + miss), assumed=True)
