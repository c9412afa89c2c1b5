"""The curve as a still picture with its table, and which rows it rests on."""

from __future__ import annotations

import math
from functools import partial

from workshop.analysis.evidence import Evidence
from workshop.analysis.readout import figures_of, precision_recall
from workshop.record.values import Number, Rows
from workshop.views.explorer.given import ExplorerGiven
from workshop.views.recaps import threshold as views
from workshop.views.section import Figure

CUTS_IN_TABLE = 7


def still_curve(
    evidence: Evidence, given: ExplorerGiven, chosen: views.Figures | None
) -> Figure:
    """Draw what the explorer opens with: the curve, its band, the choice."""
    cuts = given.cuts[-2::-1]  # descending, without the one that acts on no one
    table = tuple(
        (
            views.cut_number(f"cut{place}.act_at", cut),
            figures_at(evidence, f"cut{place}", cut),
        )
        for place, cut in enumerate(_few(evidence))
    )
    precision, recall = precision_recall(evidence.curve("choose"), cuts)
    band = given.band
    ends = (band.precision_lo, band.precision_hi) if band else ((), ())
    points = views.CurvePoints(
        precision, recall, (ends[0][-2::-1], ends[1][-2::-1]), table
    )
    everyone = figures_at(evidence, "everyone", -math.inf)
    return views.curve_figure(points, split_numbers(evidence), everyone, chosen)


def figures_at(evidence: Evidence, prefix: str, act_at: float) -> views.Figures:
    """The figures of one line on the choosing rows."""
    return figures_of(
        prefix,
        evidence.point(act_at, "choose"),
        rows="choose",
        deff=evidence.deff,
        ratio=evidence.ratio,
    )


def _few(evidence: Evidence) -> list[float]:
    """Some of the cuts, evenly spaced in rows acted on."""
    table = evidence.curve("choose").table(CUTS_IN_TABLE)
    return [float(cut) for cut in table["threshold"] if math.isfinite(cut)]


def split_numbers(evidence: Evidence) -> views.SplitNumbers:
    """How many rows a line is chosen on and reported on, from how many sources."""
    choose = int(evidence.choosing().sum())
    report = len(evidence.rows) - choose
    count = partial(Number, unit="rows")
    return views.SplitNumbers(
        choose=count(id="rows.choose", value=float(choose), rows="choose"),
        report=count(id="rows.report", value=float(report), rows="report"),
        by=evidence.split.by,
        choose_sources=_sources(evidence, "choose"),
        report_sources=_sources(evidence, "report"),
    )


def _sources(evidence: Evidence, rows: Rows) -> Number | None:
    count = evidence.sources_of(rows)
    if count is None or evidence.split.by != "cluster":
        return None
    unit = evidence.scenario.cluster_name
    return Number(id=f"sources.{rows}", value=float(count), rows=rows, unit=unit)
