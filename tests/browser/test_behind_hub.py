"""A pair behind a hub, in two browsers: they log in, seal, and open their bets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_app import Screen
from tests.deploy.hub import ROOM, Hub, needs_hub, running_hub
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.views.wording import phrase, say

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_hub]

BETS = {
    "product": {"tolerable_error": "17.4321", "expected": "12 20 30", "ratio": "7"},
    "engineering": {"tolerable_error": "41.5", "expected": "30 45 60", "ratio": "3"},
}
USERS = {"product": "dana", "engineering": "ilir"}


@pytest.fixture(scope="module")
def hub(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


@pytest.fixture(scope="module")
def pair(browser: Any, hub: Hub) -> Iterator[dict[str, Screen]]:
    """Both halves on the first step's page."""
    screens = {role: enter(browser, hub, user) for role, user in USERS.items()}
    yield screens
    for screen in screens.values():
        screen.context.close()


def enter(browser: Any, hub: Hub, user: str, width: int = 1280) -> Screen:
    """Log in by the hub's form and go to the first step."""
    screen = Screen(browser, width)
    page = screen.page
    page.goto(f"{hub.served.address}/")
    page.locator("#username_input").fill(user)
    page.locator("#password_input").fill(hub.codes[user])
    page.locator("#login_submit").click()
    page.wait_for_url(f"**{ROOM}/seat")
    page.goto(f"{hub.served.address}/step/00")
    screen.ready()
    return screen


def record(hub: Hub) -> Record:
    return RecordFile(hub.folder / "room" / "pair-01" / "record.yaml").read()


def seal(screen: Screen, role: str) -> None:
    page = screen.page
    for key, text in BETS[role].items():
        page.get_by_label(phrase(f"field.bet.{key}"), exact=True).fill(text)
    page.get_by_label(phrase("ui.fallback.not_sure")).check()
    page.get_by_label(phrase(f"ui.owner.{role}")).check()
    form = page.locator(f".cg-form-bet-{role}").get_by_role("button")
    form.get_by_text(phrase("panel.bet.save")).click()
    page.get_by_text(phrase("seat.bet_sealed")).wait_for()


def test_a_pair_logs_in_seals_and_opens(hub, pair):
    dana, ilir = pair["product"], pair["engineering"]
    seal(dana, "product")
    said = say("seat.other_sealed", name="dana").text
    ilir.page.get_by_text(said, exact=True).first.wait_for()
    for secret in ("17.4321", "0.174321"):
        assert secret not in ilir.page.content()
    seal(ilir, "engineering")
    for screen in pair.values():
        screen.page.goto(f"{hub.served.address}/step/01")
        screen.press(phrase("panel.opening.ready"))
    for _ in range(300):
        if opened := record(hub).bets.opened:
            break
        dana.page.wait_for_timeout(100)
    assert {seat: bet.ratio for seat, bet in opened.items()} == {
        "product": 7,
        "engineering": 3,
    }


def test_nothing_is_asked_for_elsewhere_and_nothing_complains(hub, pair):
    outer = f"http://127.0.0.1:{hub.port}"
    known = (f"{outer}/hub/", f"{outer}{ROOM}/", f"ws://127.0.0.1:{hub.port}{ROOM}/")
    for screen in pair.values():
        strangers = [
            address
            for address in screen.asked
            if not address.startswith((*known, "data:", "blob:"))
        ]
        assert strangers == []
        assert screen.errors == []


def test_nobody_who_is_at_the_hub_finds_a_server_of_their_own(hub, pair):
    page = pair["product"].context.new_page()
    answer = page.goto(f"http://127.0.0.1:{hub.port}/hub/spawn")
    assert answer.status in (403, 404)
    page.close()
