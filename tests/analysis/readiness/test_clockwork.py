"""A column that only repeats the calendar is told from one that moved."""

import numpy as np
import pandas as pd
import pytest

from workshop.analysis.readiness.clockwork import is_clockwork
from workshop.analysis.readiness.encoded import encode
from workshop.analysis.readiness.sheet import Field

TIMES = pd.Series(pd.date_range("2024-01-01", periods=6000, freq="h", unit="s"))
WHEN = TIMES.to_numpy().astype("M8[s]").astype(np.int64).astype(float)


def clockwork(values, kind: str = "number") -> bool:
    return is_clockwork(
        encode(Field("c", "c", kind, "feature"), pd.Series(values)), WHEN
    )


@pytest.mark.parametrize(
    "values",
    [
        TIMES.dt.month,
        TIMES.dt.day,
        TIMES.dt.quarter,
        TIMES.dt.isocalendar().week,
        TIMES.dt.day_of_year,
    ],
    ids=["month", "day", "quarter", "week", "day of the year"],
)
def test_a_part_of_the_calendar_is_clockwork(values):
    assert clockwork(values)


def test_a_date_as_text_and_a_month_s_name_are_clockwork():
    assert clockwork(TIMES.dt.date.astype(str), "text")
    assert clockwork(TIMES.dt.strftime("%b"), "text")


def test_what_grows_with_time_or_was_switched_once_is_not():
    rng = np.random.default_rng(1)
    assert not clockwork(rng.normal(size=6000) + np.arange(6000) / 1000)
    assert not clockwork(np.arange(6000) > 3000, "boolean")
    assert not clockwork(rng.integers(0, 12, 6000))


def test_a_constant_and_an_empty_column_are_not():
    assert not clockwork(np.ones(6000))
    assert not clockwork(np.full(6000, np.nan))
