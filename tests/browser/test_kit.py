"""The kit in a browser: everybody can read it, keys turn slides, paper comes out right.

axe says whether the pages keep to WCAG 2.2, level AA.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import SHIPPED
from workshop.kit import sheet_said, write_kit
from workshop.views.kit.cards import role_cards, translator_cards
from workshop.views.kit.deck import slides

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NAMES = ("run-sheet.html", "cards.html", "slides.html")
HERE = """() => [...document.querySelectorAll('.kit-slide')].findIndex(
  (one) => one.getBoundingClientRect().bottom > innerHeight / 2)"""
CUT_OFF = """() => [
  ...document.querySelectorAll('.kit-card, .kit-slide, .kit-canvas li')]
  .filter((one) => one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.textContent.slice(0, 60))"""


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    write_kit(folder, starts="09:30", scenario=SHIPPED)
    return folder


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    opened = context.new_page()
    opened.faults = []
    opened.on("console", lambda told: opened.faults.append(told.text))
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("request", lambda asked: _is_here(opened, asked.url))
    yield opened
    context.close()


def _is_here(page: Any, url: str) -> None:
    if not url.startswith("file:"):
        page.faults.append(url)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_read_by_everybody_at_any_width(page, kit, name, width):
    if not AXE.is_file():
        pytest.skip("no axe; make checkers brings it")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((kit / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.faults == []
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "tags => axe.run({runOnly: {type: 'tag', values: tags}})", LEVELS
    )
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def test_keys_turn_the_slides(page, kit):
    page.goto((kit / "slides.html").as_uri())
    last = page.locator(".kit-slide").count() - 1
    at = [page.evaluate(HERE)]
    for key in ("ArrowRight", "Space", "PageDown", "ArrowLeft", "Shift+Space", "Home"):
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        at.append(page.evaluate(HERE))
    assert at == [0, 1, 2, 3, 2, 1, 0]
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(HERE) == 0
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(50)
    assert page.evaluate(HERE) == last


def test_a_slide_fits_the_screen_of_a_projector(page, kit):
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto((kit / "slides.html").as_uri())
    heights = page.evaluate(
        "() => [...document.querySelectorAll('.kit-slide')]"
        ".map((one) => one.offsetHeight)"
    )
    assert max(heights) <= 768


def sheets(printed: bytes) -> list[tuple[float, float]]:
    """Return the width and height of each sheet, as the PDF's own boxes have them."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return [(float(width), float(height)) for width, height in found]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_two_cards_are_on_a_sheet_and_the_canvas_is_on_one_of_its_own(page, kit, paper):
    page.goto((kit / "cards.html").as_uri())
    printed = sheets(page.pdf(format=paper))
    said = sheet_said(120)
    roles, translator = len(role_cards(said)), len(translator_cards())
    assert len(printed) == (roles + translator) // 2 + 1
    assert roles % 2 == translator % 2 == 0


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_slide_is_on_a_sheet_of_its_own(page, kit, paper):
    page.goto((kit / "slides.html").as_uri())
    made = len(slides(sheet_said(120)))
    assert len(sheets(page.pdf(format=paper, landscape=True))) == made


def test_nothing_is_cut_off_on_paper(page, kit):
    page.emulate_media(media="print")
    for name in ("cards.html", "slides.html"):
        page.set_viewport_size(
            {"width": 718, "height": 980}
        )  # Letter, less its margins
        page.goto((kit / name).as_uri())
        assert page.evaluate(CUT_OFF) == []
