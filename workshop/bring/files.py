"""The files of a new scenario: written beside, looked over, and moved in place.

Text is quoted by the record's own YAML writer, so that no name or value of a table can
be anything but text. Comments tell a person what to finish.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workshop.bring.asked import OURS
from workshop.data.guess import Guess
from workshop.errors import InputError
from workshop.record.yaml_write import document, entry
from workshop.views.wording import has, say

_WIDTH = 86


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """Hand out a folder beside ``folder``; what is in it is moved there at the end.

    When anything fails nothing is moved, and what was begun is removed.

    Raises
    ------
    InputError
        When the place cannot be written to.
    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written ({error.strerror}); choose another folder."
        ) from error
    try:
        yield beside
        _move(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _move(beside: Path, folder: Path) -> None:
    if not folder.exists():
        beside.chmod(0o755)
        beside.rename(folder)
        return
    # scenario.yaml last: until then the folder is what it was
    for name in sorted(OURS, key=lambda name: name == "scenario.yaml"):
        new, old = beside / name, folder / name
        if new.exists():
            os.replace(new, old)  # noqa: PTH105
        else:
            old.unlink(missing_ok=True)


def write_card(
    path: Path,
    name: str,
    guesses: Sequence[Guess],
    rows: int,
    resources: Sequence[Mapping[str, Any]],
) -> None:
    """Write card.yaml: what is known, and empty places for what only people know."""
    fields = [
        {
            "name": guess.name,
            "type": guess.type,
            "role": guess.role,
            "description": "",
            "inferred": True,
        }
        for guess in guesses
    ]
    values: dict[str, Any] = {
        "name": name,
        "title": titled(name),
        "description": "",
        "licenses": [],
        "sources": [],
        "collected": "",
        "labelled_by": "",
        "resources": [dict(r) for r in resources],
        "schema": {"fields": fields},
        "limits": [],
        "personal_data": "",
    }
    path.write_text(_commented(values, "card"), "utf-8")


def write_scenario(path: Path, values: Mapping[str, Any]) -> None:
    """Write scenario.yaml with a comment above each part, examples at the end."""
    text = _commented(values, "scenario")
    path.write_text(text + "\n" + _examples(values), "utf-8")


def titled(name: str) -> str:
    """Return a folder's name as a heading: "breast-cancer" as "Breast cancer"."""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else name


def _commented(values: Mapping[str, Any], kind: str) -> str:
    lines = _comment(f"bring.{kind}.top")
    for key, value in values.items():
        said = f"bring.{kind}.{key}"
        if has(said):
            lines += ["", *_comment(said)]
        lines += entry(key, value, 0)
    return "\n".join([*lines, ""])


def _comment(key: str) -> list[str]:
    said = say(key).text
    return [f"# {line}" for line in textwrap.wrap(said, _WIDTH)]


def _examples(values: Mapping[str, Any]) -> str:
    """What a scenario may say besides, as comments to be taken out of comment."""
    shown = {
        "labelling": {
            "minutes_per_label": 3,
            "cost_per_hour": 60,
            "labels_per_day": 120,
        },
        "limits": {"max_error_among_answered": 0.3, "reviews_per_week": 300},
        "fresh_days": 90,
    }
    lines = _comment("bring.scenario.more")
    for key, value in shown.items():
        if key not in values:
            lines += [f"# {line}" for line in document({key: value}).splitlines()]
    return "\n".join([*lines, ""])
