"""What do all of these programs print, on this machine, today?

Runs them one after the other and renews their part of the figures page, each with the
machine, the versions, the day, the load before it and how long it took. Names as
arguments run only those; the others keep what they printed last.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE / "README.md"
PART = "## As printed"
LONGEST = 400  # lines that stand on the page; a longer print is cut with a word on it
VERSIONS = ("numpy", "scikit-learn", "duckdb")


@dataclass(frozen=True)
class Printed:
    """One program's name, where and when it ran, and all that it said."""

    name: str
    where: str
    said: str

    @property
    def markdown(self) -> str:
        """Its part of the page."""
        return f"### {self.name}.py\n\n{self.where}\n\n```\n{self.said}\n```\n"


def programs() -> list[str]:
    """Return the names of what can be run here, this one aside."""
    told = {path.stem: path.read_text("utf-8") for path in HERE.glob("[a-z]*.py")}
    mains = {name for name, text in told.items() if '__name__ == "__main__"' in text}
    return sorted(mains - {Path(__file__).stem})


def processor() -> str:
    """Return the model of the processor, as the system names it."""
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"model name\s*: (.+)", told)
    return found[1] if found else platform.machine()


def machine() -> str:
    """Return what a figure depends on: cores, memory, system and versions."""
    parts = [f"{os.cpu_count()} cores ({processor()})"]
    if hasattr(os, "sysconf"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        parts.append(f"{memory / 2**30:.0f} GB")
    parts += [platform.system(), f"Python {platform.python_version()}"]
    parts += [f"{name} {version(name)}" for name in VERSIONS]
    return ", ".join(parts)


def run(name: str, arguments: Iterable[str]) -> Printed:
    """Run one program, letting its lines through as they come."""
    before, start = os.getloadavg()[0], time.monotonic()
    command = [sys.executable, "-u", str(HERE / f"{name}.py"), *arguments]
    lines = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    took = time.monotonic() - start
    if process.returncode:
        lines.append(f"(ended with exit code {process.returncode})")
    where = f"{date.today()}; {machine()}; load before it {before:.1f}; {took:.0f} s"
    return Printed(name, f"{where}.", plain(lines))


def plain(lines: list[str]) -> str:
    """Return the lines for the page: no place of this machine, and no end of them."""
    text = "\n".join(lines[:LONGEST]).strip("\n").replace("```", "'''")
    if len(lines) > LONGEST:
        text += f"\n({len(lines) - LONGEST:,} more lines)"
    return re.sub(r"(?<![\w.:/])/(?:[\w.-]+/)+", ".../", text)


def sections(page: str) -> dict[str, str]:
    """Return what each program printed last, by name."""
    _, _, printed = page.partition(f"{PART}\n")
    found = re.findall(r"(?ms)^### (\w+)\.py\n.*?^```\n.*?^```\n", printed)
    whole = re.findall(r"(?ms)^### \w+\.py\n.*?^```\n.*?^```\n", printed)
    return dict(zip(found, whole, strict=True))


def renewed(page: str, printed: Printed) -> str:
    """Return the page with one program's part written anew, in order of names."""
    head, _, rest = page.partition(f"{PART}\n")
    opening = rest.partition("### ")[0].strip("\n")
    parts = sections(page) | {printed.name: printed.markdown}
    told = "\n".join(parts[name] for name in sorted(parts))
    return f"{head}{PART}\n\n{opening}\n\n{told}"


def main() -> None:
    """Run what is asked for, all by default, and renew the page after each."""
    known = programs()
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("names", nargs="*", help=f"of {', '.join(known)}")
    chosen, arguments = read.parse_known_args()
    if unknown := set(chosen.names) - set(known):
        sys.exit(f"No program {', '.join(sorted(unknown))}: {', '.join(known)}.")
    for name in chosen.names or known:
        print(f"== {name}.py", flush=True)
        printed = run(name, arguments)
        PAGE.write_text(renewed(PAGE.read_text("utf-8"), printed), "utf-8")


if __name__ == "__main__":
    main()
