"""A sentence that takes in what somebody typed still ends once."""

from __future__ import annotations

import pytest

from workshop.record.values import Number
from workshop.views.wording import Said


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
