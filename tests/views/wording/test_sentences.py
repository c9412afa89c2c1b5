"""A sentence that takes in what somebody typed still ends once."""

from __future__ import annotations

import pytest

from workshop.record.values import Gap, Number
from workshop.views.wording import Said
from workshop.views.wording.gaps import gap_said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("They lose a day.", "Harmed: They lose a day. So?"),
        ("They lose a day", "Harmed: They lose a day. So?"),
        ("Who knows?", "Harmed: Who knows? So?"),
        ("wait…", "Harmed: wait…. So?"),
    ],
)
def test_a_typed_full_stop_is_not_said_twice(typed, said):
    sentence = Said("Harmed: {text}. So?", {"text": typed})
    assert sentence.text == said
    assert sentence.html.count(". So?") == said.count(". So?")


def test_a_number_at_the_end_keeps_the_sentence_s_own_stop():
    number = Number(id="n", value=3.0)
    assert Said("{n:whole}. So?", {"n": number}).text == "3. So?"


def test_a_point_within_the_typed_words_changes_nothing():
    assert Said("{text}, so.", {"text": "e.g."}).text == "e.g., so."


@pytest.mark.parametrize(
    ("high", "says"),
    [
        (0.05, "in the bets you both called 5 tolerable"),
        (0.2, "between them the two of you called 5 to 20 tolerable"),
    ],
)
def test_a_range_of_one_figure_is_no_range(high, says):
    given = {"acceptable": 0.25, "low": 0.05, "high": high}
    code = "expectation_outside_bets"
    gap = Gap(code=code, kind="contradictory", where="framing", given=given)
    assert says in gap_said(gap).text
