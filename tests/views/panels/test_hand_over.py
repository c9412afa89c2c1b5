"""One person after the other: each bets alone, and nothing of it stays on the page."""

from __future__ import annotations

import json

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances

from tests.helpers import Page
from tests.views.panels.conftest import PAIR
from workshop.errors import ConflictError
from workshop.record.bets import Bet
from workshop.views.panels import Chair
from workshop.views.panels.looks import STYLE

TYPED = {
    "tolerable_error": "17.31",
    "expected": "31.13 43.77 59.29",
    "ratio": "7.253",
    "fallback": "alternatives",
    "owner": "both",
    "guess": "she will say heliotrope",
}
SECRETS = (
    *("17.31", "0.1731", "31.13", "0.3113", "43.77", "0.4377", "59.29", "0.5929"),
    *("7.253", "heliotrope", "my-word-of-my-own"),
)
WORD = "my-word-of-my-own"


def told(widgets) -> str:
    """Everything that these widgets hold, closed ones too, as a browser gets it."""
    states = [{key: getattr(part, key) for key in part.keys} for part in widgets]
    return json.dumps(states, default=repr).replace(json.dumps(STYLE), "")


def alive() -> list[w.Widget]:
    return list(_instances.values())


@pytest.fixture
def chairs():
    return list(PAIR)


@pytest.fixture
def panel(make, chairs):
    return make("hand_over", args=(lambda: tuple(chairs),))


def bet(panel, seat="product", word=WORD):
    if panel.betting != seat:
        panel.buttons[seat].click()
    panel.form.fill(TYPED)
    panel.buttons["save"].click()
    panel.controls["word"].value = word
    panel.buttons["seal"].click()


def seal(chairs, seat):
    chairs[:] = [
        Chair(c.seat, c.name, "sealed") if c.seat == seat else c for c in chairs
    ]


def test_it_asks_first_who_bets_now(panel, page):
    assert "Who bets now?" in page(panel)
    assert [panel.buttons[c.seat].description for c in PAIR] == [
        "I am Dana",
        "I am Ilir",
    ]
    assert panel.form is None


def test_who_is_alone_is_not_asked_who(make):
    panel = make("hand_over", args=(lambda: PAIR[:1],))
    assert panel.betting == "product"
    assert "back" not in panel.buttons


def test_the_line_stands_above_the_bet_as_it_is_now(make, page):
    line = [""]
    panel = make("hand_over", line=lambda: line[0])
    panel.buttons["product"].click()
    assert "You have not written down" in page(panel)
    panel.form.fill({"ratio": "3"})
    line[0] = "<b>a wrong clause</b>"
    panel.refresh()
    assert "&lt;b&gt;a wrong clause" in page(panel)
    assert panel.form.controls["ratio"].value == "3", "what is typed stays"


def test_the_word_is_asked_for_once_the_answers_can_be_read(panel, page):
    panel.buttons["product"].click()
    panel.form.fill(TYPED | {"expected": "43"})
    panel.buttons["save"].click()
    assert "word" not in panel.controls
    panel.form.fill(TYPED)
    panel.buttons["save"].click()
    assert isinstance(panel.controls["word"], w.Password)
    assert "bet again" in page(panel)


def test_bet_and_word_reach_the_one_who_seals_them(panel, notes):
    bet(panel, "engineering")
    ((seat, given, word),) = notes.of("seal")
    assert (seat, word) == ("engineering", WORD)
    assert isinstance(given, Bet)
    assert (given.tolerable_error, given.guess) == (0.1731, TYPED["guess"])


def test_a_bet_that_is_changed_again_asks_for_the_word_again(panel, notes):
    panel.buttons["product"].click()
    panel.form.fill(TYPED)
    panel.buttons["save"].click()
    before = panel.buttons["seal"]
    panel.controls["word"].value = WORD
    panel.form.controls["ratio"].value = "8"
    before.click()
    assert notes.of("seal") == []
    panel.buttons["save"].click()
    assert panel.controls["word"].value == ""
    panel.controls["word"].value = WORD
    panel.buttons["seal"].click()
    assert notes.of("seal")[0][1].ratio == 8


def test_after_sealing_nothing_that_was_typed_is_left(panel, chairs, page, notes):
    def sealed(*_):
        seal(chairs, "product")

    panel._on_seal = sealed
    panel.buttons["product"].click()
    panel.form.fill(TYPED)
    panel.buttons["save"].click()
    panel.controls["word"].value = WORD
    ever = alive()
    before = told(ever)
    assert [s for s in SECRETS if s in before]
    panel.buttons["seal"].click()
    assert panel.form is None
    for widgets in (ever, alive()):
        assert [s for s in SECRETS if s in told(widgets)] == []
        assert '"value": "alternatives"' not in told(widgets)
    kept = json.dumps(vars(panel), default=repr)
    assert [s for s in SECRETS if s in kept] == []
    assert panel._pending is panel._box is None
    assert "Sealed, Dana." in Page(page(panel)).text
    assert "hand the laptop to Ilir" in Page(page(panel)).text


def test_going_back_leaves_nothing_either(panel):
    panel.buttons["product"].click()
    panel.form.fill(TYPED)
    ever = alive()
    panel.buttons["back"].click()
    assert [s for s in SECRETS if s in told(ever)] == []
    assert set(panel.buttons) == {"product", "engineering"}


def test_with_the_last_one_all_are_sealed(panel, chairs, page):
    for chair in PAIR:
        panel._on_seal = lambda seat, *_: seal(chairs, seat)
        bet(panel, chair.seat)
    assert "All bets are sealed." in page(panel)
    assert not any(isinstance(p, w.Text) for p in alive())


def test_who_sealed_in_another_browser_is_not_asked_again(panel, chairs, page):
    button = panel.buttons["engineering"]
    seal(chairs, "engineering")
    button.click()
    assert panel.form is None
    assert "Ilir has sealed a bet." in Page(page(panel)).text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConflictError("Ilir & Co saved this in the meantime."), "Ilir &amp; Co"),
        (PermissionError("/secret"), "could not be saved"),
    ],
)
def test_a_bet_that_could_not_be_sealed_is_still_there(panel, notes, page, error, said):
    notes.error = error
    bet(panel)
    assert said in page(panel)
    assert panel.form.controls["ratio"].value == TYPED["ratio"]
    assert panel.controls["word"].value == WORD
    notes.error = None
    panel.buttons["seal"].click()
    assert len(notes.of("seal")) == 1


def test_a_fault_of_ours_is_said_and_raised(panel, notes, page):
    notes.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        panel_box(panel)._use()
    assert "on our side" in page(panel)


def panel_box(panel):
    panel.buttons["product"].click()
    panel.form.fill(TYPED)
    panel.buttons["save"].click()
    return panel._box


def test_bet_again_asks_once_more_and_then_throws_it_away(panel, chairs, notes, page):
    seal(chairs, "product")
    panel.refresh()
    panel.buttons["again.product"].click()
    assert "for Dana alone to press" in Page(page(panel)).text
    panel.buttons["no"].click()
    assert notes.of("again") == []
    panel.buttons["again.product"].click()
    panel.buttons["yes"].click()
    assert notes.of("again") == [("product",)]
    assert "Thrown away, unread." in page(panel)


def test_a_bet_that_could_not_be_thrown_away_is_said(panel, chairs, notes, page):
    seal(chairs, "product")
    panel.refresh()
    for error in (ConflictError("They <saved>."), OSError()):
        notes.error = error
        panel.buttons["again.product"].click()
        panel.buttons["yes"].click()
    assert "could not be saved" in page(panel)


def test_opened_bets_are_not_made_again(make, page):
    opened = [Chair(c.seat, c.name, "opened") for c in PAIR]
    panel = make("hand_over", args=(lambda: opened,))
    assert "have been opened" in page(panel)
    assert panel.buttons == {}


def test_a_shipped_example_keeps_no_bet(make, notes, page):
    mixed = [PAIR[0], Chair("engineering", "Ilir", "sealed")]
    panel = make("hand_over", args=(lambda: mixed,), read_only="Start your own.")
    panel.buttons["again.engineering"].click()
    panel.buttons["yes"].click()
    assert notes.of("again") == []
    panel.buttons["product"].click()
    panel.form.fill(TYPED)
    panel.buttons["save"].click()
    assert "word" not in panel.controls
    assert page(panel).count("Start your own.") >= 2


def test_names_are_shown_as_text(make, page, hostile):
    chairs = [Chair("product", hostile), Chair("legal", hostile, "sealed")]
    panel = make("hand_over", args=(lambda: chairs,))
    panel.buttons["product"].click()
    assert "<script>" not in page(panel)
    panel.buttons["back"].click()
    panel.buttons["again.legal"].click()
    assert "<script>" not in page(panel)
