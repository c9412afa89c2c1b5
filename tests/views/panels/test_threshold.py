"""The handle starts at everyone, speaks while it moves, and locks with a reason."""

from __future__ import annotations

import pytest

from workshop.errors import InputError
from workshop.record.values import Policy
from workshop.views.panels import threshold_panel


class Clock:
    """Seconds that pass only when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def panel(make, clock):
    made = make("threshold", clock=clock)

    def move(to: int) -> None:
        clock.now += 10
        made.handle.value = to

    made.move = move
    return made


def test_the_handle_starts_where_everybody_is_acted_on(panel, page):
    assert panel.act_at == 0.1
    assert "estimate for 0.1" in page(panel)
    assert panel.typed.value == "0.1"


def test_the_readout_and_the_number_follow_the_handle(panel, page):
    panel.move(4)
    assert "estimate for 0.5" in page(panel)
    assert panel.typed.value == "0.5"
    assert panel.handle.continuous_update


def test_a_typed_number_goes_to_the_nearest_cut_and_says_so(panel, page):
    panel.typed.value = "0,53"
    assert panel.act_at == 0.5
    assert panel.typed.value == "0.5"
    assert "went to the nearest one" in page(panel)
    panel.typed.value = "0.4"
    assert panel.act_at == 0.4
    assert "went to the nearest one" not in page(panel)


def test_a_typed_number_beyond_the_scores_goes_to_the_last_cut(panel):
    panel.typed.value = "99"
    assert panel.act_at == 0.8
    panel.typed.value = "-3"
    assert panel.act_at == 0.1


def test_what_is_no_number_moves_nothing_and_stays_as_typed(panel, page):
    panel.move(4)
    panel.typed.value = "half"
    assert panel.act_at == 0.5
    assert panel.typed.value == "half"
    assert "one plain number" in page(panel)


def test_everyone_goes_back_to_the_lowest_cut(panel):
    panel.move(4)
    panel.buttons["everyone"].click()
    assert panel.act_at == 0.1


def test_least_cost_wakes_after_the_pair_has_moved_by_itself(panel):
    assert panel.buttons["least_cost"].disabled
    panel.buttons["least_cost"].click()
    assert panel.act_at == 0.1
    panel.move(2)
    assert not panel.buttons["least_cost"].disabled
    panel.buttons["least_cost"].click()
    assert panel.act_at == 0.6


def test_a_cost_that_nobody_can_tell_is_said(make, page):
    panel = make("threshold", least_cost=lambda: None)
    panel.handle.value = 2
    panel.buttons["least_cost"].click()
    assert panel.act_at == 0.3
    assert "No cheapest line can be told yet." in page(panel)


def test_undo_goes_back_one_move_at_a_time(panel):
    assert panel.buttons["undo"].disabled
    panel.move(2)
    panel.move(4)
    panel.buttons["least_cost"].click()
    panel.buttons["everyone"].click()
    for index in (5, 4, 2, 0):
        panel.buttons["undo"].click()
        assert panel.handle.value == index
    assert panel.buttons["undo"].disabled


def test_one_drag_is_one_move(panel, clock):
    panel.move(1)
    for index in (2, 3, 4, 5):
        clock.now += 0.05
        panel.handle.value = index
    panel.buttons["undo"].click()
    assert panel.handle.value == 0


def test_locking_needs_a_reason(panel, notes):
    panel.move(4)
    panel.buttons["save"].click()
    assert notes.of("save") == []
    assert panel.act_at == 0.5


def test_locking_saves_and_only_then_shows_the_rows_kept_aside(panel, notes, page):
    notes.answer = "<p>on the rows kept aside</p>"
    panel.move(4)
    panel.form.fill({"because": "half of it"})
    assert "on the rows" not in page(panel)
    assert panel.save()
    assert notes.of("save") == [(Policy(kind="single", act_at=0.5), "half of it")]
    assert "<p>on the rows kept aside</p>" in page(panel)
    panel.move(5)
    assert "moved the handle since you locked it" in page(panel)


def test_a_review_band_is_kept_when_somebody_asks_for_one(panel, notes, page):
    panel.move(4)
    panel.form.fill({"because": "sure", "review_at": "0.9"})
    assert not panel.save()
    assert "only be asked below the line" in page(panel)
    panel.form.fill({"review_at": "0.3"})
    assert panel.save()
    ((policy, _),) = notes.of("save")
    assert policy == Policy(kind="review_band", act_at=0.5, review_at=0.3)


def test_what_was_locked_before_is_read_back(make, page):
    panel = make(
        "threshold",
        args=((0.1, 0.2, 0.3), 0.2),
        because="half of it",
        review_at=0.15,
        locked="<p>on the rows kept aside</p>",
        note="<p>else: not sure</p>",
    )
    assert panel.act_at == 0.2
    assert panel.controls["because"].value == "half of it"
    assert panel.controls["review_at"].value == "0.15"
    assert not panel.buttons["least_cost"].disabled
    for words in ("on the rows kept aside", "else: not sure"):
        assert words in page(panel)


def test_an_estimate_that_fails_is_a_sentence(make, page):
    def estimate(_):
        raise InputError("runs.parquet: <gone>.")

    panel = make("threshold", estimate=estimate)
    assert "runs.parquet: &lt;gone&gt;." in page(panel)


def test_the_scenarios_words_are_text(make, page, hostile):
    panel = make("threshold", unit=hostile, act=hostile)
    assert "<script>" not in page(panel)
    assert hostile in panel.handle.description


def test_without_scores_there_is_no_line_to_draw(make, page):
    panel = threshold_panel([], None, estimate=str, on_save=print)
    assert panel.required == 0
    assert "no scores here" in page(panel)


def test_a_single_cut_is_enough_to_show_the_panel(make):
    assert make("threshold", args=((0.5,), None)).act_at == 0.5
