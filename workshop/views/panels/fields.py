"""One question of a form: a label, a control, a word of help, and what went wrong.

A field never alters what was typed. What it understood, or what it still needs,
stands in a note right under it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import ipywidgets as w

from workshop.record.values import Number
from workshop.views.panels import drafts, looks
from workshop.views.panels.reading import (
    Read,
    Reader,
    UnreadError,
    read_date,
    read_number,
    read_share,
    write_number,
    write_share,
)
from workshop.views.panels.shared import make
from workshop.views.wording import Said, has, phrase, say

Kind = Literal["text", "prose", "share", "number", "date", "choice"]
MOST_RADIOS = 5
LONGEST = 300
"""How many letters of what somebody else saved are shown beneath a field."""


@dataclass(frozen=True)
class Field:
    """A question: its key, what kind of answer it takes, and what it may hold.

    ``options`` are pairs (value, title) of a choice. A ``positive`` number lies above
    zero, a ``whole`` one is 0, 1, 2 and so on. ``given`` fills the label's sentence.
    ``read`` and ``write`` replace the kind's own way of reading a text. ``say_as``
    names the sentences of another field to be used here too.
    """

    key: str
    kind: Kind = "text"
    options: tuple[tuple[str, str], ...] = ()
    positive: bool = False
    whole: bool = False
    given: Mapping[str, Number | str] = field(default_factory=dict)
    read: Reader | None = None
    write: Callable[[Any], str] | None = None
    say_as: str = ""


class Row:
    """A field on the page: the control, its help, its note and what stands beside."""

    def __init__(
        self,
        panel: str,
        asked: Field,
        value: Any = None,
        beside: tuple[w.Widget, ...] = (),
        *,
        form: str = "",
    ):
        self.asked = asked
        self._id = f"field.{panel}.{asked.say_as or asked.key}"
        self.label = say(self._id, **asked.given).text
        example, self._help = self._optional("example"), self._optional("help")
        self.control = _control(asked, self.label, example.text if example else "")
        drafts.name_field(self.control, form or panel, asked.key)
        self.note = looks.words()
        self.put(value)
        self._offer: w.VBox | None = None
        parts = [self.control, self.note, *beside]
        if self._help:
            parts.insert(1, looks.words(self._help.html, "quiet"))
        self.widget = looks.column(*parts, kind="field")
        self.control.observe(self._changed, "value")
        self._changed(None)

    @property
    def empty(self) -> bool:
        """Whether nothing was answered yet."""
        return not str(self.control.value or "").strip()

    def put(self, value: Any) -> None:
        """Show a value that was saved before, or nothing."""
        self._kept = self._held = self._written(value)
        self.control.value = self._kept
        self._mark()

    # -- what somebody else saved meanwhile -----------------------------------------

    @property
    def changed_here(self) -> bool:
        """Whether somebody changed the answer here since it was loaded or saved."""
        return self.control.value != self._kept

    def _mark(self) -> None:
        drafts.mark(self.control, unsaved=self.changed_here)

    def keep(self) -> None:
        """Take what stands here for saved: it is nobody's unsaved change any more."""
        self._kept = self.control.value
        self._withdraw()
        self._mark()

    def settle(self, value: Any) -> None:
        """Know what was saved; it stays as it was typed where it says the same."""
        self._held = self._written(value)
        if self._as_read() != self._held:
            self.control.value = self._held

    def _as_read(self) -> Any:
        """What stands here, written as it would be once it is saved."""
        try:
            return self._written(self.read())
        except UnreadError:
            return None

    def follow(self, value: Any, who: str) -> bool:
        """Show what somebody else saved; offer it where it was changed here as well.

        Returns whether the answer on the page is another one now.
        """
        new = self._written(value)
        if new == self._held:
            return False
        self._held = new
        if new == self.control.value:
            self.keep()
        elif self.changed_here:
            self._propose(new, who)
        else:
            self._take(new)
            return True
        return False

    def _take(self, written: Any) -> None:
        self._kept = written
        self.control.value = written
        self._withdraw()
        self._mark()

    def _accept(self, written: Any) -> None:
        self._take(written)
        self.control.focus()  # the button that had it is gone

    def _propose(self, written: Any, who: str) -> None:
        """Say beneath the field what was saved, with a button that takes it."""
        self._withdraw()
        said = say("follow.saved", who=who, said=self._in_words(written))
        if not written:
            said = say("follow.emptied", who=who)
        self.taking = looks.button(
            say("follow.take", label=self.label).text, lambda: self._accept(written)
        )
        # at the end, so that the page draws nothing anew that somebody types into
        self._offer = looks.column(
            looks.announced(said.html), looks.buttons(self.taking)
        )
        self.widget.children = (*self.widget.children, self._offer)

    def _in_words(self, written: Any) -> str:
        titles = dict(self.asked.options)
        text = str(titles.get(written, written))
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def _withdraw(self) -> None:
        offer, self._offer = self._offer, None
        if offer is not None:
            children = self.widget.children
            self.widget.children = tuple(c for c in children if c is not offer)
            looks.close_all(offer)

    def read(self) -> Any:
        """Return the answer as a value; None when there is none.

        Raises
        ------
        UnreadError
            When what was typed cannot be read.
        """
        return None if self.empty else self._read().value

    def missing(self, can_skip: bool) -> Said:
        """Say that an answer is needed here."""
        if has(f"{self._id}_missing"):
            return say(f"{self._id}_missing")
        return say("ui.missing_or_skip" if can_skip else "ui.missing")

    def complain(self, said: Said) -> None:
        """Show next to the field what it still needs."""
        self.note.value = looks.toned(said.html, "bad")
        self.control.add_class("cgp-wrong")
        self.control.tooltip = said.text

    def rename(self, label: Said) -> None:
        """Ask the same under another label, and read what was typed anew."""
        self.label = label.text
        self.control.description = self.label
        self._changed(None)

    def forget(self) -> None:
        """Empty the control and its note."""
        self.put(None)
        self._withdraw()
        self._changed(None)

    def _changed(self, _: Any) -> None:
        """While somebody types, say what is understood and do not complain."""
        self._mark()
        self.control.remove_class("cgp-wrong")
        self.control.tooltip = self._help.text if self._help else None
        understood = None
        if not self.empty:
            try:
                understood = self._read().understood
            except UnreadError:
                understood = None
        self.note.value = looks.toned(understood.html, "good") if understood else ""

    def _read(self) -> Read:
        asked, text = self.asked, self.control.value
        if asked.read is not None:
            return asked.read(text)
        match asked.kind:
            case "share":
                return read_share(text)
            case "date":
                return read_date(text)
            case "number":
                return self._in_bounds(read_number(text))
            case "choice":
                return Read(text)
        return Read(text.strip())

    def _in_bounds(self, read: Read) -> Read:
        if self.asked.positive and read.value <= 0:
            raise UnreadError(say("ui.not_positive"))
        if self.asked.whole:
            if read.value != int(read.value) or read.value < 0:
                raise UnreadError(say("ui.not_whole"))
            return Read(int(read.value), read.understood)
        return read

    def _written(self, value: Any) -> str | None:
        if self.asked.kind == "choice":
            values = {known for known, _ in self.asked.options}
            nothing = "" if isinstance(self.control, w.Dropdown) else None
            return value if value in values else nothing
        if value is None:
            return ""
        if self.asked.write is not None:
            return self.asked.write(value)
        writers = {"share": write_share, "number": write_number}
        return writers.get(self.asked.kind, str)(value)

    def _optional(self, part: str) -> Said | None:
        key = f"{self._id}_{part}"
        return say(key, **self.asked.given) if has(key) else None


def read_so_far(rows: Mapping[str, Row]) -> dict[str, Any]:
    """Read a form while it is typed; what cannot be read yet counts as not said."""
    answers: dict[str, Any] = {}
    for key, row in rows.items():
        try:
            answers[key] = row.read()
        except UnreadError:
            answers[key] = None
    return answers


def _control(asked: Field, label: str, example: str) -> w.DOMWidget:
    if asked.kind == "choice":
        options = [(title, value) for value, title in asked.options]
        if len(options) <= MOST_RADIOS:
            return make(
                w.RadioButtons,
                options=options,
                value=None,
                description=label,
                wide=True,
            )
        return make(
            w.Dropdown,
            options=[(phrase("ui.please_choose"), ""), *options],
            value="",
            description=label,
            wide=True,
        )
    if asked.kind == "prose":
        return make(
            w.Textarea, description=label, placeholder=example, rows=3, wide=True
        )
    if not example and has(f"ui.example_{asked.kind}"):
        example = phrase(f"ui.example_{asked.kind}")
    return make(w.Text, description=label, placeholder=example, wide=True)
