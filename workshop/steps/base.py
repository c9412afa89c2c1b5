"""What all steps share: the record as it stands now, and the rows read once.

The record is read from its file whenever it is asked for, so that a panel, a text
editor and a second window all work on the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from workshop.analysis.evidence import Evidence
from workshop.analysis.readiness.findings import ReadinessReport
from workshop.analysis.readiness.gathering import review_input
from workshop.analysis.readiness.registry import review
from workshop.analysis.readiness.stakes import weigh
from workshop.data.catalog import Target
from workshop.data.scenario import Scenario
from workshop.errors import ConflictError, WorkshopError
from workshop.record.agreed import Agreement, NotAgreed
from workshop.record.choices import Record
from workshop.record.framed import Framing
from workshop.record.values import ROLES, Number, Seen, other_role
from workshop.steps.borrowing import Borrowing
from workshop.steps.following import ANYTHING, MEASURED, Following, follow_others
from workshop.steps.given import Given, today
from workshop.steps.heated import given_of
from workshop.steps.lessons import Lessons
from workshop.steps.parking import Parking
from workshop.steps.seated import Seated
from workshop.views.recaps import start as start_views
from workshop.views.recaps.framing import acceptable
from workshop.views.section import Paragraph, Section, View
from workshop.views.wording import Said, say

__all__ = ["ANYTHING", "MEASURED", "Step", "at_the_edge"]


class Step(Parking, Seated, Following, Borrowing, Lessons):
    """One notebook's step: a record, a scenario, and what follows from both."""

    id = ""
    about = ""
    """The part of the record that this step fills, as a dotted path."""

    def __init__(
        self, target: Target, *, interactive: bool, given: Given | None = None
    ) -> None:
        self.target = target
        self.interactive = interactive
        self.given = given or given_of(target.scenario)
        self._evidence: Evidence | None = None
        self._reviewed: tuple[tuple[str, bool], ReadinessReport] | None = None
        # what this page was made from: a later save must not overwrite more than that
        self._base: Record | None = target.record if interactive else None
        self._insisted = False
        self._followers: dict[str, list[Callable[[], None]]] = {}
        self._refreshed_for = self._base
        if interactive:
            follow_others(self)

    # what is given ---------------------------------------------------------------

    @property
    def record(self) -> Record:
        """The record as it stands in its file now."""
        return self.target.record

    @property
    def base(self) -> Record:
        """The record that this page was made from, or last saved."""
        if self._base is None:
            self._base = self.record
        return self._base

    @property
    def scenario(self) -> Scenario:
        """The scenario that the record is about."""
        return self.target.scenario

    @property
    def evidence(self) -> Evidence:
        """Everything computed, for the record as it stands now."""
        record = self.record
        if self._evidence is None:
            self._evidence = self.given.evidence(record)
        elif self._evidence.record != record:
            self._evidence = self._evidence.with_record(record)
        return self._evidence

    @property
    def has_rows(self) -> bool:
        """Whether anything has been scored yet: without, there is no evidence."""
        return bool(self.scenario.runs)

    @property
    def has_data(self) -> bool:
        """Whether there is a table to look at."""
        return bool(self.scenario.data)

    def reviewed(self, *, trained: bool) -> ReadinessReport:
        """Run the checks, with or without those that have to train something first.

        A check that trains never blocks, so what only asks for blockers leaves it out.
        """
        record, given = self.record, self.given
        option = self.evidence.option if self.has_rows else None
        key = (record.model_dump_json(), trained)
        if self._reviewed is None or self._reviewed[0] != key:
            found = review(
                review_input(
                    self.scenario,
                    record,
                    given.card,
                    given.profile(option),
                    today=today(),
                    evidence=self.evidence if self.has_rows else None,
                    trained=given.trained if trained else None,
                    annotations=given.annotations,
                )
            )
            self._reviewed = (key, weigh(found, record.framing))
        return self._reviewed[1]

    @property
    def acceptable(self) -> Number | None:
        """The agreed acceptable error as a number, if it was agreed."""
        return acceptable(self.record.framing)

    @property
    def read_only(self) -> str:
        """Why nothing can be saved here; empty where it can."""
        if not self.target.file.read_only:
            return ""
        return say("page.read_only", scenario=self.scenario.id).text

    # what is done ----------------------------------------------------------------

    def save(
        self,
        values: dict[str, Any],
        decided: str,
        *,
        because: str = "",
        seen: Seen | None = None,
        who: str = "",
    ) -> str:
        """Save sections and a line in the log; return the words for the panel.

        Whatever of a section somebody else changed since this page last read it is a
        conflict, said once; whoever saves again after that means it.

        Raises
        ------
        ConflictError
            When the section was changed elsewhere in the meantime. Nothing is written.
        """
        try:
            self._base = self.target.file.save_many(
                values,
                base=self.base,
                who=who or self.speakers,
                decided=decided,
                because=because,
                seen=seen,
            )
        except ConflictError as error:
            self._base = self.record
            again = say("page.save_again").text
            raise ConflictError(f"{str(error).rstrip('.')}. {again}") from error
        self._show_saved(values)
        if not self.lies_here:
            return say("page.saved_there").text
        return say("page.saved", file=self.target.file.path.name).text

    def save_framing(
        self, settles: str = "", *, because: str = "", **fields: Any
    ) -> str:
        """Change some of the framing and leave the rest as it is."""
        self._catch_up("framing", fields)
        framing = (self.base.framing or Framing()).model_copy(update=fields)
        values = {"framing": framing} | self.settled(settles)
        decided = f"framing: {', '.join(fields)}"
        return self.save(values, decided, because=because)

    def save_agreement(self, settles: str = "", *, who: str = "", **fields: Any) -> str:
        """Change some of the agreement and leave the rest as it is."""
        self._catch_up("agreement", fields)
        settled = self.settled(settles).get("agreement")
        agreement = settled or self.base.agreement or Agreement()
        agreement = agreement.model_copy(update=fields)
        decided = f"agreement: {', '.join(fields)}"
        return self.save({"agreement": agreement}, decided, who=who)

    def _catch_up(self, section: str, fields: Iterable[str]) -> None:
        """Take over what another page did to other fields of the same section."""
        was, now = getattr(self.base, section), getattr(self.record, section)
        if was is None and now is not None:
            was = type(now)()  # nothing was said yet: every field as it begins
        if all(getattr(was, f, None) == getattr(now, f, None) for f in fields):
            self._base = self.base.model_copy(update={section: now})

    def settled(self, about: str) -> dict[str, Any]:
        """What else to save when something is decided: it is disputed no longer."""
        agreement = self.base.agreement or Agreement()
        left = tuple(item for item in agreement.not_agreed if item.about != about)
        if len(left) == len(agreement.not_agreed):
            return {}
        return {"agreement": agreement.model_copy(update={"not_agreed": left})}

    def undecided(self, section: str) -> Callable[[], str]:
        """Return what the button "undecided, go on" does for a section."""

        def note() -> str:
            self._base = self.target.file.note(
                "undecided, go on", base=self.base, who=self.speakers, section=section
            )
            return say("page.noted").text

        return note

    def not_agreed(self, section: str) -> Callable[[NotAgreed], str]:
        """Return what "we do not agree" does: both positions, kept in one list."""

        def keep(item: NotAgreed) -> str:
            item = item.model_copy(update={"about": section})
            agreement = self.base.agreement or Agreement()
            others = tuple(n for n in agreement.not_agreed if n.about != section)
            return self.save_agreement(not_agreed=(*others, item))

        return keep

    def is_not_agreed(self, section: str) -> bool:
        """Say whether the pair saved that section, or a part of it, as not agreed."""
        agreement = self.record.agreement or Agreement()
        return any(
            item.about == section or item.about.startswith(f"{section}.")
            for item in agreement.not_agreed
        )

    def ways(self, section: str) -> dict[str, Any]:
        """The ways around saving that every panel of a decision offers."""
        return {
            "on_undecided": self.undecided(section),
            "on_not_agreed": self.not_agreed(section),
            "read_only": self.read_only,
        }

    def persona_line(self) -> View:
        """What the persona says at this step, when one person is here alone."""
        other = None if self.alone is None else other_role(self.alone)
        persona = self.scenario.personas.of(other) if other else None
        line = persona.lines.get(self.id, "") if persona else ""
        if persona is None or not line:
            return View(())
        return start_views.persona_view(persona.name, line)

    # what is handed on -----------------------------------------------------------

    def section(self) -> Section:
        """Return this step's Section; in a report run a failure becomes one too."""
        if self.interactive:
            return self._as_it_stands()
        return at_the_edge(self.id, self._as_it_stands)

    def _as_it_stands(self) -> Section:
        return self._with_borrowed(self._with_dispute(self._recap()))

    def _with_dispute(self, section: Section) -> Section:
        """Mark a section that the pair saved as not agreed, where it is still open."""
        if section.status == "undecided" and self.is_not_agreed(self.about):
            return replace(section, status="not_agreed")
        return section

    def recap(self) -> Any:
        """Show this step's Section: at once, or behind a button where people act."""
        if not self.interactive:
            return self.section()
        return self.behind_a_button("recap", lambda: self.section()._repr_html_())

    def behind_a_button(
        self,
        name: str,
        show: Callable[[], str],
        *,
        beneath: Callable[[], Any] | None = None,
    ) -> Any:
        """Show something when asked; it follows the record from then on."""
        from workshop.views.panels.live import RevealPanel

        show = self._noting(show)
        panel = RevealPanel(
            name,
            ready=self.is_time_for_figures,
            show=show,
            beneath=beneath,
            warning=self.why_figures_wait,
        )
        return self.follow(panel, ANYTHING)

    def figures(self, make: Callable[[], View]) -> Any:
        """Show figures: at once when the bets are sealed, else behind a button."""
        if not self.interactive:
            return make()
        from workshop.views.panels.live import RevealPanel

        show = self._noting(lambda: make()._repr_html_())
        panel = RevealPanel(
            "figures",
            ready=self.is_time_for_figures,
            show=show,
            at_once=True,
            warning=self.why_figures_wait,
        )
        return self.follow(panel, MEASURED)

    def _noting(self, show: Callable[[], str]) -> Callable[[], str]:
        """Remember that somebody asked to see figures all the same."""

        def noted() -> str:
            if not self._insisted:
                self._insisted = True
                self.look_at_lessons()
            return show()

        return noted

    def may_see_figures(self) -> bool:
        """Say whether it is time for them, or somebody asked to see all the same."""
        return self._insisted or self.is_time_for_figures()

    def is_time_for_figures(self) -> bool:
        """Say whether both bets are sealed, and one who is alone has guessed."""
        return self.bets_sealed() and not self.waits_for_a_guess()

    def why_figures_wait(self) -> Said:
        """Say what figures wait for, and that one may see them all the same."""
        waits = "not_guessed" if self.bets_sealed() else "not_sealed"
        return say(f"panel.reveal.{waits}")

    def not_yet(self) -> Said:
        """Say what figures wait for."""
        return say("page.guess_first" if self.bets_sealed() else "page.not_yet")

    def bets_sealed(self) -> bool:
        """Say whether both bets are sealed, so that figures give nothing away."""
        bets = self.record.bets
        return bets is not None and set(bets.sealed) >= set(ROLES)

    def in_short(self) -> Any:
        """Show in one line where we are; where people act it follows the record."""
        if not self.interactive:
            return View((Paragraph(self.said_in_short()),))
        from workshop.views.panels.live import InShort

        return self.follow(InShort(self.said_in_short), MEASURED)

    def where_we_are(self) -> str:
        """Say in one line what this step has come to so far."""
        return self.said_in_short().text

    def said_in_short(self) -> Said:
        """Say what this step has come to, as far as figures may be seen yet."""
        if self.interactive and not self.may_see_figures():
            return self.not_yet()
        return self.headline()

    def headline(self) -> Said:
        """Say in one sentence what this step has come to.

        A step whose Section takes long says it without making one.
        """
        return self.section().headline

    def _recap(self) -> Section:
        raise NotImplementedError


def at_the_edge(section: str, make: Callable[[], Section]) -> Section:
    """Make a Section, or a failed one that says why.

    The only place where an exception is turned into a value: one broken step must not
    hide the others.
    """
    try:
        return make()
    except Exception as error:
        known = isinstance(error, WorkshopError)
        why = str(error) if known else f"{type(error).__name__}: {error}"
        return Section(
            id=section,
            title=say(f"section.{section}"),
            status="failed",
            headline=say("page.failed", why=why),
            extra={"why": why, "input_was_wrong": known},
        )
