"""People of a room without a browser: they open pages, type, press, and look.

Each speaks to the room as its pages do: HTTP, the kernel's websocket, and the question
every two seconds whether the kernel is still there. Each keeps a ledger of what it was
told is saved, and notes when the other half's words appear on its page.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from tests.room.client import Person, Served, Socket
from workshop.room.guard import V1

AsyncHTTPClient.configure("tornado.simple_httpclient.SimpleAsyncHTTPClient",
                          max_clients=500, max_body_size=50_000_000)  # fmt: skip
ASKS_EVERY = 2.0
TRIES_AGAIN_AFTER = 6.0
TOKEN = re.compile(r"\bw\d{2}[pe]\d{4}\b")
"""A word that is typed once: who typed it, and which one it is."""


@dataclass
class Ledger:
    """What everybody was told is saved, and how long what took."""

    said: dict[str, float] = field(default_factory=dict)
    """When each word was sent."""
    kept: dict[str, float] = field(default_factory=dict)
    """When each word stood on its writer's own page: from here it counts."""
    seen: dict[str, float] = field(default_factory=dict)
    """When each word stood on the other half's page."""
    ready: list[float] = field(default_factory=list)
    killed_at: float = 0.0
    """When a kernel was killed last."""
    listens_at: float = 0.0
    """When the server listened again."""
    back: list[tuple[str, float]] = field(default_factory=list)
    again: int = 0
    faults: list[str] = field(default_factory=list)


class Client:
    """One seat: a cookie, a page, its widgets."""

    def __init__(self, served: Served, pair: int, role: str, ledger: Ledger) -> None:
        self.served, self.pair, self.role, self.ledger = served, pair, role, ledger
        self.name = f"w{pair:02d}{role[0]}"
        self.person = Person(served)
        self.step = self.kernel = ""
        self.socket: Socket | None = None
        self.states: dict[str, dict[str, Any]] = {}
        self.bet: dict[str, str] = {}
        self.busy = asyncio.Lock()
        self._number = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def come_in(self, code: str) -> None:
        """Claim the seat."""
        answer = await asyncio.to_thread(self.person.come_in, code, self.name)
        if not answer.json()["ok"]:
            raise RuntimeError(answer.text)

    async def get(self, path: str) -> Any:
        """Ask for something as the page does."""
        held = "; ".join(f"{k}={v}" for k, v in self.person.cookies.items())
        return await AsyncHTTPClient().fetch(
            f"{self.served.address}{path}",
            headers={"Cookie": held, "Accept": "text/html"},
            request_timeout=180,
            connect_timeout=180,
            raise_error=False,
        )

    async def open(self, step: str) -> float:
        """Open a page; return after how many seconds all its widgets are there."""
        began = time.perf_counter()
        await self.leave()
        answer = await self.get(f"/step/{step}")
        found = re.search(r'"kernelId": "([\w-]+)"', (answer.body or b"").decode())
        if not found:
            raise OSError(f"{answer.code} instead of page {step}")
        self.step, self.kernel = step, found[1]
        self.socket = await self.connected()
        self.states = await self.socket.states()
        self._tasks = [asyncio.create_task(self._listen(self.socket))]
        return time.perf_counter() - began

    async def connected(self) -> Socket:
        """Open a websocket to the page's kernel."""
        address = self.served.address.replace("http", "ws", 1)
        request = HTTPRequest(
            f"{address}/api/kernels/{self.kernel}/channels?session_id=s1"
        )
        held = "; ".join(f"{k}={v}" for k, v in self.person.cookies.items())
        request.headers["Cookie"] = held
        line = await websocket_connect(request, subprotocols=[V1])
        # a kernel takes no message twice, and each begins to count anew
        return Socket(line, number=random.randrange(10**12))

    async def leave(self) -> None:
        """Close the page; the browser's last call ends its kernel."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        if self.socket is not None:
            self.socket.line.close()
            self.socket = None
            with suppress(Exception):
                await asyncio.to_thread(
                    self.person.post, f"/voila/api/shutdown/{self.kernel}"
                )

    async def watch(self) -> None:
        """Ask every two seconds whether the page lives, and come back if not."""
        while True:
            await asyncio.sleep(ASKS_EVERY)
            if not self.step or self.busy.locked():
                continue
            kernel = self.kernel
            try:
                answer = await self.get(f"/here/{self.kernel}?step={self.step}")
                alive = answer.code == 200 and json.loads(answer.body)["kernel"]
            except Exception:
                alive = ""
            if alive != "alive" and kernel == self.kernel and not self.busy.locked():
                await self._come_back()

    async def _come_back(self) -> None:
        async with self.busy:
            while True:
                try:
                    await self.open(self.step)
                    break
                except Exception:
                    await asyncio.sleep(0.5)
        now, ledger = time.perf_counter(), self.ledger
        what = "server" if ledger.listens_at > ledger.killed_at else "kernel"
        since = max(ledger.listens_at, ledger.killed_at)
        ledger.back.append((what, now - since))

    async def _listen(self, socket: Socket) -> None:
        while True:
            heard = await socket.hear(3600)
            if heard is None:
                return
            if heard["kind"] == "comm_msg":
                self._note(heard["content"])

    def _note(self, content: dict[str, Any]) -> None:
        state = content["data"].get("state", {})
        widget = self.states.setdefault(content["comm_id"], {})
        widget.update(state)
        if widget.get("_model_name") != "HTMLModel":
            return
        now = time.perf_counter()
        for word in TOKEN.findall(str(state.get("value", ""))):
            if word.startswith(self.name):
                self.ledger.kept.setdefault(word, now)
            else:
                self.ledger.seen.setdefault(word, now)

    # what a person does ---------------------------------------------------------------

    def field(self, name: str) -> str | None:
        """Return the widget of a typed field."""
        wanted = f"cg-field-{name}"
        for widget, state in self.states.items():
            if wanted in (state.get("_dom_classes") or ()):
                return widget
        return None

    def button(self, text: str) -> str | None:
        """Return the first button that says so."""
        for widget, state in self.states.items():
            named = state.get("description") == text
            if named and state.get("_model_name") == "ButtonModel":
                return widget
        return None

    async def put(self, widget: str, **state: Any) -> None:
        """Type into a field, or choose."""
        assert self.socket
        data = {"method": "update", "state": state, "buffer_paths": []}
        await self.socket.send("comm_msg", {"comm_id": widget, "data": data})

    async def park(self) -> None:
        """Park one line, and press again until it stands on the own page."""
        self._number += 1
        word = f"{self.name}{self._number:04d}"
        self.ledger.said[word] = time.perf_counter()
        for attempt in range(60):
            async with self.busy:
                if word in self.ledger.kept or self._shown(word):
                    self.ledger.kept.setdefault(word, time.perf_counter())
                    return
                self.ledger.again += attempt > 0
                with suppress(Exception):
                    text, press = self.field("parking-text"), self.button("Park it")
                    if self.socket and text and press:
                        await self.put(text, value=word)
                        await self.socket.press(press)
            await self._until(lambda: word in self.ledger.kept)
        self.ledger.faults.append(f"{word} was never kept")

    def _shown(self, word: str) -> bool:
        """Whether the page came back with the word on it already."""
        return any(
            word in str(state.get("value", ""))
            for state in self.states.values()
            if state.get("_model_name") == "HTMLModel"
        )

    async def _until(self, is_so: Callable[[], bool]) -> None:
        end = time.perf_counter() + TRIES_AGAIN_AFTER
        while time.perf_counter() < end and not is_so():
            await asyncio.sleep(0.02)

    async def seal(self) -> None:
        """Type a bet and seal it."""
        low = random.randint(1, 30)
        self.bet = {
            "tolerable_error": str(random.randint(1, 40)),
            "expected": f"{low}, {low + 5}, {low + 12}",
            "ratio": str(random.randint(2, 9)),
        }
        async with self.busy:
            for name, value in self.bet.items():
                if widget := self.field(f"bet-{self.role}-{name}"):
                    await self.put(widget, value=value)
            for name in ("fallback", "owner"):
                if widget := self.field(f"bet-{self.role}-{name}"):
                    await self.put(widget, index=0)
            await self._press("That is my bet")

    async def frame(self) -> None:
        """Save an outcome, or who could be harmed."""
        values = {
            "product": {"outcome-measure": f"passengers told in time, {self.name}",
                        "outcome-from": "20", "outcome-to": "40",
                        "outcome-by": "2027-06"},
            "engineering": {"questions-harmed": f"families who wait, {self.name}"},
        }[self.role]  # fmt: skip
        async with self.busy:
            for name, value in values.items():
                if widget := self.field(name):
                    await self.put(widget, value=value)
            first = next(iter(values)).partition("-")[0]
            saves = [
                w for w, s in self.states.items() if s.get("description") == "Save"
            ]
            place = 0 if first == "outcome" else 1
            if self.socket and len(saves) > place:
                await self.socket.press(saves[place])

    async def decide(self) -> None:
        """Save who owns the two decisions of 05, where nothing is parked any more."""
        async with self.busy:
            with suppress(Exception):
                for name in ("threshold", "release"):
                    if widget := self.field(f"rights-{name}"):
                        await self.put(widget, index=0)
                await self._press("Save")

    async def go_on(self) -> None:
        """Leave a step undecided."""
        async with self.busy:
            await self._press("Undecided, go on")

    async def _press(self, text: str) -> None:
        if self.socket and (widget := self.button(text)):
            await self.socket.press(widget)
