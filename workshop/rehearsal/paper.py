"""Is there a browser here, and does a page become paper?"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from workshop.errors import InputError, RunError
from workshop.kit import write_kit
from workshop.rehearsal.tried import Tried, number, tried
from workshop.report.pdf import find_chromium, print_page
from workshop.views.wording import say

OTHERS = {
    "linux": ("firefox", "firefox-esr", "epiphany"),
    "darwin": (
        "/Applications/Safari.app/Contents/MacOS/Safari",
        "/Applications/Firefox.app/Contents/MacOS/firefox",
    ),
    "win32": (r"C:\Program Files\Mozilla Firefox\firefox.exe", "firefox"),
}
"""Browsers that show the pages, and are not asked to print; those that do are found by
`workshop.report.pdf`."""


def browser() -> Tried:
    """Say which browsers this computer has."""
    names = [Path(one).stem for one in (_chromium(), *_others()) if one]
    if not names:
        return tried("browser", "look", say("rehearsal.browser.none"))
    said = say("rehearsal.browser.found", names=", ".join(names))
    return tried("browser", "ok", said)


def printing(minutes: int = 120) -> Tried:
    """Print the cards into a PDF, where there is a browser that does."""
    chromium = _chromium()
    if not chromium:
        return tried("printing", "look", say("rehearsal.printing.none"))
    with TemporaryDirectory(prefix="common-ground-") as folder:
        began = time.monotonic()
        try:
            write_kit(Path(folder), minutes=minutes)
            printed = print_page(Path(folder) / "cards.html", chromium)
            if not printed.read_bytes().startswith(b"%PDF-"):
                raise RunError(f"{chromium}: what it printed is no PDF")
        except (InputError, RunError, OSError) as error:
            said = say("rehearsal.printing.failed", why=str(error))
            return tried("printing", "look", said)
        seconds = number("seconds", round(time.monotonic() - began, 1), "s")
    said = say("rehearsal.printing.ok", program=Path(chromium).stem, seconds=seconds)
    return tried("printing", "ok", said)


def _chromium() -> str:
    try:
        return find_chromium()
    except InputError:
        return ""


def _others() -> list[str]:
    named = OTHERS.get(sys.platform, OTHERS["linux"])
    return [found for one in named if (found := shutil.which(one))]
