"""Who sits where by the facilitator's list, and what the list cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import SHIPPED
from workshop.errors import InputError
from workshop.room.hub_seats import Arrivals, Place, read_seats
from workshop.room.seats import RoomState, create

LISTED = {
    "dana": Place(1, "product"),
    "ilir": Place(1, "engineering"),
    "maria": Place(),
}
TEXT = "user,pair,half\ndana,1,product\nilir,1,engineering\nmaria,,desk\n"


def read(tmp_path: Path, text: str | bytes, pairs: int = 2) -> dict[str, Place]:
    file = tmp_path / "seats.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_seats(file, pairs=pairs)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff{TEXT}",
        TEXT.replace("\n", "\r\n"),
        f"\n{TEXT}\n\n",
        TEXT.replace(",", " , "),
        TEXT.replace("desk", "Desk").replace("user", "User"),
        TEXT.replace("dana", '"dana"'),
    ],
)
def test_a_list_is_read_however_a_spreadsheet_writes_it(tmp_path, text):
    assert read(tmp_path, text) == LISTED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begins with nothing; the first line names the columns"),
        ("dana,1,product\n", "begins with dana,1,product; the first line"),
        (TEXT.replace(",", ";"), "the first line names the columns: user,pair,half"),
        (TEXT + "noor,1\n", "line 5: has 2 cells; write three"),
        (TEXT + ",1,product\n", "line 5: no user name"),
        (TEXT + "x" * 300 + ",1,product\n", "line 5: no user name"),
        (TEXT + "dana,2,product\n", "line 5: dana stands here twice"),
        (TEXT + "noor,2,design\n", "line 5: half is design; write product"),
        (TEXT + "noor,2,\n", "line 5: half is empty"),
        (TEXT + "noor,,product\n", "line 5: pair is empty; the room has pairs 1 to 2"),
        (TEXT + "noor,3,product\n", "line 5: pair is 3; the room has pairs 1 to 2"),
        (TEXT + "noor,0,product\n", "line 5: pair is 0"),
        (TEXT + "noor,-1,product\n", "line 5: pair is -1"),
        (TEXT + f"noor,{'9' * 5000},product\n", "line 5: pair is 9"),
        (TEXT + "noor,0000000013,product\n", "line 5: pair is 0000000013"),
        (TEXT + "noor,²,product\n", "line 5: pair is ²"),
        (TEXT + "noor,1,desk\n", "line 5: the desk belongs to no pair"),
        (TEXT.replace("maria,,desk\n", ""), "nobody is at the desk; add a line"),
        (
            TEXT + "".join(f"p{n},2,product\n" for n in range(4)),
            "4 people for product of pair 2; 3 share one half at most",
        ),
        (b"\xff\xfe\x00", "cannot be read .*UTF-8"),
        (TEXT + '"noor\x00,2,product\n', "line 5"),
    ],
)
def test_each_mistake_is_one_sentence_with_its_line(tmp_path, text, said):
    with pytest.raises(InputError, match=said) as raised:
        read(tmp_path, text)
    assert str(raised.value).count("\n") == 0


def test_a_list_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_seats(tmp_path / "none.csv", pairs=2)


@pytest.fixture
def state(tmp_path: Path) -> RoomState:
    made, _ = create(tmp_path / "room", SHIPPED, pairs=2)
    yield made
    made.close()


def test_people_are_seated_as_they_come_and_once(state):
    arrivals = Arrivals(state, LISTED)
    dana = arrivals.who("dana")
    assert (dana.kind, dana.pair, dana.role) == ("seat", 1, "product")
    assert arrivals.who("dana") == dana
    assert arrivals.who("maria").kind == "desk"
    assert arrivals.who("maria") == arrivals.who("maria")
    assert arrivals.who("eve") is None
    assert arrivals.who("") is None


def test_people_keep_their_seat_over_a_restart(state):
    dana = Arrivals(state, LISTED).who("dana")
    state.close()
    again = RoomState.open(state.folder.path)
    assert Arrivals(again, LISTED).who("dana") == dana
    again.close()


def test_the_list_does_not_undo_what_the_desk_did(state):
    arrivals = Arrivals(state, LISTED)
    dana = arrivals.who("dana")
    state.hand_on(dana.id, 2, "engineering")
    assert arrivals.who("dana").pair == 2
    state.release(2, "engineering")
    assert arrivals.who("dana") is None
    code = state.add(1, "product").code
    assert arrivals.claim("dana", code).who.pair == 1
    assert arrivals.who("dana").name == "dana"


def test_a_half_that_was_filled_from_the_desk_takes_nobody_more_by_the_list(state):
    for _ in range(3):
        state.add(1, "product")
    assert Arrivals(state, LISTED).who("dana") is None


def test_what_a_user_is_known_by_differs_from_room_to_room(state, tmp_path):
    other, _ = create(tmp_path / "other", SHIPPED, pairs=1)
    mine, theirs = Arrivals(state, LISTED), Arrivals(other, LISTED)
    assert mine._token("dana") != theirs._token("dana")
    assert mine._token("dana") != mine._token("ilir")
    assert mine._code("dana") not in mine._token("dana")
    other.close()
