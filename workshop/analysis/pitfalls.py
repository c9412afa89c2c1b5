"""What usually goes wrong, and what does this record already say against it?

Only collects: a point is something that the record says, or leaves open, of one of five
pitfalls. Whether that is enough the pair judges; the words stand elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

from workshop.analysis.clauses import state_of
from workshop.analysis.intervals import rate
from workshop.record.agreed import ClauseState, Pitfall
from workshop.record.choices import DataReview, Record
from workshop.record.framed import Framing
from workshop.record.gaps import is_nothing
from workshop.record.values import Clause, Number

_HELD: dict[ClauseState, str] = {
    "kept": "error_within",
    "broken": "error_above",
    "cannot_tell": "error_cannot_tell",
}
_WITHOUT_ANSWER = {
    "harmed": ("harmed_unknown", "harmed_unsaid"),
    "rule": ("rule_unknown", "rule_unsaid"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the record says of a pitfall; ``good`` where it speaks against it.

    ``key`` picks the sentence and ``given`` fills it, with numbers or the pair's words.
    """

    key: str
    good: bool
    given: dict[str, Number | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PitfallFound:
    """A pitfall with its evidence; answered where every point speaks against it."""

    name: Pitfall
    points: tuple[Point, ...]

    @property
    def answered(self) -> bool:
        """Whether the record answers it without anybody adding a word."""
        return all(point.good for point in self.points)


@dataclass(frozen=True, slots=True)
class Known:
    """What was computed beside the record: two errors, and what stands in the way."""

    error: Number | None = None
    acceptable: Number | None = None
    blockers: tuple[str, ...] = ()
    deff: float = 1.0


def find_pitfalls(
    record: Record,
    *,
    error: Number | None,
    acceptable: Number | None,
    blockers: Sequence[str],
    deff: float = 1.0,
) -> tuple[PitfallFound, ...]:
    """Collect the evidence for and against each of the five pitfalls.

    Parameters
    ----------
    record
        What the pair said.
    error
        The error among answered on the rows kept aside, a share with its count; None
        while there is no threshold, or nothing has been scored. It is held with its
        two-sided 95 % range, as the verdict on the promise is: one promise has one
        range and one answer in every step.
    acceptable
        The error that the pair agreed to live with, a share; None so far.
    blockers
        Codes of findings that stand in the way, accepted or not.
    deff
        The design effect of the rows behind ``error``.
    """
    known = Known(error, acceptable, tuple(blockers), deff)
    names: tuple[Pitfall, ...] = get_args(Pitfall)
    return tuple(PitfallFound(n, tuple(_POINTS[n](record, known))) for n in names)


def _black_box(record: Record, _: Known) -> Iterator[Point]:
    told = record.threshold.told_why if record.threshold else ""
    yield Point("told", True, {"text": told}) if told else Point("told_none", False)


def _overpromising(record: Record, known: Known) -> Iterator[Point]:
    yield _held(known)
    framing = record.framing or Framing()
    if "promised" in framing.unknown:
        yield Point("promised_unknown", False)
    elif not framing.promised:
        yield Point("promised_unsaid", False)
    elif is_nothing(framing.promised):
        yield Point("promised_nothing", True)
    else:
        # no program can tell whether a sentence and a rate go together
        yield Point("promised", False, {"text": framing.promised})


def _held(known: Known) -> Point:
    """The promise against the error that was measured, held as the verdict is."""
    error, acceptable = known.error, known.acceptable
    if acceptable is None or acceptable.value is None:
        return Point("error_no_promise", False)
    if error is None or error.k is None or not error.n:
        return Point("error_unmeasured", False, {"acceptable": acceptable})
    held = rate(
        "pitfall.error", error.k, error.n, rows=error.rows or "report", deff=known.deff
    )
    promise = Clause(
        id="promise", metric="error_among_answered", at_most=acceptable.value
    )
    state = state_of(promise, held)
    given: dict[str, Number | str] = {"error": held, "acceptable": acceptable}
    return Point(_HELD[state], state == "kept", given)


def _late_involvement(record: Record, _: Known) -> Iterator[Point]:
    framing = record.framing or Framing()
    if "engineering_there" in framing.unknown:
        yield Point("there_unknown", False)
    elif framing.engineering_there == "yes":
        yield Point("there_yes", True)
    elif framing.engineering_there == "no":
        yield Point("there_no", False)
    elif is_nothing(framing.promised):
        yield Point("there_no_promise", True)
    else:
        yield Point("there_unsaid", False)


def _ethics_compliance(record: Record, _: Known) -> Iterator[Point]:
    framing = record.framing or Framing()
    for question, (unknown, unsaid) in _WITHOUT_ANSWER.items():
        said = getattr(framing, question)
        if question in framing.unknown:
            yield Point(unknown, False)
        elif said:
            yield Point(question, True, {"text": said})
        else:
            yield Point(unsaid, False)
    if framing.rule_checked_by:
        yield Point("checked", True, {"text": framing.rule_checked_by})
    elif framing.rule and not is_nothing(framing.rule):
        yield Point("checked_unsaid", False)


def _data_for_granted(record: Record, known: Known) -> Iterator[Point]:
    review = record.data_review or DataReview()
    accepted = {risk.finding for risk in review.accepted}
    still = tuple(code for code in known.blockers if code not in accepted)
    if still:
        yield Point("blockers", False, {"codes": ", ".join(still)})
    if not (review.accepted or review.assumptions):
        yield Point("data_unsaid", False)
        return
    counts = {"accepted": len(review.accepted), "assumed": len(review.assumptions)}
    yield Point("data_written", True, {n: _count(n, c) for n, c in counts.items()})


def _count(name: str, count: int) -> Number:
    return Number(id=f"pitfall.{name}", value=float(count), unit=name)


_POINTS: dict[Pitfall, Callable[[Record, Known], Iterator[Point]]] = {
    "black_box": _black_box,
    "overpromising": _overpromising,
    "late_involvement": _late_involvement,
    "ethics_compliance": _ethics_compliance,
    "data_for_granted": _data_for_granted,
}
