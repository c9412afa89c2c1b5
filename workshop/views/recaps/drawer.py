"""The engineer's drawer: how sure the curve is, and what may be promised.

Each function says and draws one part from values that the analysis found. What scores
and reviews cost is in `drawer_costs`, other base rates in `drawer_prevalence`, groups
in `drawer_groups`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from workshop.analysis.bands import Band
from workshop.analysis.guarantee import Promise, PromiseAsked, PromiseHeld
from workshop.analysis.movement import ChosenAgain, Optimism
from workshop.record.values import Number
from workshop.views.figures_line import plot_bands, spread_places
from workshop.views.recaps.limits import kept_when_rounded
from workshop.views.recaps.threshold import cut_number
from workshop.views.section import (
    Block,
    Figure,
    Fold,
    Heading,
    Items,
    Paragraph,
    Table,
)
from workshop.views.wording import Said, say

Figures = Mapping[str, Number]
FLAT = 0.05
"""A regret within this share of the least cost hardly matters."""
ROWS = 5
"""Cuts of a band that its table shows."""


# --- how sure the curve is -----------------------------------------------------------


def sure_blocks(
    precision: Sequence[float],
    recall: Sequence[float],
    pointwise: Band,
    simultaneous: Band,
    *,
    again: ChosenAgain | None,
    optimism: Optimism | None = None,
    chosen: tuple[float, Figures] | None = None,
) -> tuple[Block, ...]:
    """Show the curve with both bands, and where the cheapest line would fall elsewhere.

    Parameters
    ----------
    precision, recall
        At each threshold of the bands, shape (cuts,); NaN where there is none.
    pointwise, simultaneous
        Two bands at the same cuts.
    again, optimism
        How far a chosen line moves, and how much better it looks where it was chosen;
        None where that cannot be told.
    chosen
        The pair's line, with precision and recall there, on the choosing rows.
    """
    return (
        Heading(say("drawer.sure_title")),
        Paragraph(say("drawer.bands", level=_level(pointwise))),
        *_few(pointwise),
        _bands_figure(
            (precision, recall), (pointwise, simultaneous), again=again, chosen=chosen
        ),
        Fold(say("drawer.how_bands"), (Items(_how(pointwise, simultaneous)),)),
        Heading(say("drawer.again_title")),
        *_again(again, pointwise),
        *_optimism(optimism),
    )


_PLOT = ("precision", "recall", "score", "again", "chosen", "pointwise", "simultaneous")


def _bands_figure(
    rates: tuple[Sequence[float], Sequence[float]],
    bands: tuple[Band, Band],
    *,
    again: ChosenAgain | None,
    chosen: tuple[float, Figures] | None,
) -> Figure:
    """Both rates with both bands, and the same as words and as a table."""
    line = None if chosen is None else chosen[0]
    marks = None
    if chosen is not None and line is not None and math.isfinite(line):
        marks = (line, chosen[1]["precision"], chosen[1]["recall"])
    svg = plot_bands(
        *rates,
        *bands,
        marked=marks,
        again=None if again is None else (again.lo, again.hi),
        labels={key: say(f"drawer.plot_{key}").text for key in _PLOT},
    )
    alt = say("drawer.bands_alt")
    if again is not None:
        alt = say("drawer.bands_alt_again", alt=alt)
    if marks is not None:
        alt = say("drawer.bands_alt_marked", alt=alt)
    twin = _bands_table(*rates, *bands, line)
    return Figure(svg, alt, twin, say("page.as_table"))


def _few(band: Band) -> tuple[Block, ...]:
    if band.clusters is None or not band.few_sources:
        return ()
    if band.clusters == 1:
        return (Paragraph(say("drawer.one_source"), "warn"),)
    clusters = _count("band.sources", band.clusters, "sources")
    return (Paragraph(say("drawer.few_sources", sources=clusters), "warn"),)


def _how(pointwise: Band, simultaneous: Band) -> tuple[Said, ...]:
    samples = _count("band.samples", pointwise.n_boot, "samples")
    deff = Number(id="band.deff", value=pointwise.deff, unit="times")
    drawn = bool(pointwise.precision_drawn.any() or pointwise.recall_drawn.any())
    if not drawn:
        first = say("drawer.how_wilson", deff=deff)
    elif pointwise.clusters is None:
        first = say("drawer.how_rows", samples=samples)
    else:
        first = say("drawer.how_clusters", samples=samples)
    reach = {
        name: Number(
            id=f"band.reach.{name}",
            value=getattr(simultaneous, f"{name}_critical"),
            unit="standard errors",
        )
        for name in ("precision", "recall")
    }
    said = [first, say("drawer.how_all_at_once", **reach)]
    if drawn:
        said.append(say("drawer.how_stands_in", deff=deff))
    if pointwise.dropped:
        dropped = _count("band.dropped", pointwise.dropped, "samples")
        said.append(say("drawer.how_dropped", dropped=dropped, samples=samples))
    return tuple(said)


def _bands_table(
    precision: Sequence[float],
    recall: Sequence[float],
    pointwise: Band,
    simultaneous: Band,
    line: float | None,
) -> Table:
    """Some cuts of the bands, and the pair's own line, marked, where it is one."""
    cuts = [float(cut) for cut in pointwise.thresholds]
    finite = [place for place, cut in enumerate(cuts) if math.isfinite(cut)]
    own = [place for place in finite if cuts[place] == line]
    shown = (finite[at] for at in spread_places(len(finite), ROWS))
    places = sorted({*shown, *own})
    rows = tuple(
        (
            say("drawer.cut", cut=cut_number(f"band.{row}.act_at", cuts[place])),
            *(
                _bounded(f"band.{row}.{band.kind}.{name}", band, name, values, place)
                for name, values in (("precision", precision), ("recall", recall))
                for band in (pointwise, simultaneous)
            ),
        )
        for row, place in enumerate(places)
    )
    heads = ("act_at", "precision", "precision_all", "recall", "recall_all")
    columns = tuple(say(f"drawer.col_{head}") for head in heads)
    marked = places.index(own[0]) if own else None
    return Table(say("drawer.bands_caption"), columns, rows, marked)


def _bounded(
    id: str, band: Band, name: str, values: Sequence[float], place: int
) -> Said:
    lo, hi = (float(getattr(band, f"{name}_{end}")[place]) for end in ("lo", "hi"))
    if math.isnan(lo):
        return say("drawer.no_value")
    number = Number(
        id=id,
        value=float(values[place]),
        lo=lo,
        hi=hi,
        level=band.level,
        method=band.method,
        rows="choose",
    )
    return say("drawer.bounded", rate=number)


def _again(again: ChosenAgain | None, band: Band) -> tuple[Block, ...]:
    if again is None:
        why = "one_source" if band.clusters == 1 else "no_ratio"
        return (Paragraph(say(f"drawer.again_{why}")),)
    samples = _count("again.samples", again.n_boot, "samples")
    # Of 100 samples, whatever share of them the range was made to hold.
    within = Number(id="again.level", value=again.level)
    lo, hi = (
        _end(f"again.{name}", value)
        for name, value in (("lo", again.lo), ("hi", again.hi))
    )
    said = [say("drawer.again", lo=lo, hi=hi, within=within, samples=samples)]
    said += [
        say(f"drawer.again_{name}", share=Number(id=f"again.{name}", value=share))
        for name, share in (("all", again.all), ("none", again.none))
        if share > 0
    ]
    return (Paragraph(_regret(again), "lead"), Items(tuple(said)))


def _end(id: str, cut: float) -> Said:
    if math.isinf(cut):
        return say("drawer.acts_on_none")
    return say("drawer.cut", cut=cut_number(id, cut))


def _regret(again: ChosenAgain) -> Said:
    unit = "false alarms per decision"
    shape = "flat" if again.regret_hi <= FLAT * again.cost_here else "sharp"
    return say(
        f"drawer.regret_{shape}",
        cost=Number(id="again.cost", value=again.cost_here, unit=unit, rows="choose"),
        regret=Number(id="again.regret", value=again.regret_hi, unit=unit),
        within=Number(id="again.level", value=again.level),
    )


def _optimism(found: Optimism | None) -> tuple[Block, ...]:
    if found is None:
        return ()
    said = []
    if found.cost is not None:
        unit = "false alarms per decision"
        cost = Number(id="optimism.cost", value=found.cost, unit=unit)
        said.append(say("drawer.optimism_cost", cost=cost))
    if found.error is not None and found.error_rises is not None:
        error = Number(
            id="optimism.error", value=found.error, unit="difference of shares"
        )
        rises = Number(id="optimism.rises", value=found.error_rises)
        said.append(say("drawer.optimism_error", error=error, rises=rises))
    return (Items(tuple(said)),) if said else ()


# --- what may be promised ------------------------------------------------------------


def promise_blocks(
    asked: PromiseAsked | None, best: Promise | None, held: PromiseHeld | None
) -> tuple[Block, ...]:
    """Lead with the best that can be promised; then the pair's own target.

    ``held`` is what became of the best promise on the rows kept aside.
    """
    blocks: list[Block] = [Heading(say("drawer.promise_title"))]
    if best is None:
        return (*blocks, Paragraph(say("drawer.promise_too_few"), "lead"))
    blocks.append(Paragraph(promise_line(best), "lead"))
    if held is not None:
        blocks.append(Paragraph(_held(best, held)))
    if asked is not None:
        blocks.append(Paragraph(_asked(asked)))
    indicative = "indicative" if best.indicative else "independent"
    blocks.append(
        Paragraph(
            say(f"drawer.promise_{indicative}"), "warn" if best.indicative else "quiet"
        )
    )
    cuts = _count("promise.cuts", best.cuts, "lines")
    how = say("drawer.promise_how", cuts=cuts)
    return (*blocks, Fold(say("drawer.how_promise"), (Items((how,)),)))


def promise_line(best: Promise) -> Said:
    """Say the best that can be promised, in one sentence."""
    return say(
        "drawer.promise_were" if best.indicative else "drawer.promise",
        level=best.error,
        most=_at_most("promise.at_most", best),
        coverage=best.coverage,
        cut=cut_number("promise.act_at", best.threshold),
        error=_without_bound(best.error, "promise.seen"),
    )


def _at_most(id: str, promise: Promise) -> Number:
    """The bound, rounded to what the page shows and never below what was found."""
    value = kept_when_rounded("max_error_among_answered", promise.at_most)
    level, method = promise.error.level, promise.error.method
    return Number(id=id, value=value, level=level, method=method, rows="choose")


def _without_bound(error: Number, id: str) -> Number:
    return error.model_copy(update={"id": id, "lo": None, "hi": None})


def _held(best: Promise, held: PromiseHeld) -> Said:
    if held.error.value is None:
        return say("drawer.held_none")
    return say(
        f"drawer.held_{held.state}",
        error=held.bounds,
        coverage=held.coverage,
        most=_at_most("promise.at_most", best),
    )


def _asked(asked: PromiseAsked) -> Said:
    most = Number(
        id="promise.asked.at_most",
        value=round(1 - asked.target_precision, 12),
        assumed=True,
    )
    promise = asked.promise
    if promise is None:
        return say("drawer.asked_no", most=most)
    return say(
        "drawer.asked_were" if promise.indicative else "drawer.asked",
        most=most,
        coverage=promise.coverage.model_copy(update={"id": "promise.asked.coverage"}),
        cut=cut_number("promise.asked.act_at", promise.threshold),
        error=_without_bound(promise.error, "promise.asked.seen"),
    )


def _level(band: Band) -> Number:
    return Number(id="band.level", value=band.level)


def _count(id: str, value: float, unit: str) -> Number:
    return Number(id=id, value=float(value), unit=unit)
