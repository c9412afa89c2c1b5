"""What desk and seats are told of the reports, and of what can be taken along: JSON."""

from __future__ import annotations

from typing import Any

from workshop.errors import WorkshopError
from workshop.room.closing_folder import ROOM, folder_of
from workshop.room.people import Who
from workshop.room.reports import Reports
from workshop.room.told import JSON, number
from workshop.views.room.meetings import has_meetings
from workshop.views.wording import phrase, say

MEETINGS = "report/own/meetings.ics"
"""Where a pair takes its meetings along, below the path that all lies below."""
_DESK = Who("desk", "desk")
_ENDED = ("done", "broken")


def with_reports(desk: JSON, reports: Reports) -> JSON:
    """Add to what the desk is told how far the reports are, and what they say."""
    for pair in desk["pairs"]:
        if line := pair_line(reports, pair["pair"]):
            pair["outcome"] = [*pair["outcome"], line]
    return {**desk, "reports": desk_told(reports)}


def desk_told(reports: Reports) -> JSON:
    """Say how far the reports are, and where those that there are can be read."""
    stage = reports.stage
    return {
        "busy": stage in ("starting", "pairs", "room"),
        "button": phrase(f"closing.desk.{'again' if stage in _ENDED else 'write'}"),
        "lines": _lines(reports, stage),
        "links": _links(reports),
    }


def sure_told(reports: Reports) -> str:
    """Return what to ask before writing, or nothing where no pair is writing."""
    pairs = reports.still_writing()
    if not pairs:
        return ""
    return say("closing.desk.sure", pairs=number("still_writing", pairs)).text


def pair_line(reports: Reports, pair: int) -> str:
    """Say what a pair's report says of it, or nothing where there is none."""
    for entry in reports.told.get("pairs", ()):
        if entry["pair"] == pair and entry["state"] == "made":
            verdict = phrase(f"verdict.{entry['verdict']}")
            open_ = str(entry["open"])
            return say("closing.desk.verdict", verdict=verdict, open=open_).text
    return ""


def _lines(reports: Reports, stage: str) -> list[str]:
    if stage == "none":
        return []
    told = reports.told
    lines = [_stage_said(stage, told)]
    for entry in told.get("pairs", ()):
        if entry["state"] == "failed":
            pair = say("room.pair", pair=str(entry["pair"])).text
            why = entry.get("error") or phrase("closing.desk.failed_pair")
            lines.append(say("closing.desk.failed", pair=pair, why=why).text)
    if stage in _ENDED:
        if reports.taken_back:
            lines.append(phrase("closing.desk.taken_back"))
        elif reports.room(_DESK) and reports.few:
            lines.append(phrase("closing.desk.few"))
    return lines


def _stage_said(stage: str, told: dict[str, Any]) -> str:
    if stage == "pairs":
        given = {name: str(told[name]) for name in ("done", "all", "left")}
        return say("closing.desk.pairs", **given).text
    if stage != "done":
        return phrase(f"closing.desk.{stage}")
    made = sum(entry["state"] == "made" for entry in told["pairs"])
    given = {"at": told["at"], "made": str(made), "all": str(told["all"])}
    if told["why"]:
        return say("closing.desk.done_no_room", why=told["why"], **given).text
    return say("closing.desk.done", **given).text


def _links(reports: Reports) -> list[JSON]:
    found = []
    if reports.room(_DESK):
        found.append(_link("report/room", phrase("closing.desk.open_room")))
    for pair in sorted(reports.letters):
        if reports.own(pair):
            said = say("closing.desk.open_pair", pair=str(pair)).text
            found.append(_link(f"report/{folder_of(pair)}/", said))
    if found:
        found.append(_link("report/all.zip", phrase("closing.desk.all")))
    return found


def _link(href: str, text: str) -> JSON:
    return {"href": href, "text": text}


# --- a seat ---------------------------------------------------------------------------


def seat_told(reports: Reports, who: Who) -> JSON:
    """Say what a seat allows, and which reports it may read."""
    pair, links = who.pair or 0, []
    if reports.own(pair):
        links.append(_link("report/own/", phrase("closing.seat.own")))
    if reports.room(who, ROOM[0]):
        letter = reports.letters[pair]
        said = say("closing.seat.room", letter=letter).text
        links.append(_link("report/room", said))
    links += meetings_told(reports.state, who)
    says = reports.allows(who)
    return {
        "question": phrase("closing.seat.question"),
        "help": phrase("closing.seat.help"),
        "allowed": says != "no",
        "says": phrase(f"closing.seat.{says}"),
        "links": links,
    }


def meetings_told(seats: Any, who: Who) -> list[JSON]:
    """Return the way to the pair's meetings as a file, once any is agreed on.

    ``seats`` is whoever keeps the records: a room, or one pair at one page.
    """
    try:
        file = seats.file(who.pair or 0)
        if file.read_only or not file.exists or not has_meetings(file.read()):
            return []
    except (WorkshopError, OSError):
        return []
    return [{**_link(MEETINGS, phrase("app.meetings")), "file": True}]
