"""One small class per notebook: its methods are that notebook's agenda."""

from __future__ import annotations

import sys
from importlib import import_module

from workshop.data.catalog import open_target
from workshop.data.parameters import injected
from workshop.errors import InputError
from workshop.steps.base import Step

STEPS: dict[str, tuple[str, str]] = {
    "00": ("start", "Start"),
    "01": ("framing", "FramingStep"),
    "02": ("data_readiness", "DataReadiness"),
    "03": ("threshold", "Threshold"),
    "04": ("user_impact", "UserImpact"),
    "05": ("agreement", "AgreementStep"),
    "06": ("retrospective", "Retrospective"),
    "report": ("whole", "Whole"),
}

LATER = "06"
"""The one step that looks at rows which came after the agreement."""

__all__ = ["STEPS", "Step", "open_step"]


def open_step(
    number: str, *, record: str = "", interactive: bool = True, data: str = ""
) -> Step:
    """Open a step; see `workshop.open_step`.

    Raises
    ------
    InputError
        When there is no such step or record, a step cannot look at ``data``, or
        papermill gave the notebook a parameter that it does not have.
    """
    if number not in STEPS:
        raise InputError(f"there is no step {number!r}; there are {', '.join(STEPS)}.")
    if data and number != LATER:
        raise InputError(f"step {number} takes no new data; step {LATER} does.")
    given_by_papermill = injected(_cells())
    if given_by_papermill is not None and "interactive" not in given_by_papermill:
        interactive = False  # papermill has nobody to press a button
    module, name = STEPS[number]
    step: type[Step] = getattr(import_module(f"workshop.steps.{module}"), name)
    given = {"data": data} if data else {}
    return step(open_target(record), interactive=interactive, **given)


def _cells() -> list[str]:
    """Return the sources of the cells that this kernel has run; none without one."""
    if "IPython" not in sys.modules:
        return []
    from IPython import get_ipython

    shell = get_ipython()
    return [] if shell is None else list(shell.user_ns.get("In", ()))
