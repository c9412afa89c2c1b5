"""The reports as they are asked for: whose they are is decided here, file by file.

Only files that are listed can be asked for, and each is sent with the policy that the
page itself carries, so that a browser runs in it what the house wrote and nothing else.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import IO, Any

from tornado.web import HTTPError

from workshop.errors import WorkshopError
from workshop.room.closing_folder import OWN, ROOM
from workshop.room.reports import Reports
from workshop.room.serving.pages import ForSome
from workshop.room.told_reports import seat_told, sure_told
from workshop.views.wording import phrase, say

_PIECE = 256 * 1024
_IN_MEMORY = 8 * 1024 * 1024
_POLICY = re.compile(
    r'<meta http-equiv="Content-Security-Policy" '
    r"content=\"(default-src 'none'; [\w\s'+/=:;-]*)\">"
)
_HEAD = 4096


def routes() -> list[Any]:
    """Return the routes by which reports are written, allowed and read."""
    return [
        (r"/desk/reports", Write),
        (r"/seat/allows", Allows),
        (r"/report/(?P<whose>own|pair-[0-9]{2})/(?P<name>|report\.json)", OwnReport),
        (r"/report/(?P<name>room|room\.json)", RoomReport),
        (r"/report/all\.zip", Everything),
    ]


class _Reports(ForSome):
    """A request about the reports; those who only watch have none."""

    kinds: tuple[str, ...] = ("seat", "desk")
    hides = True

    @property
    def reports(self) -> Reports:
        """The reports of this room."""
        reports: Reports = self.settings["room"].reports
        return reports

    async def send(self, file: Path | None) -> None:
        """Send a file with what a browser may do in it; 404 where there is none."""
        if file is None:
            raise HTTPError(404)
        try:
            data = await asyncio.to_thread(file.read_bytes)
        except OSError:
            raise HTTPError(404) from None
        if file.suffix == ".json":
            self.set_header("Content-Type", "application/json; charset=utf-8")
        else:
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.set_header("Content-Security-Policy", policy_of(data))
        self.finish(data)


def policy_of(page: bytes) -> str:
    """Return what a report's own page allows, and that nobody may frame it.

    A page that says nothing of the kind may do nothing.
    """
    found = _POLICY.search(page[:_HEAD].decode("utf-8", "replace"))
    own = found[1] if found else "default-src 'none'"
    return f"{own}; frame-ancestors 'none'"


class Write(_Reports):
    """The desk has all reports written."""

    kinds = ("desk",)

    async def post(self) -> None:
        """Begin, and say so, or why not; ask first while pairs are still writing."""
        try:
            question = "" if self._is_sure() else await asyncio.to_thread(self._ask)
            if question:
                self.finish({"ok": True, "said": "", "ask": question})
                return
            await asyncio.to_thread(self.reports.begin)
        except WorkshopError as error:
            self.finish({"ok": False, "said": str(error)})
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            said = say("closing.desk.cannot_start", why=why).text
            self.finish({"ok": False, "said": said})
        else:
            self.finish({"ok": True, "said": phrase("closing.desk.starts")})

    def _is_sure(self) -> bool:
        asked = self.read_json()
        return isinstance(asked, dict) and asked.get("sure") is True

    def _ask(self) -> str:
        return "" if self.reports.is_running else sure_told(self.reports)


class Allows(_Reports):
    """A person allows names and words in the room's report, or takes that back."""

    kinds = ("seat",)

    async def post(self) -> None:
        """Keep it, for the own person only."""
        asked = self.read_json()
        yes = asked.get("yes") if isinstance(asked, dict) else None
        if not isinstance(yes, bool):
            raise HTTPError(400)
        await asyncio.to_thread(self.reports.allowed.say, self.who, yes=yes)
        self.finish({"ok": True, "said": "", **seat_told(self.reports, self.who)})


class OwnReport(_Reports):
    """A pair's own report: for its seats, and for the desk."""

    async def get(self, whose: str, name: str) -> None:
        """Send it; to a seat there is no other pair's."""
        pair = self._pair(whose)
        await self.send(self.reports.own(pair, name or OWN[0]) if pair else None)

    def _pair(self, whose: str) -> int | None:
        if whose == "own":
            return self.who.pair
        return int(whose.rpartition("-")[2]) if self.who.kind == "desk" else None


class RoomReport(_Reports):
    """The room's report."""

    async def get(self, name: str) -> None:
        """Send it, if it may be shown to them now."""
        file = ROOM[0] if name == "room" else name
        await self.send(self.reports.room(self.who, file))


class Everything(_Reports):
    """All reports as one file, for the desk."""

    kinds = ("desk",)

    async def get(self) -> None:
        """Pack them beside everything else that goes on, and send piece by piece."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as packed:
            await asyncio.to_thread(self.reports.pack, packed, self.who)
            self.set_header("Content-Type", "application/zip")
            named = 'attachment; filename="room-reports.zip"'
            self.set_header("Content-Disposition", named)
            await self._pieces(packed)
        self.finish()

    async def _pieces(self, packed: IO[bytes]) -> None:
        packed.seek(0)
        while piece := packed.read(_PIECE):
            self.write(piece)
            await self.flush()
