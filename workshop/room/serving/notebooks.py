"""How does a notebook become a page for people who see no code?

The notebooks are the shipped ones, read where they lie; what only makes sense beside
code is left out, and links to notebooks become links to pages.
"""

from __future__ import annotations

import re
from typing import Any

from workshop.data.catalog import shipped
from workshop.views.room.bar import NAMES, ways_html
from workshop.views.room.relay import relay_html
from workshop.views.wording import language, phrase, say
from workshop.views.wording.english import ENGLISH
from workshop.views.wording.translations import is_english

NOTEBOOKS = {
    file.stem[:2]: file.name
    for file in sorted(shipped("notebooks").glob("0[0-6]_*.ipynb"))
}
"""The steps that have a page, and the file that each is made of."""

_LINK = re.compile(r"\[([^\]]*)\]\((\d\d)_\w+\.ipynb\)")
_OTHER_LINK = re.compile(r"\[([^\]]*)\]\(\w+\.ipynb\)")
_ABOUT_RUNNING = re.compile(
    r"[^.\n]*\*\*(?:Run ▸ Run All Cells|View ▸ Show All Code)\*\*[^.\n]*\.[ ]?"
)
_NEXT = re.compile(r"\A(?:Next|The next agreement starts from here): ")


def as_page(handler: Any, notebook: Any, cwd: str) -> Any:
    """Make a page of a notebook, for the request that asks for it.

    Called by Voilà before a kernel is started.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = for_a_page(cell.source)
    notebook.cells = [c for c in notebook.cells if c.source.strip()]
    name = phrase(NAMES[handler.number])
    notebook.metadata["title"] = say(
        "app.step_title", number=handler.number, name=name
    ).text
    now = language()
    notebook.metadata["room"] = {
        "lang": now.tag,
        # the notebooks' own text is in English, whatever the panels speak
        "prose": "" if is_english(now.tag) else ENGLISH,
        "nonce": handler.nonce,
        "step": handler.number,
        "seat": handler.who.id,
        "bar": handler.bar(),
        "ways": ways_html(handler.number),
        "relay": relay_html() if handler.who.role else "",
        "says": {key: phrase(f"app.{key}") for key in _SAID},
        "drafts": {key: phrase(f"drafts.{key}") for key in ("here", "other", "throw")},
    }
    return notebook


_SAID = (
    "moment", "gone", "too_many", "again", "ended", "stumbled", "cell", "dismiss",
    "skip", "no_script",
)  # fmt: skip


def for_a_page(markdown: str) -> str:
    """Return a cell's text without what is about notebooks and running them.

    >>> for_a_page("Choose **Run ▸ Run All Cells** once, then read. It is kept.")
    'It is kept.'
    >>> for_a_page("as of [02_data_readiness](02_data_readiness.ipynb)")
    'as of [02_data_readiness](02)'
    """
    if _NEXT.match(markdown):
        return ""  # the page has its own ways on
    text = _ABOUT_RUNNING.sub("", markdown)
    return _OTHER_LINK.sub(r"\1", _LINK.sub(r"[\1](\2)", text))
