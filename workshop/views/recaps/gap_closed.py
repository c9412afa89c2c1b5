"""How the gap closed, or did not: the second look at two bets, and the pulse beside it.

The gap board shows both under its picture; the steps show each alone.
"""

from __future__ import annotations

from typing import Any

from workshop.analysis.gap_board import (
    Answer,
    AskedAgain,
    GapBoard,
    Question,
    find_gap_board,
)
from workshop.record.bets import Pulse, Pulses
from workshop.record.choices import Record
from workshop.record.values import ROLES, Number, Role
from workshop.views.recaps.bets_said import (
    Names,
    answer_said,
    distance_number,
    seat_names,
)
from workshop.views.section import Block, Heading, Items, Paragraph, View
from workshop.views.wording import Said, say


def talked(board: GapBoard, names: Names, pulses: Pulses | None) -> tuple[Block, ...]:
    """How the gap closed or did not, and the pulse beside it."""
    again, pulse = again_items(board, names), pulse_items(pulses, names)
    blocks: list[Block] = []
    if again or pulse:
        blocks.append(Heading(say("board.again_title")))
    if again:
        blocks.append(Items(again))
    if pulse:
        blocks += [Paragraph(say("board.pulse_title")), Items(pulse)]
    return tuple(blocks)


def again_items(board: GapBoard, names: Names) -> tuple[Said, ...]:
    """One sentence for each question that was asked twice."""
    if board.again and not board.both_looked_again:
        (who,) = board.again[0].answers
        return (say("board.again_waits", name=names[who.seat]),)
    return tuple(_again_said(asked, board, names) for asked in board.again)


def _again_said(asked: AskedAgain, board: GapBoard, names: Names) -> Said:
    row = next(row for row in board.rows if row.question == asked.question)
    first = {answer.seat: answer for answer in row.answers}
    at = f"board.{asked.question}"
    values: dict[str, Any] = {
        "about": say(f"board.about_{asked.question}"),
        "before": _apart_said(f"{at}.apart", asked.before),
        "after": _apart_said(f"{at}.apart_then", asked.after or 0.0),
        "both": answer_said(asked.question, asked.answers[0], then=True),
    }
    for later in asked.answers:
        values[later.seat] = _went(asked.question, first[later.seat], later, names)
    return say(f"board.again_{_again_kind(asked)}", **values)


def _went(question: Question, first: Answer, later: Answer, names: Names) -> Said:
    way = "stayed" if later.said == first.said else "went"
    return say(
        f"board.{way}",
        name=names[first.seat],
        first=answer_said(question, first),
        then=answer_said(question, later, then=True),
    )


def _apart_said(id: str, distance: float) -> Said:
    return say("board.num", bet=distance_number(id, distance))


def _again_kind(asked: AskedAgain) -> str:
    """Closed, wider or same; closed altogether and never open are worded apart."""
    one, other = asked.answers
    if one.said == other.said:
        return "agreed" if asked.before == 0 else "met"
    return str(asked.moved)


def pulse_items(pulses: Pulses | None, names: Names) -> tuple[Said, ...]:
    """What each half said at the start and at the end, as far as it was asked."""
    found = pulses or Pulses()
    said = (_pulse_said(role, names[role], found) for role in ROLES)
    return tuple(line for line in said if line is not None)


def _pulse_said(role: Role, name: str, pulses: Pulses) -> Said | None:
    numbers = {
        moment: Number(
            id=f"pulse.{moment}.{role}",
            value=float(worry),
            unit="of 5",
            assumed=True,
        )
        for moment in ("start", "end")
        if (worry := getattr(getattr(pulses, moment) or Pulse(), role)) is not None
    }
    if not numbers:
        return None
    when = "both" if len(numbers) > 1 else next(iter(numbers))
    return say(f"board.pulse_{when}", name=name, **numbers)


def pulse_view(pulses: Pulses | None, names: Names) -> View:
    """The pulse alone, as far as anybody was asked."""
    items = pulse_items(pulses, names)
    if not items:
        return View((Paragraph(say("board.pulse_none"), "quiet"),))
    return View((Paragraph(say("board.pulse_lead")), Items(items)))


def second_look_view(record: Record) -> View:
    """What both said after talking, or that nobody has yet."""
    bets = record.bets
    if bets is None or not bets.opened:
        return View((Paragraph(say("board.second_waits"), "quiet"),))
    items = again_items(find_gap_board(bets), seat_names(record))
    if not items:
        return View((Paragraph(say("board.second_none"), "quiet"),))
    return View((Items(items),))
