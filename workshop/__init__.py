"""Common Ground: a product manager, an engineer, one model and one decision.

A notebook needs one call::

    step = workshop.open_step("03", record="", interactive=True)

Everything heavy is imported where it is used, so this import costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop.steps.base import Step

__version__ = "0.1.0"
__all__ = ["__version__", "open_step"]


def open_step(
    number: str, record: str = "", interactive: bool = True, data: str = ""
) -> Step:
    """Open one step of the journey, or the whole report as step ``"report"``.

    Parameters
    ----------
    number
        ``"00"`` to ``"06"``, or ``"report"``.
    record
        A record's path, a scenario's name or its folder. Empty: ``WORKSHOP_RECORD``,
        else ``./my-workshop/record.yaml`` from where the program was started.
    interactive
        True gives panels to fill in; False makes no widget at all.
    data
        For step ``"06"`` alone: a file of rows that came after the agreement.

    Raises
    ------
    workshop.errors.InputError
        When there is no such step or record.
    """
    from workshop.steps import open_step as open_it

    return open_it(number, record=record, interactive=interactive, data=data)
