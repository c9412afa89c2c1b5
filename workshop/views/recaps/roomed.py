"""The room's report: a page on how pairs differed and moved, and its JSON twin.

Everything comes from a `RoomFound`, which has no place for a typed word; names and
words of pairs that allowed it come apart from it, as `Spoken`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workshop.record.journey import home_of
from workshop.record.values import Number
from workshop.views.recaps.compared_words import joined
from workshop.views.recaps.roomed_choices import choices_json, differed_section
from workshop.views.recaps.roomed_moved import bets_section, moved_section
from workshop.views.recaps.roomed_open import open_section, worry_section
from workshop.views.room.bar import NAMES
from workshop.views.section import (
    Block,
    Card,
    Paragraph,
    Section,
    Table,
    number_json,
    unique_numbers,
)
from workshop.views.wording import Said, as_written, phrase, say

if TYPE_CHECKING:
    from workshop.analysis.pairs import PairGiven, RoomFound

SCHEMA = "common-ground/room-1"
_VERDICTS = ("ready", "ready_with_conditions", "not_ready", "cannot_tell")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A pair that allowed it: its names, and lines of its own by what they are on.

    ``lines`` names a sentence of ``[closing.words]`` and gives what fills it.
    """

    letter: str
    names: tuple[str, ...]
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RoomTold:
    """What was found of a room, and what is said around it."""

    found: RoomFound
    scenario: str
    title: str
    as_of: str
    spoken: tuple[Spoken, ...] = ()


def room_sections(told: RoomTold) -> tuple[Section, ...]:
    """Return the page's sections."""
    found = told.found
    return (
        _begun(found),
        differed_section(found),
        moved_section(found),
        bets_section(found),
        worry_section(found),
        open_section(found),
        *((_words(told.spoken),) if told.spoken else ()),
    )


def room_page(told: RoomTold) -> str:
    """Return the whole page."""
    from workshop.views.page import page

    sections = room_sections(told)
    return page(
        title=say("closing.title", title=told.title).text,
        subtitle=_subtitle(told),
        verdict=None,
        contents=[(section.id, section.title.text) for section in sections],
        body="".join(section.html for section in sections),
        foot=[
            say("closing.foot_letters"),
            say("closing.foot_counts"),
            say("closing.foot_json"),
        ],
    )


def room_json(told: RoomTold) -> dict[str, Any]:
    """Return the same as plain data; ``numbers`` are all that stand on the page."""
    sections = room_sections(told)
    said = {one.letter: one for one in told.spoken}
    blocks = [b for s in sections for b in (Paragraph(s.headline), *s.blocks)]
    numbers = unique_numbers([Paragraph(_subtitle(told)), *blocks])
    return {
        "schema": SCHEMA,
        "scenario": told.scenario,
        "title": told.title,
        "as_of": told.as_of,
        "headline": sections[0].headline.text,
        "pairs": [_pair_json(pair, said.get(pair.label)) for pair in told.found.pairs],
        "choices": choices_json(told.found),
        "sections": [
            {"id": s.id, "title": s.title.text, "headline": s.headline.text}
            for s in sections
        ],
        "numbers": [number_json(number) for number in numbers],
    }


def _subtitle(told: RoomTold) -> Said:
    n = len(told.found.pairs)
    given = {"scenario": told.scenario, "as_of": told.as_of}
    if n == 1:
        return say("closing.subtitle_one", **given)
    pairs = Number(id="room.pairs", value=float(n), unit="pairs")
    return say("closing.subtitle", pairs=pairs, **given)


# --- how far they came ----------------------------------------------------------------


def _begun(found: RoomFound) -> Section:
    return Section(
        id="overview",
        title=say("closing.begun.title"),
        status="ok",
        headline=_lead(found),
        blocks=(*_verdicts(found), _standing(found)),
    )


def _lead(found: RoomFound) -> Said:
    pairs = found.pairs
    if len(pairs) == 1:
        return say("closing.begun.lead_one")
    own = [p for p in pairs if p.record.threshold and "threshold" not in p.borrowed]
    return say(
        "closing.begun.lead",
        opened=found.count("opened", sum(pair.opened for pair in pairs)),
        line=found.count("line", len(own)),
        signed=found.count("signed", sum(len(pair.signed) == 2 for pair in pairs)),
    )


def _verdicts(found: RoomFound) -> list[Block]:
    parts = [
        say(
            "closing.begun.verdict",
            what=say(f"verdict.{verdict}"),
            k=found.count(f"verdict.{verdict}", k),
        )
        for verdict in _VERDICTS
        if (k := sum(pair.verdict == verdict for pair in found.pairs))
    ]
    blocks: list[Block] = []
    if parts:
        blocks.append(Paragraph(say("closing.begun.verdicts", said=joined(parts))))
    if failed := sum(not pair.verdict for pair in found.pairs):
        k = found.count("failed", failed)
        blocks.append(Paragraph(say("closing.begun.failed", k=k), "warn"))
    return blocks


def _standing(found: RoomFound) -> Table:
    heads = ("bets", "line", "signed", "report", "open", "borrowed")
    return Table(
        say("closing.begun.caption"),
        (
            say("closing.col_pair"),
            *(say(f"closing.begun.col_{head}") for head in heads),
        ),
        tuple(_stands(pair) for pair in found.pairs),
    )


def _stands(pair: PairGiven) -> tuple[Said, ...]:
    open_ = Number(
        id=f"room.{pair.label}.open",
        value=float(sum(pair.gaps.values())),
        unit="points",
    )
    report = f"verdict.{pair.verdict}" if pair.verdict else "closing.begun.no_report"
    return (
        say("closing.pair", letter=pair.label),
        say(f"closing.begun.bets_{'opened' if pair.opened else 'closed'}"),
        say(f"closing.begun.line_{_line(pair)}"),
        say(f"closing.begun.signed_{len(pair.signed)}"),
        say(report),
        say("closing.begun.open", n=open_),
        _borrowed(pair),
    )


def _line(pair: PairGiven) -> str:
    if pair.record.threshold is None:
        return "none"
    return "borrowed" if "threshold" in pair.borrowed else "own"


def _borrowed(pair: PairGiven) -> Said:
    steps = sections_said(pair.borrowed)
    return joined(steps) if steps else say("closing.begun.borrowed_none")


def sections_said(parts: Iterable[str]) -> list[Said]:
    """Name parts of a record by the steps in which they are filled in."""
    homes = {home for part in parts if (home := home_of(part)) in NAMES}
    return [as_written(phrase(NAMES[home])) for home in sorted(homes)]


# --- in their own words ---------------------------------------------------------------


def _words(spoken: Sequence[Spoken]) -> Section:
    cards = tuple(
        Card(
            title=say("closing.pair", letter=one.letter),
            tag=joined(list(map(as_written, one.names))),
            said=tuple(
                say(f"closing.words.{name}", text=text) for name, text in one.lines
            ),
        )
        for one in spoken
    )
    lead = say("closing.words.lead")
    return Section("words", say("closing.words.title"), "ok", lead, cards)


def _pair_json(pair: PairGiven, spoken: Spoken | None) -> dict[str, Any]:
    return {
        "letter": pair.label,
        "opened": pair.opened,
        "signed": list(pair.signed),
        "verdict": pair.verdict or None,
        "borrowed": list(pair.borrowed),
        "names": list(spoken.names) if spoken else None,
        "words": [{"on": on, "text": text} for on, text in spoken.lines]
        if spoken
        else None,
    }
