"""Having a room's reports written, and who may read which of them?

They are written by a process of its own, so that the room goes on; this module starts
it, says how far it is, and decides on the server who is shown what.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from workshop.errors import InputError, WorkshopError
from workshop.record.values import ROLES
from workshop.room.closing_folder import (
    KEPT,
    OWN,
    ROOM,
    STATE,
    folder_of,
    read_json,
    reports_of,
    sat,
)
from workshop.room.folder import make_private
from workshop.room.named import Allowed, letters_of, named_pairs, what_is_said
from workshop.room.overview import FEWEST_PAIRS
from workshop.room.people import Who
from workshop.room.seats import RoomState
from workshop.room.told import read_pairs
from workshop.views.wording import phrase

STILL_WRITING = timedelta(minutes=5)
# As the launcher of kernels does: nothing is imported from where one happens to be.
_WRITE = (
    "import sys; sys.path[:] = filter(None, sys.path); "
    "from workshop.closing import main; main(sys.argv[1])"
)
_PATIENCE = 10.0
_UNFINISHED = ("starting", "pairs", "room")


class Reports:
    """The reports of one room; calls may come from any thread."""

    def __init__(self, state: RoomState) -> None:
        self.state, self.folder = state, reports_of(state.folder)
        self.allowed = Allowed(state.folder)
        self.letters = letters_of(state.folder, state.room)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._read: tuple[int, dict[str, Any]] = (0, {})

    # -- writing ----------------------------------------------------------------------

    def begin(self) -> None:
        """Have all reports written, those that still hold but for the room's.

        Raises
        ------
        InputError
            They are being written already, nobody sat down yet, or nothing can be
            written.
        """
        room, place = self.state.room, self.state.folder
        with self._lock:
            if self.is_running:
                raise InputError(phrase("closing.desk.busy"))
            if not any(sat(place, room, pair) for pair in room.pairs):
                raise InputError(phrase("closing.desk.nobody"))
            make_private(self.folder)
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
            with (self.folder / "log.txt").open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", _WRITE, str(place.path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                )

    def go_on(self) -> None:
        """Go on with what was being written when the server ended."""
        if self.told.get("stage") in _UNFINISHED:
            with suppress(WorkshopError, OSError):
                self.begin()

    def end(self) -> None:
        """End the writing; what is finished stays."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()  # by which it knows
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def is_running(self) -> bool:
        """Whether they are being written now."""
        process = self._process  # another thread may end it meanwhile
        return process is not None and process.poll() is None

    @property
    def told(self) -> dict[str, Any]:
        """What the process that writes them said last."""
        try:
            stamp = (self.folder / STATE).stat().st_mtime_ns
        except OSError:
            return {}
        if stamp != self._read[0]:
            self._read = stamp, read_json(self.folder / STATE)
        return self._read[1]

    @property
    def stage(self) -> str:
        """Where it is: none, starting, pairs, room, done or broken."""
        stage = str(self.told.get("stage", ""))
        if self.is_running:
            return stage if stage in _UNFINISHED else "starting"
        return "broken" if stage in _UNFINISHED else stage or "none"

    def still_writing(self) -> int:
        """Return how many pairs that have not all signed saved something just now."""
        since = datetime.now(UTC) - STILL_WRITING
        return sum(
            now.last is not None and now.last > since and len(now.signed) < len(ROLES)
            for now, _ in read_pairs(self.state).values()
        )

    # -- reading ----------------------------------------------------------------------

    def own(self, pair: int, name: str = OWN[0]) -> Path | None:
        """Return a file of a pair's own report; None where there is none."""
        if name not in OWN or pair not in self.letters:
            return None
        return _file(self.folder / folder_of(pair) / name)

    def room(self, who: Who, name: str = ROOM[0]) -> Path | None:
        """Return a file of the room's report; None where it is not for them."""
        if name not in ROOM or self.taken_back or who.kind == "spectator":
            return None
        if not read_json(self.folder / KEPT):  # nobody knows whom it names
            return None
        if who.kind == "seat" and self.few:
            return None
        return _file(self.folder / name)

    @property
    def few(self) -> bool:
        """Whether a letter without names would have some all the same.

        One or two that stay unnamed are known by the others' names: then the report is
        for the desk alone.
        """
        kept = read_json(self.folder / KEPT)
        unnamed = set(kept.get("pairs", ())) - set(kept.get("named", ()))
        return 0 < len(unnamed) < FEWEST_PAIRS

    @property
    def taken_back(self) -> bool:
        """Whether it names a pair that does not allow it any more."""
        named = read_json(self.folder / KEPT).get("named", ())
        return not set(named) <= set(named_pairs(self.state.room, self.allowed.said))

    def allows(self, who: Who) -> str:
        """Return what somebody allows, and whether it is enough."""
        return what_is_said(self.state.room, self.allowed.said, who)

    def pack(self, out: IO[bytes], desk: Who) -> None:
        """Write all reports that there are into one archive."""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in self._files(desk):
                archive.write(file, name)

    def _files(self, desk: Who) -> Iterator[tuple[str, Path]]:
        for name in ROOM:
            if file := self.room(desk, name):
                yield name, file
        for pair in sorted(self.letters):
            for name in OWN:
                if file := self.own(pair, name):
                    yield f"{folder_of(pair)}/{name}", file


def _file(path: Path) -> Path | None:
    """A file that stands there itself, and not somewhere else under this name."""
    return path if path.is_file() and not path.is_symlink() else None
