"""How long a person's answer takes, held to the formula and to a played queue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.impact.queue import queue, waiting_hours, weekly_capacity
from workshop.errors import InputError


def test_the_wait_is_one_over_service_less_arrivals_by_the_clock():
    """M/M/1, worked by hand: 30 an hour are served, in 4 hours of 168."""
    found = queue(60, 2, 4)
    served, arriving = 30 * 4 / 168, 60 / 168
    assert found.capacity == 120
    assert found.load == 0.5
    assert found.waiting_hours == pytest.approx(1 / (served - arriving))
    assert found.overflow_per_week == 0
    assert not found.overflows


def test_a_queue_that_is_played_waits_as_long():
    """Two hundred thousand questions, first come first served, seeded."""
    rng = np.random.default_rng(7)
    asked, minutes, hours, n = 90.0, 2.0, 4.0, 200_000
    arrivals = np.cumsum(rng.exponential(168 / asked, n))
    # a reviewer with 4 of 168 hours takes 42 times as long by the clock
    work = np.cumsum(rng.exponential(minutes / 60 * 168 / hours, n))
    before = np.concatenate([[0.0], work[:-1]])
    done = work + np.maximum.accumulate(arrivals - before)
    assert np.mean(done - arrivals) == pytest.approx(
        queue(asked, minutes, hours).waiting_hours, rel=0.05
    )


def test_a_queue_that_gets_more_than_it_can_do_says_so_and_has_no_wait():
    found = queue(150, 2, 4)
    assert found.overflows
    assert found.waiting_hours is None
    assert found.overflow_per_week == 30
    assert queue(120, 2, 4).overflows  # just as much as fits never catches up


def test_without_any_hours_everything_overflows_and_nothing_is_divided():
    found = queue(150, 2, 0)
    assert (found.capacity, found.load, found.waiting_hours) == (0, None, None)
    assert found.overflow_per_week == 150


def test_nobody_waits_where_nobody_is_asked():
    for found in (queue(0, 2, 4), queue(0, 2, 0)):
        assert found.waiting_hours == 0
        assert found.overflow_per_week == 0


def test_a_review_that_takes_no_time_makes_nobody_wait():
    assert queue(100, 0, 4).waiting_hours == 0


@given(st.floats(0, 500), st.floats(0.1, 60), st.floats(0, 100), st.floats(1, 3))
def test_more_questions_never_wait_less(asked, minutes, hours, factor):
    fit = weekly_capacity(minutes, hours)
    assert waiting_hours(asked * factor, fit) >= waiting_hours(asked, fit)


def test_draws_of_hours_are_each_draw_alone():
    hours, minutes = np.array([0.0, 2.0, 4.0]), np.array([2.0, 2.0, 3.0])
    found = waiting_hours(np.array([10.0, 70.0, 70.0]), weekly_capacity(minutes, hours))
    assert found.tolist() == [np.inf, np.inf, pytest.approx(168 / 10)]


def test_a_negative_or_unknown_time_is_refused():
    for given_ in ((-1, 2, 4), (1, -2, 4), (1, 2, float("nan"))):
        with pytest.raises(InputError, match="at least 0"):
            queue(*given_)
