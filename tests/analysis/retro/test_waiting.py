"""Before labels arrive: volumes, what the error would be, and when labels suffice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.retro.world import World, after, clause, said
from workshop.analysis.retro.waiting import reweighted


def test_volumes_need_no_label(world: World) -> None:
    frame = after().drop(columns="good")
    found = world.retro(frame).waiting
    assert found.acted is not None
    assert found.left is not None
    assert found.acted.k == int((frame["score_a"] >= 0.5).sum())
    assert (found.acted.k or 0) + (found.left.k or 0) == len(frame)
    assert (found.unlabelled.k, found.unlabelled.n) == (560, 560)
    assert found.then["acted"].rows == "report"


def test_a_band_sends_rows_to_people(world: World) -> None:
    band = {"kind": "review_band", "act_at": 0.7, "review_at": 0.3}
    found = world.retro(after(), said(threshold={"policy": band})).waiting
    assert found.asked is not None
    assert 0.3 < (found.asked.value or 0) < 0.5


def test_the_expected_error_is_an_assumption_and_near_the_truth_if_it_holds(
    world: World,
) -> None:
    frame = after(2_000)
    found = world.retro(frame.drop(columns="good")).waiting.expected_error
    assert found is not None
    assert found.assumed
    acted = frame[frame["score_a"] >= 0.5]
    truth = float((acted["good"] == 0).mean())
    assert (found.lo or 0) < truth < (found.hi or 0)


def test_scores_that_rose_promise_fewer_errors(world: World) -> None:
    frame = after().drop(columns="good")
    usual = world.retro(frame).waiting.expected_error
    higher = frame.assign(score_a=np.sqrt(frame["score_a"]))
    found = world.retro(higher).waiting.expected_error
    assert usual is not None
    assert found is not None
    assert (found.value or 0) < (usual.value or 0)


def test_it_says_when_there_will_be_labels_enough(tmp_path: Path) -> None:
    label = {"column": "good", "positive": 1, "means": "right", "delay_days": 14}
    world = World(tmp_path, label=label)
    frame = after(2_000).drop(columns="good")
    found = world.retro(frame).waiting
    assert found.enough is not None
    acted = frame[frame["score_a"] >= 0.5].sort_values("at")
    last = acted["at"].iloc[int(found.enough.value or 0) - 1].date()
    assert (date.fromisoformat(found.enough_by) - last).days == 14


def test_people_s_pace_says_it_where_no_delay_does(world: World) -> None:
    by = {"labels_per_week": 50, "who": "support"}
    frame = after().drop(columns="good")
    assert world.retro(frame).waiting.enough_by == ""
    found = world.retro(frame, said(clause(measured_by=by))).waiting
    assert found.enough_by > "2026-12-01"


def test_labels_that_are_there_already_suffice_today(world: World) -> None:
    found = world.retro(after(4_000)).waiting
    assert found.enough_by == "2026-12-01"
    assert found.unlabelled.k == 0


def test_without_a_threshold_it_says_so(world: World) -> None:
    found = world.retro(after(), said() | {"threshold": None}).waiting
    assert (found.why, found.acted) == ("no_policy", None)


scored = st.integers(1, 60).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 30), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
    )
)


@given(scored)
def test_the_same_scores_expect_nearly_the_same_error(
    given: tuple[list[int], list[bool]],
) -> None:
    scores, wrong = np.array(given[0], dtype=float), np.array(given[1])
    value, variance = reweighted(scores, wrong, scores)
    bins = len(np.unique(scores))
    # half a row of each kind in each bin draws it towards a half, and no further
    assert abs(value - wrong.mean()) <= 0.5 * min(10, bins) / len(scores) + 1e-9
    assert 0 < variance < 1
    assert reweighted(scores[::-1], wrong[::-1], scores) == pytest.approx(
        (value, variance)
    )


def test_scores_never_seen_before_say_what_all_say() -> None:
    # all in one place then, the new ones beyond: no bin is pulled towards a half
    then, wrong = np.full(100, 0.6), np.arange(100) < 10
    value, _ = reweighted(then, wrong, np.full(50, 0.2))
    assert value == pytest.approx(0.104, abs=0.001)
