"""What the wall, the desk and a seat are told, and what the desk may do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import HOSTILE, SHIPPED
from tests.room.builders import PRODUCT, SECRETS, a_room, seal
from workshop.errors import InputError
from workshop.record.sealed import is_proven
from workshop.record.values import ROLES
from workshop.room import told, told_desk
from workshop.room.announce import announced
from workshop.room.desk import act
from workshop.room.kept import moment
from workshop.room.overview import FEWEST_PAIRS
from workshop.room.reveal import open_pair
from workshop.room.seats import Glimpse, create


@pytest.fixture
def room(tmp_path):
    state, codes, seated = a_room(tmp_path, pairs=4)
    yield state, codes, seated
    state.close()


def everything(state, seated) -> str:
    """Return all that any browser receives."""
    seats = [told.seat_now(state, state.who(s.token)) for s in seated]
    all_of_it = [told.stage_now(state), told_desk.desk_now(state), *seats]
    return json.dumps(all_of_it)


# --- nothing before the reveal --------------------------------------------------------


def test_before_the_reveal_no_browser_receives_a_value(room):
    state, _, seated = room
    for pair in (1, 2, 3):
        seal(state, pair)
    seal(state, 4, ("product",))
    state.start()
    said = everything(state, seated)
    assert [secret for secret in SECRETS if secret in said] == []
    assert "7 of 8 sealed" in said


def test_a_pair_that_opened_early_is_on_the_desk_and_not_on_the_wall(room):
    state, _, seated = room
    for pair in (1, 2, 3):
        seal(state, pair)
        open_pair(state, pair)
    assert told.stage_now(state)["dots"] is None
    rows = {row["pair"]: row for row in told_desk.desk_now(state)["pairs"]}
    assert rows[1]["apart"]
    assert rows[4]["apart"] == []
    for session in seated:
        said = json.dumps(told.seat_now(state, state.who(session.token)))
        assert [secret for secret in SECRETS if secret in said] == []


def test_the_wall_names_nobody_even_after_the_reveal(room):
    state, _, _ = room
    for pair in (1, 2, 3):
        seal(state, pair)
    act(state, {"act": "reveal"})
    told_now = told.stage_now(state)
    names = [p.name for seat in state.room.seats for p in seat.people]
    words = json.dumps(told_now).replace('"', " ").split()
    assert [name for name in names if name in words] == []
    assert told_now["dots"]["note"].startswith("All opened bets of 3 pairs")
    assert [len(q["dots"]) for q in told_now["dots"]["questions"]] == [6, 6, 6]
    assert all(
        0 <= d["at"] <= 1 for q in told_now["dots"]["questions"] for d in q["dots"]
    )


# --- the reveal -----------------------------------------------------------------------


def test_the_reveal_opens_every_pair_that_has_sealed_each_checked_by_its_seal(room):
    state, _, _ = room
    for pair in (1, 2):
        seal(state, pair)
    seal(state, 3, ("engineering",))
    answer = act(state, {"act": "reveal"})
    assert answer["ok"]
    assert "Pairs that lie open: 2. Without both bets sealed: 2." in answer["said"]
    for pair in (1, 2):
        bets = state.file(pair).read().bets
        assert all(is_proven(bets, role) for role in ROLES)
        assert not any(state.file(pair).drawer(bets.record).holds(r) for r in ROLES)
        assert not state.record_path(pair).with_suffix(".sealed").exists()
    assert not state.file(3).read().bets.opened
    assert state.file(3).drawer(state.file(3).read().bets.record).holds("engineering")


def test_a_late_pair_is_opened_by_the_same_button(room):
    state, _, _ = room
    act(state, {"act": "reveal"})
    seal(state, 1)
    assert "Pairs that lie open: 1." in act(state, {"act": "reveal"})["said"]
    few = told_desk.desk_now(state)["reveal"]["lines"]
    assert FEWEST_PAIRS == 3
    assert any("once three pairs lie open" in line for line in few)


def test_a_bet_that_was_changed_is_not_opened_and_does_not_stop_the_others(room):
    state, _, _ = room
    for pair in (1, 2):
        seal(state, pair)
    bets = state.file(1).read().bets
    drawer = state.file(1).drawer(bets.record)
    another = PRODUCT.model_copy(update={"ratio": 1.0})
    drawer.put("product", another, word=state.word(1, "product"))
    answer = act(state, {"act": "reveal"})
    assert "1 could not be opened" in answer["said"]
    assert not state.file(1).read().bets.opened
    assert state.file(2).read().bets.opened


# --- the desk -------------------------------------------------------------------------


def test_the_desk_sees_who_is_gone_and_who_is_stuck(room):
    state, _, seated = room
    before = datetime.now(UTC) - timedelta(minutes=10)
    state.saw(seated[0].who, "01")
    state._seen[seated[1].who.id] = Glimpse(before, "00")
    state.start()
    state.move_to(600)
    clock = state.room.clock.model_copy(update={"started": before.isoformat()})
    state.room = state.room.model_copy(update={"clock": clock})
    row = told_desk.desk_now(state)["pairs"][0]
    here, gone = (seat["people"][0] for seat in row["seats"])
    assert (here["said"], here["gone"]) == ("on 01", False)
    assert (gone["said"], gone["gone"]) == ("gone for 10 min", True)
    assert row["gone"]
    assert row["flags"] == []
    later = datetime.now(UTC) + timedelta(minutes=9)
    now, _ = told.read_pairs(state)[1]
    assert "nothing saved" in told_desk._stuck(state, now, later)


def test_how_long_a_pair_is_at_its_step_counts_from_when_the_clock_started(room):
    state, _, _ = room
    now, _ = told.read_pairs(state)[1]
    assert now.since is not None, "people have sat down"
    assert told_desk.desk_now(state)["pairs"][0]["time"] == ""
    state.start()
    began = moment(state.room.clock.started)
    early = replace(now, since=began - timedelta(minutes=18))
    later = began + timedelta(minutes=4)
    assert told_desk._since(state, early, later) == "4 min"
    assert told_desk._since(state, replace(now, since=later), later) == "0 min"


def test_a_record_that_cannot_be_read_is_said_and_the_others_are_shown(room):
    state, _, _ = room
    state.record_path(2).write_text("nonsense: [")
    rows = told_desk.desk_now(state)["pairs"]
    assert "cannot be read" in rows[1]["flags"][0]
    assert rows[0]["flags"] == []
    assert told.stage_now(state)["counts"]


def test_the_clock_and_the_steps_go_from_the_desk(room):
    state, _, _ = room
    assert told.clock_now(state)["state"] == "before"
    act(state, {"act": "start"})
    assert told.clock_now(state)["state"] == "running"
    act(state, {"act": "jump", "step": "03"})
    assert told.step_now(state)["id"] == "03"
    act(state, {"act": "pause"})
    assert told.clock_now(state)["state"] == "paused"
    state.move_to(120 * 60)
    assert told.clock_now(state)["state"] == "over"


def test_a_nudge_reaches_those_it_is_for_and_goes_by_itself(room):
    state, _, _ = room
    act(state, {"act": "nudge", "text": "five_left"})
    act(state, {"act": "nudge", "text": HOSTILE, "pairs": [2]})
    one, two = (told.nudges_now(state, pair) for pair in (1, 2))
    assert [n["text"] for n in one] == ["Five minutes left in this step."]
    assert len(two) == 2
    assert len(two[1]["text"]) <= 200
    assert told.stage_now(state)["nudge"] == "Five minutes left in this step."
    past = (datetime.now(UTC) - timedelta(minutes=6)).isoformat()
    old = tuple(n.model_copy(update={"at": past}) for n in state.room.nudges)
    state.room = state.room.model_copy(update={"nudges": old})
    assert told.nudges_now(state, 2) == []


def test_a_seat_is_shown_the_way_once_it_starts_and_goes_back_to_its_own_page(room):
    state, _, seated = room
    who = state.who(seated[0].token)
    said = told.seat_now(state, who)
    assert (said["started"], said["go"]) == (False, "")
    assert "e1" in said["partner"]
    state.start()
    assert told.seat_now(state, who)["go"] == "00"
    state.saw(who, "02")
    assert told.seat_now(state, who)["go"] == "02"


def test_seats_are_moved_from_the_desk(room):
    state, _, seated = room
    ended = []
    state.on_ended = ended.extend
    one = {"pair": 1, "role": "product"}
    said = act(state, {"act": "release", "person": seated[0].who.id, **one})["said"]
    assert "Product of pair 1" in said
    code = said.split(": ")[1].split(".")[0]
    assert state.claim(code, "New").who.pair == 1
    assert act(state, {"act": "add", **one})["ok"]
    said = act(state, {"act": "hand_on", "person": seated[2].who.id, **one})
    assert said == {"ok": True, "said": "p2 sits at Product of pair 1 now."}
    assert ended == [seated[0].who.id, seated[2].who.id]


def test_a_new_link_for_spectators_lets_in_and_the_old_one_does_not(room):
    state, codes, _ = room
    state.address = "http://here"
    said = act(state, {"act": "watch_link"})["said"]
    assert said.startswith("http://here/join#")
    code = said.split("#")[1].split(".")[0]
    assert state.claim(code).who.kind == "spectator"
    with pytest.raises(InputError):
        state.claim(codes.spectator)


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [],
        "start",
        {},
        {"act": "format_disk"},
        {"act": "start", "more": 1},
        {"act": "release"},
        {"act": "release", "pair": 99, "role": "product"},
        {"act": "release", "pair": 1, "role": "legal"},
        {"act": "add", "pair": 1},
        {"act": "hand_on", "pair": 1, "role": "product", "person": "x" * 500},
        {"act": "hand_on", "pair": 1, "role": "product", "person": "nobody"},
        {"act": "jump", "step": "99"},
        {"act": "nudge", "text": "  "},
        {"act": "nudge", "text": "x" * 1000},
        {"act": "nudge", "text": "x", "pairs": [40]},
    ],
)
def test_what_the_desk_may_not_do_changes_nothing_and_is_answered(room, asked):
    state, _, _ = room
    before = state.room
    answer = act(state, asked)
    assert not answer["ok"]
    assert answer["said"]
    assert state.room == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def one_room(tmp_path_factory):
    state, _ = create(tmp_path_factory.mktemp("fuzz") / "room", SHIPPED, pairs=1)
    yield state
    state.close()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    JSON
    | st.fixed_dictionaries(
        {"act": st.sampled_from(["jump", "release", "hand_on", "add"])},
        optional={"pair": JSON, "role": JSON, "person": JSON, "step": JSON},
    )
)
def test_no_json_makes_the_desk_raise(one_room, asked):
    assert set(act(one_room, asked)) == {"ok", "said"}


# --- what is printed ------------------------------------------------------------------


def test_a_new_room_prints_every_code_once_and_one_that_goes_on_none(tmp_path):
    state, codes = create(tmp_path / "room", SHIPPED, pairs=2)
    state.address = "http://192.0.2.7:8866"
    text = announced(state, codes)
    for _, _, code in codes.seats:
        assert text.count(code) == 1
    assert f"http://192.0.2.7:8866/join#{codes.desk}" in text
    again = announced(state, None)
    assert "0 of 4 seats are taken" in again
    assert codes.desk not in again
    link = next(w for w in again.split() if "#" in w)
    assert state.claim(link.split("#")[1]).who.kind == "desk"
    state.close()


# --- the break ------------------------------------------------------------------------


def test_the_break_stands_on_the_wall_and_on_the_desk_as_an_item_of_its_own(room):
    state, _, _ = room
    state.start()
    before = state.room.clock
    done = act(state, {"act": "jump", "step": "break"})
    assert done == {"ok": True, "said": "It is time for the break."}
    assert state.room.clock != before
    wall = told.stage_now(state)["step"]
    assert (wall["id"], wall["name"], wall["number"]) == ("break", "Break", "")
    assert "come back" in wall["task"]
    rows = {row["id"]: row for row in told_desk.desk_now(state)["sheet"]}
    assert rows["break"]["now"]
    assert rows["break"]["name"] == "Break"
    assert rows["break"]["label"] == "Go here: the break"
    assert rows["03"]["name"] == "03 Threshold"
    assert rows["03"]["label"] == "Go here: step 03"


def test_a_short_workshop_says_on_the_wall_what_is_left_out(tmp_path):
    state, _ = create(tmp_path / "short", SHIPPED, pairs=1, minutes=60)
    state.start()
    act(state, {"act": "jump", "step": "02"})
    assert "borrow this step" in told.step_now(state)["task"]
    nudges = [nudge["id"] for nudge in told_desk.desk_now(state)["nudges"]]
    assert "borrow_now" in nudges
    state.close()
