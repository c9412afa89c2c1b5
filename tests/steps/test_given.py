"""What a case shows is what the scenario permits; a long count says what it is at."""

from __future__ import annotations

import time

import pytest

from tests.helpers import Tiny
from workshop.analysis.readiness.profiling import STAGES
from workshop.data.scenario import load_scenario
from workshop.steps import given
from workshop.views.wording import has, say


def test_a_short_count_says_nothing(capsys):
    with given._counting(60) as tell:
        for place, stage in enumerate(STAGES, 1):
            tell(stage, place, len(STAGES))
    assert capsys.readouterr().err == ""


def test_a_long_count_says_the_stage_it_is_at_and_those_that_follow(capsys):
    with given._counting(0.01) as tell:
        tell("rows", 1, 8)
        time.sleep(0.2)
        tell("columns", 2, 8)
    said = capsys.readouterr().err.splitlines()
    assert said == [say(f"data.counting_{s}").text for s in ("rows", "columns")]


def test_a_count_that_fails_says_nothing_afterwards(capsys):
    with pytest.raises(ZeroDivisionError), given._counting(0.05) as tell:
        tell("rows", 1, 1 // 0)
    time.sleep(0.15)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_words(stage):
    assert has(f"data.counting_{stage}")


def test_a_case_shows_what_the_scenario_permits_and_what_the_option_said(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    tiny.runs["answer"] = [f"{o} {k}" for o, k in tiny.runs[["option", "id"]].values]
    tiny.scenario["shows"] = ["text", "answer"]
    made = given.Given(load_scenario(tiny.write()))
    assert made.shown_cases("clever") == {
        "r01": {"text": "words 1", "answer": "clever r01"},
        "r02": {"text": "words 2", "answer": "clever r02"},
    }
    assert made.shown_cases("plain")["r01"]["answer"] == "plain r01"


def test_a_hole_in_a_case_is_said_and_whole_numbers_stay_whole(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    days = [30.0 if key == "r02" else None for key in tiny.data["id"]]
    tiny.data["days"] = days
    tiny.scenario["shows"] = ["days"]
    made = given.Given(load_scenario(tiny.write()))
    assert made.shown_cases("plain") == {
        "r01": {"days": "not given"},
        "r02": {"days": "30"},
    }
