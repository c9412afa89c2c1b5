"""One assumption at a time, widest first, and the rows beside them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.impact.builders import BAND, assumed, option, places, ranged
from workshop.analysis.impact.tornado import tornado
from workshop.analysis.impact.week import Shares, week
from workshop.errors import InputError

ONE = option(**BAND)
RANGES = {
    "per_week": ranged(3000, 4000, 5000),
    "fp": ranged(-6, -2.5, -1),
    "fn": ranged(-0.5, -0.4, -0.3),
}


def names(found):
    return [swing.name for swing in found.swings]


def test_each_end_is_the_outcome_there_with_all_others_as_likely():
    stated = assumed(**RANGES)
    found = tornado(ONE, stated)
    assert found.centre.value == week(ONE.observed, stated.likely).money
    wrong = next(swing for swing in found.swings if swing.name == "fp")
    assert (wrong.low_end.value, wrong.high_end.value) == (-6, -1)
    assert wrong.low_end.unit == "EUR"
    # four hundred wrong answers a week
    assert wrong.at_low.value == pytest.approx(found.centre.value - 400 * 3.5)
    assert wrong.at_high.value == pytest.approx(found.centre.value + 400 * 1.5)
    assert wrong.width == pytest.approx(400 * 5)


def test_the_widest_comes_first_and_the_rows_have_a_bar():
    found = tornado(ONE, assumed(**RANGES))
    widths = [swing.width for swing in found.swings]
    assert widths == sorted(widths, reverse=True)
    assert set(names(found)) == {"per_week", "fp", "fn", "rows"}
    rows = next(swing for swing in found.swings if swing.name == "rows")
    assert rows.at_low.value < found.centre.value < rows.at_high.value


def test_the_rows_alone_swing_as_they_were_drawn():
    stated = assumed(**RANGES)
    rows = next(s for s in tornado(ONE, stated).swings if s.name == "rows")
    money = week(ONE.drawn, stated.likely).money
    assert np.mean(money < rows.at_low.value) == pytest.approx(0.025, abs=0.002)
    assert np.mean(money > rows.at_high.value) == pytest.approx(0.025, abs=0.002)


def test_what_is_one_figure_or_does_not_touch_the_outcome_has_no_bar():
    found = tornado(ONE, assumed(**RANGES), outcome="people_wrong")
    assert set(names(found)) == {"per_week", "rows"}
    fixed = Shares("a", places(tp=1, fp=1), np.tile(places(tp=1, fp=1), (20, 1)))
    assert tornado(fixed, assumed()).swings == ()


def test_against_another_option_what_moves_both_alike_does_not_matter():
    other = replace(ONE, option="b", running=0.1)
    found = tornado(ONE, assumed(**RANGES), against=other)
    assert found.centre.value == pytest.approx(400)
    assert names(found) == ["per_week"]
    assert found.centre.id == "tornado.a.money.over.b.centre"


def test_a_queue_that_overflows_at_one_end_swings_widest():
    stated = assumed(
        reviewer_hours=40, minutes_review=2, per_week=ranged(1000, 4000, 9000)
    )
    found = tornado(ONE, stated, outcome="waiting_hours")
    first = next(s for s in found.swings if s.name == "per_week")
    assert first.at_high.value is None
    assert first.width == math.inf
    assert found.swings[0].width == math.inf


def test_ids_differ_on_one_page():
    found = tornado(ONE, assumed(**RANGES))
    ids = [found.centre.id]
    for swing in found.swings:
        parts = (swing.low_end, swing.high_end, swing.at_low, swing.at_high)
        ids += [number.id for number in parts]
    assert len(set(ids)) == len(ids)


def test_an_outcome_that_is_unknown_or_cannot_be_told_is_refused():
    with pytest.raises(InputError, match="no outcome is called 'happiness'"):
        tornado(ONE, assumed(), outcome="happiness")
    with pytest.raises(InputError, match="told; state minutes_today, minutes_tp"):
        tornado(ONE, assumed(), outcome="hours_saved")
