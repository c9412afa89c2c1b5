"""How a number is written: outward, exactly where it was stated, never too sure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.record.values import Number
from workshop.views.wording.formats import show


def said(spec: str, **given: float) -> str:
    return show(Number(**({"id": "a", "value": None} | given)), spec).text


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_a_range_of_people_never_tells_less_than_it_is(one, other):
    lo, hi = sorted((one, other))
    low, high = (
        float(said(spec, lo=lo, hi=hi).replace(",", ""))
        for spec in ("lo_people", "hi_people")
    )
    assert low <= lo + 1e-5 * max(1, lo)
    assert high >= hi - 1e-5 * max(1, hi)


def test_an_end_that_is_exact_goes_no_further_out():
    assert said("hi_people", hi=1200.0) == "1,200"
    assert said("lo_people", lo=100.0) == "100"


@pytest.mark.parametrize(("value", "text"), [(0.125, "12.5"), (0.3, "30"), (0.0, "0")])
def test_what_was_stated_is_shown_as_it_was_stated(value, text):
    assert said("stated100", value=value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "over 99"), (0.0, "under 1"), (0.5, "50")]
)
def test_a_chance_is_never_certain(value, text):
    assert said("chance", value=value) == text
