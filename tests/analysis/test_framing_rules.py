"""The checker of 01 on statements as people write them: the table beside this file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.framing import objections, scored
from workshop.analysis.framing_rules import (
    LONGEST,
    RULES,
    ObjectionCode,
    OutcomeGiven,
    check_statement,
    given_by,
)
from workshop.record.framed import Framing, Outcome
from workshop.views.recaps.framing_check import ASKED_LATER
from workshop.views.wording import has

TABLE = tomllib.loads(
    (Path(__file__).parent / "framing_examples.toml").read_text("utf-8")
)
PARTS = ("tuned", "held_out")
TUNED = [*TABLE["tuned"]["good"], *TABLE["tuned"]["bad"]]
ALL = OutcomeGiven(600, 420, "2027-06", 0.3)


def codes(text, **more):
    return tuple(one.code for one in check_statement(text, **more))


def test_there_are_enough_examples_and_enough_of_them_held_out():
    counts = {part: sum(map(len, TABLE[part].values())) for part in PARTS}
    assert sum(counts.values()) >= 120
    assert counts["held_out"] >= 40
    held_out = [*TABLE["held_out"]["good"], *TABLE["held_out"]["bad"]]
    assert [one for one in held_out if one in TUNED] == []


@pytest.mark.parametrize("part", PARTS)
def test_fewer_than_five_of_a_hundred_good_statements_are_objected_to(part):
    score = scored(part)
    assert score.alarmed / score.good < 0.05


def test_nine_of_ten_objections_are_raised_and_shared_on_statements_held_out():
    score = scored("held_out")
    assert score.recall() >= 0.9
    assert score.precision() >= 0.85


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_finds_four_of_five_on_statements_held_out(rule):
    assert scored("held_out").recall(rule.code) >= 0.8


@pytest.mark.parametrize("example", TUNED, ids=lambda one: one["says"][:40])
def test_a_statement_that_the_rules_were_tuned_on_is_judged_as_a_reader_would(example):
    assert objections(example) == set(example.get("codes", ()))


def test_every_code_has_one_rule_a_question_an_example_and_a_name():
    assert [rule.code for rule in RULES] == list(get_args(ObjectionCode))
    for rule in RULES:
        for key in ("objection.{}", "objection.{}_example", "objection_name.{}"):
            assert has(key.format(rule.code))
    assert {rule.code for rule in RULES} >= ASKED_LATER


def test_a_rule_waits_only_for_rules_before_it():
    seen = set()
    for rule in RULES:
        assert set(rule.not_after) <= seen
        seen.add(rule.code)


def test_what_a_field_gives_the_text_need_not_repeat():
    text = "agent hours a week"
    assert codes(text) == ("no_baseline", "no_target", "no_date")
    assert codes(text, given=OutcomeGiven(from_=0.0)) == ("no_target", "no_date")
    assert codes(text, given=ALL) == ()


def test_the_words_that_raised_it_are_handed_on():
    (found, *_) = check_statement("Our share price", given=ALL)
    assert (found.code, found.words) == ("cannot_move", "share price")


def test_what_the_scenario_cannot_move_is_asked_about_in_any_spelling():
    cannot_move = ("how often people ask", "(a+b)*", " ")
    assert codes("How often  people ask a day", given=ALL, cannot_move=cannot_move) == (
        "cannot_move",
    )
    assert codes("hours per case", given=ALL, cannot_move=cannot_move) == ()


def test_nothing_is_asked_of_nothing():
    assert codes("") == codes(" \n ") == ()


def test_an_error_that_was_agreed_stands_beside_the_fields():
    framing = Framing.model_validate({"expectations": {"acceptable_error": 0.2}})
    outcome = Outcome(measure="hours", from_=3, by="2027-03")
    assert given_by(outcome, framing) == OutcomeGiven(3, None, "2027-03", 0.2)
    assert given_by(None, None) == OutcomeGiven()


@given(st.text())
def test_any_text_is_checked_and_spaces_change_nothing(text):
    assert check_statement(text) == check_statement(f"  {' '.join(text.split())}\n")


@given(
    st.sampled_from([one["says"] for one in TUNED]),
    st.sampled_from(["from_", "to", "by", "acceptable_error"]),
)
def test_giving_a_field_never_adds_an_objection_about_it(text, name):
    value = "2027-03" if name == "by" else 0.5
    about = {"from_": "no_baseline", "to": "no_target", "by": "no_date"}
    code = about.get(name, "no_tolerable_error")
    assert code not in codes(text, given=OutcomeGiven(**{name: value}))


@pytest.mark.parametrize("piece", ["wrong ", "at most 3, ", "1 of 2 ", "we need "])
def test_a_text_without_end_is_read_as_far_as_a_statement_goes(piece):
    endless = piece * 50_000
    assert check_statement(endless) == check_statement(endless[:LONGEST])
