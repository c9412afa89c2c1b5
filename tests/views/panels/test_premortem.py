"""Five pitfalls: evidence first, then a line, and an action where it is ticked."""

from __future__ import annotations

import pytest

from workshop.record.agreed import Action
from workshop.views.panels.premortem import PITFALLS
from workshop.views.wording import phrase


def test_nothing_is_asked_and_each_pitfall_stands_there_with_its_evidence(make, page):
    shown = {name: f"<p>evidence of {name}</p>" for name in PITFALLS}
    panel = make("premortem", args=(lambda: shown, {}))
    assert panel.required == 0
    assert panel.optional
    for name in PITFALLS:
        assert phrase(f"pitfall.{name}") in page(panel)
        assert f"evidence of {name}" in page(panel)
    shown["black_box"] = "<p>it is told now</p>"
    panel.refresh()
    assert "it is told now" in page(panel)
    assert "evidence of black_box" not in page(panel)


def test_lines_are_kept_as_they_are_and_read_back(make, notes):
    before = {"overpromising": "we say 30 of 100 everywhere"}
    panel = make("premortem", args=(dict, before))
    panel.fill({"black_box": "we quote the clause"})
    assert panel.save()
    both = before | {"black_box": "we quote the clause"}
    assert notes.of("save") == [(both, ())]


def test_a_ticked_line_becomes_an_action_once(make, notes):
    panel = make("premortem")
    area = panel._areas["black_box"]
    assert area.layout.display == "none"
    panel.fill({"black_box": "write why", "black_box_act": True})
    assert area.layout.display == ""
    assert not panel.save()
    assert all(panel.rows[f"black_box_{part}"].note.value for part in ("who", "by"))
    panel.fill({"black_box_who": "Dana", "black_box_by": "2027-01"})
    assert panel.save()
    assert panel.save(), "the line stays, the action is not made again"
    action = Action(what="write why", who="Dana", by="2027-01")
    line = {"black_box": "write why"}
    assert notes.of("save") == [(line, (action,)), (line, ())]
    assert not panel.controls["black_box_act"].value


def test_a_tick_without_a_line_asks_what_is_to_be_done(make, notes):
    panel = make("premortem")
    panel.fill({"black_box_act": True, "black_box_who": "Dana"})
    panel.fill({"black_box_by": "2027-01"})
    assert not panel.save()
    assert "what is to be done" in panel.rows["black_box"].note.value
    assert notes.of("save") == []


@pytest.mark.parametrize("name", PITFALLS)
def test_a_day_that_has_passed_is_refused(make, notes, name):
    panel = make("premortem")
    panel.fill({name: "do it", f"{name}_act": True, f"{name}_who": "Dana"})
    panel.fill({f"{name}_by": "2026-11"})
    assert not panel.save()
    assert "has passed" in panel.rows[f"{name}_by"].note.value


def test_where_nothing_can_be_saved_nothing_can_be_ticked(make):
    panel = make("premortem", read_only="a shipped example")
    assert all(panel.controls[f"{name}_act"].disabled for name in PITFALLS)
