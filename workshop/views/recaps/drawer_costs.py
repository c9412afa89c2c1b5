"""The engineer's drawer: what the scores are worth as chances, and asking a person."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from workshop.analysis.calibrated_cut import CutsCompared, ValuedCut
from workshop.analysis.calibration import Bin, Calibration, Reading
from workshop.analysis.net_benefit import net_benefit_of
from workshop.analysis.review_bands import BandGrid, BestBand
from workshop.record.terms import METRICS
from workshop.record.values import Number, Policy
from workshop.views.figures_line import (
    plot_band_grid,
    plot_reliability,
    spread_places,
)
from workshop.views.recaps.limits import policy_said
from workshop.views.recaps.threshold import cost_cell, cut_number, rate_cell
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
SIDE = 5
"""Cuts on either side of the table beside the picture of all pairs."""
UNIT = "false alarms per decision"
WAYS = ("counted", "calibrated", "raw", "half", "everyone", "no_one")


# --- what the scores say -------------------------------------------------------------


def scores_blocks(reading: Reading, compared: CutsCompared | None) -> tuple[Block, ...]:
    """Say whether a score is a chance, and what each way to draw the line costs.

    ``compared`` is None without a ratio.
    """
    blocks: list[Block] = [
        Heading(say("drawer.scores_title")),
        Paragraph(_reading_line(reading), "lead"),
    ]
    if reading.calibration is not None:
        blocks += _calibration(reading.calibration)
    blocks.append(Heading(say("drawer.ways_title")))
    if compared is None:
        return (*blocks, Paragraph(say("drawer.ways_no_ratio")))
    return (*blocks, *_ways(compared))


def _reading_line(reading: Reading) -> Said:
    """Whether a score is a chance, with what came of the highest scores where it is."""
    if reading.calibration is None or reading.why is not None:
        return say(f"drawer.scores_{reading.why or 'outside'}")
    top = reading.calibration.bins[-1]
    return say(
        "drawer.scores_readable",
        mean=_score("calibration.top.mean", top.mean),
        came=top.came.model_copy(update={"id": "calibration.top.came"}),
    )


def _calibration(found: Calibration) -> list[Block]:
    off = Number(
        id="calibration.error",
        value=found.error,
        lo=found.interval.lo,
        hi=found.interval.hi,
        level=found.interval.level,
        method=found.interval.method,
        rows="all",
    )
    chance = Number(id="calibration.by_chance", value=found.by_chance, rows="all")
    mean = Number(id="calibration.mean_score", value=found.mean_score, rows="all")
    svg = plot_reliability(
        found.bins,
        labels={key: say(f"drawer.plot_{key}").text for key in ("says", "came", "as")},
    )
    alt = say("drawer.reliability_alt", mean=mean, came=found.came)
    lines = Items((say("drawer.off", off=off, chance=chance),))
    table = _bins_table(found.bins)
    return [Figure(svg, alt, table, say("page.as_table")), lines]


def _bins_table(bins: Sequence[Bin]) -> Table:
    rows = tuple(
        (
            say(
                "drawer.of100", share=_score(f"calibration.bin_{place}.mean", one.mean)
            ),
            rate_cell(one.came),
        )
        for place, one in enumerate(bins, 1)
    )
    columns = tuple(say(f"drawer.col_{head}") for head in ("mean", "came"))
    return Table(say("drawer.bins_caption"), columns, rows)


def _ways(found: CutsCompared) -> tuple[Block, ...]:
    at = Number(id="cut.at_chance", value=found.at_chance, assumed=True)
    heads = ("way", "line", "cost_choose", "cost_report", "benefit")
    table = Table(
        say("drawer.ways_caption"),
        tuple(say(f"drawer.col_{head}") for head in heads),
        tuple(
            _way(name, valued, found.at_chance)
            for name in WAYS
            if (valued := getattr(found, name)) is not None
        ),
        0,
    )
    said = [say("drawer.ways_at", at=at), say("drawer.ways_benefit")]
    if found.raw is None:
        said.append(say("drawer.ways_no_chance"))
    return (*_against_nothing(found), table, Items(tuple(said)))


def _way(name: str, valued: ValuedCut, at_chance: float) -> tuple[Said, ...]:
    report = valued.report
    return (
        say(f"drawer.way_{name}"),
        policy_said(valued.policy, f"cut.{name}"),
        cost_cell(valued.choose["expected_cost"]),
        cost_cell(report["expected_cost"]),
        _benefit_cell(f"cut.{name}.net_benefit", report, at_chance),
    )


def _benefit_cell(id: str, report: Figures, at_chance: float) -> Said:
    """Net benefit at the stated odds; how sure it is, the cost's range says.

    On the same rows it is their prevalence less the cost in misses: the same order.
    """
    acted, alarms = report["coverage"], report["error_among_answered"].k or 0
    hits = (acted.k or 0) - alarms
    value = float(net_benefit_of(hits, alarms, acted.n or 1, pt=at_chance))
    unit = METRICS["net_benefit"].unit
    number = Number(id=id, value=value, n=acted.n, unit=unit, rows="report")
    return say("drawer.benefit", benefit=number)


def _against_nothing(found: CutsCompared) -> tuple[Block, ...]:
    """Where a line at 0.5, or the one found, costs more than no model, say so.

    Of the line found only where the ranges leave no doubt.
    """
    best = found.counted.report["expected_cost"]
    half = found.half.report["expected_cost"] if found.half else best
    said = []
    for name in ("no_one", "everyone"):
        without = getattr(found, name).report["expected_cost"]
        values = {"without": without, "best": best}
        if found.half and (half.value or 0) > (without.value or 0):
            said.append(say(f"drawer.half_{name}", half=half, **values))
        if (without.hi or 0) < (best.lo or 0):
            said.append(say(f"drawer.beaten_{name}", **values))
    return tuple(Paragraph(one) for one in said)


# --- asking a person -----------------------------------------------------------------


def review_blocks(
    best: BestBand | None,
    grid: BandGrid | None,
    *,
    figures: Figures | None = None,
    gain: tuple[float, float] | None = None,
    price: float | None = None,
    reviews_per_week: float | None = None,
) -> tuple[Block, ...]:
    """The best review band beside the best line without a person.

    Parameters
    ----------
    best, grid
        None without a ratio or a price for a review.
    figures
        Those of the best band's policy, on the choosing rows.
    gain
        Further reviews a week, and the false alarms that each of them would save on
        average; None without a limit on reviews.
    price
        What a review costs, in false alarms.
    reviews_per_week
        The limit that the band keeps; None where there is none.
    """
    title = Heading(say("drawer.review_title"))
    lead = Paragraph(review_line(best), "lead")
    if best is None:
        return (title, lead)
    lines = _review_lines(
        best, figures or {}, gain, price, reviews_per_week, saves=_told(best) == "pays"
    )
    blocks: list[Block] = [title, lead]
    if lines:
        blocks.append(Items(lines))
    if grid is not None:
        blocks.append(Fold(say("drawer.grid_fold"), (_grid_figure(grid, best),)))
    return tuple(blocks)


def review_line(best: BestBand | None) -> Said:
    """Say whether any pair of lines, with a person between, is the cheapest."""
    if best is None:
        return say("drawer.review_no_price")
    cost, alone = _costs_of(best)
    return say(
        f"drawer.review_{_told(best)}",
        policy=policy_said(best.policy, "review.best"),
        single=policy_said(best.single, "review.single"),
        cost=cost,
        alone=alone,
    )


def _told(best: BestBand) -> str:
    """Whether it pays, does not, or by so little that both costs read the same."""
    if best.policy.kind != "review_band":
        return "no"
    texts = {say("drawer.of100", share=cost).text for cost in _costs_of(best)}
    return "hardly" if len(texts) == 1 else "pays"


def _costs_of(best: BestBand) -> tuple[Number, Number]:
    cost = Number(id="review.cost", value=best.expected_cost, unit=UNIT, rows="choose")
    alone = Number(id="review.alone", value=best.single_cost, unit=UNIT, rows="choose")
    return cost, alone


def _review_lines(
    best: BestBand,
    figures: Figures,
    gain: tuple[float, float] | None,
    price: float | None,
    most: float | None,
    *,
    saves: bool,
) -> tuple[Said, ...]:
    said = []
    if "review_rate" in figures:
        said.append(say("drawer.review_asked", asked=figures["review_rate"]))
    if saves:
        saved = Number(id="review.saved", value=best.saved, unit=UNIT, rows="choose")
        said.append(say("drawer.review_saved", saved=saved))
    if price is not None:
        stated = Number(
            id="review.price", value=price, unit="false alarms", assumed=True
        )
        said.append(say("drawer.review_price", price=stated))
    if most is not None:
        limit = Number(
            id="review.most_a_week", value=most, unit="reviews a week", assumed=True
        )
        said.append(say("drawer.review_limit", most=limit))
    if gain is not None:
        more = Number(
            id="review.more", value=gain[0], unit="reviews a week", assumed=True
        )
        each = Number(
            id="review.gain", value=gain[1], unit="false alarms", rows="choose"
        )
        key = "review_more" if gain[1] > 0 else "review_enough"
        said.append(say(f"drawer.{key}", more=more, gain=each))
    return tuple(said)


def _grid_figure(grid: BandGrid, best: BestBand) -> Figure:
    least = min(cost for cost in grid.cost.flat if not math.isnan(cost))
    svg = plot_band_grid(
        grid,
        least=least,
        best=_pair(best.policy),
        single=_pair(best.single),
        labels={key: say(f"drawer.plot_{key}").text for key in _GRID},
    )
    alt = say(
        "drawer.grid_alt",
        least=Number(id="grid.least", value=float(least), unit=UNIT, rows="choose"),
        cost=Number(
            id="review.cost", value=best.expected_cost, unit=UNIT, rows="choose"
        ),
    )
    return Figure(svg, alt, _grid_table(grid), say("page.as_table"))


_GRID = ("act", "ask", "above", "nobody", "best", "single")


def _pair(policy: Policy) -> tuple[float, float] | None:
    """Where a policy acts from and asks from: the same for a single line."""
    if policy.kind == "review_band":
        return (policy.act_at or 0.0, policy.review_at or 0.0)
    if policy.kind == "single" and policy.act_at is not None:
        return (policy.act_at, policy.act_at)
    return None


def _grid_table(grid: BandGrid) -> Table:
    places = spread_places(len(grid.thresholds), SIDE)
    columns = (say("drawer.col_act_ask"), *(_line(grid, "ask", p) for p in places[1:]))
    rows = tuple(
        (_line(grid, "act", act), *(_pair_cost(grid, act, ask) for ask in places[1:]))
        for act in places
    )
    return Table(say("drawer.grid_caption"), columns, rows)


def _line(grid: BandGrid, part: str, place: int) -> Said:
    cut = float(grid.thresholds[place])
    if math.isinf(cut):
        return say("drawer.acts_on_none")
    return say("drawer.cut", cut=cut_number(f"grid.{part}_{place}", cut))


def _pair_cost(grid: BandGrid, act: int, ask: int) -> Said:
    cost = float(grid.cost[act, ask])
    if math.isnan(cost):
        return say("drawer.no_value")
    number = Number(id=f"grid.cost_{act}_{ask}", value=cost, unit=UNIT, rows="choose")
    return say("drawer.of100", share=number)


def _score(id: str, value: float) -> Number:
    return Number(id=id, value=value, unit="score", rows="all")
