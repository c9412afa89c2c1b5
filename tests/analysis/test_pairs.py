"""How pairs of a room differed and moved, by their records."""

from __future__ import annotations

from statistics import median

import pytest

from workshop.analysis.gap_board import find_gap_board
from workshop.analysis.intervals import rate
from workshop.analysis.pairs import FEW, PairGiven, find_room
from workshop.data.catalog import shipped
from workshop.record.bets import BetRound, SecondLook
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.values import Number
from workshop.record.wordless import wordless

ERROR = Number(id="error.all", value=0.8, k=80, n=100, lo=0.71, hi=0.87, level=0.95)
LETTERS = "ABCDEFGHIJ"


def bare() -> Record:
    path = shipped("datasets") / "deposit-calls" / "example-record.yaml"
    record = RecordFile(path).read()
    return wordless(record, options=(record.option or "",))


def pair(place: int, record: Record | None = None, **more: object) -> PairGiven:
    return PairGiven(LETTERS[place], record or bare(), **more)  # type: ignore[arg-type]


def with_ratio(ratio: float | None) -> Record:
    record = bare()
    assert record.framing is not None
    framing = record.framing.model_copy(update={"ratio": ratio})
    return record.model_copy(update={"framing": framing})


def with_looks(product: float, engineering: float) -> Record:
    """Return a record whose halves said these tolerable errors after talking."""
    record = bare()
    assert record.bets is not None
    looks = BetRound(
        product=SecondLook(tolerable_error=product, ratio=5),
        engineering=SecondLook(tolerable_error=engineering, ratio=5),
    )
    bets = record.bets.model_copy(update={"rounds": (looks,)})
    return record.model_copy(update={"bets": bets})


def closed_bets() -> Record:
    return bare().model_copy(update={"bets": None})


def choice(found, id):
    return next(one for one in found.choices if one.choice.id == id)


# --- choices --------------------------------------------------------------------------


def test_the_spread_of_a_choice_is_that_of_the_records():
    found = find_room([pair(n, with_ratio(r)) for n, r in enumerate((2, 5, 5, 20))])
    ratio = choice(found, "ratio")
    assert ratio.choice.spread is not None
    ends = [getattr(ratio.choice.spread, name).value for name in ("low", "high")]
    assert ends == [2, 20]
    assert ratio.choice.spread.middle.value == median((2, 5, 5, 20))
    assert (ratio.most.k, ratio.most.n) == (2, 4)
    assert (ratio.decided.k, ratio.decided.n) == (4, 4)
    assert ratio.decided.lo is None, "a count of all pairs has no range"


def test_who_said_nothing_is_not_counted():
    found = find_room([pair(0, with_ratio(None)), pair(1, with_ratio(5))])
    assert choice(found, "ratio").decided.k == 1


def test_what_was_taken_from_the_example_is_nobodys_choice():
    taken = bare().model_copy(update={"borrowed": ("threshold",)})
    found = find_room([pair(0, taken), pair(1), pair(2)])
    line = choice(found, "threshold")
    assert line.borrowed == (True, False, False)
    assert (line.decided.k, line.most.k) == (2, 2)
    assert choice(found, "option").decided.k == 3


def test_one_pair_is_compared_with_nobody():
    assert find_room([pair(0)]).choices == ()
    assert find_room([]).pairs == ()


def test_no_choice_that_is_made_of_words_is_compared():
    ids = {one.choice.id for one in find_room([pair(0), pair(1)]).choices}
    assert not ids & {"counts_as_wrong", "outcome", "last_word", "left"}
    assert {"option", "threshold", "acceptable_error", "ratio", "fallback"} <= ids


# --- what talking moved ---------------------------------------------------------------


def test_distances_are_those_of_the_pairs_own_gap_board():
    record = bare()
    assert record.bets is not None
    board = find_gap_board(record.bets)
    (moved,) = find_room([pair(0, record)]).moved
    assert moved.before == {row.question: row.distance for row in board.rows}
    assert moved.after == {one.question: one.after for one in board.again}
    assert moved.first == board.first


def test_pairs_that_came_closer_are_counted_and_have_a_range_when_there_are_enough():
    # the first bets were 0.5 and 0.75
    looks = [(0.7, 0.75), (0.75, 0.75), (0.1, 0.9), (0.5, 0.75), (0.6, 0.75)]
    found = find_room([pair(n, with_looks(*one)) for n, one in enumerate(looks)])
    asked = next(t for t in found.talked if t.question == "tolerable_error")
    assert (asked.closed.k, asked.wider.k, asked.same.k) == (3, 1, 1)
    wilson = rate("x", 3, 5, rows="all")
    assert (asked.closed.lo, asked.closed.hi) == (wilson.lo, wilson.hi)


def test_few_pairs_say_nothing_about_others():
    found = find_room([pair(n, with_looks(0.7, 0.75)) for n in range(FEW)])
    assert {one.closed.lo for one in found.talked} == {None}


def test_pairs_that_never_opened_have_no_distance():
    found = find_room([pair(0, closed_bets()), pair(1, closed_bets(), error=ERROR)])
    assert (found.moved, found.talked, found.scored) == ((), (), ())


# --- bets and the pulse ---------------------------------------------------------------


def test_bets_are_held_against_the_error_of_the_pairs_own_report():
    found = find_room([pair(0, error=ERROR), pair(1)])
    (scored,) = found.scored
    assert scored.label == "A"
    assert {bet.seat: bet.verdict for bet in scored.bets} == {
        "product": "cannot_tell",  # 45 to 75, measured 71 to 87
        "engineering": "inside",  # 70 to 92
    }


@pytest.mark.parametrize("record", [bare(), closed_bets()])
def test_the_pulse_is_what_was_said(record):
    (pulse,) = find_room([pair(0, record)]).pulses
    assert (pulse.start, pulse.end) == ((2, 3), (4, 4))
