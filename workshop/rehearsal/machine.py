"""Is this computer large enough for that many seats, and is its clock right?

The rules are those of docs/deploy.md, under "How large", where the measurements stand.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from workshop.errors import InputError
from workshop.kernels import CAN_FORK
from workshop.record.values import ROLES
from workshop.rehearsal import container
from workshop.rehearsal.tried import GB, MB, State, Tried, number, tried
from workshop.room.folder import Folder
from workshop.views.wording import Said, say

MB_A_SEAT = 140
MB_AT_LEAST = 61
"""Of a seat's first page, where pages share what was read; nothing takes less."""
MB_A_PAGE_ALONE = 216
SEATS_EASY, SEATS_MOST = 10, 20
"""Of a core."""
PAIRS_ALONE = 4
MB_A_PAIR = 20
"""On the disk: a record, a report with its executed notebook, and that once more."""


def memory(seats: int, *, free: float | None = None, shared: bool = CAN_FORK) -> Tried:
    """Hold the memory that is free, in bytes, against what seats take."""
    free = _free() if free is None else free
    each, least = (
        (MB_A_SEAT, MB_AT_LEAST) if shared else (MB_A_PAGE_ALONE, MB_A_PAGE_ALONE)
    )
    state: State = "ok" if free >= each * MB * seats else "look"
    if free < least * MB * seats:
        state = "fails"
    given = {
        "free": number("free", free / GB, "GB"),
        "seats": number("seats", seats),
        "need": number("need", each * MB * seats / GB, "GB"),
        "each": number("each", each, "MB"),
        "least": number("least", least * MB * seats / GB, "GB"),
    }
    return tried("memory", state, say(f"rehearsal.memory.{state}", **given))


def processors(seats: int, *, cores: int = 0) -> Tried:
    """Hold the processors that this program may use against the seats."""
    cores = cores or _cores()
    state: State = "ok" if seats <= SEATS_EASY * cores else "look"
    if seats > SEATS_MOST * cores:
        state = "fails"
    given = {
        "cores": number("cores", cores),
        "seats": number("seats", seats),
        "easy": number("easy", SEATS_EASY),
        "most": number("most", SEATS_MOST),
    }
    return tried("processors", state, say(f"rehearsal.processors.{state}", **given))


def pages(pairs: int, *, shared: bool = CAN_FORK) -> Tried:
    """Say how pages start on this system, and for how many pairs that does."""
    if shared:
        return tried("pages", "ok", say("rehearsal.pages.shared"))
    given = {"pairs": number("pairs", pairs), "most": number("alone", PAIRS_ALONE)}
    if pairs <= PAIRS_ALONE:
        return tried("pages", "ok", say("rehearsal.pages.alone", **given))
    return tried("pages", "look", say("rehearsal.pages.too_many", **given))


def folder(path: Path, pairs: int) -> Tried:
    """Write where the room will lie, and look how much space there is."""
    path = path.resolve()
    place = path
    try:
        place = next(p for p in (path, *path.parents) if p.exists())
        with tempfile.TemporaryDirectory(prefix=".try-", dir=place) as scratch:
            Path(scratch, "record").write_text("room", "utf-8")
    except OSError as error:
        given = {"folder": str(place), "why": _why(error)}
        return tried("folder", "fails", say("rehearsal.folder.not_written", **given))
    if Folder(path).exists:
        return tried("folder", "look", _held(path))
    free, need = shutil.disk_usage(place).free, pairs * MB_A_PAIR * MB
    given = {
        "folder": str(path),
        "free": number("space", free / GB, "GB"),
        "need": number("space_needed", need / GB, "GB"),
    }
    state: State = "ok" if free >= need else "look"
    return tried("folder", state, say(f"rehearsal.folder.{state}", **given))


def clock(now: datetime, installed: datetime) -> Tried:
    """Say what the clock says; one that is behind would date records wrongly."""
    given = {"time": f"{now:%Y-%m-%d %H:%M}", "zone": f"{now:%Z, UTC%z}"}
    if now < installed - timedelta(days=1):
        return tried("clock", "look", say("rehearsal.clock.behind", **given))
    return tried("clock", "ok", say("rehearsal.clock.ok", **given))


def installed() -> datetime:
    """Return when this program came to this computer."""
    return datetime.fromtimestamp(Path(__file__).stat().st_mtime).astimezone()


def _free() -> float:
    """Return the memory that is free for this program; a container has less."""
    return min(float(psutil.virtual_memory().available), container.memory_left())


def _cores() -> int:
    """Return the processors that this program may use; a container has fewer."""
    if hasattr(os, "sched_getaffinity"):
        held = len(os.sched_getaffinity(0))
    else:
        held = os.cpu_count() or 1
    return max(1, int(min(held, container.processors())))


def _held(path: Path) -> Said:
    """What lies there: a room that goes on, or one that cannot be read."""
    try:
        pairs = len(Folder(path).read().seats) // len(ROLES)
    except InputError as error:
        return say("rehearsal.folder.unread", why=str(error))
    return say("rehearsal.folder.held", pairs=number("held", pairs), folder=str(path))


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
