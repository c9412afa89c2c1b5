"""What scenario.yaml may offer, and what it says in one sentence where it may not."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.analysis.options.small import (
    ALL,
    BAND,
    FEW,
    ONE,
    PAYOFF,
    PEOPLE,
    SHOWN,
    STATED,
    TWO,
    scenario,
)
from workshop.data.candidates import Candidate, StatedOption
from workshop.data.catalog import find_target
from workshop.data.scenario import offered

RATES = STATED["stated"]


def ids(*options, **given):
    return [option.id for option in offered(scenario(options, **given))]


# what is offered --------------------------------------------------------------------


def test_every_run_is_offered_where_nothing_is_listed():
    assert ids() == ["one", "two", "person_only", "do_nothing"]


def test_people_alone_and_doing_nothing_are_always_among_them():
    assert ids(ONE) == ["one", "person_only", "do_nothing"]
    assert ids(ONE, PEOPLE) == ["one", "people", "do_nothing"]
    idle = {"id": "idle", "title": "Nobody is written to"}
    assert ids(ONE, PEOPLE, idle) == ["one", "people", "idle"]


def test_acting_on_everyone_and_stated_rates_stand_for_neither():
    assert ids(ONE, ALL, STATED)[-2:] == ["person_only", "do_nothing"]


def test_people_alone_are_offered_where_their_work_has_a_price():
    free = {"payoff": PAYOFF | {"review": 0}, "today": {"title": "nobody"}}
    assert "person_only" not in ids(ONE, **free)
    assert "person_only" in ids(ONE, **free | {"today": {"title": "we", "cost": 1}})


def test_an_option_leads_to_the_run_that_it_rests_on():
    found = scenario((ONE, BAND))
    assert found.run("band").id == "one"
    assert found.run("one").id == "one"


@pytest.mark.parametrize(
    "name", ["privacy-assistant", "flight-disruptions", "deposit-calls"]
)
def test_what_is_shipped_offers_each_option_once(name):
    found = [option.id for option in offered(find_target(name).scenario)]
    assert len(found) == len(set(found)) >= 6


# what is refused --------------------------------------------------------------------


def refused(*options, **given):
    with pytest.raises(ValidationError) as error:
        scenario(options, **given)
    (one,) = error.value.errors()
    return one["msg"]


def test_two_options_of_one_id_are_refused():
    assert "two options are called 'one'" in refused(ONE, ONE)


def test_a_run_that_is_not_there_is_named_with_those_that_are():
    said = refused(ONE | {"id": "new", "run": "three"})
    assert "rests on the run 'three', which is not there" in said
    assert "['one', 'two']" in said


def test_a_run_and_stated_rates_exclude_each_other():
    assert "keep one of them" in refused(STATED | {"run": "one"})


@pytest.mark.parametrize("name", ["error_among_answered", "coverage"])
def test_stated_rates_go_from_low_to_high_within_a_share(name):
    assert f"{name} goes from low to high, not [0.9, 0.2]" in refused(
        STATED | {"stated": RATES | {name: [0.9, 0.2]}}
    )
    with pytest.raises(ValidationError):
        StatedOption.model_validate(RATES | {name: [0.5, 1.2]})


@pytest.mark.parametrize(
    "more", [{"policy": "review_band"}, {"only": {"shop": "a"}}, {"max_error": 0.2}]
)
def test_without_a_run_nothing_is_banded_filtered_or_promised(more):
    assert "name the run: that it rests on" in refused(PEOPLE | more)


def test_the_best_few_need_a_number_a_run_a_ranking_and_a_worth():
    few = {"id": "few", "title": "Few"}
    alternatives = few | {"fallback": "alternatives"}
    assert "go together" in refused(alternatives | {"run": "one"})
    assert "go together" in refused(few | {"run": "one", "shows": 3})
    assert "of no run" in refused(alternatives | {"shows": 3})
    unranked = [{"id": n, "title": n, "file": "runs.csv"} for n in ("one", "two")]
    assert "has no ranking:" in refused(SHOWN, runs=unranked)
    said = refused(SHOWN, payoff=PAYOFF)
    assert "nobody says what that is worth; add choice_right: to payoff:" in said
    said = refused(SHOWN, payoff=PAYOFF | {"choice_right": 1})
    assert "add choice_wrong: to payoff:" in said


def test_a_worth_may_be_assumed_instead():
    worth = {name: {"likely": value} for name, value in FEW.items()}
    assert "shown" in ids(SHOWN, payoff=PAYOFF, assumed=worth)


def test_a_review_band_has_no_other_fallback():
    assert "asks a person already" in refused(BAND | {"fallback": "human"})
    few = {"fallback": "alternatives", "shows": 3}
    assert "asks a person already" in refused(BAND | few)


@pytest.mark.parametrize("name", ["do_nothing", "person_only", "trivial_none"])
def test_no_option_takes_the_name_of_what_is_always_compared(name):
    assert "rename it" in refused(ONE, TWO | {"id": name})


def test_an_own_way_of_doing_nothing_may_have_its_name():
    assert ids(ONE, {"id": "do_nothing", "title": "Silence"}).count("do_nothing") == 1


def test_a_filter_has_an_id_of_its_own():
    assert "give it an id of its own" in refused(ONE | {"only": {"shop": "a"}})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"payoff": PAYOFF | {"unit": "EURO"}}, "did you mean 'EUR'?"),
        ({"assumed": {"per_weak": {"likely": 3}}}, "did you mean 'per_week'?"),
        ({"assumed": {"fp": {"low": 2, "likely": 1}}}, "from low over likely to high"),
        ({"assumed": {"seen": {"likely": 1.2}}}, "lies between 0 and 1"),
        ({"assumed": {"minutes_fp": {"likely": -1}}}, "cannot be below 0"),
    ],
)
def test_what_is_assumed_has_a_known_name_and_a_sensible_range(given, said):
    assert said in refused(ONE, **given)


def test_an_option_is_frozen():
    with pytest.raises(ValidationError):
        Candidate(id="a", title="A").id = "b"  # type: ignore[misc]
