"""Panel of 05: seven decisions, each with one owner and whoever is asked before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

from workshop.record.agreed import DecisionRight
from workshop.record.terms import DECISIONS, MODEL_DECISIONS
from workshop.record.values import Owner, Role
from workshop.views.panels.common import Ways, owners
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import Read, UnreadError
from workshop.views.wording import Said, phrase, say

ASKED = ("threshold", "release")
"""The two decisions that a pair is asked about; the others are filled in to be read."""


class RightsPanel(Form):
    """Seven decisions, each with one owner and whoever is asked before."""

    def _missing(self, key: str) -> Said | None:
        """Every decision needs an owner, those under "More" as well."""
        if key in DECISIONS and key not in ASKED:
            return say("ui.missing")
        return super()._missing(key)


def rights_panel(
    decides: Sequence[DecisionRight],
    *,
    on_save: Callable[[tuple[DecisionRight, ...]], Html | None],
    suggests: Sequence[DecisionRight] = (),
    **ways: Unpack[Ways],
) -> Form:
    """Ask who owns the threshold and the release; five more decisions stand filled in.

    ``suggests`` are the scenario's own; without them the two that are asked start
    empty. A decision of the record's own that is none of the seven is handed on.
    """
    others = tuple(r for r in decides if _name(r) not in DECISIONS.values())

    def build(answers: dict[str, Any]) -> tuple[DecisionRight, ...]:
        named = tuple(_right(key, answers) for key in DECISIONS)
        return named + others

    owned = {key: Field(key, "choice", owners(), read=_one_owner) for key in DECISIONS}
    asked = {key: _asked_field(key, words) for key, words in DECISIONS.items()}
    more = [asked[key] for key in ASKED]
    for key in DECISIONS:
        more += [] if key in ASKED else [owned[key], asked[key]]
    panel = RightsPanel(
        "rights",
        [owned[key] for key in ASKED],
        more,
        values=right_values(decides, suggests),
        build=build,
        on_save=on_save,
        **ways,
    )
    suggested = {_name(right) for right in suggests if right.owner}
    panel.required = sum(DECISIONS[key] not in suggested for key in ASKED)
    return panel


def right_values(
    decides: Sequence[DecisionRight], suggests: Sequence[DecisionRight]
) -> dict[str, Any]:
    """What the record holds, or what is usual, as answers of the panel."""
    values: dict[str, Any] = {}
    for key, right in starting_rights(decides, suggests).items():
        values |= {key: right.owner, f"{key}_asked": (right.consulted, right.asked)}
    return values


def starting_rights(
    decides: Sequence[DecisionRight], suggests: Sequence[DecisionRight]
) -> dict[str, DecisionRight]:
    """What each decision starts from: the record, the scenario, or what is usual."""
    said = {_name(right): right for right in (*reversed(suggests), *reversed(decides))}
    return {
        key: said.get(words, _usual(key))
        for key, words in DECISIONS.items()
        if words in said or key not in ASKED
    }


def _usual(key: str) -> DecisionRight:
    """Model decisions are engineering's, product decisions are product's."""
    owner: Role = "engineering" if key in MODEL_DECISIONS else "product"
    other: Role = "product" if key in MODEL_DECISIONS else "engineering"
    return DecisionRight(decision=DECISIONS[key], owner=owner, consulted=other)


def _name(right: DecisionRight) -> str:
    return right.decision.strip().casefold()


def _asked_field(key: str, words: str) -> Field:
    return Field(
        f"{key}_asked",
        read=read_asked,
        write=write_asked,
        say_as="asked",
        given={"decision": words},
    )


def _right(key: str, answers: Mapping[str, Any]) -> DecisionRight:
    consulted, asked = answers[f"{key}_asked"] or (None, ())
    return DecisionRight(
        decision=DECISIONS[key], owner=answers[key], consulted=consulted, asked=asked
    )


def _one_owner(owner: str) -> Read:
    if owner == "both":
        raise UnreadError(say("panel.rights.one_owner"))
    return Read(owner)


def read_asked(text: str) -> Read:
    """Read names with commas between them: halves of the pair, then anybody else.

    >>> read_asked("Product, legal").value
    ('product', ('legal',))
    """
    names = list(dict.fromkeys(n for n in map(str.strip, text.split(",")) if n))
    halves = {
        phrase(f"framing.owner_{role}"): role for role in ("product", "engineering")
    }
    asked = [halves[n.casefold()] for n in names if n.casefold() in halves]
    others = tuple(n for n in names if n.casefold() not in halves)
    consulted: Owner | None = None
    if asked:
        consulted = "both" if len(set(asked)) > 1 else asked[0]  # type: ignore[assignment]
    return Read((consulted, others))


def write_asked(given: tuple[Owner | None, tuple[str, ...]]) -> str:
    """Write who is asked as the line that `read_asked` reads."""
    consulted, others = given
    halves = ("product", "engineering") if consulted == "both" else (consulted,)
    names = [phrase(f"framing.owner_{half}") for half in halves if half]
    return ", ".join((*names, *others))
