"""What the findings leave behind joins the record only where the pair ticks it."""

from __future__ import annotations

import pytest

from workshop.errors import ConflictError

ASSUMED, LIMIT = "assumption.DR003", "cannot_do.DR011.OO"


def test_nothing_is_ticked_beforehand_and_nothing_has_to_be(make):
    panel = make("register")
    assert [box.value for box in panel.controls.values()] == [False, False]
    assert panel.optional
    assert panel.required == 0


@pytest.mark.parametrize("key", [ASSUMED, LIMIT])
def test_what_is_ticked_is_taken_over_and_nothing_else(make, notes, page, key):
    panel = make("register")
    panel.controls[key].value = True
    notes.answer = "Saved in record.yaml."
    panel.buttons["save"].click()
    assert notes.of("save") == [((key,),)]
    assert "Saved in record.yaml." in page(panel)
    assert panel.controls[key].disabled


def test_a_press_without_a_tick_says_so_and_saves_nothing(make, notes, page):
    panel = make("register")
    panel.buttons["save"].click()
    assert notes.of("save") == []
    assert "Nothing is ticked yet." in page(panel)


def test_a_conflict_keeps_the_ticks_and_says_what_happened(make, notes, page):
    panel = make("register")
    panel.controls[ASSUMED].value = True
    notes.error = ConflictError("Dana saved <b>this</b> in the meantime.")
    panel.buttons["save"].click()
    assert panel.controls[ASSUMED].value
    assert not panel.controls[ASSUMED].disabled
    assert "Dana saved &lt;b&gt;this&lt;/b&gt; in the meantime." in page(panel)


def test_a_full_disk_is_said_in_plain_words(make, notes, page):
    panel = make("register")
    panel.controls[ASSUMED].value = True
    notes.error = OSError(28, "No space left on device", "/srv/record.yaml")
    panel.buttons["save"].click()
    assert "check that the disk has room" in page(panel)
    assert "Errno" not in page(panel)
    assert not panel.controls[ASSUMED].disabled


def test_a_shipped_example_cannot_be_ticked(make, page):
    panel = make("register", read_only="Open for reading only.")
    assert all(box.disabled for box in panel.controls.values())
    assert panel.buttons["save"].disabled
    assert "Open for reading only." in page(panel)


def test_with_nothing_left_to_take_over_there_is_nothing_to_press(make, page):
    panel = make("register", args=({},))
    assert panel.buttons == {}
    assert "You can go on." in page(panel)


def test_a_group_s_name_is_text_whatever_it_holds(make, hostile, walk):
    panel = make("register", args=({"cannot_do": [("k", f"Not {hostile}.")]},))
    (box,) = panel.controls.values()
    assert box.description == f"Not {hostile}."
    assert not box.description_allow_html
