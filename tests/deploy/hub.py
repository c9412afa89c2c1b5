"""A JupyterHub that really runs, with its proxy and the room, and people who log in."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.room.client import Answer, Person, Served

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
HUB = DEPLOY / "jupyterhub"
PROXY = HUB / "node_modules" / ".bin" / "configurable-http-proxy"
ROOM = "/services/room"
SEATS = """user,pair,half
dana,1,product
ilir,1,engineering
noor,2,product
maria,,desk
"""
LATER = ("eve",)
"""Have a code for the hub and no seat: their line was taken out of the list."""
STARTS_WITHIN = 90.0
ENDS_WITHIN = 90.0
"""A hub gives its service twenty seconds, and its proxy some more."""

needs_hub = pytest.mark.skipif(
    importlib.util.find_spec("jupyterhub") is None or not PROXY.exists(),
    reason="JupyterHub and its proxy are not installed here: make hub",
)


@dataclass
class Hub:
    """A hub that runs: where, and with which codes people log in."""

    port: int
    room_port: int
    hub_port: int
    codes: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def served(self) -> Served:
        """The room, as people reach it through the hub's proxy."""
        address = f"http://127.0.0.1:{self.port}{ROOM}"
        return Served(address, self.codes, self.process, self.folder)  # type: ignore[arg-type]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def processes(self) -> dict[str, int]:
        """Return hub, proxy and room by their process ids."""
        found = {"hub": self.process.pid}
        for pid, parent in _parents().items():
            if parent == self.process.pid:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                found["proxy" if b"http-proxy" in command else "room"] = pid
        return found


@contextmanager
def running_hub(folder: Path) -> Iterator[Hub]:
    """Run a hub as docs/deploy.md tells to; all that it started is ended by id."""
    codes = _make_codes(folder)
    port, room_port, hub_port, api_port = _free(4)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "HUB_FOLDER": str(folder),
        "HUB_URL": f"http://127.0.0.1:{port}", "ROOM_PORT": str(room_port),
        "ROOM_PAIRS": "2", "ROOM_SCENARIO": "flight-disruptions",
        "WORKSHOP_CACHE": str(folder / "cache"),
    }  # fmt: skip
    command = [
        *(sys.executable, "-m", "jupyterhub"),
        *("-f", str(HUB / "jupyterhub_config.py"), "--url", environment["HUB_URL"]),
        f"--JupyterHub.hub_port={hub_port}",
        f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{api_port}",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log
        )
    hub = Hub(port, room_port, hub_port, codes, folder, process)
    try:
        _wait(hub)
        yield hub
    finally:
        _end(hub)


def _make_codes(folder: Path) -> dict[str, str]:
    """Write the list and make the codes, as the facilitator does."""
    more = "".join(f"{user},1,product\n" for user in LATER)
    (folder / "seats.csv").write_text(SEATS + more, "utf-8")
    made = subprocess.run(
        [sys.executable, str(HUB / "seat_codes.py"), str(folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    (folder / "seats.csv").write_text(SEATS, "utf-8")
    lines = [line.split() for line in made.stdout.splitlines()]
    return dict(lines)


def _free(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _wait(hub: Hub) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        assert hub.process.poll() is None, hub.log
        try:
            if Person(hub.served).get("/join").status == 302:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise AssertionError(hub.log)


def _end(hub: Hub) -> None:
    """End the hub, and whatever it leaves behind."""
    process, started = hub.process, below(hub.process.pid)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    end = time.monotonic() + 10
    while (left := [pid for pid in started if _runs(pid)]) and time.monotonic() < end:
        time.sleep(0.1)
    what = [_command(pid) for pid in left]
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert left == [], f"the hub left processes behind: {what}\n{hub.log[-3000:]}"


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:200]
    except OSError:
        return ""


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if stat[0] != "Z":
                found[int(folder.name)] = int(stat[1])
    return found


def below(root: int) -> set[int]:
    """Return all processes that one has started, and those that they have."""
    parents, found = _parents(), {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def _runs(pid: int) -> bool:
    return pid in _parents()


@dataclass
class Visitor(Person):
    """Somebody at a browser that knows both the hub's cookies and the room's."""

    jar: dict[tuple[str, str], str] = field(default_factory=dict)
    at: str = ""

    def ask(self, method: str, path: str, **given: object) -> Answer:
        """Ask the room, whose cookies lie below its own path."""
        self.at = f"{ROOM}{path}"
        answer = super().ask(method, path, **given)
        self.cookies["_xsrf"] = self.jar.get((f"{ROOM}/", "_xsrf"), "")
        return answer

    def hub(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """Ask the hub, at an address from the root."""
        self.at = path
        connection = HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        sent = {"Accept": "text/html", **self._cookie(), **headers}
        connection.request(method, path, body=body or None, headers=sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self._keep(answer)
        connection.close()
        return Answer(answer.status, answer.msg, text)

    def log_in(self, user: str, code: str) -> Answer:
        """Fill in the hub's form; return what came of that."""
        form = self.hub("GET", f"/hub/login?next={ROOM}/")
        found = re.search(r'name="_xsrf" value="([^"]+)"', form.text)
        assert found, form.text
        asked = {"username": user, "password": code, "_xsrf": found[1]}
        return self.hub(
            "POST",
            f"/hub/login?next={ROOM}/",
            urlencode(asked),
            **{"Content-Type": "application/x-www-form-urlencoded"},
        )

    def follow(self, path: str) -> tuple[str, Answer]:
        """Go where redirects lead; return where that is."""
        for _ in range(12):
            answer = self.hub("GET", path)
            if answer.status not in (301, 302, 303):
                return path, answer
            where = urlsplit(answer.headers["Location"])
            path = f"{where.path}?{where.query}" if where.query else where.path
        raise AssertionError(f"redirects without an end, at {path}")

    def sit_down(self, user: str) -> str:
        """Log in and come to the room; return the page at which one begins."""
        assert self.log_in(user, self.served.codes[user]).status == 302
        return self.follow(f"{ROOM}/")[0]

    def _cookie(self) -> dict[str, str]:
        held = "; ".join(
            f"{name}={value}"
            for (path, name), value in sorted(self.jar.items(), reverse=True)
            if (self.at or f"{ROOM}/").startswith(path)
        )
        return {"Cookie": held} if held else {}

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.msg.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.jar[(morsel["path"] or "/", name)] = morsel.value
