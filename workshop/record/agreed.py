"""What a pair agrees on: who decides, what makes it stop, whom it asks, when it meets.

A retrospective is here too, since it holds the agreement against what happened.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from workshop.record.bets import Digest, Seat
from workshop.record.values import Clause, Count, DateText, Frozen, Owner, Seen

RitualKind = Literal["readiness_review", "metric_review", "retrospective"]
Pitfall = Literal[
    "black_box",
    "overpromising",
    "late_involvement",
    "ethics_compliance",
    "data_for_granted",
]
ClauseState = Literal["kept", "broken", "cannot_tell"]
BetOutcome = Literal["inside", "below", "above", "cannot_tell"]
OWN = "own"
"""What a statement is about that a person thought of."""


class DecisionRight(Frozen):
    """Who decides one thing, and who is asked before; None where nobody does yet.

    ``asked`` are third roles, such as support or legal.
    """

    decision: str
    owner: Owner | None = None
    consulted: Owner | None = None
    asked: tuple[str, ...] = ()


class Escalation(Frozen):
    """Who is told when something breaks, how soon, and what happens meanwhile."""

    when: str
    to: str
    within_days: int | None = Field(default=None, ge=0)
    meanwhile: str = ""


class Ritual(Frozen):
    """A meeting with a date; ``every_weeks`` where it comes again."""

    what: RitualKind
    on: DateText
    every_weeks: Annotated[int, Field(ge=1, le=520)] | None = None
    who: str = ""


class NotAgreed(Frozen):
    """Both positions, what would change each mind, and who decides by when."""

    about: str
    product: str = ""
    engineering: str = ""
    would_change_product: str = ""
    would_change_engineering: str = ""
    decides: str = ""
    by: DateText | None = None


class Action(Frozen):
    """One thing that somebody does next; ``done`` is the day on which it was."""

    what: str
    who: str
    by: DateText | None = None
    done: DateText | None = None


class Statement(Frozen):
    """One sentence about what may be said outside, or not yet.

    ``about`` is what it speaks of, by a short id, `OWN` where a person thought of it;
    ``seen`` the figures that it rests on, None where it rests on none.
    """

    about: Annotated[str, StringConstraints(min_length=1)] = OWN
    says: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    seen: Seen | None = None


class Outside(Frozen):
    """What the pair says outside its room, and what it does not say yet."""

    may_say: tuple[Statement, ...] = ()
    not_yet: tuple[Statement, ...] = ()

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        both = {one.about for one in self.may_say} & {s.about for s in self.not_yet}
        if both - {OWN}:
            name = sorted(both - {OWN})[0]
            raise ValueError(
                f"{name!r} stands in may_say and in not_yet; keep one of them"
            )
        return self


class Agreement(Frozen):
    """Who decides what, what makes us stop, and when we meet again."""

    decides: tuple[DecisionRight, ...] = ()
    clauses: tuple[Clause, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    rituals: tuple[Ritual, ...] = ()
    retrospective: DateText | None = None
    premortem: dict[Pitfall, str] = {}
    actions: tuple[Action, ...] = ()
    not_agreed: tuple[NotAgreed, ...] = ()
    outside: Outside | None = None

    @model_validator(mode="after")
    def _clause_ids_differ(self) -> Self:
        ids = [clause.id for clause in self.clauses]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"two clauses are called {twice[0]!r}; ids must differ")
        return self


class Parked(Frozen):
    """One line that somebody wanted to keep for later, and where it came up."""

    text: str
    step: str = ""
    who: str = ""
    at: str = ""


class Retrospective(Frozen):
    """A look at new data after release, clause by clause.

    ``first`` and ``last`` are the days that the rows cover, where they have a time;
    ``counts`` is what each clause was held against. ``seen`` are the same figures as
    were seen when the threshold was chosen, on these rows. ``changed`` is what was
    done since the last one, ``carried`` the actions that were looked at, those with
    ``done`` finished and all others still open, ``wins`` what went well.
    """

    at: str
    data: Digest
    rows: int = Field(default=0, ge=0)
    first: str = ""
    last: str = ""
    clauses: dict[str, ClauseState] = {}
    counts: dict[str, Count] = {}
    seen: Seen | None = None
    bets: dict[Seat, BetOutcome] = {}
    changed: str = ""
    carried: tuple[Action, ...] = ()
    wins: tuple[str, ...] = ()
