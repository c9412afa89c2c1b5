"""Every step before anything was scored: ranges that were stated, and data to get.

No curve and no picture: where people would expect one, it says why there is none. Each
figure that rests on a statement is called assumed where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from workshop.analysis.data_to_get import ToGet
from workshop.analysis.stated import StatedRates, StatedWeek, Way
from workshop.record.choices import ImpactChoice, ThresholdChoice
from workshop.record.values import Number
from workshop.views.recaps.user_impact import floors_line
from workshop.views.section import (
    Block,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    View,
)
from workshop.views.wording import Said, say, show

How = Literal["share", "people", "plain"]
_FORMATS: dict[How, tuple[str, str]] = {
    "share": ("lo100", "hi100"),
    "people": ("lo_people", "hi_people"),
    "plain": ("lo_num", "hi_num"),
}


def range_said(number: Number, how: How = "share") -> Said:
    """Say from where to where; one figure where both ends read the same."""
    low, high = (show(number, spec).text for spec in _FORMATS[how])
    if number.hi is None:
        return say(f"before.{how}_from", range=number)
    return say(f"before.{how}_{'point' if low == high else 'range'}", range=number)


def _ranges(how: How = "share", **numbers: Number) -> dict[str, Said]:
    return {name: range_said(number, how) for name, number in numbers.items()}


# --- 00 and 01 -----------------------------------------------------------------------


def start_headline(error: Number | None, *, wrong: str) -> Said:
    """Say that nothing is scored, and what acting on everyone would come to."""
    if error is None:
        return say("before.headline_open")
    return say("before.headline", error=range_said(error), wrong=wrong)


def people_view(
    head: Said, asks: tuple[Number, Number] | None, *, stated: bool, act: str
) -> View:
    """The sentence, and what it means for one user who asks on; no picture."""
    blocks: list[Block] = [
        Paragraph(head, "lead"),
        Paragraph(say("before.act", act=act), "quiet"),
    ]
    if not stated:
        blocks.append(Paragraph(say("before.lacks_positive_rate")))
    elif asks is not None:
        said = say("before.asks", asks=asks[0], any=range_said(asks[1]))
        blocks.append(Paragraph(said))
    return View(tuple(blocks))


# --- 02 ------------------------------------------------------------------------------


def data_to_get_view(items: Sequence[ToGet]) -> View:
    """The list of data to get: labels with their price as a table, then the rest."""
    priced = [item for item in items if "labels" in item.numbers]
    others = [item for item in items if "labels" not in item.numbers]
    blocks: list[Block] = [Heading(say("before.get_title"))]
    if priced:
        blocks.append(_labels_table(priced))
    said = [one for item in others for one in _to_get_said(item)]
    if not any("money" in item.numbers for item in priced):
        said.append(say("data.price_none"))
    blocks.append(Items((*said, *_get_lacks(priced))))
    blocks.append(Paragraph(say("before.get_note"), "quiet"))
    return View(tuple(blocks))


def _labels_table(items: Sequence[ToGet]) -> Table:
    money = next((i.numbers["money"] for i in items if "money" in i.numbers), None)
    shown: list[tuple[str, How]] = [("labels", "plain")]
    if money is not None:
        shown += [("money", "people"), ("days", "plain")]
    shown.append(("weeks", "plain"))
    unit = money.unit if money else ""
    heads = ("what", *(name for name, _ in shown))
    return Table(
        say("before.get_caption"),
        tuple(say(f"before.get_col_{head}", unit=unit) for head in heads),
        tuple(
            (_get_line(item), *(_cell(item.numbers.get(n), how) for n, how in shown))
            for item in items
        ),
    )


def _cell(number: Number | None, how: How) -> Said:
    return say("before.not_known") if number is None else range_said(number, how)


def _get_line(item: ToGet) -> Said:
    """Say what a line asks for; rates in it are ranges."""
    values: dict[str, Any] = {**item.names, **item.numbers}
    if "error" in item.numbers:
        values["error"] = range_said(item.numbers["error"])
    if item.variant:
        return say(f"before.get_{item.kind}_{item.variant}", **values)
    return say(f"before.get_{item.kind}", **values)


def _to_get_said(item: ToGet) -> tuple[Said, ...]:
    if item.kind in ("row", "span") and item.lacks:
        return (say(f"before.get_{item.kind}_open", **item.names),)
    if item.kind == "promise" and item.lacks:
        return (say("before.get_promise_open"),)
    if item.kind == "recall" and item.lacks:
        return (say("before.get_recall_open", **item.numbers),)
    lacks = tuple(say(f"before.lacks_{name}") for name in item.lacks)
    return (_get_line(item), *lacks)


def _get_lacks(items: Sequence[ToGet]) -> tuple[Said, ...]:
    """What was planned at its worst because nobody stated it."""
    missing = dict.fromkeys(name for item in items for name in item.lacks)
    return tuple(say(f"before.planned_{name}") for name in missing)


# --- 03 ------------------------------------------------------------------------------


def threshold_headline(rates: StatedRates) -> Said:
    """Say that there is no curve, and what was stated instead of one."""
    if rates.error is None:
        return say("before.no_curve_open")
    return say("before.no_curve_stated", error=range_said(rates.error))


def rates_items(rates: StatedRates, acceptable: Number | None) -> tuple[Said, ...]:
    """The stated rates, what they come to, and what was not stated."""
    numbers = {
        "error": rates.error,
        "recall": rates.recall,
        "positive": rates.positive_rate,
        "flagged": rates.flagged,
    }
    said = [
        say(f"before.rate_{name}", rate=range_said(number))
        for name, number in numbers.items()
        if number is not None
    ]
    said += [say(f"before.lacks_{name}") for name in rates.lacks]
    return (*said, *_fit(rates), *_against(rates.error, acceptable))


def _fit(rates: StatedRates) -> tuple[Said, ...]:
    """Say where the stated rates cannot, or cannot all, be true together."""
    if rates.cut:
        return (say("before.cut"),)
    least, stated = rates.least_precision, rates.precision
    if least is None or stated is None:
        return ()
    assert rates.positive_rate is not None
    assert rates.recall is not None
    return (
        say(
            "before.contradiction",
            positive=rates.positive_rate,
            recall=rates.recall,
            least=least,
            precision=stated,
        ),
    )


def _against(error: Number | None, acceptable: Number | None) -> tuple[Said, ...]:
    """Hold the stated error against the agreed one."""
    if error is None or acceptable is None or acceptable.value is None:
        return ()
    if (error.hi or 0.0) <= acceptable.value:
        return (say("before.acceptable_within", acceptable=acceptable),)
    if (error.lo or 0.0) > acceptable.value:
        return (say("before.acceptable_above", acceptable=acceptable),)
    return (say("before.acceptable_inside", acceptable=acceptable),)


def curve_view(rates: StatedRates, acceptable: Number | None) -> View:
    """Where the curve would be: why there is none, and the stated ranges."""
    lead = Paragraph(say("before.no_curve"), "lead")
    return View((lead, Items(rates_items(rates, acceptable))))


def no_line_view(choice: ThresholdChoice | None) -> View:
    """Say why no line can be drawn yet."""
    return View((Paragraph(_no_line(choice)),))


def _no_line(choice: ThresholdChoice | None) -> Said:
    return say("before.line_unheld" if choice else "before.no_line")


def rates_table(rates: StatedRates) -> Table:
    """As stated, on everyone, on no one: shares, of 100."""
    everything, nothing = say("before.everything"), say("before.nothing")
    stated = (rates.flagged, rates.error, rates.recall)
    heads = ("way", "of_acted", "of_wrong", "of_caught")
    return Table(
        say("before.beside_caption"),
        tuple(say(f"before.col_{head}") for head in heads),
        (
            (say("before.way_stated"), *(_cell(number, "share") for number in stated)),
            (
                say("before.way_all"),
                everything,
                _cell(rates.error_all, "share"),
                everything,
            ),
            (say("before.way_none"), nothing, nothing, nothing),
        ),
        marked=0,
    )


def pays_view(ratio: Number | None, most: Number | None) -> View:
    """Up to which error acting pays, by the pair's ratio."""
    return View((Paragraph(_pays(ratio, most)),))


def _pays(ratio: Number | None, most: Number | None) -> Said:
    if ratio is None or most is None:
        return say("threshold.no_ratio")
    return say("before.pays_by_ratio", ratio=ratio, most=most)


def threshold_recap(
    choice: ThresholdChoice | None,
    *,
    rates: StatedRates,
    acceptable: Number | None,
    pays: View,
) -> Section:
    """Gather 03 into its Section, without a curve."""
    lines = rates_items(rates, acceptable)
    return Section(
        id="threshold",
        title=say("section.threshold"),
        status="cannot_tell",
        headline=threshold_headline(rates),
        blocks=(Items(lines), *pays.blocks, Paragraph(_no_line(choice), "quiet")),
    )


# --- 04 ------------------------------------------------------------------------------


def week_headline(week: StatedWeek, *, unit: str) -> Said:
    """Say how many people a week, as far as what was stated goes."""
    stated, everyone, _ = week.ways
    values: dict[str, Any] = {"volume": week.volume, "unit": unit}
    if stated.acted is not None and stated.wrong is not None:
        ranges = _ranges("people", acted=stated.acted, wrong=stated.wrong)
        return say("before.week_stated", **values, **ranges)
    if everyone.wrong is not None:
        ranges = _ranges("people", wrong=everyone.wrong)
        return say("before.week_all", **values, **ranges)
    return say("before.week_open", **values)


def week_table(week: StatedWeek, *, unit: str, currency: str) -> Table:
    """As stated, on everyone, on no one: people and money a week."""
    heads = ["way", "acted", "wrong", "missed"]
    priced = any(way.money is not None for way in week.ways)
    if priced:
        heads.append("money")
    return Table(
        say("before.week_caption", volume=week.volume, unit=unit),
        tuple(say(f"before.col_{head}", unit=currency) for head in heads),
        tuple(_week_row(way, priced=priced) for way in week.ways),
        marked=0,
    )


def _week_row(way: Way, *, priced: bool) -> tuple[Said, ...]:
    numbers = [way.acted, way.wrong, way.missed, *([way.money] if priced else [])]
    name = say(f"before.way_{way.kind}")
    return (name, *(_cell(number, "people") for number in numbers))


def week_items(week: StatedWeek, *, currency: str) -> tuple[Said, ...]:
    """How much more money than the two ways without a model, and when acting pays."""
    said = [
        say(f"before.money_{name}", unit=currency, more=range_said(number, "people"))
        for name, number in (("over_all", week.over_all), ("over_none", week.over_none))
        if number is not None
    ]
    if week.break_even is not None:
        said.append(say("before.pays_by_money", most=week.break_even))
    return (*said, say("before.assumed_volume"))


def week_view(
    week: StatedWeek, rates: StatedRates, today: Said, *, unit: str, currency: str
) -> View:
    """A week in people and money as ranges."""
    lacks = (say("before.week_lacks"),) if rates.lacks else ()
    lines = (*week_items(week, currency=currency), *lacks, *_fit(rates), today)
    return View(
        (
            Paragraph(week_headline(week, unit=unit), "lead"),
            week_table(week, unit=unit, currency=currency),
            Items(lines),
        )
    )


def no_options_view() -> View:
    """Say that there is nothing to choose among yet."""
    return View((Paragraph(say("before.no_options")),))


def impact_recap(
    week: View, *, acceptable: Number | None, choice: ImpactChoice | None
) -> Section:
    """Gather 04 into its Section, without options."""
    lead, *rest = week.blocks
    assert isinstance(lead, Paragraph)
    return Section(
        id="user_impact",
        title=say("section.user_impact"),
        status="cannot_tell",
        headline=lead.said,
        blocks=(
            *rest,
            Paragraph(floors_line(acceptable, choice)),
            *no_options_view().blocks,
        ),
    )
