"""A browser, and a lab for it on loopback: what these tests start, they also end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from workshop.views.wording import phrase

SECONDS = 1000
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TOLD_BUSY = "import ctypes, time; time.sleep(0.5)"
KERNEL_IS_IDLE = "() => /\\| Idle/.test(document.body.innerText)"
LAST_RUN = """() => {
  const last = [...document.querySelectorAll('.jp-CodeCell')].at(-1);
  const shown = last.querySelector('.cgp-panel');
  return shown ? last.querySelector('.jp-OutputPrompt').textContent : '';
}"""
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => done()))"
IS_SAVED = "() => !document.querySelector('.lm-TabBar-tab.jp-mod-dirty')"
HAS_RUN = f"before => {{ const now = ({LAST_RUN})(); return now && now !== before }}"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """Start one browser a module: its event loop must not outlive these tests."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=[*ARGUMENTS])
        yield started
        started.close()


class _Asked:
    """A kernel that was asked to do nothing for some seconds, and has begun to."""

    def __init__(self, connection: Path, seconds: int):
        from jupyter_client.blocking.client import BlockingKernelClient

        self.client = BlockingKernelClient(connection_file=str(connection))
        self.client.load_connection_file()
        self.client.start_channels(hb=False)
        self.client.wait_for_ready(timeout=60)
        code = f"{TOLD_BUSY}; ctypes.PyDLL(None).sleep({seconds})"
        self.id = self.client.execute(code)
        told: dict[str, Any] = {}
        while not self._is_mine(told) or told["msg_type"] != "execute_input":
            told = self.client.get_iopub_msg(timeout=60)
        time.sleep(1)

    def unanswered(self) -> bool:
        """Whether the kernel has not come back yet."""
        while self.client.shell_channel.msg_ready():
            if self._is_mine(self.client.get_shell_msg(timeout=1)):
                return False
        return True

    def _is_mine(self, told: dict[str, Any]) -> bool:
        return bool(told) and told["parent_header"].get("msg_id") == self.id


@dataclass
class Lab:
    """A running lab: where it answers and saves, what pages asked for and were told."""

    url: str
    token: str
    home: Path
    pid: int
    asked: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def record(self) -> Path:
        """The file that the pair's choices are kept in."""
        return self.home / "my-workshop" / "record.yaml"

    def strangers(self) -> list[str]:
        """Every address asked for so far that is not on this machine."""
        apart = {"data", "blob", "about"}
        parts = [(address, urlsplit(address)) for address in self.asked]
        return [
            address
            for address, part in parts
            if part.scheme not in apart and part.hostname != "127.0.0.1"
        ]

    def forget_kernels(self) -> None:
        """End the notebooks' kernels, as a restart of the lab would."""
        for session in self._call("GET", "api/sessions"):
            self._call("DELETE", f"api/sessions/{session['id']}")

    @contextmanager
    def busy(self, seconds: int) -> Iterator[Callable[[], bool]]:
        """Have every kernel answer nothing for a while, not even in its subshells.

        A cell that only sleeps lets the messages of widgets pass beside it. Yields a
        question: is each still at it? What a page shows of that is not to be trusted:
        the state of some other message may stand there.
        """
        at_work = [
            _Asked(self.home / "runtime" / f"kernel-{kernel['id']}.json", seconds)
            for kernel in self._call("GET", "api/kernels")
        ]
        yield lambda: all(asked.unanswered() for asked in at_work)
        for asked in at_work:
            asked.client.stop_channels()

    def open(self, browser: Any, notebook: str, width: int = 1280) -> Notebook:
        """Open a notebook in a browser and a workspace of its own."""
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.set_default_timeout(60 * SECONDS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", self._listen)
        place = f"lab/workspaces/test{next(self._names)}/tree/notebooks/{notebook}"
        page.goto(f"{self.url}{place}?token={self.token}")
        return Notebook(page)

    def _listen(self, socket: Any) -> None:
        self.asked.append(socket.url)
        socket.on("framereceived", lambda told: self.heard.append(_as_bytes(told)))

    def _call(self, method: str, path: str) -> Any:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
        return json.loads(body) if body else None


@dataclass
class Notebook:
    """A notebook on the page, used as a person would: by words, not by cells."""

    page: Any

    def run_all(self) -> None:
        """Choose Run, Run All Cells, and wait for what the last cell shows."""
        self.page.wait_for_function(KERNEL_IS_IDLE)
        before = self.page.evaluate(LAST_RUN)
        for item in ("Run", "Run All Cells"):
            self.page.get_by_role("menuitem", name=item, exact=True).click()
        self.page.wait_for_function(HAS_RUN, arg=before)

    def panel(self, title: str) -> Any:
        """Return the form with that heading, or the part of one."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        forms = self.page.locator(".cgp-part, .cgp-panel:not(:has(.cgp-part))")
        return forms.filter(has=heading)

    def reveal(self, name: str) -> Any:
        """Press a figure's button and return the cell in which it appears."""
        cell = self.page.locator(".jp-CodeCell").filter(has_text=f"step.{name}()")
        cell.get_by_role("button", name=phrase(f"panel.reveal.{name}")).click()
        return cell

    def save_page(self) -> None:
        """Choose File, Save Notebook, and wait until it is on disk."""
        for item in ("File", "Save Notebook"):
            self.page.get_by_role("menuitem", name=item).first.click()
        self.page.wait_for_function(IS_SAVED)

    def text(self) -> str:
        """Everything that the page holds, on the screen or off it."""
        return self.page.locator(".jp-Notebook").text_content()

    def close(self) -> None:
        """Close the page and all that the browser keeps of it."""
        self.page.context.close()


@dataclass
class Explorer:
    """The explorer on a page, and the notebook around it."""

    notebook: Notebook

    def key(self, name: str) -> Any:
        """Find a control by its own name."""
        return self.notebook.page.locator(f'.cgx [data-key="{name}"]')

    def settle(self) -> None:
        """Wait for the next frame: what was moved is drawn by then."""
        self.notebook.page.evaluate(NEXT_FRAME)

    @property
    def sentence(self) -> str:
        """What it says now."""
        self.settle()
        return self.notebook.page.locator(".cgx-sentence").text_content()

    def at(self, name: str = "act") -> int:
        """Where a handle stands, as a place among the cuts."""
        self.settle()
        return int(self.key(f"handle-{name}").get_attribute("aria-valuenow"))

    @property
    def score(self) -> float:
        """The score that is written beside the line."""
        self.settle()
        return float(self.key("typed-act").input_value())

    def press(self, key: str, times: int = 1, name: str = "act") -> None:
        """Press a key on a handle."""
        handle = self.key(f"handle-{name}")
        handle.focus()
        for _ in range(times):
            handle.press(key)

    def drag(self, share: float) -> None:
        """Drag the line by the mouse to a place on the axis, left to right 0 to 1."""
        page = self.notebook.page
        line = page.locator(".cgx-line-svg")
        line.scroll_into_view_if_needed()
        grip = page.locator(".cgx-handle-act .cgx-grip").bounding_box()
        box, mouse = line.bounding_box(), page.mouse
        height = grip["y"] + grip["height"] / 2
        mouse.move(grip["x"] + grip["width"] / 2, height)
        mouse.down()
        mouse.move(box["x"] + share * box["width"], height, steps=6)
        mouse.up()

    def lock(self, because: str) -> str:
        """Lock the line, and return what is said of the rows kept aside."""
        panel = self.notebook.panel(phrase("panel.threshold.title"))
        why = panel.get_by_label(phrase("field.threshold.because"), exact=True)
        why.fill(because)
        button = phrase("panel.threshold.save")
        panel.get_by_role("button", name=button, exact=True).click()
        panel.get_by_text(phrase("panel.threshold.locked")).wait_for()
        return panel.inner_text()


@pytest.fixture(scope="session")
def lab(
    chromium: str, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """Start `workshop lab` as a person would, with a folder of its own."""
    with running_lab(tmp_path_factory.mktemp("lab"), root) as started:
        yield started


@contextmanager
def running_lab(home: Path, root: Path) -> Iterator[Lab]:
    """Start `workshop lab` in ``home`` with the library at ``root``, and end it."""
    own = {
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "PYTHONPATH": str(root),
        "WORKSHOP_BETS": str(home / "bets"),
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WORKSHOP_")}
    main = "from workshop.cli import main; main()"
    command = [sys.executable, "-c", main, "lab", "--no-browser"]
    with (home / "lab.log").open("wb") as log:
        door = subprocess.Popen(
            [*command, "--port", str(_free_port())],
            cwd=home,
            env=kept | own,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            started = _wait_for_lab(home, door)
            try:
                yield started
            finally:
                os.kill(started.pid, signal.SIGTERM)
                door.wait(timeout=30)
        finally:
            door.kill()
            door.wait()


def _as_bytes(told: str | bytes) -> bytes:
    return told.encode() if isinstance(told, str) else told


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for_lab(home: Path, door: subprocess.Popen[bytes]) -> Lab:
    """Read where the server answers and its token, once it answers at all."""
    until = time.monotonic() + 60
    while time.monotonic() < until and door.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            try:
                known = json.loads(file.read_text("utf-8"))
            except ValueError:
                continue  # it is being written at this very moment
            found = Lab(known["url"], known["token"], home, known["pid"])
            try:
                found.forget_kernels()
            except urllib.error.URLError:
                break  # it says where it will be before it is there
            return found
        time.sleep(0.2)
    pytest.fail("the lab did not start:\n" + (home / "lab.log").read_text("utf-8"))
