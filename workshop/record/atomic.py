"""Write a file so that a reader, or a power cut, sees the old or the new one whole."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from workshop.errors import FULL, InputError, RunError

_TRIES = 5


def write_text(path: str | Path, text: str, *, mode: int = 0o666) -> None:
    """Replace a file by this text, as UTF-8 and with the line ends it has.

    Parameters
    ----------
    path : str or Path
        The file; its folder must exist. A link is followed, not replaced.
    text : str
        The whole new content.
    mode : int
        Permissions of a new file, less what the system withholds.

    Raises
    ------
    InputError
        The folder cannot be written, or the text is not text.
    RunError
        The disk is full or failed. The old file is as it was.
    """
    target = Path(os.path.realpath(path))
    scratch = target.with_name(f".{target.name}.{token_hex(6)}.tmp")
    try:
        data = text.encode("utf-8")
        _refuse_protected(target)
        _write(scratch, data, mode=_mode_of(target, mode))
        _replace(scratch, target)
    except UnicodeEncodeError:
        raise InputError(
            f"{path}: half of a character cannot be saved; write it whole"
        ) from None
    except OSError as error:
        raise explain(path, error) from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
    settle(target.parent)


def touched(path: Path) -> tuple[int, ...]:
    """Return what changes whenever a file is written or replaced; empty without one.

    Its time of change cannot be set back, and every write of ours makes a new inode.
    """
    try:
        now = path.stat()
    except (OSError, ValueError):
        return ()
    return now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino


def leftovers(path: str | Path) -> list[Path]:
    """Return the scratch files that killed writers of this file left behind."""
    target = Path(os.path.realpath(path))
    start, end = f".{target.name}.", ".tmp"
    return [
        file
        for file in target.parent.iterdir()
        if file.name.startswith(start) and file.name.endswith(end)
    ]


def _mode_of(target: Path, mode: int) -> int:
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        return mode


def _refuse_protected(target: Path) -> None:
    """Replacing would overrule somebody who made the file itself read-only."""
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _write(scratch: Path, data: bytes, *, mode: int) -> None:
    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, mode)

    # The built-in, because only it lets a new file start with its permissions.
    with open(scratch, "xb", opener=opener) as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _replace(scratch: Path, target: Path) -> None:
    """Windows refuses for a moment while somebody reads the old file."""
    for last in (False,) * (_TRIES - 1) + (True,):
        try:
            os.replace(scratch, target)  # noqa: PTH105
            return
        except PermissionError:
            if last or os.name != "nt":
                raise
            time.sleep(0.05)


def settle(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power cut where that can be."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def explain(path: str | Path, error: OSError) -> InputError | RunError:
    """Return what to tell a person who cannot write there."""
    reason = error.strerror or type(error).__name__
    if error.errno in FULL:
        return RunError(
            f"{path}: the disk is full; free some space and save again. "
            "What was saved before is untouched"
        )
    if error.errno == errno.EIO:
        return RunError(f"{path}: the disk failed ({reason}); save somewhere else")
    return InputError(
        f"{path}: cannot be written ({reason}); choose a folder you may write to"
    )
