"""A room that really runs, and somebody with a cookie who asks it for things."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from workshop.room.guard import V1, framed

ROOM = """
import json, sys
from workshop.room.seats import RoomState, create
from workshop.room.serving import run_room
folder, port, outer = sys.argv[1], int(sys.argv[2]), sys.argv[3]
try:
    state, codes = create(folder, "flight-disruptions", pairs=2)
    given = {"desk": codes.desk, "spectator": codes.spectator}
    given |= {f"{role} {pair}": code for pair, role, code in codes.seats}
except Exception:
    state, given = RoomState.open(folder), {}
def ready(address):
    print(json.dumps({"address": address, "codes": given}), flush=True)
run_room(state, port=port, outer=outer, on_ready=ready)
"""
APP = """
import json, sys
from pathlib import Path
from workshop.data.catalog import open_target
from workshop.room.serving import run_app
def says(text):
    if "#" in text:
        address, _, code = text.rpartition(" ")[2].partition("/join#")
        print(json.dumps({"address": address, "codes": {"app": code}}), flush=True)
run_app(open_target(sys.argv[1]), port=int(sys.argv[2]), says=says)
"""


@dataclass
class Served:
    """A server that runs: where, with which codes, and as which process."""

    address: str
    codes: dict[str, str]
    process: subprocess.Popen[str]
    folder: Path

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def prefix(self) -> str:
        """The path that everything lies below, without a slash at its end."""
        return urlsplit(self.address).path

    def kernels(self) -> list[int]:
        """Return the processes that its kernels are: forks of what it started."""
        processes = [f for f in Path("/proc").iterdir() if f.name.isdigit()]
        above = {int(f.name): _parent(f) for f in processes}
        mine = {pid for pid, parent in above.items() if parent == self.process.pid}
        return sorted(pid for pid, parent in above.items() if parent in mine)


def _parent(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


@contextmanager
def serving(script: str, folder: Path, root: Path, **where: Any) -> Iterator[Served]:
    """Run a server in a process of its own until the block ends."""
    served = start(script, folder, root, **where)
    try:
        yield served
    finally:
        stop(served)


def start(
    script: str, folder: Path, root: Path, *, port: int = 0, outer: str = ""
) -> Served:
    """Start a server; it prints one line of JSON once it listens."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WORKSHOP_")}
    own = {"PYTHONPATH": str(root), "A_SECRET": "of the server", "HOME": str(folder)}
    own["WORKSHOP_BETS"] = str(folder / "own-bets")
    # what one room counted and trained, the next one of this run need not
    own["WORKSHOP_CACHE"] = str(folder.parent / "cache")
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(folder / "kept"), str(port), outer],
            cwd=folder,
            env=kept | own,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        process.wait()
        process.stdout.close()
        raise RuntimeError((folder / "log").read_text())
    told = json.loads(line)
    return Served(told["address"], told["codes"], process, folder)


def stop(served: Served) -> None:
    """End it as a person would, and wait."""
    if served.process.poll() is None:
        served.process.send_signal(signal.SIGTERM)
    try:
        served.process.wait(30)
    except subprocess.TimeoutExpired:
        served.process.kill()
        served.process.wait()
    if served.process.stdout:
        served.process.stdout.close()


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Message
    text: str

    @property
    def cookies(self) -> list[str]:
        """Every cookie that was set, with what a browser is told of it."""
        return self.headers.get_all("Set-Cookie", [])

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Person:
    """Somebody at a browser: keeps cookies, sends the token against forged requests."""

    served: Served
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""

    def ask(self, method: str, path: str, **given: Any) -> Answer:
        """Send one request; ``headers`` and ``body`` as they are to be."""
        connection = HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        headers = {"Accept": "text/html", **self._cookie(), **given.get("headers", {})}
        path = f"{self.served.prefix}{path}"
        connection.request(method, path, body=given.get("body"), headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self._keep(answer)
        connection.close()
        return Answer(answer.status, answer.msg, text)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Post as the room's own pages do."""
        own = {"X-XSRFToken": self.cookies.get("_xsrf", ""), **headers}
        return self.ask("POST", path, headers=own, body=json.dumps(body))

    def come_in(self, code: str, name: str = "") -> Answer:
        """Open the page at the door and post a code there."""
        self.get("/join")
        return self.post("/join", {"code": code, "name": name})

    def open(self, step: str) -> str:
        """Open a step's page; return its kernel's id."""
        answer = self.get(f"/step/{step}")
        assert answer.status == 200, answer.text
        self.page = answer.text
        found = re.search(r'"kernelId": "([\w-]+)"', answer.text)
        assert found, answer.text[-2000:]
        return found[1]

    async def connect(self, kernel: str, **headers: str) -> Socket:
        """Open a websocket to a kernel."""
        address = f"ws://127.0.0.1:{self.served.port}{self.served.prefix}"
        path = f"/api/kernels/{kernel}/channels?session_id=s1"
        request = HTTPRequest(f"{address}{path}")
        for name, value in {**self._cookie(), **headers}.items():
            request.headers[name] = value
        return Socket(await websocket_connect(request, subprotocols=[V1]))

    def _cookie(self) -> dict[str, str]:
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": held} if held else {}

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.msg.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')


@dataclass
class Socket:
    """A websocket to a kernel, spoken as a page speaks it, or otherwise."""

    line: WebSocketClientConnection
    number: int = 0

    async def send(self, kind: str, content: Any, channel: str = "shell") -> str:
        """Send one message; return its id."""
        self.number += 1
        header = {
            "msg_id": f"m{self.number}", "msg_type": kind, "session": "s1",
            "username": "", "date": "2026-11-22T10:00:00Z", "version": "5.3",
        }  # fmt: skip
        metadata = {"version": "1.0.0"}
        parts = (json.dumps(part).encode() for part in (header, {}, metadata, content))
        await self.raw(framed(channel.encode(), *parts))
        return header["msg_id"]

    async def raw(self, frame: bytes | str) -> None:
        await self.line.write_message(frame, binary=isinstance(frame, bytes))

    async def hear(self, seconds: float = 20) -> dict[str, Any] | None:
        """Return the next message, what it is and answers; None when none comes."""
        try:
            frame = await asyncio.wait_for(self.line.read_message(), seconds)
        except TimeoutError:
            return None
        if frame is None:
            return None
        count = int.from_bytes(frame[:8], "little")
        at = [
            int.from_bytes(frame[8 * i : 8 * i + 8], "little")
            for i in range(1, count + 1)
        ]
        header, parent, _, content = (
            json.loads(frame[at[i] : at[i + 1]]) for i in range(1, 5)
        )
        return {
            "kind": header["msg_type"], "to": parent.get("msg_id"), "content": content,
        }  # fmt: skip

    async def until(self, is_it: Any, seconds: float = 20) -> dict[str, Any] | None:
        """Return the first message that is it; None when none comes in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            heard = await self.hear(left)
            if heard is None or is_it(heard):
                return heard
        return None

    async def all_until_idle(self, message: str, seconds: float = 10) -> list[str]:
        """Return the kinds of all messages until that one is done."""
        kinds, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            heard = await self.hear(left)
            if heard is None:
                break
            kinds.append(heard["kind"])
            if heard["to"] == message and heard["content"] == {
                "execution_state": "idle"
            }:
                break
        return kinds

    async def states(self) -> dict[str, dict[str, Any]]:
        """Ask for the state of every widget, as a page does."""
        await self.send(
            "comm_open",
            {"comm_id": "ctl", "target_name": "jupyter.widget.control", "data": {}},
        )
        await self.send(
            "comm_msg", {"comm_id": "ctl", "data": {"method": "request_states"}}
        )
        heard = await self.until(
            lambda m: (
                m["kind"] == "comm_msg"
                and m["content"]["data"].get("method") == "update_states"
            ),
        )
        assert heard is not None
        return {
            name: held["state"]
            for name, held in heard["content"]["data"]["states"].items()
        }

    async def press(self, widget: str) -> str:
        """Press a button."""
        data = {"method": "custom", "content": {"event": "click"}}
        return await self.send("comm_msg", {"comm_id": widget, "data": data})

    async def close(self) -> None:
        """Say good-bye, and wait until the line is down."""
        self.line.close()
        while await self.hear(5) is not None:
            pass
        await asyncio.sleep(0)


def button(states: dict[str, dict[str, Any]], description: str) -> str:
    """Return the first button that says so."""
    return next(
        name
        for name, state in states.items()
        if state.get("_model_name") == "ButtonModel"
        and state.get("description") == description
    )
