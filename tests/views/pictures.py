"""A picture as a reader of its text sees it: each mark with all looks it inherits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from hypothesis import strategies as st

Look = dict[str, str]
Point = tuple[float, float]

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_COMMAND = re.compile(r"([a-zA-Z])([^a-zA-Z]*)")

labels = st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
)


def marks(svg: str) -> list[tuple[str, Look]]:
    """Return every mark in order, what is used again put where it is used."""
    root = ElementTree.fromstring(svg)
    known = {element.get("id"): element for element in root.iter()}

    def walk(element: ElementTree.Element, around: Look) -> Iterator[tuple[str, Look]]:
        look = around | element.attrib
        if element.tag == "use":
            yield from walk(known[element.attrib["href"][1:]], look)
        elif element.tag in ("svg", "g"):
            for child in element:
                yield from walk(child, look)
        elif element.tag != "defs":
            yield element.tag, look

    return list(walk(root, {}))


def texts(svg: str) -> list[str]:
    """Return the words on a picture, in order."""
    return [e.text or "" for e in ElementTree.fromstring(svg).iter("text")]


def points_of(path: str) -> list[Point]:
    """Return the absolute points of a path, those that bend it left out."""
    found: list[Point] = []
    x = y = 0.0
    start = (x, y)
    for name, rest in _COMMAND.findall(path):
        values = [float(value) for value in _NUMBER.findall(rest)]
        for step in _steps(name.lower(), values):
            across, down = step
            x, y = (across, down) if name == "M" else (x + across, y + down)
            found.append((x, y))
            if name in "Mm":
                start = (x, y)
        if name in "zZ":
            x, y = start
    return found


def _steps(name: str, values: list[float]) -> list[Point]:
    if name == "h":
        return [(value, 0.0) for value in values]
    if name == "v":
        return [(0.0, value) for value in values]
    size = {"m": 2, "l": 2, "q": 4, "c": 6, "z": 2}[name]
    return [
        (values[at + size - 2], values[at + size - 1])
        for at in range(0, len(values), size)
    ]
