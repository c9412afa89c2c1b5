"""Panels of 00: who is here, what counts as wrong, and the bets that are sealed.

The six cases have a module of their own, `workshop.views.panels.cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Unpack

from workshop.record.bets import Bet
from workshop.record.choices import Participants
from workshop.record.values import Role
from workshop.views.panels import looks
from workshop.views.panels.cases import cases_panel
from workshop.views.panels.common import Ways, fallbacks, owners
from workshop.views.panels.fields import Field
from workshop.views.panels.form import FieldError, Form
from workshop.views.panels.looks import Html, Panel
from workshop.views.wording import phrase, say

__all__ = ["BetPanel", "bet_panel", "cases_panel", "line_panel", "seats_panel"]

Mode = Literal["two", "product", "engineering"]
MODES: tuple[Mode, ...] = ("two", "product", "engineering")


def seats_panel(
    participants: Participants,
    *,
    on_save: Callable[[Mode, str, str], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask who is here; ``on_save`` gets the mode and the names of both halves."""
    modes = tuple((mode, phrase(f"panel.seats.mode.{mode}")) for mode in MODES)
    return Form(
        "seats",
        [Field("mode", "choice", modes)],
        [Field("product_name"), Field("engineering_name")],
        values={
            "mode": _mode(participants),
            "product_name": _names(participants, "product"),
            "engineering_name": _names(participants, "engineering"),
        },
        build=lambda answers: answers,
        on_save=lambda said: on_save(
            said["mode"], said["product_name"] or "", said["engineering_name"] or ""
        ),
        **ways,
    )


def line_panel(
    text: str, *, on_save: Callable[[str], Html | None], **ways: Unpack[Ways]
) -> Form:
    """Ask for the line "what we count as wrong"."""
    return Form(
        "line",
        [Field("counts_as_wrong", "prose")],
        values={"counts_as_wrong": text},
        build=lambda answers: answers["counts_as_wrong"],
        on_save=on_save,
        **ways,
    )


class BetPanel(Panel):
    """One person's bet: typed, sealed, and gone from the page.

    After sealing, the controls are emptied, closed and taken off the page, so that no
    widget holds a number of the bet any more; neither does this object.
    """

    def __init__(
        self,
        role: Role,
        name: str,
        sealed: bool,
        *,
        on_seal: Callable[[Bet], Html | None],
        **ways: Unpack[Ways],
    ):
        super().__init__()
        self._who = name or phrase(f"ui.role.{role}")
        self._on_seal = on_seal
        self.form: Form | None = None
        self.required = 5
        if sealed:
            self._show_sealed(None)
        else:
            self._ask(ways)

    @property
    def sealed(self) -> bool:
        """Whether the bet is closed to everybody, its owner included."""
        return self.form is None

    def _ask(self, ways: Ways) -> None:
        self.form = Form(
            "bet",
            [
                Field("tolerable_error", "share"),
                Field("expected_error", "share"),
                Field("ratio", "number", positive=True),
                Field("fallback", "choice", fallbacks()),
                Field("owner", "choice", owners()),
            ],
            [
                Field("expected_low", "share"),
                Field("expected_high", "share"),
                Field("guess", "share"),
            ],
            build=_bet,
            on_save=self._seal,
            given={"name": self._who},
            **ways,
        )
        self.required = self.form.required
        self.controls, self.buttons = self.form.controls, self.form.buttons
        self.body.children = (self.form.body,)

    def _seal(self, bet: Bet) -> None:
        said = self._on_seal(bet)
        form, self.form = self.form, None
        if form is not None:
            form.forget()
        self._show_sealed(said)
        if form is not None:
            looks.close_all(form.body)

    def _show_sealed(self, said: Html | None) -> None:
        self.controls, self.buttons = {}, {}
        title = looks.words(say("panel.bet.title", name=self._who).html, "title")
        closed = looks.words(say("panel.bet.sealed", name=self._who).html, "banner")
        more = looks.words(looks.said_html(said), "good")
        self.body.children = (title, closed, more)


def bet_panel(
    role: Role,
    name: str,
    sealed: bool,
    *,
    on_seal: Callable[[Bet], Html | None],
    **ways: Unpack[Ways],
) -> BetPanel:
    """Ask one person for a bet and seal it."""
    return BetPanel(role, name, sealed, on_seal=on_seal, **ways)


def _bet(answers: dict[str, Any]) -> Bet:
    low, likely, high = (
        answers[key] for key in ("expected_low", "expected_error", "expected_high")
    )
    if low is not None and low > likely:
        raise FieldError(expected_low=say("panel.bet.low_above"))
    if high is not None and high < likely:
        raise FieldError(expected_high=say("panel.bet.high_below"))
    return Bet(**answers)


def _mode(participants: Participants) -> Mode | None:
    """Read back who is here: a half that a persona plays is not."""
    product, engineering = participants.product, participants.engineering
    if any(person.persona for person in product):
        return "engineering"
    if any(person.persona for person in engineering):
        return "product"
    return "two" if product or engineering else None


def _names(participants: Participants, role: Role) -> str:
    people = getattr(participants, role)
    return ", ".join(person.name for person in people if not person.persona)
