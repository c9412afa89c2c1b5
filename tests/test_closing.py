"""The end of a room: what its report says of whom, and what it never says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.helpers import Page
from tests.room.builders import SECRETS, seal
from tests.spread import Filler
from workshop import closing
from workshop.data.catalog import shipped
from workshop.record.choices import Record
from workshop.room import reports as reports_module
from workshop.room.closing_folder import KEPT, ROOM, STATE, reports_of
from workshop.room.folder import make_private
from workshop.room.named import Allowed, letters_of, named_pairs
from workshop.room.people import Who
from workshop.room.reports import Reports
from workshop.room.seats import RoomState, Session, create

DAY = date(2026, 12, 1)
EXAMPLE = shipped("datasets") / "deposit-calls" / "example-record.yaml"
OWN = EXAMPLE.read_text("utf-8").replace("however friendly it was", "however kind")
"""A record with a sentence of its own; the others are the example's."""
NAMES = ("Dunja", "Ivo", "Mara", "Noor", "Pelle", "Quinn", "Rosa", "Sven")


@pytest.fixture
def rooms(tmp_path):
    opened = []

    def make(pairs: int) -> tuple[RoomState, list[Session]]:
        state, codes = create(tmp_path / "room", "deposit-calls", pairs=pairs)
        opened.append(state)
        given = zip(codes.seats, NAMES * 5, strict=False)
        seated = [state.claim(code, name) for (_, _, code), name in given]
        for pair in state.room.pairs:
            _fill(state, pair, OWN)
        make_private(reports_of(state.folder))
        return state, seated

    yield make
    for state in opened:
        state.close()


def _fill(state: RoomState, pair: int, text: str) -> None:
    state.record_path(pair).write_text(text, "utf-8")


def _typed(word: str) -> str:
    """Return a record's file with that word in every text there is; JSON is YAML."""
    filler = Filler([f"{word}{n:04}" for n in range(400)])
    given = filler.model(Record)
    own = {"scenario": "deposit-calls", "option": word}
    record = Record.model_validate(given | own)
    return json.dumps(record.model_dump(mode="json", by_alias=True))


def written(state: RoomState) -> tuple[str, dict]:
    """Write the room's report alone; return its page and its twin."""
    pairs = list(state.room.pairs)
    closing._write_room(state.folder, state.room, pairs, DAY)
    out = reports_of(state.folder)
    page = (out / ROOM[0]).read_text("utf-8")
    return page, json.loads((out / ROOM[1]).read_text("utf-8"))


# --- nobody is named who did not say so -----------------------------------------------


def test_nothing_that_was_typed_and_no_name_is_in_the_report(rooms):
    state, _ = rooms(3)
    for pair in (1, 2):
        _fill(state, pair, _typed("typedword"))
    page, twin = written(state)
    assert len(twin["pairs"]) == 3
    for text in (page, json.dumps(twin, ensure_ascii=False)):
        assert "typedword" not in text
        assert not [name for name in NAMES if name in text]
        for word in ("Marta", "Joel", "however kind", "record.yaml", "pair-0"):
            assert word not in text


def test_a_pair_is_named_once_both_halves_allow_it_and_only_that_pair(rooms):
    state, seated = rooms(3)
    allowed = Allowed(state.folder)
    _fill(state, 2, _typed("typedword"))
    allowed.say(seated[0].who, yes=True)
    page, _ = written(state)
    assert "Dunja" not in page
    allowed.say(seated[1].who, yes=True)
    page, twin = written(state)
    assert "Dunja" in page
    assert "Ivo" in page
    assert "however kind" in page
    assert "typedword" not in page
    assert not [name for name in NAMES[2:] if name in page]
    named = [pair for pair in twin["pairs"] if pair["names"]]
    assert [pair["names"] for pair in named] == [["Dunja", "Ivo"]]
    assert named[0]["letter"] == letters_of(state.folder, state.room)[1]


def test_borrowed_words_are_not_a_named_pairs_own(rooms):
    state, seated = rooms(1)
    allowed = Allowed(state.folder)
    for one in seated:
        allowed.say(one.who, yes=True)
    reason = "It is cheap."
    own = state.file(1).read().threshold.model_copy(update={"because": reason})
    changed = state.file(1).read().model_copy(update={"threshold": own})
    given = changed.model_dump(mode="json", by_alias=True)
    _fill(state, 1, json.dumps(given))
    page, _ = written(state)
    assert "however kind" in page
    assert reason in page
    assert changed.impact.because not in page, "it is the example's"
    _fill(state, 1, json.dumps(given | {"borrowed": ["threshold"]}))
    page, _ = written(state)
    assert "however kind" in page
    assert reason not in page


def test_letters_stay_and_do_not_follow_the_seats(rooms):
    state, _ = rooms(8)
    letters = letters_of(state.folder, state.room)
    assert sorted(letters.values()) == list("ABCDEFGH")
    assert letters == letters_of(state.folder, state.folder.read())
    others = []
    for place in range(6):
        (state.folder.path / "secret").write_text(f"{place:064}")
        others.append(tuple(sorted(letters_of(state.folder, state.room).items())))
    assert len(set(others)) > 1


# --- what is told is what the records say ---------------------------------------------


def test_every_number_of_the_page_is_in_its_twin(rooms):
    state, _ = rooms(4)
    page, twin = written(state)
    known = {number["id"] for number in twin["numbers"]}
    shown = {datum.id for datum in Page(page).data}
    assert shown <= known
    assert len(shown) > 40


def test_a_choice_is_summed_up_as_the_records_have_it(rooms):
    state, _ = rooms(3)
    text = EXAMPLE.read_text("utf-8")
    _fill(state, 2, text.replace("  ratio: 5 ", "  ratio: 10 "))
    _, twin = written(state)
    ratio = next(one for one in twin["choices"] if one["id"] == "ratio")
    letters = letters_of(state.folder, state.room)
    says = {value["letter"]: value["says"] for value in ratio["values"]}
    assert says[letters[2]] == "10 false alarms"
    assert says[letters[1]] == says[letters[3]] == "5 false alarms"
    assert (ratio["most"]["k"], ratio["most"]["n"]) == (2, 3)


def test_a_bet_that_is_only_sealed_leaves_no_trace(rooms):
    state, _ = rooms(2)
    for pair in (1, 2):
        state.record_path(pair).write_text("format: 1\nscenario: deposit-calls\n")
        seal(state, pair)
    page, twin = written(state)
    text = Page(page).text + json.dumps(twin)
    assert not [secret for secret in SECRETS if secret in text]
    assert [pair["opened"] for pair in twin["pairs"]] == [False, False]
    assert "No pair has opened its bets" in page


@pytest.mark.parametrize("empty", [False, True])
def test_one_pair_is_a_report_too(rooms, empty):
    state, _ = rooms(1)
    if empty:
        _fill(state, 1, "format: 1\nscenario: deposit-calls\n")
    page, twin = written(state)
    assert len(twin["pairs"]) == 1
    assert twin["choices"] == []
    assert "nothing to compare" in page


def test_a_record_that_cannot_be_read_is_left_out_and_the_others_stand(rooms):
    state, _ = rooms(3)
    _fill(state, 2, "format: [")
    _, twin = written(state)
    assert len(twin["pairs"]) == 2


# --- writing --------------------------------------------------------------------------


def test_a_fault_in_the_rooms_report_does_not_take_the_pairs_away(rooms, monkeypatch):
    state, _ = rooms(2)
    monkeypatch.setattr(closing, "_write_pairs", lambda *_: None)

    def fails(*_):
        raise ValueError("a fault")

    monkeypatch.setattr(closing, "_write_room", fails)
    closing.close_room(state.folder, as_of=DAY)
    told = json.loads((reports_of(state.folder) / STATE).read_text())
    assert told["stage"] == "done"
    assert "a fault of the program" in told["why"]


# --- who reads it ---------------------------------------------------------------------


def test_of_fewer_than_three_pairs_it_is_for_the_desk_until_all_allow_it(rooms):
    state, seated = rooms(2)
    written(state)
    reports, desk = Reports(state), Who("desk", "d")
    assert reports.room(desk) is not None
    assert reports.room(seated[0].who) is None
    for one in seated:
        reports.allowed.say(one.who, yes=True)
    written(state)
    assert reports.room(seated[0].who) is not None
    assert reports.room(Who("spectator", "s")) is None


def test_the_names_of_two_pairs_do_not_give_the_third_away(rooms):
    state, seated = rooms(3)
    reports = Reports(state)
    for one in seated[:4]:
        reports.allowed.say(one.who, yes=True)
    written(state)
    assert reports.room(Who("desk", "d")) is not None
    assert [reports.room(one.who) for one in seated] == [None] * 6


def test_a_page_of_which_nobody_knows_whom_it_names_is_for_nobody(rooms):
    state, seated = rooms(3)
    written(state)
    reports = Reports(state)
    assert reports.room(seated[0].who) is not None
    (reports_of(state.folder) / KEPT).write_text("[")
    assert reports.room(seated[0].who) is None
    assert reports.room(Who("desk", "d")) is None


def test_nobody_reads_it_while_it_names_a_pair_that_took_that_back(rooms):
    state, seated = rooms(4)
    reports = Reports(state)
    for one in seated[:2]:
        reports.allowed.say(one.who, yes=True)
    written(state)
    assert reports.room(seated[4].who) is not None
    reports.allowed.say(seated[1].who, yes=False)
    assert reports.room(seated[4].who) is None
    assert reports.room(Who("desk", "d")) is None
    written(state)
    assert reports.room(seated[4].who) is not None


def test_whoever_left_cannot_be_asked_so_the_pair_stays_unnamed(rooms):
    state, seated = rooms(1)
    allowed = Allowed(state.folder)
    moved = state.release(1, "product")
    for who in (state.claim(moved.code, "Zoe").who, seated[1].who):
        allowed.say(who, yes=True)
    assert named_pairs(state.room, allowed.said) == ()
    # who came back under the same name is the same person to everybody
    again = state.release(1, "product")
    allowed.say(state.claim(again.code, "Dunja").who, yes=True)
    assert named_pairs(state.room, allowed.said) == ()


def test_who_comes_back_under_a_new_code_says_it_anew(rooms):
    state, seated = rooms(1)
    allowed = Allowed(state.folder)
    for one in seated:
        allowed.say(one.who, yes=True)
    assert named_pairs(state.room, allowed.said) == (1,)
    back = state.claim(state.release(1, "product").code, "Dunja").who
    assert named_pairs(state.room, allowed.said) == ()
    allowed.say(back, yes=True)
    assert named_pairs(state.room, allowed.said) == (1,)


def test_what_was_said_for_one_table_does_not_hold_at_another(rooms):
    state, seated = rooms(2)
    allowed = Allowed(state.folder)
    for one in seated:
        allowed.say(one.who, yes=True)
    state.release(2, "product")
    state.hand_on(seated[0].who.id, 2, "product")
    assert named_pairs(state.room, allowed.said) == ()


@pytest.mark.parametrize("held", ["", "[]", "{", '{"a": "b"}', "null"])
def test_a_file_that_says_nothing_is_a_no(rooms, held):
    state, _ = rooms(1)
    (state.folder.path / "named.json").write_text(held)
    assert named_pairs(state.room, Allowed(state.folder).said) == ()


def test_only_listed_files_and_no_links_are_given_out(rooms, tmp_path: Path):
    state, seated = rooms(3)
    written(state)
    reports, who = Reports(state), seated[0].who
    for name in (KEPT, STATE, "../secret", "", "room.html/../room-names.json"):
        assert reports.room(who, name) is None
        assert reports.own(1, name) is None
    assert reports.own(99) is None
    (reports.folder / "pair-01").mkdir()
    (reports.folder / "pair-01" / "report.html").symlink_to(tmp_path)
    assert reports_module.Reports(state).own(1) is None
