"""Every option on the same questions: error, paired difference, latency, cost, cut."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workshop.analysis.evidence import Evidence
from workshop.analysis.options.paired import (
    Comparison,
    PairedDifference,
    compare_options,
    latency,
)
from workshop.analysis.readout import figures_of
from workshop.analysis.running import cost_of_time
from workshop.record.values import Number

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option; ``difference`` is None for the reference itself.

    ``best`` holds its figures on the rows kept aside at its own cheapest cut under the
    pair's ratio, ``best_at`` that cut; both None while there is no ratio.
    """

    id: str
    title: str
    error: Number
    difference: Number | None
    separated: bool
    p50: Number | None
    p95: Number | None
    cost: Number | None
    best_at: float | None
    best: dict[str, Number] | None


@dataclass(frozen=True, slots=True)
class OptionTable:
    """All options beside the one in play, with what was lost by comparing.

    ``same_label``: the label belongs to the row and not to an option's answer, so that
    acting on everyone is wrong equally often whatever the option.
    """

    reference: str
    rows: tuple[OptionRow, ...]
    compared: Number
    looks: Number
    lost: int
    same_label: bool = False


def option_table(evidence: Evidence) -> OptionTable | None:
    """Compare all options with the one in play; None where there is only one."""
    if len(evidence.runs) < 2:
        return None
    found = compare_options(
        {
            option: pd.Series((~rows.labels).astype(int), index=rows.keys)
            for option, rows in evidence.runs.items()
        },
        reference=evidence.option,
        clusters=_clusters(evidence),
        seed=evidence.scenario.seed,
    )
    return OptionTable(
        reference=evidence.option,
        rows=tuple(_row(evidence, option, found) for option in evidence.runs),
        same_label=all(
            d.only_option == d.only_reference == 0 for d in found.differences
        ),
        compared=_count("options.rows", found.rows, "rows"),
        looks=_count("options.comparisons", len(found.differences), "comparisons"),
        lost=found.lost,
    )


def _clusters(evidence: Evidence) -> pd.Series | None:
    known = [
        pd.Series(rows.clusters, index=rows.keys)
        for rows in evidence.runs.values()
        if rows.clusters is not None
    ]
    if not known:
        return None
    found = pd.concat(known)
    once: pd.Series = found[~found.index.duplicated()]
    return once


def _count(id: str, value: int, unit: str) -> Number:
    return Number(id=id, value=float(value), rows="all", unit=unit)


def _row(evidence: Evidence, option: str, found: Comparison) -> OptionRow:
    run = evidence.scenario.run(option)
    p50, p95 = _latencies(evidence, option)
    best_at, best = _best(evidence, option)
    paired = next((d for d in found.differences if d.option == option), None)
    return OptionRow(
        id=option,
        title=run.title,
        error=evidence.error_of(option, f"option.{option}.error_rate"),
        difference=None if paired is None else _difference(option, paired),
        separated=paired is not None and paired.separated,
        p50=p50,
        p95=p95,
        cost=_cost(evidence, option),
        best_at=best_at,
        best=best,
    )


def _difference(option: str, paired: PairedDifference) -> Number:
    return Number(
        id=f"option.{option}.difference",
        value=paired.difference,
        n=paired.n,
        lo=paired.lo,
        hi=paired.hi,
        level=paired.level,
        method=paired.method,
        rows="all",
        unit="difference of shares",
    )


def _latencies(evidence: Evidence, option: str) -> tuple[Number | None, Number | None]:
    times = evidence.runs[option].latency_ms
    if times is None:
        return None, None
    return (
        latency(f"option.{option}.latency_ms_p50", times, 0.5, rows="all"),
        latency(f"option.{option}.latency_ms_p95", times, 0.95, rows="all"),
    )


def _cost(evidence: Evidence, option: str) -> Number | None:
    """Money per million answers: as stated, or measured time at the stated price."""
    unit = f"{evidence.scenario.payoff.unit} per million"
    stated = evidence.scenario.run(option).cost
    name = f"option.{option}.cost"
    if stated is not None:
        return Number(id=name, value=MILLION * stated, unit=unit, assumed=True)
    times = evidence.runs[option].latency_ms
    each = cost_of_time(times, evidence.scenario.price_per_cpu_hour)
    if times is None or each is None:
        return None
    return Number(id=name, value=MILLION * each, n=len(times), unit=unit, assumed=True)


def _best(
    evidence: Evidence, option: str
) -> tuple[float | None, dict[str, Number] | None]:
    cut = evidence.cheapest(option)
    if cut is None:
        return None, None
    figures = figures_of(
        f"option.{option}.best",
        evidence.point(cut, "report", option),
        rows="report",
        deff=evidence.design_effect(option).deff,
        ratio=evidence.ratio,
    )
    return cut, figures
