"""How far is each pair, by its record alone, without a word of what it bet?

`PairNow` has no place for a bet's value: how far two bets lie apart stands in a value
of its own, which is made of opened bets only. The same holds for what the wall shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from workshop.record.bets import Bets, OpenedBet
from workshop.record.choices import LogEntry, Record
from workshop.record.gaps import find_gaps
from workshop.record.journey import HOME, STEPS, home_of
from workshop.record.measured import Measured
from workshop.record.values import ROLES, Role

# Whole sections; bets are sealed before they are opened.
_STEP_OF = {n: step for n, step in HOME.items() if "." not in n} | {"bets": "00"}
# What 00 saves of a section that is another step's, or the other way round.
_BET_IN_00 = ("sealed a bet", "bets again")
_FRAMED_IN_00 = "framing: counts_as_wrong"
_PULSE_IN_00 = "(start)"
FEWEST_PAIRS = 3
"""Of fewer pairs a dot on the wall would have a name."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What two halves bet, side by side: made after the opening and never before."""

    tolerable: tuple[float, float]
    expected: tuple[float, float]
    ratio: tuple[float, float]
    same_fallback: bool
    same_owner: bool


@dataclass(frozen=True, slots=True)
class PairNow:
    """How far one pair is. Nothing in it is a value of a bet.

    ``since`` is when the step was reached, ``last`` when something was saved last.
    ``gaps`` counts what is open in the steps reached so far, by kind. ``readable`` is
    False where the record cannot be read at this moment.
    """

    pair: int
    step: str = "00"
    since: datetime | None = None
    last: datetime | None = None
    sealed: tuple[Role, ...] = ()
    ready: tuple[Role, ...] = ()
    opened: bool = False
    signed: tuple[Role, ...] = ()
    not_agreed: int = 0
    gaps: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Dot:
    """One half's answer on the wall: whose half, not whose."""

    role: Role
    value: float


@dataclass(frozen=True, slots=True)
class Dots:
    """What all pairs bet that have opened, in an order that names nobody."""

    pairs: int
    tolerable: tuple[Dot, ...]
    expected: tuple[Dot, ...]
    ratio: tuple[Dot, ...]
    fallbacks: Mapping[str, int]
    owners: Mapping[str, int]


def look(pair: int, record: Record, today: date) -> PairNow:
    """Return how far a pair is."""
    bets = record.bets or Bets()
    step, since = _reached(record)
    return PairNow(
        pair=pair,
        step=step,
        since=since,
        last=max((t for e in record.log if (t := _time(e.at))), default=None),
        sealed=tuple(role for role in ROLES if role in bets.sealed),
        ready=tuple(role for role in ROLES if role in bets.ready),
        opened=is_opened(record),
        signed=tuple(role for role in ROLES if role in record.signatures),
        not_agreed=len(record.agreement.not_agreed) if record.agreement else 0,
        gaps=_gaps(record, step, today),
    )


def is_opened(record: Record) -> bool:
    """Say whether both halves' bets stand opened in the record."""
    return record.bets is not None and set(ROLES) <= set(record.bets.opened)


def how_far_apart(record: Record) -> Apart | None:
    """Return what both bet once it is opened; None before."""
    if not is_opened(record):
        return None
    product, engineering = _opened(record)
    return Apart(
        tolerable=(product.tolerable_error, engineering.tolerable_error),
        expected=(product.expected_error, engineering.expected_error),
        ratio=(product.ratio, engineering.ratio),
        same_fallback=product.fallback == engineering.fallback,
        same_owner=product.owner == engineering.owner,
    )


def dots(records: Iterable[Record]) -> Dots | None:
    """Return the opened bets of all pairs; None where they would name somebody."""
    opened = [_opened(record) for record in records if is_opened(record)]
    if len(opened) < FEWEST_PAIRS:
        return None
    all_bets = [bet for both in opened for bet in both]
    return Dots(
        pairs=len(opened),
        tolerable=_sorted(opened, "tolerable_error"),
        expected=_sorted(opened, "expected_error"),
        ratio=_sorted(opened, "ratio"),
        fallbacks=MappingProxyType(Counter(bet.fallback for bet in all_bets)),
        owners=MappingProxyType(Counter(bet.owner for bet in all_bets)),
    )


def _opened(record: Record) -> tuple[OpenedBet, OpenedBet]:
    bets = record.bets or Bets()
    return bets.opened["product"], bets.opened["engineering"]


def _sorted(opened: list[tuple[OpenedBet, OpenedBet]], name: str) -> tuple[Dot, ...]:
    """Sorted by value, so that no place in the list is a pair's."""
    found = (
        Dot(role, float(getattr(bet, name)))
        for both in opened
        for role, bet in zip(ROLES, both, strict=True)
    )
    return tuple(sorted(found, key=lambda dot: (dot.value, dot.role)))


def _gaps(record: Record, step: str, today: date) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for gap in find_gaps(record, Measured(), today):
        if (home_of(gap.where) or STEPS[-1]) <= step:
            found[gap.kind] += 1
    return MappingProxyType(found)


# --- which step -----------------------------------------------------------------------


def _reached(record: Record) -> tuple[str, datetime | None]:
    """The furthest step that something was saved in, and when that was first."""
    step, since = "00", None
    for line in record.log:
        there = max((_step_of(name, line) for name in _sections(line)), default="00")
        if there > step or since is None:
            step, since = max(step, there), _time(line.at)
    filled = max(
        (_STEP_OF[name] for name in _STEP_OF if _is_own(name, record)), default="00"
    )
    return (filled, None) if filled > step else (step, since)


def _sections(line: LogEntry) -> tuple[str, ...]:
    return tuple(name for name in line.section.split(", ") if name in _STEP_OF)


def _step_of(name: str, line: LogEntry) -> str:
    if name == "bets":
        return "00" if line.decided in _BET_IN_00 else "01"
    if name == "framing":
        return "00" if line.decided == _FRAMED_IN_00 else "01"
    if name == "pulse":
        return "00" if _PULSE_IN_00 in line.decided else "05"
    return _STEP_OF[name]


def _is_own(name: str, record: Record) -> bool:
    """Say whether a record written by hand has this step's section."""
    if name == "framing":
        return record.framing is not None and record.framing.outcome is not None
    held: Any = getattr(record, name)
    return bool(held) and held != Record.model_fields[name].get_default()


def _time(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
