"""What does one record say of one choice, as a value that others can be held against?

A `Topic` is one choice of the journey; a `Value` is what one record says of it, and a
`Saw` what stood on the page when it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from workshop.record.agreed import Agreement, NotAgreed
from workshop.record.borrowed import is_borrowed
from workshop.record.choices import Record
from workshop.record.values import Count, Number, Rows, Seen

Step = Literal[
    "start",
    "framing",
    "data_readiness",
    "threshold",
    "user_impact",
    "agreement",
    "retrospective",
]
Kind = Literal[
    "words",
    "outcome",
    "share",
    "ratio",
    "fallback",
    "risks",
    "policy",
    "option",
    "floor",
    "right",
    "clause",
    "date",
    "left",
    "result",
]
State = Literal["said", "absent", "undecided", "not_agreed", "borrowed"]

ROWS: Mapping[str, Rows] = {"kept aside": "report", "all": "all"}


@dataclass(frozen=True, slots=True)
class Saw:
    """What stood on the page when a choice was made: counts, of which rows and data.

    Counts go without a range: how far rows hang together is not in a record, and a
    range that leaves it out would be too narrow. ``data_as`` is the place of the data
    among those compared, from 1; 0 where no digest was kept.
    """

    figures: Mapping[str, Number]
    rows: str
    data: str
    data_as: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """What one record says of one choice.

    ``words`` are the pair's own, ``terms`` names of the house's closed lists,
    ``numbers`` the figures by their part; these are compared. ``aside`` is shown and
    not compared. ``leads`` names the figure that can be set beside another record's,
    where both are counted in the same ``basis``.
    """

    state: State = "said"
    words: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    leads: str = ""
    basis: str = ""
    saw: Saw | None = None

    @property
    def lead(self) -> Number | None:
        """The figure that can be set beside another record's."""
        return self.numbers.get(self.leads)

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for values that say the same; six digits of a number count."""
        numbers = {name: _six(one.value) for name, one in self.numbers.items()}
        words = {name: fold(text) for name, text in self.words.items()}
        parts = (words, self.terms, numbers)
        return (self.state, *(tuple(sorted(p.items(), key=_first)) for p in parts))


Read = Callable[[Record, str, str], Value]


@dataclass(frozen=True, slots=True)
class Topic:
    """One choice: where it is made, what kind it is, and how a record is asked for it.

    ``about`` is the closed name, or the pair's own words, of what it is about;
    ``side`` which side a clause bounds; ``where`` its place in the record, by which a
    record says that it was not agreed.
    """

    id: str
    step: Step
    kind: Kind
    where: str
    read: Read
    about: str = ""
    side: str = ""


def value_of(topic: Topic, record: Record, head: str, as_of: str) -> Value:
    """Return what a record says of one choice.

    ``head`` begins the ids of its numbers. What the pair saved as not agreed is marked
    so, with both positions; one place above it marks only what is undecided. Of what
    was borrowed from the example nothing is said: it is no choice of this pair.
    """
    if is_borrowed(record, topic.where):
        return Value(state="borrowed")
    found = topic.read(record, f"{head}.{topic.id}", as_of)
    disputed = _disputed(record, topic.where, exactly=found.state != "undecided")
    if disputed is None:
        return found
    positions = {"product": disputed.product, "engineering": disputed.engineering}
    return replace(found, state="not_agreed", aside={**found.aside, **positions})


def fold(text: str) -> str:
    """Return words without what does not change them: case, spaces, a last full stop.

    >>> fold("  A wrong   Clause. ")
    'a wrong clause'
    """
    return " ".join(text.casefold().split()).rstrip(".")


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _six(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def _disputed(record: Record, where: str, *, exactly: bool) -> NotAgreed | None:
    agreement = record.agreement or Agreement()
    for item in agreement.not_agreed:
        if item.about == where or (not exactly and where.startswith(f"{item.about}.")):
            return item
    return None


def saw_of(seen: Seen | None, id: str) -> Saw | None:
    """Return what was seen when a choice was made; None where nothing was kept."""
    if seen is None:
        return None
    rows = ROWS.get(seen.rows)
    figures = {
        name: share_of(f"{id}.seen.{name}", count, rows)
        for name, count in seen.figures.items()
    }
    return Saw(figures, seen.rows, seen.data)


def share_of(id: str, count: Count, rows: Rows | None) -> Number:
    """Return a count as a share without a range; None of nothing."""
    value = count.k / count.n if count.n else None
    return Number(id=id, value=value, k=count.k, n=count.n, rows=rows)


def stated(id: str, value: float | None, unit: str) -> Number:
    """Return a figure that somebody stated."""
    return Number(id=id, value=value, unit=unit, assumed=True)


UNDECIDED = Value(state="undecided")
ABSENT = Value(state="absent")
