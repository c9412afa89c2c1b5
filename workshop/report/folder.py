"""Where a report lies: a folder that is whole, or as it was before."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workshop.errors import InputError, RunError
from workshop.record.atomic import write_text

NAMES = ("report.html", "report.json", "executed.ipynb")


def make_folder(out: Path) -> None:
    """Make the folder, and see that something can be written there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".try-", dir=out):
            pass
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise InputError(
            f"{out}: nothing can be written there; give another folder with -o."
        ) from error
    except OSError as error:
        raise RunError(f"{out}: {error.strerror}; make room and run again.") from error


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """Give a folder to work in beside the report; a full disk becomes a sentence."""
    try:
        with tempfile.TemporaryDirectory(prefix=".report-", dir=out) as folder:
            yield Path(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RunError(
            f"{out}: the report could not be written ({reason}); make room and run "
            "again. An earlier report is untouched."
        ) from error


def put(
    out: Path, executed: Path, html: str, twin: dict[str, Any], *, whole: bool
) -> Path:
    """Write the three files; a run that is not whole goes beside an earlier one.

    All three are written next door first: a disk that fills leaves the earlier ones.
    """
    text = json.dumps(twin, indent=1, ensure_ascii=False, sort_keys=False)
    scratch = executed.parent
    write_text(scratch / NAMES[1], f"{text}\n")
    write_text(scratch / NAMES[0], html)
    for name in NAMES:
        partial = out / _partial_name(name)
        if (scratch / name).is_file():
            (scratch / name).replace(out / name if whole else partial)
        if whole:
            partial.unlink(missing_ok=True)
    return out / (NAMES[0] if whole else _partial_name(NAMES[0]))


def _partial_name(name: str) -> str:
    stem, ending = name.split(".")
    return f"{stem}.partial.{ending}"
