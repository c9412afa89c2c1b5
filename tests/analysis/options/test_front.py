"""The front holds whom nobody beats everywhere, and nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.options.front import dominates, pareto_front
from workshop.errors import InputError

known = st.tuples(*[st.integers(0, 4).map(float)] * 3)
some = st.tuples(*[st.one_of(st.none(), st.integers(0, 4).map(float))] * 3)


def named(points):
    return {f"o{i}": point for i, point in enumerate(points)}


def test_whoever_is_worse_on_every_measure_is_off_the_front():
    points = {"fast": (0.3, 2.0, 5.0), "sure": (0.1, 1.0, 90.0), "poor": (0.4, 2.0, 95)}
    assert pareto_front(points) == ("fast", "sure")


def test_ties_keep_both():
    assert pareto_front({"a": (1.0, 1.0), "b": (1.0, 1.0)}) == ("a", "b")


@given(st.lists(known, min_size=1, max_size=8).map(named))
def test_nobody_on_the_front_is_beaten_and_everyone_off_it_is_beaten_from_it(points):
    front = pareto_front(points)
    assert front
    for name, point in points.items():
        beaten = any(dominates(points[other], point) for other in front)
        assert beaten == (name not in front)


@given(st.lists(some, min_size=1, max_size=8).map(named))
def test_with_unknown_values_too_whoever_is_off_the_front_is_beaten_from_it(points):
    front = pareto_front(points)
    assert front
    columns = [c for c in zip(*points.values(), strict=True) if set(c) != {None}]
    told = (
        dict(zip(points, zip(*columns, strict=True), strict=False)) if columns else {}
    )
    for name in set(points) - set(front):
        assert any(dominates(told[other], told[name]) for other in front)


def test_what_is_unknown_neither_beats_nor_is_beaten():
    points = {"a": (0.1, 1.0, None), "b": (0.2, 2.0, 9.0), "c": (0.3, 3.0, 9.0)}
    assert pareto_front(points) == ("a", "b")


def test_a_measure_that_nobody_has_says_nothing():
    assert pareto_front({"a": (0.1, 1.0, None), "b": (0.2, 2.0, None)}) == ("a",)


def test_no_option_has_no_front():
    assert pareto_front({}) == ()


def test_other_measures_and_values_that_are_none_are_refused():
    with pytest.raises(InputError, match="on the same measures"):
        pareto_front({"a": (1.0,), "b": (1.0, 2.0)})
    with pytest.raises(InputError, match="b: a measure is a number"):
        pareto_front({"a": (1.0,), "b": (float("nan"),)})
