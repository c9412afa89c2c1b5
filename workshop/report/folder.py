"""Where a report lies: a folder that is whole, or as it was before.

One run at a time writes into a folder. It works in a folder of its own in there, and
what it made moves out in two steps: all three files become ready by one rename, then
each takes its place. A run that is killed before the first step has changed nothing;
one that is killed after it is finished by the next run, before it does anything else.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from workshop.errors import InputError, RunError
from workshop.record.atomic import settle, write_text

NAMES = ("report.html", "report.json", "executed.ipynb")
PDF = "report.pdf"
PARTIAL = tuple(name.replace(".", ".partial.") for name in NAMES)
LOCK = ".report.lock"
READY = ".report.ready"
PATIENCE = 3.0
"""Seconds in which another run may end before this one gives up."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_CELLS = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
# What a run makes beside its report, and leaves there when it is killed.
_LEFT_BEHIND = re.compile(
    r"\.(report|try|pdf)-[a-z0-9_]{8}"
    r"|\.?(report|executed)\.(html|json|ipynb|pdf)(\.[0-9a-f]+)?\.(part|tmp)"
)


def make_folder(out: Path) -> None:
    """Make the folder, and see that something can be written there.

    Raises
    ------
    InputError
        When it cannot be made or written, or a folder stands where a file belongs.
    RunError
        When the disk is full.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=".try-", dir=out, ignore_cleanup_errors=True
        ):
            pass
    except (OSError, ValueError) as error:
        raise _explain(out, error) from error
    for name in (*NAMES, *PARTIAL, PDF):
        if (out / name).is_dir():
            raise InputError(
                f"{out / name}: is a folder where the report's file belongs; rename "
                "it, or give another folder with -o."
            )


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """Give a folder to work in beside the report, while nobody else writes there.

    What killed runs left is finished or cleared first. A full disk becomes a sentence,
    and so does a folder that cannot be written any more.

    Raises
    ------
    RunError
        When another run is at work there, or nothing more can be written.
    """
    place = Path(os.path.realpath(out))
    with alone(place, shown=out):
        try:
            finish(place)
            _sweep(place)
            with tempfile.TemporaryDirectory(
                prefix=".report-", dir=place, ignore_cleanup_errors=True
            ) as folder:
                yield Path(folder)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            is_full = error.errno in _FULL
            remedy = "make room" if is_full else "see that this folder can be written"
            raise RunError(
                f"{out}: the report could not be written ({reason}); {remedy} and run "
                "again. An earlier report is untouched."
            ) from error


def put(
    out: Path, executed: Path, html: str, twin: dict[str, Any], *, whole: bool
) -> Path:
    """Write the three files and return the page; what is not whole goes beside another.

    All three are written next door first: a disk that fills leaves the earlier ones.

    Raises
    ------
    OSError, WorkshopError
        Something cannot be written; what `scratch` makes of that is a sentence.
    """
    text = json.dumps(twin, indent=1, ensure_ascii=False, sort_keys=False)
    page, data, notebook = NAMES if whole else PARTIAL
    made = executed.parent / READY
    made.mkdir()
    write_text(made / data, f"{text}\n")
    write_text(made / page, html)
    if executed.is_file():
        executed.replace(made / notebook)
        settle(made / notebook)
    else:  # always three, so that none of an earlier run stays among them
        write_text(made / notebook, _NO_CELLS)
    place = Path(os.path.realpath(out))
    made.replace(place / READY)
    finish(place)
    return out / page


def finish(place: Path) -> None:
    """Put three files that are ready in their places; nothing where none are.

    With an earlier whole report go its PDF, and pages of runs that were not whole.
    """
    ready = place / READY
    if not ready.is_dir():
        return
    found = sorted(path.name for path in ready.iterdir())
    if set(found) & set(NAMES):
        for name in (*PARTIAL, PDF):
            (place / name).unlink(missing_ok=True)
    for name in found:
        (ready / name).replace(place / name)
    ready.rmdir()
    settle(place)


@contextmanager
def alone(place: Path, *, shown: Path) -> Iterator[None]:
    """Hold the folder for one run; the system frees it when its holder is dead."""
    name = place / LOCK
    lock = FileLock(name, timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(
            f"{shown}: another run is writing its report there; wait until it is done, "
            "or give another folder with -o."
        ) from None
    except OSError as error:
        raise _explain(shown, error) from error
    try:
        yield
    finally:
        # taken away while it is held: whoever waits for it sees that and asks anew
        with suppress(OSError):
            name.unlink()
        lock.release()


def _sweep(place: Path) -> None:
    """Clear what killed runs left; nobody else is at work here now."""
    for path in place.iterdir():
        if not _LEFT_BEHIND.fullmatch(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


def _explain(out: Path, error: OSError | ValueError) -> InputError | RunError:
    reason = getattr(error, "strerror", None) or "not a name of a folder"
    if getattr(error, "errno", None) in _FULL:
        return RunError(f"{out}: {reason}; make room and run again.")
    return InputError(
        f"{out}: nothing can be written there ({reason}); give another folder with -o."
    )
