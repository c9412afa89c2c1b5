"""Every row has one place, by what the option does with it and by its label."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.curve import threshold_curve
from workshop.analysis.metrics import Context, Reviewer, expected_cost
from workshop.analysis.options.places import (
    PLACE,
    PLACES,
    place_costs,
    place_rows,
)
from workshop.analysis.policies import count_cells
from workshop.errors import InputError
from workshop.record.values import PayoffMatrix, Policy

KEYS = np.array(["a", "b", "c", "d", "e", "f"])
LABELS = np.array([True, False, True, False, True, False])
SCORES = np.array([0.9, 0.8, 0.5, 0.4, 0.1, -3.0])
HIT = np.array([True, True, True, False, False, True])
SINGLE = Policy(kind="single", act_at=0.8)
BAND = Policy(kind="review_band", act_at=0.8, review_at=0.4)


def put(policy, fallback="not_sure", hit=None):
    placed = place_rows("o", KEYS, LABELS, SCORES, policy, fallback=fallback, hit=hit)
    return [PLACES[code] for code in placed.codes]


def test_a_row_at_the_line_is_acted_on_and_one_below_is_left_alone():
    assert put(SINGLE) == ["tp", "fp", "fn", "tn", "fn", "tn"]


def test_a_band_asks_a_person_from_its_lower_line_up_to_its_upper_one():
    asked = ["asked_positive", "asked_negative"]
    assert put(BAND) == ["tp", "fp", *asked, "fn", "tn"]


def test_a_person_decides_all_that_is_not_acted_on_if_that_is_the_fallback():
    asked = ["asked_positive", "asked_negative"]
    assert put(SINGLE, "human") == ["tp", "fp", *asked, *asked]
    assert put(Policy(kind="none"), "human") == asked * 3


def test_the_best_few_are_right_where_a_right_one_is_among_them():
    shown = ["right_positive", "wrong_negative", "wrong_positive", "right_negative"]
    assert put(SINGLE, "alternatives", HIT) == ["tp", "fp", *shown]


def test_acting_on_everyone_leaves_nothing_to_the_fallback():
    assert put(Policy(kind="all"), "human") == ["tp", "fp"] * 3


def test_doing_nothing_leaves_every_row_alone():
    assert put(Policy(kind="none")) == ["fn", "tn"] * 3


@pytest.mark.parametrize("kind", ["random", "today"])
def test_a_policy_that_names_no_rows_is_refused(kind):
    with pytest.raises(InputError, match=f"of kind {kind} does not say which rows"):
        put(Policy(kind=kind, volume=0.5))


def test_the_best_few_need_a_ranking():
    with pytest.raises(InputError, match="nobody ranked them"):
        put(SINGLE, "alternatives")
    with pytest.raises(InputError, match="6 rows, but 2 of them were ranked"):
        put(SINGLE, "alternatives", HIT[:2])


def test_each_row_needs_a_key_a_label_and_a_score():
    with pytest.raises(InputError, match="6 keys, 5 labels and 6 scores"):
        place_rows("o", KEYS, LABELS[:5], SCORES, SINGLE, fallback="not_sure")


def test_what_is_placed_cannot_be_changed_and_the_given_keys_still_can():
    keys = KEYS.copy()
    placed = place_rows("o", keys, LABELS, SCORES, SINGLE, fallback="not_sure")
    assert not placed.keys.flags.writeable
    assert not placed.codes.flags.writeable
    assert keys.flags.writeable
    assert placed.codes.dtype == np.int8


scored = st.lists(st.tuples(st.booleans(), st.floats(-5, 5)), min_size=1, max_size=40)


@given(scored, st.floats(-5, 5), st.floats(0, 3))
def test_the_places_are_those_that_the_curve_counts(rows, act_at, below):
    rows = [*rows, (True, 0.0), (False, 0.0)]  # a curve needs both labels
    labels, scores = (np.array(part) for part in zip(*rows, strict=True))
    curve = threshold_curve(labels, scores)
    for policy in (
        Policy(kind="single", act_at=act_at),
        Policy(kind="review_band", act_at=act_at, review_at=act_at - below),
        Policy(kind="all"),
        Policy(kind="none"),
    ):
        keys = np.arange(len(rows)).astype(str)
        placed = place_rows("o", keys, labels, scores, policy, fallback="not_sure")
        assert placed.cells == count_cells(policy, curve)


def test_the_six_places_cost_what_the_policy_costs():
    context = Context(ratio=4.0, review_cost=0.3, reviewer=Reviewer(0.9, 0.8))
    placed = place_rows("o", KEYS, LABELS, SCORES, BAND, fallback="not_sure")
    costs = place_costs(context, PayoffMatrix(tp=1, fp=-1))
    total = np.nan_to_num(costs) @ placed.counts / len(KEYS)
    assert total == pytest.approx(expected_cost(placed.cells, context))


def test_showing_the_best_few_costs_what_it_is_worth_less_than_a_right_decision():
    payoff = PayoffMatrix(tp=3, fp=-2, fn=-1, tn=0, choice_right=1.0, choice_wrong=-0.5)
    costs = place_costs(Context(ratio=2.0), payoff)
    assert costs[PLACE["right_positive"]] == pytest.approx((3 - 1) / 2)
    assert costs[PLACE["wrong_positive"]] == pytest.approx((3 + 0.5) / 2)
    assert costs[PLACE["wrong_negative"]] == pytest.approx(0.5 / 2)
    # A right answer where the first one was wrong is better than silence: a gain.
    assert costs[PLACE["right_negative"]] == pytest.approx(-1 / 2)


def test_what_nobody_priced_has_no_cost():
    costs = place_costs(Context(ratio=2.0), PayoffMatrix(tp=1, fp=-1))
    assert np.isnan(costs[6:]).all()
    assert np.isfinite(costs[:6]).all()
    free = PayoffMatrix(tp=1, choice_right=1.0, choice_wrong=0.0)
    assert np.isnan(place_costs(Context(ratio=2.0), free)[6:]).all()


def test_a_cost_needs_a_ratio():
    with pytest.raises(InputError, match="needs the ratio"):
        place_costs(Context(), PayoffMatrix())
