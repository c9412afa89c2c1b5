"""The gap board says what to discuss first, and shows every bet for what it is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.helpers import HOSTILE, Page
from tests.views.pictures import marks, points_of
from workshop.analysis.bets_scored import score_rounds
from workshop.analysis.gap_board import QUESTIONS
from workshop.analysis.intervals import rate
from workshop.record.bets import (
    Bet,
    BetRound,
    Bets,
    OpenedBet,
    Pulse,
    Pulses,
    Seat,
    SecondLook,
)
from workshop.record.choices import Participants, Person, Record
from workshop.record.sealed import seal
from workshop.record.values import Number
from workshop.views.figures_board import SHAPES, Lane, Track, plot_board
from workshop.views.recaps.bets_scored import rounds_fold
from workshop.views.recaps.gap_board import board_view, seat_names
from workshop.views.recaps.gap_closed import pulse_view, second_look_view
from workshop.views.section import Figure, View

ERROR = rate("error.all", 119, 390, rows="all")
STATED = Number(id="stated.error", value=None, lo=0.2, hi=0.5, assumed=True)
NAME = "a1b2"
BET: dict[str, Any] = {
    "tolerable_error": 0.1,
    "expected_error": 0.2,
    "ratio": 2.0,
    "fallback": "human",
    "owner": "both",
}


def record(
    product: dict[str, Any],
    engineering: dict[str, Any],
    *rounds: BetRound,
    pulse: Pulses | None = None,
    people: tuple[str, str] = ("Dana", "Ilir"),
    **third: dict[str, Any],
) -> Record:
    said = {"product": product, "engineering": engineering, **third}
    opened: dict[Seat, OpenedBet] = {
        seat: OpenedBet(**(BET | more), nonce="00") for seat, more in said.items()
    }
    sealed = {
        seat: seal(Bet(**(BET | said[seat])), record=NAME, seat=seat, nonce="00")
        for seat in opened
    }
    one, other = ((Person(name=name),) for name in people)
    return Record(
        scenario="privacy-assistant",
        participants=Participants(product=one, engineering=other),
        bets=Bets(record=NAME, sealed=sealed, opened=opened, rounds=rounds),
        pulse=pulse,
    )


def html(record: Record, error: Number | None = ERROR, **how: Any) -> str:
    return board_view(record, error, **how).html


def text(shown: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown))


def figure(view: View) -> Figure:
    return next(block for block in view.blocks if isinstance(block, Figure))


GAPS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "tolerable_error": (
        {"tolerable_error": 0.15},
        {"tolerable_error": 0.03},
        "what would you each give up to have fewer",
    ),
    "expected_error": (
        {"expected_error": 0.1},
        {"expected_error": 0.4},
        "Which case or figure has each of you seen",
    ),
    "ratio": ({"ratio": 8}, {"ratio": 1}, "Take one miss and one false alarm"),
    "fallback": ({}, {"fallback": "not_sure"}, "It is Friday evening"),
    "owner": ({"owner": "product"}, {"owner": "engineering"}, "on a Sunday"),
}


# --- what to discuss first -----------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_gap_has_its_own_question_for_both_sides(question):
    product, engineering, asks = GAPS[question]
    shown = text(html(record(product, engineering)))
    assert "Discuss first: " in shown
    assert asks in shown
    lead = shown[: shown.index(asks)]
    assert "Dana" in lead
    assert "Ilir" in lead


def test_where_all_agree_the_page_says_so_and_asks_something_else():
    shown = text(html(record({}, {})))
    assert "Discuss first" not in shown
    assert "You said the same on all five questions" in shown


def test_no_question_blames_anybody():
    for product, engineering, _ in GAPS.values():
        shown = text(html(record(product, engineering))).lower()
        for word in ("wrongly", "should have", "fault", "blame", "mistake", "failed"):
            assert word not in shown


def test_the_distance_is_stated_and_no_longer_than_it_has_to_be():
    plain = text(html(record({}, {"ratio": 4})))
    assert "1 is ten times as much or more" in plain
    assert "1 of 1,000" not in plain
    assert "Whoever else was asked" not in plain
    more = text(html(record({"tolerable_error": 0}, {}, support={})))
    assert "counts as 1 of 1,000" in more
    assert "Whoever else was asked" in more


def test_ranges_that_do_not_meet_are_told():
    product = {"expected_low": 0.1, "expected_high": 0.25}
    engineering = {"expected_error": 0.4, "expected_low": 0.3, "expected_high": 0.5}
    shown = text(html(record(product, engineering)))
    assert "does not meet at all" in shown
    assert "Discuss first: how many you expect to be wrong" in shown


def test_before_the_opening_nothing_is_shown():
    closed = Record(
        scenario="x", bets=Bets(sealed={"product": "sha256:abcd"}), pulse=None
    )
    view = board_view(closed, ERROR)
    assert "not opened yet" in view.html
    assert view.numbers == ()
    assert board_view(Record(scenario="x"), ERROR).html == view.html


# --- the picture and its table -------------------------------------------------------


def test_the_picture_says_in_its_table_all_that_it_shows():
    later = BetRound(
        product=SecondLook(tolerable_error=0.25, ratio=1),
        engineering=SecondLook(tolerable_error=0.2, ratio=0.5),
    )
    product = {"expected_low": 0.1, "expected_high": 0.35}
    given = record(product, {"ratio": 0.3}, later, legal={"owner": "product"})
    shown = figure(board_view(given, ERROR))
    assert shown.twin is not None
    table = text(shown.twin.html)
    for cell in (
        "20 (10 to 35)",
        "10, after talking 25",
        "0.3, after talking 0.5",
        "31 (26 to 35)",
        "a person takes over",
        "Legal",
    ):
        assert cell in table
    assert shown.twin.rows[0][0].text == "False alarms that one miss is worth"
    assert "after talking" in shown.alt.text


@pytest.mark.parametrize(
    ("error", "beside", "says"),
    [
        (ERROR, "measured", "31 (26 to 35)"),
        (STATED, "stated", "20 to 50 (assumed)"),
        (None, "measured", "how far apart you areQuestionDanaIlirApart, 0 to 1False"),
    ],
)
def test_what_was_measured_or_stated_stands_beside_the_bets(error, beside, says):
    shown = board_view(record({}, {"ratio": 4}), error, beside=beside)
    assert says in text(figure(shown).twin.html)


def test_every_number_has_an_id_of_its_own():
    later = BetRound(
        product=SecondLook(tolerable_error=0.25, ratio=1),
        engineering=SecondLook(tolerable_error=0.2, ratio=0.5),
    )
    pulse = Pulses(start=Pulse(product=2), end=Pulse(product=4, engineering=3))
    view = board_view(record({}, {"ratio": 0.3}, later, pulse=pulse), ERROR)
    ids = [number.id for number in view.numbers]
    assert len(ids) == len(set(ids))
    assert {"bets.product.ratio", "bets.product.second.ratio", "error.all"} <= set(ids)
    assert {"board.ratio.apart", "pulse.end.engineering"} <= set(ids)
    assert all(n.assumed for n in view.numbers if n.id != "error.all")


def test_the_picture_fits_a_small_screen_and_asks_for_nothing():
    svg = figure(board_view(record({}, {"ratio": 0.3}, support={}), ERROR)).svg
    (tag, given), *_ = Page(svg).elements
    assert tag == "svg"
    assert given["class"] == "cg-narrow"
    assert not {"width", "height"} & set(given)
    assert not re.search(r"https?:|<script|<image|<metadata|xmlns", svg)
    assert svg == figure(board_view(record({}, {"ratio": 0.3}, support={}), ERROR)).svg


def test_the_two_halves_differ_by_shape():
    assert len(set(SHAPES.values())) == len(SHAPES)


@pytest.mark.parametrize(
    "extreme",
    [
        {"tolerable_error": 0.0, "expected_error": 0.0, "ratio": 1e-9},
        {"tolerable_error": 1.0, "expected_error": 1.0, "ratio": 1e9},
    ],
)
def test_extreme_bets_can_be_drawn(extreme):
    assert "svg" in html(record(extreme, {}))
    assert "svg" in html(record(extreme, extreme))


def widest(svg: str) -> float:
    """How long the bar between the halves is, the longest ground on the picture."""
    found = []
    for tag, look in marks(svg):
        if tag == "path" and look["fill"] != "none" and "stroke" not in look:
            across = [x for x, _ in points_of(look["d"])]
            found.append(max(across) - min(across))
    return max(found)


def test_a_longer_distance_is_a_longer_bar():
    def bar(ratio: float) -> float:
        lanes = (Lane("product", "a", "", ratio), Lane("engineering", "b", "", 1.0))
        return widest(plot_board([Track("", "", "ratio", lanes)]))

    half, whole = bar(10**0.5), bar(10.0)
    assert whole == pytest.approx(2 * half, rel=3e-3)


def test_somebody_far_off_leaves_the_two_halves_where_they_can_be_seen():
    def wide(*third: Lane) -> float:
        halves = (Lane("product", "a", "", 1.0), Lane("engineering", "b", "", 3.0))
        return widest(plot_board([Track("", "", "ratio", (*halves, *third))]))

    assert wide(Lane("legal", "c", "", 1e9)) > wide() / 3


# --- people's own words --------------------------------------------------------------


def test_what_each_thought_of_the_other_stands_as_a_quote():
    given = record({"guess": "Ilir will say five."}, {"guess": ""})
    shown = text(html(given))
    assert "Dana thought: “Ilir will say five.”" in shown
    assert "Ilir thought" not in shown


def test_hostile_words_are_words():
    given = record({"guess": HOSTILE}, {"ratio": 9}, people=(HOSTILE, "Ilir"))
    shown = html(given)
    assert not {"script", "img"} & {tag for tag, _ in Page(shown).elements}


def test_a_bet_that_was_changed_after_sealing_is_named():
    good = record({}, {"ratio": 4})
    assert "cg-warn" not in html(good)
    assert good.bets is not None
    changed = good.bets.opened["engineering"].model_copy(update={"ratio": 2.5})
    opened = {**good.bets.opened, "engineering": changed}
    bets = good.bets.model_copy(update={"opened": opened})
    shown = html(good.model_copy(update={"bets": bets}))
    assert shown.count("cg-warn") == 1
    warned = text(shown[shown.index("cg-warn") :][:400])
    assert "Ilir" in warned
    assert "Dana" not in warned.split(".")[0]


def test_a_seat_without_a_name_is_called_by_its_role():
    nobody = Record(scenario="x")
    assert seat_names(nobody)["product"] == "Product"
    assert seat_names(nobody)["legal"] == "Legal"


# --- after talking -------------------------------------------------------------------


PAIR = ({"tolerable_error": 0.2, "ratio": 4}, {"tolerable_error": 0.05, "ratio": 2})


def looked(*each: tuple[float, float]) -> BetRound:
    looks = [SecondLook(tolerable_error=share, ratio=ratio) for share, ratio in each]
    return BetRound(**dict(zip(("product", "engineering"), looks, strict=False)))


@pytest.mark.parametrize(
    ("each", "says"),
    [
        (
            [(0.15, 4), (0.1, 2)],
            "the gap closed from 0.6 to 0.18: Dana went from 20 to 15, "
            "Ilir went from 5 to 10",
        ),
        ([(0.1, 4), (0.1, 2)], "closed from 0.6 to nothing; you now both say 10"),
        ([(0.4, 4), (0.05, 2)], "grew from 0.6 to 0.9"),
        ([(0.2, 4), (0.05, 2)], "stayed at 0.6: Dana stayed at 20, Ilir stayed at 5"),
        ([(0.2, 4)], "Dana has looked again; the other half has not yet"),
    ],
)
def test_one_sentence_says_how_the_gap_closed_or_did_not(each, says):
    given = record(*PAIR, looked(*each))
    assert says in text(html(given))
    assert says in text(second_look_view(given).html)


def test_what_one_says_again_is_not_shown_before_the_other_did():
    shown = html(record(*PAIR, looked((0.17, 4))))
    assert "second." not in shown
    assert "17" not in text(shown)


def test_after_both_looked_again_the_page_looks_back():
    shown = text(html(record(*PAIR, looked((0.1, 4), (0.1, 2)))))
    assert "Discuss first" not in shown
    assert "Furthest apart when the bets were opened: how many wrong ones" in shown


def test_the_pulse_stands_beside_the_closed_gap():
    pulse = Pulses(start=Pulse(product=2, engineering=3), end=Pulse(product=4))
    shown = text(html(record(*PAIR, looked((0.1, 4), (0.1, 2)), pulse=pulse)))
    after = shown[shown.index("What talking changed") :]
    assert "Dana: 2 of 5 at the start, 4 of 5 at the end." in after
    assert "Ilir: 3 of 5 at the start." in after
    assert "What talking changed" not in text(html(record(*PAIR)))


def test_what_nobody_said_is_said_to_be_missing():
    names = {"product": "Dana", "engineering": "Ilir"}
    assert "Nobody was asked" in pulse_view(None, names).html
    assert "Nobody has looked" in second_look_view(record({}, {})).html
    assert "Once the bets are open" in second_look_view(Record(scenario="x")).html


def test_a_gap_that_never_was_is_said_to_be_agreement():
    same = record({}, {}, looked((0.1, 2), (0.1, 2)))
    assert "you were agreed before and after; you both say 10" in text(html(same))


# --- bets scored ---------------------------------------------------------------------


RANGE = {"expected_error": 0.3, "expected_low": 0.2, "expected_high": 0.4}


def test_scores_wait_for_five_retrospectives_and_stay_in_a_drawer():
    given = record(RANGE, RANGE)
    opened, names = given.bets.opened, seat_names(given)
    errors = [rate(f"later.{i}", 30 + i, 100, rows="live") for i in range(5)]
    assert score_rounds("product", opened["product"], errors[:4]) is None
    assert rounds_fold((), names) == ()
    rounds = [score_rounds(seat, opened[seat], errors) for seat in opened]
    many = View(rounds_fold(rounds, names))
    assert "<details>" in many.html
    assert "Brier" in many.html.split("<details>")[1]
    assert "5 of 5" in text(many.html)
