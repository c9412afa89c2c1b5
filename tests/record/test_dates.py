"""A month lasts until its last day."""

from __future__ import annotations

from datetime import date

import pytest

from workshop.record.dates import is_past, last_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03", date(2027, 3, 31)),
        ("2028-02", date(2028, 2, 29)),
        ("2027-03-05", date(2027, 3, 5)),
        ("2027-02-31", date(2027, 2, 28)),
        ("2027-02-00", date(2027, 2, 1)),
        ("2027-13", None),
        ("0000-01", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_the_last_day_of_what_was_written(text: str | None, day: date | None) -> None:
    assert last_day(text) == day


def test_the_last_day_itself_is_not_past() -> None:
    assert not is_past("2027-03", date(2027, 3, 31))
    assert is_past("2027-03", date(2027, 4, 1))
    assert not is_past("one day", date(2027, 4, 1))
