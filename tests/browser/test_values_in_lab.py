"""The figures that nobody measured, in a notebook: moved, read, saved, found again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import NEXT_FRAME, Lab, Notebook, running_lab
from workshop.record.choices import Assumed, Record
from workshop.record.file import RecordFile
from workshop.views.panels.values import STEPS
from workshop.views.wording import phrase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "04_user_impact.ipynb"
EXAMPLE = "datasets/privacy-assistant/example-record.yaml"
FIGURE = re.compile(rb"(?:\)|them) go wrong|<svg|\d of (every )?100")
MOVED = 'handle => handle.getAttribute("aria-valuenow")'


@dataclass
class Figures:
    """The panel of figures on a page, with the one picked that is named."""

    notebook: Notebook
    name: str

    @property
    def part(self) -> Any:
        return self.notebook.panel(phrase("panel.value.title")).first

    def pick(self) -> None:
        """Pick the figure, and wait until what follows from it is there."""
        asked = self.part.get_by_label(phrase("field.value.name"))
        begins = phrase(f"assumed.{self.name}").split(",")[0]
        known = asked.locator(f'option[value^="{begins}"]').get_attribute("value")
        before, figure = asked.input_value(), self.field("likely").input_value()
        asked.select_option(value=known)
        for _ in range(100 if before != known else 0):
            if self.field("likely").input_value() != figure:
                break  # the figure before had pictures as well
            self.notebook.page.wait_for_timeout(50)
        self.part.locator("svg").nth(1).wait_for()

    @property
    def handle(self) -> Any:
        return self.part.get_by_role("slider")

    @property
    def place(self) -> int:
        """Where the handle stands, from one end to the other."""
        return round(float(self.handle.evaluate(MOVED)))

    def field(self, name: str) -> Any:
        """Find the text field of one end, or of the likely value."""
        return self.part.locator("input[type=text]").and_(
            self.part.get_by_label(phrase(f"field.value.{name}"))
        )

    def typed(self, name: str) -> float:
        """The figure that stands in a field."""
        return float(self.field(name).input_value().replace(",", ""))

    @property
    def sentence(self) -> str:
        """What a week would come to."""
        begins = phrase("impact.valued").split("{")[0].strip()
        return self.part.get_by_text(begins).first.inner_text()

    def picture(self, which: int) -> str:
        """What is drawn: people first, then the tornado."""
        return self.part.locator("svg").nth(which).inner_html()

    def settle(self, place: int | None = None) -> None:
        """Wait until the kernel has answered: its figure is that of the handle."""
        low, high = self.typed("low"), self.typed("high")
        where, step = self.place if place is None else place, (high - low) / STEPS
        wanted = low + step * where
        for _ in range(100):
            if self.typed("likely") == pytest.approx(wanted, abs=step / 2):
                break
            self.notebook.page.wait_for_timeout(50)
        else:
            pytest.fail(f"never at {wanted}")
        self.notebook.page.wait_for_timeout(300)  # what is told of it comes next
        self.notebook.page.evaluate(NEXT_FRAME)

    def drag(self, share: float) -> None:
        """Drag the handle by the mouse to a place between both ends, 0 to 1."""
        self.handle.scroll_into_view_if_needed()
        grip = self.handle.bounding_box()
        box = self.part.locator(".noUi-base").bounding_box()
        mouse, height = self.notebook.page.mouse, grip["y"] + grip["height"] / 2
        mouse.move(grip["x"] + grip["width"] / 2, height)
        mouse.down()
        mouse.move(box["x"] + share * box["width"], height, steps=6)
        mouse.up()
        self.settle()

    def save(self) -> None:
        """Press the button that keeps the range."""
        name = phrase("panel.value.save")
        self.part.get_by_role("button", name=name, exact=True).click()


def saved(lab: Lab) -> Record:
    return RecordFile(lab.record).read()


# --- two who have not bet yet, and two who have ---------------------------------------


@pytest.fixture(scope="module")
def pair(
    chromium: str, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """A lab with a record of its own, in which no bet is sealed."""
    home = tmp_path_factory.mktemp("values")
    start = {"scenario": "privacy-assistant", "framing": {"ratio": 0.5}}
    file = RecordFile(home / "my-workshop" / "record.yaml")
    file.create(Record.model_validate(start))
    with running_lab(home, root) as lab:
        yield lab


@pytest.fixture(scope="module")
def notebook(browser: Any, pair: Lab) -> Iterator[Notebook]:
    """One page of 04, on which everything happens."""
    opened = pair.open(browser, NOTEBOOK)
    opened.run_all()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def told_too_early(notebook: Notebook, pair: Lab) -> list[bytes]:
    """Everything that the page is told of figures while no bet is sealed."""
    panel = notebook.panel(phrase("panel.value.title")).first
    asked = panel.get_by_label(phrase("field.value.name"))
    for place in (2, 3):
        asked.select_option(index=place)
        notebook.page.wait_for_timeout(300)
    return [found.group() for heard in pair.heard for found in FIGURE.finditer(heard)]


@pytest.fixture(scope="module")
def figures(
    told_too_early: list[bytes], notebook: Notebook, pair: Lab, root: Path
) -> Figures:
    """The panel, once a pair has sealed, locked and said all that it says."""
    pair.record.write_text((root / EXAMPLE).read_text("utf-8"), "utf-8")
    notebook.run_all()
    found = Figures(notebook, "fp")
    found.pick()
    return found


def test_no_figure_reaches_the_browser_before_both_bets_are_sealed(
    told_too_early, figures, pair
):
    assert told_too_early == []
    assert any(FIGURE.search(heard) for heard in pair.heard)


def test_dragging_a_figure_moves_sentence_and_tornado_beside_the_people(figures):
    said, people, matters = figures.sentence, figures.picture(0), figures.picture(1)
    figures.drag(0.2)
    assert figures.place == pytest.approx(20, abs=2)
    assert figures.sentence != said
    assert figures.picture(1) != matters
    # a price changes what a wrong answer costs, and not how many there are
    assert figures.picture(0) == people


def test_arrow_keys_move_the_handle_and_what_is_said(figures):
    place, said = figures.place, figures.sentence
    figures.handle.focus()
    for _ in range(5):
        figures.notebook.page.keyboard.press("ArrowRight")
    figures.settle(place + 5)
    assert figures.place == place + 5
    assert figures.sentence != said


def test_an_upside_down_range_says_one_sentence_and_saves_nothing(figures, pair):
    before, low = saved(pair), figures.field("low").input_value()
    figures.field("low").fill("9")
    wrong = figures.part.get_by_text(phrase("panel.value.order_low"))
    wrong.wait_for()  # where the pictures were, before anybody asks to save
    assert figures.part.locator("svg").count() == 0
    figures.save()
    figures.part.get_by_role("alert").and_(wrong).wait_for()
    assert saved(pair) == before
    figures.field("low").fill(low)
    figures.part.locator("svg").nth(1).wait_for()


def test_what_is_saved_stands_in_the_record_and_is_there_again_after_a_reload(
    figures, pair
):
    figures.drag(0.4)
    likely, page = figures.typed("likely"), figures.notebook.page
    figures.save()
    for _ in range(100):
        if held(pair).likely == likely:
            break
        page.wait_for_timeout(100)
    assert held(pair).likely == likely
    pair.forget_kernels()
    page.reload()
    figures.notebook.run_all()
    figures.pick()
    assert figures.typed("likely") == likely
    assert figures.place == pytest.approx(40, abs=2)


def held(lab: Lab) -> Assumed:
    """The figure as the record has it."""
    impact = saved(lab).impact
    assert impact is not None
    return impact.assumed["fp"]


def test_no_page_asked_for_anything_beyond_this_machine(figures, pair):
    assert len(pair.asked) > 20
    assert pair.strangers() == []
