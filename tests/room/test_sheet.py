"""The run sheets take exactly as long as asked, without a gap between their steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.record import borrowed
from workshop.room.kept import Clock
from workshop.room.sheet import (
    BREAK,
    FIVE_MINUTES,
    NUDGES,
    PARTS,
    fitting,
    lengths,
    run_sheet,
)
from workshop.views.wording import has

LENGTHS = st.integers(30, 480)
STEPS = ["00", "01", "02", BREAK, "03", "04", "05"]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@given(LENGTHS)
def test_the_steps_fill_the_time_and_nothing_more(minutes):
    sheet = run_sheet(minutes)
    assert [slot.id for slot in sheet.slots] == STEPS
    assert sheet.slots[0].starts == 0
    assert sheet.ends == 60 * minutes
    for one, following in pairwise(sheet.slots):
        assert one.ends == following.starts
    assert all(slot.minutes >= 1 for slot in sheet.slots)
    parts = [part for slot in sheet.slots for part in slot.parts]
    assert all(one.ends == then.starts for one, then in pairwise(parts))
    assert all(part.ends >= part.starts for part in parts)


@given(LENGTHS, st.floats(0, 60 * 500))
def test_there_is_a_step_for_every_moment(minutes, elapsed):
    sheet = run_sheet(minutes)
    place = sheet.at(elapsed)
    assert place.left_in_step <= place.left
    assert place.is_over == (elapsed >= sheet.ends)
    if not place.is_over:
        assert place.slot.starts <= elapsed < place.slot.ends


WRITTEN = {
    60: [13, 12, 3, 2, 14, 4, 12],
    120: [19, 20, 16, 5, 21, 17, 22],
    180: [27, 30, 25, 10, 35, 25, 28],
}


@pytest.mark.parametrize("minutes", WRITTEN)
def test_one_two_and_three_hours_are_as_the_file_says(minutes):
    sheet = run_sheet(minutes)
    assert [slot.minutes for slot in sheet.slots] == WRITTEN[minutes]
    assert sheet.follows == minutes


def test_no_other_length_is_written_out():
    assert list(lengths()) == list(WRITTEN)


@pytest.mark.parametrize(
    ("minutes", "follows"),
    [(30, 60), (80, 60), (90, 120), (100, 120), (146, 120), (150, 180), (480, 180)],
)
def test_another_length_follows_the_nearest_sheet_by_ratio(minutes, follows):
    assert run_sheet(minutes).follows == follows


def slots():
    return [slot for minutes in lengths() for slot in run_sheet(minutes).slots]


def test_every_nudge_of_the_sheets_has_its_sentence_and_is_used():
    assert {name for slot in slots() for name in slot.nudges} == set(NUDGES)
    assert all(has(f"room.nudge.{name}") for name in NUDGES)


def test_every_part_has_what_is_done_and_what_is_said_and_is_used():
    assert {part.name for slot in slots() for part in slot.parts} == set(PARTS)
    for name in PARTS:
        assert has(f"kit.part.{name}.does")
        assert has(f"kit.part.{name}.says")


def test_every_step_has_its_name_and_its_task():
    for slot in slots():
        assert has(f"room.step_name.{slot.section}")
        assert has(f"room.task.{slot.task}")


def test_the_short_sheet_alone_has_tasks_of_its_own():
    short = {slot.task for slot in run_sheet(60).slots} - {BREAK}
    assert len(short) == len(list(run_sheet(60).slots)) - 1
    assert short.isdisjoint({s.section for s in slots()})
    assert {s.task for s in slots()} - short == {s.section for s in slots()}


def test_what_the_short_sheet_leaves_out_can_be_borrowed():
    borrowing = {
        slot.id
        for slot in run_sheet(60).slots
        if any(part.name.startswith("borrow") for part in slot.parts)
    }
    assert borrowing == {"01", "02", "04"} <= set(borrowed.PARTS)


def test_a_nudge_that_says_five_minutes_is_for_steps_that_have_them():
    for slot in slots():
        if "five_left" in slot.nudges:
            assert slot.minutes * 60 > FIVE_MINUTES


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
