"""What marks a field for the page, so that it can keep what is typed and not saved?

Classes only: which form a field belongs to, which field it is, and whether somebody
changed it since it was loaded or saved. What is typed is kept by the page itself, in
the browser (``workshop/room/template/drafts.js``); JupyterLab reads none of this.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import ipywidgets as w

FIELD, FORM, UNSAVED, SEALED = "cg-field-", "cg-form-", "cg-unsaved", "cg-sealed-"
_PLAIN = re.compile(r"[A-Za-z0-9_]+")


def form_id(panel: str, given: Mapping[str, str], whose: str = "") -> str:
    """Name a form: its panel, and what tells it from another of the same panel.

    ``whose`` says that plainly; without it, what the form's sentences are filled with
    does.
    """
    if whose or not given:
        return f"{panel}-{whose}" if whose else panel
    text = "\0".join(f"{key}\0{given[key]}" for key in sorted(given))
    return f"{panel}-{_short(text)}"


def bet_id(seat: str) -> str:
    """Name the form in which a seat bets."""
    return form_id("bet", {}, seat)


def name_field(control: w.DOMWidget, form: str, key: str) -> None:
    """Have the page keep what is typed into a control."""
    control.add_class(f"{FIELD}{form}-{key if _PLAIN.fullmatch(key) else _short(key)}")


def mark(control: w.DOMWidget, *, unsaved: bool) -> None:
    """Tell the page whether what stands there was changed and not saved."""
    (control.add_class if unsaved else control.remove_class)(UNSAVED)


def tell_sealed(body: w.DOMWidget, seat: str, *, sealed: bool) -> None:
    """Tell the page that nothing typed for a bet may remain anywhere."""
    (body.add_class if sealed else body.remove_class)(f"{SEALED}{bet_id(seat)}")


class Draft:
    """A control that stands in no form's row: a tick, or a box for words."""

    def __init__(self, control: w.DOMWidget, form: str, key: str) -> None:
        self._control = control
        self._kept = control.value
        name_field(control, form, key)
        control.observe(lambda _: self._mark(), "value")

    def keep(self, value: Any = None) -> None:
        """Take what stands there, or another value, for saved."""
        self._kept = self._control.value if value is None else value
        self._mark()

    def _mark(self) -> None:
        mark(self._control, unsaved=self._control.value != self._kept)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
