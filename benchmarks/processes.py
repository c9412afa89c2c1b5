"""The processes of one program on Linux: which there are, and what they take."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def parents() -> dict[int, int]:
    """Return every process's parent."""
    found = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            stat = (entry / "stat").read_text()
            found[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def children(pid: int) -> list[int]:
    """Return the processes right below one."""
    return [one for one, above in parents().items() if above == pid]


def descendants(pid: int) -> list[int]:
    """Return all processes below one."""
    above, found, front = parents(), [], [pid]
    while front:
        front = [child for child, parent in above.items() if parent in front]
        found += front
    return found


def kernels_of(pid: int) -> list[int]:
    """Return a room's kernels: forks of its warm processes, or what it started."""
    all_below, direct = descendants(pid), set(children(pid))
    forked = [one for one in all_below if one not in direct]
    return forked or [one for one in direct if "kernel" in command(one)]


def command(pid: int) -> str:
    """Return what a process was started with."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def cpu(pid: int) -> float:
    """Return the seconds of CPU that a process used."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def tree_memory(pid: int) -> float:
    """Return the memory of a process and all below it in MB, what is shared once."""
    total = 0
    for one in (pid, *descendants(pid)):
        with suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(ln.split()[1]) for ln in lines if ln.startswith("Pss:"))
    return total / 1024
