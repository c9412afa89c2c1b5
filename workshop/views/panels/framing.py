"""Panels of 01: the outcome, the opening of the bets, and the four expectations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from workshop.errors import WorkshopError
from workshop.record.framed import Expectations, Framing, Outcome, WhenUnsure
from workshop.views.panels import looks
from workshop.views.panels.common import Ways, fallbacks
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html, Panel, toned
from workshop.views.wording import phrase, say


def outcome_panel(
    framing: Framing | None,
    *,
    review: Callable[[str], Html],
    on_save: Callable[[Outcome], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask what should improve; ``review`` answers the measure while it is typed."""
    saved = framing.outcome if framing else None
    answer = looks.words()
    form = Form(
        "outcome",
        [
            Field("measure", "prose"),
            Field("from", "number"),
            Field("to", "number"),
            Field("by", "date"),
        ],
        values=saved.model_dump(by_alias=True) if saved else {},
        build=lambda answers: Outcome(**answers),
        on_save=on_save,
        beside={"measure": answer},
        **ways,
    )

    def show_review(_: Any = None) -> None:
        text = form.controls["measure"].value.strip()
        answer.value = toned(looks.as_html(review(text)), "good") if text else ""

    form.controls["measure"].observe(show_review, "value")
    show_review()
    return form


class OpeningPanel(Panel):
    """One button that opens both bets at once."""

    def __init__(
        self,
        *,
        can_open: bool | Callable[[], bool],
        on_open: Callable[[], Html],
        opened: Html | None = None,
        read_only: str = "",
    ):
        super().__init__()
        self._can_open, self._on_open = can_open, on_open
        self._read_only = read_only
        self._message = looks.words()
        self._bets = looks.words()
        self.buttons["open"] = looks.button(
            phrase("panel.opening.open"), self._open, kind="primary"
        )
        self._row = looks.buttons(self.buttons["open"])
        self.body.children = (
            looks.words(say("panel.opening.title").html, "title"),
            looks.words(say("panel.opening.intro").html, "quiet"),
            self._row,
            self._message,
            self._bets,
        )
        if opened is not None:
            self._show(opened)

    def _open(self) -> None:
        allowed = self._can_open() if callable(self._can_open) else self._can_open
        if self._read_only:
            self._tell(looks.said_html(self._read_only))
        elif not allowed:
            self._tell(say("panel.opening.waiting").html)
        else:
            try:
                self._show(self._on_open())
            except WorkshopError as error:
                self._tell(looks.said_html(str(error)))

    def _show(self, bets: Html) -> None:
        self._message.value = ""
        self._bets.value = toned(looks.as_html(bets))
        looks.show_if(self._row, False)

    def _tell(self, html: str) -> None:
        self._message.value = toned(html, "bad")


def opening_panel(
    *,
    can_open: bool | Callable[[], bool],
    on_open: Callable[[], Html],
    opened: Html | None = None,
    read_only: str = "",
) -> OpeningPanel:
    """Open both bets; ``opened`` shows them at once where that was done before."""
    return OpeningPanel(
        can_open=can_open, on_open=on_open, opened=opened, read_only=read_only
    )


_PLAIN = ("harmed", "rule", "promised", "last_word_today")


def expectations_panel(
    framing: Framing | None,
    *,
    on_save: Callable[[dict[str, Any]], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask for the four expectations and the ratio, and more where the pair wants.

    ``on_save`` gets the fields of `Framing` that were answered here: ``expectations``,
    ``ratio``, ``when_unsure``, ``harmed``, ``rule``, ``promised``, ``last_word_today``.
    """
    return Form(
        "expectations",
        [
            Field("acceptable_error", "share"),
            Field("fallback", "choice", fallbacks()),
            Field("success", "prose"),
            Field("cost_speed", "prose"),
            Field("ratio", "number", positive=True),
        ],
        [Field("says", "prose"), *(Field(key, "prose") for key in _PLAIN)],
        values=_expected(framing or Framing()),
        build=_framing_fields,
        on_save=on_save,
        **ways,
    )


def _expected(framing: Framing) -> dict[str, Any]:
    values = framing.expectations.model_dump() if framing.expectations else {}
    unsure = framing.when_unsure
    return values | {
        "ratio": framing.ratio,
        "says": unsure.says if unsure else "",
        "fallback": values.get("fallback") or (unsure.fallback if unsure else None),
        **{key: getattr(framing, key) for key in _PLAIN},
    }


def _framing_fields(answers: dict[str, Any]) -> dict[str, Any]:
    four = ("acceptable_error", "fallback", "success", "cost_speed")
    return {
        "expectations": Expectations(**{key: answers[key] for key in four}),
        "ratio": answers["ratio"],
        "when_unsure": WhenUnsure(
            fallback=answers["fallback"], says=answers["says"] or ""
        ),
        **{key: answers[key] or "" for key in _PLAIN},
    }
