"""A rate becomes people, with its range, and says what was assumed on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.impact.people import at_least_one_miss, people_affected
from workshop.analysis.intervals import rate
from workshop.errors import InputError
from workshop.record.values import Number

THREE_OF_TEN = rate("error_rate", 117, 390, rows="all", deff=2.4)
shares = st.integers(1, 500).flatmap(
    lambda n: st.builds(
        rate, st.just("x"), st.integers(0, n), st.just(n), rows=st.just("all")
    )
)


def test_a_week_scales_the_rate_and_both_ends():
    found = people_affected(THREE_OF_TEN, 4000)
    assert found.value == pytest.approx(1200)
    assert found.lo == pytest.approx(4000 * THREE_OF_TEN.lo)
    assert found.hi == pytest.approx(4000 * THREE_OF_TEN.hi)
    assert (found.id, found.unit) == ("error_rate_per_week", "per week")
    assert (found.k, found.n, found.method) == (117, 390, THREE_OF_TEN.method)


def test_a_stated_volume_is_an_assumption_and_a_measured_one_is_not():
    assert people_affected(THREE_OF_TEN, 4000).assumed
    assert not people_affected(THREE_OF_TEN, 4000, measured=True).assumed


def test_three_questions_at_three_of_ten_meet_a_miss_two_times_in_three():
    found = at_least_one_miss(THREE_OF_TEN, 3)
    assert found.value == pytest.approx(1 - 0.7**3)
    assert found.assumed
    assert found.id == "error_rate_in_3_asks"


@given(shares, st.integers(1, 50))
def test_more_questions_never_meet_fewer_misses_and_the_ends_stay_in_order(
    number, asks
):
    found, more = at_least_one_miss(number, asks), at_least_one_miss(number, asks + 1)
    assert 0 <= found.lo <= found.value <= found.hi <= 1
    assert more.value >= found.value
    one = at_least_one_miss(number, 1)
    assert (one.lo, one.value, one.hi) == pytest.approx(
        (number.lo, number.value, number.hi)
    )


def test_what_cannot_be_told_stays_untold():
    nothing = rate("precision", 0, 0, rows="all")
    assert people_affected(nothing, 100).value is None
    assert at_least_one_miss(nothing, 3).value is None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: people_affected(THREE_OF_TEN, 0), "must be positive"),
        (lambda: people_affected(THREE_OF_TEN, float("inf")), "must be positive"),
        (lambda: at_least_one_miss(THREE_OF_TEN, 0), "at least once"),
        (lambda: at_least_one_miss(Number(id="t", value=3, unit="ms"), 3), "in ms"),
    ],
)
def test_questions_that_make_no_sense_are_refused(call, says):
    with pytest.raises(InputError, match=says):
        call()
