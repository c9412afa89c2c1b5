"""Another option shows what would move before it is taken, and is confirmed once."""

from __future__ import annotations

import pytest

from workshop.errors import InputError
from workshop.record.choices import Floor

OPTIONS = (("keyword", "Keywords"), ("minilm", "Embedding search"))
ANSWERS = {"because": "cheap", "bound": "130"}


def test_an_option_shows_what_would_move_before_anything_is_saved(make, notes, page):
    panel = make("option")
    assert "estimate" not in page(panel)
    panel.fill({"option": "minilm"})
    assert "estimate for minilm" in page(panel)
    assert notes.calls == []


def test_the_first_option_needs_no_confirmation(make, notes):
    panel = make("option")
    panel.fill(ANSWERS | {"option": "minilm", "measure": "hours"})
    assert panel.save()
    floor = Floor(measure="hours", at_least=130)
    assert notes.of("save") == [("minilm", "cheap", floor)]


def test_another_option_is_confirmed_once(make, notes, page):
    panel = make("option", args=(OPTIONS, "keyword"))
    panel.fill(ANSWERS | {"option": "minilm"})
    assert not panel.save()
    assert notes.of("save") == []
    assert "Embedding search" in panel._question.value
    panel.buttons["yes"].click()
    assert len(notes.of("save")) == 1
    assert panel.taken == "minilm"
    assert panel.save()
    panel.buttons["yes"].click()
    assert len(notes.of("save")) == 2


def test_no_leaves_the_option_as_it_was(make, notes):
    panel = make("option", args=(OPTIONS, "keyword"))
    panel.fill(ANSWERS | {"option": "minilm"})
    panel.save()
    panel.buttons["no"].click()
    assert panel._confirm_area.layout.display == "none"
    panel.buttons["yes"].click()
    assert notes.of("save") == []
    assert panel.taken == "keyword"


def test_a_change_takes_the_question_back(make, notes):
    panel = make("option", args=(OPTIONS, "keyword"))
    panel.fill(ANSWERS | {"option": "minilm"})
    panel.save()
    panel.fill({"bound": "140"})
    assert panel._confirm_area.layout.display == "none"
    panel.buttons["yes"].click()
    assert notes.of("save") == []


def test_an_option_that_could_not_be_saved_is_not_taken(make, notes):
    panel = make("option", args=(OPTIONS, "keyword"))
    panel.fill(ANSWERS | {"option": "minilm"})
    panel.save()
    notes.error = InputError("not now")
    panel.buttons["yes"].click()
    assert panel.taken == "keyword"
    assert "not now" in panel.message.value


def test_the_business_floor_says_how_it_is_read(make, page):
    panel = make("option", floor=Floor(measure="agent hours a week"), side="at_most")
    assert panel.controls["measure"].value == "agent hours a week"
    panel.fill({"bound": "1300"})
    assert "It may be at most" in page(panel)
    assert "1,300" in page(panel)
    panel.fill({"side": "at_least"})
    assert "It has to be at least" in page(panel)


@pytest.mark.parametrize(
    ("floor", "side"),
    [
        (Floor(measure="hours", at_most=130), "at_most"),
        (Floor(measure="hours", at_least=130), "at_least"),
    ],
)
def test_what_was_saved_is_read_back(make, notes, floor, side):
    panel = make("option", args=(OPTIONS, "keyword"), because="cheap", floor=floor)
    assert panel.controls["side"].value == side
    assert panel.save()
    assert notes.of("save") == [("keyword", "cheap", floor)]


def test_a_floor_whose_measure_was_cleared_keeps_the_outcomes(make, notes):
    panel = make("option", floor=Floor(measure="hours"))
    panel.fill(ANSWERS | {"option": "keyword", "measure": " "})
    panel.save()
    assert notes.of("save")[0][2].measure == "hours"


def test_an_estimate_that_fails_is_a_sentence(make, page):
    def estimate(_):
        raise InputError("<gone>")

    panel = make("option", estimate=estimate)
    panel.fill({"option": "keyword"})
    assert "&lt;gone&gt;" in page(panel)


def test_titles_are_text(make, page, hostile):
    panel = make("option", args=((("a", hostile), ("b", "B")), "b"))
    panel.fill(ANSWERS | {"option": "a"})
    panel.save()
    assert "&lt;script&gt;" in panel._question.value
    assert "<script>" not in page(panel)


def test_what_is_computed_for_the_floor_is_kept_and_read_back(make, notes):
    panel = make("option")
    assert panel.controls["metric"].value == "nothing", "only people can count it"
    panel.fill(ANSWERS | {"option": "keyword", "metric": "hours_saved"})
    assert panel.save()
    floor = Floor(measure="the outcome's measure", metric="hours_saved", at_least=130)
    assert notes.of("save") == [("keyword", "cheap", floor)]
    again = make("option", floor=floor)
    assert again.controls["metric"].value == "hours_saved"
    again.fill({"metric": "nothing", "option": "keyword", "because": "so"})
    assert again.save()
    assert notes.of("save")[-1][2].metric is None
