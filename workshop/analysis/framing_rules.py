"""What would a careful reader ask of a statement before a model is built for it?

One table, `RULES`: each rule has a code, what it looks for, a small function that
looks, and the rules after which it has nothing left to ask. The questions and examples
are worded in `workshop.views`. Heuristics on English words: they ask, never decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from workshop.analysis import framing_words as words
from workshop.analysis.framing import review_request
from workshop.record.framed import Framing, Outcome

ObjectionCode = Literal[
    "feature_brief",
    "cannot_move",
    "no_measure",
    "vague_aim",
    "no_baseline",
    "no_target",
    "no_date",
    "no_tolerable_error",
]


LONGEST = 1000
"""Characters that are read: a statement is a sentence or a few."""


@dataclass(frozen=True, slots=True)
class OutcomeGiven:
    """What stands in the fields beside the text, which need not repeat it."""

    from_: float | None = None
    to: float | None = None
    by: str | None = None
    acceptable_error: float | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """What a statement is asked; ``words`` are those of its own that raised it."""

    code: ObjectionCode
    words: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A text in one line, what its fields give, and what this model cannot move."""

    text: str
    given: OutcomeGiven = OutcomeGiven()
    cannot_move: tuple[str, ...] = ()

    @property
    def has_figures(self) -> bool:
        """Whether the fields say from what, or to what."""
        return self.given.from_ is not None or self.given.to is not None

    @property
    def numbers(self) -> str:
        """The text without numbers that are no value of the measure.

        Left out are dates, bases ("of 100"), windows ("within 30 days of") and what is
        said of errors that may happen.
        """
        text = words.DATE.sub(" by @ ", words.TOLERANCE.sub(" ", self.text))
        return words.BASE.sub(" ", words.WINDOW.sub(" ", text))


Finds = Callable[[Statement], str | None]
"""Returns the words that raise a rule, empty where something is absent, or None."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, what it looks for, who looks, and when not to look."""

    code: ObjectionCode
    looks_for: str
    finds: Finds
    not_after: tuple[ObjectionCode, ...] = ()


# --- what each rule looks for ---------------------------------------------------------


def _names_a_machine(said: Statement) -> str | None:
    found = review_request(said.text)
    return found.machine_does if found.kind == "feature_brief" else None


def _cannot_be_moved(said: Statement) -> str | None:
    """The scenario's own words first, then what no model anywhere moves by itself."""
    own = [r"\s+".join(map(re.escape, phrase.split())) for phrase in said.cannot_move]
    listed = rf"\b(?:{'|'.join(filter(None, own))})\b" if any(own) else r"(?!)"
    found = re.search(listed, said.text, re.IGNORECASE)
    return _first(found or words.FAR_AWAY.search(said.text))


def _measures_nothing(said: Statement) -> str | None:
    counts = (
        words.COUNTED.search(words.DATE.sub(" ", said.text))
        or words.CHANGED_COUNT.search(said.text)
        or (words.PLURAL.search(said.text) if said.has_figures else None)
    )
    return None if counts else ""


def _aims_vaguely(said: Statement) -> str | None:
    found = words.BUZZ.search(said.text) or words.ACCURACY.search(said.text)
    if found is None and not _counts_the_praised(said):
        found = words.PRAISE.search(said.text)
    return _first(found)


def _counts_the_praised(said: Statement) -> bool:
    """Whether "accurate" or "smart" tells which things are counted: it is no aim."""
    if said.has_figures:
        return words.PRAISED_THING.search(said.text) is not None
    return words.PRAISED_COUNT.search(said.text) is not None


def _lacks_baseline(said: Statement) -> str | None:
    if said.given.from_ is not None or words.FROM.search(said.numbers):
        return None
    rest = words.CHANGE.sub(" ", said.numbers)
    others = rest if said.given.to is not None else words.TARGET.sub(" ", rest, count=1)
    has_one = words.VALUE.search(others) or len(words.VALUE.findall(rest)) > 1
    return None if has_one else ""


def _lacks_target(said: Statement) -> str | None:
    return None if _sets_target(said) else ""


def _sets_target(said: Statement) -> bool:
    text = said.numbers
    if (
        said.given.to is not None
        or words.CHANGE.search(text)
        or words.TARGET.search(text)
    ):
        return True
    return len(words.VALUE.findall(text)) > 1


def _lacks_date(said: Statement) -> str | None:
    return None if said.given.by or words.DATE.search(said.text) else ""


def _lacks_tolerable_error(said: Statement) -> str | None:
    if said.given.acceptable_error is not None or not _sets_target(said):
        return None
    measure = words.VALUES_BEGIN.split(words.CHANGE.sub("", said.text))[0]
    return (
        None if words.ERROR.search(measure) or words.TOLERANCE.search(said.text) else ""
    )


def _first(found: re.Match[str] | None) -> str | None:
    return " ".join(found[0].split()) if found else None


# --- the table, most important first --------------------------------------------------

_A_BRIEF: tuple[ObjectionCode, ...] = ("feature_brief",)
_NOTHING_MEASURED: tuple[ObjectionCode, ...] = ("feature_brief", "no_measure")

RULES: tuple[Rule, ...] = (
    Rule("feature_brief", "a machine, instead of what improves", _names_a_machine),
    Rule("cannot_move", "an outcome that no model moves", _cannot_be_moved),
    Rule("no_measure", "nothing to count or to time", _measures_nothing, _A_BRIEF),
    Rule("vague_aim", "a praise instead of an aim", _aims_vaguely),
    Rule("no_baseline", "no value of today", _lacks_baseline, _NOTHING_MEASURED),
    Rule("no_target", "no value that is wanted", _lacks_target, _NOTHING_MEASURED),
    Rule("no_date", "no day to look at it", _lacks_date, _A_BRIEF),
    Rule(
        "no_tolerable_error",
        "a target, and no word on errors",
        _lacks_tolerable_error,
        _NOTHING_MEASURED,
    ),
)


def check_statement(
    text: str,
    *,
    given: OutcomeGiven | None = None,
    cannot_move: tuple[str, ...] = (),
) -> tuple[Objection, ...]:
    """Go through the table; an empty text is asked nothing.

    Parameters
    ----------
    text
        The statement as typed.
    given
        What its fields say already.
    cannot_move
        The scenario's own words for outcomes that its model cannot move.

    Examples
    --------
    >>> [o.code for o in check_statement("We need an AI that predicts churn")]
    ['feature_brief']
    >>> [o.code for o in check_statement("agent hours a week, 600 today")]
    ['no_target', 'no_date']
    """
    said = Statement(
        " ".join(text.split())[:LONGEST], given or OutcomeGiven(), cannot_move
    )
    raised: dict[ObjectionCode, Objection] = {}
    for rule in RULES if said.text else ():
        found = None if raised.keys() & set(rule.not_after) else rule.finds(said)
        if found is not None:
            raised[rule.code] = Objection(rule.code, found)
    return tuple(raised.values())


def given_by(outcome: Outcome | None, framing: Framing | None) -> OutcomeGiven:
    """What the fields of an outcome give, and the error that was agreed beside it."""
    expected = framing.expectations if framing else None
    error = expected.acceptable_error if expected else None
    if outcome is None:
        return OutcomeGiven(acceptable_error=error)
    return OutcomeGiven(outcome.from_, outcome.to, outcome.by, error)
