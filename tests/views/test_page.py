"""A page is one file with which a browser may do little; every place has a link."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html import unescape
from itertools import pairwise

import pytest

from tests.helpers import Page
from workshop.views.columns import Columns, Panel, Tagged
from workshop.views.explorer.static import explorer_script
from workshop.views.page import fragment, linked, page
from workshop.views.section import (
    Card,
    Figure,
    Fold,
    Heading,
    Items,
    Live,
    Paragraph,
    Section,
    Table,
)
from workshop.views.wording import Said, phrase

DIGEST = {name: "sha256:" + str(place) * 64 for place, name in enumerate(
    ("record", "data", "report")
)}  # fmt: skip


def own(text: str) -> Said:
    return Said("{text}", {"text": text})


TABLE = Table(own("caption"), (own("what"), own("how")), ((own("a"), own("b")),))
FIGURE = Figure("<svg></svg>", own("a curve"), TABLE, own("as a table"))
LIVE = Live('<div class="cgx-host" id="explorer" hidden></div>', FIGURE)


def section(name: str, *blocks) -> Section:
    return Section(name, own(f"About {name}"), "ok", own("A headline"), blocks)


def every_block() -> tuple:
    card = Card(own("C1"), own("kept"), (own("holds"),), behind=TABLE, label=own("see"))
    panel = Panel(own("Inside"), (Paragraph(own("x")),), to="two", more=own("more"))
    tagged = Tagged(((own("kept"), own("a clause")),), grave=(0,))
    return (
        Paragraph(own("a line"), "lead"),
        Columns((panel,), "outside"),
        tagged,
        Heading(own("A heading")),
        Items((own("x"),)),
        card,
        FIGURE,
        Fold(own("More"), (TABLE, card)),
    )


def whole(*blocks, **changed) -> str:
    sections = [section("one", *(blocks or every_block())), section("two")]
    given = {
        "title": "A report",
        "subtitle": own("as of then"),
        "verdict": own("Ready"),
        "contents": [(one.id, one.title.text) for one in sections],
        "body": "".join(one.html for one in sections),
        "foot": [own("a foot")],
        "digest": DIGEST,
    }
    return page(**given | changed)


def metas(html: str) -> dict[str, str]:
    return {
        given.get("http-equiv") or given.get("name") or "": given.get("content") or ""
        for tag, given in Page(html).elements
        if tag == "meta"
    }


def policy(html: str) -> dict[str, list[str]]:
    parts = metas(html)["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


def hashed(text: str) -> str:
    digest = sha256(text.encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def between(html: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}(?: type=\"module\")?>(.*?)</{tag}>", html, re.DOTALL)


# --- what a browser may do ------------------------------------------------------------


def test_nothing_is_allowed_but_the_one_style_sheet_by_its_digest():
    html = whole()
    (style,) = between(html, "style")
    assert policy(html) == {
        "default-src": ["'none'"],
        "style-src": [hashed(style)],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    assert "<script" not in html


def test_the_explorers_script_is_allowed_by_its_digest_where_there_is_one():
    html = whole(LIVE)
    (style,), (script,) = between(html, "style"), between(html, "script")
    assert script == explorer_script()
    assert policy(html)["script-src"] == [hashed(script)]
    assert policy(html)["style-src"] == [hashed(style)]


def test_a_browser_tells_nobody_where_a_reader_came_from_and_knows_both_lights():
    found = metas(whole())
    assert found["referrer"] == "no-referrer"
    assert found["color-scheme"] == "light dark"


def styled(html: str) -> list[str]:
    """Return what such a policy would block: styles and handlers on elements."""
    return [
        f"<{tag} {name}>"
        for tag, given in Page(html).elements
        for name in given
        if name == "style" or name.startswith("on")
    ]


def test_no_element_carries_a_style_of_its_own():
    assert styled(whole(*every_block(), LIVE)) == []


def test_a_planted_style_is_found():
    assert styled('<p style="color:red">x</p><svg onload="x"></svg>') != []


def test_a_cell_brings_its_style_along():
    assert fragment("<p>x</p>").startswith("<style>")


# --- every place can be linked --------------------------------------------------------


def test_ids_are_unique_and_every_link_leads_somewhere():
    found = Page(whole(*every_block(), LIVE)).elements
    ids = [given["id"] for _, given in found if "id" in given]
    assert max(Counter(ids).values()) == 1
    links = {(given["href"] or "")[1:] for tag, given in found if tag == "a"}
    assert links <= set(ids)


def test_headings_have_a_link_to_themselves_and_cards_and_pictures_a_name():
    found = Page(whole()).elements
    quiet = [given for _, given in found if given.get("class") == "cg-a"]
    led = {given["href"] for given in quiet}
    assert {"#one", "#two", "#one-inside", "#one-a-heading"} <= led
    named = {given.get("id") for _, given in found}
    assert {"one-figure", "one-c1", "one-c1-2"} <= named
    assert all(given["aria-label"] == phrase("page.link") for given in quiet)


def test_a_link_is_added_once_and_to_nothing_that_a_person_wrote():
    hostile = '<h3 id="x">mine</h3><figure id="y"><figcaption>z</figcaption></figure>'
    body = section("one", Paragraph(own(hostile))).html
    assert linked(body).count("cg-a") == 1, "the section itself"


def test_contents_lead_to_each_section_and_back_to_the_top():
    nav = between(whole().replace('<nav aria-label="Contents">', "<nav>"), "nav")[0]
    assert re.findall(r'href="#([^"]+)"', nav) == ["one", "two", "top"]


def test_a_page_of_one_step_has_no_contents_and_still_a_way_to_the_top():
    html = whole(contents=(), verdict=None)
    assert "<nav" not in html
    assert 'href="#top"' in html


# --- whatever reads it aloud ----------------------------------------------------------


def test_headings_go_down_one_level_at_a_time_from_one_first():
    levels = [
        int(tag[1]) for tag, _ in Page(whole()).elements if re.fullmatch("h[1-6]", tag)
    ]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_page_has_its_language_and_its_landmarks_once():
    found = Page(whole()).elements
    assert ("html", {"lang": "en"}) in found
    tags = Counter(tag for tag, _ in found)
    assert [tags[t] for t in ("header", "nav", "main", "footer", "title")] == [1] * 5


def test_nothing_that_can_be_pressed_stands_in_another():
    inside = re.findall(r"<(?:summary|a)\b[^>]*>(.*?)</(?:summary|a)>", whole())
    assert not [text for text in inside if re.search(r"<(a|summary|button)\b", text)]


def test_tables_have_a_caption_and_headings_that_say_what_they_head():
    elements = Page(whole()).elements
    tags = Counter(tag for tag, _ in elements)
    assert tags["table"] == tags["caption"] > 0
    heads = re.findall(r"<thead><tr>(.*?)</tr></thead>", whole())
    rows = re.findall(r"<tbody>(.*?)</tbody>", whole(), re.DOTALL)
    # by HTML's own rule: a head that stands alone among heads heads its column, and
    # one that begins a row of data heads its row; no scope need say so
    assert len(heads) == len(rows) == tags["table"]
    assert not [head for head in heads if "<td" in head]
    first = [row for body in rows for row in re.findall(r"<tr[^>]*>(<t.)", body)]
    assert set(first) == {"<th"}


def test_a_table_without_words_for_it_has_no_empty_caption():
    assert "<caption" not in Table(Said("", {}), TABLE.columns, TABLE.rows).html


def test_a_picture_can_be_reached_and_says_what_it_shows():
    html = FIGURE.html
    assert '<div role="img" tabindex="0" aria-label="a curve">' in html


# --- the foot -------------------------------------------------------------------------


@pytest.mark.parametrize("name", DIGEST)
def test_the_foot_gives_each_digest_with_a_way_to_check_it(name):
    html = unescape(re.sub(r"<[^>]+>", "", whole()))
    assert phrase(f"page.digest_{name}").replace("{mark}", DIGEST[name]) in html


def test_a_digest_that_there_is_none_of_is_left_out():
    assert "sha256:" not in re.sub(
        r"<head>.*</head>", "", whole(digest={"data": ""}), flags=re.DOTALL
    )


def test_a_page_that_is_not_whole_says_so_first():
    html = whole(partial=own("something broke"))
    assert html.index("something broke") < html.index("<h1>")
