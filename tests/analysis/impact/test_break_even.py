"""Where another option would pay more: exact, one assumption at a time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.impact.builders import BAND, assumed, option, ranged
from workshop.analysis.impact.break_even import LINEAR, break_evens
from workshop.analysis.impact.week import week
from workshop.analysis.options.places import PLACES
from workshop.errors import InputError

MODEL = option("model", tp=60, fp=20, fn=10, tn=10)
NOBODY = option("nobody", seed=2, fn=70, tn=30)
money = st.floats(-20, 20)
counts = st.lists(st.integers(0, 50), min_size=10, max_size=10).filter(any)


def by_name(*given_, seed=1):
    return {found.name: found for found in break_evens(*given_, seed=seed)}


def test_it_pays_as_long_as_a_wrong_answer_costs_less_than_by_hand():
    """60·(0.9 + 0.4) of those acted on rightly are lost by 20 that cost 3.90 each."""
    found = by_name(MODEL, NOBODY, assumed(fp=ranged(-6, -2.5, -1)))["fp"]
    assert found.value.value == pytest.approx(-3.9)
    assert found.pays == "above"
    assert (found.value.unit, found.value.id) == ("EUR", "break_even.model.nobody.fp")
    assert found.inside
    assert found.value.lo < -3.9 < found.value.hi
    assert (found.likely, found.low, found.high) == (-2.5, -6, -1)


@given(counts, counts, money, money, money, st.floats(0, 1), st.floats(0, 1))
def test_at_the_break_even_both_bring_the_same(one, other, tp, fp, fn, right, clear):
    pair = [
        option(name, draws=3, **dict(zip(PLACES, rows, strict=True)))
        for name, rows in (("a", one), ("b", other))
    ]
    stated = assumed(
        tp=tp,
        fp=fp,
        fn=fn,
        choice_right=1,
        choice_wrong=-1,
        reviewer_sensitivity=right,
        reviewer_specificity=clear,
        events_per_1000_wrong=2,
        cost_per_event=100,
    )
    for found in break_evens(*pair, stated, seed=1):
        if found.value.value is None:
            assert found.pays in ("always", "never")
            continue
        values = stated.likely | {found.name: found.value.value}
        first, second = (week(each.observed, values).money for each in pair)
        size = max(4000, abs(first), abs(second), 4000 * abs(found.value.value))
        assert abs(first - second) < 1e-6 * size
        step = 1 if found.pays == "above" else -1
        values[found.name] += step * max(1, abs(found.value.value))
        first, second = (week(each.observed, values).money for each in pair)
        assert first > second


def test_what_no_figure_can_turn_pays_always_or_never():
    stated = assumed(cost_per_event=100, events_per_1000_wrong=1)
    safe = option("safe", tp=70, fn=10, tn=20)
    found = by_name(safe, MODEL, stated)["cost_per_event"]
    # a dearer event only speaks against the one that is wrong more often
    assert (found.pays, found.value.value, found.inside) == ("always", None, False)
    assert by_name(MODEL, safe, stated)["cost_per_event"].pays == "never"
    assert found.without.value > 0.9


def test_a_share_is_never_broken_even_beyond_one():
    stated = assumed(reviewer_sensitivity=0.8, reviewer_specificity=0.8, review=-50)
    found = by_name(option("band", **BAND), NOBODY, stated)["reviewer_sensitivity"]
    assert (found.pays, found.value.value) == ("never", None)


def test_what_neither_option_touches_is_not_told():
    names = by_name(MODEL, NOBODY, assumed(choice_right=1, choice_wrong=0))
    assert {"choice_right", "choice_wrong", "review"}.isdisjoint(names)
    assert list(names) == [name for name in LINEAR if name in names]


def test_an_option_does_not_break_even_with_its_double():
    twin = replace(MODEL, option="twin")
    assert break_evens(MODEL, twin, assumed(), seed=1) == ()
    dearer = replace(MODEL, option="twin", running=0.1)
    found = break_evens(MODEL, dearer, assumed(), seed=1)
    assert {(one.pays, one.value.value) for one in found} == {("always", None)}


def test_draws_that_never_break_even_are_told_and_kept_out_of_the_range():
    close = option("close", seed=5, tp=62, fp=22, fn=8, tn=8)
    found = by_name(MODEL, close, assumed())["fp"]
    assert 0 < found.without.value < 1
    assert np.isfinite(found.value.lo)


def test_its_own_range_does_not_move_it():
    narrow, wide = (
        by_name(MODEL, NOBODY, assumed(fp=ranged(low, -2.5, -1), tn=ranged(-1, 0, 1)))
        for low in (-3, -6)
    )
    assert narrow["fp"].value.value == wide["fp"].value.value
    assert narrow["fp"].value.lo == pytest.approx(wide["fp"].value.lo)
    assert not narrow["fp"].inside
    assert wide["fp"].inside


def test_lists_without_a_worth_or_unpaired_draws_are_refused():
    few = option("few", right_positive=5, wrong_negative=5)
    with pytest.raises(InputError, match="state choice_right, choice_wrong first"):
        break_evens(few, MODEL, assumed(), seed=1)
    with pytest.raises(InputError, match="draw both alike"):
        break_evens(MODEL, option("b", draws=10, tp=1), assumed(), seed=1)
