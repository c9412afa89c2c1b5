"""Panels of 05: who decides, whom to ask, what comes next, and the signature.

The two limits that a program can check are in `workshop.views.panels.clauses`.
What a record holds beyond the lines shown here is handed on untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Unpack

from workshop.record.agreed import Action, Agreement, DecisionRight, Escalation
from workshop.record.values import Role
from workshop.views.panels import looks
from workshop.views.panels.clauses import clauses_panel
from workshop.views.panels.common import Ways, owners
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import Read, UnreadError, read_date
from workshop.views.wording import phrase, say

__all__ = [
    "DECISIONS",
    "actions_panel",
    "clauses_panel",
    "escalation_panel",
    "rights_panel",
    "sign_panel",
]

DECISIONS = {"threshold": "move the threshold", "release": "release"}
"""Field → the decision's name in the record."""

_ACTIONS = ("action_1", "action_2", "action_3")
_LINE = re.compile(r"(?P<what>\S.*)\s[-–—]+\s(?P<who>.*\S.*)\s[-–—]+\s(?P<by>.+)")


def rights_panel(
    decides: Sequence[DecisionRight],
    *,
    on_save: Callable[[tuple[DecisionRight, ...]], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask who owns the threshold and who owns the release."""
    known = {right.decision: right for right in decides}
    values: dict[str, Any] = {}
    for key, decision in DECISIONS.items():
        if decision in known:
            values[key] = known[decision].owner
            values[f"{key}_consulted"] = known[decision].consulted
    others = tuple(r for r in decides if r.decision not in DECISIONS.values())

    def build(answers: dict[str, Any]) -> tuple[DecisionRight, ...]:
        named = tuple(
            DecisionRight(
                decision=decision,
                owner=answers[key],
                consulted=answers[f"{key}_consulted"],
            )
            for key, decision in DECISIONS.items()
        )
        return named + others

    return Form(
        "rights",
        [Field(key, "choice", owners()) for key in DECISIONS],
        [Field(f"{key}_consulted", "choice", owners()) for key in DECISIONS],
        values=values,
        build=build,
        on_save=on_save,
        **ways,
    )


def escalation_panel(
    agreement: Agreement | None,
    *,
    on_save: Callable[[tuple[Escalation, ...], str], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask who is told when a limit breaks, and when the pair meets again."""
    agreement = agreement or Agreement()
    first, others = agreement.escalation[:1], agreement.escalation[1:]
    usual = phrase("panel.escalation.usual_when")
    values = first[0].model_dump() if first else {"when": usual}

    def build(answers: dict[str, Any]) -> tuple[tuple[Escalation, ...], str]:
        asked = Escalation(
            when=answers["when"] or usual,
            to=answers["to"],
            within_days=answers["within_days"],
            meanwhile=answers["meanwhile"] or "",
        )
        return (asked, *others), answers["retrospective"]

    return Form(
        "escalation",
        [Field("to"), Field("retrospective", "date")],
        [
            Field("when"),
            Field("within_days", "number", whole=True),
            Field("meanwhile"),
        ],
        values=values | {"retrospective": agreement.retrospective},
        build=build,
        on_save=lambda built: on_save(*built),
        **ways,
    )


def actions_panel(
    actions: Sequence[Action],
    *,
    on_save: Callable[[tuple[Action, ...]], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask for the next action, one line: what - who - by when; two more may follow."""
    others = tuple(actions[len(_ACTIONS) :])
    fields = [
        Field(
            key,
            read=read_action,
            write=write_action,
            say_as="action",
            given={"number": str(index)},
        )
        for index, key in enumerate(_ACTIONS, start=1)
    ]
    return Form(
        "actions",
        fields[:1],
        fields[1:],
        values=dict(zip(_ACTIONS, actions, strict=False)),
        build=lambda answers: (
            *(answers[key] for key in _ACTIONS if answers[key] is not None),
            *others,
        ),
        on_save=on_save,
        **ways,
    )


def read_action(text: str) -> Read:
    """Read one line ``what - who - by when``; only the last two dashes divide.

    Raises
    ------
    UnreadError
        When a part is missing or the last one is no date.
    """
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise UnreadError(say("panel.actions.three_parts"))
    what, who = found["what"].strip(), found["who"].strip()
    by = read_date(found["by"]).value
    said = say("panel.actions.understood", what=what, who=who, by=by)
    return Read(Action(what=what, who=who, by=by), said)


def write_action(action: Action) -> str:
    """Write an action as the one line that `read_action` reads."""
    return " - ".join(filter(None, (action.what, action.who, action.by)))


def sign_panel(
    role: Role,
    name: str,
    gaps: Html,
    *,
    on_sign: Callable[[str], Html | None],
    signed: Html = "",
    **ways: Unpack[Ways],
) -> Form:
    """Show what is still open, and ask for a name under it.

    ``signed`` says, as HTML, that and how this half has signed before.
    """
    return Form(
        "sign",
        [Field("name")],
        build=lambda answers: answers["name"],
        on_save=on_sign,
        above=(
            looks.words(looks.as_html(gaps)),
            looks.words(looks.as_html(signed), "banner"),
        ),
        given={
            "half": phrase(f"ui.role.{role}"),
            "name": name or phrase(f"ui.role.{role}"),
        },
        **ways,
    )
