"""How does a drawn picture become light enough to travel inside a page?

What the drawing library writes says everything many times over. Here it is written
again: flat, looks as attributes and once for all that share them, no style attribute or
element (a strict page would not allow either), text still text, numbers to a tenth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from xml.etree import ElementTree

from workshop.views.figures_paths import read_path, short, written
from workshop.views.svg_marks import (
    SHARED,
    URL,
    beside_alike,
    look_of,
    marks_in,
    name_of,
    rounded,
    said,
    unclip,
)

Element = ElementTree.Element

FONT = "DejaVu Sans,Segoe UI,Helvetica,Arial,sans-serif"
LONGEST = 40
"""Marks that may share one group."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def slim(svg: str) -> str:
    """Return the same picture, in a fraction of its bytes.

    The same text comes back for the same picture. Ids are made of what the picture
    shows, so that two pictures on one page do not share any.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When ``svg`` is not well-formed.
    """
    root = _read(svg)
    kept = dict(_definitions(root))
    marks = [mark for child in root for mark in marks_in(child, {}, kept)]
    for mark in marks:
        unclip(mark, kept)
    marks = beside_alike(marks)
    out = ElementTree.Element("svg", viewBox=rounded(root.get("viewBox", "")))
    out.set("font-family", FONT)
    out.set("stroke-linejoin", "round")
    used = {name for mark in marks for name in _ids(mark.element)}
    defs = [kept[name] for name in kept if name in used]
    if defs:
        ElementTree.SubElement(out, "defs").extend(map(_definition, defs))
    out.extend(_grouped([mark.written() for mark in marks]))
    return _text(_renamed(out))


def grouped(svg: str) -> str:
    """Return a picture written by hand, with looks said once for neighbours.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When ``svg`` is not well-formed.
    """
    root = _read(svg)
    children = list(root)
    for child in children:
        root.remove(child)
    root.extend(_grouped(children))
    return _text(root)


def _read(svg: str) -> Element:
    return ElementTree.fromstring(_ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", svg))


# --- looks once for all that share them ----------------------------------------------


def _grouped(elements: list[Element]) -> list[Element]:
    """Neighbours in groups that say once what they share, in as few bytes as can be.

    ``best[i]`` is the cost of the first ``i`` elements, ``back[i]`` where the last
    group of them starts.
    """
    best, back = [0] * (len(elements) + 1), [0] * (len(elements) + 1)
    for end in range(1, len(elements) + 1):
        best[end], back[end] = best[end - 1], end - 1
        shared = _shareable(elements[end - 1])
        for start in range(end - 2, max(end - LONGEST, 0) - 1, -1):
            shared &= _shareable(elements[start])
            if not shared:
                break
            saved = _cost(shared) * (end - start - 1) - len("<g></g>")
            if best[start] - saved < best[end]:
                best[end], back[end] = best[start] - saved, start
    out: list[Element] = []
    end = len(elements)
    while end:
        out.append(_group(elements[back[end] : end]))
        end = back[end]
    return out[::-1]


def _shareable(element: Element) -> set[tuple[str, str]]:
    return {(k, v) for k, v in element.attrib.items() if k in SHARED}


def _cost(look: Iterable[tuple[str, str]]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in look)


def _group(elements: list[Element]) -> Element:
    if len(elements) == 1:
        return elements[0]
    shared = set.intersection(*map(_shareable, elements))
    group = ElementTree.Element("g", dict(sorted(shared)))
    for element in elements:
        for name, _ in shared:
            del element.attrib[name]
    group.extend(elements)
    return group


# --- writing -------------------------------------------------------------------------


def _definitions(root: Element) -> Iterator[tuple[str, Element]]:
    """What is drawn elsewhere by its id, or cuts, or fills."""
    for element in root.iter():
        if name_of(element) == "defs":
            for child in element:
                yield child.get("id", ""), child


def _definition(element: Element) -> Element:
    """What cuts or fills, in plain names and short numbers."""
    name = name_of(element)
    given = {k: v for k, v in element.attrib.items() if k != "style" and k != "d"}
    for key in ("x", "y", "width", "height"):
        if key in given:
            given[key] = short(float(given[key]))
    plain = ElementTree.Element(name, given | said(look_of(element)))
    if name == "path":
        plain.set("d", written(read_path(element.get("d", "")), thin=False))
    plain.extend(_definition(child) for child in element)
    return plain


def _ids(element: Element) -> Iterator[str]:
    for value in element.attrib.values():
        yield from URL.findall(value)


def _renamed(root: Element) -> Element:
    """Ids that no other picture has: made of all that this one shows."""
    names = {
        e.attrib["id"]: f"i{n}" for n, e in enumerate(root.iter("*")) if e.get("id")
    }
    _rename(root, names)
    if names:
        digest = sha256(_text(root).encode("utf-8")).hexdigest()[:7]
        _rename(root, {name: f"f{digest}{name}" for name in names.values()})
    return root


def _rename(root: Element, names: dict[str, str]) -> None:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, names[value])
            elif "url(#" in value:
                element.set(key, URL.sub(lambda m: f"url(#{names[m[1]]})", value))


def _text(root: Element) -> str:
    # ">" is escaped in texts and values: this one ends an empty element.
    return ElementTree.tostring(root, "unicode").replace(" />", "/>")
