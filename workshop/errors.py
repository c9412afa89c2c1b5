"""Errors that say what to do next.

Every error a person can cause carries four things where they are known: the file,
the place in it, what was found, and the remedy. The command line prints the text on
one or two lines and turns the class into an exit code; nothing below it catches them.
"""

from __future__ import annotations


class WorkshopError(Exception):
    """Something a person can mend; ``exit_code`` is what the command line returns."""

    exit_code = 2


class InputError(WorkshopError):
    """What was given cannot be used: a file, a key, a column, a value."""


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
