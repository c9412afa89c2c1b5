"""What a clause's own words mean: over which time, and of which rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.clause_words import (
    parse_slice,
    slice_mask,
    window_days,
    window_weeks,
)


@pytest.mark.parametrize(
    ("text", "days", "weeks"),
    [
        ("4 weeks", 28, 4),
        ("30 days", 30, 4),
        ("1 month", 30, 4),
        ("a month", 30, 4),
        ("one month", 30, 4),
        ("a week", 7, 1),
        ("Four Weeks", 28, 4),
        ("five weeks", 35, 5),
        ("ten days", 10, 1),
        ("a fortnight", 14, 2),
        ("fortnight", 14, 2),
        ("per month", 30, 4),
        ("  3   Months ", 90, 13),
        ("every week", 7, 1),
        ("2weeks", 14, 2),
        ("quarter", 91, 13),
        ("a year", 365, 52),
        ("1 day", 1, 1),
    ],
)
def test_a_time_is_read_as_people_write_it(text, days, weeks):
    assert (window_days(text), window_weeks(text)) == (days, weeks)


@pytest.mark.parametrize("text", ["", "soon", "4", "0 weeks", "weeks 4", "-1 weeks"])
def test_a_time_that_cannot_be_read_is_not_guessed(text):
    assert window_days(text) is window_weeks(text) is None


@given(st.text(max_size=30))
def test_whatever_is_typed_as_a_time_is_days_or_nothing(text):
    found = window_days(text)
    assert found is None or found >= 1


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("carrier=UA", ("carrier", "UA")),
        (" a b = c = d ", ("a b", "c = d")),
        ("carrier", None),
        ("=UA", None),
        ("carrier=", None),
        ("", None),
    ],
)
def test_a_slice_is_a_column_and_one_of_its_values(text, parsed):
    assert parse_slice(text) == parsed


def test_a_number_is_the_same_however_the_column_holds_it():
    found = slice_mask([7, 7.0, "7", "7.0", None, 8, float("nan"), "x"], "7")
    assert found.tolist() == [True] * 4 + [False] * 4
    assert slice_mask([], "7").tolist() == []
    assert slice_mask(np.array(["UA", "DL"]), "UA").tolist() == [True, False]


@pytest.mark.parametrize("value", ["true", "True", "TRUE"])
def test_a_truth_is_the_same_however_somebody_writes_it(value):
    """A finding names a group as "flag: true", and a clause is written from that."""
    assert slice_mask([True, "true", False, None], value).tolist() == [
        True,
        True,
        False,
        False,
    ]
