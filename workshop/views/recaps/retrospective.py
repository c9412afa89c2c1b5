"""06: what was promised, what happened, and what the next agreement starts from.

One calm page: the headline, a card and a picture a promise, then and now, what moved
and whether it matters, the bets, what went well, what is still to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workshop.analysis.bets_scored import RoundsScored
from workshop.analysis.retro.results import (
    BetHeld,
    CarriedAction,
    ClauseHeld,
    DecisionNow,
    Drifts,
    LabelledApart,
    PromiseHeld,
    Since,
    Waiting,
    Win,
    Window,
)
from workshop.record.agreed import Agreement, Retrospective
from workshop.record.bets import Seat
from workshop.record.choices import Record
from workshop.record.values import Number
from workshop.views.recaps.common import when_said
from workshop.views.recaps.retrospective_clauses import (
    clause_blocks,
    clause_title,
    states_said,
)
from workshop.views.recaps.retrospective_drift import drift_blocks
from workshop.views.recaps.retrospective_held import held_headline
from workshop.views.recaps.retrospective_json import look_json
from workshop.views.recaps.retrospective_people import (
    action_blocks,
    bet_blocks,
    rows_blocks,
    waiting_blocks,
    win_blocks,
)
from workshop.views.recaps.retrospective_promise import promise_blocks, since_blocks
from workshop.views.recaps.retrospective_words import (
    Words,
    is_share,
    listed,
    rate_said,
)
from workshop.views.section import (
    Block,
    Heading,
    Items,
    Paragraph,
    Section,
    Status,
    View,
)
from workshop.views.wording import Said, say


@dataclass(frozen=True, slots=True)
class Looked:
    """Everything that one look at new rows found; ``data`` is their digest.

    ``said_wins`` are the pair's own words, from the retrospective of the same day;
    ``within`` are retrospectives that looked at some of the same days.
    """

    window: Window
    data: str = ""
    clauses: tuple[ClauseHeld, ...] = ()
    promises: tuple[PromiseHeld, ...] = ()
    drifts: Drifts | None = None
    decision: DecisionNow | None = None
    bets: tuple[BetHeld, ...] = ()
    since: Since | None = None
    wins: tuple[Win, ...] = ()
    actions: tuple[CarriedAction, ...] = ()
    waiting: Waiting | None = None
    said_wins: tuple[str, ...] = ()
    within: tuple[Retrospective, ...] = ()
    labelled_apart: LabelledApart | None = None
    rounds: tuple[RoundsScored, ...] = ()


def headline(looked: Looked) -> Said:
    """Say how many promises are kept, broken, and cannot be told."""
    return states_said(looked.clauses)


def parts(
    looked: Looked, record: Record, words: Words, names: Mapping[Seat, str]
) -> dict[str, tuple[Block, ...]]:
    """Return the page's parts by name, in the order in which they are read."""
    agreement = record.agreement or Agreement()
    found: dict[str, tuple[Block, ...]] = {
        "clauses": clause_blocks(looked.clauses, agreement, words),
        "waiting": ()
        if looked.waiting is None
        else waiting_blocks(looked.waiting, words),
        "promise": promise_blocks(looked.promises),
        "drift": drift_blocks(looked.drifts, looked.decision, words),
        "since": since_blocks(looked.since, looked.within),
        "bets": bet_blocks(looked.bets, names, words, looked.rounds),
        "wins": win_blocks(looked.wins, looked.said_wins),
        "actions": action_blocks(looked.actions),
    }
    return {name: blocks for name, blocks in found.items() if blocks}


def part_view(
    wanted: Sequence[str],
    looked: Looked,
    record: Record,
    words: Words,
    names: Mapping[Seat, str],
) -> View:
    """Some parts of the page, for a cell of their own."""
    found = parts(looked, record, words, names)
    return View(tuple(b for name in wanted for b in found.get(name, ())))


def recap(
    looked: Looked, record: Record, words: Words, names: Mapping[Seat, str]
) -> Section:
    """Gather 06 into its Section."""
    blocks: list[Block] = [*rows_blocks(looked.window, words, looked.labelled_apart)]
    for name, inside in parts(looked, record, words, names).items():
        blocks += [Heading(say(f"retro.{name}_title")), *inside]
    blocks.append(Paragraph(say("retro.next"), "quiet"))
    return Section(
        id="retrospective",
        title=say("section.retrospective"),
        status=_status(looked),
        headline=headline(looked),
        blocks=tuple(blocks),
        extra={"retrospective": look_json(looked)},
    )


def _status(looked: Looked) -> Status:
    """Cannot tell only where that is so of every promise."""
    states = {one.state for one in looked.clauses}
    return "cannot_tell" if states == {"cannot_tell"} else "ok"


# --- without new rows ----------------------------------------------------------------


def open_headline(record: Record) -> Said:
    """Say that nothing can be looked at yet, or when the last look was."""
    if not record.retrospectives:
        return say("retro.headline_no_data")
    return held_headline(record.retrospectives)


def promised_blocks(record: Record) -> tuple[Block, ...]:
    """What was promised, and when the pair wanted to meet again."""
    agreement = record.agreement or Agreement()
    planned = agreement.retrospective
    date = say("retro.planned_none")
    if planned:
        date = say("retro.planned", date=when_said(planned))
    promised = _promised(agreement) or (say("retro.headline_no_clauses_yet"),)
    return (Items(promised), Paragraph(date, "quiet"))


def open_part(name: str) -> tuple[Block, ...]:
    """What stands in a part's place while nobody has handed in rows."""
    return (Paragraph(say("retro.no_rows_yet"), "quiet"),) if name == "clauses" else ()


def open_blocks(
    record: Record, file: str, actions: Sequence[CarriedAction]
) -> tuple[Block, ...]:
    """Say what to hand in, and what is still open since the agreement."""
    blocks: list[Block] = [
        Paragraph(say("retro.hand_in", record=file)),
        Heading(say("retro.open_title")),
        *promised_blocks(record),
    ]
    if actions:
        blocks += [Heading(say("retro.actions_title")), *action_blocks(actions)]
    return tuple(blocks)


def _promised(agreement: Agreement) -> tuple[Said, ...]:
    return tuple(
        clause_title(
            clause,
            Number(
                id=f"retro.{clause.id}.bound",
                value=clause.at_least if clause.at_most is None else clause.at_most,
                unit="share" if is_share(clause.metric) else "",
                assumed=True,
            ),
        )
        for clause in agreement.clauses
    )


def open_recap(record: Record, file: str, actions: Sequence[CarriedAction]) -> Section:
    """The Section while nobody has handed in rows."""
    return Section(
        id="retrospective",
        title=say("section.retrospective"),
        status="undecided",
        headline=open_headline(record),
        blocks=open_blocks(record, file, actions),
    )


def look_line(looked: Looked) -> Said:
    """One line about a look, where several are taken one after the other."""
    given = {"headline": headline(looked)}
    window = looked.window
    if not window.last:
        return given["headline"]
    return say("retro.look_line", first=window.first, last=window.last, **given)


def broken_said(looked: Looked) -> Said:
    """Every promise that is broken, with its figure; at least one."""
    return listed(
        [
            say(
                "retro.broken_one",
                clause=clause_title(one.clause, one.bound),
                rate=rate_said(one.number),
            )
            for one in looked.clauses
            if one.state == "broken"
        ]
    )
