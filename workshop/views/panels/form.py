"""A form: a few questions, one button that saves, and two honest ways around it.

At most five questions are asked; the rest waits under "More", closed. Whatever goes
wrong, nothing typed is lost: each question that needs a look says so beside itself,
and every error of the workshop becomes a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import ipywidgets as w
from pydantic import ValidationError

from workshop.errors import WorkshopError
from workshop.record.agreed import NotAgreed
from workshop.views.panels import drafts, looks
from workshop.views.panels.fields import Field, Row
from workshop.views.panels.looks import Drawer, Html, Panel, Tone, show_if, toned
from workshop.views.panels.reading import UnreadError
from workshop.views.wording import Said, has, phrase, say

MOST_REQUIRED = 5


class FieldError(ValueError):
    """Raised by ``build``: what does not fit together, field key → sentence."""

    def __init__(self, **wrong: Said):
        super().__init__("; ".join(said.text for said in wrong.values()))
        self.wrong = wrong


class Form(Panel):
    """Questions of one panel, read as one value and handed to ``on_save``.

    Parameters
    ----------
    panel
        Name in the catalogue: ``panel.<panel>.*`` and ``field.<panel>.<key>``.
    fields, more
        Questions that are asked, at most five, and those that may be answered.
    values
        What was saved before, by key; everything else starts empty.
    build
        Makes the value from the answers. May raise `FieldError` or any
        `WorkshopError`; an answer that was not given is None.
    on_save
        Takes the value, keeps it, and says what was saved (a plain string is text).
    on_undecided, on_not_agreed
        Take the two ways around; without them the button is not there.
    confirm
        Asks once more before saving by returning a question, or None.
    above, beside
        Widgets to show before the first question, and right under one, by key.
    given
        Fills the sentences of the form, such as its title.
    read_only
        Why nothing can be saved here, and how to start a record of one's own.
    optional, clear_after, more_opened
        Whether it asks for nothing, is emptied once saved, shows "More" from the start.
    whose
        Tells this form from others of the same panel, where ``given`` does not.
    saves
        Whether what was handed to ``on_save`` is saved by then, and no draft any more.
    """

    def __init__(
        self,
        panel: str,
        fields: Sequence[Field],
        more: Sequence[Field] = (),
        *,
        build: Callable[[dict[str, Any]], Any],
        on_save: Callable[[Any], Html | None],
        values: Mapping[str, Any] | None = None,
        on_undecided: Callable[[], Html | None] | None = None,
        on_not_agreed: Callable[[NotAgreed], Html | None] | None = None,
        confirm: Callable[[Any], Said | None] | None = None,
        above: Sequence[w.Widget] = (),
        beside: Mapping[str, w.Widget] | None = None,
        given: Mapping[str, str] | None = None,
        read_only: str = "",
        optional: bool = False,
        clear_after: bool = False,
        more_opened: bool = False,
        whose: str = "",
        saves: bool = True,
    ):
        assert len(fields) <= MOST_REQUIRED, f"{panel} asks more than a pair can answer"
        super().__init__()
        self._name, self._build, self._on_save = panel, build, on_save
        self._on_undecided, self._on_not_agreed = on_undecided, on_not_agreed
        self._confirm, self._read_only = confirm, read_only
        self._clear_after, self.optional = clear_after, optional
        self._above, self._given = tuple(above), dict(given or {})
        self.id, self._saves = drafts.form_id(panel, self._given, whose), saves
        self.body.add_class(f"{drafts.FORM}{self.id}")
        self._saved, self._pending = False, None
        self._saving = self._following = False
        self._asked = [asked.key for asked in fields]
        self.required = 0 if optional else len(fields)
        self.rows = self._make_rows((*fields, *more), values or {}, beside or {})
        self.controls = {key: row.control for key, row in self.rows.items()}
        self._watch_controls()
        self._make_places_for_words()
        self._lay_out([asked.key for asked in more], more_opened)

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Type answers into the fields, as a person would."""
        for key, answer in answers.items():
            self.controls[key].value = answer

    def save(self) -> bool:
        """Do what the Save button does; say whether something was saved."""
        if self._refused():
            return False
        answers, wrong = self._read_all()
        if wrong:
            self._complain(wrong)
            return False
        return self._guarded(lambda: self._save_built(answers))

    def follow(
        self, values: Mapping[str, Any], who: str, *, only: Collection[str] = ()
    ) -> None:
        """Show what ``who`` saved meanwhile; what was changed here stays as it is.

        Only the controls of answers that are other ones now are touched. Beneath one
        that somebody changed here stands what was saved, and a button that takes it.
        With ``only``, all other answers are left for later.
        """
        keys = only or self.rows
        rows = [(self.rows[key], values.get(key)) for key in keys]
        self._following = True
        try:
            if self._saving:
                for row, value in rows:
                    row.settle(value)
                return
            others = [row.follow(value, who) for row, value in rows]
        finally:
            self._following = False
        if any(others):
            self._no()  # what was asked about is another thing now

    @property
    def asks(self) -> tuple[Any, ...]:
        """What tells this form from another: what it asks, and of whom."""
        return self._name, tuple(sorted(self._given.items())), tuple(self.rows)

    def carry_over(self, before: Form) -> None:
        """Type what somebody was typing into the form whose place this one takes."""
        for key, row in before.rows.items():
            if row.changed_here:
                self.rows[key].control.value = row.control.value

    def forget(self) -> None:
        """Empty every control and note, for good."""
        for row in self.rows.values():
            row.forget()
        self._pending, self._saved = None, False
        self.message.value = ""

    def tell(self, said: Html | None, tone: Tone = "good") -> None:
        """Show a message under the buttons."""
        self.message.value = toned(looks.said_html(said), tone)

    # -- layout ---------------------------------------------------------------------

    def _make_rows(
        self,
        fields: Sequence[Field],
        values: Mapping[str, Any],
        beside: Mapping[str, w.Widget],
    ) -> dict[str, Row]:
        """Make the row of each question: what was saved, and what stands beside it."""
        return {
            asked.key: Row(
                self._name,
                asked,
                values.get(asked.key),
                (beside[asked.key],) if asked.key in beside else (),
                form=self.id,
            )
            for asked in fields
        }

    def _watch_controls(self) -> None:
        for control in self.controls.values():
            control.observe(self._changed, "value")
            control.disabled = bool(self._read_only)

    def _make_places_for_words(self) -> None:
        """Make where the form answers, and where the two say that they differ."""
        self.message = looks.words()
        self.message.add_class("cgp-message")
        self._disagreement_area = looks.column(kind="inset")
        show_if(self._disagreement_area, False)

    def _lay_out(self, more: list[str], opened: bool) -> None:
        given = self._given
        top = [looks.words(say(self._phrase("title"), **given).html, "title")]
        if has(f"panel.{self._name}.intro"):
            top.append(looks.words(say(self._phrase("intro"), **given).html, "quiet"))
        if self._read_only:
            top.append(looks.words(looks.said_html(self._read_only), "banner"))
        self.more = Drawer(
            phrase(self._phrase("more")),
            *(self.rows[key].widget for key in more),
            opened=opened,
        )
        if more:
            self.buttons["more"] = self.more.toggle
        self.body.children = (
            *top,
            *self._above,
            *(self.rows[key].widget for key in self._asked),
            *([self.more.widget] if more else []),
            self._button_row(),
            self._confirm_box(),
            self.message,
            self._disagreement_area,
        )

    def _button_row(self) -> w.HBox:
        make = looks.button
        row = {"save": make(phrase(self._phrase("save")), self.save, kind="primary")}
        if self._on_undecided is not None:
            row["undecided"] = make(phrase("ui.undecided"), self._undecided)
        if self._on_not_agreed is not None:
            row["disagree"] = make(phrase("ui.disagree"), self._turn_disagreement)
        self.buttons |= row
        return looks.buttons(*row.values())

    def _confirm_box(self) -> w.VBox:
        self._question = looks.words()
        self._confirm_area = looks.column(self._question, kind="inset")
        if self._confirm is not None:
            yes = looks.button(phrase(self._phrase("yes")), self._yes, kind="primary")
            no = looks.button(phrase(self._phrase("no")), self._no)
            self.buttons |= {"yes": yes, "no": no}
            self._confirm_area.children = (self._question, looks.buttons(yes, no))
        show_if(self._confirm_area, False)
        return self._confirm_area

    @cached_property
    def not_agreed(self) -> Form:
        """The small form that keeps what was not agreed, made when first needed."""
        assert self._on_not_agreed is not None, f"{self._name} is not for two"
        about = say(self._phrase("about"), **self._given).text
        return Form(
            "not_agreed",
            [
                Field("product", "prose"),
                Field("engineering", "prose"),
                Field("decides"),
                Field("by", "date"),
            ],
            [Field("would_change_product"), Field("would_change_engineering")],
            build=lambda answers: NotAgreed(about=about, **_said_only(answers)),
            on_save=self._on_not_agreed,
            given={"about": about},
            read_only=self._read_only,
            optional=True,
            more_opened=True,
        )

    def _phrase(self, part: str) -> str:
        own = f"panel.{self._name}.{part}"
        return own if has(own) else f"ui.{part}"

    # -- what the buttons do --------------------------------------------------------

    def _save_built(self, answers: dict[str, Any]) -> None:
        built = self._build(answers)
        question = self._confirm(built) if self._confirm else None
        if question is None:
            self._hand_over(built)
            return
        self._pending = built
        self._question.value = toned(question.html)
        show_if(self._confirm_area, True)
        self.message.value = ""

    def _hand_over(self, built: Any) -> None:
        self._saving = True
        try:
            said = self._on_save(built)
        finally:
            self._saving = False
        for row in self.rows.values() if self._saves else ():
            row.keep()
        if self._clear_after:
            self.forget()
        self._saved = True
        self.tell(said or say("ui.saved"))

    def _yes(self) -> None:
        built = self._pending
        self._no()
        if built is not None and not self._refused():
            self._guarded(lambda: self._hand_over(built))

    def _no(self) -> None:
        self._pending = None
        show_if(self._confirm_area, False)

    def _undecided(self) -> None:
        if self._on_undecided is not None and not self._refused():
            ask = self._on_undecided
            self._guarded(lambda: self.tell(ask() or say("ui.left_open")))

    def _turn_disagreement(self) -> None:
        hidden = self._disagreement_area.layout.display == "none"
        self._disagreement_area.children = (self.not_agreed.body,)
        show_if(self._disagreement_area, hidden)

    def _refused(self) -> bool:
        """Say why nothing can be saved here, if so."""
        if self._read_only:
            self.tell(self._read_only, "bad")
        return bool(self._read_only)

    def _changed(self, change: Any) -> None:
        if self._following:
            return
        self._no()
        self.message.value = ""
        asked = {row.control for row in self.rows.values()}
        as_saved = not any(row.changed_here for row in self.rows.values())
        if self._saved and not (as_saved and getattr(change, "owner", None) in asked):
            self.tell(say("ui.changed"), "quiet")

    # -- what can go wrong ----------------------------------------------------------

    def _read_all(self) -> tuple[dict[str, Any], dict[str, Said]]:
        answers: dict[str, Any] = {}
        wrong: dict[str, Said] = {}
        for key, row in self.rows.items():
            try:
                answers[key] = row.read()
            except UnreadError as error:
                wrong[key] = error.said
            else:
                missing = self._missing(key) if answers[key] is None else None
                if missing is not None:
                    wrong[key] = missing
        return answers, wrong

    def _missing(self, key: str) -> Said | None:
        """What to say at a question without an answer; None where none is needed."""
        if key not in self._asked:
            return None
        return self.rows[key].missing(self._on_undecided is not None)

    def _complain(self, wrong: Mapping[str, Said]) -> None:
        for key, said in wrong.items():
            self.rows[key].complain(said)
            if key not in self._asked:
                self.more.open()
        self.rows[next(iter(wrong))].control.focus()
        names = "; ".join(self.rows[key].label for key in wrong)
        self.tell(say("ui.not_saved_yet", names=names), "bad")

    def _guarded(self, act: Callable[[], None]) -> bool:
        """Run what a button asks for; every failure becomes a sentence."""
        try:
            act()
        except FieldError as error:
            self._complain(error.wrong)
        except ValidationError as error:
            self._complain_of(error)
        except WorkshopError as error:
            self.tell(str(error), "bad")
        except OSError:
            self.tell(say("ui.cannot_write"), "bad")
        except Exception:
            self.tell(say("ui.our_fault"), "bad")
            raise
        else:
            return self._pending is None
        return False

    def _complain_of(self, error: ValidationError) -> None:
        places = [str(part) for found in error.errors() for part in found["loc"]]
        known = [key for key in places if key in self.rows]
        if known:
            self._complain({key: say("ui.does_not_fit") for key in known})
        else:
            self.tell(say("ui.do_not_fit"), "bad")


def _said_only(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was not answered, so that a value keeps its own defaults."""
    return {key: answer for key, answer in answers.items() if answer is not None}
