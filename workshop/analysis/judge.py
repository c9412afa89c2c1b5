"""How often is acting wrong, when the labels come from a model judge?

A judge errs, so its rate is shown raw and corrected by the rows that people labelled
too. The positive class is "acting is right"; the headline is the error rate, one less
the share of positives. `judge_draws` has what the corrected range is drawn from.

Sources: Rogan & Gladen 1978 for the correction; Newcombe 1998 for the lower bound of
sensitivity + specificity - 1 (Youden's J, a difference of two independent shares);
Angelopoulos et al. 2023 (Science 382:669; arXiv 2311.01453) for the prediction-powered
mean and its tuning; Tenenbein 1970, whose double-sampling estimate it equals here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.agreement_stats import COHEN, cohen_kappa
from workshop.analysis.intervals import (
    FEW_SOURCES,
    LEVEL,
    design_effect,
    newcombe,
    rate,
)
from workshop.analysis.judge_draws import (
    Cells,
    Draws,
    Effects,
    count_cells,
    draw_totals,
    rogan_gladen,
)
from workshop.data.judged import Judged
from workshop.record.values import Number

LEAST = 0.2
"""Lower bound of sensitivity + specificity - 1 under which nothing is corrected."""

MOST_TIMES = 1_000
"""So many times the labels at hand, and more of them are no way out."""

Refusal = Literal["near_chance", "few_labels", "one_class", "misfit"]

ROGAN_GLADEN = "rogan-gladen, judged and people's rows drawn again"
POWERED = "prediction-powered, judged and people's rows drawn again"


@dataclass(frozen=True, slots=True)
class Repeats:
    """Several runs of one judge on the same rows.

    ``differ`` is the share of rows on which not all ``runs`` say the same, ``spread``
    the standard deviation of the error rate between the runs.
    """

    runs: Number
    differ: Number
    spread: Number


@dataclass(frozen=True, slots=True)
class JudgedRate:
    """The error rate when everything is acted on: by the judge, and corrected.

    ``corrected`` is None where ``refused`` says why: the judge is hardly better than a
    coin, people labelled too few rows to tell (``labels_needed`` would do, at the same
    rates) or only rows of one class, or no rate within 0..1 fits how the judge erred.
    ``beyond_chance`` is sensitivity + specificity - 1, None with one class. ``clipped``
    says that the formula left 0..1. ``people`` is the error rate on the rows that
    people labelled, by them alone. ``powered`` is None unless these rows were drawn at
    random. ``dropped`` counts draws without a value.
    """

    title: str
    means: str
    at_random: bool
    few_sources: bool
    raw: Number
    people: Number
    sensitivity: Number
    specificity: Number
    beyond_chance: Number | None
    corrected: Number | None
    clipped: bool
    refused: Refusal | None
    labels_needed: Number | None
    powered: Number | None
    agreement: Number
    kappa: Number
    repeats: Repeats | None
    dropped: int


def judge_rates(
    judged: Judged,
    *,
    seed: int = 0,
    n_boot: int = 10_000,
    level: float = LEVEL,
    least: float = LEAST,
) -> JudgedRate:
    """Hold the judge against people, and correct its error rate where that can be done.

    Rows with a person's label are judged rows too: they count in the raw rate, and a
    draw takes them once, with both labels. Every rate stands at the design effect of
    its own rows. The order of rows changes nothing.

    Parameters
    ----------
    judged
        Labels of the judge, shape (n,), of people for some rows, and of further runs.
    seed, n_boot
        Of the draws behind the corrected range.
    least
        Lower bound of sensitivity + specificity - 1 that a judge has to reach.
    """
    cells, effects = count_cells(judged), _effects(judged)
    beyond = _beyond_chance(cells, effects, level)
    refused = _refused(beyond, least)
    few = refused == "few_labels"
    totals = draw_totals(judged, seed=seed, n_boot=n_boot)
    draws = Draws(cells, effects, totals, seed, n_boot)
    corrected, clipped, dropped = None, False, 0
    if refused is None:
        corrected, clipped, dropped = _corrected(draws, level)
        refused = "misfit" if corrected is None else None
    return JudgedRate(
        title=judged.title,
        means=judged.means,
        at_random=judged.at_random,
        few_sources=_few_sources(judged),
        beyond_chance=beyond,
        corrected=corrected,
        clipped=clipped,
        refused=refused,
        labels_needed=_labels_needed(cells, effects, least, level) if few else None,
        powered=_powered(draws, level) if judged.at_random else None,
        kappa=_kappa(cells, level),
        repeats=_repeats(judged, level) if len(judged.repeats) else None,
        dropped=dropped,
        **_shares(cells, effects, level),
    )


def _shares(c: Cells, effects: Effects, level: float) -> dict[str, Number]:
    """The plain shares of rows, by the names they have in `JudgedRate`."""
    counted = {
        "raw": (c.errors, c.n, effects.judged),
        "people": (c.passed + c.caught, c.labelled, effects.people),
        "sensitivity": (c.kept, c.kept + c.lost, effects.sensitivity),
        "specificity": (c.caught, c.passed + c.caught, effects.specificity),
        "agreement": (c.kept + c.caught, c.labelled, effects.agreement),
    }
    return {name: _rate(name, *given, level) for name, given in counted.items()}


def _rate(name: str, k: int, n: int, deff: float, level: float) -> Number:
    return rate(f"judge.{name}", k, n, rows="all", deff=deff, level=level)


def _few_sources(judged: Judged) -> bool:
    return judged.clusters is not None and len(set(judged.clusters)) < FEW_SOURCES


def _effects(judged: Judged) -> Effects:
    """The design effect of each rate, on the rows that it is counted on."""
    seen, human = ~np.isnan(judged.human), judged.human
    judge = judged.judge.astype(np.float64)

    def effect(values: NDArray[np.float64], rows: NDArray[np.bool_]) -> float:
        if judged.clusters is None or not rows.any():
            return 1.0
        return design_effect(values[rows], judged.clusters[rows]).deff

    people = effect(human, seen)
    return Effects(
        judged=effect(judge, np.ones(len(judge), dtype=bool)),
        people=people,
        sensitivity=effect(judge, human == 1),
        specificity=effect(judge, human == 0),
        # A cluster with more errors has more of both kinds: they do not cancel out.
        of_right=max(people, effect(human, seen & judged.judge)),
        of_wrong=max(people, effect(human, seen & ~judged.judge)),
        agreement=effect((judge == human).astype(np.float64), seen),
    )


# --- is the judge better than a coin? ------------------------------------------------


def _beyond_chance(cells: Cells, effects: Effects, level: float) -> Number | None:
    if not cells.kept + cells.lost or not cells.passed + cells.caught:
        return None
    lo, hi = _youden(cells, effects, level)
    value = cells.sensitivity + cells.specificity - 1
    return Number(
        id="judge.beyond_chance",
        value=value,
        n=cells.labelled,
        lo=lo,
        hi=hi,
        level=level,
        method="newcombe",
        rows="all",
        unit="youden",
    )


def _youden(
    cells: Cells, effects: Effects, level: float, times: float = 1.0
) -> tuple[float, float]:
    """Range of sensitivity - (1 - specificity) with ``times`` as many labels."""
    one, other = times / effects.sensitivity, times / effects.specificity
    found = newcombe(
        cells.kept * one,
        (cells.kept + cells.lost) * one,
        cells.passed * other,
        (cells.passed + cells.caught) * other,
        level=level,
    )
    return found.lo, found.hi


def _refused(beyond: Number | None, least: float) -> Refusal | None:
    if beyond is None or beyond.lo is None or beyond.value is None:
        return "one_class"
    if beyond.lo >= least:
        return None
    return "few_labels" if beyond.value > least else "near_chance"


def _labels_needed(
    cells: Cells, effects: Effects, least: float, level: float
) -> Number | None:
    """People's labels after which the same rates would no longer be refused."""
    low, high = 1.0, float(MOST_TIMES)
    if _youden(cells, effects, level, high)[0] < least:
        return None
    while high - low > 0.5 / cells.labelled:
        middle = (low + high) / 2
        reached = _youden(cells, effects, level, middle)[0] >= least
        low, high = (low, middle) if reached else (middle, high)
    needed = float(math.ceil(high * cells.labelled))
    return Number(id="judge.labels_needed", value=needed, unit="labels", assumed=True)


# --- the two corrections -------------------------------------------------------------


def _corrected(draws: Draws, level: float) -> tuple[Number | None, bool, int]:
    """The error rate after Rogan & Gladen, whether it was clipped, draws dropped.

    None where the whole range lies outside 0..1: nothing fits, and a range of "0 to 0"
    would be a false promise.
    """
    cells = draws.cells
    passed = 1 - cells.errors / cells.n
    value = 1 - rogan_gladen(passed, cells.sensitivity, cells.specificity)
    within = min(1.0, max(0.0, value))
    drawn = draws.corrected()
    number = _drawn("corrected", within, drawn, cells.n, level, ROGAN_GLADEN)
    dropped = sum(int(np.isnan(errors).sum()) for errors in drawn)
    if number.lo == number.hi:
        return None, False, dropped
    # Rounding alone is no reason to tell a reader that something was cut off.
    return number, not math.isclose(within, value, abs_tol=1e-12), dropped


def _powered(draws: Draws, level: float) -> Number:
    """The prediction-powered mean with the weight λ of least variance.

    θ = mean(Y - λf) on people's rows + λ·mean(f) on the others, with
    λ = Cov(Y, f)/Var(f)·N/(N + m). With two classes that is the share of errors among
    those the judge calls wrong and right, weighed by how many of all rows it calls so.
    Where people saw rows of one word of the judge only, λ is 0: people's rate alone.
    """
    cells = draws.cells
    of_right, of_wrong = cells.kept + cells.passed, cells.lost + cells.caught
    if not of_right or not of_wrong:
        k, n = cells.passed + cells.caught, cells.labelled
        return _rate("powered", k, n, draws.effects.people, level)
    called = cells.errors / cells.n
    value = called * cells.caught / of_wrong + (1 - called) * cells.passed / of_right
    return _drawn("powered", value, draws.powered(), cells.n, level, POWERED)


def _drawn(
    name: str,
    value: float,
    drawn: tuple[NDArray[np.float64], ...],
    n: int,
    level: float,
    method: str,
) -> Number:
    """A number with the range of its draws, clipped into 0..1.

    Clusters make a range wider, never narrower than independent rows would have it.
    """
    tails = ((1 - level) / 2, (1 + level) / 2)
    bounds = [np.quantile(each[~np.isnan(each)], tails) for each in drawn]
    lo, hi = min(b[0] for b in bounds), max(b[1] for b in bounds)
    return Number(
        id=f"judge.{name}",
        value=value,
        n=n,
        lo=min(value, max(0.0, float(lo))),
        hi=max(value, min(1.0, float(hi))),
        level=level,
        method=method,
        rows="all",
    )


# --- agreement, and the judge against itself -----------------------------------------


def _kappa(cells: Cells, level: float) -> Number:
    table = [[cells.kept, cells.lost], [cells.passed, cells.caught]]
    found = cohen_kappa(table, level=level)
    return Number(
        id="judge.kappa",
        value=found.value,
        n=found.n,
        lo=found.lo,
        hi=found.hi,
        level=level,
        method=COHEN,
        rows="all",
        unit="kappa",
    )


def _repeats(judged: Judged, level: float) -> Repeats:
    runs = np.vstack((judged.judge, judged.repeats))
    apart = runs.any(axis=0) & ~runs.all(axis=0)
    clusters = judged.clusters
    deff = 1.0 if clusters is None else design_effect(apart, clusters).deff
    count, n = runs.shape
    return Repeats(
        runs=Number(id="judge.repeats.runs", value=float(count), unit="runs"),
        differ=_rate("repeats.differ", int(apart.sum()), n, deff, level),
        spread=Number(
            id="judge.repeats.spread",
            value=float(runs.mean(axis=1).std(ddof=1)),
            n=n,
            method=f"standard deviation of {count} runs",
            rows="all",
        ),
    )
