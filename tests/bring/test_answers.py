"""What an assistant's answers bring along is kept where it belongs, or told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from workshop.cli import main
from workshop.data.card import load_card
from workshop.data.scenario import load_scenario
from workshop.data.source import load_data, load_run, scored_rows
from workshop.steps import open_step

QUESTIONS = 60
MODELS = ("small", "large")


def answers(**more: Any) -> list[dict[str, Any]]:
    """Return judged answers of two models; the larger one is right more often."""
    return [
        {
            "answer_id": f"{model}-{i:03}",
            "question_id": f"q{i:03}",
            "model": model,
            "question": f"What does clause {i % 7} say about sharing?",
            "answer": f"{model} says: see clause {i}",
            "label": "right" if (7 * i + place) % 10 > 3 - place else "wrong",
            "confidence": ((11 * i + 5 * place) % 60) / 60,
            "latency_ms": 20.0 * (1 + place),
        }
        | {name: value(i, model) for name, value in more.items()}
        for place, model in enumerate(MODELS)
        for i in range(QUESTIONS)
    ]


def bring(folder: Path, lines: list[dict[str, Any]], *options: str) -> str:
    file = folder / "answers.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    arguments = ["new", str(folder / "own"), "--runs", str(file), *options]
    done = CliRunner().invoke(main, [*arguments, "--positive", "right"])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_what_a_model_wrote_stays_with_that_model(tmp_path):
    bring(tmp_path, answers())
    scenario = load_scenario(tmp_path / "own")
    data = load_data(scenario)
    assert "question" in data
    assert "answer" not in data
    for model in MODELS:
        said = load_run(scenario, model).set_index("question_id")["answer"]
        assert said["q003"] == f"{model} says: see clause 3"


def test_a_case_shows_the_answer_of_the_model_that_is_looked_at(tmp_path):
    bring(tmp_path, answers())
    step = open_step("00", record=str(tmp_path / "own"), interactive=False)
    for model in MODELS:
        shown = step.given.shown_cases(model)
        assert len(shown) == 6
        for case, columns in shown.items():
            assert columns["answer"] == f"{model} says: see clause {int(case[1:])}"
            assert columns["question"].startswith("What does clause")


def test_models_are_compared_by_the_question_and_not_by_each_answers_own_id(tmp_path):
    bring(tmp_path, answers())
    scenario = load_scenario(tmp_path / "own")
    assert scenario.key == "question_id"
    data = load_data(scenario)
    keys = [set(scored_rows(scenario, model, data).keys) for model in MODELS]
    assert keys[0] == keys[1]
    assert len(data) == QUESTIONS


def test_where_a_model_answers_a_question_twice_each_answer_has_its_own_key(tmp_path):
    lines = answers(question_id=lambda i, model: f"q{i // 2:03}")
    bring(tmp_path, lines)
    assert load_scenario(tmp_path / "own").key == "answer_id"


def test_a_key_that_was_named_is_taken(tmp_path):
    bring(tmp_path, answers(), "--key", "answer_id")
    assert load_scenario(tmp_path / "own").key == "answer_id"


def test_a_time_that_some_answers_lack_is_told_and_left_out_for_that_model(tmp_path):
    def took(i: int, model: str) -> float | None:
        return None if model == "small" and i < 4 else 12.5

    told = bring(tmp_path, answers(latency_ms=took))
    assert "latency_ms is missing in 4 answers of small" in told
    scenario = load_scenario(tmp_path / "own")
    assert [run.latency_ms for run in scenario.runs] == [None, "latency_ms"]
    data = load_data(scenario)
    assert scored_rows(scenario, "small", data).latency_ms is None
    assert set(scored_rows(scenario, "large", data).latency_ms) == {12.5}


def test_a_persons_labels_beside_a_judges_stay_with_the_answers_they_are_of(tmp_path):
    def person(i: int, model: str) -> str | None:
        return ("right" if model == "large" else "wrong") if i % 3 == 0 else None

    bring(tmp_path, answers(by_person=person))
    scenario = load_scenario(tmp_path / "own")
    for model, word in (("small", "wrong"), ("large", "right")):
        said = load_run(scenario, model)["by_person"]
        assert set(said.dropna()) == {word}
        assert said.notna().sum() == QUESTIONS / 3


def test_groups_and_time_stay_with_the_question(tmp_path):
    lines = answers(
        topic=lambda i, model: "ab"[i % 2],
        asked_at=lambda i, model: f"2027-01-{1 + i % 28:02}",
    )
    bring(tmp_path, lines)
    scenario = load_scenario(tmp_path / "own")
    assert (scenario.groups, scenario.time) == (("topic",), "asked_at")
    assert {"topic", "asked_at"} <= set(load_data(scenario).columns)


def test_a_time_of_one_moment_splits_no_answers_and_is_told(tmp_path):
    told = bring(tmp_path, answers(asked_at=lambda i, model: "2027-01-01"))
    assert "asked_at holds one moment only" in told
    assert load_scenario(tmp_path / "own").time is None


def test_a_model_whose_answers_nobody_judged_is_no_option(tmp_path):
    lines = [
        line | ({"label": None} if line["model"] == "large" else {})
        for line in answers()
    ]
    told = bring(tmp_path, lines)
    assert f"{QUESTIONS} answers lack a label or a confidence" in told
    assert [run.id for run in load_scenario(tmp_path / "own").runs] == ["small"]


def test_answers_of_which_none_has_both_a_label_and_a_confidence_are_refused(tmp_path):
    lines = [
        line | {"label" if place % 2 else "confidence": None}
        for place, line in enumerate(answers())
    ]
    with pytest.raises(AssertionError, match="are never both filled in"):
        bring(tmp_path, lines)


def test_a_column_with_very_many_values_names_no_models(tmp_path):
    lines = [line | {"model": f"m{place}"} for place, line in enumerate(answers())]
    with pytest.raises(AssertionError, match="'model' is read as who answered"):
        bring(tmp_path, lines)


def test_a_column_that_was_named_is_not_taken_for_another_part(tmp_path):
    bring(tmp_path, answers(), "--group", "model")
    scenario = load_scenario(tmp_path / "own")
    assert scenario.groups == ("model",)
    assert [run.id for run in scenario.runs] == ["answers"]
    assert len(load_run(scenario, "answers")) == len(MODELS) * QUESTIONS


def test_one_model_without_a_name_is_one_option(tmp_path):
    lines = [line for line in answers() if line.pop("model") == "small"]
    bring(tmp_path, lines)
    scenario = load_scenario(tmp_path / "own")
    assert [run.id for run in scenario.runs] == ["answers"]
    assert isinstance(load_data(scenario), pd.DataFrame)


@pytest.mark.parametrize("lacks", ["label", "confidence"])
def test_answers_that_nobody_judged_or_scored_are_counted_and_left_out(lacks, tmp_path):
    lines = answers()
    lines[0][lacks] = None
    told = bring(tmp_path, lines)
    assert "1 answers lack a label or a confidence" in told


def test_the_request_speaks_of_an_assistant_and_the_card_of_every_column(tmp_path):
    told = bring(tmp_path, answers())
    assert f"Judged answers to {QUESTIONS} questions were read" in told
    assert "assistant" in load_scenario(tmp_path / "own").request
    described = {column.name for column in load_card(tmp_path / "own").schema_.fields}
    assert described == set(answers()[0])
