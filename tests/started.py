"""A command started as a person starts it: read until it answers, then ended."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.room.client import Person, Served

SECONDS = 90
LINK = re.compile(r"(http://\S+)/join#(\S+)")
LAB = re.compile(r"(http://127\.0\.0\.1:\d+/)lab\S*token=(\w+)")


@dataclass
class Running:
    """A program, and the file that it says everything into."""

    process: subprocess.Popen[str]
    log: Path

    @property
    def told(self) -> str:
        """All that it has said so far."""
        return self.log.read_text("utf-8", "replace")

    def says(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Wait until it says something; fail with what it said instead."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if found := pattern.search(self.told):
                return found
            time.sleep(0.1)
        raise AssertionError(f"it never said {pattern.pattern}, but:\n{self.told}")

    def come_in(self) -> Person:
        """Open the link that an app printed."""
        address, code = self.says(LINK).groups()
        person = Person(Served(address, {}, self.process, self.log.parent))
        assert person.come_in(code).json()["ok"]
        return person

    def ask_lab(self, path: str) -> Any:
        """Ask a lab for something once it answers at all."""
        address, token = self.says(LAB).groups()
        # whatever proxy the tests themselves are under, this is on this machine
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{address}{path}?token={token}", timeout=60) as answer:
            return json.load(answer)


@contextmanager
def running(
    command: Sequence[str], *, cwd: Path, env: dict[str, str], log: Path
) -> Iterator[Running]:
    """Run a command until the block ends, then stop it and all that it started."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield Running(process, log)
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End it with its group, as the system does when it goes down; or kill them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        _tell(process, number)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            process.poll()
            if not _tell(process, 0):
                process.wait()
                return
            time.sleep(0.1)


def _tell(process: subprocess.Popen[str], number: int) -> bool:
    """Send a signal to all that is left of a group; say whether any was."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    """Return a port that nobody listens at just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
