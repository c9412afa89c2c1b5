"""00: who is here, six cases, what counts as wrong, sealed bets."""

from __future__ import annotations

from typing import Any

from workshop.analysis.cases import CaseAgreement, case_agreement
from workshop.analysis.impact.people import at_least_one_miss
from workshop.analysis.stated import stated_rates
from workshop.record.bets import Bet, Bets
from workshop.record.choices import Cases, Participants, Person
from workshop.record.sealed import SealedStore
from workshop.record.values import ROLES, Number, Role
from workshop.steps.base import Step, other_role
from workshop.views.recaps import before
from workshop.views.recaps import start as views
from workshop.views.section import Section, View
from workshop.views.wording import Said, say


class Start(Step):
    """Who are we, which decision is this about, and what do we call wrong?"""

    id = "start"
    about = "framing.counts_as_wrong"

    def who(self) -> Any:
        """Ask "alone or two?"; alone, a persona plays the other half."""
        if not self.interactive:
            return views.names_view(self.record.participants)
        from workshop.views.panels.start import seats_panel

        return seats_panel(
            self.record.participants, on_save=self._seat, read_only=self.read_only
        )

    def cases(self) -> Any:
        """Show the scenario's cases with the label hidden."""
        if not self.interactive or not self.has_rows:
            return views.cases_view(self.agreement, self.names)
        from workshop.views.panels.live import LivePanel

        return self.follow(LivePanel(lambda: (self._cases_panel(),)), "participants")

    def _cases_panel(self) -> Any:
        from workshop.views.panels.start import cases_panel

        return cases_panel(
            self.given.shown_cases(self.scenario.proposed),
            self.record.cases,
            roles=self.roles_here,
            on_judge=self._judge,
            reveal=self._reveal,
            summary=lambda: views.cases_view(self.agreement, self.names).html,
            names=self.names,
            read_only=self.read_only,
        )

    def what_is_wrong(self) -> Any:
        """Ask for the line "what we count as wrong"."""
        framing = self.record.framing
        if not self.interactive:
            return views.wrong_view(self.record)
        from workshop.views.panels.start import line_panel

        return line_panel(
            framing.counts_as_wrong if framing else "",
            on_save=lambda line: self.save_framing(
                "framing.counts_as_wrong", counts_as_wrong=line
            ),
            **self.ways("framing.counts_as_wrong"),
        )

    def bets(self) -> Any:
        """Ask each half for its bet and seal it."""
        if not self.interactive:
            return views.bets_view(self.record)
        from workshop.views.panels.live import LivePanel

        panel = LivePanel(lambda: [self._bet_panel(role) for role in self.roles_here])
        return self.follow(panel, "participants")

    def _bet_panel(self, role: Role) -> Any:
        from workshop.views.panels.start import bet_panel

        sealed = self.record.bets.sealed if self.record.bets else {}
        return bet_panel(
            role,
            self.names[role],
            role in sealed,
            on_seal=lambda bet: self._seal(role, bet),
            read_only=self.read_only,
        )

    def people(self) -> Any:
        """The first figure about people, once the bets are sealed."""
        if self.interactive:
            return self.behind_a_button("people", lambda: self._people()._repr_html_())
        return self._people()

    def where_we_are(self) -> str:
        """Say the request; no figure is shown before people have judged."""
        return views.request_line(self.scenario.request).text

    def _people(self) -> View:
        if not self.has_rows:
            return self._people_as_stated()
        error, evidence = self.evidence.error, self.evidence
        return views.people_view(
            self.headline(),
            error,
            self._asks(error, "error.any_of_asks"),
            option=self.scenario.run(evidence.option).title,
            act=self.scenario.decision.act,
        )

    def _people_as_stated(self) -> View:
        error = stated_rates(self.scenario.stated).error_all
        asks = None if error is None else self._asks(error, "stated.any_of_asks")
        act = self.scenario.decision.act
        return before.people_view(
            self.headline(), asks, stated=error is not None, act=act
        )

    def _asks(self, error: Number, id: str) -> tuple[Number, Number] | None:
        """How often one user asks, and how many then meet an error; None unstated."""
        times = self.scenario.asks_per_user
        if times is None:
            return None
        unit = self.scenario.decision.unit
        asks = Number(id="error.asks", value=float(times), unit=unit, assumed=True)
        return asks, at_least_one_miss(error, times, id=id)

    def headline(self) -> Said:
        """The base rate of error in one sentence; before any row, as it was stated."""
        if not self.has_rows:
            error = stated_rates(self.scenario.stated).error_all
            return before.start_headline(error, wrong=self.scenario.decision.wrong)
        sources = None
        if self.evidence.sources is not None:
            sources = Number(
                id="error.sources",
                value=float(self.evidence.sources),
                unit=self.scenario.cluster_name,
                rows="all",
            )
        return views.headline(
            self.evidence.error,
            sources,
            wrong=self.scenario.decision.wrong,
            cluster_name=self.scenario.cluster_name,
            few=self.evidence.few_sources,
        )

    @property
    def agreement(self) -> CaseAgreement | None:
        """Who agreed with whom on the cases, personas included; None without rows."""
        if not self.has_rows:
            return None
        judged = self.record.cases or Cases()
        return case_agreement(judged, self._labels())

    def _recap(self) -> Section:
        return views.recap(self.record, self.headline(), self._people(), self.agreement)

    def _labels(self) -> dict[str, bool]:
        rows = self.given.runs[self.scenario.proposed]
        known = dict(zip(rows.keys.tolist(), rows.labels.tolist(), strict=True))
        return {case: known[case] for case in self.scenario.cases if case in known}

    def _seat(self, mode: str, product: str, engineering: str) -> str:
        names = {"product": product, "engineering": engineering}
        people = {role: self._person(role, mode, names[role]) for role in ROLES}
        values = {"participants": Participants(**people)} | self._without_persona(mode)
        return self.save(values, f"who is here: {mode}")

    def _without_persona(self, mode: str) -> dict[str, Any]:
        """What a persona had said goes with it when a person takes its seat."""
        alone = self.alone
        if alone is None or mode == alone:
            return {}
        absent = other_role(alone)
        judged, bets = self.base.cases or Cases(), self.base.bets or Bets()
        sealed = {role: seal for role, seal in bets.sealed.items() if role != absent}
        return {
            "cases": judged.model_copy(update={absent: {}}),
            "bets": Bets(sealed=sealed, rounds=bets.rounds),
        }

    def _person(self, role: Role, mode: str, name: str) -> tuple[Person, ...]:
        persona = self.scenario.personas.of(role)
        if mode == other_role(role) and persona is not None:
            return (Person(name=persona.name, persona=True),)
        title = say(f"framing.owner_{role}").text.capitalize()
        return (Person(name=name or title),)

    def _judge(self, case: str, role: Role, word: str) -> None:
        judged = (self.base.cases or Cases()).model_dump()
        judged[role][case] = word
        if self.alone is not None:
            self._persona_judges(judged, case)
        decided = f"case {case}: {word}"
        self.save({"cases": Cases(**judged)}, decided, who=self.names[role])

    def _persona_judges(self, judged: dict[str, Any], case: str) -> None:
        absent = other_role(self.roles_here[0])
        persona = self.scenario.personas.of(absent)
        if persona is not None and case in persona.cases:
            judged[absent][case] = persona.cases[case]

    def _reveal(self, case: str) -> str:
        judged = self.record.cases or Cases()
        said = {self.names[role]: getattr(judged, role).get(case) for role in ROLES}
        return views.reveal_html(
            positive=self._labels()[case], means=self.scenario.label.means, said=said
        )

    def _seal(self, role: Role, bet: Bet) -> str:
        store = SealedStore(self.target.file.path)
        bets = self.base.bets or Bets()
        sealed = {**bets.sealed, role: store.put(role, bet)}
        absent = other_role(role) if self.alone == role else None
        persona = self.scenario.personas.of(absent) if absent else None
        if absent is not None and persona is not None and absent not in sealed:
            sealed[absent] = store.put(absent, persona.bet)
        return self.save(
            {"bets": bets.model_copy(update={"sealed": sealed})},
            "sealed a bet",
            who=self.names[role],
        )
