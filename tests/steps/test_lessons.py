"""One who is alone says a number first, hears how it stands, and solves exercises."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.steps.conftest import Player, saved, words_of
from workshop.analysis.evidence import Evidence
from workshop.analysis.exercises import solve
from workshop.analysis.guesses import wrong_a_week, wrong_of_the_surest_half
from workshop.analysis.readiness.registry import CHECKS
from workshop.data.catalog import find_scenario, scenario_folders
from workshop.data.exercises import Exercise
from workshop.record.choices import ImpactChoice, Participants, Person, Record
from workshop.record.digest import digest
from workshop.record.file import RecordFile
from workshop.record.lesson import Guess, Lesson
from workshop.steps.given import Given
from workshop.steps.lessons import GUESSED, WAY_AFTER
from workshop.views.panels.form import Form
from workshop.views.panels.live import LivePanel
from workshop.views.recaps.lesson import NEW_WORDS, progress_said
from workshop.views.section import Paragraph, View
from workshop.views.wording import phrase, say

SCENARIOS = [folder.name for folder in scenario_folders()]
ALONE = Participants(
    product=(Person(name="Nia"),), engineering=(Person(name="Ilir", persona=True),)
)
TWO = Participants(product=(Person(name="Nia"),), engineering=(Person(name="Bo"),))


def counted(found: Evidence) -> pd.DataFrame:
    """The rows of the option in play, to be counted without any of our counting."""
    return pd.DataFrame(
        {
            "score": found.rows.scores,
            "right": found.rows.labels.astype(bool),
            "choose": found.choosing(),
        }
    )


def form_of(panel) -> Form | None:
    return next((part for part in panel.panels if isinstance(part, Form)), None)


@pytest.fixture
def alone(player: Player) -> Player:
    player.file.create(Record(scenario="privacy-assistant", participants=ALONE))
    return player


def example(name: str) -> Record:
    """What the shipped pair of a scenario agreed on, taken up by one alone."""
    record = RecordFile(find_scenario(name).folder / "example-record.yaml").read()
    return record.model_copy(update={"participants": ALONE, "lesson": None})


BETS = example("privacy-assistant").bets
AT = "2026-11-23T10:00:00+00:00"


@pytest.fixture
def sealed(player: Player) -> Player:
    """Alone, with both bets sealed: figures may be seen."""
    record = Record(scenario="privacy-assistant", participants=ALONE, bets=BETS)
    player.file.create(record)
    return player


@pytest.fixture
def guessed(player: Player) -> Player:
    """Alone, with both bets sealed and every guess made."""
    guesses = {step: Guess(said=17, at=AT) for step in GUESSED}
    record = Record(
        scenario="privacy-assistant",
        participants=ALONE,
        bets=BETS,
        lesson=Lesson(guesses=guesses),
    )
    player.file.create(record)
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


def guess(step, typed: str) -> LivePanel:
    """Type a guess at the head of a step, and save it."""
    panel = step.lesson()
    form = form_of(panel)
    form.fill({step.id: typed})
    assert form.save()
    return panel


@pytest.mark.parametrize("number", ["02", "03", "04"])
def test_a_guess_is_kept_and_held_against_the_rows_and_the_persona(sealed, number):
    step = sealed.open(number)
    panel = guess(step, "17")
    assert sealed.said().lesson.guesses[step.id].said == 17
    told = words_of(panel.panels[1])
    assert "You said 17" in told
    assert "Ilir says" in told
    assert form_of(panel) is None


@pytest.mark.parametrize("number", ["02", "03", "04"])
def test_before_the_bets_are_sealed_a_guess_is_kept_and_no_figure_is_told(
    alone, number
):
    step = alone.open(number)
    panel = guess(step, "17")
    told = words_of(panel.panels[1])
    assert phrase("guess.kept").partition("{")[0] in told
    question = phrase(f"field.guess.{step.id}").partition("{")[0]
    assert question in told
    assert "17" in told
    assert "Ilir says" not in told
    assert not set(re.findall(r"\d+", told)) - {"17", str(len(CHECKS)), "100"}


def test_once_the_bets_are_sealed_an_open_page_says_what_it_is(alone):
    step = alone.open("03")
    panel, exercises = guess(step, "17"), step.exercises()
    assert form_of(exercises) is None
    step.save({"bets": BETS}, "bets sealed")
    assert "Ilir says" in words_of(panel.panels[1])
    assert form_of(exercises) is not None


def test_whoever_asks_to_see_all_the_same_sees_these_too(alone):
    step = alone.open("03")
    panel, exercises, figures = guess(step, "17"), step.exercises(), step.recap()
    figures.press()
    assert "Ilir says" not in words_of(panel.panels[1])
    figures.press()
    assert "Ilir says" in words_of(panel.panels[1])
    assert form_of(exercises) is not None


def test_one_person_with_two_steps_open_may_answer_in_both(sealed):
    first, second = sealed.open("03"), sealed.open("04")
    guess(first, "17")
    guess(second, "1,300")
    assert set(sealed.said().lesson.guesses) == {"threshold", "user_impact"}


@pytest.mark.parametrize(
    ("number", "typed"),
    [("03", "140"), ("03", "-5"), ("04", "-5"), ("02", "1.5"), ("02", "34")],
)
def test_what_can_be_no_answer_is_asked_for_again(sealed, number, typed):
    step = sealed.open(number)
    form = form_of(step.lesson())
    form.fill({step.id: typed})
    assert not form.save()
    assert sealed.said().lesson is None


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_weeks_of_a_guess_are_those_of_the_clause_on_the_same_page(player, name):
    player.file.create(example(name))
    step = player.open("05")
    (clause,) = [
        now
        for now in step.clauses_now()
        if now.held.clause.metric == "error_among_answered"
    ]
    noticed = clause.brings.noticed
    panel = step.lesson()
    asked = form_of(panel).rows["agreement"].label
    bound, risen = round(100 * noticed.promised), round(100 * noticed.risen)
    assert f"at most {bound} wrong of 100" in asked
    assert f"{risen} of 100 are wrong" in asked
    form_of(panel).fill({"agreement": "9"})
    assert form_of(panel).save()
    told = words_of(panel.panels[1])
    weeks = noticed.median
    said = phrase("guess.later") if weeks is None else f"about {weeks} weeks"
    assert said in told
    assert asked in told


def test_a_guess_stays_with_the_clause_that_it_was_asked_about(player):
    player.file.create(example("deposit-calls"))
    step = player.open("05")
    panel = guess(step, "9")
    before = words_of(panel.panels[1])
    agreed = step.record.agreement
    clauses = tuple(
        clause.model_copy(update={"at_most": 0.5}) for clause in agreed.clauses[:1]
    )
    step.save({"agreement": agreed.model_copy(update={"clauses": clauses})}, "changed")
    assert words_of(panel.panels[1]) == before


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_guessed_at_is_a_plain_count_of_the_rows(name):
    found = Given(find_scenario(name)).evidence(Record(scenario=name))
    rows = counted(found)
    chosen = rows[rows.choose]
    scores = np.sort(chosen.score.unique())[::-1]
    acted = np.array([(chosen.score >= score).sum() for score in scores])
    cut = scores[np.argmin(np.abs(acted - len(chosen) / 2))]
    surest = chosen[chosen.score >= cut]
    number = wrong_of_the_surest_half(found)
    assert (number.k, number.n) == ((~surest.right).sum(), len(surest))
    week = wrong_a_week(found)
    assert week.value == pytest.approx((~rows.right).mean() * found.per_week)


def test_more_findings_than_checks_is_said_in_a_sentence(sealed):
    form = form_of(sealed.open("02").lesson())
    form.fill({"data_readiness": "34"})
    assert not form.save()
    assert "There are 33 checks" in words_of(form)


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


def test_a_wrong_answer_gets_a_hint_and_later_the_way(guessed):
    step = guessed.open("03")
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
    assert guessed.said().lesson.exercises[exercise.id].answers == (1, 1, 1)


def solved(player: Player) -> tuple[Any, LivePanel]:
    """Step 04 with its exercise solved."""
    step = player.open("04")
    panel = step.exercises()
    (exercise,) = [e for e in step.scenario.exercises if e.after == "user_impact"]
    solution = 100 * solve(exercise, step.evidence).value
    form = form_of(panel)
    form.fill({"answer": f"{solution:.0f}"})
    assert form.save()
    return step, panel


def test_the_right_answer_solves_it_and_says_how_it_comes_about(guessed):
    step, panel = solved(guessed)
    (exercise,) = [e for e in step.scenario.exercises if e.after == "user_impact"]
    assert guessed.said().lesson.exercises[exercise.id].solved
    assert form_of(panel) is None
    told = words_of(panel.panels[0])
    assert "acting pays" in told
    assert exercise.asks in told


def test_a_solved_exercise_says_so_when_its_values_have_changed_since(guessed):
    step, panel = solved(guessed)
    fp = example("privacy-assistant").impact.assumed["fp"]
    dear = fp.model_copy(update={"low": -30.0, "likely": -20.0, "high": -10.0})
    impact = ImpactChoice(assumed={"fp": dear})
    step.save({"impact": impact}, "the costs are others")
    assert "Something has changed since" in words_of(panel.panels[0])


@pytest.mark.parametrize("typed", ["140", "-3", "many"])
def test_what_is_no_share_of_100_is_no_answer(guessed, typed):
    form = form_of(guessed.open("03").exercises())
    form.fill({"answer": typed})
    assert not form.save()
    assert guessed.said().lesson.exercises == {}


def test_where_nothing_can_be_solved_nothing_is_counted():
    assert progress_said(0, 0, 2) is None
    assert "Exercises" not in progress_said(2, 0, 0).text
    assert "1 of 2" in progress_said(2, 1, 2).text


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_asks_two_things_and_their_answers_can_be_found(name):
    found = Given(find_scenario(name)).evidence(Record(scenario=name))
    asked = found.scenario.exercises
    assert [e.after for e in asked] == ["threshold", "user_impact"]
    for exercise in asked:
        number = solve(exercise, found)
        assert 0.05 < number.value < 0.95, exercise.id
        assert number.value == pytest.approx(COUNTS[exercise.kind](exercise, found))


def _error_from(exercise: Exercise, found: Evidence) -> float:
    rows = counted(found)
    acted = rows[rows.choose & (rows.score >= exercise.score)]
    return float((~acted.right).mean())


def _most_within(exercise: Exercise, found: Evidence) -> float:
    rows = counted(found)
    chosen = rows[rows.choose]
    acted = [chosen[chosen.score >= score] for score in chosen.score.unique()]
    within = [len(one) for one in acted if (~one.right).mean() <= exercise.at_most]
    return max(within) / len(chosen)


def _found_among(exercise: Exercise, found: Evidence) -> float:
    rows = counted(found)
    chosen = rows[rows.choose]
    scores = np.sort(chosen.score.to_numpy())[::-1]
    cuts = np.unique(scores)
    sizes = np.array([(scores >= cut).sum() for cut in cuts])
    cut = cuts[np.argmin(np.abs(sizes - exercise.share * len(chosen)))]
    return float(chosen[chosen.score >= cut].right.sum() / chosen.right.sum())


def _break_even(exercise: Exercise, found: Evidence) -> float:
    """Elkan 2001, equation 2, from the matrix itself and not from its two costs."""
    payoff = found.payoff
    return (payoff.tn - payoff.fp) / (payoff.tn - payoff.fp + payoff.tp - payoff.fn)


COUNTS = {
    "error_from": _error_from,
    "most_within": _most_within,
    "found_among": _found_among,
    "break_even": _break_even,
}


def test_an_exercise_says_what_it_needs():
    given = {"id": "a", "after": "threshold", "asks": "?", "hint": "!"}
    with pytest.raises(ValueError, match="needs score: and nothing else"):
        Exercise(**given, kind="error_from")
    with pytest.raises(ValueError, match="needs no figure: and nothing else"):
        Exercise(**given, kind="break_even", score=0.5)


# --- figures wait for the guess ------------------------------------------------------


@pytest.mark.parametrize("number", ["02", "03", "04"])
def test_alone_figures_wait_for_the_guess_and_come_by_themselves_after_it(
    sealed, number
):
    step = sealed.open(number)
    head = step.in_short()
    assert step.where_we_are() == phrase("page.guess_first")
    assert step.where_we_are() in words_of(head)
    assert not step.may_see_figures()
    shown = step.figures(lambda: View((Paragraph(say("page.not_yet")),)))
    assert phrase("page.not_yet") not in words_of(shown)
    guess(step, "17")
    assert step.may_see_figures()
    assert phrase("page.not_yet") in words_of(shown)
    assert step.where_we_are() == step.headline().text
    assert head.text == step.headline().text, "it follows what may be seen"


def test_the_line_at_the_head_of_a_page_follows_what_is_saved(sealed):
    step = sealed.open("01")
    head = step.in_short()
    whole = {"measure": "agent hours a week", "from": "600", "to": "420"}
    saved(sealed.fill("01", step.outcome(), **whole, by="2027-06"))
    assert "from 600 to 420 by 2027-06" in words_of(head)
    assert head._repr_mimebundle_()["text/plain"] == step.where_we_are()


def test_whoever_will_not_guess_is_told_once_what_it_costs(sealed):
    step = sealed.open("03")
    shown = step.recap()
    shown.press()
    assert phrase("panel.reveal.not_guessed") in words_of(shown)
    shown.press()
    assert step.may_see_figures()


def test_two_at_a_table_wait_for_no_guess(player):
    record = Record(scenario="privacy-assistant", participants=TWO, bets=BETS)
    player.file.create(record)
    assert player.open("03").may_see_figures()


def test_nobody_waits_where_nothing_can_be_asked(sealed):
    assert sealed.open("01").may_see_figures()


def test_in_05_what_a_clause_would_notice_waits_for_the_guess_at_it(player):
    player.file.create(example("deposit-calls"))
    step = player.open("05")
    panel = step.clauses()
    waits = phrase("page.guess_first")
    assert waits in words_of(panel)
    assert "is noticed" not in words_of(panel)
    guess(step, "9")
    assert waits not in words_of(panel)
    assert "is noticed" in words_of(panel)


def test_a_guess_that_can_be_held_against_nothing_any_more_is_still_told(
    player, monkeypatch
):
    player.file.create(example("deposit-calls"))
    step = player.open("05")
    panel = guess(step, "9")
    monkeypatch.setattr(type(step), "_noticed", lambda *_: None)
    panel.refresh()
    assert "You said 9. These rows cannot tell" in words_of(panel.panels[1])
