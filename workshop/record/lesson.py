"""What somebody who goes through a scenario alone has guessed and tried so far.

It is no promise: a signature does not cover it, and no figure follows from it.
"""

from __future__ import annotations

from pydantic import Field

from workshop.record.values import Frozen


class Guess(Frozen):
    """An answer that was given before the figure was shown: a plain number."""

    said: float
    at: str


class Tried(Frozen):
    """The answers to one exercise, the first one first, and whether one was right."""

    answers: tuple[float, ...] = ()
    solved: bool = False


class Lesson(Frozen):
    """Guesses by step and exercises by their id."""

    guesses: dict[str, Guess] = Field(default={})
    exercises: dict[str, Tried] = Field(default={})
