"""Options of a run share its rows; taking one changes what is in play and no more."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.analysis.options.small import (
    ASKED,
    BAND,
    EVERY,
    FILTER,
    ONE,
    PEOPLE,
    TWO,
    evidence,
)
from workshop.analysis.standing import chosen_cells
from workshop.data.source import data_digest
from workshop.errors import InputError
from workshop.record.values import Policy


def test_the_digest_is_that_of_the_runs_alone():
    bare, full = evidence(()), evidence(EVERY)
    assert full.digest == bare.digest == data_digest(tuple(full.runs.values()))
    for option in EVERY:
        assert full.with_option(option["id"]).digest == bare.digest


def test_an_option_of_a_run_has_the_very_curve_of_the_run():
    found = evidence(EVERY)
    own = found.curve("choose", "one")
    for option in ("band", "asked", "shown"):
        taken = found.with_option(option)
        assert taken.curve("choose") is own
        assert taken.curve("report") is found.curve("report")
    assert found.with_option("filter").curve("choose") is not own
    assert found.with_option("two").curve("choose") is not own


def test_what_hangs_on_rows_alone_is_computed_once_for_all_records():
    found = evidence(EVERY)
    rows = found.rows
    assert found.with_option("band").rows is rows
    assert found.with_option("filter").scored is found.scored


@pytest.mark.parametrize("option", ["people", "everyone", "vendor", "do_nothing"])
def test_taking_what_has_no_model_leaves_step_03_with_the_proposed_run(option):
    bare, taken = (
        evidence(EVERY, act_at=0.3, said=said) for said in ({}, {"option": option})
    )
    assert taken.chosen_option == option
    assert taken.option == "one"
    assert chosen_cells(taken) == chosen_cells(bare)
    assert taken.cheapest() == bare.cheapest()
    assert taken.error == bare.error


def test_an_option_that_is_not_there_is_not_taken():
    found = evidence(EVERY, said={"option": "gone"})
    assert (found.chosen_option, found.option) == (None, "one")
    assert "gone" not in found.known_options
    assert {"one", "two", "band", "people", "do_nothing"} <= set(found.known_options)


def test_a_run_that_is_not_offered_stands_for_itself():
    found = evidence((PEOPLE,), said={"option": "two"})
    assert found.option == "two"
    assert found.candidate("two").run == "two"


def test_what_nobody_scored_has_no_row_to_say_so_of():
    with pytest.raises(InputError, match="no run is called 'gone'"):
        evidence(EVERY).candidate("gone")


# a filter ---------------------------------------------------------------------------


def test_a_filter_leaves_labels_and_order_alone_and_lowers_scores():
    found = evidence((ONE, FILTER))
    rows, run = found.scored["filter"], found.runs["one"]
    kept = found.kept(found.candidate("filter"))
    assert rows.keys is run.keys
    assert rows.labels is run.labels
    assert np.array_equal(rows.scores[kept], run.scores[kept])
    assert rows.scores[~kept].max() < run.scores.min()
    assert found.kept(found.candidate("one")) is None
    assert not rows.scores.flags.writeable
    assert not kept.flags.writeable


def test_several_values_and_columns_narrow_a_filter():
    either = FILTER | {"only": {"shop": ["a", "b"]}}
    found = evidence((ONE, FILTER, either | {"id": "either"}))
    one, both = (found.kept(found.candidate(n)) for n in ("filter", "either"))
    assert (both & one == one).all()
    assert both.sum() > one.sum()
    narrow = FILTER | {"only": {"shop": "a", "id": str(found.runs["one"].keys[0])}}
    found = evidence((ONE, narrow))
    assert found.kept(found.candidate("filter")).sum() == 1


def test_a_filter_bounds_every_line_and_no_other_option_does():
    found = evidence((ONE, FILTER))
    least = found.runs["one"].scores[found.kept(found.candidate("filter"))].min()
    everyone = Policy(kind="all")
    bounded = found.bounded(everyone, "filter")
    assert bounded == Policy(kind="single", act_at=float(least))
    assert found.bounded(Policy(kind="none"), "filter").kind == "none"
    for policy in (everyone, Policy(kind="single", act_at=-99)):
        assert found.bounded(policy, "one") is policy


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ({"shop": "z"}, r"'filter' has no row: none has {'shop': 'z'}; correct its"),
        (
            {"shp": "a"},
            r"the table has no column 'shp' to look at; there are: id, shop",
        ),
        ({"shop": True}, r"'filter' has no row"),
    ],
)
def test_a_filter_that_nothing_fits_says_so_in_one_sentence(only, said):
    with pytest.raises(InputError, match=said) as refused:
        evidence((ONE, FILTER | {"only": only})).rows  # noqa: B018
    assert "\n" not in str(refused.value)


# what is assumed --------------------------------------------------------------------


def test_the_pairs_assumptions_stand_over_the_scenarios():
    scenarios = {
        "fp": {"low": -4, "likely": -3, "high": -1},
        "per_week": {"likely": 70},
    }
    found = evidence((ONE, TWO), assumed=scenarios)
    assert (found.payoff.fp, found.payoff.tp, found.per_week) == (-3, 1, 70)
    pairs = {"fp": {"likely": -5}, "reviewer_sensitivity": {"likely": 0.5}}
    said = {"impact": {"assumed": pairs, "per_week": 80}}
    found = evidence((ONE, TWO), assumed=scenarios, said=said)
    assert (found.payoff.fp, found.reviewer.sensitivity, found.per_week) == (
        -5,
        0.5,
        80,
    )


def test_an_option_is_as_unsure_as_its_run():
    found = evidence((ONE, BAND, ASKED))
    halves = np.repeat(np.arange(80), 2).astype(str)
    runs = {n: dataclasses.replace(r, clusters=halves) for n, r in found.runs.items()}
    found = dataclasses.replace(found, runs=runs)
    assert found.design_effect("band") == found.design_effect("one")
    assert found.with_option("asked").deff == found.deff >= 1


def test_rows_kept_aside_of_one_label_are_named_and_choose_all_the_same():
    found = evidence()
    own = found.runs["one"]
    labels = own.labels & found.choosing("one")
    runs = found.runs | {"one": dataclasses.replace(own, labels=labels)}
    again = evidence(runs=runs)
    assert again.curve("choose").positives == labels.sum()
    said = r"scenario.yaml, split: the \d+ rows kept aside have one label"
    with pytest.raises(InputError, match=said):
        again.curve("report")
