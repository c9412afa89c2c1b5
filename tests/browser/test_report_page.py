"""The report as a file that somebody opens from a mail, with no network at all.

Beside what a browser shows of it stand two strangers' verdicts: the Nu checker says
whether it is HTML, and axe whether everybody can use it (WCAG 2.2, level AA).
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.helpers import SHIPPED, THAT_DAY

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCENARIOS = (SHIPPED, "deposit-calls", "flight-disruptions")
WIDTHS = (1440, 1024, 390)
TOOLS = Path(__file__).parent / "node_modules"
CHECKER = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
AXE = TOOLS / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
UNFOLD = "() => document.querySelectorAll('details').forEach(d => d.open = true)"
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => done()))"
HEAR_VIOLATIONS = """window.__refused = [];
document.addEventListener('securitypolicyviolation', e =>
  window.__refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""


@functools.cache
def report_of(scenario: str) -> Path:
    """Write a shipped scenario's report once a session, and return its page.

    By the command, in a process of its own: a browser's event loop runs in this one.
    """
    out = Path(tempfile.mkdtemp(prefix="report-")) / "out"
    main = "from workshop.cli import main; main()"
    given = [scenario, "--output", str(out), "--as-of", THAT_DAY.isoformat()]
    done = subprocess.run(
        [sys.executable, "-c", main, "report", *given],
        cwd=out.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return out / "report.html"


@pytest.fixture(scope="module", params=SCENARIOS)
def report(request: pytest.FixtureRequest) -> Path:
    return report_of(request.param)


class Opened:
    """A page in a browser, all that it asked for and all that it complained of."""

    def __init__(self, context: Any, report: Path) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        context.route("**/*", self._only_files)
        context.add_init_script(HEAR_VIOLATIONS)
        self.page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.goto(report.as_uri(), wait_until="load")
        # the explorer starts when the page is painted and the browser is idle
        self.page.locator(".cgx-sentence").first.wait_for(timeout=30_000)

    def _listen(self, told: Any) -> None:
        if told.type in ("error", "warning"):
            self.complaints.append(told.text)

    @staticmethod
    def _only_files(route: Any) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    @property
    def refused(self) -> list[str]:
        """What the page's own policy kept from being loaded or run."""
        return self.page.evaluate("() => window.__refused")

    def unfold(self) -> None:
        """Open everything that can be opened."""
        self.page.evaluate(UNFOLD)
        self.page.evaluate(NEXT_FRAME)


@contextmanager
def opened_in(
    browser: Any, report: Path, width: int = 1440, **how: Any
) -> Iterator[Opened]:
    """Open a page in a browser of its own kind; close it afterwards."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **how)
    try:
        yield Opened(context, report)
    finally:
        context.close()


@pytest.fixture
def opened(browser: Any, report: Path) -> Iterator[Opened]:
    with opened_in(browser, report) as found:
        yield found


# --- nothing but itself --------------------------------------------------------------


def test_a_shipped_scenario_travels_light(report):
    assert report.stat().st_size < 300_000


def test_it_asks_for_nothing_but_itself(opened, report):
    opened.unfold()
    asked = [url for url in opened.asked if not url.startswith("data:")]
    assert asked == [report.as_uri()]


def test_neither_console_nor_policy_has_anything_to_complain_of(opened):
    opened.unfold()
    opened.page.emulate_media(media="print")
    opened.page.emulate_media(media="screen", color_scheme="dark")
    assert opened.complaints == []
    assert opened.refused == []


def test_the_policy_holds(opened):
    """A script and a style that are not the page's own are refused."""
    opened.page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.__hit = 1';
          document.body.append(script);
          const style = document.createElement('style');
          style.textContent = 'body { display: none }';
          document.head.append(style);
          document.body.insertAdjacentHTML('beforeend',
            '<img src="https://example.invalid/x.png"><p style="color:red">x</p>');
        }"""
    )
    assert opened.page.evaluate("() => window.__hit") is None
    assert (
        opened.page.evaluate("() => getComputedStyle(document.body).display") != "none"
    )
    heard = " ".join(opened.refused)
    for directive in ("script-src", "style-src", "img-src"):
        assert directive in heard


def test_it_has_no_style_attribute(opened):
    """The page as written; what its script sets later goes another way."""
    html = Path(opened.page.url.removeprefix("file://")).read_text("utf-8")
    assert not re.search(r"<[a-z][^<>]* style=", html)


# --- wide, narrow, dark --------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_no_width_needs_sideways_scrolling(browser, report, width, unfolded):
    with opened_in(browser, report, width) as opened:
        assert opened.page.get_by_role("heading", level=1).inner_text()
        if unfolded:
            opened.unfold()
        assert opened.page.evaluate(TOO_WIDE) <= 0


# --- what others say of it -----------------------------------------------------------


def needs(*tools: str | Path) -> None:
    """Skip where a tool is missing; on a machine that tests for all, fail."""
    missing = [
        str(tool)
        for tool in tools
        if not (tool.exists() if isinstance(tool, Path) else shutil.which(tool))
    ]
    if missing:
        told = (
            f"not here: {', '.join(missing)}; npm ci in tests/browser brings the tools"
        )
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)


# The checker's CSS is older than container queries, which every browser of the last
# years knows; and it does not compute the digests by which the policy allows the one
# style sheet and the one script. That both are allowed, a browser says above.
BEHIND = re.compile(
    r"CSS: “container-(type|name)”: Property “container-(type|name)” doesn't exist\."
    r"|CSS: Unrecognized at-rule “@container”"
    r"|Inline (style|script) violates Content Security Policy .*nonce/hash\)\."
)


def _is_behind(message: dict[str, Any]) -> bool:
    """Whether the checker does not know something that browsers do."""
    of_a_container = re.search("@container|[0-9]cqw", message.get("extract", ""))
    return bool(BEHIND.fullmatch(message["message"]) or of_a_container)


def test_the_checker_finds_nothing_that_is_not_html():
    needs("java", CHECKER)
    pages = [str(report_of(scenario)) for scenario in SCENARIOS]
    done = subprocess.run(
        ["java", "-jar", str(CHECKER), "--format", "json", *pages],
        capture_output=True,
        text=True,
        timeout=300,
    )
    found = json.loads(done.stderr)["messages"]
    told = {
        f"{m['type']} {m.get('subType', '')}: {m['message']} … {m.get('extract', '')!r}"
        for m in found
        if not _is_behind(m)
    }
    assert told == set()


SURROUNDINGS = {
    "wide": {"width": 1440},
    "phone": {"width": 390},
    "dark": {"width": 1440, "color_scheme": "dark"},
    "dark phone": {"width": 390, "color_scheme": "dark"},
}


@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
@pytest.mark.parametrize("where", SURROUNDINGS)
def test_everybody_can_use_it(browser, report, where, unfolded):
    needs(AXE)
    # axe is a script that the page's own policy would refuse
    how = {"bypass_csp": True, **SURROUNDINGS[where]}
    with opened_in(browser, report, **how) as opened:
        if unfolded:
            opened.unfold()
        opened.page.add_script_tag(content=AXE.read_text("utf-8"))
        found = opened.page.evaluate(
            "tags => axe.run({runOnly: {type: 'tag', values: tags}})", LEVELS
        )
    wrong = [
        f"{rule['id']}: {rule['help']} ({len(rule['nodes'])}): "
        f"{rule['nodes'][0]['target']} {rule['nodes'][0]['failureSummary']}"
        for rule in found["violations"]
    ]
    assert wrong == []


# --- anchors, figures, keys ----------------------------------------------------------


def test_every_anchor_leads_somewhere(opened):
    lost = opened.page.evaluate(
        """() => [...document.querySelectorAll('a[href]')]
          .map(a => a.getAttribute('href'))
          .filter(to => !to.startsWith('#') || !document.getElementById(to.slice(1)))"""
    )
    assert lost == []


def test_every_section_can_be_linked_to(opened):
    without = opened.page.evaluate(
        "() => [...document.querySelectorAll('main > section:not([id])')].length"
    )
    assert without == 0


def test_every_figure_is_said_in_words_and_as_a_table(opened):
    figures = opened.page.evaluate(
        """() => [...document.querySelectorAll('figure')].map(f => ({
          alt: (f.querySelector('[role=img]') || f).getAttribute('aria-label') || '',
          caption: f.querySelector('figcaption')?.textContent || '',
          table: !!f.querySelector('table')
                 || !!f.parentElement.querySelector(':scope > details table'),
          svg: f.querySelector('svg')?.outerHTML.slice(0, 80) || ''
        }))"""
    )
    assert figures
    lost = [f for f in figures if not (f["alt"] or f["caption"]) or not f["table"]]
    assert lost == []


FOCUSABLE = """() => {
  const shown = e => e.checkVisibility({visibilityProperty: true});
  const all = 'a[href], summary, button, input, select, textarea, [tabindex]';
  const found = [...document.querySelectorAll(all)].filter(
    e => shown(e) && e.tabIndex >= 0 && !e.disabled && !e.closest('.cgx-off'));
  found.forEach((e, i) => { e.dataset.nth = i; });
  return found.length;
}"""
OUTSET = "e => e.outerHTML.slice(0, 99)"
WHERE = "() => document.activeElement.dataset.nth ?? ''"


def test_the_keyboard_reaches_all(opened):
    count = opened.page.evaluate(FOCUSABLE)
    assert count > 10
    reached = []
    for _ in range(count):
        opened.page.keyboard.press("Tab")
        reached.append(opened.page.evaluate(WHERE))
    missed = {str(i) for i in range(count)} - set(reached)
    told = [
        opened.page.locator(f'[data-nth="{nth}"]').evaluate(
            "e => e.outerHTML.slice(0, 99)"
        )
        for nth in sorted(missed)
        # of choices that go together, the arrow keys reach the others
        if not opened.page.locator(f'[data-nth="{nth}"][type=radio]').count()
    ]
    assert told == []


def test_a_fold_opens_by_key(opened):
    summary = opened.page.locator("summary:visible").first
    summary.focus()
    summary.press("Enter")
    assert summary.evaluate("e => e.parentElement.open")


def test_what_has_the_focus_is_seen(opened):
    opened.page.keyboard.press("Tab")
    outline = opened.page.evaluate(
        "() => getComputedStyle(document.activeElement).outlineStyle"
    )
    assert outline != "none"


def test_the_explorer_moves_without_a_kernel(opened):
    page = opened.page
    handle = page.locator('.cgx [data-key="handle-act"]').first
    opened.unfold()
    handle.wait_for(timeout=10_000)
    before = page.locator(".cgx-sentence").first.text_content()
    at = handle.get_attribute("aria-valuenow")
    handle.focus()
    for _ in range(12):
        handle.press("ArrowRight" if at == "0" else "ArrowLeft")
    page.evaluate(NEXT_FRAME)
    assert handle.get_attribute("aria-valuenow") != at
    assert page.locator(".cgx-sentence").first.text_content() != before
    assert opened.refused == []


# --- on paper ------------------------------------------------------------------------

A4 = (595.3, 841.9)
"""Points."""
FITS = 1123 - 2 * 38
"""Pixels of an A4 page's height, less its least margins."""


def test_it_prints_to_four_to_eight_pages_of_a4(opened):
    pdf = opened.page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox ?\[([\d. ]+)\]", pdf)
    pages = len(re.findall(rb"/Type ?/Page\b(?!s)", pdf))
    assert 4 <= pages <= 8
    assert boxes
    for box in boxes:
        width, height = map(float, box.split()[2:])
        assert (width, height) == pytest.approx(A4, abs=1)


def test_no_figure_and_no_row_is_cut_by_the_end_of_a_page(browser, report):
    """They keep together, and each is small enough to do so."""
    with opened_in(browser, report, 720) as opened:
        opened.page.emulate_media(media="print")
        found = opened.page.evaluate(
            """() => [...document.querySelectorAll('figure, tr, .cg-card')]
              .filter(e => e.checkVisibility())
              .map(e => ({
                what: e.outerHTML.slice(0, 80),
                kind: e.tagName,
                keeps: getComputedStyle(e).breakInside,
                height: e.getBoundingClientRect().height}))"""
        )
    assert any(one["kind"] == "FIGURE" for one in found)
    cut = [
        f for f in found if f["kind"] != "DIV" and not f["keeps"].startswith("avoid")
    ]
    assert cut == []
    assert [f for f in found if f["kind"] == "FIGURE" and f["height"] > FITS] == []


def test_the_explorer_prints_as_a_still_figure(opened):
    opened.page.emulate_media(media="print")
    assert not opened.page.locator(".cgx-host").first.is_visible()
    still = opened.page.locator(".cgx-static svg")
    opened.unfold()
    assert still.first.is_visible()
