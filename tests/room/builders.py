"""Pairs that have come so far: what several tests of the room begin with."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import SHIPPED
from workshop.record.bets import Bet, Bets
from workshop.record.sealed import new_name
from workshop.record.values import ROLES, Role
from workshop.room.seats import Codes, RoomState, Session, create

PRODUCT = Bet(
    tolerable_error=0.1234567,
    expected_error=0.2345678,
    ratio=34.567891,
    fallback="human",
    owner="product",
    guess="a guess that nobody may read",
)
ENGINEERING = Bet(
    tolerable_error=0.3456789,
    expected_error=0.4567891,
    ratio=5.6789123,
    fallback="not_sure",
    owner="engineering",
    guess="another guess that nobody may read",
)
BETS: dict[Role, Bet] = {"product": PRODUCT, "engineering": ENGINEERING}
SECRETS = (
    *(str(bet.tolerable_error) for bet in BETS.values()),
    *(str(bet.expected_error) for bet in BETS.values()),
    *(str(bet.ratio) for bet in BETS.values()),
    *("12.3457", "34.5679", "23.4568", "45.6789", "34.6", "5.68"),
    "guess",
)
"""How a bet's values would show, in full and as a page writes them."""


def a_room(folder: Path, pairs: int) -> tuple[RoomState, Codes, list[Session]]:
    """Return a room in which everybody sits."""
    state, codes = create(folder / "room", SHIPPED, pairs=pairs)
    seated = [state.claim(code, f"{role[0]}{pair}") for pair, role, code in codes.seats]
    return state, codes, seated


def seal(
    state: RoomState, pair: int, roles: tuple[Role, ...] = ROLES, **changed: float
) -> None:
    """Let these halves of a pair seal their bets, as the room keeps them."""
    file = state.file(pair)
    record = file.read()
    bets = record.bets or Bets(record=new_name())
    drawer = file.drawer(bets.record)
    sealed = dict(bets.sealed)
    for role in roles:
        bet = BETS[role].model_copy(update=changed)
        sealed[role] = drawer.put(role, bet, word=state.word(pair, role))
    after = bets.model_copy(update={"sealed": sealed})
    file.save("bets", after, base=record, who="x", decided="sealed a bet")
