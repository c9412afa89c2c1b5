"""How does a page's kernel reach its record, when it may know no path?

Over a second listener, on loopback only, at a port that nobody is told but kernels. A
token stands for one kernel of one seat, for as long as that kernel lives; which record
and which half follow from it, and never from what is asked.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from workshop.data.catalog import example_of, find_scenario
from workshop.record.bets import Seat
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.served import MOST, answer
from workshop.room.people import Who

LONGEST_WAIT = 30.0
LOOKS_AGAIN = 0.3
_WORKERS = 16
_LOOPBACK = "127.0.0.1"


class Holds(Protocol):
    """What the door needs of whoever keeps the records."""

    def file(self, pair: int) -> RecordFile:
        """Return a pair's record file."""

    def word(self, pair: int, seat: Seat) -> str:
        """Return the word that locks a seat's bet."""


@dataclass
class Door:
    """The records, as kernels reach them; open from `open` to `close`."""

    holds: Holds
    address: str = ""
    _seats: dict[str, Who] = field(default_factory=dict)
    _changed: dict[int, asyncio.Event] = field(default_factory=dict)

    def open(self) -> None:
        """Listen, at a port of the system's choice."""
        (socket,) = bind_sockets(0, _LOOPBACK)
        routes = [(r"/act", _Act, {"door": self}), (r"/wait", _Wait, {"door": self})]
        app = Application(routes, default_handler_class=_Nothing, log_function=_quiet)
        self._server = HTTPServer(app, max_body_size=2 * MOST)
        self._server.add_socket(socket)
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="door")
        self.address = f"http://{_LOOPBACK}:{socket.getsockname()[1]}"

    def close(self) -> None:
        """Listen no more; what is being written is written to its end."""
        self._server.stop()
        self._workers.shutdown(wait=True)

    def admit(self, who: Who) -> str:
        """Return a token for a kernel of that seat."""
        token = secrets.token_urlsafe(32)
        self._seats[token] = who
        return token

    def dismiss(self, token: str) -> None:
        """Let a token be good for nothing any more."""
        self._seats.pop(token, None)

    def who(self, token: str) -> Who | None:
        """Return the seat that a token stands for."""
        return self._seats.get(token)

    async def act(self, who: Who, asked: Any) -> dict[str, Any]:
        """Do what was asked for, beside everything else that goes on."""
        pair = who.pair or 0
        told = partial(
            answer,
            asked,
            file=self.holds.file(pair),
            seat=who.role,
            words=partial(self.holds.word, pair),
            example=self._example,
        )
        loop = asyncio.get_running_loop()
        said = await loop.run_in_executor(self._workers, told)
        if pair in self._changed:
            self._changed.pop(pair).set()
        return said

    def _example(self) -> Record | None:
        """Return the record from which a pair may borrow a step."""
        return example_of(find_scenario(self.holds.scenario))

    async def wait(self, who: Who, stamp: str, seconds: float) -> str:
        """Return the record's stamp once it is another one, or the time is over."""
        pair, loop = who.pair or 0, asyncio.get_running_loop()
        file, until = self.holds.file(pair), loop.time() + min(seconds, LONGEST_WAIT)
        while (now := file.stamp) == stamp and (left := until - loop.time()) > 0:
            changed = self._changed.setdefault(pair, asyncio.Event())
            try:
                await asyncio.wait_for(changed.wait(), min(left, LOOKS_AGAIN))
            except TimeoutError:
                continue  # an editor may have changed it meanwhile
        return now


class _Nothing(RequestHandler):
    """Whatever else is asked for: refused, in the words of nobody."""

    def prepare(self) -> None:
        raise HTTPError(404)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish()


class _Known(RequestHandler):
    """A request by a kernel that is known."""

    def initialize(self, door: Door) -> None:
        self.door = door

    def prepare(self) -> None:
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        who = self.door.who(token) if kind == "Bearer" else None
        if who is None:
            raise HTTPError(403)
        self.who = who

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish()


class _Act(_Known):
    async def post(self) -> None:
        try:
            asked = json.loads(self.request.body)
        except (ValueError, RecursionError):
            asked = None  # answered as whatever else cannot be understood
        self.finish(await self.door.act(self.who, asked))


class _Wait(_Known):
    async def get(self) -> None:
        try:
            seconds = float(self.get_query_argument("seconds", "0"))
        except ValueError:
            raise HTTPError(400) from None
        if not 0 <= seconds < float("inf"):
            raise HTTPError(400)
        stamp = self.get_query_argument("stamp", "")
        self.finish({"stamp": await self.door.wait(self.who, stamp, seconds)})


def _quiet(_: RequestHandler) -> None:
    """Every save would be a line."""
