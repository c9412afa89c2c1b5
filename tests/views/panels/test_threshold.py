"""The line is locked where it stands, with a reason; then the rows kept aside speak."""

from __future__ import annotations

import pytest

from workshop.errors import InputError
from workshop.record.values import Policy
from workshop.views.wording import phrase

BAND = Policy(kind="review_band", act_at=0.6, review_at=0.4)


class Lines:
    """Where the line stands, until somebody moves it."""

    now: Policy | None = Policy(kind="single", act_at=0.5)

    def __call__(self) -> Policy | None:
        return self.now


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def panel(make, lines):
    return make("threshold", args=(lines,))


def test_it_says_where_the_line_stands_and_follows_it(panel, lines, page):
    assert "stands at [0.5]" in page(panel)
    lines.now = BAND
    panel.refresh()
    assert "stands at [0.6, 0.4]" in page(panel)


def test_locking_needs_a_reason(panel, notes):
    panel.buttons["save"].click()
    assert notes.of("save") == []


def test_locking_saves_and_only_then_shows_the_rows_kept_aside(
    panel, lines, notes, page
):
    notes.answer = "<p>on the rows kept aside</p>"
    panel.form.fill({"because": "half of it"})
    assert "on the rows" not in page(panel)
    assert panel.save()
    assert notes.of("save") == [(lines.now, "half of it", "")]
    assert "<p>on the rows kept aside</p>" in page(panel)


def test_a_line_that_moves_after_the_lock_is_told(panel, lines, page):
    panel.form.fill({"because": "half of it"})
    panel.save()
    panel.refresh()
    assert phrase("panel.threshold.moved_since") not in page(panel)
    lines.now = BAND
    panel.refresh()
    assert phrase("panel.threshold.moved_since") in page(panel)


def test_a_review_band_and_what_users_are_told_are_kept(panel, lines, notes):
    lines.now = BAND
    panel.form.fill({"because": "sure", "told_why": "it is the nearest clause"})
    assert panel.save()
    assert notes.of("save") == [(BAND, "sure", "it is the nearest clause")]


def test_without_a_line_there_is_nothing_to_lock(panel, lines, notes, page):
    lines.now = None
    panel.form.fill({"because": "a guess"})
    assert not panel.save()
    assert notes.of("save") == []
    assert phrase("panel.threshold.no_line") in page(panel)


def test_what_was_said_before_is_there_again(make, page):
    panel = make(
        "threshold",
        saved=BAND,
        because="sure",
        told_why="near",
        locked=lambda _: "<p>kept</p>",
    )
    assert panel.controls["because"].value == "sure"
    assert panel.controls["told_why"].value == "near"
    assert "<p>kept</p>" in page(panel)


def test_a_save_that_fails_says_why_and_keeps_what_was_typed(panel, notes, page):
    notes.error = InputError("the disk is full; make room.")
    panel.form.fill({"because": "half of it"})
    assert not panel.save()
    assert "the disk is full" in page(panel)
    assert panel.controls["because"].value == "half of it"


def test_what_the_partner_locks_appears_with_its_rows_and_the_reason(lines, make, page):
    panel = make("threshold", args=(lines,), locked=lambda at: f"<p>{at.act_at}</p>")
    locked = {"saved": lines.now, "because": "cheapest", "told_why": ""}
    panel.follow(locked, "Ilir")
    assert "Ilir locked the line here." in page(panel)
    assert "<p>0.5</p>" in page(panel)
    assert panel.controls["because"].value == "cheapest"


def test_a_reason_that_is_being_typed_stays_and_the_partners_is_offered(
    lines, make, page
):
    panel = make("threshold", args=(lines,))
    panel.controls["because"].value = "mine"
    panel.follow({"saved": BAND, "because": "theirs", "told_why": ""}, "Ilir")
    assert panel.controls["because"].value == "mine"
    assert "Ilir saved theirs here." in page(panel)
    assert "Ilir locked a line, and it is not the one that stands" in page(panel)


def test_ones_own_lock_is_not_told_as_somebodys(lines, make, notes, page):
    panel = make("threshold", args=(lines,))
    panel.follow({"saved": BAND, "because": "", "told_why": ""}, "Ilir")
    panel.form.fill({"because": "sure"})
    assert panel.save()
    panel.refresh()
    assert "Ilir" not in page(panel)


def test_a_lock_that_was_taken_back_leaves_nothing_of_it(lines, make, page):
    panel = make(
        "threshold", args=(lines,), saved=lines.now, locked=lambda _: "<p>kept</p>"
    )
    assert "<p>kept</p>" in page(panel)
    panel.follow({"saved": BAND, "because": "", "told_why": ""}, "Ilir")
    panel.follow({"saved": None, "because": "", "told_why": ""}, "Ilir")
    assert "<p>kept</p>" not in page(panel)
    assert "Ilir" not in page(panel)
