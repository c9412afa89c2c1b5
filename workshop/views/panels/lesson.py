"""A guess before the figures, and an exercise: one number each, for one alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html


def guess_panel(
    step: str,
    *,
    given: Mapping[str, str],
    on_save: Callable[[float], Html | None],
    read_only: str = "",
) -> Form:
    """Ask for one number; ``given`` fills the question's sentence."""
    return Form(
        "guess",
        [Field(step, "number", given=given)],
        build=lambda answers: answers[step],
        on_save=on_save,
        optional=True,
        read_only=read_only,
        whose=step,
    )


def exercise_panel(
    id: str,
    asks: str,
    *,
    on_save: Callable[[float], Html | None],
    read_only: str = "",
) -> Form:
    """Ask for the answer to one exercise, as so many of 100."""
    return Form(
        "exercise",
        [Field("answer", "number", given={"asks": asks})],
        build=lambda answers: answers["answer"],
        on_save=on_save,
        given={"asks": asks},
        optional=True,
        read_only=read_only,
        whose=id,
    )
