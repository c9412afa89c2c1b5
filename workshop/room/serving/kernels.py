"""Whose kernel is this, where does it come from, and what does it know?

Each page has a kernel; it belongs to one seat, comes from a process that has imported
everything, and is told an address, a token and the scenario. Nothing else of what this
server knows is in its environment.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from tornado.web import HTTPError
from traitlets import default

from workshop.kernels import CAN_FORK, ONE_THREAD, Ahead
from workshop.room.people import Who
from workshop.room.serving.turns import Turns


@dataclass
class Asked:
    """Who asks for a page, and the kernel it was given."""

    who: Who
    kernel: str = ""


ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""Whose page is being made."""

MOST_AT_A_SEAT = 3
MOST_ALONE = 8
"""Where a pair sits at one page, several steps may be open beside each other."""
AT_ONCE = 2 * (os.cpu_count() or 1)
"""Pages that are made at a time. Forty together would all be ready with the last."""
COLD_AFTER = 6.0
"""Seconds after the start at which a second process is made ready, if need be."""
WAITS_FOR_HEAT = 12.0
"""Seconds after the start for which pages wait for the first one."""

_LONGEST_PATH = 90
"""Bytes: a socket's name has room for 107, and some are added."""

NEEDED_BY_PAGES = (
    "ipywidgets",
    "anywidget",
    "workshop.record.wire",
    "workshop.steps.*",
    "workshop.views.explorer.*",
    "workshop.views.panels.*",
    "workshop.views.recaps.*",
)
"""What is imported before the first page is asked for, besides a report's needs."""

_PASSED_ON = (
    *("PATH", "HOME", "USER", "LOGNAME", "USERPROFILE", "SYSTEMROOT"),
    *("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "MPLCONFIGDIR", "VIRTUAL_ENV"),
    *("TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "LC_TIME"),
    *("PYTHONPATH", "PYTHONHASHSEED", "WORKSHOP_CACHE", "WORKSHOP_AS_OF"),
    "WORKSHOP_LANGUAGE",
)
_QUIET = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]


class OwnPython(KernelSpecManager):
    """Knows the Python that this server runs in, whatever else is installed here."""

    @default("kernel_dirs")
    def _kernel_dirs_default(self) -> list[str]:
        return []


@dataclass
class Source:
    """Where kernels come from: forks of one process where that is possible.

    With a ``scenario`` that process reads, counts and trains first what all pages ask
    for. Only for new data does that take long: then a second one serves pages until the
    first is done.
    """

    scenario: str = ""
    _cold: Ahead | None = None
    _heated: Ahead | None = None
    _until: float = 0.0
    _warm: bool = False

    def start(self) -> None:
        """Start importing; kernels may be asked for at once, and wait for it."""
        if not CAN_FORK:
            return
        self._until = time.monotonic() + WAITS_FOR_HEAT
        if not self.scenario:
            self._cold = Ahead(forks=True, also=NEEDED_BY_PAGES)
            return
        heat = ("workshop.steps.heated.heat", {"scenario": self.scenario})
        self._heated = Ahead(forks=True, also=NEEDED_BY_PAGES, first=heat)

    async def watch(self) -> None:
        """Start the second process where the first is long in reading."""
        await asyncio.sleep(COLD_AFTER)
        if self._heated and not self._heated.ready and self._cold is None:
            self._cold = Ahead(forks=True, also=NEEDED_BY_PAGES)

    async def settle(self) -> None:
        """Wait a little for the process that has read the data.

        Where its figures were kept, as when a room starts again and every page comes
        back at once, that is a matter of seconds, and each page is far lighter for it.
        """
        while self._heated and time.monotonic() < self._until:
            if self._heated.ready or self._heated.gone:
                return
            await asyncio.sleep(0.1)

    def kind(self) -> Callable[..., Any]:
        """Return the manager for one more kernel.

        A process that died takes its own pages with it and no others; it is not begun
        anew but where no other is left to serve them.
        """
        if not CAN_FORK:
            return ServerKernelManager
        if self._heated is not None and self._heated.gone:
            self._heated.stop()
            self._heated, self._warm = None, False
        if self._cold is not None and self._cold.gone:
            self._cold.stop()
            self._cold = None
        self._warm = self._heated is not None and (self._warm or self._heated.ready)
        if self._warm and self._cold is not None and not self._cold.used:
            self._cold.stop()  # nobody came so early
            self._cold = None
        if not self._warm and self._cold is None:
            self._cold = Ahead(forks=True, also=NEEDED_BY_PAGES)
        ahead = self._heated if self._warm else self._cold
        assert ahead is not None
        ahead.used = True  # from now on somebody counts on it
        return ahead.manager(ServerKernelManager)

    @property
    def _processes(self) -> list[Ahead]:
        return [ahead for ahead in (self._heated, self._cold) if ahead is not None]

    def stop(self) -> None:
        """End these processes, and with them every kernel that came from them."""
        for ahead in self._processes:
            ahead.stop()


@dataclass
class Held:
    """One kernel: whose it is, what it may say at the door, what went wrong in it."""

    who: Who
    token: str
    stumbles: int = 0


class Kernels(AsyncMappingKernelManager):
    """The kernels of all seats. What it needs of the room is on its ``parent``."""

    held: dict[str, Held]
    turns: Turns
    """What a page waits for until it is made."""

    def __init__(self, **given: Any) -> None:
        self.held, self.turns = {}, Turns(AT_ONCE)
        self._put_to_rest: dict[str, str] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        super().__init__(**given)

    def _create_kernel_manager_factory(self) -> Callable[..., Any]:
        def make(*parts: Any, **given: Any) -> Any:
            given.setdefault("context", self.context)
            given.setdefault("transport", _transport(given.get("connection_file", "")))
            return self.parent.source.kind()(*parts, **given)

        return make

    async def start_kernel(self, **given: Any) -> str:
        """Start a kernel for whoever asked for the page that is being made."""
        asked = ASKED.get()
        if asked is None:
            raise HTTPError(403)
        await self.parent.source.settle()
        async with self._turns.setdefault(asked.who.id, asyncio.Lock()):
            asked.kernel = await self._start_for(asked.who, **given)
            return asked.kernel

    async def _start_for(self, who: Who, **given: Any) -> str:
        """Start one, after what is too many at this seat was ended: one at a time."""
        await self._make_way(who)
        token = self.parent.door.admit(who)
        given |= {"env": self._told(token), "cwd": self.parent.nowhere, "path": None}
        try:
            kernel_id = await super().start_kernel(extra_arguments=_QUIET, **given)
        except BaseException:
            self.parent.door.dismiss(token)
            raise
        self.held[kernel_id] = Held(who, token)
        return kernel_id

    def start_watching_activity(self, kernel_id: str) -> None:
        """Read none of what a kernel says.

        Its page tells every two seconds that it is there (`heard_of`), and reading
        every message a second time is much of what a page costs.
        """
        kernel = self._kernels[kernel_id]
        kernel.reason, kernel._activity_stream = "", None
        kernel.execution_state = "idle"  # ended when nobody has asked for long
        self.heard_of(kernel_id)

    def heard_of(self, kernel_id: str) -> None:
        """Note that a kernel's page is there."""
        if kernel_id in self:
            self.last_kernel_activity = datetime.now(UTC)
            self._kernels[kernel_id].last_activity = self.last_kernel_activity

    def belongs(self, kernel_id: str, who: Who | None) -> bool:
        """Say whether a kernel is there and is this seat's.

        Somebody who was moved to another pair meanwhile is the same person elsewhere.
        """
        held = self.held.get(kernel_id)
        return who is not None and held is not None and _sits(held.who) == _sits(who)

    async def lives(self, kernel_id: str) -> bool:
        """Say whether a kernel is alive; one that has died is cleared away."""
        if kernel_id not in self:
            return False
        if await self.get_kernel(kernel_id).is_alive():
            return True
        await self.end(kernel_id)
        return False

    def stumbled(self, kernel_id: str) -> None:
        """Note that something went wrong in a kernel; what it was stays there."""
        if (held := self.held.get(kernel_id)) is not None:
            held.stumbles += 1

    def was_put_to_rest(self, kernel_id: str, who: Who) -> bool:
        """Say whether this seat's kernel was ended for others that came after it."""
        return self._put_to_rest.get(kernel_id) == who.id

    async def end(self, kernel_id: str) -> None:
        """End a kernel, if it is there."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)

    async def end_all_of(self, sessions: tuple[str, ...]) -> None:
        """End every kernel of sessions that lost their seat."""
        theirs = [k for k, held in self.held.items() if held.who.id in sessions]
        for kernel_id in theirs:
            await self.end(kernel_id)

    def remove_kernel(self, kernel_id: str, *given: Any, **named: Any) -> Any:
        """Forget a kernel, and what its token was good for."""
        if (held := self.held.pop(kernel_id, None)) is not None:
            self.parent.door.dismiss(held.token)
        return super().remove_kernel(kernel_id, *given, **named)

    async def _make_way(self, who: Who) -> None:
        """End the oldest kernels of a seat that has as many as it may have."""
        most = MOST_ALONE if who.role is None else MOST_AT_A_SEAT
        theirs = [k for k, held in self.held.items() if held.who.id == who.id]
        for kernel_id in theirs[: max(0, len(theirs) - most + 1)]:
            self._put_to_rest[kernel_id] = who.id
            await self.end(kernel_id)

    def _told(self, token: str) -> dict[str, str]:
        """Return all that a kernel is told."""
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {
            **kept,
            **ONE_THREAD,
            "IPYTHONDIR": self.parent.nowhere,
            "WORKSHOP_ROOM": self.parent.door.address,
            "WORKSHOP_SEAT": token,
            "WORKSHOP_SCENARIO": self.parent.seats.scenario,
        }


def _transport(connection_file: str) -> str:
    """Return what a kernel is spoken to through: sockets in a folder of the server's.

    The folder is a temporary one that no other user may enter, and goes with the
    server. Ports are found free and let go again before the kernel takes them: one page
    in some hundreds had a kernel that ended at once, while many began together.
    """
    short = 0 < len(os.fsencode(connection_file)) <= _LONGEST_PATH
    return "ipc" if CAN_FORK and short else "tcp"


def _sits(who: Who) -> tuple[Any, ...]:
    return who.id, who.kind, who.pair, who.role
