"""A figure that nobody measured is dragged or typed, and what follows is seen first."""

from __future__ import annotations

import pytest

from tests.views.panels.conftest import STATED
from workshop.errors import ConflictError, InputError
from workshop.record.choices import Assumed, Satisfaction
from workshop.views.wording import phrase, say


def typed(panel) -> list[str]:
    return [panel.controls[part].value for part in ("low", "likely", "high")]


def asked_once_more(panel) -> bool:
    return panel._confirm_area.layout.display == ""


# --- the handle ----------------------------------------------------------------------


def test_it_starts_with_the_first_figure_as_it_is_stated(make, page):
    panel = make("value")
    assert panel.controls["name"].value == "fp"
    assert typed(panel) == ["-5", "-2.5", "-1.5"]
    assert panel.controls["confidence"].value == "low"
    assert panel.controls["source"].value == "a guess"
    assert panel.controls["owner"].value == "product", "the PM, while nobody owns it"
    assert "fp at -5, -2.5, -1.5" in page(panel)


def test_dragging_moves_the_likely_value_between_the_ends(make, page, notes):
    panel = make("value")
    panel.handle.value = 0
    assert typed(panel) == ["-5", "-5", "-1.5"]
    panel.handle.value = panel.handle.max
    assert typed(panel) == ["-5", "-1.5", "-1.5"]
    assert "fp at -5, -1.5, -1.5" in page(panel)
    assert notes.calls == [], "nothing is saved before somebody says so"


def test_the_handle_follows_what_is_typed(make):
    panel = make("value")
    panel.fill({"low": "-4.5", "likely": "-4", "high": "-3.5"})
    assert panel.handle.value == 50
    panel.fill({"likely": "-3.5"})
    assert panel.handle.value == 100


def test_a_figure_without_a_range_can_be_dragged_half_to_either_side(make):
    panel = make("value")
    panel.controls["name"].value = "minutes_today"
    panel.handle.value = 0
    assert typed(panel) == ["", "4.5", ""]
    panel.handle.value = panel.handle.max
    assert typed(panel) == ["", "13.5", ""]


@pytest.mark.parametrize(
    ("name", "likely", "ends"),
    [("seen", 0.8, (0.4, 1.0)), ("minutes_today", 0, (0.0, 1.0))],
)
def test_no_drag_leaves_what_a_figure_can_be(make, name, likely, ends):
    panel = make("value", args=({name: "it"}, lambda: {name: Assumed(likely=likely)}))
    for place, end in zip((panel.handle.min, panel.handle.max), ends, strict=True):
        panel.handle.value = 50 if likely else 99
        panel.handle.value = place
        assert float(panel.controls["likely"].value) == end


def test_a_figure_that_nobody_stated_waits_for_one(make, page, notes):
    panel = make("value")
    panel.controls["name"].value = "seen"
    assert typed(panel) == ["", "", ""]
    assert panel.handle.disabled
    assert " at " not in panel._shown.value
    assert not panel.save()
    assert notes.of("save") == []
    panel.fill({"likely": "0.7"})
    assert not panel.handle.disabled
    assert "seen at 0.7, 0.7, 0.7" in page(panel)
    assert panel.save()
    assert notes.of("save") == [("seen", Assumed(likely=0.7, owner="product"), False)]


# --- what is typed -------------------------------------------------------------------


def test_what_is_kept_has_its_confidence_its_source_and_its_owner(make, notes):
    panel = make("value")
    panel.fill({"likely": "-3", "confidence": "high", "source": "the bills"})
    assert panel.save()
    kept = Assumed(
        low=-5,
        likely=-3,
        high=-1.5,
        confidence="high",
        source="the bills",
        owner="product",
    )
    assert notes.of("save") == [("fp", kept, False)]


@pytest.mark.parametrize(
    ("answers", "part", "key"),
    [
        ({"low": "-2"}, "low", "order_low"),
        ({"high": "-3"}, "high", "order_high"),
        ({"name": "seen", "likely": "80"}, "likely", "not_a_share"),
        ({"name": "seen", "likely": "0.8", "high": "1.2"}, "high", "not_a_share"),
        ({"name": "minutes_today", "likely": "-1"}, "likely", "too_small"),
    ],
)
def test_a_range_that_cannot_be_is_one_sentence_and_nothing_is_saved(
    make, notes, answers, part, key
):
    panel = make("value")
    panel.fill(answers)
    told = say(f"panel.value.{key}", least="0").html
    assert told in panel._shown.value
    assert " at " not in panel._shown.value, "no figure rests on it"
    assert not panel.save()
    assert told in panel.rows[part].note.value
    assert notes.of("save") == []


@pytest.mark.parametrize("answers", [{"likely": ""}, {"likely": "-"}, {"low": "x"}])
def test_an_unfinished_range_shows_no_figure_and_saves_nothing(make, notes, answers):
    panel = make("value")
    panel.fill(answers)
    assert panel._shown.value == ""
    assert not panel.save()
    assert notes.of("save") == []


def test_another_figure_takes_its_own_answers_along(make):
    panel = make("value")
    panel.fill({"likely": "-3", "source": "the bills"})
    panel.controls["name"].value = "fn"
    assert typed(panel) == ["", "-0.4", ""]
    assert panel.controls["source"].value == ""
    assert panel.controls["owner"].value == "both"
    panel.controls["name"].value = "fp"
    assert typed(panel) == ["-5", "-2.5", "-1.5"], "what was not kept is gone"


def test_what_cannot_be_told_is_a_sentence(make, page):
    def estimate(name, assumed):
        raise InputError("<gone>")

    assert "&lt;gone&gt;" in page(make("value", estimate=estimate))


# --- the ratio -----------------------------------------------------------------------


def test_only_a_figure_that_weighs_a_miss_asks_about_the_ratio(make, notes):
    panel = make("value")
    assert panel.rows["ratio"].widget.layout.display != "none"
    panel.controls["ratio"].value = "follow"
    panel.controls["name"].value = "minutes_today"
    assert panel.rows["ratio"].widget.layout.display == "none"
    assert panel.controls["ratio"].value == "keep"
    panel.controls["ratio"].value = "follow"
    assert panel.save(), "nothing is asked once more"
    assert notes.of("save") == [
        ("minutes_today", Assumed(likely=9, owner="product"), False)
    ]


def test_letting_the_ratio_follow_is_confirmed_once(make, notes, page):
    panel = make("value")
    panel.fill({"likely": "-3", "ratio": "follow"})
    assert not panel.save()
    assert notes.of("save") == []
    assert "Worth of acting wrongly" in panel._question.value
    panel.buttons["yes"].click()
    ((name, assumed, follow),) = notes.of("save")
    assert (name, assumed.likely, follow) == ("fp", -3, True)
    panel.buttons["yes"].click()
    assert len(notes.of("save")) == 1


def test_no_keeps_the_ratio(make, notes):
    panel = make("value")
    panel.fill({"likely": "-3", "ratio": "follow"})
    panel.save()
    panel.buttons["no"].click()
    assert not asked_once_more(panel)
    panel.buttons["yes"].click()
    assert notes.of("save") == []


def test_a_drag_takes_the_question_back(make, notes):
    panel = make("value")
    panel.fill({"ratio": "follow"})
    panel.save()
    assert asked_once_more(panel)
    panel.handle.value = 10
    assert not asked_once_more(panel)


# --- afterwards ----------------------------------------------------------------------


def test_a_figure_is_taken_back(make, notes, page):
    panel = make("value")
    notes.answer = "Back to what it was."
    panel.fill({"likely": "-3"})
    panel.buttons["forget"].click()
    assert notes.of("forget") == [("fp",)]
    assert typed(panel) == ["-5", "-2.5", "-1.5"]
    assert "Back to what it was." in page(panel)


def test_a_save_elsewhere_refreshes_it_and_leaves_what_was_typed(make, page):
    stated = dict(STATED)
    panel = make("value", args=({"fp": "it"}, lambda: stated))
    stated["fp"] = Assumed(low=-9, likely=-8, high=-7)
    panel.fill({"low": "-9", "likely": "-8", "high": "-7"})
    panel.refresh()
    assert "fp at -9, -8, -7" in page(panel)
    panel.fill({"source": "the bills"})
    panel.refresh()
    assert panel.controls["source"].value == "the bills", "typed and not kept yet"


def test_what_was_kept_stands_there_and_says_so(make, notes):
    stated = dict(STATED)
    panel = make("value", args=({"fp": "it"}, lambda: stated))
    panel.fill({"likely": "-3"})
    stated["fp"] = stated["fp"].model_copy(update={"likely": -3, "owner": "product"})
    panel.refresh()
    assert typed(panel) == ["-5", "-3", "-1.5"]


@pytest.mark.parametrize("button", ["save", "forget"])
def test_a_read_only_record_keeps_every_figure(make, notes, button):
    panel = make("value", read_only="This is a shipped example.")
    assert panel.handle.disabled
    panel.buttons[button].click()
    assert notes.calls == []
    assert "shipped example" in panel.message.value


@pytest.mark.parametrize("button", ["save", "forget"])
def test_another_window_that_was_faster_is_a_sentence(make, notes, button):
    panel = make("value")
    panel.fill({"likely": "-3"})
    notes.error = ConflictError("impact was changed by Dana.")
    panel.buttons[button].click()
    assert "impact was changed by Dana." in panel.message.value
    assert typed(panel) == ["-5", "-3", "-1.5"], "nothing typed is lost"


def test_titles_of_figures_are_text(make, page, hostile):
    panel = make("value", args=({"fp": hostile, "fn": "B"}, lambda: STATED))
    panel.fill({"ratio": "follow"})
    panel.save()
    assert "&lt;script&gt;" in panel._question.value
    assert "<script>" not in page(panel)


# --- whether people are content ------------------------------------------------------


def test_how_satisfaction_is_asked_may_leave_its_figures_open(make, notes):
    panel = make("satisfaction")
    assert panel.optional
    assert not panel.save()
    assert phrase("ui.missing_or_skip") in panel.rows["asked"].note.value
    panel.fill({"asked": "was it helpful?"})
    assert panel.save()
    assert notes.of("save") == [(Satisfaction(asked="was it helpful?"),)]


def test_what_is_known_of_satisfaction_is_read_back(make, notes):
    held = Satisfaction(asked="helpful?", today=60, target=80, unit="%", owner="both")
    panel = make("satisfaction", args=(held,))
    assert panel.save()
    assert notes.of("save") == [(held,)]
