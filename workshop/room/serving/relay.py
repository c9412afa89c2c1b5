"""Between the pages of one pair: what the driver moves, the others see.

A websocket for each page. Whoever speaks has a seat and a cookie, is heard by the own
pair only, and is cut off at the first thing that no page says. What waits to be sent
is always the newest; nothing is kept for a page that does not listen.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from pydantic import TypeAdapter, ValidationError
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from workshop.errors import InputError
from workshop.record.atomic import write_text
from workshop.room.relay import LARGEST, At, Message, Pace, Page, Relay, Told, read
from workshop.room.seats import RoomState
from workshop.room.serving.notebooks import NOTEBOOKS
from workshop.room.serving.pages import Known

KEPT = "relay.json"
MOST_OF_ONE = 6
"""Lines that one person may have open; the oldest go."""
REFUSED, ENDED = 1008, 4001
PING = 20
_WAYS = TypeAdapter(dict[int, str])


class Lines:
    """The lines that are open, and what is said between them."""

    def __init__(self, state: RoomState) -> None:
        self.state = state
        self.open: dict[Page, RelayLine] = {}
        self.relay = Relay(self._people, self._kept(), self._keep)

    def enter(self, line: RelayLine) -> None:
        """Take in one more page; not of somebody who was moved while it came."""
        if line.page.person not in self._people(line.page.pair):
            line.close(ENDED)
            return
        mine = [p for p in self.open if p.person == line.page.person]
        for page in mine[: max(0, len(mine) - MOST_OF_ONE + 1)]:
            self.open[page].close(REFUSED)
            self.leave(page)
        self.open[line.page] = line
        self.tell(self.relay.enter(line.page))

    def leave(self, page: Page) -> None:
        """Forget one."""
        if self.open.pop(page, None) is not None:
            self.tell(self.relay.leave(page))

    def tell(self, told: list[Told]) -> None:
        """Send each its message."""
        for page, message in told:
            if (line := self.open.get(page)) is not None:
                line.tell(message)

    def end(self, sessions: tuple[str, ...]) -> None:
        """Close the lines of those who lost their seat, or have another one now."""
        for page in [page for page in self.open if page.person in sessions]:
            self.open[page].close(ENDED)
            self.leave(page)

    def _people(self, pair: int) -> dict[str, str]:
        seats = (seat for seat in self.state.room.seats if seat.pair == pair)
        return {person.id: person.name for seat in seats for person in seat.people}

    def _kept(self) -> dict[int, str]:
        try:
            text = (self.state.folder.path / KEPT).read_bytes()
            return _WAYS.validate_json(text)
        except (OSError, ValidationError):
            return {}  # the pair is asked once more

    def _keep(self, ways: Any) -> None:
        text = json.dumps(dict(ways), indent=1)
        write_text(self.state.folder.path / KEPT, f"{text}\n", mode=0o600)


class RelayLine(Known, WebSocketHandler):
    """One page's line to the other pages of its pair."""

    page: Page

    def prepare(self) -> Any:
        """Refuse whoever has no seat in a pair, or comes from no page of ours."""
        return self._checked(super().prepare())

    async def _checked(self, before: Any) -> None:
        await before
        if self.request.headers.get("Origin") is None:
            raise HTTPError(403)
        who = self.current_user
        if who is None or who.kind != "seat" or who.pair is None or who.role is None:
            raise HTTPError(403)
        step = self.get_query_argument("step", "")
        if step not in NOTEBOOKS:
            raise HTTPError(404)
        self.page = Page(who.id, who.pair, step)

    @property
    def max_message_size(self) -> int:
        """Bytes of one message; the line is closed on a larger one."""
        return LARGEST

    @property
    def ping_interval(self) -> float:
        """Seconds between pings, so that who vanished is known to be gone."""
        return PING

    @property
    def _lines(self) -> Lines:
        lines: Lines = self.settings["room"].lines
        return lines

    def open(self, *_: Any, **__: Any) -> None:
        """Welcome the page."""
        self.set_nodelay(True)
        self._pace, self._newest, self._timer = Pace(), None, None
        self._waiting: dict[str, Message] = {}
        self._sending: asyncio.Future[None] | None = None
        self._lines.enter(self)

    def on_close(self) -> None:
        """Forget the page."""
        if hasattr(self, "page"):
            self._lines.leave(self.page)

    def on_message(self, message: str | bytes) -> None:
        """Pass on what a page says; anything else closes this line, and no other."""
        if self.page not in self._lines.open:
            return
        try:
            said = read(message)
        except InputError:
            said = None
        if said is None or self._pace.is_too_much(said):
            self.close(REFUSED)
        elif isinstance(said, At):
            self._newest = said
            if self._timer is None:
                self._timer = IOLoop.current().call_later(self._pace.wait(), self._pass)
        else:
            self._lines.tell(self._lines.relay.hear(self.page, said))

    def _pass(self) -> None:
        """Pass on the newest of what came since the last was passed on."""
        said, self._newest, self._timer = self._newest, None, None
        if said is not None and self.page in self._lines.open:
            self._pace.passed()
            self._lines.tell(self._lines.relay.hear(self.page, said))

    # -- sending: one at a time, the newest of each kind ------------------------------

    def tell(self, message: Message) -> None:
        """Send a message soon; it takes the place of one of its kind that waits."""
        kind = f"{message['do']} {message.get('id', '')}"
        self._waiting.pop(kind, None)
        self._waiting[kind] = message
        if self._sending is None or self._sending.done():
            self._sending = asyncio.ensure_future(self._send())

    async def _send(self) -> None:
        while self._waiting:
            message = self._waiting.pop(next(iter(self._waiting)))
            try:
                await self.write_message(message)
            except WebSocketClosedError:
                self._waiting.clear()
