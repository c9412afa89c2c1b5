"""Let one writer at a time change a file, whatever program it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from workshop.errors import RunError
from workshop.record.atomic import explain

PATIENCE = 10.0
"""How many seconds a writer waits for another one."""
LOOKS = 0.005
"""How many seconds pass between two tries; a busy writer could outlast longer ones."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep everybody else from writing a file for as long as this lasts.

    Raises
    ------
    RunError
        Somebody else has been writing it for too long, or the disk is full.
    InputError
        The folder cannot be written.
    """
    name = path.with_name(f".{path.name}.lock")
    lock = FileLock(name, timeout=PATIENCE, poll_interval=LOOKS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise RunError(
            f"{path}: another program has been writing it for {PATIENCE:g} s; close it "
            "and save again. Nothing was written"
        ) from None
    except OSError as error:
        raise explain(path, error) from error
    try:
        yield
    finally:
        lock.release()
