"""One statement for outside, as it follows; and all that statements follow from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workshop.analysis.clauses import ClauseHeld
from workshop.analysis.evidence import Evidence
from workshop.analysis.readiness import Verdict
from workshop.data.scenario import Scenario
from workshop.record.agreed import Agreement
from workshop.record.choices import Record
from workshop.record.framed import Framing
from workshop.record.values import Number, Seen

MOST = 5
"""Statements on either side of a draft: more are not read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement as it follows from the record.

    ``about`` is its kind, for a clause followed by the clause's id; ``how`` picks one
    of the kind's sentences and ``given`` fills it, with numbers that stand elsewhere
    on the page under the same ids.
    """

    about: str
    how: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Drafts:
    """What may be said and what not yet, the most important first."""

    may_say: tuple[Draft, ...] = ()
    not_yet: tuple[Draft, ...] = ()

    @property
    def first(self) -> Drafts:
        """As many of each side as are read."""
        return Drafts(self.may_say[:MOST], self.not_yet[:MOST])


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What statements follow from.

    ``evidence`` and ``verdict`` are None where no figure may be shown, or none is
    there; ``error`` is that of the rows kept aside. ``today`` tells what is past.
    """

    record: Record
    scenario: Scenario
    today: date = date.min
    evidence: Evidence | None = None
    verdict: Verdict | None = None
    error: Number | None = None
    clauses: tuple[ClauseHeld, ...] = ()

    @property
    def framing(self) -> Framing:
        """What the pair framed; empty where it has not."""
        return self.record.framing or Framing()

    @property
    def agreement(self) -> Agreement:
        """What the pair agreed on; empty where it has not."""
        return self.record.agreement or Agreement()

    @property
    def carried(self) -> bool:
        """Whether the rows kept aside carry the promised largest error."""
        ready = ("ready", "ready_with_conditions")
        return self.verdict is not None and self.verdict.kind in ready
