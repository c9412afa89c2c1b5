"""A page that is played as its reader would: blocks of it are run, in their order.

What a block is, its language says:

- no language: commands, a line each; a line that begins with ``#`` is for the reader
- ``python``: a script, run in the reader's folder and kept if its first line names it
- ``text``: what the block above it prints; ``…`` stands for what is left out
- ``yaml``: keys to put into the file that its first line names
- ``sh``: commands for the reader alone, such as those that open a browser
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

LEFT_OUT = "…"
_BLOCK = re.compile(r"(?ms)^```([a-z]*)[^\n]*\n(.*?)^```$")
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what stands in it, and under which heading."""

    kind: str
    text: str
    heading: str

    @property
    def commands(self) -> list[str]:
        """The commands of a block without a language."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line for line in lines if line.strip() and not line.startswith("#")]


def blocks_of(page: str) -> list[Block]:
    """Return the fenced blocks of a page, in their order."""
    found = []
    heading = ""
    for part in re.split(r"(?m)^(?=## )", page):
        if part.startswith("## "):
            heading = part.splitlines()[0].removeprefix("## ")
        found += [Block(k, text, heading) for k, text in _BLOCK.findall(part)]
    return found


def play(
    blocks: list[Block], where: Path, *, instead: Mapping[str, str] = NOTHING
) -> list[str]:
    """Run blocks in a folder; return what is not as the page says, an entry each.

    ``instead`` gives words of commands that stand for others here, such as a server's
    address.
    """
    wrong: list[str] = []
    said = ""
    for block in blocks:
        if block.kind == "":
            said = ""
            for command in block.commands:
                for old, new in instead.items():
                    command = command.replace(old, new)
                code, out = _run(shlex.split(command), where)
                said += out
                if code != 0:
                    wrong.append(f"{command}: ended with {code}: {out[-600:]}")
        elif block.kind == "python":
            code, said = _script(block.text, where)
            if code != 0:
                wrong.append(f"a script ended with {code}: {said[-600:]}")
        elif block.kind == "yaml":
            put(block.text, where)
        elif block.kind == "text" and (why := unlike(block.text, said)):
            wrong.append(f"{block.heading}: {why}\n--- printed:\n{said}")
    return wrong


def unlike(quoted: str, said: str) -> str:
    """Say which line of a quotation was not printed; nothing where all of them were."""
    printed = [line.rstrip() for line in said.splitlines()]
    at, skip = 0, True
    for line in (one.rstrip() for one in quoted.splitlines()):
        if line.strip() == LEFT_OUT:
            skip = True
            continue
        if skip:
            while at < len(printed) and not _alike(line, printed[at]):
                at += 1
        if at >= len(printed) or not _alike(line, printed[at]):
            return f"not printed: {line!r}"
        at, skip = at + 1, False
    return ""


def _alike(quoted: str, printed: str) -> bool:
    """The same, where ``…`` may stand for the end of a long line."""
    if quoted.endswith(LEFT_OUT):
        return printed.startswith(quoted.removesuffix(LEFT_OUT).rstrip())
    return quoted == printed


def put(text: str, where: Path) -> None:
    """Put keys into the YAML file that the first line of a block names."""
    yaml = YAML()
    yaml.width = 10_000
    file = where / text.splitlines()[0].removeprefix("#").strip()
    held = yaml.load(file.read_text("utf-8"))
    for key, value in yaml.load(text).items():
        held[key] = value
    written = io.StringIO()
    yaml.dump(held, written)
    file.write_text(written.getvalue(), "utf-8")


def _run(words: list[str], where: Path) -> tuple[int, str]:
    program, *rest = words
    assert program in ("workshop", "python"), f"neither of the two: {words}"
    module = ["-m", "workshop"] if program == "workshop" else []
    return _ended([sys.executable, *module, *rest], where)


def _script(text: str, where: Path) -> tuple[int, str]:
    named = re.match(r"# (\w+\.py)\n", text)
    file = where / (named[1] if named else "unnamed.py")
    file.write_text(text, "utf-8")
    return _ended([sys.executable, file.name], where)


def _ended(command: list[str], where: Path) -> tuple[int, str]:
    """Return the exit code, and what a reader of the terminal sees of the answer."""
    done = subprocess.run(
        command,
        cwd=where,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")
