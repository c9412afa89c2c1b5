"""Two numbers once more, asked when the bets are open and never filled in."""

from __future__ import annotations

from tests.views.panels.conftest import BET, Example
from workshop.record.bets import SecondLook
from workshop.views.panels.second_look import SecondLooks, second_look_panel

EXAMPLES = {
    "second_look": Example(
        second_look_panel,
        {"tolerable_error": ("20", "25"), "ratio": ("2", "2.5")},
        args=("Dana", BET, None),
    ),
}


def test_the_first_bet_is_said_and_never_filled_in(make, page):
    panel = make("second_look")
    assert "Your bet was 15 of 100, and one miss worth 2 false alarms." in page(panel)
    assert {c.value for c in panel.controls.values()} == {""}


def test_nobody_has_to_look_again(make):
    assert make("second_look").required == 0


def test_both_numbers_are_handed_over_together(make, notes):
    panel = make("second_look")
    panel.fill({"tolerable_error": "20"})
    panel.buttons["save"].click()
    assert notes.of("save") == []
    panel.fill({"ratio": "1.5"})
    panel.buttons["save"].click()
    assert notes.of("save") == [(SecondLook(tolerable_error=0.2, ratio=1.5),)]


def test_what_was_said_here_before_stands_there_again(make):
    said = SecondLook(tolerable_error=0.25, ratio=0.8)
    panel = make("second_look", args=("Dana", BET, said))
    assert panel.controls["tolerable_error"].value == "25 %"
    assert panel.controls["ratio"].value == "0.8"


def test_the_forms_come_with_the_opening_and_stay(make, page):
    opened: list[bool] = []
    looks = SecondLooks(
        is_open=lambda: bool(opened),
        make=lambda: [make("second_look"), make("second_look")],
        show=lambda: "<p>the gap closed</p>",
    )
    assert looks.panels == ()
    assert "once the bets are open" in page(looks)
    opened.append(True)
    looks.refresh()
    one, _ = forms = looks.panels
    one.controls["ratio"].value = "3"
    looks.refresh()
    assert looks.panels == forms
    assert one.controls["ratio"].value == "3"
    assert "the gap closed" in page(looks)
    opened.clear()
    looks.refresh()
    assert looks.panels == ()
