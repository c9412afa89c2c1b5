"""Where do a room's reports lie, and what may be read there?

One folder in the room's, for its owner alone. The process that writes the reports and
the server that shows them both know it by this module only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.record.file import RecordFile
from workshop.room.folder import Folder
from workshop.room.kept import Room

FOLDER = "reports"
STATE, KEPT = "state.json", "room-names.json"
ROOM = ("room.html", "room.json")
OWN = ("report.html", "report.json")
INDEX = "index.json"


def reports_of(folder: Folder) -> Path:
    """Return the folder of a room's reports."""
    return folder.path / FOLDER


def folder_of(pair: int) -> str:
    """Return what a pair's folders are called."""
    return f"pair-{pair:02}"


def record_of(folder: Folder, pair: int) -> Path:
    """Return where a pair's record lies."""
    return folder.path / folder_of(pair) / "record.yaml"


def sat(folder: Folder, room: Room, pair: int) -> bool:
    """Say whether anybody ever sat at a pair's table, or something is in its record."""
    if any(s.people or s.left or s.spent for s in room.seats if s.pair == pair):
        return True
    try:
        return RecordFile(record_of(folder, pair)).read().revision > 0
    except WorkshopError:
        return True


def made_before(folder: Folder) -> dict[str, dict[str, Any]]:
    """Return what the list of reports says of each pair, by its folder's name."""
    found = read_json(reports_of(folder) / INDEX).get("reports", [])
    return {str(one["name"]): one for one in found}


def read_json(file: Path) -> dict[str, Any]:
    """Return what a file holds; nothing where it is not there or not whole."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
