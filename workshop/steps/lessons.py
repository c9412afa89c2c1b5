"""A step as a lesson for one: why, a guess before the figures, exercises at its end.

A base of every step (`workshop.steps.base`). Two at a table have each other: they find
the same words behind one line, and neither guesses nor exercises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workshop.analysis.exercises import judge, solve
from workshop.analysis.guesses import (
    judge_guess,
    weeks_until_noticed,
    wrong_a_week,
    wrong_of_the_surest_half,
)
from workshop.analysis.readiness.registry import CHECKS
from workshop.data.exercises import Exercise
from workshop.errors import InputError
from workshop.record.lesson import Guess, Lesson, Tried
from workshop.record.values import Number
from workshop.views.recaps import lesson as views
from workshop.views.section import Items, Paragraph, View
from workshop.views.wording import Said, say

if TYPE_CHECKING:
    from workshop.data.scenario import Persona
    from workshop.steps.base import Step

GUESSED = ("data_readiness", "threshold", "user_impact", "agreement")
"""Steps that ask for a number first; the others ask for cases and bets."""
IN_HUNDRED = "threshold"
HINT_AFTER, WAY_AFTER = 1, 3
"""After so many answers that were off, a hint is given, and then the way."""


class Lessons:
    """What makes a step a lesson."""

    # why, and what to look for ----------------------------------------------------

    def lesson(self: Step) -> Any:
        """Say why this step is there; alone, let a guess stand before the figures."""
        if not self.interactive:
            return self.persona_line()
        from workshop.views.panels.live import LivePanel

        panel = LivePanel(
            self._lesson_parts,
            same=lambda: (self.alone, self.names, self.id in self._so_far.guesses),
        )
        return self.follow(panel, "participants", "lesson", "threshold", "impact")

    def _lesson_parts(self: Step) -> tuple[Any, ...]:
        from workshop.views.panels.live import LiveWords

        words = LiveWords(self._lesson_view)
        if self.alone is None or self._guess_given is None:
            return (words,)
        if self.id in self._so_far.guesses:
            return words, LiveWords(self._guess_view)
        return words, self._guess_form()

    @property
    def _so_far(self: Step) -> Lesson:
        return self.record.lesson or Lesson()

    @property
    def _persona(self: Step) -> Persona | None:
        from workshop.steps.base import other_role

        return self.scenario.personas.of(other_role(self.alone)) if self.alone else None

    def _lesson_view(self: Step) -> View:
        alone = self.alone is not None
        other = self._persona.name if self._persona else say("lesson.other").text
        view = views.lesson_view(
            self.id, other=other, alone=alone, progress=self._progress()
        )
        return View((*view.blocks, *self.persona_line().blocks))

    def _progress(self: Step) -> Said | None:
        asked = self.scenario.exercises if self.has_rows else ()
        solved = sum(tried.solved for tried in self._so_far.exercises.values())
        return views.progress_said(
            len(self._so_far.guesses), len(GUESSED), solved, len(asked)
        )

    # a guess -----------------------------------------------------------------------

    @property
    def _guess_given(self: Step) -> dict[str, str] | None:
        """What fills the question's sentence; None where nothing can be asked."""
        if self.id not in GUESSED or not self.has_rows:
            return None
        if self.id == "data_readiness":
            return {"checks": str(len(CHECKS))}
        if self.id == "user_impact":
            return {"unit": self.scenario.decision.unit}
        if self.id == "threshold":
            return {}
        bound, labels = self._clause_given
        if bound is None or labels is None:
            return None
        return {"bound": f"{100 * bound:g}", "labels": str(labels)}

    @property
    def _clause_given(self: Step) -> tuple[float | None, int | None]:
        return self.evidence.acceptable_error, self.scenario.suggests.labels_per_week

    def _guess_form(self: Step) -> Any:
        from workshop.views.panels.lesson import guess_panel

        return guess_panel(
            self.id,
            given=self._guess_given or {},
            on_save=self._guess,
            read_only=self.read_only,
        )

    def _guess(self: Step, said: float) -> str:
        from workshop.steps.base import now_text

        if self.id in self._so_far.guesses:
            raise InputError(say("guess.said_already").text)
        guesses = {**self._so_far.guesses, self.id: Guess(said=said, at=now_text())}
        lesson = self._so_far.model_copy(update={"guesses": guesses})
        return self.save({"lesson": lesson}, f"guessed: {said:g}")

    def _guess_view(self: Step) -> View:
        said, actual = self._so_far.guesses[self.id].said, self._guessed()
        share = 100 if self.id == IN_HUNDRED else 1
        persona = self._persona
        theirs = persona.guesses.get(self.id) if persona else None
        named = (persona.name, theirs) if persona and theirs is not None else ("", 0.0)
        verdict = judge_guess(said / share, actual)
        lines = views.guess_said(self.id, said, actual, verdict, named)
        return View((Items(lines),))

    def _guessed(self: Step) -> Number:
        """What was guessed at, as the rows have it."""
        if self.id == "data_readiness":
            found = len(self.reviewed(trained=True).of("finding"))
            return Number(id="guess.data_readiness", value=found, unit="findings")
        if self.id == "threshold":
            return wrong_of_the_surest_half(self.evidence)
        if self.id == "user_impact":
            return wrong_a_week(self.evidence)
        bound, labels = self._clause_given
        if bound is None or labels is None:
            return Number(id="guess.agreement", value=None)
        return weeks_until_noticed(bound, labels, seed=self.scenario.seed)

    # exercises ---------------------------------------------------------------------

    def exercises(self: Step) -> Any:
        """Ask what the scenario asks at this step's end of one who is here alone."""
        if not self.interactive:
            return View(())
        from workshop.views.panels.live import LivePanel

        panel = LivePanel(
            self._exercise_parts,
            same=lambda: (self.alone, self._so_far.exercises),
        )
        return self.follow(panel, "participants", "lesson")

    def _exercise_parts(self: Step) -> tuple[Any, ...]:
        if self.alone is None or not self.has_rows:
            return ()
        asked = (each for each in self.scenario.exercises if each.after == self.id)
        return tuple(part for each in asked for part in self._exercise(each))

    def _exercise(self: Step, exercise: Exercise) -> tuple[Any, ...]:
        from workshop.views.panels.lesson import exercise_panel
        from workshop.views.panels.live import LiveWords

        tried = self._so_far.exercises.get(exercise.id, Tried())
        told = LiveWords(lambda: self._told_so_far(exercise, tried))
        if tried.solved:
            return (told,)
        form = exercise_panel(
            exercise.id,
            exercise.asks,
            on_save=lambda answer: self._answer(exercise, answer),
            read_only=self.read_only,
        )
        return (form, told) if tried.answers else (form,)

    def _told_so_far(self: Step, exercise: Exercise, tried: Tried) -> View:
        """The verdict on the last answer; then a hint, and later the way."""
        if not tried.answers:
            return View(())
        solution = solve(exercise, self.evidence)
        verdict = judge(tried.answers[-1], solution, within=exercise.within)
        lines = [] if tried.solved else [Paragraph(say(f"exercise.{verdict}"))]
        if tried.solved:
            lines.append(Paragraph(say("exercise.solved", asks=exercise.asks)))
        elif len(tried.answers) >= HINT_AFTER:
            lines.append(Paragraph(say("exercise.hint", hint=exercise.hint), "quiet"))
        if tried.solved or len(tried.answers) >= WAY_AFTER:
            way = views.way_said(
                exercise.kind,
                solution,
                score=exercise.score,
                payoff=self.evidence.payoff,
            )
            lines.append(Paragraph(way))
        return View(tuple(lines))

    def _answer(self: Step, exercise: Exercise, answer: float) -> str:
        solution = solve(exercise, self.evidence)
        verdict = judge(answer, solution, within=exercise.within)
        before = self._so_far.exercises.get(exercise.id, Tried())
        tried = Tried(answers=(*before.answers, answer), solved=verdict == "right")
        exercises = {**self._so_far.exercises, exercise.id: tried}
        lesson = self._so_far.model_copy(update={"exercises": exercises})
        return self.save({"lesson": lesson}, f"exercise {exercise.id}: {answer:g}")
