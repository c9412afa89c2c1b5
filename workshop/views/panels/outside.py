"""Panel of 05: what may be said outside the room and what not yet, line by line.

It starts with what the record says, or else with the draft. Every line can be reworded,
moved to the other side or left out; nothing has to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

import ipywidgets as w

from workshop.errors import WorkshopError
from workshop.record.agreed import OWN, Outside, Statement
from workshop.views.panels import looks
from workshop.views.panels.drafts import Draft
from workshop.views.panels.looks import Html, Panel, said_html, toned
from workshop.views.panels.shared import make
from workshop.views.wording import Said, phrase, say

Side = Literal["may", "not"]
FIELD_OF: dict[Side, str] = {"may": "may_say", "not": "not_yet"}
OTHER: dict[Side, Side] = {"may": "not", "not": "may"}


@dataclass(eq=False)
class _Line:
    """One statement on the page: where it stands, what it is about, its widgets."""

    side: Side
    about: str
    text: w.Textarea
    move: w.Button
    remove: w.Button
    widget: w.VBox


class OutsidePanel(Panel):
    """Two lists of statements, and one line of one's own.

    Parameters
    ----------
    now, draft
        What stands in the record, or else is drafted; and the draft alone.
    on_save
        Takes both lists and keeps them.
    telling
        Says, as HTML, how far the lists are: drafted, edited, signed.
    read_only
        Why nothing can be saved here.
    """

    optional = True

    def __init__(
        self,
        now: Callable[[], Outside],
        draft: Callable[[], Outside],
        *,
        on_save: Callable[[Outside], Html | None],
        telling: Callable[[], Html] = str,
        read_only: str = "",
    ):
        super().__init__()
        self._now, self._draft, self._on_save = now, draft, on_save
        self._telling, self._read_only = telling, read_only
        self._lines: list[_Line] = []
        self._made, self._saving = 0, False
        self._told, self.message = looks.words(), looks.words()
        self._others = looks.column()
        self._offered: Outside | None = None
        self.message.add_class("cgp-message")
        self._sides: dict[Side, w.VBox] = {side: looks.column() for side in FIELD_OF}
        self._lay_out()
        self._loaded = self._load(now())
        self.refresh()

    @property
    def lists(self) -> Outside:
        """Both lists as they stand on the page; a line without words is left out."""
        return Outside(
            **{
                FIELD_OF[side]: tuple(
                    Statement(about=line.about, says=line.text.value.strip())
                    for line in self._lines
                    if line.side == side and line.text.value.strip()
                )
                for side in FIELD_OF
            }
        )

    def refresh(self) -> None:
        """Say how far it is; show what stands now unless somebody changed a line."""
        self._told.value = looks.toned(looks.as_html(self._telling()), "banner")
        if self.lists == self._loaded:
            now = _bare(self._now())
            if now != self._loaded:
                self._loaded = self._load(now)

    def follow(self, values: Mapping[str, Outside | None], who: str) -> None:
        """Offer the lists that ``who`` saved, where a line was changed here as well."""
        saved, here = values["lists"], self.lists
        if self._saving or saved is None or here == self._loaded:
            return  # nothing of one's own stands here: `refresh` shows the others'
        theirs = _bare(saved)
        if theirs in (self._loaded, here):
            self._withdraw()
        elif theirs != self._offered:
            self._offer(theirs, who)

    def _offer(self, theirs: Outside, who: str) -> None:
        self._withdraw()
        self._offered = theirs
        told = looks.announced(say("panel.outside.others", who=who).html)
        label = say("panel.outside.take", who=who)
        take = self._button("take", label, lambda: self._take(theirs))
        self._others.children = (told, looks.buttons(take))

    def _take(self, theirs: Outside) -> None:
        self._loaded = self._load(theirs)
        self._withdraw()

    def _withdraw(self) -> None:
        """Offer nothing any more."""
        for part in self._others.children:
            looks.close_all(part)
        self._others.children, self._offered = (), None
        self.buttons.pop("take", None)

    def save(self) -> bool:
        """Hand over both lists; say whether they were kept."""
        if self._read_only:
            self._tell(escape(self._read_only), bad=True)
            return False
        lists = self.lists
        self._saving = True
        try:
            told = said_html(self._on_save(lists))
        except (WorkshopError, OSError) as error:
            self._tell(looks.trouble_html(error), bad=True)
            return False
        finally:
            self._saving = False
        self._withdraw()
        self._loaded = lists
        self.refresh()
        self._tell(told or say("panel.outside.kept").html)
        return True

    # -- layout ---------------------------------------------------------------------

    def _lay_out(self) -> None:
        top = [
            looks.words(say("panel.outside.title").html, "title"),
            looks.words(say("panel.outside.intro").html, "quiet"),
        ]
        if self._read_only:
            top.append(looks.words(escape(self._read_only), "banner"))
        lists = [
            part
            for side, column in self._sides.items()
            for part in (looks.words(f"<strong>{_lead(side).html}</strong>"), column)
        ]
        self.controls["own"] = make(
            w.Textarea,
            description=phrase("panel.outside.own"),
            rows=2,
            wide=True,
            disabled=bool(self._read_only),
        )
        Draft(self.controls["own"], "outside", "own")
        add = [
            self._button(f"add_{side}", say(f"panel.outside.add_{side}"), adding)
            for side, adding in (("may", self._add_may), ("not", self._add_not))
        ]
        save = self._button("save", say("panel.outside.save"), self.save, "primary")
        draft = self._button("draft", say("panel.outside.draft"), self._to_draft)
        self.body.children = (
            *top,
            self._told,
            self._others,
            *lists,
            looks.column(self.controls["own"], kind="field"),
            looks.buttons(*add),
            looks.buttons(save, draft),
            self.message,
        )

    def _button(
        self,
        name: str,
        label: Said,
        press: Callable[[], object],
        kind: Literal["primary", "light", ""] = "",
    ) -> w.Button:
        made = looks.button(label.text, press, kind=kind)
        made.disabled = bool(self._read_only)
        self.buttons[name] = made
        return made

    def _load(self, lists: Outside) -> Outside:
        """Put other lines on the page; return them as they can be read again."""
        for line in self._lines:
            looks.close_all(line.widget)
        for name in [n for n in self.controls if n != "own"]:
            del self.controls[name]
        for name in [n for n in self.buttons if n.startswith(("move_", "remove_"))]:
            del self.buttons[name]
        self._lines, self._made = [], 0
        for side, field in FIELD_OF.items():
            for one in getattr(lists, field):
                self._lines.append(self._line(side, one.about, one.says))
        self._show()
        return self.lists

    def _line(self, side: Side, about: str, says: str) -> _Line:
        self._made += 1
        text = make(
            w.Textarea,
            value=says,
            rows=3,
            wide=True,
            disabled=bool(self._read_only),
        )
        text.observe(self._changed, "value")
        self.controls[f"line_{self._made}"] = text
        name = self._made
        move = self._button(f"move_{name}", Said("", {}), lambda: self._move(line))
        remove = self._button(
            f"remove_{name}",
            say("panel.outside.remove"),
            lambda: self._remove(line),
            "light",
        )
        widget = looks.column(text, looks.buttons(move, remove), kind="field")
        line = _Line(side, about, text, move, remove, widget)
        return line

    def _show(self) -> None:
        """Number the lines of each side, and say of each button which line is meant."""
        for side, column in self._sides.items():
            inside = [line for line in self._lines if line.side == side]
            for number, line in enumerate(inside, 1):
                self._name(line, number)
            column.children = tuple(line.widget for line in inside)

    def _name(self, line: _Line, number: int) -> None:
        label = say(f"panel.outside.line_{line.side}", number=str(number)).text
        line.text.description = label
        line.move.description = phrase(f"panel.outside.to_{OTHER[line.side]}")
        for button in (line.move, line.remove):
            action = button.description
            button.tooltip = say("panel.outside.which", action=action, text=label).text

    # -- what the buttons do --------------------------------------------------------

    def _move(self, line: _Line) -> None:
        line.side = OTHER[line.side]
        self._lines.remove(line)
        self._lines.append(line)
        self._show()
        self._changed()
        line.text.focus()

    def _remove(self, line: _Line) -> None:
        self._lines.remove(line)
        self._show()
        looks.close_all(line.widget)
        self._changed()
        self.controls["own"].focus()

    def _add_may(self) -> None:
        self._add("may")

    def _add_not(self) -> None:
        self._add("not")

    def _add(self, side: Side) -> None:
        own = self.controls["own"]
        if not own.value.strip():
            self._tell(say("panel.outside.empty").html, bad=True)
            own.focus()
            return
        self._lines.append(self._line(side, OWN, own.value.strip()))
        own.value = ""
        self._show()
        self._changed()

    def _to_draft(self) -> None:
        self._load(self._draft())
        self._tell(say("panel.outside.drafted").html)

    def _changed(self, _: object = None) -> None:
        self.message.value = ""

    def _tell(self, html: str, *, bad: bool = False) -> None:
        self.message.value = toned(html, "bad" if bad else "good") if html else ""


def outside_panel(
    now: Callable[[], Outside],
    draft: Callable[[], Outside],
    *,
    on_save: Callable[[Outside], Html | None],
    telling: Callable[[], Html] = str,
    read_only: str = "",
) -> OutsidePanel:
    """Offer both lists to be edited; ``draft`` is what follows from the record now."""
    return OutsidePanel(
        now, draft, on_save=on_save, telling=telling, read_only=read_only
    )


def _lead(side: Side) -> Said:
    return say(f"panel.outside.{side}_lead")


def _bare(lists: Outside) -> Outside:
    """The same lists without what they rest on, which no page shows."""
    return Outside(
        **{
            field: tuple(
                one.model_copy(update={"seen": None}) for one in getattr(lists, field)
            )
            for field in FIELD_OF.values()
        }
    )
