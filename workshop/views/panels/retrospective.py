"""What a pair adds to a retrospective: what changed, what went well, what is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets as w

from workshop.errors import WorkshopError
from workshop.record.agreed import Action
from workshop.views.panels import looks
from workshop.views.panels.drafts import Draft
from workshop.views.panels.looks import Html, Panel, said_html, toned
from workshop.views.panels.shared import make
from workshop.views.wording import phrase, say


@dataclass(frozen=True, slots=True)
class Taken:
    """What the pair takes from it: a change, wins, and the actions that are done."""

    changed: str
    wins: tuple[str, ...]
    done: tuple[Action, ...]


class RetrospectivePanel(Panel):
    """Two boxes for words, a box to tick for each open action, and one button.

    Nothing has to be filled in: saving adds the look itself to the record.
    """

    optional = True

    def __init__(
        self,
        actions: Sequence[Action],
        *,
        on_save: Callable[[Taken], Html | None],
        changed: str = "",
        wins: Sequence[str] = (),
        read_only: str = "",
    ):
        super().__init__()
        self._actions, self._on_save = tuple(actions), on_save
        self._read_only = read_only
        self.controls = {
            "changed": self._prose("changed", changed),
            "wins": self._prose("wins", "\n".join(wins)),
            **{f"done_{i}": self._tick(a) for i, a in enumerate(self._actions)},
        }
        self._drafts = [
            Draft(control, "retrospective", key)
            for key, control in self.controls.items()
        ]
        self.message = looks.words()
        self.message.add_class("cgp-message")
        self.buttons["save"] = looks.button(
            phrase("panel.retrospective.save"), self.save, kind="primary"
        )
        self.body.children = self._parts()
        if read_only:
            self._tell(escape(read_only), bad=True)

    def save(self) -> bool:
        """Hand over what was said and ticked; say whether it was kept."""
        if self._read_only:
            self._tell(escape(self._read_only), bad=True)
            return False
        try:
            self._tell(said_html(self._on_save(self._taken())))
        except (WorkshopError, OSError) as error:
            self._tell(looks.trouble_html(error), bad=True)
            return False
        for draft in self._drafts:
            draft.keep()
        return True

    def _taken(self) -> Taken:
        lines = (line.strip() for line in self.controls["wins"].value.splitlines())
        return Taken(
            changed=self.controls["changed"].value.strip(),
            wins=tuple(line for line in lines if line),
            done=tuple(
                action
                for place, action in enumerate(self._actions)
                if self.controls[f"done_{place}"].value
            ),
        )

    def _parts(self) -> tuple[w.Widget, ...]:
        intro = say("panel.retrospective.intro").html
        ticks = [c for k, c in self.controls.items() if k.startswith("done_")]
        listed = "actions" if ticks else "no_actions"
        heading = toned(say(f"panel.retrospective.{listed}").html, "plain")
        return (
            looks.words(say("panel.retrospective.title").html, "title"),
            looks.words(intro, "quiet"),
            looks.column(looks.words(heading), *ticks, kind="field"),
            looks.column(self.controls["changed"], kind="field"),
            looks.column(self.controls["wins"], kind="field"),
            looks.buttons(self.buttons["save"]),
            self.message,
        )

    def _prose(self, key: str, value: str) -> w.Textarea:
        return make(
            w.Textarea,
            value=value,
            description=phrase(f"panel.retrospective.{key}"),
            placeholder=phrase(f"panel.retrospective.{key}_example"),
            rows=3,
            disabled=bool(self._read_only),
            wide=True,
        )

    def _tick(self, action: Action) -> w.Checkbox:
        box = make(
            w.Checkbox,
            description=f"{action.what} ({action.who})" if action.who else action.what,
            value=action.done is not None,
            indent=False,
            disabled=bool(self._read_only),
            wide=True,
        )
        box.add_class("cgp-tick")
        return box

    def _tell(self, html: str, *, bad: bool = False) -> None:
        self.message.value = toned(html, "bad" if bad else "good") if html else ""


def retrospective_panel(
    actions: Sequence[Action],
    *,
    on_save: Callable[[Taken], Html | None],
    changed: str = "",
    wins: Sequence[str] = (),
    read_only: str = "",
) -> RetrospectivePanel:
    """Ask what changed, what went well and which actions are done."""
    return RetrospectivePanel(
        actions, on_save=on_save, changed=changed, wins=wins, read_only=read_only
    )
