"""03: the line, what it means on rows it was not chosen on, and what is cheapest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from workshop.analysis.readout import PolicyRow
from workshop.record.choices import ThresholdChoice
from workshop.record.framed import Framing
from workshop.record.values import Number, Policy, Rows
from workshop.views.explorer.given import JumpName
from workshop.views.figures import plot_curve
from workshop.views.section import (
    Block,
    Figure,
    Fold,
    Heading,
    Items,
    Live,
    Paragraph,
    Section,
    Table,
    View,
)
from workshop.views.wording import Said, phrase, say

Figures = dict[str, Number]
COLUMNS = ("precision", "recall", "coverage", "error_among_answered")

IN_TWIN = COLUMNS[:3]
"""What the curve's table says at each line; the error is what precision lacks to 1."""


@dataclass(frozen=True)
class SplitNumbers:
    """How many rows a threshold is chosen on and reported on, and split by what."""

    choose: Number
    report: Number
    by: str
    choose_sources: Number | None = None
    report_sources: Number | None = None


@dataclass(frozen=True)
class Cheapest:
    """The cheapest cut on the choosing rows; its cost on those aside after the lock."""

    act_at: float
    as_cheap_from: float
    ratio: Number
    cost: Number
    everyone: bool


Ends = tuple[float | None, ...]


@dataclass(frozen=True)
class CurvePoints:
    """Precision and recall at each shown cut (descending), on the choosing rows.

    ``band`` holds the ends of precision at the same cuts; ``table`` some cuts with
    their figures.
    """

    precision: list[float]
    recall: list[float]
    band: tuple[Ends, Ends]
    table: tuple[tuple[Number, Figures], ...]


@dataclass(frozen=True)
class Expected:
    """The error among answered where the line was chosen, and its range elsewhere.

    ``there`` are the ends between which the rows kept aside were expected to lie;
    ``few`` says that these are only indicative.
    """

    here: Number
    there: Number
    few: bool


def cut_number(id: str, act_at: float) -> Number:
    """A threshold as a number; it is a score, not a share."""
    return Number(id=id, value=act_at, unit="score", rows="choose")


def rows_line(split: SplitNumbers) -> Said:
    """Say which rows chose and which report."""
    by = say(f"threshold.rows_{split.by}")
    values = {"choose": split.choose, "report": split.report, "by": by}
    if split.choose_sources is None or split.report_sources is None:
        return say("threshold.rows", **values)
    return say(
        "threshold.rows_sources",
        choose_sources=split.choose_sources,
        report_sources=split.report_sources,
        **values,
    )


def where_said(rows: Rows | None) -> Said:
    """Say on which rows figures rest: those kept aside, or those to choose on."""
    return say(
        "threshold.where_report" if rows == "report" else "threshold.where_choose"
    )


def cheapest_line(cheapest: Cheapest | None) -> Said:
    """Say which threshold is cheapest under the pair's ratio, and what it costs."""
    if cheapest is None:
        return say("threshold.no_ratio")
    where = where_said(cheapest.cost.rows)
    values = {"ratio": cheapest.ratio, "cost": cheapest.cost, "where": where}
    if math.isinf(cheapest.act_at):
        return say("threshold.cheapest_none", **values)
    if cheapest.everyone:
        return say("threshold.cheapest_all", **values)
    cut = cut_number("cheapest.act_at", cheapest.act_at)
    if cheapest.as_cheap_from < cheapest.act_at:
        low = cut_number("cheapest.as_cheap_from", cheapest.as_cheap_from)
        return say("threshold.cheapest_range", low=low, act_at=cut, **values)
    return say("threshold.cheapest", act_at=cut, **values)


def policy_table(
    rows: tuple[PolicyRow, ...], *, today: str, side: Rows = "report"
) -> Table:
    """The choice beside the trivial policies, as a table a PM can read aloud."""
    with_cost = any("expected_cost" in row.figures for row in rows)
    with_review = any("review_rate" in row.figures for row in rows)
    heads = ["policy", "precision", "recall", "coverage", "error"]
    columns = [say(f"threshold.col_{head}") for head in heads]
    shown = [*COLUMNS]
    if with_review:
        shown.append("review_rate")
        columns.append(say("threshold.col_review"))
    if with_cost:
        columns.append(say("threshold.col_cost"))
    body = tuple(_policy_cells(row, today, shown, with_cost) for row in rows)
    marked = 0 if rows and rows[0].kind == "chosen" else None
    caption = say("threshold.table_caption", where=where_said(side))
    return Table(caption, tuple(columns), body, marked)


def _policy_cells(
    row: PolicyRow, today: str, shown: list[str], with_cost: bool
) -> tuple[Said, ...]:
    name = say(f"threshold.row_{row.kind}", title=today)
    rates = tuple(_rate_of(row, metric) for metric in shown)
    if not with_cost:
        return (name, *rates)
    return (name, *rates, cost_cell(row.figures.get("expected_cost")))


def _rate_of(row: PolicyRow, metric: str) -> Said:
    """A rate of a policy; one that asks nobody sends nobody to a person."""
    if metric == "review_rate" and row.measured and metric not in row.figures:
        return say("threshold.nobody_asked")
    return rate_cell(row.figures.get(metric))


def rate_cell(number: Number | None) -> Said:
    """A rate with its count, base and range; or why there is none."""
    if number is None:
        return say("threshold.not_measured")
    if number.value is None:
        return say("threshold.no_rate")
    if number.k is None and number.lo is not None:
        return say("threshold.expected_range", rate=number)
    if number.k is None:
        return say("threshold.expected", rate=number)
    if number.lo is None:
        return say("threshold.rate_certain", rate=number)
    return say("threshold.rate", rate=number)


def cost_cell(number: Number | None) -> Said:
    """A cost with its range; or why there is none."""
    if number is None:
        return say("threshold.not_measured")
    key = "cost_expected" if number.lo is None else "cost"
    return say(f"threshold.{key}", cost=number)


def curve_figure(
    points: CurvePoints, split: SplitNumbers, everyone: Figures, chosen: Figures | None
) -> Figure:
    """Draw precision against recall, with the choice on the rows kept aside."""
    marked = None
    if chosen and chosen["precision"].value is not None:
        marked = (chosen["recall"], chosen["precision"])
    svg = plot_curve(
        points.recall,
        points.precision,
        band=points.band,
        labels=(say("threshold.curve_x").text, say("threshold.curve_y").text),
        chosen=marked,
        chosen_label=say("threshold.curve_chosen").text,
        base=everyone["precision"],
        base_label=say("threshold.curve_all").text,
    )
    alt = "curve_alt" if marked else "curve_alt_open"
    columns = ("act_at", *IN_TWIN)
    twin = Table(
        say("threshold.curve_caption"),
        tuple(say(f"threshold.col_{name}") for name in columns),
        tuple(
            (
                say("threshold.cut", cut=cut),
                *(rate_cell(figures[name]) for name in IN_TWIN),
            )
            for cut, figures in points.table
        ),
    )
    return Figure(
        svg,
        say(f"threshold.{alt}", choose=split.choose),
        twin,
        say("page.as_table"),
    )


def stands_line(policy: Policy | None) -> str:
    """Say where the line stands on the page, as HTML."""
    if policy is None:
        return say("panel.reveal.curve_first").html
    key = {"all": "stands_all", "none": "stands_none"}.get(policy.kind, "stands")
    if policy.act_at is None:
        return say(f"panel.threshold.{key}").html
    values = {"act_at": cut_number("stands.act_at", policy.act_at)}
    if policy.review_at is not None:
        values["review_at"] = cut_number("stands.review_at", policy.review_at)
        key = "stands_band"
    return say(f"panel.threshold.{key}", **values).html


def fallback_words(framing: Framing | None) -> str:
    """What happens to those left alone, as the pair agreed; empty so far."""
    agreed = framing.expectations if framing else None
    if agreed is None or agreed.fallback is None:
        return ""
    return phrase(f"ui.fallback.{agreed.fallback}")


def no_jump(name: JumpName) -> str:
    """Say why there is no such point to jump to."""
    return phrase(f"threshold.no_jump_{name}")


def locked_view(
    figures: Figures, expected: Expected | None, split: SplitNumbers
) -> View:
    """What the rows kept aside show once the line is locked, headed so."""
    if not figures:
        return View(())
    key = "locked" if figures["coverage"].k else "locked_none"
    said = [
        say(
            f"threshold.{key}",
            coverage=figures["coverage"],
            error=figures["error_among_answered"],
        )
    ]
    if "review_rate" in figures:
        said.append(say("threshold.locked_asked", asked=figures["review_rate"]))
    if expected is not None:
        said.append(expected_line(expected, figures["error_among_answered"]))
    heading = Heading(say("threshold.locked_heading", report=split.report))
    return View((heading, *(Paragraph(line) for line in said)))


def expected_line(expected: Expected, found: Number) -> Said:
    """Say how far the error was expected to move, and whether it stayed within."""
    lo, hi, value = expected.there.lo, expected.there.hi, found.value
    if value is None or lo is None or hi is None:
        return say("threshold.expected_open", here=expected.here, there=expected.there)
    beyond = "expected_beyond_few" if expected.few else "expected_beyond"
    key = "expected_within" if lo <= value <= hi else beyond
    return say(f"threshold.{key}", here=expected.here, there=expected.there)


def lock_first() -> str:
    """Say that the rows kept aside are shown after the lock."""
    return say("panel.reveal.lock_first").html


def headline(choice: ThresholdChoice | None, figures: Figures | None) -> Said:
    """Say where the line is and what it lets through, or that there is none yet."""
    if choice is None or figures is None:
        return say("threshold.headline_undecided")
    policy = choice.policy
    if policy.kind == "today" or not figures:
        return say("threshold.headline_today")
    if figures["coverage"].k == 0:
        return say("threshold.locked_none", coverage=figures["coverage"])
    error, coverage = figures["error_among_answered"], figures["coverage"]
    if policy.kind == "random":
        return say("threshold.headline_random", coverage=coverage, error=error)
    if policy.act_at is None:
        return say("threshold.headline_all", error=error)
    values = {
        "act_at": cut_number("threshold.act_at", policy.act_at),
        "coverage": coverage,
        "error": error,
    }
    if policy.kind == "review_band":
        return say("threshold.headline_band", asked=figures["review_rate"], **values)
    return say("threshold.headline_chosen", **values)


def recap(
    choice: ThresholdChoice | None,
    *,
    rows: tuple[PolicyRow, ...],
    on_choosing: Figures | None,
    expected: Expected | None,
    figure: Live | Figure,
    split: SplitNumbers,
    cheapest: tuple[Said, ...],
    today: str,
    side: Rows,
    limits: tuple[Block, ...],
    why: tuple[Block, ...],
    drawer: tuple[Block, ...],
) -> Section:
    """Gather 03 into its Section.

    ``side`` is which rows the table rests on. ``cheapest`` says which line is, whether
    a review pays and what can be promised. The rest is folded: ``limits`` and ``why``
    are what is best within the limits and why people get the answer they get;
    ``drawer``, folds already, is what an engineer asks next.
    """
    chosen = rows[0].figures if choice else None
    lines = _chosen_lines(chosen, on_choosing, expected)
    folds = {"limits": limits, "why": why}
    return Section(
        id="threshold",
        title=say("section.threshold"),
        status="ok" if choice else "undecided",
        headline=headline(choice, chosen),
        blocks=(
            *_lead(choice, split, live=isinstance(figure, Live)),
            figure,
            policy_table(rows, today=today, side=side),
            Items((*cheapest, *lines)),
            *(Fold(say(f"threshold.fold_{k}"), f) for k, f in folds.items() if f),
            *drawer,
        ),
    )


def _lead(
    choice: ThresholdChoice | None, split: SplitNumbers, *, live: bool
) -> Iterator[Paragraph]:
    """Which rows these are, why the line is there, and how to move it."""
    yield Paragraph(rows_line(split), "quiet")
    if choice and choice.because:
        yield Paragraph(say("threshold.because", text=choice.because))
    if live:
        yield Paragraph(say("threshold.live_lead"), "quiet")


def _chosen_lines(
    chosen: Figures | None, on_choosing: Figures | None, expected: Expected | None
) -> Iterator[Said]:
    """What the chosen line looked like when it was chosen, and what was expected."""
    if on_choosing is not None and on_choosing["coverage"].k:
        yield say(
            "threshold.choosing",
            error=on_choosing["error_among_answered"],
            coverage=on_choosing["coverage"],
        )
    if expected is not None and chosen:
        yield expected_line(expected, chosen["error_among_answered"])
