"""The room's pages bear a strict policy: nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.helpers import HOSTILE
from workshop.views.room.assets import ASSETS, asset
from workshop.views.room.pages import (
    POLICY,
    desk_page,
    join_page,
    stage_page,
    waiting_page,
)
from workshop.views.style import LIGHT
from workshop.views.wording import phrase

GIVEN = {"xsrf": "a token", "title": "Which flights to warn about"}
ADDRESS = "http://192.0.2.7:8866/join"
PAGES = {
    "join": join_page(**GIVEN, told="You are here again."),
    "seat": waiting_page(**GIVEN),
    "stage": stage_page(**GIVEN, address=ADDRESS, qr="<svg></svg>"),
    "watch": stage_page(**GIVEN, watching=True),
    "desk": desk_page(**GIVEN),
}
VOID = {"meta", "link", "input", "br", "wbr", "img", "hr"}


class Reader(HTMLParser):
    """Every element with its attributes, and what was not closed as it should be."""

    def __init__(self, page: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.elements if found == tag]


@pytest.fixture(params=PAGES)
def page(request) -> str:
    return PAGES[request.param]


def test_a_page_is_well_formed_and_no_id_stands_twice(page):
    read = Reader(page)
    assert read.wrong == []
    assert read.open == []
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))


def test_nothing_is_inline(page):
    read = Reader(page)
    assert read.all("style") == []
    assert all(script.get("src") for script in read.all("script"))
    for _, attributes in read.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


def test_everything_comes_from_the_room(page):
    read = Reader(page)
    sources = [script["src"] for script in read.all("script")]
    sources += [s["href"] for s in read.all("link") if s["rel"] == "stylesheet"]
    for source in sources:
        folder, _, name = source.partition("/")
        assert folder == "room"
        assert asset(name)
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", page)


def test_every_field_has_a_label_and_every_button_says_what_it_does(page):
    read = Reader(page)
    labelled = {label["for"] for label in read.all("label")}
    fields = [f for f in (*read.all("input"), *read.all("select")) if "id" in f]
    assert {field["id"] for field in fields} <= labelled
    assert not re.search(r"<button[^>]*></button>", page)
    assert page.count("<h1") == 1
    assert page.count("<main") == 1


def test_every_page_says_so_when_the_connection_is_gone_and_without_javascript(page):
    assert phrase("room.connection") in page
    assert phrase("room.no_script") in page
    assert '<meta name="xsrf" content="a token">' in page


@pytest.mark.parametrize("make", [join_page, waiting_page, desk_page, stage_page])
def test_what_somebody_wrote_stays_text(make):
    hostile = make(xsrf=HOSTILE, title=HOSTILE)
    tame = make(xsrf="a", title="b")
    tags = [tag for tag, _ in Reader(hostile).elements]
    assert tags == [tag for tag, _ in Reader(tame).elements]


def test_an_address_and_a_sentence_stay_text_too():
    page = join_page(**GIVEN, told=HOSTILE) + stage_page(**GIVEN, address=HOSTILE)
    assert "<script>alert" not in page
    assert "<img" not in page


def test_the_wall_has_the_way_in_and_a_spectator_has_not():
    assert "192.0.2.7" in PAGES["stage"]
    assert "<svg>" in PAGES["stage"]
    assert phrase("room.stage.watching") in PAGES["watch"]
    assert phrase("room.stage.join") not in PAGES["watch"]


def test_the_policy_lets_in_nothing_from_elsewhere_and_no_frame():
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY
    sources = re.findall(r"-src ([^;]+)", POLICY)
    assert {s for one in sources for s in one.split()} <= {"'self'", "'none'", "data:"}


# --- what they load -------------------------------------------------------------------


@pytest.mark.parametrize("name", ASSETS)
def test_an_asset_loads_nothing_from_elsewhere(name):
    content, kind = asset(name)
    text = content.decode("utf-8")
    assert kind.endswith("charset=utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(", text)
    assert len(text.splitlines()) > 10


@pytest.mark.parametrize("name", [n for n in ASSETS if n.endswith(".js")])
def test_a_script_never_makes_html_of_text_and_imports_only_its_own(name):
    text = asset(name)[0].decode("utf-8")
    for dangerous in ("innerHTML", "outerHTML", "insertAdjacent", "eval(", "Function("):
        assert dangerous not in text
    for imported in re.findall(r"from \"([^\"]+)\"", text):
        assert imported.removeprefix("./") in ASSETS


@pytest.mark.parametrize("name", ["../room.css", "pages.py", "", "desk.js/", "DESK.JS"])
def test_there_is_no_other_file(name):
    with pytest.raises(KeyError):
        asset(name)


def test_the_style_sheet_takes_its_colours_from_the_houses_palette():
    own = asset("room.css")[0].decode("utf-8").split("/* What the room's pages")[1]
    assert set(re.findall(r"var\(--([a-z]+)\)", own)) <= set(LIGHT)
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", own)) <= {"#fff"}


def test_every_id_that_a_script_asks_for_is_on_its_page():
    of = {"join.js": "join", "seat.js": "seat", "stage.js": "stage", "desk.js": "desk"}
    for script, name in of.items():
        asked = set(re.findall(r"byId\(\"([\w-]+)\"\)", asset(script)[0].decode()))
        asked |= set(re.findall(r"copy\(\"([\w-]+)\"\)", asset(script)[0].decode()))
        there = {a["id"] for _, a in Reader(PAGES[name]).elements if "id" in a}
        assert asked - there == set()
