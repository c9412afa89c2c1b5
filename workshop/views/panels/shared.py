"""Layouts and styles that the parts of a page have in common.

Left alone, each part brings a layout and a style of its own, three models in place of
one. A page has hundreds of parts that look alike, and making, sending and drawing those
models was most of what a page cost.
"""

from __future__ import annotations

from typing import Any, TypeVar

import ipywidgets as w

Made = TypeVar("Made", bound=w.DOMWidget)
FULL = "100%"

_SHARED: dict[tuple[Any, ...], w.Widget] = {}


def make(kind: type[Made], *given: Any, wide: bool = False, **traits: Any) -> Made:
    """Make a part that looks like all others of its kind; ``wide`` fills its column.

    Its layout is not its own: whoever wants to change it asks `own_layout` first.
    """
    traits["layout"] = _one_of(w.Layout, **({"width": FULL} if wide else {}))
    style = kind.class_traits().get("style")
    if style is not None:
        traits["style"] = _one_of(style.klass)
    return kind(*given, **traits)


def own_layout(part: w.DOMWidget) -> w.Layout:
    """Return a part's layout, its own from now on."""
    if part.layout in _SHARED.values():
        part.layout = w.Layout(width=part.layout.width)
    return part.layout


def _one_of(kind: type[w.Widget], **state: Any) -> Any:
    """Return the one that has this state, made anew where the last one was closed."""
    key = (kind, *state.items())
    known = _SHARED.get(key)
    if known is None or known.comm is None:
        known = _SHARED[key] = kind(**state)
    return known
