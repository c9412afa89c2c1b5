"""Distances between the two halves keep their laws, and the board its order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workshop.analysis.gap_board import (
    LEAST_SHARE,
    OTHER_CHOICE,
    QUESTIONS,
    RANGES_APART,
    choice_distance,
    find_gap_board,
    latest_looks,
    ratio_distance,
    share_distance,
)
from workshop.record.bets import BetRound, Bets, OpenedBet, SecondLook

SHARES = st.floats(0, 1)
COUNTED = st.floats(LEAST_SHARE, 1)
RATIOS = st.floats(1e-6, 1e6)
OWNERS = st.sampled_from(["product", "engineering", "both"])
FALLBACKS = st.sampled_from(["not_sure", "human", "alternatives"])


def bet(**said: Any) -> OpenedBet:
    given = {
        "tolerable_error": 0.1,
        "expected_error": 0.2,
        "ratio": 2.0,
        "fallback": "human",
        "owner": "both",
        "nonce": "00",
    }
    return OpenedBet(**(given | said))


@st.composite
def bets_of_one(draw: st.DrawFn) -> OpenedBet:
    low, likely, high = sorted(draw(st.tuples(SHARES, SHARES, SHARES)))
    return bet(
        tolerable_error=draw(SHARES),
        expected_error=likely,
        expected_low=draw(st.none() | st.just(low)),
        expected_high=draw(st.none() | st.just(high)),
        ratio=draw(RATIOS),
        fallback=draw(FALLBACKS),
        owner=draw(OWNERS),
    )


def opened(*rounds: BetRound, **bets: OpenedBet) -> Bets:
    sealed = dict.fromkeys(bets, "sha256:abcd")
    return Bets(sealed=sealed, opened=bets, rounds=rounds)


def order(bets: Bets) -> list[str]:
    return [row.question for row in find_gap_board(bets).rows]


# --- one distance --------------------------------------------------------------------


@given(SHARES, SHARES)
def test_a_distance_of_shares_lies_in_0_to_1_and_is_the_same_both_ways(one, other):
    assert 0 <= share_distance(one, other) <= 1
    assert share_distance(one, other) == share_distance(other, one)


@given(COUNTED, COUNTED)
def test_shares_are_0_apart_where_they_are_the_same_and_nowhere_else(one, other):
    assume(one == other or abs(one / other - 1) > 1e-12)
    assert (share_distance(one, other) == 0) == (one == other)


@given(RATIOS, RATIOS)
def test_ratios_keep_the_same_laws(one, other):
    assume(one == other or abs(one / other - 1) > 1e-12)
    assert 0 <= ratio_distance(one, other) <= 1
    assert ratio_distance(one, other) == ratio_distance(other, one)
    assert (ratio_distance(one, other) == 0) == (one == other)


@given(SHARES, SHARES, SHARES)
def test_a_share_further_away_is_never_nearer(one, other, third):
    low, middle, high = sorted((one, other, third))
    assert share_distance(low, middle) <= share_distance(low, high)
    assert share_distance(middle, high) <= share_distance(low, high)


@given(RATIOS, st.floats(1, 1e6))
def test_a_ratio_counts_by_how_many_times(one, times):
    assert ratio_distance(one, one * times) == pytest.approx(
        ratio_distance(1.0, times), abs=1e-9
    )


@pytest.mark.parametrize("choices", [OWNERS, FALLBACKS])
def test_choices_keep_the_same_laws(choices):
    @given(choices, choices)
    def holds(one, other):
        assert 0 <= choice_distance(one, other) <= 1
        assert choice_distance(one, other) == choice_distance(other, one)
        assert (choice_distance(one, other) == 0) == (one == other)

    holds()


def test_the_distances_that_the_page_states():
    assert share_distance(0.02, 0.2) == 1
    assert share_distance(0.01, 0.5) == 1
    assert share_distance(0.0, 0.001) == 0
    assert ratio_distance(1, 10**0.5) == pytest.approx(0.5)
    assert choice_distance("product", "engineering") == 0.5
    assert choice_distance("both", "engineering") == 0.25
    assert choice_distance("human", "not_sure") == 0.5


# --- the board -----------------------------------------------------------------------


@given(bets_of_one(), bets_of_one())
def test_swapping_the_two_halves_moves_nothing(one, other):
    here = find_gap_board(opened(product=one, engineering=other))
    there = find_gap_board(opened(product=other, engineering=one))
    assert [(r.question, r.distance, r.ranges_apart) for r in here.rows] == [
        (r.question, r.distance, r.ranges_apart) for r in there.rows
    ]
    assert here.first == there.first


@given(bets_of_one(), bets_of_one(), bets_of_one())
def test_a_third_role_is_shown_and_moves_nothing(one, other, third):
    pair = opened(product=one, engineering=other)
    more = opened(product=one, engineering=other, support=third)
    assert order(pair) == order(more)
    (row, *_) = find_gap_board(more).rows
    assert [answer.seat for answer in row.answers] == [
        "product",
        "engineering",
        "support",
    ]


@given(bets_of_one(), bets_of_one())
def test_the_furthest_apart_comes_first_and_all_five_are_there(one, other):
    board = find_gap_board(opened(product=one, engineering=other))
    distances = [row.distance for row in board.rows]
    assert distances == sorted(distances, reverse=True)
    assert [row.rank for row in board.rows] == [1, 2, 3, 4, 5]
    assert {row.question for row in board.rows} == set(QUESTIONS)


@given(bets_of_one())
def test_there_is_nothing_to_discuss_first_where_both_said_the_same(one):
    board = find_gap_board(opened(product=one, engineering=one))
    assert board.first is None
    assert [row.distance for row in board.rows] == [0] * 5


def test_ranges_that_do_not_meet_count_as_much_as_another_choice():
    low = bet(expected_error=0.2, expected_low=0.1, expected_high=0.29)
    near = bet(expected_error=0.3, expected_low=0.29, expected_high=0.4)
    apart = bet(expected_error=0.3, expected_low=0.3, expected_high=0.4)
    touching = find_gap_board(opened(product=low, engineering=near)).rows[0]
    missing = find_gap_board(opened(product=low, engineering=apart)).rows[0]
    assert not touching.ranges_apart
    assert touching.distance < RANGES_APART
    assert missing.ranges_apart
    assert missing.distance == RANGES_APART == OTHER_CHOICE


def test_a_missing_end_is_open_and_keeps_no_ranges_apart():
    product = bet(expected_error=0.1, expected_high=0.2)
    engineering = bet(expected_error=0.3)
    board = find_gap_board(opened(product=product, engineering=engineering))
    assert not any(row.ranges_apart for row in board.rows)


def test_ties_keep_the_order_of_the_questions():
    product = bet(fallback="human", owner="product")
    engineering = bet(fallback="not_sure", owner="engineering")
    found = order(opened(product=product, engineering=engineering))
    assert found[:2] == ["fallback", "owner"]
    assert found[2:] == ["tolerable_error", "expected_error", "ratio"]


def test_a_closed_bet_gives_no_board():
    with pytest.raises(ValueError, match="no bet is open"):
        find_gap_board(Bets(sealed={"product": "sha256:abcd"}))


# --- the second look -----------------------------------------------------------------


def looked(product: tuple[float, float], engineering: tuple[float, float]) -> BetRound:
    one, other = (
        SecondLook(tolerable_error=share, ratio=ratio)
        for share, ratio in (product, engineering)
    )
    return BetRound(product=one, engineering=other)


PAIR = {
    "product": bet(tolerable_error=0.2, ratio=4.0),
    "engineering": bet(tolerable_error=0.05, ratio=2.0),
}


@pytest.mark.parametrize(
    ("later", "moved"),
    [
        (((0.2, 4), (0.1, 3)), ("closed", "closed")),
        (((0.2, 4), (0.05, 2)), ("same", "same")),
        (((0.4, 8), (0.05, 2)), ("wider", "wider")),
        (((0.1, 4), (0.1, 1)), ("closed", "wider")),
        (((0.4, 8), (0.1, 4)), ("same", "same")),
    ],
)
def test_a_gap_closes_grows_or_stays(later, moved):
    board = find_gap_board(opened(looked(*later), **PAIR))
    assert tuple(asked.moved for asked in board.again) == moved
    assert board.both_looked_again
    tolerable, ratio = board.again
    assert tolerable.before == share_distance(0.2, 0.05)
    assert tolerable.after == share_distance(later[0][0], later[1][0])
    assert ratio.before == ratio_distance(4, 2)
    assert ratio.after == ratio_distance(later[0][1], later[1][1])


def test_nothing_is_compared_until_both_have_looked_again():
    alone = BetRound(product=SecondLook(tolerable_error=0.1, ratio=3))
    board = find_gap_board(opened(alone, **PAIR))
    assert [asked.moved for asked in board.again] == [None, None]
    assert not board.both_looked_again
    assert find_gap_board(opened(**PAIR)).again == ()


def test_what_each_said_last_counts():
    first = looked((0.2, 4), (0.05, 2))
    later = BetRound(product=SecondLook(tolerable_error=0.06, ratio=2))
    looks = latest_looks(opened(first, later, **PAIR))
    assert looks["product"].tolerable_error == 0.06
    assert looks["engineering"].tolerable_error == 0.05
