"""What people type is read as they mean it, or they are told what would be."""

from __future__ import annotations

import contextlib

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


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("20", 0.2),
        ("20 %", 0.2),
        (" 20% ", 0.2),
        ("20 percent", 0.2),
        ("7", 0.07),
        ("2.5", 0.025),
        ("2,5 %", 0.025),
        ("20 of 100", 0.2),
        ("3 of 10", 0.3),
        ("3 out of 10", 0.3),
        ("3 in 10", 0.3),
        ("3/10", 0.3),
        ("1,000 of 4,000", 0.25),
        ("0", 0.0),
        ("100", 1.0),
    ],
)
def test_a_share_is_typed_in_percent_or_as_a_count(typed, share):
    assert read_share(typed).value == share


def test_a_share_says_what_was_understood():
    assert read_share("20").understood.text == "Understood as 20 of every 100."


def test_a_fraction_is_percent_too_and_the_note_offers_what_may_be_meant():
    read = read_share("0.2")
    assert read.value == 0.002
    assert "If you meant 20 of every 100, type 20." in read.understood.text


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a few",
        "20-30",
        "20 30",
        "-1",
        "101",
        "3 of 0",
        "7 of 3",
        "nan",
        "inf",
        "1e2",
    ],
)
def test_what_is_no_share_is_refused_with_a_sentence(typed):
    with pytest.raises(UnreadError) as caught:
        read_share(typed)
    assert caught.value.said.text.endswith(".")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("200", 200),
        ("1,200", 1200),
        ("1 200", 1200),
        ("1'200", 1200),
        ("1,234,567.5", 1234567.5),
        ("1,5", 1.5),
        ("1.200", 1.2),
        ("€ 2.50", 2.5),
        ("38 %", 38),
        ("-3", -3),
        ("+3", 3),
    ],
)
def test_a_number_may_have_separators_and_a_sign_of_money(typed, number):
    assert read_number(typed).value == number


def test_a_number_says_what_was_understood_only_where_it_could_be_misread():
    assert read_number("1,200").understood is None
    assert read_number("1.200").understood.text == "Understood as 1.2."


@pytest.mark.parametrize(
    "typed", ["", "two", "2 million", "200 to 300", "1e9", "inf", "1,2,3", "9" * 400]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(UnreadError):
        read_number(typed)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("2027-03", "2027-03"),
        ("2027-3", "2027-03"),
        ("2027/03/05", "2027-03-05"),
        ("03/2027", "2027-03"),
        ("March 2027", "2027-03"),
        ("mar 2027", "2027-03"),
        ("15 March 2027", "2027-03-15"),
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_a_date_is_kept_as_the_record_writes_it(typed, written):
    assert read_date(typed).value == written


@pytest.mark.parametrize(
    "typed", ["soon", "2027", "2027-13", "2027-02-30", "0000-01", "13/2027", "Foo 2027"]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(UnreadError):
        read_date(typed)


@given(st.integers(0, 10**6).map(lambda millionth: millionth / 10**6))
def test_a_saved_share_reads_back_as_itself(share):
    assert read_share(write_share(share)).value == share


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 6)))
def test_a_saved_number_reads_back_as_itself(number):
    assert read_number(write_number(number)).value == number


@given(st.text())
def test_any_text_is_read_or_refused_never_more(text):
    for read in (read_share, read_number, read_date):
        with contextlib.suppress(UnreadError):
            assert read(text).value is not None
