"""What is drawn on a picture: each mark with its look, its path and the room it takes.

Read from what the drawing library writes; what is drawn by its id is put where it is
used, and marks of one look come together where nothing is in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from workshop.views.figures_paths import (
    Box,
    Path,
    box_of,
    circle_of,
    moved,
    read_path,
    short,
    written,
)

Look = dict[str, str]

FAR_BACK = 60
"""Marks to look back over for one that looks the same."""
_UNSAID = {
    "stroke": "none",
    "stroke-width": "1",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "stroke-linecap": "butt",
    "stroke-opacity": "1",
    "fill-opacity": "1",
    "font-weight": "400",
    "font-style": "normal",
    "text-anchor": "start",
    "opacity": "1",
}
"""What holds where nothing is said."""
SHARED = {
    *(name for name in _UNSAID if name != "opacity"),
    *("fill", "stroke-linejoin", "font-size", "paint-order", "clip-path"),
}
"""What a group can say for all that is inside."""
_GONE = {"font-family", "stroke-miterlimit"}
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_PLACED = re.compile(r"(translate|rotate)\(([^)]*)\)")
URL = re.compile(r"url\(#([^)]+)\)")
_SLACK = 0.5
"""How far a mark may reach over the edge at which it would be cut, unseen."""


class Mark:
    """One thing that is drawn: its element, its path, and the room it takes."""

    def __init__(self, element: Element, path: Path = ()) -> None:
        self.element = element
        self.path = path
        self.box = _room(element, path)

    @property
    def look(self) -> tuple[tuple[str, str], ...]:
        """All of it but where it is: marks of one look can stand in one group."""
        given = self.element.attrib.items()
        looks = sorted((k, v) for k, v in given if k in SHARED or k == "opacity")
        return (("", self.element.tag), *looks)

    def written(self) -> Element:
        """The element, its path as text; a circle as one."""
        if not self.path:
            return self.element
        round_ = circle_of(self.path)
        if round_ is None:
            self.element.set("d", written(self.path))
            return self.element
        self.element.tag = "circle"
        for name, value in zip(("cx", "cy", "r"), round_, strict=True):
            self.element.set(name, short(value))
        return self.element


def name_of(element: Element) -> str:
    """Its tag without the address of a namespace."""
    return str(element.tag).rpartition("}")[2]


def marks_in(
    element: Element, around: Look, kept: dict[str, Element]
) -> Iterator[Mark]:
    """Everything that is drawn, each with all of its looks, nothing around it."""
    name, look = name_of(element), around | look_of(element)
    if name in ("defs", "title", "metadata"):
        return
    if name == "g":
        for child in element:
            yield from marks_in(child, look, kept)
    elif name == "use":
        yield from _used(element, look, kept)
    elif name == "path":
        yield from _drawn(look, read_path(element.get("d", "")))
    else:
        plain = Element(name, _placed(element) | said(look))
        plain.text = element.text
        yield Mark(plain)


def _used(element: Element, look: Look, kept: dict[str, Element]) -> Iterator[Mark]:
    """A sign where it is used, in its own looks, then those of the place."""
    href = next(v for k, v in element.attrib.items() if k.rpartition("}")[2] == "href")
    sign = kept[href.lstrip("#")]
    x, y = (float(element.get(name, "0")) for name in ("x", "y"))
    yield from _drawn(look | look_of(sign), moved(read_path(sign.get("d", "")), x, y))


def _drawn(look: Look, path: Path) -> Iterator[Mark]:
    """A path, unless nobody could see it."""
    look = said(look)
    if path and (look.get("fill") != "none" or "stroke" in look):
        yield Mark(Element("path", look), path)


def look_of(element: Element) -> Look:
    """How it looks, from its attributes and its style; short where it can be."""
    given = {k: v for k, v in element.attrib.items() if k in SHARED or k == "opacity"}
    for part in element.get("style", "").split(";"):
        name, value = (piece.strip() for piece in part.partition(":")[::2])
        if name == "font":
            given |= _font(value)
        elif name and name not in _GONE:
            given[name] = value
    return {name: _plain(name, value) for name, value in given.items()}


def said(look: Look) -> Look:
    """Without what holds anyway, and what only strokes have where there is none."""
    stroked = look.get("stroke", "none") != "none"
    return {
        name: value
        for name, value in look.items()
        if value != _UNSAID.get(name) and (stroked or not name.startswith("stroke"))
    }


def _font(value: str) -> Look:
    """Weight and size of a font that is given in one, as older libraries do."""
    found = re.search(r"(?:\b(\d{3}|bold) )?([\d.]+)px", value)
    if found is None:
        return {}
    return {"font-size": found[2], "font-weight": found[1] or "400"}


def _plain(name: str, value: str) -> str:
    """A length without its unit, numbers short; colours and ids as they are."""
    if name.startswith(("fill", "stroke", "clip")) and value[0] in "#un":
        return value
    return _NUMBER.sub(lambda found: f"{float(found[0]):.3g}", value.replace("px", ""))


def _placed(element: Element) -> Look:
    """Where something other than a path is, to a tenth."""
    given = {
        name: short(float(element.attrib[name]))
        for name in ("x", "y", "width", "height")
        if name in element.attrib
    }
    turned = _PLACED.sub(_turn, element.get("transform", "")).strip()
    return given | ({"transform": turned} if turned else {})


def _turn(found: re.Match[str]) -> str:
    values = [float(value) for value in _NUMBER.findall(found[2])]
    if found[1] == "rotate" and not values[0]:
        return ""
    return f"{found[1]}({' '.join(short(value) for value in values)})"


def rounded(text: str) -> str:
    """Numbers parted by spaces, each to a tenth."""
    return " ".join(short(float(value)) for value in text.split())


# --- what stands where ---------------------------------------------------------------


def _room(element: Element, path: Path) -> Box:
    """The box around a mark, rather too large than too small."""
    if path:
        half = float(element.get("stroke-width", "1")) / 2
        left, top, right, bottom = box_of(path)
        return left - half, top - half, right + half, bottom + half
    if element.tag != "text" or "x" not in element.attrib:
        return -1e9, -1e9, 1e9, 1e9
    size = float(element.get("font-size", "16"))
    wide = 0.8 * size * len(element.text or "")
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    if "transform" in element.attrib:
        return x - wide, y - wide, x + wide, y + wide
    back = {"middle": wide / 2, "end": wide}.get(element.get("text-anchor", ""), 0.0)
    return x - back, y - 1.2 * size, x - back + wide, y + 0.4 * size


def unclip(mark: Mark, kept: dict[str, Element]) -> None:
    """Do not cut what lies inside anyway."""
    cut = URL.match(mark.element.get("clip-path", ""))
    if cut is None or not mark.path:
        return
    edge = kept[cut[1]][0]
    if name_of(edge) != "rect":
        return
    x, y, wide, high = (float(edge.get(k, "0")) for k in ("x", "y", "width", "height"))
    left, top, right, bottom = box_of(mark.path)
    if (
        left >= x - _SLACK
        and top >= y - _SLACK
        and right <= x + wide + _SLACK
        and bottom <= y + high + _SLACK
    ):
        del mark.element.attrib["clip-path"]


def beside_alike(marks: Iterable[Mark]) -> list[Mark]:
    """Bring marks of one look together where nothing between them is in the way.

    Lines and grounds of one look become one path.
    """
    out: list[Mark] = []
    for mark in marks:
        place = _place_back(out, mark)
        if place is None:
            out.append(mark)
        elif _can_join(out[place], mark):
            out[place] = Mark(out[place].element, (*out[place].path, *mark.path))
        else:
            out.insert(place + 1, mark)
    return out


def _place_back(before: list[Mark], mark: Mark) -> int | None:
    """Where the nearest mark of that look is, unless another lies over the way."""
    for place in range(len(before) - 1, max(len(before) - FAR_BACK, 0) - 1, -1):
        other = before[place]
        if other.look == mark.look:
            return place
        words = other.element.tag == mark.element.tag == "text"
        if words or _meet(other.box, mark.box):
            return None
    return None


def _meet(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _can_join(one: Mark, other: Mark) -> bool:
    """Whether two of one look are the same as one path: no overlap, or no matter."""
    if not one.path or not other.path or circle_of(other.path) or circle_of(one.path):
        return False
    lines = one.element.get("fill") == "none" and "opacity" not in one.element.attrib
    return lines or not _meet(one.box, other.box)
