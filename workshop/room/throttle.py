"""How long does a try at a code wait, so that guessing is slow and nobody is shut out?

Tries are counted for the room as a whole: twenty pairs may share one address. A few
wrong ones cost nothing; after that each wait doubles up to a limit, right codes and
wrong ones alike, and only so many wait at a time. It forgets as time goes by.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workshop.errors import RunError

FREE = 10
"""So many wrong tries in a minute wait for nothing: people mistype."""
WINDOW = 60.0
SHORTEST, LONGEST = 0.1, 2.0
MOST_WAITING = 50


class Throttle:
    """The room's memory of wrong tries; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=1000)
        self._waiting = 0

    def failed(self) -> None:
        """Count one wrong try."""
        self._failures.append(self._clock())

    @property
    def seconds(self) -> float:
        """How long the next try waits."""
        while self._failures and self._failures[0] < self._clock() - WINDOW:
            self._failures.popleft()
        beyond = len(self._failures) - FREE
        return min(LONGEST, SHORTEST * 2.0**beyond) if beyond >= 0 else 0.0

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Take a place among those who wait, and say for how many seconds.

        Raises
        ------
        RunError
            So many wait that this one has to come again in a moment.
        """
        if self._waiting >= MOST_WAITING:
            raise RunError(
                "many codes are being tried at this moment; this page tries yours "
                "again by itself"
            )
        self._waiting += 1
        try:
            yield self.seconds
        finally:
            self._waiting -= 1
