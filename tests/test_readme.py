"""Every command of the README is run as it stands there, in a folder of its own.

What a reader would already have (a table, a record of last month) is laid beside it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.helpers import SHIPPED
from tests.started import LAB, LINK, free_port, running
from workshop.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAMS = ("workshop", "make", "uv")
ADDRESS = {"lab": LAB, "app": LINK, "room": LINK}
AFTER = {"workshop report calls": "workshop new calls"}
"""A command that goes on with what an earlier one made."""


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of one language."""
    return [found for name, found in BLOCK.findall(text) if name == language]


def commands_of(text: str) -> list[str]:
    """Return the lines of code blocks that call one of the programs."""
    lines = (
        line.split("#")[0].strip() for b in blocks(text, "") for line in b.split("\n")
    )
    return [line for line in lines if line.startswith(tuple(f"{p} " for p in PROGRAMS))]


COMMANDS = list(dict.fromkeys(commands_of(README)))
SERVERS = [c for c in COMMANDS if ADDRESS.keys() & set(c.split())]
OF_OURS = [c for c in COMMANDS if c.startswith("workshop ") and c not in SERVERS]


def test_the_reader_of_blocks_finds_what_stands_in_them():
    text = "```\nmake test  # all\nls\n```\nmake nothing\n```\nworkshop list\n```\n"
    assert commands_of(text) == ["make test", "workshop list"]


def test_the_readme_is_read_in_a_few_minutes():
    assert len(README.splitlines()) < 200


def test_every_command_of_ours_is_in_it():
    told = {line.split()[1] for line in COMMANDS if line.startswith("workshop ")}
    assert told == main.commands.keys() - {"wording"}


@pytest.mark.parametrize("target", re.findall(r"`make ([a-z-]+)`", README))
def test_every_target_that_it_names_is_there(target):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


# --- what a reader would have --------------------------------------------------------


def _calls(here: Path) -> None:
    """A table like the one that the README speaks of: 400 calls over 200 days."""
    rows = range(400)
    pd.DataFrame(
        {
            "day": [f"2026-{1 + i // 80:02}-{1 + i % 28:02}" for i in rows],
            "region": ["north", "south", "west", "north"] * 100,
            "minutes": [(7 * i) % 31 for i in rows],
            "sold": ["yes" if (7 * i) % 31 > 20 or i % 11 == 0 else "no" for i in rows],
        }
    ).to_csv(here / "calls.csv", index=False)


def _example(here: Path, name: str) -> None:
    shutil.copy(ROOT / "datasets" / SHIPPED / "example-record.yaml", here / name)


def _own_record(here: Path) -> None:
    (here / "my-workshop").mkdir()
    _example(here, "my-workshop/record.yaml")


def _new_rows(here: Path) -> None:
    shutil.copy(
        ROOT / "datasets" / SHIPPED / "first-month.parquet", here / "new.parquet"
    )


GIVEN: dict[str, Callable[[Path], None]] = {
    "calls.csv": _calls,
    "june.yaml": lambda here: _example(here, "june.yaml"),
    "july.yaml": lambda here: _example(here, "july.yaml"),
    "my-workshop/record.yaml": _own_record,
    "new.parquet": _new_rows,
}
FILLED_IN = {"FOLDER": "calls", "FILE": "calls.csv"}
"""The words in capitals, and what a reader might put there."""


UV_SECONDS = 300
"""How long uv may take to bring what the lab needs."""

Finished = subprocess.CompletedProcess[str]


class Reader:
    """Somebody in an empty folder, who types what the README says."""

    def __init__(self, here: Path) -> None:
        self.here = here
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        # the tests may run under make themselves
        ours = ("WORKSHOP_", "MAKE", "MFLAGS")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        quiet = {"BROWSER": "true", "HOME": str(here.parent / "home")}
        # whatever certificates this machine trusts, and no long wait for nobody
        quiet |= {"UV_NATIVE_TLS": "1", "UV_HTTP_TIMEOUT": "30", "UV_HTTP_RETRIES": "1"}
        self.env = kept | quiet | {"PATH": programs}
        (here.parent / "home").mkdir()

    def words(self, line: str) -> list[str]:
        """Lay out what a line needs, and return it word by word."""
        words = [FILLED_IN.get(word, word) for word in shlex.split(line)]
        for word in words:
            if word in GIVEN and not (self.here / word).exists():
                GIVEN[word](self.here)
        return words

    def run(
        self, line: str, at: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(line),
            cwd=at or self.here,
            env=self.env,
            capture_output=True,
            encoding="utf-8",
            timeout=600,
        )


def skip_where_uv_reaches_nothing(told: str) -> None:
    """Skip with what uv said, where this machine lets it fetch no package at all."""
    if re.search("Failed to (fetch|download)", told):
        pytest.skip(f"uv fetches no package here: {told.strip().splitlines()[-1]}")


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    here = tmp_path / "here"
    here.mkdir()
    return Reader(here)


def shown() -> list[str]:
    """Return the lines that the README shows as printed by a report."""
    (block,) = [b for b in blocks(README, "") if "Verdict:" in b]
    return block.splitlines()


# --- each of them, run ---------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("line", OF_OURS)
def test_what_stands_there_runs(reader, line):
    for start, before in AFTER.items():
        if line.startswith(start):
            (first,) = [c for c in OF_OURS if c.startswith(before) and "FILE" not in c]
            assert reader.run(first).returncode == 0
    done = reader.run(line)
    told = done.stdout + done.stderr
    # a gate may close, and a machine may be too small for a room: that is an answer
    gated = "--fail-on" in line or line.startswith("workshop check")
    assert done.returncode in ((0, 1) if gated else (0,)), told
    assert done.stdout.strip()
    assert "Traceback" not in told


@pytest.mark.slow
@pytest.mark.parametrize("line", SERVERS)
def test_what_serves_gives_an_address(reader, line):
    own = ["--port", str(free_port())] if line.startswith("workshop") else []
    (which,) = ADDRESS.keys() & set(line.split())
    with running(
        [*reader.words(line), *own],
        cwd=ROOT if line.startswith(("make", "uv")) else reader.here,
        env=reader.env,
        log=reader.here.parent / "told.log",
    ) as server:
        if line.startswith("uv"):
            until = time.monotonic() + UV_SECONDS
            while time.monotonic() < until and server.process.poll() is None:
                if LAB.search(server.told):
                    break
                time.sleep(0.2)
            skip_where_uv_reaches_nothing(server.told)
        if which == "lab":
            assert server.ask_lab("api/status")
        else:
            assert server.says(LINK)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["make report", "make help"])
def test_make_prints_what_the_readme_shows(reader, line):
    assert line in README
    done = reader.run(line, at=ROOT)
    assert done.returncode == 0, done.stderr
    if line == "make report":
        assert done.stdout.splitlines()[-3:] == shown()


@pytest.mark.slow
def test_one_line_of_uv_is_enough(reader):
    (line,) = [c for c in COMMANDS if c.startswith("uv ") and "report" in c]
    done = reader.run(line, at=ROOT)
    skip_where_uv_reaches_nothing(done.stderr)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-3:] == shown()


def test_the_lines_for_engineers_run():
    (code,) = blocks(README, "python")
    names: dict = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["step"].section().numbers


def test_none_is_left_out():
    elsewhere = {"make report"}
    uv = {c for c in COMMANDS if c.startswith("uv ") and c.endswith(SHIPPED)}
    assert set(COMMANDS) == {*OF_OURS, *SERVERS} | elsewhere | uv
