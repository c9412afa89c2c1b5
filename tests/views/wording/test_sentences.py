"""A sentence that takes in what somebody typed still ends once."""

from __future__ import annotations

import pytest

from workshop.record.values import Gap, Number
from workshop.views.wording import Said, capitalised, in_a_row
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


@pytest.mark.parametrize(("by", "until"), [(None, "a date still"), ("2027-03", "2027")])
def test_whoever_decides_and_when_is_said_to_be_open_where_it_is(by, until):
    given = {"about": "the name", "decides": "", "by": by}
    gap = Gap(code="not_agreed", kind="not_agreed", where="x", given=given)
    said = gap_said(gap).text
    assert f"by somebody still to be named, by {until}" in said


def test_an_action_without_a_name_has_none_made_up():
    given = {"what": "count", "who": "", "by": "2027-03"}
    gap = Gap(code="action_overdue", kind="stale", where="x", given=given)
    assert "(nobody yet)" in gap_said(gap).text


def test_only_the_first_letter_becomes_a_capital():
    assert capitalised("prüfung der Daten") == "Prüfung der Daten"
    assert capitalised("") == ""


def test_sentences_in_a_row_keep_their_own_numbers():
    number = Number(id="n", value=3.0)
    said = in_a_row(Said("First {n:whole}.", {"n": number}), "Then <this>.")
    assert said.text == "First 3. Then <this>."
    assert said.numbers == (number,)
    assert "&lt;this&gt;" in said.html
