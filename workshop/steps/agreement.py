"""05: who decides, what must hold, who is asked, when we meet, and two signatures."""

from __future__ import annotations

from typing import Any

from workshop.analysis.standing import clause_number, clause_state, measured
from workshop.analysis.unscored import measured_before
from workshop.record.agreed import Agreement, Escalation
from workshop.record.choices import Signature
from workshop.record.digest import digest
from workshop.record.gaps import THRESHOLD_RIGHT, Measured, find_gaps
from workshop.record.values import Clause, Count, Gap, Number, Role, Seen
from workshop.steps.base import ANYTHING, Step, now_text
from workshop.steps.given import today
from workshop.views.recaps import agreement as views
from workshop.views.section import Section
from workshop.views.wording import say

CLAUSE_METRICS = ("error_among_answered", "coverage", "precision", "recall")


class AgreementStep(Step):
    """Who decides what, and what makes us stop?"""

    id = "agreement"
    about = "agreement"

    def rights(self) -> Any:
        """Ask who owns the threshold and who owns the release."""
        if not self.interactive:
            return views.rights_view(self._agreement)
        from workshop.views.panels.agreement import rights_panel

        return rights_panel(
            self._agreement.decides,
            on_save=lambda rights: self.save_agreement(
                "agreement.decides", decides=rights
            ),
            **self.ways("agreement.decides"),
        )

    def clauses(self) -> Any:
        """Ask for two clauses that a program can check."""
        if not self.interactive:
            return views.clauses_view(self._clauses_now(), has_rows=self.has_rows)
        from workshop.views.panels.clauses import clauses_panel

        return clauses_panel(
            self._agreement.clauses,
            metrics=[(m, say(f"metric.{m}.name").text) for m in CLAUSE_METRICS],
            on_save=self._promise,
            **self.ways("agreement.clauses"),
        )

    def escalation(self) -> Any:
        """Ask who is told when a clause breaks, and when the pair meets again."""
        if not self.interactive:
            return views.escalation_view(self._agreement)
        from workshop.views.panels.agreement import escalation_panel

        return escalation_panel(
            self._agreement, on_save=self._escalate, **self.ways("agreement.escalation")
        )

    def actions(self) -> Any:
        """Ask for three next actions."""
        if not self.interactive:
            return views.actions_view(self._agreement)
        from workshop.views.panels.agreement import actions_panel

        return actions_panel(
            self._agreement.actions,
            on_save=lambda actions: self.save_agreement(actions=actions),
            read_only=self.read_only,
        )

    def open_points(self) -> Any:
        """Everything that is still open, as it is now."""
        if not self.interactive:
            return views.gaps_view(self.gaps)
        from workshop.views.panels.live import LiveWords

        panel = LiveWords(lambda: views.gaps_view(self.gaps)._repr_html_())
        return self.follow(panel, ANYTHING)

    def sign(self) -> Any:
        """Ask each half for its signature."""
        if not self.interactive:
            return views.signatures_view(self.record)
        from workshop.views.panels.live import LivePanel

        panel = LivePanel(lambda: [self._sign_panel(role) for role in self.roles_here])
        return self.follow(panel, "participants")

    def _sign_panel(self, role: Role) -> Any:
        from workshop.views.panels.agreement import sign_panel

        return sign_panel(
            role,
            self.names[role],
            "",
            on_sign=lambda name: self._sign(role, name),
            signed=views.signed_html(self.record, role),
            read_only=self.read_only,
        )

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything that is still open, for the record as it stands now."""
        found = self._measured() if self.has_rows else self._before_any_row()
        return find_gaps(self.record, found, today())

    def _measured(self) -> Measured:
        return measured(self.evidence, self.reviewed(trained=False))

    def _before_any_row(self) -> Measured:
        """What gaps are held against while nothing has been scored."""
        report = self.reviewed(trained=False) if self.has_data else None
        return measured_before(self.scenario, report)

    def _recap(self) -> Section:
        return views.recap(
            self.record,
            clauses=self._clauses_now(),
            gaps=self.gaps,
            has_rows=self.has_rows,
        )

    @property
    def _agreement(self) -> Agreement:
        return self.record.agreement or Agreement()

    def _clauses_now(self) -> tuple[views.ClauseNow, ...]:
        found = []
        for clause in self._agreement.clauses:
            number = self._number_of(clause)
            found.append(views.ClauseNow(clause, number, clause_state(clause, number)))
        return tuple(found)

    def _number_of(self, clause: Clause) -> Number | None:
        return clause_number(self.evidence, clause) if self.has_rows else None

    def _promise(self, clauses: tuple[Clause, ...]) -> str:
        """Keep clauses with what stood on the page; the line's owner is theirs too."""
        rights = self._agreement.decides
        owner = next((r.owner for r in rights if r.decision == THRESHOLD_RIGHT), None)
        kept = tuple(
            clause.model_copy(
                update={"owner": clause.owner or owner, "seen": self._seen(clause)}
            )
            for clause in clauses
        )
        return self.save_agreement("agreement.clauses", clauses=kept)

    def _seen(self, clause: Clause) -> Seen | None:
        number = self._number_of(clause)
        if number is None or number.k is None or number.n is None:
            return None
        counted = {clause.metric: Count(k=number.k, n=number.n)}
        return Seen(figures=counted, rows="kept aside", data=self.evidence.digest)

    def _escalate(self, escalation: tuple[Escalation, ...], when: str) -> str:
        return self.save_agreement(
            "agreement.escalation", escalation=escalation, retrospective=when
        )

    def _sign(self, role: Role, name: str) -> str:
        """Sign for one half; a persona signs along, so that one alone can finish."""
        self._base = record = self.record
        signed = Signature(name=name, digest=digest(record), at=now_text())
        signatures = {**record.signatures, role: signed}
        if self.alone == role:
            absent = next(r for r in ("product", "engineering") if r != role)
            signatures[absent] = signed.model_copy(
                update={"name": self.names[absent], "persona": True}
            )
        decided = f"signed by {name}"
        if name not in self.names[role]:
            decided = f"{decided} for {self.names[role]}"
        return self.save({"signatures": signatures}, decided, who=name)
