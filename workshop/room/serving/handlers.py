"""A step's page, and what the page may ask of its kernel: of its own, and no other."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import (
    VoilaKernelWebsocketHandler,
    read_header_from_binary_message,
)

from workshop.errors import WorkshopError
from workshop.record.choices import Record
from workshop.room import guard
from workshop.room.serving.kernels import ASKED, Asked
from workshop.room.serving.notebooks import NOTEBOOKS
from workshop.room.serving.pages import Known
from workshop.views.room.bar import bar_html

LOOKS_EVERY = 1.0
"""Seconds after which a page that is being made looks whether its kernel lives."""


class StepPage(Known, TornadoVoilaHandler):
    """One step's notebook as a page, with a kernel of its own."""

    left = False
    """Whether the browser that asked has gone meanwhile."""

    def on_connection_close(self) -> None:
        """Note that nobody waits for this page any more."""
        self.left = True
        super().on_connection_close()

    async def get(self, number: str) -> None:
        """Make the page for whoever sits here, when it is its turn.

        Not where its browser has gone, or has asked for the same page again.
        """
        if self.who.kind != "seat":
            raise HTTPError(403)
        self.number = number
        assert self.xsrf_token  # sets the cookie before the first byte is sent
        self.settings["room"].seats.saw(self.who, number)
        waiting = self.kernel_manager.turns.turn(
            self.who.id, number, is_left=lambda: self.left
        )
        async with waiting as is_wanted:
            if is_wanted:
                await self._make(NOTEBOOKS[number])
        if not (is_wanted or self.left):
            raise HTTPError(503)

    async def _make(self, notebook: str) -> None:
        """Make it; where its kernel dies meanwhile, end it there.

        Voilà would wait for that kernel for ever. A page that ends too soon asks for
        itself again.
        """
        asked = Asked(self.who)
        ASKED.set(asked)
        making = asyncio.ensure_future(super().get(path=notebook))
        while not making.done():
            await asyncio.wait({making}, timeout=LOOKS_EVERY)
            if asked.kernel and not await self.kernel_manager.lives(asked.kernel):
                making.cancel()
        with suppress(asyncio.CancelledError):
            await making
        if self.left:
            await self.kernel_manager.end(asked.kernel)  # nobody has its page
        elif not self._headers_written:
            raise HTTPError(503)

    def bar(self) -> str:
        """Return the bar as it stands now."""
        return bar_now(self, self.number)


class Own(Known):
    """A request about a kernel; it has to be the own one."""

    async def prepare(self, **given: Any) -> None:
        """Refuse it for every other kernel, and for one that is not there."""
        await super().prepare(**given)
        kernel_id = self.path_kwargs["kernel_id"]
        if not self.kernel_manager.belongs(kernel_id, self.current_user):
            raise HTTPError(404)


class OwnKernel(Own, KernelHandler):
    """What kernel the page has."""

    SUPPORTED_METHODS = ("GET",)

    async def get(self, kernel_id: str) -> None:
        """Describe it while it lives."""
        if not await self.kernel_manager.lives(kernel_id):
            raise HTTPError(404)
        await super().get(kernel_id)


class CloseOwn(Own, VoilaShutdownKernelHandler):
    """A page's last call: its kernel is needed no longer."""

    SUPPORTED_METHODS = ("POST",)


class OwnSocket(Own, VoilaKernelWebsocketHandler):
    """The way between a page and its kernel, with a guard on it in both directions."""

    def on_message(self, ws_message: str | bytes) -> None:
        """Hand on what the page sends, if it may."""
        passed = guard.passes(ws_message, self.selected_subprotocol)
        if passed is not None:
            super().on_message(passed)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Hand on what the kernel says, if it may leave; of an error, only the fact."""
        header = (
            read_header_from_binary_message(message)
            if isinstance(message, bytes)
            else None
        )
        kind = (header or {}).get("msg_type")
        if guard.leaves(kind):
            return super().write_message(message, binary)
        if kind == "error":
            self.kernel_manager.stumbled(self.kernel_id)
        return None


class Here(Known):
    """What a page asks every two seconds: is my kernel there, and what is new?"""

    async def get(self, kernel_id: str) -> None:
        """Say how the kernel is, how far the record is, and what the room says."""
        if self.who.kind != "seat":
            raise HTTPError(403)
        step = self.get_query_argument("step", "")
        if step not in NOTEBOOKS:
            raise HTTPError(404)
        room = self.settings["room"]
        room.seats.saw(self.who, step)
        held = await self._state(kernel_id)
        self.finish({**held, "bar": bar_now(self, step), **room.told(self.who)})

    async def _state(self, kernel_id: str) -> dict[str, Any]:
        kernels = self.kernel_manager
        if kernels.was_put_to_rest(kernel_id, self.who):
            return {"kernel": "at rest", "stumbles": 0}
        if not kernels.belongs(kernel_id, self.who):
            return {"kernel": "gone", "stumbles": 0}
        kernels.heard_of(kernel_id)
        stumbles = kernels.held[kernel_id].stumbles
        alive = await kernels.lives(kernel_id)
        return {"kernel": "alive" if alive else "gone", "stumbles": stumbles}


def bar_now(handler: Known, step: str) -> str:
    """Return the bar of a step as the record stands; empty while it cannot be read."""
    seats = handler.settings["room"].seats
    file = seats.file(handler.who.pair)
    try:
        record = file.read() if file.exists else Record(scenario="")
        return bar_html(record, step, date.today())
    except (WorkshopError, OSError):
        return ""
