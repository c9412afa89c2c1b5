"""How many answers does the whole journey ask for? Counted on the panels themselves."""

from __future__ import annotations

from collections.abc import Callable

from workshop.record.choices import Participants
from workshop.views.panels.agreement import (
    actions_panel,
    clauses_panel,
    escalation_panel,
    rights_panel,
    sign_panel,
)
from workshop.views.panels.data_readiness import assumption_panel, risk_panel
from workshop.views.panels.framing import (
    expectations_panel,
    opening_panel,
    outcome_panel,
)
from workshop.views.panels.looks import Panel
from workshop.views.panels.register import register_panel
from workshop.views.panels.start import (
    bet_panel,
    cases_panel,
    line_panel,
    seats_panel,
)
from workshop.views.panels.threshold import threshold_panel
from workshop.views.panels.user_impact import option_panel
from workshop.views.panels.values import ValuesPanel, satisfaction_panel


def _nothing(*_: object) -> str:
    return ""


def _a_bet() -> Panel:
    return bet_panel("product", "", False, on_seal=_nothing)


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
    "bet": (2, _a_bet),
    "outcome": (1, lambda: outcome_panel(None, review=_nothing, on_save=_nothing)),
    "opening": (1, lambda: opening_panel(can_open=False, on_open=_nothing)),
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
    "rights": (1, lambda: rights_panel([], on_save=_nothing)),
    "clauses": (1, lambda: clauses_panel([], metrics=[], on_save=_nothing)),
    "escalation": (1, lambda: escalation_panel(None, on_save=_nothing)),
    "actions": (1, lambda: actions_panel([], on_save=_nothing)),
    "sign": (2, _a_signature),
}
"""Panel → how often it is answered when two people walk the journey, and an empty one
to count on, with a finding and a cut at hand so that nothing is asked less."""


def required_answers() -> dict[str, int]:
    """Return how many answers each panel asks of a pair; the cases come on top."""
    return {name: often * make().required for name, (often, make) in JOURNEY.items()}
