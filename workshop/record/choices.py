"""What a pair can say, section by section, as frozen values.

The order of fields in `Record` is the order of sections in the file. Everything has
a default of "not said", because a record is read at every stage of the workshop.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from workshop.record.agreed import (
    Agreement,
    Parked,
    Retrospective,
)
from workshop.record.bets import (
    Bets,
    Digest,
    Pulses,
)
from workshop.record.framed import (
    Framing,
)
from workshop.record.journey import Borrowable
from workshop.record.lesson import Lesson
from workshop.record.terms import ASSUMED
from workshop.record.values import (
    AssumedName,
    BusinessName,
    DateText,
    Frozen,
    Owner,
    Policy,
    Role,
    Seen,
)

FORMAT = 1

Judgement = Literal["fine", "harmful"]


class Person(Frozen):
    """Somebody at the table; a persona speaks recorded lines for a missing half."""

    name: str
    persona: bool = False


class Participants(Frozen):
    """Who sits on which side of the table, and who else is asked."""

    product: tuple[Person, ...] = ()
    engineering: tuple[Person, ...] = ()
    support: tuple[Person, ...] = ()
    legal: tuple[Person, ...] = ()
    design: tuple[Person, ...] = ()


class Cases(Frozen):
    """What each said of the six cases before the label was shown: case id → word."""

    product: dict[str, Judgement] = {}
    engineering: dict[str, Judgement] = {}


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
        low, high = self.ends
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


class Record(Frozen):
    """One pair's choices; the fields stand in the order of the file.

    ``pulse`` asks each whether they could explain the other's worry; ``parking`` is
    what came up and was put off; ``lesson`` what one who is here alone has guessed.

    ``marks`` are the scores at which either half alone would have drawn the line.

    ``borrowed`` names the parts that say what the example says, not what the pair has
    decided.

    >>> Record(scenario="privacy-assistant").threshold is None  # not said yet
    True
    """

    format: Literal[1] = 1
    scenario: str
    participants: Participants = Participants()
    revision: int = Field(default=0, ge=0)
    cases: Cases | None = None
    pulse: Pulses | None = None
    lesson: Lesson | None = None
    bets: Bets | None = None
    framing: Framing | None = None
    data_review: DataReview | None = None
    marks: dict[Role, float] = {}
    threshold: ThresholdChoice | None = None
    option: str | None = None
    impact: ImpactChoice | None = None
    agreement: Agreement | None = None
    parking: tuple[Parked, ...] = ()
    borrowed: tuple[Borrowable, ...] = ()
    signatures: dict[Role, Signature] = {}
    retrospectives: tuple[Retrospective, ...] = ()
    log: tuple[LogEntry, ...] = ()


SECTIONS = tuple(Record.model_fields)
CHOICES = tuple(
    name
    for name in SECTIONS
    if name not in ("format", "scenario", "revision", "log", "retrospectives")
)
