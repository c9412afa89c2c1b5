"""Pages are made a few at a time, and no seat can hold up the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from workshop.room.serving.turns import Turns


class Room:
    """Seats that ask for pages; what is made is noted, and waits until it is let go."""

    def __init__(self, at_once: int) -> None:
        self.turns = Turns(at_once)
        self.made: list[str] = []
        self.busy = self.most = 0
        self.left: set[str] = set()
        self.go = asyncio.Event()
        self.asked: list[asyncio.Task[None]] = []

    async def _ask(self, name: str) -> None:
        seat, page, _ = name.split()
        async with self.turns.turn(
            seat, page, is_left=lambda: name in self.left
        ) as wanted:
            if not wanted:
                return
            self.made.append(name)
            self.busy += 1
            self.most = max(self.most, self.busy)
            await self.go.wait()
            self.busy -= 1

    async def ask(self, *names: str) -> None:
        """Let these requests come, in this order: seat, page, which."""
        self.asked += [asyncio.create_task(self._ask(name)) for name in names]
        for _ in range(5):
            await asyncio.sleep(0)

    async def let_go(self) -> None:
        self.go.set()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.gather(*self.asked), 10)


def playing(at_once: int, play: Callable[[Room], Awaitable[None]]) -> Room:
    async def run() -> Room:
        room = Room(at_once)
        await play(room)
        await room.let_go()
        return room

    return asyncio.run(run())


def forty_of(seat: str) -> list[str]:
    return [f"{seat} 03 {number}" for number in range(40)]


def test_so_many_are_made_at_a_time_and_all_in_turn():
    async def play(room: Room) -> None:
        await room.ask(*(f"seat{n} 00 1" for n in range(9)))

    room = playing(4, play)
    assert room.most == 4
    assert room.made == [f"seat{n} 00 1" for n in range(9)]


def test_of_forty_requests_of_a_seat_for_a_page_the_newest_that_waits_goes_on():
    async def play(room: Room) -> None:
        await room.ask(*forty_of("a"))

    assert playing(4, play).made == ["a 03 0", "a 03 1", "a 03 39"]


def test_another_seat_does_not_wait_for_them():
    async def play(room: Room) -> None:
        await room.ask(*forty_of("a"), "b 00 1")
        assert "b 00 1" in room.made

    playing(4, play)


def test_for_a_browser_that_has_gone_nothing_is_made():
    async def play(room: Room) -> None:
        await room.ask("a 00 1", "b 00 1")
        room.left.add("b 00 1")

    assert playing(1, play).made == ["a 00 1"]


def test_other_pages_of_the_same_seat_are_made_too():
    async def play(room: Room) -> None:
        await room.ask("a 00 1", "a 01 1", "a 02 1", "a 03 1")

    assert len(playing(2, play).made) == 4


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_one_seat_has_half_the_turns_at_most_and_never_none(at_once):
    async def play(room: Room) -> None:
        await room.ask(*(f"a 0{n} 1" for n in range(7)))

    assert playing(at_once, play).most == max(1, at_once // 2)


def test_nothing_is_kept_of_those_who_ask_for_nothing_any_more():
    async def play(room: Room) -> None:
        await room.ask(*forty_of("a"), "b 00 1")
        room.asked[-2].cancel()

    turns = playing(4, play).turns
    assert (turns._own, turns._newest, +turns._asking) == ({}, {}, {})
