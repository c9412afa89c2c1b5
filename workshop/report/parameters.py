"""Does a notebook have the parameters that it is about to be given?

papermill adds what it does not know and runs all the same: a misspelt ``record`` would
give a report on something else. So it is asked before a kernel starts.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from workshop.errors import InputError

TAG = "parameters"


def parameters_of(notebook: Path) -> tuple[str, ...]:
    """Return the names that a notebook's parameters cell assigns, in their order."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    tagged = [c for c in cells if TAG in c["metadata"].get("tags", ())]
    source = "\n".join("".join(cell["source"]) for cell in tagged)
    targets = [
        target
        for line in ast.parse(source).body
        for target in _assigned(line)
        if isinstance(target, ast.Name)
    ]
    return tuple(dict.fromkeys(target.id for target in targets))


def check_parameters(notebook: Path, given: Iterable[str]) -> None:
    """Refuse a parameter that the notebook does not have.

    Raises
    ------
    InputError
        Naming it, and the nearest that there is.
    """
    known = parameters_of(notebook)
    for name in given:
        if name not in known:
            raise InputError(unknown(name, known, where=notebook.name))


def unknown(name: str, known: Iterable[str], *, where: str) -> str:
    """Say that there is no such parameter, and which one may be meant."""
    known = tuple(known)
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}."
    return f"{where} has no parameter {name!r}; {hint}"


def _assigned(line: ast.stmt) -> list[ast.expr]:
    if isinstance(line, ast.AnnAssign):
        return [line.target]
    return line.targets if isinstance(line, ast.Assign) else []
