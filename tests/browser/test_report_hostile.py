"""Reports full of hostile text in a real browser: read as text, and nothing runs.

What a text would run sets ``window.__hit``; a dialog, an error on the console, a
request, or something that the page's policy had to refuse: each would mean that one
got through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_report_page import NEXT_FRAME, UNFOLD, Opened, opened_in
from tests.report.test_hostile import SHOWN, as_lines
from tests.spread import SCENARIOS, Reported, hostile_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = "() => document.body.textContent"
ELEMENTS = (
    "() => [...new Set([...document.querySelectorAll('*')].map(e => e.localName))]"
)
BAD = {"img", "iframe", "object", "embed", "base", "link", "form", "math", "audio",
       "video", "marquee", "foreignobject", "animate", "set", "image"}  # fmt: skip
LISTENERS = """() => [...document.querySelectorAll('*')].flatMap(e =>
  [...e.attributes].map(a => a.name).filter(name => name.startsWith('on')))"""


@pytest.fixture(scope="module", params=range(SCENARIOS))
def reported(request: pytest.FixtureRequest) -> Reported:
    return hostile_report(request.param)


@pytest.fixture
def opened(browser: Any, reported: Reported) -> Iterator[Opened]:
    """Open a page in which everything is unfolded and the explorer was played with."""
    page = next(reported.out.glob("report*.html"))
    with opened_in(browser, page) as found:
        found.page.on("dialog", lambda dialog: found.asked.append(dialog.message))
        found.unfold()
        play(found.page)
        yield found


PLAY = """() => {
  const every = what => [...document.querySelectorAll(`.cgx ${what}`)].filter(
    e => e.checkVisibility() && !e.disabled);
  const tell = (e, kind) => e.dispatchEvent(new Event(kind, {bubbles: true}));
  for (const select of every('select'))
    for (const option of [...select.options]) {
      select.value = option.value; tell(select, 'input'); tell(select, 'change');
    }
  for (const input of every('input')) {
    if (/checkbox|radio/.test(input.type)) { input.click(); continue }
    input.value = '3'; tell(input, 'input'); tell(input, 'change');
  }
  for (const button of every('button, summary'))
    if (button.isConnected) button.click();
}"""


def play(page: Any) -> None:
    """Use every control of the explorer once, and move every handle."""
    page.evaluate(PLAY)
    for handle in page.query_selector_all(".cgx [role=slider]"):
        if handle.is_visible():
            handle.focus()
            for key in ("ArrowLeft", "Home", "End", "ArrowRight"):
                page.keyboard.press(key)
    page.evaluate(UNFOLD)
    page.evaluate(NEXT_FRAME)


def test_nothing_runs_nothing_is_asked_for_nothing_is_refused(opened):
    assert opened.page.evaluate("() => window.__hit") is None
    assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []
    assert opened.complaints == []
    assert opened.refused == []


def test_what_a_text_would_make_is_not_there(opened):
    assert set(opened.page.evaluate(ELEMENTS)) & BAD == set()
    assert opened.page.evaluate(LISTENERS) == []


def test_every_shown_text_is_read_as_it_was_written(opened, reported):
    said = opened.page.evaluate(TEXT)
    lost = {
        (path, text)
        for path in SHOWN
        for text in reported.spread.texts[path]
        if as_lines(text.replace("\0", "")) not in said  # which a browser drops
    }
    assert lost == set()


def test_groups_are_named_in_pictures_and_in_the_explorer_as_text(opened, reported):
    """The explorer makes its part of the page itself, pictures are made before."""
    names = {" ".join(as_lines(name).split())[:20] for name in reported.spread.groups}
    said = " ".join(opened.page.evaluate(TEXT).split())
    assert [name for name in names if name.strip() and name not in said] == []


def test_no_text_makes_the_page_wider_than_a_phone(browser, reported):
    page = next(reported.out.glob("report*.html"))
    with opened_in(browser, page, 390) as opened:
        opened.unfold()
        wide = "() => document.documentElement.scrollWidth - window.innerWidth"
        assert opened.page.evaluate(wide) <= 0
