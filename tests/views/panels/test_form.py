"""A form keeps what was typed, says what it understood and what it still needs."""

from __future__ import annotations

import ipywidgets as w
import pytest

from workshop.record.bets import Bet
from workshop.record.choices import Participants
from workshop.views.panels import FieldError, bet_panel, outcome_panel, seats_panel
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.wording import say

LINE = Field("counts_as_wrong", "prose")


def form(fields=(LINE,), more=(), **given) -> Form:
    given.setdefault("build", lambda answers: answers)
    given.setdefault("on_save", lambda built: "Kept.")
    return Form("line", list(fields), list(more), **given)


def test_a_form_may_not_ask_more_than_five_things():
    with pytest.raises(AssertionError):
        form([LINE] * 6)


def test_what_was_understood_stands_under_the_field_while_typing(make):
    bet = make("bet")
    bet.fill({"tolerable_error": "20"})
    note = bet.rows["tolerable_error"].note.value
    assert "Understood as" in note
    assert "<bdi>20</bdi> of every 100." in note
    bet.fill({"tolerable_error": "20x"})
    assert bet.rows["tolerable_error"].note.value == ""


def test_the_note_about_a_wrong_answer_goes_when_it_is_changed(make):
    bet = make("bet")
    bet.fill({"tolerable_error": "many"})
    bet.save()
    row = bet.rows["tolerable_error"]
    assert 'role="alert"' in row.note.value
    assert "cgp-wrong" in row.control._dom_classes
    assert row.control.tooltip == "Please type one number from 0 to 100, " + (
        'or a count in the form "3 of 10".'
    )
    bet.fill({"tolerable_error": "20"})
    assert 'role="alert"' not in row.note.value
    assert "cgp-wrong" not in row.control._dom_classes


def test_the_message_names_the_questions_that_need_a_look(make, page):
    panel = make("outcome")
    panel.fill({"measure": "hours", "from": "200", "to": "a bit less", "by": "soon"})
    panel.save()
    assert "Where should it be?" in panel.message.value
    assert "By when?" in panel.message.value
    assert "Where does it stand today?" not in panel.message.value
    assert panel.controls["to"].value == "a bit less"


def test_more_opens_by_itself_when_something_in_it_needs_a_look(make, notes):
    panel = make("risk").form
    panel.fill({"finding": "DR002", "reason": "we know", "revisit": "some day"})
    panel.save()
    assert notes.of("save") == []
    assert panel.more.opened


def test_a_change_after_saving_says_that_it_is_not_saved(make):
    panel = make("line")
    panel.fill({"counts_as_wrong": "one"})
    assert panel.save()
    panel.fill({"counts_as_wrong": "two"})
    assert "since you last saved" in panel.message.value


def test_a_text_of_spaces_is_no_answer(make, notes):
    panel = make("line")
    panel.fill({"counts_as_wrong": "  \n "})
    assert not panel.save()
    assert notes.of("save") == []


def test_what_build_finds_wrong_stands_beside_its_field():
    def build(answers):
        raise FieldError(counts_as_wrong=say("ui.does_not_fit"))

    tried = form(build=build)
    tried.fill({"counts_as_wrong": "x"})
    assert not tried.save()
    assert "does not quite fit" in tried.rows["counts_as_wrong"].note.value


def test_what_the_record_refuses_becomes_one_sentence_beside_its_field():
    tried = form([Field("counts_as_wrong")], build=lambda a: _bet(ratio=-1))
    tried.fill({"counts_as_wrong": "x"})
    assert not tried.save()
    assert "do not fit together" in tried.message.value
    assert "Traceback" not in tried.message.value


def test_a_disk_that_cannot_be_written_is_said_in_plain_words():
    def on_save(_):
        raise PermissionError("/secret/place")

    tried = form(on_save=on_save)
    tried.fill({"counts_as_wrong": "x"})
    assert not tried.save()
    assert "could not be saved" in tried.message.value
    assert "/secret" not in tried.message.value


def test_a_fault_of_ours_is_said_and_still_rises():
    def on_save(_):
        raise ZeroDivisionError("secret")

    tried = form(on_save=on_save)
    tried.fill({"counts_as_wrong": "x"})
    with pytest.raises(ZeroDivisionError):
        tried.save()
    assert "on our side" in tried.message.value
    assert tried.controls["counts_as_wrong"].value == "x"


def test_a_saved_message_is_text_unless_it_is_a_sentence():
    for answer, shown in (("<i>x</i>", "&lt;i&gt;x"), (say("ui.saved"), "Saved.")):
        tried = form(on_save=lambda _, answer=answer: answer)
        tried.fill({"counts_as_wrong": "x"})
        tried.save()
        assert shown in tried.message.value


def test_a_long_choice_is_a_list_that_starts_with_nothing_chosen(make, notes):
    panel = make("risk", args=([(f"DR{i:03}", f"Finding {i}") for i in range(9)], []))
    control = panel.controls["finding"]
    assert isinstance(control, w.Dropdown)
    panel.controls["reason"].value = "we know"
    panel.buttons["save"].click()
    assert notes.of("save") == []
    control.value = "DR003"
    panel.buttons["save"].click()
    assert notes.of("save")[0][0].finding == "DR003"


def test_a_whole_number_stays_one(make, notes):
    panel = make("escalation")
    panel.fill({"to": "the head", "retrospective": "2027-06", "within_days": "1.5"})
    panel.save()
    assert notes.of("save") == []
    assert "whole number" in panel.rows["within_days"].note.value
    panel.fill({"within_days": "-1"})
    assert not panel.save()
    panel.fill({"within_days": "2"})
    assert panel.save()


def test_a_ratio_lies_above_zero(make, notes):
    panel = make("bet")
    panel.fill({"ratio": "0"})
    panel.save()
    assert "above zero" in panel.rows["ratio"].note.value


def test_a_form_without_ways_around_has_only_its_save_button():
    assert set(form().buttons) == {"save"}


def test_the_label_belongs_to_its_control_and_help_is_its_description(make):
    outcome = outcome_panel(None, review=lambda _: "", on_save=lambda _: "")
    control = outcome.controls["measure"]
    assert control.description == "What would you measure?"
    assert control.tooltip.startswith("Something that changes for users")


def test_names_are_text_wherever_they_stand(page, hostile):
    panel = bet_panel(hostile, on_save=lambda _: "")
    assert "&lt;script&gt;" in page(panel)
    assert "<script>" not in page(panel)


def test_who_is_here_is_read_back():
    two = Participants.model_validate(
        {"product": [{"name": "Dana"}], "engineering": [{"name": "Ilir"}]}
    )
    alone = Participants.model_validate(
        {
            "product": [{"name": "Dana"}],
            "engineering": [{"name": "Ole", "persona": True}],
        }
    )
    for participants, mode, name in ((two, "two", "Ilir"), (alone, "product", "")):
        panel = seats_panel(participants, on_save=lambda *_: "")
        assert panel.controls["mode"].value == mode
        assert panel.controls["product_name"].value == "Dana"
        assert panel.controls["engineering_name"].value == name


def _bet(**changed) -> Bet:
    usual = {"tolerable_error": 0.1, "expected_error": 0.2, "ratio": 5}
    return Bet(**(usual | {"fallback": "human", "owner": "both"} | changed))
