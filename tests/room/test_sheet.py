"""The run sheet takes exactly as long as asked, without a gap between its steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.room.kept import Clock
from workshop.room.sheet import NUDGES, fitting, run_sheet
from workshop.views.wording import has

LENGTHS = st.integers(30, 480)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@given(LENGTHS)
def test_the_steps_fill_the_time_and_nothing_more(minutes):
    sheet = run_sheet(minutes)
    assert [slot.id for slot in sheet.slots] == ["00", "01", "02", "03", "04", "05"]
    assert sheet.slots[0].starts == 0
    assert sheet.ends == 60 * minutes
    for one, following in zip(sheet.slots, sheet.slots[1:], strict=False):
        assert one.ends == following.starts
    assert all(slot.minutes >= 3 for slot in sheet.slots)


@given(LENGTHS, st.floats(0, 60 * 500))
def test_there_is_a_step_for_every_moment(minutes, elapsed):
    sheet = run_sheet(minutes)
    place = sheet.at(elapsed)
    assert place.left_in_step <= place.left
    assert place.is_over == (elapsed >= sheet.ends)
    if not place.is_over:
        assert place.slot.starts <= elapsed < place.slot.ends


def test_two_hours_are_as_the_file_says():
    assert [slot.minutes for slot in run_sheet(120).slots] == [22, 20, 16, 24, 18, 20]


def test_every_nudge_of_the_sheet_has_its_sentence_and_is_used():
    used = {name for slot in run_sheet(120).slots for name in slot.nudges}
    assert used == set(NUDGES)
    assert all(has(f"room.nudge.{name}") for name in NUDGES)


def test_every_step_has_its_name_and_its_task():
    for slot in run_sheet(120).slots:
        assert has(f"room.step_name.{slot.section}")
        assert has(f"room.task.{slot.section}")


def test_near_the_end_of_a_step_the_nudges_for_that_come_first():
    sheet = run_sheet(120)
    assert fitting(sheet.at(0))[0] == "each_alone"
    assert fitting(sheet.at(18 * 60))[0] == "five_left"


# --- the clock ------------------------------------------------------------------------


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_a_clock_stands_still_while_it_is_paused():
    clock = Clock().begun(NOON)
    assert clock.elapsed(after(10)) == 600
    clock = clock.stopped(after(10))
    assert clock.state == "paused"
    assert clock.elapsed(after(25)) == 600
    clock = clock.begun(after(25))
    assert clock.state == "running"
    assert clock.elapsed(after(30)) == 15 * 60


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("to", [0, 22 * 60, 100 * 60])
def test_a_clock_can_be_moved_to_any_step(paused, to):
    clock = Clock().begun(NOON)
    if paused:
        clock = clock.stopped(after(5))
    clock = clock.moved_to(to, after(30))
    assert clock.elapsed(after(30)) == to
    assert clock.state == ("paused" if paused else "running")


def test_moving_a_clock_that_was_not_started_starts_it():
    clock = Clock().moved_to(60, NOON)
    assert clock.elapsed(after(1)) == 120


def test_starting_twice_and_pausing_twice_change_nothing():
    clock = Clock().begun(NOON)
    assert clock.begun(after(5)) == clock
    stopped = clock.stopped(after(5))
    assert stopped.stopped(after(9)) == stopped
    assert Clock().stopped(NOON) == Clock()
