"""Which notebook is run for a report, with which parameters, and how did it end?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from workshop.data.catalog import Target, shipped
from workshop.errors import InputError
from workshop.views.wording import say

NOTEBOOK = "readiness_report.ipynb"
CELL_SECONDS = 600


def notebook_of(step: str | None) -> Path:
    """Return the shipped notebook of a step, or the one of the whole report."""
    if step is None:
        return shipped("notebooks") / NOTEBOOK
    found = sorted(shipped("notebooks").glob(f"{step}_*.ipynb"))
    if not found:
        known = ", ".join(
            p.name[:2] for p in sorted(shipped("notebooks").glob("0*.ipynb"))
        )
        raise InputError(f"--step {step}: there is no such step; there are {known}.")
    return found[0]


def execute(
    source: Path, executed: Path, parameters: Mapping[str, Any], day: date
) -> str:
    """Run a notebook with papermill; return why it died, or nothing.

    What was finished before it died is in ``executed`` all the same.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        with environment(day):
            papermill.execute_notebook(
                str(source),
                str(executed),
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=sys.stderr.isatty(),
                log_output=False,
                execution_timeout=CELL_SECONDS,
                cwd=str(executed.parent),
                # it only warns of what holds for every local kernel, and tells of the
                # interrupt by which an idle one is ended; errors come with the cells
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
    except DeadKernelError:
        return say("cli.kernel_died").text
    except CellTimeoutError:
        return say("cli.timed_out").text
    except papermill.PapermillExecutionError as error:
        return f"{error.ename}: {error.evalue}"
    return ""


@contextmanager
def environment(day: date) -> Iterator[None]:
    """Give the kernel its day and where the program was started.

    JUPYTER_PLATFORM_DIRS silences a warning of jupyter_core on every start.
    """
    ours = {
        "WORKSHOP_AS_OF": day.isoformat(),
        "WORKSHOP_HOME": str(Path.cwd()),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def record_argument(target: Target) -> str:
    """Return what the notebook is told: a path relative to the start where it can be.

    A scenario without a record of its own is told by its folder.
    """
    if target.file.read_only and not target.file.exists:
        return str(target.scenario.folder)
    return str(from_here(target.file.path))


def from_here(path: Path) -> Path:
    """Return a path, relative to the start where it lies below it."""
    path = path.resolve()
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
