"""A bet is not readable before all are made, and not changeable after."""

from __future__ import annotations

import json
import os
import re
import stat
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.errors import InputError
from workshop.record import yaml_io
from workshop.record.bets import SEATS, Bet, Bets, OpenedBet
from workshop.record.choices import Record
from workshop.record.file import read_record
from workshop.record.sealed import (
    Drawer,
    Table,
    is_proven,
    new_name,
    new_nonce,
    open_bets,
    seal,
)
from workshop.record.values import ROLES, FallbackKind, Owner

posix = pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")

DANA = Bet(
    tolerable_error=0.1731,
    expected_error=0.2,
    expected_low=0.1,
    expected_high=0.3,
    ratio=5.25,
    fallback="human",
    owner="product",
    guess="Ilir will say heliotrope",
)
ILIR = Bet(
    tolerable_error=0.3,
    expected_error=0.3,
    expected_low=0.2,
    ratio=2,
    fallback="not_sure",
    owner="engineering",
)
WORDS = {"product": "dana-word", "engineering": "ilir-word"}

shares = st.integers(0, 1000).map(lambda n: n / 1000)
bets_made = st.builds(
    Bet,
    tolerable_error=shares,
    expected_error=shares,
    ratio=st.integers(1, 400).map(lambda n: n / 8),
    fallback=st.sampled_from(get_args(FallbackKind)),
    owner=st.sampled_from(get_args(Owner)),
    guess=st.text(max_size=20),
)


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    return Drawer("r1", tmp_path / "own")


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path / "pair" / "record.yaml")


@pytest.fixture
def bets(drawer: Drawer) -> Bets:
    sealed = {
        role: drawer.put(role, bet, word=WORDS[role])
        for role, bet in (("product", DANA), ("engineering", ILIR))
    }
    return Bets(record="r1", sealed=sealed)


def lay_all(drawer: Drawer, table: Table) -> None:
    for role, word in WORDS.items():
        table.lay(role, drawer.take(role, word=word))


# --- the seal ------------------------------------------------------------------------


def sealed(bet: Bet = DANA, record: str = "r1", seat="product", nonce: str = "n"):
    return seal(bet, record=record, seat=seat, nonce=nonce)


@given(bets_made, bets_made)
def test_another_answer_is_another_seal(one, other):
    assert (sealed(one) == sealed(other)) == (one == other)


@pytest.mark.parametrize(
    "changed",
    [
        {"tolerable_error": 0.1732},
        {"expected_error": 0.21},
        {"expected_low": 0.11},
        {"expected_low": None},
        {"expected_high": 0.31},
        {"ratio": 5.5},
        {"fallback": "not_sure"},
        {"owner": "both"},
        {"guess": "Ilir will say mauve"},
    ],
)
def test_every_answer_counts(changed):
    assert sealed(DANA.model_copy(update=changed)) != sealed()


@given(st.text(max_size=8), st.sampled_from(SEATS), st.text(max_size=8))
def test_record_seat_and_secret_count_too(record, seat, nonce):
    same = (record, seat, nonce) == ("r1", "product", "n")
    assert (sealed(record=record, seat=seat, nonce=nonce) == sealed()) == same


def test_a_seal_is_a_whole_digest_and_the_same_each_time():
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", sealed())
    assert sealed(DANA.model_copy()) == sealed()


def test_the_secret_in_an_opened_bet_is_not_part_of_what_was_said():
    opened = OpenedBet(**DANA.model_dump(), nonce="n")
    assert sealed(opened) == sealed(DANA)


def test_secrets_are_32_bytes_and_names_8_and_never_the_same():
    assert {len(bytes.fromhex(new_nonce())) for _ in range(20)} == {32}
    assert {len(bytes.fromhex(new_name())) for _ in range(20)} == {8}
    assert len({new_nonce() for _ in range(100)}) == 100
    assert len({new_name() for _ in range(100)}) == 100


def test_trying_all_plausible_answers_finds_nothing_without_the_secret(drawer):
    """All that the record shows is at hand here, and the very bet is on the list."""
    bet = Bet(
        tolerable_error=0.1, expected_error=0.2, ratio=2, fallback="human", owner="both"
    )
    found = drawer.put("product", bet, word="dana-word")
    in_the_record = ("", "r1", "product", found)
    tried = (
        bet.model_copy(update={"tolerable_error": t, "expected_error": e, "ratio": r})
        for t, e, r in product((0.05, 0.1, 0.2), (0.1, 0.2, 0.3), (0.5, 1, 2, 5))
    )
    digests = {
        seal(one, record="r1", seat="product", nonce=nonce)
        for one, nonce in product(tried, in_the_record)
    }
    assert len(digests) == 36 * 4
    assert found not in digests
    nonce = drawer.take("product", word="dana-word").nonce
    assert seal(bet, record="r1", seat="product", nonce=nonce) == found


@given(st.integers(0, 2**64 - 1).map(lambda n: f"{n:016x}"))
def test_a_name_and_a_secret_of_digits_read_back_as_they_were_written(name):
    bet = OpenedBet(**DANA.model_dump(), nonce=name)
    bets = Bets(
        record=name,
        sealed=dict.fromkeys(ROLES, sealed()),
        opened=dict.fromkeys(ROLES, bet),
    )
    record = Record(scenario="x", bets=bets)
    assert yaml_io.parse(yaml_io.dump(record), Record, file="r").bets == bets


# --- the drawer ----------------------------------------------------------------------


def test_a_bet_outlives_the_program_that_sealed_it(drawer, tmp_path):
    found = drawer.put("product", DANA, word="dana-word")
    again = Drawer("r1", tmp_path / "own").take("product", word="dana-word")
    assert again.model_dump(exclude={"nonce"}) == DANA.model_dump()
    assert seal(again, record="r1", seat="product", nonce=again.nonce) == found


@settings(max_examples=8)
@given(st.text(min_size=4, max_size=30), bets_made)
def test_any_word_of_four_letters_locks_any_bet(tmp_path_factory, word, bet):
    drawer = Drawer("r1", tmp_path_factory.mktemp("own"))
    found = drawer.put("legal", bet, word=word)
    taken = drawer.take("legal", word=word)
    assert seal(taken, record="r1", seat="legal", nonce=taken.nonce) == found


def test_a_locked_bet_says_nothing(drawer, tmp_path):
    drawer.put("product", DANA, word="dana-word")
    for file in (p for p in tmp_path.rglob("*") if p.is_file()):
        held = file.read_bytes()
        for secret in (b"0.17", b"5.25", b"human", b"helio", b"dana-word", b"nonce"):
            assert secret not in held


@posix
def test_only_its_maker_may_read_it(drawer):
    drawer.put("product", DANA, word="dana-word")
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (drawer.folder, *files(drawer))]
    assert modes == [0o700, 0o600]


def files(drawer: Drawer) -> list[Path]:
    return sorted(drawer.folder.iterdir())


@pytest.mark.parametrize("word", ["", "dana-Word", "dana-word ", "ilir-word"])
def test_another_word_opens_nothing_and_loses_nothing(drawer, word):
    drawer.put("product", DANA, word="dana-word")
    with pytest.raises(InputError, match="not the word that the bet was locked with"):
        drawer.take("product", word=word)
    assert drawer.take("product", word="dana-word").ratio == DANA.ratio


@pytest.mark.parametrize("word", ["", "abc"])
def test_a_short_word_locks_nothing(drawer, word):
    with pytest.raises(InputError, match="has 4 letters or more"):
        drawer.put("product", DANA, word=word)
    assert not drawer.holds("product")


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[]", b"{}", b'{"salt": 1}', b'{"salt": "zz", "locked": ""}'],
)
def test_a_damaged_bet_is_said_in_one_sentence(drawer, content):
    drawer.put("product", DANA, word="dana-word")
    (file,) = files(drawer)
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"cannot be read any more; bet again$"):
        drawer.take("product", word="dana-word")


def test_a_bet_that_was_exchanged_for_another_does_not_open(drawer):
    drawer.put("product", DANA, word="dana-word")
    drawer.put("engineering", ILIR, word="ilir-word")
    held = json.loads((drawer.folder / "product").read_text())
    held["locked"] = json.loads((drawer.folder / "engineering").read_text())["locked"]
    (drawer.folder / "product").write_text(json.dumps(held))
    with pytest.raises(InputError, match="not the word"):
        drawer.take("product", word="dana-word")


def test_a_bet_made_on_another_computer_is_not_here(drawer):
    with pytest.raises(InputError, match="not on this computer; open it where it was"):
        drawer.take("product", word="dana-word")


def test_somebody_may_change_their_mind_before_the_opening(drawer):
    first = drawer.put("product", DANA, word="dana-word")
    second = drawer.put("product", ILIR, word="another")
    assert first != second
    assert drawer.take("product", word="another").ratio == ILIR.ratio


def test_a_forgotten_bet_leaves_nothing(drawer):
    drawer.put("product", DANA, word="dana-word")
    for _ in range(2):
        drawer.forget("product")
        assert not drawer.holds("product")
    assert not drawer.folder.exists()


def test_the_bets_of_two_records_do_not_meet(drawer, tmp_path):
    drawer.put("product", DANA, word="dana-word")
    other = Drawer("r2", tmp_path / "own")
    assert not other.holds("product")
    other.forget("product")
    assert drawer.holds("product")


def test_bets_wait_where_the_reader_says(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKSHOP_BETS", str(tmp_path / "here"))
    assert Drawer("r1").folder == tmp_path / "here" / "r1"
    monkeypatch.delenv("WORKSHOP_BETS")
    assert Drawer("r1").folder.parts[-3:] == ("common-ground", "bets", "r1")


@posix
@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="choose a folder"):
        Drawer("r1", tmp_path / "own").put("product", DANA, word="dana-word")


# --- the table and the opening -------------------------------------------------------


def test_all_bets_are_opened_together_and_proven(drawer, table, bets):
    lay_all(drawer, table)
    opened = open_bets(bets, table)
    assert opened.sealed == bets.sealed
    said = {
        role: bet.model_dump(exclude={"nonce"}) for role, bet in opened.opened.items()
    }
    assert said == {"product": DANA.model_dump(), "engineering": ILIR.model_dump()}
    assert all(is_proven(opened, role) for role in ROLES)


def test_bets_that_are_open_stay_as_they_are(drawer, table, bets):
    lay_all(drawer, table)
    opened = open_bets(bets, table)
    table.clear()
    assert open_bets(opened, table) is opened


def test_a_third_role_opens_with_the_others(drawer, table, bets):
    legal = drawer.put("legal", ILIR, word="lena-word")
    bets = bets.model_copy(update={"sealed": {**bets.sealed, "legal": legal}})
    lay_all(drawer, table)
    with pytest.raises(InputError, match="legal has not said ready yet"):
        open_bets(bets, table)
    table.lay("legal", drawer.take("legal", word="lena-word"))
    assert set(open_bets(bets, table).opened) == {*ROLES, "legal"}


def test_one_sealed_bet_is_not_opened_alone(table, bets):
    one = Bets(record="r1", sealed={"product": bets.sealed["product"]})
    with pytest.raises(InputError, match="engineering has not sealed a bet yet"):
        open_bets(one, table)


def test_who_has_not_sealed_yet_is_said_of_one_and_of_two(table, bets):
    with pytest.raises(InputError, match="product and engineering have not sealed"):
        open_bets(Bets(record="r1"), table)
    with pytest.raises(InputError, match="product and engineering have not said ready"):
        open_bets(bets, table)


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", "/tmp", ".", "x" * 65])
def test_a_record_from_elsewhere_chooses_no_folder(name):
    text = f"format: 1\nscenario: s\nbets: {{record: {json.dumps(name)}}}\n"
    with pytest.raises(InputError, match=r"line 3, bets\.record: .* is no name of"):
        read_record(text, file="record.yaml")


def test_bets_that_nobody_brought_are_not_opened(table, bets):
    with pytest.raises(InputError, match="not said ready yet"):
        open_bets(bets, table)


@pytest.mark.parametrize("seat", ROLES)
@pytest.mark.parametrize(
    "changed", [{"tolerable_error": 0.25}, {"guess": "mauve"}, {"nonce": "00" * 32}]
)
def test_a_bet_changed_after_sealing_is_noticed(drawer, table, bets, seat, changed):
    lay_all(drawer, table)
    bet = table.get(seat)
    assert bet is not None
    table.lay(seat, bet.model_copy(update=changed))
    with pytest.raises(InputError, match=f"bet of {seat} is not the one that was"):
        open_bets(bets, table)


def test_a_bet_of_another_record_is_noticed(drawer, table, bets):
    lay_all(drawer, table)
    other = bets.model_copy(update={"record": "r2"})
    with pytest.raises(InputError, match="not the one that was sealed"):
        open_bets(other, table)


def test_an_opened_bet_that_somebody_edited_is_not_proven(drawer, table, bets):
    lay_all(drawer, table)
    opened = open_bets(bets, table)
    edited = opened.opened["product"].model_copy(update={"tolerable_error": 0.5})
    changed = opened.model_copy(update={"opened": {**opened.opened, "product": edited}})
    assert [is_proven(changed, role) for role in ROLES] == [False, True]


def test_a_bet_on_the_table_is_not_readable_at_a_glance(drawer, table, bets):
    lay_all(drawer, table)
    assert table.folder.name == "record.sealed"
    for file in table.folder.iterdir():
        assert not re.search(rb"error|0\.1731|5\.25|helio", file.read_bytes())


@pytest.mark.parametrize("content", [b"", b"not base85 \xff", b"VPaz", b"c$"])
def test_a_damaged_bet_on_the_table_is_noticed(drawer, table, bets, content):
    lay_all(drawer, table)
    (table.folder / "product").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read any more"):
        open_bets(bets, table)


def test_nothing_is_left_on_a_cleared_table(drawer, table, bets):
    lay_all(drawer, table)
    for _ in range(2):
        table.clear()
        assert not table.folder.exists()
    assert table.get("product") is None
