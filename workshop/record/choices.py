"""What a pair can say, section by section, as frozen values.

The order of fields in `Record` is the order of sections in the file. Everything has
a default of "not said", because a record is read at every stage of the workshop.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from workshop.record.terms import ASSUMED
from workshop.record.values import (
    AssumedName,
    BusinessName,
    Clause,
    DateText,
    FallbackKind,
    Frozen,
    Number,
    Owner,
    Policy,
    Role,
    Seen,
)

FORMAT = 1

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{4,64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Judgement = Literal["fine", "harmful"]


class Person(Frozen):
    """Somebody at the table; a persona speaks recorded lines for a missing half."""

    name: str
    persona: bool = False


class Participants(Frozen):
    """Who sits on which side of the table."""

    product: tuple[Person, ...] = ()
    engineering: tuple[Person, ...] = ()


class Cases(Frozen):
    """What each said of the six cases before the label was shown: case id → word."""

    product: dict[str, Judgement] = {}
    engineering: dict[str, Judgement] = {}


class Bet(Frozen):
    """One person's numbers before any curve was drawn. Shares lie in 0..1.

    ``ratio`` says how many false alarms one miss is worth; ``guess`` is the tolerable
    error that this person thinks the other one will name.
    """

    tolerable_error: Share
    expected_error: Share
    expected_low: Share | None = None
    expected_high: Share | None = None
    ratio: float = Field(gt=0)
    fallback: FallbackKind
    owner: Owner
    guess: Share | None = None

    @model_validator(mode="after")
    def _range_in_order(self) -> Self:
        low, high = self.expected_low, self.expected_high
        if low is not None and low > self.expected_error:
            raise ValueError("expected_low lies above expected_error")
        if high is not None and high < self.expected_error:
            raise ValueError("expected_high lies below expected_error")
        return self


class OpenedBet(Bet):
    """A bet after the opening, with the salt that proves it is the one sealed."""

    salt: str


class BetRound(Frozen):
    """A later round of the same bets, kept for the retrospective."""

    at: str
    product: Bet | None = None
    engineering: Bet | None = None


class Bets(Frozen):
    """Digests first; the bets themselves only after both are sealed."""

    sealed: dict[Role, Digest] = {}
    opened: dict[Role, OpenedBet] = {}
    rounds: tuple[BetRound, ...] = ()

    @model_validator(mode="after")
    def _opened_after_both_sealed(self) -> Self:
        if self.opened and set(self.sealed) != {"product", "engineering"}:
            raise ValueError("bets are opened only after both are sealed")
        return self


class Outcome(Frozen):
    """What should improve: a measure, from what, to what, by when."""

    measure: str
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    by: DateText | None = None


class Expectations(Frozen):
    """The four that are agreed before the curve: error, fallback, success, cost."""

    acceptable_error: Share | None = None
    fallback: FallbackKind | None = None
    success: str = ""
    cost_speed: str = ""


class WhenUnsure(Frozen):
    """What happens, and what is said, when nobody can be sure."""

    fallback: FallbackKind
    says: str = ""


class Framing(Frozen):
    """The problem as an outcome, and what the pair expects of any answer to it."""

    counts_as_wrong: str = ""
    request: str = ""
    outcome: Outcome | None = None
    expectations: Expectations | None = None
    ratio: float | None = Field(default=None, gt=0)
    when_unsure: WhenUnsure | None = None
    harmed: str = ""
    rule: str = ""
    promised: str = ""
    last_word_today: str = ""


class AcceptedRisk(Frozen):
    """A finding the pair lives with, and why."""

    finding: str
    reason: str
    owner: Owner | None = None
    revisit: DateText | None = None
    seen: Seen | None = None


class Assumption(Frozen):
    """Something taken as true that nobody measured."""

    says: str
    confidence: Literal["low", "medium", "high"] = "medium"
    owner: Owner | None = None
    revisit: DateText | None = None


class DataReview(Frozen):
    """What the pair lives with, asks for and takes as true about the data."""

    accepted: tuple[AcceptedRisk, ...] = ()
    conditions: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    cannot_do: tuple[str, ...] = ()
    because: str = ""


class ThresholdChoice(Frozen):
    """Where the line was drawn, why, and what was seen when it was.

    ``told_why`` is what a user is told about why they get this answer, or none.
    """

    policy: Policy
    because: str = ""
    told_why: str = ""
    seen: Seen | None = None


class Floor(Frozen):
    """One side of the dual metric: what must at least hold.

    ``metric`` names what is computed and held against it; None where ``measure`` is
    something that only people can count.
    """

    measure: str
    metric: BusinessName | None = None
    at_least: float | None = None
    at_most: float | None = None


class Assumed(Frozen):
    """Something that nobody measured, as a range: from low over likely to high.

    Without ends it is the one figure. ``unit`` may be left out; where it is given it
    has to be the one that the assumption is counted in.
    """

    low: float | None = None
    likely: float
    high: float | None = None
    unit: str = ""
    confidence: Literal["low", "medium", "high"] = "medium"
    source: str = ""
    owner: Owner | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low = self.likely if self.low is None else self.low
        high = self.likely if self.high is None else self.high
        if not low <= self.likely <= high:
            raise ValueError(
                f"a range goes from low over likely to high, not {low:g}, "
                f"{self.likely:g}, {high:g}"
            )
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that it may be."""
        low = self.likely if self.low is None else self.low
        return low, self.likely if self.high is None else self.high


def _check_assumed(given: dict[str, Assumed]) -> dict[str, Assumed]:
    for name, assumed in given.items():
        low, high = assumed.ends
        term = ASSUMED[name]
        if term.kind == "share" and not 0 <= low <= high <= 1:
            raise ValueError(
                f"{name} is a share and lies between 0 and 1, not from {low:g} to "
                f"{high:g}"
            )
        if term.least is not None and low < term.least:
            raise ValueError(f"{name} cannot be below {term.least:g}, not {low:g}")
    return given


AssumedBy = Annotated[dict[AssumedName, Assumed], AfterValidator(_check_assumed)]
"""Assumptions by name; shares lie in 0..1, times and counts are not negative."""


class Satisfaction(Frozen):
    """How it will be asked whether people are content; what is not known stays open."""

    asked: str
    today: float | None = None
    target: float | None = None
    unit: str = ""
    owner: Owner | None = None


class ImpactChoice(Frozen):
    """Volumes, assumptions, both floors, and why this option."""

    per_week: float | None = Field(default=None, gt=0)
    assumed: AssumedBy = {}
    satisfaction: Satisfaction | None = None
    model_floor: Floor | None = None
    business_floor: Floor | None = None
    because: str = ""
    seen: Seen | None = None


class DecisionRight(Frozen):
    """Who decides one thing, and who is asked before."""

    decision: str
    owner: Owner
    consulted: Owner | None = None


class Escalation(Frozen):
    """Who is told when something breaks, how soon, and what happens meanwhile."""

    when: str
    to: str
    within_days: int | None = Field(default=None, ge=0)
    meanwhile: str = ""


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
    """One thing that somebody does next."""

    what: str
    who: str
    by: DateText | None = None


class Agreement(Frozen):
    """Who decides what, what makes us stop, and when we meet again."""

    decides: tuple[DecisionRight, ...] = ()
    clauses: tuple[Clause, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    retrospective: DateText | None = None
    actions: tuple[Action, ...] = ()
    not_agreed: tuple[NotAgreed, ...] = ()

    @model_validator(mode="after")
    def _clause_ids_differ(self) -> Self:
        ids = [clause.id for clause in self.clauses]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"two clauses are called {twice[0]!r}; ids must differ")
        return self


class Signature(Frozen):
    """A name under a digest of everything above it."""

    name: str
    digest: Digest
    at: str
    persona: bool = False


class LogEntry(Frozen):
    """One line of the decision log; lines are added, never changed."""

    at: str
    who: str
    section: str
    decided: str
    because: str = ""
    seen: Seen | None = None


class Retrospective(Frozen):
    """A look at new data after release, clause by clause."""

    at: str
    data: Digest
    clauses: dict[str, Literal["kept", "broken", "cannot_tell"]] = {}
    numbers: tuple[Number, ...] = ()


class Record(Frozen):
    """One pair's choices; the fields stand in the order of the file.

    ``marks`` are the scores at which either half alone would have drawn the line.
    """

    format: Literal[1] = 1
    scenario: str
    participants: Participants = Participants()
    revision: int = Field(default=0, ge=0)
    cases: Cases | None = None
    bets: Bets | None = None
    framing: Framing | None = None
    data_review: DataReview | None = None
    marks: dict[Role, float] = {}
    threshold: ThresholdChoice | None = None
    option: str | None = None
    impact: ImpactChoice | None = None
    agreement: Agreement | None = None
    signatures: dict[Role, Signature] = {}
    retrospectives: tuple[Retrospective, ...] = ()
    log: tuple[LogEntry, ...] = ()


SECTIONS = tuple(Record.model_fields)
CHOICES = tuple(
    name
    for name in SECTIONS
    if name not in ("format", "scenario", "revision", "log", "retrospectives")
)
