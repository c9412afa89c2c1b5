"""04: people, money and the options, each beside the others on the same questions."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.analysis.option_rows import OptionRow, OptionTable
from workshop.analysis.options.table import OptionLine
from workshop.record.choices import Floor, ImpactChoice
from workshop.record.values import Number
from workshop.views.figures import plot_ranges
from workshop.views.recaps.options import lettered
from workshop.views.section import (
    Block,
    Figure,
    Fold,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    View,
)
from workshop.views.wording import Said, as_written, say


@dataclass(frozen=True)
class Weekly:
    """A week's decisions: how many come in, are acted on, go wrong; money if stated.

    ``decided`` names what is counted. ``silent`` could have been acted on rightly;
    ``asked`` go to a person. ``money`` is its value, and how much more that is than
    acting on everyone and on no one.
    """

    decided: str

    volume: Number
    wrong: Number
    error: Number
    shown: Number | None = None
    silent: Number | None = None
    asked: Number | None = None
    money: tuple[Number, Number, Number] | None = None
    currency: str = ""


def headline(weekly: Weekly) -> Said:
    """Say how many people a week, under the choice or when everything is acted on."""
    if weekly.shown is not None and not weekly.shown.k and weekly.asked is not None:
        return say(
            "impact.headline_people",
            volume=weekly.volume,
            unit=weekly.decided,
            asked=weekly.asked,
        )
    if weekly.shown is not None and weekly.shown.lo is None:
        key = "headline_everyone" if weekly.shown.k else "headline_silent"
        return say(
            f"impact.{key}",
            volume=weekly.volume,
            unit=weekly.decided,
            people=weekly.wrong,
        )
    if weekly.shown is not None:
        return say(
            "impact.headline_chosen",
            volume=weekly.volume,
            unit=weekly.decided,
            shown=weekly.shown,
            people=weekly.wrong,
        )
    return say(
        "impact.headline",
        volume=weekly.volume,
        unit=weekly.decided,
        people=weekly.wrong,
        error=weekly.error,
    )


def today_line(
    title: str,
    minutes: float | None,
    cost: float | None,
    error: Number | None,
    unit: str,
) -> Said:
    """Say what today's process takes, and that its errors are not measured.

    Minutes or cost that nobody stated are left out.
    """
    wrong = say("threshold.not_measured")
    if error is not None:
        wrong = say("impact.today_stated", error=error)
    spent = Number(id="today.minutes", value=minutes, unit="min", assumed=True)
    paid = Number(id="today.cost", value=cost, unit=unit, assumed=True)
    if minutes is None and cost is None:
        return say("impact.today_bare", title=title, error=wrong)
    if cost is None:
        return say("impact.today_minutes", title=title, minutes=spent, error=wrong)
    if minutes is None:
        return say("impact.today_cost", title=title, cost=paid, unit=unit, error=wrong)
    return say(
        "impact.today",
        title=title,
        minutes=spent,
        cost=paid,
        unit=unit,
        error=wrong,
    )


def option_table(table: OptionTable, *, unit: str, today: str) -> Table:
    """All options on the same questions, with paired ranges, latency and cost.

    The last two rows need no model: nobody is acted on, and today's process.
    """
    heads = ("option", "error", "difference", "separated", "latency", "cost", "best")
    titles = {row.id: row.title for row in table.rows}
    caption = say(
        "impact.options_caption",
        n=table.compared,
        reference=titles[table.reference],
        looks=table.looks,
    )
    rows = (*(_cells(row) for row in table.rows), *_without_model(today))
    if table.same_label:
        caption = say("impact.options_caption_same", n=table.compared)
        heads = (heads[0], *heads[4:])
        rows = tuple((row[0], *row[4:]) for row in rows)
    places = [row.id for row in table.rows]
    return Table(
        caption,
        tuple(say(f"impact.col_{head}", unit=unit) for head in heads),
        rows,
        marked=places.index(table.reference),
    )


def _without_model(today: str) -> tuple[tuple[Said, ...], ...]:
    nothing = say("impact.reference")
    silent = (say("impact.do_nothing"), *(nothing,) * 5, say("impact.best_none"))
    asked = say("threshold.not_measured")
    process = (say("threshold.row_today", title=today), asked, *(nothing,) * 5)
    return silent, process


def _cells(row: OptionRow) -> tuple[Said, ...]:
    return (
        as_written(row.title),
        say("impact.error", error=row.error),
        _difference(row),
        _separated(row),
        _latency(row),
        say("impact.cost", cost=row.cost) if row.cost else say("impact.no_cost"),
        _best(row),
    )


def _difference(row: OptionRow) -> Said:
    if row.difference is None:
        return say("impact.reference")
    return say("impact.difference", difference=row.difference)


def _separated(row: OptionRow) -> Said:
    if row.difference is None:
        return say("impact.reference")
    if not row.separated:
        return say("impact.separated_no")
    better = (row.difference.value or 0) < 0
    return say(f"impact.separated_{'better' if better else 'worse'}")


def _latency(row: OptionRow) -> Said:
    if row.p50 is None or row.p95 is None:
        return say("impact.no_latency")
    return say("impact.latency", p50=row.p50, p95=row.p95)


def _best(row: OptionRow) -> Said:
    if row.best is None:
        return say("impact.no_best")
    if row.best["coverage"].k == 0:
        return say("impact.best_none")
    return say(
        "impact.best",
        error=row.best["error_among_answered"],
        coverage=row.best["coverage"],
    )


def options_figure(table: OptionTable, acceptable: Number | None) -> Figure:
    """Draw each option's error with its range, and the agreed limit as a line.

    At each option's own cheapest cut where there is a ratio, since the limit speaks of
    what is acted on; otherwise when everything is.
    """
    titles = {row.id: row.title for row in table.rows}
    marked = titles[table.reference]
    at_best = all(row.best is not None for row in table.rows)
    svg = plot_ranges(
        [(row.title, _drawn(row)) for row in table.rows],
        xlabel=say("impact.options_x" if at_best else "impact.options_x_all").text,
        marked=marked,
        line=acceptable.value if acceptable else None,
        line_label=say("impact.options_line").text,
    )
    if acceptable is None:
        alt = say("impact.options_alt", marked=marked)
    else:
        alt = say("impact.options_alt_line", marked=marked, acceptable=acceptable)
    return Figure(svg, alt)


def _drawn(row: OptionRow) -> Number:
    return row.error if row.best is None else row.best["error_among_answered"]


def options_view(
    table: OptionTable | None, acceptable: Number | None, *, unit: str, today: str
) -> View:
    """The picture, the table, and how many rows the comparison lost."""
    if table is None:
        return View(())
    blocks: list[Block] = [
        options_figure(table, acceptable),
        option_table(table, unit=unit, today=today),
    ]
    if table.lost:
        lost = Number(id="options.lost", value=float(table.lost), unit="rows")
        blocks.append(Paragraph(say("impact.lost", lost=lost), "quiet"))
    return View(tuple(blocks))


def floors_line(acceptable: Number | None, choice: ImpactChoice | None) -> Said:
    """Say both floors side by side; they are never multiplied into one."""
    model = say("impact.floor_model_none")
    if acceptable is not None:
        model = say("impact.floor_model", acceptable=acceptable)
    floor = choice.business_floor if choice else None
    return say("impact.floors", model=model, business=_business(floor))


def _business(floor: Floor | None) -> Said:
    if floor is None:
        return say("impact.floor_business_none")
    least = floor.at_least is not None
    value = floor.at_least if least else floor.at_most
    number = Number(id="impact.business_floor", value=value, unit="", assumed=True)
    key = "floor_at_least" if least else "floor_at_most"
    return say(f"impact.{key}", measure=floor.measure, value=number)


def week_items(weekly: Weekly) -> tuple[Said, ...]:
    """What else a week comes to: those left silent, those sent to a person, money."""
    said = []
    if weekly.silent is not None and weekly.silent.k:
        said.append(say("impact.silent", silent=weekly.silent))
    if weekly.asked is not None and (weekly.shown is None or weekly.shown.k):
        said.append(say("impact.asked", asked=weekly.asked))
    return (*said, *money_line(weekly), say("impact.assumed_volume"))


def money_line(weekly: Weekly) -> tuple[Said, ...]:
    """Say what a week is worth, as the scenario states its values."""
    if weekly.money is None:
        return ()
    value, over_all, over_none = weekly.money
    return (
        say(
            "impact.money",
            value=value,
            all=over_all,
            none=over_none,
            unit=weekly.currency,
        ),
    )


def moves_html(line: OptionLine, *, old: Said) -> str:
    """Say where the line moves when this option is chosen, before it is saved."""
    name = lettered(line).text
    if line.in_play:
        return say("impact.moves_stays", option=name, old=old).html
    if line.kind == "stated":
        return say("impact.moves_stated", option=name, old=old).html
    if line.policy is None:
        return say("impact.moves_no_ratio", option=name).html
    error, coverage = (
        line.figures.get(part) for part in ("error_among_answered", "coverage")
    )
    if error is None or coverage is None or line.policy.act_at is None:
        return say(f"impact.moves_{line.policy.kind}", option=name, old=old).html
    cut = Number(id=f"option.{line.id}.act_at", value=line.policy.act_at, unit="score")
    return say(
        "impact.moves",
        option=name,
        new=Said("{cut:num}", {"cut": cut}),
        error=error,
        coverage=coverage,
        old=old,
    ).html


def recap(
    *,
    headline: Said,
    option_title: str,
    chosen: bool,
    choice: ImpactChoice | None,
    people: tuple[Block, ...],
    options: View,
    rests_on: tuple[Block, ...],
    floors: tuple[Said, ...],
) -> Section:
    """Gather 04 into its Section: choice, people, A B C, floors, what it rests on."""
    option = say("impact.chosen", option=option_title)
    if not chosen:
        option = say("impact.not_chosen")
    blocks: list[Block] = [Paragraph(option)]
    if choice and choice.because:
        blocks.append(Paragraph(say("impact.because", text=choice.because)))
    blocks += [
        *people,
        Heading(say("impact.title_options")),
        *options.blocks,
        Heading(say("impact.title_floors")),
        Items(floors),
        Fold(say("impact.title_rests_on"), rests_on),
    ]
    return Section(
        id="user_impact",
        title=say("section.user_impact"),
        status="ok" if chosen else "undecided",
        headline=headline,
        blocks=tuple(blocks),
    )
