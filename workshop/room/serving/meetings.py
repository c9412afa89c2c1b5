"""A pair's meetings as a file for a calendar: for those who sit at its table alone.

Made of the record when it is asked for, in a room and where one pair sits at one page.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from tornado.web import HTTPError

from workshop.data.catalog import Target, find_scenario
from workshop.errors import WorkshopError
from workshop.room.people import Who
from workshop.room.serving.pages import ForSome
from workshop.room.told_reports import MEETINGS
from workshop.views.room.meetings import meetings_file


def routes() -> list[Any]:
    """Return the route by which meetings are taken along."""
    return [(f"/{re.escape(MEETINGS)}", Meetings)]


class Meetings(ForSome):
    """The meetings of whoever asks; there is no way to those of another pair."""

    kinds = ("seat",)
    hides = True

    async def get(self) -> None:
        """Send them; 404 where none is agreed on."""
        seats = self.settings["room"].seats
        text = await asyncio.to_thread(_written, seats, self.who)
        if not text:
            raise HTTPError(404)
        self.set_header("Content-Type", "text/calendar; charset=utf-8")
        name = MEETINGS.rpartition("/")[2]
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(text)


def _written(seats: Any, who: Who) -> str:
    """Return the file; empty for a shipped example, in which nobody plans anything."""
    file = seats.file(who.pair)
    if file.read_only:
        return ""
    try:
        target = Target(find_scenario(seats.scenario), file)
        return meetings_file(target.record, target.scenario, name=target.name)
    except WorkshopError:
        raise HTTPError(503) from None
