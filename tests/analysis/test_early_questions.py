"""An answer, none, or "we don't know", which becomes an action and goes again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.early_questions import answered, is_unknown, with_actions
from workshop.record.agreed import Action
from workshop.record.framed import EARLY_QUESTIONS, Framing

OWN = Action(what="label 60 more", who="Ilir", by="2027-01")
FIND = Action(what="find out who", who="Dana", by="2026-12-15")


@pytest.mark.parametrize(
    "text", ["?", "??", "don't know", "We do not know.", "unknown", "No idea", "TBD"]
)
def test_not_knowing_is_heard_in_many_words(text):
    assert is_unknown(text)


@pytest.mark.parametrize(
    "text",
    ["", "nobody", "nothing", "who doesn't know the rules", "an unknown man"],
)
def test_an_answer_is_not_taken_for_not_knowing(text):
    assert not is_unknown(text)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "open"),
        ({"harmed": "Nobody."}, "none"),
        ({"harmed": "customers"}, "said"),
        ({"unknown": ("harmed",)}, "unknown"),
        ({"harmed": "  "}, "open"),
    ],
)
def test_each_question_is_open_unknown_none_or_said(fields, expected):
    assert answered(Framing(**fields), "harmed") == expected


def test_engineering_that_was_not_there_is_none():
    assert answered(Framing(engineering_there="no"), "engineering_there") == "none"
    assert answered(Framing(engineering_there="yes"), "engineering_there") == "said"
    assert answered(None, "harmed") == "open"


def test_what_is_not_known_becomes_an_action_once_and_goes_when_it_is_known():
    once = with_actions((OWN,), {"harmed": (FIND, True)})
    assert once == (OWN, FIND)
    later = FIND.model_copy(update={"by": "2027-01-09"})
    assert with_actions(once, {"harmed": (later, True)}) == once
    assert with_actions(once, {"harmed": (later, False)}) == (OWN,)


def test_an_action_that_was_done_or_reworded_stays():
    done = FIND.model_copy(update={"done": "2026-12-03"})
    reworded = FIND.model_copy(update={"what": "ask the ombudsman who"})
    for action in (done, reworded):
        assert with_actions((action,), {"harmed": (FIND, False)}) == (action,)


@given(st.lists(st.sampled_from(EARLY_QUESTIONS), unique=True))
def test_adding_and_taking_back_leaves_the_pairs_own_actions(unknown):
    asked = {q: (Action(what=f"find {q}", who="Dana"), q in unknown) for q in unknown}
    known = {q: (action, False) for q, (action, _) in asked.items()}
    assert with_actions(with_actions((OWN,), asked), known) == (OWN,)
