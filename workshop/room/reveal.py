"""What happens when the facilitator opens the reveal for all.

Each pair whose two bets are sealed has them opened, in one act and each checked against
its seal, as if both had said that they are ready. Pairs that are not so far go on as
they would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from workshop.errors import InputError, WorkshopError
from workshop.record.bets import Bets, OpenedBet, Seat
from workshop.record.sealed import Drawer, Table, is_sealed, open_bets
from workshop.record.values import ROLES
from workshop.room.seats import RoomState


@dataclass(frozen=True, slots=True)
class Revealed:
    """The pairs whose bets lie open, those that have not sealed, those that failed."""

    opened: tuple[int, ...]
    waiting: tuple[int, ...]
    failed: tuple[int, ...]


def open_all(state: RoomState) -> Revealed:
    """Open what can be opened in every pair, and note that the reveal was made."""
    found: dict[int, str] = {}
    for pair in state.room.pairs:
        try:
            found[pair] = open_pair(state, pair)
        except WorkshopError:
            found[pair] = "failed"
    state.reveal()

    def those(what: str) -> tuple[int, ...]:
        return tuple(pair for pair, how in found.items() if how == what)

    return Revealed(those("opened"), those("waiting"), those("failed"))


def open_pair(state: RoomState, pair: int) -> str:
    """Open one pair's bets if both are sealed; return opened or waiting.

    Raises
    ------
    WorkshopError
        A bet is not the one that was sealed, or the record cannot be written now.
    """
    file = state.file(pair)
    record = file.read()
    bets = record.bets or Bets()
    if bets.opened:
        return "opened"
    if not set(ROLES) <= set(bets.sealed):
        return "waiting"
    drawer, table = file.drawer(bets.record), file.table
    _lay(bets, drawer, table, lambda seat: state.word(pair, seat))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    ready = bets.model_copy(update={"ready": dict.fromkeys(bets.sealed, at)})
    opened = open_bets(ready, table)
    file.save("bets", opened, base=record, who="the room", decided="opened the bets")
    table.clear()
    for seat in bets.sealed:
        drawer.forget(seat)
    return "opened"


def _lay(bets: Bets, drawer: Drawer, table: Table, word: Callable[[Seat], str]) -> None:
    for seat in bets.sealed:
        if not _is_right(bets, seat, table.get(seat)):
            taken = drawer.take(seat, word=word(seat))
            if not _is_right(bets, seat, taken):
                raise InputError(f"the bet of {seat} is not the one that was sealed")
            table.lay(seat, taken)


def _is_right(bets: Bets, seat: Seat, bet: OpenedBet | None) -> bool:
    return bet is not None and is_sealed(bets, seat, bet)
