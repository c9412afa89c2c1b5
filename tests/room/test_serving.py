"""The room's server as it runs: what its people can do, and what an attacker gets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.room.client import APP, ROOM, Person, Served, button, serving, start, stop
from tests.room.test_guard import REFUSED
from workshop.kernels import CAN_FORK
from workshop.record.file import RecordFile
from workshop.room.serving.kernels import Kernels
from workshop.room.serving.notebooks import NOTEBOOKS, for_a_page
from workshop.views.wording import phrase

pytestmark = pytest.mark.slow

ELSEWHERE = "evil.example"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
GO_ON = phrase("ui.undecided")
ON_LINUX = pytest.mark.skipif(not CAN_FORK, reason="kernels are forked on Linux only")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    with serving(ROOM, tmp_path_factory.mktemp("room"), root) as served:
        yield served


@pytest.fixture(scope="module")
def dana(room: Served) -> Person:
    """Product of pair 1."""
    return seated(room, "product 1", "Dana")


@pytest.fixture(scope="module")
def ilir(room: Served) -> Person:
    """Engineering of pair 1."""
    return seated(room, "engineering 1", "Ilir")


@pytest.fixture(scope="module")
def mara(room: Served) -> Person:
    """Product of pair 2."""
    return seated(room, "product 2", "Mara")


@pytest.fixture(scope="module")
def desk(room: Served) -> Person:
    return seated(room, "desk")


@pytest.fixture(scope="module")
def kernel(dana: Person) -> str:
    """Dana's page of step 01."""
    return dana.open("01")


def seated(room: Served, seat: str, name: str = "") -> Person:
    person = Person(room)
    assert person.come_in(room.codes[seat], name).json()["ok"]
    return person


def record(room: Served, pair: int = 1) -> Any:
    return RecordFile(room.folder / "kept" / f"pair-{pair:02}" / "record.yaml").read()


def state(person: Person, kernel: str) -> str:
    """Return what a page is told of its kernel."""
    told: str = person.get(f"/here/{kernel}?step=01").json()["kernel"]
    return told


def soon(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    """Say whether it is so before long."""
    until = time.monotonic() + seconds
    while not (now := is_so()) and time.monotonic() < until:
        time.sleep(0.2)
    return now


def is_calm(answer: Any) -> None:
    """No traceback, no path, no hint for programmers; and the headers stand."""
    for word in (
        "Traceback",
        'File "',
        "site-packages",
        "show_tracebacks",
        "/workshop",
    ):
        assert word not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


# --- what people can do ---------------------------------------------------------------


def test_a_page_has_no_code_and_every_step_has_a_page(dana, kernel):
    assert dana.open("01") != kernel
    assert "step.outcome()" not in dana.page
    assert "import workshop" not in dana.page
    assert 'class="room-steps"' in dana.page
    assert list(NOTEBOOKS) == ["00", "01", "02", "03", "04", "05", "06"]


def test_a_button_reaches_python_and_what_it_does_is_in_the_record(room, ilir):
    kernel = ilir.open("01")

    async def press() -> list[str]:
        socket = await ilir.connect(kernel)
        pressed = await socket.press(button(await socket.states(), GO_ON))
        kinds = await socket.all_until_idle(pressed)
        await socket.close()
        return kinds

    before = len(record(room).log)
    kinds = asyncio.run(press())
    log = record(room).log
    assert "comm_msg" in kinds
    assert len(log) == before + 1
    assert log[-1].decided == "undecided, go on"


def test_a_page_is_told_how_far_the_record_is(dana, kernel):
    now = dana.get(f"/here/{kernel}?step=01").json()
    assert now["kernel"] == "alive"
    assert 'aria-current="page"' in now["bar"]


def test_what_the_desk_sends_reaches_the_pages(dana, desk, kernel):
    desk.get("/desk")
    assert desk.post("/desk/act", {"act": "nudge", "text": "Talk."}).json()["ok"]
    told = dana.get(f"/here/{kernel}?step=01").json()["nudges"]
    assert told[-1]["text"] == "Talk."


def test_everybody_begins_where_they_belong(room, dana, desk):
    spectator = seated(room, "spectator")
    assert dana.get("/").headers["Location"] == "/seat"
    assert desk.get("/").headers["Location"] == "/desk"
    assert spectator.get("/").headers["Location"] == "/stage"
    for person, pages in ((dana, ["/seat", "/seat/now"]),
                          (desk, ["/desk", "/desk/now", "/stage", "/stage/now"]),
                          (spectator, ["/stage", "/stage/now"])):  # fmt: skip
        assert [person.get(page).status for page in pages] == [200] * len(pages)


@ON_LINUX
def test_a_kernel_that_was_killed_is_gone_and_its_page_comes_back_from_the_record(
    room, mara
):
    kernel = mara.open("05")
    before = set(room.kernels())
    kernel = mara.open("01")
    (mine,) = set(room.kernels()) - before
    os.kill(mine, signal.SIGKILL)
    assert soon(lambda: state(mara, kernel) == "gone")
    assert mara.get(f"/api/kernels/{kernel}").status == 404
    again = mara.open("01")
    assert again != kernel
    assert state(mara, again) == "alive"


@ON_LINUX
def test_a_page_whose_kernel_dies_while_it_is_made_ends_and_can_be_asked_for_again(
    room, mara
):
    before = room.kernels()
    with ThreadPoolExecutor() as beside:
        page = beside.submit(mara.get, "/step/02")
        while not (new := [one for one in room.kernels() if one not in before]):
            time.sleep(0.001)
        os.kill(new[0], signal.SIGKILL)
        cut = page.result(timeout=20)
    assert "voila_finish();" not in cut.text
    assert "Traceback" not in cut.text
    mara.open("02")
    assert "voila_finish();" in mara.page


@ON_LINUX
def test_kernels_are_spoken_to_in_a_folder_of_the_servers_and_through_no_port(
    room, dana
):
    name = f"common-ground-*/kernel-{dana.open('00')}.json"
    (file,) = Path(tempfile.gettempdir()).glob(name)
    assert json.loads(file.read_text())["transport"] == "ipc"
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_fourth_page_puts_the_first_to_rest_and_says_so(mara):
    kernels = [mara.open("06") for _ in range(4)]
    states = [mara.get(f"/here/{k}?step=06").json()["kernel"] for k in kernels]
    assert states == ["at rest", "alive", "alive", "alive"]


def test_a_page_that_closes_ends_its_own_kernel(mara):
    kernel = mara.open("06")
    assert mara.post(f"/voila/api/shutdown/{kernel}").status == 204
    assert mara.get(f"/here/{kernel}?step=06").json()["kernel"] == "gone"


# --- what an attacker gets: messages --------------------------------------------------


def test_no_message_runs_code_and_the_page_goes_on(room, dana, kernel):
    mark = room.folder / "mark"
    code = f"open({str(mark)!r}, 'w').close()"
    contents = {**REFUSED, "execute_request": {"code": code, "silent": False}}

    async def try_all() -> set[str]:
        heard: set[str] = set()

        def is_answer(message: dict[str, Any]) -> bool:
            heard.add(message["kind"])
            return message["kind"] == "kernel_info_reply"

        socket = await dana.connect(kernel)
        for kind, content in contents.items():
            for channel in ("shell", "control", "stdin", "iopub"):
                await socket.send(kind, content, channel)
        await socket.send("kernel_info_request", {})
        await socket.until(is_answer)
        await socket.close()
        return heard

    heard = asyncio.run(try_all())
    assert "kernel_info_reply" in heard
    assert heard <= {"status", "kernel_info_reply", "comm_msg"}
    assert not mark.exists()
    assert state(dana, kernel) == "alive"


def test_garbage_stops_nobody(room, dana, kernel):
    async def throw() -> float:
        socket = await dana.connect(kernel)
        for number in range(300):
            await socket.raw(b"\xff" * 8 * (1 + number % 50))
            await socket.raw("[" * 2000)
        began = time.monotonic()
        answer = await asyncio.to_thread(Person(room).get, "/join")
        await socket.close()
        assert answer.status == 200
        return time.monotonic() - began

    assert asyncio.run(throw()) < 5
    assert state(dana, kernel) == "alive"


def test_no_text_of_an_error_leaves_and_the_page_learns_that_there_was_one(
    dana, kernel
):
    before = dana.get(f"/here/{kernel}?step=01").json()["stumbles"]

    async def break_it() -> list[str]:
        socket = await dana.connect(kernel)
        states = await socket.states()
        data = {"method": "update", "state": {"description": {"no": "text"}}}
        sent = await socket.send(
            "comm_msg", {"comm_id": button(states, GO_ON), "data": data}
        )
        kinds = await socket.all_until_idle(sent)
        await socket.close()
        return kinds

    kinds = asyncio.run(break_it())
    assert "status" in kinds
    assert not {"error", "stream"} & set(kinds)
    assert dana.get(f"/here/{kernel}?step=01").json()["stumbles"] >= before


def refused(person: Person, kernel: str, **headers: str) -> int:
    """Return with which status a websocket is refused."""

    async def knock() -> int:
        try:
            await (await person.connect(kernel, **headers)).close()
        except HTTPClientError as error:
            return error.code
        return 101

    return asyncio.run(knock())


def test_a_kernel_answers_its_own_seat_only(room, dana, ilir, mara, desk, kernel):
    for other in (ilir, mara, desk):
        assert refused(other, kernel) == 404
        assert other.get(f"/api/kernels/{kernel}").status == 404
        assert other.post(f"/voila/api/shutdown/{kernel}").status == 404
        assert other.ask("DELETE", f"/api/kernels/{kernel}").status in (403, 404, 405)
    assert refused(Person(room), kernel) == 403
    assert refused(dana, UNKNOWN) == 404
    assert refused(dana, kernel, Origin=f"http://{ELSEWHERE}") == 403
    assert refused(dana, kernel, Origin="null") == 403
    assert state(dana, kernel) == "alive"


# --- what an attacker gets: addresses -------------------------------------------------

NOT_HERE = [
    "/api/kernels", "/api/contents", "/api/contents/00_start.ipynb", "/api/terminals",
    "/api/sessions", "/api/status", "/api/kernelspecs", "/api/me", "/lab", "/tree",
    "/login", "/logout", "/files/00_start.ipynb", "/notebooks/00_start.ipynb",
    "/voila/tree", "/voila/render/00_start.ipynb", "/voila/api/contents",
    "/voila/files/00_start.ipynb", "/voila/templates/lab/static/voila.js",
    "/voila/templates/", "/voila/api/themes/x", f"/voila/query/{UNKNOWN}",
    f"/voila/execution/{UNKNOWN}", "/static/x", "/metrics", "/step/07", "/step/00/",
    "/step/readiness_report", "/step/..%2f..%2fsecret", "/room/secret",
    "/room/..%2fkept.py", "/room/index.html.j2", "/room.json", "/secret",
    "/pair-01/record.yaml", "/act", "/wait?stamp=&seconds=1", "/../../etc/passwd",
    f"/api/kernels/{UNKNOWN}/restart", f"/api/kernels/{UNKNOWN}/interrupt",
]  # fmt: skip


@pytest.mark.parametrize("path", NOT_HERE)
def test_whatever_is_not_listed_is_not_here(dana, path):
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = dana.ask(method, path, headers={"X-XSRFToken": dana.cookies["_xsrf"]})
        assert answer.status == 404
        is_calm(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/voila/static/../../../../etc/passwd",
        "/voila/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/voila/static/%2fetc%2fpasswd",
        "/voila/static//etc/passwd",
        "/voila/labextensions/..%2f..%2f..%2fetc%2fpasswd",
        "/voila/labextensions//etc/passwd",
        "/voila/static/%00",
        "/voila/static/",
    ],
)
def test_no_path_leads_out_of_what_is_served(dana, path):
    answer = dana.get(path)
    assert answer.status in (400, 403, 404)
    assert "root:" not in answer.text
    is_calm(answer)


def test_a_query_changes_nothing_of_a_page(dana):
    kernel = dana.open("01?template=..%2f..%2fx&theme=%3Cscript%3E&record=/etc/passwd")
    assert "<script>" not in dana.page.partition("<title>")[2][:200]
    assert dana.post(f"/voila/api/shutdown/{kernel}").status == 204


@pytest.mark.parametrize("path", ["/", "/join", "/step/00", "/voila/static/voila.js"])
def test_another_name_or_another_page_leads_nowhere(dana, path):
    port = dana.served.port
    for bad in (
        {"Host": f"{ELSEWHERE}:{port}"},
        {"Host": ""},
        {"Host": f"127.0.0.1.{ELSEWHERE}"},
        {"Host": f"192.0.2.7:{port}"},
        {"Origin": f"http://{ELSEWHERE}"},
        {"Origin": f"http://127.0.0.1:{port + 1}"},
        {"Origin": "null"},
    ):
        answer = dana.get(path, **bad)
        assert answer.status == 403
        is_calm(answer)


def test_who_has_no_seat_is_sent_to_the_door_and_no_kernel_starts(room):
    before = room.kernels()
    for cookies in ({}, {f"common-ground-{room.port}": "x" * 43}):
        answer = Person(room, dict(cookies)).get("/step/00")
        assert answer.status == 302
        assert answer.headers["Location"].startswith("/join")
    assert Person(room).get("/desk/now", Accept="*/*").status == 403
    assert room.kernels() == before


def test_a_seat_is_not_the_desk_and_a_spectator_has_no_page(room, dana):
    spectator = seated(room, "spectator")
    for path in ("/desk", "/desk/now"):
        assert dana.get(path).status == 403
        assert spectator.get(path).status == 403
    assert dana.post("/desk/act", {"act": "reveal"}).status == 403
    assert spectator.get("/step/00").status == 403
    assert dana.get("/stage/now").status == 403


def test_what_changes_something_needs_the_token_of_the_page(room, dana, desk, kernel):
    for who, path in (
        (dana, f"/voila/api/shutdown/{kernel}"),
        (desk, "/desk/act"),
        (Person(room), "/join"),
    ):
        for token in ({}, {"X-XSRFToken": "2|aaaaaaaa|bbbbbbbb|1"}):
            answer = who.ask("POST", path, headers=token, body="{}")
            assert answer.status == 403
            is_calm(answer)


def test_the_cookie_is_for_this_site_and_no_script(room):
    person = Person(room)
    person.get("/join")
    answer = person.post("/join", {"code": room.codes["desk"], "name": ""})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert room.codes["desk"] not in cookie


def test_a_code_works_once_and_wrong_ones_say_nothing(room, dana):
    stranger = Person(room)
    spent = stranger.come_in(room.codes["product 1"], "Eve").json()
    assert not spent["ok"]
    for code in ("", "0000-0000-0000", "' OR 1=1", "x" * 5000, "\u0000"):
        assert not stranger.come_in(code, "Eve").json()["ok"]
    for body in (None, [], {"code": 3}, {"code": "a", "name": []}, {"name": "Eve"}):
        assert stranger.post("/join", body).status == 400
    assert "Location" in stranger.get("/step/00").headers


def test_what_is_too_large_is_not_read(dana):
    try:
        answer = dana.post("/join", {"code": "x" * 400_000})
    except OSError:
        return  # the line was cut, which is as good
    assert answer.status in (400, 413)


# --- what a kernel knows --------------------------------------------------------------


def test_a_kernel_is_told_an_address_a_token_and_a_scenario(monkeypatch, tmp_path):
    monkeypatch.setenv("A_SECRET", "of the server")
    monkeypatch.setenv("WORKSHOP_RECORD", "/somewhere/record.yaml")
    room = SimpleNamespace(
        nowhere=str(tmp_path),
        door=SimpleNamespace(address="http://127.0.0.1:1"),
        seats=SimpleNamespace(scenario="flight-disruptions"),
    )
    told = Kernels._told(SimpleNamespace(parent=room), "a token")
    assert told["WORKSHOP_SEAT"] == "a token"
    assert told["WORKSHOP_ROOM"] == "http://127.0.0.1:1"
    assert {"A_SECRET", "WORKSHOP_RECORD", "WORKSHOP_BETS"}.isdisjoint(told)
    assert "of the server" not in json.dumps(told)


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_no_page_speaks_of_notebooks_or_running_them(number, root):
    file = root / "notebooks" / NOTEBOOKS[number]
    cells = json.loads(file.read_text("utf-8"))["cells"]
    words = [
        for_a_page("".join(c["source"])) for c in cells if c["cell_type"] != "code"
    ]
    for word in ("Run All", ".ipynb", "Show All Code", "JupyterLab"):
        assert word not in "\n".join(words)


# --- one pair at one page, and a restart ----------------------------------------------


def test_the_app_lets_in_whoever_has_the_link_and_comes_back_after_a_restart(
    tmp_path, root
):
    file = tmp_path / "kept"
    file.mkdir()
    record = file / "record.yaml"
    script = APP.replace("sys.argv[1]", 'sys.argv[1] + "/record.yaml"')
    with serving(script, tmp_path, root) as served:
        one, other = Person(served), Person(served)
        assert not one.come_in("0000-0000-0000-0000-0000").json()["ok"]
        for person in (one, other):
            assert person.come_in(served.codes["app"]).json()["go"] == "/step/00"
        kernel = one.open("01")

        async def press() -> None:
            socket = await one.connect(kernel)
            pressed = await socket.press(button(await socket.states(), GO_ON))
            await socket.all_until_idle(pressed)
            await socket.close()

        asyncio.run(press())
        assert refused(other, kernel) == 404
    assert RecordFile(record).read().log[-1].decided == "undecided, go on"


def test_a_room_that_starts_again_knows_its_people(tmp_path, root):
    first = start(ROOM, tmp_path, root)
    person = seated(first, "product 1", "Dana")
    stop(first)
    with serving(ROOM, tmp_path, root, port=first.port) as again:
        back = Person(again, person.cookies)
        assert back.get("/seat").status == 200
        assert back.get(f"/here/{UNKNOWN}?step=00").json()["kernel"] == "gone"


def test_a_port_that_is_taken_is_said_in_one_sentence(room, root, tmp_path):
    with pytest.raises(RuntimeError, match="another --port"):
        start(ROOM, tmp_path, root, port=room.port)
