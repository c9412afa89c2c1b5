"""One question at the start and at the end: could you explain the other's worry?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.wording import phrase

WORRIES = ("1", "2", "3", "4", "5")


def pulse_panel(
    name: str,
    said: int | None,
    *,
    on_save: Callable[[int], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask one half, by name; ``said`` is what it answered before. Nobody has to."""
    options = tuple((worry, phrase(f"ui.worry.{worry}")) for worry in WORRIES)
    return Form(
        "pulse",
        [Field("worry", "choice", options)],
        values={"worry": None if said is None else str(said)},
        build=lambda answers: int(answers["worry"]),
        on_save=on_save,
        given={"name": name},
        optional=True,
        **ways,
    )
