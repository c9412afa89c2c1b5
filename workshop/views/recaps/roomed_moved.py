"""How far were two halves apart, before and after talking, and how did they bet?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from workshop.record.values import ROLES, Number
from workshop.views.figures_room import Guess, Move, plot_guesses, plot_moves
from workshop.views.section import Block, Figure, Items, Paragraph, Section, Table
from workshop.views.wording import Said, phrase, say

if TYPE_CHECKING:
    from workshop.analysis.bets_scored import BetScored
    from workshop.analysis.pairs import PairMoved, PairScored, RoomFound, Talked

FEWEST_TOLD = 3
"""Of fewer bets a middle would be somebody's own."""

_DRAWN = ("tolerable_error", "ratio")
"""The questions that are asked twice."""


def moved_section(found: RoomFound) -> Section:
    """Say how far halves were apart, and what talking moved."""
    title = say("closing.moved.title")
    if not found.moved:
        lead = say("closing.moved.lead_none")
        return Section("moved", title, "cannot_tell", lead)
    blocks: tuple[Block, ...] = (
        *_talked(found.talked),
        _moves_figure(found.moved),
        Paragraph(say("closing.moved.distance"), "quiet"),
    )
    return Section("moved", title, "ok", _moved_lead(found), blocks)


def _moved_lead(found: RoomFound) -> Said:
    opened = found.count("moved.opened", len(found.moved))
    sums: Counter[str] = Counter()
    for pair in found.moved:
        sums.update(pair.before)
    furthest, apart = max(sums.items(), key=lambda item: item[1])
    if not apart:
        return say("closing.moved.lead_alike", opened=opened)
    return say(
        "closing.moved.lead",
        opened=opened,
        about=say(f"closing.moved.about_{furthest}"),
    )


def _talked(talked: Sequence[Talked]) -> tuple[Block, ...]:
    if not talked:
        return (Paragraph(say("closing.moved.none_twice"), "quiet"),)
    lines = []
    for one in talked:
        given = {
            name: getattr(one, name)
            for name in ("closed", "wider", "same", "before", "after")
        }
        about = say(f"closing.moved.about_{one.question}")
        lines.append(say("closing.moved.closed", about=about, **given))
        if one.closed.lo is not None:
            lines.append(say("closing.moved.other_pairs", closed=one.closed))
    few = all(one.closed.lo is None for one in talked)
    note = (Paragraph(say("closing.moved.cannot_tell"), "quiet"),) if few else ()
    return (Items(tuple(lines)), *note)


def _moves_figure(moved: Sequence[PairMoved]) -> Figure:
    titles = [phrase(f"closing.moved.{question}") for question in _DRAWN]
    moves = [
        Move(
            pair.label,
            tuple((pair.before[q], pair.after.get(q)) for q in _DRAWN),  # type: ignore[index, call-overload]
        )
        for pair in moved
    ]
    twin = _distance_table(moved)
    svg = plot_moves(titles, moves)
    return Figure(
        svg, say("closing.moved.alt"), twin, say("page.as_table"), name="moves"
    )


def _distance_table(moved: Sequence[PairMoved]) -> Table:
    questions = tuple(moved[0].before)
    heads = (say(f"board.row_{question}") for question in questions)
    rows = tuple(
        (
            say("closing.pair", letter=pair.label),
            *(_distance(pair, question) for question in questions),
        )
        for pair in moved
    )
    caption = say("closing.moved.caption")
    return Table(caption, (say("closing.col_pair"), *heads), rows)


def _distance(pair: PairMoved, question: str) -> Said:
    first = _apart(f"{pair.label}.{question}.before", pair.before[question])  # type: ignore[index]
    later = pair.after.get(question)  # type: ignore[call-overload]
    if later is None:
        return first
    then = _apart(f"{pair.label}.{question}.after", later)
    return say("closing.moved.then", first=first, then=then)


def _apart(name: str, value: float) -> Said:
    from workshop.analysis.pairs import distance

    return say("closing.number", n=distance(name, value))


# --- bets against what was measured ---------------------------------------------------


def bets_section(found: RoomFound) -> Section:
    """Say what each half expected, and where the measured error fell."""
    title = say("closing.bets.title")
    if not found.scored:
        lead = say("closing.bets.none")
        return Section("bets", title, "cannot_tell", lead)
    blocks: tuple[Block, ...] = (
        *_off(found.scored),
        _bets_figure(found.scored),
    )
    return Section("bets", title, "ok", _bets_lead(found.scored), blocks)


def _bets_lead(scored: Sequence[PairScored]) -> Said:
    error = scored[0].error.model_copy(update={"id": "room.error"})
    alike = _one_error(scored)
    if alike and (error.lo is None or error.hi is None):
        return say("closing.bets.lead_point", error=error)
    fell = Counter(bet.verdict for pair in scored for bet in pair.bets)
    given = {
        "ranges": fell.total() - fell["no_range"],
        "inside": fell["inside"],
        "outside": fell["below"] + fell["above"],
        "open": fell["cannot_tell"],
    }
    numbers = {name: _count(f"bets.{name}", k) for name, k in given.items()}
    ranges = say("closing.bets.no_ranges")
    if given["ranges"] and alike:
        ranges = say("closing.bets.ranges", **numbers)
    elif given["ranges"]:
        ranges = say("closing.bets.ranges_apart", **numbers)
    if not alike:
        return say("closing.bets.lead_apart", ranges=ranges)
    return say("closing.bets.lead", error=error, ranges=ranges)


def _one_error(scored: Sequence[PairScored]) -> bool:
    """Whether all pairs' options have the same measured error to be held against."""
    return len({(p.error.value, p.error.lo, p.error.hi) for p in scored}) == 1


def _off(scored: Sequence[PairScored]) -> tuple[Block, ...]:
    """How many points the likely figure lay off, in the middle of each half."""
    said = {}
    for role in ROLES:
        off = [
            b.off
            for p in scored
            for b in p.bets
            if b.seat == role and b.off is not None
        ]
        if len(off) < FEWEST_TOLD:
            return ()
        number = Number(id=f"room.bets.off.{role}", value=median(off), unit="share")
        said[role] = say(f"closing.bets.off_{role}", off=number)
    return (Paragraph(say("closing.bets.off", **said)),)


def _bets_figure(scored: Sequence[PairScored]) -> Figure:
    rows = [(pair.label, [_guess(bet) for bet in pair.bets]) for pair in scored]
    error = scored[0].error
    measured = (error.value, error.lo, error.hi)
    if not _one_error(scored):
        measured = (None, None, None)
    svg = plot_guesses(rows, measured)
    return Figure(
        svg,
        say("closing.bets.alt"),
        _bets_table(scored),
        say("page.as_table"),
        name="guesses",
    )


def _guess(bet: BetScored) -> Guess:
    return Guess(bet.seat, bet.likely, bet.low, bet.high)  # type: ignore[arg-type]


def _bets_table(scored: Sequence[PairScored]) -> Table:
    rows = []
    for pair in scored:
        told = {bet.seat: _told(pair.label, bet) for bet in pair.bets}
        cells = (told[role] for role in ROLES)
        rows.append((say("closing.pair", letter=pair.label), *cells))
    heads = tuple(say(f"closing.col_{name}") for name in ("pair", *ROLES))
    return Table(say("closing.bets.caption"), heads, tuple(rows))


def _told(label: str, bet: BetScored) -> Said:
    number = Number(
        id=f"room.{label}.{bet.seat}.expected",
        value=bet.likely,
        lo=bet.low,
        hi=bet.high,
        assumed=True,
    )
    both = bet.low is not None and bet.high is not None
    said = say(f"closing.bets.bet{'_range' if both else ''}", n=number)
    fell = say(f"closing.bets.fell_{bet.verdict}")
    return say("closing.bets.told", bet=said, fell=fell)


def _count(name: str, value: float) -> Number:
    return Number(id=f"room.{name}", value=float(value), unit="")
