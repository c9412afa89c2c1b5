"""People join, the wall and the desk follow, and nothing of a bet comes too early.

A real room is served on loopback; people sit in browsers of their own. axe says whether
everybody can use the pages (WCAG 2.2, level AA).
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import SHIPPED
from workshop.views.wording import phrase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STARTS_WITHIN = 60
SECONDS = 1000
NAMES = ("Dana", "Ilir", "Noor", "Mateo")


@dataclass
class Served:
    """A room, and what was printed when it started."""

    address: str
    printed: str

    @property
    def codes(self) -> list[str]:
        return re.findall(r"  Pair +\d+ +\w+ +([0-9A-Z-]{14})", self.printed)

    @property
    def links(self) -> list[str]:
        """The desk's and the spectators'."""
        return re.findall(r"http\S+#\S+", self.printed)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("room")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "printed.txt"
    command = "from workshop.cli import main; main()"
    asked = ["room", "--pairs", "2", "--scenario", SHIPPED, "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", command, *asked, "--dir", str(folder / "room")],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Served(f"http://127.0.0.1:{port}", _printed(log, server))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _printed(log: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(10 * STARTS_WITHIN):
        text = log.read_text("utf-8")
        if "Ctrl-C" in text:
            return text
        assert server.poll() is None, text
        time.sleep(0.1)
    raise AssertionError(f"the room did not start: {log.read_text('utf-8')}")


class Somebody:
    """One person in a browser of their own; notes what the page complains about."""

    def __init__(self, browser: Any, wide: int = 1280, scheme: str = "light"):
        view = {"width": wide, "height": 844}
        self.context = browser.new_context(viewport=view, color_scheme=scheme)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def goes(self, address: str) -> Any:
        self.page.goto(address)
        return self.page

    def reads(self, words: str, seconds: int = 15) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=seconds * SECONDS)

    def faults(self) -> list[str]:
        """Return what axe finds; the page's own policy refuses its script as a tag."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "tags => axe.run({runOnly: {type: 'tag', values: tags}})", LEVELS
        )
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:120]}"
            for one in found["violations"]
        ]

    def overflow(self) -> int:
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")


def join(browser: Any, served: Served, place: int) -> Somebody:
    """Let somebody sit down, wherever the room sends them then."""
    one = Somebody(browser)
    page = one.goes(f"{served.address}/join")
    page.locator("#code").fill(served.codes[place].lower().replace("-", " "))
    page.locator("#name").fill(NAMES[place])
    page.locator("#go").click()
    page.wait_for_url(re.compile("/(seat|step/00)$"), wait_until="commit")
    return one


def test_a_whole_room_from_the_first_code_to_the_start(browser, served):
    assert len(served.codes) == 4
    desk = Somebody(browser)
    page = desk.goes(served.links[0])
    assert page.evaluate("location.hash") == ""
    page.get_by_role("button", name=phrase("room.join.come_in")).click()
    page.wait_for_url("**/desk")
    page.get_by_role("row", name="Pair 2").wait_for()
    people = [join(browser, served, place) for place in range(3)]
    people[0].reads("Ilir")
    people[0].reads(phrase("room.wait.before"))
    page.get_by_text("Product: Dana, here").wait_for()

    wall = desk.context.new_page()
    wall.goto(f"{served.address}/stage")
    wall.get_by_text("3 of 4 are here").wait_for()
    for name in NAMES:
        assert name not in wall.content()

    page.get_by_role("button", name=phrase("room.desk.start")).click()
    people[0].page.wait_for_url("**/step/00", wait_until="commit")
    wall.get_by_text("Step 00").wait_for()
    page.get_by_role("button", name="Go here: step 01").click()
    wall.get_by_text("Step 01").wait_for()
    page.get_by_label(phrase("room.desk.nudge_own")).fill("look <b>up</b>")
    page.get_by_role("button", name=phrase("room.desk.send")).click()
    wall.get_by_text("look <b>up</b>").wait_for()
    assert [one.errors for one in (desk, *people)] == [[]] * 4


def test_a_spent_code_lets_nobody_in_and_the_desk_gives_a_new_one(browser, served):
    join(browser, served, 3)
    eve = Somebody(browser)
    page = eve.goes(f"{served.address}/join#{served.codes[3]}")
    assert page.evaluate("location.hash") == ""
    page.locator("#name").fill("Eve")
    page.locator("#go").click()
    eve.reads("used already")

    desk = Somebody(browser)
    page = desk.goes(served.links[0])
    page.locator("#go").click()
    page.wait_for_url("**/desk")
    page.get_by_text("Change seats of pair 2").click()
    page.get_by_role("button", name="Release, new code: Mateo").click()
    page.get_by_role("button", name=phrase("room.desk.yes"), exact=True).click()
    written = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}")
    told = page.locator("#told", has_text=written)
    told.wait_for()
    code = written.search(told.inner_text())[0]
    eve.page.locator("#code").fill(code)
    eve.page.locator("#go").click()
    eve.page.wait_for_url(re.compile("/(seat|step/00)$"), wait_until="commit")
    page.get_by_text("Engineering: Eve").wait_for()


def test_a_menu_stays_open_and_keeps_the_focus_while_the_desk_follows(browser, served):
    desk = Somebody(browser)
    page = desk.goes(served.links[0])
    page.locator("#go").click()
    page.get_by_text("Change seats of pair 2").click()
    field = page.get_by_label(phrase("room.desk.nudge_own"))
    field.fill("half a sent")
    field.focus()
    page.wait_for_timeout(2500)
    page.keyboard.type("ence")
    assert field.input_value() == "half a sentence"
    assert page.locator("details[open]").count() == 1


def test_the_desk_warns_when_it_is_shown_full_screen(browser, served):
    desk = Somebody(browser)
    page = desk.goes(served.links[0])
    page.locator("#go").click()
    page.wait_for_url("**/desk")
    page.evaluate("document.documentElement.requestFullscreen()")
    warning = page.get_by_role("alertdialog")
    warning.wait_for()
    assert page.evaluate("document.querySelector('main').inert")
    page.keyboard.press("Enter")
    warning.wait_for(state="hidden")


def test_a_spectator_sees_the_wall_and_cannot_go_further(browser, served):
    guest = Somebody(browser)
    page = guest.goes(served.links[1])
    page.locator("#go").click()
    page.wait_for_url("**/stage")
    guest.reads(phrase("room.stage.watching"))
    for place in ("desk", "desk/now", "seat", "step/00"):
        assert guest.context.request.get(f"{served.address}/{place}").status >= 400


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [1280, 390])
def test_everybody_can_use_every_page(browser, served, wide, scheme):
    if not AXE.is_file():
        pytest.skip("axe is not installed")
    found = {}
    one = Somebody(browser, wide, scheme)
    for place in ("join", "desk", "stage"):
        if place == "desk":
            one.goes(served.links[0]).locator("#go").click()
            one.page.get_by_text("Change seats of pair 2").wait_for()
            one.page.get_by_text("Change seats of pair 1").click()
        else:
            one.goes(f"{served.address}/{place}")
            one.page.wait_for_timeout(1200)
        found[place] = (one.faults(), max(0, one.overflow()))
    assert found == dict.fromkeys(found, ([], 0))
