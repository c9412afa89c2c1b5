"""What may one half of a pair change? Decided from the record before and after.

Each half answers for itself: its cases, its bet, its pulse, its second look, its
signature. What the two decide together, either may write down. Nothing here asks what
a page claims to have done; only what would stand in the record counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workshop.errors import InputError
from workshop.record.bets import SEATS, Bets, Seat
from workshop.record.choices import Cases, Participants, Record
from workshop.record.sealed import is_proven
from workshop.record.values import ROLES, Role

Lies = Callable[[Seat], bool]
"""Says whether the bet that a seat sealed lies ready to be opened, unchanged."""


def check(old: Record, new: Record, seat: Role, *, lies: Lies) -> None:
    """Refuse a change that is not this half's to make.

    Parameters
    ----------
    old, new : Record
        As it stands, and as it would stand.
    seat : Role
        Who asks.
    lies : callable
        Whether a seat's sealed bet lies on the table as it was sealed.

    Raises
    ------
    InputError
        Whose it is, in one sentence.
    """
    own = seats_of(old, seat)
    _check_people(old, new, seat)
    for other in (one for one in SEATS if one not in own):
        _check_said(old, new, other)
    _check_bets(old.bets or Bets(), new.bets or Bets(), own, lies)
    _check_parking(old, new, seat)
    _check_voice(old, new.log[-1].who if new.log[len(old.log) :] else "", seat)


def seats_of(record: Record, seat: Role) -> tuple[Role, ...]:
    """Return the halves that this one speaks for: its own, and a persona's."""
    others = (role for role in ROLES if role != seat)
    played = (role for role in others if _is_persona(record.participants, role))
    return (seat, *played)


def all_ready(bets: Bets) -> bool:
    """Say whether both have sealed, and all that is sealed lies ready to be opened."""
    return set(ROLES) <= set(bets.sealed) <= set(bets.ready)


def _is_persona(people: Participants, seat: Seat) -> bool:
    here = getattr(people, seat)
    return bool(here) and all(person.persona for person in here)


def _check_people(old: Record, new: Record, seat: Role) -> None:
    was, now = old.participants, new.participants
    for other in (one for one in SEATS if one != seat):
        if getattr(was, other) != getattr(now, other):
            raise _not_yours(f"participants.{other}", other)
    if any(p.persona for p in getattr(now, seat)) and not _is_persona(was, seat):
        raise InputError(
            f"participants.{seat}: a persona takes no seat that a person has; give "
            "your own name"
        )


def _check_said(old: Record, new: Record, other: Seat) -> None:
    """What another one said of cases, pulse and line, and under which it signed."""
    was, now = _said(old, other), _said(new, other)
    for part, said in was.items():
        if now[part] != said:
            raise _not_yours(f"{part}.{other}", other)


def _said(record: Record, seat: Seat) -> dict[str, Any]:
    pulse, rounds = record.pulse, record.bets.rounds if record.bets else ()
    looks = {at: getattr(one, seat, None) for at, one in enumerate(rounds)}
    return {
        "cases": getattr(record.cases or Cases(), seat, {}),
        "pulse.start": getattr(pulse and pulse.start, seat, None),
        "pulse.end": getattr(pulse and pulse.end, seat, None),
        "marks": [at for role, at in record.marks.items() if role == seat],
        "signatures": [one for role, one in record.signatures.items() if role == seat],
        "bets.rounds": {at: look for at, look in looks.items() if look is not None},
    }


# -- bets ------------------------------------------------------------------------------


def _check_bets(was: Bets, now: Bets, own: tuple[Role, ...], lies: Lies) -> None:
    if was == now:
        return
    if was.record and now.record != was.record:
        raise InputError(
            "bets.record: the name that seals are made for stays as it is; load the "
            "page again"
        )
    _check_sealed(was, now, own)
    _check_ready(was, now, own, lies)
    _check_opened(was, now)
    kept = [one.at for one in now.rounds[: len(was.rounds)]]
    if kept != [one.at for one in was.rounds]:
        raise InputError("bets.rounds: a round that was held stays; add another one")


def _check_sealed(was: Bets, now: Bets, own: tuple[Role, ...]) -> None:
    for seat in SEATS:
        if now.sealed.get(seat) == was.sealed.get(seat):
            continue
        if seat not in own:
            raise _not_yours(f"bets.sealed.{seat}", seat)
        if was.opened or all_ready(was):
            raise InputError(
                f"bets.sealed.{seat}: all are ready, so no bet can be changed any more"
            )


def _check_ready(was: Bets, now: Bets, own: tuple[Role, ...], lies: Lies) -> None:
    """Whoever is ready has laid down the bet that it sealed; nobody else says it.

    With a bet that is sealed anew all say so again, and so does one whose bet is gone.
    """
    anew = was.sealed != now.sealed
    for seat in SEATS:
        before, after = was.ready.get(seat), now.ready.get(seat)
        if after == before:
            continue
        if seat not in own and (after is not None or not (anew or not lies(seat))):
            raise _not_yours(f"bets.ready.{seat}", seat)
        if after is not None and not lies(seat):
            raise InputError(
                f"bets.ready.{seat}: the sealed bet does not lie ready to be opened; "
                "say ready once more"
            )


def _check_opened(was: Bets, now: Bets) -> None:
    if was.opened == now.opened:
        return
    if was.opened:
        raise InputError("bets.opened: what was opened stays as it is")
    if not all_ready(now):
        raise InputError("bets.opened: not all are ready; bets are opened together")
    for seat in now.opened:
        if not is_proven(now, seat):
            raise InputError(
                f"bets.opened.{seat}: this is not the bet that was sealed; nothing was "
                "opened"
            )


# -- who speaks ------------------------------------------------------------------------


def _check_parking(old: Record, new: Record, seat: Role) -> None:
    held = len(old.parking)
    if new.parking[:held] != old.parking:
        raise InputError("parking: what was parked stays; add another line")
    for line in new.parking[held:]:
        _check_voice(old, line.who, seat)


def _check_voice(record: Record, who: str, seat: Role) -> None:
    """Nobody writes in the name of the other half alone."""
    own = {name for one in seats_of(record, seat) for name in _names(record, one)}
    for other in (one for one in SEATS if one != seat):
        if who in _names(record, other) - own:
            raise _not_yours(f"log ({who[:40]!r})", other)


def _names(record: Record, seat: Seat) -> set[str]:
    people = [person.name for person in getattr(record.participants, seat)]
    return {seat, *people, ", ".join(people), " + ".join(people)} - {""}


def _not_yours(place: str, whose: Seat) -> InputError:
    return InputError(
        f"{place}: only the {whose} half of the pair says this; nothing was saved"
    )
