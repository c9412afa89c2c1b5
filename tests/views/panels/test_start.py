"""Bets are sealed for good, and cases are judged before the label is seen."""

from __future__ import annotations

import json

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances

from workshop.errors import ConflictError
from workshop.record.bets import Bet
from workshop.record.choices import Cases
from workshop.views.panels import cases_panel

TYPED = {
    "tolerable_error": "17",
    "expected_error": "43",
    "ratio": "7.25",
    "fallback": "alternatives",
    "owner": "both",
    "expected_low": "31",
    "expected_high": "59",
    "guess": "23",
}
NUMBERS = ("17", "43", "7.25", "31", "59", "23")


def everything_a_browser_was_told() -> str:
    states = [widget.get_state() for widget in _instances.values()]
    kept = ("value", "description", "tooltip", "index", "placeholder")
    return json.dumps([{k: s[k] for k in kept if k in s} for s in states], default=str)


def test_a_bet_reaches_the_one_who_seals_it(make, notes):
    panel = make("bet")
    panel.form.fill(TYPED)
    panel.buttons["save"].click()
    ((bet,),) = notes.of("save")
    assert bet == Bet(
        tolerable_error=0.17,
        expected_error=0.43,
        ratio=7.25,
        fallback="alternatives",
        owner="both",
        expected_low=0.31,
        expected_high=0.59,
        guess=0.23,
    )


def test_after_sealing_no_widget_holds_a_number_of_the_bet(make, walk, page):
    panel = make("bet")
    panel.form.fill(TYPED)
    typed = list(panel.form.controls.values())
    notes = [row.note for row in panel.form.rows.values()]
    assert all(number in everything_a_browser_was_told() for number in NUMBERS)
    panel.buttons["save"].click()
    assert panel.sealed
    for part in (*walk(panel.widget), *typed, *notes):
        shown = part.value if hasattr(part, "value") else ""
        if not str(shown).startswith("<style>"):
            assert not any(number in str(shown) for number in NUMBERS)
    assert [control.value for control in typed] == [
        None if isinstance(control, w.RadioButtons) else "" for control in typed
    ]
    told = everything_a_browser_was_told().replace(json.dumps(style()), "")
    assert not any(number in told for number in NUMBERS)
    assert "Sealed." in page(panel)
    assert panel.controls == {}


def style() -> str:
    from workshop.views.panels.looks import STYLE

    return STYLE


def test_a_sealed_bet_is_never_shown_again(make, walk):
    panel = make("bet", args=("product", "Dana", True))
    assert panel.sealed
    assert panel.required == 5
    assert not any(isinstance(p, w.Text | w.Button) for p in walk(panel.widget))


def test_a_bet_that_could_not_be_sealed_is_still_there(make, notes):
    panel = make("bet")
    panel.form.fill(TYPED)
    notes.error = ConflictError("Somebody else saved this in the meantime.")
    panel.buttons["save"].click()
    assert not panel.sealed
    assert panel.controls["tolerable_error"].value == "17"


@pytest.mark.parametrize(
    ("key", "typed"), [("expected_low", "44"), ("expected_high", "4")]
)
def test_a_range_holds_what_is_most_likely(make, notes, key, typed):
    panel = make("bet")
    panel.form.fill(TYPED | {key: typed})
    panel.buttons["save"].click()
    assert notes.of("save") == []
    assert "cannot lie" in panel.form.rows[key].note.value


# --- cases ---------------------------------------------------------------------------


def judge(panel, product="fine", engineering="harmful"):
    panel.buttons[f"product.{product}"].click()
    panel.buttons[f"engineering.{engineering}"].click()


def test_a_case_shows_its_fields_and_where_it_stands(make, page):
    panel = make("cases")
    for words in ("Case", "question 1", "clause 1"):
        assert words in page(panel)
    assert "question 2" not in page(panel)


@pytest.mark.parametrize("said", ["fine", "harmful"])
@pytest.mark.parametrize("role", ["product", "engineering"])
def test_each_button_hands_on_what_was_said(make, notes, role, said):
    make("cases").buttons[f"{role}.{said}"].click()
    assert notes.of("judge") == [("q1", role, said)]


def test_the_label_waits_until_everybody_has_spoken(make, page):
    panel = make("cases")
    panel.buttons["product.fine"].click()
    assert "the label" not in page(panel)
    panel.buttons["engineering.harmful"].click()
    assert "the label of q1" in page(panel)


def test_what_the_first_one_said_cannot_be_told_from_the_page(make, walk):
    told = []
    for said in ("fine", "harmful"):
        panel = make("cases")
        panel.buttons[f"product.{said}"].click()
        kept = ("value", "description", "disabled", "button_style", "_dom_classes")
        states = [part.get_state() for part in walk(panel.widget)]
        told.append([{k: s.get(k) for k in kept} for s in states])
    assert told[0] == told[1]


def test_a_judgement_can_change_before_the_reveal_and_never_after(make, notes, page):
    panel = make("cases")
    panel.buttons["product.fine"].click()
    judge(panel, product="harmful")
    said = list(notes.of("judge"))
    assert said[1] == ("q1", "product", "harmful")
    assert panel.buttons["product.fine"].disabled
    panel.buttons["product.fine"].click()
    assert notes.of("judge") == said
    assert "stays as it is" in page(panel)


def test_one_person_alone_sees_the_label_at_once(make, page, walk):
    panel = make("cases", roles=("engineering",))
    assert not any(key.startswith("product") for key in panel.buttons)
    panel.buttons["engineering.fine"].click()
    assert "the label of q1" in page(panel)


def test_next_and_back_turn_the_cards(make, page):
    panel = make("cases")
    assert panel.buttons["back"].disabled
    panel.buttons["next"].click()
    assert "question 2" in page(panel)
    panel.buttons["back"].click()
    assert "question 1" in page(panel)
    for _ in range(9):
        panel.buttons["next"].click()
    assert panel.buttons["next"].disabled
    assert "question 3" in page(panel)


def test_the_summary_stands_at_the_end_only(make, page):
    panel = make("cases")
    for _ in range(3):
        assert "the summary" not in page(panel)
        judge(panel)
        panel.buttons["next"].click()
    assert "the summary" in page(panel)


def test_a_page_that_is_opened_again_goes_on_where_it_was(make, page):
    both = {"q1": "fine"}
    judged = Cases(product=both | {"q2": "fine"}, engineering=both)
    panel = make("cases", args=(cases(), judged))
    assert panel.current == 1
    panel.buttons["engineering.fine"].click()
    assert "the label of q2" in page(panel)


def test_a_judgement_that_could_not_be_kept_is_said(make, notes, page):
    panel = make("cases")
    notes.error = ConflictError("Somebody else saved <this>.")
    panel.buttons["product.fine"].click()
    assert "Somebody else saved &lt;this&gt;." in page(panel)
    notes.error = PermissionError("/secret")
    panel.buttons["product.fine"].click()
    assert "could not be saved" in page(panel)
    assert "has answered" not in page(panel)


def test_a_shipped_example_cannot_be_judged(make, notes, page):
    panel = make("cases", read_only="Start your own first.")
    panel.buttons["product.fine"].click()
    assert notes.of("judge") == []
    assert page(panel).count("Start your own first.") == 2


def test_what_stands_in_a_case_is_shown_as_text(make, page, hostile):
    panel = make(
        "cases", args=({"q": {hostile: hostile}}, None), names={"product": hostile}
    )
    panel.buttons["product.fine"].click()
    assert page(panel).count("&lt;script&gt;") == 4
    assert "<script>" not in page(panel)


def test_without_cases_the_panel_says_so(page):
    panel = cases_panel(
        {}, None, roles=("product",), on_judge=print, reveal=str, summary=str
    )
    assert "brings no cases" in page(panel)


def cases():
    return {f"q{i}": {"Question": f"question {i}"} for i in "123"}
