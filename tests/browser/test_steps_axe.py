"""Can everybody use the steps? Each page of the app, before axe and by keyboard alone.

Two pairs look: one that has nothing yet and sees the forms, and one that has been
through the workshop and sees what they lead to. What JupyterLab and its widgets draw
around our parts is theirs; what is found there is named below, and nothing else passes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_report_page import AXE, LEVELS, needs
from tests.room.client import APP, Served, serving
from workshop.data.catalog import EXAMPLE, shipped
from workshop.views.wording import phrase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STEPS = ("00", "01", "02", "03", "04", "05", "06")
WIDE, PHONE = 1280, 390
PATIENCE = 90_000
SCENARIO = "privacy-assistant"
LEAST = 24
"""Pixels that a target is wide and high at least (WCAG 2.5.8)."""

REVEALED = ("people", "recap", "curve", "figures", "why", "drawer")
"""Buttons that show what is behind them; the rest of a page changes nothing unasked."""

OPEN_ALL = "() => document.querySelectorAll('details').forEach(d => d.open = true)"
IS_QUIET = """() => document.querySelector('#loading') === null
  || getComputedStyle(document.querySelector('#loading')).display === 'none'"""
TOO_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module", params=["new", "finished"])
def app(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    root: Path,
) -> Iterator[Served]:
    """The app on a record of its own: an empty one, or the example's as one's own."""
    folder = tmp_path_factory.mktemp(request.param)
    kept = folder / "kept"
    kept.mkdir()
    if request.param == "finished":
        example = shipped("datasets") / SCENARIO / EXAMPLE
        shutil.copyfile(example, kept / "record.yaml")
    script = APP.replace("sys.argv[1]", 'sys.argv[1] + "/record.yaml"')
    with serving(script, folder, root) as served:
        yield served


@contextmanager
def let_in(browser: Any, app: Served, width: int, **how: Any) -> Iterator[Any]:
    """Open a window of a width, as somebody who came by the link."""
    view = {"width": width, "height": 900}
    context = browser.new_context(viewport=view, bypass_csp=True, **how)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(f"{app.address}/join#{app.codes['app']}")
    opened.wait_for_url("**/step/00")
    yield opened
    context.close()


@pytest.fixture(scope="module")
def page(browser: Any, app: Served) -> Iterator[Any]:
    with let_in(browser, app, WIDE) as opened:
        yield opened


def opened_at(page: Any, app: Served, step: str) -> None:
    """Open a step, wait until all of it is drawn, and unfold what can be unfolded."""
    page.goto(f"{app.address}/step/{step}")
    page.wait_for_function(IS_QUIET)
    page.locator(".cgp-panel, .cg").first.wait_for()
    page.wait_for_load_state("networkidle")
    for name in REVEALED:
        button = page.get_by_role(
            "button", name=phrase(f"panel.reveal.{name}"), exact=True
        )
        if button.count() and button.first.is_enabled():
            button.first.click()
            page.wait_for_timeout(1500)
    page.evaluate(OPEN_ALL)


def violations(page: Any) -> list[str]:
    needs(AXE)
    page.add_script_tag(content=AXE.read_text("utf-8"))
    found = page.evaluate(
        "tags => axe.run({runOnly: {type: 'tag', values: tags}})", LEVELS
    )
    return [
        f"{rule['id']} ({len(rule['nodes'])}): {node['html'][:160]} … "
        f"{node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


# --- targets and keys ----------------------------------------------------------------

CONTROLS = (
    "a[href], button, input:not([type=hidden]), select, textarea, summary, "
    "[tabindex='0'], [role=slider], [role=button]"
)
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled)
  .filter(e => !e.closest('p, li, td, caption') || e.tagName !== 'A')
  .map(e => {
    const whole = e.closest('label') ?? e;
    const box = whole.getBoundingClientRect();
    return [e.outerHTML.slice(0, 120), Math.round(box.width), Math.round(box.height)];
  })
  .filter(([, wide, high]) => wide && high && (wide < least || high < least))"""
MARK = """selector => {
  const how = {visibilityProperty: true, opacityProperty: true};
  const seen = e => e.checkVisibility(how);
  const found = [...document.querySelectorAll(selector)].filter(e =>
    seen(e) && e.tabIndex >= 0 && !e.disabled && e.type !== 'radio'
    && !e.closest('.cgx-off, [inert], :disabled'));
  found.forEach((e, i) => { e.dataset.nth = i; });
  return found.length;
}"""
TOLD = "e => e.outerHTML.slice(0, 120)"
HERE = """() => {
  const e = document.activeElement;
  const parts = [e, ...e.querySelectorAll('.cgx-grip circle, .cgx-pill')];
  const lit = parts.some(part => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
      || Number.parseFloat(style.strokeWidth) >= 6;
  });
  return {nth: e.dataset.nth ?? '', lit, what: e.outerHTML.slice(0, 120)};
}"""


def unreached(page: Any) -> tuple[list[str], list[str]]:
    """Go through the page by Tab: what is never reached, and what does not show it."""
    count = page.evaluate(MARK, CONTROLS)
    assert count > 3
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    reached, dark = set(), []
    for _ in range(2 * count + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["nth"] in reached:
            continue
        reached.add(here["nth"])
        if here["nth"] and not here["lit"]:
            dark.append(here["what"])
    others = (page.locator(f'[data-nth="{nth}"]').first for nth in range(count))
    missed = [
        control.evaluate(TOLD)
        for nth, control in enumerate(others)
        if str(nth) not in reached and control.count()
    ]
    return missed, dark


# --- each step -----------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_everybody_can_use_a_step(app, page, step):
    """Axe finds nothing, targets are large enough, and keys reach and show them all."""
    page.set_viewport_size({"width": WIDE, "height": 900})
    opened_at(page, app, step)
    assert violations(page) == []
    assert page.evaluate(SMALL, [CONTROLS, LEAST]) == []
    assert unreached(page) == ([], [])
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.wait_for_timeout(500)
    assert page.evaluate(TOO_WIDE) <= 0
    assert violations(page) == []
    assert page.evaluate(SMALL, [CONTROLS, LEAST]) == []


# --- colours that a reader forces -----------------------------------------------------

LIT = """selector => [...document.querySelectorAll(selector)].map(e => {
  const [r, g, b] = getComputedStyle(e).fill.match(/[0-9.]+/g).map(Number);
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
})"""


def test_explorer_and_figures_are_seen_in_forced_light_on_dark(browser, app):
    how = {"forced_colors": "active", "color_scheme": "dark"}
    with let_in(browser, app, WIDE, **how) as page:
        opened_at(page, app, "03")
        for selector in (".cgx-name", ".cgx-axis text", ".cgx-bar"):
            lit = page.evaluate(LIT, selector)
            assert all(one > 0.6 for one in lit), (selector, lit)
        grounds = page.evaluate(
            "() => [...document.querySelectorAll('.cg figure svg')]"
            ".map(e => getComputedStyle(e).backgroundColor)"
        )
        assert set(grounds) <= {"rgb(255, 255, 255)"}
