"""What the facilitator may do from the desk: one request in, one answer out.

Pure of any web framework. What is asked for is checked before anything is done, and
what went wrong comes back as a sentence.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from workshop.errors import InputError, WorkshopError
from workshop.record.values import Frozen, Number, Role
from workshop.room.kept import Pair
from workshop.room.people import Moved
from workshop.room.reveal import open_all
from workshop.room.seats import RoomState
from workshop.room.sheet import BREAK, NUDGES, run_sheet
from workshop.views.wording import phrase, say

Act = Literal[
    "start",
    "pause",
    "jump",
    "nudge",
    "reveal",
    "release",
    "add",
    "hand_on",
    "watch_link",
]


class Asked(Frozen):
    """One request from the desk; which of the others an act needs stands with it."""

    act: Act
    pair: Pair | None = None
    role: Role | None = None
    person: Annotated[str, StringConstraints(max_length=20)] = ""
    step: Annotated[str, StringConstraints(max_length=len(BREAK))] = ""
    text: Annotated[str, StringConstraints(max_length=300)] = ""
    pairs: Annotated[tuple[Pair, ...], Field(max_length=40)] = ()


def act(state: RoomState, asked: Any) -> dict[str, Any]:
    """Do what the desk asks for.

    Parameters
    ----------
    state
        The room.
    asked
        JSON as it came: ``act`` and what it needs.

    Returns
    -------
    dict
        ``ok``, and ``said``: what was done, or why it was not. Never raises for what
        was asked.
    """
    try:
        wanted = Asked.model_validate(asked)
    except (ValidationError, TypeError, RecursionError):
        return _answer(phrase("room.unreadable"), ok=False)
    try:
        return _answer(_DOES[wanted.act](state, wanted), ok=True)
    except WorkshopError as error:
        return _answer(str(error), ok=False)


def _answer(said: str, *, ok: bool) -> dict[str, Any]:
    return {"ok": ok, "said": said}


# --- the clock ------------------------------------------------------------------------


def _start(state: RoomState, _asked: Asked) -> str:
    state.start()
    return phrase("room.desk.clock_started")


def _pause(state: RoomState, _asked: Asked) -> str:
    state.pause()
    return phrase("room.desk.clock_paused")


def _jump(state: RoomState, asked: Asked) -> str:
    slot = run_sheet(state.room.minutes).slot(asked.step)
    if slot is None:
        raise InputError(phrase("room.unreadable"))
    state.move_to(slot.starts)
    if slot.is_break:
        return phrase("room.desk.clock_break")
    return say("room.desk.clock_moved", step=slot.id).text


# --- words and the reveal -------------------------------------------------------------


def _nudge(state: RoomState, asked: Asked) -> str:
    """A name of the run sheet's nudges stands for its sentence."""
    text = phrase(f"room.nudge.{asked.text}") if asked.text in NUDGES else asked.text
    return say("room.desk.sent", text=state.nudge(text, asked.pairs).text).text


def _reveal(state: RoomState, _asked: Asked) -> str:
    found = open_all(state)
    given = {
        name: Number(id=f"room.{name}", value=len(getattr(found, name)), unit="pairs")
        for name in ("opened", "waiting", "failed")
    }
    key = "revealed_failed" if found.failed else "revealed"
    return say(f"room.desk.{key}", **given).text


# --- seats ----------------------------------------------------------------------------


def _release(state: RoomState, asked: Asked) -> str:
    pair, role = _seat(asked)
    return _code(pair, role, state.release(pair, role, asked.person))


def _add(state: RoomState, asked: Asked) -> str:
    pair, role = _seat(asked)
    return _code(pair, role, state.add(pair, role))


def _hand_on(state: RoomState, asked: Asked) -> str:
    pair, role = _seat(asked)
    state.hand_on(asked.person, pair, role)
    seat = state.room.seat(pair, role)
    names = [p.name for p in seat.people if p.id == asked.person] if seat else []
    given = {"role": phrase(f"room.role_{role}"), "pair": str(pair)}
    return say("room.desk.moved", name=", ".join(names), **given).text


def _watch_link(state: RoomState, _asked: Asked) -> str:
    link = f"{state.address}/join#{state.renew_spectators()}"
    return say("room.desk.watch_told", link=link).text


def _seat(asked: Asked) -> tuple[int, Role]:
    if asked.pair is None or asked.role is None:
        raise InputError(phrase("room.unreadable"))
    return asked.pair, asked.role


def _code(pair: int, role: Role, moved: Moved) -> str:
    given = {"role": phrase(f"room.role_{role}"), "pair": str(pair)}
    return say("room.desk.new_code", code=moved.code, **given).text


_DOES = {
    "start": _start,
    "pause": _pause,
    "jump": _jump,
    "nudge": _nudge,
    "reveal": _reveal,
    "release": _release,
    "add": _add,
    "hand_on": _hand_on,
    "watch_link": _watch_link,
}
