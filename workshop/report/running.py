"""Which notebook is run for a report, with which parameters, and how did it end?"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from workshop.data.catalog import EXAMPLE, Target, shipped
from workshop.errors import InputError, RunError
from workshop.kernels import CAN_WAIT, Ahead
from workshop.kernels.unneeded import do_without
from workshop.views.wording import say

NOTEBOOK = "readiness_report.ipynb"
CELL_SECONDS = 600


def notebook_of(step: str | None) -> Path:
    """Return the shipped notebook of a step, or the one of the whole report.

    Raises
    ------
    InputError
        There is no such step.
    """
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
    source: Path,
    executed: Path,
    parameters: Mapping[str, Any],
    day: date,
    kernel: Ahead | None = None,
) -> str:
    """Run a notebook with papermill; return why it died, or nothing.

    What was finished before it died is in ``executed`` all the same. ``kernel`` is a
    process that was started ahead; without one it is started here, so that it imports
    what it needs while papermill is imported.

    Raises
    ------
    RunError
        That process was ended meanwhile, as when somebody interrupts.
    """
    with environment(day), _ahead(kernel) as waiting:
        do_without()
        import papermill
        from nbclient.exceptions import CellTimeoutError

        try:
            papermill.execute_notebook(
                str(source),
                str(executed),
                parameters=dict(parameters),
                **_way_of_running(executed.parent, waiting),
            )
        except RuntimeError:  # as DeadKernelError is, and one that never answered
            if waiting is not None and waiting.stopped:
                raise RunError(say("cli.kernel_died").text) from None
            return say("cli.kernel_died").text
        except CellTimeoutError:
            return say("cli.timed_out").text
        except papermill.PapermillExecutionError as error:
            return f"{error.ename}: {error.evalue}"
    return ""


def _way_of_running(folder: Path, waiting: Ahead | None) -> dict[str, Any]:
    """How papermill runs every notebook of ours, in ``folder``."""
    return {
        "kernel_name": "python3",
        # those of several reports would write over one another
        "progress_bar": sys.stderr.isatty() and _is_alone(),
        "log_output": False,
        "execution_timeout": CELL_SECONDS,
        # papermill's own way would move this process, and other reports in it
        "resources": {"metadata": {"path": str(folder.resolve())}},
        # it only warns of what holds for every local kernel, and tells of the
        # interrupt by which an idle one is ended; errors come with the cells
        "extra_arguments": ["--IPKernelApp.log_level=CRITICAL"],
        **({"kernel_manager_class": waiting.manager()} if waiting else {}),
    }


def _ahead(kernel: Ahead | None) -> AbstractContextManager[Ahead | None]:
    """Start a process for one kernel, unless there is one or none can wait here."""
    return nullcontext(kernel) if kernel or not CAN_WAIT else Ahead()


def _is_alone() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def environment(day: date, more: Mapping[str, str] | None = None) -> Iterator[None]:
    """Give the kernel its day and where the program was started, and ``more``.

    JUPYTER_PLATFORM_DIRS silences a warning of jupyter_core on every start. The
    environment belongs to the whole process: reports that run side by side are given
    the same, from before the first to after the last.
    """
    ours = {
        "WORKSHOP_AS_OF": day.isoformat(),
        "WORKSHOP_HOME": str(Path.cwd()),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **(more or {}),
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

    A scenario is told by its folder, whatever its example says that it is called: a
    copy that somebody adapts still names the one it was copied from.
    """
    example = target.scenario.folder / EXAMPLE
    if target.file.read_only and target.file.path == example:
        return str(from_here(target.scenario.folder))
    return str(from_here(target.file.path))


def from_here(path: Path) -> Path:
    """Return a path, relative to the start where it lies below it."""
    path = path.resolve()
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
