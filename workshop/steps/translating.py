"""Gather what a record has to say to what people say, once for a page.

All rates are of the rows kept aside, so the cards are for after the lock.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from workshop.analysis.evidence import Evidence
from workshop.analysis.line import Line
from workshop.analysis.metrics import number_of
from workshop.analysis.options.compared import Options
from workshop.analysis.options.table import OptionLine, OptionLines, kind_of
from workshop.analysis.options.table import option_lines as lines_of
from workshop.analysis.translated import pick
from workshop.record.terms import BUSINESS, METRICS
from workshop.record.values import Number
from workshop.steps.translating_cards import MAKE
from workshop.steps.translating_record import AtHand
from workshop.views.recaps.translator import Translating
from workshop.views.recaps.translator_cards import CARDS, PLACES, Place


def gather(
    evidence: Evidence,
    options: Options,
    line: Line,
    lines: OptionLines | None = None,
    *,
    places: Collection[Place] = PLACES,
) -> Translating:
    """Everything that the cards and the glossary say of one record.

    Parameters
    ----------
    evidence, options, line
        Those of the page, so that nothing is computed twice.
    lines
        The page's option table, if it has been made already.
    places
        Where cards are wanted; those of other places stay without values.
    """
    found = lines or lines_of(options) or _without_figures(options)
    at = AtHand(evidence, options, line, found)
    wanted = [card for card in CARDS if card.place in places]
    return Translating(
        values={card.id: at.common | MAKE[card.id](at) for card in wanted},
        named={c.id: pick(found.lines, c.rules) for c in wanted if c.rules},
        missed={
            each.id: missed
            for each in found.lines
            if (missed := at.week("people_missed", each)) is not None
        },
        metrics=_metrics(at),
        own=at.own,
    )


def _without_figures(options: Options) -> OptionLines:
    """The options by letter and title alone, while nothing can be counted."""
    lines = tuple(
        OptionLine(
            id=offer.id,
            letter=offer.letter,
            title=offer.candidate.title,
            kind=kind_of(offer),
            in_play=offer.id == options.in_play,
            policy=None,
        )
        for offer in options.offers
    )
    none = Number(id="options.kept_aside", value=None, rows="report", unit="rows")
    return OptionLines(lines, rows=none, lost=0, looks=None, few_sources=False)


def _metrics(at: AtHand) -> dict[str, Number]:
    """Each metric and measure of the option in play, by its name in the lists."""
    figures, placed = at.own.figures, at.placed
    found = {name: figures[name] for name in METRICS if name in figures}
    found["error_rate"] = at.evidence.error
    found["prevalence"] = number_of(
        "prevalence",
        at.evidence.point(-math.inf, "all"),
        rows="all",
        id="translator.metric.prevalence",
        deff=at.evidence.deff,
    )
    if "cost" in figures:
        found["expected_cost"] = figures["cost"]
    if placed is not None:
        context = at.options.context(at.own.id)
        for name in ("false_positive_rate", "net_benefit"):
            found[name] = number_of(
                name,
                placed.cells,
                rows="report",
                id=f"translator.metric.{name}",
                context=context,
                deff=at.evidence.deff,
            )
    if "running" in figures:
        found["cost_per_decision"] = figures["running"]
    week = {name: at.week(name) for name in BUSINESS}
    both = found | {n: each for n, each in week.items() if each is not None}
    return {name: each for name, each in both.items() if each.value is not None}
