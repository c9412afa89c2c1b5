"""The pages that people read, their headings and links, taken from the Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SOURCES = ("*.md", "docs/**/*.md", "benchmarks/*.md", "deploy/**/*.md")
_FENCE = re.compile(r"(?ms)^( *)(```+|~~~+).*?^\1\2[ \t]*$\n?")
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_HTML = re.compile(r"<(?:a|img|source)\b[^>]*?\b(?:href|src)=\"([^\"]+)\"")


@cache
def pages() -> tuple[Path, ...]:
    """Return every Markdown page of the repository, built ones aside."""
    found = {path for pattern in _SOURCES for path in ROOT.glob(pattern)}
    hidden = {"_build", "node_modules"}
    return tuple(sorted(p for p in found if not hidden & set(p.parts)))


def name(page: Path) -> str:
    """Return a page's path below the repository."""
    return page.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    """Return Markdown without its fenced blocks and its code in lines."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))


def links(text: str) -> Iterator[str]:
    """Yield where each link and picture of some Markdown leads."""
    plain = without_code(text)
    yield from _LINK.findall(plain)
    yield from _HTML.findall(plain)


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub and MyST give the headings of a page."""
    found: dict[str, int] = {}
    made = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    for heading in re.findall(r"(?m)^#{1,6} +(.+?) *#*$", _FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        times = found[slug] = found.get(slug, 0) + 1
        made.add(slug if times == 1 else f"{slug}-{times - 1}")
    return made


def leads_nowhere(page: Path, link: str) -> bool:
    """Say whether a link inside the repository names no file, or no heading of it."""
    target, _, anchor = link.partition("#")
    to = (page.parent / target).resolve() if target else page
    if not to.exists() or not to.is_relative_to(ROOT):
        return True
    return bool(
        anchor and to.suffix == ".md" and anchor not in anchors(to.read_text("utf-8"))
    )


def paragraphs(text: str) -> Iterator[str]:
    """Yield the prose of a page, and its list items, in plain words."""
    plain = re.sub(r"(?m)^\|.*$", "", _FENCE.sub("\n\n", text))
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )", plain):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", block)
        yield re.sub(r"[^\w\s]", " ", words)
