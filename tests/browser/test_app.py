"""Pages without code in a real browser: what is saved stays, and they come back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.room.client import APP, ROOM, Served, serving, start, stop
from workshop.kernels import CAN_FORK
from workshop.record.file import RecordFile
from workshop.views.wording import phrase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000
READY = ".cgp-panel"
GONE = "#room-gone:not([hidden])"
CODE = ".jp-InputArea-editor, .jp-CodeMirrorEditor, .cm-content"


class Screen:
    """A browser's window, what it asked for and what it complained of."""

    def __init__(self, browser: Any, width: int = 1280) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, told: Any) -> None:
        if told.type == "error" and "Failed to load resource" not in told.text:
            self.errors.append(told.text)

    def ready(self) -> None:
        self.page.locator(READY).first.wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "kept").mkdir()
    script = APP.replace("sys.argv[1]", 'sys.argv[1] + "/record.yaml"')
    with serving(script, folder, root) as served:
        yield served


@pytest.fixture
def screen(browser: Any, app: Served) -> Iterator[Screen]:
    """The app, opened by its link."""
    opened = Screen(browser)
    opened.page.goto(f"{app.address}/join#{app.codes['app']}")
    opened.ready()
    yield opened
    opened.context.close()


def record(served: Served) -> Any:
    return RecordFile(served.folder / "kept" / "record.yaml").read()


def test_the_link_opens_the_first_page_and_its_code_is_gone_from_the_address(
    app, screen
):
    assert screen.page.url == f"{app.address}/step/00"
    assert screen.page.locator(CODE).count() == 0
    assert screen.page.get_by_text("Run All").count() == 0
    strangers = [
        address
        for address in screen.asked
        if not address.startswith((app.address, "data:", "blob:"))
    ]
    assert strangers == []
    assert screen.errors == []


def test_what_is_saved_is_there_after_a_reload_and_in_the_bar(app, screen):
    page = screen.page
    page.get_by_label(phrase("panel.seats.mode.two")).check()
    page.get_by_role("button", name=phrase("panel.seats.more")).click()
    for role, name in (("product", "Dana"), ("engineering", "Ilir")):
        label = phrase(f"field.seats.{role}_name")
        page.get_by_label(label, exact=True).fill(name)
    screen.press(phrase("ui.save"))
    page.locator("#room-bar .room-begun").first.wait_for()
    assert record(app).participants.product[0].name == "Dana"
    page.reload()
    screen.ready()
    assert page.locator("#room-bar .room-begun").count() == 1
    page.get_by_role("link", name="Next: 01").click()
    page.wait_for_url("**/step/01")
    screen.ready()
    assert screen.errors == []


def test_whoever_goes_on_is_not_called_back_while_the_next_page_is_long_in_coming(
    app, screen
):
    page = screen.page

    def much_later(route: Any) -> None:
        time.sleep(6)  # the page that is left asks for its kernel three times
        route.continue_()

    page.route("**/step/01", much_later)
    page.get_by_role("link", name="Next: 01").click()
    page.wait_for_url("**/step/01")
    screen.ready()
    page.wait_for_timeout(2500)
    assert page.url == f"{app.address}/step/01"


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(browser, app, width):
    screen = Screen(browser, width)
    screen.page.goto(f"{app.address}/join#{app.codes['app']}")
    screen.ready()
    wide = "() => document.documentElement.scrollWidth - innerWidth"
    assert screen.page.evaluate(wide) <= 0
    screen.context.close()


@pytest.mark.skipif(not CAN_FORK, reason="kernels are told by their parent on Linux")
def test_a_page_whose_kernel_was_killed_comes_back_by_itself(app, screen):
    first = screen.page.evaluate("() => performance.timeOrigin")
    for kernel in app.kernels():
        os.kill(kernel, signal.SIGKILL)
    screen.page.wait_for_function(f"() => performance.timeOrigin > {first}")
    screen.ready()
    screen.press(phrase("ui.save"))
    assert screen.page.locator(READY).first.is_visible()


def test_a_page_waits_for_a_server_that_starts_again_and_keeps_its_seat(
    browser, root, tmp_path
):
    room = start(ROOM, tmp_path, root)
    screen = Screen(browser)
    page = screen.page
    try:
        page.goto(f"{room.address}/join#{room.codes['product 1']}")
        page.locator("#name").fill("Dana")
        page.locator("#go").click()
        page.wait_for_url("**/seat")
        page.goto(f"{room.address}/step/01")
        screen.ready()
        stop(room)
        page.locator(GONE).wait_for()
        assert page.locator(GONE).inner_text() == phrase("app.gone")
        room = start(ROOM, tmp_path, root, port=room.port)
        page.locator(GONE).wait_for(state="hidden")
        screen.ready()
        assert page.url.endswith("/step/01")
    finally:
        screen.context.close()
        stop(room)


def test_a_cell_that_fails_is_a_sentence_and_the_rest_of_the_page_stands(
    browser, root, tmp_path
):
    kept = tmp_path / "kept"
    kept.mkdir()
    file = kept / "record.yaml"
    script = APP.replace("sys.argv[1]", 'sys.argv[1] + "/record.yaml"')
    with serving(script, tmp_path, root) as served:
        file.write_text("format: 1\nscenario: privacy-assistant\nrevision: no\n")
        screen = Screen(browser)
        screen.page.goto(f"{served.address}/join#{served.codes['app']}")
        screen.page.get_by_text(phrase("app.cell")).wait_for()
        text = screen.page.content()
        screen.context.close()
    for word in ("Traceback", "show_tracebacks", "site-packages", "InputError"):
        assert word not in text
