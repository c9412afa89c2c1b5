"""00: who is here, six cases, what counts as wrong, sealed bets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from workshop.analysis.cases import CaseAgreement, case_agreement
from workshop.analysis.impact.people import at_least_one_miss
from workshop.analysis.stated import stated_rates
from workshop.errors import InputError, WorkshopError
from workshop.record.bets import THIRD_ROLES, Bet, Bets, Seat
from workshop.record.choices import Cases, Participants, Person
from workshop.record.sealed import new_name
from workshop.record.values import ROLES, Number, Role, other_role
from workshop.steps.betting import OF_A_PERSONA, OF_THE_ROOM, Betting
from workshop.steps.talking import Talking
from workshop.views.recaps import before
from workshop.views.recaps import start as views
from workshop.views.recaps.seated import seated_html
from workshop.views.section import Section, View
from workshop.views.wording import Said, capitalised, say


class Start(Betting, Talking):
    """Who are we, which decision is this about, and what do we call wrong?"""

    id = "start"
    about = "framing.counts_as_wrong"

    def who(self) -> Any:
        """Ask "alone or two?"; alone, a persona plays the other half."""
        if not self.interactive:
            return views.names_view(self.record.participants)
        if self.seat:
            return self._who_joined(self.seat)
        from workshop.views.panels.start import seats_panel

        return seats_panel(
            self.record.participants, on_save=self._seat, read_only=self.read_only
        )

    def _who_joined(self, seat: Role) -> Any:
        """Say whose page this is and who has joined; nobody types a name here."""
        from workshop.views.panels.live import LiveWords

        panel = LiveWords(lambda: seated_html(self.record.participants, seat))
        return self.follow(panel, "participants")

    def cases(self) -> Any:
        """Show the scenario's cases with the label hidden."""
        if not self.interactive or not self.has_rows:
            return views.cases_view(self.agreement, self.names)
        if self.seat:
            return self.follow(self._cases_panel(), "cases", "participants")
        from workshop.views.panels.live import LivePanel

        return self.follow(LivePanel(lambda: (self._cases_panel(),)), "participants")

    def _cases_panel(self) -> Any:
        from workshop.views.panels.cases import cases_panel

        return cases_panel(
            self.given.shown_cases(self.scenario.proposed),
            self.record.cases,
            roles=self.acts_for,
            on_judge=self._judge,
            reveal=self._reveal,
            summary=lambda: views.cases_view(self.agreement, self.names).html,
            names=self.names,
            closed_now=self._closed_cases if self.seat else None,
            others=self._others_judged,
            read_only=self.read_only,
        )

    def what_is_wrong(self) -> Any:
        """Ask for the line "what we count as wrong"."""
        framing = self.record.framing
        if not self.interactive:
            return views.wrong_view(self.record)
        from workshop.views.panels.start import line_panel

        panel = line_panel(
            framing.counts_as_wrong if framing else "",
            on_save=lambda line: self.save_framing(
                "framing.counts_as_wrong", counts_as_wrong=line
            ),
            **self.ways("framing.counts_as_wrong"),
        )
        return self.follow(
            panel,
            "framing.counts_as_wrong",
            values=lambda: {"counts_as_wrong": self._line()},
        )

    def bets(self) -> Any:
        """Let each who may bet do so in turn, and seal it."""
        if not self.interactive:
            return views.bets_view(self.record)
        if self.seat:
            return self._own_bet(self.seat)
        from workshop.views.panels.hand_over import HandOver

        panel = HandOver(
            self.chairs,
            line=self._line,
            on_seal=self._seal,
            on_again=self._bet_again,
            read_only=self.read_only,
        )
        return self.follow(self.follow(panel, "participants"), "framing")

    def _own_bet(self, seat: Role) -> Any:
        from workshop.views.panels.own_bet import OwnBet

        panel = OwnBet(
            seat,
            self.chairs,
            line=self._line,
            on_seal=lambda bet: self._seal(seat, bet, OF_THE_ROOM),
            on_again=lambda: self._bet_again(seat),
            read_only=self.read_only,
        )
        return self.follow(panel, "bets", "participants", "framing")

    def _line(self) -> str:
        framing = self.record.framing
        return framing.counts_as_wrong if framing else ""

    def people(self) -> Any:
        """The first figure about people, once the bets are sealed."""
        if self.interactive:
            return self.behind_a_button("people", lambda: self._people()._repr_html_())
        return self._people()

    def said_in_short(self) -> Said:
        """Say the request; no figure is shown before people have judged."""
        return views.request_line(self.scenario.request)

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
        """Who agreed with whom on the cases, personas included; None without rows.

        In a room, only on those that both have judged: each judges on a page of their
        own, and must not learn the label from a count.
        """
        if not self.has_rows:
            return None
        judged = self.record.cases or Cases()
        if self.seat:
            judged = _only(judged, self._closed_cases())
        return case_agreement(judged, self._labels())

    def _others_judged(self, case: str) -> str:
        """How far those are who judge on a page of their own; never what they said."""
        judged = self.record.cases or Cases()
        others = (role for role in self.roles_here if role not in self.acts_for)
        return "<br>".join(
            say(
                f"seat.case_{'said' if case in getattr(judged, role) else 'waits'}",
                name=self.names[role],
            ).html
            for role in others
        )

    def _closed_cases(self) -> frozenset[str]:
        """The cases that everybody at the table has judged, as the record stands."""
        judged = self.record.cases or Cases()
        said = (frozenset(getattr(judged, role)) for role in self.roles_here)
        return frozenset.intersection(*said)

    def _recap(self) -> Section:
        return views.recap(self.record, self.headline(), self._people(), self.agreement)

    def _labels(self) -> dict[str, bool]:
        rows = self.given.runs[self.scenario.proposed]
        known = dict(zip(rows.keys.tolist(), rows.labels.tolist(), strict=True))
        return {case: known[case] for case in self.scenario.cases if case in known}

    def _seat(self, mode: str, names: dict[Seat, str]) -> str:
        if self.seat:
            raise InputError(say("seat.names_from_the_door").text)
        people = {role: self._person(role, mode, names[role]) for role in ROLES}
        asked = {
            seat: (Person(name=names[seat]),) for seat in THIRD_ROLES if names[seat]
        }
        seated = Participants(**people, **asked)
        bets = self.bets_now()
        gone = tuple(s for s in bets.sealed if self._has_gone(s, seated, bets))
        values = {"participants": seated} | self._without_persona(mode)
        if gone:
            values["bets"] = _without(bets, gone)
        told = self.save(values, f"who is here: {mode}")
        self._take_away(bets, gone)
        if mode in ROLES and self.alone is None:
            told = f"{told} {say('panel.seats.nobody_recorded').text}"
        return told

    def _without_persona(self, mode: str) -> dict[str, Any]:
        """What a persona had judged goes with it when a person takes its seat."""
        alone = self.alone
        if alone is None or mode == alone:
            return {}
        judged = self.base.cases or Cases()
        return {"cases": judged.model_copy(update={other_role(alone): {}})}

    def _has_gone(self, seat: Seat, seated: Participants, bets: Bets) -> bool:
        """Whether a persona took a person's seat, or the other way, or nobody did."""
        if seat in THIRD_ROLES:
            return not (bets.opened or getattr(seated, seat))
        people = [getattr(at, seat) for at in (self.record.participants, seated)]
        was, will_be = (any(person.persona for person in here) for here in people)
        return was != will_be

    def _person(self, role: Role, mode: str, name: str) -> tuple[Person, ...]:
        persona = self.scenario.personas.of(role)
        if mode == other_role(role) and persona is not None:
            return (Person(name=persona.name, persona=True),)
        title = capitalised(say(f"framing.owner_{role}").text)
        return (Person(name=name or title),)

    def _judge(self, case: str, role: Role, word: str) -> None:
        self.refuse_for(role)
        if self.seat and case in self._closed_cases():
            raise InputError(say("panel.cases.closed").text)
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
        if self.seat and case not in self._closed_cases():
            return ""
        judged = self.record.cases or Cases()
        said = {self.names[role]: getattr(judged, role).get(case) for role in ROLES}
        return views.reveal_html(
            positive=self._labels()[case], means=self.scenario.label.means, said=said
        )

    def _seal(self, seat: Seat, bet: Bet, word: str) -> str:
        """Lock a bet away on this computer, and its digest into the record.

        A persona's bet is sealed along with that of the person who is here alone. A
        persona keeps no secret: its word stands in the code and its bet in the
        scenario; only the opening treats it as any other bet.
        """
        self.refuse_for(seat)
        bets = self.bets_now()
        self._refuse_a_second_bet(bets, seat)
        bets = bets.model_copy(update={"record": bets.record or new_name()})
        drawer = self.target.file.drawer(bets.record)
        sealed = {**bets.sealed, seat: drawer.put(seat, bet, word=word)}
        absent = self.persona_seat if self.alone == seat else None
        persona = self.scenario.personas.of(absent) if absent else None
        waits = self.seat and absent in bets.sealed  # a room seals a bet only once
        if absent is not None and persona is not None and not waits:
            sealed[absent] = drawer.put(
                absent, self.bet_of_persona(absent, persona), word=OF_A_PERSONA
            )
        ready = self._still_ready(bets, (seat,))
        bets = bets.model_copy(update={"sealed": sealed, "ready": ready})
        try:
            told = self.save({"bets": bets}, "sealed a bet", who=self.seat_name(seat))
        except WorkshopError:
            drawer.forget(seat)
            raise
        if not self.seat:
            self.table.clear()  # what lies there already, this one must not have read
        return told

    def _still_ready(self, bets: Bets, changed: tuple[Seat, ...]) -> dict[Seat, str]:
        """Who need not say ready anew when some bets are others than before.

        Beside a record nobody stays ready, since what they laid there can be read. In
        a room nobody reads it before all are ready, so the other half still is.
        """
        if not self.seat:
            return {}
        return {seat: at for seat, at in bets.ready.items() if seat not in changed}

    def _refuse_a_second_bet(self, bets: Bets, seat: Seat) -> None:
        if bets.opened:
            raise InputError(say("bets.already_opened").text)
        if seat in bets.sealed:
            name = self.seat_name(seat)
            raise InputError(say("bets.already_sealed", name=name).text)

    def _bet_again(self, seat: Seat) -> str:
        """Throw a sealed bet away; whoever was ready says so anew with the word."""
        self.refuse_for(seat)
        bets = self.bets_now()
        if bets.opened:
            raise InputError(say("bets.already_opened").text)
        left = _without(bets, (seat,), ready=self._still_ready(bets, (seat,)))
        told = self.save({"bets": left}, "bets again", who=self.seat_name(seat))
        self._take_away(bets, (seat,))
        return told

    def _take_away(self, bets: Bets, gone: tuple[Seat, ...]) -> None:
        """Throw away what waits of some bets; nobody is ready for an opening now."""
        if gone and not self.seat:
            self.table.clear()
        for seat in gone:
            if self.seat:
                self.table.take_back(seat)
            self.target.file.drawer(bets.record).forget(seat)


def _only(judged: Cases, cases: Collection[str]) -> Cases:
    """Return what was said of some of the cases."""
    said = judged.model_dump().items()
    kept = {r: {c: w for c, w in of.items() if c in cases} for r, of in said}
    return Cases(**kept)


def _without(
    bets: Bets, gone: tuple[Seat, ...], *, ready: dict[Seat, str] | None = None
) -> Bets:
    """Return the bets of those who stay; whoever is not in ``ready`` says so anew.

    Bets that were opened go with the others: those who stay have read them.
    """
    if bets.opened:
        return Bets()
    sealed = {seat: s for seat, s in bets.sealed.items() if seat not in gone}
    return Bets(record=bets.record, sealed=sealed, ready=ready or {})
