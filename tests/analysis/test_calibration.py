"""Perfect scores pass, others are off by what they are, and few rows cannot tell."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from tests.analysis.readiness.builders import plain
from workshop.analysis.calibration import (
    MOST_BY_CHANCE,
    OFF_SCALE,
    assess_calibration,
    read_as_probabilities,
)
from workshop.analysis.readiness.checks import learnability
from workshop.analysis.readiness.registry import CHECKS
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


# --- may they be read as probabilities? -----------------------------------------------


def drawn(n, bend=1.0, seed=0):
    """Scores, and labels that come with a chance of the score to the power ``bend``."""
    rng = np.random.default_rng(seed)
    scores = rng.random(n)
    return rng.random(n) < scores**bend, scores


def test_perfect_scores_may_be_read_as_probabilities():
    found = read_as_probabilities(*drawn(2000))
    assert (found.readable, found.why) == ("yes", None)
    assert found.calibration.error <= found.calibration.by_chance


@pytest.mark.parametrize("scores", [[0.2, 17.3], [-0.01, 0.5], [-4.0, 2.5]])
def test_scores_outside_0_to_1_are_no_probabilities(scores):
    found = read_as_probabilities(np.array([False, True]), np.array(scores))
    assert (found.readable, found.why, found.calibration) == ("no", "outside", None)


def test_scores_that_are_off_by_more_than_chance_are_none():
    found = read_as_probabilities(*drawn(2000, bend=2))
    assert (found.readable, found.why) == ("no", "off")
    assert found.calibration.error > found.calibration.by_chance


def test_few_rows_cannot_tell_unless_scores_are_far_off():
    assert read_as_probabilities(*drawn(60)).readable == "cannot_tell"
    assert read_as_probabilities(*drawn(60)).why == "few_rows"
    labels, scores = drawn(60)
    assert read_as_probabilities(~labels, scores).readable == "no"


def test_rows_that_hang_together_are_fewer():
    assert read_as_probabilities(*drawn(600)).readable == "yes"
    assert read_as_probabilities(*drawn(600), deff=10).readable == "cannot_tell"


def test_perfect_scores_are_seldom_refused():
    refused = sum(
        read_as_probabilities(*drawn(800, seed=seed)).readable == "no"
        for seed in range(30)
    )
    assert refused <= 2


@pytest.mark.parametrize("lift", [0.06, 0.08, 0.10])
def test_low_scores_that_promise_too_little_are_seldom_read_as_chances(lift):
    """Scores of .02 to .30, and positives 6 to 10 points more often than that."""
    read = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        scores = rng.uniform(0.02, 0.30, 500)
        labels = rng.random(500) < scores + lift
        read += read_as_probabilities(labels, scores, seed=seed).readable == "yes"
    assert read <= 4


def test_what_exceeds_chance_and_may_yet_be_small_cannot_be_told():
    found = read_as_probabilities(*lifted())
    assert (found.readable, found.why) == ("cannot_tell", "unsure")
    assert found.calibration.error > found.calibration.by_chance
    assert found.calibration.interval.lo <= OFF_SCALE


def test_a_yes_has_nothing_against_it_and_perfect_scores_mostly_get_one():
    yes = 0
    for seed in range(40):
        found = read_as_probabilities(*drawn(500, seed=seed))
        of = found.calibration
        if found.readable == "yes":
            yes += 1
            assert of.error <= of.by_chance
            assert of.ahead.lo <= 0 <= of.ahead.hi
    assert yes >= 33


def lifted():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0.02, 0.30, 500)
    return rng.random(500) < scores + 0.08, scores


def test_the_step_and_the_readiness_check_draw_the_same_line():
    assert (OFF_SCALE, MOST_BY_CHANCE) == (
        learnability.OFF_SCALE,
        learnability.BY_CHANCE,
    )


@pytest.mark.parametrize(
    ("why", "rows"), [("off", drawn(2000, bend=2)), ("unsure", lifted())]
)
def test_the_check_speaks_of_what_is_off_and_not_of_what_may_be(why, rows):
    """The step says that it cannot tell; DR027 has no finding to make of that."""
    labels, scores = rows
    assert read_as_probabilities(labels, scores).why == why
    given = plain()
    of = replace(given.scored, labels=labels, scores=scores, sources=None, deff=1.0)
    finding = CHECKS["DR027"].run(replace(given, scored=of))
    assert (finding is not None) == (why == "off")


def test_no_rows_say_nothing():
    with pytest.raises(InputError, match="one at least"):
        read_as_probabilities(np.array([], dtype=bool), np.array([]))
