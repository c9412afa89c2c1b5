"""Our monitor beside MAPIE's `RiskMonitoring` on the same rows.

The two are built differently: MAPIE bounds the running mean from below by an empirical
Bernstein confidence sequence over the whole stream, at half of its test level (the
other half is for estimating its threshold); ours mixes likelihood ratios of counts.
Both claim the same: over all looks, a false alarm is no more likely than the level. So
what is compared is that claim, on the same streams exactly at the limit, and the order
in which both see a rise. Ours knows that rows are 0 or 1 and should see it no later.
"""

from __future__ import annotations

import numpy as np
import pytest

from workshop.analysis.monitor import (
    confidence_sequence,
    log_evidence,
    log_level,
)

mapie = pytest.importorskip("mapie.exchangeability_testing")

LEVEL = 0.05
ROWS, EACH = 240, 20


def streams(rate: float, many: int, seed: int) -> np.ndarray:
    """Rows, 1 where wrong, shape (many, ROWS)."""
    return (np.random.default_rng(seed).random((many, ROWS)) < rate).astype(int)


def theirs(wrong: np.ndarray, bound: float) -> np.ndarray:
    """MAPIE's lower bounds at each look; its risk is 1 - accuracy, of answers to 0."""
    found = mapie.RiskMonitoring(
        risk="accuracy", test_level=2 * LEVEL, threshold=bound, warn=False
    )
    found.update(np.zeros_like(wrong), wrong)
    assert found.online_risk_sequence_history.mean() == pytest.approx(wrong.mean())
    return found.online_risk_lower_bound_sequence_history[EACH - 1 :: EACH]


def looks(wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counts so far at each look."""
    k = np.cumsum(wrong, axis=-1)[..., EACH - 1 :: EACH]
    return k, np.arange(EACH, ROWS + 1, EACH)


def first(alarms: np.ndarray) -> int:
    return int(alarms.argmax()) if alarms.any() else 999


@pytest.mark.slow
def test_both_keep_the_level_on_the_same_calm_rows():
    calm = streams(0.2, 40, seed=1)
    k, n = looks(calm)
    ours = (log_evidence(k, n, 0.2, "at_most") >= log_level(LEVEL, 1)).any(axis=1)
    mapies = [(theirs(one, 0.2) > 0.2).any() for one in calm]
    assert ours.mean() <= LEVEL
    assert np.mean(mapies) <= LEVEL


@pytest.mark.parametrize(("bound", "risen"), [(0.1, 0.25), (0.2, 0.45), (0.3, 0.6)])
def test_both_see_a_rise_and_ours_no_later(bound, risen):
    worse = streams(risen, 12, seed=2)
    k, n = looks(worse)
    ours = log_evidence(k, n, bound, "at_most") >= log_level(LEVEL, 1)
    when = np.array([first(alarms) for alarms in ours])
    mapies = np.array([first(theirs(one, bound) > bound) for one in worse])
    assert (when <= mapies).all()
    assert np.median(when) < 999


def test_both_running_bounds_lie_below_the_true_rate_at_nearly_all_streams():
    rows = streams(0.3, 20, seed=3)
    k, n = looks(rows)
    ours = confidence_sequence(k, n, "at_most", level=log_level(LEVEL, 1))
    mapies = np.array([theirs(one, 0.3) for one in rows])
    for found in (ours, mapies):
        assert (found > 0.3).any(axis=1).mean() <= LEVEL
    assert (ours >= mapies).mean() > 0.95, "with the nature of rows known, tighter"
