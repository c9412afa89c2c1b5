"""At the end of a room: how did its pairs differ, and what did talking move?

Records come without a word that anybody typed (`workshop.record.wordless`), under
labels that name nobody, so that nothing here can give a person away. Only opened bets
are looked at. Counts of the pairs in one room are plain counts of all of them; a range
is given only where a share is to say something about other pairs, and nothing is said
of `FEW` pairs or less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType

from workshop.analysis.bets_scored import BetScored, score_bets
from workshop.analysis.compared import Choice, compare_records
from workshop.analysis.gap_board import (
    AGAIN,
    QUESTIONS,
    Question,
    find_gap_board,
    moved_from,
)
from workshop.analysis.intervals import rate
from workshop.record.bets import OpenedBet, Pulse, Seat
from workshop.record.choices import Record
from workshop.record.values import ROLES, GapKind, Number, Role
from workshop.record.wordless import own_only

FEW = 4
"""Of so many pairs or fewer, a share says nothing about other pairs."""

_CHOICES = ("option", "threshold", "acceptable_error", "ratio", "fallback")
_RIGHTS = ("right.threshold", "right.release")
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "option": "option",
        "threshold": "threshold",
        "acceptable_error": "framing.expectations",
        "ratio": "framing.expectations",
        "fallback": "framing.expectations",
    }
)


@dataclass(frozen=True, slots=True)
class PairGiven:
    """One pair as it may be told of: a label, and a record without words.

    ``signed`` are the halves that signed; ``gaps`` counts what is open by step and
    kind; ``verdict`` is the readiness verdict of its report, empty without one;
    ``error`` the error on everyone as its report measured it.
    """

    label: str
    record: Record
    signed: tuple[Role, ...] = ()
    gaps: Mapping[tuple[str, GapKind], int] = field(default_factory=dict)
    verdict: str = ""
    error: Number | None = None

    @property
    def borrowed(self) -> tuple[str, ...]:
        """The parts of the record that were taken from the example."""
        return self.record.borrowed

    @property
    def opened(self) -> bool:
        """Whether both halves' bets lie open."""
        bets = self.record.bets
        return bets is not None and set(ROLES) <= set(bets.opened)


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """One choice in all pairs, and which of them took it from the example.

    ``most`` counts the answer that most pairs gave, of the pairs that decided;
    ``decided`` those pairs, of all. What is borrowed is nobody's answer.
    """

    choice: Choice
    borrowed: tuple[bool, ...]
    decided: Number
    most: Number


@dataclass(frozen=True, slots=True)
class PairMoved:
    """How far apart two halves were, question by question, and after talking.

    Distances lie in 0..1, as on the pair's own gap board; ``after`` has only what both
    halves were asked a second time.
    """

    label: str
    before: Mapping[Question, float]
    after: Mapping[Question, float]
    first: Question | None


@dataclass(frozen=True, slots=True)
class Talked:
    """One question over all pairs that answered it twice.

    ``before`` and ``after`` are medians of the distances. ``closed``, ``wider`` and
    ``same`` count pairs; ``closed`` has a range where there are more than `FEW`.
    """

    question: Question
    before: Number
    after: Number
    closed: Number
    wider: Number
    same: Number


@dataclass(frozen=True, slots=True)
class PairScored:
    """The first bets of a pair against the error that its report measured."""

    label: str
    error: Number
    bets: tuple[BetScored, ...]


@dataclass(frozen=True, slots=True)
class PulseMoved:
    """Whether each half could explain the other's worry, at the start and the end."""

    label: str
    start: tuple[int | None, int | None]
    end: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class RoomFound:
    """All that is found of a room; in every tuple pairs stand in the order given."""

    pairs: tuple[PairGiven, ...]
    choices: tuple[RoomChoice, ...]
    moved: tuple[PairMoved, ...]
    talked: tuple[Talked, ...]
    scored: tuple[PairScored, ...]
    pulses: tuple[PulseMoved, ...]

    def count(self, name: str, k: int) -> Number:
        """Return so many of all pairs: a plain count, hence without a range."""
        return count(name, k, len(self.pairs))


def count(name: str, k: int, n: int) -> Number:
    """Return ``k`` of ``n`` as a number of the page without a range."""
    return Number(id=f"room.{name}", value=k / n if n else None, k=k, n=n)


def find_room(pairs: Sequence[PairGiven]) -> RoomFound:
    """Return how pairs differed and moved.

    Parameters
    ----------
    pairs
        In the order in which they are to be shown; labels all differ.
    """
    opened = [pair for pair in pairs if pair.opened]
    moved = tuple(_moved(pair) for pair in opened)
    return RoomFound(
        pairs=tuple(pairs),
        choices=_choices(pairs),
        moved=moved,
        talked=tuple(t for q in AGAIN if (t := _talked(q, moved)) is not None),
        scored=tuple(_scored(pair, pair.error) for pair in opened if pair.error),
        pulses=tuple(p for pair in pairs if (p := _pulse(pair)) is not None),
    )


# --- what they chose ------------------------------------------------------------------


def _choices(pairs: Sequence[PairGiven]) -> tuple[RoomChoice, ...]:
    """Every choice of the journey that needs no words; none of fewer than two pairs."""
    if len(pairs) < 2:
        return ()
    own = [own_only(pair.record) for pair in pairs]
    compared = compare_records(own, labels=[pair.label for pair in pairs])
    by_id = {choice.id: choice for choice in compared.choices}
    clauses = sorted(
        (id for id in by_id if id.startswith("clause.")),
        key=lambda id: int(id.rpartition(".")[2]),
    )
    wanted = (*_CHOICES, *(id for id in _RIGHTS if id in by_id), *clauses)
    return tuple(_choice(by_id[id], pairs) for id in wanted)


def _choice(choice: Choice, pairs: Sequence[PairGiven]) -> RoomChoice:
    part = _PARTS.get(choice.id)
    borrowed = tuple(part in pair.borrowed for pair in pairs)
    said = [value for value in choice.values if value.state in ("said", "not_agreed")]
    answers: dict[object, int] = {}
    for value in choice.values:
        if value.state == "said":
            answers[value.key] = answers.get(value.key, 0) + 1
    most = max(answers.values(), default=0)
    return RoomChoice(
        choice,
        borrowed,
        decided=count(f"{choice.id}.decided", len(said), len(pairs)),
        most=count(f"{choice.id}.most", most, len(said)),
    )


# --- what talking moved ---------------------------------------------------------------


def _moved(pair: PairGiven) -> PairMoved:
    assert pair.record.bets is not None
    board = find_gap_board(pair.record.bets)
    before = {row.question: row.distance for row in board.rows}
    after = {a.question: a.after for a in board.again if a.after is not None}
    ordered = {question: before[question] for question in QUESTIONS}
    return PairMoved(pair.label, ordered, after, board.first)


def _talked(question: Question, moved: Sequence[PairMoved]) -> Talked | None:
    twice = [(p.before[question], p.after[question]) for p in moved if p.after]
    if not twice:
        return None
    ways = [moved_from(before, after) for before, after in twice]
    head, n = f"talked.{question}", len(twice)
    closed = count(f"{head}.closed", ways.count("closed"), n)
    if n > FEW:
        found = rate(closed.id, ways.count("closed"), n, rows="all")
        closed = found.model_copy(update={"rows": None})
    return Talked(
        question,
        before=distance(f"{head}.before", median(b for b, _ in twice)),
        after=distance(f"{head}.after", median(a for _, a in twice)),
        closed=closed,
        wider=count(f"{head}.wider", ways.count("wider"), n),
        same=count(f"{head}.same", ways.count("same"), n),
    )


def distance(name: str, value: float) -> Number:
    """Return how far apart two answers are, 0 to 1, as a number of the page."""
    return Number(
        id=f"room.{name}", value=round(value, 2), unit="distance", assumed=True
    )


# --- bets and the pulse ---------------------------------------------------------------


def _scored(pair: PairGiven, error: Number | None) -> PairScored:
    assert pair.record.bets is not None
    assert error is not None
    opened: dict[Seat, OpenedBet] = {r: pair.record.bets.opened[r] for r in ROLES}
    return PairScored(pair.label, error, tuple(score_bets(opened, error)))


def _pulse(pair: PairGiven) -> PulseMoved | None:
    pulses = pair.record.pulse
    if pulses is None:
        return None
    start, end = pulses.start or Pulse(), pulses.end or Pulse()
    found = PulseMoved(
        pair.label,
        (start.product, start.engineering),
        (end.product, end.engineering),
    )
    return found if any((*found.start, *found.end)) else None
