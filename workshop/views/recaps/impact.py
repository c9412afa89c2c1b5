"""What an option comes to in a week, what that rests on, and whether floors hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop.analysis.impact.assumptions import Assumptions, assumed_number
from workshop.analysis.impact.drift import Drift, WhatIf
from workshop.analysis.impact.estimate import Estimate
from workshop.analysis.impact.floors import DualFloors, FloorState
from workshop.analysis.options.by_group import GroupHit
from workshop.record.choices import Assumed, Satisfaction
from workshop.record.terms import ASSUMED
from workshop.record.values import Number
from workshop.views.amounts import amount, bare_reach
from workshop.views.recaps.drawer_groups import group_said
from workshop.views.recaps.options import assumed_said
from workshop.views.section import Block, Items, Paragraph, Table
from workshop.views.wording import Said, has, phrase, say

KINDS = ("right", "wrong", "missed", "choices", "reviews", "running", "events")
WEEK = (
    "people_helped",
    "people_wrong",
    "people_missed",
    "asked",
    "waiting_hours",
    "hours_saved",
    "active_share",
    "events",
    "money",
)


def assumed_names(assumptions: Assumptions) -> dict[str, str]:
    """What to call each assumption, with the unit it is counted in."""
    unit = assumptions.currency
    return {name: say(f"assumed.{name}", unit=unit).text for name in assumptions.stated}


def assumable_names(assumptions: Assumptions) -> dict[str, str]:
    """Everything that can be assumed: what is stated first, then what is still open."""
    unit = assumptions.currency
    names = (*assumptions.stated, *(n for n in ASSUMED if n not in assumptions.stated))
    return {name: say(f"assumed.{name}", unit=unit).text for name in names}


BESIDE = ("hours_saved", "active_share", "waiting_hours")
"""What stands beside people and money while somebody drags a figure."""
VALUED = ("people_wrong", "money", *BESIDE)
"""All that is told while somebody drags a figure."""
SCENES = {
    "as_it_is": "impact.scene_as_it_is",
    "prevalence_halved": "impact.scene_prevalence_halved",
    "prevalence_doubled": "impact.scene_prevalence_doubled",
    "volume_half_more": "impact.scene_volume_half_more",
    "volume_doubled": "impact.scene_volume_doubled",
    "degraded_10": "impact.scene_degraded_10",
    "degraded_25": "impact.scene_degraded_25",
}
"""The other weeks, each with its words."""
HALFWAY = ("volume_half_more", "degraded_10")
"""Weeks between the one that is and a further one that is told."""


# a week ---------------------------------------------------------------------------


def measure_name(name: str) -> str:
    """What a measure of the week is called."""
    key = f"measure.{name}.name"
    return phrase(key if has(key) else f"impact.measure_{name}")


def week_table(
    estimates: Mapping[str, Estimate], titles: Mapping[str, str], *, currency: str
) -> Table:
    """A week under several ways to act, side by side.

    Only what is stated, and only what is not 0 whatever one does.
    """
    all_ways = estimates.values()
    told = [name for name in WEEK if any(_says(each, name) for each in all_ways)]
    return Table(
        say("impact.week_caption", currency=currency),
        (
            say("impact.col_measure"),
            *(say("impact.col_way", title=titles[option]) for option in estimates),
        ),
        tuple(
            (
                say("impact.measure", name=measure_name(name)),
                *(_cell(each, name) for each in estimates.values()),
            )
            for name in told
        ),
    )


def _says(each: Estimate, name: str) -> bool:
    number = each.numbers.get(name)
    return number is not None and (number.value != 0 or bool(number.hi))


def _money(number: Number) -> Said:
    """Money in two leading figures, as in the table of options."""
    if _is_hardly_any(number):
        return say("impact.money_hardly")
    ranged = number.lo is not None and number.hi is not None
    return say(f"options.{'week' if ranged else 'week_alone'}", money=number)


def _is_hardly_any(money: Number) -> bool:
    """Whether it is something, and all of its range rounds to nothing."""
    ends = (money.value, money.lo, money.hi)
    return bool(money.value) and all(abs(e) < 0.5 for e in ends if e is not None)


def _cell(each: Estimate, name: str) -> Said:
    number = each.numbers.get(name)
    if number is None:
        return say("impact.not_stated")
    if number.value is None:
        over = each.numbers.get("overflow_per_week")
        if name == "waiting_hours" and over is not None and over.value:
            return say("impact.overflows", over=over)
        return say("impact.cannot_tell")
    return _money(number) if name == "money" else bare_reach(number)


def money_table(each: Estimate, *, currency: str) -> Table:
    """A week's money by kind; the kinds add up to the last line."""
    rows = [
        (say(f"impact.money_{kind}"), _money(number))
        for kind in KINDS
        if (number := each.numbers.get(f"money_{kind}")) is not None
        and (number.value or number.hi)
    ]
    if "money" in each.numbers:
        rows.append((say("impact.money_all"), _money(each.numbers["money"])))
    return Table(
        say("impact.money_caption", currency=currency),
        (say("impact.col_kind"), say("impact.col_week", currency=currency)),
        tuple(rows),
    )


def valued_line(each: Estimate, *, currency: str) -> Said:
    """Say a week in people and money, as it is drawn anew with another figure."""
    people, money = each.numbers["people_wrong"], each.numbers.get("money")
    if money is None or money.value is None:
        return say("impact.valued_people", people=bare_reach(people))
    if _is_hardly_any(money):
        return say("impact.valued_hardly", people=bare_reach(people))
    return say(
        "impact.valued",
        people=bare_reach(people),
        money=_money(money),
        currency=currency,
    )


def valued_items(each: Estimate) -> tuple[Said, ...]:
    """What else a week comes to, for figures that move neither people nor money."""
    return tuple(
        say("impact.valued_also", name=measure_name(name), value=_cell(each, name))
        for name in BESIDE
        if _says(each, name)
    )


def each_line(per_week: float) -> Said:
    """Say how many decisions a week one of a hundred people stands for."""
    each = Number(id="impact.each", value=per_week / 100, unit="per week", assumed=True)
    return say("impact.each", each=each)


def queue_line(each: Estimate) -> Said | None:
    """Say how long people wait for a person, or that the queue overflows."""
    asked = each.numbers.get("asked")
    if asked is None or not asked.value:
        return None
    waiting, over = (
        each.numbers.get(name) for name in ("waiting_hours", "overflow_per_week")
    )
    if waiting is None or over is None:
        return say("impact.queue_not_stated", asked=asked)
    if waiting.value is None:
        return say("impact.queue_overflows", asked=asked, over=over)
    return say("impact.queue_waits", asked=asked, waiting=waiting)


# what it rests on -----------------------------------------------------------------


def assumptions_table(assumptions: Assumptions) -> Table:
    """Every assumption as a range, how sure, from where, and whose it is."""
    heads = ("name", "range", "sure", "source", "owner")
    names = assumed_names(assumptions)
    return Table(
        say("impact.assumed_caption"),
        tuple(say(f"impact.assumed_col_{head}") for head in heads),
        tuple(
            _assumed_row(name, one, assumptions, names[name])
            for name, one in assumptions.stated.items()
        ),
    )


def _assumed_row(
    name: str, one: Assumed, assumptions: Assumptions, title: str
) -> tuple[Said, ...]:
    figure = assumed_number(name, one, unit=assumptions.unit_of(name))
    who = assumptions.who[name]
    owner = f"ui.owner.{one.owner}" if one.owner else "impact.owner_open"
    return (
        say("impact.assumed_named", name=title),
        assumed_said(figure),
        say(f"impact.sure_{one.confidence}"),
        say(f"impact.source_{who}", source=one.source)
        if one.source
        else say(f"impact.source_{who}_bare"),
        say("impact.assumed_owner", owner=phrase(owner)),
    )


def satisfaction_line(given: Satisfaction | None) -> Said:
    """How it will be asked whether people are content; what is open is said to be."""
    if given is None:
        return say("impact.satisfaction_none")
    parts: dict[str, Said] = {}
    for part in ("today", "target"):
        value = getattr(given, part)
        number = Number(id=f"satisfaction.{part}", value=value, unit=given.unit)
        parts[part] = (
            say(f"impact.not_known_{part}")
            if value is None
            else say("impact.satisfaction_value", value=number, unit=given.unit)
        )
    owner = f"ui.owner.{given.owner}" if given.owner else "impact.owner_open"
    return say("impact.satisfaction", asked=given.asked, owner=phrase(owner), **parts)


# both floors ----------------------------------------------------------------------


def floors_items(found: DualFloors) -> tuple[Said, ...]:
    """Each floor with its margin and its chance, and which one binds."""
    said = [
        _floor_said(which, state)
        for which, state in (("model", found.model), ("business", found.business))
        if state is not None
    ]
    if found.both is not None and found.binds is not None:
        both = found.both
        if (both.value or 0.0) > 0.995:  # then neither is likely to break
            said.append(say("impact.floor_both", both=both))
        else:
            said.append(say(f"impact.floor_binds_{found.binds}", both=both))
    return tuple(said)


def _floor_said(which: str, state: FloorState) -> Said:
    name = phrase("impact.floor_error")
    if which == "business":
        name = measure_name(state.metric)
    given = {
        "floor": phrase(f"impact.floor_head_{which}"),
        "name": name,
        "side": phrase(f"ui.{state.side}"),
        "bound": amount(state.bound),
        "value": bare_reach(state.value),
    }
    if state.value.value is None:
        return say("impact.floor_open", **given)
    key = "holds" if state.holds else "breaks"
    margin = margin_said(state)
    if state.chance is None:
        return say(f"impact.floor_{key}_alone", margin=margin, **given)
    return say(f"impact.floor_{key}", margin=margin, chance=state.chance, **given)


def margin_said(state: FloorState) -> Said:
    """Say by how much a floor holds or is missed, on either side as a plain amount."""
    by = {"id": f"{state.margin.id}.by", "value": abs(state.margin.value or 0.0)}
    nothing = dict.fromkeys(("lo", "hi", "level"))
    return amount(state.margin.model_copy(update=by | nothing))


# another week ---------------------------------------------------------------------


def drift_blocks(
    found: Drift, *, currency: str, brief: bool = False
) -> tuple[Block, ...]:
    """The same option in other weeks, and how much change breaks its model floor."""
    columns = ("error_among_answered", "people_wrong", "asked", "hours_saved", "money")
    shown = [c for c in columns if any(c in each.numbers for each in found.scenes)]
    scenes = [s for s in found.scenes if not (brief and s.kind in HALFWAY)]
    table = Table(
        say("impact.drift_caption", currency=currency),
        (
            say("impact.drift_scene"),
            *(say(f"impact.drift_{column}", currency=currency) for column in shown),
            say("impact.drift_floors"),
        ),
        tuple(_scene_row(each, shown) for each in scenes),
    )
    return (table, *_breaks(found))


def _scene_row(each: WhatIf, shown: Sequence[str]) -> tuple[Said, ...]:
    cells = []
    for name in shown:
        number = each.numbers.get(name)
        if number is None or number.value is None:
            cells.append(say("impact.cannot_tell"))
        elif name == "asked" and each.queue is not None and each.queue.overflows:
            over = Number(
                id=f"whatif.{each.kind}.over",
                value=each.queue.overflow_per_week,
                unit="per week",
                assumed=True,
            )
            cells.append(say("impact.asked_overflows", asked=number, over=over))
        elif name == "money":
            cells.append(_money(number))
        else:
            cells.append(bare_reach(number))
    return (
        say(SCENES[each.kind]),
        *cells,
        _floors_hold(each),
    )


def _floors_hold(each: WhatIf) -> Said:
    words = {True: "holds", False: "breaks", None: "none"}
    return say(
        "impact.both_floors",
        model=phrase(f"impact.short_{words[each.model_holds]}"),
        business=phrase(f"impact.short_{words[each.business_holds]}"),
    )


def _breaks(found: Drift) -> tuple[Block, ...]:
    said = []
    degradation, factor = found.degradation, found.prevalence_factor
    if degradation.value is not None:
        key = "drift_broken" if degradation.value == 0 else "drift_degradation"
        said.append(say(f"impact.{key}", d=degradation))
    if factor.value is not None and degradation.value != 0:
        key = "drift_factor" if said else "drift_factor_alone"
        said.append(say(f"impact.{key}", factor=factor))
    elif factor.value is not None:
        said.append(say("impact.drift_mends", factor=factor))
    return (Items(tuple(said)),) if said else ()


def hits_table(hits: Sequence[GroupHit], column: str, *, title: str) -> Table:
    """How often an option goes wrong, and misses one, for each group of a column."""
    return Table(
        say("impact.hit_caption", title=title, column=column),
        (
            say("impact.hit_group", column=column),
            *(say(f"impact.hit_{head}") for head in ("wrong", "missed", "who")),
        ),
        tuple(_hit_row(each, column) for each in hits),
    )


def _hit_row(each: GroupHit, column: str) -> tuple[Said, ...]:
    more = {
        (True, True): "more_both",
        (True, False): "more_wrong",
        (False, True): "more_missed",
        (False, False): "same",
    }[each.more_wrong, each.more_missed]
    return (
        say("impact.hit_named", name=group_said(each.group, column, head="hit")),
        say("impact.hit_rate", n=each.wrong),
        say("impact.hit_rate", n=each.missed),
        say(f"impact.hit_{more}"),
    )


def rests_on_blocks(
    assumptions: Assumptions, satisfaction: Satisfaction | None
) -> tuple[Block, ...]:
    """The assumptions and what is open about how content people are."""
    return (
        assumptions_table(assumptions),
        Paragraph(satisfaction_line(satisfaction)),
    )
