"""The explorer as people use it: dragged, typed at, undone, and read.

One local file without a server; the notebook's side is tried where the lab is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import HOSTILE
from tests.views.explorer.givens import made_up_rows, some_given
from workshop.record.values import Limits, Policy
from workshop.views.explorer.given import ExplorerGiven, Jump
from workshop.views.explorer.readout import readout
from workshop.views.explorer.static import (
    explorer_css,
    explorer_html,
    explorer_script,
    script_hash,
)
from workshop.views.wording import phrase

pytestmark = pytest.mark.browser

GIVEN = some_given()
LAST = len(GIVEN.cuts) - 1
PARTS = ("curve", "person", "money", "groups", "limits")
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
ALL_TEXT = "() => document.querySelector('.cgx').textContent"
UNFOLD = "() => document.querySelectorAll('details').forEach(d => d.open = 1)"
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => done()))"


def page_of(given: ExplorerGiven) -> str:
    """Set a page as the report does: its policy runs this one script and no other."""
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src '{script_hash()}'"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>t</title><style>{explorer_css()}</style></head><body>"
        f'{explorer_html(given, "one")}<p class="cgx-static">A still figure.</p>'
        f'<script type="module">{explorer_script()}</script></body></html>'
    )


@dataclass
class Opened:
    """An explorer on a page, and what the page asked for and complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __call__(self, selector: str) -> Any:
        return self.page.locator(selector)

    def key(self, name: str) -> Any:
        """Find a control by its own name."""
        return self.page.locator(f'[data-key="{name}"]')

    @property
    def text(self) -> str:
        """All that the explorer holds."""
        return self.page.evaluate(ALL_TEXT)

    @property
    def sentence(self) -> str:
        """What it says now."""
        self.page.evaluate(NEXT_FRAME)
        return self(".cgx-sentence").text_content()

    def at(self, name: str = "act") -> int:
        """Where a handle stands."""
        self.page.evaluate(NEXT_FRAME)
        return int(self.key(f"handle-{name}").get_attribute("aria-valuenow"))

    def push(self, name: str) -> None:
        """Click a control, and wait for the frame that draws what follows."""
        self.key(name).click()
        self.page.evaluate(NEXT_FRAME)

    def press(self, *keys: str, name: str = "act") -> None:
        """Press keys on a handle, and wait for the frame that draws what follows."""
        for key in keys:
            self.key(f"handle-{name}").press(key)
        self.page.evaluate(NEXT_FRAME)

    def grip(self, name: str = "act") -> tuple[float, float]:
        """Find the middle of a handle's grip."""
        box = self(f".cgx-handle-{name} .cgx-grip").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, *shares: float, name: str = "act") -> None:
        """Drag a handle by the mouse to places on the axis, left to right 0 to 1."""
        box = self(".cgx-line-svg").bounding_box()
        mouse, (x, y) = self.page.mouse, self.grip(name)
        mouse.move(x, y)
        mouse.down()
        for share in shares:
            mouse.move(box["x"] + share * box["width"], y, steps=4)
        mouse.up()


def opened(
    browser: Any, folder: Path, given: ExplorerGiven = GIVEN, **context: Any
) -> Opened:
    """Write the page, open it as a file, and watch it."""
    file = folder / "page.html"
    file.write_text(page_of(given), "utf-8")
    size = {"width": 1280, "height": 720}
    page = browser.new_context(**{"viewport": size} | context).new_page()
    one = Opened(page)
    page.set_default_timeout(10_000)
    page.on("request", lambda request: one.asked.append(request.url))
    page.on("pageerror", lambda error: one.complaints.append(str(error)))
    page.on("console", lambda told: one.complaints.append(told.text))
    page.goto(file.as_uri())
    if context.get("java_script_enabled", True):
        one(".cgx-sentence").wait_for()
    return one


@pytest.fixture
def explorer(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    """Open one explorer; whatever is done with it, it stays quiet and asks nothing."""
    one = opened(browser, tmp_path)
    yield one
    assert one.complaints == []
    assert len(one.asked) == 1
    one.page.context.close()


# --- it says what Python says --------------------------------------------------------

COMPARE = """async ([script, state, pairs]) => {
  const url = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
  const {readout} = await import(url);
  return pairs.map(([act, ask]) => readout(state, act, ask));
}"""


def said_by_the_browser(
    browser: Any, given: ExplorerGiven, pairs: list[tuple[int, int]]
) -> list[dict[str, str]]:
    from workshop.views.explorer.state import explorer_state
    from workshop.views.explorer.static import explorer_module

    page = browser.new_page()
    try:
        asked = [explorer_module(), explorer_state(given), pairs]
        return page.evaluate(COMPARE, asked)
    finally:
        page.close()


def some_pairs(last: int) -> list[tuple[int, int]]:
    """Every single line, and every seventh pair of two."""
    every = [(act, act) for act in range(last + 1)]
    return every + [
        (act, ask)
        for act in range(last + 1)
        for ask in range(act)
        if (act * 31 + ask) % 7 == 0
    ]


@pytest.mark.parametrize(
    "given",
    [
        GIVEN,
        some_given(made_up_rows(400, seed=9), deff=1.0),
        some_given(made_up_rows(3000, kinds=6, seed=2), kinds=6, per_week=270.0),
        some_given(made_up_rows(9), kinds=0, money=None, fallback=""),
        some_given(made_up_rows(400, kinds=5), kinds=5, here=()),
    ],
    ids=["120", "400", "3000", "9", "five groups"],
)
def test_it_says_word_for_word_what_python_says(browser, given):
    last = len(given.cuts) - 1
    pairs = some_pairs(last)
    if len(pairs) > 2000:
        pairs = [*pairs[: last + 1], *pairs[last + 1 :: len(pairs) // 700]]
    found = said_by_the_browser(browser, given, pairs)
    for (act, ask), said in zip(pairs, found, strict=True):
        assert said == readout(given, act, ask), (act, ask)


# --- as it opens ---------------------------------------------------------------------


def test_it_opens_on_everyone_with_line_people_and_sentence_alone(explorer):
    assert explorer.at() == 0
    assert explorer.sentence == readout(GIVEN, 0, 0)["sentence"]
    assert explorer(".cgx-dot").count() == 102  # 100 and the two that explain them
    assert explorer(".cgx-people-svg .cgx-person").count() == 100
    for name in PARTS:
        assert explorer(f".cgx-part-{name}").is_hidden()
        assert explorer.key(f"part-{name}").get_attribute("aria-expanded") == "false"


def test_the_still_figure_gives_way_on_screen_and_comes_back_in_print(explorer):
    still, live = explorer(".cgx-static"), explorer(".cgx-host")
    assert still.is_hidden()
    assert live.is_visible()
    explorer.page.emulate_media(media="print")
    assert still.is_visible()
    assert live.is_hidden()


def test_without_scripts_the_still_figure_is_all_there_is(browser, tmp_path):
    one = opened(browser, tmp_path, java_script_enabled=False)
    assert one(".cgx-static").is_visible()
    assert one(".cgx-host").is_hidden()
    one.page.context.close()


# --- moving the line -----------------------------------------------------------------


def test_dragging_moves_everything_together(explorer):
    before = explorer.text
    explorer.drag(0.3, 0.6)
    act = explorer.at()
    said = readout(GIVEN, act, act)
    assert 20 < act < LAST
    assert explorer.sentence == said["sentence"]
    assert explorer(".cgx-score").first.text_content() == said["bar"]
    for side in ("left", "right"):
        assert explorer(f".cgx-side-{side}").text_content() == said[side]
    assert explorer(".cgx-dot.cgx-left").count() == sum(
        dot.until < act for dot in GIVEN.dots
    )
    shown = [
        explorer(f".cgx-people-svg .cgx-{name}").count()
        for name in ("left_alone", "missed", "asked", "false_alarm", "caught")
    ]
    left, missed, no, yes, false_alarm, caught = map(int, said["people"].split())
    assert shown == [left, missed, no + yes, false_alarm, caught]
    assert explorer.text != before


def test_a_drag_can_go_to_either_end_and_back(explorer):
    explorer.drag(0.5, 1.2)
    assert explorer.at() == LAST
    assert explorer.sentence == readout(GIVEN, LAST, LAST)["sentence"]
    explorer.drag(0.5, -0.2)
    assert explorer.at() == 0


def test_a_tap_beside_the_bar_brings_it_there(explorer):
    box = explorer(".cgx-line-svg").bounding_box()
    explorer.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 60)
    assert 0 < explorer.at() < LAST


@pytest.mark.parametrize(
    ("keys", "steps"),
    [
        (["ArrowRight"], 1),
        (["ArrowUp", "ArrowUp"], 2),
        (["PageUp"], 10),
        (["Shift+ArrowRight", "ArrowLeft"], 9),
        (["PageUp", "PageDown", "ArrowDown"], 0),
        (["End"], LAST),
        (["End", "ArrowLeft"], LAST - 1),
        (["End", "Home"], 0),
    ],
)
def test_the_keyboard_moves_it_by_cuts(explorer, keys, steps):
    explorer.press(*keys)
    assert explorer.at() == steps
    spoken = explorer.key("handle-act").get_attribute("aria-valuetext")
    assert spoken == readout(GIVEN, steps, steps)["spoken"]


def test_a_finger_drags_it(browser, tmp_path):
    phone = {"width": 390, "height": 844}
    one = opened(browser, tmp_path, viewport=phone, has_touch=True, is_mobile=True)
    box, (x, y) = one(".cgx-line-svg").bounding_box(), one.grip()
    touch = one.page.context.new_cdp_session(one.page)

    def send(kind: str, *at: float) -> None:
        points = [dict(zip("xy", at, strict=True))] if at else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    # A finger slips up as it goes: neither may the page scroll, nor the bar let go.
    end = box["x"] + 0.6 * box["width"]
    send("touchStart", x, y)
    for step in range(1, 11):
        send("touchMove", x + step * (end - x) / 10, y - 9 * step)
    send("touchEnd")
    grip = one.grip()[0]
    assert abs(grip - end) < 0.03 * box["width"]
    assert one.page.evaluate("scrollY") == 0
    assert one.sentence == readout(GIVEN, one.at(), one.at())["sentence"]
    assert "cgx-held" not in one(".cgx-handle-act").get_attribute("class")
    assert one.complaints == []
    one.page.context.close()


def test_a_typed_value_goes_to_the_nearest_cut_and_says_so(explorer):
    field = explorer.key("typed-act")
    field.fill(f"{GIVEN.cuts[50]}")
    field.press("Enter")
    assert explorer.at() == 50
    assert explorer(".cgx-notice").text_content() == ""
    field.fill(f"{GIVEN.cuts[20] + 1e-5}")
    field.press("Enter")
    assert explorer.at() == 20
    assert "went to the nearest score" in explorer(".cgx-notice").text_content()
    field.fill("9999")
    field.press("Enter")
    assert explorer.at() == LAST
    assert "no one is acted on" in explorer(".cgx-notice").text_content()
    field.fill("half")
    field.press("Enter")
    assert explorer.at() == LAST
    assert "plain number" in explorer(".cgx-notice").text_content()


def test_undo_takes_back_a_whole_drag(explorer):
    explorer.press("ArrowRight", "ArrowRight")
    explorer.drag(0.3, 0.6, 0.5)
    explorer.push("undo")
    assert explorer.at() == 2
    explorer.press("Control+z")
    assert explorer.at() == 1
    explorer.push("undo")
    assert explorer.at() == 0
    assert explorer.key("undo").is_disabled()


def test_act_on_everyone_goes_back_to_the_start(explorer):
    explorer.press("PageUp")
    explorer.push("everyone")
    assert explorer.at() == 0


# --- marks and shortcuts -------------------------------------------------------------


def test_shortcuts_sleep_until_both_have_placed_a_mark(explorer):
    assert explorer(".cgx-turn").text_content() == "Dana drives; Ilir may only ask."
    assert explorer.key("least_cost").is_disabled()
    assert explorer.key("best_within").is_disabled()
    assert explorer.key("today").is_enabled()
    assert explorer.key("mark-engineering").count() == 0
    assert "Still to come: Dana, Ilir." in explorer(".cgx-asleep").text_content()
    explorer.press("PageUp")
    explorer.push("mark-product")
    assert "Now swap: Ilir drives" in explorer(".cgx-turn").text_content()
    assert explorer.key("least_cost").is_disabled()
    explorer.press("PageUp")
    explorer.push("mark-engineering")
    assert "Both marks stand" in explorer(".cgx-turn").text_content()
    assert explorer(".cgx-asleep").text_content() == ""
    explorer.push("least_cost")
    assert explorer.at() == len(GIVEN.cuts) // 2
    explorer.push("today")
    assert explorer.at() == LAST
    explorer.push("best_within")
    assert explorer.at() == LAST
    assert explorer(".cgx-notice").text_content() == "No line keeps every limit."


def test_marks_stay_on_the_line_and_on_the_curve_and_can_be_moved(explorer):
    explorer.press("PageUp")
    explorer.push("mark-product")
    explorer.press("PageUp")
    flag = explorer(".cgx-flag.cgx-product")
    first = flag.get_attribute("aria-label")
    assert first == f"Dana’s mark, at {readout(GIVEN, 10, 10)['bar']}"
    explorer.push("part-curve")
    assert explorer(".cgx-curve-marks .cgx-badge.cgx-product").count() == 1
    explorer.push("mark-product")
    explorer.page.wait_for_function(
        "was => document.querySelector('.cgx-flag.cgx-product').ariaLabel !== was",
        arg=first,
    )


def test_with_one_at_the_table_one_mark_is_enough(browser, tmp_path):
    alone = replace(GIVEN, here=("engineering",), marks={"product": GIVEN.cuts[9]})
    one = opened(browser, tmp_path, alone)
    assert one(".cgx-turn").text_content() == "Ilir drives."
    assert one.key("least_cost").is_disabled()
    assert one.key("mark-product").count() == 0
    one.push("mark-engineering")
    assert one.key("least_cost").is_enabled()
    assert one(".cgx-flag").count() == 2
    one.page.context.close()


def test_in_a_report_nobody_drives_marks_stand_and_shortcuts_are_awake(
    browser, tmp_path
):
    marks = {"product": GIVEN.cuts[9], "engineering": GIVEN.cuts[30]}
    one = opened(browser, tmp_path, replace(GIVEN, here=(), marks=marks))
    assert one(".cgx-flag").count() == 2
    assert one(".cgx-head").is_hidden()
    assert one(".cgx-turn").text_content() == one(".cgx-hint").text_content() == ""
    assert one(".cgx-asleep").text_content() == ""
    assert one('[data-key^="mark-"]').count() == 0
    one.press("PageUp")
    assert one(".cgx-hint").text_content() == ""
    one.push("least_cost")
    assert one.at() == len(GIVEN.cuts) // 2
    one.page.context.close()


def test_the_groups_limit_shows_its_range(browser, tmp_path):
    limited = some_given(
        made_up_rows(400, seed=9), limits=Limits(max_group_difference=0.1)
    )
    one = opened(browser, tmp_path, limited)
    one.push("part-limits")
    said = readout(limited, 0, 0)
    row = one(".cgx-limits li").text_content()
    assert " to " in said["max_group_difference_now"]
    assert said["max_group_difference_now"] in row
    reaches = said["max_group_difference_range"]
    assert reaches == "by the rows; the range reaches past it"
    assert reaches in row
    one.page.context.close()


def test_a_jump_to_two_lines_opens_the_second(browser, tmp_path):
    band = Policy(kind="review_band", act_at=GIVEN.cuts[70], review_at=GIVEN.cuts[30])
    jumps = (Jump("today", band),)
    one = opened(browser, tmp_path, replace(GIVEN, jumps=jumps))
    one.push("today")
    assert (one.at(), one.at("ask")) == (70, 30)
    assert one.sentence == readout(GIVEN, 70, 30)["sentence"]
    one.page.context.close()


# --- the parts -----------------------------------------------------------------------


@pytest.mark.parametrize("name", PARTS)
def test_each_part_opens_follows_the_line_and_closes(explorer, name):
    part, tab = explorer(f".cgx-part-{name}"), explorer.key(f"part-{name}")
    explorer.push(f"part-{name}")
    assert part.is_visible()
    assert tab.get_attribute("aria-expanded") == "true"
    before = part.evaluate("node => node.outerHTML")
    explorer.press("PageUp", "PageUp", "PageUp")
    explorer.page.evaluate(NEXT_FRAME)
    assert part.evaluate("node => node.outerHTML") != before
    explorer.push(f"part-{name}")
    assert part.is_hidden()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("curve", ["curve"]),
        ("money", ["money", "minutes"]),
        ("groups", ["overall_error", "group1_share", "group2_found"]),
        ("limits", ["min_recall_now", "min_recall_state", "reviews_per_week_now"]),
    ],
)
def test_a_part_shows_what_python_says(explorer, name, told):
    explorer.push(f"part-{name}")
    explorer.press("PageUp", "PageUp")
    explorer.page.evaluate(NEXT_FRAME)
    said = readout(GIVEN, 20, 20)
    text = explorer(f".cgx-part-{name}").text_content()
    assert [key for key in told if said[key] not in text] == []


def test_a_second_line_sends_people_in_between_to_a_person(explorer):
    explorer.press("PageUp", "PageUp", "PageUp", "PageUp")
    assert explorer(".cgx-handle-ask").is_hidden()
    explorer.push("part-person")
    explorer.press("PageDown", "PageDown", name="ask")
    assert (explorer.at(), explorer.at("ask")) == (40, 20)
    assert explorer.sentence == readout(GIVEN, 40, 20)["sentence"]
    explorer.press("End", name="ask")
    assert explorer.at("ask") == 40
    explorer.drag(0.1, name="ask")
    assert explorer.at("ask") < 40
    explorer.press("Home")
    assert (explorer.at(), explorer.at("ask")) == (0, 0)
    explorer.press("Control+z")
    assert explorer.at() == 40
    closes = explorer.key("part-person")
    assert closes.text_content() == phrase("explorer.part_person_end"), "it says so"
    explorer.push("part-person")
    assert explorer.sentence == readout(GIVEN, 40, 40)["sentence"]
    assert closes.text_content() == phrase("explorer.part_person")


def test_a_limits_ground_turns_when_it_is_broken(explorer):
    explorer.push("part-curve")
    explorer.push("part-limits")
    ground = explorer('.cgx-forbidden[data-limit="min_recall"]')
    assert "cgx-broken" not in ground.get_attribute("class")
    explorer.press("End", "ArrowLeft")
    explorer.page.evaluate(NEXT_FRAME)
    assert "cgx-broken" in ground.get_attribute("class")
    assert "broken" in explorer(".cgx-limits").text_content()


def test_every_picture_has_a_table_that_follows_it(explorer):
    for name in ("curve", "money"):
        explorer.push(f"part-{name}")
    explorer.press("PageUp")
    for details in explorer("details").all():
        details.locator("summary").click()
        explorer.page.evaluate(NEXT_FRAME)
        rows = details.locator("tbody tr")
        rows.nth(4).wait_for(state="attached")
    marked = explorer('[data-key="table-line"] .cgx-marked').text_content()
    counts = GIVEN.counts
    assert marked.startswith(f"now: {readout(GIVEN, 10, 10)['bar']}")
    assert str(counts.tp[10] + counts.fp[10]) in marked


# --- for everybody -------------------------------------------------------------------


def test_it_fits_a_phone_with_everything_open(browser, tmp_path):
    one = opened(browser, tmp_path, viewport={"width": 390, "height": 844})
    for name in PARTS:
        one.push(f"part-{name}")
    one.press("PageUp")
    one.page.evaluate(UNFOLD)
    one.page.evaluate(NEXT_FRAME)
    assert one.page.evaluate(TOO_WIDE) <= 0
    assert one.complaints == []
    one.page.context.close()


NAMES = """() => [...document.querySelectorAll('.cgx :is([tabindex], button, input)')]
  .filter(node => !node.disabled && node.getClientRects().length)
  .map(node => node.getAttribute('aria-label') || node.textContent
    || node.labels[0].textContent)"""


def test_everything_can_be_reached_and_named_by_keyboard(explorer):
    explorer.press("PageUp")
    explorer.push("part-person")
    found = explorer.page.evaluate(NAMES)
    assert len(found) >= 12
    assert all(found)


def test_screens_are_read_the_sentence_once_the_line_rests(explorer):
    heard = explorer(".cgx-heard")
    assert heard.get_attribute("aria-live") == "polite"
    explorer.press("PageUp", "PageUp")
    explorer.page.wait_for_timeout(700)
    assert heard.text_content() == readout(GIVEN, 20, 20)["sentence"]


def test_names_are_text_whatever_they_contain(browser, tmp_path):
    hostile = replace(
        GIVEN,
        unit=HOSTILE,
        act=HOSTILE,
        wrong=HOSTILE,
        fallback=HOSTILE,
        names=dict.fromkeys(GIVEN.names, HOSTILE),
        groups=tuple(replace(g, name=HOSTILE, column=HOSTILE) for g in GIVEN.groups),
    )
    one = opened(browser, tmp_path, hostile, viewport={"width": 390, "height": 844})
    one.push("part-groups")
    one.push("mark-product")
    one.press("PageUp")
    assert one.sentence == readout(hostile, 10, 10)["sentence"]
    assert one(".cgx img").count() == one(".cgx script").count() == 0
    assert one.page.evaluate(TOO_WIDE) <= 0
    assert one.complaints == []
    one.page.context.close()


# --- beside a model ------------------------------------------------------------------

WITH_A_MODEL = """async ([script, values]) => {
  const url = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
  const {render} = (await import(url)).default;
  const listeners = {};
  window.saved = [];
  window.model = {
    get: name => values[name],
    set: (name, value) => { values[name] = value; },
    on: (event, tell) => { (listeners[event] ??= []).push(tell); },
    off: () => {},
    save_changes: () => saved.push({...values, state: null}),
    tell: changed => {
      Object.assign(values, changed);
      for (const name of Object.keys(changed))
        (listeners[`change:${name}`] ?? []).forEach(tell => tell());
    },
  };
  render({model: window.model, el: document.body});
}"""


@pytest.fixture
def modelled(browser: Any) -> Iterator[Opened]:
    """Open one beside a model that only writes down what it is told."""
    from workshop.views.explorer.state import explorer_state
    from workshop.views.explorer.static import explorer_module

    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.set_content(f"<style>{explorer_css()}</style>")
    values = {"act": 30, "ask": 30, "marks": {"product": 12}, "opened": ["money"]}
    state = explorer_state(GIVEN)
    page.evaluate(WITH_A_MODEL, [explorer_module(), values | {"state": state}])
    yield Opened(page)
    page.close()


def test_it_stands_where_the_model_says(modelled):
    assert modelled.at() == 30
    assert modelled(".cgx-part-money").is_visible()
    assert modelled(".cgx-flag").count() == 1
    assert "Now swap: Ilir drives" in modelled(".cgx-turn").text_content()


def test_the_model_is_told_now_and_then_in_a_drag_and_of_its_end(modelled):
    modelled.drag(*(0.3 + i / 100 for i in range(40)))
    act = modelled.at()
    saved = modelled.page.evaluate("saved")
    assert (saved[-1]["act"], saved[-1]["ask"]) == (act, act)
    assert len(saved) < 40


def test_a_mark_and_an_open_part_reach_the_model_at_once(modelled):
    modelled.push("mark-engineering")
    modelled.push("part-curve")
    saved = modelled.page.evaluate("saved")[-1]
    assert saved["marks"] == {"product": 12, "engineering": 30}
    assert saved["opened"] == ["money", "curve"]


def test_what_the_model_tells_is_followed(modelled):
    modelled.page.evaluate("model.tell({act: 5, ask: 5})")
    assert modelled.at() == 5
    modelled.page.evaluate("model.tell({marks: {product: 3, engineering: 9}})")
    modelled.page.evaluate(NEXT_FRAME)
    assert modelled(".cgx-flag").count() == 2
    assert modelled.key("least_cost").is_enabled()


def test_other_numbers_are_drawn_without_losing_the_line_or_the_focus(modelled):
    modelled.press("ArrowRight")
    modelled.page.evaluate(
        "model.tell({state: {...model.get('state'), unit: 'letters'}})"
    )
    assert modelled.at() == 31
    assert modelled.sentence.startswith("Of 100 letters")
    assert modelled.page.evaluate("document.activeElement.dataset.key") == "handle-act"
    modelled.push("undo")
    assert modelled.at() == 30


def test_a_model_that_never_answers_does_not_stop_the_drag(modelled):
    modelled.page.evaluate("model.save_changes = () => {}")
    modelled.drag(0.2, 0.7)
    assert modelled.sentence == readout(GIVEN, modelled.at(), modelled.at())["sentence"]


SAVED = "saved.map(({act, ask}) => [act, ask])"


def test_a_moving_line_is_told_once_it_rests_and_not_before(modelled):
    modelled.press("ArrowRight", "ArrowRight")
    assert modelled.page.evaluate("saved.length") == 0
    modelled.page.wait_for_function("() => saved.length > 0")
    assert modelled.page.evaluate(SAVED) == [[32, 32]]


def test_whoever_leaves_takes_the_line_where_it_stands(modelled):
    modelled.press("ArrowRight")
    modelled.page.evaluate("document.activeElement.blur()")
    assert modelled.page.evaluate(SAVED) == [[31, 31]]


OTHER_NUMBERS = """fewer => {
  const state = {...model.get('state')};
  const without = list => list.filter((_, i) => i !== 3);
  const steps = list => list.map((k, i) => (i === 4 ? k + list[3] : k));
  const fall = list => without(steps(list));
  const counts = one => ({...one, tp: fall(one.tp), fp: fall(one.fp)});
  if (fewer) {
    for (const name of ['cuts', 'shown', 'across']) state[name] = without(state[name]);
    state.counts = counts(state.counts);
    state.groups = state.groups.map(one => ({...one, counts: counts(one.counts)}));
    state.band = null;
    const {gap} = state;
    state.gap = {lo: without(gap.lo), hi: without(gap.hi)};
  }
  model.tell({act: fewer ? 29 : 30, ask: fewer ? 29 : 30, state});
}"""


@pytest.mark.parametrize("fewer", [False, True])
def test_other_numbers_do_not_take_a_move_that_was_not_told_yet(modelled, fewer):
    modelled.press("ArrowRight", "ArrowRight")
    assert modelled.at() == 32
    score = modelled(".cgx-score").first.text_content()
    modelled.page.evaluate(OTHER_NUMBERS, fewer)
    assert modelled.at() == 32 - fewer
    assert modelled(".cgx-score").first.text_content() == score
    assert modelled.page.evaluate(SAVED)[-1] == [32 - fewer, 32 - fewer]


@pytest.mark.parametrize("fewer", [False, True])
def test_other_numbers_wait_for_the_hand_and_leave_the_line_at_its_score(
    modelled, fewer
):
    mouse, (x, y) = modelled.page.mouse, modelled.grip()
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 150, y, steps=4)
    place, score = modelled.at(), modelled(".cgx-score").first.text_content()
    assert place > 30
    modelled.page.evaluate(OTHER_NUMBERS, fewer)
    modelled.page.wait_for_timeout(400)  # longer than a line takes to rest
    assert modelled.page.evaluate(SAVED) == []
    mouse.up()
    assert modelled.at() == place - fewer
    assert modelled(".cgx-score").first.text_content() == score
    assert modelled.page.evaluate(SAVED)[-1] == [place - fewer, place - fewer]
