"""One of a pair drags and the other sees it; or each alone, and both know it.

Two browsers of one pair at step 03 of a real room on loopback.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.room.client import ROOM, Served, serving
from workshop.record.file import RecordFile
from workshop.views.wording import phrase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 30_000
MADE_WITHIN = 120_000  # on a computer that has other work too
MOVES = 30
HANDLE = '[data-key="handle-act"]'
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

SEALED = ROOM.replace(
    "run_room(state",
    "from tests.room.builders import seal\n"
    "for pair in state.room.pairs if given else ():\n"
    "    seal(state, pair)\n"
    "run_room(state",
)
"""A room whose pairs have sealed, so that figures may be seen."""

NOTE_DRAWN = """() => {
  const handle = document.querySelector('[data-key="handle-act"]');
  window.drawn = {};
  new MutationObserver(() => {
    drawn[handle.getAttribute('aria-valuenow')] ??= Date.now();
  }).observe(handle, { attributes: true, attributeFilter: ['aria-valuenow'] });
}"""
NOTE_SENT = """() => {
  window.sent = [];
  WebSocket.prototype.send = new Proxy(WebSocket.prototype.send, {
    apply: (send, line, said) => {
      sent.push(said[0]);
      return Reflect.apply(send, line, said);
    },
  });
}"""
# messages to the own kernel are binary; what widgets say in them is JSON within
TOLD_KERNEL = """() => sent.filter(one => typeof one !== 'string')
  .map(one => new TextDecoder().decode(one))
  .filter(one => one.includes('"act"')).length"""


class Half:
    """One half of the pair in a browser of its own."""

    def __init__(self, browser: Any, room: Served, seat: str, name: str, wide: int):
        self.context = browser.new_context(viewport={"width": wide, "height": 900})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._listen)
        self.page.goto(f"{room.address}/join#{room.codes[seat]}")
        self.page.locator("#name").fill(name)
        self.page.locator("#go").click()
        self.page.wait_for_url("**/seat")
        self.address = f"{room.address}/step/03"
        self.open()

    def _listen(self, told: Any) -> None:
        if told.type == "error" and "Failed to load resource" not in told.text:
            self.errors.append(told.text)

    def open(self) -> None:
        self.page.goto(self.address, timeout=MADE_WITHIN)
        self.page.locator(".cgx-sentence").wait_for(timeout=MADE_WITHIN)

    @property
    def at(self) -> int:
        return int(self.page.locator(HANDLE).get_attribute("aria-valuenow"))

    @property
    def says(self) -> str:
        return self.page.locator(".room-relay-told").inner_text()

    @property
    def sentence(self) -> str:
        return self.page.locator(".cgx-sentence").text_content()

    def chooses(self, way: str) -> None:
        self.page.locator(f'#room-relay [data-way="{way}"]').click()

    def reads(self, text: str) -> None:
        self.page.locator("#room-relay").get_by_text(text).first.wait_for()

    def press(self, *keys: str) -> None:
        handle = self.page.locator(HANDLE)
        handle.focus()
        for key in keys:
            handle.press(key)

    def drag(self, share: float) -> None:
        """Drag the line to a place on the axis."""
        line = self.page.locator(".cgx-line-svg")
        line.scroll_into_view_if_needed()
        grip = self.page.locator(".cgx-handle-act .cgx-grip").bounding_box()
        box, mouse = line.bounding_box(), self.page.mouse
        height = grip["y"] + grip["height"] / 2
        mouse.move(grip["x"] + grip["width"] / 2, height)
        mouse.down()
        mouse.move(box["x"] + share * box["width"], height, steps=8)
        mouse.up()

    def stands_at(self, place: int) -> None:
        self.page.wait_for_function(
            "([handle, place]) => document.querySelector(handle)"
            ".getAttribute('aria-valuenow') === String(place)",
            arg=[HANDLE, place],
        )

    def faults(self) -> list[str]:
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "tags => axe.run('#room-relay', {runOnly: {type: 'tag', values: tags}})",
            LEVELS,
        )
        return [one["id"] for one in found["violations"]]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    with serving(SEALED, tmp_path_factory.mktemp("room"), root) as served:
        yield served


@pytest.fixture(scope="module")
def pair(browser: Any, room: Served) -> Iterator[tuple[Half, Half]]:
    dana = Half(browser, room, "product 1", "Dana", 1280)
    ilir = Half(browser, room, "engineering 1", "Ilir", 390)
    yield dana, ilir
    for half in (dana, ilir):
        half.context.close()


def record(room: Served) -> Any:
    return RecordFile(room.folder / "kept" / "pair-01" / "record.yaml").read()


# The tests tell one story, each from where the one before has left the two pages.


def test_a_pair_is_asked_and_sees_that_each_moves_alone_until_then(pair):
    dana, ilir = pair
    for half in pair:
        half.reads(phrase("relay.ask"))
        half.reads("the same point")
    dana.press("PageUp")
    ilir.reads(f"Dana looks at {dana.page.locator('.cgx-score').first.text_content()}")
    assert ilir.at == 0
    dana.press("Home")


def test_what_one_drags_the_other_sees_and_its_kernel_does_not(room, pair):
    dana, ilir = pair
    before = len(record(room).log)
    dana.page.locator('#room-relay [data-way="drive"]').focus()
    dana.page.keyboard.press("Enter")
    ilir.reads("Dana drives. You see the same.")
    dana.reads("You drive. Ilir sees what you move.")
    ilir.page.evaluate(NOTE_SENT)
    dana.drag(0.5)
    assert dana.at > 0
    ilir.stands_at(dana.at)
    assert ilir.sentence == dana.sentence
    dana.page.locator('[data-key="part-curve"]').click()
    ilir.page.locator(".cgx-part-curve").wait_for()
    # what a page tells its kernel, it tells once the line rests
    dana.page.wait_for_timeout(1000)
    assert ilir.page.evaluate(TOLD_KERNEL) == 0
    assert "0" not in ilir.page.locator(".cgp-where").first.text_content()
    assert len(record(room).log) == before


def test_how_long_it_takes_from_a_move_to_the_other_page(pair, capsys):
    dana, ilir = pair
    for half in pair:
        half.page.evaluate(NOTE_DRAWN)
        half.page.bring_to_front()
    took = []
    for number in range(MOVES):
        back = number % 20 < 10
        place = dana.at + (-1 if back else 1)
        dana.press("ArrowLeft" if back else "ArrowRight")
        ilir.stands_at(place)
        both = [h.page.evaluate("at => drawn[at]", str(place)) for h in pair]
        for half in pair:
            half.page.evaluate("() => { drawn = {} }")
        took.append(both[1] - both[0])
    with capsys.disabled():
        found = statistics.quantiles(took, n=20)
        told = f"p50 {found[9]:.0f} ms, p95 {found[18]:.0f} ms ({MOVES} moves)"
        sys.stderr.write(f"\ndrawn there after it was drawn here: {told}\n")
    assert len(took) == MOVES


def test_who_follows_can_read_everything_and_move_nothing(pair):
    dana, ilir = pair
    place = ilir.at
    ilir.press("PageUp", "End")
    ilir.page.locator(".cgx-line-svg").click(position={"x": 40, "y": 90})
    assert ilir.page.locator(HANDLE).get_attribute("aria-disabled") == "true"
    for key in ("everyone", "part-groups", "typed-act", "mark-engineering"):
        assert ilir.page.locator(f'[data-key="{key}"]').is_disabled()
    table = ilir.page.locator('[data-key="table-line"]')
    table.locator("summary").click()
    table.locator("td").first.wait_for()
    assert ilir.at == dana.at == place


def test_who_follows_and_reloads_is_where_the_driver_is(pair):
    dana, ilir = pair
    ilir.open()
    ilir.stands_at(dana.at)
    ilir.reads("Dana drives. You see the same.")
    assert ilir.page.locator(".cgx-part-curve").is_visible()


def test_the_driver_who_reloads_finds_the_line_where_it_was(pair):
    dana, ilir = pair
    place = dana.at
    dana.open()
    dana.stands_at(place)
    dana.reads("You drive.")
    dana.press("ArrowRight")
    ilir.stands_at(place + 1)


def test_what_nobody_knows_is_let_go_by_the_explorer(pair):
    _, ilir = pair
    place = ilir.at
    ilir.page.evaluate(
        """() => {
          const root = document.querySelector('.cgx');
          const bad = [null, {}, {act: NaN, ask: 0, opened: []},
            {act: 'x', ask: 'all', opened: []}, {act: 1, ask: 1, opened: 'curve'},
            {act: {}, ask: [], opened: []}, {act: '0.5', ask: 0.5, opened: []}];
          for (const detail of bad)
            root.dispatchEvent(new CustomEvent('cg:move', { detail }));
        }"""
    )
    ilir.page.wait_for_timeout(300)
    assert ilir.at == place
    assert ilir.errors == []


def test_who_takes_over_goes_on_from_there_and_the_other_is_told(pair):
    dana, ilir = pair
    place = dana.at
    ilir.chooses("drive")
    dana.reads("Ilir drives now. You see the same.")
    assert ilir.at == place
    ilir.press("ArrowLeft")
    dana.stands_at(place - 1)


def test_what_who_follows_saves_is_what_is_seen(room, pair):
    dana, ilir = pair
    ilir.press("PageUp", "PageUp")
    ilir.page.wait_for_timeout(500)  # both moves are drawn, here and there
    dana.stands_at(ilir.at)
    seen = dana.page.locator(".cgx-score").first.text_content()
    note = dana.page.locator(".room-locks")
    note.wait_for()
    assert "Ilir" in note.inner_text()
    why = dana.page.get_by_label(phrase("field.threshold.because"), exact=True)
    why.fill("We both saw it.")
    dana.page.get_by_role(
        "button", name=phrase("panel.threshold.save"), exact=True
    ).click()
    dana.page.get_by_text(phrase("panel.threshold.locked")).wait_for()
    assert f"{record(room).threshold.policy.act_at:.3g}" == seen
    # both explorers are given the numbers anew, and stay where they are
    dana.page.wait_for_timeout(2000)
    assert dana.sentence == ilir.sentence
    assert dana.page.locator('[data-part="numbers"]').is_hidden()


def test_alone_each_sees_at_which_point_the_other_looks(pair):
    dana, ilir = pair
    place = dana.at
    dana.chooses("alone")
    ilir.reads("Dana chose: each alone.")
    assert dana.at == place
    dana.press("PageDown", "PageDown")
    dana.page.wait_for_timeout(500)  # both moves are drawn
    mine, theirs = (h.page.locator(".cgx-score").first.text_content() for h in pair)
    dana.reads(f"You look at {mine}; Ilir looks at {theirs}.")
    ilir.reads(f"You look at {theirs}; Dana looks at {mine}.")
    assert ilir.at == place


@pytest.mark.parametrize("way", ["alone", "drive"])
def test_everybody_can_use_it_and_nothing_is_wider_than_the_window(pair, way):
    if not AXE.is_file():
        pytest.skip("axe is not installed")
    dana, _ = pair
    if way == "drive":
        dana.chooses("drive")
        dana.reads("You drive.")
    assert [half.faults() for half in pair] == [[], []]
    wide = "() => document.documentElement.scrollWidth - innerWidth"
    assert [half.page.evaluate(wide) for half in pair] == [0, 0]


def test_nothing_was_complained_of(pair):
    assert [half.errors for half in pair] == [[], []]
