"""What the wall, the desk and a seat that waits are told, once a second, as JSON.

Everything is said here, in sentences of the catalogue, so that a page only puts text
where it belongs. The wall gets no name, and no value before the reveal; a seat gets
what concerns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from math import log10
from typing import Any

from workshop.errors import WorkshopError
from workshop.record.choices import Record
from workshop.record.values import ROLES, Number
from workshop.room.kept import moment
from workshop.room.overview import Dot, PairNow, dots, look
from workshop.room.people import Who
from workshop.room.seats import RoomState
from workshop.room.sheet import Place, run_sheet
from workshop.views.wording import phrase, say

GONE_AFTER = 45.0
"""Seconds without a sign of a page before its person is called gone."""
NUDGE_LASTS = 300.0
_RATIO_TICKS = (0.1, 1.0, 10.0, 100.0)
_SHARE_TICKS = (0, 25, 50, 75, 100)

JSON = dict[str, Any]


def read_pairs(state: RoomState) -> dict[int, tuple[PairNow, Record | None]]:
    """Read every pair's record; one that cannot be read now is said to be so."""
    found: dict[int, tuple[PairNow, Record | None]] = {}
    for pair in state.room.pairs:
        try:
            record = state.file(pair).read()
            found[pair] = look(pair, record, date.today()), record
        except WorkshopError:
            found[pair] = PairNow(pair, readable=False), None
    return found


# --- the clock ------------------------------------------------------------------------


def place_now(state: RoomState) -> Place:
    """Return where on the run sheet the room is."""
    elapsed = state.room.clock.elapsed(datetime.now(UTC))
    return run_sheet(state.room.minutes).at(elapsed)


def clock_now(state: RoomState) -> JSON:
    """Say what the clock shows: its state, and the time left in the step and in all."""
    place, clock = place_now(state), state.room.clock
    how = "over" if clock.started and place.is_over else clock.state
    key = {"before": "not_started"}.get(how, how)
    return {
        "state": how,
        "said": phrase(f"room.{key}"),
        "step_left": _minutes(place.left_in_step),
        "left": _minutes(place.left),
    }


def step_now(state: RoomState) -> JSON:
    """Say which step or break it is time for, and what there is to do in it."""
    slot = place_now(state).slot
    return {
        "id": slot.id,
        "number": "" if slot.is_break else say("room.step_of", step=slot.id).text,
        "name": phrase(f"room.step_name.{slot.section}"),
        "task": phrase(f"room.task.{slot.task}"),
    }


def nudges_now(state: RoomState, pair: int | None = None) -> list[JSON]:
    """Return the lines sent lately, to all or to this pair; the newest last."""
    now = datetime.now(UTC)
    return [
        {"id": nudge.id, "text": nudge.text}
        for nudge in state.room.nudges
        if (now - moment(nudge.at)).total_seconds() < NUDGE_LASTS
        and (not nudge.pairs or pair in nudge.pairs)
    ]


def _minutes(seconds: float) -> str:
    """Write a time that is left: 4:09, or 1:04:09."""
    whole = int(seconds + 0.999)  # up, but not for a rounding of the clock
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


# --- a seat ---------------------------------------------------------------------------


def seat_now(state: RoomState, who: Who) -> JSON:
    """Say what concerns one seat: its people, whether it has started, what was sent.

    Also for the pages of the steps, which show ``nudges`` and the clock.
    """
    pair, role = who.pair or 0, who.role or ROLES[0]
    room = state.room
    others = [
        person.name
        for seat in room.seats
        if seat.pair == pair
        for person in seat.people
        if person.id != who.id
    ]
    given = {"name": who.name, "role": phrase(f"room.role_{role}"), "pair": str(pair)}
    started = room.clock.state != "before"
    return {
        "you": say("room.wait.you", **given).text,
        "partner": (
            say("room.wait.partner", names=", ".join(others)).text
            if others
            else phrase("room.wait.alone_yet")
        ),
        "started": started,
        "wait": phrase("room.wait.started" if started else "room.wait.before"),
        "go": _go_to(state, who, pair) if started else "",
        "clock": clock_now(state),
        "step": step_now(state),
        "nudges": nudges_now(state, pair),
        "revealed": bool(room.revealed),
    }


def _go_to(state: RoomState, who: Who, pair: int) -> str:
    """The page that this seat was on, else the step that its pair has reached."""
    seen = state.glimpse(who.id)
    if seen is not None and seen.step:
        return seen.step
    try:
        return look(pair, state.file(pair).read(), date.today()).step
    except WorkshopError:
        return "00"


# --- the wall -------------------------------------------------------------------------


def stage_now(state: RoomState) -> JSON:
    """Say what the wall shows. No name; no value of a bet before the reveal."""
    pairs = read_pairs(state)
    records = [record for _, record in pairs.values() if record is not None]
    nudges = nudges_now(state)
    return {
        "clock": clock_now(state),
        "step": step_now(state),
        "counts": counts(state, [now for now, _ in pairs.values()]),
        "dots": _dots(records) if state.room.revealed else None,
        "nudge": nudges[-1]["text"] if nudges else "",
    }


def counts(state: RoomState, pairs: list[PairNow]) -> list[str]:
    """Say how many are here, have sealed, opened and signed, as far as it matters."""
    seats = len(state.room.seats)
    sealed = sum(len(pair.sealed) for pair in pairs)
    opened = sum(pair.opened for pair in pairs)
    signed = sum(len(pair.signed) for pair in pairs)
    here = sum(bool(seat.people) for seat in state.room.seats)
    shown = {
        "here": (here, seats, here < seats or not sealed),
        "sealed": (sealed, seats, sealed > 0 and opened < len(pairs)),
        "opened": (opened, len(pairs), opened > 0 and not signed),
        "signed": (signed, seats, signed > 0),
    }
    return [
        say(f"room.stage.{name}", k=_count(name, k, n)).text
        for name, (k, n, matters) in shown.items()
        if matters
    ]


def _dots(records: list[Record]) -> JSON | None:
    found = dots(records)
    if found is None:
        return None
    of_bets = 2 * found.pairs
    return {
        "note": say("room.stage.dots_note", pairs=number("pairs", found.pairs)).text,
        "questions": [
            _question("tolerable", found.tolerable),
            _question("expected", found.expected),
            _question("ratio", found.ratio),
        ],
        "choices": [
            _choice("fallback", found.fallbacks, of_bets),
            _choice("owner", found.owners, of_bets),
        ],
    }


def _question(name: str, given: tuple[Dot, ...]) -> JSON:
    is_ratio = name == "ratio"
    ticks = _RATIO_TICKS if is_ratio else _SHARE_TICKS
    return {
        "id": name,
        "title": phrase(f"room.stage.{name}"),
        "ticks": [
            say("room.stage.tick", at=number(f"{name}.{tick}", tick)).text
            for tick in ticks
        ],
        "dots": [
            {"role": dot.role, "at": round(_along(dot.value, is_ratio), 4)}
            for dot in given
        ],
        "said": [_spread(name, role, given) for role in ROLES],
    }


def _along(value: float, is_ratio: bool) -> float:
    """Where on its axis a value lies, from 0 to 1; a ratio by its factor of ten."""
    if not is_ratio:
        return value
    low, high = log10(_RATIO_TICKS[0]), log10(_RATIO_TICKS[-1])
    return min(1.0, max(0.0, (log10(value) - low) / (high - low)))


def _spread(name: str, role: str, given: tuple[Dot, ...]) -> str:
    """The same dots in words."""
    values = [dot.value for dot in given if dot.role == role]
    middle = values[(len(values) - 1) // 2]
    key = "room.stage.alt_ratio" if name == "ratio" else "room.stage.alt"
    return say(
        key,
        what=phrase(f"room.stage.{name}"),
        role=phrase(f"room.role_{role}"),
        low=number(f"{name}.{role}.low", values[0], stated=True),
        high=number(f"{name}.{role}.high", values[-1], stated=True),
        middle=number(f"{name}.{role}.middle", middle, stated=True),
    ).text


def _choice(name: str, given: Mapping[str, int], of: int) -> JSON:
    rows = [
        {
            "name": phrase(f"ui.{name}.{what}"),
            "share": round(count / of, 4),
            "said": say(
                "room.stage.times",
                k=number(f"{name}.{what}", count),
                n=number(f"{name}.all", of),
            ).text,
        }
        for what, count in sorted(given.items(), key=lambda item: (-item[1], item[0]))
    ]
    return {"id": name, "title": phrase(f"room.stage.{name}"), "rows": rows}


def number(name: str, value: float, *, stated: bool = False) -> Number:
    """What somebody stated is shown as stated, and not rounded."""
    return Number(id=f"room.{name}", value=value, unit="", assumed=stated)


def _count(name: str, k: int, n: int) -> Number:
    return Number(id=f"room.{name}", value=k / n if n else None, k=k, n=n)
