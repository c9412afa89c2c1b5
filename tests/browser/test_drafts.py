"""What was typed and not saved is there again, and only for whoever typed it.

Real Chromium, on `workshop app` and at a seat of a room: after a reload, with the
kernel killed, with the server down while somebody types.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_app import GONE, Screen, app, record
from tests.room.client import ROOM, Served, start, stop
from workshop.kernels import CAN_FORK
from workshop.views.wording import phrase, say

__all__ = ["app"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

HERE = phrase("drafts.here")
LINE = phrase("field.line.counts_as_wrong")
BET = {"tolerable_error": "17.4321", "expected": "11 22 33", "ratio": "4.5"}
KEPT = "() => JSON.stringify(Object.entries(sessionStorage))"
WITHIN = 5.0
"""Seconds within which a page is to be back, with what was typed."""


@pytest.fixture
def screen(browser: Any, app: Served) -> Iterator[Screen]:
    opened = Screen(browser)
    opened.page.goto(f"{app.address}/join#{app.codes['app']}")
    opened.ready()
    yield opened
    assert opened.errors == []
    opened.context.close()


@pytest.fixture
def room(root: Path, tmp_path: Path) -> Iterator[list[Served]]:
    """A room in a list, so that a test can start it anew."""
    served = [start(ROOM, tmp_path, root)]
    yield served
    stop(served[0])


def sit(browser: Any, served: Served, role: str, name: str, step: str) -> Screen:
    screen = Screen(browser)
    screen.page.goto(f"{served.address}/join#{served.codes[f'{role} 1']}")
    screen.page.locator("#name").fill(name)
    screen.page.locator("#go").click()
    screen.page.wait_for_url("**/seat")
    screen.page.goto(f"{served.address}/step/{step}")
    screen.ready()
    return screen


def field(page: Any, label: str) -> Any:
    return page.get_by_label(label, exact=True).first


def line(page: Any, told: str = HERE) -> Any:
    return page.locator(".room-draft").get_by_text(told)


def kept(page: Any) -> str:
    return page.evaluate(KEPT)


def is_kept(page: Any, text: str) -> None:
    page.wait_for_function(f"text => ({KEPT})().includes(text)", arg=text)


def is_not_kept(page: Any, text: str) -> None:
    page.wait_for_function(f"text => !({KEPT})().includes(text)", arg=text)


def until_it_says(page: Any, label: str, text: str) -> None:
    field(page, label).wait_for()
    page.wait_for_function(
        "([label, text]) => [...document.querySelectorAll('textarea, input')]"
        ".some(one => one.value === text)",
        arg=[label, text],
    )


def tell(measured: str) -> None:
    sys.stdout.write(f"\n{measured} (goal {WITHIN:g} s)\n")


def made_again(page: Any, since: float) -> None:
    page.wait_for_function(f"() => performance.timeOrigin > {since}")


def made_at(page: Any) -> float:
    return page.evaluate("() => performance.timeOrigin")


def test_what_was_typed_is_there_after_a_reload_and_gone_once_it_is_saved(app, screen):
    page = screen.page
    field(page, LINE).press_sequentially("An answer that nobody asked for")
    is_kept(page, "nobody asked for")
    page.reload()
    until_it_says(page, LINE, "An answer that nobody asked for")
    line(page).wait_for()
    panel = page.locator(".cg-form-line")
    panel.get_by_role("button", name=phrase("ui.save")).click()
    line(page).wait_for(state="detached")
    is_not_kept(page, "nobody asked for")
    wrong = record(app).framing.counts_as_wrong
    assert wrong == "An answer that nobody asked for"
    page.reload()
    until_it_says(page, LINE, "An answer that nobody asked for")
    assert line(page).count() == 0


def test_a_choice_and_a_tick_come_back_too_and_can_be_thrown_away(app, screen):
    page = screen.page
    page.goto(f"{app.address}/step/05")
    screen.ready()
    tick = page.get_by_label(phrase("panel.premortem.act")).first
    tick.check()
    is_kept(page, "premortem")
    page.reload()
    screen.ready()
    line(page).first.wait_for()
    assert page.get_by_label(phrase("panel.premortem.act")).first.is_checked()
    page.locator(".room-draft button").first.click()
    line(page).first.wait_for(state="detached")
    is_not_kept(page, "premortem")
    assert not page.get_by_label(phrase("panel.premortem.act")).first.is_checked()


def test_a_form_that_empties_itself_after_a_line_leaves_nothing(app, screen):
    page = screen.page
    parked = field(page, phrase("field.parking.text"))
    parked.fill("Ask legal about the wording")
    is_kept(page, "Ask legal")
    form = page.locator(".cg-form-parking")
    form.get_by_role("button", name=phrase("panel.parking.save")).click()
    is_not_kept(page, "Ask legal")
    page.reload()
    screen.ready()
    assert field(page, phrase("field.parking.text")).input_value() == ""
    assert line(page).count() == 0


@pytest.mark.skipif(not CAN_FORK, reason="kernels are told by their parent on Linux")
def test_a_killed_kernel_is_back_with_what_was_typed(app, screen):
    page = screen.page
    parked = phrase("field.parking.text")
    field(page, parked).press_sequentially("Before, ")
    since = made_at(page)
    for kernel in app.kernels():
        os.kill(kernel, signal.SIGKILL)
    began = time.monotonic()
    field(page, parked).press_sequentially("and with no kernel")
    made_again(page, since)
    until_it_says(page, parked, "Before, and with no kernel")
    line(page).wait_for()
    took = time.monotonic() - began
    tell(f"kernel killed: back with the draft after {took:.1f} s")


def test_a_restarted_server_is_back_in_the_same_seat_with_what_was_typed(
    browser, root, room
):
    screen = sit(browser, room[0], "product", "Dana", "01")
    page = screen.page
    measure = say("field.outcome.measure").text
    field(page, measure).press_sequentially("Wrong answers ")
    stop(room[0])
    page.locator(GONE).wait_for()
    field(page, measure).press_sequentially("typed while nobody listened")
    since = made_at(page)
    began = time.monotonic()
    room[0] = start(ROOM, room[0].folder, root, port=room[0].port)
    listens = time.monotonic()
    made_again(page, since)
    until_it_says(page, measure, "Wrong answers typed while nobody listened")
    line(page).wait_for()
    done = time.monotonic()
    tell(
        f"server restarted: back with the draft {done - listens:.1f} s after it "
        f"listened, {done - began:.1f} s after its start"
    )
    screen.context.close()


def test_what_was_typed_while_the_network_was_gone_stands_and_can_be_saved(app, screen):
    page = screen.page
    parked = phrase("field.parking.text")
    field(page, parked).press_sequentially("With a network, ")
    screen.context.set_offline(True)
    page.locator(GONE).wait_for()
    field(page, parked).press_sequentially("and without")
    is_kept(page, "and without")
    screen.context.set_offline(False)
    page.locator(GONE).wait_for(state="hidden")
    until_it_says(page, parked, "With a network, and without")
    form = page.locator(".cg-form-parking")
    form.get_by_role("button", name=phrase("panel.parking.save")).click()
    is_not_kept(page, "and without")
    assert record(app).parking[-1].text == "With a network, and without"
    screen.errors.clear()  # a browser complains of what it could not reach


def test_of_a_bet_nothing_is_kept_once_it_is_sealed_and_nobody_else_gets_it(
    browser, root, room
):
    screen = sit(browser, room[0], "product", "Dana", "00")
    page = screen.page
    for key, text in BET.items():
        field(page, phrase(f"field.bet.{key}")).press_sequentially(text)
    page.get_by_label(phrase("ui.fallback.not_sure")).check()
    page.get_by_label(phrase("ui.owner.product")).check()
    is_kept(page, "17.4321")
    page.reload()
    for key, text in BET.items():
        until_it_says(page, phrase(f"field.bet.{key}"), text)
    page.wait_for_function("() => document.querySelectorAll(':checked').length >= 2")
    other = sit(browser, room[0], "engineering", "Ilir", "00")
    assert "17.4321" not in kept(other.page) + other.page.content()
    save = page.locator(".cg-form-bet-product").get_by_role("button")
    save.get_by_text(phrase("panel.bet.save")).click()
    page.get_by_text(phrase("seat.bet_sealed")).wait_for()
    assert json.loads(kept(page)) == []
    page.reload()
    page.get_by_text(phrase("seat.bet_sealed")).wait_for()
    assert json.loads(kept(page)) == []
    for one in (screen, other):
        assert one.errors == []
        one.context.close()


def test_a_draft_is_a_change_of_ones_own_beside_what_the_partner_saved(
    browser, root, room
):
    dana = sit(browser, room[0], "product", "Dana", "00")
    ilir = sit(browser, room[0], "engineering", "Ilir", "00")
    field(dana.page, LINE).press_sequentially("Dana's line")
    is_kept(dana.page, "Dana's line")
    dana.page.goto(f"{room[0].address}/seat")
    field(ilir.page, LINE).fill("Ilir's line")
    form = ilir.page.locator(".cg-form-line")
    form.get_by_role("button", name=phrase("ui.save")).click()
    is_not_kept(ilir.page, "Ilir's line")
    dana.page.goto(f"{room[0].address}/step/00")
    until_it_says(dana.page, LINE, "Dana's line")
    line(dana.page, phrase("drafts.other")).wait_for()
    field(ilir.page, LINE).fill("Ilir's other line")
    form.get_by_role("button", name=phrase("ui.save")).click()
    taking = say("follow.take", label=LINE).text
    dana.page.get_by_role("button", name=taking).wait_for()
    assert field(dana.page, LINE).input_value() == "Dana's line"
    dana.page.locator(".room-draft button").click()
    line(dana.page, phrase("drafts.other")).wait_for(state="detached")
    for one in (dana, ilir):
        assert one.errors == []
        one.context.close()
