"""How long do people wait for a person, and do the reviewers' hours suffice at all?

A queue with one line and times that vary as they like (M/M/1: Erlang; Kleinrock 1975,
mean time in the system 1/(μ - λ)). The reviewers' hours are spread over the week's 168
evenly, so a reviewer with two hours a week serves slowly, and nobody who asks waits for
nothing. A queue that gets more than it can do has no mean wait: it grows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.errors import InputError

Floats = NDArray[np.float64]
WEEK = 168.0
"""Hours in a week."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What the reviewers can do in a week, and what they are asked for.

    ``capacity`` is decisions a week. ``load`` is the share of their time that is taken;
    None without any capacity. ``waiting_hours`` is the mean time by the clock from the
    question to the reviewer's answer, 0 where nobody is asked, and None where the queue
    overflows: then ``overflow_per_week`` decisions a week are never reached.
    """

    asked_per_week: float
    capacity: float
    load: float | None
    waiting_hours: float | None
    overflow_per_week: float

    @property
    def overflows(self) -> bool:
        """Whether more is asked than can ever be answered."""
        return self.waiting_hours is None


def queue(asked_per_week: float, minutes_each: float, hours_per_week: float) -> Queue:
    """Whether what is sent to reviewers fits into their hours, and how long it waits.

    Raises
    ------
    InputError
        A negative volume, time or capacity. No hours at all are fine: all overflows.

    >>> found = queue(60, 2, 4)
    >>> found.load, round(found.waiting_hours, 2)
    (0.5, 2.8)
    """
    given = (asked_per_week, minutes_each, hours_per_week)
    if not all(0 <= one < np.inf for one in given):
        raise InputError(
            "a queue needs decisions, minutes and hours of at least 0, not "
            f"{asked_per_week:g}, {minutes_each:g} and {hours_per_week:g}"
        )
    capacity = float(weekly_capacity(minutes_each, hours_per_week))
    wait = float(waiting_hours(asked_per_week, capacity))
    return Queue(
        asked_per_week=asked_per_week,
        capacity=capacity,
        load=asked_per_week / capacity if capacity else None,
        waiting_hours=wait if np.isfinite(wait) else None,
        overflow_per_week=max(0.0, asked_per_week - capacity),
    )


def weekly_capacity(minutes_each: ArrayLike, hours_per_week: ArrayLike) -> Floats:
    """Decisions that fit into a week's hours; none without hours, however quick."""
    hours = np.asarray(hours_per_week, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        fit = hours * 60 / np.asarray(minutes_each, dtype=np.float64)
    return np.where(hours > 0, fit, 0.0)


def waiting_hours(asked_per_week: ArrayLike, capacity: ArrayLike) -> Floats:
    """Mean hours until the answer: 168/(capacity - asked); infinite where it overflows.

    Zero where nobody is asked: then nobody waits.
    """
    asked = np.asarray(asked_per_week, dtype=np.float64)
    spare = np.asarray(capacity, dtype=np.float64) - asked
    with np.errstate(divide="ignore", over="ignore"):
        wait = np.where(spare > 0, WEEK / spare, np.inf)
    return np.where(asked > 0, wait, 0.0)
