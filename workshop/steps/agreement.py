"""05: who decides, what must hold, who is asked, when we meet, and two signatures."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

from workshop.analysis.standing import measured
from workshop.analysis.unscored import measured_before
from workshop.record.agreed import Escalation
from workshop.record.choices import Signature
from workshop.record.digest import digest
from workshop.record.gaps import Measured, find_gaps
from workshop.record.values import Gap, Role, other_role
from workshop.steps.base import ANYTHING, MEASURED
from workshop.steps.given import now_text, today
from workshop.steps.looking_back import LookingBack
from workshop.steps.outside import SayingOutside
from workshop.steps.planning import Planning
from workshop.steps.promising import Promising
from workshop.steps.talking import Talking
from workshop.views.recaps import agreement as views
from workshop.views.recaps.agreement_next import (
    signature_blocks,
    signature_said,
    signed_html,
)
from workshop.views.recaps.agreement_rights import escalation_blocks, rights_blocks
from workshop.views.section import Section, View


class AgreementStep(Promising, Planning, SayingOutside, LookingBack, Talking):
    """Who decides what, and what makes us stop?"""

    id = "agreement"
    about = "agreement"

    def rights(self) -> Any:
        """Ask who owns what; the scenario's own split stands filled in."""
        if not self.interactive:
            return View(rights_blocks(self._agreement))
        from workshop.views.panels.rights import right_values, rights_panel

        suggests = self.scenario.suggests.rights
        panel = rights_panel(
            self._agreement.decides,
            suggests=suggests,
            on_save=lambda rights: self.save_agreement(
                "agreement.decides", decides=rights
            ),
            **self.ways("agreement.decides"),
        )
        return self.follow(
            panel,
            "agreement.decides",
            values=lambda: right_values(self._agreement.decides, suggests),
        )

    def escalation(self) -> Any:
        """Ask who is told when something breaks, and when the pair meets again."""
        if not self.interactive:
            return View(escalation_blocks(self._agreement))
        from workshop.views.panels.agreement import escalation_panel, escalation_values

        suggests = self.scenario.suggests.escalation
        panel = escalation_panel(
            self._agreement,
            suggests=suggests,
            on_save=self._escalate,
            today=today,
            **self.ways("agreement.escalation"),
        )
        return self.follow(
            panel,
            "agreement.escalation",
            "agreement.retrospective",
            values=lambda: escalation_values(self._agreement, suggests),
        )

    def open_points(self) -> Any:
        """Everything that is still open, as it is now."""
        if not self.interactive:
            return views.gaps_view(self.gaps)
        from workshop.views.panels.live import LiveWords

        panel = LiveWords(lambda: views.gaps_view(self.gaps)._repr_html_())
        return self.follow(panel, MEASURED, "signatures")

    def sign(self) -> Any:
        """Ask each half for its signature; in a room, only this page's half."""
        if not self.interactive:
            return View(signature_blocks(self.record))
        from workshop.views.panels.live import LivePanel

        panel = LivePanel(self._sign_panels, same=lambda: (self.acts_for, self.names))
        told = SimpleNamespace(refresh=lambda: [one.refresh() for one in panel.panels])
        self.follow(told, ANYTHING)
        return self.follow(panel, "participants")

    def _sign_panels(self) -> list[Any]:
        from workshop.views.panels.live import LiveWords

        others = [role for role in self.roles_here if role not in self.acts_for]
        return [
            *(self._sign_panel(role) for role in self.acts_for),
            *(LiveWords(partial(self._signed_so_far, role)) for role in others),
        ]

    def _signed_so_far(self, role: Role) -> str:
        return f"<p>{signature_said(self.record, role).html}</p>"

    def _signed_html(self, role: Role) -> str:
        """How this half has signed, and the persona that signed along with it."""
        halves = (role, other_role(role)) if self.alone == role else (role,)
        lines = (signed_html(self.record, half) for half in halves)
        return "<br>".join(filter(None, lines))

    def _sign_panel(self, role: Role) -> Any:
        from workshop.views.panels.agreement import sign_panel

        return sign_panel(
            role,
            self.names[role],
            "",
            on_sign=lambda name: self._sign(role, name),
            signed=lambda: self._signed_html(role),
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
        return measured_before(self.scenario, self.record, report)

    def _recap(self) -> Section:
        return views.recap(
            self.record,
            views.Around(
                pitfalls=self.pitfalls,
                held=self.held,
                today=today(),
                currency=self.scenario.payoff.unit,
            ),
            clauses=self.clauses_now(),
            gaps=self.gaps,
            has_rows=self.has_rows,
        )

    def _escalate(self, escalation: tuple[Escalation, ...], when: str) -> str:
        return self.save_agreement(
            "agreement.escalation", escalation=escalation, retrospective=when
        )

    def _sign(self, role: Role, name: str) -> str:
        """Sign for one half; a persona signs along, so that one alone can finish."""
        self.refuse_for(role)
        self._base = record = self.record
        signed = Signature(name=name, digest=digest(record), at=now_text())
        signatures = {**record.signatures, role: signed}
        if self.alone == role:
            absent = next(r for r in ("product", "engineering") if r != role)
            signatures[absent] = signed.model_copy(
                update={"name": self.names[absent], "persona": True}
            )
        decided = f"signed by {name}"
        known = (person.name for person in getattr(record.participants, role))
        if name not in (self.names[role], *known):
            decided = f"{decided} for {self.names[role]}"
        return self.save({"signatures": signatures}, decided, who=name)
