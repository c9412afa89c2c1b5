"""Clauses on new rows: their window, their slice, week by week, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.analysis.retro.world import TODAY, World, after, clause, said
from workshop.analysis.clause_words import window_days
from workshop.analysis.retro.clauses import _pace, _scope
from workshop.analysis.retro.results import ClauseHeld
from workshop.analysis.retro.retro import Retro
from workshop.analysis.retro.windows import monday, week_of
from workshop.data.later import LaterRows


def held(
    world: World, frame: pd.DataFrame, *clauses: dict, **given: object
) -> ClauseHeld:
    return world.retro(frame, said(*clauses), **given).clauses[0]  # type: ignore[arg-type]


def test_a_clause_looks_at_its_last_window_alone(world: World) -> None:
    frame = after()
    found = held(world, frame, clause(window="2 weeks"))
    days = frame["at"].dt.date
    inside = frame[(days > date(2026, 8, 16)) & (frame["score_a"] >= 0.5)]
    assert (found.window.first, found.window.last) == ("2026-08-17", "2026-08-30")
    assert found.number.n == len(inside)
    assert found.number.k == int((inside["good"] == 0).sum())


def test_kept_broken_and_cannot_tell_follow_the_limit(world: World) -> None:
    frame = after()
    states = [
        held(world, frame, clause(at_most=limit, window="8 weeks")).state
        for limit in (0.6, 0.05, 0.25)
    ]
    assert states == ["kept", "broken", "cannot_tell"]


def test_what_cannot_be_told_has_its_price_at_the_pace_of_the_clause(
    world: World,
) -> None:
    by = {"labels_per_week": 20, "who": "support"}
    long = clause(at_most=0.28, measured_by=by, window="20 weeks")
    found = held(world, after(80), long)
    assert (found.state, found.why) == ("cannot_tell", "")
    more, weeks, price = (
        None if each is None else each.value
        for each in (found.more, found.weeks, found.price)
    )
    assert more is not None
    assert weeks == np.ceil(more / 20)
    assert price == pytest.approx(more)  # two minutes at 30 an hour are 1


def test_a_window_too_short_for_its_pace_says_what_would_do(world: World) -> None:
    by = {"labels_per_week": 20, "who": "support"}
    found = held(world, after(80), clause(at_most=0.28, measured_by=by))
    assert found.weeks is None
    assert found.window_weeks is not None
    assert (found.window_weeks.value or 0) > 4


def test_below_its_minimum_sample_nothing_is_said(world: World) -> None:
    found = held(world, after(), clause(at_most=0.9, minimum_sample=5_000))
    assert (found.state, found.why) == ("cannot_tell", "few_rows")


def test_a_slice_holds_its_own_rows_only(world: World) -> None:
    frame = after()
    found = held(world, frame, clause(slice="shop=shop 1", window="8 weeks"))
    own = frame[(frame["shop"] == "shop 1") & (frame["score_a"] >= 0.5)]
    assert found.number.n == len(own)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"slice": "planet=mars"}, "no_slice"),
        ({"slice": "shop"}, "no_slice"),
        ({"slice": "shop=nowhere"}, "no_rows"),
        ({"metric": "latency_ms_p95", "at_most": 100.0}, "no_metric"),
        ({"metric": "cost_per_decision", "at_most": 1.0}, "no_metric"),
        ({"window": "a good while"}, "no_window"),
    ],
)
def test_a_clause_that_the_rows_cannot_answer_says_why(
    world: World, given: dict[str, object], why: str
) -> None:
    found = held(world, after(), clause(**given))
    assert (found.state, found.why) == ("cannot_tell", why)
    assert found.number.value is None


def test_a_price_needs_the_ratio(world: World) -> None:
    record = said(clause(metric="expected_cost", at_most=0.5))
    assert world.retro(after(), record).clauses[0].state == "kept"
    without = record | {"framing": None}
    assert world.retro(after(), without).clauses[0].why == "no_ratio"


def test_without_a_threshold_no_clause_is_held(world: World) -> None:
    record = said(clause()) | {"threshold": None}
    assert world.retro(after(), record).clauses[0].why == "no_policy"


def test_an_option_without_a_model_is_held_by_nobody(world: World) -> None:
    record = said(clause()) | {"option": "do_nothing"}
    assert world.retro(after(), record, option=None).why == "without_model"


def test_an_option_that_the_file_does_not_score_is_said_and_not_raised(
    world: World,
) -> None:
    frame = after().drop(columns="score_a")
    found = world.retro(frame, said(clause()), option=None)
    assert found.why == "no_option"
    assert found.clauses[0].state == "cannot_tell"
    assert [missing.run for missing in found.not_there] == ["a"]


def test_labels_that_are_late_leave_what_a_program_counts(world: World) -> None:
    frame = after().drop(columns="good")
    record = said(clause(), clause(id="C2", metric="coverage", at_least=0.3))
    first, second = world.retro(frame, record).clauses
    assert (first.state, first.why) == ("cannot_tell", "no_labels")
    assert second.state == "kept"


# --- week by week ---------------------------------------------------------------------


def test_weeks_begin_on_mondays_and_none_is_left_out(world: World) -> None:
    frame = after()
    without = frame[~frame["at"].between("2026-07-20", "2026-07-26")]
    looks = held(world, without, clause()).looks
    assert [look.starts for look in looks][:3] == [
        "2026-07-06",
        "2026-07-13",
        "2026-07-20",
    ]
    assert len(looks) == 8
    assert looks[2].number.n == 0


def test_a_calm_course_raises_no_alarm(world: World) -> None:
    assert held(world, after(), clause(at_most=0.3)).alarm == ""


def test_an_error_that_doubles_raises_one_and_names_the_week(world: World) -> None:
    found = held(world, after(shift=-0.45), clause(at_most=0.3))
    assert found.state == "broken"
    assert found.alarm in {look.starts for look in found.looks}
    first = next(look for look in found.looks if look.alarm)
    assert found.alarm == first.starts
    assert (first.reached or 0) >= 1


def test_what_is_no_share_is_not_watched(world: World) -> None:
    found = held(world, after(), clause(metric="expected_cost", at_most=0.5))
    assert found.looks == ()


def test_the_order_of_rows_is_nothing_to_a_clause(world: World) -> None:
    frame = after()
    mixed = frame.sample(frac=1, random_state=0)
    assert held(world, frame, clause()) == held(world, mixed, clause())


# --- windows in words -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("4 weeks", 28),
        ("1 week", 7),
        ("10 days", 10),
        ("month", 30),
        ("2 Quarters", 182),
        ("0 weeks", None),
        ("until spring", None),
        ("", None),
    ],
)
def test_a_window_is_a_number_of_days(words: str, days: int | None) -> None:
    assert window_days(words) == days


def test_a_week_is_the_one_of_its_monday() -> None:
    days = np.array(["2026-11-22", "2026-11-23", "1969-12-31"], dtype="M8[s]")
    assert [monday(week) for week in week_of(days)] == [
        "2026-11-16",
        "2026-11-23",
        "1969-12-29",
    ]


def test_a_slice_may_write_its_number_in_any_way(world: World) -> None:
    frame = after()
    counts = {
        held(world, frame, clause(slice=f"size={seven}", window="8 weeks")).window.rows
        for seven in ("7", "7.0", " 7 ")
    }
    assert counts == {int((frame["size"] == 7).sum())}


def test_a_window_begins_no_earlier_than_the_rows(world: World) -> None:
    found = held(world, after(60), clause(window="4 weeks"))
    assert (found.window.first, found.window.last) == ("2026-07-06", "2026-07-11")


def test_a_slice_that_no_row_is_in_has_the_pace_of_its_own_part(world: World) -> None:
    # half of the rows are of one shop, and few have a label: still a half
    frame = after()
    frame["shop"] = np.where(np.arange(len(frame)) % 2, "odd", "even")
    half = clause(metric="coverage", at_most=0.5, slice="shop=odd", window="8 weeks")
    frame["good"] = frame["good"].astype("Int64")
    frame.loc[np.arange(len(frame)) % 3 != 0, "good"] = pd.NA
    retro = world.retro(frame, said(half))
    held_to = retro.evidence.record.agreement.clauses[0]  # type: ignore[union-attr]
    scope = _scope(retro.rows, held_to, 56)
    assert scope is not None
    assert _pace(retro.rows, held_to, scope).share == pytest.approx(0.5)


def test_no_row_in_a_window_is_no_missing_latency(tmp_path: Path) -> None:
    world = World(tmp_path)
    frame = after()
    frame["ms"] = 20.0
    # the shop closed long before the window
    frame["shop"] = np.where(frame["at"] < pd.Timestamp("2026-07-20"), "old", "new")
    slow = clause(
        metric="latency_ms_p95", at_most=50, slice="shop=old", window="1 week"
    )
    later = world.read(frame)
    rows = replace(later.runs["a"].rows, latency_ms=frame["ms"].to_numpy())
    own = {**later.runs, "a": LaterRows(rows, later.runs["a"].known)}
    retro = Retro(world.evidence(said(slow)), replace(later, runs=own), TODAY)
    assert retro.clauses[0].why == "no_rows"


def test_a_cost_that_is_measured_time_is_held_on_the_new_rows_own(
    tmp_path: Path,
) -> None:
    """20 ms a decision at 3,600 an hour are 0.02: as step 05 has it before release."""
    world = World(tmp_path, price_per_cpu_hour=3600)
    later = world.read(after())
    rows = replace(later.runs["a"].rows, latency_ms=np.full(len(after()), 20.0))
    own = {**later.runs, "a": LaterRows(rows, later.runs["a"].known)}
    for most, state in ((0.021, "kept"), (0.019, "broken")):
        record = said(clause(metric="cost_per_decision", at_most=most))
        held = Retro(world.evidence(record), replace(later, runs=own), TODAY).clauses[0]
        assert (held.state, held.number.value) == (state, pytest.approx(0.02))
