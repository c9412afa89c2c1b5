"""A pair borrows what it left open, and nothing that is its own or somebody's alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import SHIPPED, THAT_DAY
from tests.record.room_server import TOKENS, room
from workshop.data.catalog import example_of, find_scenario
from workshop.errors import InputError, WorkshopError
from workshop.record import borrowed
from workshop.record.agreed import Agreement, NotAgreed
from workshop.record.choices import SECTIONS, Record, ThresholdChoice
from workshop.record.digest import digest
from workshop.record.file import RecordFile
from workshop.record.framed import Framing
from workshop.record.gaps import Measured, find_gaps
from workshop.record.values import Policy
from workshop.record.wire import RoomFile

EXAMPLE = example_of(find_scenario(SHIPPED))
assert EXAMPLE is not None
EMPTY = Record(scenario=SHIPPED)
STEPS = tuple(borrowed.PARTS)
OWN = ThresholdChoice(policy=Policy(kind="single", act_at=0.5), because="our own")
OURS: dict[str, Any] = {
    "framing": Framing(counts_as_wrong="a false alarm", harmed="passengers"),
    "data_review": {"because": "we looked"},
    "threshold": OWN,
    "option": "today",
    "impact": {"per_week": 12.0},
    "agreement": Agreement(
        not_agreed=(NotAgreed(about="impact", product="a", engineering="b"),)
    ),
}


def with_ours(names: frozenset[str]) -> Record:
    own = {name: value for name, value in OURS.items() if name in names}
    return Record.model_validate({**EMPTY.model_dump(by_alias=True), **own})


def after(record: Record, values: dict[str, Any]) -> Record:
    return borrowed.marked(record, record.model_copy(update=values))


records = st.frozensets(st.sampled_from(sorted(OURS))).map(with_ours)
steps = st.lists(st.sampled_from(STEPS), unique=True)


@given(record=records, order=steps)
def test_borrowing_never_changes_what_the_pair_saved(record, order):
    now = record
    for step in order:
        now = after(now, borrowed.borrow(now, EXAMPLE, step))
    for name in OURS:
        own = getattr(record, name)
        if name == "framing" and own is not None:
            kept = {n for n, v in own if v != Framing.model_fields[n].get_default()}
            assert all(getattr(now.framing, n) == getattr(own, n) for n in kept)
        elif own is not None:
            assert getattr(now, name) == own
    for name in set(SECTIONS) - set(OURS) - {"borrowed"}:
        assert getattr(now, name) == getattr(record, name)


@given(record=records, order=steps, back=st.permutations(STEPS))
def test_giving_back_restores_what_stood_there(record, order, back):
    now = record
    for step in order:
        now = after(now, borrowed.borrow(now, EXAMPLE, step))
    assert set(borrowed.steps_borrowed(now)) <= set(order)
    for step in back:
        now = after(now, borrowed.give_back(now, step))
    assert now == record


@given(record=records, step=st.sampled_from(STEPS))
def test_every_borrowed_part_says_what_the_example_says_and_is_a_gap(record, step):
    now = after(record, borrowed.borrow(record, EXAMPLE, step))
    for part in borrowed.borrowed_in(now, step):
        assert borrowed._said(now, part) == borrowed._said(EXAMPLE, part)
    found = [g for g in find_gaps(now, Measured(), THAT_DAY) if g.kind == "borrowed"]
    assert [g.given["step"] for g in found] == list(borrowed.steps_borrowed(now))


def test_a_part_of_ones_own_is_nobodys_to_lend():
    for name in ("bets", "signatures", "cases", "participants", "pulse", "marks"):
        assert borrowed.part_of(name) is None
    assert borrowed.part_of("framing.counts_as_wrong") is None
    assert borrowed.part_of("agreement.clauses[1]") is None


def test_a_record_without_marks_keeps_the_digest_that_it_had():
    assert "borrowed" not in EXAMPLE.model_dump(exclude_defaults=True)
    assert digest(EMPTY) == digest(EMPTY.model_copy(update={"borrowed": ()}))


@pytest.fixture
def file(tmp_path: Path) -> RecordFile:
    kept = RecordFile(tmp_path / "record.yaml")
    kept.create(EMPTY)
    return kept


def save(file: Any, values: dict[str, Any]) -> Record:
    return file.save_many(values, base=file.read(), who="Dana", decided="a test")


def test_a_mark_goes_with_what_it_marks_and_stays_with_it(file):
    save(file, borrowed.borrow(file.read(), EXAMPLE, "03"))
    assert file.read().borrowed == ("threshold",)
    save(file, {"borrowed": ()})
    assert file.read().borrowed == ("threshold",)
    save(file, {"threshold": OWN})
    assert file.read().borrowed == ()


def test_giving_back_leaves_the_file_as_it_was_but_for_revision_and_log(file):
    before = file.read()
    for step in STEPS:
        save(file, borrowed.borrow(file.read(), EXAMPLE, step))
    for step in STEPS:
        save(file, borrowed.give_back(file.read(), step))
    after = file.read().model_copy(update={"revision": 0, "log": ()})
    assert after == before


def test_two_may_borrow_at_the_same_time(file):
    base = file.read()
    for step in ("03", "04"):
        values = borrowed.borrow(base, EXAMPLE, step)
        file.save_many(values, base=base, who="x", decided="borrowed")
    assert set(file.read().borrowed) == {"threshold", "option", "impact"}


FORGED = {
    "another line": {"threshold": OWN, "borrowed": ("threshold",)},
    "nothing behind it": {"option": "today", "borrowed": ("option",)},
}


@pytest.mark.parametrize("seat", ["product", "engineering", None])
@pytest.mark.parametrize("forged", FORGED)
def test_a_page_cannot_mark_what_is_not_the_examples(file, seat, forged):
    with room(file, lambda: EXAMPLE) as url:
        page = RoomFile(url, TOKENS[seat])
        with pytest.raises(WorkshopError, match="not what the example says"):
            save(page, FORGED[forged])
    assert file.read() == EMPTY


def test_a_page_cannot_call_borrowed_what_the_pair_has_saved(file):
    save(file, {"threshold": OWN})
    with room(file, lambda: EXAMPLE) as url:
        page = RoomFile(url, TOKENS["product"])
        values = {"threshold": EXAMPLE.threshold, "borrowed": ("threshold",)}
        with pytest.raises(WorkshopError, match="said this yourselves"):
            save(page, values)


def test_a_page_can_neither_drop_a_mark_nor_borrow_without_an_example(file):
    values = borrowed.borrow(file.read(), EXAMPLE, "03")
    with room(file) as url, pytest.raises(WorkshopError, match="not borrowed"):
        save(RoomFile(url, TOKENS["product"]), values)
    with room(file, lambda: EXAMPLE) as url:
        page = RoomFile(url, TOKENS["product"])
        save(page, values)
        save(page, {"borrowed": (), "threshold": EXAMPLE.threshold})
    assert file.read().borrowed == ("threshold",)


def test_a_mark_on_an_unknown_part_is_refused(file):
    with pytest.raises(InputError, match="borrowed"):
        save(file, {"borrowed": ("bets",)})
