"""01 asks, keeps what it was told, and never stands in the way."""

from __future__ import annotations

import pytest

import workshop
from tests.steps.conftest import saved
from workshop.analysis.expectations import conflicts
from workshop.data.catalog import find_target
from workshop.views.recaps.framing_back import look_back

WHOLE = {"from": "600", "to": "420", "by": "2027-06"}
ANSWERS = {
    "harmed": "people who act on a wrong clause",
    "rule": "data protection law",
    "promised": "support was told: no wrong answers",
    "engineering_there": "yes",
}


@pytest.fixture
def step(player):
    """Return 01 for a pair that has sat down."""
    saved(player.fill("00", player.open("00").who(), mode="two"))
    return player.open("01")


def test_the_request_as_it_came_is_still_mended(step):
    assert "This names a machine" in step.request().html


def test_a_feature_brief_is_asked_about_in_this_scenarios_words(step):
    panel = step.outcome()
    panel.controls["measure"].value = "We need an AI that answers"
    shown = "".join(w.value for w in panel.rows["measure"].widget.children[1:])
    assert "This names a machine" in shown
    assert "agent hours a week spent on privacy questions" in shown


def test_at_most_three_things_are_asked_at_a_time(step):
    panel = step.outcome()
    panel.controls["measure"].value = "World-class brand image of our share price"
    shown = "".join(w.value for w in panel.rows["measure"].widget.children[1:])
    assert shown.count("<li>") <= 4
    assert "share price" in shown or "brand image" in shown


def test_an_outcome_that_this_model_cannot_move_is_asked_about(step, player):
    panel = step.outcome()
    panel.fill(WHOLE | {"measure": "number of questions a week"})
    panel.buttons["save"].click()
    assert "outcome that the model cannot move" in panel._question.value
    assert player.said().framing is None


def test_kept_wording_stands_on_the_page_and_in_the_log(step, player):
    panel = step.outcome()
    panel.fill({"measure": "agent hours a week", "from": "600", "to": "420"})
    panel.buttons["save"].click()
    panel.buttons["yes"].click()
    assert "Kept as you worded it" in panel.message.value
    record = player.said()
    assert record.framing.kept_wording == ("no_date",)
    assert record.log[-1].because == "kept: no date"
    assert "no date" in step.section().html


def test_what_the_text_says_and_its_field_does_not_is_pointed_out(step):
    panel = step.outcome()
    text = "Cut agent hours a week from 600 to 420 by June 2027, with at most 3 wrong"
    panel.controls["measure"].value = text
    shown = "".join(w.value for w in panel.rows["measure"].widget.children[1:])
    assert "its value today, the value wanted, the date" in shown


def test_a_kind_of_problem_is_kept(step, player):
    panel = step.outcome()
    panel.fill(WHOLE | {"measure": "agent hours a week", "kind": "operations"})
    panel.buttons["save"].click()
    assert player.said().framing.kind == "operations"
    assert "Work takes longer" in step.section().html


def test_not_knowing_becomes_an_owned_action_in_the_same_save(step, player):
    before = player.said().revision
    panel = step.questions()
    panel.fill(ANSWERS | {"rule": "?", "rule_checked_by": "Lena"})
    panel.buttons["harmed.unknown"].click()
    panel.buttons["save"].click()
    record = player.said()
    assert record.revision == before + 1
    assert record.framing.unknown == ("harmed", "rule")
    harmed, rule = record.agreement.actions
    assert (harmed.who, harmed.by) == (step.names["product"], "2026-12-15")
    assert rule.who == "Lena"
    assert harmed.what in panel.message.value


def test_an_action_is_made_once_and_taken_back_when_the_answer_is_known(step, player):
    panel = step.questions()
    panel.fill(ANSWERS | {"harmed": "don't know"})
    for _ in range(2):
        panel.buttons["save"].click()
        assert len(player.said().agreement.actions) == 1
    panel.fill(ANSWERS)
    panel.buttons["save"].click()
    assert player.said().agreement.actions == ()
    assert player.said().framing.unknown == ()


def test_an_action_that_was_done_stays(step, player):
    panel = step.questions()
    panel.fill(ANSWERS | {"harmed": "?"})
    panel.buttons["save"].click()
    (action,) = player.said().agreement.actions
    done = action.model_copy(update={"done": "2026-12-02"})
    step.save_agreement(actions=(done,))
    panel.fill(ANSWERS)
    panel.buttons["save"].click()
    assert player.said().agreement.actions == (done,)


def test_an_acceptable_error_is_tied_to_impact_and_collisions_are_said(step, player):
    saved(player.fill("01", step.questions(), **ANSWERS))
    panel = step.expectations()
    panel.fill({"acceptable_error": "30", "cost_speed": "a second", "ratio": "0.1"})
    shown = "".join(
        w.value
        for key in ("acceptable_error", "ratio")
        for w in panel.rows[key].widget.children
        if hasattr(w, "value")
    )
    assert "1,200" in shown
    assert "4,000" in shown
    assert "no wrong answers" in shown
    assert "acting pays only while" in shown


def test_02_says_kindly_that_the_expectations_are_not_agreed(player):
    saved(player.fill("00", player.open("00").who(), mode="two"))
    step = player.open("02")
    text = "".join(block.html for block in step._findings())
    assert "The four expectations are not all agreed yet" in text


def test_05_looks_back_at_what_was_said_early():
    target = find_target("privacy-assistant")
    record = target.record
    codes = {one.code for one in conflicts(record, target.scenario)}
    view = look_back(record, clashes="promised_none" in codes)
    assert "no wrong answers by spring" in view.html
    assert "Agreed since then" in view.html


def test_looking_back_follows_the_action(step, player):
    panel = step.questions()
    panel.fill(ANSWERS | {"harmed": "?", "engineering_there": "no"})
    panel.buttons["save"].click()
    text = look_back(player.said()).html
    assert "To be found out by" in text
    (action,) = player.said().agreement.actions
    done = action.model_copy(update={"done": "2026-12-02"})
    step.save_agreement(actions=(done,))
    assert "Found out on" in look_back(player.said()).html
    step.save_agreement(actions=())
    assert "Nobody has been asked to find out" in look_back(player.said()).html


def test_looking_back_at_nothing_says_so():
    from workshop.record.choices import Record

    assert "None of the four early questions" in look_back(Record(scenario="x")).html


def test_the_example_of_every_scenario_frames_without_an_objection():
    for name in ("privacy-assistant", "deposit-calls", "flight-disruptions"):
        step = workshop.open_step("01", record=name, interactive=False)
        outcome = step.scenario.suggests.outcome
        assert step._review(outcome).codes == (), name
