"""At the end: the desk has the reports written, and everybody finds their own.

A real room is served on loopback with four pairs that have come to the end: one allows
its names, and three do not, the fewest that may be told without. axe says whether
everybody can use the pages (WCAG 2.2, level AA).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_room_desk import AXE, SECONDS, Somebody
from tests.room.client import Served, serving
from tests.room.test_serving_reports import ROOM, SEATS
from workshop.views.wording import phrase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOUR = ROOM.replace("pairs=2", "pairs=4")
WITHIN = 240 * SECONDS


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    with serving(FOUR, tmp_path_factory.mktemp("room"), root) as served:
        yield served


def come_in(browser: Any, room: Served, seat: str, wide: int = 1280) -> Somebody:
    one = Somebody(browser, wide)
    page = one.goes(f"{room.address}/join#{room.codes[seat]}")
    if seat in SEATS:
        page.locator("#name").fill(SEATS[seat])
    page.locator("#go").click()
    page.wait_for_url(re.compile("/(seat|desk|stage)$"), wait_until="commit")
    return one


@pytest.fixture(scope="module")
def people(browser: Any, room: Served) -> dict[str, Somebody]:
    found = {seat: come_in(browser, room, seat) for seat in ("desk", *SEATS)}
    found["product 3"] = Somebody(browser, 390)
    page = found["product 3"].goes(f"{room.address}/join#{room.codes['product 3']}")
    page.locator("#name").fill("Pelle")
    page.locator("#go").click()
    page.wait_for_url("**/seat", wait_until="commit")
    return found


def test_a_seat_that_waits_allows_names_and_is_told_what_that_needs(people):
    dunja, ivo = people["product 1"].page, people["engineering 1"].page
    tick = dunja.get_by_label(phrase("closing.seat.question"))
    dunja.get_by_text(phrase("closing.seat.no"), exact=True).wait_for()
    tick.check()
    dunja.get_by_text(phrase("closing.seat.yes_waiting")).wait_for()
    dunja.wait_for_timeout(1500)
    assert tick.is_checked(), "what the room says a second later must not undo it"
    ivo.get_by_label(phrase("closing.seat.question")).check()
    dunja.get_by_text(phrase("closing.seat.yes_both")).wait_for()


def test_the_desk_has_them_written_and_sees_how_far_they_are(people):
    page = people["desk"].page
    page.get_by_role("button", name=phrase("closing.desk.write")).click()
    write = page.locator("#write")
    page.locator("#report-lines").get_by_text(" of 4 written").wait_for(timeout=WITHIN)
    assert write.is_disabled()
    page.get_by_role("link", name=phrase("closing.desk.open_room")).wait_for(
        timeout=WITHIN
    )
    page.get_by_text("4 of 4 pairs").wait_for(timeout=WITHIN)
    page.get_by_role("button", name=phrase("closing.desk.again")).wait_for()
    assert page.get_by_text("report: ").count() == 4


def test_a_seat_finds_its_own_report_and_the_rooms(people):
    page = people["product 2"].page
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=phrase("closing.seat.own")).click()
    own = opened.value
    own.get_by_role("heading", level=1).wait_for()
    assert own.url.endswith("/report/own/")
    assert "Mara" in own.content()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("in it you are pair [ABCD]")).click()
    whole = opened.value
    whole.get_by_text("4 drew a line of their own").wait_for()
    text = whole.content()
    assert "Dunja" in text
    assert "Mara" not in text


def test_a_step_has_the_links_and_asks_on_the_first_page_only(people, room):
    page = people["product 2"].page
    page.goto(f"{room.address}/step/00")
    page.get_by_role("link", name=phrase("closing.seat.own")).wait_for(
        timeout=60 * SECONDS
    )
    tick = page.get_by_label(phrase("closing.seat.question"))
    tick.check()
    page.get_by_text(phrase("closing.seat.yes_waiting")).wait_for()
    page.goto(f"{room.address}/step/01")
    page.get_by_role("link", name=phrase("closing.seat.own")).wait_for(
        timeout=60 * SECONDS
    )
    assert page.get_by_label(phrase("closing.seat.question")).count() == 0
    with page.expect_download() as taken:
        page.get_by_role("link", name=phrase("app.meetings")).click()
    assert taken.value.suggested_filename == "meetings.ics"
    assert page.url.endswith("/step/01")


@pytest.mark.parametrize("wide", [1280, 390])
@pytest.mark.parametrize("place", ["desk", "report/room", "seat"])
def test_everybody_can_use_the_pages(browser, people, room, place, wide):
    if not AXE.is_file():
        pytest.skip("axe is not installed")
    one = people["product 3" if place == "seat" else "desk"]
    one.page.set_viewport_size({"width": wide, "height": 844})
    one.goes(f"{room.address}/{place}")
    one.page.wait_for_timeout(1500)
    # the report's own policy lets no script in, so axe is run past it
    assert one.overflow() <= 0
    assert one.faults() == []


def test_no_page_complains(people):
    assert {seat: one.errors for seat, one in people.items() if one.errors} == {}
