"""What is left of a record when nothing stays that somebody typed."""

from __future__ import annotations

import json
from itertools import count

import pytest

from tests.spread import Filler
from workshop.data.catalog import shipped
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.wordless import OTHER_OPTION, own_only, wordless

EXAMPLES = ("deposit-calls", "flight-disruptions", "privacy-assistant")


def example(name: str) -> Record:
    return RecordFile(shipped("datasets") / name / "example-record.yaml").read()


def test_no_text_that_can_be_typed_anywhere_is_left():
    filler = Filler([f"typed{n:04}" for n in range(500)])
    given = filler.model(Record) | {"scenario": "typed-scenario", "option": "typed-own"}
    record = Record.model_validate(given)
    assert len(filler.texts) > 60
    assert "typed" in record.model_dump_json()
    assert "typed" not in wordless(record, options=("a", "b")).model_dump_json()


def test_a_text_that_follows_a_closed_list_is_left_by_that_list_only():
    record = example("deposit-calls")
    assert record.agreement is not None
    right = record.agreement.decides[0]
    own = right.model_copy(update={"decision": "feed the cat of Dana"})
    sliced = record.agreement.clauses[0].model_copy(update={"slice": "name=Dana"})
    agreement = record.agreement.model_copy(
        update={
            "decides": (right, own),
            "clauses": (sliced, *record.agreement.clauses[1:]),
        }
    )
    bare = wordless(record.model_copy(update={"agreement": agreement}), options=())
    assert bare.agreement is not None
    assert [one.decision for one in bare.agreement.decides] == [right.decision]
    assert [one.metric for one in bare.agreement.clauses] == ["recall", "prevalence"]
    assert bare.option == OTHER_OPTION


@pytest.mark.parametrize("name", EXAMPLES)
def test_numbers_and_closed_names_stay_as_they_are(name):
    record = example(name)
    bare = wordless(record, options=(record.option or "",))
    assert record.framing is not None
    assert record.bets is not None
    assert bare.framing is not None
    assert bare.bets is not None
    assert bare.option == record.option
    assert bare.pulse == record.pulse
    assert bare.framing.ratio == record.framing.ratio
    for seat, bet in record.bets.opened.items():
        kept = bare.bets.opened[seat]
        assert kept == bet.model_copy(update={"guess": "", "nonce": ""})
    for people in (record.participants.product, record.participants.engineering):
        for person in people:
            assert person.name not in json.dumps(bare.model_dump(mode="json"))


def test_sealed_bets_leave_nothing_at_all():
    record = example("deposit-calls")
    assert record.bets is not None
    closed = record.bets.model_copy(update={"opened": {}, "rounds": ()})
    sealed = record.model_copy(update={"bets": closed})
    assert wordless(sealed, options=()).bets is None


def test_what_is_borrowed_is_marked_and_can_be_left_out():
    record = example("deposit-calls")
    marks = ("threshold", "framing.expectations")
    borrowed = record.model_copy(update={"borrowed": marks})
    bare = wordless(borrowed, options=())
    assert set(bare.borrowed) == set(marks)
    own = own_only(bare)
    assert own.threshold is None
    assert own.framing is None or own.framing.ratio is None
    assert own.option is not None
    assert own.borrowed == ()


def test_the_count_of_texts_is_what_a_record_has():
    """A filler that found no text would make the first test say nothing."""
    numbers = count()
    filler = Filler([f"t{next(numbers)}" for _ in range(3)])
    filler.model(Record)
    for path in ("Record.threshold.because", "Record.log[].decided"):
        assert path in filler.texts
