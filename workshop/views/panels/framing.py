"""Panels of 01: the outcome, four early questions, and the four expectations.

What is typed is answered at once and never refused: an objection asks once more on
saving, and "we don't know" is an answer like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Unpack, get_args

import ipywidgets as w

from workshop.analysis.early_questions import is_unknown
from workshop.record.framed import (
    EARLY_QUESTIONS,
    Expectations,
    Framing,
    Outcome,
    ProblemKind,
    WhenUnsure,
)
from workshop.record.terms import METRICS
from workshop.views.panels import looks
from workshop.views.panels.common import Ways, fallbacks
from workshop.views.panels.fields import Field, read_so_far
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html, toned
from workshop.views.recaps.framing_check import Checked, keep_question, prompts
from workshop.views.section import Items
from workshop.views.wording import Said, phrase, say

_PARTS = ("measure", "from", "to", "by")
USUAL_METRIC = "error_among_answered"
"""The model's own measure that stands beside the pair's until they choose another."""


# --- the outcome ----------------------------------------------------------------------


class OutcomeForm(Form):
    """Once there is a measure nothing else has to be filled in: it is asked, kindly."""

    def _missing(self, key: str) -> Said | None:
        stated = not self.rows["measure"].empty
        return None if stated and key != "measure" else super()._missing(key)


def outcome_panel(
    framing: Framing | None,
    *,
    review: Callable[[Outcome], Checked],
    on_save: Callable[[dict[str, Any]], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask what should improve; ``review`` answers all four fields while they are typed.

    ``on_save`` gets the fields of `Framing` that were answered here: ``outcome``,
    ``kind`` and ``kept_wording``, the objections that the pair read and did not share.
    """
    answer, asks = looks.words(), looks.words()
    wording = _Wording(review, on_save, framing.kept_wording if framing else ())
    form = OutcomeForm(
        "outcome",
        [
            Field("measure", "prose"),
            Field("from", "number"),
            Field("to", "number"),
            Field("by", "date"),
        ],
        [Field("kind", "choice", _kinds())],
        values=outcome_values(framing),
        build=wording.build,
        on_save=wording.save,
        confirm=wording.ask_once,
        beside={"measure": answer, "kind": asks},
        **ways,
    )

    def show() -> None:
        outcome = _outcome(read_so_far(form.rows))
        found = review(outcome) if outcome.measure else Checked()
        answer.value = _set_apart(found.html)
        asked = prompts(form.controls["kind"].value)
        asks.value = _set_apart(Items(asked).html if asked else "")

    _show_as_typed(form, show)
    return form


class _Wording:
    """What is objected to the wording, told once; ``kept`` was read and not shared."""

    def __init__(
        self,
        review: Callable[[Outcome], Checked],
        on_save: Callable[[dict[str, Any]], Html | None],
        kept: tuple[str, ...],
    ):
        self._review, self._on_save, self.kept = review, on_save, kept

    def build(self, answers: dict[str, Any]) -> dict[str, Any]:
        outcome = _outcome(answers)
        return {
            "outcome": outcome,
            "kind": answers["kind"],
            "kept_wording": self._review(outcome).codes,
        }

    def ask_once(self, fields: dict[str, Any]) -> Said | None:
        return _still_to_ask(fields["kept_wording"], self.kept)

    def save(self, fields: dict[str, Any]) -> Html | None:
        told = self._on_save(fields)
        self.kept = fields["kept_wording"]
        return told


def _show_as_typed(form: Form, show: Callable[[], None]) -> None:
    """Show it now, and again whenever an answer is changed."""
    for control in form.controls.values():
        control.observe(lambda _: show(), "value")
    show()


def outcome_values(framing: Framing | None) -> dict[str, Any]:
    """What the record holds, as answers of the panel on the outcome."""
    framing = framing or Framing()
    saved = framing.outcome
    said = saved.model_dump(by_alias=True) if saved else {}
    return said | {"kind": framing.kind}


def _kinds() -> tuple[tuple[str, str], ...]:
    return tuple((kind, phrase(f"problem.{kind}")) for kind in get_args(ProblemKind))


def _outcome(answers: dict[str, Any]) -> Outcome:
    parts = {part: answers[part] for part in _PARTS}
    return Outcome(**{**parts, "measure": parts["measure"] or ""})


def _still_to_ask(codes: tuple[str, ...], kept: tuple[str, ...]) -> Said | None:
    """Ask about what was not asked before; what was kept once is kept."""
    return keep_question(codes) if set(codes) - set(kept) else None


def _set_apart(html: str) -> str:
    """Set blocks calmly beneath a field; nothing stays nothing."""
    if not html:
        return ""
    return f'<div class="cgp-good mathjax_ignore" role="status">{html}</div>'


# --- four early questions -------------------------------------------------------------


class QuestionsForm(Form):
    """Each question can be answered by "we don't know", typed or with one button."""

    def __init__(self, framing: Framing, **given: Any):
        unknown = phrase("panel.questions.unknown")
        spoken = ("harmed", "rule", "promised")
        pressed = {
            key: looks.button(unknown, partial(self._put_unknown, key), kind="light")
            for key in spoken
        }
        beside: dict[str, w.Widget] = {
            key: looks.buttons(button) for key, button in pressed.items()
        }
        super().__init__(
            "questions",
            [
                *(Field(key, "prose") for key in spoken),
                Field("engineering_there", "choice", _there()),
            ],
            [Field("rule_checked_by"), Field("promised_by", "date")],
            values=question_values(framing),
            build=_early_fields,
            beside=beside,
            **given,
        )
        self.buttons |= {f"{key}.unknown": button for key, button in pressed.items()}
        for button in pressed.values():
            button.disabled = bool(given.get("read_only"))

    def _put_unknown(self, key: str) -> None:
        self.controls[key].value = phrase("panel.questions.unknown")


def questions_panel(
    framing: Framing | None,
    *,
    on_save: Callable[[dict[str, Any]], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask who could be harmed, which rule applies, what was promised, who was there.

    ``on_save`` gets the fields of `Framing` that were answered here; what is not known
    stands in ``unknown`` and nowhere else.
    """
    return QuestionsForm(framing or Framing(), on_save=on_save, **ways)


def _there() -> tuple[tuple[str, str], ...]:
    answers = ("yes", "no", "unknown")
    return tuple((one, phrase(f"ui.engineering_there.{one}")) for one in answers)


def question_values(framing: Framing | None) -> dict[str, Any]:
    """What the record holds, as answers of the panel of early questions."""
    framing = framing or Framing()
    unknown = phrase("panel.questions.unknown")
    said = {key: getattr(framing, key) for key in EARLY_QUESTIONS}
    said |= dict.fromkeys(framing.unknown, unknown)
    if "engineering_there" in framing.unknown:
        said["engineering_there"] = "unknown"
    return said | {
        "rule_checked_by": framing.rule_checked_by,
        "promised_by": framing.promised_by,
    }


def _early_fields(answers: dict[str, Any]) -> dict[str, Any]:
    unknown = tuple(key for key in EARLY_QUESTIONS if is_unknown(answers[key] or ""))
    fields = {key: answers[key] or "" for key in ("harmed", "rule", "promised")}
    fields |= {"engineering_there": answers["engineering_there"]}
    for key in unknown:
        fields[key] = None if key == "engineering_there" else ""
    return fields | {
        "rule_checked_by": answers["rule_checked_by"] or "",
        "promised_by": answers["promised_by"],
        "unknown": unknown,
    }


# --- the four expectations ------------------------------------------------------------


def expectations_panel(
    framing: Framing | None,
    *,
    on_save: Callable[[dict[str, Any]], Html | None],
    tied: Callable[[float], Html] | None = None,
    clashes: Callable[[dict[str, Any]], Html] | None = None,
    **ways: Unpack[Ways],
) -> Form:
    """Ask for the four expectations and the ratio, and more where the pair wants.

    ``on_save`` gets the fields of `Framing` that were answered here: ``expectations``,
    ``ratio``, ``when_unsure``, ``last_word_today``. ``tied`` says beside its field what
    an acceptable error comes to; ``clashes`` what of all that is typed does not go
    together. Both answer as it is typed.
    """
    impact, clash = looks.words(), looks.words()
    form = Form(
        "expectations",
        *_expectation_fields(),
        values=expected_values(framing),
        build=_framing_fields,
        on_save=on_save,
        beside={"acceptable_error": impact, "ratio": clash},
        **ways,
    )

    def show() -> None:
        answers = read_so_far(form.rows)
        error = answers["acceptable_error"]
        said = tied(error) if tied is not None and error is not None else None
        impact.value = toned(looks.as_html(said), "quiet")
        found = clashes(_framing_fields(answers)) if clashes is not None else None
        clash.value = _set_apart(looks.as_html(found))

    _show_as_typed(form, show)
    return form


def _expectation_fields() -> tuple[list[Field], list[Field]]:
    """The five questions that are asked, and those under "More"."""
    return [
        Field("acceptable_error", "share"),
        Field("fallback", "choice", fallbacks()),
        Field("success", "prose"),
        Field("cost_speed", "prose"),
        Field("ratio", "number", positive=True),
    ], [
        Field("success_metric", "choice", _metrics()),
        Field("says", "prose"),
        Field("last_word_today", "prose"),
    ]


def _metrics() -> tuple[tuple[str, str], ...]:
    return tuple((name, say(f"metric.{name}.name").text) for name in METRICS)


def expected_values(framing: Framing | None) -> dict[str, Any]:
    """What the record holds, as answers of the panel of expectations."""
    framing = framing or Framing()
    values = framing.expectations.model_dump() if framing.expectations else {}
    unsure = framing.when_unsure
    return values | {
        "ratio": framing.ratio,
        "says": unsure.says if unsure else "",
        "fallback": values.get("fallback") or (unsure.fallback if unsure else None),
        "success_metric": values.get("success_metric") or USUAL_METRIC,
        "last_word_today": framing.last_word_today,
    }


def _framing_fields(answers: dict[str, Any]) -> dict[str, Any]:
    """The fields of `Framing`; while it is typed some of the answers are None."""
    fallback, says = answers["fallback"], answers["says"] or ""
    return {
        "expectations": Expectations(
            acceptable_error=answers["acceptable_error"],
            fallback=fallback,
            success=answers["success"] or "",
            success_metric=answers["success_metric"] or None,
            cost_speed=answers["cost_speed"] or "",
        ),
        "ratio": answers["ratio"],
        "when_unsure": WhenUnsure(fallback=fallback, says=says) if fallback else None,
        "last_word_today": answers["last_word_today"] or "",
    }
