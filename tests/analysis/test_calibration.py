"""Perfect scores pass, others are off by what they are, and few rows cannot tell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from workshop.analysis.calibration import assess_calibration
from workshop.errors import InputError


def test_four_bins_worked_by_hand():
    scores = np.repeat([0.1, 0.4, 0.6, 0.9], 10)
    came = [[1] * k + [0] * (10 - k) for k in (1, 2, 6, 8)]
    found = assess_calibration(np.array(came, dtype=bool).ravel(), scores, bins=4)
    assert [b.came.k for b in found.bins] == [1, 2, 6, 8]
    # the second promises 0.4 where 0.2 came, the last 0.9 where 0.8 came
    assert found.error == pytest.approx((0.2 + 0.1) / 4)
    assert found.mean_score == pytest.approx(0.5)
    assert found.came.value == pytest.approx(17 / 40)


def test_the_bins_are_those_of_scikit_learn():
    rng = np.random.default_rng(4)
    scores = rng.random(1000)
    labels = rng.random(1000) < scores**2
    found = assess_calibration(labels, scores)
    came, mean = calibration_curve(labels, scores, n_bins=10, strategy="quantile")
    assert [b.came.value for b in found.bins] == pytest.approx(list(came))
    assert [b.mean for b in found.bins] == pytest.approx(list(mean))


def test_perfect_scores_show_no_more_than_chance_in_95_of_100_draws():
    rng = np.random.default_rng(8)
    more = 0
    for seed in range(120):
        scores = rng.random(400)
        labels = rng.random(400) < scores
        found = assess_calibration(labels, scores, n_boot=150, seed=seed)
        more += found.error > found.by_chance
    assert more <= 14


def test_the_interval_holds_the_true_error_of_scores_that_are_off():
    """Scores of sqrt(u) where the chance is u: mean distance 2/3 - 1/2."""
    rng = np.random.default_rng(9)
    held = 0
    for seed in range(100):
        chance = rng.random(2000)
        found = assess_calibration(
            rng.random(2000) < chance, np.sqrt(chance), n_boot=300, seed=seed
        )
        held += found.interval.lo <= 1 / 6 <= found.interval.hi
    assert held >= 90


@pytest.mark.parametrize("lift", [0.0, 0.02])
def test_the_interval_holds_the_true_error_of_scores_that_are_nearly_right(lift):
    """Where the bootstrap held it in 55 of 100: half of the scores off by ``lift``."""
    rng = np.random.default_rng(10)
    held = 0
    for seed in range(100):
        chance = rng.random(1000)
        scores = np.minimum(1, chance + lift * (chance < 0.5))
        labels = rng.random(1000) < chance
        found = assess_calibration(labels, scores, n_boot=200, seed=seed)
        held += found.interval.lo <= lift / 2 <= found.interval.hi
    assert held >= 90


def test_scores_that_tell_much_know_better_how_far_ahead_they_are():
    """The spread is that of scores less labels, not of the labels alone."""
    rng = np.random.default_rng(12)
    chance = rng.choice([0.02, 0.98], 2000)
    found = assess_calibration(rng.random(2000) < chance, chance)
    alone = (found.came.hi - found.came.lo) / 2
    assert (found.ahead.hi - found.ahead.lo) / 2 == pytest.approx(
        alone * 0.14 / 0.5, rel=0.15
    )


def test_the_fewer_the_rows_the_more_is_chance():
    rng = np.random.default_rng(1)
    scores = rng.random(4000)
    labels = rng.random(4000) < scores
    by_chance = [
        assess_calibration(labels[:n], scores[:n]).by_chance for n in (40, 400, 4000)
    ]
    assert by_chance == sorted(by_chance, reverse=True)
    wide = assess_calibration(labels, scores, deff=10).by_chance
    assert wide > by_chance[-1]


rows = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60)


@settings(max_examples=60)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_none_is_lost(pairs, order):
    again = list(pairs)
    order.shuffle(again)
    one, other = (
        assess_calibration(
            np.array([y for y, _ in some]), np.array([s for _, s in some]), n_boot=20
        )
        for some in (pairs, again)
    )
    assert sum(b.came.n for b in one.bins) == len(pairs)
    assert one.error == pytest.approx(other.error)
    assert 0 <= one.interval.lo <= one.error <= one.interval.hi <= 1
    assert one.ahead.lo <= one.mean_score - one.came.value <= one.ahead.hi


def test_one_score_for_all_makes_one_bin():
    found = assess_calibration(np.array([True, False] * 20), np.full(40, 0.5))
    assert len(found.bins) == 1
    assert found.error == 0


@pytest.mark.parametrize(
    ("labels", "scores", "says"),
    [
        ([], [], "one at least"),
        ([True], [0.1, 0.2], "as many"),
        ([True], [1.5], "0 and 1"),
    ],
)
def test_what_cannot_be_read_as_chances_is_refused(labels, scores, says):
    with pytest.raises(InputError, match=says):
        assess_calibration(np.array(labels, dtype=bool), np.array(scores))
