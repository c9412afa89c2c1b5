"""The reports of a room that really runs: who has them written, and who reads which."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.room.client import Person, Served, serving, start, stop
from workshop.room.told_reports import MEETINGS
from workshop.views.wording import phrase

pytestmark = pytest.mark.slow

ROOM = """
import json, sys
from workshop.data.catalog import shipped
from workshop.room.seats import RoomState, create
from workshop.room.serving import run_room
folder, port = sys.argv[1], int(sys.argv[2])
try:
    state, codes = create(folder, "deposit-calls", pairs=2)
    given = {"desk": codes.desk, "spectator": codes.spectator}
    given |= {f"{role} {pair}": code for pair, role, code in codes.seats}
    example = shipped("datasets") / "deposit-calls" / "example-record.yaml"
    for pair in state.room.pairs:
        text = example.read_text("utf-8").replace("however friendly it was", "{own}")
        state.record_path(pair).write_text(text, "utf-8")
except Exception:
    state, given = RoomState.open(folder), {}
def ready(address):
    print(json.dumps({"address": address, "codes": given}), flush=True)
run_room(state, port=port, on_ready=ready)
"""
SENTENCE = "however kind they were"
ROOM = ROOM.replace("{own}", SENTENCE)
SEATS = {
    "product 1": "Dunja",
    "engineering 1": "Ivo",
    "product 2": "Mara",
    "engineering 2": "Noor",
}
TYPED = (SENTENCE, "Marta", "Joel", *SEATS.values())
WITHIN = 180.0


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    with serving(ROOM, tmp_path_factory.mktemp("room"), root) as served:
        yield served


@pytest.fixture(scope="module")
def people(room: Served) -> dict[str, Person]:
    """Everybody: both pairs, the desk and somebody who only watches."""
    found = {}
    for seat in (*SEATS, "desk", "spectator"):
        found[seat] = Person(room)
        found[seat].come_in(room.codes[seat], SEATS.get(seat, ""))
    return found


@pytest.fixture(scope="module")
def before(people: dict[str, Person]) -> dict[str, list[int]]:
    """What everybody got before anything was written."""
    asked = ("/report/own/", "/report/room", "/report/pair-01/", "/report/all.zip")
    return {seat: [people[seat].get(path).status for path in asked] for seat in people}


@pytest.fixture(scope="module")
def written(people: dict[str, Person], before: Any) -> dict[str, Any]:
    """What the desk is told at the end, and all that it was told on the way."""
    answer = people["desk"].post("/desk/reports", {"sure": True})
    assert answer.json() == {"ok": True, "said": phrase("closing.desk.starts")}
    again = people["desk"].post("/desk/reports", {"sure": True}).json()
    assert again == {"ok": False, "said": phrase("closing.desk.busy")}
    lines, told = until_done(people["desk"])
    return {"lines": lines, "told": told}


def until_done(desk: Person) -> tuple[list[str], dict[str, Any]]:
    until, lines = time.monotonic() + WITHIN, []
    while time.monotonic() < until:
        told = desk.get("/desk/now").json()
        lines += told["reports"]["lines"][:1]
        if not told["reports"]["busy"]:
            return lines, told
        time.sleep(0.5)
    raise AssertionError(lines)


def allows(person: Person, yes: bool) -> dict[str, Any]:
    answer = person.post("/seat/allows", {"yes": yes})
    assert answer.status == 200
    told: dict[str, Any] = answer.json()
    return told


# --- before ---------------------------------------------------------------------------


def test_before_they_are_written_there_is_nothing_to_read(before):
    assert before["product 1"] == [404, 404, 404, 404]
    assert before["spectator"] == [404, 404, 404, 404]
    assert before["desk"][:3] == [404, 404, 404]


def test_only_the_desk_has_them_written(people):
    for seat in ("product 1", "spectator"):
        assert people[seat].post("/desk/reports", {"sure": True}).status == 403
    stranger = Person(people["desk"].served)
    assert stranger.post("/desk/reports", {"sure": True}).status == 403


def test_a_forged_request_writes_nothing(people):
    desk = people["desk"]
    bare = desk.ask("POST", "/desk/reports", body=json.dumps({"sure": True}))
    assert bare.status == 403


# --- meetings -------------------------------------------------------------------------


def test_a_pair_s_meetings_are_for_those_who_sit_at_its_table_alone(people):
    for seat in SEATS:
        answer = people[seat].get(f"/{MEETINGS}")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "meetings.ics" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert Calendar.from_ical(answer.text).walk("VEVENT")
    ids = [people[f"product {pair}"].get(f"/{MEETINGS}").text for pair in (1, 2)]
    assert not set(re.findall("UID:.*", ids[0])) & set(re.findall("UID:.*", ids[1]))
    for seat in ("desk", "spectator"):
        assert people[seat].get(f"/{MEETINGS}").status == 404
    assert Person(people["desk"].served).get(f"/{MEETINGS}").status in (302, 403)
    for path in ("/report/pair-02/meetings.ics", "/report/own/meetings_ics"):
        assert {people[seat].get(path).status for seat in people} == {404}


# --- written --------------------------------------------------------------------------


def test_the_desk_is_told_how_far_they_are_and_where_they_lie(written):
    told = written["told"]["reports"]
    assert any(" of 2 written" in line for line in written["lines"]), written["lines"]
    assert "2 of 2 pairs" in told["lines"][0]
    assert [link["href"] for link in told["links"]] == [
        "report/room",
        "report/pair-01/",
        "report/pair-02/",
        "report/all.zip",
    ]
    for pair in written["told"]["pairs"]:
        assert any(line.startswith("report: ") for line in pair["outcome"])


def test_the_folder_is_for_its_owner_alone(room, written):
    folder = room.folder / "kept" / "reports"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {"room.html", "room.json", "pair-01", "pair-02"} <= {
        path.name for path in folder.iterdir()
    }


def test_each_pair_reads_its_own_and_no_other(people, written):
    for pair in (1, 2):
        for role in ("product", "engineering"):
            seat = people[f"{role} {pair}"]
            own = seat.get("/report/own/")
            assert own.status == 200
            assert SEATS[f"product {pair}"] in own.text
            assert SEATS[f"product {3 - pair}"] not in own.text
            assert seat.get("/report/own/report.json").json()["verdict"]
            for other in (1, 2):
                assert seat.get(f"/report/pair-{other:02}/").status == 404
    desk = people["desk"]
    assert "Mara" in desk.get("/report/pair-02/").text
    assert desk.get("/report/own/").status == 404
    assert people["spectator"].get("/report/room").status == 404
    stranger = Person(desk.served)
    assert stranger.get("/report/room").status in (302, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/report/pair-01/../../room.json",
        "/report/pair-01/..%2f..%2froom.json",
        "/report/pair-01/executed.ipynb",
        "/report/pair-01/.report.lock",
        "/report/pair-03/",
        "/report/pair-99/",
        "/report/pair-1/",
        "/report/../secret",
        "/report/%2e%2e/secret",
        "/report/state.json",
        "/report/room-names.json",
        "/report/log.txt",
        "/report/index.html",
        "/report/",
        "/reports/room.html",
    ],
)
def test_nothing_else_can_be_asked_for(people, written, path):
    for seat in ("desk", "product 1"):
        assert people[seat].get(path).status == 404


def test_a_page_comes_with_the_policy_that_it_carries(people, written):
    for path in ("/report/own/", "/report/own/report.json"):
        answer = people["product 1"].get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    page = people["product 1"].get("/report/own/")
    own = re.search(r'Content-Security-Policy" content="([^"]+)"', page.text)
    assert own
    policy = page.headers["Content-Security-Policy"]
    assert policy == f"{own[1]}; frame-ancestors 'none'"
    assert "sha256-" in policy
    assert "unsafe" not in policy


def test_all_of_it_is_one_file_for_the_desk(people, written):
    desk = people["desk"]
    assert people["product 1"].get("/report/all.zip").status == 404
    packed = raw(desk, "/report/all.zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert sorted(archive.namelist()) == [
            "pair-01/report.html",
            "pair-01/report.json",
            "pair-02/report.html",
            "pair-02/report.json",
            "room.html",
            "room.json",
        ]


def raw(person: Person, path: str) -> bytes:
    import urllib.request

    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    address = f"{person.served.address}{path}"
    request = urllib.request.Request(address, headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


# --- names and words ------------------------------------------------------------------


def test_of_two_pairs_the_rooms_report_is_for_the_desk_alone(people, written):
    page = people["desk"].get("/report/room")
    assert page.status == 200
    twin = people["desk"].get("/report/room.json")
    for word in (*TYPED, "pair-01", "kept", "record.yaml"):
        assert word not in page.text
        assert word not in twin.text
    assert people["product 1"].get("/report/room").status == 404
    assert phrase("closing.desk.few") in written["told"]["reports"]["lines"]


def test_names_stand_there_once_everybody_allows_it_and_go_when_one_does_not(
    people, written
):
    assert allows(people["product 1"], True)["says"] == phrase(
        "closing.seat.yes_waiting"
    )
    told = allows(people["engineering 1"], True)
    assert told["says"] == phrase("closing.seat.yes_both")
    desk = people["desk"]
    assert "Dunja" not in desk.get("/report/room").text

    desk.post("/desk/reports", {"sure": True})
    until_done(desk)
    page = desk.get("/report/room").text
    assert "Dunja" in page
    assert SENTENCE in page
    for name in ("Mara", "Noor"):
        assert name not in page
    assert people["product 1"].get("/report/room").status == 404

    for seat in ("product 2", "engineering 2"):
        allows(people[seat], True)
    desk.post("/desk/reports", {"sure": True})
    until_done(desk)
    for seat in SEATS:
        assert people[seat].get("/report/room").status == 200
    links = people["product 1"].get("/seat/now").json()["reports"]["links"]
    assert [link["href"] for link in links] == ["report/own/", "report/room", MEETINGS]

    allows(people["product 2"], False)
    for seat in (*SEATS, "desk"):
        assert people[seat].get("/report/room").status == 404
    lines = desk.get("/desk/now").json()["reports"]["lines"]
    assert phrase("closing.desk.taken_back") in lines


def test_nobody_allows_anything_for_others(people):
    for body in ({}, {"yes": "yes"}, [], None, {"yes": 1}):
        assert people["product 1"].post("/seat/allows", body).status == 400
    for seat in ("desk", "spectator"):
        assert people[seat].post("/seat/allows", {"yes": True}).status == 403


# --- a restart in the middle ----------------------------------------------------------


def test_a_room_that_was_ended_goes_on_writing_when_it_runs_again(tmp_path, root):
    served = start(ROOM, tmp_path, root)
    try:
        desk = Person(served)
        desk.come_in(served.codes["desk"])
        assert desk.post("/desk/reports", {"sure": True}).json()["ok"]
        state = tmp_path / "kept" / "reports" / "state.json"
        until = time.monotonic() + 30
        while not state.exists() and time.monotonic() < until:
            time.sleep(0.1)
        served.process.kill()
        stop(served)
        assert json.loads(state.read_text())["stage"] != "done"
        served = start(ROOM, tmp_path, root, port=served.port)
        desk.served = served
        _, told = until_done(desk)
        assert "2 of 2 pairs" in told["reports"]["lines"][0]
    finally:
        stop(served)
