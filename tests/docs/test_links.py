"""Does every link lead somewhere, and does every page say something of its own?"""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urlsplit

import pytest

from tests.docs.pages import (
    ROOT,
    anchors,
    leads_nowhere,
    links,
    name,
    pages,
    paragraphs,
)
from workshop.kit import documents

LONG = 25
"""So many words in a row on two pages are a repetition and no coincidence."""


def test_there_are_pages_to_look_at():
    found = {name(page) for page in pages()}
    assert {"README.md", "CONTRIBUTING.md", "docs/index.md", "docs/checks.md"} <= found
    assert len(found) > 30


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_leads_somewhere(page):
    inside = [li for li in links(page.read_text("utf-8")) if not urlsplit(li).scheme]
    assert [li for li in inside if leads_nowhere(page, li)] == []


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_address_is_one_that_a_browser_opens_safely(page):
    addresses = (urlsplit(li) for li in links(page.read_text("utf-8")))
    wrong = [a.geturl() for a in addresses if a.scheme and a.scheme != "https"]
    assert wrong == []


def repeated(texts: dict[str, str]) -> dict[str, set[str]]:
    """Return the opening of each long stretch of words that two pages share."""
    where: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for page, text in texts.items():
        for paragraph in paragraphs(text):
            words = paragraph.lower().split()
            for start in range(len(words) - LONG + 1):
                where[tuple(words[start : start + LONG])].add(page)
    return {
        " ".join(words[:8]): found for words, found in where.items() if len(found) > 1
    }


def test_no_page_repeats_another():
    texts = {name(page): page.read_text("utf-8") for page in pages()}
    # Each sheet of the kit is used by itself, and all are made of the same few lines.
    of_one_source = {f"docs/facilitator/{page}" for page in documents()}
    found = {w: where for w, where in repeated(texts).items() if where - of_one_source}
    assert found == {}


def test_every_document_is_in_the_list_of_documents():
    """The list is on GitHub's page of the folder and on the front page of the site."""
    listed = (ROOT / "docs" / "README.md").read_text("utf-8")
    of_docs = [page for page in pages() if page.is_relative_to(ROOT / "docs")]
    shown = {(ROOT / "docs" / li).resolve() for li in links(listed)}
    folders = {path for path in shown if path.is_dir()}
    missing = [
        name(page)
        for page in of_docs
        if page.name not in ("README.md", "index.md")
        and page not in shown
        and not folders & set(page.parents)
        and page.parent / "README.md" not in shown
    ]
    assert missing == []


def test_every_decision_is_numbered_once_and_has_a_status():
    found = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in found]
    assert len(set(numbers)) == len(numbers)
    for path in found:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        assert re.search(r"(?m)^Status: ", text), path.name


# --- that these tests find what they look for ----------------------------------------


def test_a_planted_link_is_found(tmp_path):
    page = ROOT / "docs" / "report.md"
    assert not leads_nowhere(page, "checks.md#dr001")
    assert not leads_nowhere(page, "../CONTRIBUTING.md")
    assert not leads_nowhere(page, "#stores")
    for wrong in ("cheks.md", "checks.md#dr999", "#shops", "../../secrets.md"):
        assert leads_nowhere(page, wrong), wrong
    text = 'See [a](b.md), ![c](d.png "e") and <a href="f.md#g">h</a>; not `[i](j.md)`.'
    assert [*links(text)] == ["b.md", "d.png", "f.md#g"]


def test_headings_get_the_anchors_that_github_gives_them():
    text = "# Who may: call `whom`?\n## Way out\n```\n# no heading\n```\n## Way out\n"
    assert anchors(text) == {"who-may-call-whom", "way-out", "way-out-1"}


def test_a_planted_repetition_is_found_also_where_it_is_wrapped_otherwise():
    words = [f"word{i}" for i in range(LONG + 3)]
    one = "# A\n\n" + " ".join(words)
    other = "# B\n\n- Before it, " + "\n  ".join(words) + " and after it."
    assert repeated({"one": one, "other": other})
    assert not repeated({"one": one, "other": "# B\n\n" + " ".join(words[: LONG - 1])})
    table = "| " + " | ".join(words) + " |"
    assert not repeated({"one": table, "other": table})
