"""The figures at a threshold, beside what anybody could do without a model.

Chosen on some rows, shown on others: every function says which rows it read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from workshop.analysis.curve import ThresholdCurve
from workshop.analysis.evidence import Evidence
from workshop.analysis.intervals import normal_mean, rate
from workshop.analysis.metrics import (
    EXPECTATION,
    Counted,
    Reviewer,
    Values,
    cell_costs,
    number_of,
    size_of,
)
from workshop.analysis.policies import (
    Cells,
    evaluate,
    trivial_policies,
)
from workshop.record.terms import METRICS
from workshop.record.values import Count, Number, Policy, Rows

RATES = ("precision", "recall", "coverage", "error_among_answered")
WITH_REVIEW = (*RATES, "review_rate")
BY_DEFINITION = "by definition"
RowKind = Literal["chosen", "all", "none", "random", "today"]
# What drawing by lot expects is what acting on everyone gets: the base rate.
_AS_FOR_ALL = ("precision", "error_among_answered")


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One policy's four rates and its cost; a rate nobody measured is not in it."""

    kind: RowKind
    figures: dict[str, Number]

    @property
    def measured(self) -> bool:
        """Whether anything at all was measured for this policy."""
        return bool(self.figures)


@dataclass(frozen=True, slots=True)
class Review:
    """What asking a person costs, in false alarms, and how often they are right."""

    price: float = 0.0
    sensitivity: float = 1.0
    specificity: float = 1.0


CELLS = ("tp", "fp", "fn", "tn", "asked_positive", "asked_negative")


def figures_of(
    prefix: str,
    cells: Counted,
    *,
    rows: Rows,
    deff: float,
    ratio: float | None,
    review: Review | None = None,
) -> dict[str, Number]:
    """Return precision, recall, coverage, error among answered and expected cost.

    ``prefix`` heads each number's id. Shares carry Wilson intervals at n / deff. The
    cost is in false alarms per decision and left out while there is no ratio; where
    rows are sent to a person, ``review`` prices them and their share is given too.
    """
    asked = cells.asked_positive + cells.asked_negative
    figures = {
        name: number_of(name, cells, rows=rows, id=f"{prefix}.{name}", deff=deff)
        for name in (WITH_REVIEW if asked else RATES)
    }
    if ratio is not None:
        figures["expected_cost"] = mean_value(
            f"{prefix}.expected_cost",
            cells,
            _costs(ratio, review or Review()),
            rows=rows,
            deff=deff,
            unit=METRICS["expected_cost"].unit,
        )
    return figures


def _costs(ratio: float, review: Review) -> Values:
    who = Reviewer(review.sensitivity, review.specificity)
    return cell_costs(ratio, review.price, who)


def mean_value(
    id: str,
    cells: Counted,
    values: Values,
    *,
    rows: Rows,
    deff: float,
    unit: str,
) -> Number:
    """Mean per decision of what each cell is worth.

    With a normal interval for a mean, its variance taken from the cells and widened
    by ``deff``; none where the cells are expectations and not rows.
    """
    counts = [getattr(cells, cell) for cell in CELLS]
    worth = [getattr(values, cell) for cell in CELLS]
    n = size_of(cells)
    mean = sum(k * v for k, v in zip(counts, worth, strict=True)) / n
    spread = sum(k * (v - mean) ** 2 for k, v in zip(counts, worth, strict=True)) / n
    number = Number(
        id=id, value=mean, n=round(n), method=EXPECTATION, rows=rows, unit=unit
    )
    if not all(float(k).is_integer() for k in counts):
        return number
    found = normal_mean(mean, spread, n, deff=deff)
    return number.model_copy(update=asdict(found))


def policy_rows(
    evidence: Evidence, policy: Policy, *, rows: Rows = "report"
) -> tuple[PolicyRow, ...]:
    """Return the chosen policy beside all, none, random at its volume, and today."""
    own = policy if policy.kind != "today" else Policy(kind="none")
    chosen = cells_of(evidence, own, rows)
    volume = (chosen.tp + chosen.fp) / size_of(chosen)
    table = {"chosen": chosen} | {
        other.kind: cells_of(evidence, other, rows)
        for other in trivial_policies(volume)
        if other.kind != "today"
    }
    figures = {
        kind: figures_of(
            kind,
            cells,
            rows=rows,
            deff=evidence.deff,
            ratio=evidence.ratio,
            review=review_of(evidence),
        )
        for kind, cells in table.items()
    }
    if policy.kind == "today":
        figures["chosen"] = {}
    for kind in ("all", "none"):
        figures[kind] |= {
            name: by_definition(figures[kind][name]) for name in ("coverage", "recall")
        }
    # an expectation that happens to be whole is still no count of rows
    figures["random"] |= {name: expected(figures["random"][name]) for name in RATES}
    for name in _AS_FOR_ALL:
        figures["random"][name] = _with_range(
            figures["random"][name], figures["all"][name]
        )
    measured = tuple(PolicyRow(kind, found) for kind, found in figures.items())  # type: ignore[arg-type]
    return (*measured, _today(evidence))


def expected(number: Number) -> Number:
    """What drawing by lot comes to on average: a value without count or range."""
    nothing = dict.fromkeys(("k", "n", "lo", "hi", "level"))
    return number.model_copy(update={**nothing, "method": EXPECTATION})


def by_definition(number: Number) -> Number:
    """The same count without a range: no sample could make it another."""
    return number.model_copy(
        update={"lo": None, "hi": None, "level": None, "method": BY_DEFINITION}
    )


def cells_of(
    evidence: Evidence, policy: Policy, rows: Rows, option: str | None = None
) -> Cells:
    """Where a policy puts an option's rows."""
    ratio = evidence.ratio or 1.0  # the cells do not depend on it
    cells = evaluate(policy, evidence.curve(rows, option), ratio=ratio).cells
    assert cells is not None, "today's process has no cells"
    return cells


def _with_range(number: Number, like: Number) -> Number:
    return number.model_copy(update={"lo": like.lo, "hi": like.hi, "level": like.level})


def _today(evidence: Evidence) -> PolicyRow:
    error = evidence.scenario.today.error
    if not isinstance(error, Count):
        return PolicyRow("today", {})
    name = "error_among_answered"
    found = rate(f"today.{name}", error.k, error.n, rows="all")
    return PolicyRow("today", {name: found})


def cheapest_figures(
    evidence: Evidence, rows: Rows = "report"
) -> tuple[float, dict[str, Number]] | None:
    """The cheapest cut on the choosing rows, and its figures on either side."""
    cut = evidence.cheapest()
    if cut is None:
        return None
    found = figures_of(
        "cheapest",
        evidence.point(cut, rows),
        rows=rows,
        deff=evidence.deff,
        ratio=evidence.ratio,
    )
    return cut, found


def precision_recall(
    curve: ThresholdCurve, cuts: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Precision and recall at each cut; every cut must act on somebody."""
    tp, fp = curve.counts_at(cuts)
    return (tp / (tp + fp)).tolist(), (tp / curve.positives).tolist()


def review_price(evidence: Evidence) -> float | None:
    """What one review costs, in false alarms: both prices come from the payoff."""
    payoff = evidence.payoff
    if payoff.false_alarm_cost <= 0 or payoff.review == 0:
        return None
    return abs(payoff.review) / payoff.false_alarm_cost


def review_of(evidence: Evidence) -> Review:
    """The review's price and the reviewer's accuracy, as the scenario states them."""
    reviewer = evidence.reviewer
    price = review_price(evidence) or 0.0
    return Review(price, reviewer.sensitivity, reviewer.specificity)


def worth_of(evidence: Evidence) -> Values:
    """What each cell is worth by the scenario's payoff, a person's errors included."""
    payoff, review = evidence.payoff, review_of(evidence)
    right, clear = review.sensitivity, review.specificity
    return Values(
        tp=payoff.tp,
        fp=payoff.fp,
        fn=payoff.fn,
        tn=payoff.tn,
        asked_positive=payoff.review + right * payoff.tp + (1 - right) * payoff.fn,
        asked_negative=payoff.review + clear * payoff.tn + (1 - clear) * payoff.fp,
    )


def seen_figures(figures: dict[str, Number]) -> dict[str, Count]:
    """The counts that are saved with a choice, from its rates."""
    return {
        name: Count(k=number.k, n=number.n)
        for name, number in figures.items()
        if name in WITH_REVIEW and number.k is not None and number.n is not None
    }
