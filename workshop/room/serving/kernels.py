"""Whose kernel is this, where does it come from, and what does it know?

Each page has a kernel; it belongs to one seat, comes from a process that has imported
everything, and is told an address, a token and the scenario. Nothing else of what this
server knows is in its environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
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

SITTER: ContextVar[Who | None] = ContextVar("sitter", default=None)
"""Who has asked for the page that is being made."""

MOST_AT_A_SEAT = 3
MOST_ALONE = 8
"""Where a pair sits at one page, several steps may be open beside each other."""

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
)
_QUIET = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]


class OwnPython(KernelSpecManager):
    """Knows the Python that this server runs in, whatever else is installed here."""

    @default("kernel_dirs")
    def _kernel_dirs_default(self) -> list[str]:
        return []


@dataclass
class Source:
    """Where kernels come from: forks of one process where that is possible."""

    _ahead: Ahead | None = None
    _kind: Callable[..., Any] = ServerKernelManager

    def start(self) -> None:
        """Start importing; kernels may be asked for at once, and wait for it."""
        if CAN_FORK:
            self._ahead = Ahead(forks=True, also=NEEDED_BY_PAGES)
            self._kind = self._ahead.manager(ServerKernelManager)

    def kind(self) -> Callable[..., Any]:
        """Return the manager for one more kernel; a process that died is replaced."""
        if self._ahead is not None and self._ahead.gone:
            self.stop()
            self.start()
        return self._kind

    def stop(self) -> None:
        """End that process, and with it every kernel that came from it."""
        if self._ahead is not None:
            self._ahead.stop()


@dataclass
class Held:
    """One kernel: whose it is, what it may say at the door, what went wrong in it."""

    who: Who
    token: str
    stumbles: int = 0


class Kernels(AsyncMappingKernelManager):
    """The kernels of all seats. What it needs of the room is on its ``parent``."""

    held: dict[str, Held]

    def __init__(self, **given: Any) -> None:
        self.held = {}
        self._put_to_rest: dict[str, str] = {}
        super().__init__(**given)

    def _create_kernel_manager_factory(self) -> Callable[..., Any]:
        def make(*parts: Any, **given: Any) -> Any:
            given.setdefault("context", self.context)
            return self.parent.source.kind()(*parts, **given)

        return make

    async def start_kernel(self, **given: Any) -> str:
        """Start a kernel for whoever asked for the page that is being made."""
        who = SITTER.get()
        if who is None:
            raise HTTPError(403)
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

    def belongs(self, kernel_id: str, who: Who | None) -> bool:
        """Say whether a kernel is there and is this seat's."""
        held = self.held.get(kernel_id)
        return who is not None and held is not None and held.who.id == who.id

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
