"""Common Ground: a product manager, an engineer, one model and one decision.

A notebook needs one call::

    step = workshop.open_step("03", record="", interactive=True)

A script finds the rest of what it needs here too; docs/api.md lists it. Everything
heavy is imported where it is used, so this import costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop.analysis.calibration import assess_calibration as assess_calibration
    from workshop.analysis.curve import OperatingPoint as OperatingPoint
    from workshop.analysis.curve import ThresholdCurve as ThresholdCurve
    from workshop.analysis.curve import threshold_curve as threshold_curve
    from workshop.analysis.evidence import Evidence as Evidence
    from workshop.analysis.guarantee import best_promise as best_promise
    from workshop.analysis.intervals import clopper_pearson as clopper_pearson
    from workshop.analysis.intervals import design_effect as design_effect
    from workshop.analysis.intervals import newcombe as newcombe
    from workshop.analysis.intervals import newcombe_paired as newcombe_paired
    from workshop.analysis.intervals import sample_size as sample_size
    from workshop.analysis.intervals import wilson as wilson
    from workshop.analysis.metrics import number_of as number_of
    from workshop.analysis.monitor import watch as watch
    from workshop.analysis.movement import expected_elsewhere as expected_elsewhere
    from workshop.analysis.policies import cheapest_threshold as cheapest_threshold
    from workshop.analysis.policies import evaluate as evaluate
    from workshop.analysis.split import split_rows as split_rows
    from workshop.bring import Asked as Asked
    from workshop.bring import new_scenario as new_scenario
    from workshop.comparing import compare as compare
    from workshop.data.catalog import find_target as find_target
    from workshop.data.scenario import Scenario as Scenario
    from workshop.data.source import load_data as load_data
    from workshop.data.source import read_table as read_table
    from workshop.data.source import scored_rows as scored_rows
    from workshop.errors import InputError as InputError
    from workshop.errors import WorkshopError as WorkshopError
    from workshop.record.choices import Record as Record
    from workshop.record.file import RecordFile as RecordFile
    from workshop.record.file import read_record as read_record
    from workshop.record.values import Count as Count
    from workshop.record.values import Number as Number
    from workshop.record.values import Policy as Policy
    from workshop.report import write_report as write_report
    from workshop.steps.base import Step

__version__ = "0.1.0"

_IN = {
    "analysis.calibration": ("assess_calibration",),
    "analysis.curve": ("OperatingPoint", "ThresholdCurve", "threshold_curve"),
    "analysis.evidence": ("Evidence",),
    "analysis.guarantee": ("best_promise",),
    "analysis.intervals": (
        "clopper_pearson",
        "design_effect",
        "newcombe",
        "newcombe_paired",
        "sample_size",
        "wilson",
    ),
    "analysis.metrics": ("number_of",),
    "analysis.monitor": ("watch",),
    "analysis.movement": ("expected_elsewhere",),
    "analysis.policies": ("cheapest_threshold", "evaluate"),
    "analysis.split": ("split_rows",),
    "bring": ("Asked", "new_scenario"),
    "comparing": ("compare",),
    "data.catalog": ("find_target",),
    "data.scenario": ("Scenario",),
    "data.source": ("load_data", "read_table", "scored_rows"),
    "errors": ("InputError", "WorkshopError"),
    "record.choices": ("Record",),
    "record.file": ("RecordFile", "read_record"),
    "record.values": ("Count", "Number", "Policy"),
    "report": ("write_report",),
}
"""Where each public name is made; it is imported when it is first asked for."""

_MODULE_OF = {name: module for module, names in _IN.items() for name in names}

__all__ = ["__version__", "open_step", *sorted(_MODULE_OF)]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    from importlib import import_module

    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """List what is public, imported yet or not."""
    return sorted({*globals(), *__all__})


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

    Examples
    --------
    >>> step = open_step("03", record="privacy-assistant", interactive=False)
    >>> step.evidence.error.k, step.evidence.error.n
    (93, 300)
    """
    from workshop.steps import open_step as open_it

    return open_it(number, record=record, interactive=interactive, data=data)
