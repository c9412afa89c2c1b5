"""A step as a lesson: why it is there, what to look for, and how a guess has fared."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workshop.analysis.guesses import Verdict
from workshop.analysis.noticed import Noticed
from workshop.data.exercises import Exercise
from workshop.record.values import Number, PayoffMatrix
from workshop.views.section import Block, Fold, Items, Paragraph, View
from workshop.views.wording import Said, say

NEW_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "start": ("bet", "record", "parking"),
        "framing": ("outcome", "acceptable_error", "ratio"),
        "data_readiness": ("finding", "label", "leak", "cannot_tell"),
        "threshold": (
            *("score", "precision", "recall"),
            *("kept_aside", "range", "fallback"),
        ),
        "user_impact": ("option", "floor", "assumed", "break_even"),
        "agreement": ("clause", "owner"),
        "retrospective": ("retro", "drift"),
    }
)
"""Which words each step is the first to use."""

_UNITS = MappingProxyType(
    {
        "data_readiness": "whole",
        "threshold": "of_hundred",
        "user_impact": "people",
        "agreement": "weeks",
    }
)


def lesson_view(step: str, *, other: str, alone: bool, progress: Said | None) -> View:
    """Why, what to look for, what could go wrong, the new words.

    Folded behind one line where two talk; ``other`` is the other half's name.
    """
    why, look = say(f"lesson.why_{step}"), say(f"lesson.look_{step}", name=other)
    wrong = Fold(say("lesson.wrong_title"), (Paragraph(say(f"lesson.wrong_{step}")),))
    words = Fold(say("lesson.words_title"), (Items(_words(step)),))
    blocks: tuple[Block, ...] = (
        Paragraph(say("lesson.why", why=why)),
        Paragraph(say("lesson.look", look=look)),
        wrong,
    )
    if not alone:
        return View((Fold(say("lesson.fold"), blocks), words))
    last = () if progress is None else (Paragraph(progress, "quiet"),)
    return View((*blocks, words, *last))


def _words(step: str) -> tuple[Said, ...]:
    return tuple(
        say(
            "lesson.defined",
            word=say(f"lesson.word.{term}"),
            means=say(f"lesson.means.{term}"),
        )
        for term in NEW_WORDS[step]
    )


def progress_said(guesses: int, solved: int, exercises: int) -> Said | None:
    """Say how far somebody has come with guesses and exercises; None: nowhere yet."""
    if not guesses and not solved:
        return None
    numbers = {"guesses": guesses, "solved": solved, "exercises": exercises}
    counted = {
        name: Number(id=f"lesson.{name}", value=value, unit="count")
        for name, value in numbers.items()
    }
    if not exercises:
        return say("lesson.guessed", guesses=counted["guesses"])
    return say("lesson.progress", **counted)


def clause_given(noticed: Noticed, labels: float | None) -> dict[str, Number | str]:
    """What fills the question after a clause: its limit, the rise, the labels."""
    return {
        name: Number(id=f"guess.{name}", value=value, unit=unit)
        for name, value, unit in (
            ("bound", noticed.promised, "share"),
            ("risen", noticed.risen, "share"),
            ("labels", labels, "per week"),
        )
    }


def kept_view(question: Said, said: float) -> View:
    """A guess before figures may be seen: the question again, and that it is kept."""
    return View(
        (Paragraph(question, "quiet"), Paragraph(say("guess.kept", said=_plain(said))))
    )


def guess_said(
    step: str, said: float, actual: Number, verdict: Verdict, persona: tuple[str, float]
) -> tuple[Said, ...]:
    """Say what was guessed, what it is, and what the persona had guessed.

    ``persona`` is its name and its guess; no name where it has none.
    """
    own = _plain(said)
    if actual.value is None and step != "agreement":
        lines = [say("guess.cannot_tell", said=own)]
    else:
        lines = [say("guess.feedback", said=own, **{"is": _is(step, actual)})]
        if actual.value is not None:
            lines.append(say(f"guess.{verdict}"))
    name, theirs = persona
    if name:
        lines.append(say("guess.with_persona", name=name, said=_plain(theirs)))
    return tuple(lines)


def _is(step: str, actual: Number) -> Said:
    if actual.value is None:
        return say("guess.later")
    if step == "agreement" and actual.value == 1:
        return say("guess.week")
    return say(f"guess.{_UNITS[step]}", n=actual)


def _plain(value: float) -> Said:
    return Said("{n:num}", {"n": Number(id="guess.said", value=value, unit="stated")})


def way_said(exercise: Exercise, solution: Number, *, payoff: PayoffMatrix) -> Said:
    """Say how the answer to an exercise comes about."""
    if solution.value is None:
        return say("exercise.cannot_tell")
    if exercise.kind == "break_even":
        return _break_even(solution, payoff)
    given = {
        name: Number(id=f"exercise.{name}", value=value, unit=unit)
        for name, value, unit in (
            ("score", exercise.score, "score"),
            ("at_most", exercise.at_most, "share"),
            ("share", exercise.share, "share"),
        )
        if value is not None
    }
    return say(f"exercise.{exercise.kind}", n=solution, **given)


def _break_even(solution: Number, payoff: PayoffMatrix) -> Said:
    worth = {
        name: Number(id=f"exercise.{name}", value=value, unit=payoff.unit, assumed=True)
        for name, value in (
            ("fp", payoff.false_alarm_cost),
            ("fn", payoff.miss_cost),
        )
    }
    return say("exercise.break_even", n=solution, currency=payoff.unit, **worth)
