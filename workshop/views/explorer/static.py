"""The same explorer on a page without a kernel: the state, the module and a shim.

The shim stands in for the kernel's model. Until the script runs the host is hidden,
and a static figure beside it, of class ``cgx-static``, is what the page shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

from workshop.views.explorer.given import ExplorerGiven
from workshop.views.explorer.packed import packed
from workshop.views.explorer.state import State, explorer_state, place_of, start_of
from workshop.views.explorer.texts import TURNS
from workshop.views.style import ROLES, policy_hash

LIGHT = {
    "ink": "#1d2733",
    "quiet": "#5b6773",
    "line": "#cfd6dc",
    "ground": "#fff",
    "soft": "#f4f6f7",
    "warm": "#fbf6ec",
    "acted": "#cfe3df",
    "idle": "#f1f4f5",
    "person": "#dbe3f5",
    "alarm": "#fae6e0",
    "ask": "#4763a8",
    "focus": "#6d87c8",
    "yes": "var(--cgx-caught)",
    "no": "var(--cgx-false_alarm)",
}
DARK = {
    "ink": "#e6eaee",
    "quiet": "#aab4bd",
    "line": "#4a545d",
    "ground": "#121212",
    "soft": "#1c2126",
    "warm": "#3a3322",
    "acted": "#16332f",
    "idle": "#22282e",
    "person": "#25304a",
    "alarm": "#43231b",
    "ask": "#9db2e6",
    "focus": "#9db2e6",
    "yes": "#6cc4bb",
    "no": "#ee8d74",
}
"""The explorer's own colours; those of the roles are the house's."""

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
"""The files of the one module, in the order in which they are joined.

With them goes ``led`` where a page can be led from another one, else ``alone``.
"""


@cache
def explorer_module() -> str:
    """The browser's module for a notebook, as text: its files, joined."""
    return _joined(*MODULE, "led")


def _joined(*names: str) -> str:
    return "\n".join(_text(f"module/{name}.js") for name in names)


@cache
def explorer_css() -> str:
    """The explorer's style sheet, with the house's colour for each role."""
    return lean(_sheet())


@cache
def led_css() -> str:
    """What a notebook needs besides: how an explorer looks that another page leads.

    Whoever forces light on dark has its dark colours there too, whatever the theme.
    """
    forced = (
        "@media screen and (forced-colors:active) and (prefers-color-scheme:dark)"
        f"{{.cgx.cgx{{{_variables(DARK)}}}}}"
    )
    return lean(f"{_text('led.css')}\n{forced}")


@cache
def lean(css: str) -> str:
    """Return a style sheet without the layout of its file, as a page carries it."""
    from rcssmin import cssmin

    return str(cssmin(css))


def _sheet() -> str:
    """The sheet and its colours: a notebook's theme decides, on a page the reader's."""
    dark = _variables(DARK)
    return (
        f".cgx,.cgx-host{{{_variables(ROLES)}}}\n.cgx{{{_variables(LIGHT)}}}\n"
        f'[data-jp-theme-light="false"] .cgx{{{dark}}}\n'
        f"@media screen and (prefers-color-scheme:dark){{.cg-page .cgx{{{dark}}}}}\n"
        f"{_text('explorer.css')}"
    )


def _variables(colours: Mapping[str, str]) -> str:
    return ";".join(f"--cgx-{name}:{colour}" for name, colour in colours.items())


@cache
def explorer_script() -> str:
    """The module and its shim: one script for every explorer on the page.

    Without the comments and the layout of the readable files, which a notebook gets.
    """
    from rjsmin import jsmin

    return str(jsmin(_joined(*MODULE, "alone", "shim")))


def script_hash() -> str:
    """What a content security policy calls that script."""
    return policy_hash(explorer_script())


def explorer_html(given: ExplorerGiven, id: str) -> str:
    """Return the place of one explorer and its state; `explorer_script` fills it."""
    act, ask = start_of(given)
    model = {
        "state": packed(_state(given)),
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


def _state(given: ExplorerGiven) -> State:
    """What the browser needs; no words for a turn where nobody is at the table."""
    state = explorer_state(given)
    if not given.here:
        state["texts"] = {k: v for k, v in state["texts"].items() if k not in TURNS}
    return state


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
