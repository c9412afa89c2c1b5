"""The report's first screen: what all steps come to, read in three minutes.

Asks each step for what it has computed already. What cannot be made says so in its own
place, and takes nothing else with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workshop.analysis.stated import stated_rates
from workshop.errors import WorkshopError
from workshop.record.agreed import Agreement
from workshop.record.borrowed import is_borrowed, steps_borrowed
from workshop.record.digest import digest
from workshop.record.values import Gap, Number
from workshop.steps.base import Step
from workshop.steps.borrowing import steps_said
from workshop.views.columns import Columns, Panel
from workshop.views.recaps import first_screen as views
from workshop.views.recaps.agreement import gap_json
from workshop.views.recaps.overview import recap
from workshop.views.section import Block, Paragraph, Section
from workshop.views.wording import Said, has, say

Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Broken:
    """A part of the screen that could not be made, the step it came from, and why."""

    step: str
    why: str
    input_was_wrong: bool


@dataclass
class FirstScreen:
    """The screen of one record, put together from its steps.

    ``broken`` fills up with what could not be made, in the order of the screen.
    """

    step: Step
    steps: Mapping[str, Any]
    broken: list[Broken] = field(default_factory=list)

    def blocks(self) -> Blocks:
        """Return the whole screen, what may be said outside first."""
        panel = self._panel
        return (
            *self._borrowed(),
            *views.outside_blocks(self._made("agreement", self._outside)),
            Columns(
                (
                    panel("decision", "threshold", self._decided, look="strong"),
                    panel("verdict", "data_readiness", self._verdict, look="narrow"),
                    panel("people", "start", self._people, look="narrow"),
                    panel("policies", "threshold", self._policies, look="broad"),
                    panel("floors", "user_impact", self._floors),
                    panel("owners", "agreement", self._owners),
                    panel("stops", "agreement", self._stops),
                    panel("gaps", "agreement", self._gaps),
                )
            ),
        )

    def section(
        self, *, told_elsewhere: Callable[[str], bool], **extra: Any
    ) -> Section:
        """Return the screen as a Section, with the plain data that the JSON carries.

        Something that broke makes it a failed one, unless `told_elsewhere` says of the
        step it came from that its own section is a failed one already.
        """
        screen = self.blocks()
        extra |= self._data()
        head = self._or("start", self.steps["start"].headline, None)
        own = [one for one in self.broken if not told_elsewhere(one.step)]
        if own:
            extra["why"] = own[0].why
            extra["input_was_wrong"] = all(one.input_was_wrong for one in own)
        why = (own or self.broken)[0].why if self.broken else ""
        return recap(
            head, screen, status="failed" if own else "ok", why=why, extra=extra
        )

    def _data(self) -> dict[str, Any]:
        """What the twin says of the whole, beside the numbers; empty where it broke."""
        steps, given = self.steps, self._or
        verdict, rule = given("data_readiness", self._ruling, ("cannot_tell", ""))
        return {
            "borrowed": list(steps_borrowed(self.step.record)),
            "digest": {
                "record": digest(self.step.record),
                "data": given("start", self._data_digest, ""),
            },
            "limits": given(
                "data_readiness", lambda: [*self.step.given.card.limits], []
            ),
            "verdict": verdict,
            "rule": rule,
            "gaps": given("agreement", self._gaps_json, []),
            "outside": given("agreement", steps["agreement"].outside_json, {}),
        }

    def _ruling(self) -> tuple[str, str]:
        found, rule = self.steps["data_readiness"].verdict()
        return found.verdict.kind, rule.text

    def _data_digest(self) -> str:
        return self.step.evidence.digest if self.step.has_rows else ""

    def _gaps_json(self) -> list[dict[str, Any]]:
        return [gap_json(gap) for gap in self._open]

    @cached_property
    def _open(self) -> tuple[Gap, ...]:
        found: tuple[Gap, ...] = self.steps["agreement"].gaps
        return found

    def _borrowed(self) -> Blocks:
        """Say before all else which steps are not this pair's own."""
        said = steps_said(self.step.record)
        return () if said is None else (Paragraph(said, "warn"),)

    # each part ----------------------------------------------------------------------

    def _outside(self) -> Blocks:
        found: Blocks = self.steps["agreement"].outside_blocks()
        return found

    def _decided(self) -> Blocks:
        """What is decided; the line or the option may be the example's."""
        record = self.step.record
        if not any(is_borrowed(record, part) for part in ("threshold", "option")):
            return self._decision()
        return (Paragraph(say("borrowed.decision"), "warn"), *self._decision())

    def _decision(self) -> Blocks:
        record, scenario = self.step.record, self.step.scenario
        choice, act = record.threshold, scenario.decision.act
        if choice is None and self.step.is_not_agreed("threshold"):
            decided = say("first.act_not_agreed", act=act)
            return views.decision_blocks(decided, self._option(), "")
        decided = views.decision_said(
            act,
            choice.policy if choice else None,
            record.framing,
            today=scenario.today.title,
        )
        because = choice.because if choice else ""
        return views.decision_blocks(decided, self._option(), because)

    def _option(self) -> Said:
        """The option taken, by letter and title; in a record alone by its name."""
        chosen = self.step.record.option
        if chosen is None:
            disputed = self.step.is_not_agreed("option")
            return say(f"first.option_{'not_agreed' if disputed else 'open'}")
        if not self.step.has_rows:
            return say("first.option", option=chosen)
        return say("first.option", option=self.steps["user_impact"].title_in_play())

    def _verdict(self) -> Blocks:
        found, rule = self.steps["data_readiness"].verdict()
        return views.verdict_blocks(found.verdict.kind, rule)

    def _people(self) -> Blocks:
        return views.people_blocks(self.steps["start"].headline(), self._error())

    def _error(self) -> Number | None:
        """The error before any line is drawn; before any row, as it was stated."""
        if not self.step.has_rows:
            return stated_rates(self.step.scenario.stated).error_all
        return self.step.evidence.error

    def _policies(self) -> Blocks:
        rows = self.steps["threshold"].rows() if self.step.has_rows else ()
        lines = self.steps["user_impact"].lines if rows else None
        return views.policies_blocks(
            rows, lines.lines if lines else (), today=self.step.scenario.today.title
        )

    def _floors(self) -> Blocks:
        step = self.steps["user_impact"]
        return views.floors_blocks(step.floors(), step.acceptable, step.record.impact)

    def _owners(self) -> Blocks:
        agreement = self.step.record.agreement or Agreement()
        return views.owner_blocks(agreement, self.step.names)

    def _stops(self) -> Blocks:
        return views.stops_blocks(self.steps["agreement"].clauses_now())

    def _gaps(self) -> Blocks:
        return views.gaps_blocks(self._open)

    # and what if one fails ------------------------------------------------------------

    def _panel(
        self, name: str, step: str, make: Callable[[], Blocks], *, look: Any = "plain"
    ) -> Panel:
        """Set a part under its heading, with a link to the section it comes from."""
        blocks, more = self._made(step, make), f"first.more_{name}"
        link = (step, say(more)) if has(more) else ("", None)
        return Panel(say(f"first.title_{name}"), blocks, look, *link)

    def _made(self, step: str, make: Callable[[], Blocks]) -> Blocks:
        """Make a part, or say in its place why it could not be made."""
        found: Blocks | None = self._or(step, make, None)
        if found is None:
            why = self.broken[-1].why
            return (Paragraph(say("first.failed", why=why), "warn"),)
        return found

    def _or(self, step: str, make: Callable[[], Any], instead: Any) -> Any:
        """Make something; where that fails keep why, and go on with what is given."""
        try:
            return make()
        except Exception as error:
            known = isinstance(error, WorkshopError)
            why = str(error) if known else f"{type(error).__name__}: {error}"
            self.broken.append(Broken(step, why, known))
            return instead
