"""The style sheet and the scripts that the room's pages load from the room itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from workshop.views.style import CSS, PAGE_CSS

_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}
ASSETS = (
    "room.css",
    "shared.js",
    "join.js",
    "seat.js",
    "stage.js",
    "dots.js",
    "reports.js",
    "desk.js",
)
"""Every file that may be asked for, by its name; there is no other."""


@cache
def asset(name: str) -> tuple[bytes, str]:
    """Return a file's content and its kind.

    The style sheet is the house's own, with what the room adds.

    Raises
    ------
    KeyError
        There is no such file.
    """
    if name not in ASSETS:
        raise KeyError(name)
    text = files(__package__).joinpath(name).read_text("utf-8")
    if name == "room.css":
        text = f"{CSS}{PAGE_CSS}{text}"
    return text.encode("utf-8"), _KINDS[name.rpartition(".")[2]]
