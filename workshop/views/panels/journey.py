"""How many answers does the whole journey ask for? Counted on the panels themselves."""

from __future__ import annotations

from collections.abc import Callable

from workshop.record.agreed import DecisionRight, Escalation, Outside
from workshop.record.bets import Bet
from workshop.record.choices import Participants
from workshop.record.terms import DECISIONS, ESCALATIONS
from workshop.record.values import Clause, MeasuredBy
from workshop.views.panels.agreement import (
    actions_panel,
    escalation_panel,
    sign_panel,
)
from workshop.views.panels.bet import bet_panel
from workshop.views.panels.cases import cases_panel
from workshop.views.panels.clauses import clauses_panel
from workshop.views.panels.data_readiness import assumption_panel, risk_panel
from workshop.views.panels.framing import (
    expectations_panel,
    outcome_panel,
    questions_panel,
)
from workshop.views.panels.hand_over import HandOver
from workshop.views.panels.looks import Panel
from workshop.views.panels.opening import OpeningPanel
from workshop.views.panels.outside import outside_panel
from workshop.views.panels.parking import parked_panel, parking_panel
from workshop.views.panels.premortem import premortem_panel
from workshop.views.panels.pulse import pulse_panel
from workshop.views.panels.register import register_panel
from workshop.views.panels.rights import rights_panel
from workshop.views.panels.rituals import rituals_panel
from workshop.views.panels.second_look import second_look_panel
from workshop.views.panels.start import line_panel, seats_panel
from workshop.views.panels.threshold import threshold_panel
from workshop.views.panels.user_impact import option_panel
from workshop.views.panels.values import ValuesPanel, satisfaction_panel


def _nothing(*_: object) -> str:
    return ""


def _a_bet() -> Panel:
    return bet_panel("", on_save=_nothing)


def _going_round() -> Panel:
    notes = {"on_seal": _nothing, "on_again": _nothing}
    return HandOver(list, line=_nothing, **notes)


def _an_opening() -> Panel:
    return OpeningPanel(list, on_ready=_nothing, shown=lambda: None)


def _a_second_look() -> Panel:
    bet = Bet(
        tolerable_error=0, expected_error=0, ratio=1, fallback="human", owner="both"
    )
    return second_look_panel("", bet, None, on_save=_nothing)


def _proposed_clauses() -> Panel:
    """Filled in from the line that was chosen, to be edited."""
    by = MeasuredBy(labels_per_week=1, who="somebody")
    error = Clause(id="C1", metric="error_among_answered", at_most=0, measured_by=by)
    reach = Clause(id="C2", metric="coverage", at_least=0)
    return clauses_panel([], metrics=[], proposed=(error, reach), on_save=_nothing)


def _suggested_rights() -> Panel:
    """Filled in from the scenario, to be read and changed."""
    decisions = DECISIONS.values()
    usual = [DecisionRight(decision=each, owner="product") for each in decisions]
    return rights_panel([], suggests=usual, on_save=_nothing)


def _suggested_escalation() -> Panel:
    """Whom to ask stands filled in; when to meet again is asked."""
    cases = [Escalation(when=when, to="somebody") for when in ESCALATIONS.values()]
    return escalation_panel(None, suggests=cases, on_save=_nothing)


def _a_value() -> Panel:
    notes = {"estimate": _nothing, "on_save": _nothing, "on_forget": _nothing}
    return ValuesPanel({"fp": "", "fn": ""}, dict, **notes)


def _a_signature() -> Panel:
    return sign_panel("product", "", "", on_sign=_nothing)


JOURNEY: dict[str, tuple[int, Callable[[], Panel]]] = {
    "seats": (1, lambda: seats_panel(Participants(), on_save=_nothing)),
    "cases": (
        1,
        lambda: cases_panel({}, None, roles=(), on_judge=_nothing, reveal=_nothing),
    ),
    "line": (1, lambda: line_panel("", on_save=_nothing)),
    "hand_over": (1, _going_round),
    "bet": (2, _a_bet),
    "outcome": (1, lambda: outcome_panel(None, review=_nothing, on_save=_nothing)),
    "questions": (1, lambda: questions_panel(None, on_save=_nothing)),
    "opening": (1, _an_opening),
    "second_look": (2, _a_second_look),
    "pulse": (4, lambda: pulse_panel("", None, on_save=_nothing)),
    "expectations": (1, lambda: expectations_panel(None, on_save=_nothing)),
    "risk": (1, lambda: risk_panel([("DR000", "")], [], on_save=_nothing)),
    "register": (1, lambda: register_panel({}, on_save=_nothing)),
    "assumption": (1, lambda: assumption_panel([], on_save=_nothing)),
    "threshold": (
        1,
        lambda: threshold_panel(lambda: None, says=_nothing, on_save=_nothing),
    ),
    "value": (1, _a_value),
    "satisfaction": (1, lambda: satisfaction_panel(None, on_save=_nothing)),
    "option": (1, lambda: option_panel([], None, estimate=_nothing, on_save=_nothing)),
    "rights": (1, _suggested_rights),
    "clauses": (1, _proposed_clauses),
    "escalation": (1, _suggested_escalation),
    "rituals": (1, lambda: rituals_panel([], on_save=_nothing)),
    "premortem": (1, lambda: premortem_panel(dict, {}, on_save=_nothing)),
    "parking": (1, lambda: parking_panel(on_save=_nothing)),
    "parked": (1, lambda: parked_panel(tuple, on_save=_nothing)),
    "actions": (1, lambda: actions_panel([], on_save=_nothing)),
    "outside": (1, lambda: outside_panel(Outside, Outside, on_save=_nothing)),
    "sign": (2, _a_signature),
}
"""Panel → how often it is answered when two people walk the journey, and an empty one
to count on, with a finding and a cut at hand so that nothing is asked less."""


def required_answers() -> dict[str, int]:
    """Return how many answers each panel asks of a pair; the cases come on top."""
    return {name: often * make().required for name, (often, make) in JOURNEY.items()}
