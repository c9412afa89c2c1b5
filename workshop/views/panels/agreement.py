"""Panels of 05: whom to ask, what comes next, and the signature.

Who decides what is asked in `rights` beside this module, the limits that a program can
check in `clauses`. What a record holds beyond the lines shown is handed on untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Unpack

import ipywidgets as w

from workshop.record.agreed import Action, Agreement, Escalation
from workshop.record.dates import is_past
from workshop.record.terms import ESCALATIONS
from workshop.record.values import Role
from workshop.views.panels import looks
from workshop.views.panels.common import Ways
from workshop.views.panels.drafts import Draft
from workshop.views.panels.fields import Field
from workshop.views.panels.form import FieldError, Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import Read, UnreadError, read_date
from workshop.views.panels.shared import make
from workshop.views.panels.telling import TellingForm, Today, read_coming
from workshop.views.wording import phrase, say

FIRST_CASE = "clause_broken"
LEAST_ACTIONS = 3

_LINE = re.compile(r"(?P<what>\S.*)\s[-–—]+\s(?P<who>.*\S.*)\s[-–—]+\s(?P<by>.+)")


# whom to ask -------------------------------------------------------------------------


def escalation_panel(
    agreement: Agreement | None,
    *,
    on_save: Callable[[tuple[Escalation, ...], str], Html | None],
    suggests: Sequence[Escalation] = (),
    today: Today = date.today,
    **ways: Unpack[Ways],
) -> Form:
    """Ask who is told when a limit breaks, and when the pair meets again.

    Three more cases stand under "More". A date in the past is refused.
    """
    agreement = agreement or Agreement()
    others = tuple(
        one for one in agreement.escalation if _when(one) not in ESCALATIONS.values()
    )

    def build(answers: dict[str, Any]) -> tuple[tuple[Escalation, ...], str]:
        found = (_escalation(case, answers) for case in ESCALATIONS)
        asked = tuple(one for one in found if one is not None)
        return (*asked, *others), answers["retrospective"]

    coming = read_coming(today, kept=agreement.retrospective)
    panel = Form(
        "escalation",
        [Field("to"), Field("retrospective", "date", read=coming)],
        [field for case in ESCALATIONS for field in _case_fields(case)],
        values=escalation_values(agreement, suggests),
        build=build,
        on_save=lambda built: on_save(*built),
        **ways,
    )
    panel.required -= any(_when(one) == ESCALATIONS[FIRST_CASE] for one in suggests)
    return panel


def escalation_values(
    agreement: Agreement | None, suggests: Sequence[Escalation]
) -> dict[str, Any]:
    """What the record holds, or what is suggested, as answers of the panel."""
    agreement = agreement or Agreement()
    kept = {
        _when(one): one
        for one in (*reversed(suggests), *reversed(agreement.escalation))
    }
    values: dict[str, Any] = {"retrospective": agreement.retrospective}
    for case, words in ESCALATIONS.items():
        if words in kept:
            said = kept[words].model_dump(exclude={"when"})
            values |= {_key(case, part): value for part, value in said.items()}
    return values


def _when(one: Escalation) -> str:
    return one.when.strip().casefold()


def _key(case: str, part: str) -> str:
    return part if case == FIRST_CASE else f"{case}_{part}"


def _case_fields(case: str) -> list[Field]:
    """What is asked of a case under "More"; of the first, all but whom to ask."""
    given = {"when": ESCALATIONS[case]}
    to = Field(_key(case, "to"), say_as="case_to", given=given)
    days = Field(
        _key(case, "within_days"),
        "number",
        whole=True,
        say_as="within_days",
        given=given,
    )
    meanwhile = Field(_key(case, "meanwhile"), say_as="meanwhile", given=given)
    return [days, meanwhile] if case == FIRST_CASE else [to, days, meanwhile]


def _escalation(case: str, answers: Mapping[str, Any]) -> Escalation | None:
    to, days, meanwhile = (
        answers[_key(case, part)] for part in ("to", "within_days", "meanwhile")
    )
    if to is None:
        if days is not None or meanwhile is not None:
            raise FieldError(**{_key(case, "to"): say("ui.missing")})
        return None
    return Escalation(
        when=ESCALATIONS[case], to=to, within_days=days, meanwhile=meanwhile or ""
    )


# what comes next ---------------------------------------------------------------------


class ActionsPanel(TellingForm):
    """One line an action, and a tick at those that were kept before."""

    def __init__(self, actions: Sequence[Action], *, today: Today, **given: Any):
        self._before, self._today = tuple(actions), today
        open_ones = [one for one in actions if one.done is None]
        more = max(0, LEAST_ACTIONS - len(open_ones))
        self._keys = [f"action_{n}" for n in range(1, len(actions) + more + 1)]
        self.ticks = dict(zip(self._keys, map(_tick, actions), strict=False))
        fields = [self._field(place, key) for place, key in enumerate(self._keys)]
        super().__init__(
            "actions",
            fields[:1],
            fields[1:],
            values=dict(zip(self._keys, actions, strict=False)),
            beside=self.ticks,
            build=self._build_actions,
            more_opened=True,
            **given,
        )
        self._drafts: list[Draft] = []
        for key, tick in self.ticks.items():
            self._drafts.append(Draft(tick, self.id, f"{key}_done"))
            tick.disabled = bool(given.get("read_only"))
            tick.observe(self._changed, "value")
            self.controls[f"{key}_done"] = tick

    @property
    def before(self) -> tuple[Action, ...]:
        """The actions that stand here; those without room are not among them."""
        return self._before

    def follow(self, values: Mapping[str, Any], who: str) -> None:
        """Show the actions as they stand now, as far as there is room."""
        actions = tuple(values["actions"])[: len(self._keys)]
        was, self._before = self._before, actions
        super().follow(dict(zip(self._keys, actions, strict=False)), who)
        for place, tick in enumerate(self.ticks.values()):
            before, now = (_done(of, place) for of in (was, actions))
            if self._saving or tick.value == before:  # nobody is ticking it here
                tick.value = now
            self._drafts[place].keep(now)

    def _field(self, place: int, key: str) -> Field:
        return Field(
            key,
            read=lambda text: self._read(text, self._kept(place)),
            write=write_action,
            say_as="action",
            given={"number": str(place + 1)},
        )

    def _kept(self, place: int) -> Action | None:
        """The action that the record has at this place."""
        return self._before[place] if place < len(self._before) else None

    def _read(self, text: str, before: Action | None) -> Read:
        """A line that stood there before is read again, even if its date has passed."""
        if before is not None and before.by and text.strip() == write_action(before):
            return Read(before)
        read = read_action(text)
        if is_past(read.value.by, self._today()):
            raise UnreadError(say("ui.date_passed"))
        return read

    def _build_actions(self, answers: dict[str, Any]) -> tuple[Action, ...]:
        said = ((place, answers[key]) for place, key in enumerate(self._keys))
        return tuple(self._marked(place, one) for place, one in said if one is not None)

    def _marked(self, place: int, action: Action) -> Action:
        """Keep the day on which it was done, or write today's at a new tick."""
        tick, kept = self.ticks.get(self._keys[place]), self._kept(place)
        done = kept.done if kept else None
        if tick is not None:
            done = (done or self._today().isoformat()) if tick.value else None
        return action.model_copy(update={"done": done})


def actions_panel(
    actions: Sequence[Action],
    *,
    on_save: Callable[[tuple[Action, ...]], Html | None],
    telling: Callable[[], Html] = str,
    today: Today = date.today,
    **ways: Unpack[Ways],
) -> ActionsPanel:
    """Ask for the next action, one line: what - who - by when; two more may follow.

    ``telling`` says, as HTML, which actions there are and which are overdue.
    """
    return ActionsPanel(actions, today=today, on_save=on_save, telling=telling, **ways)


def _done(actions: Sequence[Action], place: int) -> bool:
    return place < len(actions) and actions[place].done is not None


def _tick(action: Action) -> w.Checkbox:
    box = make(
        w.Checkbox,
        value=action.done is not None,
        description=phrase("panel.actions.done"),
        indent=False,
        wide=True,
    )
    box.add_class("cgp-tick")
    return box


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


# the signature -----------------------------------------------------------------------


def sign_panel(
    role: Role,
    name: str,
    gaps: Html,
    *,
    on_sign: Callable[[str], Html | None],
    signed: Callable[[], Html] = str,
    **ways: Unpack[Ways],
) -> TellingForm:
    """Show what is still open, and ask for a name under it.

    ``signed`` says, as HTML, that and how this half has signed before, and whether
    that still holds.
    """
    return TellingForm(
        "sign",
        [Field("name")],
        build=lambda answers: answers["name"],
        on_save=on_sign,
        above=(looks.words(looks.as_html(gaps)),),
        telling=lambda: looks.toned(looks.as_html(signed()), "banner"),
        given={
            "half": phrase(f"ui.role.{role}"),
            "name": name or phrase(f"ui.role.{role}"),
        },
        **ways,
    )
