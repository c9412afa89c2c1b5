"""The checks: each a small coded function over one table and one option's rows.

A check returns `Found` numbers with a severity, or None when all is well; it raises
`NotApplicable` or `CannotTell` with the name of a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workshop.analysis.intervals import FEW_SOURCES, rate, wilson
from workshop.analysis.readiness.findings import (
    CannotTell,
    Dimension,
    Finding,
    NotApplicable,
    ReadinessReport,
    Severity,
)
from workshop.data.card import DatasetCard
from workshop.record.values import Number, Owner

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY_MISSING = 0.2
WIDE = 0.05
MUCH_TOO_WIDE = 0.15
ORDER_EFFECT = 0.05


@dataclass(frozen=True)
class ReviewInput:
    """What the checks look at.

    ``labels`` and ``scores`` are aligned with ``judged`` keys in key order;
    ``file_labels`` are the labels in the order of the file they came in. ``error`` is
    the error rate with its interval, ``price`` what narrower would cost.
    """

    table: pd.DataFrame
    key: str
    card: DatasetCard
    judged: NDArray[np.str_]
    labels: NDArray[np.bool_]
    scores: NDArray[np.float64]
    file_labels: NDArray[np.bool_]
    clusters: NDArray[np.str_] | None
    time: str | None
    groups: tuple[str, ...]
    error: Number
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found wrong."""

    severity: Severity
    numbers: dict[str, Number] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


Run = Callable[[ReviewInput], Found | None]


@dataclass(frozen=True, slots=True)
class Check:
    """A code, what it is about, who owns a finding of it, and the function."""

    code: str
    dimension: Dimension
    owner: Owner
    run: Run


CHECKS: dict[str, Check] = {}


def check(code: str, dimension: Dimension, owner: Owner) -> Callable[[Run], Run]:
    """Register a function as the check of that code."""

    def register(run: Run) -> Run:
        CHECKS[code] = Check(code, dimension, owner, run)
        return run

    return register


def review(given: ReviewInput) -> ReadinessReport:
    """Run every check and gather the outcomes in the order of their codes."""
    return ReadinessReport(
        tuple(_outcome(one, given) for _, one in sorted(CHECKS.items()))
    )


def _outcome(one: Check, given: ReviewInput) -> Finding:
    about = (one.code, one.dimension, one.owner)
    try:
        found = one.run(given)
    except NotApplicable as why:
        return Finding(*about, "not_applicable", reason=why.reason)
    except CannotTell as why:
        return Finding(*about, "cannot_tell", reason=why.reason)
    if found is None:
        return Finding(*about, "passed")
    return Finding(*about, "finding", found.severity, found.numbers, found.names)


@check("DR001", "completeness", "both")
def missing_labels(given: ReviewInput) -> Found | None:
    """Rows of the table that nobody judged."""
    known = given.table[given.key].astype(str)
    without = int((~known.isin(given.judged)).sum())
    if without == 0:
        return None
    share = rate("DR001.missing", without, len(known), rows="all")
    much = without / len(known) > MANY_MISSING
    return Found("warning" if much else "note", {"missing": share})


@check("DR002", "learnability", "product")
def too_few_labels(given: ReviewInput) -> Found | None:
    """The error rate's interval is wider than five points either way."""
    error = given.error
    if error.lo is None or error.hi is None:
        raise CannotTell("no_interval")
    half = (error.hi - error.lo) / 2
    if half <= WIDE:
        return None
    numbers = {"error": error, "half": _quantity("DR002.half_width", half, "share")}
    severity: Severity = "blocker" if half > MUCH_TOO_WIDE else "warning"
    return Found(severity, numbers)


@check("DR003", "representativeness", "engineering")
def few_sources(given: ReviewInput) -> Found | None:
    """Rows come from so few sources that a new one may look quite different."""
    if given.clusters is None:
        raise NotApplicable("no_cluster")
    sizes = pd.Series(given.clusters).value_counts()
    if len(sizes) >= FEW_SOURCES:
        return None
    largest = rate("DR003.largest", int(sizes.iloc[0]), int(sizes.sum()), rows="all")
    sources = _quantity("DR003.sources", float(len(sizes)), "sources")
    return Found(
        "warning",
        {"sources": sources, "largest": largest},
        {"name": str(sizes.index[0])},
    )


@check("DR004", "uniqueness", "engineering")
def duplicate_rows(given: ReviewInput) -> Found | None:
    """Rows that repeat another in every described feature."""
    features = _features(given)
    if not features:
        raise NotApplicable("no_features")
    repeated = int(given.table.duplicated(subset=features).sum())
    if repeated == 0:
        return None
    share = rate("DR004.repeated", repeated, len(given.table), rows="all")
    return Found(
        "warning" if repeated / len(given.table) > 0.01 else "note", {"repeated": share}
    )


@check("DR005", "completeness", "engineering")
def missing_values(given: ReviewInput) -> Found | None:
    """Columns with holes, the emptiest first."""
    holes = given.table.isna().sum().sort_values(ascending=False)
    holes = holes[holes > 0]
    if holes.empty:
        return None
    worst = rate("DR005.worst", int(holes.iloc[0]), len(given.table), rows="all")
    columns = _quantity("DR005.columns", float(len(holes)), "columns")
    severe = holes.iloc[0] / len(given.table) > MANY_MISSING
    return Found(
        "warning" if severe else "note",
        {"worst": worst, "columns": columns},
        {"column": str(holes.index[0])},
    )


@check("DR006", "leakage", "engineering")
def file_order(given: ReviewInput) -> Found | None:
    """The order of rows in the file gives the label away.

    Effect size: the chance that a positive row stands before a negative one (the
    Mann-Whitney statistic), with the normal interval of Hanley and McNeil (1982).
    """
    area, half = _order_effect(given.file_labels)
    if abs(area - 0.5) <= ORDER_EFFECT or abs(area - 0.5) <= half:
        return None
    number = Number(
        id="DR006.order",
        value=area,
        n=len(given.file_labels),
        lo=max(0.0, area - half),
        hi=min(1.0, area + half),
        level=0.95,
        method="Hanley-McNeil",
        rows="all",
    )
    return Found("blocker", {"order": number})


def _order_effect(labels: NDArray[np.bool_]) -> tuple[float, float]:
    """The chance that a positive stands before a negative, and its half-width."""
    positions = np.flatnonzero(labels).astype(float)
    positives, negatives = len(positions), int((~labels).sum())
    before = negatives - (positions - np.arange(positives))
    area = float(before.sum() / (positives * negatives))
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (
        area * (1 - area)
        + (positives - 1) * (q1 - area**2)
        + (negatives - 1) * (q2 - area**2)
    ) / (positives * negatives)
    return area, 1.96 * float(np.sqrt(max(variance, 0.0)))


@check("DR007", "consistency", "engineering")
def same_input_other_label(given: ReviewInput) -> Found | None:
    """Rows alike in every feature that were labelled differently."""
    features = _features(given)
    if not features:
        raise NotApplicable("no_features")
    labels = pd.Series(given.labels, index=given.judged)
    table = given.table[features].assign(
        _label=given.table[given.key].astype(str).map(labels)
    )
    table = table[table["_label"].notna()]
    kinds = table.groupby(features, dropna=False)["_label"].transform("nunique")
    clashing = int((kinds > 1).sum())
    if clashing == 0:
        return None
    share = rate("DR007.clashing", clashing, len(table), rows="all")
    return Found("warning", {"clashing": share})


@check("DR008", "validity", "engineering")
def scores_as_probabilities(given: ReviewInput) -> Found | None:
    """Scores outside 0 to 1 cannot be read as probabilities."""
    low, high = float(given.scores.min()), float(given.scores.max())
    if low >= 0 and high <= 1:
        return None
    return Found(
        "note",
        {
            "low": _quantity("DR008.low", low, "score"),
            "high": _quantity("DR008.high", high, "score"),
        },
    )


@check("DR009", "provenance", "both")
def undocumented(given: ReviewInput) -> Found | None:
    """Columns the card does not describe, or a card without licence or origin."""
    columns = [str(c) for c in given.table.columns if given.card.column(str(c)) is None]
    if not given.card.licenses or not given.card.sources:
        return Found("warning", names={"columns": ", ".join(columns) or "–"})
    if not columns:
        return None
    return Found("note", names={"columns": ", ".join(columns)})


@check("DR010", "timeliness", "product")
def age_of_data(given: ReviewInput) -> Found | None:
    """Nobody can say whether rows are too old before a use has a horizon."""
    raise CannotTell("no_time" if given.time is None else "no_horizon")


@check("DR011", "representativeness", "both")
def thin_groups(given: ReviewInput) -> Found | None:
    """Groups too small for a rate: an interval wider than fifteen points each way."""
    if not given.groups:
        raise NotApplicable("no_groups")
    labels = pd.Series(given.labels, index=given.judged)
    judged = given.table[given.key].astype(str).map(labels)
    thin = [
        f"{column}: {value}"
        for column in given.groups
        for value, rows in judged.dropna().groupby(given.table[column])
        if _half_width(rows) > MUCH_TOO_WIDE
    ]
    if not thin:
        return None
    number = _quantity("DR011.thin", float(len(thin)), "groups")
    return Found("warning", {"thin": number}, {"groups": ", ".join(thin[:5])})


def _half_width(labels: pd.Series) -> float:
    interval = wilson(int(labels.astype(bool).sum()), len(labels))
    return (interval.hi - interval.lo) / 2


def _features(given: ReviewInput) -> list[str]:
    """Columns that describe a row's input, and its source: not key, label or time."""
    columns = (given.card.column(str(name)) for name in given.table.columns)
    features = [c.name for c in columns if c is not None and c.role == "feature"]
    # the same words from another source are another input
    together = [given.cluster] if given.cluster and features else []
    return features + [name for name in together if name not in features]


def _quantity(name: str, value: float, unit: str) -> Number:
    return Number(id=name, value=value, rows="all", unit=unit)
