"""What a pair adds to a retrospective: nothing is asked, and nothing typed is lost."""

from __future__ import annotations

import ipywidgets as w
import pytest

from workshop.errors import ConflictError
from workshop.record.agreed import Action
from workshop.views.panels.retrospective import Taken, retrospective_panel

COUNT = Action(what="count them", who="Noor", by="2026-12")
WRITE = Action(what="write it", who="Mateo")


@pytest.fixture
def panel(notes):
    return retrospective_panel((COUNT, WRITE), on_save=notes.note("save"))


def test_nothing_has_to_be_filled_in(panel, notes):
    assert panel.required == 0
    panel.buttons["save"].click()
    assert notes.of("save") == [(Taken("", (), ()),)]


def test_each_control_changes_what_is_saved(panel, notes):
    panel.controls["changed"].value = "  the line went up\n"
    panel.controls["wins"].value = "people noticed\n\n  fewer calls "
    panel.controls["done_1"].value = True
    notes.answer = "Saved in record.yaml."
    panel.buttons["save"].click()
    wins = ("people noticed", "fewer calls")
    assert notes.of("save") == [(Taken("the line went up", wins, (WRITE,)),)]
    assert "Saved in record.yaml." in panel.message.value
    assert "cgp-good" in panel.message.value


def test_what_was_said_before_stands_there_again(notes):
    again = retrospective_panel(
        (COUNT, WRITE.model_copy(update={"done": "2027-02-01"})),
        on_save=notes.note("save"),
        changed="the line went up",
        wins=("one", "two"),
    )
    assert again.controls["changed"].value == "the line went up"
    assert again.controls["wins"].value == "one\ntwo"
    assert [again.controls[f"done_{i}"].value for i in (0, 1)] == [False, True]


def test_without_an_open_action_there_is_none_to_tick(notes, page):
    none = retrospective_panel((), on_save=notes.note("save"))
    assert "no action left to tick" in page(none)
    assert set(none.controls) == {"changed", "wins"}


def test_an_error_becomes_a_sentence_and_nothing_typed_is_lost(panel, notes, page):
    panel.controls["wins"].value = "people noticed"
    notes.error = ConflictError("record.yaml: <somebody> else saved this.")
    panel.buttons["save"].click()
    assert "record.yaml: &lt;somebody&gt; else saved this." in page(panel)
    assert "cgp-bad" in panel.message.value
    assert panel.controls["wins"].value == "people noticed"


def test_a_full_disk_is_said_in_plain_words(panel, notes, page):
    notes.error = OSError(28, "No space left on device", "/srv/record.yaml")
    assert not panel.save()
    assert "check that the disk has room" in page(panel)
    assert "Errno" not in page(panel)


def test_an_action_that_nobody_has_taken_names_nobody(notes):
    open_one = Action(what="count them", who="")
    panel = retrospective_panel((open_one,), on_save=notes.note("save"))
    assert panel.controls["done_0"].description == "count them"


def test_a_read_only_record_says_so_and_keeps_nothing(notes, page):
    why = "This is the shipped example. Start your own with: workshop start"
    panel = retrospective_panel((COUNT,), on_save=notes.note("save"), read_only=why)
    assert why in page(panel)
    assert all(control.disabled for control in panel.controls.values())
    panel.buttons["save"].click()
    assert notes.of("save") == []


def test_hostile_words_are_text(panel, notes, page, hostile, walk):
    named = retrospective_panel(
        (Action(what=hostile, who=hostile),),
        on_save=notes.note("save"),
        read_only=hostile,
    )
    assert "<script>" not in page(named)
    notes.answer = hostile
    panel.buttons["save"].click()
    assert "<script>" not in page(panel)
    assert not any(isinstance(part, w.Output) for part in walk(panel.widget))


def test_it_shows_itself_and_has_words_where_no_widget_can(panel):
    bundle = panel._repr_mimebundle_()
    assert "VBox" not in bundle["text/plain"]
    assert "=" not in repr(panel)
