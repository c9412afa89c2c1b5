"""Both floors side by side: margins, chances, and which one binds."""

import numpy as np
import pytest

from tests.analysis.impact.builders import BAND, assumed, option, ranged
from workshop.analysis.impact.estimate import estimate
from workshop.analysis.impact.floors import dual_floors, side_of
from workshop.analysis.intervals import rate
from workshop.errors import InputError
from workshop.record.choices import Floor

ERROR = rate("error", 10, 60, rows="report")
ONE = option(**BAND, draws=1000)
STATED = assumed(fp=ranged(-6, -2.5, -1), reviewer_hours=40, minutes_review=2)
FOUND = estimate(ONE, STATED, seed=1)


def money(**bound):
    return Floor(measure="euros a week", metric="money", **bound)


def error_draws(shares=ONE):
    acted = shares.drawn[:, 0] + shares.drawn[:, 1]
    with np.errstate(invalid="ignore"):
        return shares.drawn[:, 1] / acted


def dual(acceptable=0.2, floor=None, error=ERROR, draws=None, found=FOUND):
    draws = error_draws() if draws is None else draws
    return dual_floors(found, draws, error, acceptable=acceptable, floor=floor)


def test_the_model_floor_has_a_margin_and_the_chance_that_it_holds():
    state = dual().model
    assert (state.metric, state.side) == ("error_among_answered", "at_most")
    assert state.bound.value == 0.2
    assert state.margin.value == pytest.approx(0.2 - 1 / 6)
    assert state.margin.lo == pytest.approx(0.2 - ERROR.hi)
    assert state.margin.hi == pytest.approx(0.2 - ERROR.lo)
    assert state.margin.k is None
    assert state.chance.value == np.mean(error_draws() <= 0.2)
    assert state.holds


def test_the_business_floor_is_held_against_its_own_measure():
    state = dual(floor=money(at_least=500)).business
    value = FOUND.numbers["money"].value
    assert state.value == FOUND.numbers["money"]
    assert state.margin.value == pytest.approx(value - 500)
    assert state.margin.unit == "EUR"
    assert state.chance.value == np.mean(FOUND.draws["money"] >= 500)
    assert state.chance.assumed


def test_both_hold_at_once_no_likelier_than_either():
    found = dual(floor=money(at_least=800))
    both = found.both.value
    assert both <= min(found.model.chance.value, found.business.chance.value)
    kept = (error_draws() <= 0.2) & (FOUND.draws["money"] >= 800)
    assert both == kept.mean()


def test_the_floor_that_is_likelier_to_break_binds():
    assert dual(0.9, money(at_least=5000)).binds == "business"
    assert dual(0.05, money(at_least=-9000)).binds == "model"


def test_of_two_that_always_hold_the_one_with_less_to_spare_binds():
    draws = np.tile([0.1, 0.12], 500)
    value = rate("error", 11, 100, rows="report")
    found = dual(0.9, money(at_least=-3000), error=value, draws=draws)
    assert found.model.chance.value == found.business.chance.value == 1
    assert found.binds == "business"


@pytest.mark.parametrize(
    "floor",
    [
        None,
        Floor(measure="complaints a month", at_most=3),
        Floor(measure="hours", metric="hours_saved", at_least=10),
        money(),
    ],
    ids=["none set", "only people can count it", "not stated", "no figure"],
)
def test_a_business_floor_that_cannot_be_held_leaves_the_model_floor_alone(floor):
    found = dual(floor=floor)
    assert found.business is None
    assert found.model is not None
    assert (found.both, found.binds) == (None, None)


def test_who_acts_on_no_one_has_no_error_to_hold():
    nothing = rate("error", 0, 0, rows="report")
    found = dual(error=nothing, draws=np.full(1000, np.nan), floor=money(at_least=0))
    assert found.model is None
    assert found.business is not None
    assert dual(acceptable=None).model is None


def test_a_draw_that_acts_on_no_one_breaks_nothing():
    draws = error_draws().copy()
    draws[:] = 1.0
    draws[:250] = np.nan
    assert dual(draws=draws).model.chance.value == 0.25


def test_a_queue_that_overflows_breaks_a_floor_on_waiting():
    full = estimate(ONE, assumed(reviewer_hours=10, minutes_review=2), seed=1)
    floor = Floor(measure="hours", metric="waiting_hours", at_most=48)
    state = dual(floor=floor, found=full).business
    assert (state.value.value, state.margin.value) == (None, None)
    assert not state.holds
    assert state.chance.value < 0.05


def test_a_floor_on_both_sides_or_unpaired_draws_are_refused():
    with pytest.raises(InputError, match="keep one of them"):
        dual(floor=money(at_least=1, at_most=2))
    with pytest.raises(InputError, match="draw both alike"):
        dual(floor=money(at_least=1), draws=error_draws()[:10])
    assert side_of(money(at_most=4)) == ("at_most", 4)
