"""Who decides, what must hold, and what came of it: choices that records word freely.

Clauses of two records are one choice where metric, side and slice are the same, and
decisions where they are worded alike: records have no ids in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workshop.analysis.compared_values import (
    ABSENT,
    UNDECIDED,
    Kind,
    Read,
    Saw,
    Step,
    Topic,
    Value,
    fold,
    saw_of,
    share_of,
    stated,
)
from workshop.record.agreed import Agreement, Retrospective
from workshop.record.choices import Record
from workshop.record.terms import DECISIONS, METRICS
from workshop.record.values import Clause

ClauseKey = tuple[str, str, str]
"""Metric, side of the bound, slice: by these two clauses are the same choice."""


def rights(records: Sequence[Record]) -> tuple[Topic, ...]:
    """One choice for each decision that anybody gave an owner; the house's first."""
    ours = {fold(words): name for name, words in DECISIONS.items()}
    given = {
        fold(right.decision): right.decision
        for record in records
        for right in (record.agreement or Agreement()).decides
    }
    known = [words for words in ours if words in given]
    own = [words for words in given if words not in ours]
    return tuple(
        Topic(f"right.{ours[key]}", *RIGHT, _right(key), ours[key]) for key in known
    ) + tuple(
        Topic(f"right.own_{i}", *RIGHT, _right(key), given[key])
        for i, key in enumerate(own, 1)
    )


RIGHT: tuple[Step, Kind, str] = ("agreement", "right", "agreement.decides")


def _right(decision: str) -> Read:
    def read(record: Record, id: str, as_of: str) -> Value:
        rights = (record.agreement or Agreement()).decides
        if not rights:
            return UNDECIDED
        found = next((r for r in rights if fold(r.decision) == decision), None)
        if found is None:
            return ABSENT
        if found.owner is None:
            return UNDECIDED
        asked = found.consulted or ""
        return Value(
            terms={"owner": found.owner, "consulted": asked},
            aside={"asked": ", ".join(found.asked)} if found.asked else {},
        )

    return read


def _clause_key(clause: Clause) -> ClauseKey:
    side = "at_most" if clause.at_most is not None else "at_least"
    return clause.metric, side, clause.slice


def clause_keys(records: Iterable[Record]) -> tuple[ClauseKey, ...]:
    """Return the clauses that any record has, each once."""
    return tuple(
        dict.fromkeys(
            _clause_key(clause)
            for record in records
            for clause in (record.agreement or Agreement()).clauses
        )
    )


def clause_topic(place: int, key: ClauseKey) -> Topic:
    """Return the choice of one bound."""
    return Topic(
        f"clause.{place}",
        "agreement",
        "clause",
        "agreement.clauses",
        _clause(key),
        about=_about(key),
        side=key[1],
    )


def result_topic(place: int, key: ClauseKey) -> Topic:
    """Return what came of one bound at the last look."""
    return Topic(
        f"result.{place}",
        "retrospective",
        "result",
        "retrospectives",
        _result(key),
        about=_about(key),
        side=key[1],
    )


def _about(key: ClauseKey) -> str:
    """The metric, and the slice behind it where there is one."""
    metric, _, part = key
    return f"{metric} {part}" if part else metric


def _clause(key: ClauseKey) -> Read:
    def read(record: Record, id: str, as_of: str) -> Value:
        clauses = (record.agreement or Agreement()).clauses
        if not clauses:
            return UNDECIDED
        found = next((c for c in clauses if _clause_key(c) == key), None)
        return ABSENT if found is None else _clause_value(found, key, id)

    return read


def _clause_value(clause: Clause, key: ClauseKey, id: str) -> Value:
    metric, side, _ = key
    bound = stated(f"{id}.{side}", getattr(clause, side), METRICS[metric].unit)
    return Value(
        words={"window": clause.window},
        terms={"owner": clause.owner or ""},
        numbers={side: bound},
        aside={"then": clause.then} if clause.then else {},
        leads=side,
        saw=saw_of(clause.seen, id),
    )


def held_in(
    record: Record, key: ClauseKey, as_of: str
) -> tuple[str, Retrospective] | None:
    """The last look that says something of a clause, and the clause's id there."""
    clauses = (record.agreement or Agreement()).clauses
    id = next((c.id for c in clauses if _clause_key(c) == key), None)
    looks = [
        look
        for look in record.retrospectives
        if id in look.clauses and (not as_of or look.at[:10] <= as_of)
    ]
    return (id, looks[-1]) if id is not None and looks else None


def _result(key: ClauseKey) -> Read:
    def read(record: Record, id: str, as_of: str) -> Value:
        held = held_in(record, key, as_of)
        if held is None:
            return ABSENT
        name, look = held
        count = look.counts.get(name)
        figures = (
            {key[0]: share_of(f"{id}.seen.{key[0]}", count, "live")} if count else {}
        )
        return Value(
            terms={"state": look.clauses[name]},
            aside={"at": look.at[:10], "first": look.first, "last": look.last},
            saw=Saw(figures, "", look.data),
        )

    return read
