"""The measure is answered while it is typed; bets open once, when both are sealed."""

from __future__ import annotations

from workshop.errors import InputError
from workshop.record.framed import Framing
from workshop.views.panels import expectations_panel, opening_panel

SAVED = {
    "outcome": {"measure": "agent hours", "from": 1200, "to": 130.5, "by": "2027-03"},
    "expectations": {
        "acceptable_error": 0.07,
        "fallback": "human",
        "success": "fewer calls",
        "cost_speed": "a second",
    },
    "ratio": 2.5,
    "when_unsure": {"fallback": "human", "says": "I am not sure."},
    "harmed": "customers",
}


def test_the_measure_is_answered_as_it_is_typed(make, page):
    panel = make("outcome")
    assert "letters" not in page(panel)
    panel.fill({"measure": "We need an AI"})
    assert "13 letters" in page(panel)
    panel.fill({"measure": ""})
    assert "letters" not in page(panel)


def test_an_outcome_is_saved_and_read_back(make, notes):
    framing = Framing.model_validate(SAVED)
    panel = make("outcome", args=(framing,))
    assert panel.controls["from"].value == "1,200"
    assert panel.controls["to"].value == "130.5"
    assert panel.save()
    assert notes.of("save") == [(framing.outcome,)]


def test_expectations_are_saved_and_read_back(notes):
    framing = Framing.model_validate(SAVED)
    panel = expectations_panel(framing, on_save=notes.note("save"))
    assert panel.controls["acceptable_error"].value == "7 %"
    assert panel.save()
    ((kept,),) = notes.of("save")
    before = framing.model_dump()
    for key, value in kept.items():
        plain = value.model_dump() if hasattr(value, "model_dump") else value
        assert plain == before[key]


def test_opening_shows_the_bets_and_takes_the_button_away(make, notes, page):
    panel = make("opening")
    notes.answer = "<p>both bets</p>"
    panel.buttons["open"].click()
    assert "<p>both bets</p>" in page(panel)
    assert panel._row.layout.display == "none"


def test_bets_stay_closed_until_both_are_sealed(notes, page):
    sealed = [False]
    panel = opening_panel(can_open=lambda: sealed[0], on_open=notes.note("open"))
    panel.buttons["open"].click()
    assert notes.of("open") == []
    assert "have to be sealed first" in page(panel)
    sealed[0] = True
    panel.buttons["open"].click()
    assert notes.of("open") == [()]


def test_bets_that_were_opened_before_are_there_at_once(make, page):
    panel = make("opening", opened="<p>both bets</p>")
    assert "<p>both bets</p>" in page(panel)
    assert panel._row.layout.display == "none"


def test_an_opening_that_fails_is_said(make, notes, page):
    panel = make("opening")
    notes.error = InputError("The sealed bet of Ilir & Co was changed.")
    panel.buttons["open"].click()
    assert "Ilir &amp; Co" in page(panel)


def test_a_shipped_example_is_not_opened(make, notes, page):
    panel = make("opening", read_only="Start your own first.")
    panel.buttons["open"].click()
    assert notes.of("open") == []
    assert "Start your own first." in page(panel)
