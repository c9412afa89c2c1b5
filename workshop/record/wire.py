"""The record where it lies with a room's server: read and saved over loopback.

A page's kernel knows an address and a token, and no folder. `RoomFile` is to a step
what `RecordFile` is; each sentence that goes wrong there is said here as well.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

from pydantic import TypeAdapter

from workshop import errors
from workshop.errors import InputError, RunError, WorkshopError
from workshop.record.bets import Bet, OpenedBet, Seat
from workshop.record.choices import Record
from workshop.record.values import Role, Seen

FRESH = 0.2
"""For how many seconds a record that was read is not asked for again."""
PATIENCE = 30.0
"""How many seconds one answer may take; a record may be waited for up to ten."""

_GONE = "the room cannot be reached at this moment; what you typed stays on the page; "
UNREACHED = f"{_GONE}save again"
NOT_SEATED = (
    "this page has no seat in the room any more; load it again, or ask for a new code"
)


_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def plain(value: Any) -> Any:
    """Return values as JSON has them."""
    return _ANYTHING.dump_python(value, mode="json", by_alias=True)


class RoomFile:
    """A pair's record as one seat of a room may read and change it.

    Parameters
    ----------
    url : str
        The server's address, ``http://127.0.0.1:PORT``.
    token : str
        The seat's token; who asks, and for which record, follows from it.

    Raises
    ------
    RunError
        By every method, where the server does not answer.
    WorkshopError
        By every method, with the very sentence that `RecordFile` would raise there.
    """

    def __init__(self, url: str, token: str) -> None:
        self._server, self._token = urlsplit(url), token
        self._lock = threading.Lock()
        self._told: dict[str, Any] = {}
        self._known: Record | None = None
        self._asked_at = float("-inf")

    # what it is ----------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """What to call the file in a message; it is no path on this computer."""
        return Path(str(self._now()["name"]))

    @property
    def read_only(self) -> bool:
        """Whether every change is refused, as by a shipped example."""
        return bool(self._now()["read_only"])

    @property
    def seat(self) -> Role | None:
        """The half that this page acts for; None where the pair sits at one page."""
        if not self._told:
            self._now()
        seat: Role | None = self._told["seat"]
        return seat

    @property
    def exists(self) -> bool:
        """Whether there is a record to read."""
        self._now()
        return self._known is not None

    @property
    def stamp(self) -> str:
        """What changes whenever the record does; empty without one."""
        return str(self._now()["stamp"])

    # reading and saving --------------------------------------------------------------

    def read(self) -> Record:
        """Return the record as it stands now."""
        self._now()
        if self._known is None:
            raise InputError("there is no record in the room yet; save something first")
        return self._known

    def create(self, record: Record, *, force: bool = False) -> NoReturn:
        """Refuse: records are made by whoever opens the room."""
        raise InputError("a room makes its own records; ask who opened it")

    def save(self, section: str, value: Any, **line: Any) -> Record:
        """Save one section; see `save_many`."""
        return self.save_many({section: value}, **line)

    def save_many(
        self,
        values: Mapping[str, Any],
        *,
        base: Record,
        who: str,
        decided: str,
        because: str = "",
        seen: Seen | None = None,
    ) -> Record:
        """Save sections in one revision, as `RecordFile.save_many` does.

        The server's clock stamps the line of the log, and the server decides what this
        seat may change.
        """
        line = {"who": who, "decided": decided, "because": because, "seen": seen}
        return self._write("save", values=dict(values), base=base, **line)

    def note(
        self,
        decided: str,
        *,
        base: Record,
        who: str,
        section: str = "",
        because: str = "",
        seen: Seen | None = None,
    ) -> Record:
        """Log a decision that changes no section."""
        line = {"who": who, "decided": decided, "because": because, "seen": seen}
        return self._write("note", section=section, base=base, **line)

    def wait_for_change(self, stamp: str, seconds: float) -> str:
        """Wait until the record is another than ``stamp``, or the time is over.

        One request that the server holds open; it returns the stamp as it is then.
        """
        query = urlencode({"stamp": stamp, "seconds": f"{seconds:g}"})
        told = self._send("GET", f"/wait?{query}", None, PATIENCE + seconds)
        now = str(told.get("stamp", ""))
        if now != stamp:
            self._stale()
        return now

    # sealed bets ---------------------------------------------------------------------

    def drawer(self, record: str) -> RoomDrawer:
        """Where bets wait that are sealed for the record of this random name."""
        return RoomDrawer(self, record)

    @property
    def table(self) -> RoomTable:
        """Where bets are laid to be opened."""
        return RoomTable(self)

    # over the wire -------------------------------------------------------------------

    def ask(self, act: str, **given: Any) -> dict[str, Any]:
        """Have the server do one thing, and return what it says."""
        return self._send("POST", "/act", {"act": act, **plain(given)}, PATIENCE)

    def _now(self) -> dict[str, Any]:
        """Return what is known of the record, asked for again once it is not fresh."""
        with self._lock:
            if time.monotonic() - self._asked_at > FRESH:
                self._learn(self.ask("read", stamp=self._told.get("stamp", "")))
            return self._told

    def _write(self, act: str, **given: Any) -> Record:
        try:
            told = self.ask(act, **given)
        except WorkshopError:
            self._stale()
            raise
        with self._lock:
            self._learn(told)
        return self.read()

    def _learn(self, told: dict[str, Any]) -> None:
        """Keep what the server said of the record; nothing where it is unchanged."""
        if "record" in told:
            held = told["record"]
            self._known = None if held is None else Record.model_validate(held)
            self._told = {name: told[name] for name in told if name != "record"}
        self._asked_at = time.monotonic()

    def _stale(self) -> None:
        self._asked_at = float("-inf")

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, patience: float
    ) -> dict[str, Any]:
        """Send one request on a connection of its own.

        Never again by itself: whether a save that got no answer was kept is for a
        person to look at.
        """
        from http.client import HTTPConnection, HTTPException

        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        text = None if body is None else json.dumps(body).encode("utf-8")
        host, port = self._server.hostname or "", self._server.port
        connection = HTTPConnection(host, port, timeout=patience)
        try:
            connection.request(method, path, body=text, headers=headers)
            response = connection.getresponse()
            status, data = response.status, response.read()
        except (OSError, HTTPException):
            raise RunError(UNREACHED) from None
        finally:
            connection.close()
        return _told(status, data)


class RoomDrawer:
    """Bets that wait with the room's server; as `workshop.record.sealed.Drawer`."""

    def __init__(self, file: RoomFile, record: str) -> None:
        self._file, self.record = file, record

    def put(self, seat: Seat, bet: Bet, *, word: str) -> str:
        """Lock a bet in, and return its digest."""
        return str(self._ask("bet_put", seat, bet=bet, word=word)["sealed"])

    def take(self, seat: Seat, *, word: str) -> OpenedBet:
        """Return the bet that the word unlocks."""
        held = self._ask("bet_take", seat, word=word)["bet"]
        return OpenedBet.model_validate(held)

    def holds(self, seat: Seat) -> bool:
        """Say whether a bet of this seat waits there."""
        return bool(self._ask("bet_holds", seat)["holds"])

    def forget(self, seat: Seat) -> None:
        """Throw a bet away: it was opened, or its maker bets again."""
        self._ask("bet_forget", seat)

    def _ask(self, act: str, seat: Seat, **given: Any) -> dict[str, Any]:
        return self._file.ask(act, record=self.record, seat=seat, **given)


class RoomTable:
    """Bets that lie ready with the server; as `workshop.record.sealed.Table`."""

    def __init__(self, file: RoomFile) -> None:
        self._file = file

    def lay(self, seat: Seat, bet: OpenedBet) -> None:
        """Lay a bet down, ready to be opened."""
        self._file.ask("lay", seat=seat, bet=bet)

    def get(self, seat: Seat) -> OpenedBet | None:
        """Return a bet that was laid there; None where this seat laid none."""
        held = self._file.ask("get_laid", seat=seat)["bet"]
        return None if held is None else OpenedBet.model_validate(held)

    def take_back(self, seat: Seat) -> None:
        """Take a bet off again: its maker bets again."""
        self._file.ask("take_back", seat=seat)

    def clear(self) -> None:
        """Take all bets off, once they stand opened in the record."""
        self._file.ask("clear")


_KINDS: dict[str, type[WorkshopError]] = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, WorkshopError)
}


def _told(status: int, data: bytes) -> dict[str, Any]:
    """Return what the server said, or raise what went wrong there."""
    if status in (401, 403):
        raise RunError(NOT_SEATED)
    try:
        told = json.loads(data) if status == 200 else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise RunError(UNREACHED)
    wrong = told.get("error")
    if wrong is not None:
        raise _KINDS.get(wrong.get("kind", ""), RunError)(wrong.get("says", UNREACHED))
    return told
