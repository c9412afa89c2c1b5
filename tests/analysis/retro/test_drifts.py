"""What moved: labels, scores, inputs and groups, sized and told from chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, ks_2samp

from tests.analysis.retro.world import World, after, said
from workshop.analysis.readiness.drifting import stability_index
from workshop.analysis.retro.shifted import (
    Sides,
    benjamini_hochberg,
    largest_distance,
    put_together,
    shifts,
    thinned,
)


def sides(then: pd.DataFrame, now: pd.DataFrame) -> Sides:
    return put_together(then, now, time=None, cluster=None)


def test_rows_of_one_make_have_not_moved(world: World) -> None:
    found = world.retro(after()).drifts
    assert found.scores is not None
    assert not found.scores.moved
    assert (found.told, found.looked_at) == (0, 2)
    assert not any(volume.moved for volume in found.volumes)
    assert found.label is not None
    assert (found.label.lo or 0) < 0 < (found.label.hi or 0)


def test_what_moved_stands_first_and_is_told(world: World) -> None:
    frame = after()
    frame["size"] = frame["size"] + 60
    found = world.retro(frame).drifts
    first = found.inputs[0]
    assert (first.column, first.moved, found.told) == ("size", True, 1)
    assert first.ks is not None
    assert first.ks.value == 1.0
    assert (first.index.value or 0) > (first.critical.value or 0)


def test_a_group_that_came_more_often_is_told(world: World) -> None:
    frame = after()
    frame.loc[frame.index % 2 == 0, "shop"] = "shop 0"
    volumes = world.retro(frame).drifts.volumes
    moved = {volume.group for volume in volumes if volume.moved}
    assert "shop 0" in moved


def test_labels_that_fell_are_sized(world: World) -> None:
    found = world.retro(after(shift=-0.4)).drifts
    assert found.label is not None
    assert (found.label.hi or 0) < 0


def test_scores_that_moved_are_told_without_any_label(world: World) -> None:
    frame = after().drop(columns="good")
    frame["score_a"] = frame["score_a"] ** 3
    found = world.retro(frame).drifts
    assert found.why == "no_labels"
    assert found.label is None
    assert found.scores is not None
    assert found.scores.moved
    assert found.scores.column == "score_a"


def test_columns_that_the_new_rows_lack_are_named(world: World) -> None:
    found = world.retro(after().drop(columns="size")).drifts
    assert found.not_there == ("size",)


def test_the_calendar_s_own_columns_do_not_move(world: World) -> None:
    then = pd.DataFrame({"at": pd.date_range("2026-01-01", periods=200, freq="D")})
    now = pd.DataFrame({"at": pd.date_range("2026-08-01", periods=120, freq="D")})
    for frame in (then, now):
        frame["month"] = frame["at"].dt.month
    both = put_together(then, now, time="at", cluster=None)
    assert shifts(both, ["month"], kind="input", deff=1) == ()


def test_an_option_without_a_model_still_has_inputs(world: World) -> None:
    record = said() | {"option": "do_nothing"}
    found = world.retro(after(), record, option=None).drifts
    assert (found.why, found.scores) == ("without_model", None)
    assert found.looked_at == 2


def test_the_index_keeps_the_bins_of_the_rows_kept_aside() -> None:
    rng = np.random.default_rng(3)
    then = pd.DataFrame({"x": rng.random(1000)})
    now = pd.DataFrame({"x": rng.random(400) ** 2})
    (found,) = shifts(sides(then, now), ["x"], kind="input", deff=1)
    edges = np.sort(then["x"])[99::100][:9]
    counts = [
        np.bincount(np.searchsorted(edges, side["x"]), minlength=10).astype(float)
        for side in (then, now)
    ]
    assert found.index.value == pytest.approx(stability_index(*counts), rel=0.05)


def test_thirty_thousand_rows_a_side_are_enough() -> None:
    then = pd.DataFrame({"x": np.arange(70_000)})
    now = pd.DataFrame({"x": np.arange(100)})
    both = thinned(sides(then, now))
    assert (len(both.new), int(both.new.sum())) == (30_100, 100)


numbers = st.lists(st.integers(0, 20), min_size=1, max_size=60).map(
    lambda values: np.sort(np.array(values, dtype=np.float64))
)


@given(one=numbers, other=numbers)
def test_the_distance_is_the_largest_of_all(one: np.ndarray, other: np.ndarray) -> None:
    at = np.union1d(one, other)
    gaps = [abs((one <= x).mean() - (other <= x).mean()) for x in at]
    assert largest_distance(one, other) == pytest.approx(max(gaps))
    assert largest_distance(one, one) == 0


def test_the_distance_is_kolmogorov_s_and_smirnov_s() -> None:
    rng = np.random.default_rng(1)
    one, other = np.sort(rng.normal(size=200)), np.sort(rng.normal(0.3, 1, size=150))
    known = ks_2samp(one, other).statistic
    assert largest_distance(one, other) == pytest.approx(known)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_what_stands_is_what_benjamini_and_hochberg_let_stand(
    chances: list[float],
) -> None:
    given = np.array(chances)
    adjusted = false_discovery_control(given)
    # where rounding decides, either is right
    sure = np.abs(adjusted - 0.05) > 1e-12
    found = benjamini_hochberg(given, 0.05)
    assert np.array_equal(found[sure], (adjusted <= 0.05)[sure])
