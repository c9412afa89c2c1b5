"""What somebody types is read in the signs of the page's language."""

from __future__ import annotations

from datetime import date

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


@pytest.mark.parametrize(
    ("typed", "written", "said"),
    [
        ("15. März 2027", "2027-03-15", "15.03.2027"),
        ("15.03.2027", "2027-03-15", "15.03.2027"),
        ("5.3.2027", "2027-03-05", "05.03.2027"),
        ("5. 3. 2027", "2027-03-05", "05.03.2027"),
        ("2027-03-15", "2027-03-15", "15.03.2027"),
        ("2027.03.15", "2027-03-15", "15.03.2027"),
        ("März 2027", "2027-03", "März 2027"),
        ("03.2027", "2027-03", "März 2027"),
    ],
)
def test_a_day_is_read_and_said_back_in_the_order_of_the_language(typed, written, said):
    with speaking("de"):
        read = read_date(typed)
        assert read.value == written
        assert read.understood.text == f"Verstanden als {said}."
        assert read_date(said).value == written


def test_a_day_comes_first_only_where_the_language_writes_it_so():
    for name in ("en", "en-US"):
        with speaking(name), pytest.raises(UnreadError):
            read_date("15.03.2027")
    with speaking("de"):
        with pytest.raises(UnreadError, match="gibt es im Kalender nicht"):
            read_date("03.15.2027")
        for typed in ("15.03.27", "15/03/2027", "15.03-2027"):
            with pytest.raises(UnreadError):
                read_date(typed)
    with speaking("en-IN"):
        assert read_date("15/03/2027").value == "2027-03-15"
    assert read_date("15 March 2027").understood.text == "Understood as 15 March 2027."
    assert read_date("2027-03").understood.text == "Understood as March 2027."


@given(day=st.dates(date(1000, 1, 1)))
def test_a_day_that_is_said_back_in_german_reads_as_itself(day):
    with speaking("de"):
        said = read_date(day.isoformat()).understood.text
        shown = said.removeprefix("Verstanden als ").removesuffix(".")
        assert read_date(shown).value == day.isoformat()


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
