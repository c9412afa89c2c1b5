"""Cases are judged before the label is seen, and who is asked is kept."""

from __future__ import annotations

import pytest

from workshop.errors import ConflictError
from workshop.record.choices import Cases, Participants, Person
from workshop.views.panels import cases_panel

# --- seats ---------------------------------------------------------------------------


def test_third_roles_are_named_under_more_and_read_back(make, notes):
    legal = Participants(legal=(Person(name="Lena"),))
    panel = make("seats", args=(legal,))
    assert panel.controls["legal_name"].value == "Lena"
    panel.fill({"mode": "two", "design_name": "Dov"})
    panel.buttons["save"].click()
    ((mode, names),) = notes.of("save")
    assert mode == "two"
    said = {"product": "", "engineering": "", "support": ""}
    assert names == said | {"legal": "Lena", "design": "Dov"}


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
