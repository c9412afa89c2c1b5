"""A feature brief is told from an outcome, on lines as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.framing import missing_parts, review_request
from workshop.record.framed import Outcome

BRIEFS = {
    "We need an AI that answers privacy questions.": "answers privacy questions",
    "we need an AI that predicts churn": "predicts churn",
    "Build a chatbot to answer support tickets": "answer support tickets",
    "I want a model which detects fraud.": "detects fraud",
    "Let's use an LLM to summarise the contracts": "summarise the contracts",
    "We should build a classifier for flagging spam": "flagging spam",
    "Can you develop a machine-learning algorithm that ranks candidates?": (
        "ranks candidates"
    ),
    "An assistant that writes release notes": "writes release notes",
    "We want to deploy a copilot": "",
    "Add some AI to the search page": "",
    "Create a recommender model that recommends 5 items": "recommends 5 items",
    "We need GPT for generating product texts": "generating product texts",
}
OUTCOMES = (
    "Cut the hours spent on answers from 200 to 130.",
    "Reduce wrong bills by half until March",
    "Halve the waiting time in the hotline",
    "Raise the share of questions answered within a day from 60 % to 80 %",
    "30 % fewer complaints with the AI that we have",
    "Lower the churn of new customers by a third",
    "Save 70 agent hours a week with an assistant that answers",
)
VAGUE_OUTCOMES = ("Make customers happier and reduce complaints", "Improve onboarding")
UNCLEAR = (
    "agent hours a week spent on privacy questions",
    "Privacy questions",
    "calls a month that the model's users make",
    "",
)


@pytest.mark.parametrize("line", BRIEFS)
def test_a_line_that_names_a_machine_is_a_brief(line):
    found = review_request(line)
    assert found.kind == "feature_brief"
    assert found.machine_does == BRIEFS[line]


@pytest.mark.parametrize("line", OUTCOMES)
def test_a_line_that_says_what_improves_and_by_how_much_is_an_outcome(line):
    found = review_request(line)
    assert (found.kind, found.has_quantity) == ("outcome", True)


@pytest.mark.parametrize("line", VAGUE_OUTCOMES)
def test_an_outcome_may_still_lack_its_number(line):
    found = review_request(line)
    assert (found.kind, found.has_quantity) == ("outcome", False)


@pytest.mark.parametrize("line", UNCLEAR)
def test_a_line_that_says_neither_is_asked_about(line):
    assert review_request(line).kind == "unclear"


@given(st.text())
def test_any_line_gets_an_answer_and_spaces_do_not_change_it(line):
    found = review_request(line)
    assert found == review_request(f"  {' '.join(line.split())}\n")


WHOLE = Outcome(measure="hours a week", **{"from": 200}, to=130, by="2027-03")


def test_a_whole_outcome_lacks_nothing():
    assert missing_parts(WHOLE) == ()


def test_what_is_not_there_is_listed_in_order():
    assert missing_parts(None) == ("measure", "from", "to", "by")
    assert missing_parts(Outcome(measure=" ")) == ("measure", "from", "to", "by")


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("measure", {"measure": ""}),
        ("measure", {"measure": "We need an AI that answers"}),
        ("from", {"from_": None}),
        ("to", {"to": None}),
        ("by", {"by": None}),
    ],
)
def test_each_part_is_missed(part, change):
    assert missing_parts(WHOLE.model_copy(update=change)) == (part,)


def test_a_baseline_of_zero_is_a_baseline():
    assert missing_parts(WHOLE.model_copy(update={"from_": 0.0, "to": 0.0})) == ()
