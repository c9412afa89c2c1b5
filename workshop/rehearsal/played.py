"""Does a room really start here, let somebody sit down and show the first page?

The strongest check there is, so it is made with the room's own server, on loopback, in
a folder that is thrown away. It ends after a minute and a half at the latest.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from workshop.rehearsal.tried import Tried, number, tried
from workshop.views.wording import Said, phrase, say

SECONDS = 90.0
ENDS_WITHIN = 15.0
FIRST_PAGE = "/step/00"
_MADE = '"kernelId": "'
"""Stands in a page that was made; one that says why it was not has none."""
_SHOWN = 200
"""Signs of an answer that is told, where it is none that a room gives."""


class _Stumbled(Exception):
    """What went wrong, as the last line that the room said."""


def play(scenario: str, port: int, *, seconds: float = SECONDS) -> Tried:
    """Start a room of one pair, sit down, open the first page, end it.

    Parameters
    ----------
    scenario : str
        A shipped scenario's name, or a scenario's folder.
    port : int
        Where to listen on loopback; 0 for any that is free.
    seconds : float
        When it is ended, however far it came.
    """
    began = time.monotonic()
    with (
        TemporaryDirectory(prefix="common-ground-", ignore_cleanup_errors=True) as own,
        _room(Path(own), scenario, port, seconds) as room,
    ):
        try:
            place, code = _started(room)
        except _Stumbled as error:
            return _failed("no_start", error, began, seconds, own)
        try:
            _sit_down_and_read(place, code, seconds)
        except (OSError, HTTPException, ValueError, _Stumbled) as error:
            return _failed("no_page", error, began, seconds, own)
    took = number("took", round(time.monotonic() - began, 1), "s")
    said = say("rehearsal.played.ok", place=place, seconds=took)
    return tried("played", "ok", said)


def _failed(
    how: str, error: Exception, began: float, seconds: float, own: str
) -> Tried:
    if time.monotonic() - began >= seconds:
        limit = number("limit", seconds, "s")
        return tried("played", "fails", say("rehearsal.played.late", limit=limit))
    why = str(error) or _last_line(Path(own) / "log")
    why = why or phrase("rehearsal.played.no_reason")
    return tried("played", "fails", _told(how, why))


def _told(how: str, why: str) -> Said:
    return say(f"rehearsal.played.{how}", why=why)


# --- the room -------------------------------------------------------------------------


@contextmanager
def _room(
    own: Path, scenario: str, port: int, seconds: float
) -> Iterator[subprocess.Popen[str]]:
    """Run the trial until the block ends, and no longer than so many seconds."""
    command = [sys.executable, "-m", "workshop.rehearsal.trial"]
    with (own / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, str(own / "room"), scenario, str(port)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        timer = Timer(seconds, process.kill)
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


def _started(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait for the line that says where it is, and the code of a seat."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise _Stumbled
    told = _read(line)
    if not {"address", "code"} <= set(told):
        raise _Stumbled(" ".join(line.split())[:_SHOWN])
    return str(told["address"]), str(told["code"])


def _read(text: str) -> dict[str, Any]:
    """Read what a room says; where that is something else, it is what went wrong."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise _Stumbled(" ".join(text.split())[:_SHOWN])
    return told


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("workshop.errors.InputError: ") if lines else ""


# --- somebody at a browser ------------------------------------------------------------


def _sit_down_and_read(address: str, code: str, seconds: float) -> None:
    somebody = _Somebody(address, seconds)
    somebody.ask("GET", "/join")
    answer = _read(somebody.ask("POST", "/join", {"code": code, "name": "Trial"}))
    if not answer.get("ok"):
        raise _Stumbled(answer.get("said", ""))
    page = somebody.ask("GET", FIRST_PAGE)
    if _MADE not in page:
        raise _Stumbled


class _Somebody:
    """A browser as far as a room needs one: keeps cookies, sends back the token."""

    def __init__(self, address: str, seconds: float) -> None:
        parts = urlsplit(address)
        self._place = parts.hostname or "", parts.port or 80
        self._seconds = seconds
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None) -> str:
        """Send a request; return the page that comes."""
        line = HTTPConnection(*self._place, timeout=self._seconds)
        try:
            held = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            headers = {"Cookie": held, "X-XSRFToken": self._cookies.get("_xsrf", "")}
            text = json.dumps(body) if body is not None else None
            line.request(method, path, body=text, headers=headers)
            answer = line.getresponse()
            for cookie in answer.msg.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self._cookies[name] = value.strip('"')
            return answer.read().decode("utf-8", "replace")
        finally:
            line.close()
