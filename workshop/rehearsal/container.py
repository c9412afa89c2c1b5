"""How much of this computer may this program use, where it runs in a container?

Linux says so in a folder of small files (control groups, version 2). Where they are not
there, or say nothing that is understood, there is no limit.
"""

from __future__ import annotations

from contextlib import suppress
from math import inf
from pathlib import Path

GROUP = Path("/sys/fs/cgroup")


def memory_left(group: Path = GROUP) -> float:
    """Return the bytes that may still be taken; what files hold in it is given back."""
    with suppress(OSError, ValueError):
        most = float((group / "memory.max").read_text("ascii"))  # "max": no number
        taken = float((group / "memory.current").read_text("ascii"))
        return max(0.0, most - max(0.0, taken - _given_back(group)))
    return inf


def processors(group: Path = GROUP) -> float:
    """Return how many processors' time may be used; it need not be a whole number."""
    with suppress(OSError, ValueError, ZeroDivisionError):
        quota, period = (group / "cpu.max").read_text("ascii").split()
        return float(quota) / float(period)
    return inf


def _given_back(group: Path) -> float:
    """Return the bytes of files that were read and can be read again."""
    with suppress(OSError, ValueError):
        lines = (group / "memory.stat").read_text("ascii").splitlines()
        named = dict(line.split() for line in lines)
        return float(named.get("inactive_file", 0))
    return 0.0
