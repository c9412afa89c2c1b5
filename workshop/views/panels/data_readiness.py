"""Panels of 02: the risks a pair accepts, and what it takes as true unmeasured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Unpack, get_args

from workshop.record.choices import AcceptedRisk, Assumption
from workshop.views.panels import looks
from workshop.views.panels.common import Ways, owners
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Drawer, Html, Panel, toned
from workshop.views.wording import phrase, say

CONFIDENCE = get_args(Assumption.model_fields["confidence"].annotation)


class ListPanel(Panel):
    """A form whose saved values pile up in a list above it."""

    def __init__(self, name: str, lines: dict[str, str]):
        super().__init__()
        self._name = name
        self._lines = dict(lines)
        self.list = looks.words()
        self._show_list()

    def hold(self, form: Form, *, in_drawer: bool) -> None:
        """Show the form, which holds the list, or put it into a drawer under it."""
        self.form = form
        self.controls, self.buttons = form.controls, dict(form.buttons)
        self.required, self.optional = form.required, form.optional
        if not in_drawer:
            self.body.children = (form.body,)
            return
        drawer = Drawer(phrase(f"panel.{self._name}.open"), form.body)
        self.buttons["open"] = drawer.toggle
        self.body.children = (self.list, drawer.widget)

    def add(self, key: str, line: str) -> None:
        """Put one more line on the list, or replace the one with that key."""
        self._lines[key] = line
        self._show_list()

    def follow(self, lines: Mapping[str, str], _who: str) -> None:
        """Show the list as the record has it now; what is being typed stays."""
        self._lines = dict(lines)
        self._show_list()

    def _show_list(self) -> None:
        if not self._lines:
            self.list.value = ""
            return
        items = "".join(f"<li>{escape(line)}</li>" for line in self._lines.values())
        title = say(f"panel.{self._name}.so_far").html
        self.list.value = toned(f"{title}<ul>{items}</ul>")


def risk_panel(
    findings: Sequence[tuple[str, str]],
    accepted: Sequence[AcceptedRisk],
    *,
    on_save: Callable[[AcceptedRisk], Html | None],
    **ways: Unpack[Ways],
) -> ListPanel:
    """Ask which finding the pair lives with, and why: findings are (code, title)."""
    panel = ListPanel("risk", risk_lines(findings, accepted))
    if not findings:
        title = looks.words(say("panel.risk.title").html, "title")
        panel.body.children = (title, looks.words(say("panel.risk.none").html))
        return panel

    def save(risk: AcceptedRisk) -> Html | None:
        said = on_save(risk)
        panel.add(risk.finding, risk_lines(findings, [risk])[risk.finding])
        return said

    form = Form(
        "risk",
        [Field("finding", "choice", tuple(findings)), Field("reason", "prose")],
        [Field("owner", "choice", owners()), Field("revisit", "date")],
        build=lambda answers: AcceptedRisk(**answers),
        on_save=save,
        clear_after=True,
        above=(panel.list,),
        **ways,
    )
    panel.hold(form, in_drawer=False)
    return panel


def risk_lines(
    findings: Sequence[tuple[str, str]], accepted: Sequence[AcceptedRisk]
) -> dict[str, str]:
    """Return a line for each finding that the pair lives with, by its code."""
    titles = dict(findings)
    return {
        risk.finding: f"{titles.get(risk.finding, risk.finding)}: {risk.reason}"
        for risk in accepted
    }


def assumption_lines(assumptions: Sequence[Assumption]) -> dict[str, str]:
    """Return a line for each assumption, by what it says."""
    return {given.says: given.says for given in assumptions}


def assumption_panel(
    assumptions: Sequence[Assumption],
    *,
    on_save: Callable[[Assumption], Html | None],
    **ways: Unpack[Ways],
) -> ListPanel:
    """Offer to write down an assumption; the journey does not ask for one."""
    panel = ListPanel("assumption", assumption_lines(assumptions))

    def save(given: Assumption) -> Html | None:
        said = on_save(given)
        panel.add(given.says, given.says)
        return said

    form = Form(
        "assumption",
        [Field("says", "prose")],
        [
            Field("confidence", "choice", _confidences()),
            Field("owner", "choice", owners()),
            Field("revisit", "date"),
        ],
        build=lambda answers: Assumption(**_answered(answers)),
        on_save=save,
        clear_after=True,
        optional=True,
        **ways,
    )
    panel.hold(form, in_drawer=True)
    return panel


def _confidences() -> tuple[tuple[str, str], ...]:
    return tuple((c, phrase(f"panel.assumption.confidence.{c}")) for c in CONFIDENCE)


def _answered(answers: dict[str, Any]) -> dict[str, Any]:
    return {key: answer for key, answer in answers.items() if answer is not None}
