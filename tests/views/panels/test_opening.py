"""All bets open at once, when everybody said ready with the word."""

from __future__ import annotations

import json

import pytest
from ipywidgets.widgets.widget import _instances

from tests.helpers import Page
from tests.views.panels.conftest import PAIR, READY_SOON
from workshop.errors import InputError
from workshop.views.panels import Chair, OpeningPanel

WORD = "my-word-of-my-own"


def type_word(panel, seat="product"):
    panel.controls[seat].value = WORD
    panel.buttons[f"ready.{seat}"].click()


def told() -> str:
    states = [part.get_state() for part in _instances.values()]
    return json.dumps(states, default=repr)


@pytest.mark.parametrize("seat", ["product", "engineering"])
def test_the_word_reaches_the_one_who_opens(make, notes, seat):
    type_word(make("opening"), seat)
    assert notes.of("ready") == [(seat, WORD)]


def test_who_is_ready_is_said_and_asked_no_more(notes, page):
    chairs = list(READY_SOON)

    def ready(seat, word):
        chairs[0] = Chair("product", "Dana", "ready")
        return "Noted."

    panel = OpeningPanel(lambda: chairs, on_ready=ready, shown=lambda: None)
    type_word(panel)
    assert "Dana is ready." in Page(page(panel)).text
    assert "Noted." in page(panel)
    assert set(panel.controls) == {"engineering"}
    assert WORD not in told()


def test_a_word_being_typed_stays_while_another_page_says_ready():
    chairs = list(READY_SOON)
    panel = OpeningPanel(lambda: chairs, on_ready=pytest.fail, shown=lambda: None)
    typed = panel.controls["engineering"]
    typed.value = WORD
    chairs[0] = Chair("product", "Dana", "ready")
    panel.refresh()
    assert panel.controls == {"engineering": typed}
    assert typed.value == WORD


def test_the_last_one_opens_and_all_bets_are_shown(page):
    shown = [None]

    def ready(seat, word):
        shown[0] = "<p>all bets</p>"

    panel = OpeningPanel(lambda: READY_SOON, on_ready=ready, shown=lambda: shown[0])
    type_word(panel)
    assert "<p>all bets</p>" in page(panel)
    assert panel.controls == panel.buttons == {}
    assert WORD not in told()


def test_bets_that_were_opened_before_are_there_at_once(make, page):
    panel = make("opening", shown=lambda: "<p>all bets</p>")
    assert "<p>all bets</p>" in page(panel)
    assert panel.controls == panel.buttons == {}


def test_bets_stay_closed_until_both_halves_are_sealed(make, page):
    chairs = [READY_SOON[0], PAIR[1], Chair("legal", "Lena")]
    panel = make("opening", args=(lambda: chairs,))
    assert "Not yet: Ilir still has to seal" in Page(page(panel)).text
    assert panel.controls == {}
    chairs[1] = READY_SOON[1]
    panel.buttons["look"].click()
    assert set(panel.controls) == {"product", "engineering"}, "Lena did not bet"


def test_two_bets_that_are_missing_are_two(make, page):
    panel = make("opening", args=(lambda: PAIR,))
    said = "Not yet: Dana, Ilir still have to seal their bets"
    assert said in Page(page(panel)).text


def test_a_word_that_opens_nothing_is_answered_beside_it(make, notes, page):
    panel = make("opening")
    notes.error = InputError("not the word of Ilir & Co")
    type_word(panel)
    assert "Ilir &amp; Co" in page(panel)
    assert panel.controls["product"].value == WORD


def test_what_is_refused_after_all_is_said_on_the_page_that_is_made_anew(notes, page):
    def ready(seat, word):
        panel.refresh()
        raise InputError("a bet was <changed>")

    panel = OpeningPanel(lambda: READY_SOON, on_ready=ready, shown=lambda: None)
    type_word(panel)
    assert "a bet was &lt;changed&gt;" in page(panel)
    assert WORD not in told()


def test_look_again_catches_up_with_another_window(make, notes, page):
    panel = make("opening")
    panel.buttons["look"].click()
    assert notes.of("look") == [()]
    for error in (InputError("a bet was <changed>"), OSError()):
        notes.error = error
        panel.buttons["look"].click()
    assert "could not be saved" in page(panel)


def test_a_shipped_example_is_not_opened(make, notes, page):
    panel = make("opening", read_only="Start your own first.")
    type_word(panel)
    panel.buttons["look"].click()
    assert notes.calls == []
    type_word(panel)
    assert "Start your own first." in page(panel)


def test_names_are_shown_as_text(make, page, hostile):
    for state in ("to_bet", "sealed", "ready"):
        chairs = [Chair("product", hostile, state)]
        assert "<script>" not in page(make("opening", args=(lambda c=chairs: c,)))
