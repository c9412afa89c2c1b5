"""A report in another language: valid, usable by everybody, and marked where it is not.

The translation is partial, so that this page has both languages on it.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_report_page import (
    AXE,
    CHECKER,
    LEVELS,
    NEXT_FRAME,
    SURROUNDINGS,
    TOO_WIDE,
    Opened,
    _is_behind,
    needs,
    opened_in,
)
from tests.conftest import ROOT
from tests.helpers import SHIPPED, THAT_DAY, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@functools.cache
def report_in(language: str) -> Path:
    """Write the shipped report in a language, by the command, and return its folder."""
    out = Path(tempfile.mkdtemp(prefix="report-")) / language
    main = "from workshop.cli import main; main()"
    asked = ["--language", language, "--as-of", THAT_DAY.isoformat()]
    done = subprocess.run(
        [sys.executable, "-c", main, "report", SHIPPED, "-o", str(out), *asked],
        cwd=out.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return out


def page() -> Path:
    return report_in("de") / "report.html"


def test_the_page_is_html():
    needs("java", CHECKER)
    done = subprocess.run(
        ["java", "-jar", str(CHECKER), "--format", "json", str(page())],
        capture_output=True,
        text=True,
        timeout=300,
    )
    found = json.loads(done.stderr)["messages"]
    assert [m["message"] for m in found if not _is_behind(m)] == []


@pytest.mark.parametrize("where", SURROUNDINGS)
def test_everybody_can_use_it(browser, where):
    needs(AXE)
    with opened_in(browser, page(), bypass_csp=True, **SURROUNDINGS[where]) as opened:
        opened.unfold()
        opened.page.add_script_tag(content=AXE.read_text("utf-8"))
        found = opened.page.evaluate(
            "tags => axe.run({runOnly: {type: 'tag', values: tags}})", LEVELS
        )
        assert opened.page.evaluate(TOO_WIDE) <= 0
    assert [rule["id"] for rule in found["violations"]] == []


def test_every_sentence_says_which_language_it_is_in(browser):
    with opened_in(browser, page()) as opened:
        assert opened.page.evaluate("() => document.documentElement.lang") == "de"
        assert _spoken(opened, "#overview h2") == "de"
        assert _spoken(opened, ".cgx-sentence") == "de"
        # what the translation lacks
        assert _spoken(opened, "main [lang=en]") == "en"


def _spoken(opened: Opened, selector: str) -> Any:
    found = opened.page.locator(selector).first
    return found.evaluate("e => e.closest('[lang]').lang")


def test_numbers_and_ids_are_those_of_the_english_report():
    german, english = (_twin(language) for language in ("de", "en"))
    assert _numbers(german) == _numbers(english)
    same = ("schema", "scenario", "as_of", "verdict", "limits", "outside")
    assert [german[name] for name in same] == [english[name] for name in same]
    for name in ("record", "data"):
        assert german["digest"][name] == english["digest"][name]
    assert german["headline"] != english["headline"]


def test_the_pages_hold_the_same_exact_values():
    """Which part of a number a sentence says first may differ; what it is may not."""
    german, english = (_shown(language) for language in ("de", "en"))
    assert {id for id, _ in german} == {id for id, _ in english}
    both = german.keys() & english.keys()
    assert len(both) > 300
    assert {key: german[key] for key in both} == {key: english[key] for key in both}


def _shown(language: str) -> dict[tuple[str, str], str]:
    html = (report_in(language) / "report.html").read_text("utf-8")
    return {(d.id, d.part): d.value for d in Page(html).data}


def _twin(language: str) -> dict[str, Any]:
    return json.loads((report_in(language) / "report.json").read_text("utf-8"))


def _numbers(twin: dict[str, Any]) -> list[Any]:
    sections = {name: one["numbers"] for name, one in twin["sections"].items()}
    findings = [(f["code"], f["outcome"], f["numbers"]) for f in twin["findings"]]
    clauses = [(c["id"], c["number"], c["state"]) for c in twin["clauses"]]
    gaps = [(g["code"], g["where"]) for g in twin["gaps"]]
    return [sections, findings, clauses, gaps]


# --- the explorer --------------------------------------------------------------------


def test_the_explorer_opens_in_german_and_takes_a_comma(browser):
    with opened_in(browser, page()) as opened:
        live = opened.page.locator(".cgx").first
        assert live.get_attribute("lang") == "de"
        assert live.get_attribute("aria-label") == "Wo liegt die Grenze?"
        typed = live.locator("[data-key=typed-act]")
        for written in ("0,5", "0.5"):
            live.locator("[data-key=everyone]").click()
            opened.page.evaluate(NEXT_FRAME)
            typed.fill(written)
            typed.press("Enter")
            opened.page.evaluate(NEXT_FRAME)
            assert typed.input_value().startswith(("0,49", "0,5"))
        assert "von 100" in live.locator(".cgx-side-right").inner_text()
        assert opened.complaints == []
        assert opened.refused == []
