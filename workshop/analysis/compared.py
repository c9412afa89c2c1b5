"""Where do several records differ, choice by choice, and how far apart are they?

Records are compared as they stand: nothing is computed from data, so a choice comes
with what was seen when it was made and with nothing newer. What is written in free
words counts as the same only where it is worded alike; what stands beside a choice,
such as what follows a broken clause, is handed on and not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from workshop.analysis.compared_choices import topics_of
from workshop.analysis.compared_values import Kind, Step, Topic, Value, value_of
from workshop.record.choices import Record
from workshop.record.digest import same_digest
from workshop.record.values import Number

SameData = Literal["same", "other", "unknown", ""]


@dataclass(frozen=True, slots=True)
class Spread:
    """How far apart the figures of one choice lie; ``relative`` is 0 where alike.

    ``low``, ``middle`` and ``high`` are the least, the median and the largest of what
    was said; ``apart`` is high minus low. ``relative`` divides that by the figure that
    is larger in size, so that choices of different units can be put in order; None
    where that means nothing, as for scores.
    """

    low: Number
    middle: Number
    high: Number
    apart: Number
    relative: float | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice, and what each record says of it, in the order of the records.

    ``about`` names the metric with its slice, or the decision; ``side`` is the side
    that a clause bounds.

    ``same`` holds where all say it alike; ``open`` where none has said anything, which
    is no agreement. ``data`` tells whether they had the same data before them: empty
    where none kept what it saw or only one has decided, unknown where only some did.
    """

    id: str
    step: Step
    kind: Kind
    about: str
    side: str
    values: tuple[Value, ...]
    same: bool
    open: bool
    spread: Spread | None
    data: SameData


@dataclass(frozen=True, slots=True)
class Compared:
    """Several records beside each other: ``labels`` are their names.

    ``choices`` has what differs first, then what is alike, then what nobody decided,
    each in the order of the journey. ``data`` are the digests of the data that were
    seen, in the order in which they appear; a `Saw` names one by its place, from 1.
    """

    labels: tuple[str, ...]
    choices: tuple[Choice, ...]
    data: tuple[str, ...]

    @property
    def differing(self) -> tuple[Choice, ...]:
        """What at least one record says otherwise than another."""
        return tuple(c for c in self.choices if not c.same and not c.open)

    @property
    def alike(self) -> tuple[Choice, ...]:
        """What all of them say alike."""
        return tuple(c for c in self.choices if c.same and not c.open)

    @property
    def undecided(self) -> tuple[Choice, ...]:
        """What none of them has decided."""
        return tuple(c for c in self.choices if c.open)

    @property
    def furthest(self) -> Choice | None:
        """The choice whose figures lie furthest apart, for their size."""
        sized = [c for c in self.differing if c.spread and c.spread.relative]
        return max(sized, key=_relative_of, default=None)


def compare_records(
    records: Sequence[Record], *, labels: Sequence[str], as_of: str = ""
) -> Compared:
    """Put records of one scenario beside each other.

    Parameters
    ----------
    records
        At least two: several pairs' records, or one pair's of several months.
    labels
        A name for each record, by which it is shown; all different.
    as_of
        The day that counts as today: retrospectives held later are left out. Empty
        takes all of them.

    Raises
    ------
    ValueError
        With fewer than two records, or labels that do not tell them apart.
    """
    if len(records) < 2:
        raise ValueError("at least two records are needed to compare")
    if len(labels) != len(records) or len(set(labels)) != len(labels):
        raise ValueError("each record needs a label of its own")
    rows = [
        (topic, [value_of(topic, r, f"r{i}", as_of) for i, r in enumerate(records, 1)])
        for topic in topics_of(records, as_of)
    ]
    # What came later is other data by design, of each record's own look.
    chosen = [values for topic, values in rows if topic.kind != "result"]
    data = _data_of(value for values in chosen for value in values)
    choices = [_choice(topic, _placed(values, data)) for topic, values in rows]
    return Compared(
        labels=tuple(labels),
        choices=tuple(sorted(choices, key=_group)),
        data=data,
    )


def _relative_of(choice: Choice) -> float:
    return (choice.spread.relative or 0.0) if choice.spread else 0.0


def _group(choice: Choice) -> int:
    """What differs first; sorting is stable and keeps the journey's order."""
    return 2 if choice.open else int(choice.same)


def _data_of(values: Iterable[Value]) -> tuple[str, ...]:
    found: list[str] = []
    for value in values:
        seen = value.saw.data if value.saw else ""
        if seen and not any(same_digest(seen, known) for known in found):
            found.append(seen)
    return tuple(found)


def _placed(values: Sequence[Value], data: Sequence[str]) -> tuple[Value, ...]:
    """Say of what each saw which of the data it was."""
    return tuple(
        replace(value, saw=replace(value.saw, data_as=_place(value.saw.data, data)))
        if value.saw and _place(value.saw.data, data)
        else value
        for value in values
    )


def _place(digest: str, data: Sequence[str]) -> int:
    """The place among those compared, from 1; 0 where it is none of them."""
    if not digest:
        return 0
    at = (i for i, known in enumerate(data, 1) if same_digest(digest, known))
    return next(at, 0)


def _choice(topic: Topic, values: tuple[Value, ...]) -> Choice:
    keys = {value.key for value in values}
    said = any(value.state in ("said", "not_agreed") for value in values)
    return Choice(
        id=topic.id,
        step=topic.step,
        kind=topic.kind,
        about=topic.about,
        side=topic.side,
        values=values,
        same=len(keys) == 1,
        open=not said,
        spread=_spread(topic, values),
        data=_same_data(values),
    )


def _same_data(values: Sequence[Value]) -> SameData:
    said = [value for value in values if value.state in ("said", "not_agreed")]
    places = [value.saw.data_as if value.saw else 0 for value in said]
    if len(places) < 2 or not any(places):
        return ""
    if len({place for place in places if place}) > 1:
        return "other"
    return "same" if all(places) else "unknown"


def _spread(topic: Topic, values: Sequence[Value]) -> Spread | None:
    """How far the leading figures lie apart; None where no two share a basis.

    None too where they are the same: then the values differ in something else.
    """
    leading = [(v.basis, v.lead) for v in values if v.lead is not None]
    found = [lead.value for _, lead in leading if lead.value is not None]
    if len(found) < 2 or len({basis for basis, _ in leading}) > 1:
        return None
    unit = leading[0][1].unit
    low, high = min(found), max(found)
    if low == high:
        return None
    stated = all(lead.assumed for _, lead in leading)
    points: Mapping[str, float] = {
        "low": low,
        "middle": float(median(found)),
        "high": high,
        "apart": high - low,
    }
    numbers = {
        name: Number(
            id=f"spread.{topic.id}.{name}", value=value, unit=unit, assumed=stated
        )
        for name, value in points.items()
    }
    return Spread(**numbers, relative=_relative(topic, low, high))


def _relative(topic: Topic, low: float, high: float) -> float | None:
    """Scores have no zero and no unit, so their distance has no size."""
    largest = max(abs(low), abs(high))
    if topic.kind == "policy":
        return None
    return (high - low) / largest if largest else 0.0
