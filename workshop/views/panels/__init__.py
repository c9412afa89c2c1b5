"""One form a step: what a pair is asked, and nothing about where it is kept.

A panel gets callables and hands over values of the record. This package imports
ipywidgets and is therefore only imported where somebody is there to answer.
"""

from workshop.views.panels.agreement import (
    actions_panel,
    escalation_panel,
    sign_panel,
)
from workshop.views.panels.bet import bet_panel
from workshop.views.panels.cases import cases_panel
from workshop.views.panels.clauses import clauses_panel
from workshop.views.panels.data_readiness import assumption_panel, risk_panel
from workshop.views.panels.form import FieldError, Form
from workshop.views.panels.framing import (
    expectations_panel,
    outcome_panel,
    questions_panel,
)
from workshop.views.panels.hand_over import Chair, HandOver
from workshop.views.panels.journey import required_answers
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

__all__ = [
    "Chair",
    "FieldError",
    "Form",
    "HandOver",
    "OpeningPanel",
    "Panel",
    "actions_panel",
    "assumption_panel",
    "bet_panel",
    "cases_panel",
    "clauses_panel",
    "escalation_panel",
    "expectations_panel",
    "line_panel",
    "option_panel",
    "outcome_panel",
    "outside_panel",
    "parked_panel",
    "parking_panel",
    "premortem_panel",
    "pulse_panel",
    "questions_panel",
    "register_panel",
    "required_answers",
    "rights_panel",
    "risk_panel",
    "rituals_panel",
    "seats_panel",
    "second_look_panel",
    "sign_panel",
    "threshold_panel",
]
