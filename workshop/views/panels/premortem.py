"""Panel of 05: what usually goes wrong, with what this record says against each.

Nothing is asked. Under the evidence there is room for a line, and a tick that makes an
action of it, with a name and a date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Unpack, get_args

import ipywidgets as w

from workshop.record.agreed import Action, Pitfall
from workshop.views.panels import looks
from workshop.views.panels.common import Ways
from workshop.views.panels.drafts import Draft
from workshop.views.panels.fields import Field
from workshop.views.panels.form import FieldError, Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import Reader
from workshop.views.panels.shared import make
from workshop.views.panels.telling import Today, read_coming
from workshop.views.wording import Said, phrase, say

PITFALLS: tuple[Pitfall, ...] = get_args(Pitfall)

Premortem = dict[Pitfall, str]
Save = Callable[[Premortem, tuple[Action, ...]], Html | None]


class PremortemPanel(Form):
    """Five pitfalls, each with its evidence, a line and perhaps an action."""

    def __init__(
        self,
        evidence: Callable[[], Mapping[Pitfall, Html]],
        premortem: Mapping[Pitfall, str],
        *,
        on_save: Save,
        today: Today,
        **ways: Unpack[Ways],
    ):
        self._evidence, self._keep = evidence, on_save
        self._shown = {name: looks.words() for name in PITFALLS}
        self.ticks = {name: self._tick(name) for name in PITFALLS}
        self._areas: dict[Pitfall, w.VBox] = {}
        coming = read_coming(today)
        super().__init__(
            "premortem",
            [_line_field(name) for name in PITFALLS],
            [asked for name in PITFALLS for asked in _action_fields(name, coming)],
            values=premortem,
            build=self._built,
            on_save=lambda built: self._hand_on(*built),
            optional=True,
            **ways,
        )
        for name, tick in self.ticks.items():
            tick.disabled = bool(ways.get("read_only"))
            self.controls[f"{name}_act"] = tick
        self.refresh()

    def refresh(self) -> None:
        """Show the evidence as it stands now; what was typed stays."""
        for name, html in self._evidence().items():
            self._shown[name].value = looks.as_html(html)

    def _lay_out(self, more: list[str], opened: bool) -> None:
        """Put what belongs to a pitfall together: evidence, line, tick, action."""
        super()._lay_out([], opened)
        parts = []
        for name in PITFALLS:
            rows = (self.rows[f"{name}_{part}"].widget for part in ("who", "by"))
            self._areas[name] = looks.column(*rows, kind="open")
            looks.show_if(self._areas[name], False)
            parts.append(
                looks.column(
                    looks.words(f"<strong>{say(f'pitfall.{name}').html}</strong>"),
                    self._shown[name],
                    self.rows[name].widget,
                    self.ticks[name],
                    self._areas[name],
                    kind="part",
                )
            )
        own = {self.rows[name].widget for name in PITFALLS}
        rest = [child for child in self.body.children if child not in own]
        place = rest.index(next(c for c in rest if isinstance(c, w.HBox)))
        self.body.children = (*rest[:place], *parts, *rest[place:])

    def _tick(self, name: Pitfall) -> w.Checkbox:
        box = make(
            w.Checkbox,
            description=phrase("panel.premortem.act"),
            indent=False,
            wide=True,
        )
        box.add_class("cgp-tick")
        Draft(box, "premortem", f"{name}_act")
        box.observe(lambda _: self._turn(name), "value")
        return box

    def _turn(self, name: Pitfall) -> None:
        looks.show_if(self._areas[name], self.ticks[name].value)
        self._changed(None)

    def _missing(self, key: str) -> Said | None:
        """A line is never needed; a name and a date are, of what is to be done."""
        name = key.removesuffix("_who").removesuffix("_by")
        if name == key or not self.ticks[name].value:
            return None
        return say("ui.missing")

    def _built(self, answers: dict[str, Any]) -> tuple[Premortem, tuple[Action, ...]]:
        said = {name: answers[name] for name in PITFALLS if answers[name] is not None}
        ticked = [name for name in PITFALLS if self.ticks[name].value]
        silent = {
            name: say("panel.premortem.what") for name in ticked if name not in said
        }
        if silent:
            raise FieldError(**silent)
        return said, tuple(
            Action(
                what=said[name],
                who=answers[f"{name}_who"],
                by=answers[f"{name}_by"],
            )
            for name in ticked
        )

    def _hand_on(self, said: Premortem, actions: tuple[Action, ...]) -> Html | None:
        """Keep both; what became an action is not made one again."""
        told = self._keep(said, actions)
        for name, tick in self.ticks.items():
            tick.value = False
            self.rows[f"{name}_who"].forget()
            self.rows[f"{name}_by"].forget()
        return told


def premortem_panel(
    evidence: Callable[[], Mapping[Pitfall, Html]],
    premortem: Mapping[Pitfall, str],
    *,
    on_save: Save,
    today: Today = date.today,
    **ways: Unpack[Ways],
) -> PremortemPanel:
    """Show five pitfalls with their ``evidence`` as HTML, and offer a line on each."""
    return PremortemPanel(evidence, premortem, on_save=on_save, today=today, **ways)


def _line_field(name: Pitfall) -> Field:
    return Field(name, "prose", say_as="line", given=_title(name))


def _action_fields(name: Pitfall, coming: Reader) -> tuple[Field, Field]:
    """Who does something about a pitfall, and by when."""
    title = _title(name)
    return (
        Field(f"{name}_who", say_as="who", given=title),
        Field(f"{name}_by", "date", read=coming, say_as="by", given=title),
    )


def _title(name: Pitfall) -> dict[str, str]:
    return {"pitfall": phrase(f"pitfall.{name}")}
