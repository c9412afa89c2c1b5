"""A look back: everything that follows from new rows for one record.

Like `Options` and `Weighed`: each part is computed when it is first asked for, and the
step, the report and the command read the same object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from workshop.analysis.bets_scored import RoundsScored
from workshop.analysis.evidence import Evidence
from workshop.analysis.retro.clauses import hold_clauses
from workshop.analysis.retro.decisions import decision_now
from workshop.analysis.retro.drifts import drifts
from workshop.analysis.retro.followed import (
    bets_held,
    bets_scored,
    carried_actions,
    wins,
)
from workshop.analysis.retro.new_rows import NewRows
from workshop.analysis.retro.promises import promises_held, seen_now, since_last
from workshop.analysis.retro.results import (
    BetHeld,
    CarriedAction,
    ClauseHeld,
    DecisionNow,
    Drifts,
    LabelledApart,
    PromiseHeld,
    Since,
    Waiting,
    Why,
    Win,
    Window,
)
from workshop.analysis.retro.waiting import waiting
from workshop.data.later import Later, NotThere
from workshop.record.agreed import Retrospective
from workshop.record.choices import Record
from workshop.record.values import Count, Number


@dataclass(frozen=True)
class Retro:
    """What was promised, and what the new rows say of it.

    ``evidence`` is the workshop's own, with the record as it stands; ``later`` the new
    rows; ``today`` the day from which something is overdue.
    """

    evidence: Evidence
    later: Later
    today: date

    @property
    def record(self) -> Record:
        """The record that is looked back on."""
        return self.evidence.record

    @cached_property
    def rows(self) -> NewRows:
        """The new rows as the agreed policy places them."""
        return NewRows(self.evidence, self.later)

    @property
    def why(self) -> Why:
        """Why nothing can be held against the agreed policy; empty where it can."""
        return self.rows.why

    @property
    def not_there(self) -> tuple[NotThere, ...]:
        """The runs that the file has no score of."""
        return self.later.not_there

    @property
    def window(self) -> Window:
        """All new rows: their days, how many, and how many have a label."""
        return self.rows.window

    @cached_property
    def clauses(self) -> tuple[ClauseHeld, ...]:
        """Every clause, in the order of the agreement."""
        return hold_clauses(self.rows)

    @property
    def broken(self) -> tuple[str, ...]:
        """The ids of the clauses that are broken."""
        return tuple(held.id for held in self.clauses if held.state == "broken")

    @cached_property
    def promises(self) -> tuple[PromiseHeld, ...]:
        """Every figure that was seen at the choices, then and now."""
        return promises_held(self.rows)

    @cached_property
    def drifts(self) -> Drifts:
        """What moved: labels, scores, inputs, groups."""
        return drifts(self.rows)

    @cached_property
    def decision(self) -> DecisionNow:
        """Whether that changes which option or which threshold is best."""
        return decision_now(self.rows)

    @cached_property
    def since(self) -> Since | None:
        """The last retrospective on other rows, and now; None without one."""
        return since_last(self.rows, self.clauses)

    @cached_property
    def error(self) -> Number:
        """How often acting on everyone is wrong in the new rows: what was bet on."""
        return self.rows.error

    @cached_property
    def bets(self) -> tuple[BetHeld, ...]:
        """Each seat's range against what was observed; empty without opened bets."""
        return bets_held(self.rows)

    @cached_property
    def rounds(self) -> tuple[RoundsScored, ...]:
        """Each bet as a forecast over all retrospectives; empty with fewer than 5."""
        return bets_scored(self.rows)

    @property
    def labelled_apart(self) -> LabelledApart | None:
        """How often both sides of the line are labelled; None where alike."""
        return self.rows.labelled_apart

    @cached_property
    def actions(self) -> tuple[CarriedAction, ...]:
        """The actions that are still open."""
        return carried_actions(self.record, self.today)

    @cached_property
    def wins(self) -> tuple[Win, ...]:
        """What went well."""
        return wins(self.record, self.clauses, self.promises, self.since)

    @cached_property
    def waiting(self) -> Waiting:
        """What can be said without labels; of use where some are not known yet."""
        return waiting(self.rows)

    def entry(
        self, at: str, *, changed: str = "", wins: Sequence[str] = ()
    ) -> Retrospective:
        """What is appended to the record; ``wins`` are in the pair's own words.

        ``at`` is the moment, as the log writes it; ``changed`` what was done since the
        last one.
        """
        first, last = self.later.days
        return Retrospective(
            at=at,
            data=self.later.digest,
            rows=len(self.later),
            first=first,
            last=last,
            clauses={held.id: held.state for held in self.clauses},
            counts={
                held.id: Count(k=held.number.k, n=held.number.n)
                for held in self.clauses
                if held.number.k is not None and held.number.n is not None
            },
            seen=seen_now(self.rows),
            bets={bet.seat: bet.outcome for bet in self.bets},
            changed=changed,
            carried=tuple(carried.action for carried in self.actions),
            wins=tuple(wins),
        )

    def with_record(self, record: Record) -> Retro:
        """The same rows under a record that was changed, such as by an entry."""
        return replace(self, evidence=self.evidence.with_record(record))
