"""One question, five answers, and nobody has to."""

from __future__ import annotations

import ipywidgets as w

from tests.views.panels.conftest import Example
from workshop.views.panels.pulse import WORRIES, pulse_panel

EXAMPLES = {
    "pulse": Example(pulse_panel, {"worry": ("2", "4")}, args=("Dana", None)),
}


def test_five_answers_stand_in_words_and_none_is_picked(make):
    control = make("pulse").controls["worry"]
    assert isinstance(control, w.RadioButtons)
    assert [value for _, value in control.options] == list(WORRIES)
    assert control.value is None


def test_the_answer_is_handed_over_as_a_number(make, notes):
    panel = make("pulse")
    panel.controls["worry"].value = "4"
    panel.buttons["save"].click()
    assert notes.of("save") == [(4,)]


def test_what_was_said_before_stands_there(make):
    assert make("pulse", args=("Dana", 2)).controls["worry"].value == "2"


def test_nobody_has_to_answer(make):
    assert make("pulse").required == 0


def test_it_names_whom_it_asks(page, hostile):
    panel = pulse_panel(hostile, None, on_save=lambda worry: "")
    assert "<script>" not in page(panel)
    assert "&lt;script&gt;" in page(panel)
