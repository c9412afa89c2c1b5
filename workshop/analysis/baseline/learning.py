"""What would more rows bring? Fit on ever more of them, and carry the line on.

The error, 1 - AUC, of fits on four to six nested subsets, each tested on rows that no
subset holds; three times over (twice on a wide table) with other rows kept aside.
Through the means goes the inverse power law a + b·n^(-c) (Figueroa et al. 2012, BMC Med
Inform Decis Mak 12:8). It is fitted on a grid of c, with a and b by weighted least
squares held at or above zero: no start values, and nothing that can fail to converge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.baseline.auc import area, standard_error
from workshop.analysis.baseline.folds import FEWEST, FOLDS, Pair, folds
from workshop.analysis.baseline.table import Table
from workshop.analysis.intervals import LEVEL, z_of
from workshop.analysis.trained import LearningCurve, LearningPoint
from workshop.record.values import Number

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

FEWEST_SIZES, MOST_SIZES = 4, 6
REPEATS = 3
# From one size to the next at least half as many again, at most twice as many.
STEP, MOST_STEP = 1.5, 2.0
FEWEST_ROWS = 50
# Beyond this multiple of the largest fit the line is not carried on.
FARTHEST = 4.0
METHOD = "inverse power law, parametric bootstrap"
_DRAWS = 1000
_SLOPES = np.geomspace(0.1, 2.0, 40)


@dataclass(frozen=True)
class Law:
    """Fitted laws a + b·(n/unit)^(-c), one for each of shape (draws,)."""

    a: Floats
    b: Floats
    c: Floats
    unit: float

    def at(self, rows: float) -> Floats:
        """Return the error of each at ``rows``, shape (draws,)."""
        return self.a + self.b * (rows / self.unit) ** -self.c


@dataclass(frozen=True)
class Plan:
    """Which rows to fit on and to score: ``repeats`` times the same sizes, rising."""

    pairs: list[Pair]
    repeats: int


def plan(table: Table) -> Plan | str:
    """Choose nested subsets and rows kept aside, or return the id of why not.

    ``few_positives`` where subsets with twenty rows of either label would leave under
    four sizes, ``few_sizes`` where the rows (or clusters) are too few for that anyway.
    """
    dealt = folds(table, FOLDS, seed=table.seed + 1)
    dealt = dealt[: REPEATS - table.inputs.wide]
    shares = _sizes(table, dealt)
    if isinstance(shares, str):
        return shares
    pairs = [
        (nested, held)
        for number, (pool, held) in enumerate(dealt)
        for nested in _nested(table, pool, shares, table.seed + number)
    ]
    if not all(_both(table, rows) for pair in pairs for rows in pair):
        return "few_positives"
    return Plan(pairs, len(dealt))


def draw(
    table: Table, planned: Plan, scores: list[Floats], at_hand: int
) -> LearningCurve:
    """Draw the learning curve through what the fits of a plan scored.

    ``scores`` has an array for each pair of the plan; ``at_hand`` is how many rows
    there are to learn from, sampled or not.
    """
    errors, spread = _measure(table, planned.pairs, scores)
    sizes = np.array([len(pool) for pool, _ in planned.pairs], dtype=np.float64)
    shape = (planned.repeats, -1)
    sizes = sizes.reshape(shape).mean(axis=0)
    return _curve(table, at_hand, sizes, errors.reshape(shape), spread.reshape(shape))


def _both(table: Table, rows: Rows) -> bool:
    found = table.labels[rows]
    return bool(found.any() and not found.all())


def _sizes(table: Table, dealt: list[Pair]) -> list[float] | str:
    """Shares of the pool to fit on, geometric up to the whole."""
    pool = min((seen for seen, _ in dealt), key=len)
    whole = len(pool)
    if table.clusters is not None:
        # Under a few clusters a subset is one source, not a smaller sample.
        whole = min(whole, FEWEST_ROWS * len(np.unique(table.clusters[pool])) // 4)
    hits = int(table.labels[pool].sum())
    rarer = min(hits, len(pool) - hits) / FEWEST
    room = min(rarer, whole / FEWEST_ROWS)
    most = MOST_STEP ** (MOST_SIZES - 1)
    count = 1 + math.floor(math.log(min(max(room, 1.0), most)) / math.log(STEP) + 1e-9)
    if count < FEWEST_SIZES:
        by_rows = 1 + math.floor(math.log(max(whole / FEWEST_ROWS, 1)) / math.log(STEP))
        return "few_sizes" if by_rows < FEWEST_SIZES else "few_positives"
    count = min(count, MOST_SIZES)
    step = min(MOST_STEP, room ** (1 / (count - 1)))
    return [step**-power for power in range(count - 1, -1, -1)]


def _nested(table: Table, pool: Rows, shares: list[float], seed: int) -> list[Rows]:
    """Subsets of the pool, each within the next, of the pool's own positive rate."""
    rng = np.random.default_rng(seed)
    if table.clusters is not None:
        names, codes = np.unique(table.clusters[pool], return_inverse=True)
        place = rng.permutation(len(names))[codes] / len(names)
    else:
        place = np.empty(len(pool))
        for which in (True, False):
            rows = np.flatnonzero(table.labels[pool] == which)
            place[rows] = rng.permutation(len(rows)) / max(len(rows), 1)
    return [pool[place < share] for share in shares]


def _measure(
    table: Table, pairs: list[Pair], scores: list[Floats]
) -> tuple[Floats, Floats]:
    """Error of each fit on its rows kept aside, and that error's own spread."""
    errors, spread = [], []
    for (_, held), found_here in zip(pairs, scores, strict=True):
        found = area(table.labels[held], found_here)
        clusters = None if table.clusters is None else table.clusters[held]
        errors.append(1 - found.value)
        spread.append(standard_error(found.pulls, clusters))
    return np.array(errors), np.array(spread)


def _curve(
    table: Table, at_hand: int, sizes: Floats, errors: Floats, spread: Floats
) -> LearningCurve:
    """Fit the law and resample it: errors and spread of shape (repeats, sizes)."""
    repeats = len(errors)
    means = errors.mean(axis=0)
    # Which rows were drawn: what is left of a repeat after its own level, taken to
    # fall with 1/n, as pooled over all sizes (a single size has only three values).
    own = errors - errors.mean(axis=1, keepdims=True) - means + means.mean()
    freedom = max((repeats - 1) * (len(sizes) - 1), 1)
    drawn = np.sqrt((own**2 * sizes).sum() / freedom / sizes / repeats)
    drawn = np.maximum(drawn, 1e-4)
    # Which rows were kept aside: moves all sizes alike.
    level = float(np.sqrt((spread[:, -1] ** 2).mean() / repeats))
    rng = np.random.default_rng(table.seed)
    shaken = means + rng.normal(size=(_DRAWS, len(sizes))) * drawn
    shaken = shaken + rng.normal(size=(_DRAWS, 1)) * level
    best = fit_law(sizes, means[None], drawn)
    laws = fit_law(sizes, np.clip(shaken, 0, 1), drawn)
    reach = z_of(LEVEL) * np.sqrt(drawn**2 + level**2)
    points = tuple(
        LearningPoint(
            round(n), float(e), max(0.0, float(e - r)), min(1.0, float(e + r))
        )
        for n, e, r in zip(sizes, means, reach, strict=True)
    )
    now = min(float(at_hand), FARTHEST * float(sizes[-1]))
    here, twice = best.at(now), best.at(2 * now)
    all_here, all_twice = laws.at(now), laws.at(2 * now)
    return LearningCurve(
        points=points,
        a=float(best.a[0]),
        b=float(best.b[0] * best.unit ** best.c[0]),
        c=float(best.c[0]),
        now=_number("trained.error_now", here, all_here, now),
        doubled=_number("trained.error_doubled", twice, all_twice, 2 * now),
        gain=_number("trained.gain", here - twice, all_here - all_twice, now),
    )


def fit_law(sizes: Floats, errors: Floats, spread: Floats) -> Law:
    """Fit a + b·(n/unit)^(-c) to each row of ``errors``, shape (draws, sizes).

    ``spread`` weighs the sizes; a and b are held at or above zero, c within 0.1 and 2.
    ``unit`` is the largest size, so that b is the part of its error that can be learnt.
    """
    unit = float(sizes[-1])
    weights = 1 / spread**2
    powers = (sizes / unit) ** -_SLOPES[:, None]
    s0, s1, s2 = weights.sum(), powers @ weights, powers**2 @ weights
    t0, t1 = (errors @ weights)[:, None], (errors * weights) @ powers.T
    b = (s0 * t1 - s1 * t0) / (s0 * s2 - s1**2)
    a = (t0 - b * s1) / s0
    # Where one would be negative it is held at zero and the other fitted alone.
    a, b = np.where(b < 0, t0 / s0, a), np.maximum(b, 0)
    a, b = np.maximum(a, 0), np.where(a < 0, np.maximum(t1 / s2, 0), b)
    missed = a**2 * s0 + 2 * a * b * s1 + b**2 * s2 - 2 * a * t0 - 2 * b * t1
    best = missed.argmin(axis=1)
    row = np.arange(len(errors))
    return Law(a[row, best], b[row, best], _SLOPES[best], unit)


def _number(id: str, value: Floats, drawn: Floats, rows: float) -> Number:
    tail = (1 - LEVEL) / 2
    lo, hi = np.quantile(drawn, [tail, 1 - tail])
    best = float(value[0])
    return Number(
        id=id,
        value=best,
        n=round(rows),
        lo=min(best, float(lo)),
        hi=max(best, float(hi)),
        level=LEVEL,
        method=METHOD,
    )
