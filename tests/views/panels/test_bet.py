"""A range is typed as one answer, the way people write three numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.record.bets import Bet
from workshop.views.panels.bet import read_range
from workshop.views.panels.reading import UnreadError

TYPED = {
    "tolerable_error": "17",
    "expected": "31 43 59",
    "ratio": "7.25",
    "fallback": "alternatives",
    "owner": "both",
    "guess": "she will say fewer",
}


def test_a_bet_reaches_the_one_who_seals_it(make, notes):
    panel = make("bet")
    panel.fill(TYPED)
    panel.buttons["save"].click()
    ((bet,),) = notes.of("save")
    assert bet == Bet(
        tolerable_error=0.17,
        expected_error=0.43,
        ratio=7.25,
        fallback="alternatives",
        owner="both",
        expected_low=0.31,
        expected_high=0.59,
        guess="she will say fewer",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "10 20 30",
        "  10   20  30 ",
        "10 - 20 - 30",
        "10-20-30",
        "10–20–30",
        "10, 20, 30",
        "10,20,30",
        "10; 20; 30",
        "10 / 20 / 30",
        "10 to 20 to 30",
        "10 % 20 % 30 %",
        "10%, 20%, 30%",
        "10.0 20,0 30",
    ],
)
def test_three_numbers_are_understood_however_they_are_written(typed):
    read = read_range(typed)
    assert read.value == pytest.approx((0.1, 0.2, 0.3))
    assert read.understood.text == (
        "Understood as between 10 and 30 of 100, most likely 20."
    )


def test_a_decimal_comma_is_one():
    assert read_range("1,5 2,5 10").value == pytest.approx((0.015, 0.025, 0.1))


def test_shares_below_one_of_a_hundred_are_pointed_out():
    assert "less than one of 100" in read_range("0.1 0.2 0.3").understood.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("20", "three numbers"),
        ("20 %", "three numbers"),
        ("10 30", "three numbers"),
        ("10 20 30 40", "three numbers"),
        (",", "three numbers"),
        ("30 20 10", "start with the lowest"),
        ("10 40 30", "start with the lowest"),
        ("10 20 x", "one number"),
        ("10 20 130", "between 0 and 100"),
    ],
)
def test_what_is_no_range_gets_a_sentence(typed, told):
    with pytest.raises(UnreadError, match=told):
        read_range(typed)


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3).map(sorted))
def test_any_three_numbers_in_order_are_a_range(three):
    assert read_range(" ".join(map(str, three))).value == pytest.approx(
        [n / 100 for n in three]
    )


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_answered(typed):
    try:
        low, likely, high = read_range(typed).value
    except UnreadError:
        return  # with a sentence; anything else fails here
    assert 0 <= low <= likely <= high <= 1


def test_a_lone_number_is_answered_beside_its_question(make, notes):
    panel = make("bet")
    panel.fill(TYPED | {"expected": "43"})
    panel.buttons["save"].click()
    assert notes.of("save") == []
    assert "three numbers" in panel.rows["expected"].note.value
