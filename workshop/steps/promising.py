"""05, the clauses: proposed from the line, held against the rows, priced as typed.

A part of the agreement's step (`workshop.steps.agreement`).
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from workshop.analysis.clause_rows import consequence, hold_now
from workshop.analysis.clauses import ClauseHeld
from workshop.analysis.clauses_proposed import propose_clauses
from workshop.record.agreed import Agreement
from workshop.record.gaps import THRESHOLD_RIGHT
from workshop.record.values import Clause, Count, Seen
from workshop.steps.base import MEASURED, Step
from workshop.views.recaps import clauses as views
from workshop.views.section import Paragraph, View
from workshop.views.wording import say

CLAUSE_METRICS = (
    "error_among_answered",
    "coverage",
    "precision",
    "recall",
    "review_rate",
    "prevalence",
)


class Promising(Step):
    """What must hold, so that a program can check it?"""

    def clauses(self) -> Any:
        """Ask what must hold; proposed from the line, edited by the pair."""
        if not self.interactive:
            return views.clauses_view(self.clauses_now(), has_rows=self.has_rows)
        from workshop.views.panels.clauses import clauses_panel

        panel = clauses_panel(
            self._promised,
            metrics=[(m, say(f"metric.{m}.name").text) for m in CLAUSE_METRICS],
            proposed=self._proposed(),
            brings=self._brings,
            on_save=self._promise,
            **self.ways("agreement.clauses"),
        )
        if self.waits_for_a_guess():
            self.follow(SimpleNamespace(refresh=panel.say_again), MEASURED)
        return self.follow(
            panel, "agreement.clauses", values=lambda: {"clauses": self._promised}
        )

    @property
    def _promised(self) -> tuple[Clause, ...]:
        agreement = self.record.agreement or Agreement()
        return agreement.clauses

    def _proposed(self) -> tuple[Clause, ...]:
        """What to start from; nothing once anything was agreed."""
        if self._promised:
            return ()
        evidence = self.evidence if self.has_rows else None
        window = say("panel.clauses.usual_window").text
        return propose_clauses(evidence, self.scenario, self.record, window=window)

    def _brings(self, clause: Clause) -> View:
        """What a clause would notice at what price, while it is typed."""
        if self.waits_for_a_guess():
            return View((Paragraph(self.not_yet(), "quiet"),))
        evidence = self.evidence if self.has_rows else None
        found = consequence(clause, self.scenario, evidence)
        return views.brings_view(clause, found, self.scenario.payoff.unit)

    def clauses_now(self) -> tuple[views.ClauseNow, ...]:
        """Return every clause as it is held now, and what measuring it brings."""
        evidence = self.evidence if self.has_rows else None
        currency = self.scenario.payoff.unit
        return tuple(
            views.ClauseNow(
                self._held(clause),
                consequence(clause, self.scenario, evidence),
                currency,
            )
            for clause in self._promised
        )

    def _held(self, clause: Clause) -> ClauseHeld:
        if not self.has_rows:
            return ClauseHeld(clause, None)
        return hold_now(self.evidence, clause)

    def _promise(self, clauses: tuple[Clause, ...]) -> str:
        """Keep clauses with what stood on the page; the line's owner is theirs too."""
        agreement = self.record.agreement or Agreement()
        rights = agreement.decides
        owner = next((r.owner for r in rights if r.decision == THRESHOLD_RIGHT), None)
        kept = tuple(
            clause.model_copy(
                update={"owner": clause.owner or owner, "seen": self._seen(clause)}
            )
            for clause in clauses
        )
        return self.save_agreement("agreement.clauses", clauses=kept)

    def _seen(self, clause: Clause) -> Seen | None:
        number = self._held(clause).number
        if number is None or number.k is None or number.n is None:
            return None
        counted = {clause.metric: Count(k=number.k, n=number.n)}
        return Seen(figures=counted, rows="kept aside", data=self.evidence.digest)
