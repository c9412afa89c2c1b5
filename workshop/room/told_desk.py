"""What the desk is told, once a second: every pair, the run sheet, the reveal.

Private to the facilitator. How far two halves bet apart is here once their own bets
are opened, and nothing of a bet before.
"""

from __future__ import annotations

from datetime import UTC, datetime

from workshop.record.choices import Record
from workshop.record.values import ROLES, Role
from workshop.room.kept import Seat, Sitter, moment
from workshop.room.overview import FEWEST_PAIRS, PairNow, how_far_apart
from workshop.room.seats import RoomState
from workshop.room.sheet import Slot, fitting, run_sheet
from workshop.room.told import (
    GONE_AFTER,
    JSON,
    clock_now,
    counts,
    number,
    place_now,
    read_pairs,
    step_now,
)
from workshop.views.wording import phrase, say

STUCK_AFTER = 8 * 60.0
"""Seconds without anything saved before a pair is called stuck."""

SIGNING = "05"
"""The step in which a pair signs; before, it is no news that it has not."""


def desk_now(state: RoomState) -> JSON:
    """Say everything that the facilitator sees."""
    state.catch_up()
    pairs, place = read_pairs(state), place_now(state)
    slots = run_sheet(state.room.minutes).slots
    return {
        "clock": clock_now(state),
        "step": step_now(state),
        "counts": counts(state, [now for now, _ in pairs.values()]),
        "sheet": [_slot(slot, place.slot) for slot in slots],
        "nudges": [
            {"id": name, "text": phrase(f"room.nudge.{name}")}
            for name in fitting(place)
        ],
        "reveal": _reveal(state, [now for now, _ in pairs.values()]),
        "pairs": [_pair(state, *both) for both in pairs.values()],
        "people": [
            {"id": one.id, "name": _named(seat, one)}
            for seat in state.room.seats
            for one in seat.people
        ],
    }


def _slot(slot: Slot, now: Slot) -> JSON:
    name = phrase(f"room.step_name.{slot.section}")
    step = phrase("room.desk.jump_break")
    if not slot.is_break:
        step = say("room.desk.jump_label", step=slot.id).text
    return {
        "id": slot.id,
        "name": name if slot.is_break else f"{slot.id} {name}",
        "from": str(round(slot.starts / 60)),
        "minutes": str(slot.minutes),
        "now": slot.id == now.id,
        "label": step,
    }


def _reveal(state: RoomState, pairs: list[PairNow]) -> JSON:
    sealed, seats = sum(len(pair.sealed) for pair in pairs), len(state.room.seats)
    opened = sum(pair.opened for pair in pairs)
    lines = []
    if state.room.revealed:
        given = {"opened": number("open", opened), "all": number("all", len(pairs))}
        lines.append(say("room.desk.reveal_done", **given).text)
        if opened < FEWEST_PAIRS:
            lines.append(phrase("room.desk.reveal_few"))
    else:
        given = {"sealed": number("sealed", sealed), "all": number("all", seats)}
        lines.append(say("room.desk.reveal_note", **given).text)
    open_ = seats - sealed
    early = say("room.desk.reveal_early", open=number("unsealed", open_)).text
    return {
        "done": bool(state.room.revealed),
        "lines": lines,
        "early": early if open_ else "",
    }


# --- one pair -------------------------------------------------------------------------


def _pair(state: RoomState, now: PairNow, record: Record | None) -> JSON:
    moment_now = datetime.now(UTC)
    seats = [_seat(state, now.pair, role, moment_now) for role in ROLES]
    stuck = _stuck(state, now, moment_now)
    flags = [stuck] if stuck else []
    if not now.readable:
        flags.append(phrase("room.desk.cannot_read"))
    return {
        "pair": now.pair,
        "title": say("room.pair", pair=str(now.pair)).text,
        "menu": say("room.desk.seat_menu", pair=str(now.pair)).text,
        "seats": seats,
        "step": now.step,
        "time": _since(state, now, moment_now),
        "sealed": _sealed(now),
        "apart": _apart(record),
        "outcome": [line for line in (_outcome(now), _gaps(now)) if line],
        "flags": flags,
        "gone": any(one["gone"] for seat in seats for one in seat["people"]),
    }


def _seat(state: RoomState, pair: int, role: Role, now: datetime) -> JSON:
    seat = state.room.seat(pair, role) or Seat(pair=pair, role=role)
    given = {"role": phrase(f"room.role_{role}"), "pair": str(pair)}
    return {
        "role": role,
        "name": phrase(f"room.role_{role}"),
        "free": phrase("room.desk.nobody"),
        "people": [_person(state, one, given, now) for one in seat.people],
        "labels": {
            "free": say("room.desk.release_free_label", **given).text,
            "add": say("room.desk.add_label", **given).text,
            "hand_on": say("room.desk.hand_on_label", **given).text,
        },
    }


def _person(
    state: RoomState, person: Sitter, given: dict[str, str], now: datetime
) -> JSON:
    seen = state.glimpse(person.id)
    quiet = (now - (seen.at if seen else state.since)).total_seconds()
    gone = quiet > GONE_AFTER
    if gone:
        minutes = _ago(quiet)
        said = (
            say("room.desk.gone", minutes=minutes).text
            if seen
            else phrase("room.desk.never_seen")
        )
    else:
        page = seen.step if seen else ""
        said = (
            say("room.desk.on_page", step=page).text
            if page
            else phrase("room.desk.here")
        )
    return {
        "id": person.id,
        "name": person.name,
        "said": said,
        "gone": gone,
        "label": say("room.desk.release_label", name=person.name, **given).text,
        "sure": say("room.desk.confirm_release", name=person.name).text,
    }


def _named(seat: Seat, person: Sitter) -> str:
    pair = say("room.pair", pair=str(seat.pair)).text
    return f"{person.name} · {pair} · {phrase(f'room.role_{seat.role}')}"


def _ago(seconds: float) -> str:
    return str(int(max(1, seconds // 60)))


def _since(state: RoomState, now: PairNow, moment_now: datetime) -> str:
    """How long a pair has been at its step; while people come in, nobody is late."""
    clock = state.room.clock
    if now.since is None or clock.state == "before":
        return ""
    seconds = (moment_now - max(now.since, moment(clock.started))).total_seconds()
    return say("room.ago", minutes=str(int(max(0, seconds // 60)))).text


def _stuck(state: RoomState, now: PairNow, moment_now: datetime) -> str:
    """Nothing was saved for long, though the clock runs and not all is done."""
    clock = state.room.clock
    if clock.state != "running" or len(now.signed) == len(ROLES):
        return ""
    began = moment(clock.started)
    last = max(now.last, began) if now.last else began
    quiet = (moment_now - last).total_seconds()
    if quiet < STUCK_AFTER:
        return ""
    return say("room.desk.stuck", minutes=_ago(quiet)).text


def _sealed(now: PairNow) -> str:
    if now.opened:
        return phrase("room.desk.all_opened")
    if not now.sealed:
        return phrase("room.desk.none_sealed")
    if len(now.sealed) == len(ROLES):
        return phrase("room.desk.both_sealed")
    role = phrase(f"room.role_{now.sealed[0]}")
    return say("room.desk.only_sealed", role=role).text


def _apart(record: Record | None) -> list[str]:
    """How far two halves bet apart, in words; nothing before their opening."""
    found = how_far_apart(record) if record else None
    if found is None:
        return []
    lines = []
    for name in ("tolerable", "expected", "ratio"):
        product, engineering = getattr(found, name)
        if product != engineering:
            given = {
                "product": number(f"{name}.product", product, stated=True),
                "engineering": number(f"{name}.engineering", engineering, stated=True),
            }
            lines.append(say(f"room.desk.apart_{name}", **given).text)
    for name, same in (("fallback", found.same_fallback), ("owner", found.same_owner)):
        if not same:
            lines.append(phrase(f"room.desk.apart_{name}"))
    return lines


def _outcome(now: PairNow) -> str:
    if len(now.signed) == len(ROLES):
        signed = phrase("room.desk.signed_both")
    elif now.signed:
        role = phrase(f"room.role_{now.signed[0]}")
        signed = say("room.desk.signed_one", role=role).text
    else:
        signed = phrase("room.desk.signed_none") if now.step >= SIGNING else ""
    if not now.not_agreed:
        return signed
    count = number(f"{now.pair}.not_agreed", now.not_agreed)
    points = say("room.desk.not_agreed_points", count=count).text
    return "; ".join(filter(None, (signed, points)))


def _gaps(now: PairNow) -> str:
    said = [
        say(f"room.desk.gap_{kind}", count=number(f"{now.pair}.{kind}", count)).text
        for kind, count in now.gaps.items()
    ]
    return ", ".join(said) or phrase("room.desk.gap_none")
