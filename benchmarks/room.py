"""Does a room for twenty pairs hold on two cores, and what does it lose when hurt?

    python benchmarks/room.py                      # 20 pairs, 30 minutes, with faults
    python benchmarks/room.py --plain --minutes 0  # kernels that are not forked
    python benchmarks/room.py --pairs 4 --minutes 2

First every seat opens a page at once, then again spread over thirty seconds. Then all
play: steps 00 to 05 with time to think, a line parked again and again, bets sealed,
outcomes saved, two more pairs in real browsers. Meanwhile kernels are killed, the
server is killed and started, a record's folder cannot be written for a while, one
client reconnects a hundred times and one sends garbage. At the end every line that
somebody saw saved has to be in its record. Clients run on the same cores as the room.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.processes import cpu, descendants, kernels_of, tree_memory  # noqa: E402
from benchmarks.room_clients import Client, Ledger  # noqa: E402
from tests.room.client import Served, start, stop  # noqa: E402
from workshop.record.file import RecordFile  # noqa: E402
from workshop.room.seats import RoomState  # noqa: E402

SCRIPT = """
import json, sys
from workshop.room.serving import kernels
from workshop.room.seats import RoomState, create
from workshop.room.serving import run_room
folder, port = sys.argv[1], int(sys.argv[2])
if {plain}:
    kernels.CAN_FORK = False
try:
    state, codes = create(folder, "flight-disruptions", pairs={pairs})
    given = {{"desk": codes.desk}}
    given |= {{f"{{role}} {{pair}}": code for pair, role, code in codes.seats}}
except Exception:
    state, given = RoomState.open(folder), {{}}
def ready(address):
    print(json.dumps({{"address": address, "codes": given}}), flush=True)
run_room(state, port=port, on_ready=ready)
"""
STEPS = ("00", "01", "02", "03", "04", "05")
SPARE = 1
"""Pairs whose seats misbehave: one reconnects, one sends garbage."""
BROWSERS = 2
"""Pairs that sit at real browsers."""


def main() -> int:
    """Run it, print figures, return 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--think", type=float, default=20, help="seconds, on average")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--no-browsers", action="store_true")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    logging.disable(logging.CRITICAL)  # a server that is killed is what is looked at
    try:
        return asyncio.run(Load(given, folder).run())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Load:
    """One room, everybody in it, and what is done to it."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self.given, self.folder = given, folder
        self.ledger = Ledger()
        script = SCRIPT.format(plain=given.plain, pairs=given.pairs + SPARE + BROWSERS)
        self.script = script
        self.served: Served = start(script, folder, ROOT, port=free_port())
        self.clients = [
            Client(self.served, pair, role, self.ledger)
            for pair in range(1, given.pairs + 1)
            for role in ("product", "engineering")
        ]
        self.memory: list[tuple[float, int]] = []
        self.browsers: list[dict[str, float]] = []
        self.started_after = 0.0
        self.reconnected = self.thrown = 0
        self.over = False

    async def run(self) -> int:
        """Play it all."""
        try:
            await self._come_in()
            await self._waves()
            if self.given.minutes:
                await self._play()
        finally:
            self.over = True
            for client in self.clients:
                with suppress(Exception):
                    await client.leave()
            stop(self.served)
        return self._lost() if self.given.minutes else 0

    async def _come_in(self) -> None:
        await wait_until_heated(self.served)
        for client in self.clients:
            await client.come_in(self.served.codes[f"{client.role} {client.pair}"])

    # pages ----------------------------------------------------------------------------

    async def _waves(self) -> None:
        kind = "plain" if self.given.plain else "forked"
        at_once = await self._wave(0)
        used = tree_memory(self.served.process.pid)
        goal, room = (25, 6000) if self.given.plain else (10, 2500)
        seats = len(self.clients)
        print(
            f"{seats} pages at once, {kind}: ready after {told(at_once)} "
            f"(goal all within {goal} s)\n"
            f"memory of the whole room with {seats} pages: {used:,.0f} MB, "
            f"{used / seats:.0f} MB a seat (goal {room:,} MB for 40)",
            flush=True,
        )
        spread = await self._wave(30)
        print(
            f"{seats} pages over 30 s, {kind}: ready after {told(spread)} "
            "(goal p95 under 2 s)",
            flush=True,
        )
        steps = {}
        for step in STEPS:
            steps[step] = await self.clients[0].open(step)
        alone = ", ".join(f"{step} {took:.1f} s" for step, took in steps.items())
        print(f"one page, nobody else: {alone}", flush=True)

    async def _wave(self, seconds: float) -> list[float]:
        async def one(place: int, client: Client) -> float:
            await asyncio.sleep(seconds * place / len(self.clients))
            return await client.open("00")

        return list(
            await asyncio.gather(*(one(i, c) for i, c in enumerate(self.clients)))
        )

    # the journey ----------------------------------------------------------------------

    async def _play(self) -> None:
        self.ledger.ready.clear()
        began = time.perf_counter()
        end = began + 60 * self.given.minutes
        tasks = [asyncio.create_task(c.watch()) for c in self.clients]
        tasks.append(asyncio.create_task(self._measure()))
        tasks.append(asyncio.create_task(self._faults(end - began)))
        tasks.append(asyncio.create_task(self._reconnects()))
        tasks.append(asyncio.create_task(self._garbage()))
        seats = [self._journey(client, end) for client in self.clients]
        if not self.given.no_browsers:
            seats.append(self._in_browsers(end))
        await asyncio.gather(*seats)
        self.over = True
        for task in tasks:
            task.cancel()
        self._report(time.perf_counter() - began)

    async def _journey(self, client: Client, end: float) -> None:
        chance = random.Random(client.name)
        length = (end - time.perf_counter()) / len(STEPS)
        for number, step in enumerate(STEPS):
            stop_at = end - length * (len(STEPS) - 1 - number)
            await asyncio.sleep(chance.uniform(0, min(30, length / 4)))
            await self._opened(client, step)
            if step == "00":
                await client.seal()
            if step == "01":
                await client.frame()
            while time.perf_counter() < stop_at:
                await asyncio.sleep(self.given.think * chance.uniform(0.5, 1.5))
                await (client.decide() if step == "05" else client.park())
            await client.go_on()

    async def _opened(self, client: Client, step: str) -> None:
        while True:
            try:
                async with client.busy:
                    self.ledger.ready.append(await client.open(step))
                return
            except Exception:
                await asyncio.sleep(1)

    async def _in_browsers(self, end: float) -> None:
        from benchmarks.room_browsers import play

        first = self.given.pairs + SPARE + 1
        pairs = [
            [self.served.codes[f"{role} {pair}"] for role in ("product", "engineering")]
            for pair in range(first, first + BROWSERS)
        ]
        self.browsers = await play(self.served.address, pairs, end, self.given.think)

    # what is done to it ---------------------------------------------------------------

    async def _faults(self, seconds: float) -> None:
        chance = random.Random(8)
        kills = [seconds * (0.1 + 0.08 * n) for n in range(10)]
        plan: list[tuple[float, Callable[[], None]]] = [
            *((at, lambda: self._kill_a_kernel(chance)) for at in kills),
            (seconds * 0.45, self._make_read_only),
            (seconds * 0.45 + 20, self._make_writable),
            (seconds * 0.62, self._kill_the_server),
        ]
        began = time.perf_counter()
        for at, act in sorted(plan, key=lambda pair: pair[0]):
            await asyncio.sleep(max(0, at - (time.perf_counter() - began)))
            try:
                await asyncio.to_thread(act)
            except Exception as error:
                self.ledger.faults.append(f"{getattr(act, '__name__', act)}: {error}")
                print(self.ledger.faults[-1], flush=True)

    def _kill_a_kernel(self, chance: random.Random) -> None:
        pid = chance.choice(kernels_of(self.served.process.pid))
        self.ledger.killed_at = time.perf_counter()
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)

    def _kill_the_server(self) -> None:
        now = time.perf_counter()
        self.served.process.kill()
        self.served.process.wait()
        time.sleep(3)
        again = start(self.script, self.folder, ROOT, port=self.served.port)
        self.served.process = again.process
        self.started_after = time.perf_counter() - now
        self.ledger.listens_at = time.perf_counter()

    def _shut(self) -> Path:
        return self.folder / "kept" / "pair-01"

    def _make_read_only(self) -> None:
        if os.geteuid() == 0:  # whom permissions do not hold back
            subprocess.run(["chattr", "+i", str(self._shut())], check=True)
        else:
            self._shut().chmod(0o500)

    def _make_writable(self) -> None:
        if os.geteuid() == 0:
            subprocess.run(["chattr", "-i", str(self._shut())], check=True)
        else:
            self._shut().chmod(0o700)

    async def _spare(self, role: str) -> Client:
        pair = self.given.pairs + 1
        client = Client(self.served, pair, role, Ledger())
        await client.come_in(self.served.codes[f"{role} {pair}"])
        await client.open("00")
        return client

    async def _reconnects(self) -> None:
        client = await self._spare("product")
        while self.reconnected < 100 and not self.over:
            with suppress(Exception):
                if client.socket:
                    client.socket.line.close()
                client.socket = await client.connected()
                await client.socket.states()
                self.reconnected += 1
            await asyncio.sleep(1)

    async def _garbage(self) -> None:
        client = await self._spare("engineering")
        chance = random.Random(0)
        while not self.over:
            try:
                socket = await client.connected()
                for size in (8, 40, 4000):
                    junk = b"\xff" * 8 if size == 8 else chance.randbytes(size)
                    await socket.raw(junk)
                    await socket.raw(json.dumps({"header": "x" * size}))
                    self.thrown += 2
                socket.line.close()
            except Exception:
                with suppress(Exception):
                    await client.open("00")
            await asyncio.sleep(1)

    async def _measure(self) -> None:
        while True:
            pid = self.served.process.pid
            used = await asyncio.to_thread(tree_memory, pid)
            self.memory.append((time.perf_counter(), int(used)))
            await asyncio.sleep(20)

    # what came of it ------------------------------------------------------------------

    def _report(self, seconds: float) -> None:
        ledger = self.ledger
        seen = [
            at - ledger.said[word] for word, at in ledger.seen.items()
            if word in ledger.said
        ]  # fmt: skip
        kernels = [t for what, t in ledger.back if what == "kernel"]
        server = [t for what, t in ledger.back if what == "server"]
        used = [memory for _, memory in self.memory]
        print(
            f"{len(self.clients)} seats for {seconds / 60:.0f} minutes: "
            f"{len(ledger.said):,} lines typed, {len(ledger.kept):,} kept, "
            f"{ledger.again} pressed again\n"
            f"a save is seen by the other half after {told(seen)} (goal p95 2 s)\n"
            f"pages ready during it after {told(ledger.ready)}\n"
            f"back after a killed kernel: {told(kernels)} (goal 5 s)\n"
            f"back after the server's restart, {self.started_after:.1f} s down, from "
            f"when it listens: {told(server)} (goal 5 s)\n"
            f"memory of the whole room: most {max(used):,} MB, last {used[-1]:,} MB\n"
            f"one client connected {self.reconnected} times, one sent {self.thrown} "
            "frames of garbage",
            flush=True,
        )
        for number, found in enumerate(self.browsers, 1):
            told_ = ", ".join(f"{name} {value:.2f}" for name, value in found.items())
            print(f"pair {number} in Chromium: {told_}")
        for fault in ledger.faults:
            print(fault)

    def _lost(self) -> int:
        """Hold every record against what people were told is saved."""
        room = RoomState.open(self.folder / "kept")
        missing, twice, bets, undecided = [], 0, 0, set()
        for client in self.clients:
            record = RecordFile(room.record_path(client.pair)).read()
            lines = [line.text for line in record.parking]
            mine = [w for w in self.ledger.kept if w.startswith(client.name)]
            missing += [word for word in mine if word not in lines]
            twice += sum(lines.count(word) > 1 for word in mine)
            sealed = record.bets.sealed if record.bets else {}
            bets += client.role not in sealed
            if not (record.agreement and record.agreement.decides):
                undecided.add(client.pair)
        print(
            f"lost: {len(missing)} of {len(self.ledger.kept):,} lines (goal 0), "
            f"{twice} stand twice, {bets} of {len(self.clients)} bets not sealed, "
            f"{len(undecided)} of {self.given.pairs} pairs without owners from step 05"
        )
        return 1 if missing or bets or undecided else 0


# --- the machine ----------------------------------------------------------------------


def free_port() -> int:
    """Return a port that no client is given by chance.

    One that knocks at a closed port of that kind may be connected to itself, and then
    the server that is started again does not get it.
    """
    for port in range(18_000, 19_000):
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise OSError("no port between 18000 and 19000 is free")


async def wait_until_heated(served: Served) -> None:
    """Wait until the room's process has read the data, as it has when people come."""
    before = -1.0
    for _ in range(120):
        await asyncio.sleep(2)
        now = sum(cpu(pid) for pid in descendants(served.process.pid))
        if before >= 0 and now - before < 0.1:
            return
        before = now


def told(seconds: list[float]) -> str:
    """Say p50, p95 and the longest of some times."""
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    p50, p95 = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95))
    return f"p50 {p50:.2f}, p95 {p95:.2f}, longest {ordered[-1]:.2f} s ({len(ordered)})"


if __name__ == "__main__":
    raise SystemExit(main())
