"""A form follows what others save, and never takes away what somebody is typing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.errors import ConflictError
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.live import LivePanel
from workshop.views.wording import say


def form(on_save=lambda _: None, **more) -> Form:
    fields = [Field("why", "prose"), Field("share", "share")]
    values = {"why": "old", "share": 0.3}
    return Form(
        "line",
        [Field("counts_as_wrong", "prose")],
        fields,
        values=values | {"counts_as_wrong": "a lie"},
        build=dict,
        on_save=on_save,
        **more,
    )


@pytest.fixture(autouse=True)
def _words(monkeypatch):
    """The fields of this test borrow the sentences of a real one."""
    from workshop.views.panels import fields

    def borrowed(key, **given):
        known = key.replace(".why", ".counts_as_wrong").replace(
            ".share", ".counts_as_wrong"
        )
        return say(known, **given)

    monkeypatch.setattr(fields, "say", borrowed)


def saved(**values):
    return {"counts_as_wrong": "a lie", "why": "old", "share": 0.3} | values


def typed(panel: Form) -> dict[str, str]:
    return {key: row.control.value for key, row in panel.rows.items()}


def offers(panel: Form, key: str) -> str:
    row = panel.rows[key]
    return row._offer.children[0].value if row._offer else ""


# --- unchanged fields ----------------------------------------------------------------


def test_an_answer_that_nobody_changes_here_takes_the_new_value():
    panel = form()
    panel.follow(saved(why="new", share=0.2), "Dana")
    assert typed(panel) == {"counts_as_wrong": "a lie", "why": "new", "share": "20 %"}
    assert not panel.message.value
    assert not offers(panel, "why")


def test_only_the_controls_that_change_are_touched():
    panel, touched = form(), []
    for key, row in panel.rows.items():
        row.control.observe(lambda _, key=key: touched.append(key), "value")
    children = {key: row.widget.children for key, row in panel.rows.items()}
    panel.follow(saved(why="new"), "Dana")
    assert touched == ["why"]
    assert {key: row.widget.children for key, row in panel.rows.items()} == children
    panel.follow(saved(why="new"), "Dana")
    assert touched == ["why"]


# --- changed fields ------------------------------------------------------------------


def test_an_answer_that_is_changed_here_stays_and_the_other_is_offered():
    panel = form()
    panel.rows["why"].control.value = "mine"
    parts = panel.rows["why"].widget.children
    panel.follow(saved(why="<b>theirs</b>"), "Dana")
    assert panel.rows["why"].control.value == "mine"
    said = offers(panel, "why")
    assert "Dana saved" in said
    assert "&lt;b&gt;theirs&lt;/b&gt;" in said
    assert 'aria-live="polite"' in said
    # what stands before is not drawn anew, so that whoever types goes on typing
    assert panel.rows["why"].widget.children[: len(parts)] == parts
    panel.rows["why"].taking.click()
    assert panel.rows["why"].control.value == "<b>theirs</b>"
    assert panel.rows["why"].widget.children == parts
    assert not panel.rows["why"].changed_here


def test_what_was_taken_follows_again():
    panel = form()
    panel.rows["why"].control.value = "mine"
    panel.follow(saved(why="theirs"), "Dana")
    panel.rows["why"].taking.click()
    panel.follow(saved(why="later"), "Dana")
    assert panel.rows["why"].control.value == "later"


def test_the_same_words_typed_twice_are_no_question():
    panel = form()
    panel.rows["why"].control.value = "both of us"
    panel.follow(saved(why="both of us"), "Dana")
    assert not offers(panel, "why")
    panel.follow(saved(why="later"), "Dana")
    assert panel.rows["why"].control.value == "later"


def test_there_is_one_offer_at_a_time_and_none_once_it_is_saved():
    panel = form()
    row = panel.rows["why"]
    row.control.value = "mine"
    parts = row.widget.children
    for said in ("one", "two"):
        panel.follow(saved(why=said), "Dana")
    assert len(row.widget.children) == len(parts) + 1
    assert "two" in offers(panel, "why")
    assert panel.save()
    assert row.widget.children == parts


def test_an_answer_that_was_emptied_is_said_so():
    panel = form()
    panel.rows["why"].control.value = "mine"
    panel.follow(saved(why=None), "Dana")
    assert "without an answer" in offers(panel, "why")


# --- one's own save ------------------------------------------------------------------


def test_ones_own_save_is_no_news_and_stays_as_it_was_typed():
    panel = form(on_save=lambda _: panel.follow(saved(share=0.25), "Dana"))
    panel.rows["share"].control.value = "25%"
    assert panel.save()
    assert panel.rows["share"].control.value == "25%"
    assert not offers(panel, "share")
    assert "cgp-good" in panel.message.value
    panel.follow(saved(share=0.25), "Dana")
    assert panel.rows["share"].control.value == "25%"
    panel.follow(saved(share=0.5), "Ilir")
    assert panel.rows["share"].control.value == "50 %"
    assert "cgp-good" in panel.message.value


def test_a_save_that_fails_leaves_it_changed():
    def refuse(_):
        raise ConflictError("no")

    panel = form(on_save=refuse)
    panel.rows["why"].control.value = "mine"
    assert not panel.save()
    panel.follow(saved(why="theirs"), "Dana")
    assert panel.rows["why"].control.value == "mine"
    assert offers(panel, "why")


def test_a_question_that_was_asked_before_is_asked_anew():
    kept = []
    panel = form(on_save=kept.append, confirm=lambda _: say("ui.saved"))
    panel.save()
    panel.follow(saved(why="theirs"), "Dana")
    panel.buttons["yes"].click()
    assert not kept


WORD = st.sampled_from(["", "a", "b", "c"])
STEP = st.tuples(st.sampled_from(["type", "hear", "save", "take"]), WORD)


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=8))
def test_what_is_typed_changes_only_by_whoever_types(steps):
    """Untouched, a field shows the record; touched, it changes by one's own hand."""
    panel = form()
    row = panel.rows["why"]
    record, touched = "old", False
    for act, word in steps:
        before = row.control.value
        if act == "type":
            row.control.value = word
            touched = touched or word != before
        elif act == "hear":
            record = word
            panel.follow(saved(why=word), "Dana")
            if touched:
                assert row.control.value in (before, word)
                assert row.control.value == before or before == word
            else:
                assert row.control.value == word
        elif act == "save":
            panel._on_save = lambda said: panel.follow(saved(why=said["why"]), "me")
            assert panel.save()
            assert row.control.value == before
            record, touched = row.control.value, False
        elif row._offer is not None:
            row.taking.click()
            assert row.control.value == record
        touched = row.changed_here


# --- forms that are made again -------------------------------------------------------


def test_what_is_being_typed_is_typed_into_the_form_that_comes_after():
    panel = LivePanel(lambda: [form()])
    first = panel.panels[0]
    first.rows["why"].control.value = "half a sent"
    panel.refresh()
    assert panel.panels[0] is not first
    assert panel.panels[0].rows["why"].control.value == "half a sent"


def test_a_panel_is_made_again_only_when_that_which_it_is_for_changes():
    here = ["Dana"]
    panel = LivePanel(lambda: [form()], same=lambda: tuple(here))
    first = panel.panels[0]
    panel.refresh()
    assert panel.panels[0] is first
    here.append("Ilir")
    panel.refresh()
    assert panel.panels[0] is not first
