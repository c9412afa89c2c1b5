"""After how many weeks is a rise noticed, were it to come?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.monitor import watch
from workshop.analysis.noticed import beyond, notice
from workshop.errors import InputError
from workshop.record.values import Count


def test_the_answer_is_that_of_the_monitor_itself():
    """Played week by week with `watch`, from the first week of a window."""
    rng = np.random.default_rng(5)
    firsts = []
    for _ in range(60):
        counts = [Count(k=int(k), n=40) for k in rng.binomial(40, 0.4, 52)]
        firsts.append(watch(counts, 0.2, "at_most").first_alarm)
    told = notice(0.2, "at_most", 40, risen=0.4, weeks_per_window=4)
    assert told.median == pytest.approx(np.median(firsts), abs=1)
    assert told.within == 1


def test_half_of_all_cases_come_before_nine_in_ten():
    told = notice(0.2, "at_most", 40)
    assert told.risen == 0.3
    assert 5 <= told.median <= 15
    assert told.median < told.most <= 52


def test_more_labels_notice_sooner_and_too_few_not_within_the_agreement():
    medians = [notice(0.2, "at_most", n).median for n in (40, 80, 400)]
    assert medians == sorted(medians, reverse=True)
    few = notice(0.2, "at_most", 5)
    assert (few.median, few.most) == (None, None)
    assert few.within < 0.5


def test_labels_that_fall_outside_the_slice_tell_nothing_of_it():
    of_slice = notice(0.2, "at_most", 400, share=0.1)
    assert of_slice == notice(0.2, "at_most", 40)
    assert of_slice.labels == 40


def test_a_fall_below_a_floor_is_the_mirror_of_a_rise():
    fall, rise = notice(0.8, "at_least", 40), notice(0.2, "at_most", 40)
    assert (fall.promised, fall.risen) == (0.8, 0.7)
    assert (fall.median, fall.most) == (rise.median, rise.most)


def test_rows_that_hang_together_are_noticed_later():
    assert notice(0.3, "at_most", 90, deff=3).median > notice(0.3, "at_most", 90).median


def test_labels_that_say_as_much_as_30_are_noticed_like_30():
    together, alone = notice(0.3, "at_most", 90, deff=3), notice(0.3, "at_most", 30)
    assert together.labels == 90
    parts = ("median", "most", "within")
    assert [getattr(together, p) for p in parts] == [getattr(alone, p) for p in parts]


def test_a_longer_window_notices_a_small_rise_sooner():
    short, long = (
        notice(0.3, "at_most", 20, risen=0.4, weeks_per_window=w) for w in (2, 26)
    )
    assert long.within > short.within


def test_less_than_one_label_a_week_is_made_up_for_over_the_weeks():
    told = notice(0.1, "at_most", 0.5, risen=1.0, weeks_per_window=26)
    assert told.median is not None
    assert told.median > 2


@given(st.floats(0.01, 0.99), st.sampled_from(["at_most", "at_least"]))
@settings(max_examples=50, deadline=None)
def test_what_is_worth_noticing_lies_beyond_the_bound(bound, side):
    risen = beyond(bound, side)
    assert 0 <= risen <= 1
    assert risen > bound if side == "at_most" else risen < bound


def test_the_same_question_has_the_same_answer():
    assert notice(0.2, "at_most", 33) == notice(0.2, "at_most", 33)


@pytest.mark.parametrize(
    ("bound", "labels", "rest"),
    [
        (1.5, 40, {}),
        (0.2, 0, {}),
        (0.2, float("nan"), {}),
        (0.2, 40, {"risen": -1}),
        (0.2, 40, {"deff": 0.5}),
    ],
)
def test_what_cannot_be_is_refused(bound, labels, rest):
    with pytest.raises(InputError):
        notice(bound, "at_most", labels, **rest)
