"""Opening the notebooks for a pair, and trying everything before people arrive.

JupyterLab always works on a copy beside the record: a checkout stays clean, and what a
reader changed is never overwritten.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from workshop.data.catalog import (
    DEFAULT_RECORD,
    NOTEBOOKS,
    Target,
    find_target,
    shipped,
)
from workshop.errors import InputError, WorkshopError
from workshop.record.atomic import write_text

FIRST = "00_start.ipynb"
COPIES = DEFAULT_RECORD.parent / NOTEBOOKS
_NO_PROBLEM = ""

QUIET = {
    # Nothing is fetched from anywhere, and nobody is asked whether it may be.
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    # "Run All Cells" before the kernel is up must not ask a newcomer to select one.
    "@jupyterlab/notebook-extension:tracker": {
        "autoStartDefaultKernel": True,
        "scrollPastEnd": False,
    },
    # Room for the notebooks' whole names.
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},
}
"""JupyterLab's defaults for a workshop; what a reader has set for themselves wins."""


def run_lab(record: str, *, open_browser: bool, port: int) -> int:
    """Copy the notebooks and open JupyterLab on the first; return its exit code.

    Raises
    ------
    InputError
        When the record or scenario named does not exist.
    """
    home = Path.cwd()
    folder = copy_notebooks(home / COPIES)
    environment = os.environ | {"WORKSHOP_HOME": str(home)} | _subject(record)
    command = [
        sys.executable, "-m", "jupyterlab",
        f"--ServerApp.root_dir={folder.parent}",
        f"--LabApp.default_url=/lab/tree/{folder.name}/{FIRST}",
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.open_browser={open_browser}",
        # they serve other front ends, and the first only warns of how it is asked
        "--ServerApp.jpserver_extensions=notebook_shim=False",
        "--ServerApp.jpserver_extensions=voila.server_extension=False",
        # asking npm where language servers may lie takes long, and warns when ended
        "--LanguageServerManager.node_roots=[]",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with tempfile.TemporaryDirectory(prefix="common-ground-") as settings:
        return _serve(command, environment | _quiet(Path(settings)))


def _serve(command: list[str], environment: dict[str, str]) -> int:
    """Run JupyterLab until it ends; Control-C reaches it too, and it closes kernels."""
    interrupted = False
    with subprocess.Popen(command, env=environment) as server:
        while True:
            try:
                code = server.wait()
            except KeyboardInterrupt:
                interrupted = True
            else:
                return 0 if interrupted else code


def _quiet(folder: Path) -> dict[str, str]:
    """Write JupyterLab's defaults and tell it where they lie, after all others."""
    file = folder / "labconfig" / "default_setting_overrides.json"
    file.parent.mkdir()
    file.write_text(json.dumps(QUIET), "utf-8")
    others = os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)
    return {
        "JUPYTER_CONFIG_PATH": os.pathsep.join([*filter(None, others), str(folder)])
    }


def _subject(record: str) -> dict[str, str]:
    """What the notebooks work on: a record by path, or a scenario by name."""
    if not record:
        return {}
    target = find_target(record)
    if target.file.read_only:
        return {"WORKSHOP_SCENARIO": record}
    return {"WORKSHOP_RECORD": record}


def copy_notebooks(folder: Path) -> Path:
    """Copy the shipped notebooks; one that a reader has edited is kept beside.

    Raises
    ------
    InputError
        When nothing can be written there.
    RunError
        When the disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(shipped(NOTEBOOKS).glob("*.ipynb")):
            copy = folder / source.name
            if copy.exists() and _sources(copy) != _sources(source):
                copy.replace(_free_name(copy))
            if not copy.exists():
                write_text(copy, _without_outputs(source))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{folder}: nothing can be written there ({reason}); start in another "
            "folder."
        ) from error
    return folder


def _sources(path: Path) -> list[str] | None:
    """The cells' text, which is all a reader edits; None for a file cut in half."""
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return None


def _without_outputs(path: Path) -> str:
    """A notebook that says nothing yet: the shipped ones tell how an example ended."""
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n"


def _free_name(path: Path) -> Path:
    number = 1
    while (mine := path.with_stem(f"{path.stem} (yours {number})")).exists():
        number += 1
    return mine


def rehearse(target: Target) -> list[tuple[str, str]]:
    """Try everything a workshop needs; return (what, problem) with problems in words.

    A later thing is tried even when an earlier one fails.
    """
    return [(what, _problem(attempt)) for what, attempt in _attempts(target)]


def _attempts(target: Target) -> Iterator[tuple[str, Callable[[], object]]]:
    from workshop.steps.given import Given
    from workshop.steps.whole import AGENDA, Whole

    given = Given(target.scenario)
    yield f"scenario {target.scenario.id}", lambda: target.scenario.cases
    yield "the record can be read", lambda: target.record
    yield "the card", lambda: given.card
    if target.scenario.data:
        yield "the table", lambda: given.table
    if target.scenario.runs:
        yield "the scored runs", lambda: given.runs
        yield "the cases to show", lambda: _known_cases(given)
    whole = Whole(target, interactive=False, given=given)
    for name, step in AGENDA.items():
        yield (
            f"step {name}",
            lambda name=name, step=step: step(
                whole.target, interactive=True, given=given
            ).section(),
        )
    yield "the notebooks", _all_notebooks
    yield "JupyterLab and its kernel", _all_installed
    yield "a folder to save in", lambda: _can_save(target)


def _problem(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except WorkshopError as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return _NO_PROBLEM


def _known_cases(given) -> None:
    known = set(given.data[given.scenario.key].astype(str))
    strangers = [case for case in given.scenario.cases if case not in known]
    if strangers:
        raise InputError(f"cases that no row has: {', '.join(strangers)}")


def _all_notebooks() -> None:
    if not (shipped(NOTEBOOKS) / FIRST).is_file():
        raise InputError(f"{FIRST} is missing; install Common Ground again.")


def _all_installed() -> None:
    wanted = ("jupyterlab", "ipykernel", "ipywidgets", "papermill", "matplotlib")
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(f"not installed: {', '.join(missing)}")


def _can_save(target: Target) -> None:
    folder = Path.cwd() if target.file.read_only else target.file.path.parent
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        raise InputError(f"{folder}: nothing can be written there")
