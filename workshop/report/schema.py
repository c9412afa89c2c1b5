"""The shape of ``report.json``, from which its published JSON Schema is made."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from workshop.record.values import DateText, Frozen, GapKind, Number, Owner

Status = Literal["ok", "undecided", "not_agreed", "cannot_tell", "failed"]
VerdictKind = Literal["ready", "ready_with_conditions", "not_ready", "cannot_tell"]


class DigestJson(Frozen):
    """What the report rests on; empty where the run did not get so far.

    ``report`` is the digest of the twin itself, these three left out, as JSON with
    sorted keys and without spaces, in ASCII.
    """

    record: str
    data: str
    report: str


class SectionJson(Frozen):
    """One step: how far it came, its headline, and every number on it."""

    title: str
    status: Status
    headline: str
    numbers: tuple[Number, ...]


class DetailJson(Frozen):
    """One row of the table behind a finding: a column, a group or a period."""

    about: str
    numbers: tuple[Number, ...]


class FindingJson(Frozen):
    """One check's outcome; ``threatens`` names a decision where something was found."""

    code: str
    dimension: str
    outcome: Literal["finding", "passed", "not_applicable", "cannot_tell"]
    severity: Literal["blocker", "warning", "note"] | None
    owner: Owner
    threatens: Literal[
        "promise", "threshold", "option", "volume", "groups", "release", ""
    ]
    numbers: tuple[Number, ...]
    details: tuple[DetailJson, ...]
    says: str


class ClauseJson(Frozen):
    """One clause and how it stands; ``number`` is the id of a number on the page."""

    id: str
    metric: str
    at_most: float | None
    at_least: float | None
    owner: Owner | None
    number: str | None
    state: Literal["kept", "broken", "cannot_tell"] | None
    says: str


class GapJson(Frozen):
    """One thing that is still open."""

    kind: GapKind
    code: str
    where: str
    says: str


class StatementJson(Frozen):
    """One sentence for those who were not there; ``about`` is its kind."""

    about: str
    says: str


class OutsideJson(Frozen):
    """What may be said outside the room and what not yet.

    ``drafted`` by the program alone; ``edited``, and ``signed`` by both as it stands;
    ``out_of_date`` where something was changed since.
    """

    state: Literal["drafted", "edited", "signed", "out_of_date"]
    may_say: tuple[StatementJson, ...]
    not_yet: tuple[StatementJson, ...]


class FailedJson(Frozen):
    """A section, or the run, that could not be finished."""

    section: str
    why: str


class ReportJson(Frozen):
    """The JSON twin of a report's page."""

    schema_: Literal["common-ground/report-1"] = Field(alias="schema")
    scenario: str
    title: str
    digest: DigestJson
    as_of: DateText
    verdict: VerdictKind
    rule: str
    headline: str
    limits: tuple[str, ...]
    borrowed: tuple[str, ...]
    outside: OutsideJson | None
    sections: dict[str, SectionJson]
    findings: tuple[FindingJson, ...]
    clauses: tuple[ClauseJson, ...]
    gaps: tuple[GapJson, ...]
    failed: tuple[FailedJson, ...]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``report.json``, as published in docs."""
    return published(ReportJson)


def published(shape: type[Frozen]) -> dict[str, Any]:
    """Return the JSON Schema of what a file holds, as a program reads it."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    made = shape.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": dialect, **made}
