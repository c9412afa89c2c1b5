"""A narrower interval has a price, and paying it really gives that interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.intervals import wilson
from workshop.analysis.labels import Labelling, price_of_precision, price_of_telling
from workshop.errors import InputError

LABELLING = Labelling(minutes_per_label=3, cost_per_hour=60, labels_per_day=120)


def test_the_price_is_labels_money_and_days():
    found = price_of_precision(0.3, 390, 0.03, labelling=LABELLING)
    assert found.needed == 897  # z²·0.3·0.7/0.03² = 896.3
    assert found.more == 507
    assert found.hours == pytest.approx(25.35)
    assert found.cost == pytest.approx(1521)
    assert found.days == 5
    assert found.half_width_now == pytest.approx(wilson(117, 390).half_width)


def test_rows_that_hang_together_cost_more_and_must_come_from_more_sources():
    found = price_of_precision(
        0.3, 390, 0.05, labelling=LABELLING, deff=2.4, clusters=5
    )
    assert found.needed == 775  # 322.7 · 2.4
    assert found.more == 385
    assert found.more_sources == 5
    assert price_of_precision(0.3, 390, 0.05, labelling=LABELLING).more_sources is None


def test_a_target_already_reached_costs_nothing():
    found = price_of_precision(0.3, 390, 0.10, labelling=LABELLING, clusters=5)
    assert (found.more, found.cost, found.days, found.more_sources) == (0, 0, 0, 0)


def test_without_a_label_there_is_no_interval_now():
    found = price_of_precision(0.5, 0, 0.1, labelling=LABELLING, clusters=3)
    assert found.half_width_now is None
    assert found.more_sources is None
    assert found.more == found.needed == 97


@given(st.floats(0, 1), st.floats(0.005, 0.4), st.floats(1, 5))
def test_what_is_bought_is_as_narrow_as_promised_by_wilson(p, target, deff):
    found = price_of_precision(p, 0, target, labelling=LABELLING, deff=deff)
    bought = wilson(p * found.needed, found.needed, deff=deff)
    assert bought.half_width <= target + 1e-12


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: price_of_precision(0.3, -1, 0.1, labelling=LABELLING), "cannot be -1"),
        (lambda: price_of_precision(2, 1, 0.1, labelling=LABELLING), "a rate lies"),
        (
            lambda: price_of_precision(0.3, 1, 0.1, labelling=Labelling(0, 1, 1)),
            "both be positive",
        ),
        (
            lambda: price_of_precision(0.3, 1, 0.1, labelling=Labelling(1, -1, 1)),
            "cannot cost -1",
        ),
    ],
)
def test_prices_that_cannot_be_are_refused(call, says):
    with pytest.raises(InputError, match=says):
        call()


@given(
    p=st.floats(0.01, 0.99), limit=st.floats(0.01, 0.99), deff=st.sampled_from([1, 3])
)
def test_the_rows_that_tell_leave_the_limit_out_and_one_row_fewer_would_not(
    p, limit, deff
):
    if abs(p - limit) < 0.01:
        return
    found = price_of_telling(p, 0, limit, labelling=LABELLING, deff=deff)

    def told(n):
        ends = wilson(p * n, n, deff=deff)
        return not ends.lo <= limit <= ends.hi

    assert told(found.needed)
    assert found.needed == 1 or not told(found.needed - 1)


def test_no_rows_tell_a_rate_from_itself():
    with pytest.raises(InputError, match="from itself"):
        price_of_telling(0.3, 10, 0.3, labelling=LABELLING)
