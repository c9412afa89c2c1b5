"""One command, one page: run the notebook, gather what it handed on, keep it whole.

A run that fails leaves an earlier good report alone and writes a page beside it that
says it is not whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from workshop.data.catalog import Target
from workshop.data.parameters import check_parameters, parameters_of
from workshop.errors import RunError
from workshop.kernels import Ahead
from workshop.report.folder import NAMES, make_folder, put, scratch
from workshop.report.gathered import gather
from workshop.report.running import execute, from_here, notebook_of, record_argument
from workshop.views.wording import say

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What a run left behind: the page, its headline and verdict, and how it ended.

    ``failed`` lists sections that could not be made; ``input_was_wrong`` says that all
    of them failed for what was given and not for a fault of the run. ``stops`` holds,
    for each gate a pipeline may ask for, one line for each reason it is not met.
    """

    page: Path
    headline: str
    verdict: str
    failed: tuple[str, ...] = ()
    why: str = ""
    input_was_wrong: bool = False
    stops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def write_report(
    target: Target,
    out: Path,
    *,
    as_of: date | None = None,
    progress: Progress = lambda _: None,
    step: str | None = None,
    data: str = "",
    parameters: Mapping[str, Any] | None = None,
    kernel: Ahead | None = None,
) -> Written:
    """Run the report's notebook for a record and write the folder ``out``.

    Parameters
    ----------
    target
        The scenario and the record.
    out
        Folder for ``report.html``, ``report.json`` and ``executed.ipynb``.
    as_of
        The day that counts as today; the present day when left out.
    progress
        Called with one line for each stage.
    step
        The number of one step whose notebook is run instead of the whole.
    data
        A file of later rows, for the one step that holds the promise against them.
    parameters
        Further parameters of the notebook, as papermill takes them.
    kernel
        A process started ahead that the notebook's kernel comes from.

    Raises
    ------
    InputError
        When the folder cannot be written, or the notebook has no such parameter.
    RunError
        When the kernel died or the disk filled; a partial page is left beside.

    Examples
    --------
    >>> import tempfile
    >>> from workshop.data.catalog import find_target
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target, out = find_target("privacy-assistant"), Path(folder) / "out"
    ...     written = write_report(target, out, step="03", as_of=date(2026, 12, 1))
    ...     sorted(path.name for path in out.iterdir())
    ['executed.ipynb', 'report.html', 'report.json']
    >>> written.failed
    ()
    """
    day = as_of or date.today()
    source = notebook_of(step)
    given = {"record": record_argument(target), "interactive": False}
    given |= {"data": str(from_here(Path(data)))} if data else {}
    given |= parameters or {}
    check_parameters(parameters_of(source), given, where=source.name)
    make_folder(out)
    with scratch(out) as beside:
        executed = beside / NAMES[2]
        progress(say("cli.running", notebook=source.name).text)
        died = execute(source, executed, given, day, kernel)
        progress(say("cli.gathering").text)
        found = gather(executed, target=target, as_of=day, died=died)
        progress(say("cli.writing").text)
        page = put(out, executed, found.html, found.twin, whole=not found.why)
    if died:
        raise RunError(say("cli.died", why=died, page=str(page)).text)
    return Written(
        page=page,
        headline=found.headline,
        verdict=found.twin["verdict"],
        failed=found.failed,
        why=found.why,
        input_was_wrong=found.input_was_wrong,
        stops=found.stops,
    )
