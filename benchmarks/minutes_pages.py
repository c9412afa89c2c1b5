"""What stands on each step's page of a real room, as a newcomer meets it?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.browsers import find_chromium
from tests.room.client import ROOM, Served, serving
from workshop.data.catalog import EXAMPLE, shipped
from workshop.record.file import RecordFile
from workshop.views.wording import phrase

HEAD = "the head"
PATIENCE = 60_000
SEATS = {"product": "Dana", "engineering": "Ravi"}
SETTLED = 2000
PARTS = {"01": ("framing",), "02": ("data_review",), "04": ("option", "impact")}
"""What a pair has saved once it leaves a step, taken from the example's record."""
QUIET = """() => document.querySelector('#loading') === null
  || getComputedStyle(document.querySelector('#loading')).display === 'none'"""
READING = """() => {
  const how = {visibilityProperty: true, contentVisibilityAuto: true};
  const shown = e => e.checkVisibility(how) && e.getBoundingClientRect().width > 2;
  const count = text => text.split(/\\s+/).filter(one => /\\w/.test(one)).length;
  const words = root => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let all = 0;
    while (walk.nextNode()) {
      const e = walk.currentNode.parentElement;
      if (!e.closest('svg, option, script, style') && shown(e))
        all += count(walk.currentNode.data);
    }
    for (const e of root.querySelectorAll('input[type=text], textarea'))
      if (shown(e)) all += count(e.value);
    return all;
  };
  const kind = e => {
    const asks = e.placeholder ?? '';
    const name = e.closest('[class*="cg-field-"]').className;
    if (e.tagName === 'SELECT' || /radio|checkbox/.test(e.type)) return 'choice';
    if (asks.startsWith('low')) return 'range';
    if (/^(a number|year)/.test(asks)) return 'number';
    return /-(name|who|to)(\\s|$)/.test(name) ? 'name' : 'sentence';
  };
  const said = {'the head': 0}, fields = [];
  let name = 'the head';
  for (const cell of document.querySelectorAll('.jp-Cell')) {
    const head = cell.querySelector('.jp-MarkdownOutput h2, .jp-RenderedMarkdown h2');
    if (head) said[name = head.innerText.trim()] = 0;
    said[name] += words(cell);
    for (const field of cell.querySelectorAll('[class*="cg-field-"]')) {
      const input = [...field.querySelectorAll('input, textarea, select')].find(shown);
      const key = [...field.classList].find(one => one.startsWith('cg-field-'));
      if (input) fields.push([key.slice(9), kind(input)]);
    }
  }
  const insets = [...document.querySelectorAll('.cgp-panel .cgp-inset')].map(words);
  return {said, fields, inset: Math.max(0, ...insets)};
}"""


@dataclass
class Page:
    """A step's page: words under each heading, fields with their kinds, seconds."""

    said: dict[str, int]
    fields: tuple[tuple[str, str], ...]
    waited: float

    def words(self, name: str) -> int:
        """Return the words under a heading; one that is gone is an error."""
        if name not in self.said:
            raise SystemExit(f"no page has {name!r} any more: {list(self.said)}")
        return self.said[name]


Pages = dict[str, Page]


def read_pages(root: Path, folder: Path, scenario: str) -> Pages:
    """Start a room and read its pages from 00 to 05, each after the one before."""
    from playwright.sync_api import sync_playwright

    script = ROOM.replace('"flight-disruptions", pairs=2', f'"{scenario}", pairs=1')
    example = RecordFile(shipped("datasets") / scenario / EXAMPLE, read_only=True)
    with serving(script, folder, root) as room, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )
        table = Table(room, example.read())
        table.pages = {role: _seated(browser, room, role) for role in SEATS}
        read = {f"0{step}": getattr(table, f"read_0{step}")() for step in range(6)}
        browser.close()
    return read


def _seated(browser: Any, room: Served, role: str) -> Any:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{room.address}/join#{room.codes[f'{role} 1']}")
    page.locator("#name").fill(SEATS[role])
    page.locator("#go").click()
    page.wait_for_url("**/seat")
    return page


class Table:
    """The pair's two pages, and their record."""

    def __init__(self, room: Served, example: Any) -> None:
        self.room, self.example = room, example
        self.file = RecordFile(room.folder / "kept" / "pair-01" / "record.yaml")
        self.pages: dict[str, Any] = {}

    @property
    def page(self) -> Any:
        """The page that is read: product's."""
        return self.pages["product"]

    def read_00(self) -> Page:
        """Read the first step, each case in its turn; then both seal."""
        read = self._open("00")
        for number in range(1, 7):
            for page in self.pages.values() if number > 1 else ():
                self._press(phrase("panel.cases.next"), page)
            read.said[f"case {number}"] = self._judge(new=number > 1)
        for page in self.pages.values():
            self._seal(page)
        read.said["people"] = self._more(
            lambda: self._press(phrase("panel.reveal.people"))
        )
        return read

    def read_01(self) -> Page:
        """Read the second step before and after the bets are opened."""
        read = self._open("01")
        for page in self.pages.values():
            self._press(phrase("panel.opening.ready"), page)
        name = "The bets, opened together"
        now = self._read()
        read.said["opened"] = read.said[name] + now.said[name]
        return Page(read.said, now.fields, read.waited)

    def read_02(self) -> Page:
        """Read the findings."""
        self._save("01")
        return self._open("02")

    def read_03(self) -> Page:
        """Read the dots alone, each layer as it is opened, and the locked line."""
        self._save("02")
        read = self._open("03")
        for name in ("curve", "person", "money", "groups", "limits"):
            part = self.page.locator(f'[data-key="part-{name}"]')
            read.said[name] = self._more(part.click) if part.count() else 0
        read.said["why"] = self._more(lambda: self._press(phrase("panel.reveal.why")))
        self._put({"threshold": self.example.threshold})
        locked = self._open("03")
        read.said["locked"] = locked.said["Lock it"] - read.said["Lock it"]
        name = "Beside what anybody could do without a model"
        read.said[name] = locked.said[name]
        return read

    def read_04(self) -> Page:
        """Read the week and the options."""
        return self._open("04")

    def read_05(self) -> Page:
        """Read the agreement."""
        self._save("04")
        return self._open("05")

    # doing ----------------------------------------------------------------------------

    def _open(self, step: str) -> Page:
        """Open a step on both pages; how long product's takes counts."""
        waited = 0.0
        for role, page in self.pages.items():
            began = time.perf_counter()
            page.goto(f"{self.room.address}/step/{step}")
            page.wait_for_function(QUIET)
            page.locator(".cgp-panel, .cg").first.wait_for()
            if role == "product":
                waited = time.perf_counter() - began
        self.page.wait_for_timeout(SETTLED)
        read = self._read()
        return Page(read.said, read.fields, waited)

    def _read(self) -> Page:
        told = self.page.evaluate(READING)
        return Page(told["said"], tuple(map(tuple, told["fields"])), 0.0)

    def _judge(self, *, new: bool) -> int:
        """Judge a case on both pages; return the words of it and of its answer."""
        case = self.page.evaluate(READING)["inset"] if new else 0
        return case + self._more(self._judge_both)

    def _judge_both(self) -> None:
        for page in self.pages.values():
            self._press(phrase("panel.cases.fine"), page)

    def _more(self, act: Any) -> int:
        """Do something; return how many words the page has more for it."""
        before = sum(self._read().said.values())
        act()
        self.page.wait_for_timeout(SETTLED)
        return sum(self._read().said.values()) - before

    def _press(self, name: str, page: Any = None) -> None:
        page = page or self.page
        page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_timeout(SETTLED)

    def _seal(self, page: Any) -> None:
        """Bet, as one who has read the form does."""
        for key, text in (
            ("tolerable_error", "20"),
            ("expected", "15 25 40"),
            ("ratio", "4"),
        ):
            page.get_by_label(phrase(f"field.bet.{key}"), exact=True).fill(text)
        page.get_by_label(phrase("ui.fallback.not_sure"), exact=True).first.check()
        page.get_by_label(phrase("ui.owner.product"), exact=True).first.check()
        self._press(phrase("panel.bet.save"), page)

    def _save(self, step: str) -> None:
        self._put({name: getattr(self.example, name) for name in PARTS[step]})

    def _put(self, parts: dict[str, Any]) -> None:
        """Save what the example's pair said there."""
        self.file.save_many(
            parts, base=self.file.read(), who="Dana + Ravi", decided="as the example"
        )
