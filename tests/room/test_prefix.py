"""The room below a path, as a proxy or a hub gives it one: the same as on its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.room.client import ROOM, Person, Served, button, serving
from workshop.errors import InputError
from workshop.record.file import RecordFile
from workshop.room.address import proper_address
from workshop.views.wording import phrase

BELOW = "/services/room"
LOADED = re.compile(r'(?:src|href)="([^"#]+)"')
GO_ON = phrase("ui.undecided")
slow = pytest.mark.slow


@pytest.fixture(scope="module", params=["", BELOW], ids=["alone", "below a path"])
def room(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    root: Path,
) -> Iterator[Served]:
    outer = f"http://localhost{request.param}" if request.param else ""
    folder = tmp_path_factory.mktemp("room")
    with serving(ROOM, folder, root, outer=outer) as served:
        assert served.prefix == request.param
        yield served


@pytest.fixture(scope="module")
def dana(room: Served) -> Person:
    person = Person(room)
    answer = person.come_in(room.codes["product 1"], "Dana").json()
    assert answer["go"] == f"{room.prefix}/seat"
    return person


def asked_for(person: Person, path: str) -> set[str]:
    """Return the addresses that a page loads or leads to, as a browser reads them."""
    text = person.get(path).text
    here = f"{person.served.prefix}{path}"
    found = {urljoin(here, one) for one in LOADED.findall(text)}
    return {one for one in found if not one.startswith("data:")}


@slow
@pytest.mark.parametrize("path", ["/join", "/seat", "/nothing/like/it"])
def test_all_that_a_page_asks_for_is_there(room, dana, path):
    addresses = asked_for(dana, path)
    assert addresses
    for address in addresses:
        assert address.startswith(f"{room.prefix}/")
        found = dana.get(address.removeprefix(room.prefix))
        assert found.status in (200, 302), address


@slow
def test_a_steps_page_loads_and_leads_to_what_is_there(room, dana):
    addresses = asked_for(dana, "/step/01")
    steps = {f"{room.prefix}/step/0{number}" for number in range(7)}
    assert steps <= addresses
    for address in addresses - steps:
        assert address.startswith(f"{room.prefix}/"), address
        assert dana.get(address.removeprefix(room.prefix)).status == 200, address


@slow
def test_a_button_reaches_python(room, dana):
    kernel = dana.open("01")
    assert f'"baseUrl": "{room.prefix}/"' in dana.page
    assert dana.get(f"/here/{kernel}?step=01").json()["kernel"] == "alive"

    async def press() -> None:
        socket = await dana.connect(kernel)
        pressed = await socket.press(button(await socket.states(), GO_ON))
        await socket.all_until_idle(pressed)
        await socket.close()

    asyncio.run(press())
    record = RecordFile(room.folder / "kept" / "pair-01" / "record.yaml").read()
    assert record.log[-1].decided == "undecided, go on"


@slow
def test_cookies_are_kept_below_the_path_and_redirects_stay_there(room, dana):
    stranger = Person(room)
    found = stranger.get("/")
    assert found.headers["Location"] == f"{room.prefix}/join"
    assert stranger.get("/step/01").headers["Location"].startswith(f"{room.prefix}/")
    cookies = stranger.get("/join").cookies
    answer = stranger.post("/join", {"code": room.codes["desk"], "name": ""})
    for cookie in (*cookies, *answer.cookies):
        assert f"Path={room.prefix}/;" in f"{cookie};"
    assert dana.get("/").headers["Location"] == f"{room.prefix}/seat"


@slow
def test_nothing_is_beside_the_path(room, dana):
    beside = Person(Served(f"http://127.0.0.1:{room.port}", {}, room.process, Path()))
    elsewhere = ("/", "/join", "/step/01", "/room/step.js", "/services/roomy/join")
    for path in elsewhere if room.prefix else (BELOW, f"{BELOW}/", f"{BELOW}/join"):
        assert beside.get(path).status == 404
    if room.prefix:
        assert beside.get(BELOW).headers["Location"] == f"{BELOW}/join"


@pytest.mark.parametrize(
    "address", ["room", "ftp://a/", "http://a/x?y", 'http://a/"x', "http://a//b", "//a"]
)
def test_an_address_that_nobody_could_type_is_refused(address):
    with pytest.raises(InputError, match="no address that people could type"):
        proper_address(address)


def test_an_address_of_a_proxy_may_have_a_port_and_a_path():
    for address in ("https://a.example", "http://[::1]:80", "https://a.b/c-d/e"):
        assert proper_address(f"{address}/") == address
    assert proper_address("") == ""
