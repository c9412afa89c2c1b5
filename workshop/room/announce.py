"""What is printed when a room starts: where to join, links, a code for each seat."""

from __future__ import annotations

from workshop.record.values import Number
from workshop.room import qr
from workshop.room.seats import Codes, RoomState
from workshop.views.wording import phrase, say


def announced(state: RoomState, codes: Codes | None) -> str:
    """Return the text for whoever started a room; it gives the desk a new link.

    ``codes`` are those of a new room. Of one that goes on nobody knows them any more.
    """
    join = f"{state.address}/join"
    desk = codes.desk if codes else state.renew_desk()
    lines = [
        qr.for_terminal(join),
        say("room.cli.joins", address=join).text,
        "",
        say("room.cli.desk", link=f"{join}#{desk}").text,
        say("room.cli.wall", link=f"{state.address}/stage").text,
    ]
    if codes:
        watch = f"{join}#{codes.spectator}"
        lines += [say("room.cli.watch", link=watch).text, "", *_slips(codes)]
    else:
        lines += ["", _going_on(state)]
    folder = str(state.folder.path)
    return "\n".join((*lines, "", say("room.cli.stop", folder=folder).text))


def _slips(codes: Codes) -> list[str]:
    slips = [
        say(
            "room.cli.seat",
            pair=f"{pair:>2}",
            role=f"{phrase(f'room.role_{role}'):<12}",
            code=code,
        ).text
        for pair, role, code in codes.seats
    ]
    return [phrase("room.cli.codes"), *(f"  {slip}" for slip in slips)]


def _going_on(state: RoomState) -> str:
    seats = state.room.seats
    taken = sum(bool(seat.people) for seat in seats)
    return say(
        "room.cli.goes_on",
        taken=Number(id="room.taken", value=taken, unit="seats"),
        all=Number(id="room.seats", value=len(seats), unit="seats"),
    ).text
