"""Codes are spent once, seats move only from the desk, a restart forgets nothing."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import SHIPPED
from workshop.data.catalog import find_target
from workshop.errors import InputError
from workshop.record.values import ROLES
from workshop.room.kept import MOST_AT_A_SEAT, MOST_WATCHERS, Room, Seat
from workshop.room.people import (
    added,
    find_free,
    find_who,
    handed_on,
    kept,
    proper,
    released,
    seated,
    was_spent,
    watching,
)
from workshop.room.seats import RoomState, create, go_on_or_create


@pytest.fixture
def made(tmp_path: Path):
    state, codes = create(tmp_path / "room", SHIPPED, pairs=2)
    yield state, codes
    state.close()


def code_of(codes, pair: int, role: str) -> str:
    return next(c for p, r, c in codes.seats if (p, r) == (pair, role))


# --- a room is made -------------------------------------------------------------------


def test_a_room_is_for_its_owner_alone(made):
    state, _ = made
    folder = state.folder.path
    if os.name == "posix":
        for path in (folder, folder / "pair-01"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        for name in ("room.json", "secret"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_a_room_whose_secret_is_gone_says_so_in_a_sentence(made):
    state, _ = made
    (state.folder.path / "secret").unlink()
    with pytest.raises(InputError, match="secret: a room needs this file"):
        state.cookie_secret  # noqa: B018 - asked for as the server does


def test_no_code_and_no_token_is_written_anywhere(made):
    state, codes = made
    session = state.claim(code_of(codes, 1, "product"), "Dana")
    spelled = [
        session.token,
        codes.desk,
        codes.spectator,
        *(c for *_, c in codes.seats),
    ]
    held = "".join(
        path.read_text("utf-8")
        for path in state.folder.path.rglob("*")
        if path.is_file()
    )
    for code in spelled:
        assert code not in held
        assert code.replace("-", "") not in held


def test_every_pair_has_a_record_that_names_its_scenario(made):
    state, _ = made
    for pair in (1, 2):
        target = find_target(str(state.record_path(pair)))
        assert target.scenario.id == SHIPPED
        assert target.record.revision == 0
    with pytest.raises(InputError, match="pair 3"):
        state.record_path(3)


@pytest.mark.parametrize(
    ("pairs", "minutes", "scenario"),
    [(0, 120, SHIPPED), (41, 120, SHIPPED), (2, 5, SHIPPED), (2, 120, "no-such")],
)
def test_what_cannot_be_a_room_is_refused_and_leaves_nothing(
    tmp_path, pairs, minutes, scenario
):
    with pytest.raises(InputError):
        create(tmp_path / "room", scenario, pairs=pairs, minutes=minutes)
    assert not (tmp_path / "room").exists()


def test_one_program_at_a_time_serves_a_room(made):
    state, _ = made
    with pytest.raises(InputError, match="running already"):
        RoomState.open(state.folder.path)


def test_the_same_command_goes_on_with_a_room_and_another_one_is_refused(made):
    state, _ = made
    folder = state.folder.path
    state.close()
    again, codes = go_on_or_create(folder, SHIPPED, pairs=2, minutes=120)
    assert codes is None
    again.close()
    with pytest.raises(InputError, match="--pairs 2"):
        go_on_or_create(folder, SHIPPED, pairs=3, minutes=120)
    with pytest.raises(InputError, match=SHIPPED):
        go_on_or_create(folder, "flight-disruptions", pairs=2, minutes=120)


def test_a_damaged_file_says_so(tmp_path):
    state, _ = create(tmp_path / "room", SHIPPED, pairs=1)
    state.close()
    (tmp_path / "room" / "room.json").write_text("{")
    with pytest.raises(InputError, match=r"room\.json"):
        RoomState.open(tmp_path / "room")
    with pytest.raises(InputError, match="no room lies here"):
        RoomState.open(tmp_path / "elsewhere")


def test_a_room_that_nobody_saw_can_be_taken_away_and_made_again(tmp_path):
    state, _ = create(tmp_path / "room", SHIPPED, pairs=1)
    state.unmake()
    state.close()
    again, _ = create(tmp_path / "room", SHIPPED, pairs=1)
    again.close()


# --- sitting down ---------------------------------------------------------------------


def test_a_code_gives_one_session_and_is_spent(made):
    state, codes = made
    code = code_of(codes, 1, "product")
    session = state.claim(code.lower(), " Dana ")
    who = state.who(session.token)
    assert (who.kind, who.pair, who.role, who.name) == ("seat", 1, "product", "Dana")
    with pytest.raises(InputError, match="used already"):
        state.claim(code, "Eve")
    assert state.throttle.seconds == 0.0


def test_a_wrong_code_is_counted_and_says_nothing_of_others(made):
    state, _ = made
    for _ in range(12):
        with pytest.raises(InputError, match="no seat has this code"):
            state.claim("7K3M-9QXR-2TVB", "Eve")
    assert state.throttle.seconds > 0


def test_a_seat_wants_a_name_and_keeps_its_code_until_there_is_one(made):
    state, codes = made
    code = code_of(codes, 1, "product")
    with pytest.raises(InputError, match="first name"):
        state.claim(code, " \u202e\n ")
    assert state.claim(code, "Dana")


@given(st.text(max_size=300))
def test_a_name_is_one_line_without_signs_that_turn_text(name):
    try:
        shown = proper(name)
    except InputError:
        return
    assert 0 < len(shown) <= 40
    assert shown == shown.strip()
    assert not set(shown) & set("\n\r\t\u2028\u202e\u2066\x00\x1b")
    shown.encode("utf-8")


def test_names_come_into_the_pairs_record(made):
    state, codes = made
    state.claim(code_of(codes, 1, "product"), "Dana")
    state.claim(code_of(codes, 1, "engineering"), "Ilir")
    people = state.file(1).read().participants
    assert [p.name for p in people.product] == ["Dana"]
    assert [p.name for p in people.engineering] == ["Ilir"]
    assert not state.file(2).read().log


def test_a_record_that_cannot_be_written_costs_nobody_the_seat(made, monkeypatch):
    state, codes = made
    file = state.file(1)

    def refuse(*_args, **_more):
        raise InputError("cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr(file, "save", refuse)
        assert state.claim(code_of(codes, 1, "product"), "Dana")
    assert not file.read().participants.product
    state.catch_up()
    assert [p.name for p in file.read().participants.product] == ["Dana"]


def test_the_desks_link_works_again_and_the_spectators_does_too(made):
    state, codes = made
    for code, kind in ((codes.desk, "desk"), (codes.spectator, "spectator")):
        for _ in range(2):
            who = state.who(state.claim(code).token)
            assert (who.kind, who.pair, who.role) == (kind, None, None)


def test_many_spectators_do_not_push_the_desk_out(made):
    state, codes = made
    desk = state.claim(codes.desk)
    room = state.room
    for _ in range(MOST_WATCHERS + 10):
        room, last = watching(room, "spectator", at="now")
    assert find_who(room, desk.token)
    assert find_who(room, last.token)
    assert len(room.watchers) == MOST_WATCHERS + 1


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "\ud800", "a" * 5000])
def test_a_token_that_nobody_was_given_is_nobody(made, token):
    assert made[0].who(token) is None


# --- moving ---------------------------------------------------------------------------


def test_release_ends_the_session_and_gives_a_code_for_the_same_seat(made):
    state, codes = made
    ended = []
    state.on_ended = ended.extend
    session = state.claim(code_of(codes, 1, "product"), "Dana")
    moved = state.release(1, "product")
    assert state.who(session.token) is None
    assert moved.ended == (session.who.id,) == tuple(ended)
    again = state.claim(moved.code, "Dana")
    assert (again.who.pair, again.who.role) == (1, "product")


def test_release_of_a_free_seat_makes_the_lost_slip_void(made):
    state, codes = made
    moved = state.release(2, "engineering")
    with pytest.raises(InputError):
        state.claim(code_of(codes, 2, "engineering"), "Finder")
    assert state.claim(moved.code, "Ilir")


def test_a_third_person_joins_a_half(made):
    state, codes = made
    first = state.claim(code_of(codes, 1, "product"), "Dana")
    second = state.claim(state.add(1, "product").code, "Bo")
    assert state.who(first.token).pair == state.who(second.token).pair == 1
    people = state.file(1).read().participants
    assert [p.name for p in people.product] == ["Dana", "Bo"]
    state.release(1, "product", second.who.id)
    assert state.who(first.token)
    assert state.who(second.token) is None


def test_a_half_is_not_crowded_without_end(made):
    state, _ = made
    for _ in range(MOST_AT_A_SEAT - 1):
        state.add(1, "product")
    with pytest.raises(InputError, match="release one first"):
        state.add(1, "product")


def test_a_half_is_handed_on_to_somebody_in_the_room(made):
    """Ilir of pair 1 has left for good; Bo of pair 2 takes his half over."""
    state, codes = made
    ended = []
    state.on_ended = ended.extend
    gone = state.claim(code_of(codes, 1, "engineering"), "Ilir")
    moving = state.claim(code_of(codes, 2, "engineering"), "Bo")
    state.release(1, "engineering", gone.who.id)
    state.hand_on(moving.who.id, 1, "engineering")
    who = state.who(moving.token)
    assert (who.pair, who.role, who.id) == (1, "engineering", moving.who.id)
    assert ended == [gone.who.id, moving.who.id]
    assert [p.name for p in state.file(1).read().participants.engineering] == ["Bo"]
    assert [p.name for p in state.file(2).read().participants.engineering] == ["Bo"]


def test_a_sealed_bet_stays_with_the_seat_whoever_sits_there(made):
    state, _ = made
    assert state.word(1, "product") == state.word(1, "product")
    others = {state.word(p, r) for p in (1, 2) for r in ROLES}
    assert len(others) == 4
    assert min(map(len, others)) >= 32


def test_who_is_not_there_cannot_be_moved(made):
    state, codes = made
    with pytest.raises(InputError):
        state.hand_on("nobody", 1, "product")
    with pytest.raises(InputError):
        state.release(1, "product", "nobody")
    with pytest.raises(InputError):
        state.release(9, "product")
    who = state.claim(code_of(codes, 1, "product"), "Dana").who
    with pytest.raises(InputError, match="sits there already"):
        state.hand_on(who.id, 1, "product")


def test_new_spectators_link_ends_the_old_ones_sessions_and_not_the_desks(made):
    state, codes = made
    desk, watcher = state.claim(codes.desk), state.claim(codes.spectator)
    code = state.renew_spectators()
    assert state.who(watcher.token) is None
    assert state.who(desk.token)
    with pytest.raises(InputError):
        state.claim(codes.spectator)
    assert state.claim(code).who.kind == "spectator"


# --- a restart ------------------------------------------------------------------------


def test_a_restart_forgets_nothing(made):
    state, codes = made
    session = state.claim(code_of(codes, 1, "product"), "Dana")
    desk = state.claim(codes.desk)
    state.start()
    state.nudge("five minutes left", (1,))
    state.reveal()
    word, secret, before = state.word(1, "product"), state.cookie_secret, state.room
    state.close()
    again = RoomState.open(state.folder.path)
    assert again.room == before
    assert again.who(session.token).name == "Dana"
    assert again.who(desk.token).kind == "desk"
    assert (again.word(1, "product"), again.cookie_secret) == (word, secret)
    assert again.claim(code_of(codes, 2, "product"), "Bo")
    with pytest.raises(InputError, match="used already"):
        again.claim(code_of(codes, 1, "product"), "Eve")
    again.close()


def test_the_file_is_a_room_after_every_change(made):
    state, codes = made
    state.claim(code_of(codes, 1, "product"), "Dana")
    held = json.loads((state.folder.path / "room.json").read_bytes())
    assert Room.model_validate(held) == state.room


# --- any sequence of claims -----------------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "claim", "claim", "release", "add", "hand_on"]),
        st.integers(0, 30),
        st.integers(1, 2),
        st.sampled_from(ROLES),
    ),
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ACTS)
def test_no_sequence_of_acts_gives_two_sessions_for_one_code(acts):
    """By a model: whatever happens, one code lets in once, to the seat it was for."""
    given_out = {f"code {n}": (n // 2 + 1, ROLES[n % 2]) for n in range(4)}
    seats = tuple(
        Seat(pair=pair, role=role, codes=(kept_of(code),))
        for code, (pair, role) in given_out.items()
    )
    room = Room(
        scenario="s", made="m", seats=seats, desk=kept("D" * 20), spectators=kept("S")
    )
    sessions: dict[str, list[str]] = {}
    for act, which, pair, role in acts:
        try:
            room = _do(room, act, which, pair, role, given_out, sessions)
        except InputError:
            continue
    assert all(len(tokens) == 1 for tokens in sessions.values())
    everybody = [p.session for seat in room.seats for p in seat.people]
    assert len(everybody) == len(set(everybody))


def kept_of(code: str) -> str:
    return kept(code.replace("code ", "7K3M"))


def _do(room, act, which, pair, role, given_out, sessions):
    if act == "claim":
        code = sorted(given_out)[which % len(given_out)]
        seat = find_free(room, kept_of(code))
        if seat is None:
            assert was_spent(room, kept_of(code)) or _is_void(room, code)
            return room
        room, session = seated(room, seat, code=kept_of(code), name="X", at="now")
        sessions.setdefault(code, []).append(session.token)
        who = find_who(room, session.token)
        assert (who.pair, who.role) == given_out[code]
        return room
    code = f"code {len(given_out)}"
    if act == "release":
        room, _ = released(room, pair, role, person="", code=kept_of(code))
        given_out[code] = (pair, role)
    elif act == "add":
        room = added(room, pair, role, code=kept_of(code))
        given_out[code] = (pair, role)
    else:
        people = [p.id for seat in room.seats for p in seat.people]
        if people:
            room, _ = handed_on(room, people[which % len(people)], pair, role)
    return room


def _is_void(room, code) -> bool:
    return all(kept_of(code) not in (*s.codes, *s.spent) for s in room.seats)
