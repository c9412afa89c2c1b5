"""What somebody bet, in words: names, numbers with their ids, and answers as sentences.

The gap board, what talking changed and the retrospective all say it alike.
"""

from __future__ import annotations

from collections.abc import Mapping

from workshop.analysis.gap_board import Answer
from workshop.record.bets import THIRD_ROLES, Seat
from workshop.record.choices import Record
from workshop.record.values import ROLES, Number
from workshop.views.wording import Said, phrase, say

Names = Mapping[Seat, str]

CHOICES = {
    "fallback": ("not_sure", "human", "alternatives"),
    "owner": ("product", "both", "engineering"),
}


def seat_names(record: Record) -> dict[Seat, str]:
    """What to call each seat: its person's name, or its role where it has none."""
    named: dict[Seat, str] = {}
    for seat in (*ROLES, *THIRD_ROLES):
        people = getattr(record.participants, seat)
        named[seat] = people[0].name if people else phrase(f"ui.role.{seat}")
    return named


def halves(names: Names) -> dict[str, str]:
    """The names of the two halves, to fill a sentence."""
    return {role: names[role] for role in ROLES}


def bet_number(answer: Answer, question: str, *, then: bool = False) -> Number:
    """A number that somebody bet; ``then`` is the one said after talking."""
    when = "second." if then else ""
    return Number(
        id=f"bets.{answer.seat}.{when}{question}",
        value=float(answer.said),
        lo=answer.low,
        hi=answer.high,
        unit="false alarms" if question == "ratio" else "share",
        assumed=True,
    )


def answer_said(question: str, answer: Answer, *, then: bool = False) -> Said:
    """What one seat said to one question; ``then`` is what it said after talking."""
    if question in CHOICES:
        return say(f"framing.{question}_{answer.said}")
    number = bet_number(answer, question, then=then)
    if question == "ratio":
        return say("board.num", bet=number)
    ends = {(True, True): "_range", (True, False): "_from", (False, True): "_upto"}
    given = (answer.low is not None, answer.high is not None)
    return say(f"board.of100{ends.get(given, '')}", bet=number)


def distance_number(id: str, distance: float) -> Number:
    """How far apart the two halves are, in 0..1."""
    return Number(id=id, value=round(distance, 2), unit="distance", assumed=True)
