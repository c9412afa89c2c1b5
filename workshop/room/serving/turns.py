"""Whose page is made next? So many at a time, and no seat can hold up the others.

Somebody who leans on the key that loads a page again asks forty times and reads one
answer. Of a seat's requests for one page, the newest that waits goes on; of a request
whose browser has gone, nothing is made.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Turns:
    """What pages wait for until they are made.

    Parameters
    ----------
    at_once : int
        How many are made at a time. One seat has half of these at most.
    """

    def __init__(self, at_once: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._share = max(1, at_once // 2)
        self._own: dict[str, asyncio.Semaphore] = {}
        self._asking: Counter[str] = Counter()
        self._newest: dict[tuple[str, str], object] = {}

    @asynccontextmanager
    async def turn(
        self, seat: str, page: str, *, is_left: Callable[[], bool]
    ) -> AsyncIterator[bool]:
        """Wait for a turn; give whether the page is still to be made when it comes."""
        mine = self._newest[seat, page] = object()
        own = self._own.setdefault(seat, asyncio.Semaphore(self._share))
        self._asking[seat] += 1
        try:
            async with own, self._free:
                yield self._newest[seat, page] is mine and not is_left()
        finally:
            self._forget(seat)

    def _forget(self, seat: str) -> None:
        """Keep nothing of a seat that asks for nothing any more."""
        self._asking[seat] -= 1
        if not self._asking[seat]:
            del self._asking[seat], self._own[seat]
            for key in [key for key in self._newest if key[0] == seat]:
                del self._newest[key]
