"""Errors that say what to do next.

Every error a person can cause carries four things where they are known: the file,
the place in it, what was found, and the remedy. The command line prints the text on
one or two lines and turns the class into an exit code. Where one of many may fail and
the others go on, as in a batch or a room, the text stands in its place.
"""

from __future__ import annotations

import errno

FULL = (errno.ENOSPC, errno.EDQUOT)
"""How a system says that a disk, or somebody's share of it, is full."""


class WorkshopError(Exception):
    """Something a person can mend; ``exit_code`` is what the command line returns.

    >>> issubclass(InputError, WorkshopError), WorkshopError.exit_code
    (True, 2)
    """

    exit_code = 2


class InputError(WorkshopError):
    """What was given cannot be used: a file, a key, a column, a value.

    >>> from workshop import wilson
    >>> wilson(3, 2)
    Traceback (most recent call last):
    workshop.errors.InputError: k must lie between 0 and n = 2, but it is 3
    """


class ConflictError(WorkshopError):
    """Somebody else saved the same section in the meantime; nothing was written."""


class ReadOnlyError(WorkshopError):
    """A shipped example was asked to change."""


class GateError(WorkshopError):
    """The run is fine, but the gate that was asked for is not met."""

    exit_code = 1


class RunError(WorkshopError):
    """The run itself failed: a kernel died, a step raised, the disk filled."""

    exit_code = 3


def of_the_system(error: Exception) -> str:
    """Say what to do about a fault of the system; empty where nobody can know.

    >>> of_the_system(OSError(errno.ENOSPC, "No space left on device", "r.yaml"))
    'r.yaml: the disk is full; free some space and run again'
    """
    if not isinstance(error, OSError):
        return ""
    if error.errno in FULL:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}the disk is full; free some space and run again"
    if "temporary directory" in str(error):
        return (
            "no file can be written where temporary ones go; free some space there, "
            "or name another folder in TMPDIR"
        )
    return ""
