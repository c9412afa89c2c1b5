"""Whatever a seat asks of the room, it gets an answer, and only what is its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.room_server import word_of
from tests.record.test_may import BETTING, PEOPLE, bet_of
from workshop.record.bets import Bets
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.served import MOST, answer
from workshop.record.wire import plain

BET = plain(bet_of(2).model_dump(exclude={"nonce"}))
SECRET = "7.253"
THEIR_BET = plain(bet_of(float(SECRET)).model_dump(exclude={"nonce"}))


@pytest.fixture
def file(tmp_path: Path) -> RecordFile:
    kept = RecordFile(tmp_path / "pair" / "record.yaml", bets=tmp_path / "bets")
    kept.create(Record(scenario="s", participants=PEOPLE, bets=Bets(record="r1")))
    return kept


def ask(file: RecordFile, seat: str | None = "product", /, **asked: Any) -> dict:
    told = answer(asked, file=file, seat=seat, words=word_of)  # type: ignore[arg-type]
    json.dumps(told)
    return told


def says(told: dict) -> str:
    assert set(told) == {"error"}, told
    return told["error"]["says"]


def save(file: RecordFile, seat: str | None, who: str, **values: Any) -> dict:
    base = plain(file.read())
    line = {"base": base, "who": who, "decided": "x"}
    return ask(file, seat, act="save", values=plain(values), **line)


def put(file: RecordFile, seat: str, bet: dict) -> None:
    sealed = ask(file, seat, act="bet_put", record="r1", seat=seat, bet=bet)["sealed"]
    bets = file.read().bets
    bets = bets.model_copy(update={"sealed": {**bets.sealed, seat: sealed}})
    assert "record" in save(file, seat, "x", bets=bets)


def ready(file: RecordFile, seat: str) -> None:
    bet = ask(file, seat, act="bet_take", record="r1", seat=seat)["bet"]
    assert ask(file, seat, act="lay", seat=seat, bet=bet) == {}
    bets = file.read().bets
    bets = bets.model_copy(update={"ready": {**bets.ready, seat: "now"}})
    assert "record" in save(file, seat, "x", bets=bets)


@pytest.fixture
def sealed(file: RecordFile) -> RecordFile:
    put(file, "product", BET)
    put(file, "engineering", THEIR_BET)
    return file


# --- reading -------------------------------------------------------------------------


def test_a_record_is_sent_once_and_then_only_that_it_is_the_same(file):
    told = ask(file, act="read")
    assert (told["seat"], told["name"]) == ("product", "record.yaml")
    assert Record.model_validate(told["record"]) == file.read()
    assert ask(file, act="read", stamp=told["stamp"]) == {"stamp": told["stamp"]}


def test_before_anything_is_saved_there_is_no_record(tmp_path):
    told = ask(RecordFile(tmp_path / "none.yaml"), act="read")
    assert told["record"] is None
    assert told["stamp"] == ""


# --- what a seat may not -------------------------------------------------------------


def test_what_is_the_others_is_refused_whatever_base_is_claimed(sealed):
    forged = plain(sealed.read()) | {"cases": {"engineering": {"q": "fine"}}}
    told = ask(
        sealed,
        act="save",
        values={"cases": {"engineering": {"q": "harmful"}}},
        base=forged,
        who="Dana",
        decided="x",
    )
    assert "only the engineering half" in says(told) or "changed by" in says(told)
    told = save(sealed, "product", "Dana", bets=BETTING["opened"])
    assert "bets" in says(told)
    assert "Ilir" in says(save(sealed, "product", "Ilir", option="bm25"))
    assert sealed.read().cases is None


def test_one_page_for_both_may_say_everything(file):
    told = save(file, None, "Dana + Ilir", cases={"engineering": {"q": "fine"}})
    assert told["record"]["cases"]["engineering"] == {"q": "fine"}


def test_the_others_bet_is_neither_taken_nor_put_nor_forgotten(sealed):
    theirs = {"record": "r1", "seat": "engineering"}
    for act, more in (
        ("bet_take", {}),
        ("bet_take", {"word": word_of("engineering")}),
        ("bet_put", {"bet": BET}),
        ("bet_forget", {}),
    ):
        told = ask(sealed, act=act, **theirs, **more)
        assert "not yours" in says(told)
    laid = plain(bet_of(2))
    assert "not yours" in says(ask(sealed, act="lay", seat="engineering", bet=laid))
    assert ask(sealed, act="bet_holds", **theirs) == {"holds": True}


def test_the_drawers_of_another_record_stay_closed(sealed):
    told = ask(sealed, act="bet_take", record="r2", seat="product")
    assert "another record" in says(told)
    for name in ("../r1", "", "r1/..", "r" * 65):
        told = ask(sealed, act="bet_holds", record=name, seat="product")
        assert "does not know what was asked" in says(told)


def test_a_sealed_bet_is_not_exchanged_before_it_is_taken_back(sealed):
    told = ask(sealed, act="bet_put", record="r1", seat="product", bet=THEIR_BET)
    assert "sealed already" in says(told)


def test_only_the_bet_that_was_sealed_is_laid_down(sealed):
    told = ask(sealed, act="lay", seat="product", bet=plain(bet_of(3)))
    assert "not the bet that product sealed" in says(told)


def test_no_answer_holds_the_others_bet_until_all_are_ready(sealed):
    ready(sealed, "engineering")
    every = [
        {"act": "read"},
        {"act": "get_laid", "seat": "engineering"},
        {"act": "bet_take", "record": "r1", "seat": "engineering"},
        {"act": "take_back", "seat": "engineering"},
        {"act": "clear"},
    ]
    for asked in every:
        assert SECRET not in json.dumps(ask(sealed, **asked))
    assert sealed.table.get("engineering") is not None
    ready(sealed, "product")
    told = ask(sealed, act="get_laid", seat="engineering")
    assert told["bet"]["ratio"] == float(SECRET)


def test_the_table_is_cleared_of_what_nobody_stands_by(sealed):
    ready(sealed, "engineering")
    bet = ask(sealed, act="bet_take", record="r1", seat="product")["bet"]
    ask(sealed, act="lay", seat="product", bet=bet)
    assert ask(sealed, act="clear") == {}
    assert sealed.table.get("product") is None
    assert sealed.table.get("engineering") is not None
    assert "not yours" in says(ask(sealed, act="take_back", seat="engineering"))
    (sealed.table.folder / "engineering").write_text("damaged", "utf-8")
    assert ask(sealed, act="take_back", seat="engineering") == {}


def test_the_rooms_own_word_locks_a_seats_bet(sealed):
    told = ask(sealed, act="bet_take", record="r1", seat="product", word="whatever")
    assert told["bet"]["ratio"] == 2
    found = sealed.drawer("r1").take("product", word=word_of("product"))
    assert found.ratio == 2


def test_nothing_is_written_beside_an_example(file):
    example = RecordFile(file.path, read_only=True)
    for asked in (
        {"act": "lay", "seat": "product", "bet": plain(bet_of(2))},
        {"act": "clear"},
        {"act": "take_back", "seat": "product"},
        {"act": "bet_forget", "record": "r1", "seat": "product"},
    ):
        assert "reading only" in says(ask(example, **asked))


# --- what makes no sense -------------------------------------------------------------

DEEP: Any = 1
for _ in range(5000):
    DEEP = [DEEP]
LINE = {"base": {"scenario": "s"}, "who": "Dana", "decided": "x"}


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [],
        "read",
        {},
        {"act": "steal"},
        {"act": ["read"]},
        {"act": "read", "seat": "engineering"},
        {"act": "read", "stamp": 5},
        {"act": "read", "stamp": "x" * 300},
        {"act": "save", **LINE},
        {"act": "save", **LINE, "values": {}, "now": "yesterday"},
        {"act": "save", **LINE, "values": {}, "who": "x" * 201},
        {"act": "save", **LINE, "values": {}, "decided": "x" * 20_001},
        {"act": "save", **LINE, "values": dict.fromkeys(map(str, range(99)))},
        {"act": "save", **LINE, "values": {"option": "x" * MOST}},
        {"act": "save", **LINE, "values": {"option": DEEP}},
        {"act": "save", **LINE, "values": {"format": 2}},
        {"act": "save", **LINE, "values": {"scenario": "other"}},
        {"act": "save", **LINE, "values": {"log": []}},
        {"act": "save", **LINE, "values": {"revision": 3}},
        {"act": "save", **LINE, "values": {"marks": {"product": 10**400}}},
        {"act": "save", **LINE, "values": {}, "seen": {"recall": 3}},
        {"act": "save", "who": "x", "decided": "x", "values": {}, "base": {"a": 1}},
        {"act": "bet_put", "record": "r1", "seat": "product", "bet": {}},
        {"act": "bet_put", "record": "r1", "seat": "nobody", "bet": BET},
        {"act": "bet_put", "record": "r1", "seat": "../x", "bet": BET},
        {"act": "lay", "seat": "product", "bet": BET},
    ],
)
def test_nonsense_gets_a_sentence_and_changes_nothing(file, asked):
    before = file.path.read_bytes()
    told = answer(asked, file=file, seat="product", words=word_of)
    assert says(told)
    assert file.path.read_bytes() == before


ACTS = st.sampled_from(
    ["read", "save", "note", "bet_put", "bet_take", "lay", "get_laid", "clear", "x"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["values", "base", "who", "decided", "seen", "record", "seat", "bet", "word"]
)
SENSIBLE = st.sampled_from(
    [{"scenario": "s"}, "r1", "product", "engineering", BET, {"cases": None}]
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.dictionaries(KEYS, SENSIBLE | JSON, max_size=5), ACTS | JSON)
def test_no_request_makes_it_raise(file, more, act):
    told = answer({**more, "act": act}, file=file, seat="product", words=word_of)
    assert isinstance(told, dict)


def test_no_answer_tells_where_the_room_keeps_its_files(file):
    for broken in (file.path, file.table.folder, file.drawer("r1").folder):
        broken.parent.mkdir(parents=True, exist_ok=True)
        if not broken.exists():
            broken.write_text("in the way", "utf-8")
    file.path.write_text("bets: {record: r1}\nscenario: s\nformat: 99\n", "utf-8")
    for asked in (
        {"act": "read"},
        {"act": "note", **LINE},
        {"act": "clear"},
    ):
        told = json.dumps(ask(file, None, **asked))
        assert str(file.path.parent.parent) not in told
