"""A guess before the figures, and an exercise: one number each, for one alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workshop.record.values import Number
from workshop.views.panels.fields import Field, Kind
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html


def guess_panel(
    step: str,
    *,
    kind: Kind,
    given: Mapping[str, Number | str],
    on_save: Callable[[float], Html | None],
    read_only: str = "",
) -> Form:
    """Ask for one number, or for a share; ``given`` fills the question's sentence."""
    return Form(
        "guess",
        [Field(step, kind, whole=kind == "number", given=given)],
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
    """Ask for the answer to one exercise, a share: typed as so many of 100."""
    return Form(
        "exercise",
        [Field("answer", "share", given={"asks": asks})],
        build=lambda answers: answers["answer"],
        on_save=on_save,
        given={"asks": asks},
        optional=True,
        read_only=read_only,
        whose=id,
    )
