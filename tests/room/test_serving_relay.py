"""The relay as it runs: what a pair sees of each other, and what an attacker gets."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    websocket_connect,
)

from tests.room.builders import a_room
from tests.room.client import APP, ROOM, Person, Served, serving
from workshop.record.file import RecordFile
from workshop.room.relay import (
    LARGEST,
    MOST_A_SECOND,
    MOST_CHOICES,
    PASSED_A_SECOND,
    Choice,
    Page,
)
from workshop.room.serving.relay import KEPT, MOST_OF_ONE, Lines

pytestmark = pytest.mark.slow

SEATS = {
    "Dana": "product 1",
    "Ilir": "engineering 1",
    "Mara": "product 2",
    "guest": "spectator",
    "Flo": "desk",
}
DRIVE = {"do": "choose", "way": "drive"}
ALONE = {"do": "choose", "way": "alone"}
REFUSED = 1008
TOO_LARGE = 1009


def at(act: Any) -> dict[str, Any]:
    return {"do": "at", "act": act, "ask": act, "opened": [], "of": "ab"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    with serving(ROOM, tmp_path_factory.mktemp("room"), root) as served:
        yield served


@pytest.fixture(scope="module")
def people(room: Served) -> dict[str, Person]:
    found = {name: Person(room) for name in SEATS}
    for name, seat in SEATS.items():
        assert found[name].come_in(room.codes[seat], name).json()["ok"]
    return found


@dataclass
class Line:
    """One page's line, spoken as a page speaks it or otherwise."""

    socket: WebSocketClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, what: Any) -> None:
        raw = what if isinstance(what, str | bytes) else json.dumps(what)
        await self.socket.write_message(raw, binary=isinstance(raw, bytes))

    async def until(self, kind: str, seconds: float = 5) -> dict[str, Any] | None:
        """Return the next message of a kind; None when none comes."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                text = await asyncio.wait_for(self.socket.read_message(), left)
            except TimeoutError:
                return None
            if text is None:
                return None
            self.heard.append(json.loads(text))
            if self.heard[-1]["do"] == kind:
                return self.heard[-1]
        return None

    async def close(self) -> None:
        self.socket.close()
        while await self.until("nothing", 2) is not None:
            pass

    async def closed_with(self) -> int | None:
        """Wait until the other side has closed it."""
        await self.until("nothing", 5)
        code = self.socket.close_code
        self.socket.close()
        return code


async def line(person: Person, step: str = "03", **headers: str) -> Line:
    port = person.served.port
    request = HTTPRequest(f"ws://127.0.0.1:{port}/relay?step={step}")
    own = {"Origin": f"http://127.0.0.1:{port}", **person._cookie(), **headers}
    for name, value in own.items():
        if value:
            request.headers[name] = value
    return Line(await websocket_connect(request))


def refused(person: Person, step: str = "03", **headers: str) -> int:
    """Return with which status a line is refused; 101 where it is not."""

    async def knock() -> int:
        try:
            await (await line(person, step, **headers)).close()
        except HTTPClientError as error:
            return error.code
        return 101

    return asyncio.run(knock())


def together(
    people: dict[str, Person], play: Callable[[Line, Line], Awaitable[Any]]
) -> Any:
    """Let Dana and Ilir sit at step 03 while something is tried."""

    async def run() -> Any:
        dana, ilir = await line(people["Dana"]), await line(people["Ilir"])
        assert await dana.until("hello")
        assert await ilir.until("hello")
        result = await play(dana, ilir)
        await dana.close()
        await ilir.close()
        return result

    return asyncio.run(run())


# --- what a pair sees -----------------------------------------------------------------


def test_what_the_driver_moves_the_other_sees_and_the_record_does_not(room, people):
    record = room.folder / "kept" / "pair-01" / "record.yaml"
    before = record.read_bytes()

    async def play(dana: Line, ilir: Line) -> Any:
        await dana.say(DRIVE)
        await dana.until("way")
        told = await ilir.until("way")
        await dana.say(at(0.62))
        return told, await ilir.until("at")

    told, seen = together(people, play)
    assert (told["way"], told["driver"], told["yours"]) == ("drive", "Dana", False)
    assert seen == at(0.62)
    assert record.read_bytes() == before


def test_who_follows_moves_nothing_and_may_take_over(people):
    async def play(dana: Line, ilir: Line) -> Any:
        await dana.say(DRIVE)
        await ilir.until("way", 1)
        await ilir.say(at(0.11))
        nothing = await dana.until("at", 0.5)
        await ilir.say(DRIVE)
        taken = await dana.until("way")
        await ilir.say(at(0.12))
        return nothing, taken["driver"], (await dana.until("at"))["act"]

    assert together(people, play) == (None, "Ilir", 0.12)


def test_who_comes_late_is_told_where_the_driver_stands(people):
    async def play(dana: Line, ilir: Line) -> Any:
        await dana.say(DRIVE)
        await ilir.until("way", 1)
        await dana.say(at(0.33))
        await ilir.until("at")
        late = await line(people["Ilir"])
        hello = await late.until("hello")
        elsewhere = await line(people["Ilir"], "04")
        there = await elsewhere.until("hello")
        await late.close()
        await elsewhere.close()
        return hello["at"]["act"], there["at"]

    assert together(people, play) == (0.33, None)


def test_a_room_that_starts_again_keeps_the_choice(tmp_path):
    state, _, seated = a_room(tmp_path, 1)
    who = seated[0].who
    page, kept = Page(who.id, 1, "03"), state.folder.path / KEPT
    lines = Lines(state)
    lines.relay.enter(page)
    lines.relay.hear(page, Choice(drive=True))
    assert Lines(state).relay.way(1) == who.id
    assert kept.stat().st_mode & 0o077 == 0
    state.release(1, who.role)
    assert Lines(state).relay.way(1) == ""
    kept.write_text("[what is this?")
    assert Lines(state).relay.way(1) == ""
    state.close()


# --- who gets no line -----------------------------------------------------------------


def test_only_a_seat_gets_a_line_and_only_from_a_page_of_the_room(room, people):
    dana, port = people["Dana"], room.port
    assert refused(dana) == 101
    assert refused(Person(room)) == 403
    assert refused(Person(room, {f"common-ground-{port}": "x" * 43})) == 403
    assert refused(people["guest"]) == 403
    assert refused(people["Flo"]) == 403
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{port + 1}", ""):
        assert refused(dana, Origin=origin) == 403
    assert refused(dana, Host=f"evil.example:{port}") == 403


@pytest.mark.parametrize("step", ["", "07", "..", "03%2f", "3", "03/04"])
def test_there_is_no_line_for_a_step_that_is_not(people, step):
    assert refused(people["Dana"], step) == 404


def test_asking_for_it_as_a_page_gives_nothing(people):
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert people["Dana"].ask(method, "/relay?step=03").status >= 400


def test_a_pair_at_one_page_has_no_relay(root, tmp_path):
    (tmp_path / "kept").mkdir()
    script = APP.replace("sys.argv[1]", 'sys.argv[1] + "/record.yaml"')
    with serving(script, tmp_path, root) as served:
        person = Person(served)
        person.come_in(served.codes["app"])
        assert refused(person) == 404
        person.open("03")
        assert "room-relay" not in person.page


# --- what an attacker gets on a line --------------------------------------------------

GARBAGE = {
    "no JSON": "{",
    "binary": b"\xff" * 8,
    "a frame for kernels": b"\x06" + b"\x00" * 63,
    "a list": "[]",
    "nested": "[" * 3000,
    "another pair": json.dumps(DRIVE | {"pair": 2}),
    "somebody else": json.dumps(DRIVE | {"person": "x"}),
    "execute": json.dumps({"do": "execute", "code": "1"}),
    "typed text": json.dumps(at(0.5) | {"opened": ["my bet is 41"]}),
    "a bet": json.dumps(at(0.5) | {"tolerable_error": 0.41}),
    "HTML": json.dumps(at("<img src=x onerror=alert(1)>")),
    "no number": json.dumps(at(float("nan"))),
    "too great": json.dumps(at(0.5)).replace("0.5", "1e999"),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_garbage_closes_only_the_line_that_it_came_on(people, garbage):
    async def play(dana: Line, ilir: Line) -> Any:
        bad = await line(people["Dana"])
        await bad.until("hello")
        await bad.say(garbage)
        code = await bad.closed_with()
        await dana.say(ALONE)
        await ilir.until("way", 1)
        await dana.say(at(0.42))
        return code, (await ilir.until("point"))["act"]

    code, seen = together(people, play)
    assert code == REFUSED
    assert seen == 0.42


def test_what_is_too_large_closes_the_line_unread(people):
    async def play(dana: Line, ilir: Line) -> Any:
        bad = await line(people["Dana"])
        await bad.until("hello")
        await bad.say("x" * (LARGEST + 1))
        return await bad.closed_with()

    assert together(people, play) == TOO_LARGE


def test_a_hand_that_is_too_fast_is_thinned_out_and_the_newest_arrives(people):
    most = 150

    async def play(dana: Line, ilir: Line) -> Any:
        await dana.say(DRIVE)
        await ilir.until("way", 1)
        ilir.heard.clear()
        began = time.monotonic()
        for number in range(most):
            await dana.say(at(number))
        while (seen := await ilir.until("at", 2)) is not None:
            if seen["act"] == most - 1:
                break
        return seen, len(ilir.heard), time.monotonic() - began

    seen, heard, seconds = together(people, play)
    assert seen["act"] == most - 1
    assert heard <= PASSED_A_SECOND * seconds + 5


@pytest.mark.parametrize("what", [at(0.5), DRIVE], ids=["moves", "choices"])
def test_a_flood_closes_the_line_and_the_others_go_on(people, what):
    async def play(dana: Line, ilir: Line) -> Any:
        bad = await line(people["Dana"])
        await bad.until("hello")
        with suppress(WebSocketClosedError):
            for _ in range(MOST_A_SECOND + MOST_CHOICES):
                await bad.say(what)
        code = await bad.closed_with()
        await ilir.say(DRIVE)
        await ilir.until("way", 1)
        await ilir.say(at(0.77))
        while (seen := await dana.until("at"))["act"] == 0.5:
            pass
        return code, seen["act"]

    assert together(people, play) == (REFUSED, 0.77)


def test_no_other_pair_hears_anything(people):
    async def run() -> list[str]:
        mara, dana = await line(people["Mara"]), await line(people["Dana"])
        await mara.until("hello")
        await dana.until("hello")
        await dana.say(DRIVE)
        await dana.until("way")
        await dana.say(at(0.31))
        await mara.until("nothing", 1)
        kinds = [message["do"] for message in mara.heard]
        names = json.dumps(mara.heard)
        await mara.close()
        await dana.close()
        assert "Dana" not in names
        return kinds

    assert asyncio.run(run()) == ["hello"]


def test_a_hundred_lines_of_one_are_a_few_and_the_others_notice_nothing(people):
    async def play(dana: Line, ilir: Line) -> Any:
        many = [await line(people["Mara"]) for _ in range(30)]
        for _ in range(10):
            short = (line(people["Ilir"]) for _ in range(10))
            opened = await asyncio.gather(*short)
            await asyncio.gather(*(one.close() for one in opened))
        await many[-1].until("hello")
        closed = [await one.closed_with() for one in many[: 30 - MOST_OF_ONE]]
        for one in many[30 - MOST_OF_ONE :]:
            await one.close()
        again = await line(people["Ilir"])
        await again.say(ALONE)
        await again.say(at(0.9))
        seen = await dana.until("point")
        await again.close()
        return set(closed), seen["act"]

    assert together(people, play) == ({REFUSED}, 0.9)


def test_who_does_not_listen_keeps_nobody_waiting(people):
    async def play(dana: Line, ilir: Line) -> Any:
        deaf = await line(people["Ilir"])
        await dana.say(DRIVE)
        await ilir.until("way", 1)
        for number in range(120):
            await dana.say(at(number))
            await asyncio.sleep(0.01)
        seen = None
        while (one := await ilir.until("at", 1)) is not None:
            seen = one
            if one["act"] == 119:
                break
        await deaf.close()
        return seen["act"]

    assert together(people, play) == 119


def test_a_seat_that_ends_loses_its_line(room, people):
    desk = people["Flo"]

    async def play(dana: Line, ilir: Line) -> Any:
        desk.get("/desk")
        asked = {"act": "release", "pair": 2, "role": "product"}
        mara = await line(people["Mara"])
        await mara.until("hello")
        answer = await asyncio.to_thread(desk.post, "/desk/act", asked)
        assert answer.json()["ok"], answer.text
        return await mara.closed_with()

    assert together(people, play) == 4001
    assert refused(people["Mara"]) == 403


def test_nothing_of_all_this_is_in_a_record(room, people):
    record = RecordFile(room.folder / "kept" / "pair-01" / "record.yaml").read()
    assert record.threshold is None
    assert record.marks == {}
