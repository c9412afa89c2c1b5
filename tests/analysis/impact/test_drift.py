"""The same option in other weeks, and how much change its model floor bears."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.analysis.impact.builders import BAND, assumed, option, places, ranged
from workshop.analysis.impact.drift import at_share, degraded, what_if
from workshop.analysis.impact.estimate import estimate
from workshop.analysis.intervals import rate
from workshop.analysis.options.places import PLACES
from workshop.analysis.policies import Cells
from workshop.analysis.prevalence import at_prevalence
from workshop.record.choices import Floor

QUEUE = {"reviewer_hours": 40, "minutes_review": 2, "fp": ranged(-6, -2.5, -1)}
ERROR = rate("error", 10, 60, rows="report")
counts = st.lists(st.integers(0, 50), min_size=10, max_size=10).filter(any)


def drift(one=None, acceptable=0.2, floor=None, **stated):
    one = one or option(**BAND)
    found = assumed(**(QUEUE | stated))
    base = estimate(one, found, seed=1)
    return what_if(
        one, found, base=base, error=ERROR, acceptable=acceptable, floor=floor
    )


def scene(found, kind):
    return next(each for each in found.scenes if each.kind == kind)


def of(found, kind, name):
    return scene(found, kind).numbers[name].value


def test_places_of_the_two_labels_take_turns():
    """What reads the ten shares as five pairs rests on this."""
    for positive, negative in zip(PLACES[::2], PLACES[1::2], strict=True):
        pair = {positive, negative}
        known = pair in ({"tp", "fp"}, {"fn", "tn"})
        assert known or negative == positive.replace("positive", "negative")


def test_as_it_is_carries_the_ranges_and_no_other_scene_does():
    found = drift()
    own = scene(found, "as_it_is").numbers
    assert own["money"].lo < own["money"].value < own["money"].hi
    assert own["error_among_answered"].k == 10
    assert own["error_among_answered"].id == "whatif.as_it_is.error_among_answered"
    for other in found.scenes[1:]:
        assert all(number.lo is None for number in other.numbers.values())
        assert all(number.assumed for number in other.numbers.values())


# --- prevalence ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["prevalence_halved", "prevalence_doubled"])
def test_another_prevalence_is_that_of_the_page_before(kind):
    cells = {"tp": 30, "fp": 20, "fn": 10, "tn": 90, "asked_positive": 5}
    cells["asked_negative"] = 15
    found = drift(option(**cells))
    stated = of(found, kind, "prevalence")
    known = at_prevalence(Cells(**cells), stated, rows="report")
    told = of(found, kind, "error_among_answered")
    assert told == pytest.approx(known.error_among_answered.value)
    assert stated == pytest.approx(45 / 170 * (2 if kind.endswith("doubled") else 0.5))


@pytest.mark.parametrize(
    ("prevalence", "expected"), [(0.5, 0.9), (0.1, 0.5), (0.01, 0.0833)]
)
def test_nine_in_ten_caught_and_one_in_ten_alarmed(prevalence, expected):
    """The base-rate line of `reference/statistics.md`."""
    there = at_share(places(tp=45, fn=5, fp=5, tn=45), prevalence)
    assert there[0] / (there[0] + there[1]) == pytest.approx(expected, abs=5e-5)


def test_what_is_common_already_is_not_doubled():
    kinds = [scene.kind for scene in drift().scenes]
    assert "prevalence_doubled" not in kinds
    assert "prevalence_halved" in kinds
    rare = drift(option(tp=20, fp=10, fn=10, tn=60))
    assert of(rare, "prevalence_doubled", "prevalence") == pytest.approx(0.6)


@given(counts, st.floats(0.01, 0.99))
def test_at_another_prevalence_either_label_is_acted_on_as_before(rows, prevalence):
    one = places(**dict(zip(PLACES, rows, strict=True)))
    assume(0 < one[::2].sum() < 1)
    there = at_share(one, prevalence)
    assert there[::2].sum() == pytest.approx(prevalence)
    assert there.sum() == pytest.approx(1)
    for start in (0, 1):
        own, other = one[start::2], there[start::2]
        assert other / other.sum() == pytest.approx(own / own.sum())


# --- a worse score -------------------------------------------------------------------


def test_a_score_that_says_nothing_is_wrong_as_often_as_the_base_rate():
    one = places(**BAND)
    found = degraded(one, 1.0)
    assert found[1] / (found[0] + found[1]) == pytest.approx(1 - one[::2].sum())
    assert degraded(one, 0.0) == pytest.approx(one)


def test_a_degraded_score_is_what_shuffling_that_share_of_rows_makes_it():
    rng = np.random.default_rng(3)
    one = places(**BAND)
    codes = rng.choice(10, 400_000, p=one)
    lost = rng.random(len(codes)) < 0.25
    # a row keeps its label; where the score says nothing, another row's place is drawn
    action, label = codes // 2, codes % 2
    action[lost] = rng.permutation(action[lost])
    played = np.bincount(action * 2 + label, minlength=10) / len(codes)
    assert degraded(one, 0.25) == pytest.approx(played, abs=0.002)


@given(counts, st.floats(0, 1))
def test_a_worse_score_acts_asks_and_shows_as_much_and_no_label_is_lost(rows, d):
    one = places(**dict(zip(PLACES, rows, strict=True)))
    found = degraded(one, d)
    assert found.min() >= 0
    assert found[::2].sum() == pytest.approx(one[::2].sum())
    for part in (slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 10)):
        assert found[part].sum() == pytest.approx(one[part].sum())


def test_a_list_stays_as_good_for_either_label():
    one = places(tp=40, right_positive=6, right_negative=3, wrong_negative=9)
    found = degraded(one, 0.5)
    shown = found[7] + found[9]
    assert found[7] / shown == pytest.approx(0.25)
    assert found[8] == 0


# --- volume --------------------------------------------------------------------------


def test_more_volume_fills_the_queue_until_it_overflows():
    found = drift()
    own, half, double = (
        scene(found, kind).queue
        for kind in ("as_it_is", "volume_half_more", "volume_doubled")
    )
    assert own.load == pytest.approx(800 / 1200)
    assert half.overflows
    assert double.overflow_per_week == pytest.approx(400)
    assert of(found, "volume_doubled", "people_wrong") == pytest.approx(800)
    assert of(found, "volume_doubled", "waiting_hours") is None
    assert of(found, "volume_doubled", "error_among_answered") == pytest.approx(1 / 6)


def test_without_the_reviewers_hours_there_is_no_queue_to_tell_of():
    found = drift(reviewer_hours=None)
    assert all(each.queue is None for each in found.scenes)
    assert "waiting_hours" not in found.scenes[0].numbers


# --- floors --------------------------------------------------------------------------


def test_the_model_floor_breaks_where_it_is_said_to():
    found = drift(acceptable=0.2)
    one = places(**BAND)
    worse = degraded(one, found.degradation.value)
    assert worse[1] / (worse[0] + worse[1]) == pytest.approx(0.2)
    rarer = at_share(one, one[::2].sum() * found.prevalence_factor.value)
    assert rarer[1] / (rarer[0] + rarer[1]) == pytest.approx(0.2)
    assert found.prevalence_factor.value < 1


def test_a_floor_that_is_broken_already_needs_no_change():
    found = drift(acceptable=0.1)
    assert found.degradation.value == 0
    assert found.prevalence_factor.value > 1
    assert not found.scenes[0].model_holds


def test_a_floor_above_the_base_rate_never_breaks_by_a_worse_score():
    found = drift(acceptable=0.9)
    assert found.degradation.value is None
    assert all(each.model_holds for each in found.scenes if "rare" not in each.kind)


def test_no_floor_or_nothing_acted_on_is_neither_held_nor_broken():
    found = drift(acceptable=None)
    assert found.degradation.value is None
    assert all(each.model_holds is None for each in found.scenes)
    idle = drift(option(fn=70, tn=30))
    assert idle.scenes[0].model_holds is None
    assert idle.prevalence_factor.value is None
    assert all(each.business_holds is None for each in idle.scenes)


def test_the_business_floor_is_held_in_every_scene():
    found = drift(floor=Floor(measure="hours", metric="waiting_hours", at_most=24))
    holds = {each.kind: each.business_holds for each in found.scenes}
    assert holds["as_it_is"]
    assert not holds["volume_doubled"]
