"""The option in play beside doing without, what turns the choice, and both floors."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.analysis.options.small import (
    ASKED,
    BAND,
    EVERY,
    ONE,
    PEOPLE,
    STATED,
    TWO,
    compared,
)
from workshop.analysis.impact.estimate import estimate
from workshop.analysis.impact.weighed import Weighed, costs_less
from workshop.record.choices import Assumed

FLOOR = {"measure": "people served wrongly", "metric": "people_wrong", "at_most": 60}
SAID = {
    "framing": {"expectations": {"acceptable_error": 0.4}},
    "impact": {
        "business_floor": FLOOR,
        "assumed": {"fp": {"low": -4, "likely": -2, "high": -1}},
    },
}


def weighed(options=EVERY, **given) -> Weighed:
    return Weighed(compared(options, **{"act_at": 0.3, "said": SAID} | given))


@pytest.fixture(scope="module")
def found() -> Weighed:
    return weighed()


# doing without ----------------------------------------------------------------------


def test_a_week_stands_beside_everyone_no_one_and_as_many_by_lot(found):
    assert list(found.ways) == ["chosen", "all", "none", "random"]
    assert found.ways["all"].numbers["acted"].value == pytest.approx(500)
    assert found.ways["none"].numbers["acted"].value == 0


@pytest.mark.parametrize(
    "measure", ["acted", "people_wrong", "people_helped", "people_missed", "money"]
)
def test_by_lot_lies_between_everyone_and_no_one_by_the_volume(found, measure):
    chosen, everyone, nobody, lot = (
        found.ways[kind] for kind in ("chosen", "all", "none", "random")
    )
    volume = chosen.numbers["acted"].value / 500
    told = lot.numbers[measure].value
    ends = [way.numbers[measure].value for way in (everyone, nobody)]
    assert told == pytest.approx(volume * ends[0] + (1 - volume) * ends[1])
    assert min(ends) <= told <= max(ends)


def test_by_lot_acts_on_as_many_and_costs_no_model_to_run():
    found = weighed((ONE | {"cost": 0.5},))
    lot, chosen = found.ways["random"].numbers, found.ways["chosen"].numbers
    assert lot["acted"].value == pytest.approx(chosen["acted"].value)
    assert "money_running" in chosen
    for kind in ("all", "none", "random"):
        assert "money_running" not in found.ways[kind].numbers


def test_what_only_somebody_states_has_no_week_but_doing_without_has():
    found = weighed(said=SAID | {"option": "vendor"})
    assert list(found.ways) == ["all", "none"]
    assert found.break_evens == ()
    assert found.tornado is None
    assert found.drift is None


# what turns the choice --------------------------------------------------------------


def money_at(found, option, name, value):
    """An option's likely money, were one value that figure."""
    options, own = found.options, found.options.assumptions_for(found.own)
    stated = dict(own.stated) | {name: Assumed(likely=value)}
    moved = replace(own, stated=MappingProxyType(stated))
    told = estimate(options.shares(option), moved, seed=0)
    return told.numbers["money"].value


@pytest.mark.parametrize("option", [ONE, BAND, ASKED], ids=lambda o: o["id"])
def test_at_a_break_even_both_bring_the_same_money(option):
    policy = {"kind": "single", "act_at": 0.3}
    if option is BAND:
        policy = {"kind": "review_band", "act_at": 0.9, "review_at": -0.3}
    said = SAID | {"option": option["id"], "threshold": {"policy": policy}}
    found = weighed(said=said, act_at=None)
    told = [each for each in found.break_evens if each.value.value is not None]
    assert "fp" in {each.name for each in told}
    for each in told:
        value = each.value.value
        own = money_at(found, found.own, each.name, value)
        other = money_at(found, found.rival, each.name, value)
        assert own == pytest.approx(other, abs=1e-6), each.name
        beyond = money_at(found, found.own, each.name, value + 0.01)
        more = beyond - money_at(found, found.rival, each.name, value + 0.01)
        assert (more > 0) is (each.pays == "above"), each.name


def test_the_rival_is_what_surely_costs_less_and_else_doing_nothing(found):
    beside = found.options.versus
    told = {name: v.cost.value for name, v in beside.items() if costs_less(v)}
    assert found.rival == min(told, key=told.get) == "shown"
    alone = weighed((ONE, TWO, PEOPLE))
    assert not any(costs_less(v) for v in alone.options.versus.values())
    assert alone.rival == "do_nothing"


def test_people_alone_are_no_rival_and_the_first_with_a_model_is_the_last_resort():
    idle = weighed((ONE, TWO, PEOPLE), said=SAID | {"option": "do_nothing"})
    assert idle.own == "do_nothing"
    assert idle.rival in ("one", "two")


# other weeks ------------------------------------------------------------------------


def test_as_it_is_drift_says_what_the_estimate_says(found):
    (as_it_is, *_), own = found.drift.scenes, found.options.estimates[found.own]
    assert as_it_is.kind == "as_it_is"
    for name in ("people_wrong", "people_helped", "money", "hours_saved"):
        told, base = as_it_is.numbers[name], own.numbers[name]
        assert (told.value, told.lo, told.hi) == (base.value, base.lo, base.hi)
    error = as_it_is.numbers["error_among_answered"]
    assert error.value == found.options.error(found.own).value


def test_what_matters_is_told_of_the_option_in_play(found):
    assert found.tornado is not None
    likely = replace(found.options.assumptions_for(found.own))
    assert found.tornado_under(likely) == found.tornado


# floors -----------------------------------------------------------------------------


BOTH = ("model", "business")


def test_every_measured_option_has_both_floors(found):
    assert list(found.floors) == [offer.id for offer in found.options.measured]
    for option, both in found.floors.items():
        numbers = found.options.estimates[option].numbers
        assert both.business.bound.value == 60
        value = numbers["people_wrong"].value
        assert both.business.margin.value == pytest.approx(60 - value)
        error = found.options.error(option).value
        if error is None:  # acts on no one: there is no error to hold
            assert both.model is None
            continue
        assert both.model.margin.value == pytest.approx(0.4 - error)
        assert both.binds in ((None,) if both.model.chance is None else BOTH)
    assert "vendor" not in found.floors
    assert STATED["id"] == "vendor"


def test_without_a_promise_and_a_floor_nothing_is_held():
    found = weighed((ONE, TWO), said={})
    assert found.floor is None
    assert all(
        (both.model, both.business, both.both) == (None, None, None)
        for both in found.floors.values()
    )
