"""Does the room keep its promise behind a hub? All of it runs, proxy and room too."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tornado.httpclient import HTTPClientError

from tests.deploy.hub import ROOM, Hub, Visitor, below, needs_hub, running_hub
from tests.room.client import Person, Served, button
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.views.wording import phrase, say

pytestmark = [pytest.mark.slow, needs_hub]

GO_ON = phrase("ui.undecided")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


def seated(hub: Hub, user: str) -> Visitor:
    visitor = Visitor(hub.served)
    assert visitor.sit_down(user) == f"{ROOM}/{'desk' if user == 'maria' else 'seat'}"
    return visitor


@pytest.fixture(scope="module")
def dana(hub: Hub) -> Visitor:
    return seated(hub, "dana")


@pytest.fixture(scope="module")
def ilir(hub: Hub) -> Visitor:
    return seated(hub, "ilir")


@pytest.fixture(scope="module")
def noor(hub: Hub) -> Visitor:
    return seated(hub, "noor")


@pytest.fixture(scope="module")
def desk(hub: Hub) -> Visitor:
    return seated(hub, "maria")


@pytest.fixture(scope="module")
def kernel(dana: Visitor) -> str:
    return dana.open("01")


def record(hub: Hub, pair: int = 1) -> Record:
    return RecordFile(hub.folder / "room" / f"pair-{pair:02}" / "record.yaml").read()


def xsrf(visitor: Visitor) -> str:
    """Return the hub's own token, as its pages have it."""
    return visitor.jar[("/hub/", "_xsrf")]


def connects(visitor: Visitor, kernel: str, **headers: str) -> int:
    """Return the status that a websocket to a kernel gets; 101 where it opens."""

    async def knock() -> int:
        visitor.at = f"{ROOM}/api/kernels/"
        try:
            await (await visitor.connect(kernel, **headers)).close()
        except HTTPClientError as error:
            return error.code
        return 101

    return asyncio.run(knock())


# --- what people can do ---------------------------------------------------------------


def test_two_users_of_the_hub_are_a_pair_and_the_third_is_at_the_desk(
    hub, dana, ilir, desk
):
    now = dana.get("/seat/now").json()
    assert "Ilir" in now["partner"] or "ilir" in now["partner"]
    people = record(hub).participants
    assert (people.product[0].name, people.engineering[0].name) == ("dana", "ilir")
    assert desk.get("/desk/now").status == 200
    assert dana.get("/desk/now").status == 403


def test_what_one_saves_is_in_the_record_of_the_pair_alone(hub, dana, kernel):
    async def press() -> None:
        dana.at = f"{ROOM}/api/kernels/"
        socket = await dana.connect(kernel)
        pressed = await socket.press(button(await socket.states(), GO_ON))
        await socket.all_until_idle(pressed)
        await socket.close()

    before, other = len(record(hub).log), record(hub, 2).log
    asyncio.run(press())
    log = record(hub).log
    assert (len(log), log[-1].decided) == (before + 1, "undecided, go on")
    assert record(hub, 2).log == other


def test_the_cookies_of_the_room_are_for_no_script_and_lie_below_its_path(hub):
    visitor = Visitor(hub.served)
    visitor.log_in("dana", hub.codes["dana"])
    asked = visitor.get("/join")
    way = urlsplit(asked.headers["Location"])
    assert parse_qs(way.query)["code_challenge_method"] == ["S256"]
    back = visitor.hub("GET", f"{way.path}?{way.query}").headers["Location"]
    answer = visitor.hub("GET", back)
    for name, held in (("service-room-oauth-state", asked), ("service-room", answer)):
        (kept,) = [
            c for c in held.cookies if c.startswith(f"{name}=") and "=;" not in c
        ]
        for flag in ("HttpOnly", "SameSite=Lax", f"Path={ROOM}/"):
            assert flag in kept


def test_who_is_not_in_the_list_gets_one_sentence_and_may_have_a_code(hub, desk):
    eve = Visitor(hub.served)
    assert eve.sit_down("eve") == f"{ROOM}/join"
    page = eve.get("/join").text
    assert say("hub.no_seat", name="eve").html in page
    assert eve.get("/step/00").status == 302
    desk.get("/desk")
    told = desk.post(
        "/desk/act", {"act": "add", "pair": 2, "role": "engineering"}
    ).json()
    (code,) = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", str(told))
    eve.get("/join")
    assert eve.post("/join", {"code": code, "name": "Somebody else"}).json()["ok"]
    assert record(hub, 2).participants.engineering[0].name == "eve"
    again = eve.post("/join", {"code": code, "name": "Eve"}).json()
    assert again["said"] == phrase("hub.seated")


def test_a_seat_that_the_desk_took_back_is_not_given_again_by_the_list(hub, desk, noor):
    assert noor.get("/seat/now").status == 200
    desk.get("/desk")
    done = desk.post("/desk/act", {"act": "release", "pair": 2, "role": "product"})
    assert done.json()["ok"]
    assert noor.get("/seat/now", Accept="*/*").status == 403
    assert noor.follow(f"{ROOM}/")[0] == f"{ROOM}/join"


# --- what an attacker gets ------------------------------------------------------------


@pytest.mark.parametrize("code", ["", "0000-0000-0000", "the code of ilir"])
def test_a_wrong_code_lets_nobody_in(hub, code):
    visitor = Visitor(hub.served)
    given = hub.codes["ilir"] if "ilir" in code else code
    assert visitor.log_in("dana", given).status == 403
    assert visitor.follow(f"{ROOM}/")[0].startswith("/hub/login")


def test_nobody_can_start_a_server_where_code_would_run(hub, dana):
    dana.hub("GET", "/hub/home")
    own = {"X-XSRFToken": xsrf(dana), "Content-Type": "application/json"}
    tries = [
        ("POST", "/hub/api/users/dana/server"),
        ("POST", "/hub/api/users/dana/servers/other"),
        ("PUT", "/hub/api/users/dana/servers/other"),
        ("POST", "/hub/api/users/dana/tokens"),
        ("GET", "/hub/spawn"),
        ("GET", "/hub/spawn/dana"),
        ("POST", "/hub/spawn/dana"),
        ("GET", "/hub/user/dana/"),
        ("GET", "/hub/admin"),
        ("GET", "/hub/api/users"),
        ("POST", "/hub/api/shutdown"),
        ("GET", "/hub/api/proxy"),
    ]
    got = {}
    for method, path in tries:
        got[method, path] = dana.hub(method, path, "{}", **own).status
    assert set(got.values()) <= {403, 404}, got
    assert set(hub.processes()) == {"hub", "proxy", "room"}


def test_a_kernel_is_for_its_own_seat_only(hub, dana, ilir, desk, kernel):
    assert connects(dana, kernel) == 101
    for other in (ilir, desk):
        assert connects(other, kernel) == 404
        assert other.get(f"/api/kernels/{kernel}").status == 404
        assert other.post(f"/voila/api/shutdown/{kernel}").status == 404
    assert connects(Visitor(hub.served), kernel) == 403
    assert connects(dana, kernel, Origin="http://evil.example") == 403
    assert connects(dana, kernel, Origin=f"http://127.0.0.1:{hub.room_port}") == 403


def test_who_goes_around_the_proxy_comes_in_by_no_door(hub, dana):
    beside = Served(f"http://127.0.0.1:{hub.room_port}{ROOM}", {}, hub.process, Path())
    for path in ("/", "/join", "/step/00", "/desk", "/seat/now"):
        assert Person(beside).get(path).status == 403  # under the name of its port
    outer = f"127.0.0.1:{hub.port}"
    for path in ("/", "/step/00", "/desk"):
        answer = Person(beside).get(path, Host=outer)
        assert answer.headers["Location"].partition("?")[0] == f"{ROOM}/join"
    assert Person(beside).get("/seat/now", Host=outer, Accept="*/*").status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Authorization": "token made-up"},
        {"X-Forwarded-Host": "evil.example", "Host": "evil.example"},
        {"X-Forwarded-User": "dana", "Remote-User": "dana"},
        {"Cookie": "service-room=dana; jupyterhub-session-id=x"},
    ],
)
def test_no_header_of_a_stranger_lets_in(hub, headers):
    answer = Visitor(hub.served).get("/seat/now", **headers, Accept="*/*")
    assert answer.status == 403


def test_a_hubs_token_in_an_address_or_a_header_is_no_way_in(hub, dana):
    signed = dana.jar[(f"{ROOM}/", "service-room")]
    stranger = Visitor(hub.served)
    for path, headers in (
        (f"/seat/now?token={signed}", {}),
        ("/seat/now", {"Authorization": f"token {signed}"}),
    ):
        assert stranger.get(path, Accept="*/*", **headers).status == 403


def test_what_the_hub_sends_back_works_only_where_it_was_asked_for(hub, dana):
    for query in ("", "?code=x", "?code=x&state=y", "?error=x&state=y"):
        assert Visitor(hub.served).get(f"/oauth_callback{query}").status == 403


def test_what_changes_something_needs_the_rooms_own_token(hub, dana, desk, kernel):
    for who, path in (
        (dana, f"/voila/api/shutdown/{kernel}"),
        (desk, "/desk/act"),
        (dana, "/join"),
    ):
        for token in ({}, {"X-XSRFToken": xsrf(who)}):
            assert who.ask("POST", path, headers=token, body="{}").status == 403


def test_nothing_secret_is_in_the_log_or_in_what_kernels_are_told(hub, dana, kernel):
    for user, code in hub.codes.items():
        assert code not in hub.log, user
    room = hub.processes()["room"]
    assert RecordFile(hub.folder / "room" / "pair-01" / "record.yaml").exists
    for child in below(room):
        told = Path(f"/proc/{child}/environ").read_bytes()
        assert b"JUPYTERHUB_API_TOKEN" not in told


def test_files_of_the_hub_are_for_its_owner_alone(hub):
    for name in ("codes.json", "hub-secret", "hub.sqlite", "room"):
        assert (hub.folder / name).stat().st_mode & 0o077 == 0, name


def test_logging_out_of_the_hub_ends_the_seats_page(hub):
    ilir = seated(hub, "ilir")
    assert ilir.get("/seat/now").status == 200
    ilir.hub("GET", "/hub/logout")
    assert ilir.get("/seat/now", Accept="*/*").status == 403
    ilir.sit_down("ilir")
    assert ilir.get("/seat/now").status == 200


# --- a restart, last: what it ends is gone for the tests above ------------------------


def test_a_room_that_starts_again_knows_its_people(hub, dana):
    before = dana.get("/seat/now").json()["you"]
    room = hub.processes()["room"]
    os.kill(room, signal.SIGKILL)
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            answer = dana.get("/seat/now")
            if answer.status == 200:
                break
        except OSError:
            pass
        time.sleep(0.5)
    assert answer.json()["you"] == before
    assert hub.processes()["room"] != room
