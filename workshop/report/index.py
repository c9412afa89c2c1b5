"""Which of many reports needs attention first: a page and its JSON twin."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from workshop.record.atomic import write_text
from workshop.record.choices import Record
from workshop.record.values import DateText, Frozen, Number
from workshop.report.gathered import stops
from workshop.report.schema import VerdictKind, published
from workshop.views.index_page import Row, index_page
from workshop.views.section import number_json
from workshop.views.wording import Said, say

NAMES = ("index.html", "index.json")

State = Literal["written", "kept", "failed", "waiting"]


class IndexEntry(Frozen):
    """One report in the list; ``page`` is relative to the list, None without one."""

    name: str
    state: Literal["made", "failed", "waiting"]
    page: str | None
    verdict: VerdictKind | None
    headline: str
    number: Number | None
    as_of: DateText | None
    blockers: tuple[str, ...]
    broken: tuple[str, ...]
    gaps: tuple[str, ...]
    error: str


class IndexJson(Frozen):
    """The list's JSON twin; what needs attention stands first."""

    schema_: Literal["common-ground/index-1"] = Field(alias="schema")
    as_of: DateText
    reports: tuple[IndexEntry, ...]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``index.json``, as published in docs."""
    return published(IndexJson)


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one of many reports.

    ``name`` is the folder's, ``target`` what was asked for. ``stops`` holds one line
    for each reason why a gate is not met, ``error`` the sentence that tells of a
    failure, ``rule`` the one that says why the verdict is what it is.
    """

    name: str
    target: str
    folder: Path
    state: State = "waiting"
    page: Path | None = None
    verdict: str = ""
    rule: str = ""
    headline: str = ""
    number: Number | None = None
    as_of: str = ""
    stops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    error: str = ""
    exit_code: int = 0

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is still open, one line each."""
        return self.stops.get("gap", ())

    @property
    def finished(self) -> bool:
        """Say whether there is a whole report."""
        return self.state in ("written", "kept")


def found_in(twin: Mapping[str, Any], record: Record) -> dict[str, Any]:
    """Return what a report's twin says of an `Entry`."""
    return {
        "verdict": twin["verdict"],
        "rule": twin["rule"],
        "headline": twin["headline"],
        "number": headline_number(twin),
        "as_of": twin["as_of"],
        "stops": stops(dict(twin), record),
    }


def headline_number(twin: Mapping[str, Any]) -> Number | None:
    """Return the first share of the summary that has a range; None without one."""
    head = twin["sections"].get("overview", {"numbers": ()})
    for number in head["numbers"]:
        if number["unit"] == "share" and None not in (number["lo"], number["hi"]):
            return Number(**number)
    return None


def by_attention(entries: Iterable[Entry]) -> list[Entry]:
    """Sort by what needs attention; what is alike stays in the order given."""
    return sorted(entries, key=lambda entry: (_rank(entry), -len(entry.gaps)))


def _rank(entry: Entry) -> int:
    stopped = entry.stops
    if entry.state == "failed":
        return 0
    if entry.state == "waiting":
        return 1
    if stopped.get("broken"):
        return 2
    if stopped.get("blocker") or entry.verdict == "not_ready":
        return 3
    if stopped.get("gap"):
        return 4
    order = ("cannot_tell", "ready_with_conditions", "ready")
    return 5 + order.index(entry.verdict)


def write_index(out: Path, entries: Sequence[Entry], as_of: date) -> Path:
    """Write the list and its twin, each whole or as it was; return the page."""
    ordered = by_attention(entries)
    twin = index_json(ordered, out, as_of)
    text = json.dumps(twin, indent=1, ensure_ascii=False)
    write_text(out / NAMES[1], f"{text}\n")
    rows = [_row(entry, out) for entry in ordered]
    write_text(out / NAMES[0], index_page(rows, as_of=as_of.isoformat()))
    return out / NAMES[0]


def index_json(entries: Sequence[Entry], out: Path, as_of: date) -> dict[str, Any]:
    """Put the list's JSON twin together; its shape is `IndexJson`."""
    return {
        "schema": "common-ground/index-1",
        "as_of": as_of.isoformat(),
        "reports": [_entry_json(entry, out) for entry in entries],
    }


def _entry_json(entry: Entry, out: Path) -> dict[str, Any]:
    return {
        "name": entry.name,
        "state": _state(entry),
        "page": _link(entry, out) or None,
        "verdict": entry.verdict or None,
        "headline": entry.headline,
        "number": number_json(entry.number) if entry.number else None,
        "as_of": entry.as_of or None,
        "blockers": list(entry.stops.get("blocker", ())),
        "broken": list(entry.stops.get("broken", ())),
        "gaps": list(entry.gaps),
        "error": entry.error,
    }


def _row(entry: Entry, out: Path) -> Row:
    return Row(
        name=entry.name,
        link=_link(entry, out),
        state=_state(entry),
        verdict=entry.verdict,
        headline=entry.headline,
        number=entry.number,
        gaps=len(entry.gaps),
        broken=len(entry.stops.get("broken", ())),
        as_of=entry.as_of,
        attention=_attention(entry),
    )


def _attention(entry: Entry) -> Said:
    if entry.error:
        return say("batch.failed", why=entry.error)
    for gate, key in (("broken", "broke"), ("blocker", "blocker"), ("gap", "gap")):
        if why := entry.stops.get(gate):
            return say(f"index.{key}", why=why[0])
    if entry.state == "waiting":
        return say("index.waiting")
    told = entry.rule and entry.verdict != "ready"
    return say("index.rule", why=entry.rule) if told else say("index.nothing")


def _state(entry: Entry) -> str:
    return "made" if entry.finished else entry.state


def _link(entry: Entry, out: Path) -> str:
    """The way to its page from the list; what was made before is not called anew."""
    return entry.page.relative_to(out).as_posix() if entry.page else ""
