"""The pulse of a room at its start and its end, and what stayed open."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from workshop.record.journey import STEPS
from workshop.record.values import Number
from workshop.views.recaps.compared_words import joined
from workshop.views.room.bar import NAMES
from workshop.views.section import Block, Paragraph, Section, Table
from workshop.views.wording import Said, has, phrase, say

if TYPE_CHECKING:
    from workshop.analysis.pairs import PulseMoved, RoomFound


def worry_section(found: RoomFound) -> Section:
    """Say whether people could explain each other's worry better at the end."""
    title = say("closing.worry.title")
    both = [
        (start, end)
        for pulse in found.pulses
        for start, end in zip(pulse.start, pulse.end, strict=True)
        if start is not None and end is not None
    ]
    if not both:
        lead = say("closing.worry.none")
        return Section("worry", title, "cannot_tell", lead, _pulse_table(found))
    counts = {
        "n": len(both),
        "up": sum(end > start for start, end in both),
        "same": sum(end == start for start, end in both),
        "down": sum(end < start for start, end in both),
    }
    numbers = {name: _count(f"worry.{name}", k) for name, k in counts.items()}
    lead = say("closing.worry.lead", **numbers)
    return Section("worry", title, "ok", lead, _pulse_table(found))


def _pulse_table(found: RoomFound) -> tuple[Block, ...]:
    if not found.pulses:
        return ()
    heads = tuple(
        say(f"closing.col_{name}") for name in ("pair", "product", "engineering")
    )
    rows = tuple(
        (
            say("closing.pair", letter=pulse.label),
            *(_pulse_said(pulse, place) for place in (0, 1)),
        )
        for pulse in found.pulses
    )
    return (Table(say("closing.worry.caption"), heads, rows),)


def _pulse_said(pulse: PulseMoved, place: int) -> Said:
    given = {
        name: _count(f"{pulse.label}.worry.{name}.{place}", at[place] or 0)
        for name, at in (("start", pulse.start), ("end", pulse.end))
        if at[place] is not None
    }
    if not given:
        return say("closing.nothing")
    return say(
        f"closing.worry.{'both' if len(given) > 1 else next(iter(given))}", **given
    )


# --- what stayed open -----------------------------------------------------------------


def open_section(found: RoomFound) -> Section:
    """Say in how many pairs something is open, step by step."""
    totals = [sum(pair.gaps.values()) for pair in found.pairs]
    middle = float(median(totals)) if totals else 0.0
    lead = say(
        "closing.open.lead",
        none=found.count("open.none", sum(not total for total in totals)),
        middle=Number(id="room.open.middle", value=middle, unit="points"),
    )
    blocks: tuple[Block, ...] = (*_by_step(found), *_disputed(found))
    return Section("open", say("closing.open.title"), "ok", lead, blocks)


def _by_step(found: RoomFound) -> tuple[Block, ...]:
    rows = []
    for step in STEPS:
        each = [
            sum(k for (at, _), k in pair.gaps.items() if at == step)
            for pair in found.pairs
        ]
        if not any(each) or step not in NAMES:
            continue
        pairs = found.count(f"open.{step}", sum(map(bool, each)))
        rows.append(
            (
                Said("{step} {name}", {"step": step, "name": phrase(NAMES[step])}),
                say("closing.k_of_n", k=pairs),
                say("closing.number", n=_count(f"open.{step}.points", sum(each))),
            )
        )
    if not rows:
        return ()
    heads = tuple(
        say(f"closing.open.col_{name}") for name in ("step", "pairs", "points")
    )
    return (Table(say("closing.open.caption"), heads, tuple(rows)),)


def _disputed(found: RoomFound) -> tuple[Block, ...]:
    """Places that pairs saved as not agreed; points of their own go unworded."""
    places: Counter[str] = Counter()
    for pair in found.pairs:
        agreement = pair.record.agreement
        places.update(
            {item.about for item in agreement.not_agreed} if agreement else ()
        )
    if not places:
        return ()
    said = [
        say(
            "closing.open.disputed_place",
            about=_about(place),
            k=found.count(f"disputed.{place or 'own'}", k),
        )
        for place, k in places.most_common()
    ]
    return (Paragraph(say("closing.open.disputed", said=joined(said))),)


def _about(place: str) -> Said:
    key = f"about.{place.replace('.', '_')}"
    return say(key) if place and has(key) else say("closing.open.disputed_own")


def _count(name: str, value: float) -> Number:
    return Number(id=f"room.{name}", value=float(value), unit="")
