"""Which parameters does a notebook have, and were only those given?

papermill adds what it does not know and runs all the same: a misspelt ``record`` would
give a report on something else. So it is asked before a kernel starts; and where
papermill runs a notebook by itself, before anything is computed.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from workshop.errors import InputError

TAG = "parameters"
INJECTED = "# Parameters\n"
"""How the cell begins that papermill puts after the one tagged `TAG`."""

PAPERMILLS_OWN = ("PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH")
"""What it adds of its own where it is asked for the paths."""


def parameters_of(notebook: Path) -> tuple[str, ...]:
    """Return the names that a notebook's parameters cell assigns, in their order."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    tagged = [c for c in cells if TAG in c["metadata"].get("tags", ())]
    return assigned("\n".join("".join(cell["source"]) for cell in tagged))


def typed(value: str) -> bool | int | float | str | None:
    """Return what papermill makes of a parameter's text.

    >>> typed("True"), typed("3"), typed("0.5"), typed("true")
    (True, 3, 0.5, 'true')
    """
    words = {"True": True, "False": False, "None": None}
    if value in words:
        return words[value]
    for number in (int, float):
        with suppress(ValueError):
            return number(value)
    return value


def check_parameters(known: Iterable[str], given: Iterable[str], *, where: str) -> None:
    """Refuse a parameter that there is not.

    Raises
    ------
    InputError
        Naming it, and the nearest that there is.
    """
    known = tuple(known)
    for name in given:
        if name in known:
            continue
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}."
        raise InputError(f"{where} has no parameter {name!r}; {hint}")


def injected(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Return what papermill gave a notebook, from the cells run so far.

    None where papermill gave nothing.

    Raises
    ------
    InputError
        When it gave what the notebook does not have.
    """
    for declared, cell in pairwise(cells):
        if cell.startswith(INJECTED):
            given = tuple(n for n in assigned(cell) if n not in PAPERMILLS_OWN)
            check_parameters(assigned(declared), given, where="this notebook")
            return given
    return None


def assigned(source: str) -> tuple[str, ...]:
    r"""Return the names that some lines of Python assign, each once.

    >>> assigned('record: str = ""  # a path\ninteractive = True')
    ('record', 'interactive')
    """
    found = [
        target.id
        for line in ast.parse(source).body
        for target in _targets(line)
        if isinstance(target, ast.Name)
    ]
    return tuple(dict.fromkeys(found))


def _targets(line: ast.stmt) -> list[ast.expr]:
    if isinstance(line, ast.AnnAssign):
        return [line.target]
    return line.targets if isinstance(line, ast.Assign) else []
