"""Does the site build without a warning, and ask nothing of the network?"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import workshop
from tests.docs.pages import ROOT, name, pages

LOCK = ROOT / "requirements-docs.lock"
HAS_SPHINX = importlib.util.find_spec("sphinx") is not None
needs_sphinx = pytest.mark.skipif(
    not HAS_SPHINX and not os.environ.get("CI"),
    reason="Sphinx is not installed here: make site",
)

# --- what the site is made with ------------------------------------------------------


def pins(lock: Path) -> dict[str, str]:
    """Return package → version of a lock."""
    return dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", lock.read_text("utf-8")))


def test_the_lock_of_the_site_stands_beside_the_other_one():
    ours, theirs = pins(ROOT / "requirements.lock"), pins(LOCK)
    assert {"sphinx", "myst-parser", "furo"} <= theirs.keys()
    assert "sphinx" not in ours
    both = ours.keys() & theirs.keys()
    assert both
    assert {n: theirs[n] for n in both} == {n: ours[n] for n in both}, "run: make lock"


def test_the_lock_of_the_site_is_hashed_and_names_no_address():
    text = LOCK.read_text("utf-8")
    blocks = re.split(r"(?m)^(?=[a-zA-Z0-9])", text)
    assert [
        b.split()[0] for b in blocks if b.strip() and "--hash=sha256:" not in b
    ] == []
    assert re.findall(r"://|file:| @ |(?m:^\s*-[if] )|--index", text) == []


# --- the site ------------------------------------------------------------------------


LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src"}


class Built(HTMLParser):
    """What a page of the site loads, links to, and can be linked at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if one := given.get("id"):
            self.ids.add(one)
        if one := given.get(LOADS.get(tag, "")):
            self.loads.append(one)
        if tag == "a" and (one := given.get("href")):
            self.links.append(one)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make site` does, into a folder of the test's own."""
    out = tmp_path_factory.mktemp("site")
    told = ["-q", "-W", "-n", "-c", "docs", "-d", str(out / "trees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *told, ".", str(out / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return out / "site"


@pytest.fixture(scope="module")
def built(site: Path) -> dict[Path, Built]:
    return {path: Built(path.read_text("utf-8")) for path in site.rglob("*.html")}


def leads_nowhere(page: Path, link: str, built: dict[Path, Built]) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return False
    to = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not to.exists():
        return True
    return bool(parts.fragment) and parts.fragment not in built[to].ids


@pytest.mark.slow
@needs_sphinx
def test_nothing_is_loaded_from_another_address(site, built):
    asked = {
        path.name: loads
        for path, page in built.items()
        if (loads := [li for li in page.loads if re.match(r"(?:https?:)?//", li)])
    }
    assert asked == {}
    styles = [path.read_text("utf-8") for path in site.rglob("*.css")]
    assert styles
    assert [re.findall(r"url\(['\"]?(?:https?:)?//[^)]*", css) for css in styles] == [
        [] for _ in styles
    ]


@pytest.mark.slow
@needs_sphinx
def test_every_page_is_on_the_site_and_every_link_of_it_leads_somewhere(site, built):
    shown = {path.relative_to(site).with_suffix(".md").as_posix() for path in built}
    missing = {name(page) for page in pages()} - shown
    # Its words are the front page's; the others are for those who work there.
    assert {m for m in missing if not m.startswith("deploy/")} <= {"docs/README.md"}
    dead = [
        (path.name, link)
        for path, page in built.items()
        for link in page.links
        if leads_nowhere(path, link, built)
    ]
    assert dead == []


@pytest.mark.slow
@needs_sphinx
def test_every_public_name_has_its_place_on_the_page_of_names(site, built):
    names = {f"workshop.{n}" for n in workshop.__all__ if n != "__version__"}
    assert names - built[site / "docs" / "api.html"].ids == set()


@pytest.mark.slow
@needs_sphinx
def test_whoever_opens_the_folder_is_led_to_the_front_page(site):
    text = (site / "index.html").read_text("utf-8")
    (to,) = re.findall(r"url=([^\"]+)", text)
    assert (site / to).is_file()
