"""The report as a file that somebody opens from a mail, with no network at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def report(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the shipped example's report by the command that a reader would use."""
    out = tmp_path_factory.mktemp("report")
    main = "from workshop.cli import main; main()"
    command = [sys.executable, "-c", main, "report", "privacy-assistant"]
    done = subprocess.run(
        [*command, "--output", str(out)],
        cwd=out,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return next(out.rglob("report.html"))


@pytest.fixture
def opened(browser: Any, report: Path) -> Iterator[tuple[Any, list[str], list[str]]]:
    """Open it at a phone's width, and note all that it asks for and complains of."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []

    def only_files(route: Any) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    context.route("**/*", only_files)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda told: complaints.append(told.text) if told.type == "error" else None,
    )
    page.goto(report.as_uri(), wait_until="networkidle")
    yield page, asked, complaints
    context.close()


def test_it_asks_for_nothing_but_itself(opened, report):
    _, asked, _ = opened
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]


def test_the_console_has_nothing_to_complain_of(opened):
    _, _, complaints = opened
    assert complaints == []


def test_a_phone_shows_it_without_sideways_scrolling(opened):
    page, _, _ = opened
    assert page.get_by_role("heading", level=1).inner_text()
    assert page.evaluate(TOO_WIDE) <= 0


def test_it_stays_within_a_phone_with_every_drawer_open(opened):
    page, _, _ = opened
    page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = 1)")
    assert page.evaluate(TOO_WIDE) <= 0
