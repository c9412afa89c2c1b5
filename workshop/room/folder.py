"""Where does a room lie, who may read it there, and how is it written?

One folder that only its owner may read: ``room.json``, a secret, a folder with the
record of each pair, and one with sealed bets.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from workshop.errors import InputError
from workshop.record.atomic import explain, write_text
from workshop.room.kept import Room

STATE, SECRET, LOCK = "room.json", "secret", ".room.lock"
_OWNER_ONLY = 0o700


class Folder:
    """The folder of one room; one program at a time serves it.

    Parameters
    ----------
    path : str or Path
        Where; made by `make`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).resolve()
        self._lock = FileLock(self.path / LOCK)

    @property
    def exists(self) -> bool:
        """Whether a room lies here."""
        return (self.path / STATE).is_file()

    def make(self) -> None:
        """Make the folder and its secret; both are for the owner alone.

        Raises
        ------
        InputError
            A room lies here already, or the folder cannot be written.
        """
        if self.exists:
            raise InputError(
                f"{self.path}: a room lies here already; name another --dir"
            )
        make_private(self.path)
        write_text(self.path / SECRET, secrets.token_hex(32), mode=0o600)

    def unmake(self) -> None:
        """Take away what `make` and `write` put here."""
        for name in (STATE, SECRET):
            (self.path / name).unlink(missing_ok=True)

    def hold(self) -> None:
        """Keep every other program from serving this room.

        Raises
        ------
        InputError
            One does already.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise InputError(
                f"{self.path}: this room is running already; use its window, or stop "
                "it there"
            ) from None
        except OSError as error:
            raise explain(self.path, error) from error

    def let_go(self) -> None:
        """Allow others to serve it."""
        self._lock.release()

    def read(self) -> Room:
        """Return the room as it is kept.

        Raises
        ------
        InputError
            No room lies here, or its file was damaged.
        """
        file = self.path / STATE
        try:
            return Room.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            raise InputError(
                f"{self.path}: no room lies here; make one with 'workshop room "
                "--pairs 8 --scenario NAME'"
            ) from None
        except (OSError, ValidationError) as error:
            raise _unreadable(file, error) from None

    def write(self, room: Room) -> None:
        """Replace what is kept, whole or not at all."""
        text = room.model_dump_json(indent=1)
        write_text(self.path / STATE, f"{text}\n", mode=0o600)

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes that only this room can make, for one purpose.

        Raises
        ------
        InputError
            Its secret is not there any more, or cannot be read.
        """
        file = self.path / SECRET
        try:
            held = file.read_bytes()
        except OSError as error:
            raise _unreadable(file, error) from None
        return hmac.new(held, purpose.encode("utf-8"), sha256).digest()


def _unreadable(file: Path, error: OSError | ValidationError) -> InputError:
    """Say what to do where a file is gone without which nobody is known here."""
    why = getattr(error, "strerror", None) or "it was changed or damaged"
    return InputError(
        f"{file}: a room needs this file, and it cannot be read ({why}); put back a "
        "copy, or make a room in another folder"
    )


def make_private(path: Path) -> None:
    """Make a folder, and those above it, that nobody but the owner may look into."""
    try:
        path.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        with suppress(PermissionError):
            path.chmod(_OWNER_ONLY)
    except OSError as error:
        raise explain(path, error) from error


@contextmanager
def all_or_none() -> Iterator[list[Path]]:
    """Take away the files that were made and noted, if the rest cannot be made."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.unlink()
        raise
