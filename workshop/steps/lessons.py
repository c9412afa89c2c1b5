"""A step as a lesson for one: why, a guess before the figures, exercises at its end.

A base of every step (`workshop.steps.base`). Two at a table have each other: they find
the same words behind one line, and neither guesses nor exercises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workshop.analysis.clause_rows import consequence
from workshop.analysis.clauses_proposed import propose_clauses
from workshop.analysis.exercises import judge, solve
from workshop.analysis.guesses import (
    judge_guess,
    weeks_until_noticed,
    wrong_a_week,
    wrong_of_the_surest_half,
)
from workshop.analysis.noticed import Noticed
from workshop.analysis.readiness.registry import CHECKS
from workshop.data.exercises import Exercise
from workshop.errors import InputError
from workshop.record.lesson import Guess, Lesson, Tried
from workshop.record.values import Clause, Number, other_role
from workshop.steps.following import MEASURED
from workshop.steps.given import now_text
from workshop.views.recaps import lesson as views
from workshop.views.section import Items, Paragraph, View
from workshop.views.wording import Said, phrase, say

if TYPE_CHECKING:
    from workshop.data.scenario import Persona
    from workshop.steps.base import Step

GUESSED = ("data_readiness", "threshold", "user_impact", "agreement")
"""Steps that ask for a number first; the others ask for cases and bets."""
IN_HUNDRED = "threshold"
ERROR = "error_among_answered"
WAY_AFTER = 3
"""After so many answers that were off the way is given, after each a hint."""


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
        return self.follow(panel, "participants", "lesson", "bets", MEASURED)

    def look_at_lessons(self: Step) -> None:
        """Show what guesses and exercises have come to: figures may be seen now."""
        for refresh in self._followers.get("lesson", ()):
            refresh()

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
        return views.progress_said(len(self._so_far.guesses), solved, len(asked))

    # a guess -----------------------------------------------------------------------

    @property
    def _guess_given(self: Step) -> dict[str, Number | str] | None:
        """What fills the question's sentence; None where nothing can be asked."""
        if self.id not in GUESSED or not self.has_rows:
            return None
        if self.id == "data_readiness":
            return {"checks": str(len(CHECKS))}
        if self.id == "user_impact":
            return {"unit": self.scenario.decision.unit}
        if self.id == "threshold":
            return {}
        clause = self._clause_asked
        noticed = None if clause is None else self._noticed(clause)
        return noticed and views.clause_given(noticed, _labels_of(clause))

    @property
    def _clause_asked(self: Step) -> Clause | None:
        """The clause on the error: as it was asked about, agreed, or proposed."""
        if guess := self._so_far.guesses.get(self.id):
            return guess.clause
        agreed = self.record.agreement.clauses if self.record.agreement else ()
        window = phrase("panel.clauses.usual_window")
        clauses = agreed or propose_clauses(
            self.evidence, self.scenario, self.record, window=window
        )
        return next((clause for clause in clauses if self._can_be_asked(clause)), None)

    def _can_be_asked(self: Step, clause: Clause) -> bool:
        on_error = clause.metric == ERROR and not clause.slice
        return on_error and bool(_labels_of(clause)) and bool(self._noticed(clause))

    def _noticed(self: Step, clause: Clause) -> Noticed | None:
        """When the clause would notice, as the clauses of this step say it."""
        return consequence(clause, self.scenario, self.evidence).noticed

    def _guess_form(self: Step) -> Any:
        from workshop.views.panels.lesson import guess_panel

        return guess_panel(
            self.id,
            kind="share" if self.id == IN_HUNDRED else "number",
            given=self._guess_given or {},
            on_save=self._guess,
            read_only=self.read_only,
        )

    def _guess(self: Step, said: float) -> str:
        if self.id in self._so_far.guesses:
            raise InputError(say("guess.said_already").text)
        if self.id == IN_HUNDRED:
            said = _of_hundred(said)
        if self.id == "data_readiness" and said > len(CHECKS):
            raise InputError(
                say("guess.more_than_checks", checks=str(len(CHECKS))).text
            )
        clause = self._clause_asked if self.id == "agreement" else None
        if clause is not None:  # what the question says of it, and no more
            clause = clause.model_copy(update={"then": "", "seen": None})
        guess = Guess(said=said, at=now_text(), clause=clause)
        guesses = {**self._so_far.guesses, self.id: guess}
        told = self._save_lesson(f"guessed: {said:g}", guesses=guesses)
        for refresh in self._followers.get(MEASURED, ()):  # they have waited for it
            refresh()
        return told

    def waits_for_a_guess(self: Step) -> bool:
        """Whether one who is alone is asked to guess before figures are seen."""
        if not self.interactive or self.alone is None or self.read_only:
            return False
        return self.id not in self._so_far.guesses and self._guess_given is not None

    def _save_lesson(self: Step, decided: str, **fields: Any) -> str:
        """Change some of the lesson; another page of one person may have before."""
        self._catch_up("lesson", ())
        lesson = self._so_far.model_copy(update=fields)
        return self.save({"lesson": lesson}, decided)

    def _guess_view(self: Step) -> View:
        """The question again, with what was said; the figures once they may be seen."""
        said = self._so_far.guesses[self.id].said
        given = self._guess_given
        if given is None:  # nothing can be asked any more: no clause, or no line
            return View((Paragraph(say("guess.cannot_tell", said=f"{said:g}")),))
        question = say(f"field.guess.{self.id}", **given)
        if not self.may_see_figures():
            return views.kept_view(question, said)
        actual = self._guessed()
        share = 100 if self.id == IN_HUNDRED else 1
        persona = self._persona
        theirs = persona.guesses.get(self.id) if persona else None
        named = (persona.name, theirs) if persona and theirs is not None else ("", 0.0)
        verdict = judge_guess(said / share, actual)
        lines = views.guess_said(self.id, said, actual, verdict, named)
        return View((Paragraph(question, "quiet"), Items(lines)))

    def _guessed(self: Step) -> Number:
        """What was guessed at, as the rows have it."""
        if self.id == "data_readiness":
            found = len(self.reviewed(trained=True).of("finding"))
            return Number(id="guess.data_readiness", value=found, unit="findings")
        if self.id == "threshold":
            return wrong_of_the_surest_half(self.evidence)
        if self.id == "user_impact":
            return wrong_a_week(self.evidence)
        clause = self._clause_asked
        noticed = None if clause is None else self._noticed(clause)
        if noticed is None:
            return Number(id="guess.agreement", value=None)
        return weeks_until_noticed(noticed)

    # exercises ---------------------------------------------------------------------

    def exercises(self: Step) -> Any:
        """Ask what the scenario asks at this step's end of one who is here alone."""
        if not self.interactive:
            return View(())
        from workshop.views.panels.live import LivePanel

        panel = LivePanel(
            self._exercise_parts,
            same=lambda: (
                self.alone,
                self._so_far.exercises,
                self.may_see_figures(),
            ),
        )
        return self.follow(panel, "participants", "lesson", "bets", MEASURED)

    def _exercise_parts(self: Step) -> tuple[Any, ...]:
        from workshop.views.panels.live import LiveWords

        if self.alone is None or not self.has_rows:
            return ()
        asked = [each for each in self.scenario.exercises if each.after == self.id]
        if asked and not self.may_see_figures():
            return (LiveWords(lambda: View((Paragraph(say("exercise.not_yet")),))),)
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
            on_save=lambda answer: self._answer(exercise, _of_hundred(answer)),
            read_only=self.read_only,
        )
        return (form, told) if tried.answers else (form,)

    def _told_so_far(self: Step, exercise: Exercise, tried: Tried) -> View:
        """The verdict on the last answer; then a hint, and later the way."""
        if not tried.answers:
            return View(())
        solution = solve(exercise, self.evidence)
        verdict = judge(tried.answers[-1], solution, within=exercise.within)
        if tried.solved:
            # an exercise follows values that the pair may have changed since
            title = "exercise.solved" if verdict == "right" else "exercise.solved_then"
            lines = [Paragraph(say(title, asks=exercise.asks))]
        else:
            lines = (
                [Paragraph(say(f"exercise.{verdict}"))] if verdict != "right" else []
            )
            lines.append(Paragraph(say("exercise.hint", hint=exercise.hint), "quiet"))
        if tried.solved or len(tried.answers) >= WAY_AFTER:
            way = views.way_said(exercise, solution, payoff=self.evidence.payoff)
            lines.append(Paragraph(way))
        return View(tuple(lines))

    def _answer(self: Step, exercise: Exercise, answer: float) -> str:
        solution = solve(exercise, self.evidence)
        verdict = judge(answer, solution, within=exercise.within)
        before = self._so_far.exercises.get(exercise.id, Tried())
        tried = Tried(answers=(*before.answers, answer), solved=verdict == "right")
        return self._save_lesson(
            f"exercise {exercise.id}: {answer:g}",
            exercises={**self._so_far.exercises, exercise.id: tried},
        )


def _of_hundred(share: float) -> float:
    """A share that was typed, as so many of 100 again, without the binary dust."""
    return round(100 * share, 8)


def _labels_of(clause: Clause | None) -> float | None:
    measured = clause.measured_by if clause else None
    return measured.labels_per_week if measured else None
