"""Which id does each part of a section carry, so that a link can lead to it?

An id is the section's own and words of the part: it stays as long as those words do,
whatever the numbers among them, and is unique on a page whose sections differ.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape

MOST_WORDS = 6
_WORDS = re.compile(r"[a-z]+[0-9]*|[0-9]+[a-z]+")
OUTSIDE_A_SECTION = ""


def slug(text: str) -> str:
    """Make a name of words: small letters and hyphens, without the numbers.

    >>> slug("On the 152 rows kept aside: DR004?")
    'on-the-rows-kept-aside-dr004'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(_WORDS.findall(plain.lower())[:MOST_WORDS])[:60] or "part"


@dataclass
class Anchors:
    """The ids handed out in one section so far, and how deep its headings stand.

    Outside a section, as in a notebook's cell, nothing gets an id: the same part may
    stand in two cells. ``under`` says whether a heading stands above by now, so that
    the next one below it is one level deeper and none is left out.
    """

    section: str = OUTSIDE_A_SECTION
    under: bool = True
    _taken: dict[str, int] = field(default_factory=dict)

    def id(self, words: str) -> str:
        """Return an id as an attribute, with the blank before it; empty outside."""
        if not self.section:
            return ""
        name = f"{self.section}-{slug(words)}"
        count = self._taken[name] = self._taken.get(name, 0) + 1
        return f' id="{escape(name if count == 1 else f"{name}-{count}")}"'

    @property
    def level(self) -> str:
        """The element for the heading of a card: below the last one, and no deeper."""
        return "h4" if self.under else "h3"


class Rendered:
    """A block of a page: HTML with ids inside a section, and without them elsewhere."""

    def render(self, at: Anchors) -> str:
        """Return the block as HTML, with its ids taken from ``at``."""
        raise NotImplementedError

    @property
    def html(self) -> str:
        """The block as HTML by itself."""
        return self.render(Anchors())
