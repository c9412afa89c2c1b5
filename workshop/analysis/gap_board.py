"""How far apart are the two halves of the pair, and what to talk about first?

Both answered the same five questions alone. Each question gets one distance from 0, the
same answer, to 1, so that they can be put in order; third roles are shown beside and
move nothing. After talking, two of the questions are asked again.

The distance is this house's own and simple enough to be printed: of two numbers, how
many times one is the other, as a logarithm (ten times or more is 1); another choice is
a half. What to say about any of it is left to the views.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, cast

from workshop.record.bets import SEATS, Bets, OpenedBet, Seat, SecondLook
from workshop.record.values import ROLES

Question = Literal["tolerable_error", "expected_error", "ratio", "fallback", "owner"]
Moved = Literal["closed", "wider", "same"]

QUESTIONS: tuple[Question, ...] = (
    "tolerable_error",
    "expected_error",
    "ratio",
    "fallback",
    "owner",
)
AGAIN: tuple[Question, ...] = ("tolerable_error", "ratio")
"""What is asked once more after talking."""

WHOLE = 10.0
"""How many times as much counts as 1, as far apart as the board goes."""
LEAST_SHARE = 0.001
"""What a smaller share counts as: nobody can be a number of times nothing."""
OTHER_CHOICE = 0.5
BOTH_AGAINST_ONE = 0.25
RANGES_APART = 0.5
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Answer:
    """What one seat said: a number or the name of a choice.

    ``low`` and ``high`` are the ends of its range, where it gave any.
    """

    seat: Seat
    said: float | str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A question with everybody's answers and how far apart the two halves are.

    ``distance`` lies in 0..1; ``rank`` counts from 1, the furthest apart.
    ``ranges_apart`` says that the two ranges of a number do not meet.
    """

    question: Question
    rank: int
    distance: float
    answers: tuple[Answer, ...]
    ranges_apart: bool = False


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question before and after talking, of the two halves.

    ``answers`` are the later ones, of who gave one; ``after`` and ``moved`` are None
    until both did.
    """

    question: Question
    answers: tuple[Answer, ...]
    before: float
    after: float | None
    moved: Moved | None


@dataclass(frozen=True, slots=True)
class GapBoard:
    """The questions, furthest apart first; ``first`` is None where all agree.

    ``again`` is empty until somebody looked a second time.
    """

    rows: tuple[BoardRow, ...]
    first: Question | None
    again: tuple[AskedAgain, ...] = ()

    @property
    def both_looked_again(self) -> bool:
        """Whether both halves answered a second time."""
        return bool(self.again) and all(a.moved is not None for a in self.again)


def share_distance(one: float, other: float) -> float:
    """Return how far two shares of 0..1 lie apart, in 0..1.

    ``|log(one / other)| / log 10``, at most 1; a share counts as `LEAST_SHARE` at
    least.
    """
    return ratio_distance(max(one, LEAST_SHARE), max(other, LEAST_SHARE))


def ratio_distance(one: float, other: float) -> float:
    """Return how far two numbers above zero lie apart: ten times or more is 1."""
    # a difference of logarithms is the same both ways round, to the last bit
    return min(1.0, abs(math.log(one) - math.log(other)) / math.log(WHOLE))


def choice_distance(one: str, other: str) -> float:
    """Return how far two choices lie apart; "both" meets one half half-way."""
    if one == other:
        return 0.0
    return BOTH_AGAINST_ONE if "both" in (one, other) else OTHER_CHOICE


def find_gap_board(bets: Bets) -> GapBoard:
    """Return the questions by how far product and engineering are apart.

    Parameters
    ----------
    bets
        Opened, by both halves at least. Ties keep the order of `QUESTIONS`.

    Raises
    ------
    ValueError
        The bets are not opened yet.
    """
    if not bets.opened:
        raise ValueError("no bet is open yet")
    found = [_row(question, bets) for question in QUESTIONS]
    found.sort(key=lambda row: -row.distance)
    rows = tuple(
        BoardRow(row.question, place, row.distance, row.answers, row.ranges_apart)
        for place, row in enumerate(found, start=1)
    )
    first = rows[0].question if rows[0].distance > 0 else None
    return GapBoard(rows, first, _asked_again(bets))


def ranges_apart(one: OpenedBet, other: OpenedBet) -> bool:
    """Say whether the ranges of two expected errors do not meet.

    Only ends that somebody gave can lie apart; a missing end is open.
    """
    lower, upper = sorted((one, other), key=lambda bet: bet.expected_error)
    low, high = upper.expected_low, lower.expected_high
    return low is not None and high is not None and high < low


def _row(question: Question, bets: Bets) -> BoardRow:
    product, engineering = (bets.opened[role] for role in ROLES)
    distance = _distance(
        question, getattr(product, question), getattr(engineering, question)
    )
    apart = question == "expected_error" and ranges_apart(product, engineering)
    if apart:
        distance = max(distance, RANGES_APART)
    seats = [seat for seat in SEATS if seat in bets.opened]
    answers = tuple(_answer(question, seat, bets.opened[seat]) for seat in seats)
    return BoardRow(question, 0, distance, answers, apart)


def _answer(question: Question, seat: Seat, bet: OpenedBet) -> Answer:
    said = getattr(bet, question)
    if question == "expected_error":
        return Answer(seat, said, bet.expected_low, bet.expected_high)
    return Answer(seat, said)


def _distance(question: Question, one: float | str, other: float | str) -> float:
    if question in ("fallback", "owner"):
        return choice_distance(str(one), str(other))
    apart = ratio_distance if question == "ratio" else share_distance
    return apart(float(one), float(other))


# --- the second look -----------------------------------------------------------------


def latest_looks(bets: Bets) -> dict[Seat, SecondLook]:
    """Return what each half said last, of those who looked again."""
    looks: dict[Seat, SecondLook] = {}
    for later in bets.rounds:
        for role in ROLES:
            look: SecondLook | None = getattr(later, role)
            if look is not None:
                looks[role] = look
    return looks


def _asked_again(bets: Bets) -> tuple[AskedAgain, ...]:
    looks = latest_looks(bets)
    if not looks:
        return ()
    return tuple(_again(question, bets, looks) for question in AGAIN)


def _again(question: Question, bets: Bets, looks: dict[Seat, SecondLook]) -> AskedAgain:
    before = _row(question, bets).distance
    answers = tuple(
        Answer(role, cast(float, getattr(looks[role], question)))
        for role in ROLES
        if role in looks
    )
    if len(answers) < len(ROLES):
        return AskedAgain(question, answers, before, None, None)
    after = _distance(question, answers[0].said, answers[1].said)
    return AskedAgain(question, answers, before, after, moved_from(before, after))


def moved_from(before: float, after: float) -> Moved:
    """Say whether a distance after talking is closer, wider or the same."""
    if abs(after - before) <= _SAME:
        return "same"
    return "closed" if after < before else "wider"
