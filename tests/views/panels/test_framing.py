"""What is typed is answered at once, asked about once, and never refused."""

from __future__ import annotations

import pytest

from workshop.record.framed import Framing
from workshop.views.panels import expectations_panel, outcome_panel, questions_panel
from workshop.views.panels.framing import USUAL_METRIC
from workshop.views.recaps.framing_check import Checked
from workshop.views.wording import phrase

SAVED = {
    "outcome": {"measure": "agent hours", "from": 1200, "to": 130.5, "by": "2027-03"},
    "kind": "operations",
    "harmed": "customers",
    "rule": "the data protection act",
    "rule_checked_by": "legal",
    "promised_by": "2027-04",
    "engineering_there": "no",
    "unknown": ("promised",),
    "expectations": {
        "acceptable_error": 0.07,
        "fallback": "human",
        "success": "fewer calls",
        "success_metric": "precision",
        "cost_speed": "a second",
    },
    "ratio": 2.5,
    "when_unsure": {"fallback": "human", "says": "I am not sure."},
}
WHOLE = {"measure": "agent hours", "from": "600", "to": "420", "by": "2027-06"}


def kept_of(framing, kept):
    """Compare what was kept with the same fields of a framing."""
    before = framing.model_dump(by_alias=True)
    for key, value in kept.items():
        plain = (
            value.model_dump(by_alias=True) if hasattr(value, "model_dump") else value
        )
        assert plain == before[key], key


# --- the outcome ----------------------------------------------------------------------


def test_the_measure_is_answered_as_it_is_typed(make, page):
    panel = make("outcome")
    assert "letters" not in page(panel)
    panel.fill({"measure": "We need an AI"})
    assert "<bdi>13</bdi> letters" in page(panel)
    panel.fill({"measure": ""})
    assert "letters" not in page(panel)


def test_all_four_fields_are_heard_while_they_are_typed(notes):
    heard = []

    def review(outcome):
        heard.append((outcome.measure, outcome.from_, outcome.to, outcome.by))
        return Checked()

    panel = outcome_panel(None, review=review, on_save=notes.note("save"))
    panel.fill(WHOLE)
    assert heard[-1] == ("agent hours", 600, 420, "2027-06")
    panel.fill({"by": "some day"})
    assert heard[-1] == ("agent hours", 600, 420, None)


def test_an_outcome_is_saved_and_read_back(make, notes):
    framing = Framing.model_validate(SAVED)
    panel = make("outcome", args=(framing,))
    assert panel.controls["from"].value == "1,200"
    assert panel.controls["to"].value == "130.5"
    assert panel.save()
    ((kept,),) = notes.of("save")
    kept_of(framing, kept)


def test_what_is_objected_to_is_asked_once_and_can_be_kept(make, notes):
    panel = make("outcome")
    panel.fill(WHOLE | {"measure": "an AI for all"})
    assert not panel.save()
    assert notes.of("save") == []
    assert "a machine as the aim" in panel._question.value
    assert panel.buttons["yes"].description == "Keep my wording"
    panel.buttons["yes"].click()
    ((kept,),) = notes.of("save")
    assert kept["kept_wording"] == ("feature_brief",)
    assert panel.save(), "what was kept once is not asked again"


def test_who_would_rather_change_it_keeps_on_typing(make, notes):
    panel = make("outcome")
    panel.fill(WHOLE | {"measure": "an AI for all"})
    panel.save()
    panel.buttons["no"].click()
    assert notes.of("save") == []
    panel.fill({"measure": "agent hours"})
    assert panel.save()
    ((kept,),) = notes.of("save")
    assert kept["kept_wording"] == ()


def test_wording_kept_before_is_not_asked_about_again(make, notes):
    framing = Framing.model_validate(
        {
            "outcome": SAVED["outcome"] | {"measure": "an AI"},
            "kept_wording": ["feature_brief"],
        }
    )
    panel = make("outcome", args=(framing,))
    assert panel.save()


def test_with_a_measure_alone_it_can_be_saved(make, notes):
    panel = make("outcome")
    panel.fill({"measure": "agent hours"})
    assert panel.save()
    ((kept,),) = notes.of("save")
    assert (kept["outcome"].from_, kept["outcome"].by) == (None, None)


def test_what_cannot_be_read_is_still_said_at_its_field(make, notes):
    panel = make("outcome")
    panel.fill(WHOLE | {"from": "many"})
    assert not panel.save()
    assert notes.of("save") == []


@pytest.mark.parametrize("kind", ["behaviour", "decision", "operations"])
def test_each_kind_of_problem_has_prompts_of_its_own(make, page, kind):
    panel = make("outcome")
    mine = phrase(f"problem.ask_{kind}_1")
    assert mine not in page(panel)
    panel.fill({"kind": kind})
    assert mine in page(panel)


# --- four early questions -------------------------------------------------------------


def test_early_answers_are_saved_and_read_back(notes):
    framing = Framing.model_validate(SAVED)
    panel = questions_panel(framing, on_save=notes.note("save"))
    assert panel.controls["promised"].value == "We don't know"
    assert panel.save()
    ((kept,),) = notes.of("save")
    kept_of(framing, kept)


@pytest.mark.parametrize("key", ["harmed", "rule", "promised"])
def test_one_button_says_that_it_is_not_known(make, notes, key):
    panel = make("questions")
    panel.fill(dict.fromkeys(("harmed", "rule", "promised"), "nobody"))
    panel.fill({"engineering_there": "yes"})
    panel.buttons[f"{key}.unknown"].click()
    assert panel.save()
    ((kept,),) = notes.of("save")
    assert kept["unknown"] == (key,)
    assert kept[key] == ""


@pytest.mark.parametrize("words", ["?", "don't know", "We don’t know yet.", "unknown"])
def test_typing_that_it_is_not_known_does_the_same(make, notes, words):
    panel = make("questions")
    panel.fill({"harmed": words, "rule": "nothing", "promised": "nothing"})
    panel.fill({"engineering_there": "unknown"})
    assert panel.save()
    ((kept,),) = notes.of("save")
    assert kept["unknown"] == ("harmed", "engineering_there")
    assert (kept["rule"], kept["engineering_there"]) == ("nothing", None)
    assert Framing(**kept).unknown == kept["unknown"]


# --- the four expectations ------------------------------------------------------------


def test_expectations_are_saved_and_read_back(notes):
    framing = Framing.model_validate(SAVED)
    panel = expectations_panel(framing, on_save=notes.note("save"))
    assert panel.controls["acceptable_error"].value == "7 %"
    assert panel.save()
    ((kept,),) = notes.of("save")
    kept_of(framing, kept)


def test_the_models_own_measure_stands_filled_in(make, notes):
    panel = make("expectations")
    assert panel.controls["success_metric"].value == USUAL_METRIC


def test_an_error_is_tied_to_people_and_collisions_are_said_as_it_is_typed(notes, page):
    panel = expectations_panel(
        None,
        on_save=notes.note("save"),
        tied=lambda error: f"<i>{error:g} of all</i>",
        clashes=lambda fields: f"<b>{fields['expectations'].cost_speed}</b>",
    )
    panel.fill({"acceptable_error": "30", "cost_speed": "a second"})
    assert "<i>0.3 of all</i>" in page(panel)
    assert "<b>a second</b>" in page(panel)
    panel.fill({"acceptable_error": "lots"})
    assert "of all" not in page(panel)
