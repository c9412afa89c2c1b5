"""01: the outcome, four early questions, the bets opened, the four expectations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from workshop.analysis.early_questions import with_actions
from workshop.analysis.expectations import conflicts
from workshop.analysis.framing import OutcomePart, missing_parts, review_request
from workshop.analysis.framing_rules import (
    Objection,
    OutcomeGiven,
    check_statement,
    given_by,
)
from workshop.analysis.impact.assumptions import per_week
from workshop.record.agreed import Action, Agreement
from workshop.record.framed import EARLY_QUESTIONS, EarlyQuestion, Framing, Outcome
from workshop.steps.given import today
from workshop.steps.opening import Opening
from workshop.steps.talking import Talking
from workshop.views.recaps import framing as views
from workshop.views.recaps.framing_back import find_out
from workshop.views.recaps.framing_check import Checked, checked, kept_said, names_of
from workshop.views.section import Section, View
from workshop.views.wording import Said, say

TWO_WEEKS = timedelta(days=14)
"""How long somebody gets to find out what the pair did not know."""

_SAYS: dict[str, OutcomePart] = {
    "no_baseline": "from",
    "no_target": "to",
    "no_date": "by",
}


class FramingStep(Opening, Talking):
    """What should improve, from what to what, by when?"""

    id = "framing"
    about = "framing"

    def request(self) -> View:
        """The request as it came, and the question that mends it."""
        framing = self.record.framing
        text = (framing.request if framing else "") or self.scenario.request
        return views.request_view(text, review_request(text))

    def outcome(self) -> Any:
        """Ask for the outcome: measure, from, to, by."""
        framing = self.record.framing
        if not self.interactive:
            return views.outcome_view(framing, self._missing())
        from workshop.views.panels.framing import outcome_panel, outcome_values

        panel = outcome_panel(
            framing,
            review=self._review,
            on_save=self._save_outcome,
            **self.ways("framing.outcome"),
        )
        about = ("framing.outcome", "framing.kind", "framing.kept_wording")
        return self.follow(
            panel, *about, values=lambda: outcome_values(self.record.framing)
        )

    def questions(self) -> Any:
        """Ask who could be harmed, which rule applies, and what was promised."""
        framing = self.record.framing
        if not self.interactive:
            return views.questions_view(framing)
        from workshop.views.panels.framing import question_values, questions_panel

        panel = questions_panel(
            framing, on_save=self._save_questions, **self.ways("framing.questions")
        )
        more = ("rule_checked_by", "promised_by", "unknown")
        about = (f"framing.{field}" for field in (*EARLY_QUESTIONS, *more))
        return self.follow(
            panel, *about, values=lambda: question_values(self.record.framing)
        )

    def expectations(self) -> Any:
        """Ask for the four expectations and the ratio."""
        framing = self.record.framing
        if not self.interactive:
            return views.expectations_view(framing, self._clashes())
        from workshop.views.panels.framing import expectations_panel, expected_values

        panel = expectations_panel(
            framing,
            tied=self._tied,
            clashes=self._clashes_of,
            on_save=lambda fields: self.save_framing("framing.expectations", **fields),
            **self.ways("framing.expectations"),
        )
        fields = ("expectations", "ratio", "when_unsure", "last_word_today")
        about = (f"framing.{field}" for field in fields)
        return self.follow(
            panel, *about, values=lambda: expected_values(self.record.framing)
        )

    def _recap(self) -> Section:
        return views.recap(
            self.record, self.request(), self._missing(), self._bets(), self._clashes()
        )

    def _missing(self) -> Any:
        framing = self.record.framing or Framing()
        return missing_parts(framing.outcome, framing.kept_wording)

    # the statement -------------------------------------------------------------------

    def _review(self, outcome: Outcome) -> Checked:
        """Check a statement as it stands in the panel, with what its fields give."""
        given = given_by(outcome, self.record.framing)
        objections = self._objections(outcome.measure, given)
        return checked(objections, self.scenario, in_text=self._only_in_text(outcome))

    def _objections(self, text: str, given: OutcomeGiven) -> tuple[Objection, ...]:
        words = self.scenario.suggests.cannot_move
        return check_statement(text, given=given, cannot_move=words)

    def _only_in_text(self, outcome: Outcome) -> tuple[OutcomePart, ...]:
        """Parts that the text says and their fields do not."""
        lacking = {o.code for o in self._objections(outcome.measure, OutcomeGiven())}
        if not outcome.measure or lacking & {"feature_brief", "no_measure"}:
            return ()
        empty = missing_parts(outcome, ("feature_brief",))
        said = (part for code, part in _SAYS.items() if code not in lacking)
        return tuple(part for part in said if part in empty)

    def _save_outcome(self, fields: dict[str, Any]) -> Said | str:
        kept = fields["kept_wording"]
        because = say("objection.kept_log", names=names_of(kept)).text if kept else ""
        told = self.save_framing("framing.outcome", because=because, **fields)
        said = kept_said(kept)
        return Said("{told} {kept}", {"told": told, "kept": said}) if said else told

    # the four early questions --------------------------------------------------------

    def _save_questions(self, fields: dict[str, Any]) -> Said | str:
        """Keep the answers, and an action for each that is not known, in one save."""
        self._catch_up("framing", fields)
        self._catch_up("agreement", ("actions",))
        framing = (self.base.framing or Framing()).model_copy(update=fields)
        agreement = self.base.agreement or Agreement()
        actions = with_actions(agreement.actions, self._asked(framing))
        values: dict[str, Any] = {"framing": framing}
        values |= self.settled("framing.questions")
        if actions != agreement.actions:
            agreement = values.get("agreement", agreement)
            values["agreement"] = agreement.model_copy(update={"actions": actions})
        told = self.save(values, "framing: the four early questions")
        names = ", ".join(find_out(question) for question in framing.unknown)
        made = say("early.action_made", names=names)
        return Said("{told} {made}", {"told": told, "made": made}) if names else told

    def _asked(self, framing: Framing) -> dict[EarlyQuestion, tuple[Action, bool]]:
        return {
            question: (self._to_find(framing, question), question in framing.unknown)
            for question in EARLY_QUESTIONS
        }

    def _to_find(self, framing: Framing, question: EarlyQuestion) -> Action:
        by = (today() + TWO_WEEKS).isoformat()
        who = self._who(framing, question)
        return Action(what=find_out(question), who=who, by=by)

    def _who(self, framing: Framing, question: EarlyQuestion) -> str:
        """Whoever checks the rule finds it out; all else is the product half's."""
        checker = framing.rule_checked_by if question == "rule" else ""
        return checker or self.names["product"]

    # the expectations ----------------------------------------------------------------

    def _tied(self, error: float) -> Said:
        a_week = per_week(self.record, self.scenario)
        return views.error_tied(error, a_week, self.scenario.decision.unit)

    def _clashes(self) -> Any:
        return conflicts(self.record, self.scenario)

    def _clashes_of(self, fields: dict[str, Any]) -> View:
        """What would not go together, were these answers saved."""
        record = self.record
        framing = (record.framing or Framing()).model_copy(update=fields)
        record = record.model_copy(update={"framing": framing})
        return views.clash_view(conflicts(record, self.scenario))
