"""Two browsers play one late pair from the seal to its two signatures, and are filmed.

With ``ROOM_PICTURES`` naming a folder the pictures are kept there.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_room_desk import NAMES, SECONDS, Served, Somebody, join, served
from workshop.views.wording import phrase

__all__ = ["served"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROLES = ("product", "engineering")
LONG = 120 * SECONDS
BET = {"tolerable_error": "10", "expected": "10, 20, 30", "ratio": "3"}


class Film:
    """Numbered pictures of what people see."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    def shoot(self, page: Any, what: str, wide: int = 1280) -> None:
        self.number += 1
        page.set_viewport_size({"width": wide, "height": 844})
        page.screenshot(path=self.folder / f"{self.number:02d}-{what}.png")
        page.set_viewport_size({"width": 1280, "height": 844})


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return Film(Path(os.environ.get("ROOM_PICTURES", tmp_path / "film")))


def come(browser: Any, served: Served, place: int) -> Any:
    """Sit down and wait for the first step's widgets."""
    page = join(browser, served, place).page
    page.set_default_timeout(LONG)
    page.wait_for_url("**/seat")
    page.locator("#go").click()
    bet = page.locator(f".cg-field-bet-{ROLES[place]}-ratio input")
    bet.wait_for()
    return page


def seal(page: Any, role: str) -> None:
    """Type a bet and seal it."""
    for name, value in BET.items():
        page.locator(f".cg-field-bet-{role}-{name} input").fill(value)
    for name in ("fallback", "owner"):
        page.locator(f".cg-field-bet-{role}-{name} input").first.check()
    page.get_by_role("button", name=phrase("panel.bet.save")).click()
    sealed = page.locator(f".cg-sealed-bet-{role}")
    sealed.wait_for(state="attached")
    sealed.first.scroll_into_view_if_needed()


def see(page: Any, locator: Any) -> None:
    locator.first.wait_for()
    locator.first.scroll_into_view_if_needed()
    page.wait_for_timeout(300)


def sign(page: Any, name: str) -> None:
    """Type the own name under what is agreed."""
    field = page.locator('[class*="cg-field-sign-"] input')
    see(page, field)
    field.fill(name)
    page.get_by_role("button", name=phrase("panel.sign.save"), exact=True).click()


def test_a_late_pair_plays_from_the_seal_to_its_signatures(browser, served, film):
    desk = Somebody(browser)
    page = desk.goes(served.links[0])
    page.set_default_timeout(LONG)
    door = Somebody(browser)
    door.goes(f"{served.address}/join").locator("#code").wait_for()
    film.shoot(door.page, "join")
    page.locator("#go").click()
    page.wait_for_url("**/desk")
    page.get_by_role("button", name=phrase("room.desk.start")).click()
    people = [come(browser, served, place) for place in range(2)]
    for person, role in zip(people, ROLES, strict=True):
        field = person.locator(f".cg-field-bet-{role}-ratio input")
        see(person, field)
        seal(person, role)
        film.shoot(person, f"{role}-has-sealed")
    film.shoot(people[0], "product-390", wide=390)
    film.shoot(page, "desk-before-the-reveal")

    page.locator("#reveal").click()
    yes = page.get_by_role("button", name=phrase("room.desk.yes"), exact=True)
    if yes.is_visible():
        yes.click()
    for person in people:
        see(person, person.get_by_text(phrase("panel.hand_over.opened")))
        film.shoot(person, "opened")
    page.get_by_text("of 2 pairs lie open").first.wait_for()
    film.shoot(page, "desk-after-the-reveal")

    for number in ("01", "02", "03", "04"):
        for person in people:
            person.goto(f"{served.address}/step/{number}", wait_until="commit")
        mover, other = people
        button = mover.get_by_role("button", name=phrase("borrowed.borrow"))
        see(mover, button)
        button.first.click()
        mover.get_by_role("button", name=phrase("borrowed.yes")).click()
        give_back = phrase("borrowed.give_back")
        for person in people:
            see(person, person.get_by_role("button", name=give_back))
        film.shoot(other, f"step-{number}-borrowed-seen-by-the-other")
    for person in people:
        person.goto(f"{served.address}/step/05", wait_until="commit")
    for person, name in zip(people, NAMES, strict=False):
        sign(person, name)
        for one in people:  # the partner's page says it too, without a reload
            see(one, one.get_by_text(re.compile(rf"^{name} \(")))
        film.shoot(person, f"{name}-has-signed")
    film.shoot(people[1], "signed-390", wide=390)
    film.shoot(page, "desk-at-the-end")
