"""What somebody who goes through a scenario alone has guessed and tried so far.

It is no promise: a signature does not cover it, and no figure follows from it.
"""

from __future__ import annotations

from pydantic import Field

from workshop.record.values import Clause, Frozen


class Guess(Frozen):
    """An answer that was given before the figure was shown: a plain number.

    ``clause`` is the one that was asked about, so that a later change of the agreement
    changes neither the question nor what the answer is held against.
    """

    said: float
    at: str
    clause: Clause | None = None


class Tried(Frozen):
    """The answers to one exercise, the first one first, and whether one was right."""

    answers: tuple[float, ...] = ()
    solved: bool = False


class Lesson(Frozen):
    """Guesses by step and exercises by their id."""

    guesses: dict[str, Guess] = Field(default={})
    exercises: dict[str, Tried] = Field(default={})
