"""What somebody types is read in the signs of the page's language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.views.panels.reading import (
    UnreadError,
    read_date,
    read_number,
    read_share,
    write_number,
    write_share,
)
from workshop.views.wording import speaking

NUMBERS = st.floats(-1e12, 1e12).map(lambda value: round(value, 6))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.200", 1200),
        ("1.200,5", 1200.5),
        ("1200,5", 1200.5),
        ("0,5", 0.5),
        ("0.5", 0.5),
        ("0.125", 0.125),
        ("2.50", 2.5),
        ("1 200", 1200),
        ("€ 2,50", 2.5),
        ("-3", -3),
    ],
)
def test_a_german_number_is_read_as_it_is_meant(typed, number):
    with speaking("de"):
        assert read_number(typed).value == number


def test_point_and_comma_mean_what_they_mean_in_the_pages_language():
    assert read_number("1.200").value == 1.2
    assert read_number("1,200").value == 1200
    assert read_number("0,125").value == 0.125
    with speaking("de"):
        assert read_number("1,200").value == 1.2
        assert read_number("1.200").understood is None
        assert read_number("1,20").understood.text == "Verstanden als 1,2."


def test_a_share_may_be_typed_as_a_count_in_words():
    with speaking("de"):
        assert read_share("3 von 10").value == 0.3
        assert read_share("20 Prozent").value == 0.2
        assert read_share("2,5 %").value == 0.025
        with pytest.raises(UnreadError, match="Form „3 von 10“"):
            read_share("einige")
    assert read_share("3 of 10").value == 0.3


def test_a_month_has_the_languages_name():
    with speaking("de"):
        assert read_date("15. März 2027").value == "2027-03-15"
        assert read_date("Okt 2027").value == "2027-10"
        assert read_date("15. März 2027").understood.text == (
            "Verstanden als 15 März 2027."
        )


@pytest.mark.parametrize("name", ["de", "de-CH", "en-IN", "en"])
@given(number=NUMBERS)
def test_a_saved_number_reads_back_as_itself(name, number):
    with speaking(name):
        assert read_number(write_number(number)).value == number


@pytest.mark.parametrize("name", ["de", "en-IN"])
@given(share=st.integers(0, 10**6).map(lambda millionth: millionth / 10**6))
def test_a_saved_share_reads_back_as_itself(name, share):
    with speaking(name):
        assert read_share(write_share(share)).value == share
