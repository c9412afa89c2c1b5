"""Where does the cost put the line: by a calibrated chance, or by counting?

Three ways to the same line. Count: the cut that was cheapest on the choosing rows.
Calibrate: turn scores into chances by a logistic curve (Platt 1999) and act where the
chance is at least C_FP/(C_FP + C_FN) (Elkan 2001), which leans on all rows at once and
so moves less from sample to sample, but is wrong where the curve is. Or read the raw
score as if it were the chance, which only holds for calibrated scores between 0 and 1.
Each is valued on the rows kept aside, beside 0.5, acting on everyone and on no one.

Sources: Platt 1999 with his smoothed targets; Lin, Lin & Weng 2007 (Newton with
halved steps, and logarithms that neither overflow nor cancel); Elkan 2001.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.curve import ThresholdCurve
from workshop.analysis.policies import bayes_cut, cheapest_policy, count_cells
from workshop.analysis.readout import by_definition, figures_of
from workshop.errors import InputError
from workshop.record.values import Number, Policy, Rows

Floats = NDArray[np.float64]

HALF = 0.5
"""The cut that most libraries take unless told otherwise."""
SET_BY_KIND = ("coverage", "recall")
"""What acting on everyone or on no one makes 1 or 0, whatever the rows."""
_STEPS = 100
_ENOUGH = 1e-10
_FAR = 1e150  # standard deviations from the mean: as good as infinite


@dataclass(frozen=True, slots=True)
class Platt:
    """A chance for every score: 1/(1 + exp(-(intercept + slope·z))).

    z is ``(score - centre)/scale``. ``slope`` is never negative: where higher scores
    go with fewer positives it is 0, and every score has the chance of all rows.
    """

    slope: float
    intercept: float
    centre: float
    scale: float

    def chance(self, scores: ArrayLike) -> Floats:
        """Chance of a positive at each score, shape (n,); any finite scores."""
        z = _standardised(np.asarray(scores, np.float64), self.centre, self.scale)
        return _logistic(self.intercept + self.slope * z)

    def score_at(self, chance: float) -> float:
        """The score at which that chance is reached.

        Minus infinity where every score reaches it, infinity where none does. Raises
        `InputError` unless the chance lies between 0 and 1.
        """
        if not 0 < chance < 1:
            raise InputError(f"a chance lies between 0 and 1, not at {chance}")
        short = math.log(chance / (1 - chance)) - self.intercept
        if self.slope == 0:
            return math.inf if short > 0 else -math.inf
        return self.centre + short / self.slope * self.scale


@dataclass(frozen=True, slots=True)
class ValuedCut:
    """A way to draw the line, and its figures on either side of the split.

    Both hold precision, recall, coverage, error among answered and expected cost.
    """

    policy: Policy
    choose: dict[str, Number]
    report: dict[str, Number]


@dataclass(frozen=True, slots=True)
class CutsCompared:
    """The same costs, and where each way of reading the scores draws the line.

    ``at_chance`` is C_FP/(C_FP + C_FN). ``raw`` reads the score itself as the chance,
    ``half`` cuts it at 0.5; both are None where scores leave 0 to 1.
    """

    at_chance: float
    platt: Platt
    calibrated: ValuedCut
    counted: ValuedCut
    raw: ValuedCut | None
    half: ValuedCut | None
    everyone: ValuedCut
    no_one: ValuedCut


def compare_cuts(
    choose: ThresholdCurve,
    report: ThresholdCurve,
    *,
    ratio: float,
    deff: float = 1.0,
) -> CutsCompared:
    """Draw the line in every way on ``choose``, and value each on both sides.

    ``ratio`` is how many false alarms one miss is worth; costs are in false alarms a
    decision. Raises `InputError` unless it is positive.
    """
    at_chance, platt = bayes_cut(1.0, ratio), fit_platt(choose)
    valued = partial(_valued, choose=choose, report=report, ratio=ratio, deff=deff)
    chances = all(_in_unit(curve) for curve in (choose, report))
    return CutsCompared(
        at_chance=at_chance,
        platt=platt,
        calibrated=valued("calibrated", _policy(platt.score_at(at_chance))),
        counted=valued("counted", cheapest_policy(choose, ratio=ratio)),
        raw=valued("raw", _policy(at_chance)) if chances else None,
        half=valued("half", _policy(HALF)) if chances else None,
        everyone=valued("everyone", Policy(kind="all")),
        no_one=valued("no_one", Policy(kind="none")),
    )


def _valued(
    name: str,
    policy: Policy,
    *,
    choose: ThresholdCurve,
    report: ThresholdCurve,
    ratio: float,
    deff: float,
) -> ValuedCut:
    def figures(curve: ThresholdCurve, rows: Rows) -> dict[str, Number]:
        cells = count_cells(policy, curve)
        assert cells is not None, "only today's process has no cells"
        prefix = f"cut.{name}.{rows}"
        found = figures_of(prefix, cells, rows=rows, deff=deff, ratio=ratio)
        if policy.kind in ("all", "none"):
            found |= {key: by_definition(found[key]) for key in SET_BY_KIND}
        return found

    return ValuedCut(policy, figures(choose, "choose"), figures(report, "report"))


def fit_platt(curve: ThresholdCurve) -> Platt:
    """Fit a logistic curve through the counts at each score (Platt 1999).

    Targets are (P + 1)/(P + 2) for positives and 1/(N + 2) for negatives, not 1 and 0:
    the fit stays finite where one cut separates the labels.
    """
    scores = curve.thresholds
    hits = np.diff(curve.tp, prepend=0).astype(np.float64)
    rows = np.diff(curve.tp + curve.fp, prepend=0).astype(np.float64)
    centre, scale = _centre_and_scale(scores, rows)
    high = (curve.positives + 1) / (curve.positives + 2)
    low = 1 / (curve.negatives + 2)
    came = hits * high + (rows - hits) * low
    z = _standardised(scores, centre, scale)
    slope, intercept = _newton(z, came, rows)
    if slope <= 0:
        share = float(came.sum() / rows.sum())
        slope, intercept = 0.0, math.log(share / (1 - share))
    return Platt(slope, intercept, centre, scale)


def _newton(z: Floats, came: Floats, rows: Floats) -> tuple[float, float]:
    """Slope and intercept of least cross-entropy; a step is halved until it gains."""
    share = came.sum() / rows.sum()
    at = np.array([0.0, math.log(share / (1 - share))])
    loss = _loss(at, z, came, rows)
    for _ in range(_STEPS):
        steepest, step = _step(at, z, came, rows)
        pace = 1.0
        while np.abs(steepest).max() > _ENOUGH * rows.sum() and pace > _ENOUGH:
            there = at - pace * step
            found = _loss(there, z, came, rows)
            if found <= loss - 1e-4 * pace * float(steepest @ step):
                at, loss = there, found
                break
            pace /= 2
        else:
            break
    return float(at[0]), float(at[1])


def _step(at: Floats, z: Floats, came: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """The loss's gradient, and Newton's step along it."""
    chance = _logistic(at[0] * z + at[1])
    miss, weight = rows * chance - came, rows * chance * (1 - chance)
    steepest = np.array([(miss * z).sum(), miss.sum()])
    cross = (weight * z).sum()
    bend = np.array([[(weight * z * z).sum(), cross], [cross, weight.sum()]])
    # A little on the diagonal, for scores that are all the same.
    return steepest, np.linalg.solve(bend + 1e-12 * rows.sum() * np.eye(2), steepest)


def _loss(at: Floats, z: Floats, came: Floats, rows: Floats) -> float:
    """Cross-entropy, of log(1 + exp(x)) that does not overflow."""
    x = at[0] * z + at[1]
    return float((rows * np.logaddexp(0, x) - came * x).sum())


def _logistic(x: Floats) -> Floats:
    return np.exp(-np.logaddexp(0, -x))


def _centre_and_scale(scores: Floats, rows: Floats) -> tuple[float, float]:
    """Mean and standard deviation; neither overflows on the largest of floats."""
    largest = float(np.abs(scores).max()) or 1.0
    unit = scores / largest
    mean = float(np.average(unit, weights=rows))
    spread = math.sqrt(float(np.average((unit - mean) ** 2, weights=rows)))
    return mean * largest, spread * largest or 1.0


def _standardised(scores: Floats, centre: float, scale: float) -> Floats:
    # Halves first: the difference of two large floats of either sign is too large.
    with np.errstate(over="ignore"):
        return np.clip((scores / 2 - centre / 2) / scale * 2, -_FAR, _FAR)


def _policy(threshold: float) -> Policy:
    if math.isinf(threshold):
        return Policy(kind="none" if threshold > 0 else "all")
    return Policy(kind="single", act_at=threshold)


def _in_unit(curve: ThresholdCurve) -> bool:
    return bool(curve.thresholds[0] <= 1 and curve.thresholds[-1] >= 0)
