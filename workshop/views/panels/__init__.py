"""One form a step: what a pair is asked, and nothing about where it is kept.

A panel gets callables and hands over values of the record. This package imports
ipywidgets and is therefore only imported where somebody is there to answer.
"""

from workshop.views.panels.agreement import (
    actions_panel,
    clauses_panel,
    escalation_panel,
    rights_panel,
    sign_panel,
)
from workshop.views.panels.data_readiness import assumption_panel, risk_panel
from workshop.views.panels.form import FieldError, Form
from workshop.views.panels.framing import (
    expectations_panel,
    opening_panel,
    outcome_panel,
)
from workshop.views.panels.journey import required_answers
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

__all__ = [
    "FieldError",
    "Form",
    "Panel",
    "actions_panel",
    "assumption_panel",
    "bet_panel",
    "cases_panel",
    "clauses_panel",
    "escalation_panel",
    "expectations_panel",
    "line_panel",
    "opening_panel",
    "option_panel",
    "outcome_panel",
    "register_panel",
    "required_answers",
    "rights_panel",
    "risk_panel",
    "seats_panel",
    "sign_panel",
    "threshold_panel",
]
