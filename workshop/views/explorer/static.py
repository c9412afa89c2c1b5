"""The same explorer on a page without a kernel: the state, the module and a shim.

The shim stands in for the kernel's model. Until the script runs the host is hidden,
and a static figure beside it, of class ``cgx-static``, is what the page shows.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from workshop.views.explorer.given import ExplorerGiven
from workshop.views.explorer.state import explorer_state, place_of, start_of
from workshop.views.style import ROLES

MODULE = (
    "numbers",
    "counting",
    "readout",
    "blocks",
    "line",
    "handle",
    "people",
    "controls",
    "curve",
    "worth",
    "parts",
    "explorer",
)
"""The files of the one module, in the order in which they are joined."""


@cache
def explorer_module() -> str:
    """The browser's module, as text: its files, joined."""
    return "\n".join(_text(f"module/{name}.js") for name in MODULE)


@cache
def explorer_css() -> str:
    """The explorer's style sheet, with the house's colour for each role."""
    colours = ";".join(f"--cgx-{name}:{colour}" for name, colour in ROLES.items())
    return f".cgx,.cgx-host{{{colours}}}\n{_text('explorer.css')}"


@cache
def explorer_script() -> str:
    """The module and its shim: one script for every explorer on the page."""
    return f"\n{explorer_module()}\n{_text('module/shim.js')}"


def script_hash() -> str:
    """What a content security policy calls that script."""
    digest = sha256(explorer_script().encode("utf-8")).digest()
    return f"sha256-{b64encode(digest).decode('ascii')}"


def explorer_html(given: ExplorerGiven, id: str) -> str:
    """Return the place of one explorer and its state; `explorer_script` fills it."""
    act, ask = start_of(given)
    model = {
        "state": explorer_state(given),
        "act": act,
        "ask": ask,
        "marks": {role: place_of(given, cut) for role, cut in given.marks.items()},
        "opened": [],
    }
    # In a script element only "<" can end the text: a name may hold any other.
    text = json.dumps(model, separators=(",", ":"), allow_nan=False)
    safe = text.replace("<", "\\u003c")
    return (
        f'<div class="cgx-host" id="{escape(id)}" hidden>'
        f'<script type="application/json">{safe}</script>'
        '<div class="cgx-live"></div></div>'
    )


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
