"""A step as a lesson: why it is there, what to look for, and how a guess has fared."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workshop.analysis.guesses import Verdict
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


def progress_said(guesses: int, of: int, solved: int, exercises: int) -> Said:
    """Say how far somebody has come with guesses and exercises."""
    numbers = {
        "guesses": guesses,
        "all_guesses": of,
        "solved": solved,
        "exercises": exercises,
    }
    counted = {
        name: Number(id=f"lesson.{name}", value=value, unit="count")
        for name, value in numbers.items()
    }
    return say("lesson.progress", **counted)


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
    return say(f"guess.{_UNITS[step]}", n=actual)


def _plain(value: float) -> Said:
    return Said("{n:num}", {"n": Number(id="guess.said", value=value, unit="stated")})


def way_said(
    kind: str, solution: Number, *, score: float | None, payoff: PayoffMatrix
) -> Said:
    """Say how the answer to an exercise comes about."""
    if solution.value is None:
        return say("exercise.cannot_tell")
    if kind == "break_even":
        false_alarm, miss = payoff.false_alarm_cost, payoff.miss_cost
        worth = {
            name: Number(id=f"exercise.{name}", value=value, unit=payoff.unit)
            for name, value in (
                ("fp", false_alarm),
                ("fn", miss),
                ("both", false_alarm + miss),
            )
        }
        return say("exercise.break_even", n=solution, currency=payoff.unit, **worth)
    if kind == "error_from":
        at = Number(id="exercise.score", value=score, unit="score")
        return say("exercise.error_from", n=solution, score=at)
    return say(f"exercise.{kind}", n=solution)
