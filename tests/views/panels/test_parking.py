"""A line for later, and a line of then taken up."""

from __future__ import annotations

import pytest

from workshop.record.agreed import Action


def test_one_line_is_parked_and_there_is_room_for_the_next(make, notes, page):
    parked = []
    panel = make("parking", telling=lambda: "".join(f"<p>{x}</p>" for x in parked))
    assert panel.required == 0
    assert list(panel.controls) == ["text"]
    panel.fill({"text": "what about Swiss law?"})
    assert panel.save()
    assert notes.of("save") == [("what about Swiss law?",)]
    assert panel.controls["text"].value == ""
    parked.append("what about Swiss law?")
    panel.refresh()
    assert "Swiss law" in page(panel)


def test_nothing_is_not_parked(make, notes):
    panel = make("parking")
    panel.fill({"text": "   "})
    assert not panel.save()
    assert notes.of("save") == []


def test_a_parked_line_becomes_an_action_with_name_and_date(make, notes):
    panel = make("parked")
    assert not panel.save()
    panel.fill({"line": "a worry", "who": "Dana", "by": "2027-02"})
    assert panel.save()
    assert notes.of("save") == [(Action(what="a worry", who="Dana", by="2027-02"),)]


def test_a_day_that_has_passed_is_refused(make, notes):
    panel = make("parked")
    panel.fill({"line": "a worry", "who": "Dana", "by": "2026-11"})
    assert not panel.save()
    assert notes.of("save") == []


@pytest.mark.parametrize("many", [2, 9])
def test_what_is_offered_follows_and_the_choice_stays(make, many):
    lines = [f"line {i}" for i in range(many)]
    panel = make("parked", args=(lambda: tuple(lines),))
    panel.fill({"line": "line 1"})
    lines.append("one more")
    panel.refresh()
    assert panel.controls["line"].value == "line 1"
    panel.fill({"line": "one more"})
    lines.remove("one more")
    panel.refresh()
    assert not panel.controls["line"].value


def test_while_nothing_is_parked_nothing_is_asked(make):
    lines = []
    panel = make("parked", args=(lambda: tuple(lines),))
    asked = [panel.rows[key].widget for key in ("line", "who", "by")]
    assert {row.layout.display for row in asked} == {"none"}
    lines.append("a thought")
    panel.refresh()
    assert {row.layout.display for row in asked} == {""}
    panel.fill({"line": "a thought"})
