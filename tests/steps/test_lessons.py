"""One who is alone says a number first, hears how it stands, and solves exercises."""

from __future__ import annotations

import pytest

from tests.steps.conftest import Player, words_of
from workshop.analysis.exercises import solve
from workshop.data.catalog import find_scenario, scenario_folders
from workshop.data.exercises import Exercise
from workshop.record.choices import Participants, Person, Record
from workshop.record.digest import digest
from workshop.steps.given import Given
from workshop.steps.lessons import GUESSED, WAY_AFTER
from workshop.views.panels.form import Form
from workshop.views.recaps.lesson import NEW_WORDS
from workshop.views.wording import phrase

SCENARIOS = [folder.name for folder in scenario_folders()]
ALONE = Participants(
    product=(Person(name="Nia"),), engineering=(Person(name="Ilir", persona=True),)
)
TWO = Participants(product=(Person(name="Nia"),), engineering=(Person(name="Bo"),))


def form_of(panel) -> Form | None:
    return next((part for part in panel.panels if isinstance(part, Form)), None)


@pytest.fixture
def alone(player: Player) -> Player:
    player.file.create(Record(scenario="privacy-assistant", participants=ALONE))
    return player


@pytest.fixture
def two(player: Player) -> Player:
    player.file.create(Record(scenario="privacy-assistant", participants=TWO))
    return player


# --- why, and what to look for -------------------------------------------------------


@pytest.mark.parametrize("number", ["00", "01", "02", "03", "04", "05", "06"])
def test_every_step_says_why_it_is_there_and_explains_its_new_words(alone, number):
    step = alone.open(number)
    told = words_of(step.lesson().panels[0])
    assert phrase(f"lesson.why_{step.id}") in told
    for term in NEW_WORDS[step.id]:
        assert phrase(f"lesson.means.{term}") in told


def test_a_word_is_explained_once_where_it_is_first_used():
    every = [term for terms in NEW_WORDS.values() for term in terms]
    assert len(every) == len(set(every))


def test_two_at_a_table_find_it_behind_one_line_and_are_asked_nothing(two):
    step = two.open("03")
    panel = step.lesson()
    assert form_of(panel) is None
    assert phrase("lesson.fold") in words_of(panel.panels[0])
    assert step.exercises().panels == ()


def test_whoever_turns_out_to_be_alone_is_asked_at_once(two):
    step = two.open("03")
    panel = step.lesson()
    step.save({"participants": ALONE}, "who is here: product")
    assert form_of(panel) is not None


# --- a guess before the figures ------------------------------------------------------


@pytest.mark.parametrize("number", ["02", "03", "04"])
def test_a_guess_is_kept_and_held_against_the_rows_and_the_persona(alone, number):
    step = alone.open(number)
    panel = step.lesson()
    form = form_of(panel)
    form.fill({step.id: "17"})
    assert form.save()
    assert alone.said().lesson.guesses[step.id].said == 17
    told = words_of(panel.panels[1])
    assert "You said 17" in told
    assert "Ilir says" in told
    assert form_of(panel) is None


def test_a_guess_counts_once(alone):
    first, second = alone.open("03"), alone.open("03")
    late = form_of(second.lesson())
    form = form_of(first.lesson())
    form.fill({"threshold": "10"})
    assert form.save()
    late.fill({"threshold": "30"})
    assert not late.save()
    assert alone.said().lesson.guesses["threshold"].said == 10


def test_steps_that_ask_for_cases_and_bets_ask_for_no_number(alone):
    for number in ("00", "01", "06"):
        assert form_of(alone.open(number).lesson()) is None


def test_a_guess_is_no_promise_and_voids_no_signature(alone):
    before = digest(alone.said())
    step = alone.open("03")
    form = form_of(step.lesson())
    form.fill({"threshold": "10"})
    assert form.save()
    assert digest(alone.said()) == before


def test_every_persona_has_a_guess_wherever_one_is_asked_for():
    for name in SCENARIOS:
        personas = find_scenario(name).personas
        for persona in (personas.product, personas.engineering):
            assert set(persona.guesses) == set(GUESSED), (name, persona.name)


# --- exercises -----------------------------------------------------------------------


def test_a_wrong_answer_gets_a_hint_and_later_the_way(alone):
    step = alone.open("03")
    panel = step.exercises()
    (exercise,) = [e for e in step.scenario.exercises if e.after == "threshold"]
    for attempt in range(1, WAY_AFTER + 1):
        form = form_of(panel)
        form.fill({"answer": "1"})
        assert form.save()
        told = words_of(panel.panels[1])
        assert phrase("exercise.too_low") in told
        assert exercise.hint in told
        assert ("of the" in told) == (attempt == WAY_AFTER)
    assert alone.said().lesson.exercises[exercise.id].answers == (1, 1, 1)


def test_the_right_answer_solves_it_and_says_how_it_comes_about(alone):
    step = alone.open("04")
    panel = step.exercises()
    (exercise,) = [e for e in step.scenario.exercises if e.after == "user_impact"]
    solution = 100 * solve(exercise, step.evidence).value
    form = form_of(panel)
    form.fill({"answer": f"{solution:.0f}"})
    assert form.save()
    assert alone.said().lesson.exercises[exercise.id].solved
    assert form_of(panel) is None
    assert "Acting pays where" in words_of(panel.panels[0])


def test_what_is_no_share_of_100_is_asked_for_again(alone):
    form = form_of(alone.open("03").exercises())
    form.fill({"answer": "140"})
    assert not form.save()
    assert alone.said().lesson is None


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_asks_two_things_and_their_answers_can_be_found(name):
    found = Given(find_scenario(name)).evidence(Record(scenario=name))
    asked = found.scenario.exercises
    assert [e.after for e in asked] == ["threshold", "user_impact"]
    for exercise in asked:
        value = solve(exercise, found).value
        assert 0.05 < value < 0.95, exercise.id


def test_an_exercise_says_what_it_needs():
    given = {"id": "a", "after": "threshold", "asks": "?", "hint": "!"}
    with pytest.raises(ValueError, match="needs score: and nothing else"):
        Exercise(**given, kind="error_from")
    with pytest.raises(ValueError, match="needs no figure: and nothing else"):
        Exercise(**given, kind="break_even", score=0.5)
