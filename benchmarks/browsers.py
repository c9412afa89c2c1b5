"""A Chromium for those programs that measure in one, and a hand to and fro in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.browser.conftest import ARGUMENTS

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str:
    """Return the browser of this machine, or say that there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        sys.exit("no Chromium on this machine: nothing was measured")
    return found


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser."""
    from playwright.sync_api import sync_playwright

    place = find_chromium()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=place, args=[*ARGUMENTS])
        yield browser
        browser.close()


def to_and_fro(start: float, ends: tuple[float, float], step: float) -> Iterator[float]:
    """Yield places between two ends, a step apart, turning at either end."""
    place, size = start, step
    while True:
        yield place
        if place + step > ends[1]:
            step = -size
        elif place + step < ends[0]:
            step = size
        place += step
