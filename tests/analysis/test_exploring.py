"""Cuts, stand-ins and their axis: faithful to the rows, whatever the scores are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.curve import threshold_curve
from workshop.analysis.exploring import (
    DOTS,
    TALLEST,
    case_line,
    cuts_to_show,
)

ANY = st.floats(allow_nan=False, allow_infinity=False, width=64)
ROWS = st.lists(st.tuples(ANY, st.booleans()), min_size=2, max_size=60).filter(
    lambda rows: len({label for _, label in rows}) == 2
)


def curve_of(rows):
    scores, labels = zip(*rows, strict=True)
    return threshold_curve(labels, scores)


@given(ROWS)
def test_the_first_cut_acts_on_everyone_and_the_last_on_no_one(rows):
    curve = curve_of(rows)
    cuts = cuts_to_show(curve, 300)
    assert list(cuts) == sorted(set(cuts))
    assert curve.at(cuts[0]).flagged == len(rows)
    assert math.isinf(cuts[-1])


@given(ROWS, ANY)
def test_a_kept_threshold_acts_on_the_same_rows_at_its_cut(rows, threshold):
    curve = curve_of(rows)
    cuts = cuts_to_show(curve, 4, keep=[threshold])
    at = next(cut for cut in cuts if cut >= threshold)
    assert curve.at(at).flagged == curve.at(threshold).flagged


@given(ROWS)
def test_of_100_stand_ins_as_many_are_positive_as_of_100_rows(rows):
    curve = curve_of(rows)
    line = case_line(curve, cuts_to_show(curve, 300))
    assert len(line.dots) == DOTS
    positives = sum(dot.positive for dot in line.dots)
    assert positives == round(DOTS * curve.positives / curve.n)


@given(ROWS)
def test_every_place_is_on_the_axis_and_cuts_stand_in_order(rows):
    curve = curve_of(rows)
    cuts = cuts_to_show(curve, 300)
    line = case_line(curve, cuts)
    assert len(line.across) == len(cuts)
    assert list(line.across) == sorted(line.across)
    places = [*line.across, *(place for place, _ in line.ticks)]
    assert all(0 <= place <= 1 for place in places)
    assert all(0 < dot.across < 1 for dot in line.dots)


@given(ROWS)
def test_a_cut_acts_on_the_stand_ins_that_score_as_much(rows):
    curve = curve_of(rows)
    cuts = cuts_to_show(curve, 300)
    line = case_line(curve, cuts)
    for index in range(len(cuts)):
        acted = sum(dot.until >= index for dot in line.dots)
        share = curve.at(cuts[index]).flagged / curve.n
        assert abs(acted / DOTS - share) < 0.03, "100 stand-ins for all rows"


def test_no_two_stand_ins_stand_on_one_spot():
    curve = threshold_curve([0, 1] * 50, np.linspace(0, 1, 100))
    line = case_line(curve, cuts_to_show(curve, 300))
    assert len({(dot.across, dot.up) for dot in line.dots}) == DOTS


def scores_of(kind: str) -> np.ndarray:
    rng = np.random.default_rng(3)
    return {
        "even": rng.random(2000),
        "small chances": rng.beta(0.4, 20, 2000).clip(1e-9, 1 - 1e-9),
        "a few giants": np.exp(rng.normal(0, 6, 2000)),
    }[kind]


@pytest.mark.parametrize(
    ("kind", "scale"),
    [("even", "score"), ("small chances", "odds"), ("a few giants", "rank")],
)
def test_the_axis_is_one_on_which_cases_can_be_told_apart(kind, scale):
    scores = scores_of(kind)
    curve = threshold_curve(np.arange(len(scores)) % 3 == 0, scores)
    line = case_line(curve, cuts_to_show(curve, 300))
    assert line.scale == scale
    assert max(dot.up for dot in line.dots) < TALLEST
    assert 2 <= len(line.ticks) <= 12


def test_constant_scores_stand_in_the_middle_in_one_pile():
    curve = threshold_curve([0, 1, 1], [7.0, 7.0, 7.0])
    cuts = cuts_to_show(curve, 300)
    line = case_line(curve, cuts)
    assert cuts == (7.0, math.inf)
    assert len({dot.across for dot in line.dots}) == 1
    assert {dot.until for dot in line.dots} == {0}


def test_round_numbers_stand_on_the_scale():
    curve = threshold_curve([0, 1] * 50, np.linspace(0, 17, 100))
    line = case_line(curve, cuts_to_show(curve, 300))
    assert [score for _, score in line.ticks] == [0, 5, 10, 15]
